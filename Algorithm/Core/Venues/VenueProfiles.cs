#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using CrossHedgeLean.Venues.Profiles;

namespace CrossHedgeLean.Venues;

/// <summary>The profiles that come with the plugin.</summary>
public static class VenueProfiles
{
    private static readonly VenueProfile[] All =
    [
        SpotProfiles.Binance,
        BinanceProfiles.UsdtFutures,
        BybitProfiles.Unified,
        DydxProfiles.Chain,
        SpotProfiles.Coinbase,
        SpotProfiles.Kraken,
    ];

    /// <summary>The names of the profiles, always in the same order.</summary>
    public static IReadOnlyList<string> KnownNames { get; } = Array.ConvertAll(All, profile => profile.Name);

    /// <summary>The profile of a name, or null.</summary>
    /// <param name="name">As in <see cref="KnownNames"/>, lower case.</param>
    public static VenueProfile? Find(string name) => Array.Find(All, profile => profile.Name == name);
}

/// <summary>Reads the compact form in which the profiles state their brackets.</summary>
internal static class Brackets
{
    /// <summary>One table per ticker.</summary>
    /// <param name="rows">Tickers between spaces; brackets between spaces, each as cap:rate:leverage.</param>
    /// <exception cref="ArgumentException">Brackets break a rule of <see cref="MarginTiers.Check"/>, or a ticker comes twice.</exception>
    public static IReadOnlyDictionary<string, MarginTiers> Table(IReadOnlyList<(string Tickers, string Brackets)> rows)
    {
        var table = new Dictionary<string, MarginTiers>();
        foreach (var (tickers, brackets) in rows)
        {
            var tiers = new MarginTiers(Array.ConvertAll(brackets.Split(' '), Parse));
            foreach (var ticker in tickers.Split(' '))
            {
                table.Add(ticker, tiers);
            }
        }

        return table;
    }

    private static MarginTier Parse(string bracket)
    {
        var parts = bracket.Split(':');
        return new MarginTier(Number(parts[0]), Number(parts[1]), Number(parts[2]));
    }

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
}
