using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Hedging;

[TestFixture]
public sealed partial class HedgeDeskTests
{
    private static readonly Instrument Coinbase = new(Id("coinbase:spot:ETHUSD"), "ETH", "USD", 1m, 0.001m, 0m, 0m);

    private static readonly Instrument BybitEther = new(Id("bybit:perpetual:ETHUSDT"), "ETH", "USDT", 1m, 0.001m, 0m, 0m);

    [Test]
    public void AFillOfThePrimaryIsHedgedAtOnce()
    {
        var desk = new Bench(Group());
        desk.Fill(BinanceSpot, 1m);

        Assert.That(desk.Sent, Is.EqualTo(new[] { (BybitPerpetual, -1m) }));
        desk.Fill(BybitPerpetual, -0.4m);
        desk.Decide(1);
        Assert.That(desk.Sent, Has.Count.EqualTo(1), "the rest still works");
    }

    [Test]
    public void AnUnansweredOrderBecomesUnknownAndIsAskedAboutEveryTwoSeconds()
    {
        var desk = new Bench(Group());
        desk.Fill(BinanceSpot, 1m);

        desk.Decide(9.9);
        Assert.That(desk.Queries, Is.Zero);
        desk.Decide(10);
        Assert.That((desk.Queries, desk.Group.State.Pair, desk.Group.Legs[0].Book.UnknownSell), Is.EqualTo((1, PairState.Frozen, -1m)));
        desk.Decide(11.9);
        Assert.That(desk.Queries, Is.EqualTo(1));
        desk.Decide(12);
        desk.Decide(14);
        Assert.That(desk.Queries, Is.EqualTo(3));

        desk.Decide(3_600);
        Assert.That(desk.Sent, Has.Count.EqualTo(1), "it is never sent again");
        desk.Tell(new OrderFailed(BybitPerpetual.Id, 1, IsDefinite: true));
        desk.Decide(3_700);
        Assert.That(desk.Sent, Has.Count.EqualTo(2), "until the venue says that it never had it");
    }

    [Test]
    public void AnAnsweredOrderMayRestForAsLongAsItLikes()
    {
        var desk = new Bench(Group());
        desk.Fill(BinanceSpot, 1m);
        desk.Tell(new OrderWorking(BybitPerpetual.Id, 1, -1m));

        desk.Decide(3_600);

        Assert.That((desk.Queries, desk.Group.State.Pair), Is.EqualTo((0, PairState.Working)));
    }

    [Test]
    public void AVenueThatIsDownIsNotAsked()
    {
        var desk = new Bench(Group());
        desk.Fill(BinanceSpot, 1m);
        desk.Tell(new HealthChanged("bybit", Capability.Trade, HealthState.Down, HealthReason.Disconnected));
        desk.Decide(20);
        Assert.That(desk.Queries, Is.Zero);

        desk.Desk.Receive(new HealthChanged("bybit", Capability.Trade, HealthState.Healthy, HealthReason.None), Noon.AddSeconds(21));
        Assert.That(desk.Queries, Is.EqualTo(1));
    }

    [Test]
    public void AMissingAnswerThatComesBeforeSendReturnsIsUnknownToo()
    {
        var desk = new Bench(Group());
        desk.OnSend = (id, order) => desk.Tell(new OrderFailed(order.Instrument.Id, id, IsDefinite: false));
        desk.Fill(BinanceSpot, 1m);

        Assert.That(desk.Group.Legs[0].Book.UnknownSell, Is.EqualTo(-1m));
        desk.Decide(1);
        Assert.That((desk.Queries, desk.Group.State.Pair, desk.Sent.Count), Is.EqualTo((1, PairState.Frozen, 1)));
    }

    [Test]
    public void AnOrderThatFilledAndIsThenUnknownIsAskedAboutUntilThereIsAnAnswer()
    {
        var desk = new Bench(Group());
        desk.Fill(BinanceSpot, 1m);
        desk.Tell(new Execution(BybitPerpetual.Id, 1, 7, 7, -1m, 0m, 17_000m));
        desk.Tell(new OrderFailed(BybitPerpetual.Id, 1, IsDefinite: false));

        Assert.That((desk.Queries, desk.Group.State.Pair), Is.EqualTo((1, PairState.Frozen)));
        desk.Decide(2);
        desk.Decide(4);
        Assert.That(desk.Queries, Is.EqualTo(3), "nothing of it works and nothing is missing, but it freezes the pair");

        desk.Tell(new OrderOver(BybitPerpetual.Id, 1, -1m, 7));
        desk.Decide(6);
        Assert.That((desk.Queries, desk.Group.State.Pair, desk.Sent.Count), Is.EqualTo((3, PairState.Idle, 1)));
    }

    [Test]
    public void ARefusedHedgeWaitsHalfAMinute()
    {
        var desk = new Bench(Group());
        desk.Fill(BinanceSpot, 1m);
        desk.Tell(new OrderFailed(BybitPerpetual.Id, 1, IsDefinite: true));

        desk.Decide(29.9);
        Assert.That((desk.Sent.Count, desk.Group.Decision!.Value.Reason), Is.EqualTo((1, UnhedgedReason.Backoff)));
        desk.Decide(30);
        Assert.That(desk.Sent, Is.EqualTo(new[] { (BybitPerpetual, -1m), (BybitPerpetual, -1m) }));
    }

    [Test]
    public void ARefusalBeforeSendReturnsWaitsToo()
    {
        var desk = new Bench(Group());
        desk.OnSend = (id, order) => desk.Tell(new OrderFailed(order.Instrument.Id, id, IsDefinite: true));
        desk.Fill(BinanceSpot, 1m);
        desk.Decide(29);

        Assert.That(desk.Sent, Has.Count.EqualTo(1));
        Assert.That(desk.Group.Legs[0].Book.Orders, Is.Empty);
    }

