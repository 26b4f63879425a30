using System;
using System.Linq;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Hedging;

/// <summary>The edges of the decision's rules: the other side of the book, contracts of many units, exactly at a limit.</summary>
[TestFixture]
public sealed class HedgeDecisionEdgeTests
{
    private static readonly Instrument Thousand = new(Id("bybit:perpetual:1000PEPEUSDT"), "PEPE", "USDT", 1_000m, 1m, 1m, 0m);

    private static readonly Instrument OtherThousand = Thousand with { Id = Id("okx:perpetual:1000PEPEUSDT") };

    private static readonly Instrument Single = new(Id("binance:perpetual:PEPEUSDT"), "PEPE", "USDT", 1m, 1m, 0m, 0m);

    [Test]
    public void WhileWarmingUpWhatIsMissingIsSaidWithItsSide()
    {
        var state = State(Group(), 1m, Leg(BybitPerpetual, held: -0.25m));
        state.IsWarmingUp = true;

        var decision = HedgeDecision.Decide(state);

        Assert.That((decision.UncoveredUnits, decision.IsShortOfDistance), Is.EqualTo((-0.75m, false)));
    }

    [Test]
    public void TwoHedgesThatRestArePatienceAsOneIs()
    {
        var leg = Wide(BybitPerpetual) with { WorkingSell = -0.2m, RestingFor = TimeSpan.FromSeconds(1) };

        var decision = HedgeDecision.Decide(State(Two() with { IsMakerFirst = true }, 0.4m, leg, leg with { Instrument = BinancePerpetual }));

        Assert.That((decision.Actions.Count, decision.Reason), Is.EqualTo((0, UnhedgedReason.MakerPatience)));
    }

    [Test]
    public void AMoveOfALongHedgeIsNoSurplus()
    {
        var leg = Leg(BybitPerpetual, held: 1.5m, selling: -0.5m) with { WorkingMove = -0.5m, Headroom = 0m };

        Assert.That(HedgeDecision.Decide(State(Two(), -1.5m, leg, Leg(BinancePerpetual))).Actions, Is.Empty);
    }

    [Test]
    public void AMoveOfContractsOfManyUnitsIsNoSurplus()
    {
        var leg = Leg(Thousand, held: -3m, buying: 1m) with { WorkingMove = 1m, Headroom = 0m };

        Assert.That(HedgeDecision.Decide(State(Pepe(Thousand, Single), Leg(Single, 3_000m), leg, Leg(Single))).Actions, Is.Empty);
    }

    [Test]
    public void PatienceCountsWhatIsMissingNotWhatIsHeld()
    {
        // Of 2 half is hedged: one unit is missing and has the whole patience.
        var leg = AtTenThousand(BybitPerpetual) with { Held = -1m, WorkingSell = -1m, RestingFor = TimeSpan.FromSeconds(9.9) };

        Assert.That(HedgeDecision.Decide(State(Maker(), 2m, leg)).Actions, Is.Empty);
        Assert.That(HedgeDecision.Decide(State(Maker(), 2m, leg with { RestingFor = TimeSpan.FromSeconds(10) })).Actions, Is.EqualTo(new HedgeAction[] { new CancelHedge(BybitPerpetual, Buys: false) }));
    }

    [Test]
    public void ARestingBuyGoesWhenItsPatienceIsOver()
    {
        var leg = AtTenThousand(BybitPerpetual) with { WorkingBuy = 0.5m, RestingFor = TimeSpan.FromSeconds(10) };

        Assert.That(HedgeDecision.Decide(State(Maker(), -0.5m, leg)).Actions, Is.EqualTo(new HedgeAction[] { new CancelHedge(BybitPerpetual, Buys: true) }));
    }

