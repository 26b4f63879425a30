using System;
using System.Linq;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Hedging;

[TestFixture]
public sealed class VenueChoiceTests
{
    private static readonly HedgeSettings Settings = new();

    private static readonly Instrument Okx = new(Id("okx:perpetual:BTCUSDT"), "BTC", "USDT", 1m, 0.001m, 0m, 0m);

    [Test]
    public void TheFeeIsPartOfTheCost()
        => Assert.That(VenueChoice.Cost(new View { TakerFee = 0.00055m }, 1m, Settings), Is.EqualTo(0.00055m));

    [Test]
    public void HalfTheSpreadIsPartOfTheCost()
    {
        // 20 over a mean of 10,000 is 0.2%.
        var view = new View { Quote = new Quote(Noon, 9_990m, 0m, 10_010m, 0m, 10_000m) };

        Assert.That(VenueChoice.Cost(view, 1m, Settings), Is.EqualTo(0.001m));
        Assert.That(VenueChoice.Cost(view, -1m, Settings), Is.EqualTo(0.001m));
    }

    [Test]
    public void WhatIsTakenBeyondTheQuotedSizeHasImpact()
    {
        var view = new View { Quote = new Quote(Noon, 10_000m, 4m, 10_000m, 2m, 10_000m) };

        // Buying 8 of 2: three sizes beyond, one basis point each, on average half of it, over six eighths of the order.
        Assert.That(VenueChoice.Cost(view, 8m, Settings), Is.EqualTo(0.0001m * 3m / 2m * 0.75m));
        Assert.That(VenueChoice.Cost(view, -8m, Settings), Is.EqualTo(0.0001m * 1m / 2m * 0.5m), "the bid has four");
        Assert.That(VenueChoice.Cost(view, 2m, Settings), Is.Zero);
    }

    [Test]
    public void FundingUpToTheHorizonIsPaidByLongsAndReceivedByShorts()
    {
        var view = new View { FundingPerHour = 0.00001m };

        Assert.That(VenueChoice.Cost(view, 1m, Settings), Is.EqualTo(0.00008m));
        Assert.That(VenueChoice.Cost(view, -1m, Settings), Is.EqualTo(-0.00008m));
        Assert.That(VenueChoice.Cost(view, 1m, Settings with { FundingHorizon = TimeSpan.FromHours(24) }), Is.EqualTo(0.00024m));
    }

    [Test]
    public void LatencyHasItsPenalty()
    {
        var view = new View { Latency = TimeSpan.FromMilliseconds(250) };

        Assert.That(VenueChoice.Cost(view, 1m, Settings), Is.EqualTo(0.000025m));
        Assert.That(VenueChoice.Cost(view, 1m, Settings with { LatencyPenalty = 0.001m }), Is.EqualTo(0.00025m));
    }

    [Test]
    public void TheCostIsTheSumOfItsParts()
    {
        var view = new View
        {
            TakerFee = 0.0005m,
            Quote = new Quote(Noon, 9_995m, 1m, 10_005m, 1m, 10_000m),
            FundingPerHour = -0.00002m,
            Latency = TimeSpan.FromMilliseconds(100),
        };

        var fee = 0.0005m;
        var halfSpread = 10m / 10_000m / 2m;
        var impact = 0.0001m * 2m * (2m / 3m) / 2m;
        var funding = -0.00002m * 8m * -1m;
        var latency = 0.0001m * 0.1m;
        Assert.That(VenueChoice.Cost(view, -3m, Settings), Is.EqualTo(fee + halfSpread + impact + funding + latency).Within(1e-24m));
    }

    [Test]
    public void AnEmptyBookHasNoImpactAndNoSpread()
        => Assert.That(VenueChoice.Cost(new View { Quote = default, TakerFee = 0.001m }, 1m, Settings), Is.EqualTo(0.001m));

    [Test]
    public void PreferenceIsTheOrderGiven()
        => Assert.That(Ranked(HedgeSplit.Preference, [], Tight(BybitPerpetual), Tight(BinancePerpetual), Tight(Okx)), Is.EqualTo("bybit binance okx"));

    [Test]
    public void CostRanksTheCheapestFirstAndEqualsAsGiven()
    {
        Assert.That(
            Ranked(HedgeSplit.Cost, [], Tight(BybitPerpetual) with { Cost = 0.002m }, Tight(BinancePerpetual) with { Cost = -0.001m }, Tight(Okx) with { Cost = 0.001m }),
            Is.EqualTo("binance okx bybit"));
        Assert.That(Ranked(HedgeSplit.Cost, [], Tight(BybitPerpetual), Tight(BinancePerpetual), Tight(Okx)), Is.EqualTo("bybit binance okx"));
    }

