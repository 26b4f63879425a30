using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Scenarios.ScenarioSamples;

namespace CrossHedgeLean.Tests.Core.Scenarios;

/// <summary>Whether a scenario fits a run: names, times, contradictions, and what the host can play.</summary>
[TestFixture]
public sealed class ScenarioCheckTests
{
    private static IEnumerable<TestCaseData> Samples
        => Events.Select((sample, index) => new TestCaseData(sample.Json).SetName($"{{m}}: {index + 1} {Read(File(sample.Json)).Events[0].Kind}"));

    [TestCaseSource(nameof(Samples))]
    public void AGoodEventFitsEveryHost(string json)
    {
        var scenario = Read(File(json)) with { AcceptsPeg = true };
        foreach (var host in new[] { ScenarioHosts.Models, ScenarioHosts.Exchange })
        {
            Assert.That(ScenarioCheck.Run(scenario, Frame with { Host = host }), Is.Empty);
        }
    }

    private static IEnumerable<TestCaseData> Wrong()
    {
        yield return Case("unknown venue", builder => builder.Outage("okx", H(1)), "(outage): venue 'okx' has no account in this run: use binance, bybit.");
        yield return Case("transfer from nowhere", builder => builder.TransferStuck(H(1), from: "okx"), "(transfer-stuck): venue 'okx' has no account in this run");
        yield return Case("transfer to nowhere", builder => builder.TransferLost(H(1), to: "okx"), "(transfer-lost): a route to 'okx' leads nowhere, no account is there: use binance, bybit.");
        yield return Case("transfer to itself", builder => builder.TransferFailed(H(1), from: "bybit", to: "bybit"), "(transfer-failed): a route from 'bybit' to itself leads nowhere: give two venues");
        yield return Case("unknown instrument", builder => builder.Delisting(Id("bybit:perpetual:ETHUSDT"), H(1), H(2)), "(delisting): instrument bybit:perpetual:ETHUSDT is none of this run: use binance:spot:BTCUSDT, bybit:perpetual:BTCUSDT.");
        yield return Case("instrument of another venue", builder => builder.StaleBook("bybit", H(1), instrument: Spot), "(stale-book): instrument binance:spot:BTCUSDT is not at bybit: leave one of them out.");
        yield return Case("unknown currency", builder => builder.Depeg("DAI", H(1), 0.9m), "(depeg): currency 'DAI' is in no account of this run: use USDT, USDC, BTC.");
        yield return Case("account currency", builder => builder.Depeg("USDT", H(1), 0.9m), "(depeg): USDT is the account currency");
        yield return Case("spot has no funding", builder => builder.FundingSpike(Spot, H(1), 0.01m), "(funding-spike): binance:spot:BTCUSDT is spot: only a perpetual has funding");
        yield return Case("before the run", builder => builder.Outage("bybit", Start.AddTicks(-1)), "(outage): at 2023-12-31T23:59:59Z is outside the run, 2024-01-01T00:00:00Z to 2024-01-02T00:00:00Z");
        yield return Case("at the run's end", builder => builder.Outage("bybit", H(24)), "(outage): at 2024-01-02T00:00:00Z is outside the run");
        yield return Case("beyond the calendar", builder => builder.ForcedLiquidation(Perpetual, TimeSpan.MaxValue, 1m), "(forced-liquidation): at 9999-12-31T23:59:59Z is outside the run");
        yield return Case("before the calendar", builder => builder.Outage("bybit", TimeSpan.MinValue), "(outage): at 0001-01-01T00:00:00Z is outside the run");
        yield return Case("ends before it begins", builder => builder.Outage("bybit", H(2), H(1)), "(outage): until 2024-01-01T01:00:00Z is not after at 2024-01-01T02:00:00Z");
        yield return Case("ends as it begins", builder => builder.Outage("bybit", H(2), H(2)), "(outage): until 2024-01-01T02:00:00Z is not after at 2024-01-01T02:00:00Z");
        yield return Case("ends after the run", builder => builder.Delisting(Perpetual, H(2), H(25)), "(delisting): until 2024-01-02T01:00:00Z is outside the run, which ends at 2024-01-02T00:00:00Z");
        yield return Case("recovery above all", builder => builder.Insolvency("bybit", H(1), 1.1m), "(insolvency): size 1.1 is not in 0 to 1");
        yield return Case("negative fraction", builder => builder.AutoDeleveraging(Perpetual, H(1), -0.5m), "(auto-deleveraging): size -0.5 is not in");
        yield return Case("no price", builder => builder.Delisting(Perpetual, H(1), H(2), -1m), "(delisting): price -1 is not positive");
        yield return Case("negative delay", builder => builder.Latency("bybit", H(1), -H(1)), "(latency): delay -01:00:00 is not positive");
        yield return Case("odd interval", builder => builder.FundingInterval(Perpetual, H(1), H(5)), "(funding-interval): a funding interval of 05:00:00");
        yield return Case("cancels alone", builder => builder.Outage("bybit", H(1), null, Capability.Cancel), "(outage): this host cannot play it exactly. " + ScenarioKinds.Of(ScenarioKind.Outage).Exactness);
        yield return Case("pegged", builder => builder.Depeg("USDC", H(1), 0.9m), "(depeg): USDC is converted at a fixed peg, so LEAN's equity would not follow: write \"acceptPeg\": true");
    }

