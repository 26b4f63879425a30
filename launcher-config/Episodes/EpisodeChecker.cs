using System;
using System.Collections.Generic;
using System.Globalization;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Episodes;

/// <summary>An invariant that did not hold.</summary>
/// <param name="Invariant">Its number in docs/invariants.md, 1 to 7; 0: the book did not come back after the last fault.</param>
/// <param name="Tick">When, in seconds from the start.</param>
/// <param name="Group">The group; empty if it is about an account.</param>
/// <param name="Text">What was seen and what was expected.</param>
internal sealed record EpisodeViolation(int Invariant, int Tick, string Group, string Text);

/// <summary>
/// Checks the invariants against the truth: positions, orders and money of the venues, and what of it was handed over to
/// the desk. It never reads the desk's books; of the desk it reads the orders and the reasons.
/// </summary>
internal sealed partial class EpisodeChecker
{
    private readonly EpisodeVenues _venues;
    private readonly HedgeSettings _settings;
    private readonly Func<TruthInstrument, IInstrumentView> _viewOf;
    private readonly IDeskAccounts _accounts;
    private readonly EpisodeMoney _money;
    private readonly DateTime?[] _uncoveredSince;

    public EpisodeChecker(EpisodeVenues venues, Func<TruthInstrument, IInstrumentView> viewOf, IDeskAccounts accounts, EpisodeTransfers? transfers)
    {
        _venues = venues;
        _settings = venues.World.Settings;
        _viewOf = viewOf;
        _accounts = accounts;
        _money = new EpisodeMoney(venues, transfers);
        _uncoveredSince = new DateTime?[venues.Groups.Count];
        IsHalted = new bool[venues.Groups.Count];
        IsFlattening = new bool[venues.Groups.Count];
        venues.Sending = Check;
        venues.Entered = _money.Enter;
    }

    /// <summary>The first violation; null while there is none.</summary>
    public EpisodeViolation? Violation { get; private set; }

    /// <summary>Groups that a command of the episode halted.</summary>
    public bool[] IsHalted { get; }

    /// <summary>Groups that a command of the episode closes.</summary>
    public bool[] IsFlattening { get; }

    /// <summary>Something that the desk must not do.</summary>
    public void Violate(int invariant, int group, string text)
        => Violation ??= new EpisodeViolation(invariant, _venues.Tick, group < 0 ? "" : _venues.World.Groups[group].Name, text);

    /// <summary>A message is handed over to the desk.</summary>
    public void Hear(Outbound outbound)
    {
        var order = outbound.Order;
        switch (outbound.Message)
        {
            case HealthChanged health:
                HearHealth(outbound.Venue, health);
                break;
            case Execution execution:
                HearExecution(_venues.Find(execution.Instrument), outbound.Event!, order);
                break;
            case PositionReport report:
                HearReport(_venues.Find(report.Instrument), report);
                break;
            case OrderWorking when order is { HasEnded: false, IsEndTold: false }:
                if (!order.InBook)
                {
                    order.InBook = true;
                    order.Instrument.Book.Add(order);
                }

                order.IsAnswered = true;
                order.IsUnknown = false;
                break;
            case OrderOver over when order is { InBook: true, IsEndTold: false }:
                order.IsAnswered = true;
                order.IsUnknown = false;
                order.IsEndTold = true;
                order.EndFilled = over.Filled;
                order.EndSequence = over.Sequence;
                if (order.ToldFilled == over.Filled || over.Sequence <= order.Instrument.ReportedUpTo)
                {
                    Leave(order);
                }

                break;
            case OrderOver when order is not null:
                order.HasEnded |= !order.InBook;
                break;
            case OrderFailed { IsDefinite: true } when order is not null:
                HearRefusal(order);
                break;
            case OrderFailed { IsDefinite: false } when order is { InBook: true, IsEndTold: false }:
                order.IsUnknown = true;
                break;
        }
    }

