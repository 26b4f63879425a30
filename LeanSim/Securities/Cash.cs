namespace QuantConnect.Securities;

/// <summary>A balance in one currency and its rate to the account currency.</summary>
public class Cash
{
    private ICurrencyConversion _conversion;
    public event EventHandler Updated;
    public event EventHandler CurrencyConversionUpdated;
    public IEnumerable<Symbol> SecuritySymbols => CurrencyConversion.ConversionRateSecurities.Select(x => x.Symbol).ToList();

    public ICurrencyConversion CurrencyConversion
    {
        get => _conversion;
        internal set
        {
            var lastRate = 0m;
            if (_conversion != null)
            {
                lastRate = _conversion.ConversionRate;
                _conversion.ConversionRateUpdated -= OnConversionRateUpdated;
            }
            _conversion = value;
            if (value != null)
            {
                if (lastRate != 0m)
                {
                    // the old rate holds until the new source has one
                    value.ConversionRate = lastRate;
                }
                value.ConversionRateUpdated += OnConversionRateUpdated;
            }
            CurrencyConversionUpdated?.Invoke(this, EventArgs.Empty);
        }
    }

    public string Symbol { get; }
    public decimal Amount { get; private set; }

    public decimal ConversionRate
    {
        get => _conversion.ConversionRate;
        internal set
        {
            if (_conversion == null)
                CurrencyConversion = new ConstantCurrencyConversion(Symbol, null, value);
            _conversion.ConversionRate = value;
        }
    }

    public string CurrencySymbol { get; }
    public decimal ValueInAccountCurrency => Amount * ConversionRate;

    public Cash(string symbol, decimal amount, decimal conversionRate)
    {
        if (string.IsNullOrEmpty(symbol))
            throw new ArgumentException("A cash needs a currency");
        Amount = amount;
        Symbol = symbol.ToUpperInvariant();
        CurrencySymbol = Currencies.GetCurrencySymbol(Symbol);
        CurrencyConversion = new ConstantCurrencyConversion(Symbol, null, conversionRate);
    }

    public void Update() => _conversion.Update();

    public decimal AddAmount(decimal amount)
    {
        Amount += amount;
        Updated?.Invoke(this, EventArgs.Empty);
        return Amount;
    }

    public void SetAmount(decimal amount)
    {
        if (Amount != amount)
        {
            Amount = amount;
            Updated?.Invoke(this, EventArgs.Empty);
        }
    }

    public List<SubscriptionDataConfig> EnsureCurrencyDataFeed(
        SecurityManager securities,
        SubscriptionManager subscriptions,
        IReadOnlyDictionary<SecurityType, string> marketMap,
        SecurityChanges changes,
        ISecurityService securityService,
        string accountCurrency,
        Resolution defaultResolution = Resolution.Minute)
    {
        if (CurrencyConversion.DestinationCurrency != null)
            return null;
        if (Symbol == accountCurrency)
        {
            CurrencyConversion = ConstantCurrencyConversion.Identity(accountCurrency);
            return null;
        }
        if (marketMap.TryGetValue(SecurityType.Crypto, out var cryptoMarket)
            && Currencies.IsStableCoinWithoutPair(accountCurrency, Symbol, cryptoMarket))
        {
            CurrencyConversion = ConstantCurrencyConversion.Identity(accountCurrency, Symbol);
            return null;
        }
        var pairs = ConversionPairs(securities.Keys, marketMap);
        if (!pairs.Exists(x => x.Quote == Symbol || x.Base == Symbol))
        {
            Log.Error($"No tradable pair has {Symbol}: its rate to {accountCurrency} is set to zero");
            CurrencyConversion = ConstantCurrencyConversion.Null(accountCurrency, Symbol);
            return null;
        }
        var existing = securities.Values.Concat(changes.AddedSecurities).Where(x => x.Type == SecurityType.Crypto).ToList();
        var resolution = subscriptions.Subscriptions.Select(x => x.Resolution).DefaultIfEmpty(defaultResolution).Min();
        var added = new List<SubscriptionDataConfig>();
        CurrencyConversion = SecurityCurrencyConversion.Find(Symbol, accountCurrency, [.. existing.Select(PairOf), .. pairs], GetSecurity)
            ?? throw new ArgumentException($"No conversion path from {Symbol} to {accountCurrency} in the conversion market");
        return added;
        Security GetSecurity(ConversionPair pair)
        {
            var security = existing.Find(x => x.Symbol.Value == pair.Ticker && x.Symbol.ID.Market == pair.Market && x.Type == pair.Type);
            if (security != null)
                return security;
            if (pair.Type != SecurityType.Crypto)
                throw new NotSupportedException(
                    $"LeanSim does not support {pair.Type} conversion feeds ({pair.Ticker} of {pair.Market} for {Symbol}): add a crypto pair, or run on LEAN");
            var symbol = QuantConnect.Symbol.Create(pair.Ticker, pair.Type, pair.Market);
            var service = subscriptions.SubscriptionDataConfigService;
            var dataType = service.LookupSubscriptionConfigDataTypes(symbol.SecurityType, resolution, false)[0];
            var config = service.Add(symbol, resolution, fillForward: true, isInternalFeed: true, subscriptionDataTypes: [dataType])[0];
            security = securityService.CreateSecurity(symbol, config, addToSymbolCache: false, seedSecurity: false);
            Log.Trace($"Cash: {symbol.Value} of {symbol.ID.Market} added as the conversion feed of {Symbol}");
            securities.Add(symbol, security);
            added.Add(config);
            return security;
        }
    }