    [TestCaseSource(nameof(Wrong))]
    public void OneThingWrongIsOneError(Scenario scenario, string error) => Assert.That(Check(scenario), Has.Count.EqualTo(1).And.Some.Contains(error));

    private static IEnumerable<TestCaseData> Contradictions()
    {
        const string overlaps = "it overlaps event 1";
        yield return Case("outages", builder => builder.Outage("bybit", H(1), H(3)).Outage("bybit", H(2), H(4)), "event 2 (outage): it overlaps event 1 (outage) on the same target: let one end before the other begins, or write one event.");
        yield return Case("outage within one without end", builder => builder.Outage("bybit", H(1)).Outage("bybit", H(20), H(21)), overlaps);
        yield return Case("all and one capability", builder => builder.Outage("bybit", H(1), H(3)).Outage("bybit", H(2), H(4), Capability.Data), overlaps);
        yield return Case("one capability twice", builder => builder.Outage("bybit", H(1), H(3), Capability.Data, Capability.Trade).Outage("bybit", H(2), H(4), Capability.Data), overlaps);
        yield return Case("book of a venue and of its instrument", builder => builder.StaleBook("bybit", H(1), H(3)).StaleBook("bybit", H(2), H(4), Perpetual), overlaps);
        yield return Case("depegs", builder => builder.AcceptPeg().Depeg("USDC", H(1), 0.9m, H(3)).Depeg("USDC", H(2), 0.8m), overlaps);
        yield return Case("rates", builder => builder.FundingSpike(Perpetual, H(1), 0.01m).FundingSpike(Perpetual, H(2), -0.01m), overlaps);
        yield return Case("liquidations at one moment", builder => builder.ForcedLiquidation(Perpetual, H(1), 0.5m).ForcedLiquidation(Perpetual, H(1), 0.5m), overlaps);
        yield return Case("lost and failed", builder => builder.TransferLost(H(1), H(3), "bybit", "binance").TransferFailed(H(2), H(4), "bybit", "binance"), "event 2 (transfer-failed): it overlaps event 1 (transfer-lost)");
        yield return Case("stuck anywhere and lost somewhere", builder => builder.TransferStuck(H(1), H(3)).TransferLost(H(2), H(4), "bybit", "binance", "USDT"), overlaps);
        yield return Case("delisted while delisting", builder => builder.Delisting(Perpetual, H(1), H(3)).Delisting(Perpetual, H(2), H(4)), overlaps);
        yield return Case("delisted again", builder => builder.Delisting(Perpetual, H(1), H(3)).Delisting(Perpetual, H(5), H(6)), "event 2 (delisting): bybit:perpetual:BTCUSDT is delisted by then, event 1 (delisting).");
        yield return Case("liquidated when delisted", builder => builder.ForcedLiquidation(Perpetual, H(5), 1m).Delisting(Perpetual, H(1), H(3)), "event 1 (forced-liquidation): bybit:perpetual:BTCUSDT is delisted by then, event 2 (delisting).");
        yield return Case("outage of the insolvent", builder => builder.Insolvency("bybit", H(1), 0.2m).Outage("bybit", H(2)), "event 2 (outage): bybit has failed by then, event 1 (insolvency): nothing more can happen there.");
        yield return Case("instrument of the insolvent", builder => builder.FundingSpike(Perpetual, H(2), 0.01m).Insolvency("bybit", H(1), 0.2m), "event 1 (funding-spike): bybit has failed by then, event 2 (insolvency)");
        yield return Case("insolvent twice", builder => builder.Insolvency("bybit", H(1), 0.2m).Insolvency("bybit", H(2), 0.1m), "event 2 (insolvency): bybit has failed by then");
        yield return Case("insolvent twice at once", builder => builder.Insolvency("bybit", H(1), 0.2m).Insolvency("bybit", H(1), 0.1m), "event 2 (insolvency): bybit has failed by then");
    }

