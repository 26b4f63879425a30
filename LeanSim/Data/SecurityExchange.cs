namespace QuantConnect.Securities;

/// <summary>Hours and clock of a security's exchange.</summary>
/// <remarks>An exchange with these hours.</remarks>
public class SecurityExchange(SecurityExchangeHours exchangeHours)
{
    private LocalTimeKeeper _clock;
    public SecurityExchangeHours Hours { get; private set; } = exchangeHours;
    public DateTimeZone TimeZone => Hours.TimeZone;
    public DateTime LocalTime => _clock.LocalTime;
    public bool ExchangeOpen => Hours.IsOpen(LocalTime, false);
    public void SetLocalDateTimeFrontierProvider(LocalTimeKeeper timeProvider) => _clock = timeProvider;
}
