#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;

namespace CrossHedgeLean.Venues;

/// <summary>
/// An instrument's trading rules. Quantities are in contracts (for spot: coins); positive is long or buy, negative
/// short or sell. Immutable.
/// </summary>
/// <param name="Id">Where it trades and under which ticker.</param>
/// <param name="Underlying">The coin it gives exposure to.</param>
/// <param name="SettlementCurrency">The currency of its price, profit and (linear) margin.</param>
/// <param name="UnitsPerContract">Units of the underlying per contract: 1 for spot and most linear perpetuals, 1000 for 1000PEPE.</param>
/// <param name="LotSize">Step of the order quantity, in contracts; positive.</param>
/// <param name="MinimumQuantity">Smallest order quantity, in contracts; 0 if the venue states none.</param>
/// <param name="MinimumNotional">An order's value in the settlement currency must be above this; 0 if the venue states none.</param>
/// <param name="ContractMultiplier">Value of one contract in the settlement currency per unit of its price: 1 for spot and linear perpetuals, 1000PEPE included, whose price is that of 1000 coins.</param>
public sealed record Instrument(
    InstrumentId Id,
    string Underlying,
    string SettlementCurrency,
    decimal UnitsPerContract,
    decimal LotSize,
    decimal MinimumQuantity,
    decimal MinimumNotional,
    decimal ContractMultiplier = 1m)
{
    /// <summary>The lot in units of the underlying.</summary>
    public decimal LotUnits => UnitsOf(LotSize);

    /// <summary>A quantity rounded toward zero to the lot; there is no way to round up.</summary>
    /// <param name="quantity">Contracts, signed.</param>
    public decimal RoundTowardZero(decimal quantity) => RoundTowardZero(quantity, LotSize);

    /// <summary>Contracts in units of the underlying.</summary>
    /// <param name="contracts">Contracts, signed.</param>
    public decimal UnitsOf(decimal contracts) => UnitsPerContract == 1m ? contracts : contracts * UnitsPerContract;

    /// <summary>Units of the underlying in contracts, not rounded to the lot. Most contracts are one unit, and asking costs less than reckoning.</summary>
    /// <param name="units">Units of the underlying, signed.</param>
    public decimal ContractsOf(decimal units) => UnitsPerContract == 1m ? units : units / UnitsPerContract;

    /// <summary>Units of the underlying rounded toward zero to the lot.</summary>
    /// <param name="units">Units of the underlying, signed.</param>
    internal decimal RoundUnitsTowardZero(decimal units) => RoundTowardZero(units, LotUnits);

    /// <summary>
    /// Whether the venue takes an order of this size. The notional rule is applied only when a price is known, and is
    /// strict: LEAN's Binance model refuses an order worth exactly the minimum.
    /// </summary>
    /// <param name="quantity">Contracts, signed.</param>
    /// <param name="price">Price in the settlement currency, or null.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Accepts(decimal quantity, decimal? price)
    {
        var size = Math.Abs(quantity);
        return size > 0m
            && size >= MinimumQuantity
            && (MinimumNotional == 0m || price is not { } known || size * known > MinimumNotional);
    }

    /// <summary>Nearly every lot is a power of ten: cutting digits off takes a fourth of the time of dividing, and gives the same digits.</summary>
    private static decimal RoundTowardZero(decimal quantity, decimal lot)
        => quantity.Scale >= lot.Scale && lot == new decimal(1, 0, 0, false, lot.Scale)
            ? decimal.Round(quantity, lot.Scale, MidpointRounding.ToZero)
            : decimal.Truncate(quantity / lot) * lot;

    /// <summary>The largest of lot, minimum quantity and minimum notional, in units of the underlying.</summary>
    /// <param name="price">Price in the settlement currency, or null if none is known (the notional rule is then left out).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public decimal DustLimit(decimal? price)
    {
        var notional = MinimumNotional != 0m && price is { } known && known > 0m ? MinimumNotional / known : 0m;
        return UnitsOf(Math.Max(LotSize, Math.Max(MinimumQuantity, notional)));
    }
}

/// <summary>One instrument at one venue, written <c>market:kind:ticker</c>, as in <c>bybit:perpetual:BTCUSDT</c>.</summary>
public readonly record struct InstrumentId(Route Route, string Ticker)
{
    /// <summary>Reads <c>market:kind:ticker</c>; false if the text has another form.</summary>
    public static bool TryParse(string text, out InstrumentId id)
    {
        id = default;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || colon == text.Length - 1 || !Route.TryParse(text[..colon], out var route))
        {
            return false;
        }

        id = new InstrumentId(route, text[(colon + 1)..].Trim().ToUpperInvariant());
        return true;
    }

    /// <inheritdoc />
    public override string ToString() => $"{Route}:{Ticker}";
}

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

    /// <summary>The currencies in which linear perpetuals settle.</summary>
    internal static IReadOnlyList<string> LinearQuotes { get; } = ["USDT", "USDC", "BUSD"];

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
