namespace QuantConnect.Scheduling;

/// <summary>Fires scheduled events as LEAN's backtest does: due ones in order of time, then of registration.</summary>
internal sealed class ScheduledEventRunner : IEventSchedule
{
    private readonly QCAlgorithm _algorithm;
    private readonly List<(ScheduledEvent Event, int Id)> _registered = new();
    private readonly Dictionary<Symbol, ScheduledEvent> _endOfDay = new();
    private List<ScheduledEvent> _sorted = new();
    private bool _isSortingDue;
    private bool _isStarted;
    private bool _hasEndOfDay;
    private int _lastId;

    /// <summary>Takes over the algorithm's schedule; call <see cref="Start"/> when it is initialized.</summary>
    internal ScheduledEventRunner(QCAlgorithm algorithm)
    {
        _algorithm = algorithm;
        algorithm.Schedule.SetEventSchedule(this);
    }

    /// <summary>Drops all times before the start of the run, warm up included.</summary>
    internal void Start()
    {
        _isStarted = true;
        _hasEndOfDay = Overrides(typeof(Symbol)) || Overrides(typeof(string));
        foreach (var scheduledEvent in Sorted())
            scheduledEvent.SkipEventsUntil(_algorithm.UtcTime);
        _isSortingDue = true;
    }

    public void Add(ScheduledEvent scheduledEvent)
    {
        if (_isStarted)
            scheduledEvent.SkipEventsUntil(_algorithm.UtcTime);
        _registered.RemoveAll(x => x.Event.Equals(scheduledEvent));
        _registered.Add((scheduledEvent, ++_lastId));
        _isSortingDue = true;
    }

    public void Remove(ScheduledEvent scheduledEvent)
    {
        _registered.RemoveAll(x => x.Event.Equals(scheduledEvent));
        _isSortingDue = true;
    }

    /// <summary>Before the clock moves to a slice: fires what was due earlier, at its own time.</summary>
    internal void ScanPastEvents(DateTime utcTime)
    {
        var events = Sorted();
        while (events.Count != 0 && events[0].NextEventUtcTime < utcTime)
        {
            var due = events[0].NextEventUtcTime;
            _algorithm.SetDateTime(due);
            if (!TryFire(events, due))
                break;
        }
    }

    /// <summary>After the slice was handled: fires what is due now.</summary>
    internal void SetTime(DateTime utcTime)
    {
        var events = Sorted();
        while (events.Count != 0 && events[0].NextEventUtcTime <= utcTime && TryFire(events, utcTime)) { }
    }

    /// <summary>Schedules OnEndOfDay(symbol) at the midnight that ends each day.</summary>
    internal void OnSecuritiesChanged(SecurityChanges changes)
    {
        if (!_hasEndOfDay || changes == SecurityChanges.None)
            return;
        foreach (var security in changes.AddedSecurities)
        {
            if (security.HasOnlyInternalFeeds)
                continue;
            var scheduledEvent = new ScheduledEvent($"{security.Symbol}.EndOfDay", EndOfDays(security, _algorithm.UtcTime), (name, _) => EndOfDay(name, security));
            _endOfDay[security.Symbol] = scheduledEvent;
            Add(scheduledEvent);
        }
        foreach (var security in changes.RemovedSecurities)
            if (_endOfDay.Remove(security.Symbol, out var scheduledEvent))
                Remove(scheduledEvent);
    }

    private IEnumerable<DateTime> EndOfDays(Security security, DateTime nowUtc)
    {
        foreach (var day in Time.EachDay(nowUtc, _algorithm.EndDate))
        {
            var end = day.AddDays(1).ConvertToUtc(security.Exchange.TimeZone);
            if (end > nowUtc)
                yield return end;
        }
    }

    private void EndOfDay(string name, Security security)
    {
        try
        {
            _algorithm.OnEndOfDay(security.Symbol);
        }
        catch (Exception error)
        {
            // LEAN reports it and goes on.
            _algorithm.Error($"Runtime error in {name} event: {error.Message}");
            Log.Error(error);
        }
    }

    private bool Overrides(Type parameter)
        => _algorithm.GetType().GetMethod(nameof(QCAlgorithm.OnEndOfDay), new[] { parameter })?.DeclaringType != typeof(QCAlgorithm);

    private bool TryFire(List<ScheduledEvent> events, DateTime utcTime)
    {
        var scheduledEvent = events[0];
        try
        {
            scheduledEvent.Scan(utcTime);
        }
        catch (Exception error)
        {
            _algorithm.SetRuntimeError(error, $"Scheduled event: '{scheduledEvent.Name}' at {utcTime.ToStringInvariant()}");
            return false;
        }
        Reinsert(events);
        return true;
    }

    // What a callback adds takes part from the next call on, as the list in use is not changed.
    private List<ScheduledEvent> Sorted()
    {
        if (_isSortingDue)
        {
            _isSortingDue = false;
            var entries = _registered.ConvertAll(x => (x.Event, x.Id, x.Event.NextEventUtcTime));
            entries.Sort((x, y) => x.NextEventUtcTime != y.NextEventUtcTime ? x.NextEventUtcTime.CompareTo(y.NextEventUtcTime) : x.Id.CompareTo(y.Id));
            _sorted = entries.ConvertAll(x => x.Event);
        }
        return _sorted;
    }

    // Among equal times the place is where a plain halving search ends, plus one: LEAN's order of ties.
    private static void Reinsert(List<ScheduledEvent> events)
    {
        var moved = events[0];
        var next = moved.NextEventUtcTime;
        if (events.Count == 1 || next <= events[1].NextEventUtcTime)
            return;
        events.RemoveAt(0);
        var low = 0;
        var high = events.Count - 1;
        while (low <= high)
        {
            var middle = low + (high - low) / 2;
            var other = events[middle].NextEventUtcTime;
            if (next == other)
            {
                low = middle + 1;
                break;
            }
            if (next < other)
                high = middle - 1;
            else
                low = middle + 1;
        }
        events.Insert(low, moved);
    }
}
