using System;
using System.Linq;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Hedging;

/// <summary>What stands around the decision: messages, patience, budgets, limits and commands.</summary>
[TestFixture]
public sealed class HedgeDeskTests
{
    [Test]
    public void AFillOfThePrimaryIsHedgedByItsOwnMessage()
    {
        var venue = Create();
        venue.Trade(BinanceSpot, 1m);

        Assert.That(venue.SentTexts, Is.EqualTo(new[] { "-1 bybit" }));
    }

    [Test]
    public void WhatWasSentIsNotSentAgainByTheNextLook()
    {
        var venue = Create();
        venue.Trade(BinanceSpot, 1m);
        venue.Wait();
        venue.Accept(1);
        venue.Wait();
        venue.Fill(1);
        venue.Wait();

        Assert.That(venue.Sent, Has.Count.EqualTo(1));
    }

    [Test]
    public void ARepeatedMessageChangesNothing()
    {
        var venue = Create();
        var execution = new Execution(BinanceSpot.Id, 0, 5, 1, 1m, 0m, 17_000m);
        venue.Desk.Receive([execution, execution], venue.Now);

        Assert.That(venue.SentTexts, Is.EqualTo(new[] { "-1 bybit" }));
    }

    [Test]
    public void AMessageAboutNothingOfOursDoesNotLoseTheOthersOfItsBatch()
    {
        var venue = Create();
        venue.Desk.Receive(
            [
                new OrderWorking(Id("kraken:spot:ETHUSD"), 7, 1m),
                new OrderOver(BybitPerpetual.Id, 99, 0m, 1),
                new Execution(BinanceSpot.Id, 0, 5, 1, 1m, 0m, 17_000m),
            ],
            venue.Now);

        Assert.That(venue.SentTexts, Is.EqualTo(new[] { "-1 bybit" }));
    }

    [Test]
    public void AnUnansweredOrderBecomesUnknownAndEvidenceIsAskedForNeverASecondOrder()
    {
        var venue = Create();
        venue.Trade(BinanceSpot, 1m);
        for (var i = 0; i < 20; i++)
        {
            venue.Wait();
        }

        Assert.That(venue.Sent, Has.Count.EqualTo(1));
        Assert.That(venue.Queried, Has.Count.EqualTo(6), "from the tenth second every two seconds");
        Assert.That(venue.Desk.Groups[0].State.Pair, Is.EqualTo(PairState.Frozen));
    }

    [Test]
    public void AnUnknownOrderFreezesItsPairAndNoOther()
    {
        var eth = new HedgeGroup("ETH", new Instrument(Id("binance:spot:ETHUSDT"), "ETH", "USDT", 1m, 0.001m, 0m, 0m), [new Instrument(Id("bybit:perpetual:ETHUSDT"), "ETH", "USDT", 1m, 0.01m, 0m, 0m)], 1m, 0m);
        var venue = new FakeVenue(new HedgeSettings(), Group(), eth);
        venue.Trade(BinanceSpot, 1m);
        venue.Fail(1, isDefinite: false);
        venue.Trade(BinanceSpot, 1m);
        venue.Trade(eth.Primary, 2m);

        Assert.That(venue.SentTexts, Is.EqualTo(new[] { "-1 bybit", "-2 bybit" }));
        Assert.That(venue.Sent[1].Order.Instrument, Is.SameAs(eth.Hedges[0]));
        Assert.That(venue.Desk.Groups[0].Decision!.Value.Reason, Is.EqualTo(UnhedgedReason.OutcomeUnknown));
    }

    [Test]
    public void EvidenceThatTheVenueNeverHadItSendsTheHedgeAnew()
    {
        var venue = Create();
        venue.Trade(BinanceSpot, 1m);
        venue.Fail(1, isDefinite: false);
        venue.Fail(1, isDefinite: true);
        Assert.That(venue.Sent, Has.Count.EqualTo(1), "after a refusal the leg waits");

        venue.Wait(30);
        Assert.That(venue.SentTexts, Is.EqualTo(new[] { "-1 bybit", "-1 bybit" }));
    }

    [Test]
    public void ARefusedHedgeWaitsItsPauseAndARefusedExitASecond()
    {
        var venue = Create();
        venue.Trade(BinanceSpot, 1m);
        venue.Fill(1);
        venue.Trade(BinanceSpot, -1m);
        venue.Fail(2, isDefinite: true);
        Assert.That(venue.Sent, Has.Count.EqualTo(2));

        venue.Wait();
        Assert.That(venue.SentTexts.Last(), Is.EqualTo("1 bybit"));
        Assert.That(venue.Sent, Has.Count.EqualTo(3));
    }

