using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using CrossHedgeLean.Live;
using CrossHedgeLean.Tests.Launcher;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.Journal;
using QuantConnect.Orders;
using static CrossHedgeLean.Tests.Brokerages.Journal.Journals;

namespace CrossHedgeLean.Tests.Brokerages.Journal;

[TestFixture]
public sealed class OrderJournalTests
{
    private VirtualLanes _lanes = null!;
    private MemoryJournalStore _store = null!;
    private List<(string Code, string Text)> _said = null!;

    [SetUp]
    public void Begin()
    {
        _lanes = new VirtualLanes(Start);
        _store = new MemoryJournalStore("journal", _lanes.Time);
        _said = [];
    }

    [Test]
    public void AnIntentIsDurableBeforeItsWriterIsTold()
    {
        var journal = Open();
        bool? durable = null;
        journal.Write(Intent("a", 1, Start), isDurable =>
        {
            durable = isDurable;
            Assert.That(_store.Durable[^1].Record.ClientId, Is.EqualTo("a"));
        });
        Assert.That(durable, Is.Null, "nobody waits");
        Assert.That(journal.Waiting, Is.EqualTo(1));
        Assert.That(journal.Find("a"), Is.Not.Null, "it counts from the moment it is written");
        _lanes.Pump();

        Assert.That(durable, Is.True);
        Assert.That(journal.Waiting, Is.Zero);
    }

    [Test]
    public void WhatWaitsGoesOutInOneFlushAndInItsOrder()
    {
        var journal = Open();
        var before = _store.Flushes;
        var told = new List<int>();
        for (var i = 1; i <= 1000; i++)
        {
            var number = i;
            journal.Write(Intent($"o{i}", i, Start), _ => told.Add(number));
        }

        _lanes.Pump();
        Assert.That(_store.Flushes - before, Is.EqualTo(1));
        Assert.That(told, Is.EqualTo(Enumerable.Range(1, 1000)));
        Assert.That(_store.Durable.Skip(1).Select(entry => entry.Record.OrderId), Is.EqualTo(Enumerable.Range(1, 1000)));
    }

    /// <summary>On threads: a thousand writes while a flush is under way take one more flush.</summary>
    [Test]
    public void WritesDuringAFlushTakeFewFlushes()
    {
        using var gate = new GatedStore(new MemoryJournalStore("journal", TimeProvider.System));
        var journal = OrderJournal.Start(gate, Settings, new ThreadLanes(TimeProvider.System));
        using var all = new CountdownEvent(1001);
        var told = new List<int>();
        gate.Close();
        journal.Write(Intent("first", 0, Start), _ => Tell(0));
        gate.WaitUntilInFlush();
        for (var i = 1; i <= 1000; i++)
        {
            var number = i;
            journal.Write(Intent($"o{i}", i, Start), _ => Tell(number));
        }

        gate.Open();
        Assert.That(all.Wait(TimeSpan.FromSeconds(60)), Is.True);
        Assert.That(told, Is.EqualTo(Enumerable.Range(0, 1001)));
        Assert.That(gate.Flushes, Is.EqualTo(3), "the run's start, the first, all others");
        journal.Dispose();

        void Tell(int number)
        {
            told.Add(number);
            all.Signal();
        }
    }

    [Test]
    public void AFullDiskIsToldOnceAndWhatWaitedIsWrittenWhenItTakesAgain()
    {
        var journal = Open();
        var told = new List<(string, bool)>();
        _store.Failure = "disk full";
        journal.Write(Intent("a", 1, Start), durable => told.Add(("a", durable)));
        _lanes.Pump();
        journal.Write(JournalRecord.Refused(Start, Account, "a", "not durable"), durable => told.Add(("a refused", durable)));
        journal.Write(Intent("exit", 2, Start), durable => told.Add(("exit", durable)));
        _lanes.Pump();

        Assert.That(told, Is.EqualTo(new[] { ("a", false), ("a refused", false), ("exit", false) }));
        Assert.That(journal.IsWritable, Is.False);
        Assert.That(journal.Problem, Is.EqualTo("the journal memory cannot be written (disk full)."));
        Assert.That(journal.Waiting, Is.EqualTo(3));
        _lanes.MoveTo(Start.AddSeconds(9));
        _store.Failure = null;
        _lanes.MoveTo(Start.AddSeconds(12));

        Assert.That(journal.IsWritable, Is.True);
        Assert.That(told, Has.Count.EqualTo(3), "each is told once");
        Assert.That(_store.Durable.Skip(1).Select(entry => (entry.Record.Kind, entry.Record.ClientId)), Is.EqualTo(new[] { (JournalRecordKind.Intent, "a"), (JournalRecordKind.Refused, "a"), (JournalRecordKind.Intent, "exit") }));
        Assert.That(_said.Select(said => said.Code), Is.EqualTo(new[] { "unwritable", "writable" }));
        Assert.That(_said[1].Text, Is.EqualTo("the journal memory is written again; 3 records that waited are in it"));
    }

