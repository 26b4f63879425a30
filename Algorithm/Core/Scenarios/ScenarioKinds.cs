#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;

namespace CrossHedgeLean.Scenarios;

/// <summary>A field of an event, besides its kind and its time.</summary>
[Flags]
public enum ScenarioFields
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="ScenarioEvent.Until"/>.</summary>
    Until = 1,

    /// <summary><see cref="ScenarioEvent.Venue"/>.</summary>
    Venue = 2,

    /// <summary><see cref="ScenarioEvent.To"/>.</summary>
    To = 4,

    /// <summary><see cref="ScenarioEvent.Instrument"/>.</summary>
    Instrument = 8,

    /// <summary><see cref="ScenarioEvent.Currency"/>.</summary>
    Currency = 16,

    /// <summary><see cref="ScenarioEvent.Capabilities"/>.</summary>
    Capabilities = 32,

    /// <summary><see cref="ScenarioEvent.Size"/>.</summary>
    Size = 64,

    /// <summary><see cref="ScenarioEvent.Price"/>.</summary>
    Price = 128,

    /// <summary><see cref="ScenarioEvent.Delay"/>.</summary>
    Delay = 256,
}

/// <summary>Who plays a scenario.</summary>
[Flags]
public enum ScenarioHosts
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>LEAN, or LeanSim, by our reality models alone: also in the cloud.</summary>
    Models = 1,

    /// <summary>The simulated exchange itself: episodes and the paper exchange.</summary>
    Exchange = 2,

    /// <summary>The brokerage of a backtest, which then refuses what LEAN's own always does: needs our set-up handler, so not the cloud.</summary>
    Brokerage = 4,

    /// <summary>All of them.</summary>
    All = Models | Exchange | Brokerage,
}

/// <summary>A part of the host that plays of a scenario what the reality models cannot; whoever sets it up registers it, and the models look for it.</summary>
public interface IScenarioHost
{
    /// <summary>What it plays.</summary>
    ScenarioHosts Plays { get; }
}

/// <summary>What a host asks of the models before it does what a venue in trouble would not.</summary>
public interface IVenueTrouble
{
    /// <summary>Whether a venue does not carry out a cancel now. A cancel of its own, as before a liquidation, is never refused.</summary>
    /// <param name="market">The venue.</param>
    /// <param name="orderId">The engine's id of the order.</param>
    bool RefusesCancel(string market, int orderId);
}

/// <summary>The rules of one kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Name">As a file writes it.</param>
/// <param name="Needs">Fields that an event must have.</param>
/// <param name="Takes">Fields that it may have besides.</param>
/// <param name="Hosts">Who can play it exactly.</param>
/// <param name="IsMoment">Whether it happens at once: its end, if it has one, is only how long it is told.</param>
/// <param name="IsParity">Whether backtest and paper exchange give equal decision logs under it.</param>
/// <param name="Exactness">Where it is exact, and what it does not do.</param>
public sealed record ScenarioKindRules(
    ScenarioKind Kind, string Name, ScenarioFields Needs, ScenarioFields Takes, ScenarioHosts Hosts, bool IsMoment, bool IsParity, string Exactness);

