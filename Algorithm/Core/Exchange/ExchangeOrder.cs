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

/// <summary>
/// How late an order meets the market: not at all (the decision's own price, for conformance), as the venue's profile
/// says, or a fixed time at every venue.
/// </summary>
public sealed record Latency
{
    private Latency(string text, TimeSpan? fixedDelay)
    {
        Text = text;
        Fixed = fixedDelay;
    }

    /// <summary>Orders fill at the engine's own prices, at once.</summary>
    public static Latency None { get; } = new("none", null);

    /// <summary>Data delay plus order latency of the venue's profile.</summary>
    public static Latency Venue { get; } = new("venue", null);

    /// <summary>As it is written in a configuration: <c>none</c>, <c>venue</c> or <c>hh:mm:ss.fff</c>.</summary>
    public string Text { get; }

    /// <summary>The time at every venue, or null.</summary>
    public TimeSpan? Fixed { get; }

    /// <summary>A fixed time from decision to matching, at every venue.</summary>
    /// <param name="delay">Zero or positive.</param>
    public static Latency Of(TimeSpan delay) => new(delay.ToString("c", System.Globalization.CultureInfo.InvariantCulture), delay);

    /// <summary>From a decision to the venue's matching engine.</summary>
    /// <param name="profile">The venue's profile.</param>
    public TimeSpan At(VenueProfile profile) => Fixed ?? profile.DataDelay + profile.OrderLatency;
}
