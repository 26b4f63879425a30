using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace CrossHedgeLean.DataGeneration;

/// <summary>
/// A pair at a venue that data can be generated for. Tick, lot and minimum order size are those of LEAN's symbol-properties
/// database (Data/symbol-properties, LEAN 24863901, 2026-08-21).
/// </summary>
internal sealed record GeneratorInstrument(
    string Market,
    string Kind,
    string Ticker,
    string BaseCoin,
    string QuoteCurrency,
    string Description,
    string MarketTicker,
    decimal Tick,
    decimal Lot,
    string MinimumOrderSize)
{
    /// <summary>All that the generator knows, in the order in which it lists them.</summary>
    public static IReadOnlyList<GeneratorInstrument> Known { get; } =
    [
        new("binance", "spot", "BTCUSDT", "BTC", "USDT", "BTCUSDT", "BTCUSDT", 0.01m, 0.00001m, "5"),
        new("binance", "spot", "ETHUSDT", "ETH", "USDT", "ETHUSDT", "ETHUSDT", 0.01m, 0.0001m, "5"),
        new("binance", "spot", "BTCBUSD", "BTC", "BUSD", "BTCBUSD", "BTCBUSD", 0.01m, 0.00001m, "10"),
        new("binance", "spot", "ETHBUSD", "ETH", "BUSD", "ETHBUSD", "ETHBUSD", 0.01m, 0.0001m, "10"),
        new("binance", "perpetual", "BTCUSDT", "BTC", "USDT", "BTCUSDT", "BTCUSDT", 0.1m, 0.001m, ""),
        new("binance", "perpetual", "ETHUSDT", "ETH", "USDT", "ETHUSDT", "ETHUSDT", 0.01m, 0.001m, ""),
        new("bybit", "spot", "BTCUSDT", "BTC", "USDT", "BTCUSDT", "BTCUSDT", 0.1m, 0.000001m, "0.000011"),
        new("bybit", "spot", "ETHUSDT", "ETH", "USDT", "ETHUSDT", "ETHUSDT", 0.01m, 0.00001m, "0.00029"),
        new("bybit", "perpetual", "BTCUSDT", "BTC", "USDT", "BTCUSDT", "BTCUSDT", 0.1m, 0.001m, "0.001"),
        new("bybit", "perpetual", "ETHUSDT", "ETH", "USDT", "ETHUSDT", "ETHUSDT", 0.01m, 0.01m, "0.01"),
        new("kraken", "spot", "BTCUSD", "BTC", "USD", "XBT/USD", "XXBTZUSD", 0.1m, 0.00000001m, "0.00005"),
        new("kraken", "spot", "ETHUSD", "ETH", "USD", "ETH/USD", "XETHZUSD", 0.01m, 0.00000001m, "0.002"),
        new("coinbase", "spot", "BTCUSD", "BTC", "USD", "Bitcoin-US Dollar", "BTC-USD", 0.01m, 0.00000001m, "0.00000001"),
        new("coinbase", "spot", "ETHUSD", "ETH", "USD", "Ethereum-US Dollar", "ETH-USD", 0.01m, 0.00000001m, "0.00000001"),
    ];

    /// <summary>The routes that the generator knows, as market:kind.</summary>
    public static IReadOnlyList<string> KnownRoutes { get; } = Known.Select(instrument => instrument.Route).Distinct().ToList();

    /// <summary>market:kind, as in the configuration.</summary>
    public string Route => $"{Market}:{Kind}";

    /// <summary>market:kind:ticker, as in the configuration.</summary>
    public string Name => $"{Market}:{Kind}:{Ticker}";

    /// <summary>Whether this is a linear perpetual; else spot.</summary>
    public bool IsPerpetual => Kind == "perpetual";

    /// <summary>LEAN's security type, as its data folder and databases spell it.</summary>
    public string SecurityType => IsPerpetual ? "cryptofuture" : "crypto";

    /// <summary>The row of LEAN's symbol-properties-database.csv.</summary>
    public string SymbolPropertiesRow => string.Create(
        CultureInfo.InvariantCulture,
        $"{Market},{Ticker},{SecurityType},{Description},{QuoteCurrency},1,{Tick},{Lot},{MarketTicker},{MinimumOrderSize}");

    /// <summary>Finds what a route lists under a ticker; null if the generator does not know it.</summary>
    public static GeneratorInstrument? Find(string route, string ticker) => Known.FirstOrDefault(instrument =>
        string.Equals(instrument.Route, route, StringComparison.OrdinalIgnoreCase)
        && string.Equals(instrument.Ticker, ticker, StringComparison.OrdinalIgnoreCase));
}
