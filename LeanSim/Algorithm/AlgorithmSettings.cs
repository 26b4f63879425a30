namespace QuantConnect.Interfaces
{
    /// <summary>Settings of an algorithm.</summary>
    public interface IAlgorithmSettings
    {
        bool? RebalancePortfolioOnSecurityChanges { get; set; }
        bool? RebalancePortfolioOnInsightChanges { get; set; }
        decimal MaxAbsolutePortfolioTargetPercentage { get; set; }
        decimal MinAbsolutePortfolioTargetPercentage { get; set; }
        decimal MinimumOrderMarginPortfolioPercentage { get; set; }
        decimal? FreePortfolioValue { get; set; }
        decimal FreePortfolioValuePercentage { get; set; }
        bool LiquidateEnabled { get; set; }
        TimeSpan StalePriceTimeSpan { get; set; }
        Resolution? WarmupResolution { get; set; }
        int? TradingDaysPerYear { get; set; }
    }
}

namespace QuantConnect
{
    /// <summary>Settings of an algorithm, with LEAN's defaults.</summary>
    public class AlgorithmSettings : IAlgorithmSettings
    {
        public bool? RebalancePortfolioOnSecurityChanges { get; set; }
        public bool? RebalancePortfolioOnInsightChanges { get; set; }
        public decimal MaxAbsolutePortfolioTargetPercentage { get; set; } = 1000000000;
        public decimal MinAbsolutePortfolioTargetPercentage { get; set; } = 0.0000000001m;
        public decimal MinimumOrderMarginPortfolioPercentage { get; set; } = 0.001m;
        public decimal? FreePortfolioValue { get; set; }
        public decimal FreePortfolioValuePercentage { get; set; } = 0.0025m;
        public bool LiquidateEnabled { get; set; } = true;
        public bool DailyPreciseEndTime { get; set; } = true;
        public TimeSpan StalePriceTimeSpan { get; set; } = Time.OneHour;
        public Resolution? WarmupResolution { get; set; }
        public int? TradingDaysPerYear { get; set; }
        public TimeSpan DatabasesRefreshPeriod { get; set; } = Time.OneDay;
        public bool IgnoreUnknownAssetHoldings { get; set; } = true;
    }
}

namespace QuantConnect.Data.UniverseSelection
{
    /// <summary>How securities are subscribed when the call does not say.</summary>
    public class UniverseSettings
    {
        internal UniverseSettings()
        {
            Resolution = Resolution.Minute;
            FillForward = true;
            MinimumTimeInUniverse = Time.OneDay;
            DataNormalizationMode = DataNormalizationMode.Adjusted;
            DataMappingMode = DataMappingMode.OpenInterest;
        }
        public Resolution Resolution { get; set; }
        public bool FillForward { get; set; }
        public TimeSpan MinimumTimeInUniverse { get; set; }
        public DataNormalizationMode DataNormalizationMode { get; set; }
        public DataMappingMode DataMappingMode { get; set; }
    }
}
