namespace QuantConnect.Securities;

/// <summary>When a market is open: crypto always is.</summary>
public class SecurityExchangeHours
{
    public DateTimeZone TimeZone { get; private set; }
    private SecurityExchangeHours(DateTimeZone timeZone) => TimeZone = timeZone;
    public static SecurityExchangeHours AlwaysOpen(DateTimeZone timeZone) => new(timeZone);
    public bool IsOpen(DateTime localDateTime, bool extendedMarketHours) => true;
}
