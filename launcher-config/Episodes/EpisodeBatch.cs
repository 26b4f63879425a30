using System;
using System.Collections.Generic;

namespace CrossHedgeLean.Episodes;

/// <summary>Many episodes, and what came of them together.</summary>
internal sealed class EpisodeBatch
{
    /// <summary>Runs the seeds in turn.</summary>
    /// <param name="from">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="planted">A fault that is planted on purpose.</param>
    /// <param name="progress">Told the share that is done.</param>
    public static EpisodeBatch Run(ulong from, int count, PlantedFaultKind planted = PlantedFaultKind.None, Action<double>? progress = null)
    {
        var batch = new EpisodeBatch { From = from };
        for (var i = 0; i < count; i++)
        {
            batch.Add(EpisodeRun.Run(EpisodePlan.Of(from + (ulong)i), planted));
            progress?.Invoke((i + 1.0) / count);
        }

        return batch;
    }

    /// <summary>Runs one episode.</summary>
    /// <param name="plan">The episode.</param>
    /// <param name="log">Told each line of its decision log, or null.</param>
    public static EpisodeBatch Run(EpisodePlan plan, Action<string>? log)
    {
        var batch = new EpisodeBatch { From = plan.Seed };
        batch.Add(EpisodeRun.Run(plan, log: log));
        return batch;
    }

    /// <summary>The first seed.</summary>
    public ulong From { get; init; }

    /// <summary>The decision log's hash of the last episode.</summary>
    public string Hash { get; private set; } = "";

    /// <summary>How many episodes ran.</summary>
    public int Count { get; private set; }

    /// <summary>How often a desk looked at a group.</summary>
    public long Decisions { get; private set; }

    /// <summary>Orders that desks sent.</summary>
    public long Orders { get; private set; }

    /// <summary>Faults that struck.</summary>
    public long Faults { get; private set; }

    /// <summary>Changes of primaries.</summary>
    public long Changes { get; private set; }

    /// <summary>What struck in which state.</summary>
    public EpisodeCoverage Coverage { get; } = new();

    /// <summary>The episodes with a violation.</summary>
    public List<EpisodeResult> Failed { get; } = [];

    private void Add(EpisodeResult result)
    {
        Count++;
        Hash = result.Hash;
        Decisions += result.Decisions;
        Orders += result.Orders;
        Faults += result.Faults;
        Changes += result.Changes;
        Coverage.Add(result.Coverage);
        if (result.Violation is not null)
        {
            Failed.Add(result);
        }
    }
}
