using System;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Venues;
using CsCheck;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Accounts.SimulatedVenues;

namespace CrossHedgeLean.Tests.Core.Accounts;

/// <summary>Headroom beside other positions, against the ledger after adding it; and what a pool counts in which currency.</summary>
[TestFixture]
public sealed class MarginPoolTests
{
    private const decimal Price = 20_000m;

    private const decimal Fee = 0.0005m;

    private static readonly Instrument Eth = Perpetual with { Id = new InstrumentId(Perpetual.Id.Route, "ETHUSDT"), Underlying = "ETH" };

    private static readonly Instrument Sol = Perpetual with { Id = new InstrumentId(Perpetual.Id.Route, "SOLUSDT"), Underlying = "SOL" };

    [TestCase(0, 1, 2)]
    [TestCase(1, 0, 2)]
    [TestCase(2, 1, 0)]
    [TestCase(1, 2, 0)]
    public void TheSteepestOfTheOthersKeepsItsDistance(params int[] order)
    {
        // ETH is so near its limit that BTC's own distance is not what ends it; SOL is further away.
        Instrument[] instruments = [Perpetual, Eth, Sol];
        var ledger = Opened(FuturesAccount(("USDT", 9_000m)), order.Select(i => instruments[i]).ToArray());
        Hold(ledger, Eth, -2m);
        Hold(ledger, Sol, -0.001m);

        var added = Add(ledger, Perpetual, buys: true);
        Assert.That(added, Is.GreaterThan(0.1m));
        Assert.That(ledger.DistanceOf(ledger.Find(Eth.Id)!), Is.EqualTo(0.2m).Within(1e-12m));
        Assert.That(ledger.DistanceOf(ledger.Find(Perpetual.Id)!), Is.GreaterThan(0.2m));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void WhereTheSteepestItselfTurnsRoundTheNextKeepsItsDistance(bool steepestFirst)
    {
        var ledger = Opened(FuturesAccount(("USDT", 8_500m)), steepestFirst ? [Perpetual, Eth] : [Eth, Perpetual]);
        Hold(ledger, Perpetual, 3m);
        Hold(ledger, Eth, -1.9m);

        var added = Add(ledger, Perpetual, buys: false);
        Assert.That(added, Is.GreaterThan(0.1m));
        Assert.That(ledger.DistanceOf(ledger.Find(Eth.Id)!), Is.EqualTo(0.2m).Within(1e-12m));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void PositionsOfOneUnderlyingKeepTheirDistanceTogether(bool buys)
    {
        var ledger = Opened(UnifiedAccount(("USDT", 20_000m)), UnifiedPerpetual, UnifiedBusd);
        ledger.Rate("BUSD", 0.5m);
        Hold(ledger, UnifiedBusd, buys ? 1m : -1m);

        Assert.That(Add(ledger, UnifiedPerpetual, buys), Is.GreaterThan(1m));
        Assert.That(ledger.DistanceOf(ledger.Find(UnifiedPerpetual.Id)!), Is.EqualTo(0.2m).Within(1e-12m));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void BracketsAreInTheSettlementCurrencyAndRoomInTheAccounts(bool buys)
    {
        // Half a USDT each: the account's 20,000 carry twice as many of them.
        var ledger = Opened(UnifiedAccount(("USDT", 20_000m)), UnifiedBusd);
        ledger.Rate("BUSD", 0.5m);
        Hold(ledger, UnifiedBusd, buys ? 1m : -1m);

        Assert.That(Add(ledger, UnifiedBusd, buys), Is.GreaterThan(5m));
        Assert.That(ledger.DistanceOf(ledger.Find(UnifiedBusd.Id)!), Is.EqualTo(0.2m).Within(1e-12m));
    }

    [Test]
    public void WhatStandsAgainstCoinsMayCostMoreRoomThanItMakesDistance()
    {
        // Coins for 180,000 beside a debt of 179,050: 950 of room. Each unit sold takes 1.05% of it, and lets 0.5% go.
        var ledger = Opened(UnifiedAccount(("BTC", 10m)) with { Leverage = 50m }, UnifiedPerpetual);
        ledger.Rate("BTC", Price);
        ledger.Post(new WriteOffEntry(Start, "unified", "USDT", -179_050m));

        Assert.That(Add(ledger, UnifiedPerpetual, buys: false, distance: 0.005m) * Price, Is.EqualTo(75m / (0.0105m - (0.005m * 1.01m))).Within(1e-9m));
        Assert.That(ledger.DistanceOf(ledger.Find(UnifiedPerpetual.Id)!), Is.EqualTo(0.005m).Within(1e-12m));
    }

    [Test]
    public void WhatStandsAgainstCoinsEndsInTheFirstBracketThoughItEndedFurtherUpBefore()
    {
        // With 80,000 of room it ended in the last bracket. With 902, two are left beside the 900 of the distance.
        var ledger = Opened(UnifiedAccount(("BTC", 10m)) with { Leverage = 50m }, UnifiedPerpetual);
        ledger.Rate("BTC", Price);
        ledger.Post(new WriteOffEntry(Start, "unified", "USDT", -100_000m));
        Assert.That(ledger.Headroom(ledger.Find(UnifiedPerpetual.Id)!, false, Price, Fee, 0.005m) * Price, Is.GreaterThan(100_000m));
        ledger.Post(new WriteOffEntry(Start, "unified", "USDT", -79_098m));

        Assert.That(Add(ledger, UnifiedPerpetual, buys: false, distance: 0.005m) * Price, Is.EqualTo(2m / (0.0055m - (0.005m * 1.005m))).Within(1e-9m));
    }

    [Test]
    public void WhatACoinOwesCountsWholeAndMovesWithThePrice()
    {
        var ledger = Opened(UnifiedAccount(("USDT", 20_000m)), UnifiedPerpetual);
        var owing = Opened(UnifiedAccount(("USDT", 20_000m)), UnifiedPerpetual);
        owing.Post(new WriteOffEntry(Start, "unified", "BTC", -0.1m));
        foreach (var each in new[] { ledger, owing })
        {
            each.Rate("BTC", Price);
            Hold(each, UnifiedPerpetual, -1m);
        }

        // 20,000 of money, 2,000 owed; 20,000 short at 1% less 25 of maintenance, and the coins that are owed grow too.
        Assert.That(owing.Accounts[0].Pools[0].Equity, Is.EqualTo(18_000m));
        Assert.That(ledger.DistanceOf(ledger.Find(UnifiedPerpetual.Id)!), Is.EqualTo(19_825m / 20_200m).Within(1e-12m));
        Assert.That(owing.DistanceOf(owing.Find(UnifiedPerpetual.Id)!), Is.EqualTo(17_825m / 22_200m).Within(1e-12m));
    }

    [Test]
    public void WhatWorkingOrdersHoldIsNotFree()
    {
        var ledger = Opened(FuturesAccount(("USDT", 100m)) with { Leverage = 2m }, Perpetual);
        ledger.Reserve(new OrderRequirement(1, Perpetual.Id, 0.002m, Price, 0m));

        Assert.That(ledger.Headroom(ledger.Find(Perpetual.Id)!, true, Price, Fee, 0.01m), Is.EqualTo(80m / (0.5m + Fee) / Price).Within(1e-18m));
    }

    [Test]
    public void HeadroomIsOfThePresent()
    {
        var ledger = Opened(FuturesAccount(("USDT", 10_000m)), Perpetual);
        var position = ledger.Find(Perpetual.Id)!;
        var flat = ledger.Headroom(position, true, Price, Fee, 0.2m);
        Assert.That(ledger.Headroom(position, true, Price, Fee, 0.2m), Is.EqualTo(flat), "asked again");

        Hold(ledger, Perpetual, 1m);
        Assert.That(ledger.Headroom(position, true, Price, Fee, 0.2m), Is.EqualTo(flat - 1m).Within(0.01m), "what is held is no more free");
        ledger.Mark(ledger.Open(Eth), Price);
        Assert.That(ledger.Headroom(ledger.Find(Eth.Id)!, true, Price, Fee, 0.2m), Is.GreaterThan(0m), "an underlying that came later");
        ledger.Post(new WriteOffEntry(Start, "futures", "USDT", -9_000m));
        Assert.That(ledger.Headroom(position, true, Price, Fee, 0.2m), Is.Zero);
    }

    [Test]
    public void APoolIsInItsOwnCurrencyAndTheAccountInItsOwn()
    {
        var ledger = Opened(FuturesAccount(("BUSD", 10_000m)), PerpetualBusd);
        ledger.Rate("BUSD", 0.5m);
        Hold(ledger, PerpetualBusd, 1m);
        var account = ledger.Accounts[0];

        Assert.That((account.Pools[0].InitialMargin, account.InitialMargin, account.MaintenanceMargin), Is.EqualTo((2_000m, 1_000m, 87.5m)));
        Assert.That(ledger.Reserve(new OrderRequirement(1, PerpetualBusd.Id, 0.5m, Price, 0m)).Currency, Is.EqualTo("BUSD"));
        Assert.That(account.OrderMargin, Is.EqualTo(account.Pools[0].InitialMargin / 4m));

        var unified = Opened(UnifiedAccount(("USDT", 10_000m)), UnifiedBusd);
        unified.Rate("BUSD", 0.5m);
        Hold(unified, UnifiedBusd, 1m);
        Assert.That((unified.Accounts[0].Pools[0].InitialMargin, unified.Accounts[0].InitialMargin), Is.EqualTo((1_000m, 1_000m)));
        Assert.That(unified.Reserve(new OrderRequirement(1, UnifiedBusd.Id, 0.5m, Price, 0m)), Is.EqualTo(new OrderVerdict(true, "USDT", 500m, 9_000m)));
    }

    [Test]
    public void OnlyWhatIsHeldHasALiquidationPrice()
    {
        var ledger = Opened(UnifiedAccount(("USDT", 5_000m)), UnifiedPerpetual, UnifiedBusd);
        ledger.Rate("BUSD", 1m);
        Hold(ledger, UnifiedBusd, -1m);
        var pool = ledger.Accounts[0].Pools[0];

        Assert.That(pool.LiquidationPrice(ledger.Find(UnifiedPerpetual.Id)!), Is.Null);
        Assert.That(pool.LiquidationPrice(ledger.Find(UnifiedBusd.Id)!), Is.GreaterThan(Price));
    }

    [TestCase(2.0, -1.5, 8_000, false, TestName = "{m}: below")]
    [TestCase(1.1, -1.0, 8_000, true, TestName = "{m}: above")]
    [TestCase(1.1, -1.0, 1_500, false, TestName = "{m}: both, the nearer below")]
    [TestCase(1.03, -1.0, 400, true, TestName = "{m}: both, the nearer above")]
    public void OfTwoLiquidationPricesTheNearerCounts(double usdt, double busd, int money, bool above)
    {
        // Net long, it loses on the way down; on the way up, maintenance in high brackets outgrows it.
        var ledger = Opened(UnifiedAccount(("USDT", money)), UnifiedPerpetual, UnifiedBusd);
        ledger.Rate("BUSD", 1m);
        Hold(ledger, UnifiedPerpetual, (decimal)usdt);
        Hold(ledger, UnifiedBusd, (decimal)busd);
        var pool = ledger.Accounts[0].Pools[0];
        var found = pool.LiquidationPrice(ledger.Find(UnifiedPerpetual.Id)!);

        Assert.That(found, Is.EqualTo(Search(ledger)).Within(0.01m));
        Assert.That(found > Price, Is.EqualTo(above));
    }

    /// <summary>The price nearest to the present one at which the account is liquidated, by trying every one.</summary>
    private static decimal? Search(Ledger ledger)
    {
        var pool = ledger.Accounts[0].Pools[0];
        for (var away = 0.01m; away < 400_000m; away += away < Price ? 10m : 100m)
        {
            foreach (var price in new[] { Price - away, Price + away })
            {
                if (price > 0m && RoomAt(price) < 0m)
                {
                    // Exactly between the last good price and this one.
                    var (good, bad) = (price < Price ? price + 100m : price - 100m, price);
                    for (var i = 0; i < 60; i++)
                    {
                        var middle = (good + bad) / 2m;
                        (good, bad) = RoomAt(middle) < 0m ? (good, middle) : (middle, bad);
                    }

                    RoomAt(Price);
                    return bad;
                }
            }
        }

        RoomAt(Price);
        return null;

        decimal RoomAt(decimal price)
        {
            foreach (var position in ledger.Accounts[0].Positions)
            {
                ledger.Mark(position, price);
            }

            return pool.Equity - pool.MaintenanceMargin;
        }
    }

    [Test]
    public void WhatIsBoundedWhileMarksMoveLittleIsWhatCountingSays()
        => Gen.Select(Gen.Bool, Gen.Bool, Gen.Int[3_000, 40_000], Gen.Select(Gen.Int[-60, 60], Gen.Int[-60, 60], Gen.Int[-60, 60]), Gen.Select(Gen.Int[0, 20], Gen.Int[-12, 12], Gen.Int[-12, 12], Gen.Int[0, 60]).Array[1, 60]).Sample(
            (isUnified, isLive, cash, sizes, steps) =>
            {
                Instrument[] instruments = isUnified ? [UnifiedPerpetual, UnifiedBusd, UnifiedPepe] : [Perpetual, Eth, Sol];
                var ledger = Opened(isUnified ? UnifiedAccount(("USDT", cash), ("BTC", 0.1m)) : FuturesAccount(("USDT", cash)), instruments);
                ledger.Rate("BUSD", 1m);
                ledger.Rate("BTC", Price);
                Hold(ledger, instruments[0], sizes.Item1 * 0.05m);
                Hold(ledger, instruments[1], sizes.Item2 * 0.05m);
                Hold(ledger, instruments[2], sizes.Item3 * 0.00005m);
                var pool = ledger.Accounts[0].Pools[0];
                var tally = new RunRecorder();
                var (price, worst, most) = (Price, decimal.MaxValue, 0m);
                tally.Start("USDT", [], _ => null, new RunAccounts(ledger, new InvariantTally(), [], Latency.None, _ => 0));
                for (var i = 0; i < steps.Length; i++)
                {
                    // Mostly small moves, each instrument its own; now and then money or a rate changes, or one closes.
                    var (what, move, basis, distance) = steps[i];
                    price *= 1m + (move * 0.001m);
                    ledger.Mark(ledger.Find(instruments[0].Id)!, price);
                    ledger.Mark(ledger.Find(instruments[1].Id)!, price * (1m + (basis * 0.0005m)));
                    ledger.Mark(ledger.Find(instruments[2].Id)!, price * (1m - (basis * 0.0005m)));
                    switch (what)
                    {
                        case 0:
                            ledger.Rate("BUSD", 1m + (basis * 0.01m));
                            break;
                        case 1:
                            ledger.Post(new WriteOffEntry(Start, ledger.Accounts[0].Definition.Name, "USDT", basis * 50m));
                            break;
                        case 2:
                            Hold(ledger, instruments[1], -ledger.Find(instruments[1].Id)!.Quantity);
                            break;
                    }

                    // Asking for a breach alone settles the pool. A backtest asks at each step; where the venue liquidates, nobody may.
                    var asks = !isLive || what % 3 != 0;
                    var bounded = (asks && pool.IsBreached, pool.IsNearer(distance * 0.01m));
                    tally.StepEnded(Start.AddMinutes(i), 0m);
                    var exact = pool.Distance(out _);
                    Assert.That(bounded, Is.EqualTo((asks && pool.Room < 0m && pool.MaintenanceMargin > 0m, exact < distance * 0.01m)));
                    worst = Math.Min(worst, exact ?? decimal.MaxValue);
                    most = Math.Max(most, ledger.Accounts[0].InitialMargin);
                }

                var account = tally.Summarize().Accounts[0];
                Assert.That((account.Worst?.Distance ?? decimal.MaxValue, account.MaxInitialMargin), Is.EqualTo((worst, most)));
            },
            iter: 4_000);

    /// <summary>Trades all that there is headroom for, after what closes, with its fee; what was added.</summary>
    private static decimal Add(Ledger ledger, Instrument instrument, bool buys, decimal distance = 0.2m)
    {
        var position = ledger.Find(instrument.Id)!;
        var headroom = ledger.Headroom(position, buys, Price, Fee, distance);
        var closes = buys ? Math.Max(0m, -position.Quantity) : Math.Max(0m, position.Quantity);
        Hold(ledger, instrument, (buys ? 1m : -1m) * (closes + headroom));
        ledger.Post(new FeeEntry(Start, instrument.Id, instrument.SettlementCurrency, -(closes + headroom) * Price * Fee));
        return headroom;
    }

    private static void Hold(Ledger ledger, Instrument instrument, decimal quantity)
        => ledger.Post(new FillEntry(Start, instrument.Id, quantity, Price, 0m, 0m));

    private static Ledger Opened(AccountDefinition definition, params Instrument[] instruments)
    {
        var ledger = new Ledger("USDT", [definition]);
        foreach (var position in instruments.Select(instrument => ledger.Open(instrument)))
        {
            ledger.Mark(position, Price);
        }

        return ledger;
    }
}
