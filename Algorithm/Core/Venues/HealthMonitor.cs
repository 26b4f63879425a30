#nullable enable
using System;
using System.Collections.Generic;

namespace CrossHedgeLean.Venues;

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
    private bool _isStale;
    private int _refusals;

    /// <summary>The market.</summary>
    public string Venue => venue;

    /// <summary>When the venue counts as working badly.</summary>
    public HealthRules Rules => rules;

    /// <summary>The newest data of the venue, UTC; <see cref="DateTime.MinValue"/>: none yet.</summary>
    public DateTime NewestUtc => _newestUtc;

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
            : capability == Capability.Data && (_isStale || utcNow < _staleUntilUtc) ? (HealthState.Degraded, HealthReason.StaleData)
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
            _staleUntilUtc = utcNow + rules.FreshFor;
        }

        _isStale = isStale;
    }
}
