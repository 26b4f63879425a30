namespace QuantConnect.Securities;

/// <summary>Cash, positions and margin of the whole account.</summary>
public class SecurityPortfolioManager : IEnumerable<KeyValuePair<Symbol, SecurityHolding>>, ISecurityProvider
{
    private readonly IAlgorithmSettings _settings;
    private Cash _baseCash;
    private decimal _totalPortfolioValue;
    private bool _totalIsValid;
    private bool _accountCurrencyWasSet;
    private bool _cashWasSet;
    private bool _cashWasSetByCurrency;
    public SecurityManager Securities { get; init; }
    public SecurityTransactionManager Transactions { get; init; }
    public CashBook CashBook { get; }
    public CashBook UnsettledCashBook { get; }
    public IMarginCallModel MarginCallModel { get; set; }

    public SecurityPortfolioManager(
        SecurityManager securityManager,
        SecurityTransactionManager transactions,
        IAlgorithmSettings algorithmSettings,
        IOrderProperties defaultOrderProperties = null)
    {
        Securities = securityManager;
        Transactions = transactions;
        _settings = algorithmSettings;
        MarginCallModel = new DefaultMarginCallModel(this, defaultOrderProperties);
        CashBook = new CashBook();
        UnsettledCashBook = new CashBook();
        _baseCash = CashBook[CashBook.AccountCurrency];
        _baseCash.SetAmount(100000);
        CashBook.Updated += OnCashBookUpdated;
        UnsettledCashBook.Updated += (_, _) => InvalidateTotalPortfolioValue();
    }

    public decimal TotalUnrealisedProfit => Sum(x => x.UnrealizedProfit);
    public decimal TotalUnrealizedProfit => TotalUnrealisedProfit;

    public decimal TotalPortfolioValue
    {
        get
        {
            if (!_totalIsValid)
            {
                var futures = 0m;
                foreach (var security in Securities.Active)
                    if (security.Type == SecurityType.CryptoFuture && security.Holdings.Invested)
                        futures += security.Holdings.UnrealizedProfit;
                _totalPortfolioValue = CashBook.TotalValueInAccountCurrency + UnsettledCashBook.TotalValueInAccountCurrency + futures;
                _totalIsValid = true;
            }
            return _totalPortfolioValue;
        }
    }

    public decimal TotalPortfolioValueLessFreeBuffer =>
        TotalPortfolioValue - (_settings.FreePortfolioValue ?? TotalPortfolioValue * _settings.FreePortfolioValuePercentage);

    public decimal TotalFees => SumAll(x => x.TotalFees);
    public decimal TotalProfit => SumAll(x => x.Profit);
    public decimal TotalMarginUsed
    {
        get
        {
            var sum = 0m;
            foreach (var security in Securities.Active)
                if (security.Invested)
                    sum += MarginUsed(security);
            return sum;
        }
    }

    public decimal MarginRemaining => GetMarginRemaining(TotalPortfolioValue);
    public void InvalidateTotalPortfolioValue() => _totalIsValid = false;

    public decimal GetMarginRemaining(decimal totalPortfolioValue) =>
        totalPortfolioValue - UnsettledCashBook.TotalValueInAccountCurrency - TotalMarginUsed;

    public decimal GetMarginRemaining(Symbol symbol, OrderDirection direction = OrderDirection.Buy)
    {
        var security = Securities[symbol];
        var margin = MarginRemaining;
        if (security.Invested && BuyingPowerModel.Reduces(security, direction) && Securities.TryGetActive(symbol, out _))
        {
            margin += MarginUsed(security);
            margin += Math.Abs(security.BuyingPowerModel.GetInitialMarginRequirement(security, security.Holdings.Quantity));
        }
        return margin;
    }

    public decimal GetBuyingPower(Symbol symbol, OrderDirection direction = OrderDirection.Buy) => GetMarginRemaining(symbol, direction);

