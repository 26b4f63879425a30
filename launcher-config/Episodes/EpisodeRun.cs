using System;
using System.Collections.Generic;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Episodes;

/// <summary>What came of an episode.</summary>
/// <param name="Plan">The episode.</param>
/// <param name="Violation">The first violation; null if there was none.</param>
/// <param name="Hash">SHA-256 of the decision log.</param>
/// <param name="Decisions">How often the desk looked at a group.</param>
/// <param name="Orders">Orders that the desk sent.</param>
/// <param name="Faults">Faults that struck.</param>
/// <param name="Changes">Changes of primaries that were sent.</param>
/// <param name="Rests">How often nothing had happened for so long that the book had to be in its band.</param>
/// <param name="Coverage">What struck in which state.</param>
internal sealed record EpisodeResult(EpisodePlan Plan, EpisodeViolation? Violation, string Hash, long Decisions, int Orders, int Faults, int Changes, int Rests, EpisodeCoverage Coverage);

/// <summary>Runs an episode: the venues, the desk as in live, the strategy, the faults, the checker.</summary>
internal sealed class EpisodeRun
{
    private readonly EpisodePlan _plan;
    private readonly EpisodeWorld _world;
    private readonly EpisodeVenues _venues;
    private readonly EpisodeAccounts _accounts;
    private readonly EpisodeTransfers? _transfers;
    private readonly EpisodeChecker _checker;
    private readonly HedgeDesk _desk;
    private readonly Dictionary<TruthInstrument, EpisodeView> _views = [];
    private readonly List<WaitingFault> _waiting = [];
    private readonly List<(int Tick, TruthOrder Order)> _cancels = [];
    private readonly List<(int Tick, int Group)> _resumes = [];
    private readonly EpisodeCoverage _coverage = new();
    private readonly PlantedFault? _planted;
    private readonly List<VenueMessage> _batch = [];
    private int _next;
    private int _faults;
    private int _changes;
    private int _lastEvent;
    private int _rests;
    private DateTime _mutedUntilUtc;

    private EpisodeRun(EpisodePlan plan, PlantedFaultKind planted, Action<string>? log)
    {
        _plan = plan;
        _world = EpisodeWorld.Of(plan.Seed);
        _venues = new EpisodeVenues(_world, plan.Seed);
        _accounts = new EpisodeAccounts(_venues);
        foreach (var group in _venues.Groups)
        {
            foreach (var instrument in group)
            {
                _views.Add(instrument, new EpisodeView(_venues, instrument));
            }
        }

        _transfers = plan.HasTransfers ? new EpisodeTransfers(_venues, plan.Seed, planted) : null;
        _checker = new EpisodeChecker(_venues, instrument => _views[instrument], _accounts, _transfers);
        _planted = planted == PlantedFaultKind.None ? null : new PlantedFault(planted, _venues, _world);
        _venues.Strikes = Strike;
        _venues.StrikesCancel = StrikeCancel;
        _accounts.Look();
        IOrderPort port = _planted is null ? _venues : _planted;
        _desk = new HedgeDesk(
            _planted?.Change(_world.Settings) ?? _world.Settings,
            _world.Groups,
            instrument => _planted?.View(_views[_venues.Find(instrument.Id)]) ?? _views[_venues.Find(instrument.Id)],
            _accounts,
            port,
            expectsReports: true);
        _desk.Log.Sink = log;
    }

    /// <summary>Runs one episode.</summary>
    /// <param name="plan">The episode.</param>
    /// <param name="planted">A fault that is planted on purpose, for the tests.</param>
    /// <param name="log">Told each line of the decision log, or null.</param>
    public static EpisodeResult Run(EpisodePlan plan, PlantedFaultKind planted = PlantedFaultKind.None, Action<string>? log = null)
    {
        var run = new EpisodeRun(plan, planted, log);
        try
        {
            run.Live();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            run._checker.Violate(7, -1, $"{error.GetType().Name} out of the desk: {error.Message} {error.StackTrace}");
        }

        using var decisions = run._desk.Log;
        return new EpisodeResult(plan, run._checker.Violation, decisions.Hash, run._desk.Evaluations, run._venues.Sent, run._faults, run._changes, run._rests, run._coverage);
    }

