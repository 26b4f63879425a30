using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Commands;
using CrossHedgeLean.Drills;
using CrossHedgeLean.Tests.Algorithm;
using CrossHedgeLean.Venues;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Launcher;

[TestFixture]
public sealed class DrillTests
{
    [Test]
    public void EveryShippedDrillHasItsStatedOutcome()
    {
        EngineRuns.OnlyOnLeanSim();
        var (code, output, errors) = Run("drill", "--all", "--json");

        Assert.That(code, Is.EqualTo(ExitCode.Done), output + errors);
        var json = JsonElement.Parse(output);
        Assert.That(json.GetProperty("passed").GetInt32(), Is.EqualTo(Drill.Names.Count));
        foreach (var drill in json.GetProperty("drills").EnumerateArray())
        {
            Assert.That(drill.GetProperty("checks").GetArrayLength(), Is.GreaterThan(1), drill.GetProperty("drill").GetString());
            Assert.That(drill.GetProperty("unhedged").ValueKind, Is.EqualTo(JsonValueKind.Object));
            Assert.That(drill.GetProperty("stockLean").ValueKind, Is.EqualTo(JsonValueKind.Null), "only on LEAN");
        }
    }

    [Test]
    public void TheIssuesDrillsAreShipped()
        => Assert.That(Drill.Names, Is.EquivalentTo(new[]
        {
            "one-venue-outage", "short-squeeze", "oct-10-2025", "oct-10-2025-perpetuals", "ftx-2022", "usdc-depeg-2023", "stuck-transfer", "funding-flip", "delisting",
        }));

    [Test]
    public void WhatIsNotAsStatedFails()
    {
        EngineRuns.OnlyOnLeanSim();
        using var folder = new TestFolder();
        var drill = Drill.Read("one-venue-outage");
        var stated = drill with { Checks = [JsonElement.Parse("""{ "check": "drawdown", "most": 0.0001 }"""), JsonElement.Parse("""{ "check": "no-liquidation" }""")] };
        var outcome = new DrillRunner(folder.Root, ownProcess: false).Run(stated);

        Assert.That(outcome.Passes, Is.False);
        Assert.That(outcome.Findings.Select(finding => finding.Holds), Is.EqualTo(new[] { false, true }));
    }

