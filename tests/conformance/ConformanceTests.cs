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
