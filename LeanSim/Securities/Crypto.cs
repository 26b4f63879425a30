using QuantConnect.Orders.Fees;
using QuantConnect.Orders.Fills;
using QuantConnect.Orders.Slippage;

namespace QuantConnect.Securities.Crypto;

/// <summary>A spot pair.</summary>
public class Crypto : Security, IBaseCurrencySymbol
{
    public Cash BaseCurrency { get; protected set; }

    public Crypto(
        Symbol symbol,
        SecurityExchangeHours exchangeHours,
        Cash quoteCurrency,
        Cash baseCurrency,
        SymbolProperties symbolProperties,
        ICurrencyConverter currencyConverter,
        IRegisteredSecurityDataTypesProvider registeredTypes,
        SecurityCache securityCache)
        : base(
            symbol,
            quoteCurrency,
            symbolProperties,
            new CryptoExchange(exchangeHours),
            securityCache,
            new SecurityPortfolioModel(),
            new ImmediateFillModel(),
            new CoinbaseFeeModel(),
            NullSlippageModel.Instance,
            new ImmediateSettlementModel(),
            Securities.VolatilityModel.Null,
            new CashBuyingPowerModel(),
            new SecurityDataFilter(),
            new SecurityPriceVariationModel(),
            currencyConverter,
            registeredTypes,
            Securities.MarginInterestRateModel.Null)
    {
        BaseCurrency = baseCurrency;
        Holdings = new CryptoHolding(this, currencyConverter);
    }

    /// <summary>The last trade's close, whatever was quoted since; without a trade the last price.</summary>
    public override decimal Price => Cache.LastTrade?.Close ?? Cache.Price;
    public static implicit operator Symbol(Crypto security) => security.Symbol;
}

/// <summary>The position in a spot pair.</summary>
public class CryptoHolding : SecurityHolding
{
    public CryptoHolding(Crypto security, ICurrencyConverter currencyConverter)
        : base(security, currencyConverter)
    {
    }
}

/// <summary>The exchange of a spot pair.</summary>
public class CryptoExchange : SecurityExchange
{
    public CryptoExchange(SecurityExchangeHours exchangeHours)
        : base(exchangeHours)
    {
    }
}
