#nullable enable
using System;

namespace CrossHedgeLean.Recording;

/// <summary>Where a run's lines go while it runs; each is comma separated and starts with a header. Null: nowhere.</summary>
public sealed record RunSinks
{
    /// <summary>Every order event: time, order, instrument, status, quantity, fill price, fee, fee currency.</summary>
    public Action<string>? OrderEvents { get; init; }

    /// <summary>Equity at the end of each time step: time, equity in the account currency.</summary>
    public Action<string>? Equity { get; init; }

    /// <summary>Each account once an hour: time, account, equity, initial and maintenance margin in the account currency, distance to liquidation.</summary>
    public Action<string>? Accounts { get; init; }

    /// <summary>Every decision; see <see cref="Hedging.DecisionLog"/>.</summary>
    public Action<string>? Decisions { get; init; }
}
