using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Tests.Core.Accounts;
using CrossHedgeLean.Venues;
using CsCheck;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Accounts.SimulatedVenues;

namespace CrossHedgeLean.Tests.Core.Exchange;

/// <summary>Maintenance margin, liquidation price and liquidation: the venues' own examples, a search by brute force, and the steps.</summary>
[TestFixture]
public sealed class LiquidationTests
{
    // The brackets in force when Binance wrote its examples: https://gist.github.com/highfestiva/b71e76f51eed84d56c1be8ebbcc286b5 (BTC),
    // https://gist.github.com/mattj161/21bec86528700b7e4cb025730485a2a7 (ETH). Leverages are one over the initial rates there, rounded.
    private static readonly MarginTiers BinanceBtc2020 = new(
    [
        new MarginTier(50_000m, 0.004m, 125m),
        new MarginTier(250_000m, 0.005m, 100m),
        new MarginTier(1_000_000m, 0.01m, 50m),
        new MarginTier(10_000_000m, 0.025m, 20m),
        new MarginTier(20_000_000m, 0.05m, 10m),
        new MarginTier(50_000_000m, 0.1m, 5m),
    ]);

    private static readonly MarginTiers BinanceEth2020 = new(
    [
        new MarginTier(10_000m, 0.005m, 100m),
        new MarginTier(100_000m, 0.0065m, 75m),
        new MarginTier(500_000m, 0.01m, 50m),
        new MarginTier(1_000_000m, 0.02m, 25m),
        new MarginTier(2_000_000m, 0.05m, 10m),
        new MarginTier(5_000_000m, 0.1m, 5m),
        new MarginTier(10_000_000m, 0.125m, 4m),
    ]);

    private static readonly Instrument Btc = Perpetual;

    private static readonly Instrument Eth = Perpetual with { Id = new InstrumentId(Perpetual.Id.Route, "ETHUSDT"), Underlying = "ETH" };

    private static readonly Gen<Book> Books = Gen.Select(
        Gen.Bool,
        Gen.Int[0, 3],
        Gen.Int[1, 200],
        Gen.Select(Gen.Int[0, 3], Gen.Int[-300, 300], Gen.Int[-30, 30]).Array[1, 4],
        Gen.Int[-20, 60],
        (pooled, brackets, wallet, legs, coins) => new Book(pooled, brackets, wallet * 250m, legs, Math.Max(0, coins) / 100m));

    // https://www.binance.com/en/support/faq/how-to-calculate-liquidation-price-of-usd%E2%93%A2-m-futures-contracts-b3c689c1f50a44cabb3a84e663b81d93:
    // the formula's terms were read there; the numbers (images on the page) as freqtrade keeps them "from calc example",
    // tests/exchange/test_binance.py at c9ae5e1e9ff25bb55dd61f5e5519f7c479291edb. Ours reproduces all four to the cent.
    [TestCase(true, true, 1_153.26)]
    [TestCase(false, true, 26_316.89)]
    [TestCase(true, false, 1_114.78)]
    [TestCase(false, false, 18_778.73)]
    public void BinancePublishesThisLiquidationPrice(bool ofEth, bool crossWithBoth, decimal published)
    {
        var ledger = BinanceExample(btc: crossWithBoth || !ofEth, eth: crossWithBoth || ofEth);
        var position = ledger.Find(ofEth ? Eth.Id : Btc.Id)!;
        Assert.That(Math.Round(ledger.Accounts[0].Pools[0].LiquidationPrice(position)!.Value, 2), Is.EqualTo(published));
        Assert.That(ledger.Snapshot()[0].Positions.Single(snapshot => snapshot.Instrument == position.Instrument.Id).LiquidationPrice, Is.Not.Null);
    }

    // The same example: what it calls TMM of the other position.
    [Test]
    public void BinancePublishesTheseMaintenanceMargins()
    {
        var ledger = BinanceExample(btc: true, eth: true);
        Assert.That(Math.Round(ledger.Find(Btc.Id)!.MaintenanceMargin, 2), Is.EqualTo(71_200.81m));
        Assert.That(Math.Round(ledger.Find(Eth.Id)!.MaintenanceMargin, 3), Is.EqualTo(356_512.508m));
        Assert.That(Math.Round(ledger.Find(Btc.Id)!.UnrealizedProfit, 2), Is.EqualTo(-56_354.57m));
        Assert.That(Math.Round(ledger.Find(Eth.Id)!.UnrealizedProfit, 2), Is.EqualTo(-448_192.89m));
    }

