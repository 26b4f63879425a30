using System;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Tests.Core.Accounts;
using CrossHedgeLean.Venues;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Exchange;

[TestFixture]
public sealed class FeeMeterTests
{
    private static readonly DateTime Day = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly FeeSchedule Schedule = new([new FeeTier(0m, 0.0002m, 0.0005m), new FeeTier(1_000m, 0.0001m, 0.0004m), new FeeTier(5_000m, 0m, 0.0003m)]);

    [Test]
    public void TheVolumeOfThirtyDaysDecides()
    {
        var meter = new FeeMeter(Schedule);
        Assert.That(meter.RateAt(Day, isMaker: false), Is.EqualTo(0.0005m));
        meter.Count(Day.AddHours(23), 999m);
        Assert.That(meter.RateAt(Day.AddHours(23), isMaker: false), Is.EqualTo(0.0005m));
        meter.Count(Day.AddDays(1), 1m);
        Assert.That(meter.RateAt(Day.AddDays(1), isMaker: false), Is.EqualTo(0.0004m), "from the volume on");
        Assert.That(meter.RateAt(Day.AddDays(1), isMaker: true), Is.EqualTo(0.0001m));
        meter.Count(Day.AddDays(29), 4_000m);
        Assert.That(meter.RateAt(Day.AddDays(29.9), isMaker: true), Is.Zero, "the first day still counts");
        Assert.That(meter.RateAt(Day.AddDays(30), isMaker: false), Is.EqualTo(0.0004m), "now it does not");
        Assert.That(meter.RateAt(Day.AddDays(59), isMaker: false), Is.EqualTo(0.0005m));
        Assert.That(meter.RateAt(Day.AddDays(500), isMaker: true), Is.EqualTo(0.0002m));
    }

    [Test]
    public void EachRouteHasItsOwnVolume()
    {
        var definition = SimulatedVenues.UnifiedAccount(("USDT", 1m)) with { SpotFees = Schedule, PerpetualFees = Schedule };
        var exchange = new SimulatedExchange(new Ledger("USDT", [definition, SimulatedVenues.KrakenAccount()]), Latency.None);
        exchange.CountVolume(SimulatedVenues.UnifiedSpot.Id.Route, Day, 1_000m);
        Assert.That(exchange.FeeRate(SimulatedVenues.UnifiedSpot.Id.Route, Day, isMaker: false), Is.EqualTo(0.0004m));
        Assert.That(exchange.FeeRate(SimulatedVenues.UnifiedPerpetual.Id.Route, Day, isMaker: false), Is.EqualTo(0.0005m));
        Assert.That(exchange.FeeRate(SimulatedVenues.Kraken.Id.Route, Day, isMaker: false), Is.Null, "the engine's own fees");
    }
}
