using System;
using System.Diagnostics;
using LeanSim;
using QuantConnect.Brokerages.CrossHedge;

namespace CrossHedgeLean.Hosting;

/// <summary>Makes the engine of this build: LeanSim.</summary>
public static class BacktestEngines
{
    /// <summary>Makes the engine.</summary>
    public static IBacktestEngine Create() => new SimBacktestEngine();
}

/// <summary>Runs a backtest on LeanSim, in the calling thread.</summary>
public sealed class SimBacktestEngine : IBacktestEngine
{
    /// <inheritdoc />
    public EngineInfo Info { get; } = new(
        "LeanSim",
        "sim",
        typeof(BacktestEngine).Assembly.GetName().Version?.ToString(3) ?? "0.0.0");

    /// <inheritdoc />
    public BacktestOutcome Run(BacktestJob job)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            var engine = new BacktestEngine(new BacktestOptions
            {
                DataFolder = job.DataFolder,
                Parameters = job.Parameters,
                SetupHandler = new CrossHedgeBacktestingSetupHandler(),
                Progress = job.Progress,
            });
            var result = engine.Run(job.CreateAlgorithm());
            return new BacktestOutcome(
                result.Completed,
                result.Completed ? null : result.RuntimeError?.Message ?? "The algorithm stopped without an error message.",
                result.DataPoints,
                watch.Elapsed,
                result.Messages);
        }
        catch (Exception error)
        {
            return new BacktestOutcome(false, error.Message, 0, watch.Elapsed, []);
        }
    }
}
