using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Accounts.SimulatedVenues;

namespace CrossHedgeLean.Tests.Core.Exchange;

/// <summary>Orders from submission to booking; contracts that are worth ten of their price.</summary>
[TestFixture]
public sealed class SimulatedExchangeTests
{
    private static readonly DateTime Noon = new(2022, 12, 13, 12, 0, 0, DateTimeKind.Utc);

    private static readonly FeeSchedule Fees = new([new FeeTier(0m, 0.0002m, 0.001m), new FeeTier(150_000m, 0.0001m, 0.0005m)]);

    private static readonly Instrument Ten = Perpetual with { UnitsPerContract = 10m, ContractMultiplier = 10m };

    [Test]
    public void AFillIsBookedAtItsValueWithItsFeeAndVolume()
    {
        var (ledger, exchange) = Opened(FuturesAccount(("USDT", 100_000m)) with { PerpetualFees = Fees }, Ten);
        var traded = new List<(ExchangeOrder Order, ExchangeFill Fill)>();
        exchange.Traded = (order, fill) => traded.Add((order, fill));
        var verdict = exchange.Submit(1, Ten, 1m, null, 20_000m, Noon);
        Assert.That(verdict, Is.EqualTo(new OrderVerdict(true, "USDT", 40_200m, 100_000m)), "a fifth of 200,000, and the fee");

        exchange.Show(Ten.Id, Bar(1, 20_000m));
        Assert.That((traded.Count, exchange.Orders.Count, ledger.IsReserved(Ten.Id, 1)), Is.EqualTo((1, 0, false)));
        Assert.That((ledger.Find(Ten.Id)!.Value, ledger.Equity), Is.EqualTo((200_000m, 99_800m)));
        Assert.That(exchange.FeeRate(Ten.Id.Route, Noon, isMaker: false), Is.EqualTo(0.0005m), "200,000 were traded");

        exchange.Submit(2, Ten, -1m, null, 20_000m, Noon);
        exchange.Show(Ten.Id, Bar(2, 21_000m));
        Assert.That(ledger.Equity, Is.EqualTo(99_800m + 10_000m - 105m));
        Assert.That(ledger.Total("USDT"), Is.EqualTo(ledger.Equity), "what was made is money now");
    }

    [Test]
    public void ASpotBuyPaysItsValueAndIsCappedByIt()
    {
        var ten = Spot with { ContractMultiplier = 10m };
        var (ledger, exchange) = Opened(SpotAccount(("USDT", 10_000m)), ten);
        exchange.Submit(1, ten, 0.04m, null, 20_000m, Noon);
        Assert.That(ledger.Accounts[0].Balances[0].Locked, Is.EqualTo(8_000m));
        exchange.Show(ten.Id, Bar(1, 20_000m));
        Assert.That((ledger.Total("USDT"), ledger.Total("BTC")), Is.EqualTo((2_000m, 0.04m)));

        exchange.Submit(2, ten, 0.01m, null, 20_000m, Noon);
        exchange.Show(ten.Id, Bar(2, 25_000m));
        Assert.That((ledger.Total("USDT"), ledger.Total("BTC"), exchange.Orders.Count), Is.EqualTo((0m, 0.048m, 0)), "2,000 at 250,000 a contract");
    }

    [Test]
    public void WhatASpotSaleBringsIsMoneyLessItsFee()
    {
        var (ledger, exchange) = Opened(SpotAccount(("BTC", 1m)) with { SpotFees = Fees }, Spot);
        exchange.Submit(1, Spot, -0.5m, null, 20_000m, Noon);
        exchange.Show(Spot.Id, Bar(1, 20_000m));

        Assert.That((ledger.Total("USDT"), ledger.Total("BTC")), Is.EqualTo((9_990m, 0.5m)));
    }

