using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Venues;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Configuration;

/// <summary>Values exactly at the edge of what is allowed, and every value in its place.</summary>
[TestFixture]
public sealed class ConfigurationLimitsTests
{
    private const string Bybit = "bybit:perpetual:BTCUSDT";

    [TestCase("max-spread", "1")]
    [TestCase("maker-spread", "1")]
    [TestCase("maker-spread", "0")]
    [TestCase("maker-notional", "1000000000000000")]
    [TestCase("latency-penalty", "1")]
    [TestCase("latency-penalty", "0")]
    [TestCase("concentration-limit", "1")]
    [TestCase("concentration-warn", "0.9")]
    [TestCase("warn-distance", "0.9799")]
    [TestCase("exit-distance", "0")]
    [TestCase("headroom-reserve", "0")]
    [TestCase("headroom-reserve", "0.9999")]
    [TestCase("distance-hysteresis", "0")]
    [TestCase("distance-hysteresis", "0.0499")]
    [TestCase("order-budget", "1")]
    [TestCase("backoff", "366.00:00:00")]
    [TestCase("backoff", "00:00:00.0000001")]
    [TestCase("funding-horizon", "00:00:00")]
    [TestCase("BTC.max-exposure", "1000000000000000")]
    [TestCase("BTC.max-naked", "0.0000001")]
    [TestCase("bybit.leverage", "1")]
    [TestCase("bybit.buffer", "0")]
    [TestCase("bybit.order-latency", "00:00:00")]
    [TestCase("latency", "00:00:00")]
    [TestCase("seed", "-2147483648")]
    [TestCase("BTC.ratio", "0")]
    [TestCase("BTC.band", "0")]
    [TestCase("BTC.notional", "0")]
    [TestCase("to", "2025-01-01")]
    [TestCase("bybit.funding", "1.00:00:00")]
    [TestCase("bybit.perpetual-fees", "0/0")]
    public void AtItsLimitAValueIsGood(string name, string value) => Assert.That(Errors((name, value)), Is.Empty);

    [TestCase("max-spread", "1.0000001")]
    [TestCase("maker-spread", "1.0000001")]
    [TestCase("maker-notional", "1000000000000000.1")]
    [TestCase("latency-penalty", "1.0000001")]
    [TestCase("concentration-warn", "1.0000001")]
    [TestCase("headroom-reserve", "1")]
    [TestCase("headroom-reserve", "-0.0001")]
    [TestCase("backoff", "366.00:00:00.0000001")]
    [TestCase("funding-horizon", "366.00:00:00.0000001")]
    [TestCase("BTC.max-exposure", "1000000000000000.1")]
    [TestCase("bybit.leverage", "0.9999999")]
    [TestCase("bybit.buffer", "-0.0000001")]
    [TestCase("seed", "2147483648")]
    [TestCase("seed", "1.0")]
    [TestCase("BTC.notional", "-0.0000001")]
    [TestCase("BTC.ratio", "1e3")]
    [TestCase("BTC.ratio", "1,000")]
    [TestCase("BTC.ratio", "0x1")]
    public void BeyondItsLimitAValueIsOneError(string name, string value)
    {
        var errors = Errors((name, value));

        Assert.That(errors, Has.Count.EqualTo(1));
        Assert.That(errors[0], Does.StartWith($"{name} '{value}' "));
    }

    [TestCase("bybit:perpetual:1000BTCUSDT=0")]
    [TestCase("bybit:perpetual:1000BTCUSDT=-1")]
    [TestCase("bybit:perpetual:1000BTCUSDT=")]
    [TestCase("1000BTCUSDT=1000")]
    [TestCase("=1000")]
    public void UnitsAreOfAnInstrumentAndPositive(string units)
        => Assert.That(Errors(("BTC.units", units)).Single(), Does.StartWith($"BTC.units '{units}' is not market:kind:ticker=UNITS with positive units"));

    [TestCase("1MBTCUSDT", "multiplier prefix '1M'")]
    [TestCase("KBTCUSDT", "multiplier prefix 'K'")]
    [TestCase("10BTCUSDT", "multiplier prefix '10'")]
    [TestCase("XBTCUSDT", "another underlying")]
    [TestCase("1XBTCUSDT", "another underlying")]
    [TestCase("ETHUSDT", "another underlying")]
    public void ATickerIsOfItsGroupOrHasAKnownPrefix(string ticker, string expected)
        => Assert.That(Errors(("BTC.hedges", $"bybit:perpetual:{ticker}"), ("bybit.fallback-tiers", "10000:0.05:10")).Single(), Does.Contain($"bybit:perpetual:{ticker} has ").And.Contain(expected));

