using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Hedging;

/// <summary>The edges of what stands around the decision: refusals, patience, rest, what is judged and what is said.</summary>
public sealed partial class HedgeDeskTests
{
    [Test]
    public void NothingStandsAtAVenueThatNobodyKnows()
    {
        var desk = new Bench(Group());
        desk.Judge(BinanceSpot, 1m);
        var alone = new Bench(Group(hedges: [BinancePerpetual]));
        alone.Judge(BinanceSpot, 1m);

        Assert.That((desk.Desk.ShareOf("binance"), desk.Desk.ShareOf("mtgox")), Is.EqualTo((0.5m, 0m)));
        Assert.That(alone.Desk.ShareOf("binance"), Is.Zero, "nothing could be elsewhere");
    }

    [TestCase("0.5", 2, TestName = "{m}: what raises it goes with its hedge")]
    [TestCase("-0.4", 1, TestName = "{m}: what reduces it goes first")]
    public void OnlyWhatRaisesAPrimaryIsSentTogether(string quantity, int orders)
    {
        var desk = new Bench(Group() with { PairOrder = PairOrder.Together });
        desk.Hold(BinanceSpot, 1m);
        desk.Hold(BybitPerpetual, -1m);
        desk.Desk.SendPrimary(desk.Group, decimal.Parse(quantity, System.Globalization.CultureInfo.InvariantCulture), "change", Noon);

        Assert.That(desk.Sent, Has.Count.EqualTo(orders));
    }

    [Test]
    public void WhileAHedgeIsSentEveryOtherOrderIsJudged()
    {
        var verdicts = new List<GateVerdict>();
        var desk = new Bench(Group());
        desk.View(BybitPerpetual).Room = 2m;
        desk.OnSend = (_, _) => verdicts.Add(desk.Judge(BinanceSpot, 100m));
        desk.Fill(BinanceSpot, 1m);

        Assert.That(verdicts.Select(verdict => verdict.Reason), Is.EqualTo(new[] { GateReason.HedgeCapacity }));
    }

    [Test]
    public void AStrategysPrimaryIsJudgedWhileItIsSent()
    {
        var verdicts = new List<GateVerdict>();
        var desk = new Bench(Group());
        desk.Desk.Command("halt", "BTC", Noon);
        desk.OnSend = (_, order) => verdicts.Add(desk.Judge(order.Instrument, order.Quantity));
        desk.Desk.SendPrimary(desk.Group, 1m, "entry", Noon);

        Assert.That(verdicts.Select(verdict => verdict.Reason), Is.EqualTo(new[] { GateReason.Halted }));
    }

    /// <summary>Live LEAN asks the gate from its own thread, when the desk counts its order among those that work.</summary>
    [Test]
    public void AnExitOfTheDeskPassesAlsoWhenItIsJudgedAfterItWasSent()
    {
        var desk = new Bench(Group());
        desk.Hold(BinanceSpot, 1m);
        desk.Hold(BybitPerpetual, -1m);
        desk.Desk.Command("flatten", "BTC", Noon);
        foreach (var (instrument, quantity) in desk.Sent)
        {
            var id = instrument.Id;
            var order = desk.Desk.Find(id)!.Book.Orders.Single();

            Assert.That(desk.Desk.Judge(id, quantity, Noon, order.Id).Reason, Is.EqualTo(GateReason.None), id.ToString());
            Assert.That(desk.Desk.Judge(id, quantity, Noon, order.Id + 100).Reason, Is.EqualTo(GateReason.Halted), "somebody else's beside it would cross zero");
        }

        Assert.That(desk.Desk.Find(BinanceSpot.Id)!.Book.WorkingSell, Is.EqualTo(-1m), "it is counted again");
    }

    [Test]
    public void AfterAHedgeWasSentSomebodyElsesOrderOnItsLegIsJudged()
    {
        var desk = new Bench(Group());
        desk.Fill(BinanceSpot, 1m);
        desk.Desk.Command("halt", "BTC", Noon);

        Assert.That(desk.Judge(BybitPerpetual, -1m).Reason, Is.EqualTo(GateReason.Halted));
    }

