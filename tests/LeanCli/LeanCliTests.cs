using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrossHedgeLean.DataGeneration;
using CrossHedgeLean.Tests.Brokerages;
using Newtonsoft.Json.Linq;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.LeanCli;

/// <summary><c>lean backtest CrossHedgeLean/Algorithm</c> in a workspace: builds what is run, and runs what the launcher runs.</summary>
[TestFixture]
public sealed class LeanCliTests
{
    private static readonly string[] Projects = ["Algorithm", "Algorithm/Core", "Brokerages"];

    private LeanCliReplay _cli = null!;
    private List<string> _before = [];
    private List<string> _image = [];
    private (int Code, string Said) _other;
    private (int Code, string Said) _build;

    [OneTimeSetUp]
    public void BacktestInAWorkspace()
    {
        LeanFolder.Need();
        _cli = new LeanCliReplay();
        PlantHostBuilds();
        _before = Listing(_cli.Checkout);
        _image = Listing(_cli.Lean);
        _other = _cli.Build("net9.0");
        _build = _cli.Build();
        if (_build.Code == 0)
        {
            _cli.CopyToLean();
        }
    }

    [OneTimeTearDown]
    public void TearDown() => _cli?.Dispose();

    [Test]
    public void ItBuildsBesideWhatTheHostBuilt() => Assert.That(_build.Code, Is.Zero, _build.Said);

    [Test]
    public void WhatItRunsIsWhatTheLauncherRuns()
    {
        Assume.That(_build.Code, Is.Zero);
        var data = Data(Path.Combine(_cli.Workspace, "data"));
        var configuration = _cli.Configuration(_cli.Project, data);

        var run = LeanFolder.Run(_cli.Lean, configuration);

        Assert.That(run, Is.EqualTo(LauncherRun.Of(configuration["parameters"]!, data)));
        Assert.That(run.Orders, Is.GreaterThan(1), "both legs trade");
    }

    [Test]
    public void TheTypeAndTheFileAreTheOnesThatLeanCliNames()
    {
        Assume.That(_build.Code, Is.Zero);
        var configuration = _cli.Configuration(_cli.Project, "");

        Assert.That((string?)configuration["algorithm-type-name"], Is.EqualTo(nameof(CrossHedgeAlgorithm)));
        Assert.That(File.Exists(Path.Combine(_cli.Lean, (string)configuration["algorithm-location"]!)), Is.True);
    }

    [Test]
    public void ThePluginAndItsPackagesComeAlong()
    {
        Assume.That(_build.Code, Is.Zero);

        // Exactly these: the image's Dockerfile copies the same.
        Assert.That(Directory.EnumerateFiles(_cli.Compiled, "*.dll").Select(Path.GetFileName), Is.EquivalentTo(LauncherFilesTests.PluginFiles));
        Assert.That(LauncherFilesTests.PluginFiles.Append("runtimes/linux-x64/native/libe_sqlite3.so").Where(file => !File.Exists(Path.Combine(_cli.Lean, file))), Is.Empty);
    }

    [Test]
    public void NothingOfLeansIsBuiltAgain()
    {
        // The copy leaves what the image has: of a file that both have, the image's would be used.
        Assume.That(_build.Code, Is.Zero);

        Assert.That(Listing(_cli.Compiled).Intersect(_image), Is.Empty);
    }

    [Test]
    public void TheBuildLeavesNothingInTheCheckout()
        => Assert.That(Listing(Path.Combine(_cli.Container, "LeanCLI")), Is.EqualTo(_before), "the container's build writes to /Compile only");

    [TestCaseSource(nameof(Projects))]
    public void AHostBuildAfterwardsCompilesOnlySources(string project)
    {
        var folder = Path.Combine(_cli.Checkout, project);
        var file = Directory.EnumerateFiles(folder, "*.csproj").Single();

        var (code, said) = Child.Run(folder, ["msbuild", file, "-getItem:Compile", "-getProperty:IntermediateOutputPath"]);

        Assert.That(code, Is.Zero, said);
        var answer = JObject.Parse(said);
        var compiled = answer["Items"]!["Compile"]!.Select(item => Path.GetRelativePath(folder, (string)item["FullPath"]!).Replace('\\', '/')).ToList();
        Assert.That(compiled, Is.Not.Empty);
        Assert.That(compiled.Where(source => source.Split('/')[0] is "bin" or "obj" or "backtests" or "live" or "optimizations"), Is.Empty);
        Assert.That((string?)answer["Properties"]!["IntermediateOutputPath"], Does.Contain("artifacts"), "host builds stay out of the project's folder");
    }

    [Test]
    public void ThereIsOneProjectOfLeanCliInTheRepository()
    {
        // Without --project, lean cloud push takes every folder with a config.json for a project.
        var files = Directory.EnumerateFiles(_cli.Checkout, "config.json", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_cli.Checkout, file).Replace('\\', '/'));

        Assert.That(files, Is.EqualTo(new[] { "Algorithm/config.json" }));
    }

    [Test]
    public void AnImageOfAnotherFrameworkIsOneClearError()
    {
        var errors = _other.Said.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal) && !line.Contains("Error(s)", StringComparison.Ordinal)).Select(line => line.Trim()).Distinct().ToList();

        Assert.That(_other.Code, Is.Not.Zero);
        Assert.That(errors, Has.Count.EqualTo(1), _other.Said);
        Assert.That(errors[0], Does.Contain("asked for net9.0, and CrossHedgeLean needs net10.0").And.Contain("lean backtest --update"));
    }

    /// <summary>What a host that builds into the project's folder leaves there, in two configurations, and what earlier runs of LEAN CLI left.</summary>
    private void PlantHostBuilds()
    {
        foreach (var project in Projects)
        {
            foreach (var configuration in new[] { "Debug", "Release" })
            {
                Plant($"{project}/obj/{configuration}/net10.0/Some.AssemblyInfo.cs", "[assembly: System.Reflection.AssemblyTitle(\"left by a host\")]");
                Plant($"{project}/obj/{configuration}/net10.0/.NETCoreApp,Version=v10.0.AssemblyAttributes.cs", "[assembly: System.Runtime.Versioning.TargetFramework(\".NETCoreApp,Version=v10.0\")]");
                Plant($"{project}/bin/{configuration}/Left.dll", "no assembly");
            }

            Plant($"{project}/obj/project.assets.json", "{}");
        }

        foreach (var output in new[] { "backtests", "live", "optimizations" })
        {
            Plant($"Algorithm/{output}/2025-01-01_00-00-00/code/Main.cs", File.ReadAllText(Path.Combine(_cli.Project, "Main.cs")));
        }
    }

    private void Plant(string file, string text)
    {
        var path = Path.Combine(_cli.Checkout, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>The day of the project's own parameters.</summary>
    internal static string Data(string folder) => DataGenerator.Generate(
        new GeneratorOptions
        {
            FromUtc = new DateTime(2022, 12, 13, 0, 0, 0, DateTimeKind.Utc),
            Days = 1,
            Venues = ["binance:spot", "bybit:perpetual", "bybit:spot"],
            Pairs = ["BTCBUSD", "BTCUSDT"],
        },
        folder).Folder;

    private static List<string> Listing(string folder)
        => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal).ToList();
}
