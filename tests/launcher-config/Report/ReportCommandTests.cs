using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using CrossHedgeLean.Commands;
using CrossHedgeLean.Framework;
using CrossHedgeLean.Reports;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Launcher.Report;

[TestFixture]
public sealed class ReportCommandTests
{
    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TestFolder();
        Directory.CreateDirectory(_folder["run"]);
        foreach (var file in Directory.GetFiles(ReportRuns.Folder))
        {
            File.Copy(file, Path.Combine(_folder["run"], Path.GetFileName(file)));
        }
    }

    [TearDown]
    public void TearDown() => _folder?.Dispose();

    [TestCase("run")]
    [TestCase("run/result.json")]
    public void APageIsMadeOfTheFolderOrItsResult(string given)
    {
        var (code, output, error) = _folder.Run("report", given, "--out", "pages/report.html");

        Assert.That((code, error), Is.EqualTo((ExitCode.Done, "")));
        Assert.That(output, Does.Contain(_folder["pages/report.html"]));
        Assert.That(Directory.GetFiles(_folder["pages"]).Select(Path.GetFileName), Is.EqualTo(new[] { "report.html" }));
    }

    /// <summary>Every number of the result stands on the page with all its digits, and every number on the page is written as its value.</summary>
    [Test]
    public void NumbersAreTheResultsOwn()
    {
        _folder.Run("report", "run");
        var page = File.ReadAllText(_folder["report.html"]);
        var shown = Regex.Matches(page, "<data value=([^>]+)>(.*?)</data>").ToLookup(match => match.Groups[1].Value, match => Regex.Replace(match.Groups[2].Value, "</?i>|,", "").Replace('\u2212', '-'));

        Assert.That(ReportRuns.Numbers(ReportRuns.Result).Where(number => !shown.Contains(number)), Is.Empty);
        foreach (var number in shown)
        {
            foreach (var text in number.Where(text => !text.EndsWith('%')))
            {
                Assert.That(text, Is.EqualTo(number.Key));
            }

            foreach (var text in number.Where(text => text.EndsWith('%')))
            {
                Assert.That(decimal.Parse(text[..^2], System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(100m * decimal.Parse(number.Key, System.Globalization.CultureInfo.InvariantCulture)));
            }
        }
    }

    [Test]
    public void EveryNakedIntervalIsDrawnFromItsFirstStepToItsLast()
    {
        _folder.Run("report", "run");
        var page = File.ReadAllText(_folder["report.html"]);
        var run = RunFolder.Read(_folder["run"], out _)!;
        var (from, until) = (run.Json.GetProperty("from").GetDateTime(), run.Json.GetProperty("until").GetDateTime());
        var figures = Regex.Matches(page, "<figure.*?</figure>", RegexOptions.Singleline).Where(figure => figure.Value.Contains(": naked intervals</title>"));
        var drawn = figures.SelectMany(figure => Regex.Matches(figure.Value, "M([0-9.]+) [0-9]+h([0-9.]+)v12"))
            .Select(match => (From: Number(match.Groups[1].Value), Length: Number(match.Groups[2].Value))).Order().ToList();
        var unit = (until - from) / 1000;
        var naked = run.Rows<NakedRow>().Select(row => (From: (row.FromUtc - from.ToUniversalTime()) / unit, Length: (row.UntilUtc!.Value - row.FromUtc) / unit)).Order().ToList();

        Assert.That(naked, Is.Not.Empty);
        Assert.That(drawn, Has.Count.EqualTo(naked.Count));
        foreach (var (one, other) in drawn.Zip(naked))
        {
            Assert.That(one.From, Is.EqualTo(other.From).Within(0.0001));
            Assert.That(one.Length, Is.EqualTo(other.Length).Within(0.0001));
        }

        static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Test]
    public void ThePageAsksForNothingFromAnywhere()
    {
        _folder.Run("report", "run");
        var page = File.ReadAllText(_folder["report.html"]);

        Assert.That(Regex.Matches(page, "(https?:)?//[a-z]", RegexOptions.IgnoreCase), Is.Empty);
        Assert.That(page, Does.Contain("default-src 'none'").And.Not.Contain("<link rel=stylesheet").And.Not.Contain("@import").And.Not.Contain("<script src"));
    }

    [Test]
    public void WhatComesFromAResultIsNoMarkup()
    {
        var result = File.ReadAllText(_folder["run/result.json"]);
        File.WriteAllText(_folder["run/result.json"], result.Replace("\"parameters\": {", "\"parameters\": {\n    \"x\": \"<script>alert(1)</script>\","));
        Assert.That(_folder.Run("report", "run").ExitCode, Is.EqualTo(ExitCode.Done));
        Assert.That(File.ReadAllText(_folder["report.html"]), Does.Contain("&lt;script&gt;alert(1)").And.Not.Contain("<script>alert"));
    }

    [TestCase("result.json", "cut", "result.json is cut short or no result: no JSON from line")]
    [TestCase("equity.csv", "cut", "equity.csv is cut short: it has")]
    [TestCase("decisions.log", "cut", "decisions.log is cut short: it has")]
    [TestCase("naked.csv", "delete", "naked.csv is missing")]
    [TestCase("basis.csv", "grow", "basis.csv is not the run's: it has")]
    [TestCase("result.json", "older", "result.json has no format, as those of earlier versions, and this version reads format 1")]
    [TestCase("result.json", "newer", "result.json has format 2, and this version reads format 1")]
    [TestCase("result.json", "alone", "result.json stands alone, without the files")]
    [TestCase("result.json", "list", "result.json has no format")]
    [TestCase("result.json", "lacks", "result.json lacks what a result of its format has")]
    [TestCase("losses.csv", "header", "losses.csv begins with 'xime,venue,loss,highest' and not with 'time,venue,loss,highest'")]
    [TestCase("losses.csv", "row", "losses.csv, line 2:")]
    public void AResultOfAnotherVersionOrCutShortIsOneErrorWithTheRemedy(string file, string how, string error)
    {
        var path = _folder["run/" + file];
        var text = File.ReadAllText(path);
        switch (how)
        {
            case "cut":
                File.WriteAllText(path, text[..(text.Length / 2)]);
                break;
            case "delete":
                File.Delete(path);
                break;
            case "grow":
                File.AppendAllText(path, "\n");
                break;
            default:
                File.WriteAllText(path, how switch
                {
                    "older" => text.Replace("\"format\": 1,", ""),
                    "newer" => text.Replace("\"format\": 1,", "\"format\": 2,"),
                    "alone" => Regex.Replace(text, "\"files\": \\{[^}]*\\}", "\"files\": {}"),
                    "list" => "[]",
                    "lacks" => text.Replace("\"invariants\"", "\"variants\""),
                    "header" => "x" + text[1..],
                    _ => text.Replace(text.Split('\n')[1], "x" + text.Split('\n')[1][1..]),
                });
                break;
        }

        var (code, output, errors) = _folder.Run("report", "run");

        Assert.That((code, output), Is.EqualTo((ExitCode.BadInput, "")));
        Assert.That(errors, Does.StartWith("error: result ").And.Contain(error).And.Match("make it anew with backtest --out DIR|copy it again"));
        Assert.That(errors.Trim().Split('\n'), Has.Length.EqualTo(1), errors);
        Assert.That(File.Exists(_folder["report.html"]), Is.False);
    }

    [Test]
    public void WhatIsNoResultAndWhatIsNoFileAreToldAtOnce()
    {
        Directory.CreateDirectory(_folder["page"]);
        var (code, _, errors) = _folder.Run("report", "nowhere", "--out", "page");

        Assert.That(code, Is.EqualTo(ExitCode.BadInput));
        Assert.That(errors, Does.Contain("nowhere is neither a folder of a run nor its result.json: make it anew with backtest --out DIR").And.Contain("page is a folder: give the page's file"));
        Assert.That(_folder.Run("report").ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(_folder.Run("report", "--help").Output, Does.Contain("report results --open"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void OpenStartsTheBrowserOrSaysThePath(bool canOpen)
    {
        var (output, error, opened) = (new StringWriter(), new StringWriter(), "");
        var console = new LauncherConsole(output, error, _folder.Root, IsTerminal: false);
        var command = ReportCommand.Create(console, path =>
        {
            opened = path;
            return canOpen;
        });

        Assert.That(command.Parse(["run", "--open"]).Invoke(), Is.EqualTo(ExitCode.Done));
        Assert.That(opened, Is.EqualTo(_folder["report.html"]));
        Assert.That(error.ToString(), canOpen ? Is.Empty : Does.Contain($"open {_folder["report.html"]} yourself"));
    }

    [Test]
    public void ADecisionLogThatIsNotTheRunsIsSaidOnThePage()
    {
        var path = _folder["run/decisions.log"];
        var text = File.ReadAllText(path);
        File.WriteAllText(path, text.Replace(",BTC,", ",BTX,"));
        _folder.Run("report", "run");

        Assert.That(File.ReadAllText(_folder["report.html"]), Does.Contain("the file is not this run"));
    }
}
