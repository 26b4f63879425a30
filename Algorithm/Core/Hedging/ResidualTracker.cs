#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CrossHedgeLean.Recording;

namespace CrossHedgeLean.Hedging;

/// <summary>
/// The residual of all groups over a run, observed at the end of each time step, when all of the step's orders have had
/// their effect: largest, 99th percentile, steps and time outside the tolerance. Memory does not grow with the run.
/// </summary>
public sealed class ResidualTracker
{
    private readonly Dictionary<decimal, long> _counts = [];
    private readonly List<Run> _runs = [];
    private TimeSpan _outside;
    private decimal _max;
    private long _steps;
    private long _stepsOutside;

    /// <summary>Observes one group at one step.</summary>
    /// <param name="group">The group, counted from 0.</param>
    /// <param name="timeUtc">The step's time, UTC; steps come in order.</param>
    /// <param name="residual">Units of the underlying, signed.</param>
    /// <param name="tolerance">Units of the underlying; at or below it the residual is inside.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Observe(int group, DateTime timeUtc, decimal residual, decimal tolerance)
    {
        while (_runs.Count <= group)
        {
            _runs.Add(new Run());
        }

        // Most steps change no residual: equal ones are counted together.
        var run = _runs[group];
        var size = Math.Abs(residual);
        if (size != run.Size)
        {
            Count(run);
            run.Size = size;
            _max = Math.Max(_max, size);
        }

        run.Steps++;
        _steps++;
        if (run.OutsideSinceUtc is { } since)
        {
            _outside += timeUtc - since;
            run.OutsideSinceUtc = null;
        }

        if (size > tolerance)
        {
            _stepsOutside++;
            run.OutsideSinceUtc = timeUtc;
        }
    }

    /// <summary>A step after which every group's residual is what it was, and inside its tolerance.</summary>
    public void ObserveAgain()
    {
        for (var i = 0; i < _runs.Count; i++)
        {
            _runs[i].Steps++;
        }

        _steps += _runs.Count;
    }

    /// <summary>The figures so far.</summary>
    /// <param name="decisions">How many decisions were made.</param>
    public ResidualSummary Summarize(long decisions)
    {
        _runs.ForEach(Count);
        return new(_max, Percentile(0.99m), _stepsOutside, _outside, _steps, decisions);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Count(Run run)
    {
        if (run.Steps > 0)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, RoundUpToThreeDigits(run.Size), out _) += run.Steps;
            run.Steps = 0;
        }
    }

    private decimal Percentile(decimal share)
    {
        var rank = decimal.Ceiling(_steps * share);
        var seen = 0L;
        foreach (var (bucket, count) in _counts.OrderBy(entry => entry.Key))
        {
            seen += count;
            if (seen >= rank)
            {
                return Math.Min(bucket, _max);
            }
        }

        return 0m;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    /// <summary>Steps of one group with the same residual, and since when it is outside.</summary>
    private sealed class Run
    {
        public decimal Size { get; set; }

        public long Steps { get; set; }

        public DateTime? OutsideSinceUtc { get; set; }
    }
}