    [Test]
    public void AnOrderThatIsRefusedBeforeItLeavesIsARefusal()
    {
        var venue = Create();
        venue.RefusesBeforeItLeaves = true;
        venue.Trade(BinanceSpot, 1m);

        Assert.That(venue.Desk.Groups[0].Decision!.Value.Reason, Is.EqualTo(UnhedgedReason.Backoff));
    }

    [Test]
    public void TooManyOrdersAMinuteHaltTheGroupAndExitsGoOn()
    {
        var venue = new FakeVenue(new HedgeSettings { OrderBudget = 3 }, Group());
        for (var i = 1; i <= 3; i++)
        {
            venue.Trade(BinanceSpot, 0.1m);
            venue.Fill(i);
        }

        venue.Trade(BinanceSpot, 0.1m);
        Assert.That(venue.Sent, Has.Count.EqualTo(3));
        Assert.That(venue.Desk.Groups[0].Halts, Is.EqualTo(HaltCauses.OrderBudget));
        Assert.That(venue.Desk.Notices.Single().Text, Does.Contain("more than 3 orders a minute at bybit"));

        venue.Trade(BinanceSpot, -0.3m);
        Assert.That(venue.SentTexts.Last(), Is.EqualTo("0.2 bybit"));
    }

    [Test]
    public void AHaltedGroupRaisesNothingAndItsExitsPass()
    {
        var venue = Create();
        venue.Trade(BinanceSpot, 1m);
        venue.Fill(1);
        Assert.That(venue.Desk.Command("halt", "BTC", venue.Now).IsDone, Is.True);

        Assert.That(venue.Desk.Judge(BinanceSpot.Id, 0.1m, venue.Now).Reason, Is.EqualTo(GateReason.Halted));
        Assert.That(venue.Desk.Judge(BinanceSpot.Id, -1m, venue.Now).IsAccepted, Is.True);
        venue.Trade(BinanceSpot, 1m);
        Assert.That(venue.Sent, Has.Count.EqualTo(1));
        Assert.That(venue.Desk.Groups[0].Decision!.Value.Reason, Is.EqualTo(UnhedgedReason.Halted));

        venue.Desk.Command("resume", "BTC", venue.Now);
        Assert.That(venue.SentTexts.Last(), Is.EqualTo("-1 bybit"));
    }

    [Test]
    public void FlatteningClosesBothLegsTogether()
    {
        var venue = Create();
        venue.Trade(BinanceSpot, 1m);
        venue.Fill(1);
        venue.Desk.Command("flatten", "bybit", venue.Now);

        Assert.That(venue.SentTexts, Is.EqualTo(new[] { "-1 bybit", "-1 binance", "1 bybit" }));
        venue.Fill(2);
        venue.Fill(3);
        venue.Wait();
        Assert.That(venue.Sent, Has.Count.EqualTo(3));
    }

    [Test]
    public void TheKillSwitchFlattensEverythingAndHalts()
    {
        var venue = Create();
        venue.Trade(BinanceSpot, 1m);
        venue.Fill(1);
        venue.Desk.Command("kill", "", venue.Now);

        Assert.That(venue.SentTexts, Is.EqualTo(new[] { "-1 bybit", "-1 binance", "1 bybit" }));
        Assert.That(venue.Desk.Health.Select(health => health.Orders), Is.All.EqualTo(HealthState.Halted));
    }

    [TestCase("halt", "ETH", "no such group or venue; groups are BTC, venues binance, bybit, or all")]
    [TestCase("stop", "BTC", "command 'stop' is unknown: use one of halt, resume, flatten, kill")]
    public void AnUnknownCommandOrTargetIsRefusedAndChangesNothing(string command, string target, string answer)
    {
        var venue = Create();
        var result = venue.Desk.Command(command, target, venue.Now);

        Assert.That(result.IsDone, Is.False);
        Assert.That(result.Text, Does.Contain(answer));
        Assert.That(venue.Desk.Groups[0].Halts, Is.EqualTo(HaltCauses.None));
        Assert.That(venue.Desk.Notices, Is.Empty);
    }

    [Test]
    public void TheGateKnowsTheLimitsOfGroupAndVenue()
    {
        var group = Group() with { Limits = new ExposureLimits(Exposure: 34_000m) };
        var venue = new FakeVenue(new HedgeSettings { Venues = new System.Collections.Generic.Dictionary<string, ExposureLimits> { ["binance"] = new(Exposure: 25_500m) } }, group);

        Assert.That(venue.Desk.Judge(BinanceSpot.Id, 2m, venue.Now), Is.EqualTo(new GateVerdict(GateReason.Exposure, 1.5m)));
        Assert.That(venue.Desk.Judge(BinanceSpot.Id, 1.5m, venue.Now).IsAccepted, Is.True);
    }