    [Test]
    public void PatienceIsMeasuredInMoneyWhateverAContractHolds()
    {
        // 400 contracts of a thousand coins at 10 each are 4,000: within 10,000 the patience is whole.
        var quote = new Quote(Noon, 9.99m, 0m, 10.01m, 0m, 10m);
        var leg = Leg(Thousand, price: 10m) with { Quote = quote };
        var group = Pepe(Thousand) with { IsMakerFirst = true };

        var sent = HedgeDecision.Decide(State(group, Leg(Single, 400_000m), leg));
        var resting = HedgeDecision.Decide(State(group, Leg(Single, 400_000m), leg with { WorkingSell = -400m, RestingFor = TimeSpan.FromSeconds(9.9) }));
        var large = HedgeDecision.Decide(State(group, Leg(Single, 20_000_000m), leg));

        Assert.That(sent.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(Thousand, -400m, 10.01m, OrderPurpose.Maker) }));
        Assert.That(resting.Actions, Is.Empty);
        Assert.That(large.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(Thousand, -20_000m) }), "200,000 have half a second");
    }

    [Test]
    public void PatienceCountsTheFreshPriceOrElseTheLast()
    {
        // The quote's last price is ten times the fresh one.
        var leg = AtTenThousand(BybitPerpetual) with { FreshPrice = 1_000m, WorkingSell = -5m, RestingFor = TimeSpan.FromSeconds(9) };

        Assert.That(HedgeDecision.Decide(State(Maker(), 5m, leg)).Actions, Is.Empty, "5,000 have ten seconds");
        Assert.That(HedgeDecision.Decide(State(Maker(), 5m, leg with { FreshPrice = null })).Actions, Has.Count.EqualTo(1), "50,000 have two");
    }

    [Test]
    public void WhereAnySpreadIsWorthItThePatienceIsWhole()
    {
        var leg = Leg(BybitPerpetual, selling: -0.5m) with { RestingFor = TimeSpan.FromSeconds(9) };
        var state = State(Maker(), new HedgeSettings { MakerSpread = 0m }, Leg(BinanceSpot, 0.5m), leg);

        Assert.That(HedgeDecision.Decide(state).Actions, Is.Empty);
    }

    [TestCase("0.4", "-0.6", true, TestName = "{m}: a long primary's buys")]
    [TestCase("-0.4", "0.6", false, TestName = "{m}: a short primary's sells")]
    public void FlatteningCancelsWhatRaisesThePrimary(string works, string reduces, bool buys)
    {
        var size = Amount(reduces);
        var primary = Leg(BinancePerpetual, -size) with { WorkingBuy = Math.Max(0m, Amount(works)), WorkingSell = Math.Min(0m, Amount(works)) };
        var state = State(Group() with { Primary = BinancePerpetual }, primary, Leg(BybitPerpetual, held: size));
        state.IsFlattening = true;

        Assert.That(HedgeDecision.Decide(state).Actions, Is.EqualTo(new HedgeAction[]
        {
            new CancelPrimary(BinancePerpetual, buys),
            new ReducePrimary(BinancePerpetual, size),
            new SendHedge(BybitPerpetual, -size),
        }));
    }

    [Test]
    public void FlatteningCancelsBothSidesOfAFlatPrimary()
    {
        var state = State(Group(), Leg(BinanceSpot, buying: 0.2m, selling: -0.3m), Leg(BybitPerpetual));
        state.IsFlattening = true;

        Assert.That(HedgeDecision.Decide(state).Actions, Is.EqualTo(new HedgeAction[] { new CancelPrimary(BinanceSpot, true), new CancelPrimary(BinanceSpot, false) }));
    }

    [Test]
    public void FlatteningLeavesUnknownOrdersAlone()
    {
        var state = State(Group(), Leg(BinanceSpot, buying: 0.2m, selling: -0.3m) with { UnknownBuy = 0.2m, UnknownSell = -0.3m }, Leg(BybitPerpetual));
        state.IsFlattening = true;

        Assert.That(HedgeDecision.Decide(state).Actions, Is.Empty);
    }

    [Test]
    public void FlatteningALongHedgeTakesItsWorkingExitsOff()
    {
        // 1 is short, 0.4 of it is being bought back: 0.6 are left to buy.
        var state = State(Group() with { Primary = BinancePerpetual }, Leg(BinancePerpetual, -1m, buying: 0.4m), Leg(BybitPerpetual, held: 1m));
        state.IsFlattening = true;

        Assert.That(HedgeDecision.Decide(state).Actions.OfType<ReducePrimary>().Single().Quantity, Is.EqualTo(0.6m));
    }

    [Test]
    public void AtTheTargetNothingIsShortOfDistance()
    {
        var group = Group() with { KeepsPrimary = true };

        var decision = HedgeDecision.Decide(Shrinking(group, Leg(BinanceSpot, 1.5m), Leg(BybitPerpetual, held: -1.5m) with { Distance = 0.15m }));

        Assert.That((decision.Actions.Count, decision.IsShortOfDistance), Is.EqualTo((0, false)));
    }

    [Test]
    public void OfTwoLegsEquallyNearTheFirstIsMoved()
    {
        var group = Two() with { KeepsPrimary = true };

        var decision = HedgeDecision.Decide(Shrinking(group, Leg(BinanceSpot, 3m), Leg(BybitPerpetual, held: -1.5m) with { Distance = 0.10m }, Leg(BinancePerpetual, held: -1.5m) with { Distance = 0.10m }));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(BybitPerpetual, 0.5m, null, OrderPurpose.Move) }));
    }

    [Test]
    public void WithoutARatioALegThatIsTooNearIsClosedAsExcess()
    {
        var decision = HedgeDecision.Decide(Shrinking(Group(ratio: 0m), Leg(BinanceSpot, 3m), Leg(BybitPerpetual, held: -1.5m) with { Distance = 0.10m }));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(BybitPerpetual, 1.5m) }));
    }

    [Test]
    public void APrimaryOfManyUnitsShrinksInItsContracts()
    {
        var group = Pepe(Single) with { Primary = Thousand };

        var decision = HedgeDecision.Decide(Shrinking(group, Leg(Thousand, 4m), Leg(Single, held: -4_000m) with { Distance = 0.075m }));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new ReducePrimary(Thousand, -2m), new SendHedge(Single, 2_000m) }));
    }

    [Test]
    public void APrimaryOfManyUnitsIsUnwoundInItsContracts()
    {
        var state = State(Pepe(Single) with { Primary = Thousand, Ratio = 0.5m }, Leg(Thousand, 10m), Leg(Single, held: -2_000m) with { Health = HealthState.Degraded });
        state.UncoveredFor = TimeSpan.FromMinutes(1);

        var decision = HedgeDecision.Decide(state);

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new ReducePrimary(Thousand, -6m) }));
        Assert.That(decision.UncoveredUnits, Is.Zero);
    }

    [Test]
    public void AHedgeOfManyUnitsIsMovedInItsContractsWithinTheOthersHeadroom()
    {
        var group = Pepe(Thousand, OtherThousand) with { KeepsPrimary = true };

        var free = HedgeDecision.Decide(Shrinking(group, Leg(Single, 8_000m), Leg(Thousand, held: -8m) with { Distance = 0.075m }, Leg(OtherThousand)));
        var tight = HedgeDecision.Decide(Shrinking(group, Leg(Single, 8_000m), Leg(Thousand, held: -8m) with { Distance = 0.075m }, Leg(OtherThousand) with { Headroom = 2m }));

        Assert.That(free.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(Thousand, 4m, null, OrderPurpose.Move) }));
        Assert.That(tight.Actions, Is.EqualTo(new HedgeAction[] { new SendHedge(Thousand, 2m, null, OrderPurpose.Move) }));
    }

    [Test]
    public void AMoveAndAnExitOfALongLegTogetherNeverCrossZero()
    {
        var group = Two() with { KeepsPrimary = true };

        var decision = HedgeDecision.Decide(Shrinking(group, Leg(BinanceSpot, 1m), Leg(BybitPerpetual, held: 0.3m) with { Distance = 0.10m, Headroom = 0m }, Leg(BinancePerpetual)));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[]
        {
            new SendHedge(BybitPerpetual, -0.1m, null, OrderPurpose.Move),
            new SendHedge(BybitPerpetual, -0.2m),
            new SendHedge(BinancePerpetual, -1m),
        }));
    }

    [TestCase(true, false, TestName = "{m}: halted")]
    [TestCase(false, true, TestName = "{m}: frozen")]
    public void NoHedgeIsMovedThatCouldNotBeSentElsewhere(bool halted, bool frozen)
    {
        var state = Shrinking(Two() with { KeepsPrimary = true }, Leg(BinanceSpot, 1.5m), Leg(BybitPerpetual, held: -1.5m) with { Distance = 0.10m }, Leg(BinancePerpetual));
        (state.IsHalted, state.UnknownFor) = (halted, frozen ? TimeSpan.FromSeconds(1) : null);

        var decision = HedgeDecision.Decide(state);

        Assert.That((decision.Actions.Count, decision.IsShortOfDistance), Is.EqualTo((0, true)));
    }

    [Test]
    public void AKeptPrimaryThatIsItselfTooNearIsSaidAndItsHedgeStays()
    {
        var group = Two() with { Primary = BinancePerpetual, KeepsPrimary = true };

        var decision = HedgeDecision.Decide(Shrinking(group, Leg(BinancePerpetual, 1.5m) with { Distance = 0.05m }, Leg(BybitPerpetual, held: -1.5m) with { Distance = 0.30m }, Leg(BinancePerpetual)));

        Assert.That((decision.Actions.Count, decision.IsShortOfDistance), Is.EqualTo((0, true)));
    }

    [Test]
    public void AnExitBelowTheMinimumOrderIsSaid()
    {
        var leg = BybitPerpetual with { MinimumQuantity = 0.01m };

        var decision = HedgeDecision.Decide(State(Group(hedges: leg), 0.995m, Leg(leg, held: -1m)));

        Assert.That((decision.Actions.Count, decision.Reason, decision.UncoveredUnits), Is.EqualTo((0, UnhedgedReason.BelowMinimum, 0.005m)));
    }

    [Test]
    public void ExactlyAtItsBandAResidualIsLeftForGood()
    {
        var at = State(Group(band: 0.01m), 1.01m, Leg(BybitPerpetual, held: -1m));
        var atAndDown = State(Group(band: 0.01m), 1.01m, Leg(BybitPerpetual, held: -1m) with { Health = HealthState.Degraded });
        atAndDown.UncoveredFor = TimeSpan.FromHours(1);

        foreach (var state in new[] { at, atAndDown })
        {
            var decision = HedgeDecision.Decide(state);
            Assert.That((decision.Actions.Count, decision.Reason), Is.EqualTo((0, UnhedgedReason.None)));
        }
    }

    [Test]
    public void ExactlyALotIsUnwound()
    {
        var state = State(Group(), 1m, Leg(BybitPerpetual, held: -0.999m) with { Health = HealthState.Degraded });
        state.UncoveredFor = TimeSpan.FromMinutes(1);

        Assert.That(HedgeDecision.Decide(state).Actions, Is.EqualTo(new HedgeAction[] { new ReducePrimary(BinanceSpot, -0.001m) }));
    }

    [TestCase(1, TestName = "{m}: of a long primary")]
    [TestCase(-1, TestName = "{m}: of a short primary")]
    public void EachLegsShareCountsWhatItHoldsAndWhatWorksThere(int side)
    {
        // Of 2 the first leg's share is 1.4, of which 0.4 are held and 0.2 work; the other's 0.6, of which 0.4.
        var first = Works(BybitPerpetual, held: -0.4m * side, works: -0.2m * side);
        var second = Works(BinancePerpetual, held: -0.2m * side, works: -0.2m * side);

        var decision = HedgeDecision.Decide(State(Two() with { Split = HedgeSplit.Weights, Weights = [0.7m, 0.3m] }, 2m * side, first, second));

        Assert.That((SentTo(decision, BybitPerpetual), SentTo(decision, BinancePerpetual)), Is.EqualTo((-0.8m * side, -0.2m * side)));
    }

    [Test]
    public void SharesOfManyUnitsAreSentInContracts()
    {
        var group = Pepe(Thousand, Single) with { Split = HedgeSplit.Weights, Weights = [0.7m, 0.3m] };

        var decision = HedgeDecision.Decide(State(group, Leg(Single, 10_000m), Leg(Thousand), Leg(Single)));

        Assert.That((SentTo(decision, Thousand), SentTo(decision, Single)), Is.EqualTo((-7m, -3_000m)));
    }

    [Test]
    public void WhatALegOfManyUnitsLeavesIsTakenByASmallerLot()
    {
        foreach (var side in new[] { 1m, -1m })
        {
            var decision = HedgeDecision.Decide(State(Pepe(Thousand, Single), Leg(Single, 1_500m * side), Leg(Thousand), Leg(Single)));

            Assert.That((SentTo(decision, Thousand), SentTo(decision, Single)), Is.EqualTo((-side, -500m * side)));
        }
    }

    [Test]
    public void ExactlyEnoughHeadroomIsNoReason()
    {
        // The rest that is below the next leg's lot has its own reason, not that of headroom.
        var decision = HedgeDecision.Decide(State(Group(band: 0.5m), 1m, Leg(BybitPerpetual) with { Headroom = 1m }));

        Assert.That((Sent(decision).Single(), decision.Reason), Is.EqualTo((-1m, UnhedgedReason.None)));
    }

    [Test]
    public void AReversalThatWaitsForItsExitSaysWhy()
    {
        // Two legs, so that closing and adding are two orders: neither crosses zero while the exit waits.
        var decision = HedgeDecision.Decide(State(Two(), -0.5m, Leg(BybitPerpetual, held: -1m) with { InExitBackoff = true }, Leg(BinancePerpetual) with { Headroom = 0m }));

        Assert.That((decision.Actions.Count, decision.Reason, decision.UncoveredUnits), Is.EqualTo((0, UnhedgedReason.Backoff, 1.5m)));
    }

    [Test]
    public void ALotThatAShareTookOfTheHeadroomOfAShortLegIsNotTakenTwice()
    {
        // A working buy closes part of the short: only what goes beyond it takes headroom.
        var leg = Leg(BybitPerpetual, held: -1m, buying: 0.4m) with { Headroom = 0.25m };

        var decision = HedgeDecision.Decide(State(Group(), -0.5m, leg));

        Assert.That(Sent(decision), Is.EqualTo(new[] { 0.6m, 0.25m }));
    }

    [Test]
    public void ExactlyAtTheBandAReversalStopsAtZero()
    {
        // Alone, what is required is within the band and would not be sent: the exit ends at zero.
        var decision = HedgeDecision.Decide(State(Group(band: 0.5m), -0.5m, Leg(BybitPerpetual, held: -1m)));

        Assert.That(Sent(decision), Is.EqualTo(new[] { 1m }));
    }

    [Test]
    public void ASurplusThatIsCanceledIsNotCanceledAgainForItsPatience()
    {
        var leg = AtTenThousand(BybitPerpetual) with { WorkingSell = -1m, RestingFor = TimeSpan.FromSeconds(20) };

        Assert.That(HedgeDecision.Decide(State(Maker(), 0.5m, leg)).Actions, Is.EqualTo(new HedgeAction[] { new CancelHedge(BybitPerpetual, Buys: false) }));
    }

    [Test]
    public void TwoImpatientHedgesAreBothCanceled()
    {
        var leg = AtTenThousand(BybitPerpetual) with { WorkingSell = -0.2m, RestingFor = TimeSpan.FromSeconds(20) };

        var decision = HedgeDecision.Decide(State(Two() with { IsMakerFirst = true }, 0.4m, leg, leg with { Instrument = BinancePerpetual }));

        Assert.That(decision.Actions, Is.EqualTo(new HedgeAction[] { new CancelHedge(BybitPerpetual, Buys: false), new CancelHedge(BinancePerpetual, Buys: false) }));
    }

    [Test]
    public void TheReasonThatPassesSoonestIsToldWhateverTheOrderOfTheLegs()
    {
        var refused = Leg(BybitPerpetual, backoff: true);
        var down = Leg(BinancePerpetual) with { Health = HealthState.Down };

        Assert.That(HedgeDecision.Decide(State(Two(), 1m, refused, down)).Reason, Is.EqualTo(UnhedgedReason.Backoff));
        Assert.That(HedgeDecision.Decide(State(Group(hedges: [BinancePerpetual, BybitPerpetual]), 1m, down, refused)).Reason, Is.EqualTo(UnhedgedReason.Backoff));
    }

    private static HedgeGroup Two() => Group(hedges: [BybitPerpetual, BinancePerpetual]);

    private static HedgeGroup Maker() => Group() with { IsMakerFirst = true };

    private static HedgeGroup Pepe(params Instrument[] hedges) => new("PEPE", Single, hedges, 1m, 0m);

    private static LegState Wide(Instrument instrument) => Leg(instrument) with { Quote = new Quote(Noon, 16_990m, 0m, 17_010m, 0m, 17_000m) };

    /// <summary>A spread of 0.0005 at 10,000: one unit has the whole patience of ten seconds.</summary>
    private static LegState AtTenThousand(Instrument instrument) => Leg(instrument, price: 10_000m) with { Quote = new Quote(Noon, 9_997.5m, 0m, 10_002.5m, 0m, 10_000m) };

    private static LegState Works(Instrument instrument, decimal held, decimal works)
        => Leg(instrument, held, Math.Max(0m, works), Math.Min(0m, works));

    private static GroupState Shrinking(HedgeGroup group, LegState primary, params LegState[] legs)
    {
        var state = State(group, primary, legs);
        state.IsShrinking = true;
        return state;
    }

    private static decimal Amount(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
