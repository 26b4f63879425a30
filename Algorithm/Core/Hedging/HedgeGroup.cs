#nullable enable
using System.Collections.Generic;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Hedging;

/// <summary>An underlying, the primary instrument that the strategy trades, and the legs that hedge it.</summary>
/// <param name="Name">The underlying's name, unique among the groups.</param>
/// <param name="Primary">What the strategy chooses to hold.</param>
/// <param name="Hedges">The hedge legs in order of preference; at least one.</param>
/// <param name="Ratio">Units hedged per unit of the primary; 1 is delta neutral. Not negative.</param>
/// <param name="Band">Under-hedge that is left alone, in units of the underlying. Not negative. An over-hedge has no band.</param>
public sealed record HedgeGroup(
    string Name,
    Instrument Primary,
    IReadOnlyList<Instrument> Hedges,
    decimal Ratio,
    decimal Band);