    [Test]
    public void EveryValueStandsInItsPlace()
    {
        var configuration = Read(
            ("strategy", "churn"), ("seed", "7"), ("resolution", "second"), ("account-currency", "USDC"), ("conversion-market", "bybit"), ("liquidation-marks", "adverse"),
            ("latency", "none"), ("BTC.ratio", "0.5"), ("BTC.band", "0.25"), ("BTC.notional", "5000"), ("binance-spot.buffer", "3"), ("binance-spot.leverage", "2"));

        Assert.That(
            (configuration.Strategy, configuration.Seed, configuration.Resolution, configuration.AccountCurrency, configuration.ConversionMarket, configuration.AdverseMarks),
            Is.EqualTo(("churn", 7, "second", "USDC", "bybit", true)));
        Assert.That((configuration.From, configuration.To), Is.EqualTo((new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(2025, 1, 2, 0, 0, 0, DateTimeKind.Utc))));
        Assert.That(configuration.Latency, Is.EqualTo(Latency.None));
        var group = configuration.Groups.Single();
        Assert.That((group.Name, group.Ratio, group.Band, group.Notional), Is.EqualTo(("BTC", 0.5m, 0.25m, 5_000m)));
        Assert.That(configuration.Accounts.Where(account => account.Name == "binance-spot").Select(account => (account.Buffer, account.Leverage)), Is.EqualTo(new[] { (3m, 2m) }));
    }

    [Test]
    public void WhatIsNotSaidHasItsDefault()
    {
        var configuration = Read();
        var group = configuration.Groups.Single();

        Assert.That((configuration.Strategy, configuration.Seed, configuration.Resolution, configuration.AccountCurrency, configuration.ConversionMarket), Is.EqualTo(("inventory", 1, "minute", "USDT", "binance")));
        Assert.That((group.Ratio, group.Band, group.Notional), Is.EqualTo((1m, 0m, 10_000m)));
        Assert.That(configuration.Accounts.Select(account => account.Buffer), Is.All.EqualTo(0m));
    }

    [Test]
    public void WhatStrategiesGoByStandsInItsPlace()
    {
        var defaults = new StrategySettings();
        Assert.That(Read().Strategies, Is.EqualTo(defaults));

        var strategies = Read(
            ("inventory-drift", "0.2"), ("carry-horizon", "10.00:00:00"), ("carry-window", "3.00:00:00"), ("carry-confirm", "2"), ("carry-exit", "0.25"),
            ("convergence-window", "02:00:00"), ("convergence-entry", "4"), ("convergence-exit", "1"), ("convergence-timeout", "06:00:00"),
            ("least-profit", "0.001"), ("capital-cost", "0.08")).Strategies;
        Assert.That(strategies, Is.EqualTo(new StrategySettings
        {
            InventoryDrift = 0.2m,
            CarryHorizon = TimeSpan.FromDays(10),
            CarryWindow = TimeSpan.FromDays(3),
            CarryConfirm = 2,
            CarryExit = 0.25m,
            ConvergenceWindow = TimeSpan.FromHours(2),
            ConvergenceEntry = 4m,
            ConvergenceExit = 1m,
            ConvergenceTimeout = TimeSpan.FromHours(6),
            LeastProfit = 0.001m,
            CapitalCost = 0.08m,
        }));
    }

    [Test]
    public void WhatStrategiesCannotGoByIsSaidAllAtOnce()
    {
        var errors = Errors(
            ("inventory-drift", "0"), ("carry-horizon", "00:00:00"), ("carry-window", "7"), ("carry-confirm", "0"), ("carry-exit", "-1"),
            ("convergence-window", "00:29:00"), ("convergence-entry", "0"), ("convergence-exit", "-1"), ("convergence-timeout", "-01:00:00"),
            ("least-profit", "2"), ("capital-cost", "free"));

        Assert.That(
            errors.Select(error => error.Split(' ')[0]),
            Is.EquivalentTo(new[] { "inventory-drift", "carry-horizon", "carry-window", "carry-confirm", "carry-exit", "convergence-window", "convergence-entry", "convergence-exit", "convergence-timeout", "least-profit", "capital-cost" }));
        Assert.That(Errors(("convergence-exit", "3"), ("convergence-entry", "3")).Single(), Does.StartWith("convergence-exit 3 is not below convergence-entry 3"));
    }

