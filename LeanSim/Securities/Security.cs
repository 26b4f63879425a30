namespace QuantConnect.Securities;

/// <summary>A tradable or price-giving instrument with its models, data and position.</summary>
public class Security
{
    public const decimal NullLeverage = 0;
    private readonly List<SubscriptionDataConfig> _subscriptions = [];
    private SecurityExchange _exchange;
    private LocalTimeKeeper _timeKeeper;
    internal bool IsInitialized { get; set; }
    internal bool HasOnlyInternalFeeds { get; private set; } = true;
    public IShortableProvider ShortableProvider { get; private set; } = NullShortableProvider.Instance;
    public IEnumerable<SubscriptionDataConfig> Subscriptions => _subscriptions.ToList();
    public Symbol Symbol { get; }
    public Cash QuoteCurrency { get; }
    public SymbolProperties SymbolProperties { get; protected set; }
    public SecurityType Type => Symbol.ID.SecurityType;
    public bool HasData => GetLastData() != null;
    public virtual bool IsTradable { get; set; }
    public bool IsDelisted { get; set; }
    public SecurityCache Cache { get; set; }
    public SecurityHolding Holdings { get; set; }

    public SecurityExchange Exchange
    {
        get => _exchange;
        set
        {
            _exchange = value;
            if (_timeKeeper != null)
                _exchange.SetLocalDateTimeFrontierProvider(_timeKeeper);
        }
    }

    public IFeeModel FeeModel { get; set; }
    public IFillModel FillModel { get; set; } = new ImmediateFillModel();
    public ISlippageModel SlippageModel { get; set; } = NullSlippageModel.Instance;
    public ISecurityPortfolioModel PortfolioModel { get; set; } = new SecurityPortfolioModel();
    public IBuyingPowerModel BuyingPowerModel { get; set; }
    public IMarginInterestRateModel MarginInterestRateModel { get; set; }
    public ISettlementModel SettlementModel { get; set; } = new ImmediateSettlementModel();
    public IVolatilityModel VolatilityModel { get; set; } = Securities.VolatilityModel.Null;
    public ISecurityDataFilter DataFilter { get; set; } = new SecurityDataFilter();
    public IPriceVariationModel PriceVariationModel { get; set; } = new SecurityPriceVariationModel();

    private protected Security(
        Symbol symbol, Cash quoteCurrency, SymbolProperties symbolProperties, SecurityExchange exchange, SecurityCache cache,
        IFeeModel feeModel, IBuyingPowerModel buyingPowerModel, IMarginInterestRateModel marginInterestRateModel)
    {
        if (symbolProperties.QuoteCurrency != quoteCurrency.Symbol)
            throw new ArgumentException($"{symbol} is quoted in {symbolProperties.QuoteCurrency}, not in {quoteCurrency.Symbol}");
        Symbol = symbol;
        QuoteCurrency = quoteCurrency;
        SymbolProperties = symbolProperties;
        IsTradable = true;
        Cache = cache;
        Exchange = exchange;
        FeeModel = feeModel;
        BuyingPowerModel = buyingPowerModel;
        MarginInterestRateModel = marginInterestRateModel;
    }

    public virtual bool HoldStock => Holdings.HoldStock;
    public virtual bool Invested => HoldStock;

    public virtual DateTime LocalTime => _timeKeeper == null
        ? throw new InvalidOperationException($"{Symbol} has no local time before it is added to the securities")
        : _timeKeeper.LocalTime;

    public virtual decimal Price => Cache.Price;
    public virtual decimal Leverage => Holdings.Leverage;
    public virtual decimal High => OrPrice(Cache.High);
    public virtual decimal Low => OrPrice(Cache.Low);
    public virtual decimal Close => OrPrice(Cache.Close);
    public virtual decimal Open => OrPrice(Cache.Open);
    public virtual decimal Volume => Cache.Volume;
    public virtual decimal BidPrice => OrPrice(Cache.BidPrice);
    public virtual decimal BidSize => Cache.BidSize;
    public virtual decimal AskPrice => OrPrice(Cache.AskPrice);
    public virtual decimal AskSize => Cache.AskSize;
    public BaseData GetLastData() => Cache.GetData();

    public virtual void SetLocalTimeKeeper(LocalTimeKeeper localTimeKeeper)
    {
        _timeKeeper = localTimeKeeper;
        Exchange.SetLocalDateTimeFrontierProvider(localTimeKeeper);
    }

    public void SetMarketPrice(BaseData data)
    {
        if (data != null)
        {
            Cache.AddData(data);
            UpdateMarketPrice(data);
        }
    }

    public void Update(IReadOnlyList<BaseData> data, Type dataType, bool? containsFillForwardData = null, bool isInternalConfig = false)
    {
        Cache.AddDataList(data, dataType, containsFillForwardData, isInternalConfig);
        UpdateMarketPrice(data[^1]);
    }

    // Update for the usual case of one point, without a list
    internal void Update(BaseData data, Type dataType)
    {
        Cache.AddPoint(data, dataType);
        UpdateMarketPrice(data);
    }

    public void SetLeverage(decimal leverage) => BuyingPowerModel.SetLeverage(this, leverage);
    public void SetFeeModel(IFeeModel feelModel) => FeeModel = feelModel;
    public void SetFillModel(IFillModel fillModel) => FillModel = fillModel;
    public void SetBuyingPowerModel(IBuyingPowerModel buyingPowerModel) => BuyingPowerModel = buyingPowerModel;
    public void SetMarginInterestRateModel(IMarginInterestRateModel marginInterestRateModel) => MarginInterestRateModel = marginInterestRateModel;
    public void SetShortableProvider(IShortableProvider shortableProvider) => ShortableProvider = shortableProvider;
    public override string ToString() => Symbol.ToString();

    public virtual void Reset()
    {
        IsInitialized = false;
        IsTradable = false;
        _subscriptions.Clear();
        HasOnlyInternalFeeds = true;
    }

    public static implicit operator Symbol(Security security) => security.Symbol;

    protected virtual void UpdateConsumersMarketPrice(BaseData data)
    {
        if (data.Price != 0m)
        {
            Holdings.UpdateMarketPrice(Price);
            VolatilityModel.Update(this, data);
        }
    }

    internal void AddData(IEnumerable<SubscriptionDataConfig> subscriptions)
    {
        foreach (var subscription in subscriptions)
        {
            if (subscription.Symbol != Symbol)
                throw new ArgumentException($"A subscription of {subscription.Symbol} was given to {Symbol}");
            if (!_subscriptions.Contains(subscription))
            {
                _subscriptions.Add(subscription);
                HasOnlyInternalFeeds &= subscription.IsInternalFeed;
            }
        }
    }

    private void UpdateMarketPrice(BaseData data)
    {
        if (data.DataType != MarketDataType.Auxiliary)
            UpdateConsumersMarketPrice(data);
    }

    private decimal OrPrice(decimal value) => value == 0 ? Price : value;
}
