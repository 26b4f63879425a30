using System;
using System.Collections.Generic;
using System.Dynamic;
using System.Linq;
using CrossHedgeLean.Live;
using CrossHedgeLean.Tests.Algorithm;
using CrossHedgeLean.Tests.Missed;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge.Journal;

namespace CrossHedgeLean.Tests.Live;

/// <summary>How a process begins that is not the first: it goes on, or a person must look first.</summary>
[TestFixture]
public sealed class RestartTests
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);
    private static readonly InstrumentId Spot = MissedStage.Spot;
    private static readonly InstrumentId Perpetual = MissedStage.Perpetual;

    private MemoryJournalStore _journal = null!;

    [SetUp]
    public void SetUp()
    {
        EngineRuns.OnlyOnLeanSim();
        _journal = new MemoryJournalStore("restart", TimeProvider.System);
    }

    [Test]
    public void WhatIsExplainedGoesOnByItself()
    {
        var first = Run(null);
        var second = Run(first);

        Assert.That(second.Outcome.Outcome.Error, Is.Null);
        Assert.That(IsHalted(second), Is.False);
        Assert.That(_journal.Durable.Count(entry => entry.Record.Kind == JournalRecordKind.RunEnded), Is.EqualTo(2));
        Assert.That(Held(second, Spot) + Held(second, Perpetual), Is.Zero.Within(0.001m));
    }

    [Test]
    public void ATradeOfTheOwnerMeanwhileIsForAPersonToLookAt()
    {
        var first = Run(null);
        MissedStage.Trade(first.Venues, Perpetual, -0.3m);
        var second = Run(first);

        Assert.That(IsHalted(second), Is.True);
        Assert.That(second.Algorithm.Notices, Has.Some.Contains("bybit holds ").And.Some.Contains("Nothing raises exposure until a person has looked"));
        Assert.That(Held(second, Spot) + Held(second, Perpetual), Is.Zero.Within(0.001m), "the excess of the hedge is an exit, and goes");

        var third = Run(second);
        Assert.That(IsHalted(third), Is.True, "nobody has looked yet");
    }

    /// <summary>A command before the first decision is no look at what is not explained, unless it resumes.</summary>
    [TestCase("halt", "BTC")]
    [TestCase("resume", "bybit")]
    public void AnotherCommandDoesNotEndIt(string word, string target)
    {
        var first = Run(null);
        MissedStage.Trade(first.Venues, Perpetual, -0.3m);
        var isSaid = false;
        Run(first, run =>
        {
            if (!isSaid)
            {
                isSaid = true;
                dynamic command = new ExpandoObject();
                command.command = word;
                command.target = target;
                run.Algorithm.OnCommand(command);
            }

            return true;
        });

        Assert.That(isSaid, Is.True);
        Assert.That(_journal.Durable.Select(entry => entry.Record.Kind), Has.None.EqualTo(JournalRecordKind.Trust));
    }

    [Test]
    public void APersonWhoResumesEndsIt()
    {
        var first = Run(null);
        MissedStage.Trade(first.Venues, Spot, 0.2m);
        var accepted = false;
        var second = Run(first, run =>
        {
            if (!accepted && run.Algorithm.UtcTime - run.StartUtc > TimeSpan.FromSeconds(30))
            {
                dynamic command = new ExpandoObject();
                command.command = "resume";
                command.target = "all";
                accepted = run.Algorithm.OnCommand(command);
            }

            return true;
        });
        var third = Run(second);

        Assert.That(accepted, Is.True);
        Assert.That(second.Algorithm.Notices, Has.Some.Contains("binance-spot holds "));
        Assert.That((IsHalted(second), IsHalted(third)), Is.EqualTo((false, false)));
        Assert.That(Held(third, Spot) + Held(third, Perpetual), Is.Zero.Within(0.001m));
        Assert.That(_journal.Durable.Select(entry => entry.Record).Where(record => record.Kind is JournalRecordKind.Command or JournalRecordKind.Trust).Select(record => record.Text), Is.EqualTo(new[] { "resume all", "a person resumed everything" }));
    }

    [Test]
    public void ADamagedJournalIsForAPersonToLookAt()
    {
        var first = Run(null);
        _journal.Append([JournalRecord.Doubt(first.StartUtc, "the journal was damaged and is kept as journal.corrupt.")]);
        _journal.Flush();
        var second = Run(first);

        Assert.That(IsHalted(second), Is.True);
        Assert.That(second.Algorithm.Notices, Has.Some.Contains("the journal was damaged and is kept as journal.corrupt. Nothing raises exposure"));
    }

    [Test]
    public void AVenueThatCannotBeReachedWhilePositionsAreOpenDoesNotKeepTheOthersFromBeingWatched()
    {
        var first = Run(null);
        var second = PacedRun.Of(Parameters(), TimeSpan.FromMinutes(3), after: first, journal: _journal, isUnreachable: account => account == "bybit");

        Assert.That(second.Outcome.Outcome.Error, Is.Null, "it started");
        Assert.That(IsHalted(second), Is.True);
        Assert.That(second.Algorithm.Notices, Has.Some.Contains("bybit does not connect").And.Some.Contains("the journal knows of positions"));
    }

    [Test]
    public void AVenueThatCannotBeReachedAtTheFirstStartEndsIt()
    {
        var run = PacedRun.Of(Parameters(), Life, journal: _journal, isUnreachable: account => account == "bybit");

        Assert.That(run.Outcome.Started, Is.False);
        Assert.That(run.Outcome.Outcome.Error, Does.Contain("bybit (PaperBrokerage) does not connect").And.Contain("It is required"));
    }

    [Test]
    public void WhenTheJournalCannotBeWrittenWhatRaisesExposureStopsAndExitsGoOn()
    {
        var isFull = false;
        var run = Run(null, run =>
        {
            var since = run.Algorithm.UtcTime - run.StartUtc;
            if (since > TimeSpan.FromSeconds(40) && !isFull)
            {
                isFull = true;
                _journal.Failure = "disk full";
                dynamic command = new ExpandoObject();
                command.command = "flatten";
                command.target = "BTC";
                run.Algorithm.OnCommand(command);
            }

            return true;
        });
        var intents = _journal.Durable.Count(entry => entry.Record.Kind == JournalRecordKind.Intent);

        Assert.That(intents, Is.GreaterThan(1));
        Assert.That((Held(run, Spot), Held(run, Perpetual)), Is.EqualTo((0m, 0m)).Using<(decimal, decimal)>((one, other) => Math.Abs(one.Item1 - other.Item1) < 0.001m && Math.Abs(one.Item2 - other.Item2) < 0.001m), "it was closed all the same");
        Assert.That(run.Said, Has.Some.Contains("xh.journal.unwritable"));
    }

    [Test]
    public void AnOrderThatRaisesExposureDoesNotLeaveWithoutItsRecord()
    {
        var first = Run(null, _ =>
        {
            _journal.Failure = "disk full";
            return true;
        });

        Assert.That((Held(first, Spot), Held(first, Perpetual)), Is.EqualTo((0m, 0m)));
        Assert.That(first.Said, Has.Some.Contains("disk full"));
    }

    private static Dictionary<string, string> Parameters() => new(EngineRuns.Parameters)
    {
        ["strategy"] = "inventory",
        ["resolution"] = "second",
        ["latency"] = "venue",
        ["BTC.notional"] = "30000",
        ["transfers"] = "off",
    };

    private static decimal Held(PacedRun run, InstrumentId id) => run.Venues.Ledger.Find(id)!.Quantity;

    private static bool IsHalted(PacedRun run) => run.Algorithm.Recorder.Summarize().Groups.Any(group => group.Halts != CrossHedgeLean.Hedging.HaltCauses.None);

    private PacedRun Run(PacedRun? after, Func<PacedRun, bool>? step = null)
    {
        var run = PacedRun.Of(Parameters(), Life, step: step, after: after, journal: _journal);
        _journal.Lose();
        return run;
    }
}
