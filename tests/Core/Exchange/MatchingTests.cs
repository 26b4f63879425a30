using System;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Tests.Core.Accounts;
using CrossHedgeLean.Venues;
using CsCheck;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Exchange;

/// <summary>How orders meet bars and quotes.</summary>
[TestFixture]
public sealed class MatchingTests
{
    private static readonly DateTime Noon = new(2022, 12, 13, 12, 0, 0, DateTimeKind.Utc);

    private static readonly Instrument Btc = SimulatedVenues.Perpetual;

    [Test]
    public void AMarketOrderMeetsTheFirstBarThatEndsAfterItsArrivalAtItsOpen()
    {
        // Decided at noon, 10 ms on the way: the bar that ends at noon is over, the next one's open is the price.
        var order = Order(1m, arrives: Noon.AddMilliseconds(10));
        Assert.That(Matching.Meet(order, Bar(0, 99m, 100m)), Is.EqualTo(default(Match)));
        Assert.That(Matching.Meet(order, Bar(1, 102m, 103m)), Is.EqualTo(new Match(1m, 103m, IsMaker: false)));
        Assert.That(Matching.Meet(Order(-1m, arrives: Noon.AddMilliseconds(10)), Bar(1, 102m, 103m)), Is.EqualTo(new Match(-1m, 102m, IsMaker: false)));
    }

    [Test]
    public void ABarThatEndsWhenTheOrderArrivesIsOver()
    {
        Assert.That(Matching.Meet(Order(1m, arrives: Noon.AddMinutes(1)), Bar(1, 99m, 100m)).Quantity, Is.Zero);
        Assert.That(Matching.Meet(Order(1m, arrives: Noon.AddMinutes(1).AddTicks(-1)), Bar(1, 99m, 100m)).Quantity, Is.EqualTo(1m));
    }

    [TestCase("none", 0)]
    [TestCase("00:00:00.250", 250)]
    [TestCase("venue", 14)]
    public void LatencyIsDataDelayAndOrderLatency(string text, int milliseconds)
    {
        var latency = text == "venue" ? Latency.Venue : Latency.Of(TimeSpan.FromMilliseconds(milliseconds));
        var ledger = new Ledger("USDT", [SimulatedVenues.UnifiedAccount() with { Profile = VenueProfiles.Find("bybit-unified")! }]);
        Assert.That(new SimulatedExchange(ledger, latency).Arrival(SimulatedVenues.UnifiedPerpetual.Id, Noon), Is.EqualTo(Noon.AddMilliseconds(milliseconds)));
    }

    [Test]
    public void ABarIsMetOnce()
    {
        var order = Order(15m);
        var bar = Bar(1, 99m, 100m, size: 1m);
        Meet(order, bar, 10m);
        Assert.That(Matching.Meet(order, bar).Quantity, Is.Zero, "the same bar again");
        Meet(order, Bar(2, 99m, 100m, size: 1m), 5m);
        Assert.That(Matching.Meet(order, Bar(3, 99m, 100m)).Quantity, Is.Zero, "nothing is left");
    }

    [Test]
    public void BeyondTheQuotedSizeThePriceWorsens()
    {
        // Three quoted sizes: one at the quote, two at 1 bp a size more, on average 1 bp times two thirds.
        Assert.That(Matching.Meet(Order(3m), Bar(1, 99m, 100m, size: 1m)).Price, Is.EqualTo(100m + (0.01m * 2m / 3m)).Within(0.0000000001m));
        Assert.That(Matching.Meet(Order(-3m), Bar(1, 100m, 101m, size: 1m)).Price, Is.EqualTo(100m - (0.01m * 2m / 3m)).Within(0.0000000001m));
        Assert.That(Matching.Meet(Order(1m), Bar(1, 99m, 100m, size: 1m)).Price, Is.EqualTo(100m), "within it");
        Assert.That(Matching.Meet(Order(3_000m), Bar(1, 99m, 100m, size: 0m)), Is.EqualTo(new Match(3_000m, 100m, IsMaker: false)), "an unknown size has no impact");
    }

