using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrossHedgeLean.Tests.Core;
using CrossHedgeLean.Tests.Launcher;
using CsCheck;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge.Journal;
using QuantConnect.Orders;
using static CrossHedgeLean.Tests.Brokerages.Journal.Journals;

namespace CrossHedgeLean.Tests.Brokerages.Journal;

/// <summary>What every store of a journal does.</summary>
public abstract class JournalStoreContract
{
    private static readonly DateTime Later = Start.AddDays(30);

    private static readonly Gen<(int Act, int Order, int Amount)[]> Stories = Gen.Select(Gen.Int[0, 15], Gen.Int[0, 5], Gen.Int[-3, 3]).Array[0, 60];

    private protected StandingClock Clock { get; private set; } = null!;

    [SetUp]
    public void SetClock() => Clock = new StandingClock(Start);

    /// <summary>An empty store.</summary>
    private protected abstract IJournalStore Create();

    /// <summary>The process ends in the middle of everything; the next one opens the store.</summary>
    private protected abstract IJournalStore Crash(IJournalStore store);

    /// <summary>The process closes the store; the next one opens it.</summary>
    private protected abstract IJournalStore Reopen(IJournalStore store);

    [Test]
    public void WhatIsFlushedIsReadInItsOrderByWhoeverComesNext()
    {
        var store = Create();
        var records = new[] { Run(1, Start) }.Concat(Life("a", 1, Start)).Concat(Life("b", 2, Start.AddTicks(1))).ToArray();
        store.Write(records[..4]);
        store.Append(records[4..7]);
        store.Append(records[7..]);
        store.Flush();
        var expected = records.Select(record => record.ToString()).ToArray();

        Assert.That(store.Texts(), Is.EqualTo(expected));
        store = Crash(store);
        Assert.That(store.Texts(), Is.EqualTo(expected));
        store = Reopen(store);
        Assert.That(store.Texts(), Is.EqualTo(expected));
        Assert.That(store.Read().Select(entry => entry.Sequence), Is.Ordered.And.Unique);
        store.Dispose();
    }

    [Test]
    public void WhatIsNotFlushedMayBeLostWhatIsFlushedIsNot()
    {
        var store = Create();
        store.Write(Run(1, Start), Intent("a", 1, Start));
        store.Append([Intent("b", 2, Start)]);
        store = Crash(store);

        Assert.That(store.Fold().Open.Select(order => order.ClientId), Is.EqualTo(new[] { "a" }));
        store.Write(Intent("c", 3, Start));
        store = Crash(store);
        Assert.That(store.Fold().Open.Select(order => order.ClientId), Is.EqualTo(new[] { "a", "c" }));
        store.Dispose();
    }

    [Test]
    public void AFlushOfNothingChangesNothing()
    {
        var store = Create();
        store.Flush();
        store.Append([]);
        store.Flush();

        Assert.That(store.Read(), Is.Empty);
        Assert.That(store.Compact(Later), Is.Zero);
        store.Dispose();
    }

    [Test]
    public void ItIsItselfAfterARestart()
    {
        var store = Create();
        var identity = store.Identity;
        store = Reopen(store);

        Assert.That(store.Identity, Is.EqualTo(identity).And.Not.Empty);
        store.Dispose();
    }

