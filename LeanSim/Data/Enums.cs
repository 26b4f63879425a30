namespace QuantConnect;

/// <summary>Kinds of tradable instrument.</summary>
public enum SecurityType { Base, Equity, Option, Commodity, Forex, Future, Cfd, Crypto, FutureOption, Index, IndexOption, CryptoFuture }

/// <summary>Kinds of data point.</summary>
public enum MarketDataType { Base, TradeBar, Tick, Auxiliary, QuoteBar, OptionChain, FuturesChain }

/// <summary>What a price stands for.</summary>
public enum TickType { Trade, Quote, OpenInterest }

/// <summary>Length of a bar.</summary>
public enum Resolution { Tick, Second, Minute, Hour, Daily }

/// <summary>State of an algorithm.</summary>
public enum AlgorithmStatus
{
    DeployError, InQueue, Running, Stopped, Liquidated, Deleted, Completed, RuntimeError, Invalid, LoggingIn, Initializing, History,
    PendingInput, Idle
}

/// <summary>How prices are adjusted; crypto prices never are.</summary>
public enum DataNormalizationMode
{
    Raw, Adjusted, SplitAdjusted, TotalReturn, ForwardPanamaCanal, BackwardsPanamaCanal, BackwardsRatio, ScaledRaw
}

/// <summary>How a continuous contract is mapped; not used by crypto.</summary>
public enum DataMappingMode { LastTradingDay, FirstDayMonth, OpenInterest, OpenInterestAnnual }
