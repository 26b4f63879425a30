using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;
using QuantConnect.Interfaces;
using QuantConnect.Orders;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>Post-only limit orders pay the maker fee even where they cross the market.</summary>
/// <param name="market">Market.</param>
/// <param name="brokerage">LEAN's venue model.</param>
/// <param name="currency">Account and quote currency.</param>
public sealed class OrderPropertiesCases(string market, BrokerageName brokerage, string currency) : ConformanceAlgorithm
{
    private Symbol _symbol = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        Case("post-only-binance", Market.Binance, BrokerageName.Binance, "USDT"),
        Case("post-only-bybit", Market.Bybit, BrokerageName.Bybit, "USDT"),
        Case("post-only-kraken", Market.Kraken, BrokerageName.Kraken, "USD"),
        Case("post-only-coinbase", Market.Coinbase, BrokerageName.Coinbase, "USD"),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(1));
        SetAccountCurrency(currency);
        SetCash(100_000m);
        SetBrokerageModel(brokerage, AccountType.Cash);
        _symbol = AddCrypto("BTC" + currency, Resolution.Minute, market).Symbol;
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        if (Step % 100 != 5)
        {
            return;
        }

        var price = Securities[_symbol].Price;
        foreach (var postOnly in new[] { false, true })
        {
            var properties = Properties(postOnly);
            Note(MarketOrder(_symbol, 0.02m, tag: "market", orderProperties: properties));
            Note(LimitOrder(_symbol, 0.02m, price + 100m, orderProperties: properties));
            Note(LimitOrder(_symbol, -0.03m, price - 100m, orderProperties: properties));
            Note(LimitOrder(_symbol, -0.005m, price + 10m, asynchronous: true, orderProperties: properties));
        }
    }

    private IOrderProperties Properties(bool postOnly) => brokerage switch
    {
        BrokerageName.Binance => new BinanceOrderProperties { PostOnly = postOnly },
        BrokerageName.Bybit => new BybitOrderProperties { PostOnly = postOnly },
        BrokerageName.Kraken => new KrakenOrderProperties { PostOnly = postOnly },
        _ => new CoinbaseOrderProperties { PostOnly = postOnly },
    };

    private static ConformanceCase Case(string name, string market, BrokerageName brokerage, string currency) => ConformanceCase.Of(
        name, "post-only limit orders and their fees", "OrderPropertiesCases.cs",
        data => data.WithDatabases().Minutes(Feed.Spot(market, "BTC" + currency), Day(1), 1, new PriceWalk(241, 61_000m, 0.1m, 60), spread: 2m),
        () => new OrderPropertiesCases(market, brokerage, currency));
}