    public override string ToString() => ToString(Currencies.USD);

    public string ToString(string accountCurrency) => FormattableString.Invariant(
        $"{Symbol}: {CurrencySymbol}{Amount:0.00} @ {ConversionRate:0.00####} = {Currencies.GetCurrencySymbol(accountCurrency)}{ValueInAccountCurrency:0.00}");

    private void OnConversionRateUpdated(object sender, decimal rate) => Updated?.Invoke(this, EventArgs.Empty);

    private static ConversionPair PairOf(Security security)
    {
        CurrencyPairUtil.DecomposeCurrencyPair(security.Symbol, out var baseCurrency, out var quoteCurrency);
        return new(security.Symbol.Value, security.Type, security.Symbol.ID.Market, baseCurrency, quoteCurrency);
    }

    // forex, then cfd, then crypto; within a type the mapped market first, then the markets of the securities
    private static List<ConversionPair> ConversionPairs(ICollection<Symbol> symbols, IReadOnlyDictionary<SecurityType, string> marketMap)
    {
        var pairs = new List<ConversionPair>();
        foreach (var type in (SecurityType[])[SecurityType.Forex, SecurityType.Cfd, SecurityType.Crypto])
        {
            var markets = symbols.Where(x => x.SecurityType == type).Select(x => x.ID.Market);
            if (marketMap.TryGetValue(type, out var mapped))
                markets = markets.Prepend(mapped);
            foreach (var market in markets.Distinct())
                foreach (var (ticker, quote) in Rows(market, type))
                {
                    if (ticker.EndsWith(quote, StringComparison.Ordinal))
                        pairs.Add(new(ticker, type, market, ticker[..^quote.Length], quote));
                }
        }
        return pairs;
    }

    // the database holds crypto only; LEAN would prefer these, so that they must be seen
    private static IEnumerable<(string Ticker, string Quote)> Rows(string market, SecurityType type) => type == SecurityType.Crypto
        ? SymbolPropertiesDatabase.FromDataFolder().GetSymbolPropertiesList(market, type).Select(x => (x.Key.Symbol, x.Value.QuoteCurrency))
        : File.ReadLines(Globals.GetDataFolderPath("symbol-properties/symbol-properties-database.csv")).Select(x => x.Split(','))
            .Where(x => x.Length > 4 && x[0] == market && x[2].Equals(type.ToString(), StringComparison.OrdinalIgnoreCase))
            .Select(x => (x[1], x[4]));
}
