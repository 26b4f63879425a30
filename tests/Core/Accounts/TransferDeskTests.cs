using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Accounts.SimulatedVenues;
using static CrossHedgeLean.Tests.Core.Accounts.Transfers;

namespace CrossHedgeLean.Tests.Core.Accounts;

/// <summary>Transfers on their way: through the ledger in a simulation, by a person's hand in live.</summary>
[TestFixture]
public sealed class TransferDeskTests
{
    [Test]
    public void MoneyIsInTransitForTheRoutesTime()
    {
        var life = new Road();
        life.Send("kraken", "unified", 1_000m);

        Assert.That((life.Of("kraken"), life.Of("unified"), life.InTransit("unified")), Is.EqualTo((13_999m, 10_000m, 1_000m)));
        Assert.That(life.AfterMinutes(29), Is.Empty);
        Assert.That(life.AfterMinutes(30), Is.EqualTo(new[] { TransferEnd.Arrived }));
        Assert.That((life.Of("kraken"), life.Of("unified"), life.InTransit("unified")), Is.EqualTo((13_999m, 11_000m, 0m)));
        Assert.That(life.Moved, Is.EqualTo(new[] { -1m }), "the fee alone leaves the cash book");
    }

    [Test]
    public void WithinAVenueMoneyIsThereAtOnce()
    {
        var life = new Road();
        life.Send("spot", "futures", 1_000m);

        Assert.That(life.AfterMinutes(0), Is.EqualTo(new[] { TransferEnd.Arrived }));
        Assert.That((life.Of("spot"), life.Of("futures"), life.Moved.Count), Is.EqualTo((19_000m, 11_000m, 0)));
    }

    [Test]
    public void WhatIsStuckArrivesWhenTheTimeEnds()
    {
        var life = new Road(Event(ScenarioKind.TransferStuck, 10, 90));
        life.Send("kraken", "unified", 1_000m);

        Assert.That(life.AfterMinutes(60), Is.Empty);
        Assert.That(life.AfterMinutes(89), Is.Empty);
        Assert.That(life.AfterMinutes(90), Is.EqualTo(new[] { TransferEnd.Arrived }));
    }

    [Test]
    public void WhatTravelsInATimeOfFailureComesBackWhenItIsDue()
    {
        var life = new Road(Event(ScenarioKind.TransferFailed, 10, 20));
        life.Send("kraken", "unified", 1_000m);

        Assert.That(life.AfterMinutes(15), Is.Empty);
        Assert.That(life.AfterMinutes(30), Is.EqualTo(new[] { TransferEnd.Failed }));
        Assert.That((life.Of("kraken"), life.Of("unified"), life.InTransit("unified")), Is.EqualTo((14_999m, 10_000m, 0m)), "the fee is gone");
        Assert.That(life.Moved, Is.EqualTo(new[] { -1m }));
    }

    [Test]
    public void WhatIsLostLeavesTheCashBookInTheSameStep()
    {
        var life = new Road(Event(ScenarioKind.TransferLost, 10, 20));
        life.Send("kraken", "unified", 1_000m);
        life.AfterMinutes(15);

        Assert.That(life.AfterMinutes(30), Is.EqualTo(new[] { TransferEnd.Lost }));
        Assert.That((life.Of("kraken"), life.Of("unified"), life.InTransit("unified")), Is.EqualTo((13_999m, 10_000m, 0m)));
        Assert.That(life.Moved, Is.EqualTo(new[] { -1m, -1_000m }));
    }

    [Test]
    public void WhatArrivesAtAFailedVenueSharesItsRecovery()
    {
        var life = new Road(Event(ScenarioKind.Insolvency, 10, venue: "bybit", size: 0.2m));
        life.Send("kraken", "unified", 1_000m);
        life.AfterMinutes(10);

        Assert.That(life.AfterMinutes(30), Is.EqualTo(new[] { TransferEnd.WrittenOff }));
        Assert.That(life.Of("unified"), Is.EqualTo(10_200m), "the host writes off what was there before");
        Assert.That(life.Moved, Is.EqualTo(new[] { -1m, -800m }));
    }