    /// <summary>What was asked at the gate must have been let through.</summary>
    public void CheckGate(TruthInstrument primary, decimal quantity, in GateVerdict verdict)
    {
        var working = Told(primary, quantity > 0m);
        var isExit = quantity > 0m ? primary.Known + working + quantity <= 0m : primary.Known + working + quantity >= 0m;
        if (isExit && !verdict.IsAccepted)
        {
            Violate(5, primary.Group, $"the gate refused an exit of {Text(quantity)} {primary.Instrument.Id} of {Text(primary.Known)} held: {verdict.Reason}; exits always pass");
        }
    }

    /// <summary>After each decision of the desk.</summary>
    public void CheckDecision(HedgeDesk desk)
    {
        for (var i = 0; i < _venues.Groups.Count && Violation is null; i++)
        {
            CheckGroup(i, desk.Groups[i]);
        }

        if (Violation is null && _money.Check() is { } error)
        {
            Violate(error.Invariant, -1, error.Text);
        }
    }

    /// <summary>Before an order of the desk leaves.</summary>
    private void Check(TruthOrder order)
    {
        var instrument = order.Instrument;
        var group = _venues.World.Groups[instrument.Group];
        var members = _venues.Groups[instrument.Group];
        if (instrument.IsPrimary)
        {
            if (order.IsTogether && !IsExit(instrument, order.Quantity))
            {
                Violate(1, instrument.Group, $"an exit of the primary of {Text(order.Quantity)} {instrument.Instrument.Id} would cross zero: {Text(instrument.Known)} held, {Text(Told(instrument, order.Quantity > 0m))} working");
            }

            if (order.IsTogether && (HasUnknown(instrument) || instrument.Venue.Told[(int)Capability.Trade] == HealthState.Down))
            {
                Violate(6, instrument.Group, $"an exit of the primary of {Text(order.Quantity)} {instrument.Instrument.Id} is sent while an order there is unknown, or its venue down. {Describe(members)}");
            }

            order.IsTogether |= GoesTogether(group, instrument, order.Quantity);
            return;
        }

        var isExit = IsExit(instrument, order.Quantity);
        CheckSize(group, members, instrument, order, isExit);
        if (HasUnknown(instrument))
        {
            Violate(6, instrument.Group, $"{Text(order.Quantity)} {instrument.Instrument.Id} is sent while an order there is unknown");
        }

        if (instrument.Venue.Told[(int)Capability.Trade] == HealthState.Down)
        {
            Violate(7, instrument.Group, $"{Text(order.Quantity)} {instrument.Instrument.Id} is sent although {instrument.Venue.Market} is down");
        }

        if (isExit || (instrument.Known != 0m && Math.Sign(instrument.Known) != Math.Sign(order.Quantity) && group.Hedges.Count == 1))
        {
            return;
        }

        if (UnknownFor(members) is { } unknown && unknown <= _settings.UnknownLimit)
        {
            Violate(6, instrument.Group, $"{Text(order.Quantity)} {instrument.Instrument.Id} adds to the hedge while an order of the pair has been unknown for {unknown.TotalSeconds:0.#} s");
        }

        if (_venues.NowUtc - instrument.Seen.TimeUtc > _settings.PriceMaxAge)
        {
            Violate(2, instrument.Group, $"{Text(order.Quantity)} {instrument.Instrument.Id} is sized on a quote of {instrument.Seen.TimeUtc:HH:mm:ss}, {(_venues.NowUtc - instrument.Seen.TimeUtc).TotalSeconds:0.#} s old");
        }

        if (instrument.Venue.Orders != HealthState.Healthy)
        {
            Violate(7, instrument.Group, $"{Text(order.Quantity)} {instrument.Instrument.Id} adds to the hedge although {instrument.Venue.Market} is {instrument.Venue.Orders}");
        }

        CheckReturn(members, instrument, order);
    }

