using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Venues;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Configuration;

[TestFixture]
public sealed class HedgeConfigurationTests
{
    [Test]
    public void ReadsAWholeConfiguration()
    {
        var (configuration, errors, _) = HedgeConfiguration.Parse(Valid());

        Assert.That(errors, Is.Empty);
        Assert.That(configuration!.From, Is.EqualTo(new DateTime(2022, 12, 13, 0, 0, 0, DateTimeKind.Utc)));
        Assert.That(configuration.Accounts.Select(account => account.Name), Is.EqualTo(new[] { "binance-spot", "bybit" }));
        Assert.That(configuration.Accounts[0].Opening, Is.EqualTo(new[] { ("BUSD", 300_000m), ("USDT", 5m) }));
        Assert.That(configuration.Accounts[1].Opening, Is.EqualTo(new[] { ("USDT", 200_000m) }));
        Assert.That(configuration.Latency, Is.EqualTo(Latency.Venue));
        Assert.That(configuration.AdverseMarks, Is.False);
        Assert.That(configuration.Groups.Single().Primary, Is.EqualTo(new InstrumentId(new Route("binance", InstrumentKind.Spot), "BTCBUSD")));
        Assert.That(configuration.Conversions.Select(id => id.ToString()), Is.EqualTo(new[] { "bybit:spot:BTCUSDT" }));
        Assert.That(configuration.Settings.PriceMaxAge, Is.EqualTo(TimeSpan.FromMinutes(5)));
    }

    [TestCase("BTC.primary", "okx:spot:BTCUSDT", "no venue serves the route okx:spot; known routes are binance:spot")]
    [TestCase("BTC.primary", "kraken:perpetual:BTCUSDT", "no venue serves the route kraken:perpetual")]
    [TestCase("BTC.primary", "BTCUSDT", "is not market:kind:ticker")]
    [TestCase("BTC.hedges", "binance:perpetual:BTCUSD", "is an inverse contract")]
    [TestCase("BTC.hedges", "bybit:inverse:BTCUSD", "is an inverse contract")]
    [TestCase("BTC.hedges", "bybit:perpetual:ETHUSDT", "has another underlying")]
    [TestCase("BTC.hedges", "bybit:perpetual:1000BTCUSDT", "multiplier prefix '1000': declare its units")]
    [TestCase("BTC.hedges", "bybit:perpetual:kBTCUSDT", "multiplier prefix 'K': declare its units")]
    [TestCase("BTC.hedges", "binance:spot:BTCBUSD", "hedges binance:spot:BTCBUSD with itself")]
    [TestCase("BTC.hedges", null, "has no hedge leg")]
    [TestCase("BTC.ratio", "-1", "BTC.ratio '-1' must be a number of 0 or more")]
    [TestCase("BTC.band", "-0.1", "BTC.band '-0.1' must be a number of 0 or more, in BTC")]
    [TestCase("BTC.units", "bybit:perpetual:1000BTCUSDT", "is not market:kind:ticker=UNITS")]
    [TestCase("strategy", "martingale", "use one of inventory, carry, convergence, churn")]
    [TestCase("resolution", "hour", "use one of minute, second")]
    [TestCase("conversion-market", "mtgox", "use one of binance, bybit, coinbase, kraken")]
    [TestCase("from", "13.12.2022", "from '13.12.2022' is not a day as yyyy-MM-dd")]
    [TestCase("from", "2022-12-14", "from 2022-12-14 is after to 2022-12-13")]
    [TestCase("cash", "USDT", "cash 'USDT' is not CURRENCY:AMOUNT")]
    [TestCase("bybit.cash", "BTC:1", "BTC is the underlying of a group")]
    [TestCase("bybit.cash", "USDT:1,USDT:2", "bybit.cash names USDT twice")]
    [TestCase("bybit.cash", "USDT:-1", "bybit.cash 'USDT:-1' is not CURRENCY:AMOUNT with an amount of 0 or more")]
    [TestCase("liquidation-marks", "open", "use one of close, adverse")]
    [TestCase("price-max-age", "-00:01:00", "is not a positive time")]
    [TestCase("seed", "x", "seed 'x' is not a whole number")]
    [TestCase("groups", null, "groups is missing")]
    [TestCase("groups", "BTC,BTC", "groups names 'BTC' 2 times")]
    [TestCase("leverage", "3", "parameter 'leverage' is unknown: use one of strategy, from")]
    [TestCase("ETH.ratio", "1", "parameter 'ETH.ratio' is unknown")]
    public void OneFaultIsOneClearError(string name, string? value, string expected)
    {
        var parameters = Valid();
        if (value is null)
        {
            parameters.Remove(name);
        }
        else
        {
            parameters[name] = value;
        }

        var (configuration, errors, _) = HedgeConfiguration.Parse(parameters);

        Assert.That(configuration, Is.Null);
        Assert.That(errors, Has.Some.Contains(expected));
    }

    [Test]
    public void DeclaredUnitsMakeAPrefixedTickerPartOfTheGroup()
    {
        var parameters = Valid();
        parameters["BTC.hedges"] = "bybit:perpetual:1000BTCUSDT";
        parameters["BTC.units"] = "bybit:perpetual:1000BTCUSDT=1000";
        parameters["bybit.fallback-tiers"] = "10000:0.05:10";

        var (configuration, errors, _) = HedgeConfiguration.Parse(parameters);

        Assert.That(errors, Is.Empty);
        Assert.That(configuration!.Groups.Single().UnitsPerContract.Values, Is.EqualTo(new[] { 1000m }));
    }

    [Test]
    public void AnInstrumentBelongsToOneGroup()
    {
        var parameters = Valid();
        parameters["groups"] = "BTC,BTCB";
        parameters["BTCB.primary"] = "binance:spot:BTCBUSD";
        parameters["BTCB.hedges"] = "bybit:perpetual:BTCBUSDT";

        Assert.That(HedgeConfiguration.Parse(parameters).Errors, Has.Some.Contains("an instrument belongs to one group"));
    }

    [Test]
    public void AllErrorsComeAtOnce()
    {
        var parameters = Valid();
        parameters["strategy"] = "martingale";
        parameters["BTC.ratio"] = "-1";
        parameters["oops"] = "1";

        Assert.That(HedgeConfiguration.Parse(parameters).Errors, Has.Count.EqualTo(3));
    }

    private static Dictionary<string, string> Valid()
        => new()
        {
            ["strategy"] = "churn",
            ["from"] = "2022-12-13",
            ["to"] = "2022-12-13",
            ["binance-spot.cash"] = "BUSD:300000, USDT:5",
            ["bybit.cash"] = "USDT:200000",
            ["conversion-market"] = "bybit",
            ["groups"] = "BTC",
            ["BTC.primary"] = "binance:spot:BTCBUSD",
            ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
        };
}
