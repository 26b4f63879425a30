#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;

namespace CrossHedgeLean.Venues;

/// <summary>
/// What an order is routed by: market and kind of instrument, never the market alone (Binance spot and Binance
/// USDT futures are two accounts behind one market name). Written <c>market:kind</c>, as in <c>binance:spot</c>.
/// </summary>
public readonly record struct Route(string Market, InstrumentKind Kind)
{
    private static readonly (string Name, InstrumentKind Kind)[] KindNames =
    [
        ("spot", InstrumentKind.Spot),
        ("perpetual", InstrumentKind.LinearPerpetual),
        ("inverse", InstrumentKind.InversePerpetual),
    ];

    /// <summary>The routes for which a venue model exists, in the order in which messages list them.</summary>
    public static IReadOnlyList<Route> Known { get; } =
    [
        new("binance", InstrumentKind.Spot),
        new("binance", InstrumentKind.LinearPerpetual),
        new("bybit", InstrumentKind.Spot),
        new("bybit", InstrumentKind.LinearPerpetual),
        new("coinbase", InstrumentKind.Spot),
        new("kraken", InstrumentKind.Spot),
    ];

    /// <summary>The known routes as one text for error messages.</summary>
    public static string KnownNames => string.Join(", ", Known.Select(route => route.ToString()));

    /// <summary>Whether a venue model exists for this route.</summary>
    public bool IsKnown => Known.Contains(this);

    /// <summary>Reads <c>market:kind</c>; false if the text has another form or the kind is unknown.</summary>
    public static bool TryParse(string text, out Route route)
    {
        route = default;
        var parts = text.Trim().Split(':');
        if (parts.Length != 2 || parts[0].Length == 0)
        {
            return false;
        }

        foreach (var (name, kind) in KindNames)
        {
            if (string.Equals(parts[1].Trim(), name, StringComparison.OrdinalIgnoreCase))
            {
                route = new Route(parts[0].Trim().ToLowerInvariant(), kind);
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc />
    public override string ToString()
    {
        var kind = Kind;
        return $"{Market}:{KindNames.First(entry => entry.Kind == kind).Name}";
    }
}

/// <summary>What is traded on a route; with the market it decides which of a venue's accounts carries the order.</summary>
public enum InstrumentKind
{
    /// <summary>Coins bought and sold outright; the position is the coin balance.</summary>
    Spot,

    /// <summary>A perpetual whose profit and margin are in the quote currency (USDT, USDC, BUSD).</summary>
    LinearPerpetual,

    /// <summary>A perpetual whose profit and margin are in the coin itself. Named so that it can be refused.</summary>
    InversePerpetual,
}
