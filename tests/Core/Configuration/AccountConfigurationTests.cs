using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Venues;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Configuration;

/// <summary>The accounts of a configuration: opening money, profiles, brackets, fees and times.</summary>
[TestFixture]
public sealed class AccountConfigurationTests
{
    [TestCase("bybit.tiers", "BTCUSDT=250000:0.01:50/50000:0.004:125", "bybit.tiers 'BTCUSDT=250000:0.01:50/50000:0.004:125': ")]
    [TestCase("bybit.tiers", "BTCUSDT=50000:0.01:50/250000:0.004:25", "bybit.tiers 'BTCUSDT=50000:0.01:50/250000:0.004:25': ")]
    [TestCase("bybit.tiers", "BTCUSDT=50000:0.004:50/250000:0.01:100", "bybit.tiers 'BTCUSDT=50000:0.004:50/250000:0.01:100': ")]
    [TestCase("bybit.tiers", "BTCUSDT=50000:-0.004:50", "bybit.tiers 'BTCUSDT=50000:-0.004:50': ")]
    [TestCase("bybit.tiers", "BTCUSDT=50000:0.004", "'50000:0.004' is not CAP:RATE:LEVERAGE, for example")]
    [TestCase("bybit.tiers", "50000:0.004:125", "is not TICKER=CAP:RATE:LEVERAGE/CAP:RATE:LEVERAGE, for example")]
    [TestCase("bybit.fallback-tiers", "50000:0.01:50/10000:0.02:25", "bybit.fallback-tiers '50000:0.01:50/10000:0.02:25': ")]
    [TestCase("bybit.perpetual-fees", "-0.0001/0.0004", "bybit.perpetual-fees '-0.0001/0.0004': fees -0.0001/0.0004 must be fractions of 0 or more")]
    [TestCase("bybit.spot-fees", "0.0002/-0.0004", "bybit.spot-fees '0.0002/-0.0004': fees 0.0002/-0.0004 must be fractions of 0 or more")]
    [TestCase("bybit.spot-fees", "0.0002/0.0004,1000000:0.0001/0.0005", "row 2, from volume 1000000: volumes must rise and fees must not")]
    [TestCase("bybit.spot-fees", "1000:0.0002/0.0004", "the first row must hold from volume 0")]
    [TestCase("bybit.spot-fees", "0.0002", "is not MAKER/TAKER or VOLUME:MAKER/TAKER")]
    [TestCase("bybit.order-latency", "-00:00:00.005", "bybit.order-latency '-00:00:00.005' is not a time of 0 or more as hh:mm:ss.fff")]
    [TestCase("bybit.order-latency", "50", "bybit.order-latency '50' is not a time")]
    [TestCase("bybit.data-delay", "-00:00:01", "bybit.data-delay '-00:00:01' is not a time of 0 or more")]
    [TestCase("latency", "-00:00:01", "latency '-00:00:01' is not none, venue or a time of 0 or more")]
    [TestCase("latency", "100", "latency '100' is not none, venue or a time")]
    [TestCase("latency", "fast", "latency 'fast' is not none, venue or a time")]
    [TestCase("price-max-age", "5", "price-max-age '5' is not a positive time")]
    [TestCase("bybit.funding", "03:30:00", "03:30:00 is not a whole number of hours that divides a day")]
    [TestCase("bybit.funding", "05:00:00", "05:00:00 is not a whole number of hours that divides a day")]
    [TestCase("bybit.funding", "-08:00:00", "-08:00:00 is not a whole number of hours that divides a day")]
    [TestCase("bybit.funding", "often", "is not hh:mm:ss or TICKER@")]
    [TestCase("bybit.funding", "BTCUSDT=04:00:00", "is not TICKER@yyyy-MM-ddTHH:mm=hh:mm:ss")]
    [TestCase("bybit.leverage", "0.5", "bybit.leverage '0.5' must be a number of 1 or more")]
    [TestCase("bybit.buffer", "-1", "bybit.buffer '-1' must be a number of 0 or more")]
    [TestCase("bybit.profile", "mtgox", "bybit.profile 'mtgox' does not exist: use one of binance-spot, binance-usdt-futures, bybit-unified, ")]
    [TestCase("bybit.colour", "red", "parameter 'bybit.colour' is unknown: use one of ")]
    [TestCase("okx.cash", "USDT:1", "parameter 'okx.cash' is unknown: use one of ")]
    [TestCase("cash", "USDT:100", "opening balances of USDT add up to 100000 over the accounts, and cash sets 100: correct one of them, or leave cash out")]
    [TestCase("cash", "USDT:100000,BUSD:5", "opening balances of BUSD add up to 0 over the accounts, and cash sets 5")]
    [TestCase("BTC.hedges", "bybit:perpetual:BTCBUSD", "bybit:perpetual:BTCBUSD")]
    public void OneFaultIsOneClearError(string name, string value, string expected)
    {
        var (configuration, errors, _) = HedgeConfiguration.Parse(Valid((name, value)));

        Assert.That(configuration, Is.Null);
        Assert.That(errors, Has.Count.EqualTo(1));
        Assert.That(errors[0], Does.Contain(expected));
    }

