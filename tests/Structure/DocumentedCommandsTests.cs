using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using CrossHedgeLean.Commands;
using CrossHedgeLean.Conformance;
using CrossHedgeLean.Tests.LeanCli;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Structure;

/// <summary>
/// Commands that the README and docs/ tell. Those marked <c>run</c> are run in the order of the pages, in one scratch folder and
/// each in a process of its own, so that a later one finds what an earlier one made. <c>dotnet test</c>, <c>dotnet tool restore</c>
/// and <c>dotnet stryker</c> would build or run the tests within the tests: what they name is checked instead, and .ci/run
/// runs the tests.
/// </summary>
[TestFixture]
public sealed class DocumentedCommandsTests
{
    private static readonly string[] Checked = ["test", "tool", "stryker"];

    private static IEnumerable<DocumentedCommand> Commands => Documents.Commands();

    [TestCaseSource(typeof(Documents), nameof(Documents.All))]
    public void EveryBlockIsMarked(string document) => Assert.That(Documents.Read(document, Documents.Text(document)).Errors, Is.Empty);

    [Test]
    public void ABlockWithoutAMarkIsFound([Values("", "sh", "sh sometimes", "bash")] string info)
        => Assert.That(Documents.Read("page.md", $"# Page\n\n```{info}\ndotnet test\n```\n").Errors, Has.One.StartsWith("page.md:3: "));

    [TestCaseSource(nameof(Commands))]
    public void IsWellFormed(DocumentedCommand command) => Assert.That(CommandGrammar.Check(command), Is.Empty, command.ToString());

    [TestCase("dotnet run --project launcher-config -- backtest --frm 2025-01-01", "--frm")]
    [TestCase("dotnet run --project launcher-config -- live --config launcher-config/none.json", "none.json is not there")]
    [TestCase("dotnet run --project launcher-config -- backtest --data DIR", "a place that a reader must fill")]
    [TestCase("dotnet test --filter \"FullyQualifiedName~NoSuchTests\"", "finds no test")]
    [TestCase("CROSSHEDGE_NOTHING=1 dotnet test", "no test reads the variable")]
    [TestCase("lean backtest", "an argument is missing")]
    [TestCase("lean backtest Project", "marked Run and is NeedsLean")]
    [TestCase("lean backtest Project --extra-config environment crosshedge-none", "has no crosshedge-none")]
    [TestCase("docker run --rm crosshedge live", "--config")]
    [TestCase("cargo build", "nobody knows")]
    public void AWrongCommandIsFound(string text, string error)
        => Assert.That(CommandGrammar.Check(new DocumentedCommand("page.md", 1, CommandMark.Run, text)), Has.Some.Contains(error));

    [Test]
    public void ThoseThatAreMarkedRunDo()
    {
        using var folder = new Temporary();
        Files.Copy(Path.Combine(Repository.Root, "launcher-config"), Path.Combine(folder.Path, "launcher-config"), "bin", "obj");
        Directory.CreateDirectory(Path.Combine(folder.Path, "docs"));
        var commands = Commands.Where(command => command.Mark == CommandMark.Run && ProcessOf(command) is not null).DistinctBy(command => command.Text).ToLookup(IsLive);

        // Live takes its time in real seconds, and neither needs nor makes a file.
        var live = Task.Run(() => Run(folder.Path, commands[true]));
        var failed = Run(folder.Path, commands[false]).Concat(live.Result);

        Assert.That(failed, Is.Empty);
    }

    [Test]
    public void TheReferenceThatTheCommandWritesIsTheCommittedOne()
    {
        var output = new StringWriter { NewLine = "\n" };
        var code = LauncherCommands.Run(["configuration"], new LauncherConsole(output, TextWriter.Null, Repository.Root, IsTerminal: false));

        Assert.That(code, Is.EqualTo(ExitCode.Done));
        Assert.That(Documents.Text("docs/configuration.md"), Is.EqualTo(output.ToString()), "run: dotnet run --project launcher-config -- configuration --out docs/configuration.md");
    }

    /// <summary>Commands of the launcher within a line of text, as in "`data generate --days 3`, then ...".</summary>
    [TestCaseSource(typeof(Documents), nameof(Documents.All))]
    public void WhatStandsInALineIsParsed(string document)
    {
        var root = LauncherCommands.Create(new LauncherConsole(TextWriter.Null, TextWriter.Null, Repository.Root, IsTerminal: false));
        var wrong = Regex.Matches(Documents.Text(document), "`((?:backtest|report|live|drill|exchange|episodes|data generate|workspace check|workspace cloud|configuration) [^`]+)`")
            .Select(match => match.Groups[1].Value)
            .SelectMany(text => LauncherCommands.Parse(root, text.Split(' ')).Errors.Select(error => $"{text}: {error.Message}"));

        Assert.That(wrong, Is.Empty);
    }

    private static bool IsLive(DocumentedCommand command) => CommandGrammar.LauncherArguments(command.Words) is ["live", ..];

    private static List<string> Run(string folder, IEnumerable<DocumentedCommand> commands)
    {
        var failed = new List<string>();
        foreach (var command in commands)
        {
            var (code, said) = Child.Run(folder, ProcessOf(command)!);
            if (code != ExitCode.Done)
            {
                failed.Add($"{command}: code {code}\n{said}");
            }
        }

        return failed;
    }

    /// <summary>The arguments for dotnet; null: only checked.</summary>
    private static string[]? ProcessOf(DocumentedCommand command)
    {
        var words = command.Words.SkipWhile(word => word != "dotnet").ToArray();
        if (Checked.Contains(words[1]))
        {
            return null;
        }

        if (CommandGrammar.LauncherArguments(words) is not { } arguments)
        {
            return [Built(typeof(Catalog)), .. words.SkipWhile(word => word != "--").Skip(1)];
        }

        // A test opens no window, and a port is the machine's.
        return [Built(typeof(LauncherCommands)), .. arguments.Where(word => word != "--open"), .. arguments[0] == "exchange" ? ["--port", "0"] : Array.Empty<string>()];
    }

    private static string Built(Type type) => Path.Combine(AppContext.BaseDirectory, type.Assembly.GetName().Name + ".dll");
}