    // The same page, text as of 2020-06-11: at 500,000 USDT the maintenance amount is 1,300 and the rate 1%, and
    // "Maintenance Margin = Position Notional * Maintenance Margin Rate - Maintenance Amount"; at 264,000 the rate is 1%.
    [Test]
    public void BinancePublishesThisMaintenanceAmount()
    {
        Assert.That(BinanceBtc2020[BinanceBtc2020.IndexOf(264_000m)].MaintenanceRate, Is.EqualTo(0.01m));
        Assert.That(BinanceBtc2020.Deduction(BinanceBtc2020.IndexOf(500_000m)), Is.EqualTo(1_300m));
        Assert.That(BinanceBtc2020.Maintenance(500_000m), Is.EqualTo(3_700m));

        // With today's brackets, whose maintenance amounts Binance publishes beside them: 5,000,000 at 1% less 12,000.
        Assert.That(VenueProfiles.Find("binance-usdt-futures")!.TiersOf("BTCUSDT")!.Maintenance(5_000_000m), Is.EqualTo(38_000m));
    }

    // https://www.bybit.com/en/help-center/article/UTA-Trading-Rules, second-hand: as quoted in
    // github.com/SoftwareMaestro16/trade-bot (liquidation.ts and its tests, read off Bybit's page on 2026-08-06). 1 BTC long at
    // 40,000, 50 times, 3,000 added of which the fee to add is taken off, rate 0.5%. The older example of
    // https://www.bybit.com/en/help-center/article/Liquidation-Price-USDT-Contract (19,700) takes maintenance margin at the entry
    // price, which Bybit has given up; ours takes it at the liquidation price.
    [Test]
    public void BybitPublishesThisLiquidationPrice()
    {
        var ledger = Holding(Account((40_000m / 50m) + (3_000m / (1m - 0.00055m)), MarginTiers.Flat(0.005m, 100m)), (Btc, 1m, 40_000m, 40_000m));
        Assert.That(Math.Round(LiquidationPrice(ledger, Btc), 2), Is.EqualTo(36_380.25m));
    }

    // https://www.bybit.com/en/help-center/article/Maintenance-Margin-USDT-Contract: 0.5% up to 2,000,000 USDT, 0.56% at 2,600,000, whose
    // published deduction is 1,200. And the worked 221.56 for 40,000 USDT (second-hand as above), of which 21.56 are the estimated
    // fee to close that Bybit adds since 2025; ours leaves it out.
    [Test]
    public void BybitPublishesTheseMaintenanceMargins()
    {
        var tiers = VenueProfiles.Find("bybit-unified")!.TiersOf("BTCUSDT")!;
        Assert.That(tiers.Maintenance(2_000_000m), Is.EqualTo(10_000m));
        Assert.That(tiers.Maintenance(2_600_000m), Is.EqualTo(13_360m));
        Assert.That(tiers.Maintenance(40_000m), Is.EqualTo(221.56m - 21.56m));
    }

    // https://www.bybit.com/en/help-center/article/Bankruptcy-Price-Perpetual-and-Expiry-Contracts, second-hand as above: long at
    // 60,000 with 50 times goes bankrupt at 58,800. Here the venue finds the account already below zero.
    [Test]
    public void BybitPublishesThisBankruptcyPrice()
    {
        var ledger = Holding(Account(1_200m, MarginTiers.Flat(0.005m, 100m)), (Btc, 1m, 60_000m, 58_000m));
        ledger.Mark(ledger.Find(Btc.Id)!, 58_000m);
        var steps = Run(ledger);
        Assert.That(steps.Single().Price, Is.EqualTo(58_800m));
        Assert.That(steps.Single().Fee, Is.Zero);
        Assert.That(ledger.Equity, Is.Zero);
    }

