using System;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;
using CsCheck;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Hedging;

[TestFixture]
public sealed class HedgeGateTests
{
    private static readonly GateLimits Free = new(decimal.MaxValue, IsNaked: false, IsConcentrated: false);

    private static readonly Gen<(int Held, int Buying, int Selling, int Distance)> Primaries
        = Gen.Select(Gen.Int[-300, 300], Gen.Int[0, 200], Gen.Int[-200, 0], Gen.Int[0, 5], (held, buying, selling, distance) => (held, buying, selling, distance));

    private static readonly Gen<(int Ratio, int Halt, int Exposure, int Limits)> Rules
        = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 40], Gen.Int[0, 400], Gen.Int[0, 60], (ratio, halt, exposure, limits) => (ratio, halt, exposure, limits));

    private static readonly Gen<(GroupState State, GateLimits Limits)> Questions
        = Gen.Select(Primaries, LegOf(0), LegOf(1), Rules, Ask);

    [Test]
    public void AnOrderWithinWhatTheLegsCanCarryPasses()
    {
        var state = State(Two(), Leg(BinanceSpot, 1m), Carrying(BybitPerpetual, held: -1m, headroom: 2m), Carrying(BinancePerpetual, headroom: 0.5m));

        Assert.That(HedgeGate.Judge(state, 2.5m, Free).IsAccepted, Is.True);
        Assert.That(HedgeGate.Judge(state, 2.50001m, Free), Is.EqualTo(new GateVerdict(GateReason.HedgeCapacity, 2.5m)));
    }

    [Test]
    public void WhatWorksOfThePrimaryAndOfTheHedgeCounts()
    {
        var state = State(Two(), Leg(BinanceSpot, 1m, buying: 0.5m), Carrying(BybitPerpetual, held: -0.6m, selling: -0.4m, headroom: 2m), Carrying(BinancePerpetual, headroom: 0m));

        Assert.That(HedgeGate.Judge(state, 2m, Free), Is.EqualTo(new GateVerdict(GateReason.HedgeCapacity, 1.5m)));
    }

    [TestCase(HealthState.Degraded)]
    [TestCase(HealthState.Down)]
    [TestCase(HealthState.Unseen)]
    public void ALegThatCannotAddNowCarriesOnlyWhatItHolds(HealthState health)
    {
        var state = State(Two(), Leg(BinanceSpot), Carrying(BybitPerpetual, held: -0.25m, headroom: 9m) with { Health = health }, Carrying(BinancePerpetual, headroom: 0.5m));

        Assert.That(HedgeGate.Judge(state, 1m, Free), Is.EqualTo(new GateVerdict(GateReason.HedgeCapacity, 0.75m)));
    }

    [Test]
    public void AShortPrimaryAsksForTheOtherSide()
    {
        var state = State(Two(), Leg(BinancePerpetual, -1m), Carrying(BybitPerpetual, held: 1m, headroom: 0.25m), Carrying(BinancePerpetual, headroom: 0m));

        Assert.That(HedgeGate.Judge(state, -0.5m, Free), Is.EqualTo(new GateVerdict(GateReason.HedgeCapacity, 0.25m)));
    }

    [Test]
    public void HedgePromisedToOtherGroupsIsNotThere()
    {
        var state = State(Two(), Leg(BinanceSpot), Carrying(BybitPerpetual, headroom: 2m), Carrying(BinancePerpetual, headroom: 1m));

        Assert.That(HedgeGate.Judge(state, 5m, Free with { Promised = [0.5m, 4m] }), Is.EqualTo(new GateVerdict(GateReason.HedgeCapacity, 1.5m)));
    }

    [Test]
    public void TheRatioAndTheUnitsScaleWhatIsCalledFor()
    {
        var thousand = BybitPerpetual with { UnitsPerContract = 1000m };
        var state = State(Group(0.5m, 0m, thousand), Leg(BinanceSpot), Carrying(thousand, headroom: 0.002m));

        Assert.That(HedgeGate.Judge(state, 5m, Free), Is.EqualTo(new GateVerdict(GateReason.HedgeCapacity, 4m)));
    }

    [Test]
    public void WithoutAHedgeToCallForOnlyTheOtherLimitsHold()
    {
        var state = State(Group(0m), Leg(BinanceSpot), Carrying(BybitPerpetual, headroom: 0m));

        Assert.That(HedgeGate.Judge(state, 1_000_000m, Free).IsAccepted, Is.True);
        Assert.That(HedgeGate.Judge(state, 3m, Free with { MostExposure = 2m }), Is.EqualTo(new GateVerdict(GateReason.Exposure, 2m)));
    }

    [Test]
    public void EachRefusalHasItsReason()
    {
        GroupState Plain() => State(Group(), Leg(BinanceSpot, 1m));
        var halted = Plain();
        halted.IsHalted = true;
        var flattening = Plain();
        flattening.IsFlattening = true;
        var venue = State(Group(), Leg(BinanceSpot, 1m) with { Health = HealthState.Halted });
        var near = State(Group(), Leg(BinanceSpot, 1m) with { IsNearLiquidation = true });

        Assert.That(HedgeGate.Judge(halted, 1m, Free), Is.EqualTo(new GateVerdict(GateReason.Halted, 0m)));
        Assert.That(HedgeGate.Judge(flattening, 1m, Free), Is.EqualTo(new GateVerdict(GateReason.Halted, 0m)));
        Assert.That(HedgeGate.Judge(venue, 1m, Free), Is.EqualTo(new GateVerdict(GateReason.Halted, 0m)));
        Assert.That(HedgeGate.Judge(near, 1m, Free), Is.EqualTo(new GateVerdict(GateReason.NearLiquidation, 0m)));
        Assert.That(HedgeGate.Judge(Plain(), 1m, Free with { IsNaked = true }), Is.EqualTo(new GateVerdict(GateReason.Naked, 0m)));
        Assert.That(HedgeGate.Judge(Plain(), 1m, Free with { IsConcentrated = true }), Is.EqualTo(new GateVerdict(GateReason.Concentration, 0m)));
        Assert.That(HedgeGate.Judge(Plain(), 1m, Free with { MostExposure = 1.5m }), Is.EqualTo(new GateVerdict(GateReason.Exposure, 0.5m)));
    }

    [Test]
    public void AReversalIsRefusedButWhatClosesWouldPass()
    {
        var state = State(Group(), Leg(BinanceSpot, 1m, selling: -0.25m));
        state.IsHalted = true;

        Assert.That(HedgeGate.Judge(state, -2m, Free), Is.EqualTo(new GateVerdict(GateReason.Halted, 0.75m)));
        Assert.That(HedgeGate.Judge(state, -0.75m, Free).IsAccepted, Is.True);
    }

    [Test]
    public void AnExitPassesWhateverIsWrong()
        => Gen.Select(Questions, Gen.Int[0, 100]).Sample(
            (question, share) =>
            {
                var (state, limits) = question;
                var primary = state.Primary;

                // By itself: with everything that works on its side it ends short of zero.
                var closes = primary.Held > 0m ? Math.Min(0m, -(primary.Held + primary.WorkingSell)) : Math.Max(0m, -(primary.Held + primary.WorkingBuy));
                if (Math.Sign(closes) == -Math.Sign(primary.Held))
                {
                    Assert.That(HedgeGate.Judge(state, closes * share / 100m, limits).IsAccepted, Is.True);
                }
            },
            iter: Iterations.Of(10_000));

    [Test]
    public void TheLargestOrderPassesAndOneLotMoreDoesNot()
        => Gen.Select(Questions, Gen.Int[-800_000, 800_000]).Sample(
            (question, size) =>
            {
                var (state, limits) = question;
                var lot = state.Primary.Instrument.LotSize;
                var quantity = size * lot;
                var verdict = HedgeGate.Judge(state, quantity, limits);
                if (verdict.IsAccepted)
                {
                    Assert.That(HedgeGate.Judge(state, decimal.Truncate(size / 2m) * lot, limits).IsAccepted, Is.True, "a smaller order passes too");
                    return;
                }

                var side = Math.Sign(quantity);
                Assert.That(verdict.Largest, Is.GreaterThanOrEqualTo(0m).And.LessThan(Math.Abs(quantity)));
                Assert.That(verdict.Largest % lot, Is.Zero, "whole lots");
                Assert.That(HedgeGate.Judge(state, side * verdict.Largest, limits).IsAccepted, Is.True, "the largest passes");
                Assert.That(HedgeGate.Judge(state, side * (verdict.Largest + lot), limits).IsAccepted, Is.False, "one lot more does not");
                Assert.That(HedgeGate.Judge(state, quantity * 2m, limits).IsAccepted, Is.False, "nor anything larger");
            },
            iter: Iterations.Of(10_000));

    [Test]
    public void WhatPassesCanBeHedged()
        => Gen.Select(Questions, Gen.Int[1, 800_000], Gen.Bool).Sample(
            (question, size, buys) =>
            {
                var (state, limits) = question;
                var primary = state.Primary;
                var quantity = (buys ? 1 : -1) * size * primary.Instrument.LotSize;
                var after = primary.Held + quantity + (buys ? primary.WorkingBuy : primary.WorkingSell);
                if (!HedgeGate.Judge(state, quantity, limits).IsAccepted || Math.Sign(after) != Math.Sign(quantity))
                {
                    return;
                }

                // Everything of its side filled: what the legs hold and work against it, what stands on the other side closed
                // where an exit may go, and what the healthy ones can add.
                var carried = 0m;
                for (var i = 0; i < 2; i++)
                {
                    var leg = state.Legs[i];
                    var same = buys ? -(leg.Held + leg.WorkingSell) : leg.Held + leg.WorkingBuy;
                    var closes = leg.Health != HealthState.Down && leg.UnknownBuy == 0m ? Math.Max(0m, -same) : 0m;
                    carried += same + closes;
                    if (leg.Health == HealthState.Healthy && !leg.InBackoff && leg.FreshPrice is not null && leg.UnknownBuy == 0m)
                    {
                        carried += Math.Max(0m, leg.Headroom - (limits.Promised?[i] ?? 0m));
                    }
                }

                Assert.That(state.Group.Ratio * Math.Abs(after), Is.LessThanOrEqualTo(Math.Max(0m, carried) + 0.000000000001m));
                Assert.That(Math.Abs(after), Is.LessThanOrEqualTo(limits.MostExposure));
            },
            iter: Iterations.Of(10_000));

    [Test]
    public void WhereExposureAndHedgeAllowTheSameTheHedgeIsTheReason()
    {
        var state = State(Group(), Leg(BinanceSpot), Carrying(BybitPerpetual, headroom: 2m));

        Assert.That(HedgeGate.Judge(state, 3m, Free with { MostExposure = 2m }), Is.EqualTo(new GateVerdict(GateReason.HedgeCapacity, 2m)));
    }

    [Test]
    public void AShortPrimaryCountsWhatItsLegsHoldAndBuy()
    {
        var state = State(Group(), Leg(BinancePerpetual, -1m), Carrying(BybitPerpetual, held: 1m, buying: 0.5m, headroom: 0.25m));

        Assert.That(HedgeGate.Judge(state, -5m, Free), Is.EqualTo(new GateVerdict(GateReason.HedgeCapacity, 0.75m)));
    }

    [TestCase(HealthState.Healthy, 3.0, TestName = "{m}: unless it can be closed first")]
    [TestCase(HealthState.Down, 2.0, TestName = "{m}: while it cannot be closed")]
    public void ALegOnTheWrongSideTakesOfWhatTheOthersCarry(HealthState health, double largest)
    {
        var state = State(Two(), Leg(BinanceSpot), Carrying(BybitPerpetual, held: 1m) with { Health = health }, Carrying(BinancePerpetual, headroom: 3m));

        Assert.That(HedgeGate.Judge(state, 5m, Free).Largest, Is.EqualTo((decimal)largest));
    }

    [Test]
    public void APrimaryOfManyUnitsIsJudgedInItsContracts()
    {
        var thousand = BinancePerpetual with { UnitsPerContract = 1000m };
        var state = State(new HedgeGroup("BTC", thousand, [BybitPerpetual], 0.5m, 0m), Leg(thousand), Carrying(BybitPerpetual, headroom: 1_000m));

        Assert.That(HedgeGate.Judge(state, 5m, Free), Is.EqualTo(new GateVerdict(GateReason.HedgeCapacity, 2m)));
    }

    private static (GroupState State, GateLimits Limits) Ask((int Held, int Buying, int Selling, int Distance) primary, LegState first, LegState second, (int Ratio, int Halt, int Exposure, int Limits) rules)
    {
        decimal[] ratios = [1m, 0.5m, 1.37m, 0m];
        var state = State(
            Group(ratios[rules.Ratio], 0m, BybitPerpetual, BinancePerpetual),
            Leg(BinanceSpot, primary.Held / 100m, primary.Buying / 100m, primary.Selling / 100m) with { Distance = primary.Distance == 0 ? 0.04m : 0.3m },
            first,
            second);
        state.IsHalted = rules.Halt == 0;
        state.IsFlattening = rules.Halt == 1;
        var limits = new GateLimits(rules.Exposure > 200 ? decimal.MaxValue : rules.Exposure / 70m, rules.Limits == 0, rules.Limits == 1, rules.Limits % 2 == 0 ? null : [0.3m, 0.7m]);
        return (state, limits);
    }

    private static Gen<LegState> LegOf(int which)
        => Gen.Select(Gen.Int[-200, 200], Gen.Int[0, 50], Gen.Int[-50, 0], Gen.Int[0, 300], Gen.Int[0, 12]).Select(figures =>
            Carrying(which == 0 ? BybitPerpetual : BinancePerpetual, figures.Item1 / 100m, figures.Item2 / 100m, figures.Item3 / 100m, figures.Item4 / 100m) with
            {
                Health = figures.Item5 < 5 ? (HealthState)figures.Item5 : HealthState.Healthy,
                InBackoff = figures.Item5 == 6,
                FreshPrice = figures.Item5 == 7 ? null : 17_000m,
                UnknownBuy = figures.Item5 == 8 ? figures.Item2 / 100m : 0m,
            });

    private static HedgeGroup Two() => Group(hedges: [BybitPerpetual, BinancePerpetual]);

    private static LegState Carrying(Instrument instrument, decimal held = 0m, decimal buying = 0m, decimal selling = 0m, decimal headroom = 0m)
        => Leg(instrument, held, buying, selling) with { Headroom = headroom };
}
