using System;
using System.IO;
using System.Linq;
using CrossHedgeLean.Checks;
using CrossHedgeLean.DataGeneration;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Launcher;

[TestFixture]
public sealed class DataGeneratorTests
{
    // Of one day, seed 1, all else by default. It changes with DataGenerator.Version only, and is the same on each machine.
    private const string HashOfOneDay = "2a1e56270b623843418cc0151b6157b9133689899a66911988637145acce7f1c";

    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void SameOptionsGiveTheSameBytesOnEachMachine()
    {
        Assert.That(TestFolder.Hash(_folder.Generate(new GeneratorOptions { Days = 1 })), Is.EqualTo(HashOfOneDay));
    }

    [Test]
    public void AnotherSeedGivesOtherData()
    {
        var one = _folder.Generate(TestFolder.TwoDays, "one");
        var other = _folder.Generate(TestFolder.TwoDays with { Seed = 2 }, "other");
        const string zip = "crypto/binance/minute/btcusdt/20250101_trade.zip";
        Assert.That(File.ReadAllBytes(Path.Combine(other, zip)), Is.Not.EqualTo(File.ReadAllBytes(Path.Combine(one, zip))));
    }

    [Test]
    public void OneVenueMoreLeavesTheOthersAsTheyAre()
    {
        var two = _folder.Generate(TestFolder.TwoDays, "two");
        var three = _folder.Generate(TestFolder.TwoDays with { Venues = ["bybit:spot", "binance:spot", "bybit:perpetual"] }, "three");
        foreach (var file in TestFolder.Files(two).Where(file => file.EndsWith(".zip", StringComparison.Ordinal)))
        {
            Assert.That(File.ReadAllBytes(Path.Combine(three, file)), Is.EqualTo(File.ReadAllBytes(Path.Combine(two, file))), file);
        }
    }

    [Test]
    public void LongerDataStartAsShorterDo()
    {
        var two = _folder.Generate(TestFolder.TwoDays, "two");
        var three = _folder.Generate(TestFolder.TwoDays with { Days = 3 }, "three");
        const string zip = "cryptofuture/bybit/minute/btcusdt/20250102_quote.zip";
        Assert.That(File.ReadAllBytes(Path.Combine(three, zip)), Is.EqualTo(File.ReadAllBytes(Path.Combine(two, zip))));
    }

    [TestCase("minute", "binance:spot", "BTCUSDT,ETHUSDT,BTCBUSD")]
    [TestCase("minute", "kraken:spot", "BTCUSD,ETHUSD")]
    [TestCase("second", "binance:spot", "ETHUSDT")]
    public void EveryRowPassesTheCheckOfDataFolders(string resolution, string primaryRoute, string pairs)
    {
        var data = _folder.Generate(new GeneratorOptions
        {
            Days = 1,
            Seed = 5,
            Resolution = resolution,
            Venues = [primaryRoute, "bybit:spot", "bybit:perpetual"],
            Pairs = [.. pairs.Split(','), "BTCUSDT", "ETHUSDT"],
        });
        foreach (var pair in pairs.Split(','))
        {
            var group = pair[..3];
            var result = DataFolderCheck.Run(data, TestFolder.Configuration(
                ("to", "2025-01-01"),
                ("resolution", resolution),
                ("conversion-market", "bybit"),
                ("groups", group),
                ("BTC.primary", ""),
                ("BTC.hedges", ""),
                ("BTC.notional", ""),
                ($"{group}.primary", $"{primaryRoute}:{pair}"),
                ($"{group}.hedges", $"bybit:perpetual:{group}USDT")));
            Assert.That(result.Errors, Is.Empty);
            Assert.That(result.Notices, Is.Empty);
        }
    }

    [Test]
    public void FundingIsEveryEightHoursFromTheFirstMidnight()
    {
        var rows = File.ReadAllLines(Path.Combine(_folder.Generate(), "cryptofuture/bybit/margin_interest/btcusdt.csv"));
        Assert.That(
            rows.Select(row => row.Split(',')[0]),
            Is.EqualTo(new[] { "20250101 00:00:00", "20250101 08:00:00", "20250101 16:00:00", "20250102 00:00:00", "20250102 08:00:00", "20250102 16:00:00" }));
    }

    [Test]
    public void RowsAreMissingNowAndThenButNeverTheFirst()
    {
        var data = _folder.Generate();
        var counts = TestFolder.Files(data).Where(file => file.EndsWith(".zip", StringComparison.Ordinal)).Select(file =>
        {
            var count = 0;
            TestFolder.Edit(Path.Combine(data, file), rows => count = rows.Count);
            return count;
        }).ToList();
        Assert.That(counts, Has.Some.LessThan(1440));
        Assert.That(counts, Has.All.GreaterThan(1300));
        TestFolder.Edit(Path.Combine(data, "crypto/binance/minute/btcusdt/20250101_quote.zip"), rows => Assert.That(rows[0], Does.StartWith("0,")));
    }

    [Test]
    public void ItsMarkerTellsTheOptions()
    {
        var marker = DataGenerator.ReadMarker(_folder.Generate(), out var version);
        Assert.That(version, Is.EqualTo(DataGenerator.Version));
        Assert.That(marker!.Description, Is.EqualTo(TestFolder.TwoDays.Description));
    }

    [Test]
    public void AFolderWithFilesIsLeftAlone()
    {
        _folder.Write("data/mine.txt", "mine");
        Assert.That(() => _folder.Generate(), Throws.TypeOf<IOException>().With.Message.Contains("already holds files"));
        Assert.That(TestFolder.Files(_folder["data"]), Is.EqualTo(new[] { "mine.txt" }));
    }

    [Test]
    public void AllWrongOptionsAreToldAtOnce()
    {
        var errors = new GeneratorOptions
        {
            Days = 0,
            Resolution = "hour",
            Venues = ["binance:spot", "nowhere:spot", "kraken:spot"],
            Pairs = ["BTCUSDT", "XYZ"],
        }.Validate();
        Assert.That(errors, Has.Count.EqualTo(5));
        Assert.That(errors, Has.Some.Contains("days 0"));
        Assert.That(errors, Has.Some.Contains("resolution 'hour'"));
        Assert.That(errors, Has.Some.Contains("venue 'nowhere:spot'"));
        Assert.That(errors, Has.Some.Contains("pair 'XYZ'"));
        Assert.That(errors, Has.Some.Contains("venue 'kraken:spot' has none of the pairs"));
    }
}