    private void Live()
    {
        foreach (var venue in _venues.Venues)
        {
            for (var i = 0; i < 4; i++)
            {
                Hand(new Outbound(venue, new HealthChanged(venue.Market, (Capability)i, HealthState.Healthy, HealthReason.None), false, null, null));
            }
        }

        while (_venues.Tick < _plan.Ticks && _checker.Violation is null)
        {
            StartFaults();
            _venues.Step();
            foreach (var view in _views.Values)
            {
                view.Freeze(_world.Settings.WarnDistance);
            }

            _accounts.Look();
            _planted?.Step();
            Receive();
            _transfers?.Review();
            Change();
            var now = _venues.NowUtc;
            _desk.Decide(now);
            _desk.Act(now);
            _checker.CheckDecision(_desk);
            if (_waiting.Count > 0 || _venues.IsDisturbed() || _venues.NowUtc <= _mutedUntilUtc || _transfers?.LastUtc == now)
            {
                _lastEvent = _venues.Tick;
            }

            if (_venues.Tick - _lastEvent == 20)
            {
                _rests++;
                _checker.CheckRest(_desk);
            }
        }
    }

    /// <summary>Hands over what has arrived, a batch per venue and turn.</summary>
    private void Receive()
    {
        TruthVenue? venue = null;
        while (_venues.Deliver() is { } outbound && _checker.Violation is null)
        {
            if (venue is not null && outbound.Venue != venue)
            {
                HandBatch();
            }

            venue = outbound.Venue;
            Take(outbound);
        }

        HandBatch();
    }

    private void Hand(Outbound outbound)
    {
        Take(outbound);
        HandBatch();
    }

    private void Take(Outbound outbound)
    {
        _checker.Hear(outbound);
        if (_planted is null)
        {
            _batch.Add(outbound.Message);
        }
        else
        {
            _planted.Take(outbound, _batch);
        }
    }

    private void HandBatch()
    {
        if (_batch.Count == 0)
        {
            return;
        }

        _planted?.Hand(_batch);
        _desk.Receive(_batch, _venues.NowUtc);
        _batch.Clear();
    }

    /// <summary>The strategy, and commands.</summary>
    private void Change()
    {
        for (; _next < _plan.Events.Count && _plan.Events[_next].Tick <= _venues.Tick; _next++)
        {
            var item = _plan.Events[_next];
            if (item.Group >= _venues.Groups.Count)
            {
                continue;
            }

            switch (item.Act)
            {
                case EpisodeAct.Fault:
                    _waiting.Add(new WaitingFault(item, _venues.Tick));
                    break;
                case EpisodeAct.Flatten:
                case EpisodeAct.Halt:
                case EpisodeAct.Resume:
                    Command(item);
                    break;
                default:
                    ChangePrimary(item);
                    break;
            }

            _lastEvent = _venues.Tick;
        }

        for (var i = _resumes.Count - 1; i >= 0; i--)
        {
            if (_resumes[i].Tick <= _venues.Tick)
            {
                Command(new EpisodeEvent(EpisodeAct.Resume, _venues.Tick, _resumes[i].Group));
                _resumes.RemoveAt(i);
                _lastEvent = _venues.Tick;
            }
        }

        for (var i = _cancels.Count - 1; i >= 0; i--)
        {
            if (_cancels[i].Tick <= _venues.Tick)
            {
                _venues.Cancel(_cancels[i].Order);
                _cancels.RemoveAt(i);
                _lastEvent = _venues.Tick;
            }
        }
    }

    private void Command(EpisodeEvent item)
    {
        var name = _world.Groups[item.Group].Name;
        var command = item.Act.ToString().ToLowerInvariant();
        _checker.IsHalted[item.Group] = item.Act != EpisodeAct.Resume;
        _checker.IsFlattening[item.Group] = item.Act == EpisodeAct.Flatten;
        var result = _desk.Command(command, name, _venues.NowUtc);
        if (!result.IsDone)
        {
            _checker.Violate(2, item.Group, $"the command {command} {name} was refused: {result.Text}");
        }
    }