    [Test]
    public void WhatArrivesInTheStepOfTheFailureIsWrittenOffWithTheAccountAndNotTwice()
    {
        var life = new Road(Event(ScenarioKind.Insolvency, 30, venue: "bybit", size: 0.2m));
        life.Send("kraken", "unified", 1_000m);

        Assert.That(life.AfterMinutes(30), Is.EqualTo(new[] { TransferEnd.Arrived }));
        Assert.That(life.Of("unified"), Is.EqualTo(11_000m), "all of it is there when the host writes the account off");
        Assert.That(life.Moved, Is.EqualTo(new[] { -1m }));
    }

    [Test]
    public void WhatLeftAVenueBeforeItFailedStillTravels()
    {
        var life = new Road(Event(ScenarioKind.Insolvency, 10, venue: "kraken", size: 0m));
        life.Send("kraken", "unified", 1_000m);

        Assert.That(life.AfterMinutes(30), Is.EqualTo(new[] { TransferEnd.Arrived }));
        Assert.That(life.Of("unified"), Is.EqualTo(11_000m));
    }

    [Test]
    public void WhatComesBackToAFailedVenueIsGoneWithIt()
    {
        var life = new Road(Event(ScenarioKind.Insolvency, 10, venue: "kraken", size: 0m), Event(ScenarioKind.TransferFailed, 10, 40));
        life.Send("kraken", "unified", 1_000m);
        life.AfterMinutes(10);

        Assert.That(life.AfterMinutes(30), Is.EqualTo(new[] { TransferEnd.WrittenOff }));
        Assert.That(life.Of("kraken"), Is.EqualTo(13_999m));
        Assert.That(life.Moved, Is.EqualTo(new[] { -1m, -1_000m }));
    }

    [Test]
    public void AFailedWayRestsAndIsThenTriedAgain()
    {
        var accounts = new[] { Pool("unified", 1_500m, 10_000m), Cash("kraken", 9_000m) };
        var agent = new ScriptedAgent();
        var desk = new TransferDesk(Settings, Hedge, new TransferRoutes(Definitions), agent, () => accounts);

        desk.Review(Start);
        Assert.That(agent.Open.Select(open => open.Id), Is.EqualTo(new[] { "T1" }));
        desk.Review(Start.AddMinutes(1));
        Assert.That(agent.Open, Has.Count.EqualTo(1), "once for one need");

        agent.Ends = TransferEnd.Failed;
        desk.Advance(Start.AddMinutes(30));
        desk.Review(Start.AddMinutes(31));
        Assert.That((agent.Open.Count, desk.Plan.Unmet.Single().Reason), Is.EqualTo((0, UnmetReason.Paused)));

        desk.Review(Start.AddMinutes(90));
        Assert.That(agent.Open.Select(open => open.Id), Is.EqualTo(new[] { "T2" }));
    }

    [Test]
    public void NoticesSayWhatToDoOnceEach()
    {
        var notices = new List<TransferNotice>();
        var accounts = new[] { Pool("unified", 1_500m, 10_000m), Cash("kraken", 501m) };
        var agent = new AskingTransferAgent(Settings);
        var desk = new TransferDesk(Settings, Hedge, new TransferRoutes(Definitions), agent, () => accounts) { Noticed = notices.Add };

        desk.Review(Start);
        desk.Review(Start.AddMinutes(1));
        desk.Advance(Start + Settings.RequestExpiry);

        Assert.That(notices.Select(notice => notice.Kind), Is.EqualTo(new[] { TransferNoticeKind.Asked, TransferNoticeKind.Unmet, TransferNoticeKind.Ended }));
        Assert.That(notices[0].Text, Is.EqualTo("T1: please send 500 USDT from kraken to unified over Tron (fee about 1); then say: confirm-transfer T1. unified is 15 % from liquidation; the target is 30 %."));
        Assert.That(notices[1].Text, Does.StartWith("unified is 20 % from liquidation and 1000 short of 30 %: no account has money to spare"));
        Assert.That(notices[2].Text, Does.EndWith("was not confirmed in time: the request is over."));
    }

