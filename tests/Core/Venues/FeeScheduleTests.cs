using CrossHedgeLean.Venues;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Venues;

[TestFixture]
public sealed class FeeScheduleTests
{
    [TestCase(0, 0.001)]
    [TestCase(99.99, 0.001)]
    [TestCase(100, 0.0009)]
    [TestCase(1_000_000, 0.0009)]
    public void ARowHoldsFromItsVolumeOn(decimal volume, decimal taker)
        => Assert.That(new FeeSchedule([new FeeTier(0m, 0.0005m, 0.001m), new FeeTier(100m, 0.0005m, 0.0009m)]).At(volume).Taker, Is.EqualTo(taker));

    [Test]
    public void EachBrokenRuleIsNamed()
    {
        Assert.That(FeeSchedule.Check([]), Does.Contain("volume 0"));
        Assert.That(FeeSchedule.Check([new FeeTier(1m, 0m, 0m)]), Does.Contain("volume 0"));
        Assert.That(FeeSchedule.Check([new FeeTier(0m, -0.0001m, 0m)]), Does.Contain("-0.0001"));
        Assert.That(FeeSchedule.Check([new FeeTier(0m, 0m, -0.0001m)]), Does.Contain("-0.0001"));
        Assert.That(FeeSchedule.Check([new FeeTier(0m, 0m, 1m)]), Does.Contain("below 1"), "a percentage");
        Assert.That(FeeSchedule.Check([new FeeTier(0m, 0m, 0m), new FeeTier(0m, 0m, 0m)]), Does.Contain("row 2"));
        Assert.That(FeeSchedule.Check([new FeeTier(0m, 0.0001m, 0.0002m), new FeeTier(5m, 0.0001m, 0.0003m)]), Does.Contain("row 2"));
        Assert.That(FeeSchedule.Check([new FeeTier(0m, 0.0001m, 0.0002m), new FeeTier(5m, 0.0002m, 0.0002m)]), Does.Contain("row 2"));
        Assert.That(FeeSchedule.Check([new FeeTier(0m, 0m, 0m)]), Is.Null);
        Assert.That(() => new FeeSchedule([]), Throws.ArgumentException);
    }
}
