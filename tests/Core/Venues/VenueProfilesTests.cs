using System;
using System.Linq;
using CrossHedgeLean.Venues;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Venues;

[TestFixture]
public sealed class VenueProfilesTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);

    [Test]
    public void NamesKeepTheirOrder()
        => Assert.That(
            VenueProfiles.KnownNames,
            Is.EqualTo(new[] { "binance-spot", "binance-usdt-futures", "bybit-unified", "dydx", "coinbase-spot", "kraken-spot" }));

    [TestCaseSource(typeof(VenueProfiles), nameof(VenueProfiles.KnownNames))]
    public void StatesWhereFromAndWhen(string name)
    {
        var profile = Find(name);
        Assert.That(profile.Name, Is.EqualTo(name));
        foreach (var url in profile.Source.Split(" and "))
        {
            Assert.That(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps, Is.True, url);
        }

        Assert.That(profile.AsOf, Is.LessThanOrEqualTo(Today));
        Assert.That(profile.LatencySource, Does.StartWith("https://").And.Contain("region"));
        Assert.That(profile.OrderLatency, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(profile.DataDelay, Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public void AnotherNameIsUnknown() => Assert.That(VenueProfiles.Find("binance"), Is.Null);

    [TestCase("binance-usdt-futures", 36)]
    [TestCase("bybit-unified", 27)]
    [TestCase("dydx", 32)]
    public void MarginTablesHoldToTheRules(string name, int tickers)
    {
        var profile = Find(name);
        Assert.That(profile.Tiers, Has.Count.EqualTo(tickers).And.Count.GreaterThanOrEqualTo(20));
        Assert.That(profile.LiquidationFeeRate, Is.GreaterThan(0m).And.LessThan(0.02m));
        Assert.That(FundingSchedule.Check(profile.Funding.Interval), Is.Null);
        foreach (var (ticker, tiers) in profile.Tiers)
        {
            Assert.That(MarginTiers.Check([.. Enumerable.Range(0, tiers.Count).Select(i => tiers[i])]), Is.Null, ticker);
        }
    }

    [TestCase("binance-spot")]
    [TestCase("coinbase-spot")]
    [TestCase("kraken-spot")]
    public void SpotHasNoBrackets(string name)
    {
        var profile = Find(name);
        Assert.That(profile.Tiers, Is.Empty);
        Assert.That(profile.FallbackTiers, Is.Null);
        Assert.That(profile.PoolsCollateral, Is.False);
    }

    // The deduction that the venue publishes beside each bracket: Binance's cum, Bybit's mmDeduction.
    [TestCase("binance-usdt-futures", "BTCUSDT", 2, 3_000_000, 0.0065, 1_500)]
    [TestCase("binance-usdt-futures", "BTCUSDT", 11, 1_800_000_000, 0.5, 421_482_000)]
    [TestCase("bybit-unified", "BTCUSDT", 1, 2_600_000, 0.0056, 1_200)]
    [TestCase("bybit-unified", "BTCUSDT", 34, 1_200_000_000, 0.6, 226_382_000)]
    [TestCase("bybit-unified", "ETHUSDT", 34, 1_000_000_000, 0.6, 138_018_220)]
    [TestCase("bybit-unified", "SOLUSDT", 13, 10_000_000, 0.025, 81_135)]
    [TestCase("bybit-unified", "XRPUSDT", 34, 300_000_000, 0.5, 66_399_135)]
    [TestCase("bybit-unified", "SUIUSDT", 29, 40_000_000, 0.5, 11_897_300)]
    [TestCase("bybit-unified", "TRXUSDT", 29, 35_000_000, 0.6, 15_809_000)]
    [TestCase("bybit-unified", "UNIUSDT", 29, 15_000_000, 0.4002, 2_670_780)]
    [TestCase("binance-usdt-futures", "ETHUSDT", 5, 65_000_000, 0.025, 382_000)]
    [TestCase("binance-usdt-futures", "SOLUSDT", 9, 400_000_000, 0.5, 66_731_475)]
    [TestCase("binance-usdt-futures", "1000PEPEUSDT", 3, 1_500_000, 0.02, 2_570)]
    [TestCase("dydx", "BTCUSD", 0, 1_000_000_000_000d, 0.012, 0)]
    [TestCase("dydx", "SOLUSD", 0, 1_000_000_000_000d, 0.03, 0)]
    [TestCase("dydx", "XRPUSD", 0, 1_000_000_000_000d, 0.05, 0)]
    public void BracketsAreThePublishedOnes(string name, string ticker, int index, decimal cap, decimal rate, decimal deduction)
    {
        var tiers = Find(name).TiersOf(ticker)!;
        Assert.That(tiers[index].Cap, Is.EqualTo(cap));
        Assert.That(tiers[index].MaintenanceRate, Is.EqualTo(rate));
        Assert.That(tiers.Deduction(index), Is.EqualTo(deduction));
        Assert.That(tiers.Maintenance(cap), Is.EqualTo((cap * rate) - deduction));
    }

    [Test]
    public void OnlyBybitPoolsCollateral()
    {
        Assert.That(VenueProfiles.KnownNames.Where(name => Find(name).PoolsCollateral), Is.EqualTo(new[] { "bybit-unified" }));
        Assert.That(Find("bybit-unified").CollateralRatios.Values, Is.All.GreaterThan(0m).And.All.LessThanOrEqualTo(1m));
    }

    [TestCase("binance-usdt-futures", 8)]
    [TestCase("bybit-unified", 8)]
    [TestCase("dydx", 1)]
    public void FundingIsAtTheVenuesHours(string name, int hours)
        => Assert.That(Find(name).Funding.IntervalAfter("BTCUSDT", new DateTime(2026, 1, 1)), Is.EqualTo(TimeSpan.FromHours(hours)));

    private static VenueProfile Find(string name) => VenueProfiles.Find(name)!;
}
