using System;
using CrossHedgeLean.Venues;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Venues;

[TestFixture]
public sealed class HealthMonitorTests
{
    private static readonly DateTime Noon = new(2025, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    [Test]
    public void BeforeItsFirstDataAVenueIsUnseenAndItsOrdersAreTaken()
    {
        var monitor = new HealthMonitor("bybit", new HealthRules());

        Assert.That(monitor.StateOf(Capability.Data, Noon), Is.EqualTo((HealthState.Unseen, HealthReason.None)));
        Assert.That(monitor.StateOf(Capability.Trade, Noon).State, Is.EqualTo(HealthState.Healthy));
        Assert.That(monitor.NeedsLook(Noon), Is.True);
    }

    [Test]
    public void OldDataAreStaleAtOnceAndFreshOnesCountOnlyAfterAWhile()
    {
        var monitor = Healthy();

        Assert.That(At(monitor, 120).State, Is.EqualTo(HealthState.Healthy), "two bars old");
        Assert.That(At(monitor, 121), Is.EqualTo((HealthState.Degraded, HealthReason.StaleData)));
        monitor.Seen(Noon.AddSeconds(180));
        Assert.That(At(monitor, 180).State, Is.EqualTo(HealthState.Degraded), "it may be the only one");
        monitor.Seen(Noon.AddSeconds(290));
        Assert.That(At(monitor, 299).State, Is.EqualTo(HealthState.Degraded));
        Assert.That(At(monitor, 300).State, Is.EqualTo(HealthState.Healthy));
    }

    [Test]
    public void ThreeRefusalsInARowMakeItExitsOnlyForAMinute()
    {
        var monitor = Healthy();
        monitor.Refused(Noon);
        monitor.Refused(Noon);
        monitor.Accepted();
        monitor.Refused(Noon);
        monitor.Refused(Noon);
        Assert.That(monitor.StateOf(Capability.Trade, Noon).State, Is.EqualTo(HealthState.Healthy), "one was taken in between");

        monitor.Refused(Noon);
        Assert.That(monitor.StateOf(Capability.Trade, Noon.AddSeconds(59)), Is.EqualTo((HealthState.Degraded, HealthReason.OrderFailures)));
        Assert.That(monitor.StateOf(Capability.Trade, Noon.AddSeconds(60)).State, Is.EqualTo(HealthState.Healthy));
        monitor.Refused(Noon.AddSeconds(60));
        Assert.That(monitor.StateOf(Capability.Trade, Noon.AddSeconds(61)).State, Is.EqualTo(HealthState.Degraded), "it fails on");
    }

    [Test]
    public void WhatIsAnnouncedIsDownAndNothingElse()
    {
        var monitor = Healthy();
        monitor.Announce(Capability.Withdraw, isDown: true);
        Assert.That(monitor.StateOf(Capability.Withdraw, Noon), Is.EqualTo((HealthState.Down, HealthReason.Announced)));
        Assert.That(monitor.StateOf(Capability.Trade, Noon).State, Is.EqualTo(HealthState.Healthy));

        monitor.Announce(Capability.Withdraw, isDown: false);
        Assert.That(monitor.StateOf(Capability.Withdraw, Noon).State, Is.EqualTo(HealthState.Healthy));
    }

    [Test]
    public void WhereAllIsWellNobodyNeedsToLookUntilDataCouldBeStale()
    {
        var monitor = Healthy();
        monitor.Settle(true);
        Assert.That(monitor.NeedsLook(Noon.AddSeconds(120)), Is.False);
        Assert.That(monitor.NeedsLook(Noon.AddSeconds(121)), Is.True);

        monitor.Announce(Capability.Trade, isDown: true);
        Assert.That(monitor.NeedsLook(Noon), Is.True);
    }

    private static HealthMonitor Healthy()
    {
        var monitor = new HealthMonitor("bybit", new HealthRules());
        monitor.Seen(Noon);
        return monitor;
    }

    private static (HealthState State, HealthReason Reason) At(HealthMonitor monitor, int seconds) => monitor.StateOf(Capability.Data, Noon.AddSeconds(seconds));
}
