using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrossHedgeLean.Commands;
using Newtonsoft.Json.Linq;

namespace CrossHedgeLean.Tests.Structure;

/// <summary>
/// What a documented command may look like: the launcher's by its own command line, the others by what is known of
/// <c>lean</c> (QuantConnect/lean-cli, 5277bb66), <c>docker</c> and <c>dotnet</c>. Words in capitals stand for what a reader puts there.
/// </summary>
internal static class CommandGrammar
{
    private const string Launcher = "launcher-config";

    /// <summary>Commands of LEAN CLI: the words, how many more arguments, and options with the number of their values.</summary>
    private static readonly (string Words, int Arguments, Dictionary<string, int> Options)[] Lean =
    [
        ("init", 0, []),
        ("backtest", 1, new() { ["--extra-config"] = 2, ["--image"] = 1, ["--parameter"] = 2, ["--output"] = 1 }),
        ("optimize", 1, new() { ["--strategy"] = 1, ["--target"] = 1, ["--target-direction"] = 1, ["--parameter"] = 4, ["--max-concurrent-backtests"] = 1, ["--image"] = 1 }),
        ("live deploy", 1, new() { ["--environment"] = 1, ["--extra-config"] = 2 }),
        ("cloud push", 0, new() { ["--project"] = 1 }),
        ("cloud backtest", 1, new() { ["--parameter"] = 2 }),
    ];

    private static readonly Dictionary<string, int> DockerBuild = new() { ["-f"] = 1, ["-t"] = 1, ["--build-arg"] = 1 };
    private static readonly Dictionary<string, int> DockerRun = new() { ["--rm"] = 0, ["-it"] = 0, ["-v"] = 1, ["--env-file"] = 1 };

    /// <summary>The launcher's arguments in a command; null if it is another.</summary>
    public static string[]? LauncherArguments(string[] words)
    {
        if (words is ["docker", "run", ..])
        {
            var image = Array.IndexOf(words, "crosshedge");
            return image < 0 ? null : words[(image + 1)..];
        }

        var dashes = Array.IndexOf(words, "--");
        return words is ["dotnet", "run", "--project", var project, ..] && project.Split('/')[^1] == Launcher && dashes >= 4 ? words[(dashes + 1)..] : null;
    }

    /// <summary>What is wrong with a command; empty if nothing is.</summary>
    public static IReadOnlyList<string> Check(DocumentedCommand command)
    {
        var words = command.Words.SkipWhile(word => IsVariable(word)).ToArray();
        var errors = new List<string>();
        errors.AddRange(command.Words.TakeWhile(word => IsVariable(word)).Select(word => word.Split('=')[0]).Where(name => !IsReadByTests(name)).Select(name => $"no test reads the variable {name}"));
        errors.AddRange(MarkErrors(command.Mark, words));
        if (LauncherArguments(words) is { } arguments)
        {
            errors.AddRange(LauncherErrors(arguments, words[0] == "docker" ? Launcher : ""));
            errors.AddRange(words[0] == "docker" ? OptionErrors(words[2..^(arguments.Length + 1)], 0, DockerRun) : []);
        }
        else
        {
            errors.AddRange(words switch
            {
                ["lean", ..] => LeanErrors(words[1..]),
                ["docker", "build", .., "."] => OptionErrors(words[2..^1], 0, DockerBuild).Concat(MissingFile(ValueOf(words, "-f"))),
                ["git", "clone", "REPOSITORY", _] => [],
                ["dotnet", "tool", "restore"] => MissingFile(".config/dotnet-tools.json"),
                ["dotnet", "stryker"] => MissingFile("tests/stryker-config.json").Concat(Documents.Text(".config/dotnet-tools.json").Contains("dotnet-stryker", StringComparison.Ordinal) ? [] : ["dotnet stryker is not among the tools"]),
                ["dotnet", "test", ..] => TestErrors(words[2..]),
                ["dotnet", "build", var solution, "-p:LeanBin=DIR"] => MissingFile(solution),
                ["dotnet", "run", "--project", "tests/conformance", ..] => ConformanceErrors(words[4..]),
                ["dotnet", "QuantConnect.Lean.Launcher.dll", "--config", _, "--environment", var environment] => EnvironmentErrors(environment),
                _ => ["nobody knows this command"],
            });
        }

        return errors;
    }

    private static bool IsVariable(string word) => word.StartsWith("CROSSHEDGE_", StringComparison.Ordinal) && word.Contains('=', StringComparison.Ordinal);

    private static bool IsReadByTests(string name) => Repository.Sources("tests").Any(file => File.ReadAllText(file).Contains($"\"{name}\"", StringComparison.Ordinal));