    [Test]
    public void ARefusedExitWaitsASecond()
    {
        var desk = new Bench(Group());
        desk.Hold(BybitPerpetual, -1m);
        desk.Decide(0);
        Assert.That(desk.Sent, Is.EqualTo(new[] { (BybitPerpetual, 1m) }));

        desk.Tell(new OrderFailed(BybitPerpetual.Id, 1, IsDefinite: true));
        desk.Decide(0.9);
        Assert.That(desk.Sent, Has.Count.EqualTo(1));
        desk.Decide(1);
        Assert.That(desk.Sent, Has.Count.EqualTo(2));
    }

    [Test]
    public void TooManyOrdersAMinuteHaltTheGroupAndExitsStillGo()
    {
        var desk = new Bench(new HedgeSettings { OrderBudget = 2 }, Group());
        for (var i = 0; i < 3; i++)
        {
            desk.Fill(BinanceSpot, 1m);
            if (i < 2)
            {
                desk.Fill(BybitPerpetual, -1m);
            }
        }

        Assert.That(desk.Sent, Has.Count.EqualTo(2));
        Assert.That((desk.Group.Halts, desk.Group.Decision!.Value.Reason), Is.EqualTo((HaltCauses.OrderBudget, UnhedgedReason.Halted)));
        Assert.That(desk.Desk.Notices.Single().Kind, Is.EqualTo(DeskNoticeKind.OrderBudget));

        desk.Fill(BinanceSpot, -3m);
        Assert.That(desk.Sent[^1], Is.EqualTo((BybitPerpetual, 2m)), "exits are not counted");

        desk.Fill(BybitPerpetual, 2m);
        desk.Desk.Command("resume", "BTC", Noon.AddSeconds(61));
        desk.Decide(61);
        desk.Fill(BinanceSpot, 1m, 61);
        Assert.That(desk.Sent[^1], Is.EqualTo((BybitPerpetual, -1m)), "a minute later there is a budget again");
    }

    [Test]
    public void AHaltedGroupTakesExitsOnlyUntilItResumes()
    {
        var desk = new Bench(Group());
        Assert.That(desk.Desk.Command("halt", "BTC", Noon).IsDone, Is.True);
        desk.Fill(BinanceSpot, 1m);
        Assert.That((desk.Sent.Count, desk.Group.Decision!.Value.Reason), Is.EqualTo((0, UnhedgedReason.Halted)));
        Assert.That(desk.Judge(BinanceSpot, 1m), Is.EqualTo(new GateVerdict(GateReason.Halted, 0m)));
        Assert.That(desk.Judge(BinanceSpot, -1m).IsAccepted, Is.True);
        Assert.That(desk.Judge(BybitPerpetual, -1m).Reason, Is.EqualTo(GateReason.Halted), "nor does anybody else raise its legs");

        desk.Desk.Command("resume", "BTC", Noon);
        Assert.That(desk.Sent, Is.EqualTo(new[] { (BybitPerpetual, -1m) }));
    }

    [Test]
    public void AHaltedVenueTakesExitsOnlyAndItsGroupsGoElsewhere()
    {
        var desk = new Bench(Group(hedges: [BybitPerpetual, BinancePerpetual]));
        desk.Desk.Command("halt", "bybit", Noon);
        desk.Fill(BinanceSpot, 1m);

        Assert.That(desk.Sent, Is.EqualTo(new[] { (BinancePerpetual, -1m) }));
        Assert.That(desk.Group.Halts, Is.EqualTo(HaltCauses.None));

        desk.Desk.Command("resume", "bybit", Noon);
        Assert.That(desk.Desk.HealthOf("bybit").Orders, Is.EqualTo(HealthState.Healthy));
    }

    [Test]
    public void FlattenClosesAGroupInPairs()
    {
        var desk = new Bench(Group());
        desk.Hold(BinanceSpot, 1m);
        desk.Hold(BybitPerpetual, -1m);
        desk.Desk.Command("flatten", "BTC", Noon);

        Assert.That(desk.Sent, Is.EqualTo(new[] { (BinanceSpot, -1m), (BybitPerpetual, 1m) }));
        desk.Decide(1);
        Assert.That(desk.Sent, Has.Count.EqualTo(2), "once");
        desk.Desk.Command("resume", "BTC", Noon.AddSeconds(2));
        Assert.That((desk.Group.IsFlattening, desk.Group.Halts), Is.EqualTo((false, HaltCauses.None)));
    }

