#nullable enable
using System;
using System.Collections.Generic;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Accounts;

/// <summary>An account at one moment. Money in the account currency unless said otherwise.</summary>
/// <param name="Name">The account.</param>
/// <param name="Equity">Balances, coins and unrealized profit at the marks.</param>
/// <param name="InitialMargin">Held for positions at their leverage.</param>
/// <param name="MaintenanceMargin">Below this the venue liquidates.</param>
/// <param name="OrderMargin">Held for working orders that would add to positions.</param>
/// <param name="Balances">Per currency, in the order of first use.</param>
/// <param name="Positions">Every instrument that was traded or opened, in the order of first use.</param>
public sealed record AccountSnapshot(
    string Name,
    decimal Equity,
    decimal InitialMargin,
    decimal MaintenanceMargin,
    decimal OrderMargin,
    IReadOnlyList<BalanceSnapshot> Balances,
    IReadOnlyList<PositionSnapshot> Positions);

/// <summary>One currency of an account, in that currency.</summary>
/// <param name="Currency">The currency.</param>
/// <param name="Free">Neither held by a working spot order nor travelling.</param>
/// <param name="Locked">Held by working spot orders.</param>
/// <param name="InTransit">On its way to this account.</param>
/// <param name="Withdrawable">The smaller of the free balance and what margin leaves: equity less initial and order margin less buffer.</param>
public sealed record BalanceSnapshot(string Currency, decimal Free, decimal Locked, decimal InTransit, decimal Withdrawable);

/// <summary>One position of an account.</summary>
/// <param name="Instrument">The instrument.</param>
/// <param name="Quantity">Contracts, signed; for spot coins, net of coin fees.</param>
/// <param name="AverageCost">Own average price of what is held, fees not included; zero when flat.</param>
/// <param name="Mark">Mark price in the settlement currency; zero before the first.</param>
/// <param name="LiquidationPrice">The mark at which the account would be liquidated, everything else unchanged; null if none is above zero, and for spot.</param>
public sealed record PositionSnapshot(InstrumentId Instrument, decimal Quantity, decimal AverageCost, decimal Mark, decimal? LiquidationPrice);

/// <summary>
/// The accounts of all venues, whoever keeps them: the simulation's ledger in a backtest, the venues themselves in
/// live. Safe to call from any thread.
/// </summary>
public interface IVenueAccounts
{
    /// <summary>Whether liquidation and funding are ours to simulate.</summary>
    bool IsSimulated { get; }

    /// <summary>Every account as it stands now, in the order of the configuration.</summary>
    IReadOnlyList<AccountSnapshot> Snapshot();
}

/// <summary>What a venue itself last said of an account.</summary>
/// <param name="Account">The account.</param>
/// <param name="TimeUtc">When it was asked, UTC; <see cref="DateTime.MinValue"/>: it has not answered yet, and nothing is known.</param>
/// <param name="Balances">Per currency, all of it, coins too, in that currency.</param>
/// <param name="Positions">Perpetuals, in contracts, signed; spot coins are balances.</param>
public sealed record AccountReport(
    string Account,
    DateTime TimeUtc,
    IReadOnlyList<ReportedBalance> Balances,
    IReadOnlyList<ReportedPosition> Positions)
{
    /// <summary>Whether the venue has answered.</summary>
    public bool IsKnown => TimeUtc != DateTime.MinValue;

    /// <summary>How the account is set; null: nobody here can read it.</summary>
    public AccountSettings? Settings { get; init; }
}

/// <summary>How an account is set at its venue.</summary>
/// <param name="IsCrossMargin">Whether all positions share one collateral; else each has its own (isolated).</param>
/// <param name="IsOneWay">Whether an instrument has one position; else one for each side (hedge mode).</param>
/// <param name="Leverage">The lowest leverage that any instrument is set to; what initial margin is reckoned by there.</param>
public sealed record AccountSettings(bool IsCrossMargin, bool IsOneWay, decimal Leverage)
{
    /// <summary>What is not as our margin is reckoned, with its remedy; none: all is.</summary>
    /// <param name="account">The account as it is configured.</param>
    public IEnumerable<string> Differences(AccountDefinition account)
    {
        if (!IsCrossMargin)
        {
            yield return $"{account.Name} is set to isolated margin at its venue: set it to cross margin.";
        }

        if (!IsOneWay)
        {
            yield return $"{account.Name} is set to hedge mode at its venue: set it to one-way positions.";
        }

        if (Leverage < account.Leverage)
        {
            yield return FormattableString.Invariant($"{account.Name} is set to leverage {Leverage} at its venue, below the {account.Leverage} of the configuration: set {account.Leverage} there, or {account.Name}.leverage={Leverage} here.");
        }
    }
}

