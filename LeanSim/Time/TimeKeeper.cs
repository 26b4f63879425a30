namespace QuantConnect;

/// <summary>The algorithm's clock, in UTC and in each zone of interest.</summary>
public class TimeKeeper : ITimeKeeper
{
    private readonly List<LocalTimeKeeper> _local = new();
    public DateTime UtcTime { get; private set; }

    public TimeKeeper(DateTime utcDateTime, params DateTimeZone[] timeZones)
    {
        UtcTime = utcDateTime;
        foreach (var timeZone in timeZones ?? Array.Empty<DateTimeZone>())
            AddTimeZone(timeZone);
    }

    public virtual void SetUtcDateTime(DateTime utcDateTime)
    {
        UtcTime = utcDateTime;
        foreach (var local in _local)
            local.UpdateTime(utcDateTime);
    }

    public LocalTimeKeeper GetLocalTimeKeeper(DateTimeZone timeZone)
    {
        foreach (var local in _local)
            if (ReferenceEquals(local.TimeZone, timeZone) || local.TimeZone.Id == timeZone.Id)
                return local;
        var added = new LocalTimeKeeper(UtcTime, timeZone);
        _local.Add(added);
        return added;
    }

    public void AddTimeZone(DateTimeZone timeZone) => GetLocalTimeKeeper(timeZone);
}

/// <summary>The clock of one zone.</summary>
public class LocalTimeKeeper
{
    public DateTimeZone TimeZone { get; }
    public DateTime LocalTime { get; private set; }

    internal LocalTimeKeeper(DateTime utcDateTime, DateTimeZone timeZone)
    {
        TimeZone = timeZone;
        UpdateTime(utcDateTime);
    }

    internal void UpdateTime(DateTime utcDateTime) => LocalTime = utcDateTime.ConvertFromUtc(TimeZone);
}