    [Test]
    public void CompactionKeepsWhatIsOpenUnknownOrRecentAndTheSums()
    {
        var store = Create();
        store.Write(
            [
                Run(1, Start),
                .. Life("old", 1, Start),
                Intent("open", 2, Start),
                Intent("unknown", 3, Start),
                JournalRecord.Unknown(Start, Account, "unknown", "timed out"),
                .. Life("recent", 4, Start.AddDays(20), -0.2m),
                JournalRecord.Transfer(Start, null, Account, "USDT", 100m),
                JournalRecord.Position(Start, Account, Bitcoin, 1m),
                JournalRecord.Position(Start.AddHours(1), Account, Bitcoin, 2m),
                JournalRecord.RunEnded(Start.AddDays(20), 1),
                Run(2, Start.AddDays(21)),
                .. Life("of this run", 5, Start),
            ]);
        var before = store.Fold();
        var removed = store.Compact(Start.AddDays(10));

        Assert.That(removed, Is.EqualTo(8), "five of the old order, the transfer, the first position, the first run's start");
        Assert.That(store.Read().First().Record.Kind, Is.EqualTo(JournalRecordKind.Summary));
        Assert.That(store.Read().Count(entry => entry.Record.Kind == JournalRecordKind.Summary), Is.EqualTo(1));
        Assert.That(store.Read().First().Record.Orders, Is.EqualTo(1));
        store = Crash(store);
        AssertSame(store.Fold(), before);
        Assert.That(store.Fold().Open.Select(order => order.ClientId), Is.EqualTo(new[] { "open", "unknown" }));
        Assert.That(store.Fold().Totals.Of(Account, Bitcoin).Net, Is.EqualTo(0.8m));
        Assert.That(store.Fold().Totals.OfCurrency(Account, "USDT"), Is.EqualTo(new JournalTotal { Account = Account, Currency = "USDT", Fees = 0.75m, Transferred = 100m }));
        Assert.That(store.Texts().Count(text => text.Contains("\"recent\"")), Is.EqualTo(5));
        Assert.That(store.Texts().Count(text => text.Contains("\"of this run\"")), Is.EqualTo(5));
        Assert.That(store.Compact(Start.AddDays(10)), Is.Zero, "there is nothing more");
        store.Write(Intent("next", 6, Later));
        Assert.That(store.Read().Select(entry => entry.Sequence), Is.Ordered.And.Unique);
        store.Dispose();
    }

    /// <summary>Whatever was written: a compaction changes nothing of what the records add up to, and a second one finds nothing.</summary>
    [Test]
    public void CompactionChangesNoSumAndNoOpenOrder()
        => Stories.Sample(
            story =>
            {
                var store = Create();
                var records = Tell(story);
                store.Write(records);
                var before = store.Fold();
                var open = before.Open.Select(order => order.ClientId).ToHashSet();
                var ofOpen = store.Texts().Where(text => open.Any(id => text.Contains($"\"{id}\""))).ToArray();
                var keepFrom = Start.AddDays(story.Length / 2);

                store.Compact(keepFrom);
                AssertSame(store.Fold(), before);
                Assert.That(store.Texts().Where(text => open.Any(id => text.Contains($"\"{id}\""))), Is.EqualTo(ofOpen), "nothing of an open order goes");
                Assert.That(store.Compact(keepFrom), Is.Zero);
                store.Write(Run(before.Run + 1, Later));
                store.Compact(DateTime.MaxValue.ToUniversalTime());
                store = Crash(store);
                AssertSame(store.Fold(), before, runs: 1);
                Assert.That(store.Texts().Where(text => open.Any(id => text.Contains($"\"{id}\""))), Is.EqualTo(ofOpen));
                store.Dispose();
            },
            iter: Iterations.Of(50),
            threads: 1);

    [Test]
    public void ARunNumberAndAClientIdAreNeverUsedAgain()
    {
        var store = Create();
        var nowUtc = Start;
        var ids = new HashSet<string>();
        for (var run = 1; run <= 1000; run++)
        {
            var lanes = new CrossHedgeLean.Live.VirtualLanes(nowUtc);
            var journal = OrderJournal.Start(store, Settings with { CompactFrom = run % 20 == 0 ? 0 : 10_000, KeepFor = TimeSpan.Zero }, lanes);
            Assert.That(journal.Run, Is.EqualTo(run));
            for (var order = 1; order <= 3; order++)
            {
                var id = journal.ClientIdOf(order);
                Assert.That(ids.Add(id), Is.True, id);
                Assert.That(journal.ClientIdOf(order), Is.EqualTo(id));
                foreach (var record in Life(id, order, lanes.NowUtc, run: run))
                {
                    journal.Write(record);
                }
            }

            // Some runs say something, some say that they end, some come to nothing.
            if (run % 3 > 0)
            {
                lanes.Pump();
            }

            nowUtc = nowUtc.AddSeconds(run % 2);
            store = run % 50 == 0 ? Reopen(store) : run % 25 == 0 ? Crash(store) : store;
        }

        Assert.That(ids, Has.Count.EqualTo(3000));
        Assert.That(ids, Has.All.Matches("^[A-Za-z0-9-]{1,32}$"));
        store.Dispose();
    }

