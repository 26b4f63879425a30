#nullable enable

namespace CrossHedgeLean.Venues;

/// <summary>What is traded on a route; with the market it decides which of a venue's accounts carries the order.</summary>
public enum InstrumentKind
{
    /// <summary>Coins bought and sold outright; the position is the coin balance.</summary>
    Spot,

    /// <summary>A perpetual whose profit and margin are in the quote currency (USDT, USDC, BUSD).</summary>
    LinearPerpetual,

    /// <summary>A perpetual whose profit and margin are in the coin itself. Named so that it can be refused.</summary>
    InversePerpetual,
}
