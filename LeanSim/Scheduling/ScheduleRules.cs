namespace QuantConnect.Scheduling;

/// <summary>On which dates.</summary>
public interface IDateRule
{
    string Name { get; }
    IEnumerable<DateTime> GetDates(DateTime start, DateTime end);
}

/// <summary>At which times of given dates.</summary>
public interface ITimeRule
{
    string Name { get; }
    IEnumerable<DateTime> CreateUtcEventTimes(IEnumerable<DateTime> dates);
}

/// <summary>A date rule from a function of the first and last date.</summary>
public class FuncDateRule(string name, Func<DateTime, DateTime, IEnumerable<DateTime>> getDatesFunction) : IDateRule
{
    private readonly Func<DateTime, DateTime, IEnumerable<DateTime>> _dates = getDatesFunction;
    public string Name { get; private set; } = name;
    public IEnumerable<DateTime> GetDates(DateTime start, DateTime end) => _dates(start, end);
}

/// <summary>A time rule from a function of the dates.</summary>
public class FuncTimeRule(string name, Func<IEnumerable<DateTime>, IEnumerable<DateTime>> createUtcEventTimesFunction) : ITimeRule
{
    private readonly Func<IEnumerable<DateTime>, IEnumerable<DateTime>> _times = createUtcEventTimesFunction;
    public string Name { get; private set; } = name;
    public IEnumerable<DateTime> CreateUtcEventTimes(IEnumerable<DateTime> dates) => _times(dates);
}

/// <summary>Date rules in the algorithm's time zone.</summary>
public class DateRules(IAlgorithm algorithm, SecurityManager securities, DateTimeZone timeZone, MarketHoursDatabase marketHoursDatabase)
{
    private readonly SecurityManager _securities = securities;
    private DateTimeZone _timeZone = timeZone;
    public IDateRule Today => new FuncDateRule("TodayOnly", (_, _) => new[] { LocalDate });
    public void SetDefaultTimeZone(DateTimeZone timeZone) => _timeZone = timeZone;
    public IDateRule On(int year, int month, int day) => On(new DateTime(year, month, day));

    public IDateRule On(params DateTime[] dates)
    {
        var days = Array.ConvertAll(dates, x => x.Date);
        var name = string.Join(",", days.Select(x => x.ToString("d", CultureInfo.CurrentCulture)));
        return new FuncDateRule(name, (start, end) => days.Where(x => x >= start && x <= end));
    }

    public IDateRule Every(DayOfWeek day) => Every(new[] { day });

    public IDateRule Every(params DayOfWeek[] days)
    {
        var wanted = days.ToHashSet();
        return new FuncDateRule(string.Join(",", days), (start, end) => Time.EachDay(start, end).Where(x => wanted.Contains(x.DayOfWeek)));
    }

    public IDateRule EveryDay() => new FuncDateRule("EveryDay", Time.EachDay);
    public IDateRule EveryDay(Symbol symbol, bool extendedMarketHours = false) => new FuncDateRule($"{symbol.Value}: EveryDay", Time.EachDay);
    private DateTime LocalDate => _securities.UtcTime.ConvertFromUtc(_timeZone).Date;
}

/// <summary>Time rules, by default in the algorithm's time zone.</summary>
public class TimeRules(IAlgorithm algorithm, SecurityManager securities, DateTimeZone timeZone, MarketHoursDatabase marketHoursDatabase)
{
    private readonly SecurityManager _securities = securities;
    private DateTimeZone _timeZone = timeZone;
    public ITimeRule Midnight => new FuncTimeRule("Midnight", dates => dates.Select(x => x.ConvertToUtc(_timeZone)));
    public ITimeRule Noon => new FuncTimeRule("Noon", dates => dates.Select(x => x.ConvertToUtc(_timeZone).AddHours(12)));
    public void SetDefaultTimeZone(DateTimeZone timeZone) => _timeZone = timeZone;
    public ITimeRule At(TimeSpan timeOfDay) => At(timeOfDay, _timeZone);
    public ITimeRule At(int hour, int minute, int second = 0) => At(new TimeSpan(hour, minute, second), _timeZone);
    public ITimeRule At(TimeSpan timeOfDay, DateTimeZone timeZone)
        => new FuncTimeRule(timeOfDay.TotalHours.ToStringInvariant("0.##"), dates => dates.Select(x => (x + timeOfDay).ConvertToUtc(timeZone)));

    public ITimeRule Every(TimeSpan interval)
    {
        if (interval <= TimeSpan.Zero)
            throw new ArgumentException($"TimeRules.Every needs a positive interval, not {interval}.");
        var name = string.Create(CultureInfo.InvariantCulture, $"Every {interval.TotalMinutes:0.##} min");
        return new FuncTimeRule(name, dates => Steps(dates, interval, _timeZone));
    }

    private static IEnumerable<DateTime> Steps(IEnumerable<DateTime> dates, TimeSpan interval, DateTimeZone timeZone)
    {
        foreach (var date in dates)
            for (var time = date; time < date + Time.OneDay; time += interval)
                yield return time.ConvertToUtc(timeZone);
    }
}
