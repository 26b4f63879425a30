namespace QuantConnect.Algorithm;

/// <summary>Base of algorithms.</summary>
public partial class QCAlgorithm : MarshalByRefObject, IAlgorithm
{
    private readonly TimeKeeper _timeKeeper;
    private LocalTimeKeeper _localTime;
    private Dictionary<string, string> _parameters = new();
    private IBrokerageModel _brokerageModel;
    private string _name;
    private DateTime _startDate = new(1998, 1, 1);
    private DateTime? _liveStartUtc;
    private DateTime? _endDate;
    private TimeSpan? _warmUpSpan;
    private int? _warmUpBars;
    private bool _locked;
    private bool _userSetsInitializer;

    public QCAlgorithm()
    {
        Name = GetType().Name;
        Status = AlgorithmStatus.Running;
        IsWarmingUp = true;
        _timeKeeper = new TimeKeeper(_startDate, TimeZones.NewYork);
        _localTime = _timeKeeper.GetLocalTimeKeeper(TimeZones.NewYork);
        Settings = new AlgorithmSettings();
        DefaultOrderProperties = new OrderProperties();
        SubscriptionManager = new SubscriptionManager(_timeKeeper);
        UniverseManager = new UniverseManager();
        UniverseSettings = new UniverseSettings();
        Securities = new SecurityManager(_timeKeeper);
        Transactions = new SecurityTransactionManager(this, Securities);
        Portfolio = new SecurityPortfolioManager(Securities, Transactions, Settings, DefaultOrderProperties);
        BrokerageModel = new DefaultBrokerageModel();
        SecurityInitializer = new BrokerageModelSecurityInitializer(BrokerageModel, SecuritySeeder.Null);
        RiskFreeInterestRateModel = new ConstantRiskFreeRateInterestRateModel(0);
        MarketHoursDatabase = MarketHoursDatabase.FromDataFolder();
        SymbolPropertiesDatabase = SymbolPropertiesDatabase.FromDataFolder();
        Schedule = new ScheduleManager(this, Securities, TimeZone, MarketHoursDatabase);
        Insights = new InsightManager(this);
        SetAlpha(new NullAlphaModel());
        SetPortfolioConstruction(new NullPortfolioConstructionModel());
        SetExecution(new ImmediateExecutionModel());
        SetRiskManagement(new NullRiskManagementModel());
    }

    public event AlgorithmEvent<GeneratedInsightsCollection> InsightsGenerated;
    protected MarketHoursDatabase MarketHoursDatabase { get; }
    protected SymbolPropertiesDatabase SymbolPropertiesDatabase { get; }
    public SecurityManager Securities { get; set; }
    public SecurityPortfolioManager Portfolio { get; set; }
    public SubscriptionManager SubscriptionManager { get; set; }
    public UniverseManager UniverseManager { get; private set; }
    public UniverseSettings UniverseSettings { get; private set; }
    public ScheduleManager Schedule { get; private set; }
    public DateRules DateRules => Schedule.DateRules;
    public TimeRules TimeRules => Schedule.TimeRules;
    public IAlgorithmSettings Settings { get; private set; }
    public IOrderProperties DefaultOrderProperties { get; set; }
    public ISecurityInitializer SecurityInitializer { get; private set; }
    public IRiskFreeInterestRateModel RiskFreeInterestRateModel { get; private set; }
    public IBenchmark Benchmark { get; private set; }

    public IBrokerageModel BrokerageModel
    {
        get => _brokerageModel;
        private set
        {
            _brokerageModel = value;
            try
            {
                BrokerageName = Brokerages.BrokerageModel.GetBrokerageName(value);
            }
            catch (ArgumentOutOfRangeException)
            {
                BrokerageName = BrokerageName.Default;
            }
        }
    }