    [Test]
    public void ListsAreReadWithoutBlanksAndBlankIsNotSaid()
    {
        var configuration = Read(("groups", " BTC , "), ("BTC.hedges", $" {Bybit} ,"), ("strategy", "  "));

        Assert.That((configuration.Groups.Single().Hedges.Single().ToString(), configuration.Strategy), Is.EqualTo((Bybit, "inventory")));
    }

    [Test]
    public void UnknownNamesAreToldInTheirOrderWithWhatIsKnown()
    {
        var errors = Errors(("zebra", "1"), ("apple", "1"), ("BTC.zebra", "1"));

        Assert.That(errors.Select(error => error[..error.IndexOf(" is unknown", StringComparison.Ordinal)]), Is.EqualTo(new[] { "parameter 'BTC.zebra'", "parameter 'apple'", "parameter 'zebra'" }));
        Assert.That(errors, Is.All.Contain("GROUP.primary|hedges").And.All.Contain("with GROUP of BTC").And.All.Contain("VENUE.max-exposure|").And.All.Contain("bybit"));
    }

    [TestCase("x.BTC.ratio")]
    [TestCase(".ratio")]
    [TestCase("BTC.")]
    [TestCase("ratio")]
    [TestCase("bybit.ratio")]
    [TestCase("BTC.leverage")]
    [TestCase("kraken.tiers.x")]
    public void AParameterStandsOnlyWhereItBelongs(string name)
        => Assert.That(Errors((name, "1")).Single(), Does.StartWith($"parameter '{name}' is unknown"));

    [Test]
    public void AGroupIsNoVenueAndEachStandsOnce()
    {
        Assert.That(Errors(("groups", "BTC,BTC")), Has.One.StartsWith("groups names 'BTC' 2 times: "));
        Assert.That(Errors(("groups", "BTC,kraken"), ("kraken.primary", "kraken:spot:KRAKENUSD"), ("kraken.hedges", "bybit:perpetual:KRAKENUSDT")), Has.One.StartsWith("groups names 'kraken', which is a venue"));
    }

    [Test]
    public void ALegStandsOnceInItsGroupAndInNoOther()
    {
        Assert.That(Errors(("BTC.hedges", $"{Bybit},{Bybit}")), Is.EqualTo(new[] { $"BTC.hedges names {Bybit} 2 times: name each leg once." }));
        var shared = Errors(
            ("groups", "BTC,BTCX"), ("BTCX.primary", "binance:spot:BTCXUSDT"), ("BTCX.hedges", "bybit:perpetual:BTCXUSDT"), ("BTC.hedges", $"{Bybit},bybit:perpetual:BTCXUSDT"), ("bybit.fallback-tiers", "10000:0.05:10"));
        Assert.That(shared, Is.EqualTo(new[] { "bybit:perpetual:BTCXUSDT is used by the groups BTC and BTCX: an instrument belongs to one group." }));
    }

    [Test]
    public void APrimaryThatIsMissingIsToldOnce()
    {
        var (value, errors, instruments) = HedgeConfiguration.Parse(Valid(("BTC.primary", "")));

        Assert.That(value, Is.Null);
        Assert.That(errors, Is.EqualTo(new[] { "BTC.primary is missing: set it to market:kind:ticker, for example binance:spot:BTCUSDT." }));
        Assert.That(instruments.Select(id => id.ToString()), Is.EqualTo(new[] { Bybit }), "what was understood is told");
    }

    [Test]
    public void AConversionIsSubscribedOnlyWhereNothingTradedPricesTheUnderlying()
    {
        Assert.That(Read().Conversions, Is.Empty);
        Assert.That(Read(("account-currency", "USDC")).Conversions.Select(id => id.ToString()), Is.EqualTo(new[] { "binance:spot:BTCUSDC" }));
        Assert.That(
            Read(("BTC.primary", "binance:perpetual:BTCUSDT"), ("binance-futures.cash", "USDT:1"), ("conversion-market", "kraken")).Conversions.Select(id => id.ToString()),
            Is.EqualTo(new[] { "kraken:spot:BTCUSDT" }),
            "a perpetual converts nothing");
    }