    [Test]
    public void AMarketOrderTakesTenQuotedSizesOfABarInWholeLots()
    {
        var order = Order(-3m);
        Meet(order, Bar(1, 99m, 100m, size: 0.12345m), -1.234m);
        Meet(order, Bar(2, 99m, 100m, size: 0.12345m), -1.234m);
        Meet(order, Bar(3, 99m, 100m, size: 0.12345m), -0.532m);
        Assert.That(order.Remaining, Is.Zero);
    }

    [Test]
    public void ALimitOrderThatCrossesTakesDownToItsLimit()
    {
        // Two basis points above the ask: the quoted size and two more.
        var order = Order(5m, limit: 100.02m);
        var match = Matching.Meet(order, Bar(1, 99m, 100m, size: 1m));
        Assert.That(match, Is.EqualTo(new Match(3m, Matching.AveragePrice(100m, 1m, 3m, buys: true), IsMaker: false)));
        Assert.That(match.Price, Is.LessThan(100.02m));
        Assert.That(Matching.Meet(Order(5m, limit: 100m), Bar(1, 99m, 100m, size: 1m)).Quantity, Is.EqualTo(1m), "at the ask only what stands there");
    }

    [Test]
    public void ARestingOrderIsAMakerAtItsLimitOnceTheMarketGoesThrough()
    {
        var order = Order(1m, limit: 98m);
        Assert.That(Matching.Meet(order, Bar(1, 99m, 100m, askLow: 98m)).Quantity, Is.Zero, "reached, not passed: others stand before it");
        Assert.That(Matching.Meet(order, Bar(2, 99m, 100m, askLow: 97.9m)), Is.EqualTo(new Match(1m, 98m, IsMaker: true)));

        var sell = Order(-1m, limit: 101m);
        Assert.That(Matching.Meet(sell, Bar(1, 99m, 100m, bidHigh: 101m)).Quantity, Is.Zero);
        Assert.That(Matching.Meet(sell, Bar(2, 99m, 100m, bidHigh: 101.1m)), Is.EqualTo(new Match(-1m, 101m, IsMaker: true)));

        // A gap through the limit is a fill at the limit, not at the better open.
        var rested = Order(1m, limit: 98m);
        Assert.That(Matching.Meet(rested, Bar(1, 99m, 100m)).Quantity, Is.Zero);
        Assert.That(Matching.Meet(rested, Bar(2, 89m, 90m)), Is.EqualTo(new Match(1m, 98m, IsMaker: true)));
    }

    [Test]
    public void ARestingOrderGetsAShareOfTheVolume()
    {
        var order = Order(1m, limit: 98m);
        Matching.Meet(order, Bar(1, 99m, 100m));
        Meet(order, Bar(2, 97m, 97.5m, volume: 2.345m), 0.234m);
        Meet(order, Bar(3, 97m, 97.5m, size: 0.3m), 0.3m);
        Meet(order, Bar(4, 97m, 97.5m), 0.466m);
    }

    [Test]
    public void WithoutAQuoteNothingTrades()
    {
        Assert.That(Matching.Meet(Order(1m), Bar(1, 99m, 0m)).Quantity, Is.Zero);
        Assert.That(Matching.Meet(Order(-1m), Bar(1, 0m, 100m)).Quantity, Is.Zero);
    }

