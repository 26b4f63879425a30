using System;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CrossHedgeLean.Conformance.Data;

/// <summary>LEAN's two databases, as small as the cases need them. Values are those of LEAN's own files.</summary>
public static class Databases
{
    private static readonly string[] s_rows =
    [
        "binance,BTCUSDT,crypto,BTCUSDT,USDT,1,0.01,0.00001,BTCUSDT,5",
        "binance,ETHUSDT,crypto,ETHUSDT,USDT,1,0.01,0.0001,ETHUSDT,5",
        "binance,BTCBUSD,crypto,BTCBUSD,BUSD,1,0.01,0.00001,BTCBUSD,10",
        "binance,BTCEUR,crypto,BTCEUR,EUR,1,0.01,0.00001,BTCEUR,5",
        "binance,ETHBTC,crypto,ETHBTC,BTC,1,0.00001,0.0001,ETHBTC,0.0001",
        "binance,EURUSDT,crypto,EURUSDT,USDT,1,0.0001,0.1,EURUSDT,5",
        "binance,BNBUSDT,crypto,BNBUSDT,USDT,1,0.01,0.001,BNBUSDT,5",
        "binance,BTCUSDT,cryptofuture,BTCUSDT,USDT,1,0.1,0.001,BTCUSDT",
        "binance,ETHUSDT,cryptofuture,ETHUSDT,USDT,1,0.01,0.001,ETHUSDT",
        "binance,ADAUSDT,cryptofuture,ADAUSDT,USDT,1,0.0001,1,ADAUSDT",
        "binance,BTCBUSD,cryptofuture,BTCBUSD,BUSD,1,0.1,0.001,BTCBUSD,,",
        "bybit,BTCUSDT,crypto,BTCUSDT,USDT,1,0.1,0.000001,BTCUSDT,0.000011",
        "bybit,ETHUSDT,crypto,ETHUSDT,USDT,1,0.01,0.00001,ETHUSDT,0.00029",
        "bybit,BTCUSDT,cryptofuture,BTCUSDT,USDT,1,0.10,0.001,BTCUSDT,0.001",
        "bybit,ETHUSDT,cryptofuture,ETHUSDT,USDT,1,0.01,0.01,ETHUSDT,0.01",
        "kraken,BTCUSD,crypto,XBT/USD,USD,1,0.1,0.00000001,XXBTZUSD,0.00005",
        "kraken,BTCUSDT,crypto,XBT/USDT,USDT,1,0.1,0.00000001,XBTUSDT,0.00005",
        "kraken,ETHUSD,crypto,ETH/USD,USD,1,0.01,0.00000001,XETHZUSD,0.002",
        "kraken,EURUSD,crypto,EUR/USD,USD,1,0.00001,0.00000001,ZEURZUSD,0.5",
        "kraken,USDTUSD,crypto,USDT/USD,USD,1,0.00001,0.00000001,USDTZUSD,5",
        "coinbase,BTCUSD,crypto,Bitcoin-US Dollar,USD,1,0.01,0.00000001,BTC-USD,0.00000001",
        "coinbase,ETHUSD,crypto,Ethereum-US Dollar,USD,1,0.01,0.00000001,ETH-USD,0.00000001",
        "coinbase,ETHBTC,crypto,Ethereum-Bitcoin,BTC,1,0.00001,0.00000001,ETH-BTC,0.00000001",
        "coinbase,BTCUSDC,crypto,Bitcoin-USDC,USDC,1,0.01,0.00000001,BTC-USDC,0.00000001",
    ];

    private static readonly string[] s_markets =
    [
        "Crypto-binance-[*]", "Crypto-bybit-[*]", "Crypto-kraken-[*]", "Crypto-coinbase-[*]", "CryptoFuture-binance-[*]", "CryptoFuture-bybit-[*]",
    ];

    /// <summary>Every day around the clock, in UTC.</summary>
    public static string MarketHours()
    {
        var entries = new JsonObject();
        foreach (var market in s_markets)
        {
            var hours = new JsonObject { ["dataTimeZone"] = "UTC", ["exchangeTimeZone"] = "UTC" };
            foreach (var day in Enum.GetValues<DayOfWeek>().Select(x => x.ToString().ToLowerInvariant()))
            {
                hours[day] = new JsonArray(new JsonObject { ["start"] = "00:00:00", ["end"] = "1.00:00:00", ["state"] = "market" });
            }

            hours["holidays"] = new JsonArray();
            entries[market] = hours;
        }

        return new JsonObject { ["entries"] = entries }.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" });
    }

    /// <summary>Lots, price steps, smallest orders.</summary>
    public static string SymbolProperties() =>
        "market,symbol,type,description,quote_currency,contract_multiplier,minimum_price_variation,lot_size,market_ticker,minimum_order_size,price_magnifier,strike_multiplier\n"
        + string.Concat(s_rows.Select(row => row + "\n"));
}
