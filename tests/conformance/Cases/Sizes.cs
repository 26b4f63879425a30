using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>Rounding to the lot, smallest quantity and smallest notional value, just below, at, and just above.</summary>
/// <param name="market">Market.</param>
/// <param name="brokerage">LEAN's venue model.</param>
/// <param name="account">Cash or margin.</param>
/// <param name="perpetual">Linear perpetual instead of spot.</param>
/// <param name="ticker">Instrument.</param>
/// <param name="currency">Account and quote currency.</param>
public sealed class Sizes(string market, BrokerageName brokerage, AccountType account, bool perpetual, string ticker, string currency) : ConformanceAlgorithm
{
    private Symbol _symbol = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        Case("sizes-binance-spot", Market.Binance, BrokerageName.Binance, AccountType.Cash, false, "BTCUSDT", "USDT"),
        Case("sizes-binance-futures", Market.Binance, BrokerageName.BinanceFutures, AccountType.Margin, true, "BTCUSDT", "USDT"),
        Case("sizes-bybit-spot", Market.Bybit, BrokerageName.Bybit, AccountType.Cash, false, "BTCUSDT", "USDT"),
        Case("sizes-bybit-linear", Market.Bybit, BrokerageName.Bybit, AccountType.Margin, true, "BTCUSDT", "USDT"),
        Case("sizes-kraken-spot", Market.Kraken, BrokerageName.Kraken, AccountType.Cash, false, "BTCUSD", "USD"),
        Case("sizes-coinbase-spot", Market.Coinbase, BrokerageName.Coinbase, AccountType.Cash, false, "BTCUSD", "USD"),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(1).AddHours(2));
        SetAccountCurrency(currency);
        SetCash(100_000m);
        SetBrokerageModel(brokerage, account);
        _symbol = perpetual
            ? AddCryptoFuture(ticker, Resolution.Minute, market).Symbol
            : AddCrypto(ticker, Resolution.Minute, market).Symbol;
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        var properties = Securities[_symbol].SymbolProperties;
        var lot = properties.LotSize;
        var smallest = properties.MinimumOrderSize ?? lot;
        var price = Securities[_symbol].Price;
        switch (Step)
        {
            case 1:
                Note("lot " + StateLines.Text(lot) + " smallest " + StateLines.Text(properties.MinimumOrderSize)
                    + " step " + StateLines.Text(properties.MinimumPriceVariation) + " magnifier " + StateLines.Text(properties.PriceMagnifier)
                    + " quote " + properties.QuoteCurrency + " ticker " + properties.MarketTicker);
                break;
            case 2:
                foreach (var quantity in new[] { lot, lot / 2, lot * 1.5m, lot * 7.999m, smallest, smallest - lot, smallest + lot, -lot / 3 })
                {
                    Note(MarketOrder(_symbol, quantity));
                }

                break;
            case 3:
                // Around a smallest notional value of 5 and of 10.
                foreach (var value in new[] { 4.9m, 5m, 5.1m, 9.9m, 10m, 10.1m, 12m })
                {
                    Note(MarketOrder(_symbol, value / price));
                    Note(LimitOrder(_symbol, value / price, price - 100m));
                }

                break;
            case 4:
                // Notional exactly at the smallest: 0.0001 at 50000.
                Note(LimitOrder(_symbol, 0.0001m, 50_000m));
                Note(LimitOrder(_symbol, 0.00011m, 50_000m));
                Note(LimitOrder(_symbol, 0.123456789123m, 50_000.123456789m));
                break;
            case 5:
                Note(MarketOrder(_symbol, 0.01m));
                Note(MarketOrder(_symbol, -0.0023456789m));
                Note(MarketOrder(_symbol, -Securities[_symbol].Holdings.Quantity));
                break;
            case 6:
                Note(MarketOrder(_symbol, 0.000000001m));
                Note(MarketOrder(_symbol, -0.000000001m));
                Note(MarketOrder(_symbol, 1_000_000m));
                break;
        }
    }

    private static ConformanceCase Case(
        string name, string market, BrokerageName brokerage, AccountType account, bool perpetual, string ticker, string currency) =>
        ConformanceCase.Of(
            name, "lots and smallest orders", "Sizes.cs",
            data => data.WithDatabases().Minutes(
                perpetual ? Feed.Perpetual(market, ticker) : Feed.Spot(market, ticker), Day(1), 1, new PriceWalk(81, 61_000m, 0.1m, 30), spread: 2m),
            () => new Sizes(market, brokerage, account, perpetual, ticker, currency));
}
