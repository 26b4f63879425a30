using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using CrossHedgeLean.Configuration;
using Newtonsoft.Json;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Configuration;

/// <summary>What the table of parameters says, the readers do.</summary>
[TestFixture]
public sealed class ParameterTableTests
{
    private static readonly Dictionary<string, string> Sample = new()
    {
        ["from"] = "2025-01-01",
        ["to"] = "2025-01-02",
        ["binance-spot.cash"] = "USDT:60000",
        ["bybit.cash"] = "USDT:40000",
        ["groups"] = "BTC",
        ["BTC.primary"] = "binance:spot:BTCUSDT",
        ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
    };

    private static IEnumerable<ParameterDescription> WithDefault => HedgeConfiguration.Parameters.Where(parameter => parameter.Default is not null);

    [TestCaseSource(nameof(WithDefault))]
    public void ItsDefaultSaysTheSameAsLeavingItOut(ParameterDescription parameter)
    {
        var name = parameter.Owner switch
        {
            ParameterOwner.Group => "BTC." + parameter.Name,
            ParameterOwner.Account => "bybit." + parameter.Name,
            ParameterOwner.Venue => "binance." + parameter.Name,
            _ => parameter.Name,
        };

        Assert.That(Read(new(Sample) { [name] = parameter.Default! }), Is.EqualTo(Read(Sample)));
    }

    [Test]
    public void AnotherValueSaysSomethingElse() => Assert.That(Read(new(Sample) { ["backoff"] = "00:00:31" }), Is.Not.EqualTo(Read(Sample)));

    [Test]
    public void EachStandsThereOnceUnderOneHeading()
    {
        var names = HedgeConfiguration.Parameters.Select(parameter => parameter.FullName).ToArray();
        var topics = HedgeConfiguration.Parameters.Select(parameter => parameter.Topic).ToArray();

        Assert.That(names, Is.Unique);
        Assert.That(topics.Where((topic, i) => i > 0 && topics[i - 1] != topic && topics[..i].Contains(topic)), Is.Empty);
        Assert.That(HedgeConfiguration.Parameters.Where(parameter => !parameter.Meaning.EndsWith('.')), Is.Empty);
    }

    [Test]
    public void TheListsAreOfTheTable()
        => Assert.That(
            HedgeConfiguration.KnownParameters.Count + HedgeConfiguration.GroupParameters.Count + HedgeConfiguration.VenueParameters.Count + HedgeConfiguration.AccountParameters.Count,
            Is.EqualTo(HedgeConfiguration.Parameters.Count));

    private static string Read(Dictionary<string, string> parameters)
    {
        var (value, errors, _) = HedgeConfiguration.Parse(parameters);

        Assert.That(errors, Is.Empty);

        // 0.2 and 0.20 are one number.
        return Regex.Replace(JsonConvert.SerializeObject(value), @"(\.[0-9]*?)0+(?=[,}\]])", "$1");
    }
}
