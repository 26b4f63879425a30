using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Hosting;
using CrossHedgeLean.Recording;

namespace CrossHedgeLean.Reports;

/// <summary>All that a report shows of a run.</summary>
/// <param name="Engine">What it ran on.</param>
/// <param name="Configuration">What was asked.</param>
/// <param name="Summary">What the algorithm did.</param>
/// <param name="Outcome">How the engine fared.</param>
/// <param name="PeakMemoryMegabytes">The process's largest working set, 1024 * 1024 bytes.</param>
internal sealed record BacktestResult(
    EngineInfo Engine,
    HedgeConfiguration Configuration,
    RunSummary Summary,
    BacktestOutcome Outcome,
    double PeakMemoryMegabytes)
{
    /// <summary>The parameters of the run.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The files beside the result, with their length in bytes; none where the run kept none.</summary>
    public IReadOnlyList<(string Name, long Bytes)> Files { get; init; } = [];

    /// <summary>Data points a second of the run itself.</summary>
    public double DataPointsPerSecond => Outcome.Elapsed.TotalSeconds > 0 ? Outcome.DataPoints / Outcome.Elapsed.TotalSeconds : 0;

    /// <summary>Funding boundaries of the run at which a position was held and no fresh rate was known.</summary>
    public int FundingGaps => Summary.Venues.Sum(venue => venue.FundingGaps);

    /// <summary>Such boundaries at one account.</summary>
    public int FundingGapsOf(AccountSummary account)
        => Summary.Venues.Where(venue => account.Routes.Contains(venue.Venue)).Sum(venue => venue.FundingGaps);
}
