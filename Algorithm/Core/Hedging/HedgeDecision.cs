#nullable enable
using System;
using System.Collections.Generic;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Hedging;

/// <summary>
/// One evaluation of a group: state in, actions with a typed reason out. Pure: no I/O, no clock, no randomness. This
/// file is the whole review surface of what we trade.
/// </summary>
/// <remarks>
/// <para>Required is minus ratio times the confirmed primary. Every size is rounded toward zero to the lot of the leg
/// that trades; there is no round-up path. Working orders count at their worst case, so that hedge held plus
/// everything working never exceeds what is required (invariant 1).</para>
/// <para>What reduces the hedge goes first, needs no fresh price and has no band: an exit waits for nothing here. What
/// increases it is sized only on a fresh price, and only outside the band.</para>
/// </remarks>
public sealed class HedgeDecision
{
    private static readonly IReadOnlyList<HedgeAction> NoActions = [];

    private HedgeDecision(GroupState state, IReadOnlyList<HedgeAction> actions, decimal uncovered, UnhedgedReason reason)
    {
        State = state;
        Actions = actions;
        UncoveredUnits = uncovered;
        Reason = reason;
    }

    /// <summary>What was decided on.</summary>
    public GroupState State { get; }

    /// <summary>What to do, in order: cancels, then exits, then increases.</summary>
    public IReadOnlyList<HedgeAction> Actions { get; }

    /// <summary>
    /// What neither working orders nor this decision's actions cover, in units of the underlying; positive: hedge still
    /// to be bought, negative: still to be sold. Below the dust limit nothing can be done about it.
    /// </summary>
    public decimal UncoveredUnits { get; }

    /// <summary>Why <see cref="UncoveredUnits"/> is left, or None when it is within the tolerance.</summary>
    public UnhedgedReason Reason { get; }

    /// <summary>Decides on one group.</summary>
    /// <param name="state">Everything the decision may read.</param>
    public static HedgeDecision Decide(GroupState state)
    {
        if (state.WarmingUp)
        {
            return new HedgeDecision(state, NoActions, -state.ResidualUnits, OutsideTolerance(state, state.ResidualUnits, UnhedgedReason.WarmingUp));
        }

        var plan = new Plan(state);
        plan.CancelSurplus();
        plan.Reduce();
        plan.Increase();
        var uncovered = plan.Uncovered;
        return new HedgeDecision(state, plan.Actions, uncovered, OutsideTolerance(state, uncovered, plan.Reason));
    }

    private static UnhedgedReason OutsideTolerance(GroupState state, decimal units, UnhedgedReason reason)
    {
        if (Math.Abs(units) <= state.Group.Band)
        {
            return UnhedgedReason.None;
        }

        return Math.Abs(units) < state.DustLimitUnits ? UnhedgedReason.BelowMinimum : reason;
    }

    /// <summary>The decision in the making. Units of the underlying unless said otherwise.</summary>
    private struct Plan
    {
        private readonly GroupState _state;
        private readonly decimal _required;
        private List<HedgeAction>? _actions;
        private decimal _buying;
        private decimal _selling;
        private bool _cancelling;

        public Plan(GroupState state)
        {
            _state = state;
            _required = state.RequiredUnits;
            for (var i = 0; i < state.Legs.Count; i++)
            {
                _buying += state.Legs[i].WorkingBuyUnits;
                _selling += state.Legs[i].WorkingSellUnits;
            }
        }

        public UnhedgedReason Reason { get; private set; } = UnhedgedReason.BelowMinimum;

        public readonly IReadOnlyList<HedgeAction> Actions => _actions is null ? NoActions : _actions;

        /// <summary>What is still missing after everything working and everything planned; zero while a cancel is under way.</summary>
        public readonly decimal Uncovered => _cancelling ? 0m : _required - (_state.HedgeUnits + _buying + _selling);