    // https://docs.dydx.exchange/concepts/trading/liquidations (v4-documentation, liquidations.mdx at
    // df2cc995218196355dacc139d6695536947c0e7e), read in full: 1,000 USDC, short 3 ETH at 3,000, fraction 5%.
    [Test]
    public void DydxPublishesThisLiquidationPrice()
    {
        var ledger = Holding(Account(1_000m, MarginTiers.Flat(0.05m, 10m)), (Eth, -3m, 3_000m, 3_000m));
        Assert.That(Math.Round(LiquidationPrice(ledger, Eth), 2), Is.EqualTo(3_174.60m));
        ledger.Mark(ledger.Find(Eth.Id)!, LiquidationPrice(ledger, Eth));
        Assert.That(Math.Round(ledger.Equity, 1), Is.EqualTo(476.2m), "what is left is the maintenance margin");
    }

    // The same page: short 1.5 ETH at 3,000 and long 1,000 STRK at 1.75, whose fraction is 10%.
    [Test]
    public void DydxPublishesThisLiquidationPriceOfTwoPositions()
    {
        var strk = Eth with { Id = new InstrumentId(Eth.Id.Route, "STRK"), Underlying = "STRK" };
        var profile = FuturesProfile with
        {
            Tiers = new Dictionary<string, MarginTiers> { ["ETHUSDT"] = MarginTiers.Flat(0.05m, 10m), ["STRK"] = MarginTiers.Flat(0.1m, 5m) },
        };
        var ledger = Holding(FuturesAccount(("USDT", 1_000m)) with { Profile = profile }, (Eth, -1.5m, 3_000m, 3_000m), (strk, 1_000m, 1.75m, 1.75m));
        Assert.That(Math.Round(LiquidationPrice(ledger, Eth), 2), Is.EqualTo(3_380.95m));
    }

    [Test]
    public void LiquidationPriceAndDistanceAreWhatASearchFinds()
        => Books.Sample(
            book =>
            {
                var (ledger, books) = book.Open();
                var pool = ledger.Accounts[0].Pools[0];
                var account = books.Accounts[0];
                var room = Room(books, account, "BTC", 1m);
                var nearest = decimal.MaxValue;
                foreach (var position in books.Positions.Where(position => position.IsPerpetual && position.Quantity != 0m))
                {
                    var underlying = position.Instrument.Underlying;
                    var slope = Math.Abs(Slope(books, account, underlying));
                    nearest = slope == 0m ? nearest : Math.Min(nearest, Math.Max(0m, room) / slope);
                    var found = pool.LiquidationPrice(ledger.Find(position.Instrument.Id)!);
                    if (room <= 0m)
                    {
                        Equal(found, position.Mark, book);
                        continue;
                    }

                    var (down, up) = (Search(factor => Room(books, account, underlying, factor), down: true), Search(factor => Room(books, account, underlying, factor), down: false));
                    var expected = down is null ? up : up is null || 1m - down <= up - 1m ? down : up;
                    Equal(found, expected * position.Mark, book);
                }

                var distance = pool.Distance(out var held);
                Equal(distance, nearest == decimal.MaxValue ? null : nearest, book);
                if (held is not null && room > 0m)
                {
                    // Where no bracket ends in between, one is the other.
                    var price = pool.LiquidationPrice(held);
                    var moved = price is { } known ? Math.Abs((known / held.Mark) - 1m) : 0m;
                    if (price is not null && StaysInItsBrackets(books, held.Instrument.Underlying, price.Value / held.Mark))
                    {
                        Equal(distance, moved, book);
                    }
                }
            },
            iter: Iterations.Of(5_000));

