#nullable enable
using System.Collections.Generic;
using CrossHedgeLean.Hedging;

namespace CrossHedgeLean.Framework;

/// <summary>One group at work, bound to LEAN's securities.</summary>
/// <param name="desk">The group at the desk.</param>
/// <param name="primary">What the strategy trades.</param>
/// <param name="legs">The hedge legs, in the group's order.</param>
internal sealed class GroupController(GroupDesk desk, HedgedInstrument primary, IReadOnlyList<HedgedInstrument> legs)
{
    public GroupDesk Desk => desk;

    public HedgeGroup Group => desk.Group;

    public HedgedInstrument Primary => primary;

    public IReadOnlyList<HedgedInstrument> Legs => legs;
}