    [TestCase(1, TestName = "{m}: of a short leg")]
    [TestCase(-1, TestName = "{m}: of a long leg")]
    public void OnAHaltedGroupsLegOnlyWhatClosesItPasses(int side)
    {
        var desk = new Bench(Group());
        desk.Hold(BinanceSpot, side);
        desk.Hold(BybitPerpetual, -side);
        desk.Tell(new OrderWorking(BybitPerpetual.Id, 77, 0.25m * side));
        Assert.That(desk.Judge(BybitPerpetual, 5m * side).IsAccepted, Is.True, "before");
        desk.Desk.Command("halt", "BTC", Noon);

        Assert.That(desk.Judge(BybitPerpetual, 0.75m * side).IsAccepted, Is.True);
        Assert.That(desk.Judge(BybitPerpetual, 0.76m * side), Is.EqualTo(new GateVerdict(GateReason.Halted, 0.75m)));
        Assert.That(desk.Judge(BybitPerpetual, -0.1m * side), Is.EqualTo(new GateVerdict(GateReason.Halted, 0m)));
    }

    [Test]
    public void OnALegOfAHaltedVenueOnlyWhatClosesItPasses()
    {
        var desk = new Bench(Group());
        desk.Hold(BinanceSpot, 1m);
        desk.Hold(BybitPerpetual, -1m);
        desk.Desk.Command("halt", "bybit", Noon);

        Assert.That(desk.Judge(BybitPerpetual, -0.1m).Reason, Is.EqualTo(GateReason.Halted));
        Assert.That(desk.Judge(BybitPerpetual, 1m).IsAccepted, Is.True);
    }

    [Test]
    public void SeveralChangesOfHealthAtOnceAreAnsweredAtOnce()
    {
        var desk = new Bench(Group());
        desk.Tell(new HealthChanged("bybit", Capability.Trade, HealthState.Degraded, HealthReason.OrderFailures));
        desk.Fill(BinanceSpot, 1m);
        Assert.That(desk.Sent, Is.Empty);
        desk.Desk.Receive(
            [
                new HealthChanged("bybit", Capability.Trade, HealthState.Healthy, HealthReason.None),
                new HealthChanged("bybit", Capability.Cancel, HealthState.Degraded, HealthReason.OrderFailures),
            ],
            Noon);

        Assert.That(desk.Sent, Has.Count.EqualTo(1));
    }

    [Test]
    public void AVenueOfNoGroupWakesNobody()
    {
        var desk = Resting();
        var looks = desk.Desk.Evaluations;
        desk.Tell(new HealthChanged("mtgox", Capability.Trade, HealthState.Down, HealthReason.Disconnected));
        Assert.That(desk.Desk.Evaluations, Is.EqualTo(looks));

        desk.Tell(new HealthChanged("binance", Capability.Cancel, HealthState.Down, HealthReason.Announced));
        Assert.That(desk.Desk.Evaluations, Is.GreaterThan(looks), "the primary's venue is the group's too");
    }

    [Test]
    public void ARefusalThatIsToldAgainDoesNotWaitAgain()
    {
        var desk = new Bench(Group());
        desk.Fill(BinanceSpot, 1m);
        desk.Tell(new OrderFailed(BybitPerpetual.Id, 1, IsDefinite: true));
        desk.Desk.Receive(new OrderFailed(BybitPerpetual.Id, 1, IsDefinite: true), Noon.AddSeconds(20));
        desk.Decide(30);

        Assert.That(desk.Sent, Has.Count.EqualTo(2));
    }

    [Test]
    public void AnOrderThatWasRefusedBeforeItWasKnownNeverWorks()
    {
        var desk = new Bench(Group());
        desk.Tell(new OrderFailed(BybitPerpetual.Id, 99, IsDefinite: true));
        desk.Tell(new OrderWorking(BybitPerpetual.Id, 99, -1m));

        Assert.That(desk.Group.Legs[0].Book.Orders, Is.Empty);
    }

    [Test]
    public void AnExitThatIsRefusedBeforeSendReturnsWaitsASecond()
    {
        var desk = new Bench(Group());
        var now = Noon;
        desk.OnSend = (id, order) => desk.Desk.Receive(new OrderFailed(order.Instrument.Id, id, IsDefinite: true), now);
        desk.Hold(BybitPerpetual, -1m);
        desk.Decide(0);
        desk.Decide(0.9);
        Assert.That(desk.Sent, Has.Count.EqualTo(1));
        now = Noon.AddSeconds(1);
        desk.Decide(1);

        Assert.That(desk.Sent, Has.Count.EqualTo(2));
    }

