using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrossHedgeLean.Conformance;
using CrossHedgeLean.Conformance.Api;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Conformance;

/// <summary>
/// Every case against its golden, which only LEAN writes: LeanSim in this process, LEAN (-p:LeanBin=DIR) in a process per case.
/// </summary>
[TestFixture]
public sealed class ConformanceTests
{
    private static IEnumerable<string> Names => Catalog.Cases.Select(x => x.Name);

    [TestCaseSource(nameof(Names))]
    public void AgreesWithLean(string name)
    {
        if (Catalog.Find(name).WhyNot() is { } reason)
        {
            Assert.Ignore(reason);
        }

        Assert.That(Session.Check(name).Difference, Is.Null);
    }

    [Test]
    public void EveryGoldenHasItsCase()
    {
        var goldens = Directory.EnumerateFiles(Path.Combine(Places.Folder, "goldens"), "*.json").Select(Path.GetFileNameWithoutExtension);
        Assert.That(goldens, Is.EquivalentTo(Names));
    }

    [Test]
    public void GoldensAreAsTheRecorderLeftThem()
    {
        var errors = Session.ManifestErrors();
        Assert.That(errors, Is.Empty, string.Join('\n', errors));
    }

    [Test]
    public void EveryStrategyPinsLeansFiguresAndOurs([Values("inventory", "carry", "convergence", "convergence-late")] string strategy)
        => Assert.That(
            CaseResult.Read(Places.Golden("strategy-" + strategy)).Statistics!.Keys,
            Is.SupersetOf(new[] { "Total Orders", "Average Win", "Sharpe Ratio", "Drawdown", "Total Fees", "OrderListHash", "CrossHedge Profit Total", "CrossHedge Worst Residual (coins)", "CrossHedge Naked Seconds", "CrossHedge Worst Distance" }));

    [Test]
    public void PinnedFiguresAreComparedWhereTheEngineComputesThem()
    {
        var golden = Result("LEAN", ("Total Orders", "4"), ("CrossHedge Orders", "4"));

        Assert.That(Result("LeanSim", ("CrossHedge Orders", "4")).Difference(golden), Is.Null, "LeanSim has no statistics of LEAN's");
        Assert.That(Result("LeanSim", ("CrossHedge Orders", "5")).Difference(golden), Does.Contain("CrossHedge Orders: LEAN 4, here 5"));
        Assert.That(Result("LEAN", ("CrossHedge Orders", "4")).Difference(golden), Does.Contain("Total Orders: LEAN 4, here (nothing)"));
        Assert.That(Result("LEAN", ("Total Orders", "5"), ("CrossHedge Orders", "4")).Difference(golden), Does.Contain("Total Orders: LEAN 4, here 5"));

        static CaseResult Result(string engine, params (string Name, string Value)[] figures)
            => new("case", new EngineStamp(engine, "", ""), "", "", true, 1, 1, "", [])
            {
                Statistics = new SortedDictionary<string, string>(figures.ToDictionary(figure => figure.Name, figure => figure.Value)),
            };
    }

    [Test]
    public void ThereAreEnoughCases() => Assert.That(Catalog.Cases, Has.Count.GreaterThanOrEqualTo(15));

    [Test]
    public void CaseNamesAreUnique() => Assert.That(Names, Is.Unique);
}

/// <summary>LeanSim's public API is a subset of LEAN's, of which there is a record.</summary>
[TestFixture]
public sealed class PublicApiTests
{
    [Test]
    public void LeanSimOffersNothingThatLeanHasNot()
    {
        if (Session.OnLean)
        {
            Assert.Ignore("This build is on LEAN itself.");
        }

        var differences = ApiRecord.Differences();
        Assert.That(differences, Is.Empty, string.Join('\n', differences));
    }
}
