using System;
using System.Collections.Generic;

namespace QuantConnect;

/// <summary>Names of markets and their numbers in identifiers.</summary>
public static class Market
{
    public const string Kraken = "kraken";
    public const string Binance = "binance";
    public const string BinanceUS = "binanceus";
    public const string Bybit = "bybit";
    public const string Coinbase = "coinbase";
    public const string DYDX = "dydx";

    private static readonly Dictionary<string, int> _numbers = new()
    {
        ["empty"] = 0,
        [Kraken] = 13,
        [Binance] = 16,
        [BinanceUS] = 36,
        [Bybit] = 37,
        [Coinbase] = 38,
        [DYDX] = 42,
    };

    /// <summary>Registers another market; numbers are below 1000 and not yet taken.</summary>
    public static void Add(string market, int identifier)
    {
        lock (_numbers)
        {
            market = market.ToLowerInvariant();
            if (identifier >= 1000)
                throw new ArgumentOutOfRangeException(nameof(identifier), "A market's number is below 1000");
            if (_numbers.ContainsKey(market) || Decode(identifier) != null)
                throw new ArgumentException($"The market '{market}' or its number {identifier} is already there");
            _numbers[market] = identifier;
        }
    }

    /// <summary>The number of a market, null if unknown.</summary>
    public static int? Encode(string market)
    {
        lock (_numbers)
        {
            return _numbers.TryGetValue(market, out var number) ? number : null;
        }
    }

    /// <summary>The market of a number, null if unknown.</summary>
    public static string Decode(int code)
    {
        lock (_numbers)
        {
            foreach (var pair in _numbers)
            {
                if (pair.Value == code)
                    return pair.Key;
            }
            return null;
        }
    }
}