    private void ChangePrimary(EpisodeEvent item)
    {
        var primary = _venues.Groups[item.Group][0];
        var position = primary.Known;
        var isSpot = !primary.Position.IsPerpetual;
        var largest = _world.Largest[item.Group] / primary.Live.Last;
        var side = position != 0m ? Math.Sign(position) : item.IsDown && !isSpot ? -1 : 1;
        var part = item.Size / 1000m;
        var quantity = item.Act switch
        {
            EpisodeAct.Raise => Math.Abs(position) < largest * 1.5m ? side * part * largest : -position / 2m,
            EpisodeAct.Reduce => -position * part,
            EpisodeAct.Close => -position,
            EpisodeAct.Reverse => -position - (side * part * largest),
            _ => side * primary.Instrument.LotSize * ((item.Size % 5) + 1),
        };
        if (isSpot && quantity < 0m)
        {
            quantity = -Math.Min(-quantity, Math.Max(0m, position));
        }

        quantity = primary.Instrument.RoundTowardZero(quantity);
        if (quantity == 0m)
        {
            // Nothing there to take away: a raise instead.
            quantity = primary.Instrument.RoundTowardZero((item.IsDown && !isSpot ? -1 : 1) * part * largest);
        }

        SendPrimary(primary, quantity, item.IsForeign);
    }

    private void SendPrimary(TruthInstrument primary, decimal quantity, bool isForeign)
    {
        if (quantity == 0m)
        {
            return;
        }

        if (isForeign)
        {
            _changes++;
            _venues.SendForeign(primary, quantity, null);
            return;
        }

        var (side, asked) = (Math.Sign(quantity), Math.Abs(quantity));
        var group = _desk.Groups[primary.Group];
        var verdict = _desk.Judge(primary.Instrument.Id, quantity, _venues.NowUtc);
        verdict = _planted?.Change(verdict, primary, quantity) ?? verdict;
        _checker.CheckGate(primary, quantity, verdict);
        if (!verdict.IsAccepted)
        {
            quantity = Math.Sign(quantity) * primary.Instrument.RoundTowardZero(verdict.Largest);
            if (quantity == 0m || !primary.Instrument.Accepts(quantity, primary.Live.Last))
            {
                // What the gate holds back, somebody does by hand, smaller.
                quantity = primary.Instrument.RoundTowardZero(Math.Max(asked / 10m, 150m / primary.Live.Last) * side);
                if (Math.Abs(primary.Known + quantity) * primary.Live.Last < 3000m && (side > 0 || primary.Position.IsPerpetual))
                {
                    _changes++;
                    _venues.SendForeign(primary, quantity, null);
                }

                return;
            }

            if (_desk.Judge(primary.Instrument.Id, quantity, _venues.NowUtc) is { IsAccepted: false } again)
            {
                _checker.Violate(5, primary.Group, $"the gate named {quantity} {primary.Instrument.Id} as the largest that passes, and refuses it: {again.Reason}, {again.Largest}");
            }
        }

        _changes++;
        _desk.SendPrimary(group, quantity, "strategy", _venues.NowUtc);
    }

