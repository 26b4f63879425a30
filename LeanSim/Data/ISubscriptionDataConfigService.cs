using System;
using System.Collections.Generic;
using QuantConnect.Data;

namespace QuantConnect.Interfaces;

/// <summary>Finds feeds.</summary>
public interface ISubscriptionDataConfigProvider
{
    /// <summary>Feeds of a symbol, or all; internal ones only if asked for.</summary>
    List<SubscriptionDataConfig> GetSubscriptionDataConfigs(Symbol symbol = null, bool includeInternalConfigs = false);
}

/// <summary>Makes and finds feeds.</summary>
public interface ISubscriptionDataConfigService : ISubscriptionDataConfigProvider
{
    /// <summary>Makes the feed of this type, or finds it.</summary>
    SubscriptionDataConfig Add(
        Type dataType, Symbol symbol, Resolution? resolution = null, bool fillForward = true, bool extendedMarketHours = false,
        bool isFilteredSubscription = true, bool isInternalFeed = false, bool isCustomData = false,
        DataNormalizationMode dataNormalizationMode = DataNormalizationMode.Adjusted,
        DataMappingMode dataMappingMode = DataMappingMode.OpenInterest, uint contractDepthOffset = 0);

    /// <summary>Makes the feeds of a symbol, or finds them.</summary>
    List<SubscriptionDataConfig> Add(
        Symbol symbol, Resolution? resolution = null, bool fillForward = true, bool extendedMarketHours = false,
        bool isFilteredSubscription = true, bool isInternalFeed = false, bool isCustomData = false,
        List<Tuple<Type, TickType>> subscriptionDataTypes = null,
        DataNormalizationMode dataNormalizationMode = DataNormalizationMode.Adjusted,
        DataMappingMode dataMappingMode = DataMappingMode.OpenInterest, uint contractDepthOffset = 0);

    /// <summary>Data types that a security type has at a resolution.</summary>
    List<Tuple<Type, TickType>> LookupSubscriptionConfigDataTypes(SecurityType symbolSecurityType, Resolution resolution, bool isCanonical);
}
