namespace QuantConnect.Securities.Crypto;

/// <summary>A spot pair.</summary>
public class Crypto : Security, IBaseCurrencySymbol
{
    public Cash BaseCurrency { get; protected set; }

    public Crypto(
        Symbol symbol, SecurityExchangeHours exchangeHours, Cash quoteCurrency, Cash baseCurrency, SymbolProperties symbolProperties,
        ICurrencyConverter currencyConverter, IRegisteredSecurityDataTypesProvider registeredTypes, SecurityCache securityCache)
        : base(symbol, quoteCurrency, symbolProperties, new CryptoExchange(exchangeHours), securityCache, new CoinbaseFeeModel(), new CashBuyingPowerModel(), Securities.MarginInterestRateModel.Null)
    {
        BaseCurrency = baseCurrency;
        Holdings = new CryptoHolding(this, currencyConverter);
    }

    public override decimal Price => Cache.LastTrade?.Close ?? Cache.Price;
}

/// <summary>The position in a spot pair.</summary>
public class CryptoHolding(Crypto security, ICurrencyConverter currencyConverter) : SecurityHolding(security, currencyConverter);

/// <summary>The exchange of a spot pair.</summary>
public class CryptoExchange(SecurityExchangeHours exchangeHours) : SecurityExchange(exchangeHours);
