#nullable enable
using System;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Exchange;

/// <summary>A market or limit order on its way to, or at, a venue.</summary>
/// <param name="id">The order; positive and unique.</param>
/// <param name="instrument">What it trades.</param>
/// <param name="quantity">Contracts, signed, in whole lots.</param>
/// <param name="limitPrice">In the settlement currency; null for a market order.</param>
/// <param name="arrivesUtc">When the matching engine has it, UTC: decision plus data delay plus order latency.</param>
public sealed class ExchangeOrder(int id, Instrument instrument, decimal quantity, decimal? limitPrice, DateTime arrivesUtc)
{
    /// <summary>The order.</summary>
    public int Id => id;

    /// <summary>What it trades.</summary>
    public Instrument Instrument => instrument;

    /// <summary>Contracts, signed.</summary>
    public decimal Quantity { get; set; } = quantity;

    /// <summary>In the settlement currency; null for a market order.</summary>
    public decimal? LimitPrice { get; set; } = limitPrice;

    /// <summary>When the matching engine has it, UTC.</summary>
    public DateTime ArrivesUtc => arrivesUtc;

    /// <summary>Contracts filled, signed.</summary>
    public decimal Filled { get; internal set; }

    /// <summary>Contracts left, signed.</summary>
    public decimal Remaining => Quantity - Filled;

    /// <summary>Whether it has met the book once: from then on a limit order is a maker.</summary>
    public bool IsResting { get; internal set; }

    /// <summary>The end of the last interval that it was matched against, UTC.</summary>
    internal DateTime MatchedUntilUtc { get; set; } = DateTime.MinValue;
}

/// <summary>What the simulated exchange answers to an order.</summary>
/// <param name="Quantity">Contracts that traded, signed; zero if only <paramref name="CancelsRest"/>.</param>
/// <param name="Price">Average price in the settlement currency.</param>
/// <param name="IsMaker">Whether the order rested.</param>
/// <param name="CancelsRest">Whether the venue cancels what is left: the account cannot pay for it.</param>
public readonly record struct ExchangeFill(decimal Quantity, decimal Price, bool IsMaker, bool CancelsRest)
{
    /// <summary>Whether nothing happened.</summary>
    public bool IsEmpty => Quantity == 0m && !CancelsRest;
}
