using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Text.Json;
using CrossHedgeLean.Commands;
using CrossHedgeLean.Hosting;
using CrossHedgeLean.Recording;
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
    [TestCase("report --help")]
    [TestCase("data generate --help")]
    [TestCase("workspace --help")]
    [TestCase("workspace check --help")]
    [TestCase("configuration --help")]
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
    public void GenerateTakesMovesAndFundingRatesOfAFile()
    {
        _folder.Write("rates.csv", "Symbol,Date,Funding Rate\nBTC-USDT,2025-01-01 03:00:00.000,-0.0005\nBTC-USDT,2025-01-01 11:00:00.012,1.5e-4\n");
        string[] common = ["data", "generate", "--days", "1", "--pairs", "BTCUSDT"];
        string[] extras = ["--move", "BTC@bybit:perpetual=06:00:00/00:10:00/0.01", "--funding", "bybit:perpetual:BTCUSDT=rates.csv", "--funding-ahead", "03:00:00"];
        Assert.That(_folder.Run([.. common, "--out", "plain"]).ExitCode, Is.Zero);
        var made = _folder.Run([.. common, "--out", "made", .. extras]);
        Assert.That(made.ExitCode, Is.Zero, made.Error);

        Assert.That(File.ReadAllLines(_folder["made/cryptofuture/bybit/margin_interest/btcusdt.csv"]), Is.EqualTo(new[] { "20250101 00:00:00,-0.0005", "20250101 08:00:00,0.00015" }), "in UTC; nothing where the file says nothing");
        var ratio = Close("made/cryptofuture/bybit", 12) / Close("plain/cryptofuture/bybit", 12);
        Assert.That((ratio, Close("made/cryptofuture/bybit", 5), Close("made/crypto/binance", 12)), Is.EqualTo((ratio, Close("plain/cryptofuture/bybit", 5), Close("plain/crypto/binance", 12))));
        Assert.That(ratio, Is.EqualTo(1.01m).Within(0.0001m));

        Assert.That(_folder.Run([.. common, "--out", "made", .. extras]).Output, Does.Contain("already holds these data"));
        Assert.That(_folder.Run([.. common, "--out", "made"]).Error, Does.Contain("holds other generated data"));

        decimal Close(string route, int hour)
        {
            var close = 0m;
            TestFolder.Edit(
                _folder[$"{route}/minute/btcusdt/20250101_trade.zip"],
                rows => close = decimal.Parse(rows.Last(row => int.Parse(row.Split(',')[0], CultureInfo.InvariantCulture) <= hour * 3_600_000).Split(',')[4], CultureInfo.InvariantCulture));
            return close;
        }
    }

    [Test]
    public void WrongMovesAndFundingAreToldAtOnce()
    {
        var (code, _, error) = _folder.Run(
            "data", "generate", "--move", "BTC=06:00:00/0.01", "--move", "BTC=06:00:00/00:10:00/-1", "--funding", "binance:spot:BTCUSDT=rates.csv", "--funding", "bybit:perpetual:BTCUSDT=nowhere.csv");

        Assert.That(code, Is.EqualTo(2));
        Assert.That(error.Split('\n').Count(line => line.StartsWith("error: ", StringComparison.Ordinal)), Is.EqualTo(4), error);
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

        foreach (var text in new[] { "binance-spot", "Equity at start", "  spread, slippage", "Margin used", "Nearest to liquidation", "LEAN default", "venue: binance-spot 10 ms, bybit 14 ms", "checked, none violated" })
        {
            Assert.That(output, Does.Contain(text));
        }

        Assert.That(output, Does.Not.Contain("note: ").And.Not.Contain("unknown"));
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
                "format", "parameters", "files", "engine", "orders", "fills", "fees", "funding", "equity", "sharpe", "maxDrawdown", "dataPoints", "dataPointsPerSecond",
                "peakMemoryMb", "residual", "venues", "decisionLogHash", "latency", "accounts", "profit", "invariants",
            }));
        Assert.That(document.RootElement.GetProperty("fills").GetInt32(), Is.Positive);
        Assert.That(error, Does.StartWith("LeanSim "));
        Assert.That(TestFolder.Files(_folder["new/out"]), Is.EqualTo(HostingTests.Kept));
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

        foreach (var file in HostingTests.Kept.Except(["result.json"]))
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

    [Test]
    public void OtherAccountsTakeTheParametersOfTheOldOnesAway()
    {
        var (code, _, error) = _folder.Run(
            "backtest", "--data", "nowhere", "--set", "accounts=one=binance:spot,two=bybit:perpetual", "--set", "one.cash=USDT:60000", "--set", "two.cash=USDT:40000");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(Errors(error), Has.Length.EqualTo(1).And.Some.Contains("nowhere does not exist"));
    }

    [Test]
    public void OtherGroupsLeaveTheParametersOfTheAccounts()
    {
        var (_, _, error) = _folder.Run("backtest", "--data", "nowhere", "--set", "groups=BTC", "--set", "bybit.cash=USDT:1", "--set", "bybit.leverage=0");
        Assert.That(Errors(error), Has.Length.EqualTo(2).And.Some.Contains("bybit.leverage '0'"));
    }

    [Test]
    public void OtherGroupsLeaveTheLimitsOfTheVenues()
    {
        var text = JsonSerializer.Serialize(new { parameters = TestFolder.Parameters(("BTC.max-naked", "0"), ("binance.max-naked", "0")) });
        _folder.Write("limits.json", text);
        var (_, _, error) = _folder.Run(
            "backtest", "--config", "limits.json", "--data", "nowhere",
            "--set", "groups=ETH", "--set", "ETH.primary=binance:spot:ETHUSDT", "--set", "ETH.hedges=bybit:perpetual:ETHUSDT");
        Assert.That(Errors(error), Has.Some.Contains("binance.max-naked '0'").And.None.Contains("BTC.max-naked"));
    }

    [Test]
    public void AllErrorsOfTheAccountsAreToldAtOnce()
    {
        var (code, _, error) = _folder.Run(
            "backtest", "--data", _folder.Generate(),
            "--set", "groups=BTC",
            "--latency", "-00:00:01",
            "--set", "bybit.tiers=BTCUSDT=250000:0.01:50/50000:0.004:125",
            "--set", "bybit.perpetual-fees=-0.0001/0.0004",
            "--set", "bybit.order-latency=-00:00:01",
            "--set", "bybit.profile=mtgox",
            "--set", "bybit.funding=05:00:00",
            "--set", "bybit.colour=red",
            "--set", "cash=USDT:1");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(Errors(error), Has.Length.EqualTo(8));
        foreach (var text in new[]
        {
            "latency '-00:00:01'", "bybit.tiers ", "bybit.perpetual-fees ", "bybit.order-latency ", "bybit.profile 'mtgox'", "bybit.funding ", "'bybit.colour' is unknown", "cash sets 1",
        })
        {
            Assert.That(error, Does.Contain(text));
        }
    }

    [TestCase("accounts=desk=binance:spot+bybit:spot+bybit:perpetual", "claimed by the venues binance and bybit")]
    [TestCase("accounts=a=binance:spot+binance:perpetual,b=binance:spot,c=bybit:perpetual", "route binance:spot is served by the accounts a and b")]
    public void AccountsThatCannotBeAreBadInput(string setting, string problem)
    {
        var (code, _, error) = _folder.Run("backtest", "--data", _folder.Generate(), "--set", "groups=BTC", "--set", setting);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain(problem));
    }

    [TestCase("none")]
    [TestCase("00:00:00.100")]
    public void TheLatencyIsInTheResult(string latency)
    {
        SkipOnLean();
        _folder.Generate();
        _folder.WriteConfiguration();
        var result = RunForJson("--latency", latency);
        Assert.That(result.GetProperty("latency").GetString(), Does.StartWith(latency));
    }

    [Test]
    public void TheResultShowsEachAccountAndWhereItsProfitCameFrom()
    {
        SkipOnLean();
        _folder.Generate();
        _folder.WriteConfiguration();
        var result = RunForJson();
        Assert.That(result.GetProperty("latency").GetString(), Is.EqualTo("venue"));
        var accounts = result.GetProperty("accounts").EnumerateArray().ToArray();
        Assert.That(accounts.Select(account => account.GetProperty("account").GetString()), Is.EqualTo(new[] { "binance-spot", "bybit" }));
        var change = 0m;
        foreach (var account in accounts)
        {
            var equity = account.GetProperty("equity");
            var gained = equity.GetProperty("end").GetDecimal() - equity.GetProperty("start").GetDecimal();
            change += gained;
            Assert.That(SumOfParts(account.GetProperty("profit")), Is.EqualTo(gained).Within(0.000000001m));
        }

        var profit = result.GetProperty("profit");
        Assert.That(SumOfParts(profit), Is.EqualTo(change).Within(0.000000001m));
        Assert.That(profit.GetProperty("equityChange").GetDecimal(), Is.EqualTo(change).Within(0.000000001m));
        Assert.That(profit.GetProperty("total").GetDecimal(), Is.EqualTo(change).Within(0.000000001m));
        Assert.That(result.GetProperty("funding").GetDecimal(), Is.EqualTo(profit.GetProperty("funding").GetDecimal()).And.Not.Zero);

        Assert.That(accounts[0].GetProperty("worstDistance").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(accounts[1].GetProperty("worstDistance").GetProperty("distance").GetDecimal(), Is.Positive);
        Assert.That(accounts[1].GetProperty("worstDistance").GetProperty("instrument").GetString(), Is.EqualTo("bybit:perpetual:BTCUSDT"));
        Assert.That(accounts[1].GetProperty("marginUsed").GetDecimal(), Is.InRange(9_000m, 11_000m));
        Assert.That(accounts[1].GetProperty("maxMarginUsed").GetDecimal(), Is.GreaterThanOrEqualTo(accounts[1].GetProperty("marginUsed").GetDecimal()));
        Assert.That(accounts[1].GetProperty("fees").EnumerateArray().Select(fees => fees.GetString()), Is.All.EqualTo("LEAN default"));
        Assert.That(accounts[1].GetProperty("liquidations").GetArrayLength(), Is.Zero);
        Assert.That(
            accounts[0].GetProperty("balances")[0].EnumerateObject().Select(property => property.Name),
            Is.EqualTo(new[] { "currency", "free", "locked", "inTransit", "withdrawable" }));
        Assert.That(result.GetProperty("invariants").GetProperty("checked").GetInt64(), Is.Positive);
        Assert.That(result.GetProperty("invariants").GetProperty("violated").GetInt64(), Is.Zero);
    }

    [Test]
    public void FundingWithoutAFileIsUnknownAndNotZero()
    {
        SkipOnLean();
        File.Delete(Path.Combine(_folder.Generate(), "cryptofuture/bybit/margin_interest/btcusdt.csv"));
        _folder.WriteConfiguration();
        var table = _folder.Run("backtest", "--config", "two-days.json", "--data", "data");
        Assert.That(table.ExitCode, Is.Zero, table.Error);
        Assert.That(table.Output, Does.Contain("note: bybit:perpetual:BTCUSDT has no funding rates: ").And.Contain("btcusdt.csv is missing"));
        Assert.That(table.Output, Does.Contain("unknown (5 boundaries without a rate: bybit:perpetual 5); 0.00 booked"));

        var result = RunForJson();
        Assert.That(result.GetProperty("funding").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(result.GetProperty("profit").GetProperty("funding").ValueKind, Is.EqualTo(JsonValueKind.Null));
        var perpetual = result.GetProperty("venues").EnumerateArray().Single(venue => venue.GetProperty("venue").GetString() == "bybit:perpetual");
        Assert.That(perpetual.GetProperty("funding").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(perpetual.GetProperty("fundingGaps").GetInt32(), Is.EqualTo(5));
    }

    [Test]
    public void ARunOlderThanItsMarginTableIsTold()
    {
        SkipOnLean();
        _folder.Generate(TestFolder.TwoDays with { FromUtc = new DateTime(2022, 1, 1, 0, 0, 0, DateTimeKind.Utc) });
        _folder.WriteConfiguration();
        var (code, output, error) = _folder.Run("backtest", "--config", "two-days.json", "--data", "data", "--from", "2022-01-01", "--to", "2022-01-02");
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Contain("note: bybit: the run starts on 2022-01-01, and the margin brackets of bybit-unified are of "));
    }

    [Test]
    public void AViolatedInvariantIsAFailedRun()
    {
        var console = new LauncherConsole(new StringWriter(), new StringWriter(), _folder.Root, IsTerminal: false);
        Assert.That(BacktestCommand.CheckInvariants(new InvariantSummary(5_000, 0, []), console), Is.Zero);
        Assert.That(console.Error.ToString(), Is.Empty);
        Assert.That(BacktestCommand.CheckInvariants(new InvariantSummary(5_000, 2, ["money is conserved: one", "money is conserved: two"]), console), Is.EqualTo(1));
        Assert.That(Errors(console.Error.ToString()!), Has.Length.EqualTo(3));
        Assert.That(console.Error.ToString(), Does.Contain("error: 2 of 5,000 checks of the invariants failed").And.Contain("error: money is conserved: two"));
    }

    private static string[] Errors(string error) =>
        error.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.StartsWith("error: ", StringComparison.Ordinal)).ToArray();

    private static decimal SumOfParts(JsonElement profit) =>
        new[] { "directional", "basis", "spreadAndSlippage", "fundingBooked", "fees", "liquidation", "currency", "writeOff" }
            .Sum(part => profit.GetProperty(part).GetDecimal());

    private JsonElement RunForJson(params string[] more)
    {
        var (code, output, error) = _folder.Run(["backtest", "--config", "two-days.json", "--data", "data", "--json", .. more]);
        Assert.That(code, Is.Zero, error);
        return JsonElement.Parse(output);
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