    [Test]
    public void TheTradesBeforeTheTroubleAreRepeatedWithTheFeesThatWereTakenInCoins()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["order-events.csv"], string.Join('\n',
            "time,order,instrument,status,fillQuantity,fillPrice,fee,feeCurrency",
            "2025-01-01T00:01:00.000Z,1,binance:spot:BTCUSDT,Submitted,0,0,0,",
            "2025-01-01T00:01:00.000Z,1,binance:spot:BTCUSDT,Filled,0.999,60000,0.001,BTC",
            "2025-01-01T00:02:00.000Z,2,bybit:perpetual:BTCUSDT,Filled,-1,60000,33,USDT",
            "2025-01-01T00:03:00.000Z,3,binance:spot:BTCUSDT,Filled,-0.5,60000,30,USDT",
            "2025-01-01T00:04:00.000Z,4,binance:spot:BTCUSDT,Filled,-0.25,60000,15,USDT"));

        var trades = StockTrade.Read(folder["order-events.csv"], new DateTime(2025, 1, 1, 0, 4, 0, DateTimeKind.Utc));

        Assert.That(trades.Select(trade => (trade.TimeUtc.Minute, trade.Instrument.ToString(), trade.Quantity)), Is.EqualTo(new[]
        {
            (1, "binance:spot:BTCUSDT", 1m), (2, "bybit:perpetual:BTCUSDT", -1m), (3, "binance:spot:BTCUSDT", -0.5m),
        }));
    }

    [Test]
    public void StockModelsHoldTheSameTradesOverOneCashBook()
    {
        EngineRuns.OnlyOnLeanSim();
        var id = Of("binance:spot:BTCUSDT");
        var perpetual = Of("bybit:perpetual:BTCUSDT");
        var parameters = new Dictionary<string, string>
        {
            ["groups"] = "BTC",
            ["from"] = "2025-01-01",
            ["to"] = "2025-01-01",
            ["BTC.primary"] = id.ToString(),
            ["BTC.hedges"] = perpetual.ToString(),
            ["binance-spot.cash"] = "USDT:50000",
            ["bybit.cash"] = "USDT:50000",
        };
        var at = new DateTime(2025, 1, 1, 2, 0, 0, DateTimeKind.Utc);

        var hedged = StockResult.Measure(EngineRuns.GeneratedFolder, parameters, [new StockTrade(at, id, 0.1m), new StockTrade(at, perpetual, -0.1m)]);
        var tooMuch = StockResult.Measure(EngineRuns.GeneratedFolder, parameters, [new StockTrade(at, id, 1_000_000m)]);

        Assert.That((hedged.Refused, hedged.MarginCalls), Is.EqualTo((0, 0)));
        Assert.That(hedged.Change, Is.Negative.And.GreaterThan(-0.01m), "fees");
        Assert.That(hedged.Drawdown, Is.Positive.And.LessThan(0.01m));
        Assert.That((tooMuch.Refused, tooMuch.Change), Is.EqualTo((1, 0m)));

        static InstrumentId Of(string text) => InstrumentId.TryParse(text, out var parsed) ? parsed : throw new ArgumentException(text);
    }

    [TestCase("drill")]
    [TestCase("drill", "--all", "ftx-2022")]
    [TestCase("drill", "mtgox-2014")]
    public void NothingOrAnUnknownNameIsBadInput(params string[] arguments)
    {
        var (code, output, errors) = Run(arguments);

        Assert.That(code, Is.EqualTo(ExitCode.BadInput));
        Assert.That(output, Is.Empty);
        Assert.That(errors, Does.StartWith("error: ").And.Contain("ftx-2022"));
    }

    [Test]
    public void ScenariosOfFilesAndNamesPlayTogether()
    {
        EngineRuns.OnlyOnLeanSim();
        using var folder = new TestFolder();
        var file = folder["freeze.json"];
        File.WriteAllText(file, """{ "version": 1, "name": "freeze", "events": [ { "kind": "withdrawal-freeze", "venue": "binance", "at": "+06:00:00" } ] }""");
        var (code, output, errors) = Run("backtest", "--data", EngineRuns.GeneratedFolder, "--from", "2025-01-01", "--to", "2025-01-01", "--set", "groups=BTC", "--scenario", file, "--scenario", "one-venue-outage", "--json");

        Assert.That(code, Is.EqualTo(ExitCode.Done), errors);
        Assert.That(
            JsonElement.Parse(output).GetProperty("scenario").EnumerateArray().Select(what => what.GetProperty("kind").GetString()),
            Is.EqualTo(new[] { "withdrawal-freeze", "outage", "outage" }));
    }

    [TestCase("nowhere.json", "is neither a file nor a shipped scenario: give a file, or one of delisting, ")]
    [TestCase("wrong.json", "kind \"meteor\" is unknown")]
    public void AWrongScenarioIsBadInputAndNothingIsWritten(string name, string error)
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["wrong.json"], """{ "version": 1, "name": "wrong", "events": [ { "kind": "meteor", "at": "+06:00:00" } ] }""");
        var (code, _, errors) = Run("backtest", "--data", folder.Root, "--out", folder["out"], "--scenario", folder[name]);

        Assert.That(code, Is.EqualTo(ExitCode.BadInput));
        Assert.That(errors, Does.Contain(error));
        Assert.That(Directory.Exists(folder["out"]), Is.False);
    }

    [TestCase("""{ "version": 2, "name": "late", "scenes": [] }""", 1, "scenario.json: version 2 is newer than 1")]
    [TestCase("""{ "version": 1, "name": "late", "events": [ { "kind": "outage", "venue": "kraken", "at": "+30:00:00" } ] }""", 1, "is no time")]
    [TestCase("""{ "version": 1, "name": "late", "events": [ { "kind": "outage", "venue": "kraken", "at": "+1.06:00:00" } ] }""", 2, "venue 'kraken' has no account in this run: use binance, bybit.")]
    [TestCase("no JSON", 1, "scenario.json is no JSON: line 1")]
    public void WhatDoesNotFitTheRunIsBadInputAndNothingIsWritten(string json, int count, string error)
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["scenario.json"], json);
        var (code, output, errors) = Run(
            "backtest", "--data", EngineRuns.GeneratedFolder, "--from", "2025-01-01", "--to", "2025-01-01", "--set", "groups=BTC", "--out", folder["out"], "--scenario", folder["scenario.json"], "--json");

        Assert.That((code, output), Is.EqualTo((ExitCode.BadInput, "")));
        Assert.That(errors.Split('\n').Count(line => line.StartsWith("error: ", StringComparison.Ordinal)), Is.EqualTo(count), errors);
        Assert.That(errors, Does.Contain(error));
        Assert.That(Directory.GetFileSystemEntries(folder.Root).Select(Path.GetFileName), Is.EqualTo(new[] { "scenario.json" }));
    }

    [TestCase("nowhere.json", "is neither a file nor a shipped scenario")]
    [TestCase("wrong.json", "kind \"meteor\" is unknown")]
    public void BesideAScenarioThatCannotBeReadTheOthersAreChecked(string name, string error)
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["wrong.json"], """{ "version": 1, "name": "wrong", "events": [ { "kind": "meteor", "at": "+06:00:00" } ] }""");
        File.WriteAllText(folder["late.json"], """{ "version": 1, "name": "late", "events": [ { "kind": "outage", "venue": "kraken", "at": "+1.06:00:00" } ] }""");
        var (code, _, errors) = Run(
            "backtest", "--data", EngineRuns.GeneratedFolder, "--from", "2025-01-01", "--to", "2025-01-01", "--set", "groups=BTC", "--out", folder["out"], "--scenario", folder[name], "--scenario", folder["late.json"]);

        Assert.That(code, Is.EqualTo(ExitCode.BadInput));
        Assert.That(errors, Does.Contain(error).And.Contain("venue 'kraken' has no account in this run").And.Contain("is outside the run"));
        Assert.That(Directory.Exists(folder["out"]), Is.False);
    }

    [Test]
    public void TwoScenariosThatContradictEachOtherAreRefused()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["gone.json"], """{ "version": 1, "name": "gone", "events": [ { "kind": "insolvency", "venue": "bybit", "size": 0.2, "at": "+00:30:00" } ] }""");
        var (code, _, errors) = Run(
            "backtest", "--data", EngineRuns.GeneratedFolder, "--from", "2025-01-01", "--to", "2025-01-01", "--set", "groups=BTC", "--out", folder["out"], "--scenario", folder["gone.json"], "--scenario", "one-venue-outage");

        Assert.That(code, Is.EqualTo(ExitCode.BadInput));
        Assert.That(errors, Does.Contain("scenario gone + one-venue-outage, event 2 (outage): bybit has failed by then, event 1 (insolvency)"));
        Assert.That(Directory.Exists(folder["out"]), Is.False);
    }

    [Test]
    public void ADrillSaysWhatItStatesWhatHeldAndWhatTheBookWithoutItsHedgeMade()
    {
        EngineRuns.OnlyOnLeanSim();
        var (code, output, errors) = Run("drill", "delisting", "one-venue-outage");

        Assert.That((code, errors), Is.EqualTo((ExitCode.Done, "")));
        foreach (var name in new[] { "delisting", "one-venue-outage" })
        {
            var drill = Drill.Read(name);
            Assert.That(output, Does.Contain($"pass  {name}: {drill.About}").And.Contain(drill.Outcome));
        }

        Assert.That(output.Split("      held   ").Length - 1, Is.EqualTo(Drill.Read("delisting").Checks.Count + Drill.Read("one-venue-outage").Checks.Count));
        Assert.That(output, Does.Contain("; without its hedge ").And.Contain("2 of 2 drills passed."));
    }

    private static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = LauncherCommands.Run(arguments, new LauncherConsole(output, errors, Path.GetTempPath(), IsTerminal: false));
        return (code, output.ToString(), errors.ToString());
    }
}
