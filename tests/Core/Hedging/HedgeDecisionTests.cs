using System;
using System.Linq;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Hedging;

[TestFixture]
public sealed class HedgeDecisionTests
{
    [TestCase("1.2988", "-1.298", TestName = "{m}: rounds toward zero to the lot")]
    [TestCase("0.0009", "", TestName = "{m}: leaves what is below the lot")]
    [TestCase("-1.2988", "1.298", TestName = "{m}: a short primary is hedged long")]
    public void AFlatHedgeTakesAllThatTheLotAllows(string primary, string sent)
    {
        var decision = HedgeDecision.Decide(State(Group(), Amount(primary)));

        Assert.That(string.Join(' ', Sent(decision)), Is.EqualTo(sent));
    }

    [Test]
    public void WhatIsBelowTheLotIsSaid()
    {
        var decision = HedgeDecision.Decide(State(Group(), 0.0009m));

        Assert.That(decision.Reason, Is.EqualTo(UnhedgedReason.BelowMinimum));
        Assert.That(decision.UncoveredUnits, Is.EqualTo(-0.0009m));
    }

    [Test]
    public void TheRatioScalesWhatIsRequired()
        => Assert.That(Sent(HedgeDecision.Decide(State(Group(ratio: 0.5m), 2m))), Is.EqualTo(new[] { -1m }));

    [Test]
    public void WorkingOrdersCountAsIfFilled()
    {
        var decision = HedgeDecision.Decide(State(Group(), 1m, Leg(BybitPerpetual, held: -0.2m, selling: -0.5m)));

        Assert.That(Sent(decision), Is.EqualTo(new[] { -0.3m }));
    }

    [Test]
    public void TheBandKeepsSmallUnderHedgesButNoOverHedge()
    {
        var group = Group(band: 0.01m);

        var under = HedgeDecision.Decide(State(group, 1.009m, Leg(BybitPerpetual, held: -1m)));
        var over = HedgeDecision.Decide(State(group, 0.991m, Leg(BybitPerpetual, held: -1m)));

        Assert.That(under.Actions, Is.Empty);
        Assert.That(under.Reason, Is.EqualTo(UnhedgedReason.None));
        Assert.That(Sent(over), Is.EqualTo(new[] { 0.009m }));
    }

    [Test]
    public void AnOverHedgeIsReducedBelowTheRequirementNeverLeftAboveIt()
    {
        // Required is 0.9905, toward zero 0.990: the odd half lot goes too.
        var decision = HedgeDecision.Decide(State(Group(), 0.9905m, Leg(BybitPerpetual, held: -1m)));

        Assert.That(Sent(decision), Is.EqualTo(new[] { 0.010m }));
    }

    [Test]
    public void WithoutAFreshPriceNothingIsIncreased()
    {
        var decision = HedgeDecision.Decide(State(Group(), 1m, Leg(BybitPerpetual, held: -0.4m, price: null)));

        Assert.That(decision.Actions, Is.Empty);
        Assert.That(decision.Reason, Is.EqualTo(UnhedgedReason.NoFreshPrice));
    }

    [Test]
    public void AnExitNeedsNoFreshPrice()
    {
        var decision = HedgeDecision.Decide(State(Group(), 0.4m, Leg(BybitPerpetual, held: -1m, price: null)));

        Assert.That(Sent(decision), Is.EqualTo(new[] { 0.6m }));
    }

    [Test]
    public void AReversalOnAStalePriceClosesAndStopsAtZero()
    {
        var decision = HedgeDecision.Decide(State(Group(), -0.5m, Leg(BybitPerpetual, held: -1m, price: null)));

        Assert.That(Sent(decision), Is.EqualTo(new[] { 1m }));
        Assert.That(decision.Reason, Is.EqualTo(UnhedgedReason.NoFreshPrice));
    }

    [Test]
    public void AReversalOnAFreshPriceIsOneOrder()
    {
        var decision = HedgeDecision.Decide(State(Group(), -0.5m, Leg(BybitPerpetual, held: -1m)));

        Assert.That(Sent(decision), Is.EqualTo(new[] { 1.5m }));
    }