    [Test]
    public void AnAccountIsLiquidatedWhereItsMarginIsGone()
        => Gen.Select(Books, Gen.Int[-60, 60].Array[4]).Sample(
            (book, moves) =>
            {
                var (ledger, books) = book.Open();
                var account = books.Accounts[0];
                if (Room(books, account, "BTC", 1m) <= 0m)
                {
                    return;
                }

                foreach (var position in books.Positions.Where(position => position.IsPerpetual))
                {
                    var mark = position.Mark * (1m + (moves[books.Positions.IndexOf(position) % moves.Length] / 100m));
                    ledger.Mark(ledger.Find(position.Instrument.Id)!, mark);
                    position.Mark = mark;
                }

                var isBreached = Room(books, account, "BTC", 1m) < 0m && books.Maintenance(account, "USDT") > 0m;
                if (isBreached != ledger.Accounts[0].Pools[0].IsBreached)
                {
                    throw new InvalidOperationException($"{isBreached} by our own arithmetic: {book}");
                }

                var seen = 0;
                Liquidation.Run(ledger, ledger.Accounts[0], step =>
                {
                    if (seen++ == 0)
                    {
                        foreach (var position in books.Positions.Where(position => position.IsPerpetual))
                        {
                            position.Mark = ledger.Find(position.Instrument.Id)!.Mark;
                        }

                        // Marks are rounded to eight decimals.
                        Equal(Room(books, account, "BTC", 1m), 0m, book, 0.001m);
                    }

                    Post(ledger, step);
                }, (_, amount) => throw new InvalidOperationException($"{amount} forgiven, where a price could bring it: {book}"));
                if (seen > 0 != isBreached || ledger.Accounts[0].Pools[0].IsBreached || ledger.Accounts[0].Pools[0].Worth() < -0.000001m)
                {
                    throw new InvalidOperationException($"{seen} steps, then {ledger.Accounts[0].Pools[0].Equity}: {book}");
                }
            },
            iter: Iterations.Of(5_000));

    [Test]
    public void ForcedFillsAreAtTheComputedPriceHoweverFarTheMarketJumped()
    {
        var ledger = Holding(Account(1_000m, MarginTiers.Flat(0.01m, 20m)), (Btc, 0.5m, 20_000m, 20_000m));
        var price = LiquidationPrice(ledger, Btc);
        Assert.That(price, Is.EqualTo(9_000m / 0.495m).Within(0.0000000001m));
        ledger.Mark(ledger.Find(Btc.Id)!, 2_000m);

        var step = Run(ledger).Single();
        Assert.That(step.Quantity, Is.EqualTo(-0.5m));
        Assert.That(step.Price, Is.EqualTo(price).Within(0.00000001m));

        // The fee of 1.25% takes all that was left: the maintenance margin of 1%.
        Assert.That(step.Fee, Is.EqualTo(0.005m * price).Within(0.0000001m));
        Assert.That(ledger.Equity, Is.Zero.Within(0.000000000001m));
        Assert.That(ledger.Find(Btc.Id)!.Mark, Is.EqualTo(2_000m), "marks are back where they were");
    }

    [Test]
    public void TheFeeIsTheVenuesRateWhereTheAccountHasIt()
    {
        var account = Account(1_000m, MarginTiers.Flat(0.01m, 20m));
        var ledger = Holding(account with { Profile = account.Profile with { LiquidationFeeRate = 0.004m } }, (Btc, 0.5m, 20_000m, 20_000m));
        ledger.Mark(ledger.Find(Btc.Id)!, 2_000m);
        var step = Run(ledger).Single();
        Assert.That(step.Fee, Is.EqualTo(0.5m * step.Price * 0.004m));
        Assert.That(ledger.Equity, Is.EqualTo(0.5m * step.Price * 0.006m).Within(0.0000001m));
        Assert.That(ledger.ProfitOf(ledger.Accounts[0]).Liquidation, Is.EqualTo(-step.Fee), "a fill at the mark, and its fee");
    }

    [Test]
    public void ALargePositionIsReducedBracketByBracketUntilTheAccountStands()
    {
        var account = Account(4_000m, Brackets) with { Profile = FuturesProfile with { LiquidationFeeRate = 0m } };
        var ledger = Holding(account, (Btc, 2m, 20_000m, 20_000m));
        var price = LiquidationPrice(ledger, Btc);
        ledger.Mark(ledger.Find(Btc.Id)!, Math.Floor(price) - 1m);

        // 40,000 is in the third bracket; the second ends at 20,000.
        var step = Run(ledger).Single();
        var keep = decimal.Truncate(20_000m / Math.Round(price, 8) * 1_000m) / 1_000m;
        Assert.That(step.Quantity, Is.EqualTo(keep - 2m));
        Assert.That(ledger.Find(Btc.Id)!.Quantity, Is.EqualTo(keep));
        Assert.That(ledger.Accounts[0].Pools[0].IsBreached, Is.False);

        // Much lower it goes down the brackets, each time at the price where the margin was gone again.
        ledger.Mark(ledger.Find(Btc.Id)!, 5_000m);
        var steps = Run(ledger);
        Assert.That(steps, Has.Count.EqualTo(2));
        Assert.That(steps[0].Price, Is.LessThan(price).And.GreaterThan(steps[1].Price));
        Assert.That(steps[0].Quantity, Is.EqualTo((decimal.Truncate(5_000m / steps[0].Price * 1_000m) / 1_000m) - keep));
        Assert.That(ledger.Find(Btc.Id)!.Quantity, Is.Zero);
        Assert.That(ledger.Equity, Is.GreaterThan(0m));
    }