    [TestCase(1, TestName = "{m}: long")]
    [TestCase(-1, TestName = "{m}: short")]
    public void AVenueThatClosesAPositionTakesItsOrdersFirstAndNoFee(int side)
    {
        var (ledger, exchange) = Opened(FuturesAccount(("USDT", 100_000m)) with { PerpetualFees = Fees }, Ten);
        var closed = new List<LiquidationStep>();
        exchange.Liquidated = closed.Add;
        exchange.Submit(1, Ten, side, null, 20_000m, Noon);
        exchange.Show(Ten.Id, Bar(1, 20_000m));
        exchange.Submit(2, Ten, side, 15_000m, 20_000m, Noon);
        var position = ledger.Find(Ten.Id)!;
        var before = ledger.Total("USDT");

        exchange.Close(position, -side, 21_000m, Noon.AddMinutes(2));

        Assert.That((position.Quantity, exchange.Orders.Count, ledger.IsReserved(Ten.Id, 2)), Is.EqualTo((0m, 0, false)));
        Assert.That(ledger.Total("USDT"), Is.EqualTo(before + (10_000m * side)));
        Assert.That(closed, Is.EqualTo(new[] { new LiquidationStep(position, -side, 21_000m, 0m) }));
        exchange.Close(position, 0m, 21_000m, Noon.AddMinutes(2));
        Assert.That(closed, Has.Count.EqualTo(1));
    }

