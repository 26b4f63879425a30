#nullable enable

namespace CrossHedgeLean.Hedging;

/// <summary>What made us decide.</summary>
public enum DecisionCause
{
    /// <summary>A slice with data.</summary>
    Slice,

    /// <summary>An order event of the group.</summary>
    OrderEvent,
}
