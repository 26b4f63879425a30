using System;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Framework.Strategies;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Algorithm.Strategies;

/// <summary>When a spread is traded, and how large. Spreads here are in basis points; the mean is 0 and the deviation 4.</summary>
[TestFixture]
public sealed class ConvergenceRuleTests
{
    private const decimal BasisPoint = 0.0001m;
    private const decimal Deviation = 4m;
    private static readonly DateTime Start = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly StrategySettings Settings = new() { LeastProfit = 5m * BasisPoint };

    private static readonly ConvergenceCosts Costs = new(
        RoundTrip: 30m * BasisPoint, MinuteDeviation: 0m, Naked: TimeSpan.Zero, Capital: 4m / 3m, CapitalCost: 0m, Tied: TimeSpan.FromHours(12), TransferFee: 0m, Funding: 0m);

    /// <summary>The way back goes to half a deviation, 2 bp from the mean.</summary>
    [TestCase(36, 0.0)]
    [TestCase(38, 1.0 / 6.0)]
    [TestCase(62, 0.5)]
    [TestCase(302, 0.9)]
    public void ItsSizeIsWhatTheCostsLeaveOfTheWay(double spread, double weight)
        => Assert.That((double)Decide(spread).Weight, Is.EqualTo(weight).Within(1e-12));

    [Test]
    public void AWayThatDoesNotPayForItsCostsIsNotGone()
    {
        Assert.That(Decide(31).Weight, Is.Zero, "nearly eight deviations, and less than the round trip");
        Assert.That(Decide(31, Costs with { RoundTrip = 5m * BasisPoint }).Weight, Is.GreaterThan(0m));
    }

    [Test]
    public void WhatIsUsualIsNotTraded()
        => Assert.That((Decide(11, Costs with { RoundTrip = 0m }).Weight, Decide(12, Costs with { RoundTrip = 0m }).Weight), Is.EqualTo((0m, 1m)), "three deviations");

    [Test]
    public void EachCostMakesItSmaller()
    {
        var full = Decide(80).Weight;
        ConvergenceCosts[] dearer =
        [
            Costs with { RoundTrip = 32m * BasisPoint },
            Costs with { MinuteDeviation = 7m * BasisPoint, Naked = TimeSpan.FromMilliseconds(200) },
            Costs with { CapitalCost = 0.04m },
            Costs with { TransferFee = BasisPoint },
            Costs with { Funding = -BasisPoint },
        ];
        foreach (var costs in dearer)
        {
            Assert.That(Decide(80, costs).Weight, Is.InRange(full / 2m, full - 0.000001m), $"{costs}");
        }

        Assert.That(Decide(80, Costs with { Funding = BasisPoint }).Weight, Is.EqualTo(full), "funding that may come pays for nothing");
    }

    [Test]
    public void LatencyAndTransferTimeCostWithTheirOwnLaws()
    {
        var late = Costs with { MinuteDeviation = 7m * BasisPoint, Naked = TimeSpan.FromMinutes(1) };
        Assert.That(late.Slip / BasisPoint, Is.EqualTo(2m * 7m * 0.7978845608m).Within(1e-6m));
        Assert.That((late with { Naked = TimeSpan.FromMinutes(4) }).Slip, Is.EqualTo(2m * late.Slip).Within(1e-15m), "a random walk");

        var tied = Costs with { CapitalCost = 0.0365m, Tied = TimeSpan.FromDays(1) };
        Assert.That(tied.Interest / BasisPoint, Is.EqualTo(4m / 3m).Within(1e-12m));
        Assert.That((tied with { Tied = TimeSpan.FromDays(2) }).Interest, Is.EqualTo(2m * tied.Interest).Within(1e-15m));
        Assert.That(tied.Total, Is.EqualTo(tied.RoundTrip + tied.Interest));
    }

    [Test]
    public void ACoinIsNotSoldShortAndAPerpetualIs()
        => Assert.That((Decide(-62).Weight, Decide(-62, canBeShort: true).Weight), Is.EqualTo((0m, -0.5m)));

