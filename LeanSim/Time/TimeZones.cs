using NodaTime;

namespace QuantConnect;

/// <summary>Time zones by name.</summary>
public static class TimeZones
{
    /// <summary>UTC, the zone of all crypto data.</summary>
    public static readonly DateTimeZone Utc = DateTimeZone.Utc;

    /// <summary>New York, LEAN's default zone of an algorithm.</summary>
    public static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    /// <summary>London.</summary>
    public static readonly DateTimeZone London = DateTimeZoneProviders.Tzdb["Europe/London"];

    /// <summary>Hong Kong.</summary>
    public static readonly DateTimeZone HongKong = DateTimeZoneProviders.Tzdb["Asia/Hong_Kong"];

    /// <summary>Tokyo.</summary>
    public static readonly DateTimeZone Tokyo = DateTimeZoneProviders.Tzdb["Asia/Tokyo"];

    /// <summary>Chicago.</summary>
    public static readonly DateTimeZone Chicago = DateTimeZoneProviders.Tzdb["America/Chicago"];
}
