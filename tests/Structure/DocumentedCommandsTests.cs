using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
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
        var failed = new List<string>();
        foreach (var command in Commands.Where(command => command.Mark == CommandMark.Run).DistinctBy(command => command.Text))
        {
            if (ProcessOf(command) is not { } arguments)
            {
                continue;
            }

            var (code, said) = Child.Run(folder.Path, arguments);
            if (code != ExitCode.Done)
            {
                failed.Add($"{command}: code {code}\n{said}");
            }
        }

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
