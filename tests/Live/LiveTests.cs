using System;
using System.Collections.Generic;
using System.Dynamic;
using System.IO;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Live;
using CrossHedgeLean.Tests.Algorithm;
using CrossHedgeLean.Tests.Launcher;
using CrossHedgeLean.Tests.Structure;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge.Journal;
using QuantConnect.Interfaces;

namespace CrossHedgeLean.Tests.Live;

/// <summary>The live stack as a person who runs it meets it.</summary>
[TestFixture]
public sealed class LiveTests
{
    [OneTimeSetUp]
    public void OnlyOnLeanSim() => EngineRuns.OnlyOnLeanSim();

    [Test]
    public void LeanSimAsksTheBrokerageWhatLeanAsksInLeansOrder()
    {
        var run = LiveRun.Of(Parameters(("to", "2025-01-01")), EngineRuns.GeneratedFolder);
        var ours = typeof(IBrokerage).GetInterfaces().Append(typeof(IBrokerage)).Append(typeof(IBrokerageFactory)).SelectMany(type => type.GetMethods()).Select(method => method.Name).ToHashSet();
        var leans = File.ReadLines(Path.Combine(Repository.Root, "tests", "Live", "lean-live-calls.txt")).Where(line => !line.StartsWith('#')).ToArray();

        Assert.That(run.Result!.RuntimeError, Is.Null);
        Assert.That(run.Calls.Where(call => call != "get_" + nameof(IBrokerage.AccountInstantlyUpdated)), Is.EqualTo(leans.Where((call, i) => ours.Contains(call) && (i == 0 || leans[i - 1] != call || !call.StartsWith("get_", StringComparison.Ordinal)))), "a property that is read twice is read");
        Assert.That(leans.Except(ours), Is.EqualTo(new[] { "add_OptionPositionAssigned", "add_OptionNotification", "add_DelistingNotification", "add_OrderUpdated" }), "what crypto has not");
    }

    [Test]
    public void WhatIsThereAtTheStartIsTakenOverAndNotHedgedTwice()
    {
        // The exchange opens with a hedged pair, as after a restart of the algorithm.
        var run = LiveRun.Of(
            Parameters(("strategy", "carry"), ("BTC.notional", "46000")),
            EngineRuns.GeneratedFolder,
            opens: [("binance:spot:BTCUSDT", 0.5m, 90_000m), ("bybit:perpetual:BTCUSDT", -0.5m, 90_000m)]);
        var first = run.Decisions.First(decision => decision.Line.Contains(",BTC,"));

        Assert.That(run.Result!.RuntimeError, Is.Null);
        Assert.That(first.Line, Does.Contain(",0.5/0/0/").And.Contain(",-0.5/0/0/"), "both legs are known before anything is decided");
        Assert.That(run.Decisions.SelectMany(decision => decision.Line.Split("send ").Skip(1)).Select(text => Math.Abs(decimal.Parse(text.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))), Is.All.LessThan(0.1m));
        Assert.That(run.Algorithm.Accounts!.Snapshot().Single(account => account.Name == "bybit").Positions.Single().AverageCost, Is.EqualTo(90_000m).Within(3_000m));
    }

    [Test]
    public void APersonIsAskedForATransferConfirmsItAndItsArrivalIsRecognised()
    {
        var confirmed = new List<string>();
        var journal = new MemoryJournalStore("transfers", TimeProvider.System);
        var run = LiveRun.Of(
            Parameters(("strategy", "carry"), ("transfers", "on"), ("binance-spot.cash", "USDT:150000"), ("bybit.cash", "USDT:4000"), ("BTC.notional", "11000"), ("warn-distance", "0.40"), ("transfer-target", "0.5"), ("concentration-limit", "1")),
            EngineRuns.GeneratedFolder,
            journal: journal,
            acts: run =>
            {
                var asked = run.Algorithm.Notices.FirstOrDefault(notice => notice.Contains("please send ", StringComparison.Ordinal));
                if (asked is null || confirmed.Count > 0)
                {
                    return;
                }

                var words = asked[(asked.IndexOf("please send ", StringComparison.Ordinal) + 12)..].Split(' ');
                var id = asked.Split(": please")[0].Split(' ')[^1];
                run.Move(words[3], words[5], words[1], decimal.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture));
                confirmed.Add(id);
                dynamic data = new ExpandoObject();
                data.command = "confirm-transfer";
                data.target = id;
                Assert.That(run.Algorithm.OnCommand(data), Is.True);
                Assert.That(run.Algorithm.OnCommand(data), Is.False, "once");
            });