    [Test]
    public void WhatThePortDoesNotTakeWaitsAsARefusal()
    {
        var desk = new Bench(Group()) { Refuses = true };
        desk.Fill(BinanceSpot, 1m);
        Assert.That(desk.Group.Legs[0].Book.Orders, Is.Empty);
        desk.Decide(29.9);
        Assert.That((desk.Sent.Count, desk.Group.Decision!.Value.Reason), Is.EqualTo((1, UnhedgedReason.Backoff)));
        desk.Decide(30);

        Assert.That(desk.Sent, Has.Count.EqualTo(2));
    }

    [Test]
    public void ARefusedAdditionWaitsHalfAMinuteHoweverSmall()
    {
        var desk = Resting();
        desk.Fill(BinanceSpot, 0.5m);
        desk.Tell(new OrderFailed(BybitPerpetual.Id, 2, IsDefinite: true));
        desk.Decide(29.9);
        Assert.That(desk.Sent, Has.Count.EqualTo(2), "half of what is held");
        desk.Decide(30);

        Assert.That(desk.Sent, Has.Count.EqualTo(3));
    }

    [Test]
    public void ARefusedReversalWaitsHalfAMinute()
    {
        var desk = Resting();
        desk.Fill(BinanceSpot, -3m);
        Assert.That(desk.Sent[^1], Is.EqualTo((BybitPerpetual, 3m)));
        desk.Tell(new OrderFailed(BybitPerpetual.Id, 2, IsDefinite: true));

        Assert.That(desk.Sent[^1], Is.EqualTo((BybitPerpetual, 1m)), "what closes is no part of what adds");
    }

    [Test]
    public void AnUnansweredPrimaryBecomesUnknownToo()
    {
        var desk = new Bench(Group());
        desk.Desk.SendPrimary(desk.Group, 1m, "entry", Noon);
        desk.Decide(9.9);
        Assert.That(desk.Queries, Is.Zero);
        desk.Decide(10);

        Assert.That((desk.Queries, desk.Group.Primary.Book.UnknownBuy), Is.EqualTo((1, 1m)));
    }

    [Test]
    public void TheLogHasALineForWhatIsNewAndNoneForWhatIsNot()
    {
        var desk = new Bench(Group());
        var lines = new List<string>();
        desk.Desk.Log.Sink = lines.Add;
        desk.Fill(BinanceSpot, 1m);
        Assert.That(lines, Has.Count.EqualTo(2), "the order, and that it covers everything");

        desk.Tell(new HealthChanged("bybit", Capability.Trade, HealthState.Degraded, HealthReason.OrderFailures));
        desk.Fill(BinanceSpot, 1m);
        var count = lines.Count;
        desk.Decide(1);
        desk.Decide(2);
        Assert.That(lines, Has.Count.EqualTo(count), "it still waits for the same");
        Assert.That(lines[^1], Does.Contain("NoHealthyVenue"));

        desk.Tell(new HealthChanged("bybit", Capability.Trade, HealthState.Healthy, HealthReason.None));
        Assert.That(lines, Has.Count.GreaterThan(count));
    }

    [Test]
    public void AResidualIsNakedSinceItBeganAndExactlyATradableLotIsNone()
    {
        var desk = new Bench(Group());
        desk.Fill(BinanceSpot, 0.001m);
        Assert.That(desk.Group.NakedSinceUtc, Is.Null);

        desk.Fill(BinanceSpot, 1m, 3);
        desk.Decide(7);
        Assert.That(desk.Group.NakedSinceUtc, Is.EqualTo(Noon.AddSeconds(3)));
    }