/// <summary>A connection to a venue that can read how the account is set.</summary>
public interface IVenueSettings
{
    /// <summary>As of the last answer; null: not known yet. Safe to call from any thread.</summary>
    AccountSettings? Settings { get; }
}

/// <summary>One currency of an account as its venue says.</summary>
/// <param name="Currency">The currency.</param>
/// <param name="Amount">In that currency.</param>
public readonly record struct ReportedBalance(string Currency, decimal Amount);

/// <summary>One position of an account as its venue says.</summary>
/// <param name="Instrument">The perpetual.</param>
/// <param name="Quantity">Contracts, signed.</param>
/// <param name="AveragePrice">In the settlement currency; zero if the venue does not say.</param>
public readonly record struct ReportedPosition(InstrumentId Instrument, decimal Quantity, decimal AveragePrice);

/// <summary>
/// The venues of a live run, for whoever decides there: what each last said of its accounts, and how well it works.
/// Answers at once from what is known; safe to call from any thread.
/// </summary>
public interface ILiveVenues
{
    /// <summary>Every account, in the order of the configuration.</summary>
    IReadOnlyList<AccountReport> Reports();

    /// <summary>What venues told of besides our own orders since the last call: funding, forced fills and their fees, write-offs, each with its account, in each account's own order.</summary>
    IReadOnlyList<(string Account, LedgerEntry Entry)> TakeEntries();

    /// <summary>How well a capability of a venue works, as far as its connection and its answers to orders show, and why. The age of its data is not looked at.</summary>
    /// <param name="market">The venue.</param>
    /// <param name="capability">Which.</param>
    (HealthState State, HealthReason Reason) HealthOf(string market, Capability capability);

    /// <summary>Whether its venue says that an instrument takes exits only: it is being delisted, or is gone.</summary>
    bool TakesExitsOnly(InstrumentId id);

    /// <summary>Why a person must look before more is risked: what an earlier process left is not explained, or what <see cref="Doubt"/> was told; null: all is.</summary>
    string? Unexplained { get; }

    /// <summary>Takes down what nobody can explain, so that a process after this one asks a person too.</summary>
    /// <param name="reason">Which account, instrument and quantity.</param>
    void Doubt(string reason);

    /// <summary>Takes down that a transfer arrived.</summary>
    /// <param name="transfer">As it was asked for.</param>
    /// <param name="amount">What arrived, in its currency.</param>
    void Arrived(OpenTransfer transfer, decimal amount);

    /// <summary>A person has looked: what the venues report now is what is expected.</summary>
    void Trust();

    /// <summary>Takes a command of a person down.</summary>
    /// <param name="command">As it was given.</param>
    /// <param name="target">A group, a market or <c>all</c>.</param>
    void Commanded(string command, string target);
}

/// <summary>A connection to a venue that also tells of what is no order of ours; one that does not is only asked for its balances.</summary>
public interface IVenueNews
{
    /// <summary>Told each entry of the account that is not a fill of an order of ours or its fee, in order, on any thread.</summary>
    Action<LedgerEntry>? Reported { get; set; }

    /// <summary>Whether the venue itself says that it does not do something now.</summary>
    bool IsDown(Capability capability);

    /// <summary>Whether the venue itself says that an instrument takes exits only.</summary>
    bool TakesExitsOnly(InstrumentId id);
}

/// <summary>Orders by which an engine is told what happened at a venue without an order of its own: our books know it already.</summary>
public static class ReconciledOrders
{
    /// <summary>The tag of such an order.</summary>
    public const string Tag = "reconciled with the account";
}
