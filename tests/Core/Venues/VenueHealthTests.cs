using System;
using CrossHedgeLean.Venues;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Venues;

[TestFixture]
public sealed class VenueHealthTests
{
    private static readonly DateTime Noon = new(2025, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    [Test]
    public void NothingIsKnownUntilSomebodyTells()
        => Assert.That(new VenueHealth("bybit").Orders, Is.EqualTo(HealthState.Unseen));

    [Test]
    public void MissingDataStopsNoExit()
    {
        var health = Healthy();
        health.Set(Capability.Data, HealthState.Down, HealthReason.StaleData, Noon);

        Assert.That(health.Orders, Is.EqualTo(HealthState.Degraded));
        Assert.That(health.ReasonOf(Capability.Data), Is.EqualTo(HealthReason.StaleData));
    }

    [TestCase(Capability.Cancel)]
    [TestCase(Capability.Withdraw)]
    public void CapabilitiesFailByThemselves(Capability capability)
    {
        var health = Healthy();
        health.Set(capability, HealthState.Down, HealthReason.Announced, Noon);

        Assert.That(health.Orders, Is.EqualTo(HealthState.Healthy));
    }

    [Test]
    public void AHaltOfAPersonOutlastsWhatAMonitorSays()
    {
        var health = Healthy();
        health.SetHalted(true, Noon);
        health.Set(Capability.Trade, HealthState.Degraded, HealthReason.OrderFailures, Noon);
        health.Set(Capability.Trade, HealthState.Healthy, HealthReason.None, Noon);
        Assert.That(health.Orders, Is.EqualTo(HealthState.Halted));

        health.SetHalted(false, Noon);
        Assert.That(health.Orders, Is.EqualTo(HealthState.Healthy));
    }

    [Test]
    public void TheReturnIsKnownAndTheFirstTimeIsNone()
    {
        var health = new VenueHealth("bybit");
        health.Set(Capability.Data, HealthState.Healthy, HealthReason.None, Noon);
        health.Set(Capability.Trade, HealthState.Healthy, HealthReason.None, Noon);
        Assert.That(health.ReturnedUtc, Is.EqualTo(DateTime.MinValue));

        health.Set(Capability.Trade, HealthState.Down, HealthReason.Disconnected, Noon);
        health.Set(Capability.Trade, HealthState.Healthy, HealthReason.None, Noon.AddMinutes(3));
        Assert.That(health.ReturnedUtc, Is.EqualTo(Noon.AddMinutes(3)));
        Assert.That(health.Set(Capability.Trade, HealthState.Healthy, HealthReason.None, Noon.AddMinutes(4)), Is.False, "nothing new");
    }

    private static VenueHealth Healthy()
    {
        var health = new VenueHealth("bybit");
        health.AssumeHealthy();
        return health;
    }
}