    [Test]
    public void OfAFailedVenueTheRecoveryIsLeftOfMoneyAndCoinsAlike()
    {
        var (ledger, exchange) = Opened(SpotAccount(("USDT", 30_000m)), Spot);
        var entries = new List<LedgerEntry>();
        exchange.Submit(1, Spot, 1m, null, 20_000m, Noon);
        exchange.Show(Spot.Id, Bar(1, 20_000m));
        ledger.Mark(ledger.Find(Spot.Id)!, 22_000m);
        exchange.Submit(2, Spot, -1m, 30_000m, 22_000m, Noon);
        ledger.Booked = entries.Add;

        exchange.Fail(ledger.Accounts[0], 0.25m, Noon.AddMinutes(2));

        Assert.That((ledger.Total("BTC"), ledger.Total("USDT"), ledger.Equity), Is.EqualTo((0m, 8_000m, 8_000m)), "a quarter of 10,000 and of a coin at its last mark");
        Assert.That(entries.OfType<WriteOffEntry>().Select(entry => entry.Amount), Is.EqualTo(new[] { -24_000m }));
        Assert.That((exchange.Orders.Count, ledger.Accounts[0].Orders.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void WhatIsOwedToAFailedVenueIsNotAskedFor()
    {
        var (ledger, exchange) = Opened(FuturesAccount(("USDT", 100_000m)), Ten);
        exchange.Submit(1, Ten, 2m, null, 20_000m, Noon);
        exchange.Show(Ten.Id, Bar(1, 20_000m));
        ledger.Mark(ledger.Find(Ten.Id)!, 10_000m);

        exchange.Fail(ledger.Accounts[0], 0.25m, Noon.AddMinutes(2));

        Assert.That((ledger.Find(Ten.Id)!.Quantity, ledger.Total("USDT")), Is.EqualTo((0m, 0m)));
    }

    [Test]
    public void AScenarioTakesThePlaceOfFundingsRateAndInterval()
    {
        var (ledger, exchange) = Opened(FuturesAccount(("USDT", 100_000m)), Ten);
        exchange.Submit(1, Ten, 1m, null, 20_000m, Noon);
        exchange.Show(Ten.Id, Bar(1, 20_000m));
        var position = ledger.Find(Ten.Id)!;
        var player = new ScenarioPlayer(Scenario.None, Noon);
        player.Add(new ScenarioEvent(ScenarioKind.FundingInterval, Noon) { Instrument = Ten.Id, Delay = TimeSpan.FromHours(1), Until = Noon.AddHours(2) });
        player.Add(new ScenarioEvent(ScenarioKind.FundingSpike, Noon.AddHours(2)) { Instrument = Ten.Id, Size = -0.01m, Until = Noon.AddHours(5) });

        Assert.That(FundingAt(1), Is.EqualTo(-20_000m * 10m * 0.0008m / 8m), "an eighth of what is paid every eight hours");
        Assert.That(FundingAt(2), Is.Zero, "the usual interval again");
        Assert.That(FundingAt(4), Is.EqualTo(2_000m), "shorts pay a hundredth");
        Assert.That(FundingAt(12), Is.EqualTo(-160m), "the venue's own rate again");

        decimal FundingAt(int hours)
        {
            var utcNow = Noon.AddHours(hours);
            player.Advance(utcNow, []);
            var before = ledger.Total("USDT");
            exchange.Fund(position, utcNow, 20_000m, 0.0008m, utcNow, player);
            return ledger.Total("USDT") - before;
        }
    }

    [Test]
    public void ARefusedOrderIsNotThereAndACanceledOneHoldsNothing()
    {
        var (ledger, exchange) = Opened(SpotAccount(("USDT", 10_000m)), Spot);
        Assert.That(exchange.Submit(1, Spot, 1m, null, 20_000m, Noon).Accepted, Is.False);
        Assert.That((exchange.Orders.Count, exchange.Cancel(1)), Is.EqualTo((0, false)));

        exchange.Submit(2, Spot, 1m, 5_000m, 20_000m, Noon);
        Assert.That(ledger.Accounts[0].Balances[0].Free, Is.EqualTo(5_000m), "its own limit, not the quote");
        Assert.That((exchange.Cancel(2), exchange.Cancel(2)), Is.EqualTo((true, false)));
        Assert.That((exchange.Orders.Count, ledger.Accounts[0].Balances[0].Free), Is.EqualTo((0, 10_000m)));
    }

    [Test]
    public void ABarIsShownToItsOwnInstrumentAlone()
    {
        var (ledger, exchange) = Opened(UnifiedAccount(("USDT", 100_000m)), UnifiedSpot, UnifiedPerpetual);
        exchange.Submit(1, UnifiedSpot, 0.1m, null, 20_000m, Noon);
        exchange.Submit(2, UnifiedPerpetual, 0.1m, null, 20_000m, Noon);
        exchange.Show(UnifiedPerpetual.Id, Bar(1, 20_000m));

        Assert.That(exchange.Orders.Select(order => order.Id), Is.EqualTo(new[] { 1 }));
        Assert.That((ledger.Find(UnifiedSpot.Id)!.Quantity, ledger.Find(UnifiedPerpetual.Id)!.Quantity), Is.EqualTo((0m, 0.1m)));
    }

    [Test]
    public void WhatIsLeftOfAnOrderWorksOn()
    {
        var (ledger, exchange) = Opened(FuturesAccount(("USDT", 100_000m)), Perpetual);
        exchange.Submit(1, Perpetual, 1m, null, 20_000m, Noon);
        exchange.Show(Perpetual.Id, Bar(1, 20_000m) with { AskSize = 0.04m });

        Assert.That((exchange.Orders.Single().Remaining, ledger.Find(Perpetual.Id)!.Quantity), Is.EqualTo((0.6m, 0.4m)));
        Assert.That(ledger.Accounts[0].OrderMargin, Is.EqualTo(1_200m));
    }

    [Test]
    public void FundingIsOfTheContractsValue()
    {
        var (ledger, exchange) = Opened(FuturesAccount(("USDT", 100_000m)), Ten);
        ledger.Post(new FillEntry(Noon, Ten.Id, 1m, 20_000m, 0m, 0m));
        var boundary = Noon.Date.AddHours(16);
        exchange.Fund(ledger.Find(Ten.Id)!, boundary, 20_000m, 0.0001m, boundary);

        Assert.That(ledger.Equity, Is.EqualTo(99_980m));
    }

    [Test]
    public void AContractOfTenIsLiquidatedAtItsOwnValueAndWithItsFee()
    {
        var (ledger, exchange) = Opened(FuturesAccount(("USDT", 5_000m)), Ten);
        var steps = new List<LiquidationStep>();
        exchange.Liquidated = steps.Add;
        var position = ledger.Find(Ten.Id)!;
        ledger.Post(new FillEntry(Noon, Ten.Id, 0.2m, 20_000m, 0m, 0m));
        exchange.Submit(1, Ten, -0.1m, 30_000m, 20_000m, Noon);
        ledger.Mark(position, 17_500m);
        exchange.Liquidate(Noon);

        // 40,000 stand in the third bracket; reduced to the second's 20,000 it stands again, or is closed.
        Assert.That((steps.Count > 0, exchange.Orders.Count), Is.EqualTo((true, 0)));
        Assert.That(steps[0].Quantity * 10m * steps[0].Price, Is.EqualTo(-((0.2m * 10m * steps[0].Price) - 20_000m)).Within(10m * steps[0].Price * Ten.LotSize));
        Assert.That(steps[0].Fee, Is.EqualTo(-steps[0].Quantity * 10m * steps[0].Price * 0.0125m).Within(1e-9m));
        Assert.That(ledger.Accounts[0].Pools[0].IsBreached, Is.False);
        Assert.That(steps.Sum(step => step.Fee), Is.GreaterThan(0m));
        Assert.That(ledger.ProfitOf(ledger.Accounts[0]).Fees, Is.Zero);
        Assert.That(ledger.ProfitOf(ledger.Accounts[0]).Liquidation, Is.LessThanOrEqualTo(-steps.Sum(step => step.Fee)));
        Assert.That(ledger.Total("USDT"), Is.EqualTo(5_000m + steps.Sum(step => (step.Quantity * 10m * (20_000m - step.Price)) - step.Fee)).Within(1e-9m));
        Assert.That(ledger.UnexplainedOf(ledger.Accounts[0]), Is.Zero.Within(1e-12m));
    }

    [Test]
    public void OnlyTheBreachedAccountIsLiquidated()
    {
        var ledger = new Ledger("USDT", [FuturesAccount(("USDT", 2_500m)), UnifiedAccount(("USDT", 50_000m))]);
        var exchange = new SimulatedExchange(ledger, Latency.Of(TimeSpan.Zero));
        foreach (var instrument in new[] { Perpetual, UnifiedPerpetual })
        {
            ledger.Mark(ledger.Open(instrument), 20_000m);
            ledger.Post(new FillEntry(Noon, instrument.Id, 1m, 20_000m, 0m, 0m));
        }

        exchange.Submit(1, Perpetual, -1m, 30_000m, 20_000m, Noon);
        exchange.Submit(2, UnifiedPerpetual, -1m, 30_000m, 20_000m, Noon);
        foreach (var account in ledger.Accounts)
        {
            ledger.Mark(account.Positions[0], 17_000m);
        }

        exchange.Liquidate(Noon);
        Assert.That(exchange.Orders.Select(order => order.Id), Is.EqualTo(new[] { 2 }));
        Assert.That((ledger.Find(Perpetual.Id)!.Quantity < 1m, ledger.Find(UnifiedPerpetual.Id)!.Quantity), Is.EqualTo((true, 1m)));
        Assert.That(ledger.Find(UnifiedPerpetual.Id)!.PreviousMark, Is.EqualTo(17_000m), "what breaks from here on breaks at these marks");
    }

    [TestCase(0, false, true)]
    [TestCase(1, false, false)]
    [TestCase(0, true, false)]
    public void AFillIsEmptyThatTradesNothingAndCancelsNothing(int quantity, bool cancels, bool isEmpty)
        => Assert.That(new ExchangeFill(quantity, 1m, false, cancels).IsEmpty, Is.EqualTo(isEmpty));

    [Test]
    public void AnArrivalIsItsVenuesLatencyLater()
    {
        var profile = FuturesProfile with { DataDelay = TimeSpan.FromMilliseconds(7), OrderLatency = TimeSpan.FromMilliseconds(30) };
        var ledger = new Ledger("USDT", [FuturesAccount(("USDT", 100m)) with { Profile = profile }]);
        ledger.Open(Perpetual);

        Assert.That(new SimulatedExchange(ledger, Latency.Venue).Arrival(Perpetual.Id, Noon), Is.EqualTo(Noon.AddMilliseconds(37)));
        Assert.That(new SimulatedExchange(ledger, Latency.Of(TimeSpan.FromSeconds(1))).Arrival(Perpetual.Id, Noon), Is.EqualTo(Noon.AddSeconds(1)));
    }

    private static MarketView Bar(int minute, decimal price)
        => new(Noon.AddMinutes(minute - 1), Noon.AddMinutes(minute), price, price, 0m, price, price, 0m, 0m);

    private static (Ledger Ledger, SimulatedExchange Exchange) Opened(AccountDefinition definition, params Instrument[] instruments)
    {
        var ledger = new Ledger("USDT", [definition]);
        foreach (var position in instruments.Select(instrument => ledger.Open(instrument)))
        {
            ledger.Mark(position, 20_000m);
        }

        return (ledger, new SimulatedExchange(ledger, Latency.Of(TimeSpan.Zero)));
    }
}
