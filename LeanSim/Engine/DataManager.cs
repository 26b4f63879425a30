namespace LeanSim;

/// <summary>The feeds of an algorithm: which there are, and those being read.</summary>
internal sealed class DataManager(QCAlgorithm algorithm, IDataQueueHandler queue) : ISubscriptionDataConfigService
{
    private readonly QCAlgorithm _algorithm = algorithm;
    private readonly List<SubscriptionDataConfig> _configs = new();
    private readonly List<Subscription> _subscriptions = new();
    private Subscription[] _sorted;
    private bool _isFrozen;

    /// <summary>All feeds, internal ones included, in the order in which they were made.</summary>
    public IReadOnlyList<SubscriptionDataConfig> Configs => _configs;

    /// <summary>Gaps are filled at this pace: that of the finest feed the user has.</summary>
    public TimeSpan FillForwardResolution { get; private set; } = Time.OneMinute;
    public DateTime EndUtc => _algorithm.EndDate.ConvertToUtc(_algorithm.TimeZone);

    /// <summary>Feeds being read, by security type, trade before quote, ticker; a snapshot.</summary>
    public Subscription[] Sorted()
    {
        if (_sorted == null)
        {
            _sorted = _subscriptions.ToArray();
            // Insertion keeps the order of equals.
            for (var i = 1; i < _sorted.Length; i++)
                for (var j = i; j > 0 && Compare(_sorted[j - 1].Config, _sorted[j].Config) > 0; j--)
                    (_sorted[j - 1], _sorted[j]) = (_sorted[j], _sorted[j - 1]);
        }
        return _sorted;
    }

    public List<SubscriptionDataConfig> Add(
        Symbol symbol, Resolution? resolution = null, bool fillForward = true, bool extendedMarketHours = false,
        bool isFilteredSubscription = true, bool isInternalFeed = false, bool isCustomData = false,
        List<Tuple<Type, TickType>> subscriptionDataTypes = null,
        DataNormalizationMode dataNormalizationMode = DataNormalizationMode.Adjusted,
        DataMappingMode dataMappingMode = DataMappingMode.OpenInterest, uint contractDepthOffset = 0)
    {
        var chosen = resolution ?? _algorithm.UniverseSettings.Resolution;
        var types = subscriptionDataTypes ?? LookupSubscriptionConfigDataTypes(symbol.SecurityType, chosen, false);
        var entry = MarketHoursDatabase.FromDataFolder().GetEntry(symbol.ID.Market, symbol, symbol.SecurityType);
        if (!entry.DataTimeZone.Equals(DateTimeZone.Utc) || !entry.ExchangeHours.TimeZone.Equals(DateTimeZone.Utc))
            throw new NotSupportedException($"LeanSim does not support markets outside UTC ({symbol}): run on LEAN");
        var result = new List<SubscriptionDataConfig>(types.Count);
        foreach (var (type, tickType) in types)
        {
            var config = new SubscriptionDataConfig(
                type, symbol, chosen, DateTimeZone.Utc, DateTimeZone.Utc, fillForward, extendedMarketHours, isInternalFeed, isCustomData,
                tickType, isFilteredSubscription, dataNormalizationMode, dataMappingMode, contractDepthOffset);
            result.Add(Register(config));
        }
        return result;
    }

    public List<Tuple<Type, TickType>> LookupSubscriptionConfigDataTypes(SecurityType symbolSecurityType, Resolution resolution, bool isCanonical)
    {
        if (symbolSecurityType is not (SecurityType.Crypto or SecurityType.CryptoFuture) || isCanonical)
            throw new NotSupportedException($"LeanSim does not support data of SecurityType.{symbolSecurityType}: run on LEAN");
        if (resolution is not (Resolution.Minute or Resolution.Second))
            throw new NotSupportedException($"LeanSim does not support Resolution.{resolution}: run on LEAN");
        var types = new List<Tuple<Type, TickType>>
        {
            new(typeof(TradeBar), TickType.Trade),
            new(typeof(QuoteBar), TickType.Quote),
        };
        if (symbolSecurityType == SecurityType.CryptoFuture)
            types.Add(new Tuple<Type, TickType>(typeof(MarginInterestRate), TickType.Quote));
        return types;
    }

