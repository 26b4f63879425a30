#nullable enable
using System;
using System.Collections.Generic;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Hedging;

/// <summary>What holds for every group: patience, limits, distances. Every value can be set; the defaults are ours, not a venue's rule.</summary>
public sealed record HedgeSettings
{
    private readonly TimeSpan _fundingHorizon = TimeSpan.FromHours(8);

    /// <summary>A price older than this is not fresh.</summary>
    public TimeSpan PriceMaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A wider book, as a fraction of its mean, is no basis for a size.</summary>
    public decimal MaxSpread { get; init; } = 0.02m;

    /// <summary>How long a leg waits after its venue refused an order that adds; the limit of <see cref="UnhedgedReason.Backoff"/>.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an exit waits after a refusal: only so long that a storm of refusals does not become one of orders.</summary>
    public TimeSpan ExitBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The most patience that an order at our own side of the book gets; the limit of <see cref="UnhedgedReason.MakerPatience"/>.</summary>
    public TimeSpan MakerPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The spread, a fraction, from which on the patience is whole: below it there is little to gain.</summary>
    public decimal MakerSpread { get; init; } = 0.0005m;

    /// <summary>The residual, in the settlement currency, up to which the patience is whole: above it there is much to lose.</summary>
    public decimal MakerNotional { get; init; } = 10_000m;

    /// <summary>An order that was not answered for so long is unknown.</summary>
    public TimeSpan UnknownAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often evidence of an unknown order is asked for.</summary>
    public TimeSpan QueryEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an unknown order freezes its pair; the limit of <see cref="UnhedgedReason.OutcomeUnknown"/>. Its worst case counts for as long as it is unknown.</summary>
    public TimeSpan UnknownLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After so long outside its band for want of a venue, the residual is ended by reducing the primary.</summary>
    public TimeSpan UnwindAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A venue that came back is preferred again only after so long.</summary>
    public TimeSpan ReturnAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Orders per minute and venue, exits not counted; more halt the group that asks.</summary>
    public int OrderBudget { get; init; } = 120;

    /// <summary>Up to when funding counts in the cost of a leg.</summary>
    public TimeSpan FundingHorizon
    {
        get => _fundingHorizon;
        init
        {
            _fundingHorizon = value;
            FundingHorizonHours = (decimal)value.TotalHours;
        }
    }

    /// <summary><see cref="FundingHorizon"/> in hours; kept, because from a time span it goes through a double.</summary>
    internal decimal FundingHorizonHours { get; private init; } = 8m;

    /// <summary>What a second of latency costs in the choice of a leg, as a fraction of the notional.</summary>
    public decimal LatencyPenalty { get; init; } = 0.0001m;

    /// <summary>Share of all loss given default at one venue from which on it is said.</summary>
    public decimal ConcentrationWarn { get; init; } = 0.7m;

    /// <summary>Share of all loss given default at one venue from which on no primary is raised there.</summary>
    public decimal ConcentrationLimit { get; init; } = 0.9m;

    /// <summary>Distance to liquidation below which it is said and money is asked for; headroom keeps it.</summary>
    public decimal WarnDistance { get; init; } = 0.20m;

    /// <summary>Share of a leg's headroom that is left alone: an order as large as the headroom is refused when the price moves against it on its way.</summary>
    public decimal HeadroomReserve { get; init; } = 0.005m;

    /// <summary>Distance below which both legs shrink.</summary>
    public decimal ShrinkDistance { get; init; } = 0.10m;

    /// <summary>Distance at which they stop.</summary>
    public decimal ShrinkTarget { get; init; } = 0.15m;

    /// <summary>Distance below which the account takes exits only.</summary>
    public decimal ExitDistance { get; init; } = 0.05m;

    /// <summary>By how much a distance must be better before its warning or its exits-only ends.</summary>
    public decimal DistanceHysteresis { get; init; } = 0.02m;

    /// <summary>Limits of venues, by market.</summary>
    public IReadOnlyDictionary<string, ExposureLimits> Venues { get; init; } = new Dictionary<string, ExposureLimits>();
}

/// <summary>Limits of a group, or of a venue over the groups whose primary is there. Null: no limit.</summary>
/// <param name="Exposure">Most that the primary, over a venue all positions, may be worth, in the account currency. The gate refuses what would pass it.</param>
/// <param name="Naked">Most that the residual may be worth, in the account currency; beyond it nothing is raised.</param>
/// <param name="NakedTime">How long a residual may be outside its band before nothing is raised.</param>
public sealed record ExposureLimits(decimal? Exposure = null, decimal? Naked = null, TimeSpan? NakedTime = null)
{
    /// <summary>No limit.</summary>
    public static ExposureLimits None { get; } = new();
}

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