    [Test]
    public void AFullDiskUnderSqliteToo()
    {
        using var folder = new TestFolder();
        var store = folder.OpenSqlite(_lanes.Time);
        var journal = OrderJournal.Start(store, Settings, _lanes);
        var told = new List<bool>();
        store.LimitGrowth(2);
        for (var i = 1; i <= 200; i++)
        {
            journal.Write(Intent($"o{i}", i, Start), told.Add);
        }

        _lanes.Pump();
        Assert.That(told, Is.EqualTo(Enumerable.Repeat(false, 200)));
        Assert.That(journal.Problem, Does.Contain("database or disk is full"));
        store.LimitGrowth(-1);
        _lanes.MoveTo(Start.AddSeconds(5));
        Assert.That(journal.IsWritable, Is.True);
        Assert.That(store.Fold().Open, Has.Count.EqualTo(200));
        journal.Dispose();
        _lanes.Pump();
        Assert.That(journal.IsClosed, Is.True);
    }

    [Test]
    public void ARestartKnowsWhatWasOpen()
    {
        var first = Open();
        Assert.That((first.Run, first.HadEnded, first.Doubt), Is.EqualTo((1, true, (string?)null)));
        var id = first.ClientIdOf(7);
        first.Write(Intent(id, 7, Start));
        first.Write(JournalRecord.HandedOver(Start, Account, id));
        first.Write(Intent(first.ClientIdOf(8), 8, Start));
        first.Write(JournalRecord.Over(Start, Account, first.ClientIdOf(8), OrderStatus.Filled));
        _lanes.Pump();
        first.Write(JournalRecord.Accepted(Start, Account, id, ["v1"]));
        _store.Lose();

        _lanes = new VirtualLanes(Start);
        var second = Open();
        Assert.That((second.Run, second.HadEnded), Is.EqualTo((2, false)));
        Assert.That(second.OpenIntents.Select(order => (order.ClientId, order.Run, order.IsHandedOver, order.IsAccepted)), Is.EqualTo(new[] { (id, 1, true, false) }));
        Assert.That(second.ClientIdOf(7), Is.Not.EqualTo(id));
        second.End("stopped");
        second.Dispose();
        _lanes.Pump();
        Assert.That(second.IsClosed, Is.True);
        Assert.That(Open().HadEnded, Is.True);
    }

    [Test]
    public void ASecondProcessWithTheSameLoginIsRefusedWhateverJournalItKeeps()
    {
        using var folder = new TestFolder();
        var login = JournalSettings.LoginOf("BybitBrokerage", new Dictionary<string, string> { ["bybit-api-key"] = folder.Root, ["bybit-api-secret"] = "a" })!;
        var settings = Settings with { Logins = new Dictionary<string, string> { [Account] = login } };
        var first = OrderJournal.Open(folder["one/journal.db"], settings, _lanes);

        Assert.That(() => OrderJournal.Open(folder["other/journal.db"], settings, _lanes), Throws.TypeOf<JournalLockedException>().With.Message.Contains($"another process trades the account {Account}"));
        OrderJournal.Open(folder["third/journal.db"], Settings, _lanes).Dispose();
        first.Dispose();
        _lanes.Pump();
    }

    [Test]
    public void ALoginIsToldByItsKeysAlone()
    {
        static string? Of(params (string Key, string Value)[] data) => JournalSettings.LoginOf("BybitBrokerage", data.ToDictionary(entry => entry.Key, entry => entry.Value));

        Assert.That(Of(("bybit-api-key", "k"), ("bybit-vip-level", "VIP1")), Is.EqualTo(Of(("bybit-vip-level", "VIP0"), ("bybit-api-key", "k"))));
        Assert.That(Of(("bybit-api-key", "k")), Is.Not.EqualTo(Of(("bybit-api-key", "other"))).And.Not.Contains("k"));
        Assert.That(Of(("bybit-vip-level", "VIP1"), ("bybit-api-key", "")), Is.Null);
    }

