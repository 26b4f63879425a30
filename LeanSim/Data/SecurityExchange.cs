using System;
using NodaTime;

namespace QuantConnect.Securities;

/// <summary>Hours and clock of a security's exchange.</summary>
public class SecurityExchange
{
    private LocalTimeKeeper _clock;

    public SecurityExchangeHours Hours { get; private set; }
    public DateTimeZone TimeZone => Hours.TimeZone;
    public virtual int TradingDaysPerYear => 365;
    public DateTime LocalTime => _clock.LocalTime;

    /// <summary>True if the market is open now.</summary>
    public bool ExchangeOpen => Hours.IsOpen(LocalTime, false);

    /// <summary>False: the market does not close.</summary>
    public bool ClosingSoon => false;

    /// <summary>An exchange with these hours.</summary>
    public SecurityExchange(SecurityExchangeHours exchangeHours)
    {
        Hours = exchangeHours;
    }

    public void SetLocalDateTimeFrontierProvider(LocalTimeKeeper timeProvider) => _clock = timeProvider;

    /// <summary>True if the market is open on this date.</summary>
    public bool DateIsOpen(DateTime dateToCheck, bool extendedMarketHours = false) => Hours.IsDateOpen(dateToCheck, extendedMarketHours);

    /// <summary>True if the market is open at this time.</summary>
    public bool DateTimeIsOpen(DateTime dateTime) => Hours.IsOpen(dateTime, false);

    /// <summary>True if the market is open at some time of the bar.</summary>
    public bool IsOpenDuringBar(DateTime barStartTime, DateTime barEndTime, bool isExtendedMarketHours) =>
        Hours.IsOpen(barStartTime, barEndTime, isExtendedMarketHours);
}
