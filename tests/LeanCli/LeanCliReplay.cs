using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CrossHedgeLean.Tests.Structure;
using Newtonsoft.Json.Linq;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.LeanCli;

/// <summary>
/// What <c>lean backtest CrossHedgeLean/Algorithm</c> does in a workspace, step by step, without Docker: what LEAN CLI mounts at
/// /LeanCLI, /Compile and /Lean are folders of <see cref="Container"/>. Read in QuantConnect/lean-cli, 5277bb66, 2026-08-12.
/// </summary>
internal sealed class LeanCliReplay : IDisposable
{
    /// <summary>The label target_framework of LEAN's image.</summary>
    public const string ImageFramework = "net10.0";

    private readonly string _root = Directory.CreateTempSubdirectory("crosshedge-lean-cli-").FullName;

    /// <summary>The workspace that lean init made, with this checkout in it.</summary>
    public LeanCliReplay()
    {
        Files.Copy(Repository.Root, Checkout, ".git", "artifacts", "bin", "obj", "sample-data", "results", "backtests", "TestResults", "StrykerOutput");
        File.WriteAllText(Path.Combine(Workspace, "lean.json"), LeanFolder.WorkspaceConfiguration().ToString());
        LeanFolder.Make(Lean);
    }

    /// <summary>The folder with lean.json.</summary>
    public string Workspace => Path.Combine(_root, "workspace");

    /// <summary>The repository in the workspace.</summary>
    public string Checkout => Path.Combine(Workspace, "CrossHedgeLean");

    /// <summary>The project that is run.</summary>
    public string Project => Path.Combine(Checkout, "Algorithm");

    /// <summary>The root of the container's file system.</summary>
    public string Container => Path.Combine(_root, "container");

    /// <summary>Where LEAN is in the container.</summary>
    public string Lean => Path.Combine(Container, "Lean", "Launcher", "bin", "Debug");

    /// <summary>What the container's build leaves.</summary>
    public string Compiled => Path.Combine(Container, "Compile", "bin");

    private string Mounted => Path.Combine(Container, "LeanCLI");

    /// <summary>The nearest folder above the project with a solution, else the project.</summary>
    public static string CompileRoot(string project)
    {
        for (var folder = Directory.GetParent(project); folder?.Parent is not null; folder = folder.Parent)
        {
            if (folder.EnumerateFiles("*.sln").Any(file => file.Extension == ".sln"))
            {
                return folder.FullName;
            }
        }

        return project;
    }

    /// <summary>
    /// Mounts the compile root and, over it, each project file that names a package of LEAN's: the first becomes a reference to
    /// all assemblies of the image, attributes gone, the others are removed. Then builds with the properties of LEAN CLI.
    /// </summary>
    /// <exception cref="InvalidOperationException">A project names another framework than the image has.</exception>
    public (int Code, string Said) Build(string framework = ImageFramework, string configuration = "Debug")
    {
        var root = CompileRoot(Project);
        foreach (var left in new[] { Mounted, Path.Combine(Container, "Compile") }.Where(Directory.Exists))
        {
            Directory.Delete(left, recursive: true);
        }

        Files.Copy(root, Mounted);
        foreach (var file in Directory.EnumerateFiles(root, "*.csproj", SearchOption.AllDirectories))
        {
            if (Rewrite(XDocument.Load(file), framework) is { } rewritten)
            {
                rewritten.Save(Path.Combine(Mounted, Path.GetRelativePath(root, file)));
            }
        }

        File.WriteAllText(Path.Combine(Container, "Directory.Build.props"), $"""
            <Project>
              <PropertyGroup>
                <BaseIntermediateOutputPath>{Container}/Compile/obj/$(MSBuildProjectName)/</BaseIntermediateOutputPath>
                <IntermediateOutputPath>{Container}/Compile/obj/$(MSBuildProjectName)/</IntermediateOutputPath>
                <DefaultItemExcludes>$(DefaultItemExcludes);backtests/*/code/**;live/*/code/**;optimizations/*/code/**</DefaultItemExcludes>
                <NoWarn>CS0618</NoWarn>
              </PropertyGroup>
            </Project>
            """);
        var project = Directory.EnumerateFiles(Project, "*.csproj").Single();
        var properties = new[]
        {
            $"Configuration={configuration}", "Platform=AnyCPU", $"TargetFramework={framework}", $"OutputPath={Compiled}", "GenerateAssemblyInfo=false",
            "GenerateTargetFrameworkAttribute=false", "AppendTargetFrameworkToOutputPath=false", "AutomaticallyUseReferenceAssemblyPackages=false",
            "CopyLocalLockFileAssemblies=true", $"PathMap=/LeanCLI={root}", "NoWarn=" + string.Join("%3B", NoWarn(project).Prepend("MSB3277")),
        };

        // Not LEAN CLI's: where the container's file system begins, and no network.
        var nowhere = Directory.CreateDirectory(Path.Combine(_root, "no-feed")).FullName;
        return Child.Run(Container,
        [
            "build", Path.Combine(Mounted, Path.GetRelativePath(root, project)), "-p:" + string.Join(';', properties),
            $"-p:LeanImage={Lean}/", $"-p:RestoreSources={nowhere}", "-p:NuGetAudit=false",
        ]);
    }