    public List<SubscriptionDataConfig> GetSubscriptionDataConfigs(Symbol symbol = null, bool includeInternalConfigs = false)
    {
        var found = _configs.FindAll(config => !config.IsInternalFeed && (symbol is null || config.Symbol == symbol));
        if (includeInternalConfigs)
            found.AddRange(_configs.FindAll(config => config.IsInternalFeed && (symbol is null || config.Symbol == symbol)));
        return found;
    }

    /// <summary>Starts to read a feed, or joins the one being read. False if there was one already, except internal ones.</summary>
    public bool AddSubscription(SubscriptionDataConfig config, Security security, UserUniverse universe, DateTime startUtc, DateTime endUtc)
    {
        Register(config);
        var existing = Find(config);
        if (existing != null)
        {
            if (!existing.IsEnded)
            {
                if (universe != null && !existing.Universes.Contains(universe))
                    existing.Universes.Add(universe);
                return existing.Config.IsInternalFeed;
            }
            Drop(existing);
        }
        var source = CreateSource(config, security, startUtc, endUtc);
        _subscriptions.Add(new Subscription(config, security, universe, startUtc, endUtc, source));
        _sorted = null;
        UpdateFillForward(config, isAdded: true, isPending: false);
        return true;
    }

    /// <summary>Ends the universe's interest in a feed (null: all interest). True if the feed is no longer read or never was.</summary>
    public bool RemoveSubscription(SubscriptionDataConfig config, UserUniverse universe)
    {
        var subscription = Find(config);
        if (subscription == null)
        {
            if (universe != null)
                _configs.Remove(config);
            return universe != null;
        }
        var owners = universe == null ? subscription.Universes.ToArray() : new[] { universe };
        if (universe == null)
            subscription.Universes.Clear();
        else
            subscription.Universes.Remove(universe);
        if (subscription.Universes.Count > 0)
            return false;
        subscription.IsRemoved |= !Array.Exists(owners, owner => owner.Members.ContainsKey(config.Symbol));
        Drop(subscription);
        subscription.End();
        if (subscription.IsRemoved)
            _configs.Remove(config);
        return true;
    }

    /// <summary>Forgets a feed that has no more data.</summary>
    public void Finish(Subscription subscription) => RemoveSubscription(subscription.Config, null);

    /// <summary>Ends all feeds.</summary>
    public void Exit()
    {
        foreach (var subscription in _subscriptions)
            subscription.End();
        _subscriptions.Clear();
        _sorted = null;
    }

    private SubscriptionDataConfig Register(SubscriptionDataConfig config)
    {
        var known = _configs.Find(config.Equals);
        if (known != null)
            return known;
        _configs.Add(config);
        return config;
    }

    private Subscription Find(SubscriptionDataConfig config) => _subscriptions.Find(subscription => subscription.Config.Equals(config));

    private void Drop(Subscription subscription)
    {
        var wasEnded = subscription.IsEnded;
        _subscriptions.Remove(subscription);
        _sorted = null;
        if (!wasEnded)
            UpdateFillForward(subscription.Config, isAdded: false, isPending: false);
    }

