namespace QuantConnect.Interfaces;

/// <summary>A clock with time zones.</summary>
public interface ITimeKeeper
{
    DateTime UtcTime { get; }
    LocalTimeKeeper GetLocalTimeKeeper(DateTimeZone timeZone);
}