    /// <summary>Faults that wait for their state strike when it comes; those of orders strike the next order.</summary>
    private void StartFaults()
    {
        if (_venues.Tick == EpisodePlan.LastFault - 12)
        {
            // Three faults at least: these can always strike.
            for (var i = 0; _faults < 3; i++)
            {
                Begin(new EpisodeEvent(EpisodeAct.Fault, _venues.Tick, i % _venues.Groups.Count)
                {
                    Fault = i % 3 == 0 ? EpisodeFault.Slow : i % 3 == 1 ? EpisodeFault.Duplicates : EpisodeFault.Reordered,
                    OnPrimary = i % 2 == 0,
                    Duration = 8,
                });
            }
        }

        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            var waiting = _waiting[i];
            var item = waiting.Event;
            var isLast = _venues.Tick >= item.Deadline;
            var fits = PairOf(item.Group) == item.State;
            if (waiting.IsOver || _venues.Tick > item.Deadline + 6)
            {
                _waiting.RemoveAt(i);
            }
            else if (IsOfOrder(item.Fault))
            {
                Provoke(waiting, fits || isLast);
            }
            else if ((fits || isLast) && Begin(item))
            {
                _waiting.RemoveAt(i);
            }
        }
    }

    /// <summary>Makes an order for a fault to strike.</summary>
    private void Provoke(WaitingFault waiting, bool fits)
    {
        var item = waiting.Event;
        var primary = _venues.Groups[item.Group][0];
        var isCancel = item.Fault is EpisodeFault.CancelRace or EpisodeFault.CancelRefused;
        if (isCancel && item.OnPrimary)
        {
            ProvokeCancel(waiting, primary, fits);
            return;
        }

        if (isCancel && item.State == PairState.Repairing)
        {
            // A resting hedge is canceled while its pair is closed: the close comes when it rests.
            ProvokeClose(waiting);
            return;
        }

        if (!isCancel && !fits || _venues.Tick < waiting.AgainTick)
        {
            return;
        }

        waiting.AgainTick = _venues.Tick + 4;
        var position = primary.Known;
        var isSpot = !primary.Position.IsPerpetual;
        var size = primary.Instrument.RoundTowardZero(Math.Max(_world.Largest[item.Group] * item.Size / 1000m, 300m) / primary.Live.Last);
        var quantity = position != 0m && (item.State == PairState.Frozen || Math.Abs(position) > size * 2m)
            ? -Math.Sign(position) * primary.Instrument.RoundTowardZero(Math.Abs(position) / 2m)
            : (position < 0m || (position == 0m && item.IsDown && !isSpot) ? -1 : 1) * size;
        if (item.OnPrimary)
        {
            SendPrimary(primary, quantity, isForeign: false);
        }
        else
        {
            SendPrimary(primary, quantity, isForeign: item.State is PairState.Idle or PairState.Frozen);
        }
    }

    private void ProvokeClose(WaitingFault waiting)
    {
        var group = waiting.Event.Group;
        var members = _venues.Groups[group];
        for (var leg = 1; leg < members.Count && !_checker.IsHalted[group]; leg++)
        {
            if (members[leg].Open.Exists(static order => order.LimitPrice is not null && order.IsAnswered))
            {
                Command(new EpisodeEvent(EpisodeAct.Flatten, _venues.Tick, group));
                _resumes.Add((_venues.Tick + 8, group));
                return;
            }
        }

        if (_venues.Tick >= waiting.AgainTick && !_checker.IsHalted[group])
        {
            waiting.AgainTick = _venues.Tick + 6;
            var primary = members[0];
            var size = primary.Instrument.RoundTowardZero(Math.Max(_world.Largest[group] * 0.2m, 300m) / primary.Live.Last);
            SendPrimary(primary, primary.Known < 0m || (primary.Known == 0m && waiting.Event.IsDown && primary.Position.IsPerpetual) ? -size : size, isForeign: false);
        }
    }

    private void ProvokeCancel(WaitingFault waiting, TruthInstrument primary, bool fits)
    {
        if (waiting.Order is null)
        {
            var quote = primary.Live;
            var buys = !waiting.Event.IsDown || !primary.Position.IsPerpetual;
            var price = buys ? quote.Bid * 0.99m : quote.Ask * 1.01m;
            var quantity = primary.Instrument.RoundTowardZero(600m / quote.Last);
            waiting.Order = _venues.SendForeign(primary, buys ? quantity : -quantity, Math.Round(price, 7));
            _changes++;
        }
        else if (waiting.Order.Stage is TruthStage.Over or TruthStage.Never)
        {
            waiting.IsOver = true;
        }
        else if (waiting.Order.InBook && fits)
        {
            _venues.Cancel(waiting.Order);
            waiting.IsOver = true;
            if (waiting.Order.Stage == TruthStage.Open)
            {
                // A cancel that was refused is asked again later.
                _cancels.Add((_venues.Tick + 5, waiting.Order));
            }
        }
    }

    private static bool IsOfOrder(EpisodeFault fault)
        => fault is EpisodeFault.Reject or EpisodeFault.UnknownDelivered or EpisodeFault.UnknownLost or EpisodeFault.PartialFill or EpisodeFault.CancelRace or EpisodeFault.CancelRefused;

    /// <summary>An order leaves: a fault that waits for one strikes it.</summary>
    private void Strike(TruthOrder order)
    {
        for (var i = 0; i < _waiting.Count; i++)
        {
            var item = _waiting[i].Event;
            if (_waiting[i].IsOver || item.Group != order.Instrument.Group || item.OnPrimary != order.Instrument.IsPrimary
                || item.Fault is not (EpisodeFault.Reject or EpisodeFault.UnknownDelivered or EpisodeFault.UnknownLost or EpisodeFault.PartialFill)
                || (!order.IsOurs && item.Fault != EpisodeFault.PartialFill)
                || (PairOf(item.Group) != item.State && _venues.Tick < item.Deadline))
            {
                continue;
            }

            order.Fault = item.Fault;
            _waiting[i].IsOver = true;
            var until = Math.Min(_venues.Tick + item.Duration, EpisodePlan.LastFault);
            if (item.Fault is EpisodeFault.UnknownDelivered or EpisodeFault.UnknownLost)
            {
                order.MutedUntilUtc = EpisodeWorld.StartUtc.AddSeconds(until);
                _mutedUntilUtc = order.MutedUntilUtc > _mutedUntilUtc ? order.MutedUntilUtc : _mutedUntilUtc;
            }
            else if (item.Fault == EpisodeFault.PartialFill)
            {
                order.Instrument.ThinUntil = Math.Max(order.Instrument.ThinUntil, Math.Min(_venues.Tick + 6, until));
                order.Instrument.ThinSize = Math.Abs(order.Quantity) / 37m;
                order.LateBy = TimeSpan.FromMilliseconds(500 + (item.Size * 4));
            }

            Count(item.Fault, item.Group, item.OnPrimary);
            return;
        }
    }

    /// <summary>A cancel leaves: a fault that waits for one strikes it.</summary>
    private bool StrikeCancel(TruthOrder order)
    {
        for (var i = 0; i < _waiting.Count; i++)
        {
            var item = _waiting[i].Event;
            if (_waiting[i].IsOver || item.Group != order.Instrument.Group || item.OnPrimary != order.Instrument.IsPrimary
                || item.Fault is not (EpisodeFault.CancelRace or EpisodeFault.CancelRefused)
                || (PairOf(item.Group) != item.State && _venues.Tick < item.Deadline))
            {
                continue;
            }

            _waiting[i].IsOver = true;
            Count(item.Fault, item.Group, item.OnPrimary);
            if (item.Fault == EpisodeFault.CancelRefused)
            {
                return true;
            }

            order.RaceShare = item.Size >= 500 ? 1000 : item.Size;
            return false;
        }

        return false;
    }

    /// <summary>Begins a fault that needs no order; false if it cannot strike yet.</summary>
    private bool Begin(EpisodeEvent item)
    {
        var members = _venues.Groups[item.Group];
        var instrument = members[item.OnPrimary ? 0 : Math.Min(item.Leg, members.Count - 2) + 1];
        var venue = instrument.Venue;
        var until = Math.Min(_venues.Tick + item.Duration, EpisodePlan.LastFault);
        var state = PairOf(item.Group);
        switch (item.Fault)
        {
            case EpisodeFault.TradeDown:
                EpisodeVenues.TakeDown(venue, Capability.Trade, until);
                break;
            case EpisodeFault.CancelDown:
                EpisodeVenues.TakeDown(venue, Capability.Cancel, until);
                break;
            case EpisodeFault.DataDown:
                EpisodeVenues.TakeDown(venue, Capability.Data, until);
                break;
            case EpisodeFault.WithdrawDown:
                EpisodeVenues.TakeDown(venue, Capability.Withdraw, until);
                break;
            case EpisodeFault.Slow:
                venue.SlowUntil = Math.Max(venue.SlowUntil, until);
                break;
            case EpisodeFault.StaleQuotes:
                instrument.StaleUntil = Math.Max(instrument.StaleUntil, until);
                break;
            case EpisodeFault.Gap:
                _venues.Jump(item.Group, item.IsDown ? -item.Size : item.Size);
                break;
            case EpisodeFault.Liquidation:
                if (instrument.Position.Quantity == 0m || _venues.Trouble.IsClosed(venue.Market) || !_venues.ForceLiquidation(instrument))
                {
                    return false;
                }

                break;
            case EpisodeFault.AutoDeleveraging:
                if (instrument.Position.Quantity == 0m || _venues.Trouble.IsClosed(venue.Market))
                {
                    return false;
                }

                _venues.Deleverage(instrument, item.Size);
                break;
            case EpisodeFault.Duplicates:
                venue.DuplicatesUntil = Math.Max(venue.DuplicatesUntil, until);
                break;
            case EpisodeFault.Reordered:
                venue.ReorderedUntil = Math.Max(venue.ReorderedUntil, until);
                break;
            case EpisodeFault.TotalOutage:
                _venues.Close(venue, until);
                break;
            default:
                if (ScenarioEventOf(item, instrument, until) is not { } what)
                {
                    return false;
                }

                _venues.Begin(what);
                break;
        }

        _faults++;
        _coverage.Count(new EpisodeCell(item.Fault, state, item.OnPrimary));
        _lastEvent = _venues.Tick;
        return true;
    }

    /// <summary>A fault as an event of a scenario that begins now; null if it cannot strike yet.</summary>
    private ScenarioEvent? ScenarioEventOf(EpisodeEvent item, TruthInstrument instrument, int untilTick)
    {
        var market = instrument.Venue.Market;
        var id = instrument.Instrument.Id;
        var part = item.Size / 1000m;
        var signed = item.IsDown ? -part : part;
        return item.Fault switch
        {
            EpisodeFault.WrongSide => Of(ScenarioKind.WrongSideRecovery) with { Instrument = id, Size = signed * 0.15m },
            EpisodeFault.RejectStorm => Of(ScenarioKind.RejectStorm) with { Venue = market, Size = part },
            EpisodeFault.Latency => Of(ScenarioKind.Latency) with { Venue = market, Delay = TimeSpan.FromMilliseconds(1000 + (4 * item.Size)) },

            // One venue at most: another's failure is not what this one's hedges are measured by.
            EpisodeFault.Insolvency => _venues.HasFailure ? null : Of(ScenarioKind.Insolvency) with { Until = null, Venue = market, Size = Math.Round(part, 1) },
            EpisodeFault.TransferStuck => OfTransfer(ScenarioKind.TransferStuck),
            EpisodeFault.TransferFailed => OfTransfer(ScenarioKind.TransferFailed),
            EpisodeFault.TransferLost => OfTransfer(ScenarioKind.TransferLost),
            EpisodeFault.Depeg => Of(ScenarioKind.Depeg) with { Currency = "USDC", Size = 1m - (part * 0.3m) },
            EpisodeFault.FundingSpike => Of(ScenarioKind.FundingSpike) with { Instrument = id, Size = signed * 0.03m },
            EpisodeFault.FundingInterval => Of(ScenarioKind.FundingInterval) with { Instrument = id, Delay = TimeSpan.FromSeconds(item.Size % 2 == 0 ? 5 : 10) },
            EpisodeFault.Delisting => _venues.IsDelisted(instrument) || instrument.IsGone ? null : Of(ScenarioKind.Delisting) with { Instrument = id },
            _ => throw new InvalidOperationException($"{item.Fault} is no event of a scenario"),
        };

        ScenarioEvent Of(ScenarioKind kind) => new(kind, _venues.NowUtc) { Until = EpisodeWorld.StartUtc.AddSeconds(untilTick) };

        // What travels now is struck; where nothing does, what will.
        ScenarioEvent? OfTransfer(ScenarioKind kind) => _transfers?.ComesTo(market) switch
        {
            null when _venues.Tick < item.Deadline => null,
            true => Of(kind) with { To = market },
            _ => Of(kind) with { Venue = market },
        };
    }

    private void Count(EpisodeFault fault, int group, bool onPrimary)
    {
        _faults++;
        _coverage.Count(new EpisodeCell(fault, PairOf(group), onPrimary));
        _lastEvent = _venues.Tick;
    }

    /// <summary>What the pair of a group is doing at this moment.</summary>
    private PairState PairOf(int index)
    {
        var group = _desk.Groups[index];
        var isWorking = group.Primary.Book.Orders.Count > 0;
        var isUnknown = group.Primary.Book.UnknownSinceUtc is not null;
        for (var i = 0; i < group.Legs.Count; i++)
        {
            isWorking |= group.Legs[i].Book.Orders.Count > 0;
            isUnknown |= group.Legs[i].Book.UnknownSinceUtc is not null;
        }

        return isUnknown ? PairState.Frozen
            : group.IsShrinking || group.IsFlattening || group.UncoveredSinceUtc is not null ? PairState.Repairing
            : isWorking ? PairState.Working
            : PairState.Idle;
    }

    private sealed class WaitingFault(EpisodeEvent item, int sinceTick)
    {
        public EpisodeEvent Event => item;

        public int SinceTick => sinceTick;

        public int AgainTick { get; set; }

        public bool IsOver { get; set; }

        public TruthOrder? Order { get; set; }
    }
}