    [TestCaseSource(nameof(Contradictions))]
    public void AContradictionIsOneError(Scenario scenario, string error) => Assert.That(Check(scenario), Has.Count.EqualTo(1).And.Some.Contains(error));

    private static IEnumerable<TestCaseData> Together()
    {
        yield return Case("one after the other", builder => builder.Outage("bybit", H(1), H(2)).Outage("bybit", H(2), H(3)));
        yield return Case("two venues", builder => builder.Outage("bybit", H(1), H(3)).Outage("binance", H(2), H(4)));
        yield return Case("two capabilities", builder => builder.Outage("bybit", H(1), H(3), Capability.Trade).Outage("bybit", H(2), H(4), Capability.Data));
        yield return Case("two kinds", builder => builder.Outage("bybit", H(1), H(3)).WithdrawalFreeze("bybit", H(2), H(4)).RejectStorm("bybit", H(1), 0.5m));
        yield return Case("two routes", builder => builder.TransferLost(H(1), H(3), "bybit", "binance").TransferFailed(H(1), H(3), "binance", "bybit"));
        yield return Case("two currencies", builder => builder.TransferLost(H(1), H(3), currency: "USDT").TransferFailed(H(1), H(3), currency: "USDC"));
        yield return Case("liquidated, then deleveraged", builder => builder.ForcedLiquidation(Perpetual, H(1), 0.5m).AutoDeleveraging(Perpetual, H(1), 0.5m).ForcedLiquidation(Perpetual, H(2), 0.5m));
        yield return Case("frozen, then insolvent", builder => builder.WithdrawalFreeze("bybit", H(1)).Insolvency("bybit", H(2), 0.2m));
        yield return Case("what fails and what travels from it", builder => builder.Insolvency("bybit", H(1), 0.2m).TransferStuck(H(2), H(3), from: "bybit").Outage("binance", H(2), H(3)));
        yield return Case("liquidated while delisting", builder => builder.Delisting(Perpetual, H(1), H(3)).ForcedLiquidation(Perpetual, H(2), 0.5m).FundingSpike(Spot with { Route = Perpetual.Route }, H(1), 0.01m, H(2)));
        yield return Case("the first moment of the run", builder => builder.Outage("bybit", TimeSpan.Zero, Start.AddDays(1).AddTicks(-1)));
        yield return Case("peg accepted", builder => builder.AcceptPeg().Depeg("USDC", H(1), 0.9m));
        yield return Case("a currency with a pair", builder => builder.Depeg("BTC", H(1), 0.9m));
    }

    [TestCaseSource(nameof(Together))]
    public void WhatDoesNotContradictFits(Scenario scenario, string _) => Assert.That(Check(scenario), Is.Empty);