    [Test]
    public void ARequestThatNobodyMadeDoesNotCountAgainstTheDay()
    {
        var accounts = new[] { Pool("unified", 1_500m, 10_000m), Cash("kraken", 9_000m) };
        var agent = new AskingTransferAgent(Settings);
        var desk = new TransferDesk(Settings, Hedge, new TransferRoutes(Definitions), agent, () => accounts);

        desk.Review(Start);
        Assert.That(desk.Memory.SentOn("kraken", Start), Is.EqualTo(1_500m));
        desk.Advance(Start + Settings.RequestExpiry);
        Assert.That(desk.Memory.SentOn("kraken", Start), Is.Zero);
        desk.Review(Start + Settings.RequestExpiry);
        Assert.That(agent.Open.Single().Id, Is.EqualTo("T2"), "the need is still there");
    }

    [Test]
    public void WhileAllAreWellNobodyLooks()
    {
        var looks = 0;
        var distance = 0.30m;
        var desk = new TransferDesk(Settings, Hedge, new TransferRoutes(Definitions), new ScriptedAgent(), Look, () => distance);

        desk.Review(Start);
        distance = 0.29m;
        desk.Review(Start.AddSeconds(59));
        Assert.That(looks, Is.Zero);
        desk.Review(Start.AddSeconds(60));
        Assert.That(looks, Is.EqualTo(1));

        IReadOnlyList<TransferAccount> Look()
        {
            looks++;
            return [];
        }
    }

    [Test]
    public void WhatWasAskedForIsPromisedAtTheSenderUntilItIsSent()
    {
        var open = new OpenTransfer("T1", Planned("unified", "kraken", 100m), Start, null, IsBooked: false);
        var sender = Pool("unified", 5_000m, 10_000m, withdrawable: 1_000m);

        var asked = TransferDesk.WithOpen(sender, [open]);
        Assert.That((asked.Balances[0].Withdrawable, asked.Pools[0].Held), Is.EqualTo((899m, 101m)));
        Assert.That(TransferDesk.WithOpen(sender, [open with { SentUtc = Start }]), Is.SameAs(sender));
        Assert.That(TransferDesk.WithOpen(sender, [open with { IsBooked = true }]), Is.SameAs(sender));
        Assert.That(TransferDesk.WithOpen(Cash("kraken", 5m), [open]).Balances.Single().InTransit, Is.EqualTo(100m));
        Assert.That(TransferDesk.WithOpen(new TransferAccount("kraken"), [open]).Balances.Single().InTransit, Is.EqualTo(100m));
    }

    [TestCase(1_000, 0, ExpectedResult = "T1")]
    [TestCase(999, 10, ExpectedResult = "T1", TestName = "Less the fee it is the same transfer")]
    [TestCase(998, 10, ExpectedResult = "T1", TestName = "A tenth of a per cent besides the fee is tolerated")]
    [TestCase(997.9, 10, ExpectedResult = null, TestName = "Less than that is another credit")]
    [TestCase(1_001.1, 10, ExpectedResult = null, TestName = "More is another credit")]
    [TestCase(1_000, -1, ExpectedResult = null, TestName = "Nothing arrives before it is asked for")]
    [TestCase(1_000, 240, ExpectedResult = null, TestName = "Nothing arrives after its window")]
    public string? AnArrivalIsRecognisedByAmountAndTime(double amount, int minutes)
        => AskingTransferAgent.Match([Asked("T1", 1_000m)], "unified", "USDT", (decimal)amount, Start.AddMinutes(minutes), Settings)?.Id;

    [Test]
    public void TheNearestAmountThenTheOldestIsMeant()
    {
        OpenTransfer[] open = [Asked("T1", 1_001m), Asked("T2", 1_000m), Asked("T3", 1_000m)];

        Assert.That(Match("unified", "USDT"), Is.EqualTo("T2"));
        Assert.That(Match("kraken", "USDT"), Is.Null);
        Assert.That(Match("unified", "BUSD"), Is.Null);

        string? Match(string account, string currency) => AskingTransferAgent.Match(open, account, currency, 1_000m, Start, Settings)?.Id;
    }

