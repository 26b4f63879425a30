namespace QuantConnect;

/// <summary>Currency codes, symbols, and the coins that a market counts as 1:1 with another currency.</summary>
public static class Currencies
{
    public const string USD = "USD";
    public const string EUR = "EUR";
    public const string GBP = "GBP";
    public const string JPY = "JPY";
    public const string NullCurrency = "QCC";

    public static readonly HashSet<string> StablePairsCoinbase =
    [
        .. ("DAIUSD GYENUSD MUSDUSD PAXUSD USDTUSD USTUSD DAIUSDC USDTUSDC PAXUSDT USTUSDT "
            + "USDCEUR USDTEUR USTEUR USDCGBP USDTGBP WBTCBTC").Split(' ')
    ];

    private static readonly string[] _dollars = ["USDT", "USDC", USD];

    // market -> pair names (coin then peg) that hold at 1 without a conversion feed
    private static readonly Dictionary<string, HashSet<string>> _pegs = new()
    {
        [Market.Binance] = Pegs("USD", "BNFCR BUSD DAI FDUSD SUSD TUSD USDC USDP USDT UST", "IDRTIDR"),
        [Market.Bybit] = Pegs("USD", "BUSD DAI SUSD TUSD USDC USDP USDT UST"),
        [Market.Coinbase] = Pegs("USD", "USDC")
    };

    private static readonly Dictionary<string, string> _signs =
        "USD $ EUR € GBP ₤ JPY ¥ CHF Fr AUD $ CAD $ BTC ₿ ETH Ξ LTC Ł SOL ◎ USDT ₮".Split(' ').Chunk(2).ToDictionary(x => x[0], x => x[1]);

    public static bool IsStableCoinWithoutPair(string accountCurrency, string cashSymbol, string market)
    {
        if (!_dollars.Contains(accountCurrency))
            return IsPeg(accountCurrency, cashSymbol, market);
        foreach (var dollar in _dollars)
            if (dollar != cashSymbol && IsPeg(dollar, cashSymbol, market))
                return true;
        return false;
    }

    public static bool IsStableCoinWithoutPair(string symbol, string market) => _pegs.TryGetValue(market, out var pairs) && pairs.Contains(symbol);

    public static string GetCurrencySymbol(string currency) =>
        string.IsNullOrEmpty(currency) ? string.Empty : _signs.GetValueOrDefault(currency, currency);

    internal static bool HasPegs(string market) => _pegs.ContainsKey(market);

    internal static bool IsPeg(string first, string second, string market) =>
        IsStableCoinWithoutPair(first + second, market) || IsStableCoinWithoutPair(second + first, market);

    private static HashSet<string> Pegs(string peg, string coins, params string[] others) =>
        [.. coins.Split(' ').Select(coin => coin + peg), .. others];
}
