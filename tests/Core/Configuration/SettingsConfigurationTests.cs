using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Hedging;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Configuration;

/// <summary>How is hedged: patience, limits, distances, the split over legs, and coins that are no part of the book.</summary>
[TestFixture]
public sealed class SettingsConfigurationTests
{
    private const string Binance = "binance:perpetual:BTCUSDT";
    private const string Bybit = "bybit:perpetual:BTCUSDT";

    /// <summary>A value for each setting that is not its default and contradicts no other one's.</summary>
    private static readonly Dictionary<string, string> OtherSettings = new()
    {
        ["price-max-age"] = "00:01:00",
        ["max-spread"] = "0.01",
        ["backoff"] = "00:00:20",
        ["exit-backoff"] = "00:00:00.500",
        ["maker-patience"] = "00:00:05",
        ["maker-spread"] = "0",
        ["maker-notional"] = "5000",
        ["unknown-after"] = "00:00:11",
        ["query-every"] = "00:00:03",
        ["unknown-limit"] = "00:01:30",
        ["unwind-after"] = "00:02:00",
        ["return-after"] = "00:10:00",
        ["order-budget"] = "1",
        ["funding-horizon"] = "00:00:00",
        ["latency-penalty"] = "0",
        ["concentration-warn"] = "0.9",
        ["concentration-limit"] = "1",
        ["warn-distance"] = "0.3",
        ["headroom-reserve"] = "0",
        ["shrink-distance"] = "0.11",
        ["shrink-target"] = "0.16",
        ["exit-distance"] = "0",
        ["distance-hysteresis"] = "0",
    };

    private static IEnumerable<PropertyInfo> Settings
        => typeof(HedgeSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.Name != nameof(HedgeSettings.Venues));

    [Test]
    public void EverySettingHasAParameterOfItsName()
    {
        var names = Settings.Select(ParameterOf).ToArray();

        Assert.That(OtherSettings.Keys, Is.EquivalentTo(names), "one parameter for each setting");
        Assert.That(names, Is.SubsetOf(HedgeConfiguration.KnownParameters));
    }

    [TestCaseSource(nameof(Settings))]
    public void AParameterSetsItsSettingAndNoOther(PropertyInfo property)
    {
        var name = ParameterOf(property);
        var settings = Read((name, OtherSettings[name])).Settings;

        var expected = property.PropertyType == typeof(TimeSpan)
            ? TimeSpan.Parse(OtherSettings[name], CultureInfo.InvariantCulture)
            : Convert.ChangeType(OtherSettings[name], property.PropertyType, CultureInfo.InvariantCulture);
        Assert.That(property.GetValue(settings), Is.EqualTo(expected).And.Not.EqualTo(property.GetValue(new HedgeSettings())));
        foreach (var other in Settings.Where(other => other != property))
        {
            Assert.That(other.GetValue(settings), Is.EqualTo(other.GetValue(new HedgeSettings())), other.Name);
        }
    }

    [Test]
    public void WhatIsNotSetHasTheSettingsOwnDefault()
    {
        var configuration = Read();
        foreach (var property in Settings)
        {
            Assert.That(property.GetValue(configuration.Settings), Is.EqualTo(property.GetValue(new HedgeSettings())), property.Name);
        }

        var group = configuration.Groups.Single();
        Assert.That(configuration.Settings.Venues, Is.Empty);
        Assert.That(group.Split, Is.EqualTo(HedgeSplit.Preference));
        Assert.That(group.Weights, Is.Empty);
        Assert.That(group.PairOrder, Is.EqualTo(PairOrder.PrimaryFirst));
        Assert.That(group.IsMakerFirst, Is.False);
        Assert.That(group.KeepsPrimary, Is.False);
        Assert.That(group.Limits, Is.EqualTo(ExposureLimits.None));
        Assert.That(configuration.Accounts.SelectMany(account => account.Excluded), Is.Empty);
    }

    [TestCase("split", "preference", nameof(GroupConfiguration.Split), HedgeSplit.Preference)]
    [TestCase("split", "cost", nameof(GroupConfiguration.Split), HedgeSplit.Cost)]
    [TestCase("pair-order", "primary-first", nameof(GroupConfiguration.PairOrder), PairOrder.PrimaryFirst)]
    [TestCase("pair-order", "together", nameof(GroupConfiguration.PairOrder), PairOrder.Together)]
    [TestCase("pair-order", "hardest-first", nameof(GroupConfiguration.PairOrder), PairOrder.HardestFirst)]
    [TestCase("maker", "true", nameof(GroupConfiguration.IsMakerFirst), true)]
    [TestCase("maker", "false", nameof(GroupConfiguration.IsMakerFirst), false)]
    [TestCase("keep", "true", nameof(GroupConfiguration.KeepsPrimary), true)]
    [TestCase("keep", "false", nameof(GroupConfiguration.KeepsPrimary), false)]
    public void AGroupIsHedgedAsItSays(string parameter, string value, string property, object expected)
        => Assert.That(typeof(GroupConfiguration).GetProperty(property)!.GetValue(Read(("BTC." + parameter, value)).Groups.Single()), Is.EqualTo(expected));

