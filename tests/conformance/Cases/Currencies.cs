using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>
/// Account currencies and conversions: feeds that LEAN adds by itself, pegs, two-leg and inverse conversions, coins that are held
/// and coins that are only quoted in.
/// </summary>
/// <param name="brokerage">LEAN's venue model: it names the conversion market.</param>
/// <param name="currency">Account currency.</param>
/// <param name="cash">Starting cash per currency.</param>
/// <param name="pairs">Spot pairs that are traded.</param>
public sealed class Currencies(BrokerageName brokerage, string currency, (string Currency, decimal Amount)[] cash, string[] pairs) : ConformanceAlgorithm
{
    private readonly List<Symbol> _symbols = [];

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of(
            "currency-usd-at-kraken", "USD account, USDT and EUR through real pairs, no pegs", "Currencies.cs", WriteKraken,
            () => new Currencies(BrokerageName.Kraken, "USD", [("USD", 50_000m), ("USDT", 20_000m), ("EUR", 10_000m)], ["BTCUSD", "BTCUSDT"])),
        ConformanceCase.Of(
            "currency-usdt-at-binance", "USDT account, BUSD pegged, BTC and EUR through pairs", "Currencies.cs", WriteBinance,
            () => new Currencies(BrokerageName.Binance, "USDT", [("USDT", 50_000m), ("BUSD", 30_000m), ("EUR", 10_000m), ("BTC", 0.5m)], ["BTCBUSD", "ETHBTC"])),
        ConformanceCase.Of(
            "currency-usd-at-binance", "USD account, USDT pegged", "Currencies.cs", WriteBinance,
            () => new Currencies(BrokerageName.Binance, "USD", [("USD", 1_000m), ("USDT", 50_000m)], ["BTCUSDT", "ETHUSDT"])),
        ConformanceCase.Of(
            "currency-eur-at-binance", "EUR account, USDT through the inverse of EURUSDT", "Currencies.cs", WriteBinance,
            () => new Currencies(BrokerageName.Binance, "EUR", [("EUR", 10_000m), ("USDT", 50_000m)], ["BTCUSDT", "BTCEUR"])),
        ConformanceCase.Of(
            "currency-btc-at-coinbase", "BTC account, ETH and USD through pairs", "Currencies.cs", WriteCoinbase,
            () => new Currencies(BrokerageName.Coinbase, "BTC", [("BTC", 2m), ("USD", 50_000m), ("ETH", 1m)], ["ETHBTC", "ETHUSD"])),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(2));
        SetAccountCurrency(currency);
        foreach (var (name, amount) in cash)
        {
            SetCash(name, amount);
        }

        SetBrokerageModel(brokerage, AccountType.Cash);
        foreach (var pair in pairs)
        {
            _symbols.Add(AddCrypto(pair, Resolution.Minute).Symbol);
        }
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        if (Step == 1)
        {
            foreach (var amount in Portfolio.CashBook.Values.OrderBy(x => x.Symbol, StringComparer.Ordinal))
            {
                Note($"{amount.Symbol} in account currency {StateLines.Text(amount.ValueInAccountCurrency)}"
                    + $" through {string.Join(' ', amount.SecuritySymbols.Select(StateLines.Text).Order(StringComparer.Ordinal))}");
            }
        }

        if (Step % 180 == 30)
        {
            foreach (var symbol in _symbols)
            {
                // Never the last of a fee currency.
                Note(MarketOrder(symbol, Step % 360 == 30 ? 0.02m : -0.015m));
                Note("1 " + Securities[symbol].QuoteCurrency.Symbol + " = " + StateLines.Text(Portfolio.CashBook.Convert(1m, Securities[symbol].QuoteCurrency.Symbol, currency)));
            }
        }
    }

    private static void WriteKraken(DataFolder data) => data.WithDatabases()
        .Minutes(Feed.Spot(Market.Kraken, "BTCUSD"), Day(1), 2, new PriceWalk(141, 61_000m, 0.1m, 60), spread: 1m)
        .Minutes(Feed.Spot(Market.Kraken, "BTCUSDT"), Day(1), 2, new PriceWalk(142, 61_050m, 0.1m, 60), spread: 1m, hasTrade: i => i > 20, hasQuote: i => i > 20)
        .Minutes(Feed.Spot(Market.Kraken, "USDTUSD"), Day(1), 2, new PriceWalk(143, 0.9991m, 0.00001m, 4), spread: 0.00002m, hasTrade: i => i % 5 == 2, hasQuote: i => i % 3 != 1)
        .Minutes(Feed.Spot(Market.Kraken, "EURUSD"), Day(1), 2, new PriceWalk(144, 1.085m, 0.00001m, 9), hasTrade: i => i is > 90 and < 2_000);

    private static void WriteBinance(DataFolder data) => data.WithDatabases()
        .Minutes(Feed.Spot(Market.Binance, "BTCUSDT"), Day(1), 2, new PriceWalk(145, 61_000m, 0.01m, 600), spread: 1m)
        .Minutes(Feed.Spot(Market.Binance, "ETHUSDT"), Day(1), 2, new PriceWalk(146, 3_400m, 0.01m, 60), hasTrade: i => i > 3)
        .Minutes(Feed.Spot(Market.Binance, "BTCBUSD"), Day(1), 2, new PriceWalk(147, 61_010m, 0.01m, 600))
        .Minutes(Feed.Spot(Market.Binance, "ETHBTC"), Day(1), 2, new PriceWalk(148, 0.0556m, 0.00001m, 9), spread: 0.00002m)
        .Minutes(Feed.Spot(Market.Binance, "EURUSDT"), Day(1), 2, new PriceWalk(149, 1.085m, 0.0001m, 4), spread: 0.0002m, hasTrade: i => i % 7 == 0)
        .Minutes(Feed.Spot(Market.Binance, "BTCEUR"), Day(1), 2, new PriceWalk(150, 56_200m, 0.01m, 600), spread: 2m);

    private static void WriteCoinbase(DataFolder data) => data.WithDatabases()
        .Minutes(Feed.Spot(Market.Coinbase, "BTCUSD"), Day(1), 2, new PriceWalk(151, 61_000m, 0.01m, 600), spread: 1m)
        .Minutes(Feed.Spot(Market.Coinbase, "ETHUSD"), Day(1), 2, new PriceWalk(152, 3_400m, 0.01m, 60), spread: 0.1m)
        .Minutes(Feed.Spot(Market.Coinbase, "ETHBTC"), Day(1), 2, new PriceWalk(153, 0.0556m, 0.00001m, 9), spread: 0.00002m);
}
