using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Drills;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Launcher;

/// <summary>Each check of a drill holds or fails by what a run left, written here by hand.</summary>
[TestFixture]
public sealed class DrillFindingTests
{
    private static readonly DateTime Start = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [TestCase("""{ "check": "size", "account": "bybit", "least": 0.8 }""", true, "85.0 %")]
    [TestCase("""{ "check": "size", "account": "bybit", "least": 0.86 }""", false, "85.0 %")]
    [TestCase("""{ "check": "explained" }""", false, "1 decisions, the first at 06:10")]
    [TestCase("""{ "check": "in-band", "after": "+06:00:00", "for": "01:00:00" }""", false, "BTC outside at 06:02, 2 steps")]
    [TestCase("""{ "check": "in-band", "after": "+06:02:00", "for": "01:00:00" }""", true, "in band")]
    [TestCase("""{ "check": "in-band", "after": "+05:00:00", "for": "00:59:00" }""", true, "in band")]
    [TestCase("""{ "check": "loss-as-shown", "within": 0.05 }""", true, "1,000.00 shown, 960.00 lost")]
    [TestCase("""{ "check": "loss-as-shown", "within": 0.03 }""", false, "1,000.00 shown, 960.00 lost")]
    [TestCase("""{ "check": "drawdown", "most": 0.1 }""", true, "10.00 %")]
    [TestCase("""{ "check": "drawdown", "most": 0.099 }""", false, "10.00 %")]
    [TestCase("""{ "check": "one-transfer", "to": "bybit", "after": "+10:00:00" }""", true, "1 sent, the first ended 10:00")]
    [TestCase("""{ "check": "one-transfer", "to": "bybit", "after": "+10:01:00" }""", false, "1 sent, the first ended 10:00")]
    [TestCase("""{ "check": "one-transfer", "to": "bybit", "after": "+13:00:00" }""", false, "2 sent, the first ended 10:00")]
    [TestCase("""{ "check": "one-transfer", "to": "kraken", "after": "+10:00:00" }""", false, "0 sent")]
    [TestCase("""{ "check": "transfers", "to": "bybit", "arrived": 1 }""", true, "1")]
    [TestCase("""{ "check": "transfers", "to": "bybit", "arrived": 2 }""", false, "1")]
    [TestCase("""{ "check": "flat", "instrument": "bybit:perpetual:BTCUSDT" }""", false, "-0.5")]
    [TestCase("""{ "check": "flat", "instrument": "bybit:perpetual:ETHUSDT" }""", true, "0")]
    [TestCase("""{ "check": "funding", "venue": "bybit:perpetual" }""", true, "-12.50")]
    [TestCase("""{ "check": "funding", "venue": "binance:spot" }""", false, "unknown")]
    public void ACheckHoldsByItsFigures(string check, bool holds, string figures)
    {
        using var folder = new TestFolder();
        var finding = DrillFinding.Of(JsonElement.Parse(check), Result(folder, "auto-deleveraging by the venue"), Start);

        Assert.That((finding.Holds, finding.Figures), Is.EqualTo((holds, figures)), finding.Text);
    }

    [TestCase("liquidation by the venue", false)]
    [TestCase("auto-deleveraging by the venue", true)]
    public void OnlyALiquidationIsOne(string cause, bool holds)
    {
        using var folder = new TestFolder();

        Assert.That(DrillFinding.Of(JsonElement.Parse("""{ "check": "no-liquidation" }"""), Result(folder, cause), Start).Holds, Is.EqualTo(holds));
    }

    [Test]
    public void AnUnknownCheckIsNoneThatHolds()
    {
        using var folder = new TestFolder();
        var result = Result(folder, "");

        Assert.That(() => DrillFinding.Of(JsonElement.Parse("""{ "check": "luck" }"""), result, Start), Throws.InvalidOperationException.With.Message.Contains("'luck' is unknown"));
    }

