using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>
/// Funding of a perpetual over days: positive and negative rates, long and short, the first interval after an opening,
/// flat over a boundary, and the last rate after the rates end.
/// </summary>
/// <param name="market">Market.</param>
/// <param name="brokerage">LEAN's venue model.</param>
/// <param name="currency">Account currency.</param>
public sealed class Funding(string market, BrokerageName brokerage, string currency) : ConformanceAlgorithm
{
    private Symbol _symbol = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        Case("funding-binance", Market.Binance, BrokerageName.BinanceFutures, "USDT"),
        Case("funding-bybit", Market.Bybit, BrokerageName.Bybit, "USDT"),
        Case("funding-bybit-in-usd", Market.Bybit, BrokerageName.Bybit, "USD"),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(4));
        SetAccountCurrency(currency);
        SetCash("USDT", 100_000m);
        SetBrokerageModel(brokerage, AccountType.Margin);
        _symbol = AddCryptoFuture("BTCUSDT", Resolution.Minute, market).Symbol;
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        switch (Step)
        {
            case 450:
                // 07:30: the boundary at 08:00 comes before LEAN set its first time.
                Note(MarketOrder(_symbol, 1m));
                break;
            case 1500:
                Note(MarketOrder(_symbol, -2.5m));
                break;
            case 2000:
                Note(MarketOrder(_symbol, 1.5m));
                break;
            case 2500:
                Note(MarketOrder(_symbol, -0.7m));
                break;
        }
    }

    private static ConformanceCase Case(string name, string market, BrokerageName brokerage, string currency)
    {
        var feed = Feed.Perpetual(market, "BTCUSDT");
        return ConformanceCase.Of(
            name, "funding of a perpetual over days", "Funding.cs",
            data => data.WithDatabases()
                .Minutes(feed, Day(1), 4, new PriceWalk(41, 61_000m, 0.1m, 60), spread: 0.1m, hasTrade: i => i is < 3_000 or > 3_100)
                .Funding(
                    feed,
                    (Day(1), 0.0001m), (Day(1).AddHours(8), 0.00023m), (Day(1).AddHours(16), -0.00017m),
                    (Day(2), 0.0003m), (Day(2).AddHours(8), -0.00005m), (Day(2).AddHours(16), 0.00012m),
                    (Day(3), 0.0002m)),
            () => new Funding(market, brokerage, currency));
    }
}
