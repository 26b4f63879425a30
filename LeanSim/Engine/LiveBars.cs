namespace LeanSim;

/// <summary>Makes quote bars of live quotes, as many feeds as there are; all in the calling thread.</summary>
/// <param name="utcNow">The clock: a bar is over when its end has come.</param>
internal sealed class LiveBars(Func<DateTime> utcNow) : IDataAggregator
{
    private readonly List<LiveFeed> _feeds = new();

    /// <summary>What is known by now of a feed; of what live quotes do not tell (trades, rates) nothing ever is.</summary>
    public IEnumerator<BaseData> Add(SubscriptionDataConfig dataConfig, EventHandler newDataAvailableHandler)
    {
        var feed = new LiveFeed(dataConfig, utcNow);
        _feeds.Add(feed);
        return feed;
    }

    public bool Remove(SubscriptionDataConfig dataConfig) => _feeds.RemoveAll(feed => feed.Config.Equals(dataConfig)) > 0;

    public void Update(BaseData input)
    {
        if (input is not Tick tick)
            return;
        foreach (var feed in _feeds)
            if (feed.Config.Symbol == tick.Symbol && feed.Config.Type == typeof(QuoteBar))
                feed.Update(tick);
    }

    public void Dispose() => _feeds.Clear();

    /// <summary>One feed. There is always a next point: null while nothing is known.</summary>
    private sealed class LiveFeed(SubscriptionDataConfig config, Func<DateTime> utcNow) : IEnumerator<BaseData>
    {
        private readonly Queue<QuoteBar> _done = new();
        private QuoteBar _working;

        public SubscriptionDataConfig Config => config;
        public BaseData Current { get; private set; }
        object System.Collections.IEnumerator.Current => Current;

        public void Update(Tick tick)
        {
            var start = tick.Time.RoundDown(config.Increment);
            if (_working != null && start >= _working.EndTime)
                Complete();
            // A late quote counts now: what was told is told.
            _working ??= new QuoteBar(true) { Symbol = config.Symbol, Time = new DateTime(start.Ticks), Period = config.Increment };
            _working.Bid = With(_working.Bid, tick.BidPrice);
            _working.Ask = With(_working.Ask, tick.AskPrice);
            (_working.LastBidSize, _working.LastAskSize, _working.Value) = (tick.BidSize, tick.AskSize, tick.Value);
        }

        public bool MoveNext()
        {
            if (_working != null && _working.EndTime <= utcNow())
                Complete();
            Current = _done.Count > 0 ? _done.Dequeue() : null;
            return true;
        }

        public void Reset() => throw new NotSupportedException("Live data come once");

        public void Dispose() { }

        private void Complete()
        {
            _done.Enqueue(_working);
            _working = null;
        }

        private static Bar With(Bar bar, decimal price)
        {
            if (price <= 0)
                return bar;
            if (bar == null)
                return new Bar(price, price, price, price);
            bar.High = Math.Max(bar.High, price);
            bar.Low = Math.Min(bar.Low, price);
            bar.Close = price;
            return bar;
        }
    }
}

/// <summary>The data of a queue as they come; where none came the last bar is told again.</summary>
internal sealed class LiveSource(SubscriptionDataConfig config, IEnumerator<BaseData> queue) : DataSource
{
    /// <summary>Live data have no next point that could be waited for.</summary>
    public override bool MoveNext() => false;

    /// <summary>What is known by a time; null: nothing new.</summary>
    public BaseData Take(DateTime utcNow)
    {
        BaseData found = null;
        while (queue != null && queue.MoveNext() && queue.Current != null)
            found = queue.Current;
        if (found == null && (Current == null || !config.FillDataForward || Current.EndTime + config.Increment > utcNow))
            return null;
        if (found == null)
        {
            found = Current.Clone(true);
            found.Time = new DateTime((utcNow - config.Increment).Ticks);
            found.EndTime = new DateTime(utcNow.Ticks);
        }
        return Current = found;
    }

    public override void Dispose() => queue?.Dispose();
}
