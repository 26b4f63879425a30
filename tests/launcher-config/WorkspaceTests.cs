using System;
using System.IO;
using System.Linq;
using CrossHedgeLean.Tests.LeanCli;
using CrossHedgeLean.Tests.Structure;
using Newtonsoft.Json.Linq;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Launcher;

/// <summary>A checkout in a workspace of LEAN CLI: what keeps it from being run or pushed is said at once, with code 2.</summary>
[TestFixture]
public sealed class WorkspaceTests
{
    private const string Workspace = """
        {
          // LEAN's configuration has comments
          "data-folder": "data",
        }
        """;

    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TestFolder();
        Files.Copy(Path.Combine(Repository.Root, "Algorithm"), _folder["CrossHedgeLean/Algorithm"], "bin", "obj");
        File.Copy(Path.Combine(Repository.Root, "CrossHedgeLean.sln"), _folder["CrossHedgeLean/CrossHedgeLean.sln"]);
        _folder.Write("lean.json", Workspace);
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase("CrossHedgeLean")]
    [TestCase("CrossHedgeLean/Algorithm")]
    public void ACheckoutInAWorkspaceWithDataIsReady(string folder)
    {
        LeanCliTests.Data(_folder["data"]);

        var (code, output, error) = _folder.Run("workspace", "check", folder, "--image-framework", "net10.0");

        Assert.That(error, Is.Empty);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("image: net10.0").And.Contain($"workspace: {_folder.Root}").And.Contain("from 2022-12-13").And.Contain("of 50 files").And.Contain("lean backtest CrossHedgeLean/Algorithm"));
    }

    [Test]
    public void AWorkspaceWithoutDataIsOneError()
    {
        var error = OnlyError();

        Assert.That(error, Does.Contain($"The data folder {_folder["data"]} does not exist").And.Contain("lean init"));
        Assert.That(error, Does.Contain("--from 2022-12-13 --days 1 --venues binance:spot,bybit:perpetual,bybit:spot --pairs BTCBUSD,BTCUSDT"));
    }

    [Test]
    public void ItsRemedyMakesTheData()
    {
        var command = OnlyError().Split('\'').Single(part => part.StartsWith("data generate", StringComparison.Ordinal));

        Assert.That(_folder.Run(command.Split(' ')).ExitCode, Is.Zero);
        Assert.That(_folder.Run("workspace", "check", "CrossHedgeLean").ExitCode, Is.Zero);
    }

    [Test]
    public void AFolderWithoutAWorkspaceIsOneError()
    {
        File.Delete(_folder["lean.json"]);

        Assert.That(OnlyError(), Does.Contain("there is no lean.json in").And.Contain("run 'lean init'"));
    }

    [Test]
    public void AnImageOfAnotherFrameworkIsOneError()
    {
        LeanCliTests.Data(_folder["data"]);

        Assert.That(OnlyError("--image-framework", "net9.0"), Does.Contain("its label target_framework is net9.0, and this needs net10.0").And.Contain("lean backtest --update"));
    }

    [Test]
    public void AFileOverTheQuotaIsOneError()
    {
        LeanCliTests.Data(_folder["data"]);
        var file = _folder.Write("CrossHedgeLean/Algorithm/Framework/Long.cs", "// " + new string('x', 64 * 1024));

        Assert.That(OnlyError(), Does.Contain($"{file} has 65539 bytes, and Quant Researcher takes 65536 in a file: split it"));
    }

    [Test]
    public void AFileTooManyIsOneError()
    {
        LeanCliTests.Data(_folder["data"]);
        _folder.Write("CrossHedgeLean/Algorithm/Core/More.cs", "// one more");

        Assert.That(OnlyError(), Does.Contain("Core has 51 files, and Quant Researcher takes 50 in a project"));
        Assert.That(_folder.Run("workspace", "check", "CrossHedgeLean", "--tier", "team").ExitCode, Is.Zero);
    }

    [TestCase("CrossHedgeLean/Brokerages/B.csproj", "<Project><PropertyGroup><TargetFramework>net9.0</TargetFramework></PropertyGroup></Project>", "names the framework net9.0")]
    [TestCase("CrossHedgeLean/launcher-config/config.json", "{}", "lean cloud push without --project pushes its folder")]
    [TestCase("CrossHedgeLean/Algorithm/Other.csproj", "<Project />", "has 2 csproj files")]
    [TestCase("CrossHedgeLean/Algorithm/Algorithm.csproj", "<Project><PropertyGroup><AssemblyName>Hedge</AssemblyName></PropertyGroup></Project>", "makes Hedge.dll, and LEAN CLI runs Algorithm.dll")]
    [TestCase("CrossHedgeLean/Algorithm/Algorithm.csproj", "<Project", "is not XML")]
    [TestCase("CrossHedgeLean/Algorithm/Main.cs", "class A : Base { }", "no class that derives from QCAlgorithm directly")]
    [TestCase("CrossHedgeLean/Algorithm/config.json", "{ \"algorithm-language\": \"Python\" }", "write \"algorithm-language\": \"CSharp\"")]
    [TestCase("CrossHedgeLean/Algorithm/config.json", "{ \"algorithm-language\"", "is not JSON: line 1")]
    [TestCase("lean.json", "[]", "is not a JSON object")]
    public void WhatLeanCliWouldStumbleOverIsTold(string file, string text, string problem)
    {
        _folder.Write(file, text);

        var (code, _, error) = _folder.Run("workspace", "check", "CrossHedgeLean");

        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain(problem));
    }

    [Test]
    public void AllErrorsAreToldAtOnce()
    {
        File.Delete(_folder["CrossHedgeLean/CrossHedgeLean.sln"]);
        _folder.Write("CrossHedgeLean/CrossHedgeLean.slnx", "<Solution />");

        var (code, _, error) = _folder.Run("workspace", "check", "CrossHedgeLean", "--image-framework", "net9.0", "--tier", "free");

        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain("error: image:").And.Contain("error: data:").And.Contain("error: cloud:").And.Contain("there is no .sln above"));
    }

    [TestCase("workspace check CrossHedgeLean --tier huge", "tier 'huge' is unknown: use free, researcher")]
    [TestCase("workspace check nowhere", "has no config.json: give the folder Algorithm")]
    [TestCase("workspace cloud nowhere --out .", "give a checkout, or its folder Algorithm")]
    [TestCase("workspace cloud CrossHedgeLean", "--out")]
    public void BadInputIsTold(string arguments, string problem)
    {
        var (code, _, error) = _folder.Run(arguments.Split(' '));

        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain(problem));
    }

    [Test]
    public void TheCloudsLayoutHasCoreAsALibrary()
    {
        Assert.That(_folder.Run("workspace", "cloud", "CrossHedgeLean", "--out", ".").ExitCode, Is.Zero);

        var written = Directory.EnumerateFiles(_folder["CrossHedge"], "*.cs", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder["CrossHedge"], file))
            .Concat(Directory.EnumerateFiles(_folder["Library/CrossHedgeCore"], "*.cs", SearchOption.AllDirectories).Select(file => Path.Combine("Core", Path.GetRelativePath(_folder["Library/CrossHedgeCore"], file))));
        Assert.That(written, Is.EquivalentTo(Repository.Sources("Algorithm").Select(file => Path.GetRelativePath(Path.Combine(Repository.Root, "Algorithm"), file))));
        var project = JObject.Parse(File.ReadAllText(_folder["CrossHedge/config.json"]));
        Assert.That((string?)project["libraries"]![0]!["path"], Is.EqualTo("Library/CrossHedgeCore"));
        Assert.That(project["parameters"], Is.EqualTo(JObject.Parse(File.ReadAllText(_folder["CrossHedgeLean/Algorithm/config.json"]))["parameters"]));
        Assert.That((string?)JObject.Parse(File.ReadAllText(_folder["Library/CrossHedgeCore/config.json"]))["algorithm-language"], Is.EqualTo("CSharp"));
    }

    [Test]
    public void LaidOutAgainItKeepsWhatTheCloudWroteAndDropsOldSources()
    {
        _folder.Run("workspace", "cloud", "CrossHedgeLean", "--out", ".");
        var path = _folder["CrossHedge/config.json"];
        var project = JObject.Parse(File.ReadAllText(path));
        project["cloud-id"] = 17;
        project["parameters"]!["strategy"] = "churn";
        File.WriteAllText(path, project.ToString());
        _folder.Write("CrossHedge/Framework/Gone.cs", "// was renamed");

        Assert.That(_folder.Run("workspace", "cloud", "CrossHedgeLean", "--out", ".").ExitCode, Is.Zero);

        project = JObject.Parse(File.ReadAllText(path));
        Assert.That(((int?)project["cloud-id"], (string?)project["parameters"]!["strategy"]), Is.EqualTo(((int?)17, "churn")));
        Assert.That(File.Exists(_folder["CrossHedge/Framework/Gone.cs"]), Is.False);
    }

    [Test]
    public void AFolderOfSomebodyElseIsNotTouched()
    {
        var file = _folder.Write("CrossHedge/notes.cs", "// mine");

        var (code, _, error) = _folder.Run("workspace", "cloud", "CrossHedgeLean", "--out", ".");

        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain("exists and is no project of LEAN CLI"));
        Assert.That(File.Exists(file), Is.True);
        Assert.That(Directory.Exists(_folder["Library"]), Is.False);
    }

    private string OnlyError(params string[] options)
    {
        var (code, _, error) = _folder.Run(["workspace", "check", "CrossHedgeLean", .. options]);
        Assert.That(code, Is.EqualTo(2));
        var errors = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(errors, Has.Length.EqualTo(1), error);
        return errors[0];
    }
}
