using System;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;
using CsCheck;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Hedging;

/// <summary>What the gate lets pass, and the largest that it names.</summary>
[TestFixture]
public sealed class HedgeGateTests
{
    private static readonly GateLimits NoLimits = new(decimal.MaxValue, false, false);

    [Test]
    public void CapacityIsWhatLegsHoldAndWhatTheyCanAdd()
    {
        var state = State(Group(hedges: [BybitPerpetual, BinancePerpetual]), 1m, Leg(BybitPerpetual, held: -1m, headroom: 0.5m), Leg(BinancePerpetual, headroom: 0.25m));

        Assert.That(HedgeGate.Judge(state, 0.75m, NoLimits).IsAccepted, Is.True);
        Assert.That(HedgeGate.Judge(state, 0.76m, NoLimits), Is.EqualTo(new GateVerdict(GateReason.HedgeCapacity, 0.75m)));
    }

    [TestCase(HealthState.Unseen)]
    [TestCase(HealthState.Degraded)]
    [TestCase(HealthState.Halted)]
    [TestCase(HealthState.Down)]
    public void ALegThatCannotAddNowCarriesNothingNew(HealthState health)
    {
        var state = State(Group(), 1m, Leg(BybitPerpetual, held: -1m) with { Health = health });

        Assert.That(HedgeGate.Judge(state, 0.1m, NoLimits), Is.EqualTo(new GateVerdict(GateReason.HedgeCapacity, 0m)));
    }

    [Test]
    public void AReversalPassesUpToWhatTheOtherSideCanCarry()
    {
        var perpetual = new HedgeGroup("BTC", BinancePerpetual, [BybitPerpetual], 1m, 0m);
        var state = State(perpetual, 1m, Leg(BybitPerpetual, held: -1m, headroom: 0.5m));

        // Minus one closes; half is hedged by new longs, and the leg's own short is bought back besides.
        Assert.That(HedgeGate.Judge(state, -3m, NoLimits), Is.EqualTo(new GateVerdict(GateReason.HedgeCapacity, 1m)));
    }

    [Test]
    public void ExitsPassWhateverElseIsWrong()
        => Gen.Select(Gen.Int[1, 2_000], Gen.Int[1, 2_000], Gen.Bool, Gen.Bool, Gen.Int[0, 4])
            .Sample((held, exit, isShort, isHalted, health) =>
            {
                var side = isShort ? -1m : 1m;
                var perpetual = new HedgeGroup("BTC", BinancePerpetual, [BybitPerpetual], 1m, 0m);
                var state = State(perpetual, side * held * 0.001m, Leg(BybitPerpetual, headroom: 0m, price: null));
                state.IsHalted = isHalted;
                state.Primary = state.Primary with { Health = (HealthState)health, IsNearLiquidation = true };
                var quantity = -side * Math.Min(held, exit) * 0.001m;

                Assert.That(HedgeGate.Judge(state, quantity, new GateLimits(0m, true, true)).IsAccepted, Is.True);
            });

    [Test]
    public void TheLargestThatIsNamedPassesAndALotMoreDoesNot()
        => Gen.Select(Gen.Int[-2_000, 2_000], Gen.Int[0, 3_000], Gen.Int[0, 3_000], Gen.Int[1, 9_000], Gen.Bool, Gen.Int[1, 3])
            .Sample(
                (held, hedged, room, asked, buys, ratio) =>
                {
                    var group = new HedgeGroup("BTC", BinancePerpetual, [BybitPerpetual], ratio * 0.5m, 0m);
                    var state = State(group, held * 0.001m, Leg(BybitPerpetual, held: -Math.Sign(held) * hedged * 0.001m, headroom: room * 0.001m));
                    var side = buys ? 1m : -1m;
                    var verdict = HedgeGate.Judge(state, side * asked * 0.001m, NoLimits);
                    if (verdict.IsAccepted)
                    {
                        return;
                    }

                    Assert.That(verdict.Largest, Is.GreaterThanOrEqualTo(0m).And.LessThan(asked * 0.001m));
                    Assert.That(HedgeGate.Judge(state, side * verdict.Largest, NoLimits).IsAccepted, Is.True, "the largest passes");
                    Assert.That(HedgeGate.Judge(state, side * (verdict.Largest + 0.001m), NoLimits).IsAccepted, Is.False, "a lot more does not");
                },
                iter: 10_000);
}
