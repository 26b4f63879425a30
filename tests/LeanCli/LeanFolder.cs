using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrossHedgeLean.Tests.Structure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Newtonsoft.Json.Linq;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.LeanCli;

/// <summary>A folder as /Lean/Launcher/bin/Debug of LEAN's image: LEAN's own where this is built on one, else made of LeanSim.</summary>
internal static class LeanFolder
{
    private const string RuntimeConfiguration = """
        {
          "runtimeOptions": {
            "framework": { "name": "Microsoft.NETCore.App", "version": "10.0.0" },
            "configProperties": { "System.Globalization.Invariant": true }
          }
        }
        """;

    /// <summary>What LEAN's launcher configuration says in a workspace, where LeanSim stands in.</summary>
    private const string Workspace = """
        {
          "environments": {
            "backtesting": {
              "live-mode": false,
              "setup-handler": "QuantConnect.Lean.Engine.Setup.BacktestingSetupHandler"
            }
          }
        }
        """;

    /// <summary>Keys that lean init takes out of LEAN's launcher configuration.</summary>
    private static readonly string[] SetByTheCommand =
    [
        "environment", "composer-dll-directory", "debugging", "debugging-method", "job-user-id", "api-access-token", "algorithm-type-name",
        "algorithm-language", "algorithm-location", "parameters",
    ];

    /// <summary>Ignores the test where LEAN is neither LeanSim nor a folder.</summary>
    public static void Need()
    {
        if (Repository.LeanSource == "packages")
        {
            Assert.Ignore("LEAN from NuGet is no folder: build with -p:LeanBin=DIR, or on LeanSim.");
        }
    }

    /// <summary>Makes the folder, without anything of ours in it.</summary>
    public static void Make(string folder)
    {
        Directory.CreateDirectory(folder);
        if (Repository.LeanSource == "bin")
        {
            Files.Copy(Repository.LeanFolder, folder);
            foreach (var ours in Directory.EnumerateFiles(folder, "*CrossHedge*.dll").Append(Path.Combine(folder, "Algorithm.dll")))
            {
                File.Delete(ours);
            }

            return;
        }

        foreach (var name in new[] { "LeanSim.dll", "NodaTime.dll", "Newtonsoft.Json.dll" })
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, name), Path.Combine(folder, name));
        }

        // The build asks for this file before it takes the folder for LEAN.
        Compile("QuantConnect.Lean.Engine", OutputKind.DynamicallyLinkedLibrary, [], folder);
        using var source = typeof(LeanFolder).Assembly.GetManifestResourceStream("StandInLauncher.cs")!;
        using var reader = new StreamReader(source);
        Compile("QuantConnect.Lean.Launcher", OutputKind.ConsoleApplication, [reader.ReadToEnd(), "return CrossHedgeLean.Tests.LeanCli.StandInLauncher.Run();"], folder);
        File.WriteAllText(Path.Combine(folder, "QuantConnect.Lean.Launcher.runtimeconfig.json"), RuntimeConfiguration);
    }

    /// <summary>lean.json as lean init leaves it in a workspace.</summary>
    public static JObject WorkspaceConfiguration()
    {
        var own = Repository.LeanSource == "bin" ? Path.Combine(Repository.LeanFolder, "config.json") : "";
        var configuration = File.Exists(own) ? JObject.Parse(File.ReadAllText(own)) : JObject.Parse(Workspace);
        foreach (var key in SetByTheCommand)
        {
            configuration.Remove(key);
        }

        configuration["data-folder"] = "data";
        return configuration;
    }

    /// <summary>Runs the launcher of a folder, with the config.json that lies in it.</summary>
    public static LeanRun Run(string folder, JObject configuration)
    {
        var results = Directory.CreateDirectory((string)configuration["results-destination-folder"]!).FullName;
        File.WriteAllText(Path.Combine(folder, "config.json"), configuration.ToString());
        var (code, said) = Child.Run(folder, [Path.Combine(folder, "QuantConnect.Lean.Launcher.dll")]);
        var id = Path.Combine(results, (string)configuration["algorithm-id"]!);
        Assert.That(File.Exists(id + ".json"), Is.True, $"exit code {code}\n{said}");
        var log = File.ReadAllText(id + "-log.txt");
        var statistics = JObject.Parse(File.ReadAllText(id + ".json"))["statistics"]!;
        const string Label = "Decision log: ";
        var at = log.IndexOf(Label, StringComparison.Ordinal);
        Assert.That(code, Is.Zero, log + said);
        Assert.That(at, Is.GreaterThanOrEqualTo(0), "it says the hash of its decision log:\n" + log + said);
        return new LeanRun(log.Substring(at + Label.Length, 64), (decimal)statistics["End Equity"]!, (int)statistics["Total Orders"]!);
    }

    private static void Compile(string name, OutputKind kind, IEnumerable<string> sources, string folder)
    {
        var references = Framework().Concat(Directory.EnumerateFiles(folder, "*.dll")).Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable);
        var result = CSharpCompilation.Create(name, sources.Select(source => CSharpSyntaxTree.ParseText(source)), references, options).Emit(Path.Combine(folder, name + ".dll"));
        Assert.That(result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error), Is.Empty);
    }

    /// <summary>The assemblies of .NET itself.</summary>
    public static IEnumerable<string> Framework()
    {
        var folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(path => Path.GetDirectoryName(path) == folder);
    }
}

/// <summary>What a run of LEAN's launcher left.</summary>
/// <param name="DecisionLogHash">As the algorithm said it.</param>
/// <param name="EndEquity">To a hundredth.</param>
/// <param name="Orders">Orders of the algorithm.</param>
internal sealed record LeanRun(string DecisionLogHash, decimal EndEquity, int Orders);
