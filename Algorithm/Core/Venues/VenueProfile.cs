#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
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

    /// <summary>What leaves the account for other venues, by which network; the first that both ends serve is used.</summary>
    public IReadOnlyList<WithdrawalRule> Withdrawals { get; init; } = [];

    /// <summary>Whether all currencies of the account are one collateral.</summary>
    public bool PoolsCollateral => CollateralRatios.Count > 0;

    /// <summary>The brackets of an instrument; null if there are none and no fallback.</summary>
    public MarginTiers? TiersOf(string ticker) => Tiers.TryGetValue(ticker, out var tiers) ? tiers : FallbackTiers;
}

/// <summary>How a currency leaves a venue. Venues change these figures by the hour and show the valid one only to who logs in.</summary>
/// <param name="Currency">The currency.</param>
/// <param name="Network">The network, as in <c>Tron</c>; both ends must serve it.</param>
/// <param name="Fee">What the sender pays on top of the amount, in the currency; zero or positive.</param>
/// <param name="Minimum">The least amount, in the currency.</param>
/// <param name="Time">From the order to withdraw to the credit at the other end; typical.</param>
/// <param name="Source">Where the figures were read.</param>
/// <param name="AsOf">The day at which they were read.</param>
public sealed record WithdrawalRule(string Currency, string Network, decimal Fee, decimal Minimum, TimeSpan Time, string Source, DateOnly AsOf);

/// <summary>
/// Typical figures: no venue publishes its own where one can read them without logging in. Fees and times are the upper
/// ends of what guides state, so that a transfer is not planned on luck; minimums are assumed. Give a desk's own figures
/// as routes.
/// </summary>
internal static class TypicalWithdrawals
{
    private const string Fees = "typical: https://dr-binance.com/en/blog/binance-cheapest-withdraw-chain.html (Binance: USDT 1 over Tron and over Solana, 3 to 25 over Ethereum, "
        + "BTC 0.0001 to 0.0005, ETH 0.001 to 0.005) and https://www.abcdstable.com/academy/kraken-withdrawal-fe (Kraken: USDT 1 over Tron, 10 over Ethereum, BTC 0.00015, ETH 0.0035); "
        + "other venues and USDC by analogy; minimum assumed; ";

    private const string Minutes = "time: 3 to 30 minutes, the upper end, https://nihaoc.com/372.html";

    private const string Blocks = "time: 4 confirmations, about 40 minutes, https://support.kraken.com/hc/zh-cn/articles/203325283-Cryptocurrency-deposit-processing-times, and 20 for the sender's checks (assumed)";

    private static readonly DateOnly Read = new(2026, 11, 26);

    /// <summary>Stablecoins over the cheap networks, and the coins over their own.</summary>
    public static IReadOnlyList<WithdrawalRule> AllNetworks { get; } =
    [
        new("USDT", "Tron", 1m, 10m, TimeSpan.FromMinutes(30), Fees + Minutes, Read),
        new("USDT", "Ethereum", 10m, 20m, TimeSpan.FromMinutes(30), Fees + Minutes, Read),
        new("USDC", "Solana", 1m, 10m, TimeSpan.FromMinutes(30), Fees + Minutes, Read),
        new("USDC", "Ethereum", 10m, 20m, TimeSpan.FromMinutes(30), Fees + Minutes, Read),
        new("BTC", "Bitcoin", 0.0005m, 0.001m, TimeSpan.FromMinutes(60), Fees + Blocks, Read),
        new("ETH", "Ethereum", 0.0035m, 0.01m, TimeSpan.FromMinutes(30), Fees + Minutes, Read),
    ];

    /// <summary>The same without Tron.</summary>
    public static IReadOnlyList<WithdrawalRule> WithoutTron { get; } = AllNetworks.Where(rule => rule.Network != "Tron").ToArray();
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