    [Test]
    public void FlatteningAVenueClosesTheGroupsThatStandThere()
    {
        var desk = new Bench(new HedgeSettings(), Group(), Ether());
        desk.Hold(BinanceSpot, 1m);
        desk.Hold(BybitPerpetual, -1m);
        desk.Desk.Command("flatten", "bybit", Noon);

        Assert.That(desk.Sent, Is.EqualTo(new[] { (BinanceSpot, -1m), (BybitPerpetual, 1m) }));
        Assert.That(desk.Desk.Groups.Select(group => group.IsFlattening), Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void KillFlattensAndHaltsEverything()
    {
        var desk = new Bench(new HedgeSettings(), Group(), Ether());
        desk.Hold(BinanceSpot, 1m);
        desk.Hold(BybitPerpetual, -1m);
        desk.Hold(Coinbase, 2m);
        desk.Hold(BybitEther, -2m);
        Assert.That(desk.Desk.Command("kill", "", Noon).IsDone, Is.True);

        Assert.That(desk.Sent, Is.EquivalentTo(new[] { (BinanceSpot, -1m), (BybitPerpetual, 1m), (Coinbase, -2m), (BybitEther, 2m) }));
        Assert.That(desk.Desk.Groups.All(group => group.IsFlattening && group.Halts == HaltCauses.Command), Is.True);
        Assert.That(desk.Desk.Health.All(health => health.IsHalted), Is.True);
        desk.Desk.Command("resume", "all", Noon);
        Assert.That(desk.Desk.Groups.Any(group => group.IsFlattening || group.Halts != HaltCauses.None) || desk.Desk.Health.Any(health => health.IsHalted), Is.False);
    }

    [TestCase("stop", "BTC", "command 'stop' is unknown: use one of halt, resume, flatten, kill.")]
    [TestCase("halt", "ETH", "halt 'ETH': no such group or venue; groups are BTC, venues binance, bybit, or all.")]
    [TestCase("flatten", "", "flatten '': no such group or venue; groups are BTC, venues binance, bybit, or all.")]
    public void AnUnknownCommandIsRefusedAndChangesNothing(string command, string target, string text)
    {
        var desk = new Bench(Group());
        desk.Hold(BinanceSpot, 1m);
        desk.Hold(BybitPerpetual, -1m);

        Assert.That(desk.Desk.Command(command, target, Noon), Is.EqualTo(new CommandResult(false, text)));
        Assert.That((desk.Sent.Count, desk.Group.Halts, desk.Group.IsFlattening, desk.Desk.Notices.Count), Is.EqualTo((0, HaltCauses.None, false, 0)));
        Assert.That(desk.Desk.Health.Any(health => health.IsHalted), Is.False);
    }

    [Test]
    public void BeyondItsNakedLimitNothingIsRaised()
    {
        var desk = new Bench(Group() with { Limits = new ExposureLimits(Naked: 10_000m) });
        desk.Fill(BinanceSpot, 0.5m);
        Assert.That(desk.Judge(BinanceSpot, 1m).IsAccepted, Is.True, "8,500 are naked");
        desk.Fill(BinanceSpot, 0.5m);
        Assert.That(desk.Judge(BinanceSpot, 1m).Reason, Is.EqualTo(GateReason.Naked));
        Assert.That(desk.Judge(BinanceSpot, -1m).IsAccepted, Is.True);
        Assert.That(desk.Desk.Notices.Select(notice => notice.Kind), Is.EqualTo(new[] { DeskNoticeKind.Naked }));

        desk.Fill(BybitPerpetual, -0.5m);
        Assert.That(desk.Judge(BinanceSpot, 1m).IsAccepted, Is.True);
    }

    [Test]
    public void NakedForTooLongNothingIsRaised()
    {
        var desk = new Bench(Group() with { Limits = new ExposureLimits(NakedTime: TimeSpan.FromSeconds(20)) });
        desk.Fill(BinanceSpot, 1m);

        Assert.That(desk.Judge(BinanceSpot, 1m, 20).IsAccepted, Is.True);
        Assert.That(desk.Judge(BinanceSpot, 1m, 20.1).Reason, Is.EqualTo(GateReason.Naked));
        desk.Fill(BybitPerpetual, -1m, 21);
        Assert.That(desk.Judge(BinanceSpot, 1m, 21).IsAccepted, Is.True);
    }

    [Test]
    public void AVenuesNakedLimitCountsAllItsGroups()
    {
        var binanceEther = new Instrument(Id("binance:spot:ETHUSDT"), "ETH", "USDT", 1m, 0.001m, 0m, 0m);
        var settings = new HedgeSettings { Venues = new Dictionary<string, ExposureLimits> { ["binance"] = new(Naked: 20_000m) } };
        var desk = new Bench(settings, Group(), new HedgeGroup("ETH", binanceEther, [BybitEther], 1m, 0m));
        desk.Fill(BinanceSpot, 1m);
        Assert.That(desk.Judge(BinanceSpot, 0.1m).IsAccepted, Is.True);
        desk.Fill(binanceEther, 1m);

        Assert.That(desk.Judge(BinanceSpot, 0.1m).Reason, Is.EqualTo(GateReason.Naked));
    }

    [Test]
    public void ExposureIsLimitedPerGroup()
    {
        var desk = new Bench(Group() with { Limits = new ExposureLimits(Exposure: 34_000m) });
        desk.Hold(BinanceSpot, 1m);

        Assert.That(desk.Judge(BinanceSpot, 1m).IsAccepted, Is.True);
        Assert.That(desk.Judge(BinanceSpot, 1.5m), Is.EqualTo(new GateVerdict(GateReason.Exposure, 1m)));
        Assert.That(desk.Judge(BinanceSpot, -3.5m), Is.EqualTo(new GateVerdict(GateReason.Exposure, 3m)), "both sides");
    }

    [Test]
    public void ExposureIsLimitedPerVenueOverAllPositions()
    {
        var settings = new HedgeSettings { Venues = new Dictionary<string, ExposureLimits> { ["binance"] = new(Exposure: 51_000m) } };
        var desk = new Bench(settings, Group(hedges: [BybitPerpetual, BinancePerpetual]));
        desk.Hold(BinancePerpetual, -1m);

        Assert.That(desk.Judge(BinanceSpot, 3m), Is.EqualTo(new GateVerdict(GateReason.Exposure, 2m)));
    }

    [Test]
    public void NothingIsRaisedWhereTooMuchCouldBeLost()
    {
        var desk = new Bench(Group(hedges: [BybitPerpetual, BinancePerpetual]));
        (desk.Losses["binance"], desk.Losses["bybit"]) = (90m, 10m);
        Assert.That(desk.Judge(BinanceSpot, 1m).IsAccepted, Is.True, "90% is the limit");
        desk.Losses["binance"] = 91m;
        Assert.That(desk.Judge(BinanceSpot, 1m, 1).Reason, Is.EqualTo(GateReason.Concentration));
        Assert.That(desk.Desk.ShareOf("binance"), Is.EqualTo(91m / 101m));

        (desk.Losses["binance"], desk.Losses["bybit"]) = (9m, 91m);
        desk.Fill(BinanceSpot, 1m, 2);
        Assert.That(desk.Sent, Is.EqualTo(new[] { (BinancePerpetual, -1m) }), "the concentrated venue is the last choice");
        Assert.That(desk.Judge(BinanceSpot, -1m).IsAccepted, Is.True);
    }

    [Test]
    public void MuchAtOneVenueIsSaidOnce()
    {
        var desk = new Bench(Group());
        (desk.Losses["binance"], desk.Losses["bybit"]) = (71m, 29m);
        desk.Decide(1);
        desk.Decide(2);

        Assert.That(desk.Desk.Notices.Select(notice => (notice.Kind, notice.About, notice.TimeUtc)), Is.EqualTo(new[] { (DeskNoticeKind.Concentration, "binance", Noon.AddSeconds(1)) }));
        (desk.Losses["binance"], desk.Losses["bybit"]) = (50m, 50m);
        desk.Decide(301);
        (desk.Losses["binance"], desk.Losses["bybit"]) = (71m, 29m);
        desk.Decide(601);
        Assert.That(desk.Desk.Notices, Has.Count.EqualTo(2));
    }

    [Test]
    public void WhereThereIsOneVenueNothingIsConcentrated()
    {
        var desk = new Bench(Group());
        desk.Losses.Remove("bybit");
        Assert.That(desk.Desk.ShareOf("binance"), Is.Zero);
    }

    [Test]
    public void HedgeThatAnotherGroupStillNeedsIsNotThere()
    {
        var desk = new Bench(new HedgeSettings { HeadroomReserve = 0m }, Group(), Ether());
        desk.View(BybitPerpetual).Room = 5m;
        desk.View(BybitEther).Room = 5m;
        desk.Tell(new OrderWorking(Coinbase.Id, 77, 3m));

        Assert.That(desk.Judge(BinanceSpot, 5m), Is.EqualTo(new GateVerdict(GateReason.HedgeCapacity, 2m)));
    }

    [Test]
    public void AMessageAboutNothingOfOursDoesNotLoseTheOthers()
    {
        var desk = new Bench(Group());
        desk.Desk.Receive(
            [
                new Execution(Id("bybit:perpetual:SOLUSDT"), 9, 1, 1, 1m, 0m, 10m),
                new OrderOver(BybitPerpetual.Id, 999, 1m, 1),
                new OrderFailed(BybitPerpetual.Id, 998, IsDefinite: false),
                new CancelRefused(BybitPerpetual.Id, 997),
                new HealthChanged("mtgox", Capability.Trade, HealthState.Down, HealthReason.Disconnected),
                new Execution(BinanceSpot.Id, 996, 7, 1, 1m, 0m, 17_000m),
            ],
            Noon);

        Assert.That(desk.Sent, Is.EqualTo(new[] { (BybitPerpetual, -1m) }));
    }

    [Test]
    public void ABatchIsDecidedOnOnceAndTogether()
    {
        var desk = new Bench(Group());
        desk.Desk.Receive(
            [new Execution(BinanceSpot.Id, 5, 1, 1, 0.5m, 0m, 17_000m), new Execution(BinanceSpot.Id, 5, 1, 1, 0.5m, 0m, 17_000m), new Execution(BinanceSpot.Id, 5, 2, 2, 0.25m, 0m, 17_000m)],
            Noon);

        Assert.That(desk.Sent, Is.EqualTo(new[] { (BybitPerpetual, -0.75m) }), "the repeated execution counts once");
    }

    [Test]
    public void QuietlyNothingIsAnsweredUntilAllIsKnown()
    {
        var desk = new Bench(Group());
        desk.Desk.Quietly(() =>
        {
            desk.Fill(BinanceSpot, 1m);
            desk.Fill(BinanceSpot, -0.5m);
            Assert.That(desk.Sent, Is.Empty);
        });
        desk.Desk.Act(Noon);

        Assert.That(desk.Sent, Is.EqualTo(new[] { (BybitPerpetual, -0.5m) }));
    }

    [Test]
    public void NothingIsDecidedTwiceForAGroupThatRests()
    {
        var desk = Resting();
        var (lines, looks, reads) = (desk.Desk.Log.Count, desk.Desk.Evaluations, desk.View(BybitPerpetual).Reads);
        for (var second = 1; second <= 1_000; second++)
        {
            desk.Desk.Decide(Noon.AddSeconds(second));
            desk.Desk.Act(Noon.AddSeconds(second));
        }

        Assert.That((desk.Desk.Log.Count, desk.Desk.Evaluations), Is.EqualTo((lines, looks + 1_000)));
        Assert.That(desk.View(BybitPerpetual).Reads, Is.EqualTo(reads), "not even the book is looked at");
    }

    [Test]
    public void LookingAtAGroupThatRestsCostsNoMemory()
    {
        var desk = Resting().Desk;
        var now = Noon.AddSeconds(1);
        for (var i = 0; i < 100; i++)
        {
            desk.Decide(now);
            desk.Act(now);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            desk.Decide(now);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void AGroupThatRestsWakesForWhateverChangesIt()
    {
        var desk = Resting();
        desk.Tell(new PositionReport(BybitPerpetual.Id, -0.6m, 100));
        Assert.That(desk.Sent[^1], Is.EqualTo((BybitPerpetual, -0.4m)), "deleveraged");

        var flattened = Resting();
        flattened.Desk.Command("flatten", "BTC", Noon);
        Assert.That(flattened.Sent.TakeLast(2), Is.EqualTo(new[] { (BinanceSpot, -1m), (BybitPerpetual, 1m) }));

        var near = Resting();
        near.Distance(BybitPerpetual, 0.09m);
        near.Decide(1);
        Assert.That(near.Sent.TakeLast(2).Select(order => order.Item1), Is.EqualTo(new[] { BinanceSpot, BybitPerpetual }));
    }

    /// <summary>Whatever has changed while nothing could be answered, and whoever changed it.</summary>
    [Test]
    public void WhereAllGroupsRestTheNextDecisionStillSeesEveryChange()
    {
        Looks(desk => desk.Desk.Quietly(() => desk.Tell(new PositionReport(BybitPerpetual.Id, -0.6m, 100))));
        Looks(desk => desk.Desk.HealthOf("bybit").Set(Capability.Trade, HealthState.Degraded, HealthReason.OrderFailures, Noon));
        Looks(desk => desk.Desk.HealthOf("bybit").SetHalted(true, Noon));
        Looks(desk => desk.Desk.HealthOf("bybit").AssumeHealthy());
        Looks(desk => desk.Desk.Halt(desk.Group, HaltCauses.Unexplained));
        Looks(_ => { }, isWarmingUp: true);

        static void Looks(Action<Bench> change, bool isWarmingUp = false)
        {
            var desk = Resting();
            desk.Desk.Decide(Noon.AddSeconds(1));
            change(desk);
            var reads = desk.View(BybitPerpetual).Reads;
            desk.Desk.Decide(Noon.AddSeconds(2), isWarmingUp);
            Assert.That(desk.View(BybitPerpetual).Reads, Is.GreaterThan(reads));
        }
    }

    [Test]
    public void TogetherTheHedgeGoesWithThePrimary()
    {
        var desk = new Bench(Group() with { PairOrder = PairOrder.Together });
        desk.Desk.SendPrimary(desk.Group, 1m, "entry", Noon);
        Assert.That(desk.Sent, Is.EqualTo(new[] { (BinanceSpot, 1m), (BybitPerpetual, -1m) }));

        // The primary is refused: what was sent for it goes.
        desk.Fill(BybitPerpetual, -1m);
        desk.Tell(new OrderFailed(BinanceSpot.Id, 1, IsDefinite: true));
        Assert.That(desk.Sent[^1], Is.EqualTo((BybitPerpetual, 1m)));
    }

    [Test]
    public void ByDefaultThePrimaryGoesFirst()
    {
        var desk = new Bench(Group());
        desk.Desk.SendPrimary(desk.Group, 1m, "entry", Noon);

        Assert.That(desk.Sent, Is.EqualTo(new[] { (BinanceSpot, 1m) }));
    }

    [TestCase(10, 2, 2, TestName = "{m}: the hedge is harder")]
    [TestCase(2, 10, 1, TestName = "{m}: the primary is harder")]
    [TestCase(10, 0, 1, TestName = "{m}: an unknown size makes nothing hard")]
    public void TheHardestFirstGoesTogetherWhereTheHedgeIsHarder(int primarySize, int hedgeSize, int orders)
    {
        var desk = new Bench(Group() with { PairOrder = PairOrder.HardestFirst });
        desk.View(BinanceSpot).Quote = new Quote(Noon, 17_000m, 1m, 17_000m, primarySize, 17_000m);
        desk.View(BybitPerpetual).Quote = new Quote(Noon, 17_000m, hedgeSize, 17_000m, 1m, 17_000m);
        desk.Desk.SendPrimary(desk.Group, 1m, "entry", Noon);

        Assert.That(desk.Sent, Has.Count.EqualTo(orders));
    }

    [Test]
    public void ACancelIsAskedOnceAndAgainWhenThereWasTimeToAnswer()
    {
        var desk = new Bench(Group());
        desk.Fill(BinanceSpot, 1m);
        desk.Tell(new OrderWorking(BybitPerpetual.Id, 1, -1m));
        desk.Fill(BinanceSpot, -1m);
        Assert.That(desk.Cancels, Is.EqualTo(new[] { 1 }));
        for (var second = 1; second < 30; second++)
        {
            desk.Decide(second);
        }

        desk.Tell(new CancelRefused(BybitPerpetual.Id, 1));
        Assert.That(desk.Cancels, Has.Count.EqualTo(1));
        desk.Decide(30);
        Assert.That(desk.Cancels, Has.Count.EqualTo(2));
    }

    [Test]
    public void AMakerHedgeTakesAfterItsPatienceAndTheNextOneRestsAgain()
    {
        var desk = new Bench(Group() with { IsMakerFirst = true });
        desk.View(BybitPerpetual).Quote = new Quote(Noon, 16_990m, 0m, 17_010m, 0m, 17_000m);
        desk.Fill(BinanceSpot, 0.5004m);
        desk.Tell(new OrderWorking(BybitPerpetual.Id, 1, -0.5m));
        desk.Decide(9);
        Assert.That(desk.Cancels, Is.Empty);
        desk.Decide(10);
        Assert.That(desk.Cancels, Is.EqualTo(new[] { 1 }));
        desk.Tell(new OrderOver(BybitPerpetual.Id, 1, 0m, 0));
        Assert.That(desk.Limits, Is.EqualTo(new decimal?[] { 17_010m, null }), "it takes now");

        // The coin fee left less than a lot; the hedge stands, and patience is fresh.
        desk.Fill(BybitPerpetual, -0.5m);
        desk.Decide(11);
        desk.Fill(BinanceSpot, 0.5m);
        Assert.That(desk.Limits, Is.EqualTo(new decimal?[] { 17_010m, null, 17_010m }));
    }

    [Test]
    public void APairNearLiquidationShrinksUntilItsTarget()
    {
        var desk = Resting();
        desk.Distance(BybitPerpetual, 0.10m);
        desk.Decide(1);
        Assert.That(desk.Group.IsShrinking, Is.False, "a tenth is not below it");
        Assert.That(desk.Desk.Notices.Select(notice => (notice.Kind, notice.TimeUtc)), Is.EqualTo(new[] { (DeskNoticeKind.Distance, Noon.AddSeconds(1)) }));

        desk.Distance(BybitPerpetual, 0.09m);
        desk.Decide(2);
        Assert.That(desk.Sent.TakeLast(2), Is.EqualTo(new[] { (BinanceSpot, -0.4m), (BybitPerpetual, 0.4m) }));
        Assert.That(desk.Desk.Notices.Select(notice => notice.Kind), Is.EqualTo(new[] { DeskNoticeKind.Distance, DeskNoticeKind.Shrinking }));
        desk.Fill(BinanceSpot, -0.4m);
        desk.Fill(BybitPerpetual, 0.4m);
        desk.Distance(BybitPerpetual, 0.14m);
        desk.Decide(3);
        Assert.That(desk.Group.IsShrinking, Is.True, "above where it began, below its target");
        desk.Distance(BybitPerpetual, 0.15m);
        desk.Decide(4);
        Assert.That(desk.Group.IsShrinking, Is.False);
    }

    [Test]
    public void WhatNoVenueTakesIsUnwound()
    {
        var desk = new Bench(Group());
        desk.Tell(new HealthChanged("bybit", Capability.Trade, HealthState.Degraded, HealthReason.OrderFailures));
        desk.Fill(BinanceSpot, 1m);
        desk.Decide(59);
        Assert.That(desk.Sent, Is.Empty);
        Assert.That(desk.Group.State.Pair, Is.EqualTo(PairState.Repairing));
        desk.Decide(60);

        Assert.That(desk.Sent, Is.EqualTo(new[] { (BinanceSpot, -1m) }));
    }

    [Test]
    public void TheGateLetsTheDesksOwnOrdersPass()
    {
        var desk = new Bench(Group());
        var verdicts = new List<GateVerdict>();
        desk.Hold(BinanceSpot, 1m);
        desk.Hold(BybitPerpetual, -1m);
        desk.OnSend = (_, order) => verdicts.Add(desk.Judge(order.Instrument, order.Quantity));
        desk.Desk.Command("kill", "", Noon);

        Assert.That(verdicts, Has.Count.EqualTo(2).And.All.Matches<GateVerdict>(verdict => verdict.IsAccepted));
    }

    [Test]
    public void AnOrderOfNoGroupIsNotOurs()
        => Assert.That(new Bench(Group()).Desk.Judge(Id("bybit:perpetual:SOLUSDT"), 1m, Noon).IsAccepted, Is.True);

    [Test]
    public void NothingIsSentWhileWarmingUpAndAllOfItAfterwards()
    {
        var desk = new Bench(Group());
        desk.Desk.Decide(Noon, isWarmingUp: true);
        desk.Fill(BinanceSpot, 1m);
        Assert.That((desk.Sent.Count, desk.Group.Decision!.Value.Reason), Is.EqualTo((0, UnhedgedReason.WarmingUp)));
        desk.Decide(1);

        Assert.That(desk.Sent, Has.Count.EqualTo(1));
    }

    [TestCase(300.1, 16_990, 17_010, TestName = "{m}: too old")]
    [TestCase(0, 0, 17_010, TestName = "{m}: no bid")]
    [TestCase(0, 17_010, 16_990, TestName = "{m}: crossed")]
    [TestCase(0, 16_800, 17_200, TestName = "{m}: too wide")]
    public void ABadBookIsNoBasisForASize(double age, double bid, double ask)
    {
        var desk = new Bench(Group());
        desk.View(BybitPerpetual).Quote = new Quote(Noon.AddSeconds(-age), (decimal)bid, 0m, (decimal)ask, 0m, 17_000m);
        desk.Fill(BinanceSpot, 1m);

        Assert.That((desk.Sent.Count, desk.Group.Decision!.Value.Reason), Is.EqualTo((0, UnhedgedReason.NoFreshPrice)));
    }

    [Test]
    public void AKeptPrimaryHasItsHedgeMovedToAnotherVenueOneAfterTheOther()
    {
        var desk = new Bench(Group(hedges: [BybitPerpetual, BinancePerpetual]) with { KeepsPrimary = true });
        desk.Hold(BinanceSpot, 1m);
        desk.Hold(BybitPerpetual, -1m);
        desk.Distance(BybitPerpetual, 0.09m);
        desk.View(BybitPerpetual).Room = 0m;
        desk.Decide(1);
        Assert.That(desk.Sent, Is.EqualTo(new[] { (BybitPerpetual, 0.4m) }));

        desk.Distance(BybitPerpetual, 0.15m);
        desk.Fill(BybitPerpetual, 0.4m);
        Assert.That(desk.Sent.Skip(1), Is.EqualTo(new[] { (BinancePerpetual, -0.4m) }));
    }

    [Test]
    public void AKeptPrimaryWithoutAnotherVenueIsSaid()
    {
        var desk = new Bench(Group() with { KeepsPrimary = true });
        desk.Hold(BinanceSpot, 1m);
        desk.Hold(BybitPerpetual, -1m);
        desk.Distance(BybitPerpetual, 0.09m);
        desk.Decide(1);

        Assert.That(desk.Sent, Is.Empty);
        Assert.That(desk.Desk.Notices.Select(notice => notice.Kind), Has.Some.EqualTo(DeskNoticeKind.NoHeadroom));
    }

    [Test]
    public void AnUnknownOrderElsewhereDoesNotHoldUpShrinking()
    {
        var desk = new Bench(Group(hedges: [BybitPerpetual, BinancePerpetual]));
        desk.Hold(BinanceSpot, 1m);
        desk.Hold(BybitPerpetual, -1m);
        desk.Tell(new OrderWorking(BinancePerpetual.Id, 77, -0.1m));
        desk.Tell(new OrderFailed(BinancePerpetual.Id, 77, IsDefinite: false));
        desk.Distance(BybitPerpetual, 0.09m);
        desk.Decide(1);

        Assert.That(desk.Sent, Is.EqualTo(new[] { (BinanceSpot, -0.4m), (BybitPerpetual, 0.4m) }));
    }

    [Test]
    public void AnUnknownOrderOnTheLegThatMustShrinkKeepsThePrimaryToo()
    {
        var desk = new Bench(Group());
        desk.Hold(BinanceSpot, 1m);
        desk.Hold(BybitPerpetual, -1m);
        desk.Tell(new OrderWorking(BybitPerpetual.Id, 77, 0.1m));
        desk.Tell(new OrderFailed(BybitPerpetual.Id, 77, IsDefinite: false));
        desk.Distance(BybitPerpetual, 0.09m);
        desk.Decide(1);

        Assert.That(desk.Sent, Is.Empty, "the primary alone would only be naked");
    }

    [Test]
    public void AVenueThatCannotCancelGetsNothingThatRestsAndIsAskedWhenItCan()
    {
        var desk = new Bench(Group() with { IsMakerFirst = true });
        desk.View(BybitPerpetual).Quote = new Quote(Noon, 16_990m, 0m, 17_010m, 0m, 17_000m);
        desk.Fill(BinanceSpot, 0.5m);
        desk.Tell(new OrderWorking(BybitPerpetual.Id, 1, -0.5m));
        desk.Tell(new HealthChanged("bybit", Capability.Cancel, HealthState.Down, HealthReason.Announced));
        desk.Decide(10);
        Assert.That(desk.Cancels, Is.Empty);
        desk.Fill(BinanceSpot, 0.5m, 11);
        Assert.That(desk.Limits, Is.EqualTo(new decimal?[] { 17_010m, null }));

        desk.Tell(new HealthChanged("bybit", Capability.Cancel, HealthState.Healthy, HealthReason.None));
        desk.Decide(12);
        Assert.That(desk.Cancels, Does.Contain(1));
    }

    [Test]
    public void AGroupThatWasFlattenedWithItsVenueResumesWithIt()
    {
        var desk = new Bench(new HedgeSettings(), Group(), Ether());
        desk.Hold(BinanceSpot, 1m);
        desk.Hold(BybitPerpetual, -1m);
        desk.Desk.Command("halt", "ETH", Noon);
        desk.Desk.Command("flatten", "bybit", Noon);
        desk.Fill(BinanceSpot, -1m);
        desk.Fill(BybitPerpetual, 1m);
        desk.Desk.Command("resume", "bybit", Noon);

        Assert.That((desk.Group.Halts, desk.Group.IsFlattening), Is.EqualTo((HaltCauses.None, false)));
        Assert.That(desk.Desk.Groups[1].Halts, Is.EqualTo(HaltCauses.Command), "that one was halted by itself");
        Assert.That(desk.Judge(BinanceSpot, 1m).IsAccepted, Is.True);
    }

    [Test]
    public void AVenueThatAnswersInACircleDoesNotHoldTheAlgorithm()
    {
        var desk = new Bench(Group());
        desk.OnSend = (id, order) => desk.Desk.Receive(
            [
                new Execution(order.Instrument.Id, id, id, id, order.Quantity, 0m, 17_000m),
                new OrderOver(order.Instrument.Id, id, order.Quantity, id),
                new Execution(BinanceSpot.Id, 0, -id, id, 1m, 0m, 17_000m),
            ],
            Noon);
        desk.Fill(BinanceSpot, 1m);

        Assert.That(desk.Sent, Has.Count.InRange(10, 100));
    }

    [Test]
    public void ExitsOnlyEndsWithHysteresis()
    {
        var desk = new Bench(new HedgeGroup("BTC", BinancePerpetual, [BybitPerpetual], 1m, 0m));

        Assert.That(new[] { Raises(0.051m), Raises(0.049m), Raises(0.06m), Raises(0.071m) }, Is.EqualTo(new[] { true, false, false, true }));

        bool Raises(decimal distance)
        {
            desk.View(BinancePerpetual).Distance = distance;
            return desk.Judge(BinancePerpetual, 1m).Reason != GateReason.NearLiquidation;
        }
    }

    [Test]
    public void AVenueThatIsDownKeepsItsPositionCounted()
    {
        var desk = new Bench(Group(hedges: [BybitPerpetual, BinancePerpetual]));
        desk.Hold(BinanceSpot, 1m);
        desk.Hold(BybitPerpetual, -1m);
        desk.Tell(new HealthChanged("bybit", Capability.Trade, HealthState.Down, HealthReason.Disconnected));
        desk.Fill(BinanceSpot, 0.2m);

        Assert.That(desk.Sent, Is.EqualTo(new[] { (BinancePerpetual, -0.2m) }));
    }

    [Test]
    public void AVenueThatCameBackIsTheLastChoiceForAWhile()
    {
        var desk = new Bench(Group(hedges: [BybitPerpetual, BinancePerpetual]));
        desk.Tell(new HealthChanged("bybit", Capability.Trade, HealthState.Down, HealthReason.Disconnected));
        desk.Tell(new HealthChanged("bybit", Capability.Trade, HealthState.Healthy, HealthReason.None));
        desk.Fill(BinanceSpot, 0.2m);
        desk.Fill(BinancePerpetual, -0.2m);
        desk.Fill(BinanceSpot, 0.2m, 301);

        Assert.That(desk.Sent, Is.EqualTo(new[] { (BinancePerpetual, -0.2m), (BybitPerpetual, -0.2m) }));
    }

    private static HedgeGroup Ether() => new("ETH", Coinbase, [BybitEther], 1m, 0m);

    private static Bench Resting()
    {
        var desk = new Bench(Group());
        desk.Fill(BinanceSpot, 1m);
        desk.Fill(BybitPerpetual, -1m);
        desk.Decide(0);
        Assert.That(desk.Group.State.Pair, Is.EqualTo(PairState.Idle));
        return desk;
    }

    /// <summary>A desk with venues that do nothing by themselves.</summary>
    private sealed class Bench : IOrderPort, IDeskAccounts
    {
        private readonly Dictionary<InstrumentId, FakeView> _views = [];
        private readonly List<(int Id, DeskOrder Order)> _orders = [];
        private long _executions;

        public Bench(HedgeGroup group)
            : this(new HedgeSettings { HeadroomReserve = 0m }, group)
        {
        }

        public Bench(HedgeSettings settings, params HedgeGroup[] groups)
        {
            foreach (var instrument in groups.SelectMany(group => group.Hedges.Prepend(group.Primary)))
            {
                Losses[instrument.Id.Route.Market] = 50m;
            }

            Desk = new HedgeDesk(settings, groups, instrument => View(instrument), this, this, expectsReports: true);
            foreach (var health in Desk.Health)
            {
                health.AssumeHealthy();
            }
        }

        public HedgeDesk Desk { get; }

        public GroupDesk Group => Desk.Groups[0];

        public IReadOnlyList<(Instrument, decimal)> Sent => _orders.ConvertAll(sent => (sent.Order.Instrument, sent.Order.Quantity));

        public IReadOnlyList<decimal?> Limits => _orders.ConvertAll(sent => sent.Order.LimitPrice);

        public List<int> Cancels { get; } = [];

        public int Queries { get; private set; }

        public SortedDictionary<string, decimal> Losses { get; } = [];

        public Action<int, DeskOrder>? OnSend { get; set; }

        /// <summary>Whether the port does not even take an order.</summary>
        public bool Refuses { get; set; }

        public decimal? LowestDistance { get; private set; }

        public IReadOnlyList<string> Markets => [.. Losses.Keys];

        public decimal LossGivenDefault(string market) => Losses[market];

        public FakeView View(Instrument instrument)
        {
            if (!_views.TryGetValue(instrument.Id, out var view))
            {
                _views.Add(instrument.Id, view = new FakeView());
            }

            return view;
        }

        public void Distance(Instrument instrument, decimal distance)
        {
            View(instrument).Distance = distance;
            LowestDistance = distance;
        }

        public void Decide(double seconds)
        {
            Desk.Decide(Noon.AddSeconds(seconds));
            Desk.Act(Noon.AddSeconds(seconds));
        }

        public GateVerdict Judge(Instrument instrument, decimal quantity, double seconds = 0) => Desk.Judge(instrument.Id, quantity, Noon.AddSeconds(seconds));

        public void Tell(VenueMessage message) => Desk.Receive(message, Noon);

        /// <summary>The oldest open order of that side fills, or somebody else trades.</summary>
        public void Fill(Instrument instrument, decimal quantity, double seconds = 0)
        {
            var order = Desk.Find(instrument.Id)!.Book.Orders.FirstOrDefault(known => Math.Sign(known.Remaining) == Math.Sign(quantity));
            var messages = new List<VenueMessage> { new Execution(instrument.Id, order?.Id ?? 0, ++_executions, _executions, quantity, 0m, 17_000m) };
            if (order is not null && order.Remaining == quantity)
            {
                messages.Add(new OrderOver(instrument.Id, order.Id, order.Quantity, _executions));
            }

            Desk.Receive(messages, Noon.AddSeconds(seconds));
        }

        /// <summary>A position from before.</summary>
        public void Hold(Instrument instrument, decimal quantity) => Desk.Quietly(() => Fill(instrument, quantity));

        public int Send(in DeskOrder order)
        {
            _orders.Add((_orders.Count + 1, order));
            var id = _orders.Count;
            OnSend?.Invoke(id, order);
            return Refuses ? 0 : id;
        }

        public void Cancel(InstrumentId instrument, int orderId) => Cancels.Add(orderId);

        public void Query(InstrumentId instrument, int orderId) => Queries++;
    }

    private sealed class FakeView : IInstrumentView
    {
        private Quote _quote = new(Noon.AddHours(1), 17_000m, 0m, 17_000m, 0m, 17_000m);

        public int Reads { get; private set; }

        public Quote Quote
        {
            get
            {
                Reads++;
                return _quote;
            }

            set => _quote = value;
        }

        public decimal Rate { get; set; } = 1m;

        public decimal TakerFee { get; set; }

        public decimal FundingPerHour => 0m;

        public TimeSpan Latency => TimeSpan.Zero;

        public decimal? Distance { get; set; }

        public decimal Room { get; set; } = Plenty;

        /// <summary>Room on the buy side, if it is another.</summary>
        public decimal? RoomToBuy { get; set; }

        public decimal Headroom(bool buys, decimal price, decimal distance) => (buys ? RoomToBuy : null) ?? Room;
    }
}