    /// <summary>Invariant 1: no order of ours over-hedges.</summary>
    private void CheckSize(HedgeGroup group, List<TruthInstrument> members, TruthInstrument instrument, TruthOrder order, bool isExit)
    {
        var buys = order.Quantity > 0m;
        var held = 0m;
        var working = 0m;
        for (var leg = 1; leg < members.Count; leg++)
        {
            held += members[leg].Known * members[leg].UnitsPerContract;
            working += Worst(members[leg], buys) * members[leg].UnitsPerContract;
        }

        var after = held + working + (order.Quantity * instrument.UnitsPerContract);
        var (leastRequired, mostRequired) = Required(group, members, isKnown: true);
        var lot = instrument.Instrument.LotUnits;
        var least = Rounded(leastRequired, lot);
        var most = Rounded(mostRequired, lot);
        if (buys ? after <= most : after >= least)
        {
            return;
        }

        // The hedge of an account near to liquidation is taken away on purpose.
        if (isExit && IsNear(members))
        {
            return;
        }

        Violate(1, instrument.Group, $"{Text(order.Quantity)} {instrument.Instrument.Id} over-hedges: held {Text(held)} + working and unknown {Text(working)} + this = {Text(after)}, required {Text(leastRequired)}{(mostRequired == leastRequired ? "" : $" up to {Text(mostRequired)} with orders sent together")}, lot {Text(lot)}. {Describe(members)}");
    }

    /// <summary>A venue that came back is the last choice for a time: never failover and return at once.</summary>
    private void CheckReturn(List<TruthInstrument> members, TruthInstrument instrument, TruthOrder order)
    {
        if (!IsReturning(instrument))
        {
            return;
        }

        var group = _venues.World.Groups[instrument.Group];
        if (group.Split == HedgeSplit.Weights)
        {
            return;
        }

        var buys = order.Quantity > 0m;
        var taken = 0m;
        for (var leg = 1; leg < members.Count; leg++)
        {
            taken += (members[leg].Known + Worst(members[leg], buys)) * members[leg].UnitsPerContract;
        }

        var (least, most) = Required(group, members, isKnown: true);
        for (var leg = 1; leg < members.Count; leg++)
        {
            var other = members[leg];
            if (other == instrument || IsReturning(other) || IsConcentrated(other) || IsUsable(other) is not { } price)
            {
                continue;
            }

            // What the other leg would have been asked first.
            var missing = (Rounded(buys ? least : most, other.Instrument.LotUnits) - taken) / other.UnitsPerContract;
            var size = other.Instrument.RoundTowardZero(Math.Sign(missing) * Math.Min(Math.Abs(missing), Room(other, buys, price)));
            if (Math.Sign(size) == Math.Sign(order.Quantity) && other.Instrument.Accepts(size, price) && !ExitWaits(other, size))
            {
                Violate(2, instrument.Group, $"{Text(order.Quantity)} {instrument.Instrument.Id} goes to {instrument.Venue.Market}, back for {(_venues.NowUtc - instrument.Venue.ReturnedUtc).TotalSeconds:0.#} s only, although {Text(size)} {other.Instrument.Id} could be sent. {Describe(members)}");
            }
        }
    }

    private void CheckGroup(int index, GroupDesk desk)
    {
        var members = _venues.Groups[index];
        var group = _venues.World.Groups[index];
        var (held, buying, selling) = (0m, 0m, 0m);
        for (var leg = 1; leg < members.Count; leg++)
        {
            held += members[leg].Known * members[leg].UnitsPerContract;
            buying += Told(members[leg], true) * members[leg].UnitsPerContract;
            selling += Told(members[leg], false) * members[leg].UnitsPerContract;
        }

        var (leastRequired, mostRequired) = Required(group, members, isKnown: false);
        CheckExcess(index, group, members, held, buying, selling, leastRequired, mostRequired);
        CheckUncovered(index, group, members, desk, held, buying, selling, leastRequired, mostRequired);
    }