    public void SetAccountCurrency(string accountCurrency, decimal? startingCash = null)
    {
        accountCurrency = accountCurrency.ToUpperInvariant();
        if (_accountCurrencyWasSet)
        {
            if (accountCurrency != CashBook.AccountCurrency)
                Log.Trace($"Portfolio: the account currency stays {CashBook.AccountCurrency}, {accountCurrency} came too late");
            return;
        }
        _accountCurrencyWasSet = true;
        if (Securities.Count > 0)
            throw new InvalidOperationException("The account currency cannot be set after securities were added: call SetAccountCurrency first");
        var previous = _cashWasSet ? _baseCash : null;
        var previousAmount = _baseCash.Amount;
        UnsettledCashBook.AccountCurrency = accountCurrency;
        CashBook.AccountCurrency = accountCurrency;
        _baseCash = CashBook[accountCurrency];
        if (_cashWasSetByCurrency && previous != null && previous.Symbol != accountCurrency)
        {
            // cash given in a named currency stays in that currency
            _baseCash.SetAmount(0);
            CashBook.Add(previous.Symbol, previousAmount, previous.ConversionRate);
        }
        if (startingCash != null)
            SetCash(startingCash.Value);
        Log.Trace($"Portfolio: the account currency is {accountCurrency}");
    }

    public void SetCash(decimal cash)
    {
        _cashWasSet = true;
        _cashWasSetByCurrency = false;
        _baseCash.SetAmount(cash);
    }

    public void SetCash(string symbol, decimal cash, decimal conversionRate)
    {
        _cashWasSet = true;
        _cashWasSetByCurrency = true;
        symbol = symbol.ToUpperInvariant();
        if (CashBook.TryGetValue(symbol, out var item))
        {
            item.SetAmount(cash);
            item.ConversionRate = conversionRate;
        }
        else
            CashBook.Add(symbol, cash, conversionRate);
    }

    public virtual void ProcessFills(List<OrderEvent> fills)
    {
        foreach (var fill in fills)
        {
            var security = Securities[fill.Symbol];
            security.PortfolioModel.ProcessFill(this, security, fill);
        }
        InvalidateTotalPortfolioValue();
    }

    public void AddTransactionRecord(DateTime time, decimal transactionProfitLoss, bool isWin) =>
        Transactions.AddTransactionRecord(time, transactionProfitLoss, isWin);

    public HasSufficientBuyingPowerForOrderResult HasSufficientBuyingPowerForOrder(List<Order> orders)
    {
        foreach (var order in orders)
        {
            var security = Securities[order.Symbol];
            var result = security.BuyingPowerModel.HasSufficientBuyingPowerForOrder(this, security, order);
            if (!result.IsSufficient)
                return result;
        }
        return new(true);
    }

    public virtual SecurityHolding this[Symbol symbol]
    {
        get => Securities[symbol].Holdings;
        set => Securities[symbol].Holdings = value;
    }

    IEnumerator<KeyValuePair<Symbol, SecurityHolding>> IEnumerable<KeyValuePair<Symbol, SecurityHolding>>.GetEnumerator() => Pairs().GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => Pairs().GetEnumerator();

    private static decimal MarginUsed(Security security) => security.BuyingPowerModel.GetMaintenanceMargin(
        MaintenanceMarginParameters.ForQuantityAtCurrentPrice(security, security.Holdings.Quantity));

    private IEnumerable<KeyValuePair<Symbol, SecurityHolding>> Pairs() => Securities.Active.Select(x => KeyValuePair.Create(x.Symbol, x.Holdings));

    private decimal Sum(Func<SecurityHolding, decimal> value)
    {
        var sum = 0m;
        foreach (var security in Securities.Active)
            sum += value(security.Holdings);
        return sum;
    }

    private decimal SumAll(Func<SecurityHolding, decimal> value)
    {
        var sum = 0m;
        foreach (var security in Securities.All)
            sum += value(security.Holdings);
        return sum;
    }

    private void OnCashBookUpdated(object sender, CashBookUpdatedEventArgs args)
    {
        if (args.UpdateType == CashBookUpdateType.Added)
        {
            // the unsettled book has the same currencies, with the same rate sources
            var cash = args.Cash;
            var unsettled = new Cash(cash.Symbol, 0m, cash.ConversionRate) { CurrencyConversion = cash.CurrencyConversion };
            cash.CurrencyConversionUpdated += (_, _) => UnsettledCashBook[cash.Symbol].CurrencyConversion = cash.CurrencyConversion;
            UnsettledCashBook.Add(cash.Symbol, unsettled);
        }
        InvalidateTotalPortfolioValue();
    }
}