    public BrokerageName BrokerageName { get; private set; }
    public AlgorithmStatus Status { get; set; }
    public Exception RunTimeError { get; set; }
    public string AccountCurrency => Portfolio.CashBook.AccountCurrency;
    public DateTime Time => _localTime.LocalTime;
    public DateTime UtcTime => _timeKeeper.UtcTime;
    public ITimeKeeper TimeKeeper => _timeKeeper;
    public DateTimeZone TimeZone => _localTime.TimeZone;
    public DateTime StartDate => _startDate;
    public DateTime EndDate => _endDate ?? QuantConnect.Time.EndOfTime;
    public string AlgorithmId { get; private set; } = string.Empty;
    public bool LiveMode { get; internal set; }
    public bool IsWarmingUp { get; private set; }
    public Slice CurrentSlice { get; private set; }

    public string Name
    {
        get => _name;
        set
        {
            if (_locked)
                throw new InvalidOperationException("The name cannot be changed after Initialize.");
            if (!string.IsNullOrEmpty(value))
                _name = value.Length > 200 ? value.Substring(0, 200) : value;
        }
    }

    public virtual void Initialize() => throw new NotImplementedException("Override Initialize().");

    public virtual void PostInitialize()
    {
        if (_endDate == null)
            throw new NotSupportedException("LeanSim does not support an open end (LEAN's is yesterday): call SetEndDate in Initialize");
        if (_endDate < _startDate)
            throw new ArgumentException($"The end date {_endDate:yyyy-MM-dd} is before the start date {_startDate:yyyy-MM-dd}.");
        if (PortfolioConstruction is PortfolioConstructionModel construction)
        {
            construction.RebalanceOnSecurityChanges = Settings.RebalancePortfolioOnSecurityChanges ?? construction.RebalanceOnSecurityChanges;
            construction.RebalanceOnInsightChanges = Settings.RebalancePortfolioOnInsightChanges ?? construction.RebalanceOnInsightChanges;
        }
        FrameworkPostInitialize();
        Benchmark ??= BrokerageModel.GetBenchmark(Securities);
        if (TryGetWarmUpStart(out var start))
            SetDateTime(start.ConvertToUtc(TimeZone));
        else
            SetFinishedWarmingUp();
        OnEndOfTimeStep();
    }

    public string GetParameter(string name, string defaultValue = null) => _parameters.TryGetValue(name, out var value) ? value : defaultValue;
    public int GetParameter(string name, int defaultValue) => int.TryParse(GetParameter(name), out var value) ? value : defaultValue;

    public double GetParameter(string name, double defaultValue)
        => double.TryParse(GetParameter(name), NumberStyles.Any, CultureInfo.InvariantCulture, out var value) ? value : defaultValue;

    public decimal GetParameter(string name, decimal defaultValue)
        => decimal.TryParse(GetParameter(name), NumberStyles.Any, CultureInfo.InvariantCulture, out var value) ? value : defaultValue;

    public ReadOnlyExtendedDictionary<string, string> GetParameters() => new(_parameters);

    public void SetParameters(Dictionary<string, string> parameters)
    {
        _parameters = new Dictionary<string, string>(parameters);
        try
        {
            ParameterAttribute.ApplyAttributes(parameters, this);
        }
        catch (Exception error)
        {
            Error("Parameters could not be applied: " + error.Message);
        }
    }

    public virtual void OnData(Slice slice) { }

    public virtual void OnSecuritiesChanged(SecurityChanges changes) { }

    public virtual void OnWarmupFinished() { }

    public virtual void OnMarginCall(List<SubmitOrderRequest> requests) { }

    public virtual void OnMarginCallWarning() { }

    public virtual void OnEndOfDay(string symbol) { }

    public virtual void OnEndOfDay(Symbol symbol) => OnEndOfDay(symbol.ToString());

    public virtual void OnEndOfAlgorithm() { }

    public virtual void OnOrderEvent(OrderEvent orderEvent) { }

    public void SetDateTime(DateTime frontier)
    {
        _timeKeeper.SetUtcDateTime(frontier);
        if (IsWarmingUp && _locked && Time >= _startDate)
            SetFinishedWarmingUp();
    }