    /// <summary>Invariant 1, second half, and 5: an excess that is known is being reduced, unless exits wait.</summary>
    private void CheckExcess(int index, HedgeGroup group, List<TruthInstrument> members, decimal held, decimal buying, decimal selling, decimal leastRequired, decimal mostRequired)
    {
        for (var leg = 1; leg < members.Count; leg++)
        {
            var member = members[leg];
            var lot = member.Instrument.LotUnits;
            var known = member.Known;
            if (known == 0m || member.Venue.Told[(int)Capability.Trade] == HealthState.Down || HasUnknown(member) || _venues.NowUtc < member.ExitBackoffUntilUtc)
            {
                continue;
            }

            var least = Rounded(leastRequired, lot);
            var most = Rounded(mostRequired, lot);
            decimal left;
            if (known > 0m)
            {
                // Too much bought, or bought where nothing is called for.
                left = Math.Min(held + selling - most, (known + Told(member, false)) * member.UnitsPerContract);
            }
            else
            {
                left = Math.Max(held + buying - least, (known + Told(member, true)) * member.UnitsPerContract);
            }

            var quantity = member.Instrument.RoundTowardZero(-left / member.UnitsPerContract);
            if (Math.Sign(quantity) == -Math.Sign(known) && member.Instrument.Accepts(quantity, PriceOf(member)))
            {
                Violate(1, index, $"an excess is left: held {Text(held)}, exits working {Text(known > 0m ? selling : buying)}, required {Text(leastRequired)}; an exit of {Text(quantity)} {member.Instrument.Id} was possible. {Describe(members)}");
                return;
            }
        }
    }

    /// <summary>Invariant 2: what is uncovered carries a reason that holds.</summary>
    private void CheckUncovered(int index, HedgeGroup group, List<TruthInstrument> members, GroupDesk desk, decimal held, decimal buying, decimal selling, decimal leastRequired, decimal mostRequired)
    {
        var one = Uncovered(leastRequired, held, buying, selling);
        var other = Uncovered(mostRequired, held, buying, selling);
        var uncovered = Math.Sign(one) != Math.Sign(other) ? 0m : Math.Abs(one) < Math.Abs(other) ? one : other;
        var required = uncovered == one ? leastRequired : mostRequired;
        var reason = desk.Decision?.Reason ?? UnhedgedReason.None;
        if (Math.Abs(uncovered) <= group.Band || Math.Sign(uncovered) != Math.Sign(required))
        {
            _uncoveredSince[index] = null;
            if (Math.Abs(uncovered) > group.Band && reason == UnhedgedReason.None && Math.Abs(uncovered) > Dust(members))
            {
                Violate(2, index, $"an excess of {Text(uncovered)} is left without a reason: held {Text(held)}, working {Text(buying)} {Text(selling)}, required {Text(required)}. {Describe(members)}");
            }

            return;
        }

        var isFrozen = UnknownFor(members) is { } unknown && unknown <= _settings.UnknownLimit;
        var isStopped = IsHalted[index] || desk.Halts != HaltCauses.None;
        var dust = 0m;
        var anyUsable = false;
        var isTradable = false;
        for (var leg = 1; leg < members.Count; leg++)
        {
            var member = members[leg];
            var price = IsUsable(member);
            isTradable |= member.Instrument.Accepts(
                member.Instrument.RoundTowardZero((Rounded(required, member.Instrument.LotUnits) - (uncovered > 0m ? held + buying : held + selling)) / member.UnitsPerContract),
                PriceOf(member));
            dust = Math.Max(dust, member.Instrument.DustLimit(PriceOf(member)));
            if (price is not { } known)
            {
                continue;
            }

            var missing = (Rounded(required, member.Instrument.LotUnits) - (uncovered > 0m ? held + buying : held + selling)) / member.UnitsPerContract;
            if (Math.Sign(missing) != Math.Sign(uncovered) || ExitWaits(member, missing))
            {
                continue;
            }

            var room = Room(member, missing > 0m, known);
            var size = member.Instrument.RoundTowardZero(Math.Sign(missing) * Math.Min(Math.Abs(missing), room));
            if (!member.Instrument.Accepts(size, known))
            {
                continue;
            }

            anyUsable = true;
            if (isStopped || (isFrozen && reason is UnhedgedReason.OutcomeUnknown or UnhedgedReason.BelowMinimum))
            {
                continue;
            }

            Violate(2, index, $"{Text(uncovered)} is uncovered, and {Text(size)} {member.Instrument.Id} could have been sent; the desk's reason is {reason}. Held {Text(held)}, working {Text(buying)} {Text(selling)}, required {Text(required)}. {Describe(members)}");
            return;
        }

        if (reason == UnhedgedReason.None && Math.Abs(uncovered) > dust)
        {
            Violate(2, index, $"{Text(uncovered)} is uncovered without a reason: held {Text(held)}, working {Text(buying)} {Text(selling)}, required {Text(required)}. {Describe(members)}");
            return;
        }

        CheckUnwind(index, group, members, desk, uncovered, dust, isStopped || isFrozen || anyUsable || !isTradable);
    }

