using System;
using System.Collections.Generic;
using CrossHedgeLean.Venues;
using CsCheck;
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

    /// <summary>A venue that flickers is stale all the while: each gap begins the wait anew, and one bar alone never ends it.</summary>
    [Test]
    public void AVenueThatFlickersDoesNotMakeUsFlicker()
    {
        var monitor = Healthy();
        var changes = new List<(int Second, HealthState State)>();
        var state = HealthState.Healthy;
        for (var second = 1; second <= 3600; second++)
        {
            // One bar in four minutes, then all of them.
            if (second % (second <= 1800 ? 240 : 60) == 0)
            {
                monitor.Seen(Noon.AddSeconds(second));
            }

            if (At(monitor, second).State != state)
            {
                state = At(monitor, second).State;
                changes.Add((second, state));
            }
        }

        Assert.That(changes, Is.EqualTo(new[] { (121, HealthState.Degraded), (1980, HealthState.Healthy) }), "two minutes after the first bar of the rest, at 31:00");
    }

    /// <summary>Whatever data come when: healthy exactly if they were fresh, and more than once, for as long as they may be old.</summary>
    [Test]
    public void DataAreHealthyExactlyWhenTheyWereFreshForAWhile()
        => Gen.Int[1, 300].Array[1, 60].Sample(gaps =>
        {
            var monitor = Healthy();
            var freshFor = (int)monitor.Rules.FreshFor.TotalSeconds;
            var seen = new HashSet<int> { 0 };
            var time = 0;
            foreach (var gap in gaps)
            {
                seen.Add(time += gap);
            }

            var (newest, lastStale, seenSince) = (0, int.MinValue / 2, 2);
            for (var second = 0; second <= time; second++)
            {
                if (seen.Contains(second))
                {
                    newest = second;
                    seenSince++;
                    monitor.Seen(Noon.AddSeconds(second));
                }

                (lastStale, seenSince) = second - newest > freshFor ? (second, 0) : (lastStale, seenSince);
                var expected = second - lastStale > freshFor && seenSince > 1 ? HealthState.Healthy : HealthState.Degraded;
                Assert.That(At(monitor, second).State, Is.EqualTo(expected), $"second {second} of {string.Join(',', gaps)}");
            }
        }, iter: Iterations.Of(100));

    [Test]
    public void WhatIsAnnouncedCountsBeforeWhatIsSeenAndEndsApart()
    {
        var monitor = Healthy();
        monitor.Announce(Capability.Data, isDown: true);
        Assert.That(At(monitor, 1), Is.EqualTo((HealthState.Down, HealthReason.Announced)));
        Assert.That(At(monitor, 200), Is.EqualTo((HealthState.Down, HealthReason.Announced)));

        monitor.Announce(Capability.Data, isDown: false);
        Assert.That(At(monitor, 201), Is.EqualTo((HealthState.Degraded, HealthReason.StaleData)), "nothing was seen while it was down");
        monitor.Seen(Noon.AddSeconds(202));
        Assert.That(At(monitor, 202).State, Is.EqualTo(HealthState.Degraded));
        monitor.Seen(Noon.AddSeconds(300));
        Assert.That(At(monitor, 322).State, Is.EqualTo(HealthState.Healthy));
    }

    [Test]
    public void ARefusalIsLookedAtAndOldDataDoNotMakeNewerOnesOlder()
    {
        var monitor = Healthy();
        monitor.Settle(true);
        monitor.Refused(Noon);
        monitor.Refused(Noon);
        Assert.That(monitor.NeedsLook(Noon), Is.False);
        monitor.Refused(Noon);
        Assert.That(monitor.NeedsLook(Noon), Is.True);

        monitor.Seen(Noon.AddSeconds(-30));
        Assert.That(monitor.NewestUtc, Is.EqualTo(Noon));
    }

    private static HealthMonitor Healthy()
    {
        var monitor = new HealthMonitor("bybit", new HealthRules());
        monitor.Seen(Noon);
        return monitor;
    }

    private static (HealthState State, HealthReason Reason) At(HealthMonitor monitor, int seconds) => monitor.StateOf(Capability.Data, Noon.AddSeconds(seconds));
}