    private DataSource CreateSource(SubscriptionDataConfig config, Security security, DateTime startUtc, DateTime endUtc)
    {
        if (queue != null)
            return new LiveSource(config, queue.Subscribe(config, null));
        if (!_algorithm.IsWarmingUp)
            return CreateSource(config, security, startUtc, endUtc, null, null, DateTime.MinValue, DateTime.MaxValue, false);
        // Two feeds: the warm-up's, at its own resolution, and the run's, which starts a day earlier to know its last bar.
        var pivot = _algorithm.StartDate.ConvertToUtc(_algorithm.TimeZone);
        var warmUpResolution = _algorithm.Settings.WarmupResolution;
        if (warmUpResolution is not (null or Resolution.Minute or Resolution.Second))
            throw new NotSupportedException($"LeanSim does not support a warm-up at Resolution.{warmUpResolution}: run on LEAN");
        var last = new LastBar();
        var first = CreateSource(
            config.With(warmUpResolution ?? config.Resolution), security, startUtc, pivot, warmUpResolution?.ToTimeSpan(), last, DateTime.MinValue, pivot, true);
        var dayBefore = pivot.Date - Time.OneDay;
        var second = CreateSource(config, security, dayBefore < startUtc ? startUtc : dayBefore, endUtc, null, last, pivot, DateTime.MaxValue, false);
        return new ConcatSource(first, second);
    }

    private DataSource CreateSource(
        SubscriptionDataConfig config, Security security, DateTime start, DateTime end, TimeSpan? fillResolution, LastBar last,
        DateTime firstEnd, DateTime lastEnd, bool isWarmUp)
    {
        DataSource source = new FileSource(config, start, end);
        if (config.FillDataForward)
        {
            if (config.Type == typeof(QuoteBar))
                source = new QuoteSideSource(source);
            UpdateFillForward(config, isAdded: true, isPending: true);
            source = new FillForwardSource(
                source, fillResolution == null ? () => FillForwardResolution : () => fillResolution.Value, config.Increment, start, end, last);
        }
        var filter = config.IsFilteredSubscription ? security.DataFilter : null;
        var isDefault = filter == null || filter.GetType() == typeof(SecurityDataFilter);
        return new FilterSource(
            source,
            isDefault ? null : data => filter.Filter(security, data),
            config.IsFilteredSubscription ? end : DateTime.MaxValue,
            firstEnd,
            lastEnd,
            isWarmUp ? last : null);
    }

    // The finest resolution among the user's feeds; when it changes, all feeds with filling start anew.
    private void UpdateFillForward(SubscriptionDataConfig config, bool isAdded, bool isPending)
    {
        if (_isFrozen || config.IsInternalFeed)
            return;
        var isAffected = isAdded
            ? config.Increment != FillForwardResolution
            : config.Increment == FillForwardResolution
                && !_subscriptions.Exists(subscription => !subscription.Config.IsInternalFeed && subscription.Config.Resolution == config.Resolution);
        if (!isAffected)
            return;
        var finest = isPending ? config.Increment : TimeSpan.MaxValue;
        foreach (var subscription in _subscriptions)
            if (!subscription.Config.IsInternalFeed && subscription.Config.Increment < finest)
                finest = subscription.Config.Increment;
        if (finest == TimeSpan.MaxValue)
            finest = Time.OneMinute;
        if (finest != FillForwardResolution)
        {
            FillForwardResolution = finest;
            Restart();
        }
    }

    private void Restart()
    {
        var restarted = Array.FindAll(Sorted(), subscription => subscription.Config.FillDataForward);
        if (restarted.Length == 0)
            return;
        _isFrozen = true;
        foreach (var subscription in restarted)
        {
            var owners = subscription.Universes.ToArray();
            RemoveSubscription(subscription.Config, null);
            subscription.IsRemoved = true;
            var start = _algorithm.UtcTime;
            if (!_algorithm.GetLocked() && subscription.StartUtc < start)
                start = subscription.StartUtc;
            foreach (var owner in owners.Length == 0 ? new UserUniverse[] { null } : owners)
                AddSubscription(subscription.Config, subscription.Security, owner, start.AddTicks(1), subscription.EndUtc);
        }
        _isFrozen = false;
    }

    private static int Compare(SubscriptionDataConfig left, SubscriptionDataConfig right)
    {
        var order = left.SecurityType.CompareTo(right.SecurityType);
        if (order == 0)
            order = left.TickType.CompareTo(right.TickType);
        return order == 0 ? left.Symbol.CompareTo(right.Symbol) : order;
    }
}