    public void SetTimeZone(string timeZone)
        => SetTimeZone(DateTimeZoneProviders.Tzdb.GetZoneOrNull(timeZone) ?? throw new ArgumentException($"There is no time zone '{timeZone}' in the tz database."));

    public void SetTimeZone(DateTimeZone timeZone)
    {
        ThrowIfLocked(nameof(SetTimeZone));
        ArgumentNullException.ThrowIfNull(timeZone);
        _localTime = _timeKeeper.GetLocalTimeKeeper(timeZone);
        TimeRules.SetDefaultTimeZone(timeZone);
        DateRules.SetDefaultTimeZone(timeZone);
        if (_liveStartUtc is { } now)
            StartLive(now);
        else
            SetDateTime(_startDate.ConvertToUtc(TimeZone));
    }

    /// <summary>Live data are of now, whatever start the algorithm sets.</summary>
    internal void StartLive(DateTime utcNow)
    {
        _liveStartUtc = utcNow;
        SetDateTime(utcNow);
        _startDate = Time.Date;
    }

    public void SetSecurityInitializer(ISecurityInitializer securityInitializer)
    {
        ThrowIfLocked(nameof(SetSecurityInitializer));
        _userSetsInitializer = true;
        SecurityInitializer = securityInitializer;
    }

    public void AddSecurityInitializer(ISecurityInitializer securityInitializer)
    {
        ThrowIfLocked(nameof(AddSecurityInitializer));
        if (SecurityInitializer is CompositeSecurityInitializer composite)
            composite.AddSecurityInitializer(securityInitializer);
        else
            SecurityInitializer = new CompositeSecurityInitializer(SecurityInitializer, securityInitializer);
    }

    public void AddSecurityInitializer(Action<Security> securityInitializer) => AddSecurityInitializer(new FuncSecurityInitializer(securityInitializer));

    public void SetBrokerageModel(BrokerageName brokerage, AccountType accountType = AccountType.Margin)
        => SetBrokerageModel(Brokerages.BrokerageModel.Create(Transactions, brokerage, accountType));

    public void SetBrokerageModel(IBrokerageModel model)
    {
        BrokerageModel = model;
        var initializer = new BrokerageModelSecurityInitializer(model, SecuritySeeder.Null);
        if (SecurityInitializer is CompositeSecurityInitializer composite)
        {
            Debug("Warning: call SetBrokerageModel() before AddSecurityInitializer().");
            var chain = composite.Initializers;
            var index = chain.FindIndex(x => x is BrokerageModelSecurityInitializer);
            if (index >= 0)
                chain[index] = initializer;
            else
                chain.Insert(0, initializer);
            SecurityInitializer = new CompositeSecurityInitializer(chain.ToArray());
        }
        else if (!_userSetsInitializer)
            SecurityInitializer = initializer;
        foreach (var security in Securities.Values)
        {
            var leverage = security.Leverage;
            SecurityInitializer.Initialize(security);
            security.SetLeverage(leverage);
        }
    }

    public void SetRiskFreeInterestRateModel(IRiskFreeInterestRateModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        RiskFreeInterestRateModel = model;
    }

    public void SetBenchmark(string ticker)
        => SetBenchmark(SymbolCache.TryGetSymbol(ticker, out var symbol) ? symbol : Securities.Keys.FirstOrDefault(x => x.Value == ticker)
            ?? throw new NotSupportedException($"LeanSim does not support SetBenchmark('{ticker}') before the security is added: run on LEAN"));

    public void SetBenchmark(Symbol symbol)
    {
        ThrowIfLocked(nameof(SetBenchmark));
        Benchmark = SecurityBenchmark.CreateInstance(Securities, symbol);
    }

    public void SetBenchmark(Func<DateTime, decimal> benchmark)
    {
        ThrowIfLocked(nameof(SetBenchmark));
        Benchmark = new FuncBenchmark(benchmark);
    }

