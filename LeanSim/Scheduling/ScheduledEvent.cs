namespace QuantConnect.Scheduling;

/// <summary>A callback with the ordered UTC times at which it is due.</summary>
public class ScheduledEvent(string name, IEnumerator<DateTime> orderedEventUtcTimes, Action<string, DateTime> callback = null) : IDisposable
{
    public static readonly TimeSpan SecurityEndOfDayDelta = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan AlgorithmEndOfDayDelta = TimeSpan.FromMinutes(2);
    private readonly IEnumerator<DateTime> _times = orderedEventUtcTimes;
    private readonly Action<string, DateTime> _callback = callback;
    private bool _isStale = true;
    private DateTime _next;

    public ScheduledEvent(string name, IEnumerable<DateTime> orderedEventUtcTimes, Action<string, DateTime> callback = null)
        : this(name, orderedEventUtcTimes.GetEnumerator(), callback) { }

    public event Action<string, DateTime> EventFired;
    public string Name { get; } = name;
    public bool Enabled { get; set; } = true;

    public DateTime NextEventUtcTime
    {
        get
        {
            if (_isStale)
                Advance();
            return _next;
        }
    }

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
    public override bool Equals(object obj) => ReferenceEquals(this, obj);
    public override string ToString() => Name;
    void IDisposable.Dispose() => _times.Dispose();

    /// <summary>Fires once for each due time up to now.</summary>
    internal void Scan(DateTime utcTime)
    {
        while (NextEventUtcTime <= utcTime && _next != DateTime.MaxValue)
        {
            OnEventFired(_next);
            _isStale = true;
        }
    }

    internal void SkipEventsUntil(DateTime utcTime)
    {
        while (NextEventUtcTime < utcTime)
            Advance();
    }

    protected void OnEventFired(DateTime triggerTime)
    {
        if (Enabled)
        {
            _callback?.Invoke(Name, triggerTime);
            EventFired?.Invoke(Name, triggerTime);
        }
    }

    private void Advance()
    {
        _isStale = false;
        _next = _next != DateTime.MaxValue && _times.MoveNext() ? _times.Current : DateTime.MaxValue;
    }
}