    [Test]
    public void TwoHedgesWhosePatienceIsOverAreBothCanceledAndTaken()
    {
        var desk = TwoMakers();
        desk.Decide(2);
        desk.Fill(BinanceSpot, 0.2m, 2);
        Assert.That(desk.Limits, Is.All.Not.Null, "within its patience the next one rests too");

        desk.Decide(12);
        Assert.That(desk.Cancels, Is.EquivalentTo(Enumerable.Range(1, desk.Sent.Count)));
        foreach (var order in desk.Desk.Groups[0].Legs.SelectMany(leg => leg.Book.Orders.Select(order => (leg.Instrument.Id, order.Id))).ToArray())
        {
            desk.Desk.Receive(new OrderOver(order.Item1, order.Item2, 0m, 0), Noon.AddSeconds(12));
        }

        Assert.That(desk.Limits.Skip(desk.Cancels.Count), Is.Not.Empty.And.All.Null);
    }

    [Test]
    public void UntilTheResidualIsCoveredHedgesTake()
    {
        var desk = new Bench(Group() with { IsMakerFirst = true });
        desk.View(BybitPerpetual).Quote = new Quote(Noon, 16_990m, 0m, 17_010m, 0m, 17_000m);
        desk.Fill(BinanceSpot, 0.5m);
        desk.Tell(new OrderWorking(BybitPerpetual.Id, 1, -0.5m));
        desk.Decide(10);
        desk.Desk.Receive(new OrderOver(BybitPerpetual.Id, 1, 0m, 0), Noon.AddSeconds(10));
        desk.Desk.Receive(new OrderWorking(BybitPerpetual.Id, 2, -0.5m), Noon.AddSeconds(10));
        desk.Decide(11);
        desk.Desk.Receive(new OrderOver(BybitPerpetual.Id, 2, 0m, 0), Noon.AddSeconds(11));

        Assert.That(desk.Limits, Is.EqualTo(new decimal?[] { 17_010m, null, null }));
    }

    [TestCase(-0.0, 0.001, "-0.001", TestName = "{m}: of a missing lot")]
    [TestCase(-0.002, 0.0015, "0.001", TestName = "{m}: of an excess below a lot")]
    public void AMinimumNotionalIsAMatterOfPrice(double hedge, double primary, string sent)
    {
        var leg = BybitPerpetual with { MinimumNotional = 20m };
        var desk = new Bench(Group(hedges: leg));
        desk.Hold(leg, (decimal)hedge);
        desk.Fill(BinanceSpot, (decimal)primary);
        desk.Decide(1);
        Assert.That(desk.Sent, Is.Empty, "17 of more than 20");

        desk.View(leg).Quote = new Quote(Noon.AddHours(1), 21_000m, 0m, 21_000m, 0m, 21_000m);
        desk.Decide(2);
        Assert.That(desk.Sent, Is.EqualTo(new[] { (leg, decimal.Parse(sent, System.Globalization.CultureInfo.InvariantCulture)) }));
    }

    [TestCase(1, 20, 0.0005, TestName = "{m}: however high the price")]
    [TestCase(1, 0, 0.0005, TestName = "{m}: without a minimum value")]
    [TestCase(1000, 20, 500, TestName = "{m}: of many units")]
    public void WhatIsBelowALotRests(int units, int minimum, double primary)
    {
        var leg = BybitPerpetual with { MinimumNotional = minimum, UnitsPerContract = units, LotSize = units == 1 ? 0.001m : 1m, MinimumQuantity = 0m };
        var desk = new Bench(Group(hedges: leg));
        desk.Fill(BinanceSpot, (decimal)primary);
        desk.Decide(1);
        var reads = desk.View(leg).Reads;
        desk.Decide(2);

        Assert.That((desk.Sent.Count, desk.View(leg).Reads), Is.EqualTo((0, reads)));
    }

    [Test]
    public void WhatWasDecidedIsSentOnce()
    {
        var desk = new Bench(Group());
        desk.Hold(BinanceSpot, 1m);
        desk.Desk.Decide(Noon);
        desk.Desk.Act(Noon);
        desk.Desk.Act(Noon);

        Assert.That(desk.Sent, Has.Count.EqualTo(1));
    }

    [Test]
    public void FlatteningCancelsTheStrategysOrdersThatRaise()
    {
        var desk = new Bench(Group());
        desk.Tell(new OrderWorking(BinanceSpot.Id, 77, 1m));
        desk.Desk.Command("flatten", "BTC", Noon);

        Assert.That(desk.Cancels, Is.EqualTo(new[] { 77 }));
    }

