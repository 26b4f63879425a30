namespace QuantConnect.Securities.CryptoFuture;

/// <summary>A perpetual future on a coin.</summary>
public class CryptoFuture : Security, IBaseCurrencySymbol
{
    public Cash BaseCurrency { get; protected set; }

    public CryptoFuture(
        Symbol symbol, SecurityExchangeHours exchangeHours, Cash quoteCurrency, Cash baseCurrency, SymbolProperties symbolProperties,
        ICurrencyConverter currencyConverter, IRegisteredSecurityDataTypesProvider registeredTypes, SecurityCache cache)
        : base(symbol, quoteCurrency, symbolProperties, new CryptoFutureExchange(exchangeHours), cache, new BinanceFuturesFeeModel(), new CryptoFutureMarginModel(), new BinanceFutureMarginInterestRateModel())
    {
        BaseCurrency = baseCurrency;
        Holdings = new CryptoFutureHolding(this, currencyConverter);
    }

    public bool IsCryptoCoinFuture() => QuoteCurrency.Symbol is not ("USDT" or "USDC" or "BUSD");
}

/// <summary>The position in a crypto future.</summary>
public class CryptoFutureHolding(Security security, ICurrencyConverter currencyConverter) : SecurityHolding(security, currencyConverter)
{
    public override ConvertibleCashAmount GetQuantityValue(decimal quantity, decimal price)
    {
        var future = (CryptoFuture)Security;
        var multiplier = future.SymbolProperties.ContractMultiplier;
        return future.IsCryptoCoinFuture()
            ? new ConvertibleCashAmount(quantity * multiplier / price, future.BaseCurrency)
            : new ConvertibleCashAmount(price * quantity * multiplier, future.QuoteCurrency);
    }
}

/// <summary>The exchange of a crypto future.</summary>
public class CryptoFutureExchange(SecurityExchangeHours exchangeHours) : SecurityExchange(exchangeHours);
