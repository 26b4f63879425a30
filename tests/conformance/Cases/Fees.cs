using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>Taker and maker fees of a route: market orders, resting limits, limits through the market.</summary>
/// <param name="market">Market.</param>
/// <param name="brokerage">LEAN's venue model.</param>
/// <param name="account">Cash or margin.</param>
/// <param name="perpetual">Linear perpetual instead of spot.</param>
/// <param name="ticker">Instrument.</param>
/// <param name="currency">Account and quote currency.</param>
public sealed class Fees(string market, BrokerageName brokerage, AccountType account, bool perpetual, string ticker, string currency) : ConformanceAlgorithm
{
    private Symbol _symbol = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        Case("fees-binance-spot", Market.Binance, BrokerageName.Binance, AccountType.Cash, false, "BTCUSDT", "USDT"),
        Case("fees-binance-futures", Market.Binance, BrokerageName.BinanceFutures, AccountType.Margin, true, "BTCUSDT", "USDT"),
        Case("fees-binance-futures-busd", Market.Binance, BrokerageName.BinanceFutures, AccountType.Margin, true, "BTCBUSD", "BUSD"),
        Case("fees-bybit-spot", Market.Bybit, BrokerageName.Bybit, AccountType.Cash, false, "BTCUSDT", "USDT"),
        Case("fees-bybit-linear", Market.Bybit, BrokerageName.Bybit, AccountType.Margin, true, "BTCUSDT", "USDT"),
        Case("fees-kraken-spot", Market.Kraken, BrokerageName.Kraken, AccountType.Cash, false, "BTCUSD", "USD"),
        Case("fees-coinbase-spot", Market.Coinbase, BrokerageName.Coinbase, AccountType.Cash, false, "BTCUSD", "USD"),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(1));
        SetAccountCurrency(currency);
        SetCash(300_000m);
        SetBrokerageModel(brokerage, account);
        _symbol = perpetual
            ? AddCryptoFuture(ticker, Resolution.Minute, market).Symbol
            : AddCrypto(ticker, Resolution.Minute, market).Symbol;
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        var price = Securities[_symbol].Price;
        switch (Step % 120)
        {
            case 1:
                Note(MarketOrder(_symbol, 0.25m));
                break;
            case 2:
                Note(LimitOrder(_symbol, 0.05m, price - 30m));
                break;
            case 3:
                Note(LimitOrder(_symbol, -0.05m, price + 30m));
                break;
            case 30:
                // Through the market: a taker in spite of its type.
                Note(LimitOrder(_symbol, 0.04m, price + 200m));
                Note(LimitOrder(_symbol, -0.04m, price - 200m));
                break;
            case 60:
                Note(MarketOrder(_symbol, -0.1m));
                break;
            case 61:
                Note(MarketOrder(_symbol, -Securities[_symbol].Holdings.Quantity));
                break;
        }
    }

    private static ConformanceCase Case(
        string name, string market, BrokerageName brokerage, AccountType account, bool perpetual, string ticker, string currency) =>
        ConformanceCase.Of(
            name, "taker and maker fees", "Fees.cs",
            data => data.WithDatabases().Minutes(
                perpetual ? Feed.Perpetual(market, ticker) : Feed.Spot(market, ticker), Day(1), 1, new PriceWalk(12, 61_000m, 0.1m, 90), spread: 2m),
            () => new Fees(market, brokerage, account, perpetual, ticker, currency));
}