/// <summary>The table of all kinds: what each reads, who plays it exactly.</summary>
public static class ScenarioKinds
{
    /// <summary>The rules, in the order of <see cref="ScenarioKind"/>.</summary>
    public static IReadOnlyList<ScenarioKindRules> All { get; } =
    [
        new(ScenarioKind.Outage, "outage", ScenarioFields.Venue, ScenarioFields.Until | ScenarioFields.Capabilities, ScenarioHosts.All, false, true,
            "Orders are refused, quotes stand still for us, nothing is paid out; with everything down the venue's market stands still and fills nothing. No parity where only data are down. Cancels are refused with LeanSim, the launcher, or LEAN's setup-handler CrossHedgeBacktestingSetupHandler; without it, as in the cloud, LEAN cancels at any time, and an outage that names cancel is refused."),
        new(ScenarioKind.Slow, "slow", ScenarioFields.Venue | ScenarioFields.Delay, ScenarioFields.Until, ScenarioHosts.All, false, false,
            "Orders meet the first quote after the delay, and quotes are seen so late; on minute data a delay below a minute is the next bar's open."),
        new(ScenarioKind.Latency, "latency", ScenarioFields.Venue | ScenarioFields.Delay, ScenarioFields.Until, ScenarioHosts.All, false, false,
            "Orders meet the first quote after the delay; on minute data a delay below a minute is the next bar's open."),
        new(ScenarioKind.StaleBook, "stale-book", ScenarioFields.Venue, ScenarioFields.Until | ScenarioFields.Instrument, ScenarioHosts.All, false, false,
            "The decision sees the last quote from before, with its time; the market goes on."),
        new(ScenarioKind.WrongSideRecovery, "wrong-side-recovery", ScenarioFields.Venue | ScenarioFields.Size, ScenarioFields.Until | ScenarioFields.Instrument, ScenarioHosts.All, false, false,
            "Quotes, marks and fills of the venue are off by the size; LEAN's own holdings value keeps the data's price."),
        new(ScenarioKind.RejectStorm, "reject-storm", ScenarioFields.Venue | ScenarioFields.Size, ScenarioFields.Until, ScenarioHosts.All, false, true,
            "The share of all orders that is refused, evenly spread, exits included."),
        new(ScenarioKind.WithdrawalFreeze, "withdrawal-freeze", ScenarioFields.Venue, ScenarioFields.Until, ScenarioHosts.All, false, true,
            "No transfer leaves; what left before travels on."),
        new(ScenarioKind.Insolvency, "insolvency", ScenarioFields.Venue | ScenarioFields.Size, ScenarioFields.None, ScenarioHosts.All, true, true,
            "Positions, spot too, vanish by an order event at the last mark; money and other coins but the recovery are written off in the same step; what is left is frozen."),
        new(ScenarioKind.TransferStuck, "transfer-stuck", ScenarioFields.None, ScenarioFields.Until | ScenarioFields.Venue | ScenarioFields.To | ScenarioFields.Currency, ScenarioHosts.All, false, false,
            "What is due arrives when the time ends."),
        new(ScenarioKind.TransferFailed, "transfer-failed", ScenarioFields.None, ScenarioFields.Until | ScenarioFields.Venue | ScenarioFields.To | ScenarioFields.Currency, ScenarioHosts.All, false, false,
            "What is due comes back to its sender; its fee is gone."),
        new(ScenarioKind.TransferLost, "transfer-lost", ScenarioFields.None, ScenarioFields.Until | ScenarioFields.Venue | ScenarioFields.To | ScenarioFields.Currency, ScenarioHosts.All, false, false,
            "What is due is written off."),
        new(ScenarioKind.ForcedLiquidation, "forced-liquidation", ScenarioFields.Instrument | ScenarioFields.Size, ScenarioFields.Price, ScenarioHosts.All, true, true,
            "A forced fill with the venue's liquidation fee, at the price or the mark."),
        new(ScenarioKind.AutoDeleveraging, "auto-deleveraging", ScenarioFields.Instrument | ScenarioFields.Size, ScenarioFields.Price, ScenarioHosts.All, true, true,
            "A forced fill without a fee, at the price or the mark."),
        new(ScenarioKind.Depeg, "depeg", ScenarioFields.Currency | ScenarioFields.Size, ScenarioFields.Until, ScenarioHosts.All, false, true,
            "Account values follow, and LEAN's own equity where the rate comes from a pair's data; a currency at a fixed peg needs acceptPeg, a coin in which positions stand keeps their marks."),
        new(ScenarioKind.FundingSpike, "funding-spike", ScenarioFields.Instrument | ScenarioFields.Size, ScenarioFields.Until, ScenarioHosts.All, false, true,
            "Each boundary has this rate, in LEAN's cash book as in the account."),
        new(ScenarioKind.FundingInterval, "funding-interval", ScenarioFields.Instrument | ScenarioFields.Delay, ScenarioFields.Until, ScenarioHosts.All, false, true,
            "Boundaries every so long, counted from midnight UTC."),
        new(ScenarioKind.Delisting, "delisting", ScenarioFields.Instrument | ScenarioFields.Until, ScenarioFields.Price, ScenarioHosts.All, false, true,
            "Exits only until the end; then the venue closes what is left at the price or the mark, and the instrument takes nothing more."),
    ];

    /// <summary>The names, in the order of the table.</summary>
    public static IReadOnlyList<string> Names { get; } = All.Select(rules => rules.Name).ToArray();

    /// <summary>The rules of a kind.</summary>
    public static ScenarioKindRules Of(ScenarioKind kind) => All[(int)kind];

    /// <summary>Whether a kind happens at once.</summary>
    public static bool IsMoment(ScenarioKind kind) => Of(kind).IsMoment;
}