        /// <summary>
        /// Working orders that would, filled, move the hedge past what is required: they go before anything is sent. The
        /// requirement is rounded as for sending, or a decision would cancel what the last one sent.
        /// </summary>
        public void CancelSurplus()
        {
            var wantedBuy = 0m;
            var wantedSell = 0m;
            for (var i = 0; i < _state.Legs.Count; i++)
            {
                var wanted = RequiredOn(_state.Legs[i].Instrument) - _state.HedgeUnits;
                wantedBuy = Math.Max(wantedBuy, wanted);
                wantedSell = Math.Min(wantedSell, wanted);
            }

            var surplusBuy = _buying > wantedBuy;
            var surplusSell = _selling < wantedSell;
            if (!surplusBuy && !surplusSell)
            {
                return;
            }

            for (var i = 0; i < _state.Legs.Count; i++)
            {
                var leg = _state.Legs[i];
                if (surplusBuy && leg.WorkingBuy > 0m)
                {
                    Add(new CancelHedge(leg.Instrument, Buys: true));
                }

                if (surplusSell && leg.WorkingSell < 0m)
                {
                    Add(new CancelHedge(leg.Instrument, Buys: false));
                }
            }

            _cancelling = true;
        }

        /// <summary>Exits: the least preferred leg first, never across zero with everything that works on the leg.</summary>
        public void Reduce()
        {
            for (var i = _state.Legs.Count - 1; i >= 0 && !_cancelling; i--)
            {
                var leg = _state.Legs[i];
                var missing = Missing(leg.Instrument);
                var room = missing > 0m
                    ? Math.Max(0m, -(leg.Held + leg.WorkingBuy))
                    : Math.Min(0m, -(leg.Held + leg.WorkingSell));
                var quantity = missing > 0m ? Math.Min(missing, room) : Math.Max(missing, room);
                quantity = leg.Instrument.RoundTowardZero(quantity);
                if (quantity == 0m)
                {
                    continue;
                }

                // One leg that is both closed and reversed gets one order, if the part beyond zero may be sent at all.
                if (i == 0 && Math.Abs(quantity) < Math.Abs(missing) && CanIncrease(leg, missing))
                {
                    quantity = leg.Instrument.RoundTowardZero(missing);
                }

                if (leg.InBackoff)
                {
                    Reason = UnhedgedReason.Backoff;
                }
                else if (leg.Instrument.Accepts(quantity, leg.FreshPrice))
                {
                    Send(leg.Instrument, quantity);
                }
            }
        }

        /// <summary>The first leg that can be sized now takes all of what is missing.</summary>
        public void Increase()
        {
            if (_cancelling || Math.Abs(Uncovered) <= _state.Group.Band)
            {
                return;
            }

            for (var i = 0; i < _state.Legs.Count; i++)
            {
                var leg = _state.Legs[i];
                var quantity = leg.Instrument.RoundTowardZero(Missing(leg.Instrument));
                if (quantity == 0m || !IsIncrease(quantity))
                {
                    continue;
                }

                if (leg.InBackoff)
                {
                    Reason = UnhedgedReason.Backoff;
                }
                else if (leg.FreshPrice is null)
                {
                    Reason = UnhedgedReason.NoFreshPrice;
                }
                else if (leg.Instrument.Accepts(quantity, leg.FreshPrice))
                {
                    Send(leg.Instrument, quantity);
                    return;
                }
            }
        }

        /// <summary>Contracts of <paramref name="instrument"/> missing to the requirement, itself rounded toward zero to that lot; zero when working orders may already be enough.</summary>
        private readonly decimal Missing(Instrument instrument)
        {
            var required = RequiredOn(instrument);
            var held = _state.HedgeUnits;
            var buy = required - (held + _buying);
            var sell = required - (held + _selling);
            return (buy > 0m ? buy : sell < 0m ? sell : 0m) / instrument.UnitsPerContract;
        }

        /// <summary>What is required, rounded toward zero to an instrument's lot.</summary>
        private readonly decimal RequiredOn(Instrument instrument)
            => decimal.Truncate(_required / instrument.LotUnits) * instrument.LotUnits;

        private readonly bool IsIncrease(decimal quantity) => Math.Sign(quantity) == Math.Sign(_required);

        private readonly bool CanIncrease(HedgeLegState leg, decimal quantity)
            => leg.FreshPrice is not null && !leg.InBackoff && IsIncrease(quantity) && Math.Abs(_required) > _state.Group.Band;

        private void Send(Instrument instrument, decimal quantity)
        {
            Add(new SendHedge(instrument, quantity));
            var units = quantity * instrument.UnitsPerContract;
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
