using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace CrossHedgeLean.Tests.Structure;

/// <summary>What a block of commands needs: the mark in its first line.</summary>
public enum CommandMark
{
    /// <summary>Nothing: the tests run it.</summary>
    Run,

    /// <summary>LEAN, its data, or LEAN CLI.</summary>
    NeedsLean,

    /// <summary>Docker.</summary>
    NeedsDocker,

    /// <summary>An account at QuantConnect or at a venue.</summary>
    NeedsAccount,
}

/// <summary>A command that a document tells.</summary>
/// <param name="Document">The document, from the repository's root.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Mark">What it needs.</param>
/// <param name="Text">The command, without its comment, in one line.</param>
public sealed record DocumentedCommand(string Document, int Line, CommandMark Mark, string Text)
{
    /// <summary>Its words; quotes are taken off.</summary>
    public string[] Words => Regex.Matches(Text, "\"([^\"]*)\"|(\\S+)").Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value).ToArray();

    /// <inheritdoc />
    public override string ToString() => $"{Document}:{Line}: {Text}";
}

/// <summary>The README and the pages in docs/.</summary>
internal static class Documents
{
    /// <summary>What a fenced block may be besides commands.</summary>
    private static readonly string[] OtherBlocks = ["text", "json", "csharp"];

    private static readonly Dictionary<string, CommandMark> Marks = new()
    {
        ["run"] = CommandMark.Run,
        ["needs-lean"] = CommandMark.NeedsLean,
        ["needs-docker"] = CommandMark.NeedsDocker,
        ["needs-account"] = CommandMark.NeedsAccount,
    };

    /// <summary>The pages, the README first, then in ordinal order.</summary>
    public static IReadOnlyList<string> All { get; } = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
        .Select(file => "docs/" + Path.GetFileName(file))
        .Order(StringComparer.Ordinal)
        .Prepend("README.md")
        .ToArray();

    /// <summary>The text of a file of the repository.</summary>
    public static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    /// <summary>Every command in a fenced block, in the order of the pages.</summary>
    public static IReadOnlyList<DocumentedCommand> Commands() => All.SelectMany(document => Read(document, Text(document)).Commands).ToArray();

    /// <summary>The commands of a page, and what is wrong with its blocks.</summary>
    public static (IReadOnlyList<DocumentedCommand> Commands, IReadOnlyList<string> Errors) Read(string document, string text)
    {
        var commands = new List<DocumentedCommand>();
        var errors = new List<string>();
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                continue;
            }

            var begins = i + 1;
            var info = lines[i].Trim()[3..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var isCommands = info is ["sh", var mark] && Marks.ContainsKey(mark);
            if (!isCommands && !(info is [var other] && OtherBlocks.Contains(other)))
            {
                errors.Add($"{document}:{begins}: the block '{string.Join(' ', info)}' is not marked: write sh and one of {string.Join(", ", Marks.Keys)}, or one of {string.Join(", ", OtherBlocks)}.");
            }

            for (i++; i < lines.Length && !lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal); i++)
            {
                var at = i + 1;
                var command = WithoutComment(lines[i]);
                while (command.EndsWith('\\') && i + 1 < lines.Length)
                {
                    command = command[..^1].TrimEnd() + " " + WithoutComment(lines[++i]);
                }

                if (isCommands && command.Length > 0)
                {
                    commands.Add(new DocumentedCommand(document, at, Marks[info[1]], command));
                }
            }
        }

        return (commands, errors);
    }

    private static string WithoutComment(string line) => Regex.Replace(line, @"(^|\s)#\s.*$", "").Trim();
}
