#nullable enable

namespace CrossHedgeLean.Hedging;

/// <summary>Why a decision leaves a residual outside its band (invariant 2: under-hedge is visible and bounded).</summary>
public enum UnhedgedReason
{
    /// <summary>Nothing is left unhedged.</summary>
    None,

    /// <summary>What is missing is below the lot or the minimum order of every usable hedge leg.</summary>
    BelowMinimum,

    /// <summary>No hedge leg has a price young enough to size an order on.</summary>
    NoFreshPrice,

    /// <summary>The venue refused the last order; the leg waits out its pause.</summary>
    Backoff,

    /// <summary>The algorithm warms up: LEAN takes no order.</summary>
    WarmingUp,
}