    [Test]
    public void ThePositionWithTheLargestMaintenanceMarginGoesFirst()
    {
        var ledger = Holding(Account(2_000m, MarginTiers.Flat(0.01m, 20m)), (Eth, 2m, 1_000m, 1_000m), (Btc, 1m, 20_000m, 20_000m));
        ledger.Mark(ledger.Find(Btc.Id)!, 18_000m);
        var steps = Run(ledger);
        Assert.That(steps[0].Position.Instrument, Is.EqualTo(Btc));
        Assert.That(ledger.Equity, Is.GreaterThanOrEqualTo(0m));
    }

    [Test]
    public void WhatIsMissingIsTheVenuesLossAndEveryPriceStaysAPrice()
    {
        // A short far larger than the account, found bankrupt only after the jump, beside a small long.
        var ledger = Holding(Account(500m, Brackets), (Btc, -1m, 20_000m, 26_000m), (Eth, 0.1m, 1_000m, 1_000m));
        ledger.Mark(ledger.Find(Btc.Id)!, 26_000m);
        var steps = Run(ledger);
        Assert.That(steps.Select(step => step.Position.Instrument), Is.EqualTo(new[] { Btc, Eth }));
        Assert.That(steps[0].Quantity, Is.EqualTo(1m), "no bracket is left for a bankrupt account");
        Assert.That(steps[0].Price, Is.EqualTo(20_500m));
        Assert.That(steps[1].Price, Is.EqualTo(1_000m));
        Assert.That(steps.Select(step => step.Fee), Is.All.Zero);
        Assert.That(ledger.Equity, Is.Zero);
    }

    [Test]
    public void AShortIsNeverClosedBelowZero()
    {
        // A loss from elsewhere, far larger than the short that is left.
        var ledger = Holding(Account(500m, Brackets), (Btc, -0.01m, 20_000m, 20_000m));
        ledger.Post(new WriteOffEntry(Start, "futures", "USDT", -5_000m));
        var forgiven = 0m;
        var step = Run(ledger, amount => forgiven += amount).Single();
        Assert.That(step.Price, Is.EqualTo(200m), "a hundredth of the mark");
        Assert.That(step.Fee, Is.Zero);
        Assert.That(forgiven, Is.EqualTo(4_302m), "the rest is the venue's loss: 500 less 5,000, and 198 from the short");
    }

    [Test]
    public void AUnifiedAccountPaysWithItsCoinsBeforeTheVenueDoes()
    {
        // 1 BTC counts 18,000 of its 20,000; the loss of 18,500 breaks the margin but not the account.
        var ledger = new Ledger("USDT", [UnifiedAccount(("BTC", 1m))]);
        ledger.Rate("BTC", 20_000m);
        ledger.Open(UnifiedSpot);
        ledger.Mark(ledger.Open(UnifiedPepe), 10m);
        ledger.Post(new FillEntry(Start, UnifiedPepe.Id, 1_850m, 10m, 0m, 0m));
        ledger.Mark(ledger.Find(UnifiedPepe.Id)!, 0.005m);
        ledger.Mark(ledger.Find(UnifiedPepe.Id)!, 0.005m);
        var step = Run(ledger).Single();
        Assert.That(step.Price, Is.EqualTo(0.005m));
        Assert.That(ledger.Equity, Is.EqualTo(20_000m - (1_850m * 9.995m) - step.Fee));
    }

