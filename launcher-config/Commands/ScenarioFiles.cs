using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.Json.Nodes;
using CrossHedgeLean.Scenarios;

namespace CrossHedgeLean.Commands;

/// <summary>Scenario files: those of a user, and those that are shipped in the launcher under a name.</summary>
internal static class ScenarioFiles
{
    private const string Prefix = "scenarios/";

    /// <summary>The names of the shipped scenarios, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => Path.GetFileNameWithoutExtension(name[Prefix.Length..]))
        .Order(StringComparer.Ordinal)
        .ToArray();

    /// <summary>The text of a shipped scenario.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static string Shipped(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Prefix}{name}.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>
    /// Reads files or shipped scenarios and joins them into one; null if none could be read. One that is wrong is left out
    /// with its errors told, so that the others are still checked.
    /// </summary>
    /// <param name="given">File names, or names of shipped scenarios.</param>
    /// <param name="console">Where relative names start.</param>
    /// <param name="errors">Gets every error.</param>
    public static string? Read(IReadOnlyList<string> given, LauncherConsole console, List<string> errors)
    {
        var read = new List<JsonNode>();
        foreach (var name in given)
        {
            if (TextOf(name, console, errors) is not { } text)
            {
                continue;
            }

            var (_, wrong) = ScenarioReader.Read(name, text);
            errors.AddRange(wrong);
            if (wrong.Count == 0)
            {
                read.Add(JsonNode.Parse(text)!);
            }
        }

        return read.Count == 0 ? null : Join(read).ToJsonString();
    }

    private static JsonNode Join(List<JsonNode> scenarios)
    {
        var events = new JsonArray();
        foreach (var what in scenarios.SelectMany(scenario => scenario["events"]!.AsArray()))
        {
            events.Add(what!.DeepClone());
        }

        return new JsonObject
        {
            ["version"] = ScenarioReader.Version,
            ["name"] = string.Join(" + ", scenarios.Select(scenario => scenario["name"]!.GetValue<string>())),
            ["acceptPeg"] = scenarios.Any(scenario => scenario["acceptPeg"]?.GetValue<bool>() == true),
            ["events"] = events,
        };
    }

    private static string? TextOf(string name, LauncherConsole console, List<string> errors)
    {
        var path = console.FullPath(name);
        if (!File.Exists(path))
        {
            if (Names.Contains(name))
            {
                return Shipped(name);
            }

            errors.Add($"scenario '{name}' is neither a file nor a shipped scenario: give a file, or one of {string.Join(", ", Names)}.");
            return null;
        }

        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.Add($"scenario {name} cannot be read: {error.Message}");
            return null;
        }
    }
}