    public void SetAccountCurrency(string accountCurrency, decimal? startingCash = null)
    {
        ThrowIfLocked(nameof(SetAccountCurrency));
        var cash = startingCash == null ? string.Empty : $" with {startingCash.Value.ToStringInvariant()} to start with";
        Debug($"Changing the account currency from {AccountCurrency} to {accountCurrency}{cash}");
        Portfolio.SetAccountCurrency(accountCurrency, startingCash);
    }

    public void SetCash(double startingCash) => SetCash((decimal)startingCash);
    public void SetCash(decimal startingCash)
    {
        ThrowIfLocked(nameof(SetCash));
        Portfolio.SetCash(startingCash);
    }

    public void SetCash(string symbol, decimal startingCash, decimal conversionRate = 0)
    {
        ThrowIfLocked(nameof(SetCash));
        Portfolio.SetCash(symbol, startingCash, conversionRate);
    }

    public void SetStartDate(int year, int month, int day) => SetDate(SetStartDate, year, month, day);
    public void SetEndDate(int year, int month, int day) => SetDate(SetEndDate, year, month, day);

    public void SetStartDate(DateTime start)
    {
        ThrowIfLocked(nameof(SetStartDate));
        start = start.RoundDown(QuantConnect.Time.OneDay);
        if (start.Year < 1900)
            throw new ArgumentOutOfRangeException(nameof(start), "The start date must not be before 1900.");
        if (_liveStartUtc != null)
            return;
        _startDate = start;
        SetDateTime(start.ConvertToUtc(TimeZone));
    }

    public void SetEndDate(DateTime end)
    {
        ThrowIfLocked(nameof(SetEndDate));
        _endDate = end.RoundDown(QuantConnect.Time.OneDay).AddDays(1).AddTicks(-1);
    }

    public void SetLocked() => _locked = true;
    public bool GetLocked() => _locked;
    public void SetStatus(AlgorithmStatus status) => Status = status;
    public void SetCurrentSlice(Slice slice) => CurrentSlice = slice;
    public void SetFinishedWarmingUp() => IsWarmingUp = false;
    public void SetWarmup(TimeSpan timeSpan) => SetWarmup(timeSpan, null);
    public void SetWarmUp(TimeSpan timeSpan) => SetWarmup(timeSpan, null);
    public void SetWarmup(TimeSpan timeSpan, Resolution? resolution) => SetWarmup(null, timeSpan, resolution);
    public void SetWarmup(int barCount, Resolution? resolution) => SetWarmup(barCount, null, resolution);
    public void SetWarmUp(int barCount, Resolution? resolution) => SetWarmup(barCount, resolution);

    public Crypto AddCrypto(string ticker, Resolution? resolution = null, string market = null, bool fillForward = true, decimal leverage = Security.NullLeverage)
        => (Crypto)Add(SecurityType.Crypto, ticker, resolution, market, fillForward, leverage);

    public CryptoFuture AddCryptoFuture(string ticker, Resolution? resolution = null, string market = null, bool fillForward = true, decimal leverage = Security.NullLeverage)
        => (CryptoFuture)Add(SecurityType.CryptoFuture, ticker, resolution, market, fillForward, leverage);

    public bool RemoveSecurity(Symbol symbol, string tag = null)
    {
        if (!Securities.TryGetValue(symbol, out var security))
            return false;
        tag ??= "Removed";
        if (!IsWarmingUp)
            Transactions.CancelOpenOrders(security.Symbol, tag);
        if (security.Invested)
            Liquidate(symbol: security.Symbol, tag: tag);
        security.Reset();
        UniverseManager.RemoveSecurity(security);
        return true;
    }

    public void OnEndOfTimeStep() => UniverseManager.ProcessChanges();

    public Symbol Symbol(string ticker)
        => SymbolCache.TryGetSymbol(ticker, out var symbol) ? symbol : throw new InvalidOperationException($"No symbol is known by the ticker '{ticker}': add the security first.");

