namespace QuantConnect.Securities;

/// <summary>All cash balances by currency.</summary>
public class CashBook : IEnumerable<KeyValuePair<string, Cash>>, ICurrencyConverter
{
    // replaced on each change, so that it may be enumerated while currencies are added
    private Dictionary<string, Cash> _currencies = [];
    private string _accountCurrency;
    public event EventHandler<CashBookUpdatedEventArgs> Updated;

    public string AccountCurrency
    {
        get => _accountCurrency;
        set
        {
            var amount = 0m;
            if (!string.IsNullOrEmpty(_accountCurrency) && TryGetValue(_accountCurrency, out var previous))
            {
                amount = previous.Amount;
                Remove(_accountCurrency);
            }
            _accountCurrency = value.ToUpperInvariant();
            Add(_accountCurrency, new Cash(_accountCurrency, amount, 1.0m));
        }
    }

    public decimal TotalValueInAccountCurrency
    {
        get
        {
            var total = 0m;
            foreach (var (_, cash) in _currencies)
            {
                total += cash.ValueInAccountCurrency;
            }
            return total;
        }
    }

    public CashBook() => AccountCurrency = Currencies.USD;
    public Cash Add(string symbol, decimal quantity, decimal conversionRate) => Put(symbol, new Cash(symbol, quantity, conversionRate));

    public List<SubscriptionDataConfig> EnsureCurrencyDataFeeds(
        SecurityManager securities,
        SubscriptionManager subscriptions,
        IReadOnlyDictionary<SecurityType, string> marketMap,
        SecurityChanges changes,
        ISecurityService securityService,
        Resolution defaultResolution = Resolution.Minute)
    {
        var added = new List<SubscriptionDataConfig>();
        foreach (var (_, cash) in _currencies)
        {
            var configs = cash.EnsureCurrencyDataFeed(
                securities, subscriptions, marketMap, changes, securityService, AccountCurrency, defaultResolution);
            if (configs != null)
                added.AddRange(configs);
        }
        return added;
    }

    public decimal Convert(decimal sourceQuantity, string sourceCurrency, string destinationCurrency)
    {
        if (sourceQuantity == 0)
            return 0;
        var source = this[sourceCurrency];
        var destination = this[destinationCurrency];
        foreach (var cash in (ReadOnlySpan<Cash>)[source, destination])
            if (cash.ConversionRate == 0)
                throw new ArgumentException($"The conversion rate of {cash.Symbol} is not available: {cash.Symbol} has no priced feed yet");
        return sourceQuantity * (source.ConversionRate / destination.ConversionRate);
    }

    public decimal ConvertToAccountCurrency(decimal sourceQuantity, string sourceCurrency) =>
        sourceCurrency == AccountCurrency ? sourceQuantity : Convert(sourceQuantity, sourceCurrency, AccountCurrency);

    public CashAmount ConvertToAccountCurrency(CashAmount cashAmount) =>
        cashAmount.Currency == AccountCurrency
            ? cashAmount
            : new CashAmount(Convert(cashAmount.Amount, cashAmount.Currency, AccountCurrency), AccountCurrency);

    public override string ToString() => string.Join(Environment.NewLine, _currencies.Values.Select(x => x.ToString(AccountCurrency)))
        + FormattableString.Invariant($"{Environment.NewLine}Total: {Currencies.GetCurrencySymbol(AccountCurrency)}{TotalValueInAccountCurrency:0.00}");

    public virtual int Count => _currencies.Count;
    public ICollection<string> Keys => _currencies.Keys;
    public ICollection<Cash> Values => _currencies.Values;
    public void Add(string symbol, Cash value) => Put(symbol, value);

    public virtual bool Remove(string symbol)
    {
        var copy = new Dictionary<string, Cash>(_currencies);
        if (!copy.Remove(symbol, out var cash))
        {
            Log.Error($"CashBook: there is no {symbol} to remove");
            return false;
        }
        _currencies = copy;
        cash.Updated -= OnCashUpdated;
        Raise(CashBookUpdateType.Removed, cash);
        return true;
    }

    public virtual bool ContainsKey(string symbol) => symbol != null && _currencies.ContainsKey(symbol);

    public virtual bool TryGetValue(string symbol, out Cash value)
    {
        value = null;
        return symbol != null && _currencies.TryGetValue(symbol, out value);
    }

    public virtual Cash this[string symbol]
    {
        get
        {
            if (symbol == Currencies.NullCurrency)
                throw new InvalidOperationException($"{Currencies.NullCurrency} stands for no currency and cannot be looked up");
            return _currencies.TryGetValue(symbol, out var cash) ? cash : throw new KeyNotFoundException($"There is no {symbol} in the cash book");
        }
        set => Put(symbol, value);
    }

    public IEnumerator<KeyValuePair<string, Cash>> GetEnumerator() => _currencies.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => _currencies.GetEnumerator();

    private Cash Put(string symbol, Cash value)
    {
        if (symbol == Currencies.NullCurrency)
            return null;
        if (_currencies.TryGetValue(symbol, out var existing))
        {
            // securities hold the instance: keep it
            existing.ConversionRate = value.ConversionRate;
            existing.SetAmount(value.Amount);
            return existing;
        }
        value.Updated += OnCashUpdated;
        _currencies = new Dictionary<string, Cash>(_currencies) { [symbol] = value };
        Raise(CashBookUpdateType.Added, value);
        return value;
    }

    private void OnCashUpdated(object sender, EventArgs args) => Raise(CashBookUpdateType.Updated, sender as Cash);
    private void Raise(CashBookUpdateType type, Cash cash) => Updated?.Invoke(this, new CashBookUpdatedEventArgs(type, cash));
}