    [Test]
    public void WorkingOrdersOfTheAccountAreCanceledFirst()
    {
        var ledger = new Ledger("USDT", [FuturesAccount(("USDT", 2_300m)), KrakenAccount(("USDT", 1_000m))]);
        var exchange = new SimulatedExchange(ledger, Latency.Of(TimeSpan.Zero));
        ledger.Mark(ledger.Open(Perpetual), 20_000m);
        ledger.Mark(ledger.Open(Kraken), 20_000m);
        ledger.Post(new FillEntry(Start, Perpetual.Id, 1m, 20_000m, 0m, 0m));
        Assert.That(exchange.Submit(1, Perpetual, -1m, 30_000m, 20_000m, Start).Accepted, Is.True);
        Assert.That(exchange.Submit(2, Perpetual, 0.1m, 10_000m, 20_000m, Start).Accepted, Is.True);
        Assert.That(exchange.Submit(3, Kraken, 0.01m, 10_000m, 20_000m, Start).Accepted, Is.True);

        exchange.Liquidate(Start);
        Assert.That(exchange.Orders, Has.Count.EqualTo(3), "nothing to liquidate");

        var open = -1;
        exchange.Liquidated = _ => open = exchange.Orders.Count;
        ledger.Mark(ledger.Find(Perpetual.Id)!, 17_000m);
        exchange.Liquidate(Start);
        Assert.That(open, Is.EqualTo(1), "both were gone at the first forced fill");
        Assert.That(exchange.Orders.Single().Id, Is.EqualTo(3), "another account's order stays");
        Assert.That(ledger.Accounts[0].Orders, Is.Empty);
    }

    [Test]
    public void AMarginThatFundingBreaksIsLiquidatedAtThePresentMark()
    {
        var ledger = new Ledger("USDT", [FuturesAccount(("USDT", 2_500m)) with { Profile = FuturesProfile with { FallbackTiers = MarginTiers.Flat(0.01m, 20m) } }]);
        var exchange = new SimulatedExchange(ledger, Latency.Of(TimeSpan.Zero));
        var position = ledger.Open(Perpetual);
        ledger.Mark(position, 20_000m);
        ledger.Post(new FillEntry(Start, Perpetual.Id, 1m, 20_000m, 0m, 0m));
        ledger.Mark(position, 20_100m);
        exchange.Liquidate(Start);
        LiquidationStep? forced = null;
        exchange.Liquidated = step => forced = step;
        exchange.Fund(position, Start.Date.AddHours(8), 20_100m, 0.12m, Start.Date.AddHours(8));
        Assert.That(forced, Is.Null);
        exchange.Fund(position, Start.Date.AddHours(16), 20_100m, 0.12m, Start.Date.AddHours(16));
        exchange.Liquidate(Start.Date.AddHours(16));
        Assert.That(forced!.Price, Is.EqualTo(20_100m + 2_224m), "bankrupt at the present mark: 2,600 less twice 2,412");
    }

    [Test]
    public void AForcedOrderThatDoesNotFillIsAnError()
    {
        var ledger = Holding(Account(1_000m, Brackets), (Btc, 1m, 20_000m, 10_000m));
        Assert.That(() => Liquidation.Run(ledger, ledger.Accounts[0], _ => { }, (_, _) => { }), Throws.InvalidOperationException.With.Message.Contains("binance:perpetual:BTCUSDT"));
    }

    private static Ledger BinanceExample(bool btc, bool eth)
    {
        var profile = FuturesProfile with { Tiers = new Dictionary<string, MarginTiers> { ["BTCUSDT"] = BinanceBtc2020, ["ETHUSDT"] = BinanceEth2020 } };
        var legs = new List<(Instrument, decimal, decimal, decimal)>();
        if (btc)
        {
            legs.Add((Btc, 109.488m, 32_481.980m, 31_967.27m));
        }

        if (eth)
        {
            legs.Add((Eth, 3_683.979m, 1_456.84m, 1_335.18m));
        }

        return Holding(FuturesAccount(("USDT", 1_535_443.01m)) with { Profile = profile }, [.. legs]);
    }

    private static AccountDefinition Account(decimal wallet, MarginTiers tiers)
        => FuturesAccount(("USDT", wallet)) with { Profile = FuturesProfile with { FallbackTiers = tiers } };

