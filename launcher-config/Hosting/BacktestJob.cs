using System;
using System.Collections.Generic;
using CrossHedgeLean.Scenarios;
using QuantConnect.Algorithm;

namespace CrossHedgeLean.Hosting;

/// <summary>One backtest to run.</summary>
/// <param name="CreateAlgorithm">Makes the algorithm; called once, when the engine is ready for it.</param>
/// <param name="DataFolder">LEAN's data folder.</param>
/// <param name="Parameters">What <c>GetParameter</c> answers.</param>
public sealed record BacktestJob(
    Func<QCAlgorithm> CreateAlgorithm,
    string DataFolder,
    IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>What plays the scenario of every backtest that is run here: both engines have our set-up handler.</summary>
    public static ScenarioHosts ScenarioHost => ScenarioHosts.Models | ScenarioHosts.Brokerage;

    /// <summary>Told the algorithm's time (UTC) at most once per simulated day.</summary>
    public Action<DateTime>? Progress { get; init; }

    /// <summary>Where the engine may leave its own result files; null: they are thrown away.</summary>
    public string? ResultsFolder { get; init; }
}
