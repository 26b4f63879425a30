#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Scenarios;

/// <summary>An event of a scenario begins or ends.</summary>
/// <param name="TimeUtc">When, UTC.</param>
/// <param name="Event">Which.</param>
/// <param name="Begins">Whether it begins.</param>
public sealed record ScenarioChange(DateTime TimeUtc, ScenarioEvent Event, bool Begins);

/// <summary>What becomes of a transfer that is due.</summary>
public enum TransferFate
{
    /// <summary>It arrives.</summary>
    Arrives,

    /// <summary>It travels on.</summary>
    Stuck,

    /// <summary>It comes back to its sender.</summary>
    Fails,

    /// <summary>It is gone.</summary>
    Lost,
}

/// <summary>
/// A scenario as time goes on: what holds now, and what has just begun or ended. Deterministic; reads no clock. Whoever
/// plays the venue asks it: it changes nothing by itself.
/// </summary>
public sealed class ScenarioPlayer
{
    private static readonly Capability[] AllCapabilities = Enum.GetValues<Capability>();

    private readonly List<ScenarioChange> _changes;
    private readonly DateTime _startUtc;
    private readonly List<ScenarioEvent> _active = [];
    private readonly HashSet<string> _insolvent = [];
    private readonly HashSet<string> _hadFailed = [];
    private readonly HashSet<InstrumentId> _delisted = [];
    private readonly Dictionary<string, decimal> _refused = [];
    private int _next;
    private DateTime _utcNow;

    /// <summary>Creates the player.</summary>
    /// <param name="scenario">Checked for this run.</param>
    /// <param name="startUtc">The start of the run, UTC.</param>
    public ScenarioPlayer(Scenario scenario, DateTime startUtc)
    {
        Scenario = scenario;
        _startUtc = startUtc;
        _changes = InOrder(scenario.Events.SelectMany(ChangesOf));
    }

    /// <summary>What is played.</summary>
    public Scenario Scenario { get; private set; }

    /// <summary>Whether nothing ever happens.</summary>
    public bool IsEmpty => _changes.Count == 0;

    /// <summary>What holds now, in the order in which it began.</summary>
    public IReadOnlyList<ScenarioEvent> Active => _active;

    /// <summary>Whether nothing holds now, and nothing is gone for good.</summary>
    public bool IsQuiet => _active.Count == 0 && _insolvent.Count == 0 && _delisted.Count == 0;

    /// <summary>Adds an event, for whoever draws a scenario while it plays; what of it lies in the past happens with the next <see cref="Advance"/>.</summary>
    /// <param name="what">The event.</param>
    public void Add(ScenarioEvent what)
    {
        Scenario = Scenario with { Events = [.. Scenario.Events, what] };
        var coming = InOrder(_changes.Skip(_next).Concat(ChangesOf(what)));
        _changes.RemoveRange(_next, _changes.Count - _next);
        _changes.AddRange(coming);
    }

    /// <summary>Goes on to a time.</summary>
    /// <param name="utcNow">UTC; does not go back.</param>
    /// <param name="changes">Gets what began or ended since the last time, in its order.</param>
    public void Advance(DateTime utcNow, List<ScenarioChange> changes)
    {
        if (utcNow > _utcNow)
        {
            _utcNow = utcNow;
            _hadFailed.UnionWith(_insolvent);
        }

        while (_next < _changes.Count && _changes[_next].TimeUtc <= utcNow)
        {
            var change = _changes[_next++];
            changes.Add(change);
            if (!change.Begins)
            {
                _active.Remove(change.Event);
                if (change.Event.Kind == ScenarioKind.Delisting)
                {
                    _delisted.Add(change.Event.Instrument!.Value);
                }
            }
            else if (change.Event.Kind == ScenarioKind.Insolvency)
            {
                _insolvent.Add(change.Event.Venue!);
            }
            else if (!ScenarioKinds.IsMoment(change.Event.Kind))
            {
                // Each storm counts for itself: what was left of an earlier one does not refuse its first order.
                if (change.Event.Kind == ScenarioKind.RejectStorm)
                {
                    _refused.Remove(change.Event.Venue!);
                }

                _active.Add(change.Event);
            }
        }
    }

    /// <summary>Whether a venue has failed for good.</summary>
    public bool IsInsolvent(string market) => _insolvent.Contains(market);

    /// <summary>Whether a venue had failed before this time: what comes to it now shares no more in what it writes off at its failure.</summary>
    public bool HadFailed(string market) => _hadFailed.Contains(market);

    /// <summary>Whether a capability of a venue does not work now.</summary>
    public bool IsDown(string market, Capability capability)
    {
        if (_insolvent.Contains(market))
        {
            return true;
        }

        for (var i = 0; i < _active.Count; i++)
        {
            if (_active[i].Venue == market && _active[i].Kind == ScenarioKind.WithdrawalFreeze && capability == Capability.Withdraw)
            {
                return true;
            }
        }

        return IsOut(market, capability);
    }

    /// <summary>Whether nothing of a venue works now, by one outage or by several together: its market stands still, too.</summary>
    public bool IsClosed(string market)
        => _insolvent.Contains(market) || (_active.Count > 0 && Array.TrueForAll(AllCapabilities, capability => IsOut(market, capability)));