    private protected static void AssertSame(JournalState state, JournalState before, int runs = 0)
    {
        Assert.That(state.Open.Select(Text), Is.EqualTo(before.Open.Select(Text)));
        Assert.That(state.Totals.All, Is.EqualTo(before.Totals.All));
        Assert.That(state.Run, Is.EqualTo(before.Run + runs));
        Assert.That(state.HasRunEnded, Is.EqualTo(runs == 0 && before.HasRunEnded));
        Assert.That(state.Doubt, Is.EqualTo(before.Doubt));
        Assert.That(state.Observed.Select(record => record.ToString()), Is.EqualTo(before.Observed.Select(record => record.ToString())));
    }

    private static string Text(OpenIntent order) => $"{order with { Intent = Intent("-", 0, Start), VenueIds = [] }} {order.Intent} {string.Join(',', order.VenueIds)}";

    private static List<JournalRecord> Tell((int Act, int Order, int Amount)[] story)
    {
        var records = new List<JournalRecord>();
        var run = 0;
        var day = 0;
        var sent = new HashSet<string>();
        foreach (var (act, order, amount) in story)
        {
            var at = Start.AddDays(day++);
            var id = $"o{order}";
            records.AddRange(act switch
            {
                0 or 1 => [Run(++run, at)],
                2 => [JournalRecord.RunEnded(at, run)],
                3 or 4 => sent.Add(id) ? [Intent(id, order, at, 3m, run)] : Array.Empty<JournalRecord>(),
                5 => [JournalRecord.HandedOver(at, Account, id)],
                6 => [JournalRecord.Accepted(at, Account, id, [$"v{amount}"])],
                7 => [JournalRecord.Over(at, Account, id, OrderStatus.Canceled)],
                8 => [JournalRecord.Unknown(at, Account, id, "timed out")],
                9 => [JournalRecord.Resolved(at, Account, id, amount > 0)],
                10 or 11 => amount == 0 ? [] : [JournalRecord.Execution(at, Account, order == 5 ? null : id, Bitcoin, amount, 100m + order, amount * 0.01m, "USDT", amount == 1 ? null : $"e{amount}", null)],
                12 => [JournalRecord.Transfer(at, amount < 0 ? null : "binance-spot", Account, "USDT", amount)],
                13 => [JournalRecord.Balance(at, Account, $"C{order}", amount)],
                14 => amount == 3 ? [JournalRecord.Doubt(at, "why")] : amount == -3 ? [JournalRecord.Trust(at, "so")] : [JournalRecord.Command(at, "halt")],
                _ => amount == 0 ? [] : [JournalRecord.Updated(at, Account, id, amount, null), JournalRecord.CancelAsked(at, Account, id)],
            });
        }

        return records;
    }
}

[TestFixture]
public sealed class MemoryJournalStoreTests : JournalStoreContract
{
    private protected override IJournalStore Create() => new CrossHedgeLean.Live.MemoryJournalStore("memory", Clock);

    private protected override IJournalStore Crash(IJournalStore store)
    {
        ((CrossHedgeLean.Live.MemoryJournalStore)store).Lose();
        return store;
    }

    private protected override IJournalStore Reopen(IJournalStore store)
    {
        store.Dispose();
        return store;
    }
}

[TestFixture]
public sealed class SqliteJournalStoreTests : JournalStoreContract
{
    private TestFolder _folder = null!;
    private int _number;

    [SetUp]
    public void MakeFolder() => _folder = new TestFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    private protected override IJournalStore Create() => _folder.OpenSqlite(Clock, $"{++_number}/journal.db");

    private protected override IJournalStore Crash(IJournalStore store)
    {
        // What a killed process leaves: its files as they are, and nothing of what SQLite does at a close.
        Directory.CreateDirectory(_folder[$"{++_number}"]);
        CopyParts(store.Name, _folder[$"{_number}/journal.db"]);
        store.Dispose();
        return _folder.OpenSqlite(Clock, $"{_number}/journal.db");
    }

    private protected override IJournalStore Reopen(IJournalStore store)
    {
        store.Dispose();
        return SqliteJournalStore.Open(store.Name, ConfiguredFor, Clock);
    }
}
