namespace LeanSim;

/// <summary>Merges all feeds into time slices and runs universe selections when they are due.</summary>
internal sealed class Feed
{
    private readonly QCAlgorithm _algorithm;
    private readonly DataManager _data;
    private readonly UniverseSelector _selector;
    private readonly CurrencyFeeds _currencies;
    private readonly List<Trigger> _triggers = new();
    private readonly List<Packet> _packets = new();
    private readonly List<SecurityUpdate> _updates = new();
    private readonly List<Subscription> _finished = new();
    private readonly LiveOptions _live;
    private DateTime _now;

    /// <param name="algorithm">Fed.</param>
    /// <param name="data">Its feeds.</param>
    /// <param name="live">The clock of live data; null: the data's own time.</param>
    public Feed(QCAlgorithm algorithm, DataManager data, LiveOptions live)
    {
        _algorithm = algorithm;
        _data = data;
        _live = live;
        _currencies = new CurrencyFeeds(algorithm, data);
        _selector = new UniverseSelector(algorithm, data, _currencies);
        algorithm.UniverseManager.Changed += OnUniverseChanged;
    }

    /// <summary>Gives each currency of the cash book a source and, if there are data before the start, a rate.</summary>
    public void SetUpCurrencies()
    {
        _currencies.Ensure(SecurityChanges.None, isSeeded: false);
        _currencies.Seed();
        // LEAN prints the cash book here. A rate is computed when it is first read, and a new rate outdates the portfolio's value.
        foreach (var cash in _algorithm.Portfolio.CashBook.Values)
            _ = cash.ConversionRate;
    }

    /// <summary>All time slices of the run. A slice is valid until the next one is asked for.</summary>
    public IEnumerable<TimeSlice> Stream()
    {
        var warmUpEnd = _algorithm.StartDate.ConvertToUtc(_algorithm.TimeZone);
        var previous = DateTime.MaxValue;
        var wasPulse = false;
        var isRetried = false;
        foreach (var slice in Merge())
        {
            if (slice.IsTimePulse && _algorithm.UtcTime == slice.TimeUtc)
            {
                wasPulse = true;
                continue;
            }
            if (_algorithm.IsWarmingUp && _algorithm.GetLocked() && slice.TimeUtc > warmUpEnd)
                yield return Pulse(warmUpEnd);
            if (slice.TimeUtc != previous || wasPulse || slice.HasUniverseData)
            {
                previous = slice.TimeUtc;
                wasPulse = slice.IsTimePulse;
                isRetried = false;
                yield return slice;
            }
            else if (!slice.Slice.HasData || isRetried)
            {
                // The clock stands still: all feeds are at their end.
                yield break;
            }
            else
                isRetried = true;
        }
    }

    private IEnumerable<TimeSlice> Merge()
    {
        _now = _algorithm.Time.ConvertToUtc(_algorithm.TimeZone);
        while (_live == null ? Advance() : AwaitSecond())
        {
            var changes = SecurityChanges.None;
            SecurityChanges newChanges;
            var universeCount = 0;
            _packets.Clear();
            do
            {
                newChanges = SecurityChanges.None;
                Collect();
                var due = TakeDueTriggers();
                if (due != null)
                {
                    yield return Pulse(_now);
                    foreach (var trigger in due)
                    {
                        universeCount++;
                        newChanges += _selector.Apply(trigger.Universe, _now);
                    }
                }
                changes += newChanges;
            }
            while (newChanges != SecurityChanges.None || _currencies.Start(_now));
            var slice = CreateSlice(changes, universeCount);
            foreach (var subscription in _finished)
                _data.Finish(subscription);
            _finished.Clear();
            yield return slice;
        }
    }

    // Live there is a step each second, data or not; seconds that a step took itself are left out.
    private bool AwaitSecond()
    {
        var now = _live.UtcNow();
        var next = (now > _now ? now : _now).RoundDown(Time.OneSecond) + Time.OneSecond;
        if (!_live.WaitUntil(next))
            return false;
        _now = next;
        return true;
    }

    // The next moment at which any feed or universe has something; the clock never goes back.
    private bool Advance()
    {
        var next = DateTime.MaxValue;
        foreach (var subscription in _data.Sorted())
        {
            if (subscription.Current == null && subscription.StartUtc == _now)
                subscription.MoveNext();
            if (subscription.Current != null && subscription.EmitTimeUtc < next)
                next = subscription.EmitTimeUtc;
        }
        foreach (var trigger in _triggers)
            if (trigger.TimeUtc < next)
                next = trigger.TimeUtc;
        if (next != DateTime.MaxValue && next > _now)
            _now = DateTime.SpecifyKind(next, DateTimeKind.Utc);
        return true;
    }

