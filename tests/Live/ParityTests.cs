using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.DataGeneration;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Tests.Algorithm;
using CrossHedgeLean.Tests.Launcher;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Live;

/// <summary>Invariant 8: the live stack on paper venues decides what the backtest decides, and its accounts are the backtest's, after every decision.</summary>
[TestFixture]
public sealed class ParityTests
{
    private const string Always = """
        { "kind": "outage", "venue": "bybit", "capabilities": ["trade"], "at": "+10:00:00", "until": "+14:00:00" },
        { "kind": "auto-deleveraging", "instrument": "bybit:perpetual:BTCUSDT", "size": 0.5, "at": "+1.06:03:00" }
        """;

    private TestFolder _folder = null!;

    [OneTimeSetUp]
    public void OnlyOnLeanSim()
    {
        EngineRuns.OnlyOnLeanSim();
        _folder = new TestFolder();
        DataGenerator.Generate(
            new GeneratorOptions { FromUtc = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc), Days = 3, Seed = 4, Venues = ["binance:spot", "binance:perpetual", "bybit:perpetual"], Pairs = ["BTCUSDT", "ETHUSDT"] },
            _folder.Root);
    }

    [OneTimeTearDown]
    public void Delete() => _folder?.Dispose();

    private static IEnumerable<TestCaseData> Kinds()
    {
        yield return Case("nothing more", "");
        yield return Case("outage", """{ "kind": "outage", "venue": "bybit", "at": "+1.10:04:00", "until": "+1.12:04:00" }""");
        yield return Case("outage of cancels", """{ "kind": "outage", "venue": "binance", "capabilities": ["cancel", "withdraw"], "at": "+1.10:04:00", "until": "+1.12:04:00" }""");
        yield return Case("reject-storm", """{ "kind": "reject-storm", "venue": "bybit", "size": 0.6, "at": "+1.10:04:00", "until": "+1.20:00:00" }""");
        yield return Case("withdrawal-freeze", """{ "kind": "withdrawal-freeze", "venue": "bybit", "at": "+1.10:04:00", "until": "+1.12:04:00" }""");
        yield return Case("insolvency", """{ "kind": "insolvency", "venue": "bybit", "size": 0.3, "at": "+2.10:04:00" }""");
        yield return Case("forced-liquidation", """{ "kind": "forced-liquidation", "instrument": "bybit:perpetual:ETHUSDT", "size": 0.4, "at": "+1.10:04:00" }""");
        yield return Case("auto-deleveraging", """{ "kind": "auto-deleveraging", "instrument": "bybit:perpetual:ETHUSDT", "size": 0.7, "price": 3000, "at": "+1.10:04:00" }""");
        yield return Case("depeg", """{ "kind": "depeg", "currency": "USDC", "size": 0.8, "at": "+1.10:04:00", "until": "+1.20:00:00" }""");
        yield return Case("funding-spike", """{ "kind": "funding-spike", "instrument": "bybit:perpetual:BTCUSDT", "size": -0.004, "at": "+1.10:04:00", "until": "+1.20:00:00" }""");
        yield return Case("funding-interval", """{ "kind": "funding-interval", "instrument": "bybit:perpetual:BTCUSDT", "delay": "01:00:00", "at": "+1.10:04:00", "until": "+1.20:00:00" }""");
        yield return Case("delisting", """{ "kind": "delisting", "instrument": "bybit:perpetual:ETHUSDT", "at": "+1.10:04:00", "until": "+1.20:00:00" }""");

        static TestCaseData Case(string name, string events) => new TestCaseData(events).SetArgDisplayNames(name);
    }

    [Test]
    public void EveryKindThatClaimsParityHasItsCase()
        => Assert.That(
            ScenarioKinds.All.Where(rules => rules.IsParity).Select(rules => rules.Name),
            Is.EquivalentTo(Kinds().SelectMany(data => ScenarioReader.Read("case", ScenarioOf((string)data.Arguments[0]!)).Value!.Events).Select(what => ScenarioKinds.Of(what.Kind).Name).Distinct()));

    [TestCaseSource(nameof(Kinds))]
    public void UnderTrouble(string events)
    {
        var parameters = Parameters(events);
        var backtest = Backtest(parameters);
        var live = LiveRun.Of(parameters, _folder.Root);

        Assert.That(live.Result!.RuntimeError, Is.Null);
        Assert.That(live.Decisions.Count, Is.EqualTo(backtest.Count));
        for (var i = 0; i < backtest.Count; i++)
        {
            Assert.That(live.Decisions[i].Line, Is.EqualTo(backtest[i].Line));

            // Within one moment another group's fill may be booked before or after.
            if (i == backtest.Count - 1 || backtest[i + 1].Time != backtest[i].Time)
            {
                Assert.That(live.Decisions[i].DifferenceFrom(backtest[i]), Is.Null, backtest[i].Line);
            }
        }

        var lines = backtest.Select(decision => decision.Line).ToArray();
        Assert.That(lines.Sum(line => line.Split("send ").Length - 1), Is.AtLeast(200), "hedge orders");
        Assert.That(lines.Any(line => line.Contains("send ") && line.Contains("at binance:perpetual")), Is.True, "failover");
        Assert.That(live.Happenings.Any(line => line.StartsWith("the venue closed ", StringComparison.Ordinal)), Is.True, "deleveraging");
        Assert.That(live.Algorithm.Accounts!.IsSimulated, Is.False);
    }

    private static IReadOnlyDictionary<string, string> Parameters(string events)
        => new Dictionary<string, string>
        {
            ["strategy"] = "churn",
            ["seed"] = "3",
            ["from"] = "2025-01-01",
            ["to"] = "2025-01-03",
            ["account-currency"] = "USDT",
            ["binance-spot.cash"] = "USDT:400000",
            ["binance-spot.spot-fees"] = "0.001/0.001",
            ["binance-futures.cash"] = "USDT:200000",
            ["binance-futures.perpetual-fees"] = "0.0002/0.0005",
            ["bybit.cash"] = "USDT:250000,USDC:1000",
            ["bybit.perpetual-fees"] = "0.0002/0.00055",
            ["latency"] = "none",
            ["transfers"] = "off",
            ["groups"] = "BTC,ETH",
            ["BTC.primary"] = "binance:spot:BTCUSDT",
            ["BTC.hedges"] = "bybit:perpetual:BTCUSDT,binance:perpetual:BTCUSDT",
            ["ETH.primary"] = "binance:spot:ETHUSDT",
            ["ETH.hedges"] = "bybit:perpetual:ETHUSDT,binance:perpetual:ETHUSDT",
            ["scenario"] = ScenarioOf(events),
        };

    private static string ScenarioOf(string events)
        => $$"""{ "version": 1, "name": "parity", "acceptPeg": true, "events": [ {{Always}}{{(events.Length > 0 ? "," : "")}} {{events}} ] }""";

    private List<LiveDecision> Backtest(IReadOnlyDictionary<string, string> parameters)
    {
        var decisions = new List<LiveDecision>();
        CrossHedgeAlgorithm? sample = null;
        var (outcome, _) = EngineRuns.Run(
            () =>
            {
                sample = new CrossHedgeAlgorithm();
                sample.Recorder.Sinks = new RunSinks { Decisions = line => decisions.Add(LiveDecision.Of(line, sample)) };
                return sample;
            },
            parameters,
            _folder.Root);
        Assert.That(outcome.Error, Is.Null);
        return decisions;
    }
}