    [Test]
    public void ASecondProcessOnTheAccountsIsRefusedBeforeItTouchesAnything()
    {
        using var folder = new TestFolder();
        var first = OrderJournal.Open(folder["journal.db"], Settings, _lanes);
        first.Write(Intent("a", 1, Start));
        _lanes.Pump();

        Assert.That(() => OrderJournal.Open(folder["journal.db"], Settings, _lanes), Throws.TypeOf<JournalLockedException>());
        Assert.That(() => OrderJournal.Open(folder["other.db"], Settings with { Accounts = [Account] }, _lanes), Throws.TypeOf<JournalLockedException>());
        Assert.That(System.IO.File.Exists(folder["other.db"]), Is.False);
        first.Dispose();
        _lanes.Pump();
        var second = OrderJournal.Open(folder["journal.db"], Settings, _lanes);
        Assert.That((second.Run, second.OpenIntents.Count), Is.EqualTo((2, 1)));
        second.Dispose();
        _lanes.Pump();
    }

    [Test]
    public void AJournalThatCannotBeOpenedLetsGoOfTheAccounts()
    {
        using var folder = new TestFolder();
        folder.OpenSqlite(_lanes.Time, configuration: "kraken").Dispose();

        Assert.That(() => OrderJournal.Open(folder["journal.db"], Settings, _lanes), Throws.TypeOf<JournalConfigurationException>());
        JournalLock.Take(folder.Root, Settings.Accounts).Dispose();
    }

    /// <summary>An old copy of a journal comes to the same run number again, and must not come to the same ids.</summary>
    [Test]
    public void ACopyThatIsRestoredHasOtherIds()
    {
        var id = Open().ClientIdOf(1);
        var copy = new MemoryJournalStore("journal", _lanes.Time);
        _lanes.MoveTo(Start.AddMinutes(1));
        var restored = OrderJournal.Start(copy, Settings, _lanes);

        Assert.That(restored.Run, Is.EqualTo(1));
        Assert.That(restored.ClientIdOf(1), Is.Not.EqualTo(id));
    }

    [Test]
    public void AJournalIsForItsAccountsHoweverTheyAreListed()
    {
        const string Spot = """{ "name": "binance-spot", "brokerage": "PaperBrokerage", "routes": ["binance:spot"] }""";
        const string Bybit = """{ "name": "bybit", "brokerage": "PaperBrokerage", "routes": ["bybit:spot", "bybit:perpetual"] }""";

        Assert.That(Of(Bybit, Spot), Is.EqualTo((ConfiguredFor, "binance-spot,bybit")));
        Assert.That(Of(Spot, Bybit), Is.EqualTo(Of(Bybit, Spot)));
        Assert.That(Of(Spot), Is.Not.EqualTo(Of(Bybit, Spot)));

        static (string, string) Of(params string[] children)
        {
            var data = new Dictionary<string, string> { [CompositeSettings.ChildrenKey] = $"[{string.Join(',', children)}]" };
            var settings = JournalSettings.Of(CompositeSettings.Read(data, new List<string>()));
            return (settings.Configuration, string.Join(',', settings.Accounts));
        }
    }

    [TestCase(1)]
    [TestCase(int.MaxValue)]
    public void AnIdIsShortAndPlain(int orderId) => Assert.That(Open().ClientIdOf(orderId), Does.Match("^x[a-z0-9]{10}-1-[a-z0-9]{1,7}$"));

    [Test]
    public void AnIdThatIsOpenIsNotUsedAgain()
    {
        var journal = Open();
        journal.Write(Intent("a", 1, Start));

        Assert.That(() => journal.Write(Intent("a", 2, Start)), Throws.ArgumentException.With.Message.Contains("an id is used once"));
        Assert.That(() => journal.Write(JournalRecord.Refused(Start, Account, "a", null!)), Throws.ArgumentException.With.Message.EqualTo("a record of kind Refused lacks a reason"));
    }