    private static Ledger Holding(AccountDefinition account, params (Instrument Instrument, decimal Quantity, decimal Entry, decimal Mark)[] legs)
    {
        var ledger = new Ledger("USDT", [account]);
        foreach (var (instrument, quantity, entry, mark) in legs)
        {
            ledger.Mark(ledger.Open(instrument), entry);
            ledger.Post(new FillEntry(Start, instrument.Id, quantity, entry, 0m, 0m));
            ledger.Mark(ledger.Find(instrument.Id)!, mark);
        }

        return ledger;
    }

    private static decimal LiquidationPrice(Ledger ledger, Instrument instrument)
        => ledger.Accounts[0].Pools[0].LiquidationPrice(ledger.Find(instrument.Id)!)!.Value;

    private static List<LiquidationStep> Run(Ledger ledger, Action<decimal>? forgive = null)
    {
        var steps = new List<LiquidationStep>();
        Assert.That(
            Liquidation.Run(ledger, ledger.Accounts[0], step =>
            {
                steps.Add(step);
                Post(ledger, step);
            }, (_, amount) => (forgive ?? (_ => Assert.Fail($"{amount} forgiven")))(amount)),
            Is.True);
        return steps;
    }

    private static void Post(Ledger ledger, LiquidationStep step)
    {
        var id = step.Position.Instrument.Id;
        ledger.Post(new FillEntry(Start, id, step.Quantity, step.Price, step.Position.RealizedBy(step.Quantity, step.Price), 0m, IsLiquidation: true));
        ledger.Post(new FeeEntry(Start, id, step.Position.Instrument.SettlementCurrency, -step.Fee, IsLiquidation: true));
    }

    /// <summary>Equity less maintenance margin if an underlying's prices, its coins' included, were multiplied.</summary>
    private static decimal Room(OwnBooks books, OwnBooks.Account account, string underlying, decimal factor)
    {
        decimal FactorOf(string name) => name == underlying ? factor : 1m;
        var room = account.IsPooled
            ? account.Balances.Sum(balance => balance.Value * books.Rates[balance.Key] * FactorOf(balance.Key) * account.Definition.Profile.CollateralRatios.GetValueOrDefault(balance.Key))
            : account.Balances.GetValueOrDefault("USDT");
        foreach (var position in OwnBooks.Pool(account, "USDT"))
        {
            var mark = position.Mark * FactorOf(position.Instrument.Underlying);
            var profit = position.Quantity * (mark - position.Average);
            room += (profit - OwnBooks.Maintenance(position.Tiers, Math.Abs(position.Quantity * mark))) * books.Unit(position);
        }

        return room;
    }

    /// <summary>The rise of the room per whole rise of an underlying, each position at its present bracket's rate.</summary>
    private static decimal Slope(OwnBooks books, OwnBooks.Account account, string underlying)
    {
        var slope = account.IsPooled ? account.Balances.GetValueOrDefault(underlying) * books.Rates.GetValueOrDefault(underlying) * 0.9m : 0m;
        foreach (var position in OwnBooks.Pool(account, "USDT").Where(position => position.Instrument.Underlying == underlying))
        {
            var value = position.Quantity * position.Mark;
            slope += (value - (RateAt(position, Math.Abs(value)) * Math.Abs(value))) * books.Unit(position);
        }

        return slope;
    }

    private static decimal RateAt(OwnBooks.Position position, decimal notional)
    {
        var tier = 0;
        while (tier < position.Tiers.Count - 1 && notional > position.Tiers[tier].Cap)
        {
            tier++;
        }

        return position.Tiers[tier].MaintenanceRate;
    }

    private static bool StaysInItsBrackets(OwnBooks books, string underlying, decimal factor)
        => books.Positions.Where(position => position.IsPerpetual && position.Instrument.Underlying == underlying)
            .All(position => RateAt(position, Math.Abs(position.Quantity * position.Mark)) == RateAt(position, Math.Abs(position.Quantity * position.Mark) * factor));

    /// <summary>The factor nearest to 1 on one side at which the room is gone: a grid, then halving.</summary>
    private static decimal? Search(Func<decimal, decimal> room, bool down)
    {
        var inside = 1m;
        for (var i = 1; i <= 400; i++)
        {
            var outside = down ? 1m - (i / 400m) : inside * 1.03m;
            if (room(outside) < 0m)
            {
                for (var halving = 0; halving < 80; halving++)
                {
                    var middle = (inside + outside) / 2m;
                    (inside, outside) = room(middle) < 0m ? (inside, middle) : (middle, outside);
                }

                return inside;
            }

            inside = outside;
        }

        return null;
    }

