using System;
using System.Collections.Concurrent;
using QuantConnect.Securities;

namespace QuantConnect.Util;

/// <summary>Splits pair symbols into base and quote currency and compares pairs.</summary>
public static class CurrencyPairUtil
{
    private static volatile PairCache _cache;

    /// <summary>How one pair relates to another.</summary>
    public enum Match
    {
        NoMatch,
        ExactMatch,
        InverseMatch
    }

    /// <summary>Splits a pair, or returns false when it cannot be split.</summary>
    public static bool TryDecomposeCurrencyPair(Symbol currencyPair, out string baseCurrency, out string quoteCurrency)
    {
        baseCurrency = quoteCurrency = null;
        if (!IsValidSecurityType(currencyPair?.SecurityType, false))
        {
            return false;
        }
        (baseCurrency, quoteCurrency) = Split(currencyPair, Currencies.USD);
        return baseCurrency != null;
    }

    /// <summary>Splits a pair by the quote currency of its symbol properties; throws when the ticker does not end with it.</summary>
    public static void DecomposeCurrencyPair(Symbol currencyPair, out string baseCurrency, out string quoteCurrency, string defaultQuoteCurrency = Currencies.USD)
    {
        IsValidSecurityType(currencyPair?.SecurityType, true);
        (baseCurrency, quoteCurrency) = Split(currencyPair, defaultQuoteCurrency);
        if (baseCurrency == null)
        {
            throw new InvalidOperationException($"{currencyPair.Value} does not end with its quote currency {quoteCurrency}");
        }
    }

    /// <summary>True when the pair can be split.</summary>
    public static bool IsDecomposable(Symbol currencyPair) =>
        IsValidSecurityType(currencyPair?.SecurityType, false) && Split(currencyPair, Currencies.USD).Base != null;

    /// <summary>The pair's other currency, or null when the known one is not part of it.</summary>
    public static string CurrencyPairDual(this Symbol currencyPair, string knownSymbol)
    {
        DecomposeCurrencyPair(currencyPair, out var baseCurrency, out var quoteCurrency);
        return CurrencyPairDual(baseCurrency, quoteCurrency, knownSymbol);
    }

    /// <summary>The other one of two currencies, or null.</summary>
    public static string CurrencyPairDual(string baseCurrency, string quoteCurrency, string knownSymbol) =>
        knownSymbol == baseCurrency ? quoteCurrency : knownSymbol == quoteCurrency ? baseCurrency : null;

    /// <summary>Compares a pair with base and quote currency B; currencies pegged in the pair's market are the same.</summary>
    public static Match ComparePair(this Symbol pairA, string baseCurrencyB, string quoteCurrencyB) =>
        TryDecomposeCurrencyPair(pairA, out var baseA, out var quoteA)
            ? Compare(baseA, quoteA, pairA.ID.Market, baseCurrencyB, quoteCurrencyB)
            : Match.NoMatch;

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
        {
            return Match.ExactMatch;
        }
        return baseA == quoteB && quoteA == baseB ? Match.InverseMatch : Match.NoMatch;
    }

    /// <summary>True for the types that are pairs.</summary>
    public static bool IsValidSecurityType(SecurityType? securityType, bool throwException)
    {
        if (securityType is SecurityType.Crypto or SecurityType.CryptoFuture or SecurityType.Forex or SecurityType.Cfd)
        {
            return true;
        }
        return throwException ? throw new ArgumentException($"Not a currency pair: {securityType?.ToString() ?? "null"}") : false;
    }

    private static (string Base, string Quote) Split(Symbol pair, string defaultQuoteCurrency)
    {
        // by folder: this is asked for every fee
        var cache = _cache;
        if (cache?.DataFolder != Globals.DataFolder)
        {
            _cache = cache = new PairCache(Globals.DataFolder, new());
        }
        if (cache.Pairs.TryGetValue(pair, out var parts))
        {
            return parts;
        }
        var quote = pair.SecurityType == SecurityType.Forex
            ? pair.Value[^3..]
            : SymbolPropertiesDatabase.FromDataFolder().GetSymbolProperties(pair.ID.Market, pair, pair.SecurityType, defaultQuoteCurrency).QuoteCurrency;
        parts = (pair.Value.EndsWith(quote, StringComparison.Ordinal) ? pair.Value[..^quote.Length] : null, quote);
        return cache.Pairs[pair] = parts;
    }

    private sealed record PairCache(string DataFolder, ConcurrentDictionary<Symbol, (string Base, string Quote)> Pairs);
}

/// <summary>Helpers for securities.</summary>
public static class SecurityExtensions
{
    /// <summary>True when no subscription was asked for by the user.</summary>
    public static bool IsInternalFeed(this Security security) => security.HasOnlyInternalFeeds;
}