    /// <summary>What nobody can take is ended in time by reducing the primary.</summary>
    private void CheckUnwind(int index, HedgeGroup group, List<TruthInstrument> members, GroupDesk desk, decimal uncovered, decimal dust, bool isExcused)
    {
        var primary = members[0];
        var quantity = primary.Instrument.RoundTowardZero(Math.Abs(uncovered) / (group.Ratio * primary.UnitsPerContract)) * -Math.Sign(primary.Known);
        var isBlocked = group.KeepsPrimary || HasUnknown(primary) || primary.Venue.Told[(int)Capability.Trade] == HealthState.Down
            || _venues.NowUtc < primary.ExitBackoffUntilUtc || primary.Book.Count > 0
            || !primary.Instrument.Accepts(quantity, PriceOf(primary)) || Math.Abs(quantity) > Math.Abs(primary.Known);
        if (isExcused || isBlocked || Math.Abs(uncovered) <= dust)
        {
            _uncoveredSince[index] = null;
            return;
        }

        _uncoveredSince[index] ??= _venues.NowUtc;
        if (_venues.NowUtc - _uncoveredSince[index] > _settings.UnwindAfter + TimeSpan.FromSeconds(5))
        {
            Violate(2, index, $"{Text(uncovered)} has been uncovered since {_uncoveredSince[index]:HH:mm:ss} for {desk.Decision?.Reason}, longer than its limit, and the primary was not reduced. {Describe(members)}");
        }
    }

    private void HearHealth(TruthVenue venue, HealthChanged health)
    {
        var before = venue.Orders;
        venue.Told[(int)health.Capability] = health.State;
        if (venue.Orders == HealthState.Healthy && before is not (HealthState.Healthy or HealthState.Unseen))
        {
            venue.ReturnedUtc = _venues.NowUtc;
        }
    }

    private static void HearExecution(TruthInstrument instrument, TruthEvent happened, TruthOrder? order)
    {
        if (happened.IsHeard)
        {
            return;
        }

        happened.IsHeard = true;
        if (!happened.IsKnown)
        {
            Know(instrument, happened);
            instrument.Untold.Remove(happened);
        }

        if (order is { InBook: true })
        {
            order.ToldFilled += happened.Quantity;
            order.IsAnswered = true;
            order.IsUnknown = false;
            if (order.IsEndTold && order.ToldFilled == order.EndFilled)
            {
                Leave(order);
            }
        }
    }

    private static void HearReport(TruthInstrument instrument, PositionReport report)
    {
        if (report.Sequence <= instrument.ReportedUpTo)
        {
            return;
        }

        instrument.ReportedUpTo = report.Sequence;
        for (var i = instrument.Untold.Count - 1; i >= 0; i--)
        {
            if (instrument.Untold[i].Sequence <= report.Sequence)
            {
                Know(instrument, instrument.Untold[i]);
                instrument.Untold.RemoveAt(i);
            }
        }

        for (var i = instrument.Book.Count - 1; i >= 0; i--)
        {
            if (instrument.Book[i].IsEndTold && instrument.Book[i].EndSequence <= report.Sequence)
            {
                Leave(instrument.Book[i]);
            }
        }
    }

    private void HearRefusal(TruthOrder order)
    {
        var instrument = order.Instrument;
        if (order.HasEnded)
        {
            return;
        }

        if (order.InBook && IsExitSize(instrument, order.Quantity))
        {
            instrument.ExitBackoffUntilUtc = _venues.NowUtc + _settings.ExitBackoff;
        }
        else if (order.InBook)
        {
            instrument.BackoffUntilUtc = _venues.NowUtc + _settings.Backoff;
        }

        order.HasEnded = true;
        order.InBook = false;
        instrument.Book.Remove(order);
    }

