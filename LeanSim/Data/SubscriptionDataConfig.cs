namespace QuantConnect.Data;

/// <summary>One feed of one symbol: type, resolution, zones.</summary>
public class SubscriptionDataConfig : IEquatable<SubscriptionDataConfig>
{
    public Type Type { get; }
    public SecurityType SecurityType => Symbol.SecurityType;
    public Symbol Symbol { get; private set; }
    public TickType TickType { get; }
    public Resolution Resolution { get; }
    public TimeSpan Increment { get; }
    public bool FillDataForward { get; }
    public bool ExtendedMarketHours { get; }
    public bool IsInternalFeed { get; }
    public bool IsCustomData { get; }
    public DataNormalizationMode DataNormalizationMode { get; set; }
    public DataMappingMode DataMappingMode { get; }
    public DateTimeZone DataTimeZone { get; }
    public DateTimeZone ExchangeTimeZone { get; }
    public bool IsFilteredSubscription { get; }

    public SubscriptionDataConfig(
        Type objectType, Symbol symbol, Resolution resolution, DateTimeZone dataTimeZone, DateTimeZone exchangeTimeZone,
        bool fillForward, bool extendedHours, bool isInternalFeed, bool isCustom = false, TickType? tickType = null,
        bool isFilteredSubscription = true, DataNormalizationMode dataNormalizationMode = DataNormalizationMode.Adjusted,
        DataMappingMode dataMappingMode = DataMappingMode.OpenInterest, uint contractDepthOffset = 0, bool mappedConfig = false)
    {
        ArgumentNullException.ThrowIfNull(objectType);
        ArgumentNullException.ThrowIfNull(symbol);
        ArgumentNullException.ThrowIfNull(dataTimeZone);
        ArgumentNullException.ThrowIfNull(exchangeTimeZone);
        if (isCustom || contractDepthOffset != 0 || mappedConfig)
            throw new NotSupportedException("LeanSim does not support custom data and mapped contracts: run on LEAN");
        Type = objectType;
        Symbol = symbol;
        Resolution = resolution;
        DataTimeZone = dataTimeZone;
        ExchangeTimeZone = exchangeTimeZone;
        FillDataForward = resolution != Resolution.Tick && fillForward;
        ExtendedMarketHours = extendedHours;
        IsInternalFeed = isInternalFeed;
        TickType = tickType ?? (objectType == typeof(Market.QuoteBar) ? TickType.Quote : TickType.Trade);
        IsFilteredSubscription = isFilteredSubscription;
        DataNormalizationMode = dataNormalizationMode;
        DataMappingMode = dataMappingMode;
        Increment = resolution.ToTimeSpan();
    }

    internal SubscriptionDataConfig With(Resolution resolution) => new(
        Type, Symbol, resolution, DataTimeZone, ExchangeTimeZone, FillDataForward, ExtendedMarketHours, IsInternalFeed,
        IsCustomData, TickType, IsFilteredSubscription, DataNormalizationMode, DataMappingMode);

    public bool Equals(SubscriptionDataConfig other) =>
        other is not null
        && (ReferenceEquals(this, other)
            || Symbol.ID.Equals(other.Symbol.ID) && Type == other.Type && TickType == other.TickType && Resolution == other.Resolution
            && FillDataForward == other.FillDataForward
            && ExtendedMarketHours == other.ExtendedMarketHours
            && IsInternalFeed == other.IsInternalFeed
            && IsFilteredSubscription == other.IsFilteredSubscription
            && DataMappingMode == other.DataMappingMode
            && DataTimeZone.Equals(other.DataTimeZone)
            && ExchangeTimeZone.Equals(other.ExchangeTimeZone));

    public override bool Equals(object obj) => obj is SubscriptionDataConfig other && Equals(other);

    public override int GetHashCode()
    {
        var flags = (FillDataForward ? 1 : 0) + (IsInternalFeed ? 2 : 0) + (ExtendedMarketHours ? 4 : 0) + (IsFilteredSubscription ? 8 : 0);
        return unchecked(((Symbol.ID.GetHashCode() * 31 + (int)TickType) * 31 + (int)Resolution) * 31 + flags);
    }

    public static bool operator ==(SubscriptionDataConfig left, SubscriptionDataConfig right) => Equals(left, right);
    public static bool operator !=(SubscriptionDataConfig left, SubscriptionDataConfig right) => !Equals(left, right);

    public override string ToString() =>
        $"{Symbol.Value},#0,{Symbol.Value},{Resolution},{Type.Name},{TickType},{DataNormalizationMode},{DataMappingMode}{(IsInternalFeed ? ",Internal" : string.Empty)}";
}
