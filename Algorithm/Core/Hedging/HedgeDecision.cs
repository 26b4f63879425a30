#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Hedging;

/// <summary>Why a decision leaves a residual outside its band (invariant 2: under-hedge is visible and bounded).</summary>
public enum UnhedgedReason
{
    /// <summary>Nothing is left unhedged.</summary>
    None,

    /// <summary>What is missing is below the lot or the minimum order of every usable hedge leg.</summary>
    BelowMinimum,

    /// <summary>An order of unknown outcome freezes the pair, or blocks the only leg.</summary>
    OutcomeUnknown,

    /// <summary>A hedge rests at our side of the book and still has patience.</summary>
    MakerPatience,

    /// <summary>The venue refused the last order; the leg waits out its pause.</summary>
    Backoff,

    /// <summary>No hedge leg has a price to size an order on: too old, missing, or from a book that is too wide.</summary>
    NoFreshPrice,

    /// <summary>No account can add to the hedge and keep its distance to liquidation.</summary>
    NoHeadroom,

    /// <summary>No venue of a hedge leg is healthy.</summary>
    NoHealthyVenue,

    /// <summary>The group is halted: exits only.</summary>
    Halted,

    /// <summary>The algorithm warms up: LEAN takes no order.</summary>
    WarmingUp,
}

/// <summary>What a decision asks for on one instrument.</summary>
/// <param name="Instrument">The instrument.</param>
public abstract record HedgeAction(Instrument Instrument);

/// <summary>Send a hedge order.</summary>
/// <param name="Instrument">The leg.</param>
/// <param name="Quantity">Contracts; positive buys, negative sells; a whole number of lots.</param>
/// <param name="LimitPrice">Where it rests; null: it takes.</param>
/// <param name="Purpose">What it is for.</param>
public sealed record SendHedge(Instrument Instrument, decimal Quantity, decimal? LimitPrice = null, OrderPurpose Purpose = OrderPurpose.Hedge) : HedgeAction(Instrument);

/// <summary>Cancel our working orders on one side of a leg: filled, they would leave the hedge off its requirement, or their patience is over.</summary>
/// <param name="Instrument">The leg.</param>
/// <param name="Buys">True for the buy side, false for the sell side.</param>
public sealed record CancelHedge(Instrument Instrument, bool Buys) : HedgeAction(Instrument);

/// <summary>Send an exit of the primary, together with the hedge's: its open quantity counts as done.</summary>
/// <param name="Instrument">The primary.</param>
/// <param name="Quantity">Contracts, against the position; a whole number of lots.</param>
public sealed record ReducePrimary(Instrument Instrument, decimal Quantity) : HedgeAction(Instrument);

/// <summary>Cancel working orders of the primary: they would raise what is being closed, or stand for an exit that does not come.</summary>
/// <param name="Instrument">The primary.</param>
/// <param name="Buys">True for the buy side, false for the sell side.</param>
public sealed record CancelPrimary(Instrument Instrument, bool Buys) : HedgeAction(Instrument);