    private static void Equal(decimal? actual, decimal? expected, Book book, decimal tolerance = 0.0000001m)
    {
        // Beyond the grid of the search nothing is compared.
        if (actual is null != expected is null && (actual ?? expected) < 1_000_000_000m)
        {
            throw new InvalidOperationException($"{actual} where a search finds {expected}: {book}");
        }

        if (actual is { } one && expected is { } other && Math.Abs(one - other) > tolerance * Math.Max(1m, Math.Abs(other)))
        {
            throw new InvalidOperationException($"{one} where a search finds {other}: {book}");
        }
    }

    private sealed record Book(bool IsPooled, int Brackets, decimal Wallet, (int Instrument, int Size, int Move)[] Legs, decimal Coins)
    {
        private static readonly MarginTiers[] Tables =
        [
            MarginTiers.Flat(0.03m, 20m),
            SimulatedVenues.Brackets,
            new([new MarginTier(10_000m, 0.01m, 20m), new MarginTier(30_000m, 0.2m, 4m), new MarginTier(60_000m, 0.6m, 1m)]),
            new([new MarginTier(1_000m, 0.001m, 100m), new MarginTier(2_000m, 0.002m, 100m), new MarginTier(4_000m, 0.004m, 100m), new MarginTier(8_000m, 0.02m, 20m), new MarginTier(16_000m, 0.05m, 10m), new MarginTier(200_000m, 0.3m, 2m)]),
        ];

        public (Ledger Ledger, OwnBooks Books) Open()
        {
            Instrument[] instruments = IsPooled
                ? [UnifiedPerpetual, UnifiedBusd, UnifiedPepe, UnifiedPerpetual]
                : [Perpetual, Pepe, Eth, Perpetual with { Id = new InstrumentId(Perpetual.Id.Route, "BTCUSDT-2") }];
            var definition = IsPooled
                ? UnifiedAccount(("USDT", Wallet), ("BTC", Coins)) with { Profile = UnifiedProfile with { FallbackTiers = Tables[Brackets] } }
                : FuturesAccount(("USDT", Wallet)) with { Profile = FuturesProfile with { FallbackTiers = Tables[Brackets] } };
            var ledger = new Ledger("USDT", [definition]);
            var books = new OwnBooks("USDT", [definition]);
            foreach (var instrument in instruments.Distinct())
            {
                ledger.Open(instrument);
                books.Open(instrument, reference: false);
            }

            foreach (var (currency, rate) in new[] { ("BUSD", 0.97m), ("BTC", 20_000m) })
            {
                ledger.Rate(currency, rate);
                books.Rate(currency, rate);
            }

            ledger.Booked = books.Book;
            foreach (var (which, size, move) in Legs)
            {
                var instrument = instruments[which];
                var price = instrument.Underlying == "PEPE" ? 10m : instrument.Underlying == "ETH" ? 1_000m : 20_000m;
                var position = ledger.Find(instrument.Id)!;
                foreach (var mark in new[] { price, price * (1m + (move / 200m)) })
                {
                    ledger.Mark(position, mark);
                    books.Mark(books.Of(instrument.Id), mark);
                    if (mark == price && size != 0)
                    {
                        var quantity = Math.Round(size * 300m / price, 3);
                        ledger.Post(new FillEntry(Start, instrument.Id, quantity, price, position.RealizedBy(quantity, price), 0m));
                    }
                }
            }

            return (ledger, books);
        }

        public override string ToString() => $"{(IsPooled ? "unified" : "futures")}, brackets {Brackets}, {Wallet} USDT, {Coins} BTC, {string.Join(' ', Legs)}";
    }
}

/// <summary>What only these tests ask.</summary>
internal static class PoolExtensions
{
    /// <summary>What is left in the account: coins count whole.</summary>
    public static decimal Worth(this MarginPool pool) => pool.Account.Definition.Profile.PoolsCollateral ? pool.Account.Equity : pool.Equity;
}