    [Test]
    public void OneWhoCannotBearTheAnswerDoesNotCostTheOthersTheirs()
    {
        var journal = Open();
        var told = new List<string>();
        journal.Write(Intent("a", 1, Start), _ => throw new InvalidOperationException("no"));
        journal.Write(Intent("b", 2, Start), _ => told.Add("b"));
        journal.Write(Intent("c", 3, Start), _ => told.Add("c"));
        _lanes.Pump();

        Assert.That(told, Is.EqualTo(new[] { "b", "c" }));
    }

    [Test]
    public void ADoubtStaysUntilItIsSettled()
    {
        _store.Write(JournalRecord.Doubt(Start, "moved aside"));
        var journal = Open();
        Assert.That(journal.Doubt, Is.EqualTo("moved aside"));
        journal.Trust("resumed by command");
        Assert.That(journal.Doubt, Is.Null);
        _lanes.Pump();

        Assert.That(Open().Doubt, Is.Null);
    }

    [Test]
    public void AStartCompactsWhatIsOldAndLongOver()
    {
        _store.Write([Run(1, Start), .. Life("old", 1, Start), Intent("open", 2, Start)]);
        _lanes.MoveTo(Start.AddDays(8));
        var journal = OrderJournal.Start(_store, Settings with { CompactFrom = 5 }, _lanes);
        _lanes.Pump();

        Assert.That(_store.Durable.Select(entry => entry.Record.Kind), Is.EqualTo(new[] { JournalRecordKind.Summary, JournalRecordKind.Intent, JournalRecordKind.RunStarted }));
        Assert.That(journal.Totals.Single(total => total.Instrument == Bitcoin).Net, Is.EqualTo(0.5m));
    }

    /// <summary>A process that ends at each moment: what its writer was told is durable is there, and nothing is there twice.</summary>
    [Test]
    public void AnEndAtAnyMomentLosesNothingThatWasToldDurable([Values] bool survives)
    {
        var cuts = 0;
        foreach (var cut in Enum.GetValues<JournalCut>())
        {
            for (var number = 1; number <= 12; number++)
            {
                Begin();
                var told = new List<string>();
                _store.CutAt(cut, number);
                var isCut = false;
                try
                {
                    var journal = Open();
                    for (var i = 1; i <= 10; i++)
                    {
                        var id = journal.ClientIdOf(i);
                        journal.Write(Intent(id, i, _lanes.NowUtc), durable => told.AddRange(durable ? [id] : []));
                        journal.Write(JournalRecord.HandedOver(_lanes.NowUtc, Account, id));
                        _lanes.MoveTo(_lanes.NowUtc.AddSeconds(1));
                    }
                }
                catch (ProcessCutException)
                {
                    isCut = true;
                }

                cuts += isCut ? 1 : 0;
                Assert.That(isCut, Is.EqualTo(number <= 11));
                _store.Lose(survives);
                _lanes = new VirtualLanes(_lanes.NowUtc);
                var next = Open();
                Assert.That(next.OpenIntents.Select(order => order.ClientId).Take(told.Count), Is.EqualTo(told), $"{cut} {number}");
                Assert.That(next.OpenIntents.Count - told.Count, Is.InRange(0, 1), $"{cut} {number}");
            }
        }

        Assert.That(cuts, Is.EqualTo(44));
    }

    private OrderJournal Open()
    {
        var journal = OrderJournal.Start(_store, Settings, _lanes);
        journal.Said = (code, text) => _said.Add((code, text));
        return journal;
    }

    /// <summary>A store whose flushes a test can hold up.</summary>
    private sealed class GatedStore(MemoryJournalStore store) : IJournalStore
    {
        private readonly ManualResetEventSlim _isOpen = new(true);
        private readonly ManualResetEventSlim _isIn = new(false);

        public string Name => store.Name;

        public string Identity => store.Identity;

        public int Flushes => store.Flushes;

        public void Open() => _isOpen.Set();

        public void Close() => _isOpen.Reset();

        public void WaitUntilInFlush() => _isIn.Wait();

        public IEnumerable<JournalEntry> Read() => store.Read();

        public void Append(IReadOnlyList<JournalRecord> batch) => store.Append(batch);

        public void Flush()
        {
            if (!_isOpen.IsSet)
            {
                _isIn.Set();
            }

            _isOpen.Wait();
            store.Flush();
        }

        public long Compact(DateTime keepFromUtc) => store.Compact(keepFromUtc);

        public void Dispose() => store.Dispose();
    }
}
