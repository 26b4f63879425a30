using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Hosting;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Tests.Algorithm;
using NUnit.Framework;
using QuantConnect.Algorithm;
using QuantConnect.Brokerages.CrossHedge;
using QuantConnect.Configuration;
using QuantConnect.Lean.Engine.Setup;
using QuantConnect.Packets;
using QuantConnect.Util;

namespace CrossHedgeLean.Tests.Brokerages;

/// <summary>The set-up handler: without it an outage of cancels cannot be played, with it the brokerage refuses them. What LEAN does then is the case scenario-cancel.</summary>
[TestFixture]
public sealed class SetupHandlerTests
{
    private const string NoCancels = """{ "version": 1, "name": "no cancels", "events": [ { "kind": "outage", "venue": "bybit", "capabilities": ["cancel"], "at": "+06:00:00", "until": "+08:00:00" } ] }""";

    [SetUp]
    public void MakeAnAlgorithmPossible()
    {
        Config.Set("data-folder", EngineRuns.GeneratedFolder);
        QuantConnect.Globals.Reset();
    }

    [Test]
    public void ItsBrokerageIsFoundByTheModels()
    {
        var before = Composer.Instance.GetParts<IScenarioHost>().Count();
        var brokerage = new CrossHedgeBacktestingSetupHandler().CreateBrokerage(new BacktestNodePacket(), new QCAlgorithm(), out _);
        var parts = Composer.Instance.GetParts<IScenarioHost>().ToArray();

        Assert.That(parts, Has.Length.EqualTo(before + 1));
        Assert.That(parts[^1], Is.SameAs(brokerage));
        Assert.That(parts[^1].Plays, Is.EqualTo(ScenarioHosts.Brokerage));
        Assert.That(new BacktestingSetupHandler().CreateBrokerage(new BacktestNodePacket(), new QCAlgorithm(), out _), Is.Not.InstanceOf<IScenarioHost>());
    }

    [Test]
    public void WithoutItAnOutageOfCancelsIsRefusedWithTheTablesRow()
    {
        var parameters = new Dictionary<string, string>(EngineRuns.Parameters) { ["scenario"] = NoCancels };

        Assert.That(
            HedgeConfiguration.Parse(parameters).Errors,
            Is.EqualTo(new[] { "scenario no cancels, event 1 (outage): this host cannot play it exactly. " + ScenarioKinds.Of(ScenarioKind.Outage).Exactness }));
        Assert.That(HedgeConfiguration.Parse(parameters, BacktestJob.ScenarioHost).Errors, Is.Empty);
    }

    [Test]
    public void TheLaunchersOwnEngineHasIt()
    {
        EngineRuns.OnlyOnLeanSim();
        var (summary, _) = EngineRuns.RunSample(EngineRuns.With(("scenario", NoCancels)));

        Assert.That(summary.Trouble.Health.Select(band => (band.Capability, band.FromUtc.Hour, band.UntilUtc?.Hour)), Is.EqualTo(new[] { (Venues.Capability.Cancel, 6, (int?)8) }));
    }
}
