using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Tests.Core.Accounts;
using CrossHedgeLean.Tests.Structure;
using CrossHedgeLean.Venues;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Exchange;

[TestFixture]
public sealed class FundingTests
{
    private static readonly Instrument Perpetual = SimulatedVenues.Perpetual;

    private static readonly DateTime Midnight = new(2022, 12, 13, 0, 0, 0, DateTimeKind.Utc);

    // Real rates of a year. Binance's and Bybit's files are three hours ahead of UTC, see README.md beside them.
    [TestCase("binance", "2020", "binance-usdt-futures", 3, 1_095, 832.985)]
    [TestCase("bybit", "2021", "bybit-unified", 3, 1_095, 589.2642)]
    [TestCase("dydx", "2022", "dydx", 0, 8_760, -564.559224)]
    public void AYearOfRealRates(string venue, string since, string profile, int hoursAhead, int boundaries, decimal shortReceives)
    {
        var rates = RealRates($"BTC-USDT_{venue}_{since}-01-01_2024-01-01.csv", hoursAhead);
        var schedule = VenueProfiles.Find(profile)!.Funding;
        foreach (var position in new[] { -1m, 1m })
        {
            var clock = new FundingClock(Perpetual, schedule);
            var (amount, settled) = (0m, 0);
            (DateTime Utc, decimal Rate)? last = null;
            var (from, until) = (new DateTime(2022, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(2023, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            for (var utc = from; utc < until; utc += TimeSpan.FromMinutes(30))
            {
                last = rates.TryGetValue(utc, out var rate) ? (utc, rate) : last;
                while (clock.TakeDue(utc) is { } boundary)
                {
                    var outcome = clock.Settle(boundary, position, 20_000m, last?.Rate, last?.Utc ?? default, out var entry);
                    Assert.That(outcome, Is.EqualTo(FundingOutcome.Settled), $"{boundary:u}");
                    settled++;
                    amount += entry?.Amount ?? 0m;
                }
            }

            Assert.That(settled, Is.EqualTo(boundaries));
            Assert.That(amount, Is.EqualTo(-position * shortReceives));
        }
    }

    [Test]
    public void TheFirstBoundaryIsCharged()
    {
        // Opened exactly at a boundary's end of interval, and between two.
        Assert.That(Due(Clock(8), Midnight), Is.EqualTo(new[] { Midnight }));
        var clock = Clock(8);
        Assert.That(Due(clock, Midnight.AddHours(3)), Is.Empty);
        Assert.That(Due(clock, Midnight.AddHours(8)), Is.EqualTo(new[] { Midnight.AddHours(8) }));
    }

    [Test]
    public void ABoundaryIsDueOnce()
    {
        var clock = Clock(8);
        Due(clock, Midnight);
        Assert.That(Due(clock, Midnight), Is.Empty);
        Assert.That(Due(clock, Midnight.AddHours(7.99)), Is.Empty);
        Assert.That(Due(clock, Midnight.AddHours(8.01)), Is.EqualTo(new[] { Midnight.AddHours(8) }));
        Assert.That(Due(clock, Midnight.AddHours(8.02)), Is.Empty);
    }

    [Test]
    public void AGapInTheDataLeavesNoBoundaryOut()
    {
        var clock = Clock(4);
        Due(clock, Midnight);
        Assert.That(
            Due(clock, Midnight.AddHours(13)),
            Is.EqualTo(new[] { Midnight.AddHours(4), Midnight.AddHours(8), Midnight.AddHours(12) }));
    }

    [Test]
    public void TheIntervalChangesFromEightHoursToFourToOne()
    {
        var schedule = new FundingSchedule(
            TimeSpan.FromHours(8),
            [
                new FundingChange("BTCUSDT", Midnight.AddHours(16), TimeSpan.FromHours(4)),
                new FundingChange("BTCUSDT", Midnight.AddHours(24), TimeSpan.FromHours(1)),
                new FundingChange("ETHUSDT", Midnight, TimeSpan.FromHours(2)),
            ]);
        var clock = new FundingClock(Perpetual, schedule);
        Assert.That(
            Due(clock, Midnight).Concat(Due(clock, Midnight.AddHours(26.5))),
            Is.EqualTo(new[] { 0, 8, 16, 20, 24, 25, 26 }.Select(hours => Midnight.AddHours(hours))));

        // A rate that is two hours old belongs to the four-hour interval that ends at 20:00, and not to the hour that ends at 26:00.
        Assert.That(clock.Settle(Midnight.AddHours(20), 1m, 20_000m, 0.0001m, Midnight.AddHours(18), out _), Is.EqualTo(FundingOutcome.Settled));
        Assert.That(clock.Settle(Midnight.AddHours(26), 1m, 20_000m, 0.0001m, Midnight.AddHours(24), out _), Is.EqualTo(FundingOutcome.Stale));
    }

    [Test]
    public void LongsPayAPositiveRate()
    {
        var pepe = new FundingClock(SimulatedVenues.Pepe, new FundingSchedule(TimeSpan.FromHours(8)));
        Assert.That(pepe.Settle(Midnight, 300m, 0.01m, 0.001m, Midnight, out var entry), Is.EqualTo(FundingOutcome.Settled));
        Assert.That(entry, Is.EqualTo(new FundingEntry(Midnight, SimulatedVenues.Pepe.Id, 300m, 0.01m, 0.001m, -0.003m)));
        pepe.Settle(Midnight, -300m, 0.01m, 0.001m, Midnight, out entry);
        Assert.That(entry!.Amount, Is.EqualTo(0.003m));
        pepe.Settle(Midnight, 300m, 0.01m, -0.001m, Midnight, out entry);
        Assert.That(entry!.Amount, Is.EqualTo(0.003m));
    }

    [Test]
    public void ARateIsAppliedToItsOwnIntervalOnly()
    {
        var clock = Clock(8);
        var boundary = Midnight.AddHours(8);
        Assert.That(clock.Settle(boundary, 1m, 20_000m, 0.0001m, boundary, out _), Is.EqualTo(FundingOutcome.Settled));
        Assert.That(clock.Settle(boundary, 1m, 20_000m, 0.0001m, Midnight.AddTicks(1), out _), Is.EqualTo(FundingOutcome.Settled));
        Assert.That(clock.Settle(boundary, 1m, 20_000m, 0.0001m, Midnight, out var stale), Is.EqualTo(FundingOutcome.Stale), "the boundary before had it");
        Assert.That(clock.Settle(boundary, 1m, 20_000m, 0.0001m, boundary.AddTicks(1), out var early), Is.EqualTo(FundingOutcome.Stale), "of the next interval");
        Assert.That(clock.Settle(boundary, 1m, 20_000m, null, default, out var unknown), Is.EqualTo(FundingOutcome.Unknown));
        Assert.That(new[] { stale, early, unknown }, Is.All.Null);
    }

    [Test]
    public void AnIntervalWithoutPositionOrRateBooksNothing()
    {
        Assert.That(Clock(8).Settle(Midnight, 0m, 20_000m, 0.0001m, Midnight, out var flat), Is.EqualTo(FundingOutcome.Settled));
        Assert.That(Clock(8).Settle(Midnight, 1m, 20_000m, 0m, Midnight, out var free), Is.EqualTo(FundingOutcome.Settled));
        Assert.That(new[] { flat, free }, Is.All.Null);
    }

    [Test]
    public void TheExchangeChargesThePositionAndNothingForWhatItDoesNotKnow()
    {
        var ledger = new Ledger("USDT", [SimulatedVenues.FuturesAccount(("USDT", 10_000m))]);
        var exchange = new SimulatedExchange(ledger, Latency.Venue);
        var position = ledger.Open(Perpetual);
        ledger.Mark(position, 20_000m);
        ledger.Post(new FillEntry(Midnight, Perpetual.Id, 1m, 20_000m, 0m, 0m));
        exchange.Fund(position, Midnight, 20_000m, 0.0001m, Midnight);
        exchange.Fund(position, Midnight, 20_000m, 0.0001m, Midnight);
        Assert.That(ledger.Equity, Is.EqualTo(9_998m));

        // Sixteen hours without data: of two boundaries only the one that the rate belongs to is known.
        exchange.Fund(position, Midnight.AddHours(16), 20_000m, 0.0002m, Midnight.AddHours(16));
        Assert.That(ledger.Equity, Is.EqualTo(9_994m));
        Assert.That(ledger.ProfitOf(ledger.Accounts[0]).Funding, Is.EqualTo(-6m));
    }

    private static FundingClock Clock(int hours) => new(Perpetual, new FundingSchedule(TimeSpan.FromHours(hours)));

    private static DateTime[] Due(FundingClock clock, DateTime utc)
    {
        var due = new List<DateTime>();
        while (clock.TakeDue(utc) is { } boundary)
        {
            due.Add(boundary);
        }

        return [.. due];
    }

    private static Dictionary<DateTime, decimal> RealRates(string file, int hoursAhead)
    {
        var path = Path.Combine(Repository.Root, "..", "shared", "data", "funding", file);
        if (!File.Exists(path))
        {
            Assert.Ignore($"{path} is not there: the year of real funding rates is not part of the repository.");
        }

        // Binance writes a payment some milliseconds after its boundary.
        return File.ReadLines(path).Skip(1).Select(line => line.Split(',')).ToDictionary(
            row => Minute(DateTime.Parse(row[1], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)).AddHours(-hoursAhead),
            row => decimal.Parse(row[2], NumberStyles.Float, CultureInfo.InvariantCulture));
    }

    private static DateTime Minute(DateTime utc) => utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMinute));
}
