using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using CrossHedgeLean.Configuration;

namespace CrossHedgeLean.Checks;

/// <summary>
/// Looks at a project in a workspace of LEAN CLI before LEAN CLI does: what keeps <c>lean backtest</c>, <c>lean optimize</c> or
/// <c>lean cloud push</c> from working, all at once.
/// </summary>
internal sealed class WorkspaceCheck
{
    /// <summary>The file that makes a folder a workspace.</summary>
    public const string WorkspaceFile = "lean.json";

    /// <summary>The file that makes a folder a project.</summary>
    public const string ProjectFile = "config.json";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly List<string> _errors = [];
    private readonly List<string> _notices = [];
    private readonly List<string> _found = [];

    private WorkspaceCheck(string project) => Project = project;

    /// <summary>What keeps LEAN CLI from working, each with its remedy.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>What the user should know.</summary>
    public IReadOnlyList<string> Notices => _notices;

    /// <summary>What was found to be in order, as label and value.</summary>
    public IReadOnlyList<string> Found => _found;

    /// <summary>The project's folder.</summary>
    public string Project { get; }

    /// <summary>The folder with lean.json, or null.</summary>
    public string? Workspace { get; private set; }

    /// <summary>The framework that this is built for, as in <c>net10.0</c>: the one that the projects need.</summary>
    public static string Framework { get; } = "net" + typeof(WorkspaceCheck).Assembly.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName.Split("Version=v")[1];

    /// <summary>Checks a project, and the workspace that it is in.</summary>
    /// <param name="folder">The project, or a checkout with the project Algorithm.</param>
    /// <param name="imageFramework">The label target_framework of LEAN's image; null: not known.</param>
    /// <param name="tier">The cloud's tier.</param>
    public static WorkspaceCheck Run(string folder, string? imageFramework, CloudTier tier)
    {
        var inner = Path.Combine(folder, "Algorithm");
        var check = new WorkspaceCheck(!File.Exists(Path.Combine(folder, ProjectFile)) && File.Exists(Path.Combine(inner, ProjectFile)) ? inner : folder);
        if (!File.Exists(Path.Combine(check.Project, ProjectFile)))
        {
            check._errors.Add($"project: {folder} has no {ProjectFile}: give the folder Algorithm of a checkout.");
            return check;
        }

        check.CheckFramework(imageFramework);
        var configuration = check.ReadProject();
        check.CheckSource();
        check.CheckWorkspace(configuration);
        check.CheckCompileRoot(imageFramework);
        check.CheckCloud(tier);
        return check;
    }

    private void CheckFramework(string? image)
    {
        if (image is null)
        {
            _notices.Add($"the image's framework is not known here: docker inspect --format '{{{{index .Config.Labels \"target_framework\"}}}}' quantconnect/lean says it, and --image-framework checks it; it must be {Framework}.");
        }
        else if (image != Framework)
        {
            _errors.Add($"image: its label target_framework is {image}, and this needs {Framework}: take an image of that framework ('lean backtest --update', or '--image quantconnect/lean:TAG' of 2026 or later).");
        }
        else
        {
            _found.Add($"image: {image}");
        }
    }

    private HedgeConfiguration? ReadProject()
    {
        var path = Path.Combine(Project, ProjectFile);
        if (ReadObject(path) is not { } root)
        {
            return null;
        }

        if (Text(root, "algorithm-language") != "CSharp")
        {
            _errors.Add($"project: algorithm-language of {path} is '{Text(root, "algorithm-language")}': write \"algorithm-language\": \"CSharp\".");
        }

        var parameters = root.TryGetProperty("parameters", out var given) && given.ValueKind == JsonValueKind.Object
            ? given.EnumerateObject().ToDictionary(parameter => parameter.Name, parameter => parameter.Value.ToString())
            : [];
        var (configuration, errors, _) = HedgeConfiguration.Parse(parameters);
        _errors.AddRange(errors.Select(error => $"project: parameters of {path}: {error}"));
        if (configuration is not null)
        {
            _notices.AddRange(configuration.Notices);
            _found.Add($"project: {Project}, {parameters.Count} parameters");
        }

        return configuration;
    }