    [Test]
    public void OnlyKnownOrdersOfTheSurplusSideAreCanceled()
    {
        // Required -0.8, held -1: the buy of 0.2 is wanted, the sells are too much, and one of them is unknown.
        var desk = new Bench(Group());
        desk.Desk.Quietly(() =>
        {
            desk.Fill(BinanceSpot, 0.8m);
            desk.Fill(BybitPerpetual, -1m);
            desk.Tell(new OrderWorking(BybitPerpetual.Id, 101, -0.5m));
            desk.Tell(new OrderWorking(BybitPerpetual.Id, 102, -0.3m));
            desk.Tell(new OrderFailed(BybitPerpetual.Id, 102, IsDefinite: false));
            desk.Tell(new OrderWorking(BybitPerpetual.Id, 103, 0.2m));
        });
        desk.Decide(0);

        Assert.That(desk.Cancels, Is.EqualTo(new[] { 101 }));
    }

    [TestCase("0.5", 1, 1, 2, 1.5, 1, TestName = "{m}: half a hedge is less hard")]
    [TestCase("1", 1, 1, 2, 2, 1, TestName = "{m}: equally hard is not harder")]
    [TestCase("1", 10, 1, 10, 20, 2, TestName = "{m}: a primary of ten units")]
    [TestCase("1", 1, 10, 2, 1, 1, TestName = "{m}: a hedge of ten units")]
    public void TheHardestIsMeasuredInContractsToBeHedged(string ratio, int primaryUnits, int hedgeUnits, double primarySize, double hedgeSize, int orders)
    {
        var primary = BinancePerpetual with { UnitsPerContract = primaryUnits };
        var hedge = BybitPerpetual with { UnitsPerContract = hedgeUnits };
        var group = new HedgeGroup("BTC", primary, [hedge], decimal.Parse(ratio, System.Globalization.CultureInfo.InvariantCulture), 0m) { PairOrder = PairOrder.HardestFirst };
        var desk = new Bench(group);
        desk.View(primary).Quote = new Quote(Noon, 17_000m, 0.001m, 17_000m, (decimal)primarySize, 17_000m);
        desk.View(hedge).Quote = new Quote(Noon, 17_000m, (decimal)hedgeSize, 17_000m, 0.001m, 17_000m);
        desk.Desk.SendPrimary(desk.Group, 1m, "entry", Noon);

        Assert.That(desk.Sent, Has.Count.EqualTo(orders));
    }

    [Test]
    public void NoticesAreToldAndTheirNumberIsBounded()
    {
        var desk = new Bench(Group());
        var told = new List<DeskNotice>();
        desk.Desk.Noticed = told.Add;
        for (var i = 0; i < 502; i++)
        {
            desk.Desk.Command("halt", "BTC", Noon);
        }

        Assert.That(desk.Desk.Notices, Has.Count.EqualTo(500));
        Assert.That(told, Is.EqualTo(desk.Desk.Notices));
    }

    [Test]
    public void ExitsOnlyBeginsBelowItsDistanceAndEndsAtItsHysteresis()
    {
        var desk = new Bench(new HedgeGroup("BTC", BinancePerpetual, [BybitPerpetual], 1m, 0m));

        Assert.That(new[] { Raises(0.05m), Raises(0.049m), Raises(0.069m), Raises(0.07m), Raises(0.05m) }, Is.EqualTo(new[] { true, false, false, true, true }));

        bool Raises(decimal distance)
        {
            desk.View(BinancePerpetual).Distance = distance;
            return desk.Judge(BinancePerpetual, 1m).Reason != GateReason.NearLiquidation;
        }
    }

    [TestCase(300, 17_000, 17_000, 17_000, 1, TestName = "{m}: exactly so old")]
    [TestCase(0, 16_830, 17_170, 17_000, 1, TestName = "{m}: exactly so wide")]
    [TestCase(0, 17_000, 17_000, 0, 0, TestName = "{m}: nothing traded yet")]
    public void ABookIsABasisUpToItsLimits(double age, double bid, double ask, double last, int orders)
    {
        var desk = new Bench(Group());
        desk.View(BybitPerpetual).Quote = new Quote(Noon.AddSeconds(-age), (decimal)bid, 0m, (decimal)ask, 0m, (decimal)last);
        desk.Fill(BinanceSpot, 1m);

        Assert.That(desk.Sent, Has.Count.EqualTo(orders));
    }