    [Test]
    public void NoFillIsBetterThanTheQuoteBeyondTheLimitOrMoreThanTheOrder()
        => Gen.Select(Gen.Int[-5_000, 5_000], Gen.Int[-60, 60], Gen.Bool, Gen.Select(Gen.Int[0, 50], Gen.Int[0, 40], Gen.Int[0, 900], Gen.Int[0, 3_000]).Array[1, 8])
            .Sample(
                (lots, offset, isMarket, bars) =>
                {
                    var order = Order(lots / 1_000m, isMarket ? null : 100m + (offset / 100m));
                    for (var i = 0; i < bars.Length; i++)
                    {
                        var (spread, reach, size, volume) = bars[i];
                        var before = order.Remaining;
                        var bar = Bar(i + 1, 100m - (spread / 100m), 100m + (spread / 100m), size / 1_000m, 100m + (reach / 100m), 100m - (reach / 100m), volume / 1_000m);
                        var match = Matching.Meet(order, bar);
                        Matching.Fill(order, match.Quantity);
                        if (match.Quantity == 0m)
                        {
                            continue;
                        }

                        var side = Math.Sign(lots);
                        var open = side > 0 ? bar.AskOpen : bar.BidOpen;
                        var most = match.IsMaker
                            ? bar.Volume > 0m ? bar.Volume / 10m : bar.AskSize > 0m ? bar.AskSize : decimal.MaxValue
                            : bar.AskSize > 0m ? bar.AskSize * 10m : decimal.MaxValue;
                        if (Math.Sign(match.Quantity) != side
                            || match.Quantity % Btc.LotSize != 0m
                            || Math.Abs(match.Quantity) > Math.Min(Math.Abs(before), most)
                            || (!match.IsMaker && side * match.Price < side * open)
                            || (match.IsMaker && match.Price != order.LimitPrice)
                            || (order.LimitPrice is { } limit && side * match.Price > side * limit))
                        {
                            throw new InvalidOperationException($"{match} of {before} at {bar}");
                        }
                    }
                },
                iter: Iterations.Of(10_000));

    [Test]
    public void ASpotBuyIsCappedToItsFundsAndTheRestIsCanceled()
    {
        var (ledger, exchange) = SpotExchange(1_000m);
        Assert.That(exchange.Submit(1, SimulatedVenues.Spot, 0.05m, null, 19_900m, Noon).Accepted, Is.True);
        exchange.Show(SimulatedVenues.Spot.Id, Bar(1, 20_900m, 21_000m));
        Assert.That(exchange.Orders, Is.Empty);
        Assert.That(ledger.Find(SimulatedVenues.Spot.Id)!.Quantity, Is.EqualTo(0.0476m), "1,000 at 21,000 in whole lots");
        Assert.That(ledger.Accounts[0].Balances[0].Free, Is.EqualTo(1_000m - (0.0476m * 21_000m)));
        Assert.That(ledger.Accounts[0].Balances[0].Locked, Is.Zero);
    }

    [Test]
    public void APartialSpotBuyAboveItsReserveLeavesNoBalanceBelowZero()
    {
        // 0.04 of 0.05 trade at 21,000; the rest would hold 199 where only 160 are left.
        var (ledger, exchange) = SpotExchange(1_000m);
        exchange.Submit(1, SimulatedVenues.Spot, 0.05m, null, 19_900m, Noon);
        exchange.Show(SimulatedVenues.Spot.Id, Bar(1, 20_900m, 21_000m, size: 0.004m));
        Assert.That(ledger.Find(SimulatedVenues.Spot.Id)!.Quantity, Is.EqualTo(0.04m));
        Assert.That(exchange.Orders, Is.Empty);
        Assert.That(ledger.Accounts[0].Balances[0].Free, Is.EqualTo(1_000m - (0.04m * Matching.AveragePrice(21_000m, 0.004m, 0.04m, buys: true))));
    }

    [Test]
    public void APartialSpotBuyAtItsReserveGoesOn()
    {
        var (ledger, exchange) = SpotExchange(1_000m);
        exchange.Submit(1, SimulatedVenues.Spot, 0.05m, 20_000m, 19_900m, Noon);
        exchange.Show(SimulatedVenues.Spot.Id, Bar(1, 19_900m, 20_000m, size: 0.004m));
        Assert.That(exchange.Orders.Single().Remaining, Is.EqualTo(0.046m));
        Assert.That(ledger.Accounts[0].Balances[0].Free, Is.Zero);
        exchange.Show(SimulatedVenues.Spot.Id, Bar(2, 19_900m, 20_000m, askLow: 19_999m));
        Assert.That(exchange.Orders, Is.Empty);
        Assert.That(ledger.Accounts[0].Balances[0].Total, Is.Zero);
    }