    private static void Know(TruthInstrument instrument, TruthEvent happened)
    {
        happened.IsKnown = true;
        instrument.Known += happened.Net;
        if (happened.Order is { } order)
        {
            order.KnownFilled += happened.Quantity;
        }
    }

    private static void Leave(TruthOrder order)
    {
        order.InBook = false;
        order.HasEnded = true;
        order.Instrument.Book.Remove(order);
    }

    private bool GoesTogether(HedgeGroup group, TruthInstrument primary, decimal quantity)
    {
        if (primary.Known != 0m && Math.Sign(quantity) != Math.Sign(primary.Known))
        {
            return false;
        }

        return group.PairOrder switch
        {
            PairOrder.Together => true,
            PairOrder.HardestFirst => Share(_venues.Groups[primary.Group][1].Seen, -quantity * primary.UnitsPerContract * group.Ratio / group.Hedges[0].UnitsPerContract) > Share(primary.Seen, quantity),
            _ => false,
        };

        static decimal Share(in Quote quote, decimal contracts)
        {
            var size = contracts > 0m ? quote.AskSize : quote.BidSize;
            return size == 0m ? 0m : Math.Abs(contracts) / size;
        }
    }

    /// <summary>The largest lot or minimum over the legs, in units of the underlying.</summary>
    private decimal Dust(List<TruthInstrument> members)
    {
        var dust = 0m;
        for (var leg = 1; leg < members.Count; leg++)
        {
            dust = Math.Max(dust, members[leg].Instrument.DustLimit(PriceOf(members[leg])));
        }

        return dust;
    }

    /// <summary>Headroom less the orders that the venue has not answered: its account does not count them yet.</summary>
    private decimal Room(TruthInstrument instrument, bool buys, decimal price)
    {
        var room = _viewOf(instrument).Headroom(buys, price, _settings.WarnDistance) * (1m - _settings.HeadroomReserve);
        foreach (var order in instrument.Book)
        {
            if (!order.IsAnswered && order.ToldRemaining > 0m == buys)
            {
                room -= Math.Abs(order.ToldRemaining);
            }
        }

        return Math.Max(0m, room);
    }