    [Test]
    public void ItClosesWhenTheSpreadIsBackAtTheMeanOfItsOpening()
    {
        var rule = new ConvergenceRule(Settings);
        Step(rule, 62, 0);

        // The window's own mean follows the spread; the way that was paid for does not.
        Assert.That(Step(rule, 40, 60, mean: 40m), Is.EqualTo(0.5m));
        Assert.That(Step(rule, 2.1m, 61, mean: 40m), Is.EqualTo(0.5m));
        Assert.That(Step(rule, 2m, 62, mean: 40m), Is.Zero);
    }

    [Test]
    public void WhereTheSpreadOpensFurtherItIsRaisedInStepsThatAreWorthOrders()
    {
        var rule = new ConvergenceRule(Settings);
        Step(rule, 62, 0);

        Assert.That(Step(rule, 76, 1), Is.EqualTo(0.5m), "0.595");
        Assert.That(Step(rule, 77, 2), Is.EqualTo(0.6m));
        Assert.That(Step(rule, 40, 3), Is.EqualTo(0.6m), "and is not lowered: that would pay the costs twice");
        Assert.That(Step(rule, 77, 12 * 60), Is.Zero, "the time-out counts from the opening");
    }

    [Test]
    public void ItClosesAtTheTimeOutAndWaitsUntilTheSpreadWasBack()
    {
        var rule = new ConvergenceRule(Settings);
        Step(rule, 62, 0);

        Assert.That(Step(rule, 62, (12 * 60) - 1), Is.EqualTo(0.5m));
        Assert.That(Step(rule, 62, 12 * 60), Is.Zero);
        Assert.That(Step(rule, 62, (12 * 60) + 1), Is.Zero, "what did not come back is not paid for again");
        Step(rule, 1, (12 * 60) + 2);
        Assert.That(Step(rule, 62, (12 * 60) + 3), Is.EqualTo(0.5m));
    }

    [Test]
    public void OfAnEarlierRunOnlyTheTimeOutIsKnown()
    {
        var rule = new ConvergenceRule(Settings);
        rule.Resume(1, Start);

        Assert.That((Step(rule, -50, 1), Step(rule, 0, (12 * 60) - 1), Step(rule, 0, 12 * 60)), Is.EqualTo((1m, 1m, 0m)));
    }

    [Test]
    public void AWindowOfHalfAnHourIsNeeded()
    {
        var rule = new ConvergenceRule(Settings);

        Assert.That((Step(rule, 62, 0, count: 29), Step(rule, 62, 1, count: 30)), Is.EqualTo((0m, 0.5m)));
    }

    [Test]
    public void AWindowForgetsWhatIsAsOldAsItsSpan()
    {
        var window = new TimedWindow(TimeSpan.FromMinutes(3));
        foreach (var (minute, value) in new[] { (0, 100m), (1, 1m), (2, 2m), (3, 6m) })
        {
            window.Add(Start.AddMinutes(minute), value);
        }

        Assert.That((window.Count, window.Mean), Is.EqualTo((3, 3m)));
        Assert.That(window.Deviation, Is.EqualTo((decimal)Math.Sqrt(7.0)).Within(1e-12m));
    }

    private static ConvergenceRule Decide(double spread, ConvergenceCosts? costs = null, bool canBeShort = false)
    {
        var rule = new ConvergenceRule(Settings);
        rule.Decide(Look((decimal)spread, 0, 0m, 100, canBeShort), (_, _) => costs ?? Costs);
        return rule;
    }

    private static decimal Step(ConvergenceRule rule, decimal spread, int minute, decimal mean = 0m, int count = 100)
        => rule.Decide(Look(spread, minute, mean, count, canBeShort: false), (_, _) => Costs);

    private static ConvergenceLook Look(decimal spread, int minute, decimal mean, int count, bool canBeShort)
        => new(Start.AddMinutes(minute), spread * BasisPoint, mean * BasisPoint, Deviation * BasisPoint, count, canBeShort);
}
