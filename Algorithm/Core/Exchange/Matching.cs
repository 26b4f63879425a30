#nullable enable
using System;
using System.Runtime.CompilerServices;

namespace CrossHedgeLean.Exchange;

/// <summary>A part of an order that traded.</summary>
/// <param name="Quantity">Contracts, signed; zero if nothing traded.</param>
/// <param name="Price">Average price in the settlement currency.</param>
/// <param name="IsMaker">Whether it rested in the book.</param>
public readonly record struct Match(decimal Quantity, decimal Price, bool IsMaker);

/// <summary>
/// How orders meet a venue's quotes and trades. An order meets the first interval that ends after it arrived, at that
/// interval's open: with minute data the next bar's open. Pure.
/// </summary>
public static class Matching
{
    /// <summary>Every further quoted size worsens the price by this fraction: one basis point. An assumption, not a venue's rule.</summary>
    public const decimal ImpactPerSize = 0.0001m;

    /// <summary>A market order takes at most this many quoted sizes of one interval; the rest waits for the next. An assumption.</summary>
    public const decimal SizesPerInterval = 10m;

    /// <summary>A resting order gets at most this share of an interval's traded volume, the rest being ahead in the queue. An assumption.</summary>
    public const decimal ShareOfVolume = 0.1m;

    /// <summary>Matches an order against one interval, once; a second call for the same interval trades nothing.</summary>
    /// <param name="order">The order; what it met is remembered in it.</param>
    /// <param name="view">The interval.</param>
    /// <returns>What traded, in whole lots; the caller books it with <see cref="Fill"/>.</returns>
    public static Match Meet(ExchangeOrder order, in MarketView view)
    {
        if (view.EndUtc <= order.ArrivesUtc || view.EndUtc <= order.MatchedUntilUtc || order.Remaining == 0m)
        {
            return default;
        }

        order.MatchedUntilUtc = view.EndUtc;
        var buys = order.Remaining > 0m;
        var open = buys ? view.AskOpen : view.BidOpen;
        if (open <= 0m)
        {
            return default;
        }

        var size = buys ? view.AskSize : view.BidSize;
        if (order.LimitPrice is not { } limit)
        {
            return Take(order, open, size, decimal.MaxValue, buys);
        }

        if (!order.IsResting)
        {
            order.IsResting = true;
            if (buys ? open <= limit : open >= limit)
            {
                return Take(order, open, size, limit, buys);
            }
        }

        var reached = buys ? view.AskLow < limit : view.BidHigh > limit;
        if (!reached)
        {
            return default;
        }

        var most = view.Volume > 0m ? view.Volume * ShareOfVolume : size > 0m ? size : decimal.MaxValue;
        return new Match(Cut(order, most), limit, IsMaker: true);
    }

    /// <summary>Books what traded in the order.</summary>
    public static void Fill(ExchangeOrder order, decimal quantity) => order.Filled += quantity;

    /// <summary>The average price of taking a quantity: the quote up to its size, beyond it ever worse.</summary>
    /// <param name="quote">The best price on the other side.</param>
    /// <param name="size">Contracts quoted there; 0 if unknown: then there is no impact.</param>
    /// <param name="quantity">Contracts taken; positive.</param>
    /// <param name="buys">Whether a buy takes the ask; else a sell takes the bid.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static decimal AveragePrice(decimal quote, decimal size, decimal quantity, bool buys)
    {
        if (size <= 0m || quantity <= size)
        {
            return quote;
        }

        var beyond = quantity - size;
        var impact = ImpactPerSize * (beyond / size) * (beyond / quantity) / 2m;
        return quote * (buys ? 1m + impact : 1m - impact);
    }

    private static Match Take(ExchangeOrder order, decimal open, decimal size, decimal limit, bool buys)
    {
        var most = decimal.MaxValue;
        if (size > 0m)
        {
            // Down to where the impact has moved the price to the limit.
            var room = limit == decimal.MaxValue ? SizesPerInterval : 1m + (Math.Abs((limit / open) - 1m) / ImpactPerSize);
            most = size * Math.Min(SizesPerInterval, room);
        }

        var quantity = Cut(order, most);
        return new Match(quantity, AveragePrice(open, size, Math.Abs(quantity), buys), IsMaker: false);
    }

    private static decimal Cut(ExchangeOrder order, decimal most)
        => Math.Abs(order.Remaining) <= most ? order.Remaining : order.Instrument.RoundTowardZero(Math.Sign(order.Remaining) * most);
}

/// <summary>
/// What a venue showed of an instrument over an interval: a bar of quotes or trades, or one quote if start and end are
/// the same. Prices in the settlement currency, sizes in contracts; a size of 0 is unknown.
/// </summary>
/// <param name="StartUtc">UTC.</param>
/// <param name="EndUtc">UTC, not before the start.</param>
/// <param name="BidOpen">The first bid.</param>
/// <param name="BidHigh">The highest bid: where a resting sell could fill.</param>
/// <param name="BidSize">Quoted at the bid.</param>
/// <param name="AskOpen">The first ask.</param>
/// <param name="AskLow">The lowest ask: where a resting buy could fill.</param>
/// <param name="AskSize">Quoted at the ask.</param>
/// <param name="Volume">Traded in the interval.</param>
public readonly record struct MarketView(
    DateTime StartUtc,
    DateTime EndUtc,
    decimal BidOpen,
    decimal BidHigh,
    decimal BidSize,
    decimal AskOpen,
    decimal AskLow,
    decimal AskSize,
    decimal Volume)
{
    /// <summary>The same interval at prices multiplied by a factor.</summary>
    public MarketView Times(decimal factor)
        => factor == 1m ? this : this with { BidOpen = BidOpen * factor, BidHigh = BidHigh * factor, AskOpen = AskOpen * factor, AskLow = AskLow * factor };
}