    [Test]
    public void WhatTheBookMadeIsReadFromTheResult()
    {
        using var folder = new TestFolder();
        var result = Result(folder, "liquidation by the venue");

        Assert.That((result.Change, result.Drawdown, result.Liquidations), Is.EqualTo((-0.04m, 0.1m, 1)));
        Assert.That((result.EquityAt(Start.AddHours(12)), result.EquityAt(Start.AddHours(12).AddSeconds(59))), Is.EqualTo((9_990m, 9_990m)));
    }

    private static IEnumerable<string> Names => Drill.Names;

    /// <summary>No run is needed to see that a shipped drill states only what is known, of a size and an outcome of its own.</summary>
    [TestCaseSource(nameof(Names))]
    public void AShippedDrillStatesItsSizeAndAnOutcome(string name)
    {
        var drill = Drill.Read(name);
        var checks = drill.Checks.Select(check => check.GetProperty("check").GetString()).ToArray();

        Assert.That(drill.Outcome, Is.Not.Empty);
        Assert.That(drill.Data.Validate(), Is.Empty);
        Assert.That(drill.Checks.Single(check => check.GetProperty("check").GetString() == "size").GetProperty("least").GetDecimal(), Is.GreaterThanOrEqualTo(0.8m));
        Assert.That(checks, Has.Length.GreaterThan(1).And.Unique.And.SubsetOf(
            new[] { "size", "no-liquidation", "explained", "in-band", "loss-as-shown", "drawdown", "one-transfer", "transfers", "flat", "funding" }));
    }

    private static DrillResult Result(TestFolder folder, string cause)
    {
        File.WriteAllText(folder["result.json"], $$"""
            {
              "equity": { "start": 10000, "end": 9600 }, "maxDrawdown": 0.1,
              "accounts": [
                { "account": "bybit", "maxMarginUsed": 850, "equity": { "start": 1000 }, "liquidations": [ { "cause": "{{cause}}" } ] },
                { "account": "binance-spot", "maxMarginUsed": 0, "equity": { "start": 9000 }, "liquidations": [] } ],
              "venues": [
                { "venue": "bybit:perpetual", "funding": -12.5, "positions": [ { "instrument": "BTCUSDT", "quantity": -0.5 }, { "instrument": "ETHUSDT", "quantity": 0 } ] },
                { "venue": "binance:spot", "funding": null, "positions": [] } ],
              "transfers": [
                { "to": "bybit", "sent": "2025-01-01T06:00:00Z", "ended": "2025-01-01T10:00:00Z", "arrived": true },
                { "to": "bybit", "sent": "2025-01-01T12:00:00Z", "ended": null, "arrived": false } ],
              "scenario": [
                { "time": "2025-01-01T06:00:00Z", "kind": "withdrawal-freeze" },
                { "time": "2025-01-01T12:00:00Z", "kind": "insolvency", "lossShown": 1000 } ]
            }
            """);
        File.WriteAllText(folder["equity.csv"], "time,equity\n2025-01-01T11:59:00Z,10000\n2025-01-01T12:00:00Z,9990\n2025-01-01T12:02:00Z,9040\n2025-01-01T12:03:00Z,9000\n");
        File.WriteAllText(folder["residuals.csv"], "time,group,residual,tolerance\n2025-01-01T06:01:00Z,BTC,1,0.1\n2025-01-01T06:02:00Z,BTC,1,0.1\n2025-01-01T06:03:00Z,BTC,1,0.1\n");
        File.WriteAllText(
            folder["decisions.log"],
            "time,group,cause,pair,primary,legs,residual,uncovered,reason,actions\n"
            + "2025-01-01T06:01:00Z,BTC,Slice,Open,p,l,1,1,NoHealthyVenue,\n"
            + "2025-01-01T06:02:00Z,BTC,Slice,Open,p,l,1,1,None,send 1\n"
            + "2025-01-01T06:03:00Z,BTC,Slice,Open,p,l,1,0,None,\n"
            + "2025-01-01T06:10:00Z,BTC,Slice,Open,p,l,1,1,None,\n");
        return DrillResult.Read(folder.Root);
    }
}
