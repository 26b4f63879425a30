using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using CrossHedgeLean.Commands;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Tests.Structure;
using Newtonsoft.Json.Linq;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;

namespace CrossHedgeLean.Tests.Brokerages;

/// <summary>The shipped files of launcher-config: valid JSON, keys that the plugin or LEAN reads, an image that holds what it runs.</summary>
[TestFixture]
public sealed class LauncherFilesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "launcher-config");

    /// <summary>Keys that LEAN reads, in an environment or at the root.</summary>
    private static readonly string[] LeanKeys =
    [
        "environment", "environments", "live-mode", "close-automatically", "algorithm-type-name", "algorithm-language", "algorithm-location", "data-folder", "live-mode-brokerage",
        "data-queue-handler", "setup-handler", "result-handler", "data-feed-handler", "real-time-handler", "transaction-handler", "history-provider", "log-handler", "messaging-handler",
        "job-queue-handler", "api-handler", "map-file-provider", "factor-file-provider", "data-provider", "object-store", "data-aggregator", "parameters", "plugin-directory",
        "job-user-id", "api-access-token", "job-organization-id",
    ];

    /// <summary>
    /// What each venue's factory puts into its BrokerageData (Lean.Brokerages.Binance 9696fc0, .ByBit 3e051c6, .Kraken 9db1227):
    /// the plugins are not here, so their keys are.
    /// </summary>
    private static readonly Dictionary<string, string[]> VenueKeys = new()
    {
        ["BinanceBrokerage"] = ["binance-api-key", "binance-api-secret", "binance-api-url", "binance-websocket-url", "binance-orders-websocket-url"],
        ["BinanceFuturesBrokerage"] = ["binance-api-key", "binance-api-secret", "binance-fapi-url", "binance-fwebsocket-url"],
        ["BybitBrokerage"] = ["bybit-api-key", "bybit-api-secret", "bybit-api-url", "bybit-websocket-url", "bybit-vip-level"],
        ["KrakenBrokerage"] = ["kraken-api-key", "kraken-api-secret", "kraken-verification-tier", "kraken-orderbook-depth"],
        [nameof(PaperBrokerage)] = [.. new PaperBrokerageFactory().BrokerageData.Keys],
    };

    private static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal);

    private static IEnumerable<TestCaseData> LiveBlocks
        => Names.SelectMany(name => Blocks(Read(name)).Where(block => block.Block.ContainsKey(CompositeSettings.ChildrenKey)).Select(block => new TestCaseData(name, block.Name)));

    [TestCaseSource(nameof(Names))]
    public void EveryKeyIsOneThatIsRead(string name)
    {
        var paper = VenueKeys[nameof(PaperBrokerage)];
        foreach (var (_, block) in Blocks(Read(name)))
        {
            var own = ChildKeys(block);
            var unknown = block.Properties().Select(property => property.Name).Where(key => !LeanKeys.Contains(key) && !CompositeSettings.Keys.Contains(key) && !paper.Contains(key) && !own.Contains(key));
            Assert.That(unknown, Is.Empty, name);
        }
    }

    [TestCaseSource(nameof(LiveBlocks))]
    public void ItsChildrenAreReadAndItsSecretsAreNotThere(string name, string block)
    {
        var settings = Blocks(Read(name)).Single(found => found.Name == block).Block;
        var errors = new List<string>();
        var data = settings.Properties().Where(property => CompositeSettings.Keys.Contains(property.Name)).ToDictionary(property => property.Name, property => property.Value.ToString());

        var composite = CompositeSettings.Read(data, errors);

        Assert.That(errors, Is.Empty);
        Assert.That(composite.Children.Select(child => child.Brokerage).Distinct(), Is.SubsetOf(VenueKeys.Keys));
        Assert.That(composite.Children.All(child => child.IsPaper) || composite.Journal.Length > 0, Is.True, "children of real venues need a journal");
        var secrets = settings.Properties().Where(property => Regex.IsMatch(property.Name, "-(key|secret|token)$")).Select(property => (string?)property.Value);
        Assert.That(secrets, Is.All.Empty.Or.All.StartsWith("env:"));
    }

    [Test]
    public void TheEnvironmentsTradeWhatTheLaunchersConfigurationsTrade()
    {
        var environments = Read("lean-environments.json")["environments"]!;

        Assert.That(environments["crosshedge-paper"]!["crosshedge-children"], Is.EqualTo(Read("live-two-venues.json")["crosshedge-children"]));
        Assert.That(environments["crosshedge-live"]!["crosshedge-children"], Is.EqualTo(Read("live-real-venues.json")["crosshedge-children"]));
        Assert.That(environments["crosshedge-live"]!["data-queue-handler"], Is.EqualTo(Read("live-real-venues.json")["data-queue-handler"]));
        Assert.That((string?)environments["crosshedge-backtesting"]!["setup-handler"], Is.EqualTo(typeof(CrossHedgeBacktestingSetupHandler).FullName));
        Assert.That((bool?)environments["crosshedge-live"]!["crosshedge-observe"], Is.True, "the first run with real accounts sends nothing");
    }

    [Test]
    public void LeanCliFindsInAnEnvironmentWhatItAsksFor()
    {
        foreach (var environment in ((JObject)Read("lean-environments.json")["environments"]!).Properties().Where(environment => (bool)environment.Value["live-mode"]!))
        {
            Assert.That(((JObject)environment.Value).Properties().Select(property => property.Name), Is.SupersetOf(new[] { "live-mode-brokerage", "data-queue-handler", "history-provider" }), environment.Name);
        }

        var modules = Read("lean-environments.json")["environments"]!["crosshedge-modules"]!;
        Assert.That(modules["data-queue-handler"]!.Append(modules["live-mode-brokerage"]!).Select(name => (string)name!), Has.None.Contains("CrossHedge").And.None.Contains("Paper"), "LEAN CLI refuses names that its list of modules does not have");
    }

    [Test]
    public void RealVenuesCanBeConfigured()
    {
        var file = ConfigurationFile.Read(Path.Combine(Folder, "live-real-venues.json"), []);

        Assert.That(HedgeConfiguration.Parse(file.Parameters).Errors, Is.Empty);
    }

    [Test]
    public void TheImageIsMadeOfWhatThisRepositoryBuilds()
    {
        var dockerfile = File.ReadAllText(Path.Combine(Folder, "Dockerfile")).Replace("\\\n", " ", StringComparison.Ordinal);
        var project = Regex.Match(dockerfile, @"RUN dotnet build /CrossHedgeLean/(\S+)").Groups[1].Value;
        var copied = Regex.Matches(dockerfile, @"/release/(\S+\.dll)").Select(match => match.Groups[1].Value).ToList();

        Assert.That(File.Exists(Path.Combine(Repository.Root, project)), Is.True);
        Assert.That(copied, Is.EquivalentTo(PluginFiles));
        Assert.That(copied.Where(file => !File.Exists(Path.Combine(AppContext.BaseDirectory, file))), Is.Empty);
        Assert.That(dockerfile, Does.Contain("""ENTRYPOINT [ "dotnet", "CrossHedge.Launcher.dll" ]""").And.Contain("/Lean/Launcher/bin/Debug/"));
        Assert.That(File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props")), Does.Contain("<LeanImage>/Lean/Launcher/bin/Debug/</LeanImage>"), "the build in the image finds LEAN by itself");
    }

    /// <summary>What LEAN's own launcher needs beside it.</summary>
    internal static IReadOnlyList<string> PluginFiles { get; } =
    [
        "Algorithm.dll", "CrossHedge.Core.dll", "QuantConnect.Brokerages.CrossHedge.dll", "Microsoft.Data.Sqlite.dll", "SQLitePCLRaw.batteries_v2.dll", "SQLitePCLRaw.core.dll",
        "SQLitePCLRaw.provider.e_sqlite3.dll",
    ];

    private static HashSet<string> ChildKeys(JObject block)
        => (block[CompositeSettings.ChildrenKey] ?? new JArray())
            .SelectMany(child => VenueKeys[(string)child["brokerage"]!].Select(key => CompositeSettings.KeyOf((string)child["name"]!, key)))
            .ToHashSet();

    /// <summary>The root of a file and each of its environments.</summary>
    private static IEnumerable<(string Name, JObject Block)> Blocks(JObject root)
        => ((root["environments"] as JObject)?.Properties() ?? []).Select(environment => (environment.Name, (JObject)environment.Value)).Prepend(("", root));

    private static JObject Read(string name) => JObject.Parse(File.ReadAllText(Path.Combine(Folder, name)), new JsonLoadSettings { CommentHandling = CommentHandling.Ignore });
}
