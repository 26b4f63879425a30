using System;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;
using CsCheck;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Accounts;

/// <summary>Headroom against what the ledger itself says after the fill.</summary>
[TestFixture]
public sealed class HeadroomTests
{
    private static readonly DateTime Start = Noon;
    private static readonly Route Futures = new("binance", InstrumentKind.LinearPerpetual);

    private static readonly Instrument Btc = new(new InstrumentId(Futures, "BTCUSDT"), "BTC", "USDT", 1m, 0.001m, 0m, 0m);
    private static readonly Instrument Eth = new(new InstrumentId(Futures, "ETHUSDT"), "ETH", "USDT", 1m, 0.001m, 0m, 0m);

    [Test]
    public void WhatItAllowsKeepsTheDistanceAndTheMarginAndALittleMoreDoesNot()
        => Gen.Select(Gen.Int[1_000, 5_000_000], Gen.Int[-3_000, 3_000], Gen.Int[-30_000, 30_000], Gen.Bool, Gen.Int[2, 40], Gen.Int[1, 40])
            .Sample(
                (money, btc, eth, buys, leverage, percent) =>
                {
                    var distance = percent / 100m;
                    var ledger = Open(money, leverage, btc * 0.001m, eth * 0.001m);
                    var position = ledger.Find(Btc.Id)!;
                    var room = ledger.Headroom(position, buys, 50_000m, 0m, distance);
                    var side = buys ? 1m : -1m;
                    var closing = Math.Sign(position.Quantity) == -side ? Math.Abs(position.Quantity) : 0m;
                    if (room <= 0m || closing != 0m)
                    {
                        return;
                    }

                    Assert.That(IsSound(money, leverage, btc, eth, side * room * 0.9999m, distance), Is.True, "within");
                    var limit = position.Tiers!.Limit / 50_000m;
                    if (Math.Abs(position.Quantity) + (room * 1.05m) < limit)
                    {
                        Assert.That(IsSound(money, leverage, btc, eth, side * room * 1.6m, distance), Is.False, "far beyond");
                    }
                },
                iter: 5_000);

    [Test]
    public void SpotPaysWithItsMoneyAndNeverSellsExcludedCoins()
    {
        var account = new AccountDefinition("binance-spot", [new Route("binance", InstrumentKind.Spot)], VenueProfiles.Find("binance-spot")!)
        {
            Opening = [("USDT", 10_000m), ("BTC", 2m)],
            Excluded = [("BTC", 1.5m)],
        };
        var ledger = new Ledger("USDT", [account]);
        var spot = ledger.Open(new Instrument(Id("binance:spot:BTCUSDT"), "BTC", "USDT", 1m, 0.00001m, 0m, 5m));

        Assert.That(ledger.Headroom(spot, buys: true, 50_000m, 0m, 0.2m), Is.EqualTo(0.2m));
        Assert.That(ledger.Headroom(spot, buys: false, 50_000m, 0m, 0.2m), Is.EqualTo(0.5m));
        Assert.That(ledger.Reserve(new OrderRequirement(1, spot.Instrument.Id, -0.5m, 50_000m, 0m)).Accepted, Is.True);
        Assert.That(ledger.Reserve(new OrderRequirement(2, spot.Instrument.Id, -0.1m, 50_000m, 0m)).Accepted, Is.False);
    }

    private static Ledger Open(decimal money, int leverage, decimal btc, decimal eth)
    {
        var account = new AccountDefinition("binance-futures", [Futures], VenueProfiles.Find("binance-usdt-futures")!) { Opening = [("USDT", money)], Leverage = leverage };
        var ledger = new Ledger("USDT", [account]);
        Take(ledger, Btc, btc, 50_000m);
        Take(ledger, Eth, eth, 3_000m);
        return ledger;
    }

    private static void Take(Ledger ledger, Instrument instrument, decimal quantity, decimal price)
    {
        var position = ledger.Open(instrument);
        ledger.Mark(position, price);
        if (quantity != 0m)
        {
            ledger.Post(new FillEntry(Start, instrument.Id, quantity, price, 0m, 0m));
        }
    }

    private static bool IsSound(decimal money, int leverage, int btc, int eth, decimal more, decimal distance)
    {
        var ledger = Open(money, leverage, (btc * 0.001m) + more, eth * 0.001m);
        var pool = ledger.Accounts[0].Pools[0];
        return pool.Equity >= pool.InitialMargin
            && !(ledger.DistanceOf(ledger.Find(Btc.Id)!) < distance)
            && !(ledger.DistanceOf(ledger.Find(Eth.Id)!) < distance);
    }
}
