#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.RealityModels;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Framework;

/// <summary>
/// The health of the venues: from the age of LEAN's data; in a simulation also from refusals and from what the scenario
/// announces, in live from what the brokerage sees of its connections. Where nothing fails, money goes in and out, and
/// orders are taken.
/// </summary>
internal sealed class SimulatedHealth
{
    private static readonly Capability[] Capabilities = Enum.GetValues<Capability>();

    private readonly HedgeDesk _desk;
    private readonly RunRecorder _recorder;
    private readonly LossGivenDefault _losses;
    private readonly List<(HealthMonitor Monitor, VenueHealth Health, HedgedInstrument[] Instruments)> _venues = [];
    private readonly SimulatedTrouble? _trouble;
    private readonly ILiveVenues? _live;
    private readonly List<VenueMessage> _changes = [];
    private readonly Action _watch;
    private DateTime _dueUtc;
    private DateTime _utcNow;

    public SimulatedHealth(
        HedgeDesk desk, SimulatedAccounts accounts, RunRecorder recorder, Func<string, HealthRules> rulesOf, IEnumerable<HedgedInstrument> instruments, ILiveVenues? live)
    {
        _live = live;
        _desk = desk;
        _recorder = recorder;
        _trouble = accounts.Trouble;
        _losses = accounts.Losses!;
        _watch = () => Watch(_dueUtc);
        var all = instruments.ToArray();
        foreach (var health in desk.Health)
        {
            _venues.Add((
                new HealthMonitor(health.Venue, rulesOf(health.Venue)),
                health,
                all.Where(instrument => instrument.Id.Route.Market == health.Venue).ToArray()));
        }

        accounts.Refused = market => Find(market)?.Refused(_utcNow);
        if (_trouble is not null)
        {
            _trouble.Changed = Record;
            foreach (var instrument in all)
            {
                _trouble.Watch(instrument.Id, () => instrument.Live, () => instrument.LiveDistance);
            }
        }
    }

    /// <summary>
    /// Looks at every venue for the first time in a step: what a strategy sends before the step's decision is judged by
    /// what is known by then.
    /// </summary>
    public void WatchOnce(DateTime utcNow)
    {
        if (utcNow != _utcNow)
        {
            _dueUtc = utcNow;
            _trouble?.Advance(utcNow);
            _desk.Quietly(_watch);
        }
    }

    /// <summary>Looks at every venue, and tells the desk what has changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Watch(DateTime utcNow)
    {
        _utcNow = utcNow;
        _changes.Clear();
        foreach (var (monitor, health, instruments) in _venues)
        {
            if (_trouble is null && _live is null && !monitor.NeedsLook(utcNow))
            {
                continue;
            }

            // One fresh instrument is enough: its venue speaks.
            for (var i = 0; i < instruments.Length && utcNow > monitor.NewestUtc; i++)
            {
                var security = instruments[i].Security;
                if (security.Cache.GetData() is { } data && _trouble?.Player.IsFrozen(instruments[i].Id) != true)
                {
                    // What a scenario makes late is as old as it is late.
                    monitor.Seen(utcNow - (security.LocalTime - data.EndTime) - (_trouble?.Player.DataDelay(monitor.Venue) ?? TimeSpan.Zero));
                }
            }

            var isWell = true;
            foreach (var capability in Capabilities)
            {
                if (_trouble is not null)
                {
                    monitor.Announce(capability, _trouble.Player.IsDown(monitor.Venue, capability));
                }

                var (state, reason) = monitor.StateOf(capability, utcNow);
                if (_live?.HealthOf(monitor.Venue, capability) is { State: not HealthState.Healthy } live && (state == HealthState.Healthy || live.State > state))
                {
                    (state, reason) = live;
                }

                isWell &= state == HealthState.Healthy;
                if (health.StateOf(capability) != state || health.ReasonOf(capability) != reason)
                {
                    var change = new HealthChanged(monitor.Venue, capability, state, reason);
                    _changes.Add(change);
                    _recorder.HealthChanged(utcNow, change);
                }
            }

            monitor.Settle(isWell);
        }

        if (_changes.Count > 0)
        {
            _desk.Receive(_changes, utcNow);
        }
    }

    /// <summary>A venue took an order.</summary>
    public void Accepted(string market) => Find(market)?.Accepted();

    private HealthMonitor? Find(string market)
    {
        for (var i = 0; i < _venues.Count; i++)
        {
            if (_venues[i].Monitor.Venue == market)
            {
                return _venues[i].Monitor;
            }
        }

        return null;
    }

    private decimal? LossOf(string market)
    {
        foreach (var loss in _losses.Losses)
        {
            if (loss.Market == market)
            {
                return loss.Now;
            }
        }

        return null;
    }

    private void Record(ScenarioChange change)
    {
        var what = change.Event;
        _recorder.Happened(new ScenarioSummary(
            change.TimeUtc,
            ScenarioKinds.Of(what.Kind).Name,
            what.Instrument?.ToString() ?? what.Currency ?? what.Venue ?? "",
            change.Begins,
            what.Kind == ScenarioKind.Insolvency ? LossOf(what.Venue!) : null));
    }
}
