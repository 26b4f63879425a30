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
    public void GoldensComeFromOneLean()
    {
        var engines = Names.Select(Places.Golden).Where(File.Exists).Select(CaseResult.Read).Select(x => x.Engine).Distinct().ToList();
        Assert.That(engines, Has.Count.EqualTo(1), "All goldens come from one build of LEAN: record all of them again.");
        Assert.That(engines[0].Name, Is.EqualTo("LEAN"));
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