    // Takes every point that is known by now.
    private void Collect()
    {
        foreach (var subscription in _data.Sorted())
        {
            if (_live != null)
            {
                if (subscription.Take(_now) is { } point)
                    _packets.Add(new Packet(subscription, point, null));
                continue;
            }
            if (subscription.IsEnded || subscription.Current == null && !subscription.MoveNext())
            {
                _data.Finish(subscription);
                continue;
            }
            if (subscription.EmitTimeUtc > _now)
                continue;
            var first = subscription.Current;
            List<BaseData> all = null;
            while (true)
            {
                if (!subscription.MoveNext())
                {
                    _finished.Add(subscription);
                    break;
                }
                if (subscription.EmitTimeUtc > _now)
                    break;
                (all ??= new List<BaseData> { first }).Add(subscription.Current);
            }
            _packets.Add(new Packet(subscription, first, all));
        }
    }

    private List<Trigger> TakeDueTriggers()
    {
        List<Trigger> due = null;
        for (var i = 0; i < _triggers.Count; i++)
            if (_triggers[i].TimeUtc <= _now)
            {
                (due ??= new List<Trigger>()).Add(_triggers[i]);
                _triggers.RemoveAt(i--);
            }
        due?.Sort((left, right) =>
        {
            var order = left.Universe.Resolution.CompareTo(right.Universe.Resolution);
            return order != 0 ? order : left.Universe.Id.CompareTo(right.Universe.Id);
        });
        return due;
    }

    private TimeSlice CreateSlice(SecurityChanges changes, int universeCount)
    {
        var time = _now.ConvertFromUtc(_algorithm.TimeZone);
        var count = universeCount;
        var data = new List<BaseData>(_packets.Count);
        var bars = new TradeBars(time);
        var quotes = new QuoteBars(time);
        var rates = new MarginInterestRates(time);
        _updates.Clear();
        foreach (var packet in _packets)
        {
            var subscription = packet.Subscription;
            if (subscription.IsRemoved)
                continue;
            var config = subscription.Config;
            count += packet.All?.Count ?? 1;
            if (!config.IsInternalFeed)
                if (packet.All == null)
                    Show(packet.First, config.Symbol, data, bars, quotes, rates);
                else
                    foreach (var point in packet.All)
                        Show(point, config.Symbol, data, bars, quotes, rates);
            if (packet.All != null && config.Type == typeof(MarginInterestRate))
            {
                foreach (var point in packet.All)
                    _updates.Add(new SecurityUpdate(subscription.Security, config.Type, point, null, config.IsInternalFeed));
                continue;
            }
            _updates.Add(new SecurityUpdate(subscription.Security, config.Type, packet.First, packet.All, config.IsInternalFeed));
        }
        return new TimeSlice
        {
            TimeUtc = _now,
            DataPointCount = count,
            Slice = new Slice(time, data, bars, quotes, rates, _now),
            Updates = _updates,
            Changes = changes,
            HasUniverseData = universeCount > 0,
        };
    }

    private static void Show(BaseData point, Symbol symbol, List<BaseData> data, TradeBars bars, QuoteBars quotes, MarginInterestRates rates)
    {
        data.Add(point);
        switch (point)
        {
            // Of two resolutions the finer bar is shown.
            case TradeBar bar:
                if (!bars.TryGetValue(symbol, out var other) || other.Period > bar.Period)
                    bars[symbol] = bar;
                break;
            case QuoteBar quote:
                if (!quotes.TryGetValue(symbol, out var otherQuote) || otherQuote.Period > quote.Period)
                    quotes[symbol] = quote;
                break;
            case MarginInterestRate rate:
                rates[symbol] = rate;
                break;
        }
    }

    // A universe of a running algorithm is selected a tick later, in a slice of its own.
    private void OnUniverseChanged(UserUniverse universe, bool isAddition)
    {
        if (_triggers.Exists(trigger => trigger.Universe == universe))
            return;
        var start = _algorithm.UtcTime;
        if (isAddition && _algorithm.GetLocked())
            start = start.AddTicks(1);
        if (start <= _data.EndUtc)
            _triggers.Add(new Trigger(universe, start));
    }

    private static TimeSlice Pulse(DateTime utc) => new() { TimeUtc = DateTime.SpecifyKind(utc, DateTimeKind.Utc), IsTimePulse = true };

    private sealed record Trigger(UserUniverse Universe, DateTime TimeUtc);
    private readonly record struct Packet(Subscription Subscription, BaseData First, List<BaseData> All);
}
