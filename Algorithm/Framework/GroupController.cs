#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Hedging;

namespace CrossHedgeLean.Framework;

/// <summary>One group at work: its instruments, its last decision, and whether something happened since.</summary>
internal sealed class GroupController(HedgeGroup group, HedgedInstrument primary, IReadOnlyList<HedgedInstrument> legs)
{
    public HedgeGroup Group => group;

    public HedgedInstrument Primary => primary;

    public IReadOnlyList<HedgedInstrument> Legs => legs;

    /// <summary>An order event came after the last decision.</summary>
    public bool Stale { get; set; }

    /// <summary>The last decision, or null before the first.</summary>
    public HedgeDecision? Decision { get; set; }

    /// <summary>The last decision, until its actions are sent.</summary>
    public HedgeDecision? Unsent { get; set; }

    public HedgedInstrument LegOf(HedgeAction action) => legs.First(leg => leg.Instrument == action.Instrument);

    public GroupState Observe(PositionBook positions, DateTime utcNow, TimeSpan priceMaxAge, bool warmingUp)
    {
        var states = new HedgeLegState[legs.Count];
        for (var i = 0; i < states.Length; i++)
        {
            var leg = legs[i];
            states[i] = new HedgeLegState(
                leg.Instrument,
                positions.Held(leg.Id),
                positions.WorkingBuy(leg.Id),
                positions.WorkingSell(leg.Id),
                leg.FreshPrice(utcNow, priceMaxAge),
                utcNow < leg.BackoffUntilUtc);
        }

        return new GroupState(
            group,
            utcNow,
            positions.Held(primary.Id),
            positions.WorkingBuy(primary.Id),
            positions.WorkingSell(primary.Id),
            states,
            warmingUp);
    }
}