    /// <summary>LEAN CLI finds the class by a regular expression, and the assembly by the folder's name.</summary>
    private void CheckSource()
    {
        var main = Path.Combine(Project, "Main.cs");
        if (!File.Exists(main))
        {
            _errors.Add($"project: {main} is missing: LEAN CLI takes the algorithm from a file of that name.");
        }
        else if (!Regex.IsMatch(File.ReadAllText(main), @"class\s*([^\s:]+)\s*:\s*QCAlgorithm"))
        {
            _errors.Add($"project: {main} has no class that derives from QCAlgorithm directly: LEAN CLI looks for 'class NAME : QCAlgorithm'.");
        }

        var projects = Directory.EnumerateFiles(Project, "*.csproj").ToList();
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Project));
        if (projects.Count != 1)
        {
            _errors.Add($"project: {Project} has {projects.Count} csproj files: keep the one that LEAN CLI is to build.");
        }
        else if (ReadXml(projects[0]) is { } xml && (xml.Descendants("AssemblyName").FirstOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(projects[0])) is var assembly && assembly != name)
        {
            _errors.Add($"project: {projects[0]} makes {assembly}.dll, and LEAN CLI runs {name}.dll: name the folder {assembly}, or set AssemblyName to {name}.");
        }
    }

    private void CheckWorkspace(HedgeConfiguration? configuration)
    {
        Workspace = Above(Project, folder => File.Exists(Path.Combine(folder, WorkspaceFile)));
        if (Workspace is null)
        {
            _errors.Add($"workspace: there is no {WorkspaceFile} in {Project} or above: run 'lean init' in the folder that is to be the workspace, and put the checkout below it.");
            return;
        }

        var path = Path.Combine(Workspace, WorkspaceFile);
        if (ReadObject(path) is not { } root)
        {
            return;
        }

        _found.Add($"workspace: {Workspace}");
        var data = Path.GetFullPath(Text(root, "data-folder") is { Length: > 0 } folder ? folder : "data", Workspace);
        if (configuration is null)
        {
            return;
        }

        var instruments = configuration.Instruments.Concat(configuration.Conversions).ToList();
        var generate = string.Create(
            CultureInfo.InvariantCulture,
            $"data generate --out {data} --from {configuration.From:yyyy-MM-dd} --days {(configuration.To - configuration.From).Days + 1} --venues {Distinct(instruments.Select(id => id.Route.ToString()))} --pairs {Distinct(instruments.Select(id => id.Ticker))}");
        var check = DataFolderCheck.Run(data, configuration, $"'lean init' downloads LEAN's own sample, '{generate}' makes data up, and data-folder in {path} names another folder.");
        _errors.AddRange(check.Errors.Select(error => "data: " + error));
        _notices.AddRange(check.Notices);
        if (check.Errors.Count == 0)
        {
            _found.Add($"data: {data}, from {configuration.From:yyyy-MM-dd} to {configuration.To:yyyy-MM-dd}");
        }
    }

    /// <summary>LEAN CLI mounts the nearest folder above the project that has a solution, and reads every csproj in it.</summary>
    private void CheckCompileRoot(string? image)
    {
        var root = Above(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Project))!, folder => Directory.EnumerateFiles(folder, "*.sln").Any(file => Path.GetExtension(file) == ".sln"));
        if (root is null)
        {
            _errors.Add($"solution: there is no .sln above {Project} (.slnx does not count), so LEAN CLI would build the folder without what it refers to: keep CrossHedgeLean.sln where it is.");
            return;
        }

        _found.Add($"solution: {root}");
        foreach (var file in Below(root, "*.csproj"))
        {
            foreach (var named in ReadXml(file)?.Descendants("TargetFramework").Select(element => element.Value).Where(named => named != (image ?? Framework)) ?? [])
            {
                _errors.Add($"solution: {file} names the framework {named}, and LEAN CLI refuses every project that names another than its image's {image ?? Framework}: remove the element.");
            }
        }

        foreach (var file in Below(root, ProjectFile).Where(file => Path.GetDirectoryName(file) != Path.TrimEndingDirectorySeparator(Project)))
        {
            _errors.Add($"solution: {file} is named as the file of a project, and lean cloud push without --project pushes its folder: give it another name.");
        }
    }

    private void CheckCloud(CloudTier tier)
    {
        var core = Path.Combine(Project, "Core");
        var whole = CloudProject.Of(Project, Project);
        if (!tier.Check(whole).Any())
        {
            _found.Add($"cloud: {tier.Title} takes it as one project: {tier.Left(whole)}");
            return;
        }

        var parts = Directory.Exists(core) ? [CloudProject.Of($"{Project} without Core", Project, core), CloudProject.Of(core, core)] : new[] { whole };
        var errors = parts.SelectMany(tier.Check).ToList();
        _errors.AddRange(errors);
        if (errors.Count == 0)
        {
            _found.AddRange(parts.Select(part => $"cloud: {tier.Title} takes {part.Name}: {tier.Left(part)}"));
            _notices.Add($"{tier.Title} takes {tier.Files} files in a project, and this has {whole.Files.Count}: 'workspace cloud' lays it out with Core as a library project.");
        }
    }

    private JsonElement? ReadObject(string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            using var document = JsonDocument.Parse(text, Lenient);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document.RootElement.Clone();
            }

            _errors.Add($"{path} is not a JSON object: write it anew, or take it from another checkout or 'lean init'.");
        }
        catch (JsonException error)
        {
            _errors.Add($"{path} is not JSON: line {error.LineNumber + 1}, position {error.BytePositionInLine + 1}. Correct the file.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _errors.Add($"{path} cannot be read: {error.Message}");
        }

        return null;
    }

    private XDocument? ReadXml(string path)
    {
        try
        {
            return XDocument.Load(path);
        }
        catch (XmlException error)
        {
            _errors.Add($"{path} is not XML: {error.Message} Correct the file.");
            return null;
        }
    }

    private static string Distinct(IEnumerable<string> names) => string.Join(',', names.Distinct());

    private static string Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string? Above(string folder, Func<string, bool> isIt)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (at.Exists && isIt(at.FullName))
            {
                return at.FullName;
            }
        }

        return null;
    }

    private static IEnumerable<string> Below(string root, string pattern) => Directory.EnumerateFiles(root, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal);
}
