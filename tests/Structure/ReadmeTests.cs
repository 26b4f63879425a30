using System.IO;
using System.Linq;
using System.Xml.Linq;
using CrossHedgeLean.Drills;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Structure;

[TestFixture]
public sealed class ReadmeTests
{
    private const int MostLines = 200;
    private const int MostBytes = 100_000;

    [Test]
    public void TheReadmeIsShort() => Assert.That(File.ReadLines(Path.Combine(Repository.Root, "README.md")).Count(), Is.LessThan(MostLines));

    [Test]
    public void EveryDrillIsTold() => Assert.That(Drill.Names.Where(name => !Documents.Text("docs/scenarios.md").Contains($"`{name}`")), Is.Empty);

    [Test]
    public void EveryPageIsFoundFromTheReadme()
        => Assert.That(Documents.All.Skip(1).Where(page => !Documents.Text("README.md").Contains($"]({page})")), Is.Empty);

    [Test]
    public void ThePictureIsSmallAndWellFormed()
    {
        var picture = new FileInfo(Path.Combine(Repository.Root, "docs/hedged.svg"));

        Assert.That(picture.Length, Is.LessThan(MostBytes));
        Assert.That(XDocument.Load(picture.FullName).Root!.Name.LocalName, Is.EqualTo("svg"));
    }
}
