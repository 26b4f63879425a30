#nullable enable
using System;
using System.Collections.Generic;
using CrossHedgeLean.Recording;

namespace CrossHedgeLean.Hedging;

/// <summary>
/// The residual of all groups over a run, observed at the end of each time step, when all of the step's orders have had
/// their effect: largest, 99th percentile, steps and time outside the tolerance. Memory does not grow with the run.
/// </summary>
public sealed class ResidualTracker
{
    private readonly SortedDictionary<decimal, long> _counts = [];
    private readonly Dictionary<string, DateTime> _outsideSince = [];
    private TimeSpan _outside;
    private decimal _max;
    private long _steps;
    private long _stepsOutside;

    /// <summary>Observes one group at one step.</summary>
    /// <param name="group">The group's name.</param>
    /// <param name="timeUtc">The step's time, UTC; steps come in order.</param>
    /// <param name="residual">Units of the underlying, signed.</param>
    /// <param name="tolerance">Units of the underlying; at or below it the residual is inside.</param>
    public void Observe(string group, DateTime timeUtc, decimal residual, decimal tolerance)
    {
        var size = Math.Abs(residual);
        var bucket = RoundUpToThreeDigits(size);
        _counts[bucket] = _counts.GetValueOrDefault(bucket) + 1;
        _max = Math.Max(_max, size);
        _steps++;

        if (_outsideSince.TryGetValue(group, out var since))
        {
            _outside += timeUtc - since;
            _outsideSince.Remove(group);
        }

        if (size > tolerance)
        {
            _stepsOutside++;
            _outsideSince[group] = timeUtc;
        }
    }

    /// <summary>The figures so far.</summary>
    /// <param name="decisions">How many decisions were made.</param>
    public ResidualSummary Summarize(long decisions)
        => new(_max, Percentile(0.99m), _stepsOutside, _outside, _steps, decisions);

    private decimal Percentile(decimal share)
    {
        var rank = decimal.Ceiling(_steps * share);
        var seen = 0L;
        foreach (var (bucket, count) in _counts)
        {
            seen += count;
            if (seen >= rank)
            {
                return Math.Min(bucket, _max);
            }
        }

        return 0m;
    }

    private static decimal RoundUpToThreeDigits(decimal value)
    {
        if (value == 0m)
        {
            return 0m;
        }

        var scale = 1m;
        while (value * scale < 100m)
        {
            scale *= 10m;
        }

        while (value * scale >= 1000m)
        {
            scale /= 10m;
        }

        return decimal.Ceiling(value * scale) / scale;
    }
}
