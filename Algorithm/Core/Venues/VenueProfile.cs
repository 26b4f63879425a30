#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using CrossHedgeLean.Venues.Profiles;

namespace CrossHedgeLean.Venues;

/// <summary>
/// What LEAN does not know of an account at a venue: margin brackets, funding, collateral, liquidation fee, latency. A
/// profile without brackets serves spot only. Immutable.
/// </summary>
public sealed record VenueProfile
{
    /// <summary>The profile's name, as in <c>bybit-unified</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where the margin brackets and rules were read.</summary>
    public required string Source { get; init; }

    /// <summary>The day at which the source was read. A venue changes its brackets without notice: an older backtest uses newer rules.</summary>
    public required DateOnly AsOf { get; init; }

    /// <summary>Margin brackets by ticker; empty where the account has no perpetuals.</summary>
    public IReadOnlyDictionary<string, MarginTiers> Tiers { get; init; } = new Dictionary<string, MarginTiers>();

    /// <summary>Brackets of a ticker that <see cref="Tiers"/> lacks; null: such an instrument is refused.</summary>
    public MarginTiers? FallbackTiers { get; init; }

    /// <summary>When funding is settled.</summary>
    public FundingSchedule Funding { get; init; } = new(TimeSpan.FromHours(8));

    /// <summary>
    /// For an account whose currencies together are one collateral: what share of each counts. Empty: each settlement
    /// currency carries its own positions alone.
    /// </summary>
    public IReadOnlyDictionary<string, decimal> CollateralRatios { get; init; } = new Dictionary<string, decimal>();

    /// <summary>Taken on a liquidated notional, a fraction.</summary>
    public decimal LiquidationFeeRate { get; init; }

    /// <summary>From our order's departure to the venue's matching engine; zero or positive.</summary>
    public TimeSpan OrderLatency { get; init; }

    /// <summary>From the venue's quote to our seeing it; zero or positive.</summary>
    public TimeSpan DataDelay { get; init; }

    /// <summary>Where the latencies were read.</summary>
    public string LatencySource { get; init; } = "";

    /// <summary>Whether all currencies of the account are one collateral.</summary>
    public bool PoolsCollateral => CollateralRatios.Count > 0;

    /// <summary>The brackets of an instrument; null if there are none and no fallback.</summary>
    public MarginTiers? TiersOf(string ticker) => Tiers.TryGetValue(ticker, out var tiers) ? tiers : FallbackTiers;
}

/// <summary>The profiles that come with the plugin.</summary>
public static class VenueProfiles
{
    private static readonly VenueProfile[] All =
    [
        SpotProfiles.Binance,
        BinanceProfiles.UsdtFutures,
        BybitProfiles.Unified,
        DydxProfiles.Chain,
        SpotProfiles.Coinbase,
        SpotProfiles.Kraken,
    ];

    /// <summary>The names of the profiles, always in the same order.</summary>
    public static IReadOnlyList<string> KnownNames { get; } = Array.ConvertAll(All, profile => profile.Name);

    /// <summary>The profile of a name, or null.</summary>
    /// <param name="name">As in <see cref="KnownNames"/>, lower case.</param>
    public static VenueProfile? Find(string name) => Array.Find(All, profile => profile.Name == name);
}

/// <summary>Reads the compact form in which the profiles state their brackets.</summary>
internal static class Brackets
{
    /// <summary>One table per ticker.</summary>
    /// <param name="rows">Tickers between spaces; brackets between spaces, each as cap:rate:leverage.</param>
    /// <exception cref="ArgumentException">Brackets break a rule of <see cref="MarginTiers.Check"/>, or a ticker comes twice.</exception>
    public static IReadOnlyDictionary<string, MarginTiers> Table(IReadOnlyList<(string Tickers, string Brackets)> rows)
    {
        var table = new Dictionary<string, MarginTiers>();
        foreach (var (tickers, brackets) in rows)
        {
            var tiers = new MarginTiers(Array.ConvertAll(brackets.Split(' '), Parse));
            foreach (var ticker in tickers.Split(' '))
            {
                table.Add(ticker, tiers);
            }
        }

        return table;
    }

    private static MarginTier Parse(string bracket)
    {
        var parts = bracket.Split(':');
        return new MarginTier(Number(parts[0]), Number(parts[1]), Number(parts[2]));
    }

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
}
