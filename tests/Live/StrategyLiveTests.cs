using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.DataGeneration;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Tests.Algorithm;
using CrossHedgeLean.Tests.Launcher;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Live;

/// <summary>Each strategy on the live stack: it decides there what it decides in a backtest, and does what it is for.</summary>
[TestFixture]
public sealed class StrategyLiveTests
{
    private static readonly DateTime From = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private TestFolder _folder = null!;

    [OneTimeSetUp]
    public void OnlyOnLeanSim()
    {
        EngineRuns.OnlyOnLeanSim();
        _folder = new TestFolder();
        DataGenerator.Generate(
            new GeneratorOptions
            {
                FromUtc = From,
                Days = 4,
                Seed = 8,
                Venues = ["binance:spot", "bybit:perpetual"],
                Pairs = ["BTCUSDT"],
                Moves =
                [
                    new PriceMove("BTC", "bybit:perpetual", TimeSpan.FromHours(30), TimeSpan.FromMinutes(10), 0.009),
                    new PriceMove("BTC", "bybit:perpetual", TimeSpan.FromHours(31), TimeSpan.FromMinutes(30), -0.0089),
                ],

                // Paid to the short but for one payment on the second day, by it on the last two days.
                Funding = new Dictionary<string, IReadOnlyList<(DateTime, decimal)>>
                {
                    ["bybit:perpetual:BTCUSDT"] = [.. Enumerable.Range(0, 12).Select(i => (From.AddHours(8 * i), i == 4 ? -0.0005m : i < 6 ? 0.0003m : -0.0006m))],
                },
            },
            _folder.Root);
    }

    [OneTimeTearDown]
    public void Delete() => _folder?.Dispose();

    /// <summary>When the primary is closed: never; when funding has turned, not at the one payment before; when the spread is back.</summary>
    [TestCase("inventory", "")]
    [TestCase("carry", "2025-01-03T16:00")]
    [TestCase("convergence", "2025-01-02T07:35")]
    public void DecidesLiveWhatItDecidesInABacktest(string strategy, string closed)
    {
        var parameters = Parameters(strategy);
        var decisions = new List<string>();
        var fills = new List<string>();
        CrossHedgeAlgorithm? sample = null;
        var (outcome, _) = EngineRuns.Run(
            () =>
            {
                sample = new CrossHedgeAlgorithm();
                sample.Recorder.Sinks = new RunSinks { Decisions = decisions.Add, OrderEvents = fills.Add };
                return sample;
            },
            parameters,
            _folder.Root);
        var live = LiveRun.Of(parameters, _folder.Root);

        Assert.That((outcome.Error, live.Result!.RuntimeError), Is.EqualTo(((string?)null, (Exception?)null)));
        Assert.That(live.Decisions.Select(decision => decision.Line), Is.EqualTo(decisions));
        var primary = fills.Where(line => line.Contains("binance:spot:BTCUSDT,Filled", StringComparison.Ordinal)).ToArray();
        Assert.That(primary, Is.Not.Empty);
        var closings = primary.Where(line => line.Contains("Filled,-", StringComparison.Ordinal)).Select(line => line[..16]);
        Assert.That(closings, Is.EqualTo(closed.Length == 0 ? [] : new[] { closed }), string.Join('\n', fills));
        Assert.That(sample!.Recorder.Summarize().Residual.Max, Is.LessThan(0.001m));
    }

    private static Dictionary<string, string> Parameters(string strategy) => new()
    {
        ["strategy"] = strategy,
        ["carry-window"] = "1.00:00:00",
        ["from"] = "2025-01-01",
        ["to"] = "2025-01-04",
        ["account-currency"] = "USDT",
        ["binance-spot.cash"] = "USDT:100000",
        ["binance-spot.spot-fees"] = "0.001/0.001",
        ["bybit.cash"] = "USDT:60000",
        ["bybit.perpetual-fees"] = "0.0002/0.00055",
        ["latency"] = "none",
        ["transfers"] = "off",
        ["groups"] = "BTC",
        ["BTC.primary"] = "binance:spot:BTCUSDT",
        ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
        ["BTC.notional"] = "50000",
    };
}
