#nullable enable
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Hedging;

/// <summary>What a decision asks for on one hedge leg.</summary>
/// <param name="Instrument">The leg.</param>
public abstract record HedgeAction(Instrument Instrument);

/// <summary>Send a market order.</summary>
/// <param name="Instrument">The leg.</param>
/// <param name="Quantity">Contracts; positive buys, negative sells; a whole number of lots.</param>
public sealed record SendHedge(Instrument Instrument, decimal Quantity) : HedgeAction(Instrument);

/// <summary>Cancel our working orders on one side of a leg: filled, they would leave the hedge off its requirement.</summary>
/// <param name="Instrument">The leg.</param>
/// <param name="Buys">True for the buy side, false for the sell side.</param>
public sealed record CancelHedge(Instrument Instrument, bool Buys) : HedgeAction(Instrument);