    [Test]
    public void AResidualBeyondItsLimitStopsRaising()
    {
        var group = Group() with { Limits = new ExposureLimits(Naked: 10_000m) };
        var venue = new FakeVenue(new HedgeSettings(), group);
        venue.SetHealth("bybit", HealthState.Down);
        venue.Trade(BinanceSpot, 1m);

        Assert.That(venue.Desk.Judge(BinanceSpot.Id, 0.1m, venue.Now).Reason, Is.EqualTo(GateReason.Naked));
    }

    [Test]
    public void TooMuchAtOneVenueIsSaidAndThenStopsRaisingThere()
    {
        var venue = Create();
        venue.Equity["binance"] = 95m;
        venue.Equity["bybit"] = 5m;

        Assert.That(venue.Desk.Judge(BinanceSpot.Id, 0.1m, venue.Now).Reason, Is.EqualTo(GateReason.Concentration));
        Assert.That(venue.Desk.Notices.Single().Kind, Is.EqualTo(DeskNoticeKind.Concentration));
    }

    [Test]
    public void WhatOtherGroupsWillNeedIsNotThereForANewPrimary()
    {
        var eth = new HedgeGroup("ETH", new Instrument(Id("binance:spot:ETHUSDT"), "ETH", "USDT", 1m, 0.001m, 0m, 0m), [new Instrument(Id("bybit:perpetual:ETHUSDT"), "ETH", "USDT", 1m, 0.01m, 0m, 0m)], 1m, 0m);
        var venue = new FakeVenue(new HedgeSettings(), Group(), eth);
        venue.ViewOf(BybitPerpetual).Room = 3m;
        venue.Desk.Receive(new OrderWorking(eth.Primary.Id, 50, 1m), venue.Now);

        Assert.That(venue.Desk.Judge(BinanceSpot.Id, 3m, venue.Now).Largest, Is.EqualTo(2m));
    }

    [Test]
    public void TooNearToLiquidationBothLegsShrinkByWhatReachesTheTarget()
    {
        var venue = Create();
        venue.Trade(BinanceSpot, 1m);
        venue.Fill(1);
        venue.ViewOf(BybitPerpetual).Distance = venue.LowestDistance = 0.09m;
        venue.Wait();

        // 0.09 to 0.15: two fifths of the position.
        Assert.That(venue.SentTexts.Skip(1), Is.EqualTo(new[] { "-0.4 binance", "0.4 bybit" }));
        Assert.That(venue.Desk.Notices.Select(notice => notice.Kind), Has.Some.EqualTo(DeskNoticeKind.Distance));
        venue.Wait();
        Assert.That(venue.Sent, Has.Count.EqualTo(3), "one shrink at a time");
    }

    [Test]
    public void AKeptPrimaryHasItsHedgeMovedToAnotherVenueOneAfterTheOther()
    {
        var group = Group(hedges: [BybitPerpetual, BinancePerpetual]) with { KeepsPrimary = true };
        var venue = new FakeVenue(new HedgeSettings(), group);
        venue.Trade(BinanceSpot, 1m);
        venue.Fill(1);
        venue.ViewOf(BybitPerpetual).Distance = venue.LowestDistance = 0.09m;
        venue.ViewOf(BybitPerpetual).Room = 0m;
        venue.Wait();
        Assert.That(venue.SentTexts.Skip(1), Is.EqualTo(new[] { "0.4 bybit" }));

        venue.ViewOf(BybitPerpetual).Distance = venue.LowestDistance = 0.15m;
        venue.Fill(2);
        Assert.That(venue.SentTexts.Skip(2), Is.EqualTo(new[] { "-0.4 binance" }));
    }

    [Test]
    public void AKeptPrimaryWithoutAnotherVenueIsSaid()
    {
        var venue = new FakeVenue(new HedgeSettings(), Group() with { KeepsPrimary = true });
        venue.Trade(BinanceSpot, 1m);
        venue.Fill(1);
        venue.ViewOf(BybitPerpetual).Distance = venue.LowestDistance = 0.09m;
        venue.Wait();

        Assert.That(venue.Sent, Has.Count.EqualTo(1));
        Assert.That(venue.Desk.Notices.Select(notice => notice.Kind), Has.Some.EqualTo(DeskNoticeKind.NoHeadroom));
    }

    [Test]
    public void ExitsOnlyEndsWithHysteresis()
    {
        var perpetual = new HedgeGroup("BTC", BinancePerpetual, [BybitPerpetual], 1m, 0m);
        var venue = new FakeVenue(new HedgeSettings(), perpetual);
        var view = venue.ViewOf(BinancePerpetual);

        bool Raises(decimal distance)
        {
            view.Distance = distance;
            return venue.Desk.Judge(BinancePerpetual.Id, 1m, venue.Now).Reason != GateReason.NearLiquidation;
        }

        Assert.That(new[] { Raises(0.051m), Raises(0.049m), Raises(0.06m), Raises(0.071m) }, Is.EqualTo(new[] { true, false, false, true }));
    }