    [Test]
    public void WeightsStandInTheOrderOfTheLegs()
    {
        var group = Read(("BTC.hedges", $"{Bybit},{Binance}"), ("BTC.split", "weights"), ("BTC.weights", $"{Binance}=0.4, {Bybit}=0.6")).Groups.Single();

        Assert.That(group.Split, Is.EqualTo(HedgeSplit.Weights));
        Assert.That(group.Weights, Is.EqualTo(new[] { 0.6m, 0.4m }));
    }

    [Test]
    public void ALegMayHaveNoWeightOfItsOwn()
        => Assert.That(Read(("BTC.hedges", $"{Bybit},{Binance}"), ("BTC.split", "weights"), ("BTC.weights", $"{Bybit}=1,{Binance}=0")).Groups.Single().Weights, Is.EqualTo(new[] { 1m, 0m }));

    [Test]
    public void GroupsAndVenuesHaveLimits()
    {
        var configuration = Read(
            ("BTC.max-exposure", "50000"), ("BTC.max-naked", "50000"), ("BTC.max-naked-time", "00:00:30"),
            ("binance.max-exposure", "50000"), ("binance.max-naked", "50000"), ("binance.max-naked-time", "00:00:30"),
            ("bybit.max-naked-time", "00:02:00"));

        Assert.That(configuration.Groups.Single().Limits, Is.EqualTo(new ExposureLimits(50_000m, 50_000m, TimeSpan.FromSeconds(30))));
        Assert.That(configuration.Settings.Venues, Is.EquivalentTo(new Dictionary<string, ExposureLimits>
        {
            ["binance"] = new(50_000m, 50_000m, TimeSpan.FromSeconds(30)),
            ["bybit"] = new(NakedTime: TimeSpan.FromMinutes(2)),
        }));
        Assert.That(configuration.Notices, Has.None.Contains("limit nothing"));
    }

    [Test]
    public void LimitsWhereNothingIsTradedAreSaid()
        => Assert.That(Read(("kraken.max-naked", "1")).Notices, Has.Some.Contains("kraken has limits").And.Some.Contains("they limit nothing"));

    [Test]
    public void AVenueAndAnAccountMayShareANameBecauseTheirParametersDoNot()
    {
        Assert.That(HedgeConfiguration.VenueParameters.Intersect(HedgeConfiguration.AccountParameters), Is.Empty);
        Assert.That(HedgeConfiguration.GroupParameters.Intersect(HedgeConfiguration.AccountParameters), Is.Empty);
    }

    [TestCase("max-spread", "0")]
    [TestCase("max-spread", "2")]
    [TestCase("backoff", "00:00:00")]
    [TestCase("backoff", "30")]
    [TestCase("backoff", "400.00:00:00")]
    [TestCase("exit-backoff", "-00:00:01")]
    [TestCase("maker-patience", "00:00:00")]
    [TestCase("maker-spread", "-0.1")]
    [TestCase("maker-notional", "0")]
    [TestCase("unknown-after", "soon")]
    [TestCase("query-every", "00:00:00")]
    [TestCase("unknown-limit", "00:00:00")]
    [TestCase("unwind-after", "00:00:00")]
    [TestCase("return-after", "00:00:00")]
    [TestCase("order-budget", "0")]
    [TestCase("order-budget", "1.5")]
    [TestCase("funding-horizon", "-08:00:00")]
    [TestCase("latency-penalty", "-0.1")]
    [TestCase("concentration-warn", "0")]
    [TestCase("concentration-limit", "1.1")]
    [TestCase("warn-distance", "1")]
    [TestCase("shrink-distance", "10%")]
    [TestCase("shrink-target", "-0.1")]
    [TestCase("exit-distance", "-0.1")]
    [TestCase("distance-hysteresis", "-0.01")]
    [TestCase("BTC.max-exposure", "0")]
    [TestCase("BTC.max-exposure", "79228162514264337593543950335")]
    [TestCase("BTC.max-naked", "-1")]
    [TestCase("BTC.max-naked-time", "00:00:00")]
    [TestCase("binance.max-exposure", "much")]
    [TestCase("bybit.max-naked", "0")]
    [TestCase("kraken.max-naked-time", "30")]
    [TestCase("BTC.split", "equal")]
    [TestCase("BTC.pair-order", "hedge-first")]
    [TestCase("BTC.maker", "yes")]
    [TestCase("BTC.keep", "1")]
    [TestCase("bybit.excluded", "BTC")]
    [TestCase("bybit.excluded", "BTC:-2")]
    public void AValueThatCannotBeIsOneErrorWithItsNameAndValue(string name, string value)
    {
        var errors = Errors((name, value));

        Assert.That(errors, Has.Count.EqualTo(1));
        Assert.That(errors[0], Does.StartWith($"{name} '{value}' "));
    }

