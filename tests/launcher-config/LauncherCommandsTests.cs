using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Text.Json;
using CrossHedgeLean.Hosting;
using CrossHedgeLean.Reports;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Launcher;

[TestFixture]
public sealed class LauncherCommandsTests
{
    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase("--help")]
    [TestCase("backtest --help")]
    [TestCase("data generate --help")]
    public void HelpEndsWithExamples(string arguments)
    {
        var (code, output, error) = _folder.Run(arguments.Split(' '));
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("Examples:").And.Contain("  dotnet run --project launcher-config -- "));
        Assert.That(error, Is.Empty);
    }

    [Test]
    public void AMistypedOptionIsBadInputWithAHint()
    {
        var (code, output, error) = _folder.Run("backtest", "--frm", "2025-01-01");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(output, Is.Empty);
        Assert.That(error, Does.Contain("'--frm'. Did you mean --from?").And.Contain("backtest --help"));
    }

    [Test]
    public void NoCommandIsBadInput() => Assert.That(_folder.Run().ExitCode, Is.EqualTo(2));

    [TestCase("{ \"parameters\": {\n  \"groups\" 1 } }", "is not JSON: line 2, position 12")]
    [TestCase("{ \"parameter\": {} }", "key 'parameter' is unknown: use data-folder and parameters")]
    [TestCase("{ \"parameters\": { \"cash\": [1] } }", "parameter 'cash' is not a text or a number")]
    [TestCase("{ \"parameters\": { \"cash\": \"USDT:1\", \"cash\": \"USDT:2\" } }", "'parameters.cash' stands there 2 times")]
    [TestCase("{ \"data-folder\": 5 }", "data-folder 5 is not the path of a folder")]
    [TestCase("[]", "is not a JSON object")]
    public void ABadConfigurationFileIsTold(string text, string problem)
    {
        var file = _folder.Write("config-file.json", text);
        var (code, _, error) = _folder.Run("backtest", "--config", "config-file.json");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain($"error: config {file}").And.Contain(problem));
    }

    [Test]
    public void AllErrorsAreToldAtOnce()
    {
        _folder.Write("out/kept.txt", "kept");
        var (code, _, error) = _folder.Run(
            "backtest", "--set", "BTC.ratio=-1", "--set", "colour=red", "--set", "nonsense", "--from", "yesterday", "--out", "out", "--data", "nowhere");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error.Split('\n').Count(line => line.StartsWith("error: ", StringComparison.Ordinal)), Is.EqualTo(6));
        Assert.That(error, Does.Contain("nowhere does not exist"));
        Assert.That(error, Does.Contain("BTC.ratio '-1'"));
        Assert.That(error, Does.Contain("parameter 'colour' is unknown"));
        Assert.That(error, Does.Contain("set 'nonsense' is not key=value"));
        Assert.That(error, Does.Contain("from 'yesterday'"));
        Assert.That(error, Does.Contain("exists and is not empty"));
        Assert.That(File.ReadAllText(_folder["out/kept.txt"]), Is.EqualTo("kept"));
    }

    [Test]
    public void AnUnknownSymbolIsToldBesideTheErrorsOfTheConfiguration()
    {
        var data = _folder.Generate();
        var (code, _, error) = _folder.Run("backtest", "--data", data, "--set", "BTC.ratio=-1", "--set", "ETH.hedges=bybit:perpetual:ETHUSDC");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain("BTC.ratio '-1'").And.Contain("bybit:perpetual:ETHUSDC is not in"));
    }

    [Test]
    public void BadInputMakesNeitherSampleDataNorOutputs()
    {
        Assert.That(_folder.Run("backtest", "--set", "colour=red", "--out", "out").ExitCode, Is.EqualTo(2));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Root), Is.Empty);
    }

    [Test]
    public void CorruptDataLeaveNoOutputs()
    {
        var data = _folder.Generate();
        TestFolder.Edit(Path.Combine(data, "crypto/binance/minute/btcusdt/20250101_trade.zip"), rows => rows[2] = "120000,1");
        _folder.WriteConfiguration();
        var (code, _, error) = _folder.Run("backtest", "--config", "two-days.json", "--data", "data", "--out", "out");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain("20250101_trade.zip, line 3: has 2 columns instead of 6"));
        Assert.That(Directory.GetDirectories(_folder.Root).Select(Path.GetFileName), Is.EqualTo(new[] { "data" }));
    }

    [Test]
    public void GenerateTellsWhatIsThereAndKeepsIt()
    {
        var first = _folder.Run("data", "generate", "--out", "made", "--days", "1", "--pairs", "BTCUSDT");
        Assert.That(first.ExitCode, Is.Zero, first.Error);
        Assert.That(first.Output, Does.Contain("rows in 4 files (1 days from 2025-01-01, binance:spot bybit:perpetual, BTCUSDT, minute, seed 1)"));
        var again = _folder.Run("data", "generate", "--out", "made", "--days", "1", "--pairs", "btcusdt");
        Assert.That(again.ExitCode, Is.Zero);
        Assert.That(again.Output, Does.Contain("already holds these data"));
        var other = _folder.Run("data", "generate", "--out", "made", "--days", "2");
        Assert.That(other.ExitCode, Is.EqualTo(2));
        Assert.That(other.Error, Does.Contain("holds other generated data"));
    }

    [Test]
    public void BadGeneratorOptionsAreToldAtOnce()
    {
        var (code, _, error) = _folder.Run("data", "generate", "--days", "x", "--from", "y", "--venues", "nowhere:spot", "--resolution", "hour");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error.Split('\n').Count(line => line.StartsWith("error: ", StringComparison.Ordinal)), Is.EqualTo(4));
    }

    [Test]
    public void TheFirstLineTellsTheRecordOfConformance()
    {
        using var record = new MemoryStream(Encoding.UTF8.GetBytes(
            "{\"lean\": {\"commit\": \"24863901deffa9ec7985e21ef8fbdb0258efb9e4\", \"mvid\": \"x\"}, \"cases\": {\"passed\": 17, \"total\": 18}}"));
        Assert.That(EngineLine.Conformance(record), Is.EqualTo("conformance 17 of 18 at LEAN 24863901deff"));
        Assert.That(EngineLine.Conformance(null), Is.EqualTo("conformance not recorded"));
        Assert.That(EngineLine.For(new EngineInfo("LEAN", "bin", "2.5.0.0")), Is.EqualTo("LEAN 2.5.0.0 from bin"));
    }

    [Test]
    public void ABacktestPrintsATable()
    {
        SkipOnLean();
        _folder.Generate();
        _folder.WriteConfiguration();
        var (code, output, error) = _folder.Run("backtest", "--config", "two-days.json", "--data", "data");
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.StartWith("LeanSim 0.1.0, conformance "));
        foreach (var text in new[] { "binance:spot", "bybit:perpetual", "Funding", "Residual", "99th percentile", "Equity", "Sharpe", "data points" })
        {
            Assert.That(output, Does.Contain(text));
        }
    }

    [Test]
    public void JsonIsOneObjectAloneOnStandardOutputAndOutKeepsTheFiles()
    {
        SkipOnLean();
        _folder.Generate();
        _folder.WriteConfiguration();
        var (code, output, error) = _folder.Run("backtest", "--config", "two-days.json", "--data", "data", "--json", "--out", "new/out");
        Assert.That(code, Is.Zero, error);
        using var document = JsonDocument.Parse(output);
        Assert.That(
            document.RootElement.EnumerateObject().Select(property => property.Name),
            Is.SupersetOf(new[]
            {
                "engine", "orders", "fills", "fees", "funding", "equity", "sharpe", "maxDrawdown", "dataPoints", "dataPointsPerSecond",
                "peakMemoryMb", "residual", "venues", "decisionLogHash",
            }));
        Assert.That(document.RootElement.GetProperty("fills").GetInt32(), Is.Positive);
        Assert.That(error, Does.StartWith("LeanSim "));
        Assert.That(TestFolder.Files(_folder["new/out"]), Is.EqualTo(new[] { "decisions.log", "equity.csv", "order-events.csv", "result.json" }));
        Assert.That(File.ReadAllText(_folder["new/out/result.json"]).Trim(), Is.EqualTo(output.Trim()));
        Assert.That(Directory.GetDirectories(_folder["new"]).Select(Path.GetFileName), Is.EqualTo(new[] { "out" }));
    }

    [Test]
    public void TheSameRunTwiceIsTheSame()
    {
        SkipOnLean();
        _folder.Generate();
        _folder.WriteConfiguration();
        foreach (var name in new[] { "one", "two" })
        {
            Assert.That(_folder.Run("backtest", "--config", "two-days.json", "--data", "data", "--out", name).ExitCode, Is.Zero);
        }

        foreach (var file in new[] { "decisions.log", "equity.csv", "order-events.csv" })
        {
            Assert.That(File.ReadAllText(_folder["two/" + file]), Is.EqualTo(File.ReadAllText(_folder["one/" + file])), file);
        }
    }

    [Test]
    public void TheFirstRunGeneratesSampleDataAndTheSecondUsesThem()
    {
        SkipOnLean();
        var first = _folder.Run("backtest", "--to", "2025-01-01");
        Assert.That(first.ExitCode, Is.Zero, first.Error);
        Assert.That(first.Error, Does.Contain("Generating sample data").And.Contain("100%"));
        var second = _folder.Run("backtest", "--to", "2025-01-01");
        Assert.That(second.ExitCode, Is.Zero, second.Error);
        Assert.That(second.Error, Does.Not.Contain("Generating"));
    }

    [Test]
    public void OtherGroupsTakeTheParametersOfTheOldOnesAway()
    {
        var (code, _, error) = _folder.Run("backtest", "--data", "nowhere", "--set", "groups=BTC");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Not.Contain("ETH").And.Contain("nowhere does not exist"));
        Assert.That(_folder.Run("backtest", "--data", "nowhere", "--set", "groups=BTC", "--set", "ETH.ratio=1").Error, Does.Contain("'ETH.ratio' is unknown"));
    }

    /// <summary>LEAN allows one run per process, which the conformance cases use in processes of their own.</summary>
    private static void SkipOnLean()
    {
        var source = typeof(LauncherCommandsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => attribute.Key == "LeanSource")?.Value;
        if (source != "sim")
        {
            Assert.Ignore("LEAN runs once per process; on LEAN the launcher is run by the conformance cases.");
        }
    }
}