    [Test]
    public void AllCoinsCanBeSoldWhereTheFeeIsTakenFromTheProceeds()
    {
        var definition = SimulatedVenues.SpotAccount(("USDT", 0m), ("BTC", 0.1m)) with { SpotFees = new FeeSchedule([new FeeTier(0m, 0.001m, 0.001m)]) };
        var ledger = new Ledger("USDT", [definition]);
        ledger.Open(SimulatedVenues.Spot);
        var exchange = new SimulatedExchange(ledger, Latency.Of(TimeSpan.Zero));
        Assert.That(exchange.Submit(1, SimulatedVenues.Spot, -0.1m, null, 20_000m, Noon).Accepted, Is.True);
        exchange.Show(SimulatedVenues.Spot.Id, Bar(1, 20_000m, 20_100m));
        Assert.That(ledger.Total("USDT"), Is.EqualTo(1_998m));
        Assert.That(ledger.Total("BTC"), Is.Zero);
    }

    [Test]
    public void ASpotBuyPaysItsFeeInCoins()
    {
        var definition = SimulatedVenues.SpotAccount(("USDT", 2_000m)) with { SpotFees = new FeeSchedule([new FeeTier(0m, 0.0005m, 0.001m)]) };
        var ledger = new Ledger("USDT", [definition]);
        ledger.Open(SimulatedVenues.Spot);
        var exchange = new SimulatedExchange(ledger, Latency.Of(TimeSpan.Zero));
        Assert.That(exchange.Submit(1, SimulatedVenues.Spot, 0.1m, null, 20_000m, Noon).Accepted, Is.True);
        exchange.Show(SimulatedVenues.Spot.Id, Bar(1, 19_900m, 20_000m));
        Assert.That(ledger.Total("USDT"), Is.Zero);
        Assert.That(ledger.Total("BTC"), Is.EqualTo(0.0999m));
        Assert.That(ledger.Find(SimulatedVenues.Spot.Id)!.Quantity, Is.EqualTo(0.0999m));
        Assert.That(ledger.Find(SimulatedVenues.Spot.Id)!.AverageCost, Is.EqualTo(20_000m));
        Assert.That(ledger.ProfitOf(ledger.Accounts[0]).Fees, Is.EqualTo(-2m));
    }

    private static (Ledger Ledger, SimulatedExchange Exchange) SpotExchange(decimal money)
    {
        var ledger = new Ledger("USDT", [SimulatedVenues.SpotAccount(("USDT", money))]);
        ledger.Open(SimulatedVenues.Spot);
        return (ledger, new SimulatedExchange(ledger, Latency.Of(TimeSpan.Zero)));
    }

    private static ExchangeOrder Order(decimal quantity, decimal? limit = null, DateTime? arrives = null)
        => new(1, Btc, quantity, limit, arrives ?? Noon);

    /// <summary>The minute bar that ends so many minutes after noon.</summary>
    private static MarketView Bar(int minute, decimal bid, decimal ask, decimal size = 0m, decimal? bidHigh = null, decimal? askLow = null, decimal volume = 0m)
        => new(Noon.AddMinutes(minute - 1), Noon.AddMinutes(minute), bid, Math.Max(bid, bidHigh ?? bid), size, ask, Math.Min(ask, askLow ?? ask), size, volume);

    private static void Meet(ExchangeOrder order, MarketView bar, decimal expected)
    {
        var match = Matching.Meet(order, bar);
        Assert.That(match.Quantity, Is.EqualTo(expected));
        Matching.Fill(order, match.Quantity);
    }
}