    /// <summary>How much later than usual an order meets a venue's market.</summary>
    public TimeSpan OrderDelay(string market) => Longest(market, ScenarioKind.Latency, ScenarioKind.Slow);

    /// <summary>How much later than usual a venue's quotes are seen.</summary>
    public TimeSpan DataDelay(string market) => Longest(market, ScenarioKind.Slow, ScenarioKind.Slow);

    /// <summary>Whether we see no new quote of an instrument.</summary>
    public bool IsFrozen(InstrumentId id)
    {
        for (var i = 0; i < _active.Count; i++)
        {
            if (_active[i].Kind == ScenarioKind.StaleBook && _active[i].Concerns(id))
            {
                return true;
            }
        }

        return IsDown(id.Route.Market, Capability.Data);
    }

    /// <summary>By what a venue's price of an instrument is multiplied.</summary>
    public decimal PriceFactor(InstrumentId id)
    {
        var factor = 1m;
        for (var i = 0; i < _active.Count; i++)
        {
            factor *= _active[i].Kind == ScenarioKind.WrongSideRecovery && _active[i].Concerns(id) ? 1m + _active[i].Size!.Value : 1m;
        }

        return factor;
    }

    /// <summary>Whether an instrument takes exits only, for its delisting, or is gone.</summary>
    public bool IsDelisted(InstrumentId id)
    {
        if (_delisted.Contains(id))
        {
            return true;
        }

        for (var i = 0; i < _active.Count; i++)
        {
            if (_active[i].Kind == ScenarioKind.Delisting && _active[i].Instrument == id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>By what the value of a currency is multiplied.</summary>
    public decimal RateFactor(string currency)
    {
        var factor = 1m;
        for (var i = 0; i < _active.Count; i++)
        {
            factor *= _active[i].Kind == ScenarioKind.Depeg && _active[i].Currency == currency ? _active[i].Size!.Value : 1m;
        }

        return factor;
    }

    /// <summary>The funding rate that takes the place of an instrument's own; null: its own.</summary>
    public decimal? FundingRate(InstrumentId id) => Last(ScenarioKind.FundingSpike, id)?.Size;

    /// <summary>The funding interval that takes the place of an instrument's own; null: its own.</summary>
    public TimeSpan? FundingInterval(InstrumentId id) => Last(ScenarioKind.FundingInterval, id)?.Delay;

    /// <summary>Counts an order to a venue and tells whether the venue refuses it, in a storm: evenly spread, so that no draw is needed.</summary>
    public bool Refuses(string market)
    {
        var share = 0m;
        for (var i = 0; i < _active.Count; i++)
        {
            share = _active[i].Kind == ScenarioKind.RejectStorm && _active[i].Venue == market ? Math.Max(share, _active[i].Size!.Value) : share;
        }

        if (share == 0m)
        {
            return false;
        }

        var sum = _refused.GetValueOrDefault(market) + share;
        _refused[market] = sum >= 1m ? sum - 1m : sum;
        return sum >= 1m;
    }

    /// <summary>What becomes of a transfer that is due now.</summary>
    /// <param name="from">The sending market.</param>
    /// <param name="to">The receiving market.</param>
    /// <param name="currency">The currency.</param>
    public TransferFate FateOf(string from, string to, string currency)
    {
        var fate = TransferFate.Arrives;
        for (var i = 0; i < _active.Count; i++)
        {
            var what = _active[i];
            if ((what.Venue ?? from) == from && (what.To ?? to) == to && (what.Currency ?? currency) == currency)
            {
                fate = what.Kind switch
                {
                    ScenarioKind.TransferStuck => TransferFate.Stuck,
                    ScenarioKind.TransferFailed => TransferFate.Fails,
                    ScenarioKind.TransferLost => TransferFate.Lost,
                    _ => fate,
                };
            }
        }

        return fate;
    }

    /// <summary>Stable: what ends and begins at one moment is told in the file's order, ends first.</summary>
    private static List<ScenarioChange> InOrder(IEnumerable<ScenarioChange> changes)
        => [.. changes.OrderBy(change => change.TimeUtc).ThenBy(change => change.Begins)];

    private IEnumerable<ScenarioChange> ChangesOf(ScenarioEvent what)
    {
        yield return new ScenarioChange(what.At.In(_startUtc), what, Begins: true);
        if (what.Until is { } until)
        {
            yield return new ScenarioChange(until.In(_startUtc), what, Begins: false);
        }
    }

    private TimeSpan Longest(string market, ScenarioKind one, ScenarioKind other)
    {
        var longest = TimeSpan.Zero;
        for (var i = 0; i < _active.Count; i++)
        {
            if ((_active[i].Kind == one || _active[i].Kind == other) && _active[i].Venue == market && _active[i].Delay > longest)
            {
                longest = _active[i].Delay!.Value;
            }
        }

        return longest;
    }

    /// <summary>Whether an outage takes a capability down; one that names none takes all.</summary>
    private bool IsOut(string market, Capability capability)
    {
        for (var i = 0; i < _active.Count; i++)
        {
            var what = _active[i];
            if (what.Kind == ScenarioKind.Outage && what.Venue == market && (what.Capabilities.Count == 0 || what.Capabilities.Contains(capability)))
            {
                return true;
            }
        }

        return false;
    }

    private ScenarioEvent? Last(ScenarioKind kind, InstrumentId id) => _active.FindLast(what => what.Kind == kind && what.Instrument == id);
}
