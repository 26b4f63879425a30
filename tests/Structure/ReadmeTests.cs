using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Drills;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Structure;

[TestFixture]
public sealed class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    private static IEnumerable<string> Parameters
        => HedgeConfiguration.KnownParameters
            .Concat(HedgeConfiguration.GroupParameters)
            .Concat(HedgeConfiguration.AccountParameters)
            .Concat(HedgeConfiguration.VenueParameters)
            .Distinct();

    [TestCaseSource(nameof(Parameters))]
    public void EveryParameterIsTold(string name) => Assert.That(Readme, Does.Match($"`([A-Za-z]+\\.)?{Regex.Escape(name)}( =|`)"));

    [Test]
    public void EveryDrillIsTold() => Assert.That(Drill.Names.Where(name => !Readme.Contains($"`{name}`")), Is.Empty);
}