    /// <summary>A mark says no less and no more than the command needs.</summary>
    private static IEnumerable<string> MarkErrors(CommandMark mark, string[] words)
    {
        var needs = words switch
        {
            ["docker", ..] => CommandMark.NeedsDocker,
            ["lean", "live" or "cloud", ..] => CommandMark.NeedsAccount,
            ["lean", ..] or ["dotnet", "QuantConnect.Lean.Launcher.dll", ..] => CommandMark.NeedsLean,
            _ when words.Contains("-p:LeanBin=DIR") => CommandMark.NeedsLean,
            _ => CommandMark.Run,
        };
        var isFree = needs == CommandMark.Run && mark != CommandMark.NeedsDocker;
        if (mark != needs && !isFree)
        {
            yield return $"it is marked {mark} and is {needs}";
        }

        if (mark == CommandMark.Run && words.Any(word => word.Split('=')[^1] is "DIR" or "FILE" or "CASE" or "REPOSITORY"))
        {
            yield return "it is marked Run and has a place that a reader must fill";
        }
    }

    private static IEnumerable<string> LauncherErrors(string[] arguments, string folder)
    {
        var parse = LauncherCommands.Parse(LauncherCommands.Create(new LauncherConsole(TextWriter.Null, TextWriter.Null, Repository.Root, IsTerminal: false)), arguments);
        return parse.Errors.Select(error => error.Message).Concat(MissingFile(ValueOf(arguments, "--config") is { } file && Path.GetExtension(file) == ".json" ? Path.Combine(folder, file) : null));
    }

    private static IEnumerable<string> LeanErrors(string[] words)
    {
        var known = Lean.FirstOrDefault(entry => string.Join(' ', words).StartsWith(entry.Words, StringComparison.Ordinal));
        if (known.Words is null)
        {
            return [$"LEAN CLI has no such command here: {string.Join(", ", Lean.Select(entry => entry.Words))}"];
        }

        return OptionErrors(words[known.Words.Split(' ').Length..], known.Arguments, known.Options)
            .Concat(words.Select((word, i) => (word, i)).Where(at => at.word == "--environment" || (at.word == "--extra-config" && words[at.i + 1] == "environment"))
                .SelectMany(at => EnvironmentErrors(words[at.i + (at.word == "--environment" ? 1 : 2)])));
    }

    private static IEnumerable<string> OptionErrors(string[] words, int arguments, Dictionary<string, int> options)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (!words[i].StartsWith('-'))
            {
                arguments--;
            }
            else if (!options.TryGetValue(words[i], out var values) || i + values >= words.Length || words[(i + 1)..(i + 1 + values)].Any(value => value.StartsWith("--", StringComparison.Ordinal)))
            {
                yield return $"{words[i]} is no option here, or lacks a value";
            }
            else
            {
                i += values;
            }
        }

        if (arguments != 0)
        {
            yield return arguments > 0 ? "an argument is missing" : "an argument is too much";
        }
    }

    private static IEnumerable<string> TestErrors(string[] words)
    {
        var filter = ValueOf(words, "--filter");
        var known = words.Where((word, i) => word == "-p:LeanBin=DIR" || word == "--filter" || (i > 0 && words[i - 1] == "--filter")).Count();
        if (known != words.Length)
        {
            yield return "dotnet test is told with --filter and -p:LeanBin=DIR alone";
        }

        const string Name = "FullyQualifiedName~";
        if (filter is not null && (!filter.StartsWith(Name, StringComparison.Ordinal) || !Repository.Sources("tests").Any(file => NamesIn(file).Any(name => name.Contains(filter[Name.Length..], StringComparison.Ordinal)))))
        {
            yield return $"the filter {filter} finds no test";
        }
    }

    /// <summary>Full names of the tests in a file, as its text has them: tests of another lane count too.</summary>
    private static IEnumerable<string> NamesIn(string file)
    {
        var space = "";
        var type = "";
        foreach (var line in File.ReadLines(file).Select(line => line.Trim()))
        {
            var words = line.Split([' ', ';', '(', ':', '<'], StringSplitOptions.RemoveEmptyEntries);
            space = words is ["namespace", var name, ..] ? name : space;
            type = Array.IndexOf(words, "class") is >= 0 and var at && at + 1 < words.Length ? words[at + 1] : type;
            if (words is ["public", "void", var method, ..])
            {
                yield return $"{space}.{type}.{method}";
            }
        }
    }

    private static IEnumerable<string> ConformanceErrors(string[] words)
    {
        var dashes = Array.IndexOf(words, "--");
        var program = Documents.Text("tests/conformance/Program.cs");
        foreach (var word in words[(dashes + 1)..].Where((word, i) => i == 0 || word.StartsWith("--", StringComparison.Ordinal)))
        {
            if (!program.Contains($"\"{word}\"", StringComparison.Ordinal))
            {
                yield return $"tests/conformance has no {word}";
            }
        }

        if (dashes < 0 || words[..dashes].Any(word => word != "-p:LeanBin=DIR"))
        {
            yield return "tests/conformance is told with -p:LeanBin=DIR and a command";
        }
    }

    private static IEnumerable<string> EnvironmentErrors(string name)
        => JObject.Parse(Documents.Text("launcher-config/lean-environments.json"))["environments"]![name] is null ? [$"launcher-config/lean-environments.json has no {name}"] : [];

    private static IEnumerable<string> MissingFile(string? file) => file is null || File.Exists(Path.Combine(Repository.Root, file)) ? [] : [$"{file} is not there"];

    private static string? ValueOf(string[] words, string option) => Array.IndexOf(words, option) is >= 0 and var at && at + 1 < words.Length ? words[at + 1] : null;
}
