#nullable enable
using System;

namespace CrossHedgeLean.Venues.Profiles;

/// <summary>dYdX Chain (v4), cross margin in USDC.</summary>
internal static class DydxProfiles
{
    // A market has one maintenance fraction for every size: no notional cap, no deduction.
    private const string LargeCap = "1000000000000:0.012:50";
    private const string MidCap = "1000000000000:0.03:20";
    private const string SmallCap = "1000000000000:0.05:10";
    private const string LongTail = "1000000000000:0.1:5";

    /// <summary>
    /// Which market is in which liquidity tier: the genesis of dydx-mainnet-1 in the chain's repository. BTC, ETH and SOL: a response of
    /// the indexer, GET /v4/perpetualMarkets, kept by NautilusTrader with the time 2025-12-08 (initial 0.02, 0.02 and 0.05; maintenance
    /// 0.012, 0.012 and 0.03). Governance may since have moved other markets.
    /// </summary>
    /// <remarks>
    /// Rates: Large-Cap 2% initial of which 60% maintenance and Small-Cap 10%/50%, Long-Tail 20%/50%,
    /// https://docs.dydx.community/dydx-unlimited/modules/governance/governance-adjustable-parameters/markets; Mid-Cap 5%/60%,
    /// https://dydx.forum/t/liquidity-tier-maintenance/2939. Not modelled: initial margin rises with a market's open interest,
    /// https://docs.dydx.exchange/concepts/trading/margin. Funding: every hour, https://docs.dydx.exchange/concepts/trading/funding.
    /// Liquidation: up to 1.5%, max_liquidation_fee_ppm of the same genesis and https://docs.dydx.exchange/concepts/trading/liquidations.
    /// </remarks>
    public static readonly VenueProfile Chain = new()
    {
        Name = "dydx",
        Source = "https://github.com/dydxprotocol/v4-chain/blob/c5eb7a9e0615ca37e5a9eaf2d9c2f2fecdf41a3f/protocol/testing/mainnet/genesis.json and "
            + "https://github.com/nautechsystems/nautilus_trader/blob/97dd51faf8c1e5fcd71c9f033d2f4ad887254657/crates/adapters/dydx/test_data/http_get_perpetual_markets.json",
        AsOf = new DateOnly(2025, 10, 20),
        Tiers = Brackets.Table(Rows),
        Funding = new FundingSchedule(TimeSpan.FromHours(1)),
        LiquidationFeeRate = 0.015m,
        OrderLatency = TimeSpan.FromMilliseconds(500),
        DataDelay = TimeSpan.FromMilliseconds(500),
        LatencySource = "https://github.com/dydxprotocol/v4-chain/blob/84d4664bae71e3a077adaac67fb77ad19cd28d30/protocol/cmd/dydxprotocold/cmd/config.go: "
            + "an order is matched by the proposer of a block, and blocks follow one another by 500 ms (TimeoutCommit) at least. For a host in the "
            + "validators' region. The data delay is taken as one block too, by analogy.",
    };

    private static (string Tickers, string Brackets)[] Rows =>
    [
        ("BTCUSD ETHUSD", LargeCap),
        ("SOLUSD", MidCap),
        ("LINKUSD POLUSD CRVUSD ADAUSD AVAXUSD FILUSD LTCUSD DOGEUSD ATOMUSD DOTUSD UNIUSD BCHUSD TRXUSD NEARUSD XLMUSD ETCUSD WLDUSD", SmallCap),
        ("APTUSD ARBUSD OPUSD PEPEUSD SHIBUSD SUIUSD XRPUSD", SmallCap),
        ("COMPUSD APEUSD BLURUSD LDOUSD SEIUSD", LongTail)
    ];
}
