#nullable enable
using System;

namespace CrossHedgeLean.Venues.Profiles;

/// <summary>Cash accounts for spot: no brackets, no funding, no liquidation; a profile of theirs states latencies only.</summary>
internal static class SpotProfiles
{
    private const string Rest = "https://arbitron.app/learn/crypto-exchange-server-locations: a REST call takes 10 to 35 ms from the region next to an exchange's "
        + "matching engine; the upper end is taken. The page does not measure this exchange: by analogy. For a host in the exchange's region. ";

    /// <summary>Binance spot.</summary>
    public static readonly VenueProfile Binance = new()
    {
        Name = "binance-spot",
        Source = "https://developers.binance.com/docs/binance-spot-api-docs/rest-api",
        AsOf = new DateOnly(2026, 11, 22),
        Withdrawals = TypicalWithdrawals.AllNetworks,
        OrderLatency = TimeSpan.FromMilliseconds(5),
        DataDelay = TimeSpan.FromMilliseconds(5),
        LatencySource = "https://github.com/FLOX-Foundation/flox/blob/711db515492e1b6e56dc47559b608eb9a3ddd37c/docs/how-to/latency-profiles.md: "
            + "binance_um_futures, submit acknowledgement p50 5 ms, by analogy, both venues being in the same region (AWS Tokyo). For a host in that region.",
    };

    /// <summary>Coinbase Advanced Trade, spot.</summary>
    public static readonly VenueProfile Coinbase = new()
    {
        Name = "coinbase-spot",
        Source = "https://docs.cdp.coinbase.com/coinbase-app/advanced-trade-apis/overview",
        AsOf = new DateOnly(2026, 11, 22),
        Withdrawals = TypicalWithdrawals.WithoutTron,
        OrderLatency = TimeSpan.FromMilliseconds(35),
        DataDelay = TimeSpan.FromMilliseconds(35),
        LatencySource = Rest,
    };

    /// <summary>Kraken, spot.</summary>
    public static readonly VenueProfile Kraken = new()
    {
        Name = "kraken-spot",
        Source = "https://docs.kraken.com/api/docs/rest-api/add-order",
        AsOf = new DateOnly(2026, 11, 22),
        Withdrawals = TypicalWithdrawals.AllNetworks,
        OrderLatency = TimeSpan.FromMilliseconds(35),
        DataDelay = TimeSpan.FromMilliseconds(35),
        LatencySource = Rest + "Kraken itself states a round trip of 2.5 ms at the 25th percentile on its best path (2023), https://www.theblock.co/post/235244/kraken-api-the-primacy-of-performance.",
    };
}