    [Test]
    public void NoticesAreOfWhatIsTraded()
    {
        var asOf = VenueProfiles.Find("bybit-unified")!.AsOf;
        var notices = Read(("from", $"{asOf:yyyy-MM-dd}"), ("to", $"{asOf:yyyy-MM-dd}"), ("kraken.cash", "USD:0"), ("bybit.max-naked", "5"), ("kraken.max-naked", "5"), ("coinbase.max-naked", "5")).Notices;

        Assert.That(notices.Select(notice => notice[..notice.IndexOf(' ', StringComparison.Ordinal)]), Is.EqualTo(new[] { "coinbase", "kraken" }));
        Assert.That(notices, Is.All.Contain("has limits ("));
    }

    [Test]
    public void AGroupIsMadeOfItsInstruments()
    {
        var group = Read(("BTC.hedges", $"{Bybit},binance:perpetual:BTCUSDT"), ("BTC.split", "weights"), ("BTC.weights", $"{Bybit}=0.6,binance:perpetual:BTCUSDT=0.4"), ("BTC.keep", "true"), ("BTC.maker", "true"), ("BTC.pair-order", "together"), ("BTC.max-naked", "5"))
            .Groups.Single();
        var made = group.ToGroup(id => new Instrument(id, "BTC", "USDT", 1m, 0.001m, 0m, 0m));

        Assert.That(made.Hedges.Prepend(made.Primary).Select(instrument => instrument.Id), Is.EqualTo(group.Hedges.Prepend(group.Primary)));
        Assert.That((made.Split, made.PairOrder, made.IsMakerFirst, made.KeepsPrimary, made.Limits), Is.EqualTo((group.Split, group.PairOrder, true, true, group.Limits)));
        Assert.That(made.Weights, Is.EqualTo(new[] { 0.6m, 0.4m }));
    }

    [Test]
    public void AnExceptionCarriesEveryError()
    {
        var exception = new HedgeConfigurationException(["one.", "two."]);

        Assert.That(exception.Errors, Is.EqualTo(new[] { "one.", "two." }));
        Assert.That(exception.Message, Is.EqualTo("one." + Environment.NewLine + "two."));
    }

    [TestCase("USDT:1:2")]
    [TestCase("USDT:x")]
    [TestCase("USDT:-0.1")]
    public void ABalanceIsACurrencyAndAnAmount(string text)
        => Assert.That(Errors(("bybit.cash", text)), Has.One.StartsWith($"bybit.cash '{text}' is not CURRENCY:AMOUNT"));

    [TestCase("bybit.tiers", "=50000:0.004:125", "is not TICKER=CAP:RATE:LEVERAGE/")]
    [TestCase("bybit.tiers", "BTCUSDT=x:0.004:125", "'x:0.004:125' is not CAP:RATE:LEVERAGE")]
    [TestCase("bybit.tiers", "BTCUSDT=50000:x:125", "'50000:x:125' is not CAP:RATE:LEVERAGE")]
    [TestCase("bybit.tiers", "BTCUSDT=50000:0.004:x", "'50000:0.004:x' is not CAP:RATE:LEVERAGE")]
    [TestCase("bybit.tiers", "BTCUSDT=50000:0.004:125:1", "'50000:0.004:125:1' is not CAP:RATE:LEVERAGE")]
    [TestCase("bybit.spot-fees", "x:0.1/0.1", "is not MAKER/TAKER or VOLUME:MAKER/TAKER")]
    [TestCase("bybit.spot-fees", "x/0.1", "is not MAKER/TAKER or VOLUME:MAKER/TAKER")]
    [TestCase("bybit.spot-fees", "0.1/x", "is not MAKER/TAKER or VOLUME:MAKER/TAKER")]
    [TestCase("bybit.spot-fees", "0.1/0.1/0.1", "is not MAKER/TAKER or VOLUME:MAKER/TAKER")]
    [TestCase("bybit.funding", "BTCUSDT@2025=04:00:00", "is not TICKER@yyyy-MM-ddTHH:mm=hh:mm:ss")]
    [TestCase("bybit.funding", "A@B@2025-05-02T08:00=04:00:00", "is not TICKER@yyyy-MM-ddTHH:mm=hh:mm:ss")]
    public void APartThatCannotBeReadIsOneError(string name, string value, string expected)
        => Assert.That(Errors((name, value)).Single(), Does.StartWith(name).And.Contain(expected));

