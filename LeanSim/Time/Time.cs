using System;
using System.Collections.Generic;

namespace QuantConnect;

/// <summary>Time constants.</summary>
public static class Time
{
    /// <summary>Later than any data.</summary>
    public static readonly DateTime EndOfTime = new(2050, 12, 31);

    /// <summary>Earlier than any data.</summary>
    public static readonly DateTime BeginningOfTime = DateTime.FromOADate(0);

    /// <summary>Longer than any run.</summary>
    public static readonly TimeSpan MaxTimeSpan = TimeSpan.FromDays(1000 * 365);

    /// <summary>365 days.</summary>
    public static readonly TimeSpan OneYear = TimeSpan.FromDays(365);

    /// <summary>24 hours.</summary>
    public static readonly TimeSpan OneDay = TimeSpan.FromDays(1);

    /// <summary>One hour.</summary>
    public static readonly TimeSpan OneHour = TimeSpan.FromHours(1);

    /// <summary>One minute.</summary>
    public static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);

    /// <summary>One second.</summary>
    public static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    /// <summary>One millisecond.</summary>
    public static readonly TimeSpan OneMillisecond = TimeSpan.FromMilliseconds(1);

    private static readonly DateTime _epoch = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Seconds since 1970 as a time.</summary>
    public static DateTime UnixTimeStampToDateTime(double unixTimeStamp) => _epoch.AddSeconds(unixTimeStamp);

    /// <summary>Milliseconds since 1970 as a time.</summary>
    public static DateTime UnixMillisecondTimeStampToDateTime(decimal unixTimeStamp) =>
        _epoch.AddTicks((long)(unixTimeStamp * TimeSpan.TicksPerMillisecond));

    /// <summary>A time as seconds since 1970.</summary>
    public static double DateTimeToUnixTimeStamp(DateTime time) =>
        (time - new DateTime(_epoch.Ticks, DateTimeKind.Unspecified)).TotalMilliseconds / 1000;

    /// <summary>A time as milliseconds since 1970.</summary>
    public static double DateTimeToUnixTimeStampMilliseconds(DateTime time) =>
        (time - new DateTime(_epoch.Ticks, DateTimeKind.Unspecified)).TotalMilliseconds;

    /// <summary>The later.</summary>
    public static DateTime Max(DateTime one, DateTime two) => one > two ? one : two;

    /// <summary>The earlier.</summary>
    public static DateTime Min(DateTime one, DateTime two) => one < two ? one : two;

    /// <summary>The longer.</summary>
    public static TimeSpan Max(TimeSpan one, TimeSpan two) => one > two ? one : two;

    /// <summary>The shorter.</summary>
    public static TimeSpan Min(TimeSpan one, TimeSpan two) => one < two ? one : two;

    /// <summary>Each date from the first to the last.</summary>
    public static IEnumerable<DateTime> EachDay(DateTime from, DateTime thru)
    {
        for (var day = from.Date; day.Date <= thru.Date; day = day.AddDays(1))
        {
            yield return day;
        }
    }
}
