namespace QuantConnect.Util;

/// <summary>Splits pair symbols into base and quote currency and compares pairs.</summary>
public static class CurrencyPairUtil
{
    private static volatile PairCache _cache;

    /// <summary>How one pair relates to another.</summary>
    public enum Match { NoMatch, ExactMatch, InverseMatch }

    public static bool TryDecomposeCurrencyPair(Symbol currencyPair, out string baseCurrency, out string quoteCurrency)
    {
        baseCurrency = quoteCurrency = null;
        if (!IsValidSecurityType(currencyPair?.SecurityType, false))
            return false;
        (baseCurrency, quoteCurrency) = Split(currencyPair, Currencies.USD);
        return baseCurrency != null;
    }

    public static void DecomposeCurrencyPair(Symbol currencyPair, out string baseCurrency, out string quoteCurrency, string defaultQuoteCurrency = Currencies.USD)
    {
        IsValidSecurityType(currencyPair?.SecurityType, true);
        (baseCurrency, quoteCurrency) = Split(currencyPair, defaultQuoteCurrency);
        if (baseCurrency == null)
            throw new InvalidOperationException($"{currencyPair.Value} does not end with its quote currency {quoteCurrency}");
    }

    public static string CurrencyPairDual(string baseCurrency, string quoteCurrency, string knownSymbol) =>
        knownSymbol == baseCurrency ? quoteCurrency : knownSymbol == quoteCurrency ? baseCurrency : null;

    internal static Match Compare(string baseA, string quoteA, string market, string baseB, string quoteB)
    {
        if (Currencies.HasPegs(market))
        {
            // quote before base, B's quote before B's base; a later peg sees what an earlier one replaced
            quoteA = Currencies.IsPeg(quoteA, quoteB, market) ? quoteB : quoteA;
            quoteA = Currencies.IsPeg(quoteA, baseB, market) ? baseB : quoteA;
            baseA = Currencies.IsPeg(baseA, quoteB, market) ? quoteB : baseA;
            baseA = Currencies.IsPeg(baseA, baseB, market) ? baseB : baseA;
        }
        if (baseA == baseB && quoteA == quoteB)
            return Match.ExactMatch;
        return baseA == quoteB && quoteA == baseB ? Match.InverseMatch : Match.NoMatch;
    }

    public static bool IsValidSecurityType(SecurityType? securityType, bool throwException)
    {
        if (securityType is SecurityType.Crypto or SecurityType.CryptoFuture or SecurityType.Forex or SecurityType.Cfd)
            return true;
        return throwException ? throw new ArgumentException($"Not a currency pair: {securityType?.ToString() ?? "null"}") : false;
    }

    private static (string Base, string Quote) Split(Symbol pair, string defaultQuoteCurrency)
    {
        // by folder: this is asked for every fee
        var cache = _cache;
        if (cache?.DataFolder != Globals.DataFolder)
            _cache = cache = new PairCache(Globals.DataFolder, new());
        if (cache.Pairs.TryGetValue(pair, out var parts))
            return parts;
        var quote = pair.SecurityType == SecurityType.Forex
            ? pair.Value[^3..]
            : SymbolPropertiesDatabase.FromDataFolder().GetSymbolProperties(pair.ID.Market, pair, pair.SecurityType, defaultQuoteCurrency).QuoteCurrency;
        parts = (pair.Value.EndsWith(quote, StringComparison.Ordinal) ? pair.Value[..^quote.Length] : null, quote);
        return cache.Pairs[pair] = parts;
    }

    private sealed record PairCache(string DataFolder, ConcurrentDictionary<Symbol, (string Base, string Quote)> Pairs);
}
