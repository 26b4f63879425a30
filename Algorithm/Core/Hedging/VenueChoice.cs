#nullable enable
using System;
using System.Runtime.CompilerServices;
using CrossHedgeLean.Exchange;

namespace CrossHedgeLean.Hedging;

/// <summary>In which order the legs of a group take a hedge, and what taking costs. Pure.</summary>
public static class VenueChoice
{
    /// <summary>
    /// Expected cost of adding to a leg, as a fraction of the notional: taker fee, half the spread, impact beyond the
    /// quoted size, funding up to the horizon, and a penalty for latency. Funding received makes it cheaper, below zero
    /// if it pays for the rest.
    /// </summary>
    /// <param name="view">The leg.</param>
    /// <param name="quantity">Contracts to add, signed.</param>
    /// <param name="settings">Horizon and penalty.</param>
    public static decimal Cost(IInstrumentView view, decimal quantity, HedgeSettings settings) => CostAt(view.Quote, view, quantity, settings);

    /// <summary>The same at a quote that is known already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static decimal CostAt(in Quote quote, IInstrumentView view, decimal quantity, HedgeSettings settings)
    {
        var buys = quantity > 0m;
        var best = buys ? quote.Ask : quote.Bid;
        var impact = best <= 0m
            ? 0m
            : Math.Abs((Matching.AveragePrice(best, buys ? quote.AskSize : quote.BidSize, Math.Abs(quantity), buys) / best) - 1m);
        var funding = view.FundingPerHour * settings.FundingHorizonHours * Math.Sign(quantity);
        var latency = view.Latency;
        return view.TakerFee + (quote.Spread / 2m) + impact + funding + (latency == TimeSpan.Zero ? 0m : settings.LatencyPenalty * (decimal)latency.TotalSeconds);
    }

    /// <summary>
    /// The order in which legs are asked: those that are the last choice (just returned, or too much of what could be
    /// lost stands there) after the others; within both by preference, by cost, or by what their share misses most.
    /// </summary>
    /// <param name="state">The group.</param>
    /// <param name="order">Gets the legs' indices, the first choice first; as long as there are legs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Rank(GroupState state, Span<int> order)
    {
        for (var i = 0; i < order.Length; i++)
        {
            var at = i;
            while (at > 0 && Before(state, i, order[at - 1]))
            {
                order[at] = order[at - 1];
                at--;
            }

            order[at] = i;
        }
    }

    /// <summary>
    /// The order in which legs are reduced: those too near to liquidation first, then the last choices, then against
    /// the order in which they take.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void RankExits(GroupState state, Span<int> order)
    {
        Rank(state, order);
        order.Reverse();
        for (var i = 1; i < order.Length; i++)
        {
            var leg = order[i];
            var at = i;
            while (at > 0 && IsNear(state, leg) && !IsNear(state, order[at - 1]))
            {
                order[at] = order[at - 1];
                at--;
            }

            order[at] = leg;
        }
    }

    private static bool IsNear(GroupState state, int leg) => state.Legs[leg].Distance < state.Settings.ShrinkTarget;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Before(GroupState state, int left, int right)
    {
        ref readonly var one = ref state.Legs[left];
        ref readonly var other = ref state.Legs[right];
        var (last, otherLast) = (one.IsReturning || one.IsConcentrated, other.IsReturning || other.IsConcentrated);
        if (last != otherLast)
        {
            return otherLast;
        }

        return state.Group.Split switch
        {
            HedgeSplit.Cost => one.Cost < other.Cost,
            HedgeSplit.Weights => Missing(state, left) > Missing(state, right),
            _ => false,
        };
    }

    /// <summary>How much of its share of the requirement a leg misses, in units of the underlying; negative if it holds more.</summary>
    private static decimal Missing(GroupState state, int leg)
    {
        var side = Math.Sign(state.RequiredUnits);
        return (state.Group.Weights[leg] * Math.Abs(state.RequiredUnits)) - (side * state.Legs[leg].HeldUnits);
    }
}