    [Test]
    public void AConfirmedTransferHasAWindowOfItsOwn()
    {
        var agent = new AskingTransferAgent(Settings);
        var ended = new List<EndedTransfer>();
        agent.Request("T1", Planned("kraken", "unified", 1_000m), Start);
        agent.Request("T2", Planned("kraken", "unified", 2_000m), Start);
        agent.Request("T3", Planned("kraken", "unified", 3_000m), Start);

        Assert.That(agent.Confirm("T4", Start), Is.EqualTo("no transfer T4 is asked for; open are: T1, T2, T3."));
        Assert.That(agent.Confirm("t1", Start.AddHours(3)), Is.Null);
        Assert.That(agent.Confirm("T1", Start.AddHours(3)), Is.EqualTo("T1 was confirmed before."));
        Assert.That(agent.Credited("unified", "USDT", 2_000m, Start.AddHours(1))?.Id, Is.EqualTo("T2"), "seen without a word");
        Assert.That(agent.Credited("unified", "USDT", 2_000m, Start.AddHours(1)), Is.Null, "once");
        agent.Advance(Start.AddHours(4), ended);
        Assert.That(ended.Select(end => (end.Transfer.Id, end.End)), Is.EqualTo(new[] { ("T2", TransferEnd.Arrived), ("T3", TransferEnd.Expired) }));
        Assert.That(agent.Credited("unified", "USDT", 999m, Start.AddHours(26))?.Id, Is.EqualTo("T1"));
        Assert.That(agent.Open, Is.Empty);
    }

    /// <summary>Random lives of four accounts whose money travels among failures: everything adds up after each step, and no need is answered twice.</summary>
    [Test]
    public void MoneyIsConservedWhateverHappensOnTheWay()
    {
        var ends = new HashSet<TransferEnd>();
        for (var seed = 1; seed <= 1_500; seed++)
        {
            var life = new TransferLife(seed, TransferFault.None);
            Assert.That(life.Run(), Is.Null, $"seed {seed}");
            ends.UnionWith(life.Ends);
        }

        Assert.That(ends, Is.EquivalentTo(new[] { TransferEnd.Arrived, TransferEnd.Failed, TransferEnd.Lost, TransferEnd.WrittenOff }), "every end came up");
    }

    [TestCase(TransferFault.PlannedTwice, "a need answered twice")]
    [TestCase(TransferFault.CountedAtBothEnds, "the cash book")]
    [TestCase(TransferFault.ForgottenAtAFailure, "on its way")]
    public void APlantedFaultIsCaught(object fault, string how)
    {
        var found = Enumerable.Range(1, 300).Select(seed => new TransferLife(seed, (TransferFault)fault).Run()).FirstOrDefault(violation => violation is not null);

        Assert.That(found, Does.Contain(how));
    }

    private static OpenTransfer Asked(string id, decimal amount) => new(id, Planned("kraken", "unified", amount), Start, null, IsBooked: false);

    /// <summary>Transfers over a ledger without positions.</summary>
    private sealed class Road
    {
        private readonly Ledger _ledger = new("USDT", Definitions);
        private readonly ScenarioPlayer _player;
        private readonly SimulatedTransferAgent _agent;

        public Road(params ScenarioEvent[] events)
        {
            _player = Player(events);
            _agent = new SimulatedTransferAgent(_ledger, _player) { CashMoved = (_, amount) => Moved.Add(amount) };
        }

        public List<decimal> Moved { get; } = [];

        public void Send(string from, string to, decimal amount) => _agent.Request("T1", Planned(from, to, amount), Start);

        public TransferEnd[] AfterMinutes(int minutes)
        {
            var now = Start.AddMinutes(minutes);
            var ended = new List<EndedTransfer>();
            _player.Advance(now, []);
            _agent.Advance(now, ended);
            return [.. ended.Select(end => end.End)];
        }

        public decimal Of(string account) => Balance(account).Total;

        public decimal InTransit(string account) => Balance(account).InTransit;

        private AccountBalance Balance(string account)
            => _ledger.Accounts.Single(known => known.Definition.Name == account).Balances.Single(balance => balance.Currency == "USDT");
    }

