using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrossHedgeLean.Commands;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Tests.Structure;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge.Children;

namespace CrossHedgeLean.Tests.Launcher;

/// <summary>The command <c>live</c> up to where trading would begin, and its configurations.</summary>
[TestFixture]
public sealed class LiveCommandTests
{
    private const string Children = """[ { "name": "binance-spot", "brokerage": "PaperBrokerage", "routes": [ "binance:spot" ] }, { "name": "bybit", "brokerage": "PaperBrokerage", "routes": [ "bybit:perpetual" ] } ]""";

    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void EverythingThatIsWrongIsToldAtOnceBeforeAnythingStarts()
    {
        var errors = ErrorsOf(
            """{ "crosshedge-children": [ { "name": "bybit", "brokerage": "PaperBrokerage", "routes": [ "bybit:moon" ] } ], "crosshedge-silence": "soon", "parameters": { "groups": "BTC", "BTC.primary": "binance:spot:BTCUSDT" } }""",
            "--for", "never", "--scenario", "nowhere.json");

        Assert.That(errors, Has.Some.Contains("the route \"bybit:moon\" is unknown"));
        Assert.That(errors, Has.Some.Contains("crosshedge-silence 'soon' is no time"));
        Assert.That(errors, Has.Some.Contains("BTC.hedges"));
        Assert.That(errors, Has.Some.Contains("for 'never' is no time"));
        Assert.That(errors, Has.Some.Contains("scenario 'nowhere.json' is neither a file nor a shipped scenario"));
    }

    /// <summary>What a file lacks that could not be read is not told of it.</summary>
    [Test]
    public void AConfigurationThatCannotBeReadIsOneError()
        => Assert.That(ErrorsOf("{ no json"), Has.Length.EqualTo(1));

    [Test]
    public void WithoutChildrenThereIsNothingToTradeAt() => Assert.That(ErrorsOf(Text("")), Has.Some.StartsWith("crosshedge-children lists no child"));

    [Test]
    public void AScenarioIsForTheExchangeThatIsStartedHere()
        => Assert.That(
            ErrorsOf(Text($""" "crosshedge-children": {Children}, "paper-exchange": "127.0.0.1:7711", """), "--scenario", "one-venue-outage"),
            Has.Some.StartsWith("scenario is played by the paper exchange, and none is started here"));

    [Test]
    public void RealVenuesNeedLean()
    {
        Tests.Algorithm.EngineRuns.OnlyOnLeanSim();
        Assert.That(
            ErrorsOf(Text($""" "crosshedge-children": {Children.Replace("PaperBrokerage", "BybitBrokerage", StringComparison.Ordinal)}, """)),
            Has.Exactly(2).Matches<string>(error => error.Contains("BybitBrokerage needs LEAN", StringComparison.Ordinal)));
    }

    [Test]
    public void SecretsStandElsewhere()
    {
        var secret = _folder.Write("bybit-secret", "s3cr3t\n");
        var errors = new List<string>();
        var settings = new Dictionary<string, string>
        {
            ["crosshedge-bybit-bybit-api-key"] = "env:CROSSHEDGE_TEST_KEY",
            ["crosshedge-bybit-bybit-api-secret"] = "file:bybit-secret",
            ["crosshedge-bybit-bybit-api-url"] = "https://api.bybit.com",
        };
        Environment.SetEnvironmentVariable("CROSSHEDGE_TEST_KEY", "k3y");
        var resolved = SecretReferences.Resolve(settings, Path.GetDirectoryName(secret)!, errors);
        Environment.SetEnvironmentVariable("CROSSHEDGE_TEST_KEY", null);

        Assert.That(errors, Is.Empty);
        Assert.That(resolved.Values, Is.EquivalentTo(new[] { "k3y", "s3cr3t", "https://api.bybit.com" }));
    }

    [TestCase("crosshedge-bybit-bybit-api-key", "k3y", "crosshedge-bybit-bybit-api-key stands in the configuration itself")]
    [TestCase("crosshedge-bybit-bybit-api-secret", "env:CROSSHEDGE_NOT_SET", "the environment variable CROSSHEDGE_NOT_SET is not set")]
    [TestCase("crosshedge-bybit-bybit-api-secret", "file:not-there", "not-there cannot be read")]
    public void ASecretThatStandsHereOrNowhereIsRefusedAndNeverShown(string key, string value, string problem)
    {
        var errors = new List<string>();
        SecretReferences.Resolve(new Dictionary<string, string> { [key] = value }, _folder.Root, errors);

        Assert.That(errors.Single(), Does.Contain(problem));
        Assert.That(errors.Single(), Does.Not.Contain("k3y"));
    }

    [TestCase("live-two-venues.json", 2)]
    [TestCase("live-three-venues.json", 3)]
    [TestCase("live-real-venues.json", 3)]
    public void TheShippedConfigurationsCanRun(string name, int venues)
    {
        var errors = new List<string>();
        var file = ConfigurationFile.Read(Path.Combine(Repository.Root, "launcher-config", name), errors);
        var settings = CompositeSettings.Read(file.Settings, errors);
        var configuration = HedgeConfiguration.Parse(file.Parameters);

        Assert.That(errors.Concat(configuration.Errors), Is.Empty);
        Assert.That(settings.Children.Select(child => child.Market).Distinct().Count(), Is.EqualTo(venues));
        Assert.That(configuration.Value!.Accounts.Select(account => account.Name), Is.EquivalentTo(settings.Children.Select(child => child.Name)));
    }

    [Test]
    public void TheExchangeThatIsStartedWithItEndsWithItsInput()
    {
        var console = new LauncherConsole(new StringWriter(), new StringWriter(), _folder.Root, IsTerminal: false);
        var input = Console.In;
        Console.SetIn(new StringReader("anything\n"));
        try
        {
            var code = LauncherCommands.Run(["exchange", "--config", Path.Combine(Repository.Root, "launcher-config", "live-two-venues.json"), "--data", _folder.Generate(new() { Days = 1 }), "--port", "0", "--attached"], console);

            Assert.That(code, Is.Zero, console.Error.ToString());
            Assert.That(console.Output.ToString(), Does.StartWith("paper exchange on 127.0.0.1:"));
        }
        finally
        {
            Console.SetIn(input);
        }
    }

    private static string Text(string settings)
        => $$"""{ {{settings}} "parameters": { "groups": "BTC", "BTC.primary": "binance:spot:BTCUSDT", "BTC.hedges": "bybit:perpetual:BTCUSDT", "binance-spot.cash": "USDT:60000", "bybit.cash": "USDT:40000", "BTC.notional": "30000" } }""";

    private string[] ErrorsOf(string configuration, params string[] arguments)
    {
        _folder.Write("live.json", configuration);
        var (code, _, error) = _folder.Run(["live", "--config", "live.json", .. arguments]);

        Assert.That(code, Is.EqualTo(2), error);
        return error.Split('\n').Where(line => line.StartsWith("error: ", StringComparison.Ordinal)).Select(line => line[7..]).ToArray();
    }
}