    [Test]
    public void MoneyOfSeveralAccountsMustBeDivided()
    {
        Assert.That(
            HedgeConfiguration.Parse(Valid(("binance-spot.cash", ""), ("bybit.cash", ""), ("cash", "USDT:100000"))).Errors,
            Is.EqualTo(new[] { "cash USDT:100000 is not divided: say what each account opens with in binance-spot.cash and bybit.cash." }));
        Assert.That(
            HedgeConfiguration.Parse(Valid(("binance-spot.cash", ""), ("bybit.cash", ""))).Errors,
            Is.EqualTo(new[] { "no account has money: set binance-spot.cash and bybit.cash, for example to USDT:50000." }));
    }

    [Test]
    public void CashSufficesWhereOneAccountIsTraded()
    {
        var configuration = Read(("binance-spot.cash", ""), ("bybit.cash", ""), ("cash", "USDT:5000"), ("conversion-market", "bybit"), ("BTC.primary", "bybit:spot:BTCUSDT"));
        Assert.That(configuration.Accounts.Single().Opening, Is.EqualTo(new[] { ("USDT", 5_000m) }));
    }

    [Test]
    public void CashThatIsTheSumOfTheAccountsIsAccepted()
        => Assert.That(Read(("cash", "USDT:100000")).Accounts.Sum(account => account.Opening.Single().Amount), Is.EqualTo(100_000m));

    [TestCase("desk=binance:spot+bybit:spot+bybit:perpetual", "account desk is claimed by the venues binance and bybit: an account is one login at one venue")]
    [TestCase("desk=binance:spot,a=bybit:spot+bybit:perpetual,b=bybit:perpetual", "route bybit:perpetual is served by the accounts a and b: a route belongs to one account")]
    [TestCase("desk=binance:spot,desk=bybit:perpetual", "accounts names desk twice")]
    [TestCase("desk=binance:spot+bitmex:perpetual,a=bybit:perpetual", "no venue serves the route bitmex:perpetual; known routes are ")]
    [TestCase("binance:spot,a=bybit:perpetual", "accounts 'binance:spot' is not NAME=route or NAME=route+route")]
    [TestCase("desk=binance:spot", "bybit:perpetual:BTCUSDT: no account serves the route bybit:perpetual: add it to accounts, as in accounts = desk=bybit:perpetual")]
    public void AccountsThatCannotBeAreTold(string accounts, string expected)
    {
        var (configuration, errors, _) = HedgeConfiguration.Parse(Valid(("accounts", accounts), ("binance-spot.cash", ""), ("bybit.cash", ""), ("desk.cash", "USDT:1")));
        Assert.That(configuration, Is.Null);
        Assert.That(errors, Has.Some.Contains(expected));
    }

    [TestCase("desk=binance:spot+binance:perpetual")]
    [TestCase("desk=binance:perpetual+binance:spot")]
    public void AnAccountOfOnesOwnServesItsRoutesInEitherOrder(string accounts)
    {
        var configuration = Read(
            ("accounts", accounts), ("binance-spot.cash", ""), ("bybit.cash", ""), ("desk.cash", "USDT:5000"), ("desk.leverage", "2"), ("BTC.hedges", "binance:perpetual:BTCUSDT"));
        var desk = configuration.Accounts.Single();
        Assert.That(desk.Name, Is.EqualTo("desk"));
        Assert.That(desk.Leverage, Is.EqualTo(2m));
        Assert.That(desk.Profile.Name, Is.EqualTo("binance-usdt-futures"));
    }

    [Test]
    public void WhatAnAccountStatesReplacesItsProfile()
    {
        var bybit = Read(
            ("bybit.tiers", "BTCUSDT=50000:0.004:125/250000:0.005:100"),
            ("bybit.perpetual-fees", "0.0002/0.0005, 1000000:0.0001/0.0004"),
            ("bybit.funding", "04:00:00, BTCUSDT@2025-05-02T08:00=01:00:00"),
            ("bybit.order-latency", "00:00:00.050"),
            ("bybit.data-delay", "00:00:00"),
            ("bybit.buffer", "10"),
            ("latency", "00:00:00.100"),
            ("liquidation-marks", "adverse")).Accounts.Single(account => account.Name == "bybit");
        Assert.That(bybit.Profile.TiersOf("BTCUSDT")!.Count, Is.EqualTo(2));
        Assert.That(bybit.Profile.TiersOf("ETHUSDT"), Is.Not.Null, "other tickers keep the profile's brackets");
        Assert.That(bybit.FeesOf(InstrumentKind.LinearPerpetual)!.At(1_000_000m), Is.EqualTo(new FeeTier(1_000_000m, 0.0001m, 0.0004m)));
        Assert.That(bybit.FeesOf(InstrumentKind.Spot), Is.Null);
        Assert.That(bybit.Profile.Funding.IntervalAfter("ETHUSDT", Day), Is.EqualTo(TimeSpan.FromHours(4)));
        Assert.That(bybit.Profile.Funding.IntervalAfter("BTCUSDT", new DateTime(2025, 5, 2, 8, 0, 0, DateTimeKind.Utc)), Is.EqualTo(TimeSpan.FromHours(1)));
        Assert.That(bybit.Profile.OrderLatency, Is.EqualTo(TimeSpan.FromMilliseconds(50)));
        Assert.That(bybit.Profile.DataDelay, Is.EqualTo(TimeSpan.Zero));
        Assert.That(bybit.Buffer, Is.EqualTo(10m));
    }

