using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrossHedgeLean.Checks;

namespace CrossHedgeLean.Commands;

/// <summary>
/// The project as two of the cloud's: <c>lean cloud push</c> takes every source below a project's folder, so Core can only be a
/// library where it lies elsewhere. Names are of letters: LEAN CLI takes no dots.
/// </summary>
internal static class CloudLayout
{
    /// <summary>The project's folder in the workspace.</summary>
    public const string ProjectName = "CrossHedge";

    /// <summary>The library's folder in the workspace; the cloud has libraries below Library only.</summary>
    public const string LibraryName = "Library/CrossHedgeCore";

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, NewLine = "\n" };

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Writes both, or neither.</summary>
    /// <param name="project">The folder Algorithm of a checkout.</param>
    /// <param name="workspace">Where to.</param>
    /// <param name="errors">Gets what keeps it from being written.</param>
    /// <returns>What was written.</returns>
    public static IReadOnlyList<string> Write(string project, string workspace, List<string> errors)
    {
        var core = Path.Combine(project, "Core");
        if (!File.Exists(Path.Combine(project, WorkspaceCheck.ProjectFile)) || !Directory.Exists(core))
        {
            errors.Add($"project: {project} has no {WorkspaceCheck.ProjectFile} and folder Core: give a checkout, or its folder Algorithm.");
            return [];
        }

        var own = Read(Path.Combine(project, WorkspaceCheck.ProjectFile), errors);
        var parts = new[]
        {
            (Files: CloudProject.Of(ProjectName, project, core), Folder: Path.Combine(workspace, ProjectName)),
            (Files: CloudProject.Of(LibraryName, core), Folder: Path.Combine(workspace, LibraryName)),
        };
        var there = parts.Select(part => ReadThere(part.Folder, errors)).ToArray();
        if (errors.Count > 0)
        {
            return [];
        }

        // The library first: the project names it.
        Write(parts[1].Files, parts[1].Folder, there[1], new JsonObject { ["algorithm-language"] = "CSharp", ["parameters"] = new JsonObject(), ["description"] = "The hedging domain of CrossHedge." });
        own["libraries"] = new JsonArray(new JsonObject { ["name"] = Path.GetFileName(LibraryName), ["path"] = LibraryName });
        Write(parts[0].Files, parts[0].Folder, there[0], own);
        return parts.Select(part => $"{part.Folder}: {part.Files.Files.Count} files").ToList();
    }

    /// <summary>The configuration of a folder that an earlier run made; null if there is none.</summary>
    private static JsonObject? ReadThere(string folder, List<string> errors)
    {
        var path = Path.Combine(folder, WorkspaceCheck.ProjectFile);
        if (File.Exists(path))
        {
            return Read(path, errors);
        }

        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            errors.Add($"out {folder} exists and is no project of LEAN CLI: move it away, or give another workspace.");
        }

        return null;
    }

    /// <summary>Sources are replaced as a whole; of the configuration only what is not there yet is written: ids and parameters are the user's.</summary>
    private static void Write(CloudProject project, string folder, JsonObject? there, JsonObject configuration)
    {
        Directory.CreateDirectory(folder);
        foreach (var old in CloudProject.Of("", folder).Files)
        {
            File.Delete(old.Path);
        }

        foreach (var file in project.Files)
        {
            var target = Path.Combine(folder, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file.Path, target);
        }

        foreach (var (key, value) in configuration)
        {
            if (there is not null && !there.ContainsKey(key))
            {
                there[key] = value?.DeepClone();
            }
        }

        File.WriteAllText(Path.Combine(folder, WorkspaceCheck.ProjectFile), (there ?? configuration).ToJsonString(Written) + "\n");
    }

    private static JsonObject Read(string path, List<string> errors)
    {
        try
        {
            if (JsonNode.Parse(File.ReadAllText(path), documentOptions: Lenient) is JsonObject root)
            {
                return root;
            }

            errors.Add($"{path} is not a JSON object: correct the file.");
        }
        catch (JsonException error)
        {
            errors.Add($"{path} is not JSON: line {error.LineNumber + 1}, position {error.BytePositionInLine + 1}. Correct the file.");
        }

        return [];
    }
}
