using System;
using System.Globalization;
using CrossHedgeLean.Venues;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Venues;

[TestFixture]
public sealed class FundingScheduleTests
{
    private static readonly DateTime Midnight = new(2024, 2, 28, 0, 0, 0, DateTimeKind.Utc);

    [TestCase(8, 0, 8)]
    [TestCase(8, 7.99, 8)]
    [TestCase(8, 8, 16)]
    [TestCase(8, 16.5, 24)]
    [TestCase(4, 3, 4)]
    [TestCase(4, 23.99, 24)]
    [TestCase(1, 0, 1)]
    public void BoundariesAreMultiplesOfTheIntervalSinceMidnight(int interval, double hours, int next)
        => Assert.That(new FundingSchedule(TimeSpan.FromHours(interval)).NextBoundary("BTCUSDT", Midnight.AddHours(hours)), Is.EqualTo(Midnight.AddHours(next)));

    [Test]
    public void AChangeHoldsForItsTickerFromItsTimeOn()
    {
        var schedule = new FundingSchedule(TimeSpan.FromHours(8), [new FundingChange("BTCUSDT", Midnight.AddHours(8), TimeSpan.FromHours(4))]);
        Assert.That(schedule.NextBoundary("BTCUSDT", Midnight.AddHours(8).AddTicks(-1)), Is.EqualTo(Midnight.AddHours(8)));
        Assert.That(schedule.NextBoundary("BTCUSDT", Midnight.AddHours(8)), Is.EqualTo(Midnight.AddHours(12)));
        Assert.That(schedule.NextBoundary("ETHUSDT", Midnight.AddHours(8)), Is.EqualTo(Midnight.AddHours(16)));
    }

    [TestCase("08:00:00", true)]
    [TestCase("04:00:00", true)]
    [TestCase("01:00:00", true)]
    [TestCase("00:00:00", false)]
    [TestCase("-08:00:00", false)]
    [TestCase("00:30:00", false)]
    [TestCase("05:00:00", false)]
    public void AnIntervalIsWholeHoursThatDivideADay(string interval, bool isFine)
        => Assert.That(FundingSchedule.Check(TimeSpan.Parse(interval, CultureInfo.InvariantCulture)), isFine ? Is.Null : Does.Contain("divides a day"));
}
