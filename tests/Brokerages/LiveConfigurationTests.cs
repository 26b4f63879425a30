using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Tests.Structure;
using Newtonsoft.Json.Linq;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;

namespace CrossHedgeLean.Tests.Brokerages;

/// <summary>The shipped configuration of LEAN's launcher says what the plugin reads, and trades what the paper exchange's configuration trades.</summary>
[TestFixture]
public sealed class LiveConfigurationTests
{
    [Test]
    public void TheShippedLeanConfigurationFitsThePluginAndThePaperExchange()
    {
        var lean = Read("lean-live-paper.json");
        var paper = Read("live-two-venues.json");
        var errors = new List<string>();
        var settings = CompositeSettings.Read(new Dictionary<string, string> { [CompositeSettings.ChildrenKey] = lean[CompositeSettings.ChildrenKey]!.ToString() }, errors);
        var configuration = HedgeConfiguration.Parse(lean["parameters"]!.ToObject<Dictionary<string, string>>()!);

        Assert.That(errors.Concat(configuration.Errors), Is.Empty);
        Assert.That(settings.Children.Select(child => child.Name), Is.EqualTo(configuration.Value!.Accounts.Select(account => account.Name)));
        Assert.That(settings.Children.Select(child => child.Brokerage), Is.All.EqualTo(nameof(PaperBrokerage)));
        Assert.That(((string)lean["live-mode-brokerage"]!, (string)lean["data-queue-handler"]![0]!), Is.EqualTo((nameof(CrossHedgeBrokerage), nameof(PaperDataQueueHandler))));
        Assert.That(TcpPaperConnector.TryParse((string)lean["paper-exchange"]!, out _), Is.True);
        Assert.That(JToken.DeepEquals(lean["parameters"], paper["parameters"]), Is.True, "both files have the same parameters");
    }

    private static JObject Read(string name) => JObject.Parse(File.ReadAllText(Path.Combine(Repository.Root, "launcher-config", name)), new JsonLoadSettings { CommentHandling = CommentHandling.Ignore });
}
