#nullable enable
using System;

namespace CrossHedgeLean.Venues;

/// <summary>What a venue does for us; each can fail by itself.</summary>
public enum Capability
{
    /// <summary>Takes orders.</summary>
    Trade,

    /// <summary>Cancels orders.</summary>
    Cancel,

    /// <summary>Sends prices, order events and account figures.</summary>
    Data,

    /// <summary>Pays out.</summary>
    Withdraw,
}

/// <summary>How well a capability works, from best to worst.</summary>
public enum HealthState
{
    /// <summary>Nothing is known yet: not used to raise exposure.</summary>
    Unseen,

    /// <summary>Works.</summary>
    Healthy,

    /// <summary>Works badly: exits only.</summary>
    Degraded,

    /// <summary>A person or a rule stopped it: exits only.</summary>
    Halted,

    /// <summary>Does not work: nothing is sent there, and what is held there still counts.</summary>
    Down,
}

/// <summary>Why a capability is not healthy.</summary>
public enum HealthReason
{
    /// <summary>It is healthy.</summary>
    None,

    /// <summary>No data for too long.</summary>
    StaleData,

    /// <summary>Orders failed in a row.</summary>
    OrderFailures,

    /// <summary>The connection is gone.</summary>
    Disconnected,

    /// <summary>A person said so.</summary>
    Command,

    /// <summary>More orders than the budget of a minute allows.</summary>
    OrderBudget,

    /// <summary>The venue itself announced it.</summary>
    Announced,
}

/// <summary>
/// The health of one venue, per capability: one venue fails alone, so that there is no global one. Knows when trading
/// came back, because a venue that has just returned is not at once preferred to the one that stood in.
/// </summary>
/// <param name="venue">The market, as in <c>binance</c>.</param>
public sealed class VenueHealth(string venue)
{
    private readonly (HealthState State, HealthReason Reason)[] _states = new (HealthState, HealthReason)[4];

    /// <summary>The market.</summary>
    public string Venue => venue;

    /// <summary>When trading became healthy after it had not been, UTC; the first time does not count.</summary>
    public DateTime ReturnedUtc { get; private set; } = DateTime.MinValue;

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    /// <summary>What an order may do: the worse of trade and data, except that missing data stops no exit.</summary>
    public HealthState Orders
    {
        get
        {
            var trade = StateOf(Capability.Trade);
            var data = StateOf(Capability.Data);
            var state = trade == HealthState.Healthy && data != HealthState.Healthy
                ? data == HealthState.Down ? HealthState.Degraded : data
                : trade;
            return IsHalted && state < HealthState.Halted ? HealthState.Halted : state;
        }
    }

    /// <summary>Whether a person halted the venue: exits only, however well it works.</summary>
    public bool IsHalted { get; private set; }

    /// <summary>Halts or resumes the venue.</summary>
    public void SetHalted(bool isHalted, DateTime utcNow)
    {
        if (IsHalted != isHalted)
        {
            Change(() => IsHalted = isHalted, utcNow);
        }
    }

    /// <summary>The state of a capability.</summary>
    public HealthState StateOf(Capability capability) => _states[(int)capability].State;

    /// <summary>Why a capability is in its state.</summary>
    public HealthReason ReasonOf(Capability capability) => _states[(int)capability].Reason;

    /// <summary>Sets a capability.</summary>
    /// <param name="capability">Which.</param>
    /// <param name="state">How well it works.</param>
    /// <param name="reason">Why; None for healthy.</param>
    /// <param name="utcNow">UTC.</param>
    /// <returns>Whether anything changed.</returns>
    public bool Set(Capability capability, HealthState state, HealthReason reason, DateTime utcNow)
    {
        if (_states[(int)capability] == (state, reason))
        {
            return false;
        }

        Change(() => _states[(int)capability] = (state, reason), utcNow);
        return true;
    }

    /// <summary>Sets every capability to healthy, where nobody watches them: a backtest without failures.</summary>
    public void AssumeHealthy()
    {
        Array.Fill(_states, (HealthState.Healthy, HealthReason.None));
        Version++;
    }

    private void Change(Action change, DateTime utcNow)
    {
        var before = Orders;
        change();
        if (Orders == HealthState.Healthy && before != HealthState.Healthy && before != HealthState.Unseen)
        {
            ReturnedUtc = utcNow;
        }

        Version++;
    }
}