    private bool IsNear(List<TruthInstrument> members)
    {
        foreach (var member in members)
        {
            if (_viewOf(member).Distance < _settings.ShrinkTarget + _settings.DistanceHysteresis)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsReturning(TruthInstrument instrument)
        => instrument.Venue.ReturnedUtc != DateTime.MinValue && _venues.NowUtc - instrument.Venue.ReturnedUtc < _settings.ReturnAfter;

    /// <summary>Whether so much of all that could be lost stands at its venue that it is a last choice, too.</summary>
    private bool IsConcentrated(TruthInstrument instrument)
    {
        var all = 0m;
        foreach (var market in _accounts.Markets)
        {
            all += _accounts.LossGivenDefault(market);
        }

        return _accounts.LossGivenDefault(instrument.Venue.Market) > _settings.ConcentrationLimit * all;
    }

    /// <summary>Whether an order would cross zero while an exit of the instrument waits out its second.</summary>
    private bool ExitWaits(TruthInstrument instrument, decimal quantity)
        => _venues.NowUtc < instrument.ExitBackoffUntilUtc && Math.Sign(instrument.Known) == -Math.Sign(quantity);

    /// <summary>The price of a leg that may add to the hedge; null if it may not.</summary>
    private decimal? IsUsable(TruthInstrument instrument)
        => instrument.Venue.Orders == HealthState.Healthy && !HasUnknown(instrument) && _venues.NowUtc >= instrument.BackoffUntilUtc
            ? PriceOf(instrument)
            : null;

    private decimal? PriceOf(TruthInstrument instrument)
    {
        var quote = instrument.Seen;
        return quote.Last > 0m && _venues.NowUtc - quote.TimeUtc <= _settings.PriceMaxAge && quote.Bid > 0m && quote.Ask >= quote.Bid && quote.Spread <= _settings.MaxSpread
            ? quote.Last
            : null;
    }

    private bool HasUnknown(TruthInstrument instrument)
    {
        foreach (var order in instrument.Book)
        {
            if (IsUnknown(order) && order.ToldRemaining != 0m)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsUnknown(TruthOrder order)
        => order.IsUnknown || (!order.IsAnswered && _venues.NowUtc - order.SentUtc >= _settings.UnknownAfter);

    private TimeSpan? UnknownFor(List<TruthInstrument> members)
    {
        TimeSpan? longest = null;
        foreach (var member in members)
        {
            foreach (var order in member.Book)
            {
                if (IsUnknown(order) && !(_venues.NowUtc - order.SentUtc <= longest))
                {
                    longest = _venues.NowUtc - order.SentUtc;
                }
            }
        }

        return longest;
    }

    private static bool IsExit(TruthInstrument instrument, decimal quantity)
        => quantity > 0m
            ? instrument.Known + Told(instrument, true) + quantity <= 0m
            : instrument.Known + Told(instrument, false) + quantity >= 0m;

    private static bool IsExitSize(TruthInstrument instrument, decimal quantity)
        => Math.Sign(quantity) == -Math.Sign(instrument.Known) && Math.Abs(quantity) <= Math.Abs(instrument.Known);

    /// <summary>
    /// What is required by the confirmed primary and the open quantity of orders that were sent together, from the least
    /// to the most: of each such order it may count or not, because nobody can know yet whether a report counts it.
    /// </summary>
    private static (decimal Least, decimal Most) Required(HedgeGroup group, List<TruthInstrument> members, bool isKnown)
    {
        var primary = members[0];
        var scale = -group.Ratio * primary.UnitsPerContract;
        var least = scale * primary.Known;
        var most = least;
        foreach (var order in primary.Book)
        {
            if (order.IsTogether)
            {
                var open = scale * (isKnown ? order.KnownRemaining : order.ToldRemaining);
                least += Math.Min(0m, open);
                most += Math.Max(0m, open);
            }
        }

        return (least, most);
    }

    /// <summary>What orders of one side may still do at worst, less what a report has told.</summary>
    private static decimal Worst(TruthInstrument instrument, bool buys)
    {
        var sum = 0m;
        foreach (var order in instrument.Book)
        {
            var remaining = order.KnownRemaining;
            if (remaining > 0m == buys)
            {
                sum += remaining;
            }
        }

        return sum;
    }

    private static decimal Told(TruthInstrument instrument, bool buys)
    {
        var sum = 0m;
        foreach (var order in instrument.Book)
        {
            var remaining = order.ToldRemaining;
            if (remaining > 0m == buys)
            {
                sum += remaining;
            }
        }

        return sum;
    }

    private static decimal Uncovered(decimal required, decimal held, decimal buying, decimal selling)
    {
        var missing = required - held;
        return missing > 0m ? Math.Max(0m, missing - buying) : Math.Min(0m, missing - selling);
    }

    private static decimal Rounded(decimal units, decimal lot) => decimal.Truncate(units / lot) * lot;

    private static string Text(decimal value) => value.ToString("0.############", CultureInfo.InvariantCulture);

    private string Describe(List<TruthInstrument> members)
    {
        var text = "";
        foreach (var member in members)
        {
            text += $"[{member.Instrument.Id} told {Text(member.Known)} truly {Text(member.Position.Quantity)} {member.Venue.Orders}"
                + (IsUsable(member) is null ? " not usable" : "")
                + (HasUnknown(member) ? " unknown" : "");
            foreach (var order in member.Book)
            {
                text += $" #{order.Id}:{Text(order.Quantity)}{(order.LimitPrice is null ? "" : "L")}/{Text(order.ToldFilled)}/{order.Stage}{(order.IsTogether ? "/together" : "")}{(order.Fault is { } fault ? $"/{fault}" : "")}{(IsUnknown(order) ? "/unknown" : "")}";
            }

            text += "]";
        }

        return text;
    }
}
