using System.IO;
using CrossHedgeLean.Checks;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Launcher;

[TestFixture]
public sealed class DataFolderCheckTests
{
    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void AFolderThatIsNotOneIsToldOnce()
    {
        Directory.CreateDirectory(_folder["empty"]);
        _folder.Write("other/readme.txt", "");
        Assert.That(Errors(_folder["missing"]), Has.Exactly(1).Contains("does not exist"));
        Assert.That(Errors(_folder["empty"]), Has.Exactly(1).Contains("is empty"));
        Assert.That(Errors(_folder["other"]), Has.Exactly(1).Contains("is not a LEAN data folder"));
        Assert.That(Errors(_folder["other/readme.txt"]), Has.Exactly(1).Contains("is a file"));
    }

    [Test]
    public void MissingDatabasesAreTold()
    {
        var data = _folder.Generate();
        File.Delete(Path.Combine(data, "market-hours/market-hours-database.json"));
        File.Delete(Path.Combine(data, "symbol-properties/symbol-properties-database.csv"));
        var errors = Errors(data);
        Assert.That(errors, Has.Length.EqualTo(2));
        Assert.That(errors, Has.Some.Contains("market-hours-database.json is missing"));
        Assert.That(errors, Has.Some.Contains("symbol-properties-database.csv is missing"));
    }

    [Test]
    public void MarketHoursThatAreNotJsonAreToldWithTheLine()
    {
        var data = _folder.Generate();
        File.WriteAllText(Path.Combine(data, "market-hours/market-hours-database.json"), "{\n  \"entries\": { x\n");
        Assert.That(Errors(data), Is.EqualTo(new[] { $"{Path.Combine(data, "market-hours", "market-hours-database.json")} is not JSON: line 2, position 16. Copy the file from LEAN's Data folder." }));
    }

    [Test]
    public void AMarketWithoutHoursIsTold()
    {
        var data = _folder.Generate();
        File.WriteAllText(Path.Combine(data, "market-hours/market-hours-database.json"), "{ \"entries\": { \"Crypto-binance-[*]\": {} } }");
        Assert.That(Errors(data), Has.Exactly(1).Contains("no entry CryptoFuture-bybit-[*], which bybit:perpetual:BTCUSDT needs"));
    }

    [Test]
    public void AMistypedSymbolIsToldWithTheOneThatWasMeant()
    {
        var errors = Errors(_folder.Generate(), ("BTC.primary", "binance:spot:BTCUDST"));
        Assert.That(errors, Has.Length.EqualTo(1));
        Assert.That(errors[0], Does.Contain("binance:spot:BTCUDST is not in").And.Contain("near it are binance:spot:BTCUSDT"));
    }

    [Test]
    public void DatesWithoutDataAreToldWithThoseThatAreThere()
    {
        var errors = Errors(_folder.Generate(), ("from", "2025-02-01"), ("to", "2025-02-02"));
        Assert.That(errors, Has.Length.EqualTo(2));
        Assert.That(errors, Has.All.Contains("from 2025-02-01 to 2025-02-02").And.Contains("there is 2025-01-01 to 2025-01-02"));
    }

    [Test]
    public void DatesBeyondTheDataAreAnError()
    {
        Assert.That(Errors(_folder.Generate(), ("to", "2025-01-04")), Has.Exactly(1).Contains("on 2025-01-03 to 2025-01-04"));
    }

    [Test]
    public void ADayThatOneVenueLacksIsANotice()
    {
        var data = _folder.Generate();
        foreach (var file in Directory.GetFiles(Path.Combine(data, "cryptofuture/bybit/minute/btcusdt"), "20250102*"))
        {
            File.Delete(file);
        }

        var result = DataFolderCheck.Run(data, TestFolder.Configuration());
        Assert.That(result.Errors, Is.Empty);
        Assert.That(result.Notices, Has.Exactly(1).Contains("bybit:perpetual:BTCUSDT has no data on 2025-01-02"));
    }

