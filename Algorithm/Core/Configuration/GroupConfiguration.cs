#nullable enable
using System.Collections.Generic;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Configuration;

/// <summary>One hedge group as configured.</summary>
/// <param name="Name">The underlying.</param>
/// <param name="Primary">What the strategy trades.</param>
/// <param name="Hedges">The hedge legs in order of preference.</param>
/// <param name="Ratio">Units hedged per unit of the primary.</param>
/// <param name="Band">Under-hedge that is left alone, units of the underlying.</param>
/// <param name="Notional">What the sample strategies hold of the primary at full weight, in the account currency.</param>
/// <param name="UnitsPerContract">Units of the underlying per contract of instruments whose ticker says so (1000PEPEUSDT = 1000); others are 1.</param>
public sealed record GroupConfiguration(
    string Name,
    InstrumentId Primary,
    IReadOnlyList<InstrumentId> Hedges,
    decimal Ratio,
    decimal Band,
    decimal Notional,
    IReadOnlyDictionary<InstrumentId, decimal> UnitsPerContract);
