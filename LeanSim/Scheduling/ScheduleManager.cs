using System;
using System.Collections.Generic;
using NodaTime;
using QuantConnect.Interfaces;
using QuantConnect.Securities;

namespace QuantConnect.Scheduling;

/// <summary>Holds scheduled events and fires them.</summary>
public interface IEventSchedule
{
    void Add(ScheduledEvent scheduledEvent);
    void Remove(ScheduledEvent scheduledEvent);
}

/// <summary>The algorithm's schedule.</summary>
public class ScheduleManager : IEventSchedule
{
    private readonly SecurityManager _securities;
    private readonly List<ScheduledEvent> _early = new();
    private IEventSchedule _schedule;

    public ScheduleManager(IAlgorithm algorithm, SecurityManager securities, DateTimeZone timeZone, MarketHoursDatabase marketHoursDatabase)
    {
        _securities = securities;
        DateRules = new DateRules(algorithm, securities, timeZone, marketHoursDatabase);
        TimeRules = new TimeRules(algorithm, securities, timeZone, marketHoursDatabase);
    }

    public DateRules DateRules { get; }
    public TimeRules TimeRules { get; }

    /// <summary>Hands over to the engine what was scheduled so far.</summary>
    public void SetEventSchedule(IEventSchedule eventSchedule)
    {
        ArgumentNullException.ThrowIfNull(eventSchedule);
        _schedule = eventSchedule;
        _early.ForEach(_schedule.Add);
    }

    public void Add(ScheduledEvent scheduledEvent)
    {
        if (_schedule == null)
        {
            _early.Add(scheduledEvent);
        }
        else
        {
            _schedule.Add(scheduledEvent);
        }
    }

    public void Remove(ScheduledEvent scheduledEvent)
    {
        if (_schedule == null)
        {
            _early.Remove(scheduledEvent);
        }
        else
        {
            _schedule.Remove(scheduledEvent);
        }
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
        {
            yield return date;
        }
    }
}
