using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>
/// Gaps: a day file that is missing, minutes that are missing in all feeds at once, a late start, an early end,
/// with fill-forward and without, trades and quotes apart.
/// </summary>
/// <param name="fillForward">Whether LEAN repeats the last bar.</param>
public sealed class Gaps(bool fillForward) : ConformanceAlgorithm
{
    private static readonly Feed s_holes = Feed.Spot(Market.Binance, "BTCUSDT");
    private static readonly Feed s_late = Feed.Spot(Market.Binance, "ETHUSDT");
    private static readonly Feed s_early = Feed.Perpetual(Market.Binance, "BTCUSDT");
    private static readonly Feed s_absent = Feed.Perpetual(Market.Binance, "ADAUSDT");

    private Symbol _holes = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of("gaps-filled-forward", "gaps, late start, early end, a missing day", "Gaps.cs", WriteData, () => new Gaps(fillForward: true)),
        ConformanceCase.Of("gaps-left-open", "the same without fill-forward", "Gaps.cs", WriteData, () => new Gaps(fillForward: false)),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(4).AddHours(6));
        SetAccountCurrency("USDT");
        SetCash(900_000m);
        SetBrokerageModel(BrokerageName.Binance, AccountType.Margin);
        _holes = AddCrypto("BTCUSDT", Resolution.Minute, Market.Binance, fillForward).Symbol;
        AddCrypto("ETHUSDT", Resolution.Minute, Market.Binance, fillForward);
        AddCryptoFuture("BTCUSDT", Resolution.Minute, Market.Binance, fillForward);
        AddCryptoFuture("ADAUSDT", Resolution.Minute, Market.Binance, fillForward);
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        if (Step % 300 == 20)
        {
            foreach (var security in new[] { Securities[_holes], Securities["ETHUSDT"] })
            {
                Note(MarketOrder(security.Symbol, 0.1m));
                Note(LimitOrder(security.Symbol, -0.05m, security.Price * 1.001m));
                Note($"{security.Symbol.Value} has data {security.HasData} last {(security.GetLastData() is { } last ? StateLines.Text(last.EndTime) : "-")}");
            }
        }
    }

    private static void WriteData(DataFolder data) => data.WithDatabases()
        // Quotes and trades have holes at different minutes, and one together over midnight. The whole third day is missing.
        .Minutes(
            s_holes, Day(1), 2, new PriceWalk(61, 61_000m, 0.01m, 600), spread: 1m,
            hasTrade: i => i % 50 is < 30 and not 7 && i is < 1_430 or > 1_450,
            hasQuote: i => i % 70 is < 60 and not 13 && i is < 1_425 or > 1_460)
        .Minutes(s_holes, Day(4), 1, new PriceWalk(62, 61_200m, 0.01m, 600), spread: 1m)
        .Minutes(s_late, Day(1), 4, new PriceWalk(63, 3_400m, 0.01m, 300), hasTrade: i => i >= 777 && i % 3 == 0)
        .Minutes(s_early, Day(1), 1, new PriceWalk(64, 61_000m, 0.1m, 60), spread: 0.1m, hasTrade: i => i is > 0 and < 400, hasQuote: i => i is > 2 and < 402)
        .Minutes(s_absent, Day(2), 1, new PriceWalk(65, 0.6m, 0.0001m, 10), hasTrade: i => i is 0 or 1439);
}