/// <summary>
/// One evaluation of a group: state in, actions with a typed reason out. Pure: no I/O, no clock, no randomness. This
/// file, with <see cref="VenueChoice"/>, is the whole review surface of what we trade.
/// </summary>
/// <remarks>
/// <para>Required is minus ratio times the confirmed primary. Every size is rounded toward zero to the lot of the leg
/// that trades; there is no round-up path. Working and unknown orders count at their worst case, so that hedge held plus
/// everything that may still come never exceeds what is required (invariant 1).</para>
/// <para>What reduces goes first, needs no fresh price and has no band: an exit waits only for a venue that is down, an
/// unknown order on its instrument, or the second after a refusal. What increases is sized on a fresh price, within
/// headroom, and only outside the band.</para>
/// </remarks>
public readonly struct HedgeDecision
{
    private static readonly IReadOnlyList<HedgeAction> NoActions = [];

    private HedgeDecision(GroupState state, decimal residual, IReadOnlyList<HedgeAction> actions, decimal uncovered, UnhedgedReason reason, bool wantsDistance, UnhedgedReason blocked)
    {
        Blocked = blocked;
        State = state;
        ResidualUnits = residual;
        Actions = actions;
        UncoveredUnits = uncovered;
        Reason = reason;
        IsShortOfDistance = wantsDistance;
    }

    /// <summary>What was decided on.</summary>
    public GroupState State { get; }

    /// <summary>The state's <see cref="GroupState.ResidualUnits"/> when it was decided on.</summary>
    public decimal ResidualUnits { get; }

    /// <summary>What to do, in order: cancels, exits, increases.</summary>
    public IReadOnlyList<HedgeAction> Actions { get; }

    /// <summary>
    /// What neither working orders nor this decision's actions cover, in units of the underlying; positive: hedge still
    /// to be bought, negative: still to be sold. Below the dust limit nothing can be done about it.
    /// </summary>
    public decimal UncoveredUnits { get; }

    /// <summary>Why <see cref="UncoveredUnits"/> is left, or None when it is within the tolerance; MakerPatience also while a resting order covers it.</summary>
    public UnhedgedReason Reason { get; }

    /// <summary>Whether a leg is too near to liquidation and nothing can be done about it: the primary is kept, and no other venue has headroom.</summary>
    public bool IsShortOfDistance { get; }

    /// <summary>What kept an order from being sent, if only for an excess within the band: what passes by itself is asked again though nothing changes.</summary>
    internal UnhedgedReason Blocked { get; }

    /// <summary>Decides on one group.</summary>
    /// <param name="state">Everything the decision may read.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static HedgeDecision Decide(GroupState state)
    {
        var residual = state.ResidualUnits;
        if (state.IsWarmingUp)
        {
            return new HedgeDecision(state, residual, NoActions, -residual, OutsideTolerance(state, residual, UnhedgedReason.WarmingUp), false, UnhedgedReason.WarmingUp);
        }

        var plan = new Plan(state, stackalloc int[state.Legs.Length]);
        plan.CancelSurplus();
        plan.CancelImpatient();
        plan.Flatten();
        plan.Shrink();
        plan.Reduce();
        plan.Increase();
        plan.Unwind();
        var uncovered = plan.Uncovered;
        var reason = OutsideTolerance(state, uncovered, plan.Reason);
        return new HedgeDecision(
            state,
            residual,
            plan.Actions,
            uncovered,
            reason == UnhedgedReason.None && plan.IsResting ? UnhedgedReason.MakerPatience : reason,
            plan.IsShortOfDistance,
            plan.Reason);
    }

    private static UnhedgedReason OutsideTolerance(GroupState state, decimal units, UnhedgedReason reason)
    {
        if (Math.Abs(units) <= state.Group.Band)
        {
            return UnhedgedReason.None;
        }

        // Requirement and position are each rounded: together they can leave more than a lot, and nothing to send.
        return Math.Abs(units) < state.DustLimitUnits || reason == UnhedgedReason.None ? UnhedgedReason.BelowMinimum : reason;
    }

    /// <summary>The decision in the making. Units of the underlying unless said otherwise.</summary>
    private ref struct Plan
    {
        private readonly GroupState _state;
        private readonly Span<int> _order;
        private readonly decimal _held;
        private decimal _required;
        private List<HedgeAction>? _actions;
        private decimal _buying;
        private decimal _selling;
        private decimal _reducing;

        public Plan(GroupState state, Span<int> order)
        {
            _state = state;
            _order = order;
            _required = state.RequiredUnits;
            _held = state.HedgeUnits;
            for (var i = 0; i < state.Legs.Length; i++)
            {
                ref readonly var leg = ref state.Legs[i];
                if (leg.IsWorking)
                {
                    _buying += leg.WorkingBuyUnits;
                    _selling += leg.WorkingSellUnits;
                }

                IsResting |= leg.RestingFor is not null;
            }
        }

        public UnhedgedReason Reason { get; private set; } = UnhedgedReason.None;

        public bool IsResting { get; private set; }

        public bool IsShortOfDistance { get; private set; }

        public readonly IReadOnlyList<HedgeAction> Actions => _actions is null ? NoActions : _actions;

        /// <summary>What is still missing after everything working and everything planned on that side.</summary>
        public readonly decimal Uncovered
        {
            get
            {
                var missing = _required - _held;
                return missing > 0m ? Math.Max(0m, missing - _buying) : Math.Min(0m, missing - _selling);
            }
        }

        /// <summary>
        /// Working orders that would, filled, move the hedge past what is required go. The requirement is rounded as for
        /// sending, or a decision would cancel what the last one sent; an exit that moves the hedge elsewhere stays.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void CancelSurplus()
        {
            if (_buying == 0m && _selling == 0m)
            {
                return;
            }

            var (wantedBuy, wantedSell) = (0m, 0m);
            var (buying, selling) = (_buying, _selling);
            for (var i = 0; i < _state.Legs.Length; i++)
            {
                var wanted = RequiredOn(_state.Legs[i].Instrument) - _held;
                wantedBuy = Math.Max(wantedBuy, wanted);
                wantedSell = Math.Min(wantedSell, wanted);
                var moved = _state.Legs[i].Instrument.UnitsOf(_state.Legs[i].WorkingMove);
                buying -= Math.Max(0m, moved);
                selling -= Math.Min(0m, moved);
            }

            for (var i = 0; i < _state.Legs.Length; i++)
            {
                ref readonly var leg = ref _state.Legs[i];
                if (buying > wantedBuy && leg.WorkingBuy - Math.Max(0m, leg.WorkingMove) > leg.UnknownBuy)
                {
                    Add(new CancelHedge(leg.Instrument, Buys: true));
                }

                if (selling < wantedSell && leg.WorkingSell - Math.Min(0m, leg.WorkingMove) < leg.UnknownSell)
                {
                    Add(new CancelHedge(leg.Instrument, Buys: false));
                }
            }
        }

        /// <summary>Resting orders whose patience is over go; what they do not fill until then is taken.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void CancelImpatient()
        {
            // What rests adds to the hedge: it stands on the side of the requirement, or is surplus and gone already.
            var buys = _required > 0m;
            for (var i = 0; i < _state.Legs.Length; i++)
            {
                ref readonly var leg = ref _state.Legs[i];
                if (leg.RestingFor is { } time && time >= Patience(leg, _required - _held)
                    && (buys ? leg.WorkingBuy > leg.UnknownBuy : leg.WorkingSell < leg.UnknownSell) && !IsCanceled(leg.Instrument, buys))
                {
                    Add(new CancelHedge(leg.Instrument, buys));
                }
            }
        }

        /// <summary>Closing the group: what would raise the primary goes, and the rest of it is sold with its hedge.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Flatten()
        {
            if (!_state.IsFlattening)
            {
                return;
            }

            var primary = _state.Primary;
            if (primary.WorkingBuy > primary.UnknownBuy && primary.Held >= 0m)
            {
                Add(new CancelPrimary(primary.Instrument, Buys: true));
            }

            if (primary.WorkingSell < primary.UnknownSell && primary.Held <= 0m)
            {
                Add(new CancelPrimary(primary.Instrument, Buys: false));
            }

            ReducePrimaryBy(Math.Abs(primary.Held));
        }

        /// <summary>
        /// Too near to liquidation: both legs shrink by what brings the nearest to its target, one step at a time. A
        /// primary that is kept, or cannot be reduced now, has its hedge moved to another venue instead.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Shrink()
        {
            if (!_state.IsShrinking || _state.IsFlattening)
            {
                return;
            }

            if (_state.Primary.IsWorkingKnown)
            {
                CancelOldPrimary(buys: true);
                CancelOldPrimary(buys: false);
                return;
            }

            var nearest = -1;
            var distance = _state.Primary.Distance ?? decimal.MaxValue;
            for (var i = 0; i < _state.Legs.Length; i++)
            {
                // One shrink in flight; an order of unknown outcome holds up its own leg alone.
                if (_state.Legs[i].IsWorkingKnown)
                {
                    return;
                }

                if (_state.Legs[i].Held != 0m && _state.Legs[i].Distance < distance)
                {
                    distance = _state.Legs[i].Distance!.Value;
                    nearest = i;
                }
            }

            // Far away, or nothing is left that could be liquidated; or the leg that must shrink has to wait, and the primary alone would not help it.
            if (distance >= _state.Settings.ShrinkTarget || (nearest >= 0 && _state.Legs[nearest].ExitBlock != UnhedgedReason.None))
            {
                return;
            }

            // The distance of one underlying grows as its position shrinks: room over position.
            var share = 1m - (distance / _state.Settings.ShrinkTarget);
            var units = nearest < 0 ? 0m : Math.Abs(_state.Legs[nearest].HeldUnits) * share;
            var contracts = nearest < 0
                ? Math.Abs(_state.Primary.Held) * share
                : _state.Group.Ratio == 0m ? 0m
                : _state.PrimaryContractsOf(units);
            if (_state.Group.KeepsPrimary || !ReducePrimaryBy(Math.Min(contracts, Math.Abs(_state.Primary.Held))))
            {
                Move(nearest, units);
            }
        }

        /// <summary>Exits: never across zero with everything that works on the leg.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Reduce()
        {
            VenueChoice.RankExits(_state, _order);
            for (var i = 0; i < _order.Length; i++)
            {
                ref readonly var leg = ref _state.Legs[_order[i]];
                if (leg.Held == 0m)
                {
                    continue;
                }

                var missing = Missing(leg.Instrument);
                var room = missing > 0m
                    ? Math.Max(0m, -(leg.Held + leg.WorkingBuy + Sent(leg, 1)))
                    : Math.Min(0m, -(leg.Held + leg.WorkingSell - Sent(leg, -1)));
                var quantity = missing > 0m ? Math.Min(missing, room) : Math.Max(missing, room);
                quantity = leg.Instrument.RoundTowardZero(quantity);
                if (quantity == 0m)
                {
                    continue;
                }

                // One leg that is both closed and reversed gets one order, if the part beyond zero may be sent at all.
                var beyond = Math.Abs(missing) - Math.Abs(quantity);
                if (_order.Length == 1 && beyond > 0m && CanAdd(leg, missing) && beyond <= leg.Headroom && !_state.Group.IsMakerFirst)
                {
                    quantity = leg.Instrument.RoundTowardZero(missing);
                }

                if (leg.ExitBlock != UnhedgedReason.None)
                {
                    Reason = leg.ExitBlock;
                }
                else if (leg.Instrument.Accepts(quantity, leg.FreshPrice))
                {
                    Send(leg.Instrument, quantity);
                }
                else
                {
                    Blocked(UnhedgedReason.BelowMinimum);
                }
            }
        }

        /// <summary>The legs take what is missing in their order, each within its headroom; with weights, first each its share.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Increase()
        {
            if (Math.Abs(Uncovered) <= _state.Group.Band)
            {
                return;
            }

            if (_state.IsHalted || _state.IsFlattening)
            {
                Reason = UnhedgedReason.Halted;
                return;
            }

            if (_state.IsFrozen)
            {
                Reason = UnhedgedReason.OutcomeUnknown;
                return;
            }

            VenueChoice.Rank(_state, _order);
            if (_state.Group.Split == HedgeSplit.Weights)
            {
                for (var i = 0; i < _order.Length; i++)
                {
                    ref readonly var leg = ref _state.Legs[_order[i]];
                    var same = _required > 0m ? leg.HeldUnits + leg.WorkingBuyUnits : -(leg.HeldUnits + leg.WorkingSellUnits);
                    var share = (_state.Group.Weights[_order[i]] * Math.Abs(_required)) - same;
                    AddTo(in leg, leg.Instrument.ContractsOf(share));
                }
            }

            for (var i = 0; i < _order.Length; i++)
            {
                AddTo(in _state.Legs[_order[i]], decimal.MaxValue);
            }
        }

        /// <summary>What could not be completed anywhere within its time is ended by reducing the primary to what is hedged.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Unwind()
        {
            var uncovered = Uncovered;
            if (_state.UncoveredFor < _state.Settings.UnwindAfter
                || _state.Group.KeepsPrimary || _state.IsHalted || _state.IsFlattening || _state.IsFrozen
                || !IsIncrease(uncovered) || Math.Abs(uncovered) <= _state.Group.Band || Math.Abs(uncovered) < _state.DustLimitUnits)
            {
                return;
            }

            ReducePrimaryBy(_state.PrimaryContractsOf(Math.Abs(uncovered)));
        }

        /// <summary>Sends a leg's part of what is missing.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void AddTo(in LegState leg, decimal most)
        {
            var missing = Missing(leg.Instrument);
            if (!IsIncrease(missing) || most <= 0m)
            {
                return;
            }

            if (leg.AddBlock != UnhedgedReason.None)
            {
                Blocked(leg.AddBlock);
                return;
            }

            // It would cross zero where an exit has to wait.
            if (leg.ExitBlock != UnhedgedReason.None && Math.Sign(leg.Held) == -Math.Sign(missing))
            {
                Blocked(leg.ExitBlock);
                return;
            }

            var wanted = Math.Min(Math.Abs(missing), most);
            var headroom = HeadroomOf(leg, Math.Sign(missing));
            var size = leg.Instrument.RoundTowardZero(Math.Min(wanted, headroom));
            if (headroom < wanted)
            {
                Blocked(UnhedgedReason.NoHeadroom);
            }

            var quantity = Math.Sign(missing) * size;
            if (!leg.Instrument.Accepts(quantity, leg.FreshPrice))
            {
                return;
            }

            // What has been open for want of a venue has waited enough.
            if (_state.Group.IsMakerFirst && !_state.TakesNow && _state.UncoveredFor == TimeSpan.Zero && !leg.IsCancelDown && Patience(leg, leg.Instrument.UnitsOf(missing)) > TimeSpan.FromSeconds(1))
            {
                // At our own side of the book: the best bid for a buy, the best ask for a sell.
                IsResting = true;
                Send(leg.Instrument, quantity, quantity > 0m ? leg.Quote.Bid : leg.Quote.Ask, OrderPurpose.Maker);
                return;
            }

            Send(leg.Instrument, quantity);
        }

        /// <summary>Contracts that can still be added to a leg; what closes its position takes no headroom, what this decision adds already does.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly decimal HeadroomOf(in LegState leg, int side)
        {
            var closes = side > 0 ? -(leg.Held + leg.WorkingBuy) : leg.Held + leg.WorkingSell;
            return Math.Max(0m, leg.Headroom - Math.Max(0m, Sent(leg, side) - Math.Max(0m, closes)));
        }

        /// <summary>Contracts that this decision sends to a side of a leg already; zero or positive.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly decimal Sent(in LegState leg, int side)
        {
            var sent = 0m;
            for (var i = 0; _actions is not null && i < _actions.Count; i++)
            {
                if (_actions[i] is SendHedge send && send.Instrument == leg.Instrument && Math.Sign(send.Quantity) == side)
                {
                    sent += Math.Abs(send.Quantity);
                }
            }

            return sent;
        }

        /// <summary>The hedge at a leg shrinks by what other venues can take over; they do when it has gone.</summary>
        private void Move(int from, decimal units)
        {
            var elsewhere = 0m;
            for (var i = 0; i < _state.Legs.Length; i++)
            {
                ref readonly var other = ref _state.Legs[i];
                if (i != from && other.AddBlock == UnhedgedReason.None)
                {
                    elsewhere += other.Instrument.UnitsOf(other.Headroom);
                }
            }

            if (from < 0 || elsewhere == 0m || _state.IsHalted || _state.IsFrozen)
            {
                IsShortOfDistance = true;
                return;
            }

            ref readonly var leg = ref _state.Legs[from];
            var quantity = leg.Instrument.RoundTowardZero(-Math.Sign(leg.Held) * leg.Instrument.ContractsOf(Math.Min(units, elsewhere)));
            IsShortOfDistance = quantity == 0m;
            if (leg.ExitBlock == UnhedgedReason.None && leg.Instrument.Accepts(quantity, leg.FreshPrice))
            {
                Send(leg.Instrument, quantity, null, OrderPurpose.Move);
            }
        }

        /// <summary>An exit of the primary of at most so many contracts, less what its working exits already do; whether any was sent.</summary>
        private bool ReducePrimaryBy(decimal contracts)
        {
            var primary = _state.Primary;
            var working = primary.Held > 0m ? -primary.WorkingSell : primary.WorkingBuy;
            var wanted = Math.Min(Math.Min(contracts, Math.Abs(primary.Held)), Math.Abs(primary.Held) - _reducing);
            var size = primary.Instrument.RoundTowardZero(wanted - working);
            var quantity = -Math.Sign(primary.Held) * size;
            if (size <= 0m && primary.Instrument.Accepts(primary.Instrument.RoundTowardZero(wanted), primary.FreshPrice))
            {
                CancelOldPrimary(buys: primary.Held < 0m);
            }

            if (size <= 0m || primary.ExitBlock != UnhedgedReason.None || !primary.Instrument.Accepts(quantity, primary.FreshPrice))
            {
                return false;
            }

            Add(new ReducePrimary(primary.Instrument, quantity));
            _reducing += size;
            _required -= primary.Instrument.UnitsOf(_state.Group.Ratio * quantity);
            return true;
        }

        /// <summary>
        /// Orders of the primary that count as done, or hold up what must be, and have not filled in the time in which a
        /// residual must end: a limit far away would hold it open for good.
        /// </summary>
        private void CancelOldPrimary(bool buys)
        {
            var cancel = new CancelPrimary(_state.Primary.Instrument, buys);
            if ((buys ? _state.Primary.BuyingFor : _state.Primary.SellingFor) > _state.Settings.UnwindAfter && _actions?.Contains(cancel) != true)
            {
                Add(cancel);
            }
        }

        /// <summary>
        /// How long a hedge may rest: the whole patience where the spread is worth it and the residual is small, less
        /// the narrower the spread and the larger the residual.
        /// </summary>
        private readonly TimeSpan Patience(in LegState leg, decimal units)
        {
            var settings = _state.Settings;
            var notional = leg.Instrument.ContractsOf(Math.Abs(units)) * leg.Instrument.ContractMultiplier * (leg.FreshPrice ?? leg.Quote.Last);
            var spread = settings.MakerSpread == 0m ? 1m : Math.Min(1m, leg.Quote.Spread / settings.MakerSpread);
            var size = notional <= settings.MakerNotional ? 1m : settings.MakerNotional / notional;
            return settings.MakerPatience * (double)(spread * size);
        }

        /// <summary>Contracts of <paramref name="instrument"/> missing to the requirement, itself rounded toward zero to that lot; zero when working orders may already be enough.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly decimal Missing(Instrument instrument)
        {
            var required = RequiredOn(instrument);
            var buy = required - (_held + _buying);
            var sell = required - (_held + _selling);
            return instrument.ContractsOf(buy > 0m ? buy : sell < 0m ? sell : 0m);
        }

        /// <summary>What is required, rounded toward zero to an instrument's lot.</summary>
        private readonly decimal RequiredOn(Instrument instrument)
            => instrument.RoundUnitsTowardZero(_required);

        private readonly bool IsIncrease(decimal quantity) => quantity != 0m && Math.Sign(quantity) == Math.Sign(_required);

        private readonly bool CanAdd(in LegState leg, decimal quantity)
            => leg.AddBlock == UnhedgedReason.None && IsIncrease(quantity) && Math.Abs(_required) > _state.Group.Band
                && !_state.IsHalted && !_state.IsFlattening && !_state.IsFrozen;

        private readonly bool IsCanceled(Instrument instrument, bool buys)
        {
            for (var i = 0; _actions is not null && i < _actions.Count; i++)
            {
                if (_actions[i] is CancelHedge cancel && cancel.Buys == buys && cancel.Instrument == instrument)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>The reason that passes soonest is the one that is told; a minimum, which does not pass, only alone.</summary>
        private void Blocked(UnhedgedReason reason)
        {
            if (Reason is UnhedgedReason.None or UnhedgedReason.BelowMinimum
                || (reason < Reason && reason != UnhedgedReason.BelowMinimum))
            {
                Reason = reason;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Send(Instrument instrument, decimal quantity, decimal? limitPrice = null, OrderPurpose purpose = OrderPurpose.Hedge)
        {
            Add(new SendHedge(instrument, quantity, limitPrice, purpose));
            var units = instrument.UnitsOf(quantity);
            if (units > 0m)
            {
                _buying += units;
            }
            else
            {
                _selling += units;
            }
        }

        private void Add(HedgeAction action) => (_actions ??= []).Add(action);
    }
}
