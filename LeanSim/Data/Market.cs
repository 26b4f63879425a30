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

    public static int? Encode(string market)
    {
        lock (_numbers)
        {
            return _numbers.TryGetValue(market, out var number) ? number : null;
        }
    }

    public static string Decode(int code)
    {
        lock (_numbers)
        {
            foreach (var pair in _numbers)
                if (pair.Value == code)
                    return pair.Key;
            return null;
        }
    }
}