    [Test]
    public void AFillBesideAChangeOfHealthLosesNeither()
    {
        var primary = Resting();
        primary.Desk.Quietly(() =>
        {
            primary.Fill(BinanceSpot, 1m);
            primary.Tell(new HealthChanged("binance", Capability.Cancel, HealthState.Degraded, HealthReason.OrderFailures));
        });
        primary.Decide(1);
        var leg = Resting();
        leg.Desk.Quietly(() =>
        {
            leg.Fill(BybitPerpetual, 0.4m);
            leg.Tell(new HealthChanged("bybit", Capability.Cancel, HealthState.Degraded, HealthReason.OrderFailures));
        });
        leg.Decide(1);

        Assert.That(primary.Sent[^1], Is.EqualTo((BybitPerpetual, -1m)));
        Assert.That(leg.Sent[^1], Is.EqualTo((BybitPerpetual, -0.4m)));
    }

    [TestCase("0", "0.01", TestName = "{m}: the coarsest lot")]
    [TestCase("0.05", "0.05", TestName = "{m}: the band")]
    public void AResidualIsInUnitsAndInsideWithinBandOrDust(string band, string tolerance)
    {
        var ten = BinancePerpetual with { UnitsPerContract = 10m };
        var hundred = BybitPerpetual with { UnitsPerContract = 100m, LotSize = 0.00001m, MinimumQuantity = 0m };
        var coarse = new Instrument(Id("okx:perpetual:BTCUSDT"), "BTC", "USDT", 1m, 0.01m, 0m, 0m);
        var desk = new Bench(new HedgeGroup("BTC", ten, [hundred, coarse], 0.5m, decimal.Parse(band, System.Globalization.CultureInfo.InvariantCulture)));
        desk.Hold(ten, 3m);
        desk.Hold(hundred, -0.1m);
        desk.Hold(coarse, -1m);

        Assert.That(desk.Group.Residual(Noon), Is.EqualTo((4m, decimal.Parse(tolerance, System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Test]
    public void AHedgeOnTheWrongSideIsTurnedRound()
    {
        var desk = new Bench(Group());
        desk.Hold(BybitPerpetual, 1m);
        desk.Fill(BinanceSpot, 1m);

        Assert.That(desk.Sent, Is.EqualTo(new[] { (BybitPerpetual, -2m) }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void TheOldestUnknownOrderFreezesThePair(bool firstLegIsOlder)
    {
        var desk = new Bench(Group(hedges: [BybitPerpetual, BinancePerpetual]));
        var (older, newer) = firstLegIsOlder ? (BybitPerpetual, BinancePerpetual) : (BinancePerpetual, BybitPerpetual);
        foreach (var (leg, seconds) in new[] { (older, 0), (newer, 30) })
        {
            desk.Desk.Receive(new OrderWorking(leg.Id, 77 + seconds, -0.1m), Noon.AddSeconds(seconds));
            desk.Desk.Receive(new OrderFailed(leg.Id, 77 + seconds, IsDefinite: false), Noon.AddSeconds(seconds));
        }

        desk.Decide(50);
        Assert.That(desk.Group.State.UnknownFor, Is.EqualTo(TimeSpan.FromSeconds(50)));
    }

    [TestCase(1, TestName = "{m}: a long primary's hedge sells")]
    [TestCase(-1, TestName = "{m}: a short primary's hedge buys")]
    public void HeadroomIsAskedOnTheHedgesSide(int side)
    {
        var desk = new Bench(new HedgeGroup("BTC", BinancePerpetual, [BybitPerpetual], 1m, 0m));
        (desk.View(BybitPerpetual).Room, desk.View(BybitPerpetual).RoomToBuy) = side > 0 ? (5m, 0m) : (0m, 5m);

        Assert.That(desk.Judge(BinancePerpetual, 100m * side), Is.EqualTo(new GateVerdict(GateReason.HedgeCapacity, 5m)));
        desk.Fill(BinancePerpetual, side);
        Assert.That(desk.Sent, Is.EqualTo(new[] { (BybitPerpetual, -(decimal)side) }));
    }

    [TestCase(1, TestName = "{m}: sells")]
    [TestCase(-1, TestName = "{m}: buys")]
    public void AHedgeIsNotAsLargeAsItsHeadroomOrTheVenueRefusesItWhenThePriceMoves(int side)
    {
        var desk = new Bench(new HedgeSettings { HeadroomReserve = 0.1m }, new HedgeGroup("BTC", BinancePerpetual, [BybitPerpetual], 1m, 0m));
        desk.View(BybitPerpetual).Room = 1m;
        desk.Fill(BinancePerpetual, 2m * side);

        Assert.That(desk.Sent, Is.EqualTo(new[] { (BybitPerpetual, -0.9m * side) }));
        Assert.That(desk.Group.Decision!.Value.Reason, Is.EqualTo(UnhedgedReason.NoHeadroom));
    }

    [TestCase(1, TestName = "{m}: sells")]
    [TestCase(-1, TestName = "{m}: buys")]
    public void WhatTheVenueHasNotAnsweredTakesOfItsHeadroom(int side)
    {
        var desk = new Bench(new HedgeGroup("BTC", BinancePerpetual, [BybitPerpetual], 1m, 0m));
        desk.View(BybitPerpetual).Room = 1m;
        desk.Fill(BinancePerpetual, 0.6m * side);
        desk.Fill(BinancePerpetual, 0.6m * side);

        Assert.That(desk.Sent, Is.EqualTo(new[] { (BybitPerpetual, -0.6m * side), (BybitPerpetual, -0.4m * side) }));
        Assert.That(desk.Group.Decision!.Value.Reason, Is.EqualTo(UnhedgedReason.NoHeadroom));
    }

    [Test]
    public void FiveMinutesAfterItsReturnAVenueIsPreferredAgain()
    {
        var desk = new Bench(Group(hedges: [BybitPerpetual, BinancePerpetual]));
        desk.Tell(new HealthChanged("bybit", Capability.Trade, HealthState.Down, HealthReason.Disconnected));
        desk.Tell(new HealthChanged("bybit", Capability.Trade, HealthState.Healthy, HealthReason.None));
        desk.Fill(BinanceSpot, 0.2m, 300);

        Assert.That(desk.Sent, Is.EqualTo(new[] { (BybitPerpetual, -0.2m) }));
    }

    [TestCase(HedgeSplit.Cost, "binance")]
    [TestCase(HedgeSplit.Preference, "bybit")]
    public void WithASplitByCostTheDeskAsksWhatALegCosts(HedgeSplit split, string market)
    {
        var desk = new Bench(Group(hedges: [BybitPerpetual, BinancePerpetual]) with { Split = split });
        desk.View(BybitPerpetual).TakerFee = 0.001m;
        desk.Fill(BinanceSpot, 1m);

        Assert.That(desk.Sent.Single().Item1.Id.Route.Market, Is.EqualTo(market));
    }

    [Test]
    public void TheCostIsThatOfTheContractsThatAreMissing()
    {
        // A tenth of a contract meets one quoted; ten contracts would have an impact of more than the other's fee.
        var ten = BybitPerpetual with { UnitsPerContract = 10m };
        var desk = new Bench(Group(hedges: [BinancePerpetual, ten]) with { Split = HedgeSplit.Cost });
        desk.View(BinancePerpetual).TakerFee = 0.00001m;
        desk.View(ten).Quote = new Quote(Noon, 17_000m, 1m, 17_000m, 1m, 17_000m);
        desk.Fill(BinanceSpot, 1m);

        Assert.That(desk.Sent, Is.EqualTo(new[] { (ten, -0.1m) }));
    }

    private static Bench TwoMakers()
    {
        var desk = new Bench(Group(hedges: [BybitPerpetual, BinancePerpetual]) with { IsMakerFirst = true, Split = HedgeSplit.Weights, Weights = [0.5m, 0.5m] });
        foreach (var leg in new[] { BybitPerpetual, BinancePerpetual })
        {
            desk.View(leg).Quote = new Quote(Noon, 16_990m, 0m, 17_010m, 0m, 17_000m);
        }

        desk.OnSend = (id, order) => desk.Tell(new OrderWorking(order.Instrument.Id, id, order.Quantity));
        desk.Fill(BinanceSpot, 0.4m);
        return desk;
    }
}
