#nullable enable
using System;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Hedging;

/// <summary>Something that a venue, or who speaks for it, tells the desk. Quantities in contracts, signed.</summary>
public abstract record VenueMessage;

/// <summary>The venue has the order, or its quantity has changed.</summary>
/// <param name="Instrument">The instrument.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Quantity">The whole order, signed.</param>
public sealed record OrderWorking(InstrumentId Instrument, int OrderId, decimal Quantity) : VenueMessage;

/// <summary>The order is over: filled, canceled or expired.</summary>
/// <param name="Instrument">The instrument.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Filled">All that it filled, signed, before coin fees. Executions that make it up may come later.</param>
/// <param name="Sequence">The venue's count of what changes this instrument's position, at the time of the message.</param>
public sealed record OrderOver(InstrumentId Instrument, int OrderId, decimal Filled, long Sequence) : VenueMessage;

/// <summary>An order came to nothing, or so it seems.</summary>
/// <param name="Instrument">The instrument.</param>
/// <param name="OrderId">The order.</param>
/// <param name="IsDefinite">
/// Whether the venue itself refused it. False: the answer is missing (a time-out, a broken connection), and the order
/// may work or have filled; it is resolved by evidence and never sent again.
/// </param>
public sealed record OrderFailed(InstrumentId Instrument, int OrderId, bool IsDefinite) : VenueMessage;

/// <summary>The venue did not cancel.</summary>
/// <param name="Instrument">The instrument.</param>
/// <param name="OrderId">The order.</param>
public sealed record CancelRefused(InstrumentId Instrument, int OrderId) : VenueMessage;

/// <summary>A part of an order traded, or the venue closed a position by force.</summary>
/// <param name="Instrument">The instrument.</param>
/// <param name="OrderId">The order; 0 or unknown if it is none of ours (a liquidation, a trade by hand).</param>
/// <param name="ExecutionId">The venue's own number of the execution: the same number is the same execution; 0 if it has none.</param>
/// <param name="Sequence">The venue's count of what changes this instrument's position, this execution included.</param>
/// <param name="Quantity">Contracts, signed, before a fee taken in the coin.</param>
/// <param name="CoinFee">Fee taken in the coin itself; zero or positive.</param>
/// <param name="Price">In the settlement currency.</param>
public sealed record Execution(InstrumentId Instrument, int OrderId, long ExecutionId, long Sequence, decimal Quantity, decimal CoinFee, decimal Price) : VenueMessage;

/// <summary>The position that the venue itself reports.</summary>
/// <param name="Instrument">The instrument.</param>
/// <param name="Quantity">Contracts, signed; for spot the coin balance, excluded coins left out.</param>
/// <param name="Sequence">The venue's count of what changes this position, up to which the report goes.</param>
public sealed record PositionReport(InstrumentId Instrument, decimal Quantity, long Sequence) : VenueMessage;

/// <summary>A capability of a venue got better or worse.</summary>
/// <param name="Venue">The market.</param>
/// <param name="Capability">Which.</param>
/// <param name="State">How well it works now.</param>
/// <param name="Reason">Why.</param>
public sealed record HealthChanged(string Venue, Capability Capability, HealthState State, HealthReason Reason) : VenueMessage;

/// <summary>An order as the desk sends it.</summary>
/// <param name="Instrument">What it trades.</param>
/// <param name="Quantity">Contracts, signed, in whole lots.</param>
/// <param name="LimitPrice">For an order that rests at that price; null for a market order.</param>
/// <param name="Tag">What it is for.</param>
public readonly record struct DeskOrder(Instrument Instrument, decimal Quantity, decimal? LimitPrice, string Tag);

/// <summary>
/// Whoever carries the desk's orders: LEAN, the exchange of the episodes, a live brokerage. Nothing here waits for a
/// venue; answers come as messages, perhaps before a call returns.
/// </summary>
public interface IOrderPort
{
    /// <summary>Sends an order.</summary>
    /// <returns>The order's id, positive and unique over all venues; zero or negative if it was refused before it left.</returns>
    int Send(in DeskOrder order);

    /// <summary>Asks the venue to cancel.</summary>
    void Cancel(InstrumentId instrument, int orderId);

    /// <summary>
    /// Asks what became of an order whose outcome is unknown. Evidence comes as messages: it works, its executions and
    /// its end, or that the venue never had it (<see cref="OrderFailed"/>, definite).
    /// </summary>
    void Query(InstrumentId instrument, int orderId);
}

/// <summary>What can be seen of an instrument when a decision needs it. Answers at once, from what is known.</summary>
public interface IInstrumentView
{
    /// <summary>The last real quote; its time is <see cref="DateTime.MinValue"/> if there is none.</summary>
    Quote Quote { get; }

    /// <summary>Units of the account currency per unit of the settlement currency; zero if unknown.</summary>
    decimal Rate { get; }

    /// <summary>Fee of taking, as a fraction of the notional.</summary>
    decimal TakerFee { get; }

    /// <summary>Funding that a long pays over an hour at the last known rate, as a fraction of the notional; zero for spot.</summary>
    decimal FundingPerHour { get; }

    /// <summary>From a decision to the venue's matching engine.</summary>
    TimeSpan Latency { get; }

    /// <summary>
    /// How far the mark of this instrument's underlying is from where its account would be liquidated, as a fraction of
    /// the mark; null if no price does it.
    /// </summary>
    decimal? Distance { get; }

    /// <summary>
    /// Headroom: the most that the account can still add on a side and keep its distance, in contracts; zero or
    /// positive. What closes a position comes on top.
    /// </summary>
    /// <param name="buys">The side.</param>
    /// <param name="price">In the settlement currency; positive.</param>
    /// <param name="distance">The distance that must be left, a fraction.</param>
    decimal Headroom(bool buys, decimal price, decimal distance);
}

/// <summary>What stands in a venue's book. Prices in the settlement currency, sizes in contracts.</summary>
/// <param name="TimeUtc">When it was seen, UTC.</param>
/// <param name="Bid">Best bid.</param>
/// <param name="BidSize">Its size; 0 if unknown.</param>
/// <param name="Ask">Best ask.</param>
/// <param name="AskSize">Its size; 0 if unknown.</param>
/// <param name="Last">The last price, by which minimum orders are judged.</param>
public readonly record struct Quote(DateTime TimeUtc, decimal Bid, decimal BidSize, decimal Ask, decimal AskSize, decimal Last)
{
    /// <summary>Ask less bid over their mean; 0 where both are one price.</summary>
    public decimal Spread => Bid + Ask == 0m ? 0m : 2m * (Ask - Bid) / (Ask + Bid);

    /// <summary>Whether <see cref="Spread"/> is at most so much; asked of every leg at every decision, and a division costs more than all the rest.</summary>
    internal bool IsWithin(decimal spread) => 2m * (Ask - Bid) <= spread * (Ask + Bid);
}