    [TestCase("exit-distance", "0.1", "exit-distance 0.1 is not below shrink-distance 0.1: ")]
    [TestCase("shrink-distance", "0.16", "shrink-distance 0.16 is not below shrink-target 0.15: ")]
    [TestCase("shrink-target", "0.2", "shrink-target 0.2 is not below warn-distance 0.2: ")]
    [TestCase("warn-distance", "0.12", "shrink-target 0.15 is not below warn-distance 0.12: ")]
    [TestCase("distance-hysteresis", "0.05", "distance-hysteresis 0.05 must be less than 0.05, the room between exit-distance 0.05 and shrink-distance 0.1: ")]
    [TestCase("shrink-target", "0.11", "distance-hysteresis 0.02 must be less than 0.01, the room between shrink-distance 0.1 and shrink-target 0.11: ")]
    [TestCase("warn-distance", "0.99", "distance-hysteresis 0.02 must be less than 0.01, the room between warn-distance 0.99 and 1: ")]
    [TestCase("concentration-warn", "0.95", "concentration-warn 0.95 is above concentration-limit 0.9: ")]
    public void SettingsThatContradictEachOtherAreOneErrorWithBothNames(string name, string value, string expected)
    {
        var errors = Errors((name, value));

        Assert.That(errors, Has.Count.EqualTo(1));
        Assert.That(errors[0], Does.StartWith(expected));
    }

    [Test]
    public void ARefusedValueIsNotAlsoAContradiction()
    {
        // 0.3 would be above the default of the value that cannot be read.
        Assert.That(Errors(("shrink-target", "0.3"), ("warn-distance", "40%")), Has.Count.EqualTo(1));
        Assert.That(Errors(("concentration-warn", "0.95"), ("concentration-limit", "all")), Has.Count.EqualTo(1));
        Assert.That(Errors(("distance-hysteresis", "x"), ("shrink-target", "0.101")), Has.Count.EqualTo(1));
    }

    [TestCase("BTC.max-naked", "2", "BTC.max-exposure", "1", "BTC.max-naked 2 is above BTC.max-exposure 1: ")]
    [TestCase("bybit.max-naked", "2", "bybit.max-exposure", "1", "bybit.max-naked 2 is above bybit.max-exposure 1: ")]
    [TestCase("BTC.max-exposure", "2", "binance.max-exposure", "1", "BTC.max-exposure 2 is above binance.max-exposure 1, ")]
    [TestCase("BTC.max-naked", "2", "binance.max-naked", "1", "BTC.max-naked 2 is above binance.max-naked 1, ")]
    [TestCase("BTC.max-naked", "2", "binance.max-exposure", "1", "BTC.max-naked 2 is above binance.max-exposure 1: ")]
    [TestCase("BTC.max-naked-time", "00:00:02", "binance.max-naked-time", "00:00:01", "BTC.max-naked-time 00:00:02 is above binance.max-naked-time 00:00:01, ")]
    public void LimitsThatContradictEachOtherAreOneErrorWithBothNames(string name, string value, string other, string otherValue, string expected)
    {
        var errors = Errors((name, value), (other, otherValue));

        Assert.That(errors, Has.Count.EqualTo(1));
        Assert.That(errors[0], Does.StartWith(expected).And.Contain("lower the first or raise the second"));
    }

    [Test]
    public void TheLimitOfAnotherVenueIsNoContradiction()
        => Assert.That(Errors(("BTC.max-exposure", "2"), ("bybit.max-exposure", "1")), Is.Empty);

