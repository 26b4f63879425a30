using System;
using System.Collections.Generic;
using System.Globalization;

namespace CrossHedgeLean.Reports.Page.Charts;

/// <summary>The horizontal axis of all charts over time: the run, from its first to its last moment.</summary>
/// <param name="fromUtc">UTC.</param>
/// <param name="untilUtc">UTC, later.</param>
internal sealed class TimeScale(DateTime fromUtc, DateTime untilUtc)
{
    private static readonly TimeSpan[] Steps =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromHours(12),
        TimeSpan.FromDays(1), TimeSpan.FromDays(2), TimeSpan.FromDays(5), TimeSpan.FromDays(10), TimeSpan.FromDays(15), TimeSpan.FromDays(30), TimeSpan.FromDays(60), TimeSpan.FromDays(180), TimeSpan.FromDays(365),
    ];

    public DateTime FromUtc => fromUtc;

    public DateTime UntilUtc => untilUtc;

    /// <summary>Seconds from start to end.</summary>
    public double Length { get; } = (untilUtc - fromUtc).TotalSeconds;

    /// <summary>Seconds since the start.</summary>
    public double Seconds(DateTime timeUtc) => (timeUtc - fromUtc).TotalSeconds;

    /// <summary>Where a time stands, 0 to 1.</summary>
    public double At(DateTime timeUtc) => Seconds(timeUtc) / Length;

    /// <summary>About six round times with their text.</summary>
    public IEnumerable<(double At, string Text)> Marks()
    {
        var span = untilUtc - fromUtc;
        var step = Array.Find(Steps, step => span / step <= 7d) is { Ticks: > 0 } found ? found : Steps[^1];
        var format = step < TimeSpan.FromDays(1) ? "d MMM HH:mm" : "d MMM";
        var first = fromUtc.Ticks % step.Ticks == 0 || step >= TimeSpan.FromDays(1) ? fromUtc.Date : new DateTime((fromUtc.Ticks / step.Ticks) * step.Ticks, DateTimeKind.Utc);
        for (var time = first; time <= untilUtc; time += step)
        {
            if (time >= fromUtc)
            {
                yield return (At(time), time.ToString(format, CultureInfo.InvariantCulture));
            }
        }
    }
}
