using System.Linq;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Hedging;

[TestFixture]
public sealed class GroupStateTests
{
    private static readonly Instrument Coarse = BinancePerpetual with { LotSize = 0.01m };

    [Test]
    public void ANewStateHoldsNothingOfTheGroupsInstruments()
    {
        var state = new GroupState(Two(), new HedgeSettings());

        Assert.That(state.Legs.Select(leg => (leg.Instrument, leg.Held)), Is.EqualTo(new[] { (BybitPerpetual, 0m), (Coarse, 0m) }));
        Assert.That((state.Primary.Instrument, state.PrimaryUnits), Is.EqualTo((BinanceSpot, 0m)));
    }

    [Test]
    public void EveryFigureIsInUnitsOfTheUnderlying()
    {
        var thousand = BinancePerpetual with { UnitsPerContract = 1_000m };
        var group = new HedgeGroup("BTC", thousand, [BybitPerpetual with { UnitsPerContract = 100m }, Coarse], 0.5m, 0m);
        var state = State(group, Leg(thousand, 3m, buying: 1m) with { WorkingTogether = 1m }, Leg(group.Hedges[0], -4m), Leg(Coarse, -50m));

        Assert.That((state.PrimaryUnits, state.RequiredUnits, state.HedgeUnits, state.ResidualUnits), Is.EqualTo((3_000m, -2_000m, -450m, 1_050m)));
    }

    [TestCase(true, true, "0.01", TestName = "{m}: the coarsest of the usable")]
    [TestCase(true, false, "0.001", TestName = "{m}: the usable alone")]
    [TestCase(false, true, "0.01", TestName = "{m}: the other alone")]
    [TestCase(false, false, "0.01", TestName = "{m}: the coarsest of all if none is usable")]
    public void NothingCanBeTradedBelowTheDustLimit(bool fine, bool coarse, string limit)
    {
        foreach (var reversed in new[] { false, true })
        {
            LegState[] legs = [Of(BybitPerpetual, fine), Of(Coarse, coarse)];
            var group = Group(hedges: reversed ? [Coarse, BybitPerpetual] : [BybitPerpetual, Coarse]);
            var state = State(group, 0m, reversed ? [legs[1], legs[0]] : legs);

            Assert.That(state.DustLimitUnits, Is.EqualTo(decimal.Parse(limit, System.Globalization.CultureInfo.InvariantCulture)));
        }

        static LegState Of(Instrument instrument, bool usable) => Leg(instrument) with { Health = usable ? HealthState.Healthy : HealthState.Down };
    }

    [TestCase("0.0004", "0.001")]
    [TestCase("0.5", "0.5")]
    public void TheToleranceIsTheLargerOfBandAndDust(string band, string tolerance)
        => Assert.That(
            State(Group(band: decimal.Parse(band, System.Globalization.CultureInfo.InvariantCulture)), 0m).ToleranceUnits,
            Is.EqualTo(decimal.Parse(tolerance, System.Globalization.CultureInfo.InvariantCulture)));

    [Test]
    public void APairWithOrdersOnTwoLegsWorks()
        => Assert.That(State(Two(), 1m, Leg(BybitPerpetual, selling: -0.5m), Leg(Coarse, selling: -0.5m)).Pair, Is.EqualTo(PairState.Working));

    private static HedgeGroup Two() => Group(hedges: [BybitPerpetual, Coarse]);
}