    [Test]
    public void WhatCouldNotBeCompletedInTimeIsEndedByReducingThePrimary()
    {
        var venue = Create();
        venue.Trade(BinanceSpot, 1m);
        venue.Fill(1);
        venue.SetHealth("bybit", HealthState.Down);
        venue.Trade(BinanceSpot, 0.5m);
        venue.Wait(59);
        Assert.That(venue.Sent, Has.Count.EqualTo(1));

        venue.Wait();
        Assert.That(venue.SentTexts.Last(), Is.EqualTo("-0.5 binance"));
        venue.Wait();
        Assert.That(venue.Sent, Has.Count.EqualTo(2));
    }

    [Test]
    public void AVenueThatIsDownKeepsItsPositionCounted()
    {
        var venue = new FakeVenue(new HedgeSettings(), Group(hedges: [BybitPerpetual, BinancePerpetual]));
        venue.Trade(BinanceSpot, 1m);
        venue.Fill(1);
        venue.SetHealth("bybit", HealthState.Down);
        venue.Trade(BinanceSpot, 0.2m);

        Assert.That(venue.SentTexts.Skip(1), Is.EqualTo(new[] { "-0.2 binance" }));
    }

    [Test]
    public void AVenueThatCameBackIsTheLastChoiceForAWhile()
    {
        var venue = new FakeVenue(new HedgeSettings(), Group(hedges: [BybitPerpetual, BinancePerpetual]));
        venue.SetHealth("bybit", HealthState.Down);
        venue.SetHealth("bybit", HealthState.Healthy);
        venue.Trade(BinanceSpot, 0.2m);
        venue.Fill(1);
        venue.Wait(300);
        venue.Trade(BinanceSpot, 0.2m);

        Assert.That(venue.SentTexts, Is.EqualTo(new[] { "-0.2 binance", "-0.2 bybit" }));
    }

    [Test]
    public void AMakerRestsForItsPatienceAndThenTakes()
    {
        var venue = new FakeVenue(new HedgeSettings(), Group() with { IsMakerFirst = true });
        venue.ViewOf(BybitPerpetual).Quote = new Quote(venue.Now, 16_990m, 5m, 17_010m, 5m, 17_000m);
        venue.Trade(BinanceSpot, 0.5m);
        Assert.That(venue.Sent.Single().Order.LimitPrice, Is.EqualTo(17_010m));
        venue.Accept(1);
        Assert.That(venue.Desk.Groups[0].Decision!.Value.Reason, Is.EqualTo(UnhedgedReason.MakerPatience));

        venue.ViewOf(BybitPerpetual).Quote = new Quote(venue.Now, 16_990m, 5m, 17_010m, 5m, 17_000m);
        venue.Wait(9);
        Assert.That(venue.Canceled, Is.Not.Empty, "the spread closed: no patience is left");
        venue.Desk.Receive(new OrderOver(BybitPerpetual.Id, 1, 0m, 9), venue.Now);
        Assert.That(venue.Sent.Last().Order.LimitPrice, Is.Null);
    }

    [Test]
    public void LegsSentTogetherCountTheWorkingPrimary()
    {
        var venue = new FakeVenue(new HedgeSettings(), Group() with { PairOrder = PairOrder.Together });
        venue.Desk.SendPrimary(venue.Desk.Groups[0], 1m, "test", venue.Now);

        Assert.That(venue.SentTexts, Is.EqualTo(new[] { "1 binance", "-1 bybit" }));
        venue.Fail(1, isDefinite: true);
        venue.Fill(2);
        Assert.That(venue.SentTexts.Last(), Is.EqualTo("1 bybit"), "the primary came to nothing: its hedge is given back");
    }

    [Test]
    public void AGroupAtRestIsNotDecidedOrLoggedAgainAndCostsNoMemory()
    {
        var venue = Create();
        venue.Trade(BinanceSpot, 1m);
        venue.Fill(1);
        venue.Wait();
        var (logged, now) = (venue.Desk.Log.Count, venue.Now);
        venue.Desk.Decide(now);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            now = now.AddSeconds(1);
            venue.Desk.Decide(now);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(venue.Desk.Log.Count, Is.EqualTo(logged));
        Assert.That(venue.Desk.Evaluations, Is.GreaterThan(1000));
    }

    private static FakeVenue Create() => new(new HedgeSettings(), Group());
}
