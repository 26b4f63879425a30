using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrossHedgeLean.DataGeneration;
using CrossHedgeLean.Hosting;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Tests.Structure;
using NUnit.Framework;
using QuantConnect.Algorithm;

namespace CrossHedgeLean.Tests.Algorithm;

/// <summary>
/// Runs of the algorithm inside the test process. LEAN's statics allow one run a process, so these are for LeanSim; on
/// LEAN the conformance cases run the same algorithm, each in a process of its own.
/// </summary>
internal static class EngineRuns
{
    private static readonly Lazy<string> Generated = new(Generate);

    public static IReadOnlyDictionary<string, string> Parameters { get; } = new Dictionary<string, string>
    {
        ["strategy"] = "churn",
        ["from"] = "2025-01-01",
        ["to"] = "2025-01-02",
        ["binance-spot.cash"] = "USDT:400000",
        ["bybit.cash"] = "USDT:250000",
        ["latency"] = "none",
        ["groups"] = "BTC",
        ["BTC.primary"] = "binance:spot:BTCUSDT",
        ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
    };

    public static string GeneratedFolder => Generated.Value;

    /// <summary>The real day, or null where ../shared is not there.</summary>
    public static string? RealDayFolder
    {
        get
        {
            var folder = Path.Combine(Repository.Root, "..", "shared", "data", "lean");
            return Directory.Exists(folder) ? folder : null;
        }
    }

    public static void OnlyOnLeanSim()
    {
        if (Repository.LeanSource != "sim")
        {
            Assert.Ignore("LEAN runs one backtest a process: the conformance cases run this algorithm on LEAN.");
        }
    }

    /// <summary>Runs an algorithm; it is created inside, because QCAlgorithm's constructor reads the data folder.</summary>
    public static (BacktestOutcome Outcome, T Algorithm) Run<T>(Func<T> create, IReadOnlyDictionary<string, string> parameters, string? folder = null)
        where T : QCAlgorithm
    {
        T? algorithm = null;
        var outcome = BacktestEngines.Create().Run(new BacktestJob(() => algorithm = create(), folder ?? GeneratedFolder, parameters));
        return (outcome, algorithm!);
    }

    /// <summary>Runs the sample algorithm to its end and returns what it recorded.</summary>
    public static (RunSummary Summary, IReadOnlyList<string> Decisions) RunSample(IReadOnlyDictionary<string, string> parameters, string? folder = null)
    {
        var decisions = new List<string>();
        var (outcome, algorithm) = Run(
            () =>
            {
                var sample = new CrossHedgeAlgorithm();
                sample.Recorder.Sinks = new RunSinks { Decisions = decisions.Add };
                return sample;
            },
            parameters,
            folder);
        Assert.That(outcome.Error, Is.Null);
        return (algorithm.Recorder.Summarize(), decisions.Skip(1).ToArray());
    }

    public static IReadOnlyDictionary<string, string> With(params (string Name, string Value)[] changes)
    {
        var parameters = new Dictionary<string, string>(Parameters);
        foreach (var (name, value) in changes)
        {
            parameters[name] = value;
        }

        return parameters;
    }

    /// <summary>As <see cref="With"/>, with everything switched off that keeps an account from being liquidated.</summary>
    public static IReadOnlyDictionary<string, string> WithoutPrevention(params (string Name, string Value)[] changes)
        => With(
            [
                ("exit-distance", "0.0001"), ("shrink-distance", "0.0002"), ("shrink-target", "0.0003"), ("warn-distance", "0.0004"),
                ("distance-hysteresis", "0"), ("unwind-after", "23:00:00"), ("concentration-limit", "1"), .. changes,
            ]);

    private static string Generate()
    {
        var folder = Directory.CreateTempSubdirectory("crosshedge-tests-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        DataGenerator.Generate(new GeneratorOptions { Days = 2, Venues = ["binance:spot", "bybit:perpetual", "bybit:spot"] }, folder, progress: null);
        return folder;
    }
}
