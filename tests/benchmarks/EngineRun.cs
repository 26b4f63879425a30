using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using CrossHedgeLean.Hosting;

namespace CrossHedgeLean.Benchmarks;

/// <summary>One run of the sample algorithm on this build's engine.</summary>
/// <param name="Engine">The engine and its version.</param>
/// <param name="DataPoints">Data points, as the engine counts them.</param>
/// <param name="Seconds">The engine's time without start-up: from the first time step's set-up to the end of the run.</param>
/// <param name="HeapMb">Managed memory still in use after the run, after a full collection.</param>
/// <param name="PeakMb">The process's largest working set.</param>
public sealed record EngineRun(string Engine, long DataPoints, double Seconds, double HeapMb, double PeakMb)
{
    private const double Megabyte = 1024 * 1024;

    /// <summary>Runs the sample algorithm over the first days of a data folder.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="from">The first day, UTC.</param>
    /// <param name="days">How many days.</param>
    /// <exception cref="InvalidOperationException">The run failed.</exception>
    public static EngineRun Measure(string folder, DateTime from, int days)
    {
        var engine = BacktestEngines.Create();
        var outcome = engine.Run(new BacktestJob(() => new CrossHedgeAlgorithm(), folder, Parameters(from, days)));
        if (outcome.Error is not null)
        {
            throw new InvalidOperationException(outcome.Error);
        }

        using var process = Process.GetCurrentProcess();
        return new EngineRun(
            $"{engine.Info.Name} {engine.Info.Version}",
            outcome.DataPoints,
            outcome.Elapsed.TotalSeconds,
            GC.GetTotalMemory(forceFullCollection: true) / Megabyte,
            process.PeakWorkingSet64 / Megabyte);
    }

    private static Dictionary<string, string> Parameters(DateTime from, int days)
        => new()
        {
            ["strategy"] = "inventory",
            ["from"] = from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["to"] = from.AddDays(days - 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["binance-spot.cash"] = "USDT:500000",
            ["bybit.cash"] = "USDT:500000",
            ["groups"] = "BTC,ETH",
            ["BTC.primary"] = "binance:spot:BTCUSDT",
            ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
            ["ETH.primary"] = "binance:spot:ETHUSDT",
            ["ETH.hedges"] = "bybit:perpetual:ETHUSDT",
        };
}
