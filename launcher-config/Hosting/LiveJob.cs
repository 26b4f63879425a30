using System;
using System.Collections.Generic;
using QuantConnect.Brokerages.CrossHedge.Children;

namespace CrossHedgeLean.Hosting;

/// <summary>One live run.</summary>
/// <param name="CreateAlgorithm">Makes the algorithm; called once, when the engine is ready for it.</param>
/// <param name="DataFolder">LEAN's data folder: market hours and symbol properties.</param>
/// <param name="Parameters">What <c>GetParameter</c> answers.</param>
/// <param name="Brokerages">The children and how they are watched, checked.</param>
/// <param name="Settings">LEAN's configuration besides that, secrets among it: it is never written to a file.</param>
public sealed record LiveJob(
    Func<CrossHedgeAlgorithm> CreateAlgorithm,
    string DataFolder,
    IReadOnlyDictionary<string, string> Parameters,
    CompositeSettings Brokerages,
    IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>Told each message of the algorithm and of the brokerage as it comes, on any thread.</summary>
    public Action<string>? Said { get; init; }

    /// <summary>Called at each step, in the algorithm's own thread; false: the run ends.</summary>
    public Func<bool>? Step { get; init; }
}

/// <summary>How a live run ended.</summary>
/// <param name="Started">Whether trading began; else the error is of the configuration or of what it needs.</param>
/// <param name="Outcome">The end.</param>
public sealed record LiveOutcome(bool Started, BacktestOutcome Outcome);

/// <summary>The engine that this build runs live on.</summary>
public interface ILiveEngine
{
    /// <summary>Which engine it is.</summary>
    EngineInfo Info { get; }

    /// <summary>What stands against running a job here; empty: nothing.</summary>
    IReadOnlyList<string> Check(CompositeSettings brokerages);

    /// <summary>Runs until it is asked to end. Errors are in the outcome, not thrown.</summary>
    LiveOutcome Run(LiveJob job);
}