        Assert.That(run.Result!.RuntimeError, Is.Null);
        Assert.That(confirmed, Is.EqualTo(new[] { "T1" }), string.Join("\n", run.Algorithm.Notices));
        Assert.That(run.Algorithm.Notices, Has.Some.Contains("T1: ").And.Some.EndsWith("arrived."));
        Assert.That(journal.Durable.Select(entry => entry.Record).Where(record => record.Kind == JournalRecordKind.Command).Select(record => record.Text), Has.Some.StartsWith("ask-transfer T1: please send ").And.Some.EqualTo("confirm-transfer T1"));
        Assert.That(journal.Durable.Select(entry => entry.Record).Single(record => record.Kind == JournalRecordKind.Transfer), Has.Property(nameof(JournalRecord.To)).EqualTo("bybit").And.Property(nameof(JournalRecord.Text)).EqualTo("T1"));
        Assert.That(LiveDecision.Of((Ledger)run.Algorithm.Accounts!).DifferenceFrom(LiveDecision.Of(run.Venues.Ledger)), Is.Null);
    }

    [Test]
    public void APersonIsToldHowTheAccountsMustBeSetHowThingsStandAndWhatStaysAtTheEnd()
    {
        var isAsked = false;
        var run = LiveRun.Of(
            Parameters(("to", "2025-01-01")),
            EngineRuns.GeneratedFolder,
            acts: run =>
            {
                if (isAsked || run.NowUtc.Hour < 6)
                {
                    return;
                }

                isAsked = true;
                dynamic data = new ExpandoObject();
                data.command = "status";
                data.target = "";
                Assert.That(run.Algorithm.OnCommand(data), Is.True);
            });
        var said = run.Result!.Messages;
        var asked = said.Single(line => line.Contains("bybit: Healthy", StringComparison.Ordinal) && line.Contains(" 06:", StringComparison.Ordinal));
        var end = LiveDecision.Of(run.Venues.Ledger).Accounts.GetValueOrDefault("bybit bybit:perpetual:BTCUSDT");

        Assert.That(said.Count(line => line.Contains("must be set at its venue", StringComparison.Ordinal)), Is.EqualTo(1), "only bybit carries perpetuals");
        Assert.That(said, Has.Some.Contains("bybit must be set at its venue to cross margin, one-way positions, all coins pooled as collateral, and leverage of 3 or more"));
        Assert.That(asked, Does.Contain("BTC: ").And.Contain("bybit:perpetual:BTCUSDT would be liquidated at ").And.Contain("binance-spot: equity "));
        Assert.That(said, Has.Some.Contains(FormattableString.Invariant($"{end:0.############} bybit:perpetual:BTCUSDT")), "the hedge that stays");
    }

    [Test]
    public void AFileSaysHowEverythingStands()
    {
        using var folder = new TestFolder();
        var path = Path.Combine(folder.Root, "state.json");
        var run = LiveRun.Of(Parameters(("to", "2025-01-01"), ("state-file", path)), EngineRuns.GeneratedFolder);
        using var state = JsonDocument.Parse(File.ReadAllText(path));
        var root = state.RootElement;
        var end = LiveDecision.Of(run.Venues.Ledger).Accounts.GetValueOrDefault("bybit bybit:perpetual:BTCUSDT");

        Assert.That(run.Result!.RuntimeError, Is.Null);
        Assert.That(root.GetProperty("timeUtc").GetDateTime(), Is.EqualTo(run.Algorithm.UtcTime).Within(TimeSpan.FromMinutes(1)));
        Assert.That(root.GetProperty("groups")[0].GetProperty("held").GetProperty("bybit:perpetual:BTCUSDT").GetDecimal(), Is.EqualTo(end));
        Assert.That(root.GetProperty("venues")[0].GetProperty("trade").GetString(), Is.EqualTo("Healthy"));
        Assert.That(root.GetProperty("accounts").GetArrayLength(), Is.EqualTo(2));
        Assert.That(Directory.GetFiles(folder.Root), Is.EqualTo(new[] { path }), "nothing half written stays");
    }

    [Test]
    public void AStateFileThatCannotBeWrittenIsSaidOnceOrBeforeTheStart()
    {
        using var folder = new TestFolder();
        var taken = Directory.CreateDirectory(Path.Combine(folder.Root, "taken")).FullName;
        var run = LiveRun.Of(Parameters(("to", "2025-01-01"), ("state-file", taken)), EngineRuns.GeneratedFolder);
        var missing = LiveRun.Of(Parameters(("to", "2025-01-01"), ("state-file", Path.Combine(folder.Root, "none", "state.json"))), EngineRuns.GeneratedFolder);

        Assert.That(run.Result!.RuntimeError, Is.Null, "trading goes on");
        Assert.That(run.Algorithm.Notices.Count(notice => notice.Contains($"state-file '{taken}' cannot be written: ", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(missing.Result!.RuntimeError!.Message, Does.Contain("state-file").And.Contain("there is no folder"));
    }

    [Test]
    public void LeanKnowsOfWhatTheVenueDidByForce()
    {
        var run = LiveRun.Of(
            Parameters(
                ("to", "2025-01-01"),
                ("scenario", """{ "version": 1, "name": "forced", "events": [ { "kind": "forced-liquidation", "instrument": "bybit:perpetual:BTCUSDT", "size": 0.5, "at": "+10:00:30" } ] }""")),
            EngineRuns.GeneratedFolder,
            isParity: false);
        var reconciled = Reconciled(run);

        Assert.That(run.Result!.RuntimeError, Is.Null);
        Assert.That(run.Happenings, Has.Some.Contains("forced"));
        Assert.That(reconciled, Is.Not.Empty, string.Join("\n", run.Result.Messages));
        AssertThatLeanHoldsWhatTheExchangeHolds(run);
        Assert.That(LiveDecision.Of((Ledger)run.Algorithm.Accounts!).DifferenceFrom(LiveDecision.Of(run.Venues.Ledger)), Is.Null, "our books count it once");
    }

    [Test]
    public void LeanKnowsOfATradeOfTheOwnerAndItIsHedged()
    {
        var hasTraded = false;
        var run = LiveRun.Of(
            Parameters(("to", "2025-01-01"), ("strategy", "carry"), ("BTC.notional", "46000")),
            EngineRuns.GeneratedFolder,
            acts: run =>
            {
                if (!hasTraded && run.NowUtc.Hour == 10)
                {
                    hasTraded = true;
                    InstrumentId.TryParse("bybit:perpetual:BTCUSDT", out var id);
                    run.Venues.Ledger.Booked = null;
                    run.Venues.Ledger.Post(new FillEntry(run.NowUtc, id, -0.2m, run.Algorithm.Securities[CrossHedgeLean.RealityModels.Routes.SymbolOf(id)].Price, 0m, 0m));
                }
            },
            isParity: false);

        Assert.That(run.Result!.RuntimeError, Is.Null);
        Assert.That(Reconciled(run), Is.Not.Empty.And.All.Contains("bybit holds -0.2 BTCUSDT that no order of this run explains"));
        AssertThatLeanHoldsWhatTheExchangeHolds(run);
        var held = LiveDecision.Of(run.Venues.Ledger).Accounts;
        Assert.That(held["binance-spot binance:spot:BTCUSDT"] + held["bybit bybit:perpetual:BTCUSDT"], Is.Zero.Within(0.001m), "the excess was bought back");
    }

    /// <summary>Threads may take their turns in any order: whatever it is, the books are the exchange's in the end, and nothing is over-hedged by an order of ours.</summary>
    [Test]
    public void InAnyOrderOfTheThreadsTheBooksAreTheExchanges()
    {
        for (var seed = 1; seed <= 12; seed++)
        {
            var run = LiveRun.Of(Parameters(("to", "2025-01-01")), EngineRuns.GeneratedFolder, seed);

            Assert.That(run.Result!.RuntimeError, Is.Null, $"seed {seed}");
            Assert.That(LiveDecision.Of((Ledger)run.Algorithm.Accounts!).DifferenceFrom(LiveDecision.Of(run.Venues.Ledger)), Is.Null, $"seed {seed}");
            Assert.That(run.Decisions, Has.Count.GreaterThan(100), $"seed {seed}");
            foreach (var decision in run.Decisions)
            {
                var spot = decision.Accounts.GetValueOrDefault("binance-spot binance:spot:BTCUSDT");
                var hedge = -decision.Accounts.GetValueOrDefault("bybit bybit:perpetual:BTCUSDT");
                Assert.That(hedge <= spot || decision.Line.Contains("send ", StringComparison.Ordinal) || decision.Line.Contains("/-", StringComparison.Ordinal), Is.True, $"seed {seed}: {decision}");
            }
        }
    }

    private static string[] Reconciled(LiveRun run) => run.Result!.Messages.Where(line => line.Contains("LEAN's holdings follow", StringComparison.Ordinal)).ToArray();

    private static void AssertThatLeanHoldsWhatTheExchangeHolds(LiveRun run)
    {
        foreach (var position in run.Venues.Ledger.Accounts.SelectMany(account => account.Positions).Where(position => run.Algorithm.Securities.ContainsKey(CrossHedgeLean.RealityModels.Routes.SymbolOf(position.Instrument.Id))))
        {
            var holding = run.Algorithm.Securities[CrossHedgeLean.RealityModels.Routes.SymbolOf(position.Instrument.Id)].Holdings.Quantity;
            Assert.That(holding, Is.EqualTo(position.Quantity).Within(position.Instrument.LotSize), position.Instrument.Id.ToString());
        }
    }

    private static IReadOnlyDictionary<string, string> Parameters(params (string Name, string Value)[] changes)
        => EngineRuns.With([("binance-spot.spot-fees", "0.001/0.001"), ("bybit.perpetual-fees", "0.0002/0.00055"), ("transfers", "off"), .. changes]);
}
