using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Commands;
using CrossHedgeLean.Episodes;
using CrossHedgeLean.Tests.Structure;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Launcher;

[TestFixture]
public sealed class EpisodesTests
{
    private const int Seeds = 300;

    private static readonly string Cases = Path.Combine(Repository.Root, "tests", "launcher-config", "Episodes");

    [Test]
    public void ThreeHundredEpisodesHoldEveryInvariantAndMeetEveryCell()
    {
        var coverage = new EpisodeCoverage();
        var violations = new List<string>();
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var result = EpisodeRun.Run(EpisodePlan.Of(seed));
            coverage.Add(result.Coverage);
            if (result.Violation is { } violation)
            {
                violations.Add($"seed {seed}: {EpisodeReport.Describe(violation)}");
            }

            Assert.That(result.Decisions, Is.GreaterThanOrEqualTo(200), $"decisions of seed {seed}");
            Assert.That(result.Changes, Is.GreaterThanOrEqualTo(20), $"primary changes of seed {seed}");
            Assert.That(result.Faults, Is.GreaterThanOrEqualTo(3), $"faults of seed {seed}");
            Assert.That(result.Rests, Is.GreaterThanOrEqualTo(2), $"how often seed {seed} had to be in its band: after the last fault, and at the end");
        }

        Assert.That(violations, Is.Empty);
        Assert.That(coverage.Empty(), Is.Empty);
    }

    [TestCaseSource(nameof(PlantedFaults))]
    public void APlantedFaultIsCaught(object kind)
    {
        var planted = (PlantedFaultKind)kind;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            if (EpisodeRun.Run(EpisodePlan.Of(seed), planted).Violation is { } violation)
            {
                TestContext.Out.WriteLine($"seed {seed}: {EpisodeReport.Describe(violation)}");
                return;
            }
        }

        Assert.Fail($"{planted} was not caught in {Seeds} episodes");
    }

    /// <summary>Each file is a minimised episode that showed a fault of the desk; its name says which.</summary>
    [TestCaseSource(nameof(CaseFiles))]
    public void WhatAnEpisodeFoundStaysMended(string file)
    {
        var result = EpisodeRun.Run(EpisodeSchedule.Read(File.ReadAllText(Path.Combine(Cases, file))));

        Assert.That(result.Violation, Is.Null);
    }

    [TestCase(1UL)]
    [TestCase(42UL)]
    public void AReplayIsExact(ulong seed)
    {
        var first = EpisodeRun.Run(EpisodePlan.Of(seed));
        var lines = new List<string>();
        var second = EpisodeRun.Run(EpisodePlan.Of(seed), log: lines.Add);

        Assert.That(second.Hash, Is.EqualTo(first.Hash));
        Assert.That(second.Orders, Is.EqualTo(first.Orders));
        Assert.That(lines, Is.Not.Empty);
        Assert.That(EpisodeRun.Run(EpisodePlan.Of(seed + 1)).Hash, Is.Not.EqualTo(first.Hash));
    }

    [Test]
    public void AFailingEpisodeIsMadeSmallAndReplaysFromItsSchedule()
    {
        var failed = EpisodeBatch.Run(1, 20, PlantedFaultKind.UnknownResent).Failed[0];

        var small = EpisodeMinimizer.Run(failed, PlantedFaultKind.UnknownResent);
        var again = EpisodeRun.Run(EpisodeSchedule.Read(EpisodeSchedule.Write(small.Plan)), PlantedFaultKind.UnknownResent);

        Assert.That(small.Plan.Events, Has.Count.LessThan(failed.Plan.Events.Count / 2));
        Assert.That(small.Plan.Ticks, Is.EqualTo(small.Violation!.Tick));
        Assert.That(small.Violation.Invariant, Is.EqualTo(failed.Violation!.Invariant));
        Assert.That(again.Violation, Is.EqualTo(small.Violation));
        Assert.That(again.Hash, Is.EqualTo(small.Hash));
    }

    [TestCase("seeds '0' is not a whole number from 1", "--seeds", "0")]
    [TestCase("from '-1' is not a whole number from 0", "--from", "-1")]
    [TestCase("replay 'x' is not a whole number", "--replay", "x")]
    [TestCase("replay and schedule are two episodes", "--replay", "1", "--schedule", "a.json")]
    [TestCase("nowhere.json", "--schedule", "nowhere.json")]
    public void BadInputIsTold(string error, params string[] arguments)
    {
        var (code, output, errors) = Run(arguments);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(output, Is.Empty);
        Assert.That(errors, Does.Contain(error));
    }

    [TestCase("{", "is not JSON: line 1")]
    [TestCase("{ \"seed\": 1 }", "is an object with seed, ticks and events")]
    [TestCase("{ \"seed\": 1, \"ticks\": 5, \"events\": [{ \"act\": \"Jump\" }] }", "act 'Jump' is none of Fault, Raise")]
    [TestCase("{ \"seed\": 1, \"ticks\": 5, \"events\": [{ \"act\": \"Raise\", \"when\": 1 }] }", "key 'when' is unknown")]
    [TestCase("{ \"seed\": \"a\", \"ticks\": 5, \"events\": [] }", "has the wrong type")]
    public void ABadScheduleIsTold(string text, string error)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, text);
        var (code, _, errors) = Run("--schedule", file);
        File.Delete(file);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(errors, Does.Contain(error));
    }

    [Test]
    public void JsonIsOneObject()
    {
        var (code, output, _) = Run("--seeds", "3", "--from", "7", "--json");

        Assert.That(code, Is.Zero);
        using var document = JsonDocument.Parse(output);
        Assert.That(document.RootElement.GetProperty("seeds").GetInt32(), Is.EqualTo(3));
        Assert.That(document.RootElement.GetProperty("from").GetInt32(), Is.EqualTo(7));
        Assert.That(document.RootElement.GetProperty("violations").GetArrayLength(), Is.Zero);
        Assert.That(document.RootElement.GetProperty("coverage").GetArrayLength(), Is.EqualTo(EpisodeCoverage.Possible.Count));
        Assert.That(document.RootElement.GetProperty("decisions").GetInt64(), Is.GreaterThan(600));
    }

    [Test]
    public void AReplayPrintsItsDecisions()
    {
        var (code, output, _) = Run("--replay", "5");

        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("send ").And.Contain("decision log " + EpisodeRun.Run(EpisodePlan.Of(5)).Hash));
    }

    private static IEnumerable<TestCaseData> PlantedFaults()
        => Enum.GetValues<PlantedFaultKind>().Where(kind => kind != PlantedFaultKind.None).Select(kind => new TestCaseData(kind).SetArgDisplayNames(kind.ToString()));

    private static IEnumerable<string> CaseFiles() => Directory.GetFiles(Cases, "*.json").Select(Path.GetFileName).Order(StringComparer.Ordinal)!;

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var command = EpisodesCommand.Create(new LauncherConsole(output, error, Path.GetTempPath(), IsTerminal: false));
        return (command.Parse(arguments).Invoke(), output.ToString(), error.ToString());
    }
}