    public bool Shortable(Symbol symbol, decimal shortQuantity, int? updateOrderId = null)
    {
        var security = Securities[symbol];
        var limit = security.ShortableProvider.ShortableQuantity(symbol, security.LocalTime);
        if (limit == null)
            return true;
        var projected = security.Holdings.Quantity + Transactions.GetOpenOrdersRemainingQuantity(x => x.Symbol == symbol && x.OrderId != updateOrderId);
        return projected > -limit && projected - Math.Abs(shortQuantity) >= -limit;
    }

    public long ShortableQuantity(Symbol symbol)
    {
        var security = Securities[symbol];
        return security.ShortableProvider.ShortableQuantity(symbol, security.LocalTime) ?? 0;
    }

    private Security Add(SecurityType type, string ticker, Resolution? resolution, string market, bool fillForward, decimal leverage)
    {
        var symbol = FindSymbol(ticker, type, market);
        var configs = SubscriptionManager.SubscriptionDataConfigService.Add(symbol, resolution, fillForward, false,
            dataNormalizationMode: UniverseSettings.DataNormalizationMode, dataMappingMode: UniverseSettings.DataMappingMode);
        return AddToUniverse(Securities.CreateSecurity(symbol, configs, leverage), configs);
    }

    private Security AddToUniverse(Security security, List<SubscriptionDataConfig> configs)
    {
        if (!Securities.TryGetValue(security.Symbol, out var existing))
            Securities.Add(security);
        else if (existing.HasOnlyInternalFeeds && !configs[0].IsInternalFeed)
        {
            Securities.Remove(security.Symbol);
            Securities.Add(security);
        }
        UniverseManager.AddSecurity(security, configs);
        return security;
    }

    private Symbol FindSymbol(string ticker, SecurityType type, string market)
    {
        ThrowIfNotCrypto(type, ticker);
        if (string.IsNullOrEmpty(market) && !BrokerageModel.DefaultMarkets.TryGetValue(type, out market))
            throw new KeyNotFoundException($"The brokerage model has no default market for {type}.");
        return SymbolCache.TryGetSymbol(ticker, out var symbol) && symbol.ID.Market == market && symbol.SecurityType == type
            ? symbol
            : QuantConnect.Symbol.Create(ticker, type, market);
    }

    private void SetWarmup(int? bars, TimeSpan? span, Resolution? resolution)
    {
        ThrowIfLocked(nameof(SetWarmup));
        _warmUpBars = bars;
        _warmUpSpan = span;
        Settings.WarmupResolution = resolution;
    }

    // Bars are counted back per feed from the last full bar; the market is always open. The earliest start counts.
    private bool TryGetWarmUpStart(out DateTime start)
    {
        start = Time;
        if (_warmUpBars == null)
        {
            start -= _warmUpSpan ?? TimeSpan.Zero;
            return _warmUpSpan != null;
        }
        DateTime? earliest = null;
        foreach (var symbol in Securities.Keys)
            foreach (var config in SubscriptionManager.SubscriptionDataConfigService.GetSubscriptionDataConfigs(symbol, true))
            {
                var bar = (Settings.WarmupResolution ?? config.Resolution).ToTimeSpan();
                var first = UtcTime.RoundDown(bar) - bar * _warmUpBars.Value;
                earliest = earliest == null || first < earliest ? first : earliest;
            }
        start = earliest?.ConvertFromUtc(TimeZone)
            ?? start - (Settings.WarmupResolution ?? UniverseSettings.Resolution).ToTimeSpan() * _warmUpBars.Value;
        return true;
    }

    private void ThrowIfLocked(string method)
    {
        if (_locked)
            throw new InvalidOperationException($"{method}() can only be called in Initialize.");
    }

    private static void ThrowIfNotCrypto(SecurityType type, string ticker)
    {
        if (type is not (SecurityType.Crypto or SecurityType.CryptoFuture))
            throw new NotSupportedException($"LeanSim does not support SecurityType.{type} ({ticker}): run on LEAN");
    }

    private static void SetDate(Action<DateTime> setter, int year, int month, int day)
    {
        try
        {
            setter(new DateTime(year, month, day));
        }
        catch (Exception error)
        {
            throw new ArgumentException($"Date Invalid: {error.Message}");
        }
    }
}
