#nullable enable
using System;
using System.Collections.Generic;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Accounts;

/// <summary>A change of the ledger. Amounts are signed as the account sees them: positive comes in.</summary>
/// <param name="TimeUtc">UTC.</param>
public abstract record LedgerEntry(DateTime TimeUtc);

/// <summary>A fill, before its fee.</summary>
/// <param name="TimeUtc">UTC.</param>
/// <param name="Instrument">What was traded.</param>
/// <param name="Quantity">Contracts, signed, before a fee taken in the coin.</param>
/// <param name="Price">In the settlement currency.</param>
/// <param name="Cash">
/// What moved in the settlement currency: for spot minus quantity times price, for a perpetual the realized profit.
/// </param>
/// <param name="Coins">What moved in the coin: the quantity for spot, zero for a perpetual.</param>
/// <param name="IsLiquidation">Whether the venue closed the position by force.</param>
public sealed record FillEntry(DateTime TimeUtc, InstrumentId Instrument, decimal Quantity, decimal Price, decimal Cash, decimal Coins, bool IsLiquidation = false)
    : LedgerEntry(TimeUtc);

/// <summary>A trading or liquidation fee.</summary>
/// <param name="TimeUtc">UTC.</param>
/// <param name="Instrument">What was traded.</param>
/// <param name="Currency">The settlement currency, the coin, or another currency of the account.</param>
/// <param name="Amount">Negative: a cost.</param>
/// <param name="IsLiquidation">Whether it is a liquidation fee.</param>
public sealed record FeeEntry(DateTime TimeUtc, InstrumentId Instrument, string Currency, decimal Amount, bool IsLiquidation = false)
    : LedgerEntry(TimeUtc);

/// <summary>A funding payment in the settlement currency.</summary>
/// <param name="TimeUtc">The boundary, UTC.</param>
/// <param name="Instrument">The perpetual.</param>
/// <param name="Quantity">Contracts held just before the boundary, signed.</param>
/// <param name="Mark">Mark price at the boundary.</param>
/// <param name="Rate">Rate of the interval; positive: longs pay.</param>
/// <param name="Amount">Positive is received.</param>
public sealed record FundingEntry(DateTime TimeUtc, InstrumentId Instrument, decimal Quantity, decimal Mark, decimal Rate, decimal Amount)
    : LedgerEntry(TimeUtc);

/// <summary>Money leaves an account for another; it is in transit until it arrives or fails.</summary>
/// <param name="TimeUtc">UTC.</param>
/// <param name="Id">Names the transfer; unique.</param>
/// <param name="From">The sending account.</param>
/// <param name="To">The receiving account.</param>
/// <param name="Currency">The currency.</param>
/// <param name="Amount">What travels; positive.</param>
/// <param name="Fee">Taken on top at the sender; zero or positive.</param>
public sealed record TransferSentEntry(DateTime TimeUtc, string Id, string From, string To, string Currency, decimal Amount, decimal Fee)
    : LedgerEntry(TimeUtc);

/// <summary>A transfer reached its account.</summary>
/// <param name="TimeUtc">UTC.</param>
/// <param name="Id">The transfer.</param>
public sealed record TransferArrivedEntry(DateTime TimeUtc, string Id)
    : LedgerEntry(TimeUtc);

/// <summary>A transfer came back to its sender, or was lost.</summary>
/// <param name="TimeUtc">UTC.</param>
/// <param name="Id">The transfer.</param>
/// <param name="Returned">What came back; the rest is written off. Zero or positive, at most the amount.</param>
public sealed record TransferFailedEntry(DateTime TimeUtc, string Id, decimal Returned)
    : LedgerEntry(TimeUtc);

/// <summary>Money that the venue will not pay back, or that it will not ask for.</summary>
/// <param name="TimeUtc">UTC.</param>
/// <param name="Account">The account.</param>
/// <param name="Currency">The currency.</param>
/// <param name="Amount">Negative: our loss; positive: the venue's.</param>
public sealed record WriteOffEntry(DateTime TimeUtc, string Account, string Currency, decimal Amount)
    : LedgerEntry(TimeUtc);

/// <summary>
/// An account as its venue reports it, in a live run: balances and positions are this from now on. At the start it is what
/// was there; later, what no other entry explains: deposits and withdrawals, funding and forced fills that nobody told us.
/// </summary>
/// <param name="TimeUtc">When the venue was asked, UTC.</param>
/// <param name="Account">The account.</param>
/// <param name="Balances">All of each currency, coins too; a currency that is missing is zero.</param>
/// <param name="Positions">Contracts, signed, with their average price, spot too; a position that is missing is flat.</param>
/// <param name="IsOpening">Whether it is the first: what the account has is then no profit.</param>
public sealed record ReportEntry(
    DateTime TimeUtc,
    string Account,
    IReadOnlyList<ReportedBalance> Balances,
    IReadOnlyList<ReportedPosition> Positions,
    bool IsOpening)
    : LedgerEntry(TimeUtc);