    private sealed class ScriptedAgent : ITransferAgent
    {
        private readonly List<OpenTransfer> _open = [];

        public TransferEnd? Ends { get; set; }

        public IReadOnlyList<OpenTransfer> Open => _open;

        public void Request(string id, PlannedTransfer transfer, DateTime utcNow) => _open.Add(new OpenTransfer(id, transfer, utcNow, utcNow, IsBooked: false));

        public void Advance(DateTime utcNow, List<EndedTransfer> ended)
        {
            if (Ends is { } end)
            {
                ended.AddRange(_open.Select(open => new EndedTransfer(open, end, utcNow)));
                _open.Clear();
                Ends = null;
            }
        }
    }
}

/// <summary>Faults that the checks must catch.</summary>
internal enum TransferFault
{
    None,
    PlannedTwice,
    CountedAtBothEnds,
    ForgottenAtAFailure,
}

/// <summary>One random life: perpetuals at two accounts, prices that move, venues and transfers that fail.</summary>
internal sealed class TransferLife : ITransferAgent
{
    private readonly Random _random;
    private readonly TransferFault _fault;
    private readonly Ledger _ledger = new("USDT", Definitions);
    private readonly ScenarioPlayer _player;
    private readonly SimulatedTransferAgent _agent;
    private readonly TransferDesk _desk;
    private readonly TransferBooks _books;
    private readonly HashSet<string> _forgotten = [];
    private string? _violation;

    public TransferLife(int seed, TransferFault fault)
    {
        _random = new Random(seed);
        _fault = fault;
        foreach (var (instrument, size) in new[] { (Perpetual, -1m), (UnifiedPerpetual, 1m) })
        {
            _ledger.Mark(_ledger.Open(instrument), 20_000m);
            _ledger.Post(new FillEntry(Start, instrument.Id, size * _random.Next(0, 30) / 10m, 20_000m, 0m, 0m));
        }

        _ledger.Rate("BUSD", 0.999m);
        _books = new TransferBooks(_ledger);
        _player = Player([.. Enumerable.Range(0, _random.Next(0, 7)).Select(_ => RandomEvent())]);
        _agent = new SimulatedTransferAgent(_ledger, _player) { CashMoved = _books.MoveCash };
        _ledger.Booked = _books.Book;
        _desk = new TransferDesk(Settings with { DailyCap = _random.Next(0, 3) == 0 ? 3_000m : null }, Hedge, new TransferRoutes(Definitions), this, Look);
    }

    public IEnumerable<TransferEnd> Ends => _desk.Ended.Select(ended => ended.End);

    public IReadOnlyList<OpenTransfer> Open => _agent.Open.Where(open => !_forgotten.Contains(open.Id)).ToArray();

    public string? Run()
    {
        var now = Start;
        for (var step = 0; step < 60 && _violation is null; step++)
        {
            now += TimeSpan.FromMinutes(_random.Next(1, 20));
            var changes = new List<ScenarioChange>();
            _player.Advance(now, changes);
            foreach (var failed in changes.Where(change => change.Event.Kind == ScenarioKind.Insolvency))
            {
                WriteOff(failed.Event, now);
            }

            _desk.Advance(now);
            var price = 20_000m * (1m + (_random.Next(-25, 26) / 100m));
            _ledger.Mark(_ledger.Find(Perpetual.Id)!, price);
            _ledger.Mark(_ledger.Find(UnifiedPerpetual.Id)!, price);
            _desk.Review(now);
            _violation ??= _books.Check(_ledger, Open);
        }

        return _violation;
    }

    public void Request(string id, PlannedTransfer transfer, DateTime utcNow)
    {
        CheckNeed(transfer);
        _agent.Request(id, transfer, utcNow);
        if (_fault == TransferFault.CountedAtBothEnds)
        {
            _ledger.Post(new WriteOffEntry(utcNow, transfer.Route.To, transfer.Route.Currency, transfer.Amount));
        }
    }

