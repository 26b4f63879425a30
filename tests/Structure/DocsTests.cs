using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using CrossHedgeLean.Checks;
using CrossHedgeLean.Configuration;
using Newtonsoft.Json.Linq;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Structure;

/// <summary>What the documents say can be done.</summary>
[TestFixture]
public sealed class DocsTests
{
    private static readonly string[] Documents = ["README.md", "docs/lean-cli.md", "docs/live.md", "docs/cloud.md"];

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

    [TestCaseSource(nameof(Documents))]
    public void EveryFileThatItNamesIsThere(string document)
    {
        var named = Regex.Matches(Text(document), @"`((?:Algorithm|Brokerages|LeanSim|launcher-config|tests|docs)/[A-Za-z0-9_./-]*)[`#]")
            .Select(match => match.Groups[1].Value)
            .Concat(Regex.Matches(Text(document), @"\]\(([a-z/-]+\.md)\)").Select(match => Path.Combine(Path.GetDirectoryName(document)!, match.Groups[1].Value)));

        Assert.That(named.Where(path => !Path.Exists(Path.Combine(Repository.Root, path))), Is.Empty);
    }

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));
}
