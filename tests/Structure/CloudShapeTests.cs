using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrossHedgeLean.Checks;
using CrossHedgeLean.Tests.LeanCli;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Newtonsoft.Json.Linq;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Structure;

/// <summary>
/// QuantConnect's cloud compiles the files of a project and its libraries with LEAN and a fixed list of packages: no implicit
/// usings, no project settings, no assembly of ours.
/// </summary>
[TestFixture]
public sealed class CloudShapeTests
{
    /// <summary>Packages of the cloud's list with a part in LEAN's own public API, and their assemblies: all that a file here could need.</summary>
    private static readonly Dictionary<string, string> UsedPackages = new()
    {
        ["Newtonsoft.Json"] = "Newtonsoft.Json",
        ["NodaTime"] = "NodaTime",
        ["QuantConnect.pythonnet"] = "Python.Runtime",
    };

    private static readonly string CoreFolder = Path.Combine(Repository.Root, "Algorithm", "Core");

    private static readonly CloudProject Project = CloudProject.Of("Algorithm without Core", Path.Combine(Repository.Root, "Algorithm"), CoreFolder);

    private static readonly CloudProject Core = CloudProject.Of("Algorithm/Core", CoreFolder);

    private static readonly CloudProject Whole = CloudProject.Of("Algorithm", Path.Combine(Repository.Root, "Algorithm"));

    private static readonly Lazy<(byte[] Image, IReadOnlyList<Diagnostic> Errors)> OneAssembly = new(EmitOne);

    [Test]
    public void AllOfAlgorithmCompilesAsOneBareAssembly() => Assert.That(OneAssembly.Value.Errors, Is.Empty);

    /// <summary>In the language of .NET 10, which the cloud's engine has; the sources need C# 13.</summary>
    [Test]
    public void ItCompilesWithCoreAsALibrary()
    {
        var core = Compile("CrossHedgeCore", Core, LanguageVersion.CSharp14, References());
        var project = Compile("Algorithm", Project, LanguageVersion.CSharp14, [.. References(), core.ToMetadataReference()]);

        Assert.That(Errors(core.GetDiagnostics()).Concat(Errors(project.GetDiagnostics())), Is.Empty);
    }

    [Test]
    public void WhatItUsesBesidesLeanIsInTheCloud()
    {
        var cloud = File.ReadLines(Path.Combine(Repository.Root, "tests", "Structure", "cloud-packages.txt")).Where(line => line[0] != '#').Select(line => line.Split(' ')[0]);

        Assert.That(UsedPackages.Keys, Is.SubsetOf(cloud));
    }

    [Test]
    public void TheHedgeRunsFromTheOneAssembly()
    {
        LeanFolder.Need();
        using var folder = new Temporary();
        var lean = Path.Combine(folder.Path, "lean");
        LeanFolder.Make(lean);
        Assume.That(OneAssembly.Value.Errors, Is.Empty);
        File.WriteAllBytes(Path.Combine(lean, "OneAssembly.dll"), OneAssembly.Value.Image);
        var data = LeanCliTests.Data(Path.Combine(folder.Path, "data"));
        var configuration = LeanFolder.WorkspaceConfiguration();
        configuration["environment"] = "backtesting";
        configuration["close-automatically"] = true;
        configuration["composer-dll-directory"] = ".";
        configuration["algorithm-language"] = "CSharp";
        configuration["algorithm-type-name"] = nameof(CrossHedgeAlgorithm);
        configuration["algorithm-location"] = "OneAssembly.dll";
        configuration["algorithm-id"] = "1018";
        configuration["parameters"] = JObject.Parse(File.ReadAllText(Path.Combine(Repository.Root, "Algorithm", "config.json")))["parameters"];
        configuration["data-folder"] = data;
        configuration["results-destination-folder"] = Path.Combine(folder.Path, "results");
        configuration["object-store-root"] = Path.Combine(folder.Path, "storage");

        var run = LeanFolder.Run(lean, configuration);

        Assert.That(run, Is.EqualTo(LauncherRun.Of(configuration["parameters"]!, data)));
    }

    [Test]
    public void EveryPaidTierTakesItAndTheBudgetLeftIsTold()
    {
        foreach (var tier in CloudTier.All)
        {
            var whole = tier.Check(Whole).Any() ? "no" : "yes";
            TestContext.Out.WriteLine($"{tier.Title}: as one project {whole}; without Core {tier.Left(Project)}; Core {tier.Left(Core)}; {tier.Files - Project.Files.Count} and {tier.Files - Core.Files.Count} files left");
        }

        var paid = CloudTier.All.Where(tier => tier.Name != "free");
        Assert.That(paid.SelectMany(tier => tier.Check(Project).Concat(tier.Check(Core))), Is.Empty);
        Assert.That(paid.Where(tier => !tier.Check(Whole).Any()).Select(tier => tier.Name), Is.EqualTo(new[] { "trading-firm", "institution" }), "docs/cloud.md says which tier needs Core as a library");
    }

    [Test]
    public void WhatIsPushedIsWhatIsCompiled()
    {
        Assert.That(Whole.Files.Select(file => file.Path), Is.EqualTo(Repository.Sources("Algorithm")));
        Assert.That(Project.Files.Concat(Core.Files).Select(file => file.Path), Is.EquivalentTo(Whole.Files.Select(file => file.Path)));
    }

    [Test]
    public void EveryFileTurnsNullableOnItself()
        => Assert.That(
            Repository.Sources("Algorithm").Where(file => !File.ReadLines(file).First().StartsWith("#nullable enable", StringComparison.Ordinal)),
            Is.Empty);

    private static CSharpCompilation Compile(string name, CloudProject project, LanguageVersion language, IEnumerable<MetadataReference> references)
    {
        var options = new CSharpParseOptions(language);
        var trees = project.Files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file.Path), options, file.Path));
        return CSharpCompilation.Create(name, trees, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
    }

    private static (byte[] Image, IReadOnlyList<Diagnostic> Errors) EmitOne()
    {
        using var image = new MemoryStream();
        var result = Compile("OneAssembly", Whole, LanguageVersion.CSharp13, References()).Emit(image);
        return (image.ToArray(), Errors(result.Diagnostics).ToList());
    }

    private static IEnumerable<Diagnostic> Errors(IEnumerable<Diagnostic> diagnostics)
        => diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    /// <summary>.NET, LEAN (or LeanSim) and what the cloud has of the packages that LEAN brings; nothing of ours, and nothing of the tests'.</summary>
    private static MetadataReference[] References()
    {
        var lean = Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Where(path => Path.GetFileNameWithoutExtension(path) is var name
            && (name == "LeanSim" || UsedPackages.ContainsValue(name) || (name.StartsWith("QuantConnect.", StringComparison.Ordinal) && !name.Contains("CrossHedge", StringComparison.Ordinal))));
        return LeanFolder.Framework().Concat(lean).Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)).ToArray();
    }
}