    [TestCase("none", null)]
    [TestCase("venue", null)]
    [TestCase("00:00:00.100", 100.0)]
    [TestCase("00:00:00", 0.0)]
    public void LatencyIsRead(string text, double? milliseconds)
    {
        var latency = Read(("latency", text)).Latency;
        Assert.That(latency.Fixed?.TotalMilliseconds, Is.EqualTo(milliseconds));
        Assert.That(latency == Latency.None, Is.EqualTo(text == "none"));
    }

    [Test]
    public void AnInstrumentWithoutBracketsIsRefusedUnlessThereIsAFallback()
    {
        (string, string)[] unlisted = [("groups", "XYZ"), ("XYZ.primary", "binance:spot:XYZUSDT"), ("XYZ.hedges", "bybit:perpetual:XYZUSDT"), ("BTC.primary", ""), ("BTC.hedges", "")];
        var errors = HedgeConfiguration.Parse(Valid(unlisted)).Errors;
        Assert.That(errors, Has.Count.EqualTo(1));
        Assert.That(errors[0], Does.Contain("bybit:perpetual:XYZUSDT").And.Contain("bybit.fallback-tiers"));
        var account = Read([.. unlisted, ("bybit.fallback-tiers", "10000:0.05:10")]).Accounts.Single(account => account.Name == "bybit");
        Assert.That(account.Profile.TiersOf("XYZUSDT")![0], Is.EqualTo(new MarginTier(10_000m, 0.05m, 10m)));
    }

    [Test]
    public void ATradedAccountWithoutMoneyIsSaidBeforeTheRun()
    {
        var notices = Read(("bybit.cash", "USDT:0")).Notices;

        Assert.That(notices, Has.Some.Contains("bybit opens without money").And.Some.Contains("set bybit.cash"));
    }

    [Test]
    public void ARunOlderThanItsBracketsGetsANoticeWithBothDates()
    {
        var asOf = VenueProfiles.Find("bybit-unified")!.AsOf;
        var before = asOf.AddDays(-1).ToString("yyyy-MM-dd");
        var notice = Read(("from", before), ("to", before)).Notices.Single();
        Assert.That(notice, Does.StartWith("bybit: ").And.Contain(before).And.Contain(asOf.ToString("yyyy-MM-dd")));
        var after = asOf.ToString("yyyy-MM-dd");
        Assert.That(Read(("from", after), ("to", after)).Notices, Is.Empty);
    }

    [Test]
    public void AllErrorsComeAtOnce()
        => Assert.That(
            HedgeConfiguration.Parse(Valid(
                ("bybit.tiers", "BTCUSDT=1:2"),
                ("bybit.perpetual-fees", "-1/0"),
                ("bybit.order-latency", "-00:00:01"),
                ("bybit.profile", "mtgox"),
                ("latency", "slow"),
                ("cash", "USDT:1"))).Errors,
            Has.Count.EqualTo(6));

    private static readonly DateTime Day = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static HedgeConfiguration Read(params (string Name, string Value)[] changes)
    {
        var (configuration, errors, _) = HedgeConfiguration.Parse(Valid(changes));
        Assert.That(errors, Is.Empty);
        return configuration!;
    }

    /// <summary>A configuration without faults, with changes; an empty value takes a parameter away.</summary>
    private static Dictionary<string, string> Valid(params (string Name, string Value)[] changes)
    {
        var parameters = new Dictionary<string, string>
        {
            ["from"] = "2025-01-01",
            ["to"] = "2025-01-02",
            ["binance-spot.cash"] = "USDT:60000",
            ["bybit.cash"] = "USDT:40000",
            ["groups"] = "BTC",
            ["BTC.primary"] = "binance:spot:BTCUSDT",
            ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
        };
        foreach (var (name, value) in changes)
        {
            parameters[name] = value;
        }

        return parameters.Where(parameter => parameter.Value.Length > 0).ToDictionary();
    }
}
