using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Venues;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Algorithm;

/// <summary>Scenarios in whole runs: their effect on orders and accounts. LEAN's cash book is compared with the accounts at every step.</summary>
[TestFixture]
public sealed class ScenarioRunTests
{
    private static readonly DateTime Start = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [OneTimeSetUp]
    public void OnlyOnLeanSim() => EngineRuns.OnlyOnLeanSim();

    [Test]
    public void AnOutageRefusesOrdersAndFreezesTheBookThatTheDecisionSees()
    {
        var (summary, decisions) = Run("""{ "kind": "outage", "venue": "bybit", "at": "+06:00:00", "until": "+08:00:00" }""", ("strategy", "churn"));

        Assert.That(decisions.Where(line => IsIn(line, 6, 8)).All(line => line.Contains("/down") || line.Contains("unknown")), Is.True);
        Assert.That(decisions.Where(line => IsIn(line, 6, 8)).Any(line => line.Contains("at bybit")), Is.False, "nothing is sent there");
        Assert.That(
            summary.Trouble.Health.Where(band => band.State == HealthState.Down).Select(band => (band.Capability, band.FromUtc, band.UntilUtc)),
            Is.EqualTo(Enum.GetValues<Capability>().Select(capability => (capability, Start.AddHours(6), (DateTime?)Start.AddHours(8)))));
    }

    [Test]
    public void AStormOfRefusalsMakesTheVenueTakeExitsOnly()
    {
        var (summary, _) = Run("""{ "kind": "reject-storm", "venue": "bybit", "size": 1, "at": "+06:00:00", "until": "+12:00:00" }""", ("strategy", "churn"));

        Assert.That(summary.Trouble.Health.Select(band => band.Reason), Has.Some.EqualTo(HealthReason.OrderFailures));
    }

    [Test]
    public void AnInsolventVenuesPositionsVanishAndItsMoneyButTheRecovery()
    {
        var (summary, decisions) = Run("""{ "kind": "insolvency", "venue": "bybit", "size": 0.25, "at": "+12:00:00" }""");
        var account = summary.Accounts.Single(account => account.Account == "bybit");
        var vanished = account.Liquidations.Single();
        var writeOff = summary.Trouble.WriteOffs.Single();

        Assert.That((vanished.Cause, vanished.Fee, vanished.IsLiquidation), Is.EqualTo(("insolvency of the venue", 0m, false)));
        Assert.That(writeOff.Amount, Is.LessThan(-180_000m).And.GreaterThan(-190_000m));
        Assert.That(account.EquityEnd, Is.EqualTo(-writeOff.Amount / 3m).Within(0.000001m), "a quarter is left of what three quarters were written off");
        Assert.That(account.Profit.WriteOff, Is.EqualTo(writeOff.Amount));
        Assert.That(summary.Trouble.Scenario.Single().LossShown, Is.EqualTo(250_000m).Within(2_500m), "without a recovery in the configuration all of it is shown");
        Assert.That(decisions.Any(line => IsIn(line, 12, 13) && line.Contains("reduce -")), Is.True, "no other venue hedges: the primary goes");
    }

    [Test]
    public void ALiquidationCostsAFeeAndADeleveragingNone()
    {
        var (summary, _) = Run(
            """
            { "kind": "forced-liquidation", "instrument": "bybit:perpetual:BTCUSDT", "size": 0.5, "at": "+06:00:00" },
            { "kind": "auto-deleveraging", "instrument": "bybit:perpetual:BTCUSDT", "size": 0.5, "price": 80000, "at": "+12:00:00" }
            """);
        var forced = summary.Accounts.Single(account => account.Account == "bybit").Liquidations;

        Assert.That(forced.Select(fill => (fill.TimeUtc, fill.IsLiquidation)), Is.EqualTo(new[] { (Start.AddHours(6), true), (Start.AddHours(12), false) }));
        Assert.That(forced[0].Fee, Is.EqualTo(forced[0].Quantity * forced[0].Price * 0.00055m).Within(0.0000001m));
        Assert.That((forced[1].Price, forced[1].Fee), Is.EqualTo((80_000m, 0m)));
        Assert.That(summary.Residual.TimeOutsideBand, Is.LessThan(TimeSpan.FromMinutes(10)), "what was taken is hedged again");
    }

