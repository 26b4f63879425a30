using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using CrossHedgeLean.Checks;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Hedging;
using Newtonsoft.Json.Linq;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace CrossHedgeLean.Tests.Structure;

/// <summary>What the documents say can be done.</summary>
[TestFixture]
public sealed class DocsTests
{
    private static readonly string LeanCli = Text("docs/lean-cli.md");

    [Test]
    public void TheSweepVariesDeclaredParametersWithinWhatTheyTake()
    {
        var declared = JObject.Parse(Text("Algorithm/config.json"))["parameters"]!.ToObject<Dictionary<string, string>>()!;
        var swept = Regex.Matches(LeanCli, """--parameter "([^"]+)" (\S+) (\S+) (\S+)""");

        Assert.That(swept, Has.Count.EqualTo(2));
        foreach (var match in swept.Cast<Match>())
        {
            Assert.That(declared.Keys, Does.Contain(match.Groups[1].Value));
            foreach (var limit in new[] { 2, 3 })
            {
                var parameters = new Dictionary<string, string>(declared) { [match.Groups[1].Value] = match.Groups[limit].Value };
                Assert.That(HedgeConfiguration.Parse(parameters).Errors, Is.Empty);
            }
        }
    }

    [Test]
    public void TheQuotasAreThoseThatAreChecked()
    {
        var cloud = Text("docs/cloud.md");
        var core = CloudProject.Of("Core", Path.Combine(Repository.Root, "Algorithm", "Core"));
        var project = CloudProject.Of("Algorithm", Path.Combine(Repository.Root, "Algorithm"), Path.Combine(Repository.Root, "Algorithm", "Core"));
        var whole = CloudProject.Of("Algorithm", Path.Combine(Repository.Root, "Algorithm"));

        foreach (var tier in CloudTier.All)
        {
            var fits = !tier.Check(whole).Any() ? "as it is" : !tier.Check(project).Concat(tier.Check(core)).Any() ? "with Core as a library" : "does not fit";
            Assert.That(cloud, Does.Contain($"| {tier.Title} | {tier.Files} of {tier.Kilobytes} KB | {fits} |"));
        }
    }

    [Test]
    public void EveryEnvironmentIsTold()
    {
        var environments = JObject.Parse(Text("launcher-config/lean-environments.json"), new JsonLoadSettings { CommentHandling = CommentHandling.Ignore })["environments"]!;

        Assert.That(((JObject)environments).Properties().Where(environment => !Text("docs/live.md").Contains($"`{environment.Name}`", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCaseSource(typeof(Documents), nameof(Documents.All))]
    public void EveryFileThatItNamesIsThere(string document)
    {
        // What the comparison names are other repositories' files.
        var named = Regex.Matches(document == "docs/comparison.md" ? "" : Text(document), @"`((?:Algorithm|Brokerages|LeanSim|launcher-config|tests|docs)/[A-Za-z0-9_./-]*)[`#]")
            .Select(match => match.Groups[1].Value);

        Assert.That(named.Where(path => !Path.Exists(Path.Combine(Repository.Root, path))), Is.Empty);
    }

    [TestCaseSource(typeof(Documents), nameof(Documents.All))]
    public void EveryLinkResolves(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!;
        var broken = Regex.Matches(Text(document), @"\]\(([^)\s]+)\)")
            .Select(match => match.Groups[1].Value)
            .Where(link => !link.StartsWith("https://", StringComparison.Ordinal))
            .Where(link =>
            {
                var (file, anchor) = link.Split('#') is [var before, var after] ? (before, after) : (link, null);
                var path = file.Length == 0 ? Path.Combine(Repository.Root, document) : Path.Combine(folder, file);
                return !Path.Exists(path) || (anchor is not null && !Anchors(path).Contains(anchor));
            });

        Assert.That(broken, Is.Empty);
    }

    [TestCaseSource(typeof(Documents), nameof(Documents.All))]
    public void NoMachinesPathIsTold(string document) => Assert.That(Regex.Matches(Text(document), @"(?<![\w.`])/(?:opt|work|home|tmp|Users|root)/\S*").Select(match => match.Value), Is.Empty);

    /// <summary>The eight invariants, each with tests that exist.</summary>
    [Test]
    public void EveryInvariantNamesTestsThatAreThere()
    {
        var page = Text("docs/invariants.md");
        var sections = page.Split("\n## ")[1..];
        var methods = typeof(DocsTests).Assembly.GetTypes()
            .Where(type => type.IsPublic)
            .SelectMany(type => type.GetMethods().Where(IsTest).Select(method => $"{type.Name}.{method.Name}"))
            .ToHashSet();

        Assert.That(sections.Select(section => section.Split('.')[0]), Is.EqualTo(Enumerable.Range(1, 8).Select(number => number.ToString())));
        Assert.That(sections.Where(section => !Regex.IsMatch(section, @"(?m)^- `\w+\.\w+`$")), Is.Empty, "each has its tests");
        Assert.That(
            Regex.Matches(page, @"`(\w+(?:Tests|Properties))\.(\w+)`").Where(match => !methods.Contains($"{match.Groups[1].Value}.{match.Groups[2].Value}") && !IsOfLeanSim(match.Groups[1].Value, match.Groups[2].Value)).Select(match => match.Value),
            Is.Empty);

        static bool IsTest(MethodInfo method) => method.GetCustomAttributes().Any(attribute => attribute is ITestBuilder or ISimpleTestBuilder);

        // Tests of the live stack under a virtual clock are not in the assembly on LEAN: there their sources are looked at.
        static bool IsOfLeanSim(string type, string method)
            => Repository.LeanSource != "sim"
            && File.Exists(Path.Combine(Repository.Root, "tests", "Live", type + ".cs"))
            && Text($"tests/Live/{type}.cs").Contains($"public void {method}(", StringComparison.Ordinal);
    }

    [Test]
    public void TheInvariantsReasonsAreThoseOfTheDecision()
    {
        var section = Text("docs/invariants.md").Split("\n## ")[2];

        Assert.That(Enum.GetNames<UnhedgedReason>().Where(name => name != nameof(UnhedgedReason.None) && !section.Contains($"`{name}`", StringComparison.Ordinal)), Is.Empty);
    }

    private static IEnumerable<string> Anchors(string file)
        => File.ReadLines(file).Where(line => line.StartsWith('#')).Select(line => Regex.Replace(line.TrimStart('#').Trim().ToLowerInvariant(), @"[^\w\- ]", "").Replace(' ', '-'));

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));
}