    /// <summary>Copies what was built, then the files of NuGet packages, to LEAN; what is there already stays.</summary>
    public void CopyToLean()
    {
        Files.CopyMissing(Compiled, Lean);
        var stem = Path.GetFileNameWithoutExtension(Directory.EnumerateFiles(Project, "*.csproj").Single());
        var assets = JObject.Parse(File.ReadAllText(Path.Combine(Container, "Compile", "obj", stem, "project.assets.json")));
        var folders = ((JObject)assets["packageFolders"]!).Properties().Select(folder => folder.Name).ToList();
        foreach (var library in ((JObject)((JObject)assets["targets"]!).Properties().First().Value).Properties())
        {
            foreach (var file in new[] { "runtimeTargets", "runtime", "contentFiles" }.SelectMany(kind => (library.Value[kind] as JObject)?.Properties() ?? []))
            {
                CopyDependency(folders, library.Name, file);
            }
        }
    }

    /// <summary>The configuration that the launcher gets, for a project in the workspace.</summary>
    /// <param name="project">The folder with Main.cs and config.json.</param>
    /// <param name="data">What is mounted at /Lean/Data.</param>
    public JObject Configuration(string project, string data)
    {
        var configuration = JObject.Parse(File.ReadAllText(Path.Combine(Workspace, "lean.json")));
        var source = File.ReadAllText(Path.Combine(project, "Main.cs"));
        configuration["environment"] = "backtesting";
        configuration["close-automatically"] = true;
        configuration["composer-dll-directory"] = ".";
        configuration["debugging"] = false;
        configuration["debugging-method"] = "LocalCmdline";
        configuration["job-user-id"] = "0";
        configuration["api-access-token"] = "";
        configuration["algorithm-type-name"] = Regex.Match(source, @"class\s*([^\s:]+)\s*:\s*QCAlgorithm").Groups[1].Value;
        configuration["algorithm-language"] = "CSharp";
        configuration["algorithm-location"] = Path.GetFileName(project) + ".dll";
        configuration["parameters"] = JObject.Parse(File.ReadAllText(Path.Combine(project, "config.json")))["parameters"];
        configuration["data-folder"] = data;
        configuration["results-destination-folder"] = Path.Combine(Container, "Results");
        configuration["object-store-root"] = Path.Combine(Container, "Storage");
        configuration["algorithm-id"] = "1017";
        return configuration;
    }

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>A project file as LEAN CLI mounts it; null if it stays as it is.</summary>
    private XDocument? Rewrite(XDocument project, string framework)
    {
        var named = project.Descendants("TargetFramework").Select(element => element.Value).ToList();
        if (named.Count > 0 && !named.Contains(framework))
        {
            throw new InvalidOperationException($"This project is targeting {named[0]}, and {framework} is required.");
        }

        var packages = project.Descendants("PackageReference")
            .Where(package => ((string?)package.Attribute("Include") ?? "").StartsWith("quantconnect.", StringComparison.OrdinalIgnoreCase))
            .ToList();
        foreach (var package in packages.Skip(1))
        {
            package.Remove();
        }

        packages.FirstOrDefault()?.ReplaceWith(new XElement("Reference", new XAttribute("Include", Lean + "/*.dll"), new XElement("Private", "False")));
        return packages.Count > 0 ? project : null;
    }

    private static IEnumerable<string> NoWarn(string project)
        => Regex.Split(XDocument.Load(project).Descendants("NoWarn").FirstOrDefault()?.Value ?? "", "[^a-zA-Z0-9]").Where(code => code.Length > 0);

    private void CopyDependency(List<string> folders, string library, JProperty file)
    {
        string[] runtimes = ["base", "unix", "linux", "debian", "ubuntu", "unix-x64", "linux-x64", "debian-x64", "ubuntu-x64"];
        var source = folders.Select(folder => Path.Combine(folder, library.ToLowerInvariant(), file.Name)).FirstOrDefault(File.Exists);
        if (source is null || ((string?)file.Value["rid"] is { } runtime && !runtimes.Contains(runtime)) || (bool?)file.Value["copyToOutput"] == false)
        {
            return;
        }

        var target = Path.Combine(Lean, (string?)file.Value["outputPath"] ?? Path.GetFileName(source));
        if (!File.Exists(target))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(source, target);
        }
    }
}
