namespace QuantConnect.Scheduling;

/// <summary>Holds scheduled events and fires them.</summary>
public interface IEventSchedule
{
    void Add(ScheduledEvent scheduledEvent);
    void Remove(ScheduledEvent scheduledEvent);
}

/// <summary>The algorithm's schedule.</summary>
public class ScheduleManager(IAlgorithm algorithm, SecurityManager securities, DateTimeZone timeZone, MarketHoursDatabase marketHoursDatabase) : IEventSchedule
{
    private readonly SecurityManager _securities = securities;
    private readonly List<ScheduledEvent> _early = new();
    private IEventSchedule _schedule;
    public DateRules DateRules { get; } = new DateRules(algorithm, securities, timeZone, marketHoursDatabase);
    public TimeRules TimeRules { get; } = new TimeRules(algorithm, securities, timeZone, marketHoursDatabase);

    public void SetEventSchedule(IEventSchedule eventSchedule)
    {
        ArgumentNullException.ThrowIfNull(eventSchedule);
        _schedule = eventSchedule;
        _early.ForEach(_schedule.Add);
    }

    public void Add(ScheduledEvent scheduledEvent)
    {
        if (_schedule == null)
            _early.Add(scheduledEvent);
        else
            _schedule.Add(scheduledEvent);
    }

    public void Remove(ScheduledEvent scheduledEvent)
    {
        if (_schedule == null)
            _early.Remove(scheduledEvent);
        else
            _schedule.Remove(scheduledEvent);
    }

    public ScheduledEvent On(IDateRule dateRule, ITimeRule timeRule, Action callback) => On(dateRule, timeRule, (_, _) => callback());

    public ScheduledEvent On(IDateRule dateRule, ITimeRule timeRule, Action<string, DateTime> callback)
        => On($"{dateRule.Name}: {timeRule.Name}", dateRule, timeRule, callback);

    public ScheduledEvent On(string name, IDateRule dateRule, ITimeRule timeRule, Action callback) => On(name, dateRule, timeRule, (_, _) => callback());

    public ScheduledEvent On(string name, IDateRule dateRule, ITimeRule timeRule, Action<string, DateTime> callback)
    {
        var scheduledEvent = new ScheduledEvent(name, timeRule.CreateUtcEventTimes(DatesFromNow(dateRule)), callback);
        Add(scheduledEvent);
        return scheduledEvent;
    }

    // Asked for when the first time is needed, so that "now" is the start of the run for what Initialize schedules.
    private IEnumerable<DateTime> DatesFromNow(IDateRule dateRule)
    {
        var yesterday = DateTime.SpecifyKind(_securities.UtcTime.Date.AddDays(-1), DateTimeKind.Unspecified);
        foreach (var date in dateRule.GetDates(yesterday, Time.EndOfTime))
            yield return date;
    }
}