    [TestCase("weights", null, "BTC.weights is missing and BTC.split is weights: give each hedge leg its share, for example bybit:perpetual:BTCUSDT=1,binance:perpetual:BTCUSDT=0.")]
    [TestCase("preference", "bybit:perpetual:BTCUSDT=1,binance:perpetual:BTCUSDT=0", "has no meaning while BTC.split is preference: set BTC.split = weights")]
    [TestCase("cost", "bybit:perpetual:BTCUSDT=1,binance:perpetual:BTCUSDT=0", "has no meaning while BTC.split is cost: set BTC.split = weights")]
    [TestCase("weights", "bybit:perpetual:BTCUSDT=1", "BTC.weights 'bybit:perpetual:BTCUSDT=1' has no weight for binance:perpetual:BTCUSDT: add ")]
    [TestCase("weights", "bybit:perpetual:BTCUSDT=0.6,binance:perpetual:BTCUSDT=0.3,kraken:spot:BTCUSD=0.1", "BTC.weights 'kraken:spot:BTCUSD=0.1': kraken:spot:BTCUSD is no hedge leg of the group: add it to BTC.hedges")]
    [TestCase("weights", "bybit:perpetual:BTCUSDT=0.6,binance:perpetual:BTCUSDT=0.3", "adds up to 0.9: weights are shares of the whole, and their sum must be exactly 1")]
    [TestCase("weights", "bybit:perpetual:BTCUSDT=0.6,binance:perpetual:BTCUSDT=0.4000000000000000000001", "adds up to 1.0000000000000000000001: ")]
    [TestCase("weights", "bybit:perpetual:BTCUSDT=-0.1,binance:perpetual:BTCUSDT=1", "BTC.weights 'bybit:perpetual:BTCUSDT=-0.1' is not market:kind:ticker=WEIGHT with a weight of 0 to 1")]
    [TestCase("weights", "bybit:perpetual:BTCUSDT=0.5,bybit:perpetual:BTCUSDT=0.5,binance:perpetual:BTCUSDT=0.5", "BTC.weights names bybit:perpetual:BTCUSDT twice")]
    [TestCase("weights", "0.5,binance:perpetual:BTCUSDT=1", "BTC.weights '0.5' is not market:kind:ticker=WEIGHT")]
    public void WeightsThatCannotBeAreOneError(string split, string? weights, string expected)
    {
        var errors = Errors(("BTC.hedges", $"{Bybit},{Binance}"), ("BTC.split", split), ("BTC.weights", weights ?? ""));

        Assert.That(errors, Has.Count.EqualTo(1));
        Assert.That(errors[0], Does.Contain(expected));
    }

    [Test]
    public void WeightsAreNotHeldAgainstLegsThatWereNotUnderstood()
        => Assert.That(Errors(("BTC.hedges", $"{Bybit},okx:perpetual:BTCUSDT"), ("BTC.split", "weights"), ("BTC.weights", $"{Bybit}=0.6,okx:perpetual:BTCUSDT=0.4")), Has.Count.EqualTo(1));

    [Test]
    public void ExcludedCoinsMayBeThereFromTheStart()
    {
        var account = Read(("binance-spot.cash", "USDT:60000,BTC:2"), ("binance-spot.excluded", "BTC:2")).Accounts.Single(account => account.Name == "binance-spot");

        Assert.That(account.Opening, Is.EqualTo(new[] { ("USDT", 60_000m), ("BTC", 2m) }));
        Assert.That(account.Excluded, Is.EqualTo(new[] { ("BTC", 2m) }));
    }

    [Test]
    public void ExcludedCoinsMayComeFromTheTotalOfOneAccount()
    {
        (string, string)[] one = [("binance-spot.cash", ""), ("bybit.cash", ""), ("conversion-market", "bybit"), ("BTC.primary", "bybit:spot:BTCUSDT"), ("cash", "USDT:5000,BTC:1")];

        Assert.That(Read([.. one, ("bybit.excluded", "BTC:1")]).Accounts.Single().Opening, Has.Count.EqualTo(2));
        Assert.That(Errors(one).Single(), Does.StartWith("cash 'BTC:1': BTC is the underlying of a group").And.Contain("bybit.excluded = BTC:1"));
    }

    [TestCase("USDT:60000,BTC:2", "", "binance-spot.cash 'BTC:2': BTC is the underlying of a group, and coins that were not bought in the run have no hedge: keep them out of the book with binance-spot.excluded = BTC:2, or start without them.")]
    [TestCase("USDT:60000,BTC:2", "BTC:1.5", "binance-spot.cash 'BTC:2': BTC is the underlying of a group, and 0.5 of the coins have no hedge and are not excluded: keep them out of the book with binance-spot.excluded = BTC:2, or start without them.")]
    [TestCase("USDT:60000,BTC:2", "BTC:3", "binance-spot.excluded 'BTC:3' is more than the account opens with, BTC:2 in binance-spot.cash: exclude at most that.")]
    [TestCase("USDT:60000", "SOL:1", "binance-spot.excluded 'SOL:1' is more than the account opens with, SOL:0 in binance-spot.cash: exclude at most that.")]
    [TestCase("USDT:60000", "USDT:10", "binance-spot.excluded 'USDT:10': USDT is what the account pays with, and money cannot be set aside in it: leave the amount out of binance-spot.cash.")]
    public void CoinsThatCannotBeExcludedAreOneError(string cash, string excluded, string expected)
        => Assert.That(Errors(("binance-spot.cash", cash), ("binance-spot.excluded", excluded)), Is.EqualTo(new[] { expected }));

