namespace QuantConnect.Interfaces;

/// <summary>Finds feeds.</summary>
public interface ISubscriptionDataConfigProvider
{
    List<SubscriptionDataConfig> GetSubscriptionDataConfigs(Symbol symbol = null, bool includeInternalConfigs = false);
}

/// <summary>Makes and finds feeds.</summary>
public interface ISubscriptionDataConfigService : ISubscriptionDataConfigProvider
{
    List<SubscriptionDataConfig> Add(
        Symbol symbol, Resolution? resolution = null, bool fillForward = true, bool extendedMarketHours = false,
        bool isFilteredSubscription = true, bool isInternalFeed = false, bool isCustomData = false,
        List<Tuple<Type, TickType>> subscriptionDataTypes = null,
        DataNormalizationMode dataNormalizationMode = DataNormalizationMode.Adjusted,
        DataMappingMode dataMappingMode = DataMappingMode.OpenInterest, uint contractDepthOffset = 0);

    List<Tuple<Type, TickType>> LookupSubscriptionConfigDataTypes(SecurityType symbolSecurityType, Resolution resolution, bool isCanonical);
}
