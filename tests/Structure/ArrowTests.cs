using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Hosting;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge;

namespace CrossHedgeLean.Tests.Structure;

/// <summary>The arrows of the house: who may know whom.</summary>
[TestFixture]
public sealed class ArrowTests
{
    private static readonly Assembly Core = typeof(HedgeConfiguration).Assembly;
    private static readonly Assembly Algorithm = typeof(CrossHedgeAlgorithm).Assembly;
    private static readonly Assembly Brokerages = typeof(CrossHedgeBacktestingSetupHandler).Assembly;
    private static readonly Assembly Launcher = typeof(BacktestEngines).Assembly;

    [Test]
    public void CoreKnowsOnlyTheFramework()
        => Assert.That(References(Core), Is.All.StartsWith("System").Or.EqualTo("netstandard"));

    [Test]
    public void AlgorithmKnowsCoreAndLeanAndNothingElseOfOurs()
        => Assert.That(
            References(Algorithm).Where(name => name.Contains("CrossHedge", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "CrossHedge.Core" }));

    [Test]
    public void BrokeragesKnowCoreAndLeanAndNothingElseOfOurs()
        => Assert.That(
            References(Brokerages).Where(name => name is "Algorithm" or "CrossHedge.Launcher" || name.Contains("CrossHedge", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "CrossHedge.Core" }));

    [Test]
    public void LeanSimKnowsNothingOfOurs()
    {
        var naming = Repository.Sources("LeanSim").Where(file => File.ReadAllText(file).Contains("CrossHedge", StringComparison.Ordinal));

        Assert.That(naming, Is.Empty);
    }

    [Test]
    public void ABuildHoldsOneLean()
    {
        var beside = AppContext.BaseDirectory;
        var sim = File.Exists(Path.Combine(beside, "LeanSim.dll"));
        var lean = File.Exists(Path.Combine(beside, "QuantConnect.Common.dll"));

        Assert.That((sim, lean), Is.EqualTo(Repository.LeanSource == "sim" ? (true, false) : (false, true)));
    }

    [Test]
    public void EachTypeIsCompiledOnce()
    {
        var twice = new[] { Core, Algorithm, Brokerages, Launcher }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => !type.IsNested && !type.FullName!.Contains('<') && type.Namespace?.Contains("CrossHedge", StringComparison.Ordinal) == true)
            .GroupBy(type => type.FullName)
            .Where(same => same.Count() > 1)
            .Select(same => same.Key);

        Assert.That(twice, Is.Empty);
    }

    [TestCase("Algorithm")]
    [TestCase("Brokerages")]
    public void OneSourceForAllLeans(string folder)
    {
        var conditional = Repository.Sources(folder).Where(file => File.ReadLines(file).Any(line => line.TrimStart().StartsWith("#if", StringComparison.Ordinal)));

        Assert.That(conditional, Is.Empty);
    }

    [Test]
    public void LeanSimStaysSmall()
    {
        var lines = Repository.Sources("LeanSim").Sum(file => File.ReadLines(file).Count());
        TestContext.Out.WriteLine($"LeanSim: {lines} of 12000 lines");

        Assert.That(lines, Is.LessThanOrEqualTo(12_000));
    }

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);
}
