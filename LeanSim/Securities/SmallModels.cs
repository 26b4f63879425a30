namespace QuantConnect.Securities.Interfaces
{
    /// <summary>Decides which data points reach a security.</summary>
    public interface ISecurityDataFilter
    {
        bool Filter(Security vehicle, BaseData data);
    }
}

namespace QuantConnect.Interfaces
{
    /// <summary>Says what may be sold short.</summary>
    public interface IShortableProvider
    {
        long? ShortableQuantity(Symbol symbol, DateTime localTime);
    }
}

namespace QuantConnect.Data.Shortable
{
    /// <summary>No limit on short sales.</summary>
    public class NullShortableProvider : IShortableProvider
    {
        public static NullShortableProvider Instance { get; } = new();
        public long? ShortableQuantity(Symbol symbol, DateTime localTime) => null;
    }
}

namespace QuantConnect.Data
{
    /// <summary>A risk-free interest rate over time.</summary>
    public interface IRiskFreeInterestRateModel { }

    /// <summary>One rate for all dates.</summary>
    public class ConstantRiskFreeRateInterestRateModel(decimal riskFreeRate) : IRiskFreeInterestRateModel
    {
        private readonly decimal _rate = riskFreeRate;
    }
}

namespace QuantConnect.Securities
{
    /// <summary>A security whose base currency is held as cash.</summary>
    public interface IBaseCurrencySymbol
    {
        public Cash BaseCurrency { get; }
    }

    /// <summary>Finds securities by symbol.</summary>
    public interface ISecurityProvider { }

    /// <summary>Estimates volatility from a security's data.</summary>
    public interface IVolatilityModel
    {
        decimal Volatility { get; }
        void Update(Security security, BaseData data);
    }

    /// <summary>The absent volatility model.</summary>
    public static class VolatilityModel
    {
        public static readonly IVolatilityModel Null = new NullVolatilityModel();
        private sealed class NullVolatilityModel : IVolatilityModel
        {
            public decimal Volatility => 0m;
            public void Update(Security security, BaseData data) { }
        }
    }

    /// <summary>Lets all data pass.</summary>
    public class SecurityDataFilter : ISecurityDataFilter
    {
        public virtual bool Filter(Security vehicle, BaseData data) => true;
    }

    /// <summary>Gives the smallest price step.</summary>
    public interface IPriceVariationModel
    {
        decimal GetMinimumPriceVariation(GetMinimumPriceVariationParameters parameters);
    }

    /// <summary>What a price step is asked for.</summary>
    public class GetMinimumPriceVariationParameters(Security security, decimal referencePrice)
    {
        public Security Security { get; } = security;
        public decimal ReferencePrice { get; } = referencePrice;
    }

    /// <summary>The step of the symbol properties.</summary>
    public class SecurityPriceVariationModel : IPriceVariationModel
    {
        public virtual decimal GetMinimumPriceVariation(GetMinimumPriceVariationParameters parameters) =>
            parameters.Security.SymbolProperties.MinimumPriceVariation;
    }

    /// <summary>Names of custom data types, which LeanSim does not have.</summary>
    public interface IRegisteredSecurityDataTypesProvider;

    /// <summary>Names of custom data types, which LeanSim does not have.</summary>
    public class RegisteredSecurityDataTypesProvider : IRegisteredSecurityDataTypesProvider
    {
        public static readonly IRegisteredSecurityDataTypesProvider Null = new RegisteredSecurityDataTypesProvider();
    }

    /// <summary>Makes the caches of new securities.</summary>
    public class SecurityCacheProvider(ISecurityProvider securityProvider)
    {
        public SecurityCache GetSecurityCache(Symbol symbol) => new();
    }
}
