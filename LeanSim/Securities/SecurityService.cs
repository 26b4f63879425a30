namespace QuantConnect.Interfaces
{
    /// <summary>Makes securities.</summary>
    public interface ISecurityService
    {
        Security CreateSecurity(
            Symbol symbol,
            SubscriptionDataConfig subscriptionDataConfig,
            decimal leverage = 0,
            bool addToSymbolCache = true,
            Security underlying = null,
            bool seedSecurity = true);
    }

    /// <summary>Has the initializer of new securities.</summary>
    public interface ISecurityInitializerProvider
    {
        ISecurityInitializer SecurityInitializer { get; }
    }
}

namespace QuantConnect.Securities
{
    /// <summary>Makes securities, and adds their currencies to the cash book.</summary>
    public class SecurityService : ISecurityService
    {
        private readonly CashBook _cashBook;
        private readonly MarketHoursDatabase _marketHours;
        private readonly SymbolPropertiesDatabase _symbolProperties;
        private readonly ISecurityInitializerProvider _initializer;
        private readonly IRegisteredSecurityDataTypesProvider _types;
        private readonly SecurityCacheProvider _caches;
        private readonly SecurityManager _securities;
        // securities: those of the algorithm, in which an existing security is found; may be null
        internal SecurityService(
            CashBook cashBook,
            MarketHoursDatabase marketHoursDatabase,
            SymbolPropertiesDatabase symbolPropertiesDatabase,
            ISecurityInitializerProvider securityInitializerProvider,
            IRegisteredSecurityDataTypesProvider registeredTypes,
            SecurityCacheProvider cacheProvider,
            SecurityManager securities)
        {
            _cashBook = cashBook;
            _marketHours = marketHoursDatabase;
            _symbolProperties = symbolPropertiesDatabase;
            _initializer = securityInitializerProvider;
            _types = registeredTypes;
            _caches = cacheProvider;
            _securities = securities;
        }
        public Security CreateSecurity(
            Symbol symbol,
            List<SubscriptionDataConfig> subscriptionDataConfigList,
            decimal leverage = 0,
            bool addToSymbolCache = true,
            Security underlying = null,
            bool seedSecurity = true)
        {
            var internalFeed = subscriptionDataConfigList.Count > 0 && subscriptionDataConfigList[0].IsInternalFeed;
            if (_securities != null && _securities.TryGetValue(symbol, out var existing))
            {
                existing.AddData(subscriptionDataConfigList);
                existing.IsTradable |= !internalFeed;
                Initialize(existing);
                return existing;
            }
            var security = Make(symbol, addToSymbolCache);
            security.IsTradable = !internalFeed;
            security.AddData(subscriptionDataConfigList);
            Initialize(security);
            if (leverage != Security.NullLeverage)
                security.SetLeverage(leverage);
            return security;
        }
        public Security CreateSecurity(
            Symbol symbol,
            SubscriptionDataConfig subscriptionDataConfig,
            decimal leverage = 0,
            bool addToSymbolCache = true,
            Security underlying = null,
            bool seedSecurity = true) => CreateSecurity(symbol, [subscriptionDataConfig], leverage, addToSymbolCache, underlying, seedSecurity);
        public Security CreateBenchmarkSecurity(Symbol symbol)
        {
            var security = Make(symbol, false);
            security.SetLeverage(1);
            return security;
        }
        private void Initialize(Security security)
        {
            if (!security.IsInitialized)
            {
                _initializer.SecurityInitializer.Initialize(security);
                security.IsInitialized = true;
            }
        }
        private Security Make(Symbol symbol, bool addToSymbolCache)
        {
            var type = symbol.SecurityType;
            if (type is not (SecurityType.Crypto or SecurityType.CryptoFuture))
                throw new NotSupportedException($"LeanSim does not support SecurityType.{type} ({symbol}): run on LEAN");
            var market = symbol.ID.Market;
            var hours = _marketHours.GetExchangeHours(market, symbol, type);
            if (type == SecurityType.Crypto && !_symbolProperties.ContainsKey(market, symbol, type))
                throw new ArgumentException($"{symbol.Value} of {market} is not in the symbol properties database: check ticker and market");
            var properties = _symbolProperties.GetSymbolProperties(market, symbol, type, _cashBook.AccountCurrency);
            if (addToSymbolCache)
                SymbolCache.Set(symbol.Value, symbol);
            var quoteCash = GetOrAdd(properties.QuoteCurrency);
            if (!CurrencyPairUtil.TryDecomposeCurrencyPair(symbol, out var baseCurrency, out _))
                throw new ArgumentException($"{symbol.ID.Symbol} of {market} has no base currency: it may be missing from the symbol properties database");
            var baseCash = GetOrAdd(baseCurrency);
            var cache = _caches.GetSecurityCache(symbol);
            return type == SecurityType.Crypto
                ? new Crypto.Crypto(symbol, hours, quoteCash, baseCash, properties, _cashBook, _types, cache)
                : new CryptoFuture.CryptoFuture(symbol, hours, quoteCash, baseCash, properties, _cashBook, _types, cache);
            // a new currency has no rate yet
            Cash GetOrAdd(string currency) => _cashBook.TryGetValue(currency, out var cash) ? cash : _cashBook.Add(currency, 0, 0);
        }
    }
}
