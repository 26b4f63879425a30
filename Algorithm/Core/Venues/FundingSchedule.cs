#nullable enable
using System;
using System.Collections.Generic;

namespace CrossHedgeLean.Venues;

/// <summary>From when on an instrument is funded at another interval.</summary>
/// <param name="Ticker">The instrument's ticker at the venue.</param>
/// <param name="FromUtc">The last boundary of the old interval, UTC; the next is one new interval later.</param>
/// <param name="Interval">The new interval: a whole number of hours that divides a day.</param>
public readonly record struct FundingChange(string Ticker, DateTime FromUtc, TimeSpan Interval);

/// <summary>
/// When a venue settles funding: at each multiple of the interval since midnight UTC. The position held just before a
/// boundary pays or receives. Immutable.
/// </summary>
/// <param name="Interval">The interval of instruments without a change: a whole number of hours that divides a day.</param>
/// <param name="Changes">Changes of interval, per ticker in the order of time.</param>
public sealed record FundingSchedule(TimeSpan Interval, IReadOnlyList<FundingChange> Changes)
{
    /// <summary>A schedule that never changes.</summary>
    /// <param name="interval">A whole number of hours that divides a day.</param>
    public FundingSchedule(TimeSpan interval)
        : this(interval, [])
    {
    }

    /// <summary>The first rule that an interval breaks, or null.</summary>
    public static string? Check(TimeSpan interval)
        => interval <= TimeSpan.Zero || interval.Ticks % TimeSpan.TicksPerHour != 0 || TimeSpan.TicksPerDay % interval.Ticks != 0
            ? $"a funding interval of {interval} is not a whole number of hours that divides a day: use 01:00:00, 02:00:00, 04:00:00 or 08:00:00."
            : null;

    /// <summary>The interval that ends at the next boundary after a time.</summary>
    /// <param name="ticker">The instrument's ticker.</param>
    /// <param name="timeUtc">UTC.</param>
    public TimeSpan IntervalAfter(string ticker, DateTime timeUtc)
    {
        var interval = Interval;
        for (var i = 0; i < Changes.Count; i++)
        {
            if (Changes[i].FromUtc <= timeUtc && Changes[i].Ticker == ticker)
            {
                interval = Changes[i].Interval;
            }
        }

        return interval;
    }

    /// <summary>The first boundary later than a time, UTC.</summary>
    /// <param name="ticker">The instrument's ticker.</param>
    /// <param name="timeUtc">UTC.</param>
    public DateTime NextBoundary(string ticker, DateTime timeUtc)
    {
        var interval = IntervalAfter(ticker, timeUtc).Ticks;
        var sinceMidnight = timeUtc.TimeOfDay.Ticks;
        return timeUtc.Date.AddTicks(((sinceMidnight / interval) + 1) * interval);
    }
}
