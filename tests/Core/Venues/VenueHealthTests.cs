using System;
using CrossHedgeLean.Venues;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Venues;

[TestFixture]
public sealed class VenueHealthTests
{
    private static readonly DateTime Noon = new(2022, 12, 13, 12, 0, 0, DateTimeKind.Utc);

    [Test]
    public void NothingIsKnownAtFirst()
    {
        var health = new VenueHealth("bybit");

        Assert.That((health.Venue, health.Orders, health.ReturnedUtc, health.Version), Is.EqualTo(("bybit", HealthState.Unseen, DateTime.MinValue, 0L)));
        foreach (var capability in Enum.GetValues<Capability>())
        {
            Assert.That((health.StateOf(capability), health.ReasonOf(capability)), Is.EqualTo((HealthState.Unseen, HealthReason.None)));
        }
    }

    [TestCase(HealthState.Healthy, HealthState.Healthy, HealthState.Healthy)]
    [TestCase(HealthState.Healthy, HealthState.Degraded, HealthState.Degraded)]
    [TestCase(HealthState.Healthy, HealthState.Halted, HealthState.Halted)]
    [TestCase(HealthState.Healthy, HealthState.Unseen, HealthState.Unseen)]
    [TestCase(HealthState.Healthy, HealthState.Down, HealthState.Degraded, TestName = "{m}: without data exits still go")]
    [TestCase(HealthState.Degraded, HealthState.Healthy, HealthState.Degraded)]
    [TestCase(HealthState.Halted, HealthState.Down, HealthState.Halted)]
    [TestCase(HealthState.Down, HealthState.Healthy, HealthState.Down)]
    [TestCase(HealthState.Unseen, HealthState.Healthy, HealthState.Unseen)]
    public void OrdersMayDoWhatTradeAndDataLetThem(HealthState trade, HealthState data, HealthState expected)
    {
        var health = new VenueHealth("bybit");
        health.Set(Capability.Trade, trade, HealthReason.OrderFailures, Noon);
        health.Set(Capability.Data, data, HealthReason.StaleData, Noon);

        Assert.That(health.Orders, Is.EqualTo(expected));
    }

    [TestCase(Capability.Cancel)]
    [TestCase(Capability.Withdraw)]
    public void OtherCapabilitiesDoNotStopOrders(Capability capability)
    {
        var health = Healthy();
        health.Set(capability, HealthState.Down, HealthReason.Announced, Noon);

        Assert.That(health.Orders, Is.EqualTo(HealthState.Healthy));
        Assert.That((health.StateOf(capability), health.ReasonOf(capability)), Is.EqualTo((HealthState.Down, HealthReason.Announced)));
    }

    [Test]
    public void AHaltIsExitsOnlyAndNothingMakesItBetterThanItIs()
    {
        var health = Healthy();
        health.SetHalted(true, Noon);
        Assert.That((health.IsHalted, health.Orders), Is.EqualTo((true, HealthState.Halted)));

        health.Set(Capability.Trade, HealthState.Down, HealthReason.Disconnected, Noon);
        Assert.That(health.Orders, Is.EqualTo(HealthState.Down));
        health.SetHalted(false, Noon);
        Assert.That(health.Orders, Is.EqualTo(HealthState.Down));
    }

    [Test]
    public void AVenueReturnsWhenOrdersWorkAgainNotTheFirstTime()
    {
        var health = Healthy();
        Assert.That(health.ReturnedUtc, Is.EqualTo(DateTime.MinValue));

        health.Set(Capability.Trade, HealthState.Down, HealthReason.Disconnected, Noon);
        health.Set(Capability.Data, HealthState.Down, HealthReason.Disconnected, Noon);
        health.Set(Capability.Trade, HealthState.Healthy, HealthReason.None, Noon.AddMinutes(1));
        Assert.That(health.ReturnedUtc, Is.EqualTo(DateTime.MinValue), "data is still missing");
        health.Set(Capability.Data, HealthState.Healthy, HealthReason.None, Noon.AddMinutes(2));
        Assert.That(health.ReturnedUtc, Is.EqualTo(Noon.AddMinutes(2)));
        health.Set(Capability.Withdraw, HealthState.Down, HealthReason.Announced, Noon.AddMinutes(3));
        Assert.That(health.ReturnedUtc, Is.EqualTo(Noon.AddMinutes(2)));
    }

    [Test]
    public void AVenueSeenForTheFirstTimeHasNotReturned()
    {
        var health = new VenueHealth("bybit");
        health.Set(Capability.Trade, HealthState.Healthy, HealthReason.None, Noon);
        health.Set(Capability.Data, HealthState.Healthy, HealthReason.None, Noon);

        Assert.That((health.Orders, health.ReturnedUtc), Is.EqualTo((HealthState.Healthy, DateTime.MinValue)));
    }

    [Test]
    public void AResumedVenueHasReturned()
    {
        var health = Healthy();
        health.SetHalted(true, Noon);
        health.SetHalted(false, Noon.AddMinutes(1));

        Assert.That(health.ReturnedUtc, Is.EqualTo(Noon.AddMinutes(1)));
    }

    [Test]
    public void OnlyAChangeMakesANewVersion()
    {
        var health = Healthy();
        var version = health.Version;

        Assert.That(health.Set(Capability.Trade, HealthState.Healthy, HealthReason.None, Noon), Is.False);
        health.SetHalted(false, Noon);
        Assert.That(health.Version, Is.EqualTo(version));

        Assert.That(health.Set(Capability.Trade, HealthState.Degraded, HealthReason.OrderFailures, Noon), Is.True);
        Assert.That(health.Set(Capability.Trade, HealthState.Degraded, HealthReason.StaleData, Noon), Is.True, "another reason is a change");
        health.SetHalted(true, Noon);
        Assert.That(health.Version, Is.EqualTo(version + 3));
    }

    private static VenueHealth Healthy()
    {
        var health = new VenueHealth("bybit");
        health.AssumeHealthy();
        return health;
    }
}
