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
    decimal Band)
{
    /// <summary>How the hedge is divided over the legs.</summary>
    public HedgeSplit Split { get; init; } = HedgeSplit.Preference;

    /// <summary>For <see cref="HedgeSplit.Weights"/>: the share of each leg, in the order of the legs; together 1. Else empty.</summary>
    public IReadOnlyList<decimal> Weights { get; init; } = [];

    /// <summary>When the hedge is sent.</summary>
    public PairOrder PairOrder { get; init; } = PairOrder.PrimaryFirst;

    /// <summary>Whether a hedge first rests at our side of the book, for a time, before it takes.</summary>
    public bool IsMakerFirst { get; init; }

    /// <summary>Whether the primary is never reduced by us: its hedge moves to another venue instead.</summary>
    public bool KeepsPrimary { get; init; }

    /// <summary>The group's limits.</summary>
    public ExposureLimits Limits { get; init; } = ExposureLimits.None;
}

/// <summary>How a hedge is divided over several legs.</summary>
public enum HedgeSplit
{
    /// <summary>The first leg that can takes all that it can, then the next.</summary>
    Preference,

    /// <summary>Each leg has its share; what one cannot take goes to the others.</summary>
    Weights,

    /// <summary>As preference, the cheapest leg first.</summary>
    Cost,
}

/// <summary>When the hedge of a primary order is sent.</summary>
public enum PairOrder
{
    /// <summary>When the primary has filled: the hedge is sized on fills alone.</summary>
    PrimaryFirst,

    /// <summary>With the primary order: its working quantity counts as held.</summary>
    Together,

    /// <summary>Together if the hedge leg is the harder one (less of it is quoted per order), else the primary first.</summary>
    HardestFirst,
}
