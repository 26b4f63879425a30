using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Scenarios.ScenarioSamples;

namespace CrossHedgeLean.Tests.Core.Scenarios;

/// <summary>The builder says what a file says.</summary>
[TestFixture]
public sealed class ScenarioBuilderTests
{
    private static IEnumerable<TestCaseData> Samples
        => Events.Select((sample, index) => new TestCaseData(sample.Json, sample.Build).SetName($"{{m}}: {index + 1} {ScenarioSamples.Read(File(sample.Json)).Events[0].Kind}"));

    [TestCaseSource(nameof(Samples))]
    public void AKindIsTheSameFromAFile(string json, Func<ScenarioBuilder, ScenarioBuilder> build)
        => Assert.That(Text(build(Scenario.Build("test")).Build()), Is.EqualTo(Text(Read(File(json)))));

    [Test]
    public void EveryKindAndFieldIsAmongTheSamples()
    {
        foreach (var rules in ScenarioKinds.All)
        {
            var given = Events.Select(sample => sample.Json).Where(json => json.Contains($"\"{rules.Name}\"", StringComparison.Ordinal)).ToArray();
            Assert.That(given, Is.Not.Empty, rules.Name);
            foreach (var field in Enum.GetValues<ScenarioFields>().Where(field => field != ScenarioFields.None && (rules.Needs | rules.Takes).HasFlag(field)))
            {
                Assert.That(given, Has.Some.Contains($"\"{field.ToString().ToLowerInvariant()}\""), $"{rules.Name} {field}");
            }
        }
    }

    [Test]
    public void EventsKeepTheirOrderAndThePegIsAccepted()
    {
        var scenario = Scenario.Build("both").Outage("bybit", TimeSpan.Zero, TimeSpan.FromHours(1)).AcceptPeg().Depeg("USDC", TimeSpan.FromHours(2), 0.9m).Build();

        Assert.That(scenario.Name, Is.EqualTo("both"));
        Assert.That(scenario.AcceptsPeg, Is.True);
        Assert.That(scenario.Events.Select(what => what.Kind), Is.EqualTo(new[] { ScenarioKind.Outage, ScenarioKind.Depeg }));
    }

    [Test]
    public void WhatIsAddedAfterwardsDoesNotChangeABuiltScenario()
    {
        var builder = Scenario.Build("first").Outage("bybit", TimeSpan.Zero);
        var first = builder.Build();
        builder.Insolvency("bybit", TimeSpan.FromHours(1), 0.2m);

        Assert.That(first.Events, Has.Count.EqualTo(1));
        Assert.That(builder.Build().Events, Has.Count.EqualTo(2));
    }

    [Test]
    public void CapabilitiesAreCopied()
    {
        var capabilities = new[] { Capability.Trade };
        var scenario = Scenario.Build("test").Outage("bybit", TimeSpan.Zero, null, capabilities).Build();
        capabilities[0] = Capability.Withdraw;

        Assert.That(scenario.Events[0].Capabilities, Is.EqualTo(new[] { Capability.Trade }));
    }
}
