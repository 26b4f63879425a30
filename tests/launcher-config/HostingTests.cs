using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using CrossHedgeLean.Commands;
using CrossHedgeLean.Hosting;
using NUnit.Framework;
using QuantConnect.Algorithm;
using QuantConnect.Data;

namespace CrossHedgeLean.Tests.Launcher;

[TestFixture]
public sealed class HostingTests
{
    /// <summary>What a run keeps.</summary>
    internal static readonly string[] Kept =
    [
        "account-extremes.csv", "accounts.csv", "basis.csv", "decisions.log", "equity.csv", "funding.csv", "groups.csv",
        "lead-lag.csv", "losses.csv", "naked.csv", "order-events.csv", "profit.csv", "residuals.csv", "result.json",
    ];

    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase(true, 0)]
    [TestCase(false, 1)]
    public void AnErrorOfTheAlgorithmComesBackWhole(bool inInitialize, int leastDataPoints)
    {
        SkipOnLean();
        var job = new BacktestJob(() => new FailingAlgorithm(inInitialize), _folder.Generate(), new Dictionary<string, string>());
        var outcome = BacktestEngines.Create().Run(job);
        Assert.That(outcome.Completed, Is.False);
        Assert.That(outcome.Error, Is.EqualTo("first line\nsecond line"));
        Assert.That(outcome.DataPoints, Is.GreaterThanOrEqualTo(leastDataPoints));
    }

    [Test]
    public void ProgressIsToldOnceADay()
    {
        SkipOnLean();
        var days = new List<DateTime>();
        var job = new BacktestJob(() => new CrossHedgeAlgorithm(), _folder.Generate(), TestFolder.Parameters()) { Progress = time => days.Add(time.Date) };
        Assert.That(BacktestEngines.Create().Run(job).Error, Is.Null);
        Assert.That(days, Is.Unique.And.Ordered);
        Assert.That(days, Does.Contain(new DateTime(2025, 1, 2)));
    }

    [Test]
    public void OutputsTakeTheirNameOnlyWhenComplete()
    {
        var errors = new List<string>();
        using (var abandoned = OutputFolder.Create(_folder["out"], errors)!)
        {
            abandoned.Sinks.Equity!("time,equity");
            Assert.That(Directory.Exists(_folder["out"]), Is.False);
        }

        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Root), Is.Empty);

        Directory.CreateDirectory(_folder["out.partial/left-by-a-crash"]);
        using (var complete = OutputFolder.Create(_folder["out"], errors)!)
        {
            complete.Sinks.Equity!("time,equity");
            complete.Complete(Encoding.UTF8.GetBytes("{}"));
        }

        Assert.That(errors, Is.Empty);
        Assert.That(TestFolder.Files(_folder.Root), Is.EqualTo(Kept.Select(file => "out/" + file)));
        Assert.That(File.ReadAllText(_folder["out/equity.csv"]), Is.EqualTo("time,equity\n"));
    }

    [Test]
    public void OutputsThatCannotBeMadeAreBadInput()
    {
        _folder.Write("file", "");
        var errors = new List<string>();
        Assert.That(OutputFolder.Create(_folder["file/out"], errors), Is.Null);
        Assert.That(errors, Has.Exactly(1).Contains("cannot be made"));
    }

    private static void SkipOnLean()
    {
        var source = typeof(HostingTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => attribute.Key == "LeanSource")?.Value;
        if (source != "sim")
        {
            Assert.Ignore("LEAN runs once per process; on LEAN the host is run by the conformance cases.");
        }
    }

    private sealed class FailingAlgorithm(bool inInitialize) : QCAlgorithm
    {
        public override void Initialize()
        {
            SetTimeZone("UTC");
            SetStartDate(2025, 1, 1);
            SetEndDate(2025, 1, 2);
            AddCrypto("BTCUSDT", market: QuantConnect.Market.Binance);
            SetBenchmark(_ => 0m);
            if (inInitialize)
            {
                throw new InvalidOperationException("first line\nsecond line");
            }
        }

        public override void OnData(Slice slice) => throw new InvalidOperationException("first line\nsecond line");
    }
}
