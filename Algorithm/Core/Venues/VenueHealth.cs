#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;

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

    /// <summary>Grows with every change of this and of all else that counts here.</summary>
    internal StrongBox<long> Changes { get; init; } = new();

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
        Count();
    }

    private void Change(Action change, DateTime utcNow)
    {
        var before = Orders;
        change();
        if (Orders == HealthState.Healthy && before != HealthState.Healthy && before != HealthState.Unseen)
        {
            ReturnedUtc = utcNow;
        }

        Count();
    }

    private void Count()
    {
        Version++;
        Interlocked.Increment(ref Changes.Value);
    }
}

/// <summary>When a venue counts as working badly.</summary>
public sealed record HealthRules
{
    /// <summary>Newest data older than this are stale. Also how long data must have been fresh before they count again.</summary>
    public TimeSpan FreshFor { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>So many refusals in a row and the venue takes exits only.</summary>
    public int RefusalsInARow { get; init; } = 3;

    /// <summary>How long a venue that refused takes exits only: then it is tried again.</summary>
    public TimeSpan RefusalPause { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>
/// One venue's health from what is seen of it: the age of its data, refusals in a row, and what was announced. A fault
/// counts at once, its end only after a while, so that a venue that flickers does not make us flicker. Reads no clock.
/// </summary>
/// <param name="venue">The market.</param>
/// <param name="rules">When it counts as working badly.</param>
public sealed class HealthMonitor(string venue, HealthRules rules)
{
    private readonly HashSet<Capability> _down = [];
    private DateTime _staleUntilUtc = DateTime.MinValue;
    private DateTime _refusedUntilUtc = DateTime.MinValue;
    private DateTime _newestUtc = DateTime.MinValue;
    private DateTime _firstAgainUtc = DateTime.MinValue;
    private bool _isStale;
    private bool _isSettled;
    private int _refusals;

    /// <summary>The market.</summary>
    public string Venue => venue;

    /// <summary>When the venue counts as working badly.</summary>
    public HealthRules Rules => rules;

    /// <summary>The newest data of the venue, UTC; <see cref="DateTime.MinValue"/>: none yet.</summary>
    public DateTime NewestUtc => _newestUtc;

    /// <summary>
    /// Whether anything can have changed: not while all is well and the newest data that were seen are young enough, so
    /// that looking at data costs nothing at most steps.
    /// </summary>
    /// <param name="utcNow">UTC; does not go back.</param>
    public bool NeedsLook(DateTime utcNow) => !_isSettled || utcNow - _newestUtc > rules.FreshFor;

    /// <summary>All capabilities were found healthy, and whoever is told of changes knows.</summary>
    /// <param name="isWell">Whether that is so.</param>
    public void Settle(bool isWell) => _isSettled = isWell;

    /// <summary>Data were seen.</summary>
    /// <param name="timeUtc">Their end, UTC.</param>
    public void Seen(DateTime timeUtc) => _newestUtc = timeUtc > _newestUtc ? timeUtc : _newestUtc;

    /// <summary>The venue took an order.</summary>
    public void Accepted() => _refusals = 0;

    /// <summary>The venue refused an order.</summary>
    /// <param name="utcNow">UTC.</param>
    public void Refused(DateTime utcNow)
    {
        _refusals++;
        if (_refusals >= rules.RefusalsInARow)
        {
            _refusedUntilUtc = utcNow + rules.RefusalPause;
            _isSettled = false;
        }
    }

    /// <summary>A capability was announced, or seen, to be down or back.</summary>
    /// <param name="capability">Which.</param>
    /// <param name="isDown">Whether it is down.</param>
    public void Announce(Capability capability, bool isDown)
    {
        if (isDown)
        {
            _down.Add(capability);
            _isSettled = false;
        }
        else
        {
            _down.Remove(capability);
        }
    }

    /// <summary>How well a capability works, and why.</summary>
    /// <param name="capability">Which.</param>
    /// <param name="utcNow">UTC; does not go back.</param>
    public (HealthState State, HealthReason Reason) StateOf(Capability capability, DateTime utcNow)
    {
        if (capability == Capability.Data)
        {
            Age(utcNow);
        }

        return _down.Contains(capability) ? (HealthState.Down, HealthReason.Announced)
            : capability == Capability.Data && _newestUtc == DateTime.MinValue ? (HealthState.Unseen, HealthReason.None)
            : capability == Capability.Data && (_isStale || utcNow < _staleUntilUtc || _newestUtc == _firstAgainUtc) ? (HealthState.Degraded, HealthReason.StaleData)
            : capability == Capability.Trade && utcNow < _refusedUntilUtc ? (HealthState.Degraded, HealthReason.OrderFailures)
            : (HealthState.Healthy, HealthReason.None);
    }

    private void Age(DateTime utcNow)
    {
        if (_newestUtc == DateTime.MinValue)
        {
            return;
        }

        var isStale = utcNow - _newestUtc > rules.FreshFor;
        if (_isStale && !isStale)
        {
            // If these stay the only ones, they are as old as data may be when the wait is over.
            _staleUntilUtc = utcNow + rules.FreshFor;
            _firstAgainUtc = _newestUtc;
        }

        _isStale = isStale;
    }
}
