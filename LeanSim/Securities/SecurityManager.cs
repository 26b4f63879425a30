namespace QuantConnect.Securities;

/// <summary>The algorithm's securities. Enumeration gives the active ones; look-ups also find removed ones.</summary>
public class SecurityManager(ITimeKeeper timeKeeper) : IEnumerable<KeyValuePair<Symbol, Security>>, INotifyCollectionChanged
{
    private readonly ITimeKeeper _timeKeeper = timeKeeper;
    private readonly Dictionary<Symbol, Security> _active = [];
    private readonly Dictionary<Symbol, Security> _all = [];
    private List<KeyValuePair<Symbol, Security>> _pairs;
    private List<Symbol> _keys;
    private List<Security> _values;
    public event NotifyCollectionChangedEventHandler CollectionChanged;
    public DateTime UtcTime => _timeKeeper.UtcTime;
    public virtual int Count => _active.Count;
    public ICollection<Symbol> Keys => _keys ??= [.. _active.Keys];
    public ICollection<Security> Values => Active;
    internal SecurityService SecurityService { get; private set; }
    internal List<Security> Active => _values ??= [.. _active.Values];
    internal Dictionary<Symbol, Security>.ValueCollection All => _all.Values;

    public virtual Security this[Symbol symbol]
    {
        get => _all.TryGetValue(symbol, out var security)
            ? security
            : throw new KeyNotFoundException($"{symbol} is not among the algorithm's securities: add it in Initialize, or test with ContainsKey");
        set
        {
            if (!_active.TryGetValue(symbol, out var existing))
                Add(symbol, value);
            else if (existing != value)
                throw new ArgumentException($"{symbol} is there already and cannot be overwritten");
        }
    }

    public void Add(Symbol symbol, Security security)
    {
        if (_active.TryAdd(symbol, security))
        {
            _all[symbol] = security;
            security.SetLocalTimeKeeper(_timeKeeper.GetLocalTimeKeeper(security.Exchange.TimeZone));
            OnCollectionChanged(new NotifyCollectionChangedEventArgs(NotifyCollectionChangedAction.Add, security));
        }
    }

    public void Add(Security security) => Add(security.Symbol, security);
    public virtual bool ContainsKey(Symbol symbol) => symbol is not null && _all.ContainsKey(symbol);

    public virtual bool TryGetValue(Symbol symbol, out Security security)
    {
        security = null;
        return symbol is not null && _all.TryGetValue(symbol, out security);
    }

    public virtual bool Remove(Symbol symbol)
    {
        if (!_active.Remove(symbol, out var security))
            return false;
        OnCollectionChanged(new NotifyCollectionChangedEventArgs(NotifyCollectionChangedAction.Remove, security));
        return true;
    }

    IEnumerator<KeyValuePair<Symbol, Security>> IEnumerable<KeyValuePair<Symbol, Security>>.GetEnumerator() =>
        (_pairs ??= [.. _active]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => (_pairs ??= [.. _active]).GetEnumerator();
    public void SetSecurityService(SecurityService securityService) => SecurityService = securityService;

    public Security CreateSecurity(
        Symbol symbol,
        List<SubscriptionDataConfig> subscriptionDataConfigList,
        decimal leverage = 0,
        bool addToSymbolCache = true,
        Security underlying = null) => SecurityService.CreateSecurity(symbol, subscriptionDataConfigList, leverage, addToSymbolCache, underlying);

    public Security CreateBenchmarkSecurity(Symbol symbol) => SecurityService.CreateBenchmarkSecurity(symbol);

    protected virtual void OnCollectionChanged(NotifyCollectionChangedEventArgs changedEventArgs)
    {
        Invalidate();
        CollectionChanged?.Invoke(this, changedEventArgs);
    }

    internal bool TryGetActive(Symbol symbol, out Security security) => _active.TryGetValue(symbol, out security);

    private void Invalidate()
    {
        _pairs = null;
        _keys = null;
        _values = null;
    }
}
