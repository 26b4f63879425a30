#nullable enable
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Accounts;

/// <summary>An order that asks its account for money.</summary>
/// <param name="OrderId">The order; a second request of the same order replaces the first.</param>
/// <param name="Instrument">What it trades.</param>
/// <param name="Quantity">Contracts still to fill, signed.</param>
/// <param name="Price">The price that it may cost: its limit, else the quote; in the settlement currency.</param>
/// <param name="FeeRate">
/// Fee as a fraction where it comes on top of what the order spends: in the settlement currency for perpetuals and spot
/// buys, in the coin for spot sells; else zero.
/// </param>
public readonly record struct OrderRequirement(int OrderId, InstrumentId Instrument, decimal Quantity, decimal Price, decimal FeeRate);

/// <summary>An account's answer.</summary>
/// <param name="Accepted">Whether the account carries the order; then its money is held until the order is released.</param>
/// <param name="Currency">The currency of the figures.</param>
/// <param name="Required">What the order needs; zero for an exit.</param>
/// <param name="Available">What the account has for it.</param>
/// <param name="Limit">The venue's position limit if that is what refuses, in the settlement currency; else zero.</param>
public readonly record struct OrderVerdict(bool Accepted, string Currency, decimal Required, decimal Available, decimal Limit = 0m);
