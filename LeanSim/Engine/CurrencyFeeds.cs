namespace LeanSim;

/// <summary>Adds the internal feeds that give the currencies of the cash book their rates.</summary>
internal sealed class CurrencyFeeds
{
    private const int SeedBars = 24 * 60;
    private readonly QCAlgorithm _algorithm;
    private readonly DataManager _data;
    private readonly List<SubscriptionDataConfig> _waiting = new();
    private readonly List<SubscriptionDataConfig> _added = new();
    private bool _hasNewCurrency;

    public CurrencyFeeds(QCAlgorithm algorithm, DataManager data)
    {
        _algorithm = algorithm;
        _data = data;
        algorithm.Portfolio.CashBook.Updated += (_, args) => _hasNewCurrency |= args.UpdateType == CashBookUpdateType.Added;
    }

    /// <summary>The internal feed of a symbol, null if it has none.</summary>
    public SubscriptionDataConfig Find(Symbol symbol) => _added.Find(config => config.Symbol == symbol);

    /// <summary>Finds a source for each currency; feeds of new sources start with <see cref="Start"/>.</summary>
    public void Ensure(SecurityChanges changes, bool isSeeded)
    {
        var isNew = _hasNewCurrency;
        _hasNewCurrency = false;
        foreach (var security in changes.AddedSecurities)
            _waiting.RemoveAll(config => config.Symbol == security.Symbol);
        var configs = _algorithm.Portfolio.CashBook.EnsureCurrencyDataFeeds(
            _algorithm.Securities, _algorithm.SubscriptionManager, _algorithm.BrokerageModel.DefaultMarkets, changes,
            _algorithm.Securities.SecurityService, Resolution.Minute);
        foreach (var config in configs)
            if (!_waiting.Contains(config))
                _waiting.Add(config);
        if (isSeeded && (isNew || configs.Count > 0))
            Seed();
    }

    /// <summary>Starts feeds that wait; true if there were any.</summary>
    public bool Start(DateTime utc)
    {
        if (_hasNewCurrency)
            Ensure(SecurityChanges.None, isSeeded: false);
        if (_waiting.Count == 0)
            return false;
        var configs = _waiting.ToArray();
        _waiting.Clear();
        var isAny = false;
        foreach (var config in configs)
        {
            if (!_added.Contains(config))
                _added.Add(config);
            isAny |= _data.AddSubscription(config, _algorithm.Securities[config.Symbol], null, utc, _data.EndUtc);
        }
        return isAny;
    }

    /// <summary>Gives currencies without a rate the last known one: that of the last day before now, if there are data.</summary>
    public void Seed()
    {
        var cashes = new List<Cash>();
        foreach (var cash in _algorithm.Portfolio.CashBook.Values)
            if (cash.CurrencyConversion != null && cash.ConversionRate == 0)
                cashes.Add(cash);
        foreach (var cash in cashes)
            foreach (var security in cash.CurrencyConversion.ConversionRateSecurities)
                if (security.Price == 0)
                    Seed(security);
        foreach (var cash in cashes)
            cash.Update();
    }

    private void Seed(Security security)
    {
        var now = _algorithm.UtcTime;
        var found = new List<BaseData>();
        foreach (var config in _data.GetSubscriptionDataConfigs(security.Symbol, includeInternalConfigs: true))
        {
            if (config.Type == typeof(MarginInterestRate))
                continue;
            BaseData last = null;
            using var source = new FileSource(config.With(Resolution.Minute), now - SeedBars * Time.OneMinute, now);
            while (source.MoveNext() && source.Current.EndTime <= now)
                last = source.Current;
            if (last != null)
                found.Add(last);
        }
        // The older first; of one time, the quote bar last.
        found.Sort((left, right) => left.Time != right.Time ? left.Time.CompareTo(right.Time) : (left is QuoteBar).CompareTo(right is QuoteBar));
        foreach (var data in found)
            security.SetMarketPrice(data);
    }
}