    /// <summary>The frame of a real run: what LEAN pegs is what has no pair, and the account currency is not pegged to itself.</summary>
    [Test]
    public void OfAConfiguredRunTheAccountCurrencyIsRefusedOnceAndAStableCoinWithoutAPairNeedsAcceptPeg()
    {
        var frame = ScenarioFrame.Of(
            Start,
            Start.AddDays(1),
            [
                Account("binance-spot", ("USDT", 1_000m), ("USDC", 5m)),
                Account("bybit", ("USDT", 1_000m), ("FDUSD", 5m)),
            ],
            [Spot, Perpetual],
            [Id("binance:spot:FDUSDUSDT")],
            "USDT",
            ScenarioHosts.Models);

        Assert.That((frame.Markets, frame.Currencies), Is.EqualTo((new[] { "binance", "bybit" }, new[] { "USDT", "USDC", "FDUSD" })));
        Assert.That(frame.Pegged, Does.Contain("USDC").And.Not.Contain("FDUSD").And.Not.Contain("USDT"));
        Assert.That(
            ScenarioCheck.Run(Scenario.Build("test").Depeg("USDT", H(1), 0.9m).Depeg("USDC", H(1), 0.9m).Depeg("FDUSD", H(1), 0.9m).Build(), frame).Select(error => error.Split(", ")[1].Split(' ')[1]),
            Is.EqualTo(new[] { "1", "2" }));
    }

    [Test]
    public void TheSimulatedExchangeCanRefuseCancelsAlone()
        => Assert.That(
            ScenarioCheck.Run(Scenario.Build("test").Outage("bybit", H(1), null, Capability.Cancel).Build(), Frame with { Host = ScenarioHosts.Exchange }),
            Is.Empty);

    [Test]
    public void OfAnEventBuiltByHandIsToldWhatItLacksAndWhatIsTooMuch()
    {
        var scenario = new Scenario
        {
            Name = "hand",
            Events =
            [
                new ScenarioEvent(ScenarioKind.Insolvency, H(1)),
                new ScenarioEvent(ScenarioKind.Insolvency, H(1)) { Currency = "USDC" },
                new ScenarioEvent(ScenarioKind.Delisting, H(1)) { Instrument = Perpetual },
                new ScenarioEvent(ScenarioKind.TransferStuck, H(1)) { Capabilities = [Capability.Trade], Delay = H(1) },
            ],
        };

        Assert.That(Check(scenario), Is.EqualTo(new[]
        {
            "scenario hand, event 1 (insolvency): venue is missing: this kind needs at, venue, size.",
            "scenario hand, event 1 (insolvency): size is missing: this kind needs at, venue, size.",
            "scenario hand, event 2 (insolvency): field 'currency' is not one of this kind: it takes at, venue, size.",
            "scenario hand, event 2 (insolvency): venue is missing: this kind needs at, venue, size.",
            "scenario hand, event 2 (insolvency): size is missing: this kind needs at, venue, size.",
            "scenario hand, event 3 (delisting): until is missing: this kind needs at, until, instrument.",
            "scenario hand, event 4 (transfer-stuck): field 'capabilities' is not one of this kind: it takes at, until, venue, to, currency.",
            "scenario hand, event 4 (transfer-stuck): field 'delay' is not one of this kind: it takes at, until, venue, to, currency.",
        }));
    }

    [Test]
    public void EveryErrorIsToldAtOnce()
    {
        var scenario = Scenario.Build("test")
            .Outage("okx", H(30), H(1), Capability.Cancel)
            .Depeg("USDC", H(1), 5m)
            .Insolvency("bybit", H(1), 0.2m)
            .Delisting(Perpetual, H(2), H(3))
            .Build();

        Assert.That(Check(scenario).Select(error => error.Split(": ")[0]), Is.EqualTo(new[]
        {
            "scenario test, event 1 (outage)", "scenario test, event 1 (outage)", "scenario test, event 1 (outage)", "scenario test, event 1 (outage)",
            "scenario test, event 2 (depeg)", "scenario test, event 2 (depeg)",
            "scenario test, event 4 (delisting)",
        }));
    }

    private static AccountDefinition Account(string name, params (string Currency, decimal Amount)[] opening)
        => AccountDefaults.All().Single(account => account.Name == name) with { Opening = opening };

    private static IReadOnlyList<string> Check(Scenario scenario) => ScenarioCheck.Run(scenario, Frame);

    private static TimeSpan H(double hours) => TimeSpan.FromHours(hours);

    private static TestCaseData Case(string name, Func<ScenarioBuilder, ScenarioBuilder> build, string error = "")
        => new TestCaseData(build(Scenario.Build("test")).Build(), error).SetName($"{{m}}: {name}");
}