    [Test]
    public void ADepegMovesTheAccountAndNotItsCash()
    {
        var (summary, _) = Run(
            """{ "kind": "depeg", "currency": "USDC", "size": 0.9, "at": "+12:00:00" }""",
            ("bybit.cash", "USDT:250000,USDC:10000"));
        var account = summary.Accounts.Single(account => account.Account == "bybit");

        Assert.That(account.Profit.Currency, Is.EqualTo(-1_000m));
        Assert.That(account.Balances.Single(balance => balance.Currency == "USDC").Free, Is.EqualTo(10_000m));
    }

    [Test]
    public void FundingIsPaidAtTheRateAndAsOftenAsTheScenarioSays()
    {
        var (quiet, _) = Run(null);
        var (hourly, _) = Run(
            """
            { "kind": "funding-interval", "instrument": "bybit:perpetual:BTCUSDT", "delay": "01:00:00", "at": "+00:30:00", "until": "+08:30:00" },
            { "kind": "funding-spike", "instrument": "bybit:perpetual:BTCUSDT", "size": -0.001, "at": "+00:30:00", "until": "+08:30:00" }
            """);
        var position = quiet.Venues.Single(venue => venue.Venue == "bybit:perpetual").Positions[0];

        // Eight boundaries at a tenth of a per cent, of a short.
        Assert.That(hourly.Funding!.Value - quiet.Funding!.Value, Is.EqualTo(8m * 0.001m * position.Quantity * position.MarkPrice).Within(50m));
    }

    [Test]
    public void ADelistedInstrumentIsClosedByTheVenueAndTakesNothingMore()
    {
        var (summary, decisions) = Run("""{ "kind": "delisting", "instrument": "bybit:perpetual:BTCUSDT", "at": "+06:00:00", "until": "+12:00:00" }""");

        Assert.That(summary.Accounts.Single(account => account.Account == "bybit").Liquidations.Single().Cause, Is.EqualTo("delisting by the venue"));
        Assert.That(summary.Venues.Single(venue => venue.Venue == "bybit:perpetual").Positions[0].Quantity, Is.Zero);
        Assert.That(decisions.Any(line => IsIn(line, 12, 48) && line.Contains("send ")), Is.False);
    }

    [Test]
    public void WhatTheVenueIsAskedForLateMeetsALaterPrice()
    {
        var (usual, _) = Run(null);
        var (late, _) = Run("""{ "kind": "latency", "venue": "bybit", "delay": "00:10:00", "at": "+00:00:00" }""");

        Assert.That(usual.Residual.Max, Is.LessThan(0.001m), "hedged at once");
        Assert.That(late.Residual.Max, Is.GreaterThan(1m), "the whole primary is naked");
        Assert.That(late.Residual.StepsOutsideBand, Is.GreaterThan(9));
    }

    [Test]
    public void AStuckTransferIsReallyInTransitUntilItsTimeEnds()
    {
        var (summary, _) = Run(
            """{ "kind": "transfer-stuck", "at": "+00:00:00", "until": "+10:00:00" }""",
            ("bybit.cash", "USDT:4000"), ("BTC.notional", "11000"), ("warn-distance", "0.40"), ("transfer-target", "0.5"), ("concentration-limit", "1"));
        var transfer = summary.Trouble.Transfers[0];

        Assert.That((transfer.From, transfer.To, transfer.Arrived, transfer.EndedUtc), Is.EqualTo(("binance-spot", "bybit", true, (DateTime?)Start.AddHours(10))));
        Assert.That(summary.Trouble.Transfers.Count(other => other.SentUtc < Start.AddHours(10)), Is.EqualTo(1), "one need is answered once");
    }

    private static (RunSummary Summary, IReadOnlyList<string> Decisions) Run(string? events, params (string Name, string Value)[] changes)
    {
        var scenario = events is null ? [] : new[] { ("scenario", $$"""{ "version": 1, "name": "test", "acceptPeg": true, "events": [ {{events}} ] }""") };
        var (summary, decisions) = EngineRuns.RunSample(EngineRuns.With([("strategy", "carry"), ("BTC.notional", "100000"), .. scenario, .. changes]));
        Assert.That(summary.Invariants.Violated, Is.Zero, string.Join('\n', summary.Invariants.Violations));
        return (summary, decisions);
    }

    private static bool IsIn(string line, int fromHour, int untilHour)
    {
        var time = DateTime.Parse(line[..line.IndexOf(',')], System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal);
        return time >= Start.AddHours(fromHour) && time < Start.AddHours(untilHour);
    }
}
