using System;
using System.Collections.Generic;

namespace CrossHedgeLean.Hosting;

/// <summary>How a backtest ended, alike on LEAN and on LeanSim.</summary>
/// <param name="Completed">Whether the algorithm ran to its end date without an error.</param>
/// <param name="Error">Otherwise the message of the exception that ended it, whole.</param>
/// <param name="DataPoints">Data points processed, as LEAN counts them.</param>
/// <param name="Elapsed">Time of the run itself, without the engine's start-up.</param>
/// <param name="Messages">What the algorithm and the engine said (debug, log, error), the first thousand.</param>
public sealed record BacktestOutcome(
    bool Completed,
    string? Error,
    long DataPoints,
    TimeSpan Elapsed,
    IReadOnlyList<string> Messages)
{
    /// <summary>LEAN's own statistics of the run, by the names of its regression records; LeanSim computes none.</summary>
    public IReadOnlyDictionary<string, string> Statistics { get; init; } = new Dictionary<string, string>();
}