    [Test]
    public void MissingQuotesAreANotice()
    {
        var data = _folder.Generate();
        foreach (var file in Directory.GetFiles(Path.Combine(data, "crypto/binance/minute/btcusdt"), "*_quote.zip"))
        {
            File.Delete(file);
        }

        var result = DataFolderCheck.Run(data, TestFolder.Configuration());
        Assert.That(result.Errors, Is.Empty);
        Assert.That(result.Notices, Has.Exactly(1).Contains("binance:spot:BTCUSDT has no quotes"));
    }

    [TestCase(null, " is missing. ")]
    [TestCase("", " from 2025-01-01 to 2025-01-02 in ")]
    [TestCase("20241231 16:00:00,0.0001\n20250103 00:00:00,0.0001\n", " from 2025-01-01 to 2025-01-02 in ")]
    public void FundingWithoutRatesIsANoticeThatItIsUnknown(string? content, string problem)
    {
        var data = _folder.Generate();
        var file = Path.Combine(data, "cryptofuture", "bybit", "margin_interest", "btcusdt.csv");
        File.Delete(file);
        if (content is not null)
        {
            File.WriteAllText(file, content);
        }

        var result = DataFolderCheck.Run(data, TestFolder.Configuration());
        Assert.That(result.Errors, Is.Empty);
        Assert.That(result.Notices, Has.Count.EqualTo(1));
        Assert.That(result.Notices[0], Does.StartWith("bybit:perpetual:BTCUSDT has no funding rates").And.Contain(problem).And.Contain(file));
        Assert.That(result.Notices[0], Does.Contain("unknown in this run, not zero: add the venue's rates"));
    }

    [Test]
    public void AnUnderlyingThatNothingPricesIsToldWithTheMarketThatCould()
    {
        var data = _folder.Generate(TestFolder.TwoDays with
        {
            Venues = ["binance:spot", "bybit:spot", "bybit:perpetual"],
            Pairs = ["BTCUSDT", "BTCBUSD"],
        });
        Directory.Delete(Path.Combine(data, "crypto/binance/minute/btcusdt"), recursive: true);
        var errors = Errors(data, ("BTC.primary", "binance:spot:BTCBUSD"));
        Assert.That(errors, Has.Exactly(1).Contains("binance:spot:BTCUSDT has no minute data").And.Contains("Give --set conversion-market=bybit"));
        Assert.That(Errors(data, ("BTC.primary", "binance:spot:BTCBUSD"), ("conversion-market", "bybit")), Is.Empty);
    }

    [Test]
    public void CorruptFilesAreToldAllAtOnceWithFileAndLine()
    {
        var data = _folder.Generate();
        var trades = Path.Combine(data, "crypto", "binance", "minute", "btcusdt", "20250101_trade.zip");
        var quotes = Path.Combine(data, "cryptofuture", "bybit", "minute", "btcusdt", "20250102_quote.zip");
        var garbage = Path.Combine(data, "crypto", "binance", "minute", "btcusdt", "20250102_trade.zip");
        var cut = Path.Combine(data, "crypto", "binance", "minute", "btcusdt", "20250102_quote.zip");
        TestFolder.Edit(trades, rows => rows[16] = "nonsense");
        TestFolder.Edit(quotes, rows => rows.Clear());
        File.WriteAllText(garbage, "not a zip");
        File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..5000]);
        var errors = Errors(data);
        Assert.That(errors, Has.Length.EqualTo(4));
        Assert.That(errors, Has.Exactly(1).Contains($"{trades}, line 17: has 1 columns instead of 6 ('nonsense')"));
        Assert.That(errors, Has.Exactly(1).Contains($"{quotes} has no rows"));
        Assert.That(errors, Has.Exactly(1).Contains($"{garbage} cannot be read as a zip"));
        Assert.That(errors, Has.Exactly(1).Contains($"{cut} cannot be read as a zip"));
    }

    private static string[] Errors(string data, params (string Name, string Value)[] changes) =>
        [.. DataFolderCheck.Run(data, TestFolder.Configuration(changes)).Errors];
}