    [Test]
    public void ChangesOfFundingStandInTheOrderOfTime()
    {
        var funding = Read(("bybit.funding", "btcusdt@2025-05-02T08:00=01:00:00,BTCUSDT@2025-04-02T08:00=02:00:00")).Accounts.Single(account => account.Name == "bybit").Profile.Funding;

        Assert.That(funding.Changes.Select(change => (change.Ticker, change.FromUtc.Month)), Is.EqualTo(new[] { ("BTCUSDT", 4), ("BTCUSDT", 5) }));
        Assert.That(funding.IntervalAfter("BTCUSDT", new DateTime(2025, 6, 1, 0, 0, 0, DateTimeKind.Utc)), Is.EqualTo(TimeSpan.FromHours(1)));
    }

    [Test]
    public void AnOwnBracketReplacesThatOfItsTickerAlone()
    {
        var profile = Read(("bybit.tiers", " btcusdt = 50000:0.004:125 / 250000:0.005:100 ")).Accounts.Single(account => account.Name == "bybit").Profile;

        Assert.That((profile.TiersOf("BTCUSDT")!.Count, profile.TiersOf("BTCUSDT")!.Limit), Is.EqualTo((2, 250_000m)));
        Assert.That(profile.TiersOf("ETHUSDT"), Is.SameAs(VenueProfiles.Find("bybit-unified")!.TiersOf("ETHUSDT")));
    }

    [Test]
    public void FeesAreThoseOfTheirKind()
    {
        var bybit = Read(("bybit.spot-fees", "0.001/0.002"), ("bybit.perpetual-fees", "0.0001/0.0002,1000:0.0001/0.0001")).Accounts.Single(account => account.Name == "bybit");

        Assert.That(bybit.FeesOf(InstrumentKind.Spot)!.Tiers, Is.EqualTo(new[] { new FeeTier(0m, 0.001m, 0.002m) }));
        Assert.That(bybit.FeesOf(InstrumentKind.LinearPerpetual)!.Tiers, Is.EqualTo(new[] { new FeeTier(0m, 0.0001m, 0.0002m), new FeeTier(1_000m, 0.0001m, 0.0001m) }));
    }

    [Test]
    public void OnlyAccountsInUseOrConfiguredAreThere()
    {
        Assert.That(Read().Accounts.Select(account => account.Name), Is.EqualTo(new[] { "binance-spot", "bybit" }));
        Assert.That(Read(("kraken.cash", "USD:5")).Accounts.Select(account => account.Name), Is.EqualTo(new[] { "binance-spot", "bybit", "kraken" }));
        Assert.That(
            Read(("conversion-market", "coinbase"), ("account-currency", "USD")).Accounts.Select(account => account.Name),
            Is.EqualTo(new[] { "binance-spot", "bybit", "coinbase" }),
            "what converts needs its route");
    }

    [Test]
    public void ExcludedCoinsAreNoMoreThanThereAreAndNoMoney()
    {
        Assert.That(Errors(("bybit.cash", "USDT:40000,BTC:1"), ("bybit.excluded", "BTC:1")), Is.Empty);
        Assert.That(Errors(("bybit.cash", "USDT:40000,BTC:1"), ("bybit.excluded", "BTC:0.75")).Single(), Does.Contain("0.25 of the coins have no hedge and are not excluded"));
        Assert.That(Errors(("bybit.cash", "USDT:40000,BTC:1"), ("bybit.excluded", "BTC:1.5")).Single(), Does.StartWith("bybit.excluded 'BTC:1.5' is more than the account opens with, BTC:1 in bybit.cash"));
        Assert.That(Errors(("bybit.excluded", "USDT:5")).Single(), Does.Contain("USDT is what the account pays with"));
    }

    [Test]
    public void TheTotalAgreesInEveryCurrency()
    {
        Assert.That(Errors(("cash", "USDT:100000"), ("kraken.cash", "USD:5")), Is.EqualTo(new[] { "opening balances of USD add up to 5 over the accounts, and cash sets 0: correct one of them, or leave cash out." }));
        Assert.That(Errors(("cash", "USDT:100000,USD:5"), ("kraken.cash", "USD:5")), Is.Empty);
    }

    private static HedgeConfiguration Read(params (string Name, string Value)[] changes)
    {
        var (configuration, errors, _) = HedgeConfiguration.Parse(Valid(changes));
        Assert.That(errors, Is.Empty);
        return configuration!;
    }

    private static IReadOnlyList<string> Errors(params (string Name, string Value)[] changes) => HedgeConfiguration.Parse(Valid(changes)).Errors;

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
            ["BTC.hedges"] = Bybit,
        };
        foreach (var (name, value) in changes)
        {
            parameters[name] = value;
        }

        return parameters.Where(parameter => parameter.Value.Length > 0).ToDictionary();
    }
}
