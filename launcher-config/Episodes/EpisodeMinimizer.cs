using System.Collections.Generic;

namespace CrossHedgeLean.Episodes;

/// <summary>
/// Makes a failing episode small: first as short as it fails, then without every event that is not needed for it. Each
/// step is a whole run, so that the result replays exactly.
/// </summary>
internal static class EpisodeMinimizer
{
    private const int Rounds = 3;

    /// <summary>The smallest episode found that violates the same invariant.</summary>
    /// <param name="failed">An episode with a violation.</param>
    /// <param name="planted">The fault that was planted in it.</param>
    public static EpisodeResult Run(EpisodeResult failed, PlantedFaultKind planted = PlantedFaultKind.None)
    {
        if (failed.Violation is not { } violation)
        {
            return failed;
        }

        var best = Shorten(failed, planted);
        for (var round = 0; round < Rounds; round++)
        {
            var before = best.Plan.Events.Count;
            for (var i = best.Plan.Events.Count - 1; i >= 0; i--)
            {
                var events = new List<EpisodeEvent>(best.Plan.Events);
                events.RemoveAt(i);
                var result = EpisodeRun.Run(best.Plan with { Events = events }, planted);
                if (result.Violation?.Invariant == violation.Invariant)
                {
                    best = Shorten(result, planted);
                    i = i > best.Plan.Events.Count ? best.Plan.Events.Count : i;
                }
            }

            if (best.Plan.Events.Count == before)
            {
                break;
            }
        }

        return best;
    }

    /// <summary>Nothing after the violation can be needed: a run stops there.</summary>
    private static EpisodeResult Shorten(EpisodeResult failed, PlantedFaultKind planted)
    {
        var ticks = failed.Violation!.Tick;
        var events = new List<EpisodeEvent>();
        foreach (var item in failed.Plan.Events)
        {
            if (item.Tick <= ticks)
            {
                events.Add(item);
            }
        }

        var result = EpisodeRun.Run(failed.Plan with { Ticks = ticks, Events = events }, planted);
        return result.Violation?.Invariant == failed.Violation.Invariant ? result : failed;
    }
}
