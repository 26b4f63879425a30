using System;
using NodaTime;

namespace QuantConnect.Securities;

/// <summary>When a market is open: crypto always is.</summary>
public class SecurityExchangeHours
{
    public DateTimeZone TimeZone { get; private set; }

    /// <summary>Length of a session: the whole day.</summary>
    public TimeSpan RegularMarketDuration => Time.OneDay;

    /// <summary>True.</summary>
    public bool IsMarketAlwaysOpen => true;

    private SecurityExchangeHours(DateTimeZone timeZone)
    {
        TimeZone = timeZone;
    }

    public static SecurityExchangeHours AlwaysOpen(DateTimeZone timeZone) => new(timeZone);

    /// <summary>True.</summary>
    public bool IsOpen(DateTime localDateTime, bool extendedMarketHours) => true;

    /// <summary>True.</summary>
    public bool IsOpen(DateTime startLocalDateTime, DateTime endLocalDateTime, bool extendedMarketHours) => true;

    /// <summary>True.</summary>
    public bool IsDateOpen(DateTime localDateTime, bool extendedMarketHours = false) => true;

    /// <summary>Throws: an open market does not open.</summary>
    public DateTime GetNextMarketOpen(DateTime localDateTime, bool extendedMarketHours) =>
        throw new ArgumentException("No market open within two weeks: the market is always open");

    /// <summary>Throws: the market does not close.</summary>
    public DateTime GetNextMarketClose(DateTime localDateTime, bool extendedMarketHours) =>
        throw new ArgumentException("No market close within two weeks: the market is always open");
}
