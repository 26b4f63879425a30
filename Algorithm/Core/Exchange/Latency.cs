#nullable enable
using System;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Exchange;

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
