#nullable enable
using System;
using System.Collections.Generic;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Scenarios;

/// <summary>A timed list of what goes wrong, as data.</summary>
public sealed record Scenario
{
    /// <summary>Nothing goes wrong.</summary>
    public static Scenario None { get; } = new() { Name = "none" };

    /// <summary>The scenario's name.</summary>
    public required string Name { get; init; }

    /// <summary>What happens, in the order of the file.</summary>
    public IReadOnlyList<ScenarioEvent> Events { get; init; } = [];

    /// <summary>Whether a depeg may move account values alone: LEAN converts the currency at a fixed peg, so its equity does not follow.</summary>
    public bool AcceptsPeg { get; init; }

    /// <summary>Begins a scenario in C#, where no file can be given.</summary>
    /// <param name="name">Its name.</param>
    public static ScenarioBuilder Build(string name) => new(name);
}

/// <summary>What can go wrong; which fields of an event a kind reads is said by <see cref="ScenarioKinds"/>.</summary>
public enum ScenarioKind
{
    /// <summary>Capabilities of a venue do not work.</summary>
    Outage,

    /// <summary>Orders and quotes of a venue are late by <see cref="ScenarioEvent.Delay"/>.</summary>
    Slow,

    /// <summary>Orders of a venue are late by <see cref="ScenarioEvent.Delay"/>.</summary>
    Latency,

    /// <summary>The quotes of a venue, or of one instrument, stand still for us; its market goes on.</summary>
    StaleBook,

    /// <summary>A venue's prices are off by <see cref="ScenarioEvent.Size"/>, a signed fraction: after an outage books come back one-sided.</summary>
    WrongSideRecovery,

    /// <summary>A venue refuses <see cref="ScenarioEvent.Size"/> of all orders, a fraction, evenly spread.</summary>
    RejectStorm,

    /// <summary>A venue pays nothing out.</summary>
    WithdrawalFreeze,

    /// <summary>A venue fails for good: its positions vanish, and <see cref="ScenarioEvent.Size"/> of its money, a fraction, is left, frozen.</summary>
    Insolvency,

    /// <summary>Transfers that leave or travel in the time do not arrive before its end.</summary>
    TransferStuck,

    /// <summary>Transfers that leave or travel in the time come back to their sender when they are due.</summary>
    TransferFailed,

    /// <summary>Transfers that leave or travel in the time are gone when they are due.</summary>
    TransferLost,

    /// <summary>The venue closes <see cref="ScenarioEvent.Size"/> of a position, a fraction, as in a liquidation.</summary>
    ForcedLiquidation,

    /// <summary>The venue closes <see cref="ScenarioEvent.Size"/> of a position, a fraction, against a trader that was liquidated.</summary>
    AutoDeleveraging,

    /// <summary>A unit of a currency is worth <see cref="ScenarioEvent.Size"/> of what its rate says.</summary>
    Depeg,

    /// <summary>Each funding boundary of a perpetual has the rate <see cref="ScenarioEvent.Size"/>, signed; positive: longs pay.</summary>
    FundingSpike,

    /// <summary>A perpetual settles funding every <see cref="ScenarioEvent.Delay"/>.</summary>
    FundingInterval,

    /// <summary>An instrument takes exits only, and at the end of the time the venue closes what is left at the mark; then it is gone.</summary>
    Delisting,
}

/// <summary>One thing that goes wrong.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">From when.</param>
public sealed record ScenarioEvent(ScenarioKind Kind, ScenarioTime At)
{
    /// <summary>Until when, itself excluded; null: to the end of the run, or a moment, as the kind says.</summary>
    public ScenarioTime? Until { get; init; }

    /// <summary>The market, as in <c>binance</c>; for a transfer where it leaves, null: anywhere.</summary>
    public string? Venue { get; init; }

    /// <summary>For a transfer, the market where it should arrive; null: anywhere.</summary>
    public string? To { get; init; }

    /// <summary>The instrument; for a stale book null: all of the venue.</summary>
    public InstrumentId? Instrument { get; init; }

    /// <summary>The currency; for a transfer null: any.</summary>
    public string? Currency { get; init; }

    /// <summary>What does not work in an outage; empty: nothing works.</summary>
    public IReadOnlyList<Capability> Capabilities { get; init; } = [];

    /// <summary>A fraction, a factor or a rate, as the kind says.</summary>
    public decimal? Size { get; init; }

    /// <summary>In the settlement currency; null: the mark.</summary>
    public decimal? Price { get; init; }

    /// <summary>A time, as the kind says.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Whether the venue is concerned.</summary>
    internal bool Concerns(InstrumentId id) => Instrument is { } one ? one == id : Venue == id.Route.Market;
}

/// <summary>A moment of a run: an instant, or so long after its start.</summary>
/// <param name="Utc">The instant, UTC; null if it counts from the start.</param>
/// <param name="AfterStart">Time after the start of the run; zero or positive.</param>
public readonly record struct ScenarioTime(DateTime? Utc, TimeSpan AfterStart)
{
    /// <summary>An instant.</summary>
    public static ScenarioTime Of(DateTime utc) => new(utc, TimeSpan.Zero);

    /// <summary>So long after the start of the run.</summary>
    public static ScenarioTime After(TimeSpan start) => new(null, start);

    /// <summary>An instant, UTC.</summary>
    public static implicit operator ScenarioTime(DateTime utc) => Of(utc);

    /// <summary>So long after the start of the run.</summary>
    public static implicit operator ScenarioTime(TimeSpan afterStart) => After(afterStart);

    /// <summary>The instant in a run, UTC; what lies beyond the calendar is its last or first instant.</summary>
    /// <param name="startUtc">The start of the run, UTC.</param>
    public DateTime In(DateTime startUtc)
        => Utc is { } utc ? utc
            : AfterStart >= DateTime.MaxValue - startUtc ? DateTime.MaxValue
            : AfterStart <= DateTime.MinValue - startUtc ? DateTime.MinValue
            : startUtc + AfterStart;
}