    [Test]
    public void AWorkingOrderThatWouldOverHedgeIsCanceledBeforeAnythingIsSent()
    {
        var decision = HedgeDecision.Decide(State(Group(), 0.1m, Leg(BybitPerpetual, held: 0m, selling: -0.5m)));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new CancelHedge(BybitPerpetual, Buys: false) }));
    }

    [Test]
    public void AnExitRoundedPastTheExactRequirementIsNotCanceled()
    {
        // Found by a random run: required 0.0131903, toward zero 0.013, so that 0.002 of 0.015 are closed, not 0.0018097.
        var decision = HedgeDecision.Decide(State(Group(), 0.0131903m, Leg(BybitPerpetual, held: -0.015m, buying: 0.002m, price: null)));

        Assert.That(decision.Actions, Is.Empty);
    }

    [Test]
    public void ALegInBackoffWaitsAndTheNextOneTakesOver()
    {
        var group = Group(hedges: [BybitPerpetual, BinancePerpetual]);

        var decision = HedgeDecision.Decide(State(group, 1m, Leg(BybitPerpetual, backoff: true), Leg(BinancePerpetual)));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(BinancePerpetual, -1m) }));
    }

    [Test]
    public void AllLegsInBackoffIsAReason()
    {
        var decision = HedgeDecision.Decide(State(Group(), 1m, Leg(BybitPerpetual, backoff: true)));

        Assert.That(decision.Actions, Is.Empty);
        Assert.That(decision.Reason, Is.EqualTo(UnhedgedReason.Backoff));
    }

    [Test]
    public void TheLeastPreferredLegIsReducedFirst()
    {
        var group = Group(hedges: [BybitPerpetual, BinancePerpetual]);

        var decision = HedgeDecision.Decide(State(group, 0.5m, Leg(BybitPerpetual, held: -1m), Leg(BinancePerpetual, held: -0.4m)));

        Assert.That(
            decision.Actions,
            Is.EqualTo(new HedgeAction[] { new SendHedge(BinancePerpetual, 0.4m), new SendHedge(BybitPerpetual, 0.5m) }));
    }

    [Test]
    public void TheNotionalMinimumIsStrict()
    {
        var leg = BybitPerpetual with { MinimumNotional = 17m };

        var at = HedgeDecision.Decide(State(Group(hedges: leg), 0.001m, Leg(leg)));
        var above = HedgeDecision.Decide(State(Group(hedges: leg), 0.001m, Leg(leg, price: 17_001m)));

        Assert.That(at.Actions, Is.Empty);
        Assert.That(at.Reason, Is.EqualTo(UnhedgedReason.BelowMinimum));
        Assert.That(Sent(above), Is.EqualTo(new[] { -0.001m }));
    }

    [Test]
    public void ContractsOfManyUnitsCountInUnits()
    {
        var thousand = BybitPerpetual with { UnitsPerContract = 1000m, LotSize = 1m, MinimumQuantity = 1m };

        Assert.That(Sent(HedgeDecision.Decide(State(Group(hedges: thousand), 2500m, Leg(thousand)))), Is.EqualTo(new[] { -2m }));
    }

    [Test]
    public void NothingIsSentWhileWarmingUp()
    {
        var state = State(Group(), 1m);
        state.IsWarmingUp = true;

        var decision = HedgeDecision.Decide(state);

        Assert.That(decision.Actions, Is.Empty);
        Assert.That(decision.Reason, Is.EqualTo(UnhedgedReason.WarmingUp));
    }

    [Test]
    public void AnExitGoesOutBesideACancelOfTheOtherSide()
    {
        // The surplus sell is canceled and counts until it is gone; the over-hedge does not wait for that.
        var decision = HedgeDecision.Decide(State(Group(), 0.4m, Leg(BybitPerpetual, held: -1m, selling: -0.5m)));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new CancelHedge(BybitPerpetual, Buys: false), new SendHedge(BybitPerpetual, 0.6m) }));
    }

    [Test]
    public void NothingIsSentBehindACancelOnItsOwnSide()
    {
        // If the cancel comes too late, the working sell alone is too much.
        var decision = HedgeDecision.Decide(State(Group(), 1m, Leg(BybitPerpetual, held: -0.8m, selling: -0.5m)));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new CancelHedge(BybitPerpetual, Buys: false) }));
    }

    [Test]
    public void WhatWorksOnTheOtherSideCoversNothing()
    {
        // Required -1, held -1, a buy of 0.4 works: filled it would leave 0.4 naked, and it is canceled, not sold against.
        var decision = HedgeDecision.Decide(State(Group(), 1m, Leg(BybitPerpetual, held: -1m, buying: 0.4m)));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new CancelHedge(BybitPerpetual, Buys: true) }));
    }

    [Test]
    public void APositionOffTheLotLeavesNoSilentResidual()
    {
        var odd = BybitPerpetual with { LotSize = 1m, MinimumQuantity = 1m };

        var decision = HedgeDecision.Decide(State(Group(hedges: odd), 1.9m, Leg(odd, held: -0.5m)));

        Assert.That(decision.Actions, Is.Empty, "one more would be 1.5, above the 1 that 1.9 rounds to");
        Assert.That((decision.UncoveredUnits, decision.Reason), Is.EqualTo((-1.4m, UnhedgedReason.BelowMinimum)));
    }

    [TestCase(HealthState.Unseen)]
    [TestCase(HealthState.Degraded)]
    [TestCase(HealthState.Halted)]
    [TestCase(HealthState.Down)]
    public void OnlyAHealthyVenueAdds(HealthState health)
    {
        var decision = HedgeDecision.Decide(State(Group(), 1m, Leg(BybitPerpetual) with { Health = health }));

        Assert.That(decision.Actions, Is.Empty);
        Assert.That((decision.Reason, decision.UncoveredUnits), Is.EqualTo((UnhedgedReason.NoHealthyVenue, -1m)));
    }

    [Test]
    public void WithoutHeadroomNothingIsAdded()
    {
        var decision = HedgeDecision.Decide(State(Group(), 1m, Leg(BybitPerpetual) with { Headroom = 0m }));

        Assert.That(decision.Actions, Is.Empty);
        Assert.That(decision.Reason, Is.EqualTo(UnhedgedReason.NoHeadroom));
    }

    [Test]
    public void HeadroomIsRoundedTowardZeroAndTheRestIsSaid()
    {
        var decision = HedgeDecision.Decide(State(Group(), 1m, Leg(BybitPerpetual) with { Headroom = 0.4567m }));

        Assert.That(Sent(decision), Is.EqualTo(new[] { -0.456m }));
        Assert.That((decision.Reason, decision.UncoveredUnits), Is.EqualTo((UnhedgedReason.NoHeadroom, -0.544m)));
    }

    [Test]
    public void WhenTheRestFindsRoomElsewhereNothingIsLeftToSay()
    {
        var decision = HedgeDecision.Decide(State(Two(), 1m, Leg(BybitPerpetual) with { Headroom = 0.4m }, Leg(BinancePerpetual)));

        Assert.That((SentTo(decision, BybitPerpetual), SentTo(decision, BinancePerpetual)), Is.EqualTo((-0.4m, -0.6m)));
        Assert.That(decision.Reason, Is.EqualTo(UnhedgedReason.None));
    }

    [Test]
    public void TheReasonThatPassesSoonestIsTold()
    {
        var decision = HedgeDecision.Decide(State(Two(), 1m, Leg(BybitPerpetual) with { Health = HealthState.Down }, Leg(BinancePerpetual, backoff: true)));

        Assert.That(decision.Reason, Is.EqualTo(UnhedgedReason.Backoff));
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public void AHaltedGroupAddsNothingAndStillReduces(bool halted, bool flattening)
    {
        var adds = Halt(State(Group(), 1m, Leg(BybitPerpetual, held: -0.4m)));
        var reduces = Halt(State(Group(), 0m, Leg(BybitPerpetual, held: -0.4m)));

        Assert.That((Sent(HedgeDecision.Decide(reduces))), Is.EqualTo(new[] { 0.4m }));
        if (halted)
        {
            var decision = HedgeDecision.Decide(adds);
            Assert.That(decision.Actions, Is.Empty);
            Assert.That(decision.Reason, Is.EqualTo(UnhedgedReason.Halted));
        }

        GroupState Halt(GroupState state)
        {
            (state.IsHalted, state.IsFlattening) = (halted, flattening);
            return state;
        }
    }

    [Test]
    public void FlatteningClosesBothLegsTogether()
    {
        var state = State(Group(), Leg(BinanceSpot, 1.23456m, buying: 0.5m), Leg(BybitPerpetual, held: -1.234m));
        state.IsFlattening = true;

        var decision = HedgeDecision.Decide(state);

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[]
        {
            new CancelPrimary(BinanceSpot, Buys: true),
            new ReducePrimary(BinanceSpot, -1.23456m),
            new SendHedge(BybitPerpetual, 1.234m),
        }));
    }

    [Test]
    public void FlatteningKeepsTheHedgeOfAPrimaryThatCannotBeSoldNow()
    {
        var state = State(Group(), Leg(BinanceSpot, 1m) with { Health = HealthState.Down }, Leg(BybitPerpetual, held: -1m));
        state.IsFlattening = true;

        Assert.That(HedgeDecision.Decide(state).Actions, Is.Empty);
    }

    [TestCase(60, false)]
    [TestCase(61, true)]
    public void AnExitOfThePrimaryThatDoesNotFillIsCanceledSoThatTheRestCanEnd(int seconds, bool isCanceled)
    {
        var primary = Leg(BinanceSpot, 1m, selling: -1m) with { SellingFor = TimeSpan.FromSeconds(seconds) };
        var flattening = State(Group(), primary, Leg(BybitPerpetual, held: -1m));
        flattening.IsFlattening = true;
        var uncovered = State(Group(), primary, Leg(BybitPerpetual) with { Headroom = 0m });
        uncovered.UncoveredFor = TimeSpan.FromSeconds(60);
        var shrinking = State(Group(), primary with { Distance = 0.05m }, Leg(BybitPerpetual, held: -1m));
        shrinking.IsShrinking = true;
        var expected = isCanceled ? new HedgeAction[] { new CancelPrimary(BinanceSpot, Buys: false) } : [];

        Assert.That(HedgeDecision.Decide(flattening).Actions, Is.EqualTo(expected));
        Assert.That(HedgeDecision.Decide(uncovered).Actions, Is.EqualTo(expected));
        Assert.That(HedgeDecision.Decide(shrinking).Actions, Is.EqualTo(expected));
    }

    [Test]
    public void FlatteningSellsWhatItsExitsDoNotAlreadySell()
    {
        var state = State(Group(), Leg(BinanceSpot, 1m, selling: -0.4m) with { WorkingTogether = -0.4m }, Leg(BybitPerpetual, held: -0.6m));
        state.IsFlattening = true;

        Assert.That(HedgeDecision.Decide(state).Actions, Is.EqualTo(new HedgeAction[] { new ReducePrimary(BinanceSpot, -0.6m), new SendHedge(BybitPerpetual, 0.6m) }));
    }

    [Test]
    public void AnUnknownOrderFreezesThePairWithinItsLimit()
    {
        var state = Unknown(TimeSpan.FromSeconds(60));

        var decision = HedgeDecision.Decide(state);

        Assert.That(state.Pair, Is.EqualTo(PairState.Frozen));
        Assert.That(decision.Actions, Is.Empty);
        Assert.That((decision.Reason, decision.UncoveredUnits), Is.EqualTo((UnhedgedReason.OutcomeUnknown, -0.6m)), "the unknown order's worst case counts");
    }

    [Test]
    public void AfterItsLimitAnotherLegTakesWhatTheUnknownOrderDoesNotCover()
    {
        var decision = HedgeDecision.Decide(Unknown(TimeSpan.FromSeconds(60.001)));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(BinancePerpetual, -0.6m) }), "never the leg itself, and the worst case still counts");
    }

    [Test]
    public void AnUnknownOrderThatIsTooMuchIsNotCanceledButItsExitWaits()
    {
        var leg = Leg(BybitPerpetual, held: -1m, selling: -0.4m) with { UnknownSell = -0.4m };
        var state = State(Group(), 0.5m, leg);
        state.UnknownFor = TimeSpan.FromSeconds(5);

        var decision = HedgeDecision.Decide(state);

        Assert.That(decision.Actions, Is.Empty);
        Assert.That((decision.Reason, decision.UncoveredUnits), Is.EqualTo((UnhedgedReason.OutcomeUnknown, 0.5m)));
    }

    [Test]
    public void AnExitElsewhereDoesNotWaitForAnUnknownOrder()
    {
        var state = State(Two(), 0m, Leg(BybitPerpetual, held: -0.5m), Leg(BinancePerpetual, selling: -0.4m) with { UnknownSell = -0.4m });
        state.UnknownFor = TimeSpan.FromSeconds(5);

        Assert.That(HedgeDecision.Decide(state).Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(BybitPerpetual, 0.5m) }));
    }

    [TestCase(HealthState.Unseen)]
    [TestCase(HealthState.Degraded)]
    [TestCase(HealthState.Halted)]
    public void AnExitPassesHealthHeadroomAndBackoff(HealthState health)
    {
        var leg = Leg(BybitPerpetual, held: -1m, price: null, backoff: true) with { Health = health, Headroom = 0m, IsConcentrated = true, IsReturning = true };

        Assert.That(Sent(HedgeDecision.Decide(State(Group(), 0.4m, leg))), Is.EqualTo(new[] { 0.6m }));
    }

    [Test]
    public void AnExitWaitsForAVenueThatIsDownAndForTheSecondAfterARefusal()
    {
        var down = HedgeDecision.Decide(State(Group(), 0m, Leg(BybitPerpetual, held: -1m) with { Health = HealthState.Down }));
        var refused = HedgeDecision.Decide(State(Group(), 0m, Leg(BybitPerpetual, held: -1m) with { InExitBackoff = true }));

        Assert.That((down.Actions.Count, down.Reason, down.UncoveredUnits), Is.EqualTo((0, UnhedgedReason.NoHealthyVenue, 1m)));
        Assert.That((refused.Actions.Count, refused.Reason), Is.EqualTo((0, UnhedgedReason.Backoff)));
    }

    [Test]
    public void AReversalWaitsForTheSecondAfterARefusedExitToo()
    {
        var decision = HedgeDecision.Decide(State(Group(), -0.5m, Leg(BybitPerpetual, held: -1m) with { InExitBackoff = true }));

        Assert.That(decision.Actions, Is.Empty);
        Assert.That(decision.Reason, Is.EqualTo(UnhedgedReason.Backoff));
    }

    [Test]
    public void ADownVenuesPositionStaysCounted()
    {
        var decision = HedgeDecision.Decide(State(Two(), 1m, Leg(BybitPerpetual, held: -0.7m) with { Health = HealthState.Down }, Leg(BinancePerpetual)));

        Assert.That((SentTo(decision, BybitPerpetual), SentTo(decision, BinancePerpetual)), Is.EqualTo((0m, -0.3m)));
    }

    [Test]
    public void AReversalIsOneOrderOnlyWithHeadroomForThePartBeyondZero()
    {
        var enough = HedgeDecision.Decide(State(Group(), -0.5m, Leg(BybitPerpetual, held: -1m) with { Headroom = 0.5m }));
        var tooLittle = HedgeDecision.Decide(State(Group(), -0.5m, Leg(BybitPerpetual, held: -1m) with { Headroom = 0.499m }));

        Assert.That(Sent(enough), Is.EqualTo(new[] { 1.5m }));
        Assert.That(Sent(tooLittle), Is.EqualTo(new[] { 1m, 0.499m }));
        Assert.That(tooLittle.Reason, Is.EqualTo(UnhedgedReason.NoHeadroom));
    }

    [Test]
    public void WithTwoLegsAReversalIsAnExitAndAHedge()
    {
        var decision = HedgeDecision.Decide(State(Two(), -0.5m, Leg(BybitPerpetual), Leg(BinancePerpetual, held: -1m)));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(BinancePerpetual, 1m), new SendHedge(BybitPerpetual, 0.5m) }));
    }

    [Test]
    public void PreferenceFillsTheFirstLegBeforeTheNext()
    {
        var decision = HedgeDecision.Decide(State(Two(), 1m, Leg(BybitPerpetual), Leg(BinancePerpetual)));

        Assert.That((SentTo(decision, BybitPerpetual), SentTo(decision, BinancePerpetual)), Is.EqualTo((-1m, 0m)));
    }

    [Test]
    public void WeightsDivideTheHedge()
    {
        var group = Two() with { Split = HedgeSplit.Weights, Weights = [0.7m, 0.3m] };

        var flat = HedgeDecision.Decide(State(group, 1m, Leg(BybitPerpetual), Leg(BinancePerpetual)));
        var partly = HedgeDecision.Decide(State(group, 1m, Leg(BybitPerpetual, held: -0.5m, selling: -0.1m), Leg(BinancePerpetual)));
        var @short = HedgeDecision.Decide(State(group, -1m, Leg(BybitPerpetual, held: 0.5m, buying: 0.1m), Leg(BinancePerpetual)));

        Assert.That((SentTo(flat, BybitPerpetual), SentTo(flat, BinancePerpetual)), Is.EqualTo((-0.7m, -0.3m)));
        Assert.That((SentTo(partly, BybitPerpetual), SentTo(partly, BinancePerpetual)), Is.EqualTo((-0.1m, -0.3m)));
        Assert.That((SentTo(@short, BybitPerpetual), SentTo(@short, BinancePerpetual)), Is.EqualTo((0.1m, 0.3m)));
    }

    [Test]
    public void WhatALegCannotTakeOfItsShareGoesToTheOthers()
    {
        var group = Two() with { Split = HedgeSplit.Weights, Weights = [0.5m, 0.5m] };

        var down = HedgeDecision.Decide(State(group, 2m, Leg(BybitPerpetual) with { Health = HealthState.Down }, Leg(BinancePerpetual)));
        var tight = HedgeDecision.Decide(State(group, 2m, Leg(BybitPerpetual) with { Headroom = 0.25m }, Leg(BinancePerpetual)));

        Assert.That((SentTo(down, BybitPerpetual), SentTo(down, BinancePerpetual)), Is.EqualTo((0m, -2m)));
        Assert.That((SentTo(tight, BybitPerpetual), SentTo(tight, BinancePerpetual)), Is.EqualTo((-0.25m, -1.75m)));
    }

    [Test]
    public void AShareAndTheRestTogetherStayWithinTheHeadroom()
    {
        var group = Two() with { Split = HedgeSplit.Weights, Weights = [0.5m, 0.5m] };

        var decision = HedgeDecision.Decide(State(group, 2m, Leg(BybitPerpetual) with { Headroom = 1.25m }, Leg(BinancePerpetual) with { Health = HealthState.Down }));

        Assert.That(SentTo(decision, BybitPerpetual), Is.EqualTo(-1.25m));
        Assert.That(decision.UncoveredUnits, Is.EqualTo(-0.75m));
    }

    [Test]
    public void TheCheapestLegIsFirstWithASplitByCost()
    {
        var group = Two() with { Split = HedgeSplit.Cost };

        var decision = HedgeDecision.Decide(State(group, 1m, Leg(BybitPerpetual) with { Cost = 0.0006m }, Leg(BinancePerpetual) with { Cost = -0.0001m, Headroom = 0.75m }));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(BinancePerpetual, -0.75m), new SendHedge(BybitPerpetual, -0.25m) }));
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public void AReturningOrConcentratedVenueIsTheLastChoice(bool returning, bool concentrated)
    {
        var last = Leg(BybitPerpetual) with { IsReturning = returning, IsConcentrated = concentrated, Cost = -1m };

        foreach (var split in new[] { HedgeSplit.Preference, HedgeSplit.Cost, HedgeSplit.Weights })
        {
            var group = Two() with { Split = split, Weights = [0.5m, 0.5m] };
            var decision = HedgeDecision.Decide(State(group, 1m, last, Leg(BinancePerpetual)));
            Assert.That(decision.Actions[0].Instrument, Is.EqualTo(BinancePerpetual), $"{split}");
        }

        // The last choice is still a choice.
        var alone = HedgeDecision.Decide(State(Two(), 1m, last, Leg(BinancePerpetual) with { Headroom = 0.25m }));
        Assert.That((SentTo(alone, BybitPerpetual), SentTo(alone, BinancePerpetual)), Is.EqualTo((-0.75m, -0.25m)));
    }

    [Test]
    public void AReturningVenueIsReducedFirst()
    {
        var decision = HedgeDecision.Decide(State(Two(), 1m, Leg(BybitPerpetual, held: -1m) with { IsReturning = true }, Leg(BinancePerpetual, held: -1m)));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(BybitPerpetual, 1m) }));
    }

    [Test]
    public void ALegNearLiquidationIsReducedFirst()
    {
        var decision = HedgeDecision.Decide(State(Two(), 1m, Leg(BybitPerpetual, held: -1m) with { Distance = 0.1m }, Leg(BinancePerpetual, held: -1m) with { Distance = 0.3m }));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(BybitPerpetual, 1m) }));
    }

    [Test]
    public void AFailoverDoesNotComeBackByItself()
    {
        // The stand-in holds the hedge; the first choice is healthy again and gets nothing for as long as nothing is missing.
        var decision = HedgeDecision.Decide(State(Two(), 1m, Leg(BybitPerpetual), Leg(BinancePerpetual, held: -1m)));

        Assert.That(decision.Actions, Is.Empty);
    }

    [Test]
    public void AMakerHedgeRestsAtOurSideOfTheBook()
    {
        var buys = HedgeDecision.Decide(State(Maker(), -0.5m, Wide(BybitPerpetual)));
        var sells = HedgeDecision.Decide(State(Maker(), 0.5m, Wide(BybitPerpetual)));

        Assert.That(buys.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(BybitPerpetual, 0.5m, 16_990m, OrderPurpose.Maker) }));
        Assert.That(sells.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(BybitPerpetual, -0.5m, 17_010m, OrderPurpose.Maker) }));
        Assert.That((sells.Reason, sells.UncoveredUnits), Is.EqualTo((UnhedgedReason.MakerPatience, 0m)));
    }

    [TestCase(0.5, 0.0005, 10.0, TestName = "{m}: whole where the spread is worth it and the residual small")]
    [TestCase(0.5, 0.01, 10.0, TestName = "{m}: never more than whole")]
    [TestCase(0.5, 0.0001, 2.0, TestName = "{m}: less with a narrower spread")]
    [TestCase(2.0, 0.0005, 5.0, TestName = "{m}: less with a larger residual")]
    [TestCase(4.0, 0.0003, 1.5, TestName = "{m}: by both")]
    public void PatienceDependsOnSpreadAndResidual(double primary, double spread, double seconds)
    {
        // 10,000 at 10,000 each: one unit has the whole patience.
        var (bid, ask) = (10_000m * (1m - ((decimal)spread / 2m)), 10_000m * (1m + ((decimal)spread / 2m)));
        var leg = Leg(BybitPerpetual, price: 10_000m) with { Quote = new Quote(Noon, bid, 0m, ask, 0m, 10_000m) };
        var resting = leg with { WorkingSell = -(decimal)primary };

        Assert.That(((SendHedge)HedgeDecision.Decide(State(Maker(), (decimal)primary, leg)).Actions[0]).Purpose, Is.EqualTo(OrderPurpose.Maker));
        var before = HedgeDecision.Decide(State(Maker(), (decimal)primary, resting with { RestingFor = TimeSpan.FromSeconds(seconds - 0.01) }));
        var after = HedgeDecision.Decide(State(Maker(), (decimal)primary, resting with { RestingFor = TimeSpan.FromSeconds(seconds + 0.01) }));
        Assert.That((before.Actions.Count, before.Reason), Is.EqualTo((0, UnhedgedReason.MakerPatience)));
        Assert.That(after.Actions, Is.EqualTo(new HedgeAction[] { new CancelHedge(BybitPerpetual, Buys: false) }));
    }

    [TestCase(0.5, 0.00005, TestName = "{m}: a narrow spread")]
    [TestCase(11.0, 0.0005, TestName = "{m}: a large residual")]
    public void ASecondOfPatienceOrLessTakes(double primary, double spread)
    {
        var (bid, ask) = (10_000m * (1m - ((decimal)spread / 2m)), 10_000m * (1m + ((decimal)spread / 2m)));
        var leg = Leg(BybitPerpetual, price: 10_000m) with { Quote = new Quote(Noon, bid, 0m, ask, 0m, 10_000m) };

        var decision = HedgeDecision.Decide(State(Maker(), (decimal)primary, leg));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(BybitPerpetual, -(decimal)primary) }));
    }

    [Test]
    public void AfterPatienceItTakes()
    {
        var state = State(Maker(), 0.5m, Wide(BybitPerpetual));
        state.TakesNow = true;

        Assert.That(HedgeDecision.Decide(state).Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(BybitPerpetual, -0.5m) }));
    }

    [Test]
    public void AnExitNeverRests()
        => Assert.That(
            HedgeDecision.Decide(State(Maker(), 0.5m, Wide(BybitPerpetual) with { Held = -1m })).Actions,
            Is.EqualTo(new HedgeAction[] { new SendHedge(BybitPerpetual, 0.5m) }));

    [Test]
    public void AnUnknownOrderWhosePatienceIsOverIsNotCanceled()
    {
        var leg = Wide(BybitPerpetual) with { WorkingSell = -0.5m, UnknownSell = -0.5m, RestingFor = TimeSpan.FromSeconds(20) };
        var state = State(Maker(), 0.5m, leg);
        state.UnknownFor = TimeSpan.FromSeconds(10);

        Assert.That(HedgeDecision.Decide(state).Actions, Is.Empty);
    }

    [Test]
    public void TheRestingOrderGoesNotTheExitBesideIt()
    {
        // A sell rests; on the other leg an exit buys. Both were wanted when they were sent.
        var leg = Wide(BybitPerpetual) with { Held = -1m, WorkingSell = -1m, WorkingBuy = 0.1m, UnknownBuy = 0m, WorkingMove = 0.1m, RestingFor = TimeSpan.FromSeconds(20) };

        Assert.That(HedgeDecision.Decide(State(Maker(), 2m, leg)).Actions, Is.EqualTo(new HedgeAction[] { new CancelHedge(BybitPerpetual, Buys: false) }));
    }

    [Test]
    public void BothLegsShrinkByAThirdFromATenthToFifteenPercent()
    {
        var decision = HedgeDecision.Decide(Shrinking(Group(), Leg(BinanceSpot, 1.5m), Leg(BybitPerpetual, held: -1.5m) with { Distance = 0.10m }));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new ReducePrimary(BinanceSpot, -0.5m), new SendHedge(BybitPerpetual, 0.5m) }));
        Assert.That(decision.IsShortOfDistance, Is.False);
    }

    [Test]
    public void ANearPrimaryShrinksByItsOwnDistance()
    {
        var group = Group() with { Primary = BinancePerpetual };

        var decision = HedgeDecision.Decide(Shrinking(group, Leg(BinancePerpetual, -3m) with { Distance = 0.05m }, Leg(BybitPerpetual, held: 3m) with { Distance = 0.12m }));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new ReducePrimary(BinancePerpetual, 2m), new SendHedge(BybitPerpetual, -2m) }));
    }

    [Test]
    public void TheRatioScalesHowMuchThePrimaryShrinks()
    {
        var decision = HedgeDecision.Decide(Shrinking(Group(ratio: 0.5m), Leg(BinanceSpot, 3m), Leg(BybitPerpetual, held: -1.5m) with { Distance = 0.10m }));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new ReducePrimary(BinanceSpot, -1m), new SendHedge(BybitPerpetual, 0.5m) }));
    }

    [Test]
    public void AGroupWithoutAHedgeToCallForStillShrinks()
    {
        var state = Shrinking(Group(ratio: 0m), Leg(BinanceSpot, 3m), Leg(BybitPerpetual, held: -1.5m) with { Distance = 0.10m, InExitBackoff = true });

        Assert.That(() => HedgeDecision.Decide(state), Throws.Nothing);
    }

    [TestCase(0.15, TestName = "{m}: at the target")]
    [TestCase(0.16, TestName = "{m}: beyond it")]
    public void NothingShrinksAtTheTarget(double distance)
        => Assert.That(HedgeDecision.Decide(Shrinking(Group(), Leg(BinanceSpot, 1.5m), Leg(BybitPerpetual, held: -1.5m) with { Distance = (decimal)distance })).Actions, Is.Empty);

    [Test]
    public void NothingShrinksWhereNothingIsLeftToLiquidate()
    {
        // Found by a random run: the leg was closed by force while the pair shrank.
        var decision = HedgeDecision.Decide(Shrinking(Group(), Leg(BinanceSpot, 1.5m), Leg(BybitPerpetual) with { Distance = 0.10m }));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(BybitPerpetual, -1.5m) }));
    }

    [Test]
    public void OneShrinkAtATime()
    {
        var primaryWorks = Shrinking(Group(), Leg(BinanceSpot, 1.5m, selling: -0.5m) with { WorkingTogether = -0.5m }, Leg(BybitPerpetual, held: -1m) with { Distance = 0.10m });
        var hedgeWorks = Shrinking(Group(), Leg(BinanceSpot, 1m), Leg(BybitPerpetual, held: -1.5m, buying: 0.5m) with { Distance = 0.10m });

        Assert.That(HedgeDecision.Decide(primaryWorks).Actions, Is.Empty);
        Assert.That(HedgeDecision.Decide(hedgeWorks).Actions, Is.Empty);
    }

    [Test]
    public void AKeptPrimaryMovesItsHedgeToAnotherVenue()
    {
        var group = Two() with { KeepsPrimary = true };

        var decision = HedgeDecision.Decide(Shrinking(group, Leg(BinanceSpot, 1.5m), Leg(BybitPerpetual, held: -1.5m) with { Distance = 0.10m, Headroom = 0m }, Leg(BinancePerpetual)));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(BybitPerpetual, 0.5m, null, OrderPurpose.Move) }));
        Assert.That(decision.IsShortOfDistance, Is.False);
    }

    [Test]
    public void AMoveIsNoLargerThanTheOtherVenuesHeadroom()
    {
        var group = Two() with { KeepsPrimary = true };

        var decision = HedgeDecision.Decide(Shrinking(group, Leg(BinanceSpot, 1.5m), Leg(BybitPerpetual, held: -1.5m) with { Distance = 0.10m }, Leg(BinancePerpetual) with { Headroom = 0.2m }));

        Assert.That(Sent(decision), Is.EqualTo(new[] { 0.2m }));
    }

    [Test]
    public void AMoveThatWorksIsNoSurplusAndItsFillIsHedgedElsewhere()
    {
        var group = Two() with { KeepsPrimary = true };

        var works = HedgeDecision.Decide(Shrinking(group, Leg(BinanceSpot, 1.5m), Leg(BybitPerpetual, held: -1.5m, buying: 0.5m) with { WorkingMove = 0.5m, Distance = 0.10m, Headroom = 0m }, Leg(BinancePerpetual)));
        var filled = HedgeDecision.Decide(Shrinking(group, Leg(BinanceSpot, 1.5m), Leg(BybitPerpetual, held: -1m) with { Distance = 0.15m, Headroom = 0m }, Leg(BinancePerpetual)));

        Assert.That(works.Actions, Is.Empty);
        Assert.That(filled.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(BinancePerpetual, -0.5m) }));
    }

    [Test]
    public void AMoveAndAnExitOfOneLegTogetherNeverCrossZero()
    {
        // Found by a random run: the primary has turned while the leg, near liquidation, still stands on the old side.
        var group = Two() with { KeepsPrimary = true };

        var decision = HedgeDecision.Decide(Shrinking(group, Leg(BinanceSpot, -1m), Leg(BybitPerpetual, held: -0.3m) with { Distance = 0.10m, Headroom = 0m }, Leg(BinancePerpetual)));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[]
        {
            new SendHedge(BybitPerpetual, 0.1m, null, OrderPurpose.Move),
            new SendHedge(BybitPerpetual, 0.2m),
            new SendHedge(BinancePerpetual, 1m),
        }));
    }

    [TestCase(0.0, HealthState.Healthy, TestName = "{m}: no headroom elsewhere")]
    [TestCase(0.0001, HealthState.Healthy, TestName = "{m}: less than a lot elsewhere")]
    [TestCase(100.0, HealthState.Degraded, TestName = "{m}: no healthy venue elsewhere")]
    public void AKeptPrimaryWithNowhereToGoIsSaid(double headroom, HealthState health)
    {
        var group = Two() with { KeepsPrimary = true };

        var decision = HedgeDecision.Decide(Shrinking(group, Leg(BinanceSpot, 1.5m), Leg(BybitPerpetual, held: -1.5m) with { Distance = 0.10m }, Leg(BinancePerpetual) with { Headroom = (decimal)headroom, Health = health }));

        Assert.That(decision.Actions, Is.Empty);
        Assert.That(decision.IsShortOfDistance, Is.True);
    }

    [Test]
    public void APrimaryThatCannotBeReducedNowHasItsHedgeMoved()
    {
        var decision = HedgeDecision.Decide(Shrinking(Two(), Leg(BinanceSpot, 1.5m) with { Health = HealthState.Down }, Leg(BybitPerpetual, held: -1.5m) with { Distance = 0.10m }, Leg(BinancePerpetual)));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(BybitPerpetual, 0.5m, null, OrderPurpose.Move) }));
    }

    [Test]
    public void WhatCannotBeCompletedIsUnwoundAfterItsDeadline()
    {
        var before = Uncovered(Group(), TimeSpan.FromSeconds(59));
        var after = Uncovered(Group(), TimeSpan.FromSeconds(60));

        Assert.That(HedgeDecision.Decide(before).Actions, Is.Empty);
        var decision = HedgeDecision.Decide(after);
        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new ReducePrimary(BinanceSpot, -0.6m) }));
        Assert.That((decision.UncoveredUnits, decision.Reason), Is.EqualTo((0m, UnhedgedReason.None)));
    }

    [Test]
    public void WhatAnotherLegTakesIsNotUnwound()
    {
        var state = State(Two(), 1m, Leg(BybitPerpetual, held: -0.4m) with { Health = HealthState.Down }, Leg(BinancePerpetual) with { Headroom = 0.5m });
        state.UncoveredFor = TimeSpan.FromMinutes(5);

        Assert.That(HedgeDecision.Decide(state).Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(BinancePerpetual, -0.5m), new ReducePrimary(BinanceSpot, -0.1m) }));
    }

    [Test]
    public void AMoveIsNotCanceledForAnUnknownOrderElsewhere()
    {
        // Found by a random run (5fxWEP4nXto3): sent and canceled in turns, for ever.
        var state = Shrinking(
            Two(),
            Leg(BinanceSpot, 0.2m),
            Leg(BybitPerpetual, held: -0.26m, buying: 0.017m) with { Distance = 0.14m, WorkingMove = 0.017m },
            Leg(BinancePerpetual, buying: 0.35m) with { UnknownBuy = 0.35m });
        state.UnknownFor = TimeSpan.FromMinutes(2);

        Assert.That(HedgeDecision.Decide(state).Actions.OfType<CancelHedge>(), Is.Empty);
    }

    [Test]
    public void ShrinkingAndUnwindingTogetherNeverCrossZero()
    {
        // Found by a random run: a leg still stands on the wrong side and its venue is down, so that more is uncovered than is held.
        var state = Shrinking(Two(), Leg(BinanceSpot, 1m) with { Distance = 0.09m }, Leg(BybitPerpetual, held: 0.5m) with { Health = HealthState.Down }, Leg(BinancePerpetual) with { Health = HealthState.Down });
        state.UncoveredFor = TimeSpan.FromMinutes(2);

        Assert.That(HedgeDecision.Decide(state).Actions, Is.EqualTo(new HedgeAction[] { new ReducePrimary(BinanceSpot, -0.4m), new ReducePrimary(BinanceSpot, -0.6m) }));
    }

    [Test]
    public void NothingIsUnwoundThatIsKeptHaltedFrozenOrOverHedged()
    {
        var kept = Uncovered(Group() with { KeepsPrimary = true }, TimeSpan.FromHours(1));
        var halted = Uncovered(Group(), TimeSpan.FromHours(1));
        halted.IsHalted = true;
        var frozen = Uncovered(Group(), TimeSpan.FromHours(1));
        frozen.UnknownFor = TimeSpan.FromSeconds(60);
        var over = State(Group(), 0.5m, Leg(BybitPerpetual, held: -1m) with { Health = HealthState.Down });
        over.UncoveredFor = TimeSpan.FromHours(1);

        foreach (var state in new[] { kept, halted, frozen, over })
        {
            Assert.That(HedgeDecision.Decide(state).Actions, Is.Empty);
        }
    }

    [Test]
    public void TogetherTheWorkingPrimaryCountsAsHeld()
    {
        var together = State(Group(), Leg(BinanceSpot, 0.25m, buying: 1m) with { WorkingTogether = 0.75m }, Leg(BybitPerpetual));
        var after = State(Group(), Leg(BinanceSpot, 0.25m, buying: 1m), Leg(BybitPerpetual));

        Assert.That(Sent(HedgeDecision.Decide(together)), Is.EqualTo(new[] { -1m }));
        Assert.That(Sent(HedgeDecision.Decide(after)), Is.EqualTo(new[] { -0.25m }));
    }

    [Test]
    public void ThePairSaysWhatItDoes()
    {
        Assert.That(State(Group(), 1m).Pair, Is.EqualTo(PairState.Idle));
        Assert.That(State(Group(), 1m, Leg(BybitPerpetual, selling: -1m)).Pair, Is.EqualTo(PairState.Working));
        Assert.That(State(Group(), Leg(BinanceSpot, buying: 1m)).Pair, Is.EqualTo(PairState.Working));
        Assert.That(Uncovered(Group(), TimeSpan.FromSeconds(1)).Pair, Is.EqualTo(PairState.Repairing));
        Assert.That(Shrinking(Group(), Leg(BinanceSpot)).Pair, Is.EqualTo(PairState.Repairing));
    }

    private static HedgeGroup Two() => Group(hedges: [BybitPerpetual, BinancePerpetual]);

    private static HedgeGroup Maker() => Group() with { IsMakerFirst = true };

    private static LegState Wide(Instrument instrument) => Leg(instrument) with { Quote = new Quote(Noon, 16_990m, 0m, 17_010m, 0m, 17_000m) };

    private static GroupState Unknown(TimeSpan since)
    {
        var state = State(Two(), 1m, Leg(BybitPerpetual, selling: -0.4m) with { UnknownSell = -0.4m }, Leg(BinancePerpetual));
        state.UnknownFor = since;
        return state;
    }

    private static GroupState Shrinking(HedgeGroup group, LegState primary, params LegState[] legs)
    {
        var state = State(group, primary, legs);
        state.IsShrinking = true;
        return state;
    }

    private static GroupState Uncovered(HedgeGroup group, TimeSpan since)
    {
        var state = State(group, 1m, Leg(BybitPerpetual, held: -0.4m) with { Health = HealthState.Degraded });
        state.UncoveredFor = since;
        return state;
    }

    private static decimal Amount(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