    [Test]
    public void ExcludedCoinsAreNotHeldAgainstBalancesThatAreNotKnown()
    {
        Assert.That(Errors(("binance-spot.cash", "USDT:60000,BTC=2"), ("binance-spot.excluded", "BTC:2")), Has.Count.EqualTo(1));
        Assert.That(Errors(("binance-spot.cash", ""), ("bybit.cash", ""), ("cash", "USDT:5000,BTC:2"), ("binance-spot.excluded", "BTC:2")).Single(), Does.Contain("is not divided"));
    }

    [Test]
    public void AGroupIsNotNamedAsAVenue()
        => Assert.That(Errors(("groups", "BTC,bybit")), Has.Some.StartsWith("groups names 'bybit', which is a venue: name the underlying"));

    [TestCase("okx.max-exposure")]
    [TestCase("binance-spot.max-exposure")]
    [TestCase("BTC.max-spread")]
    [TestCase("binance.max-spread")]
    [TestCase("binance.excluded")]
    public void AParameterOfNothingIsUnknown(string name)
        => Assert.That(Errors((name, "1")).Single(), Does.StartWith($"parameter '{name}' is unknown: use one of ").And.Contain("VENUE.max-exposure|max-naked|max-naked-time|fresh-for|recovery with VENUE of binance, bybit, "));

    [Test]
    public void AllErrorsComeAtOnce()
    {
        string[] expected =
        [
            "backoff '0' ",
            "order-budget '0' ",
            "concentration-warn 0.8 is above concentration-limit 0.7",
            "exit-distance 0.12 is not below shrink-distance 0.1",
            "distance-hysteresis 0.5 must be less than ",
            "BTC.maker 'maybe' ",
            "BTC.weights ",
            "BTC.max-naked 20 is above BTC.max-exposure 10",
            "BTC.max-exposure 10 is above binance.max-exposure 5",
            "bybit.max-naked-time '1' ",
            "group BTC: binance:perpetual:ETHUSDT has another underlying",
            "bybit.cash 'BTC:1': BTC is the underlying of a group",
            "binance-spot.excluded 'BTC:1' is more than the account opens with",
        ];
        var errors = Errors(
            ("backoff", "0"), ("order-budget", "0"), ("concentration-warn", "0.8"), ("concentration-limit", "0.7"), ("exit-distance", "0.12"), ("distance-hysteresis", "0.5"),
            ("BTC.hedges", $"{Bybit},binance:perpetual:ETHUSDT"), ("BTC.split", "weights"), ("BTC.weights", $"{Bybit}=0.5,binance:perpetual:ETHUSDT=0.4"),
            ("BTC.maker", "maybe"), ("BTC.max-naked", "20"), ("BTC.max-exposure", "10"), ("binance.max-exposure", "5"), ("bybit.max-naked-time", "1"),
            ("bybit.cash", "USDT:40000,BTC:1"), ("binance-spot.excluded", "BTC:1"));

        Assert.That(errors, Has.Count.EqualTo(expected.Length), string.Join(Environment.NewLine, errors));
        foreach (var start in expected)
        {
            Assert.That(errors, Has.One.StartsWith(start));
        }
    }

    private static string ParameterOf(PropertyInfo property) => Regex.Replace(property.Name, "(?<!^)([A-Z])", "-$1").ToLowerInvariant();

    private static HedgeConfiguration Read(params (string Name, string Value)[] changes)
    {
        var (configuration, errors, _) = HedgeConfiguration.Parse(Valid(changes));
        Assert.That(errors, Is.Empty);
        return configuration!;
    }

    private static IReadOnlyList<string> Errors(params (string Name, string Value)[] changes)
    {
        var (configuration, errors, _) = HedgeConfiguration.Parse(Valid(changes));
        Assert.That(configuration is null, Is.EqualTo(errors.Count > 0));
        return errors;
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
            ["BTC.hedges"] = Bybit,
        };
        foreach (var (name, value) in changes)
        {
            parameters[name] = value;
        }

        return parameters.Where(parameter => parameter.Value.Length > 0).ToDictionary();
    }
}