    [Test]
    public void WeightsRankWhatMissesMostOfItsShareFirst()
        => Assert.That(
            Ranked(HedgeSplit.Weights, [0.5m, 0.3m, 0.2m], Tight(BybitPerpetual) with { Held = -4.9m }, Tight(BinancePerpetual), Tight(Okx) with { Held = -1m }),
            Is.EqualTo("binance okx bybit"));

    [Test]
    public void EqualSharesAreAskedAsGiven()
        => Assert.That(Ranked(HedgeSplit.Weights, [0.4m, 0.3m, 0.3m], Tight(BybitPerpetual), Tight(BinancePerpetual), Tight(Okx)), Is.EqualTo("bybit binance okx"));

    [TestCase(true, false)]
    [TestCase(false, true)]
    public void OneReasonIsEnoughToBeTheLastChoice(bool returning, bool concentrated)
    {
        var cheap = Tight(BinancePerpetual) with { Cost = -1m, IsReturning = returning, IsConcentrated = concentrated };

        Assert.That(Ranked(HedgeSplit.Cost, [], Tight(BybitPerpetual), cheap, Tight(Okx)), Is.EqualTo("bybit okx binance"));
    }

    [Test]
    public void WithoutABidASaleHasNoImpactToCount()
    {
        var view = new View { Quote = new Quote(Noon, 0m, 2m, 10_000m, 2m, 10_000m) };

        Assert.That(VenueChoice.Cost(view, -8m, Settings), Is.EqualTo(1m), "half of a spread of 200%");
        Assert.That(VenueChoice.Cost(view, 8m, Settings), Is.GreaterThan(1m));
    }

    [Test]
    public void TheLastChoicesComeLastInTheirOwnOrder()
        => Assert.That(
            Ranked(HedgeSplit.Cost, [], Tight(BybitPerpetual) with { Cost = 0.001m, IsReturning = true }, Tight(BinancePerpetual) with { Cost = 0.0005m, IsConcentrated = true }, Tight(Okx) with { Cost = 9m }),
            Is.EqualTo("okx binance bybit"));

    [Test]
    public void ExitsGoTheOtherWayRound()
    {
        Assert.That(Exits(Full(BybitPerpetual), Full(BinancePerpetual), Full(Okx)), Is.EqualTo("okx binance bybit"));
        Assert.That(Exits(Full(BybitPerpetual) with { IsReturning = true }, Full(BinancePerpetual), Full(Okx)), Is.EqualTo("bybit okx binance"), "the last choice");
        Assert.That(Exits(Full(BybitPerpetual) with { Distance = 0.1m }, Full(BinancePerpetual), Full(Okx)), Is.EqualTo("bybit okx binance"), "near liquidation");
        Assert.That(
            Exits(Full(BybitPerpetual) with { Distance = 0.1m }, Full(BinancePerpetual) with { Distance = 0.12m }, Full(Okx) with { IsReturning = true, Distance = 0.15m }),
            Is.EqualTo("binance bybit okx"),
            "near liquidation before the last choice; at the target it is not near");
    }

    /// <summary>The legs in the order in which they get orders: of each first what its headroom of a hundredth takes.</summary>
    private static string Ranked(HedgeSplit split, decimal[] weights, params LegState[] legs)
    {
        var group = Group(hedges: [BybitPerpetual, BinancePerpetual, Okx]) with { Split = split, Weights = weights };
        return Venues(HedgeDecision.Decide(State(group, 10m, legs)));
    }

    private static string Exits(params LegState[] legs)
        => Venues(HedgeDecision.Decide(State(Group(hedges: [BybitPerpetual, BinancePerpetual, Okx]), 0m, legs)));

    private static string Venues(HedgeDecision decision)
        => string.Join(' ', decision.Actions.Select(action => action.Instrument.Id.Route.Market).Distinct());

    private static LegState Tight(Instrument instrument) => Leg(instrument) with { Headroom = 0.01m };

    private static LegState Full(Instrument instrument) => Leg(instrument, held: -1m);

    private sealed record View : IInstrumentView
    {
        public Quote Quote { get; init; } = new(Noon, 10_000m, 0m, 10_000m, 0m, 10_000m);

        public decimal Rate => 1m;

        public decimal TakerFee { get; init; }

        public decimal FundingPerHour { get; init; }

        public TimeSpan Latency { get; init; }

        public decimal? Distance => null;

        public decimal Headroom(bool buys, decimal price, decimal distance) => Plenty;
    }
}
