using System;
using System.Collections.Generic;
using CrossHedgeLean.Tests.Core.Accounts;
using CrossHedgeLean.Venues;
using CsCheck;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Venues;

[TestFixture]
public sealed class MarginTiersTests
{
    private static readonly MarginTiers Tiers = SimulatedVenues.Brackets;

    [TestCase(0, 0, 0)]
    [TestCase(5_000, 0, 25)]
    [TestCase(5_000.01, 1, 25.0001)]
    [TestCase(20_000, 1, 175)]
    [TestCase(100_000, 2, 2_175)]
    [TestCase(400_000, 3, 32_175)]
    [TestCase(1_000_000, 3, 92_175)]
    public void MaintenanceMarginIsEachSliceAtItsRate(decimal notional, int bracket, decimal margin)
    {
        Assert.That(Tiers.IndexOf(notional), Is.EqualTo(bracket));
        Assert.That(Tiers.Maintenance(notional), Is.EqualTo(margin));
        Assert.That(OwnBooks.Maintenance(Tiers, notional), Is.EqualTo(margin));
    }

    [Test]
    public void EveryPublishedTableIsContinuousAndSummedSliceBySlice()
        => Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1_000], Gen.Int[0, 2_000_000]).Sample(
            (profile, ticker, thousands) =>
            {
                var tables = VenueProfiles.Find(new[] { "binance-usdt-futures", "bybit-unified", "dydx" }[profile])!.Tiers;
                var tiers = new List<MarginTiers>(tables.Values)[ticker % tables.Count];
                var notional = thousands * 1_000m;
                if (tiers.Maintenance(notional) != OwnBooks.Maintenance(tiers, notional) || tiers.Maintenance(notional) > tiers.Initial(notional, 1_000m) * 1.00001m)
                {
                    throw new InvalidOperationException($"{notional}: {tiers.Maintenance(notional)}, slice by slice {OwnBooks.Maintenance(tiers, notional)}, initial {tiers.Initial(notional, 1_000m)}");
                }
            },
            iter: Iterations.Of(10_000));

    [Test]
    public void InitialMarginIsAtTheSmallerLeverage()
    {
        Assert.That(Tiers.Initial(4_000m, 10m), Is.EqualTo(400m));
        Assert.That(Tiers.Initial(4_000m, 100m), Is.EqualTo(80m));
        Assert.That(Tiers.Initial(50_000m, 25m), Is.EqualTo(5_000m));
        Assert.That(Tiers.Limit, Is.EqualTo(400_000m));
    }

    [Test]
    public void EachBrokenRuleIsNamed()
    {
        var good = new MarginTier(1_000m, 0.01m, 50m);
        Assert.That(MarginTiers.Check([good, new MarginTier(2_000m, 0.02m, 50m)]), Is.Null);
        Assert.That(MarginTiers.Check([]), Does.Contain("no bracket"));
        foreach (var bad in new[]
                 {
                     new MarginTier(0m, 0.01m, 50m),
                     new MarginTier(1_000m, 0m, 50m),
                     new MarginTier(1_000m, 1m, 1m),
                     new MarginTier(1_000m, 0.01m, 0.9m),
                     new MarginTier(1_000m, 0.03m, 50m),
                 })
        {
            Assert.That(MarginTiers.Check([bad]), Does.StartWith("bracket 1"), bad.ToString());
        }

        foreach (var bad in new[]
                 {
                     new MarginTier(1_000m, 0.02m, 50m),
                     new MarginTier(2_000m, 0.01m, 50m),
                     new MarginTier(2_000m, 0.005m, 50m),
                     new MarginTier(2_000m, 0.011m, 51m),
                 })
        {
            Assert.That(MarginTiers.Check([good, bad]), Does.StartWith("bracket 2"), bad.ToString());
            Assert.That(() => new MarginTiers([good, bad]), Throws.ArgumentException);
        }
    }
}
