using System;
using System.Globalization;
using System.Linq;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Algorithm;

/// <summary>The whole algorithm on an engine: what a trader would look at after a run.</summary>
[TestFixture]
public sealed class HedgeRunTests
{
    [OneTimeSetUp]
    public void OnlyOnLeanSim() => EngineRuns.OnlyOnLeanSim();

    [Test]
    public void WhateverTheStrategyDoesTheResidualStaysBelowALot()
    {
        var (summary, _) = EngineRuns.RunSample(EngineRuns.Parameters);

        Assert.That(summary.Fills, Is.GreaterThanOrEqualTo(2 * 2 * 72));
        Assert.That(summary.Residual.Max, Is.LessThan(0.001m));
        Assert.That(summary.Residual.StepsOutsideBand, Is.Zero);
    }

    [Test]
    public void TwoRunsAreIdenticalAndAnotherSeedIsAnotherRun()
    {
        var first = EngineRuns.RunSample(EngineRuns.Parameters).Summary;
        var second = EngineRuns.RunSample(EngineRuns.Parameters).Summary;
        var other = EngineRuns.RunSample(EngineRuns.With(("seed", "2"))).Summary;

        Assert.That(second.DecisionLogHash, Is.EqualTo(first.DecisionLogHash));
        Assert.That(second.EquityEnd, Is.EqualTo(first.EquityEnd));
        Assert.That(other.DecisionLogHash, Is.Not.EqualTo(first.DecisionLogHash));
    }

    [Test]
    public void ARatioOfNoneIsNoHedge()
    {
        var (summary, _) = EngineRuns.RunSample(EngineRuns.With(("BTC.ratio", "0")));

        Assert.That(summary.Venues.Single(venue => venue.Venue == "bybit:perpetual").Fills, Is.Zero);
    }

    [Test]
    public void TheRealDayStaysHedgedAndNoPrimaryIsRaisedWhenThePerpetualGoesStale()
    {
        if (EngineRuns.RealDayFolder is not { } folder)
        {
            Assert.Ignore("../shared/data/lean is not on this machine.");
            return;
        }

        var (_, decisions) = EngineRuns.RunSample(
            EngineRuns.With(
                ("from", "2022-12-13"),
                ("to", "2022-12-13"),
                ("conversion-market", "bybit"),
                ("binance-spot.cash", "BUSD:300000"),
                ("bybit.cash", "USDT:300000"),
                ("BTC.primary", "binance:spot:BTCBUSD")),
            folder);
        var lines = decisions.Select(Decision.Read).ToArray();
        var lastFresh = new DateTime(2022, 12, 13, 12, 5, 0, DateTimeKind.Utc);

        var byNoon = lines.Where(line => line.TimeUtc <= lastFresh.Date.AddHours(12)).ToArray();
        Assert.That(byNoon.Max(line => Math.Abs(line.Uncovered)), Is.LessThan(0.001m));
        Assert.That(byNoon.Select(line => line.Primary).Where((primary, i) => i > 0 && primary != byNoon[i - 1].Primary).Count(), Is.GreaterThanOrEqualTo(60));

        var after = lines.Where(line => line.TimeUtc > lastFresh).ToArray();
        Assert.That(after.Where(line => line.Actions.Contains("send -", StringComparison.Ordinal)), Is.Empty, "no short is opened on a stale price");
        Assert.That(after.Max(line => Math.Abs(line.Uncovered)), Is.LessThan(0.001m), "the gate refuses what could not be hedged");
        var primaries = after.Select(line => line.Primary).ToArray();
        Assert.That(primaries.Where((primary, i) => i > 0 && primary > primaries[i - 1]), Is.Empty, "no primary is raised");
    }

    private sealed record Decision(DateTime TimeUtc, decimal Primary, decimal Uncovered, string Reason, string Actions)
    {
        public static Decision Read(string line)
        {
            var parts = line.Split(',');
            return new Decision(
                DateTime.Parse(parts[0], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
                decimal.Parse(parts[4].Split('/')[0], CultureInfo.InvariantCulture),
                decimal.Parse(parts[7], CultureInfo.InvariantCulture),
                parts[8],
                parts[9]);
        }
    }
}
