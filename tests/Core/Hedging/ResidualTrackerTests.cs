using System;
using CrossHedgeLean.Hedging;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Hedging;

[TestFixture]
public sealed class ResidualTrackerTests
{
    private static readonly DateTime Start = new(2022, 12, 13, 0, 0, 0, DateTimeKind.Utc);

    [Test]
    public void TakesDownMaximumPercentileAndTimeOutside()
    {
        var tracker = new ResidualTracker();
        for (var minute = 0; minute < 200; minute++)
        {
            tracker.Observe(0, Start.AddMinutes(minute), minute is >= 100 and < 103 ? -0.5m : 0.0004m, tolerance: 0.001m);
        }

        var summary = tracker.Summarize(decisions: 7);

        Assert.That(summary.Max, Is.EqualTo(0.5m));
        Assert.That(summary.P99, Is.EqualTo(0.5m));
        Assert.That(summary.StepsOutsideBand, Is.EqualTo(3));
        Assert.That(summary.TimeOutsideBand, Is.EqualTo(TimeSpan.FromMinutes(3)));
        Assert.That(summary.Steps, Is.EqualTo(200));
        Assert.That(summary.Decisions, Is.EqualTo(7));
    }

    [Test]
    public void AStepInWhichNothingChangedCountsAsThatStepAgain()
    {
        var (told, again) = (new ResidualTracker(), new ResidualTracker());
        for (var minute = 0; minute < 100; minute++)
        {
            var residual = minute switch { 20 => 0.9m, > 70 => -0.2m, _ => 0.1m };
            told.Observe(0, Start.AddMinutes(minute), residual, tolerance: 0.5m);
            told.Observe(1, Start.AddMinutes(minute), 0.3m, tolerance: 0.5m);
            if (minute is 0 or 20 or 21 or 71)
            {
                again.Observe(0, Start.AddMinutes(minute), residual, tolerance: 0.5m);
                again.Observe(1, Start.AddMinutes(minute), 0.3m, tolerance: 0.5m);
            }
            else
            {
                again.ObserveAgain();
            }
        }

        Assert.That(again.Summarize(1), Is.EqualTo(told.Summarize(1)));
    }

    [Test]
    public void ThePercentileIsRoundedUpToThreeDigitsAndNeverAboveTheMaximum()
    {
        var tracker = new ResidualTracker();
        tracker.Observe(0, Start, 0.00123456m, tolerance: 1m);
        tracker.Observe(0, Start.AddMinutes(1), 7m, tolerance: 10m);

        Assert.That(tracker.Summarize(0).P99, Is.EqualTo(7m));

        var single = new ResidualTracker();
        single.Observe(0, Start, 0.00123456m, tolerance: 1m);
        single.Observe(0, Start, 0m, tolerance: 1m);

        Assert.That(single.Summarize(0).P99, Is.EqualTo(0.00123456m));
    }

    [TestCase("0.00123456", "0.00124")]
    [TestCase("0.5001", "0.501")]
    [TestCase("123.4", "124")]
    [TestCase("12345", "12400")]
    public void ThePercentileHasThreeDigits(string usual, string percentile)
    {
        var tracker = new ResidualTracker();
        for (var minute = 0; minute < 1_000; minute++)
        {
            tracker.Observe(0, Start.AddMinutes(minute), minute < 5 ? 1_000_000m : Amount(usual), tolerance: 1m);
        }

        Assert.That(tracker.Summarize(0).P99, Is.EqualTo(Amount(percentile)));
    }

    [Test]
    public void AtTheToleranceAResidualIsInside()
    {
        var tracker = new ResidualTracker();
        tracker.Observe(0, Start, -0.001m, tolerance: 0.001m);
        tracker.Observe(0, Start.AddMinutes(1), 0.0011m, tolerance: 0.001m);

        Assert.That(tracker.Summarize(0).StepsOutsideBand, Is.EqualTo(1));
    }

    [Test]
    public void AnEmptyRunIsAllZero()
        => Assert.That(new ResidualTracker().Summarize(0).P99, Is.Zero);

    private static decimal Amount(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