    public void Advance(DateTime utcNow, List<EndedTransfer> ended)
    {
        if (_fault == TransferFault.ForgottenAtAFailure)
        {
            _forgotten.UnionWith(_agent.Open.Where(open => _player.FateOf("kraken", "bybit", "USDT") == TransferFate.Fails).Select(open => open.Id));
        }

        _agent.Advance(utcNow, ended);
        ended.RemoveAll(end => _forgotten.Contains(end.Transfer.Id));
    }

    private IReadOnlyList<TransferAccount> Look()
        => _ledger.Accounts
            .Select(account => TransferAccount.Of(_ledger, account) with
            {
                CanWithdraw = !_player.IsDown(account.Definition.Market, Capability.Withdraw),
                CanMoveWithin = !_player.IsClosed(account.Definition.Market),
                CanReceive = !_player.IsInsolvent(account.Definition.Market),
            })
            .Select(account => _fault == TransferFault.PlannedTwice
                ? account with { Balances = [.. account.Balances.Select(balance => balance with { InTransit = 0m })] }
                : account)
            .ToArray();

    /// <summary>By our own arithmetic: with all that travels the receiver is below its warning or short of its target, and is not brought beyond it.</summary>
    private void CheckNeed(PlannedTransfer planned)
    {
        var account = _ledger.Accounts.Single(account => account.Definition.Name == planned.Route.To);
        var sender = _ledger.Accounts.Single(account => account.Definition.Name == planned.Route.From);
        var pool = account.Pools[0];
        var share = account.Definition.Profile.PoolsCollateral && planned.Route.Currency == "BUSD" ? 0.95m * 0.999m : 1m;
        var travelling = account.Balances.Sum(balance => balance.InTransit * (account.Definition.Profile.PoolsCollateral
            ? balance.Currency == "BUSD" ? 0.95m * 0.999m : 1m
            : balance.Currency == "USDT" ? 1m : 0m));
        var missing = pool.Missing(Settings.TargetDistance) - travelling;
        var least = TransferPlanner.LeastOf(planned.Route, Settings);
        if (pool.Missing(Settings.TargetDistance - Hedge.DistanceHysteresis) - travelling <= 0m && planned.Amount * share > Math.Max(0m, missing) + least)
        {
            _violation ??= $"a need answered twice: {planned}, missing {missing}";
        }
        else if (planned.Amount * share > Math.Max(missing, least * share) + 0.01m)
        {
            _violation ??= $"a need answered twice: {planned}, missing {missing}";
        }

        if (_ledger.Withdrawable(sender, planned.Route.Currency) < planned.Amount + planned.Route.Fee)
        {
            _violation ??= $"more than could leave: {planned}";
        }

        if (!planned.Route.IsInternal && _player.IsDown(sender.Definition.Market, Capability.Withdraw))
        {
            _violation ??= $"from a venue that pays nothing out: {planned}";
        }
    }

    private void WriteOff(ScenarioEvent failed, DateTime now)
    {
        foreach (var account in _ledger.Accounts.Where(account => account.Definition.Market == failed.Venue))
        {
            foreach (var balance in account.Balances.Where(balance => balance.Total > 0m))
            {
                var lost = balance.Total * (1m - failed.Size!.Value);
                _books.MoveCash(balance.Currency, -lost);
                _ledger.Post(new WriteOffEntry(now, account.Definition.Name, balance.Currency, -lost));
            }
        }
    }

    private ScenarioEvent RandomEvent()
    {
        var from = _random.Next(0, 400);
        return _random.Next(0, 6) switch
        {
            0 => Event(ScenarioKind.TransferFailed, from, from + _random.Next(1, 60)),
            1 => Event(ScenarioKind.TransferLost, from, from + _random.Next(1, 60)),
            2 => Event(ScenarioKind.TransferStuck, from, from + _random.Next(1, 200)),
            3 => Event(ScenarioKind.WithdrawalFreeze, from, from + _random.Next(1, 200), Venue()),
            4 => Event(ScenarioKind.Outage, from, from + _random.Next(1, 100), Venue()),
            _ => Event(ScenarioKind.Insolvency, from, null, Venue(), 0.25m),
        };
    }

    private string Venue() => new[] { "binance", "bybit", "kraken" }[_random.Next(0, 3)];
}
