using System;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;
using CsCheck;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Accounts.SimulatedVenues;

namespace CrossHedgeLean.Tests.Core.Accounts;

/// <summary>What an account can still add, against the ledger's own distance and margin after adding it.</summary>
[TestFixture]
public sealed class HeadroomTests
{
    private const decimal Fee = 0.0005m;

    private static readonly Gen<Book> Books = Gen.Select(
        Gen.Select(Gen.Bool, Gen.Int[0, 60_000], Gen.Int[0, 20]),
        Gen.Select(Gen.Int[-15, 15], Gen.Int[-15, 15], Gen.Int[-15, 15]),
        Gen.Select(Gen.Int[80, 120], Gen.Bool, Gen.Int[0, 2], Gen.Int[5, 40]),
        (money, held, rest) => new Book(
            money.Item1, money.Item2, money.Item3 / 10m, held.Item1 / 10m, held.Item2 * 1_000m, rest.Item1 / 100m, rest.Item2, rest.Item3, rest.Item4 / 100m));

    [Test]
    public void AnAccountWithoutPositionsCarriesWhatItsDistanceLets()
    {
        // In the third bracket maintenance is 2.5% less 325: 10,325 / (0.0005 + 0.025 + 0.2 * 1.025).
        var ledger = Opened(FuturesAccount(("USDT", 10_000m)), Perpetual);

        var headroom = ledger.Headroom(ledger.Find(Perpetual.Id)!, false, 20_000m, Fee, 0.2m);

        Assert.That(headroom, Is.EqualTo(10_325m / (Fee + 0.025m + (0.2m * 1.025m)) / 20_000m).Within(1e-18m));
    }

    [Test]
    public void MarginLimitsWhereDistanceDoesNot()
    {
        var ledger = Opened(FuturesAccount(("USDT", 100m)) with { Leverage = 2m }, Perpetual);

        Assert.That(ledger.Headroom(ledger.Find(Perpetual.Id)!, true, 20_000m, Fee, 0.01m), Is.EqualTo(100m / (0.5m + Fee) / 20_000m).Within(1e-18m));
    }

    [Test]
    public void WorkingOrdersTakeOfIt()
    {
        var ledger = Opened(FuturesAccount(("USDT", 10_000m)), Perpetual);
        var position = ledger.Find(Perpetual.Id)!;
        var before = ledger.Headroom(position, false, 20_000m, Fee, 0.2m);
        ledger.Reserve(new OrderRequirement(1, Perpetual.Id, -0.5m, 20_000m, Fee));

        Assert.That(ledger.Headroom(position, false, 20_000m, Fee, 0.2m), Is.LessThan(before));
    }

    [Test]
    public void AnAccountThatIsTooNearHasNone()
    {
        var ledger = Opened(FuturesAccount(("USDT", 3_000m)), Perpetual);
        ledger.Post(new FillEntry(Start, Perpetual.Id, -1m, 20_000m, 0m, 0m));

        Assert.That(ledger.DistanceOf(ledger.Find(Perpetual.Id)!), Is.LessThan(0.2m));
        Assert.That(ledger.Headroom(ledger.Find(Perpetual.Id)!, false, 20_000m, Fee, 0.2m), Is.Zero);
    }

    [Test]
    public void ASpotBuyCostsItsMoneyAndFee()
    {
        var ledger = Opened(SpotAccount(("USDT", 10_000m)), Spot);
        var position = ledger.Find(Spot.Id)!;
        Assert.That(ledger.Headroom(position, true, 20_000m, 0.001m, 0.2m), Is.EqualTo(10_000m / 20_020m).Within(1e-20m));

        ledger.Reserve(new OrderRequirement(1, Spot.Id, 0.2m, 20_000m, 0m));
        Assert.That(ledger.Headroom(position, true, 20_000m, 0m, 0.2m), Is.EqualTo(0.3m));
    }

    [Test]
    public void ASpotSellNeedsFreeCoinsAndExcludedOnesAreNeverSold()
    {
        var ledger = Opened(SpotAccount(("BTC", 1m)) with { Excluded = [("BTC", 0.4m)] }, Spot);
        var position = ledger.Find(Spot.Id)!;
        Assert.That(ledger.Headroom(position, false, 20_000m, 0m, 0.2m), Is.EqualTo(0.6m));
        Assert.That(ledger.Reserve(new OrderRequirement(1, Spot.Id, -0.6001m, 20_000m, 0m)).Accepted, Is.False);
        Assert.That(ledger.Reserve(new OrderRequirement(1, Spot.Id, -0.25m, 20_000m, 0m)).Accepted, Is.True);

        Assert.That(ledger.Headroom(position, false, 20_000m, 0m, 0.2m), Is.EqualTo(0.35m));
        Assert.That(ledger.Headroom(position, false, 20_000m, 0.25m, 0.2m), Is.EqualTo(0.28m), "a fee in the coin on top");
        Assert.That(ledger.Reserve(new OrderRequirement(2, Spot.Id, -0.3501m, 20_000m, 0m)).Accepted, Is.False);
    }

    [Test]
    public void MoreExcludedThanThereIsLeavesNothing()
    {
        var ledger = Opened(SpotAccount(("BTC", 0.1m)) with { Excluded = [("BTC", 0.4m)] }, Spot);

        Assert.That(ledger.Headroom(ledger.Find(Spot.Id)!, false, 20_000m, 0m, 0.2m), Is.Zero);
    }

    [Test]
    public void WhatClosesASpotPositionComesOnTop()
    {
        var ledger = Opened(SpotAccount(("USDT", 50_000m), ("BTC", 0.1m)), Spot);
        var position = ledger.Find(Spot.Id)!;
        ledger.Post(new FillEntry(Start, Spot.Id, 1m, 20_000m, -20_000m, 1m));
        Assert.That(ledger.Headroom(position, false, 20_000m, 0m, 0.2m), Is.EqualTo(0.1m));

        ledger.Reserve(new OrderRequirement(1, Spot.Id, -1.04m, 20_000m, 0m));
        Assert.That(ledger.Headroom(position, false, 20_000m, 0m, 0.2m), Is.EqualTo(0.06m), "a working sell closes first");
    }

    [Test]
    public void SpotHeadroomIsWhatTheAccountAccepts()
        => Gen.Select(Gen.Int[0, 30_000], Gen.Int[0, 30], Gen.Int[0, 40], Gen.Int[-30, 30], Gen.Bool).Sample(
            (money, coins, excluded, perpetual, buys) =>
            {
                var ledger = Opened(UnifiedAccount(("USDT", money), ("BTC", coins / 10m)) with { Excluded = [("BTC", excluded / 10m)] }, UnifiedSpot, UnifiedPerpetual);
                ledger.Rate("BTC", 20_000m);
                ledger.Post(new FillEntry(Start, UnifiedPerpetual.Id, perpetual / 10m, 20_000m, 0m, 0m));
                var headroom = ledger.Headroom(ledger.Find(UnifiedSpot.Id)!, buys, 20_000m, Fee, 0.2m);
                var side = buys ? 1 : -1;

                if (headroom > 0m)
                {
                    Assert.That(ledger.Reserve(new OrderRequirement(0, UnifiedSpot.Id, side * headroom * 0.999999m, 20_000m, Fee)).Accepted, Is.True);
                }

                Assert.That(ledger.Reserve(new OrderRequirement(0, UnifiedSpot.Id, side * ((headroom * 1.01m) + 0.0001m), 20_000m, Fee)).Accepted, Is.False);
            },
            iter: Iterations.Of(10_000));

    [Test]
    public void WhatHeadroomAddsKeepsDistanceAndMargin()
        => Books.Sample(
            book =>
            {
                var headroom = book.Headroom();
                if (headroom > 0m)
                {
                    // Beside coins or another perpetual that stands against it an account may be too near before; then it gets no nearer.
                    book.Check(book.Closes + (headroom * 0.999999m), out var distance, out var suffices);
                    Assert.That(distance, Is.GreaterThanOrEqualTo(Math.Min(book.Distance, book.Before())), "distance");
                    Assert.That(suffices, Is.True, "margin");
                }
            },
            iter: Iterations.Of(10_000));

    [Test]
    public void WithOnePositionAnythingMoreBreaksDistanceMarginOrBracket()
        => Books.Sample(
            book =>
            {
                // Only with the position: against one, and beside another underlying, what it adds is counted at its worst.
                var alone = book with { Pepe = 0m, Held = book.Buys ? Math.Abs(book.Held) : -Math.Abs(book.Held), Coins = 0m };
                var headroom = alone.Headroom();
                alone.Check((headroom * 1.01m) + 0.001m, out var distance, out var suffices);
                Assert.That(distance >= alone.Distance && suffices && !alone.ReachesAnotherBracket(headroom), Is.False, "one per cent and a lot more fit too");
            },
            iter: Iterations.Of(10_000));

    [Test]
    public void WhereItsWalkThroughTheBracketsBeginsChangesNothing()
        => Gen.Select(Books, Gen.Select(Gen.Int[1, 200], Gen.Int[1, 40]).Array[2, 12], Gen.Select(Gen.Int[-60_000, 60_000], Gen.Bool, Gen.Int[1, 60]).Array[2, 5]).Sample(
            (first, brackets, others) =>
            {
                // Each walk may begin where the one before it ended, which had other money, another side, another distance.
                // Beside it stands so much that what is nearest is often something else.
                var book = first with { Tiers = Rising(brackets), Pepe = 5m * first.Pepe, Coins = 3m * first.Coins };
                var position = book.Open(out var ledger);
                foreach (var (money, buys, distance) in others)
                {
                    ledger.Post(new WriteOffEntry(Start, position.Account.Definition.Name, "USDT", money));
                    book = book with { Money = book.Money + money, Buys = buys, Distance = distance * distance / 6_000m };
                    Assert.That(ledger.Headroom(position, buys, book.Mark, Fee, book.Distance), Is.EqualTo(book.Headroom()));
                }
            },
            iter: Iterations.Of(10_000));

    [Test]
    public void NorDoesItWhereCoinsStandAgainstIt()
    {
        // A unit sold costs 4% and its fee of the room, and gains 3% of what the distance lacks.
        var book = new Book(true, 0m, 10m, 0m, 0m, 1m, false, 0, 0.03m) { Tiers = Rising([(10, 40), (10, 40), (10, 40)]) };
        var position = book.Open(out var ledger);
        Assert.That(ledger.Headroom(position, false, book.Mark, Fee, 0m), Is.EqualTo(3_000m / book.Mark), "it walks to the end");

        ledger.Post(new WriteOffEntry(Start, position.Account.Definition.Name, "USDT", -176_000m));

        Assert.That(ledger.Headroom(position, false, book.Mark, Fee, 0.03m), Is.Zero);
    }

    private static MarginTiers Rising((int Width, int Rate)[] steps)
    {
        var (cap, rate) = (0m, 0m);
        return new MarginTiers(Array.ConvertAll(steps, step => new MarginTier(cap += step.Width * 100m, rate += step.Rate * 0.001m, 1m / (2m * rate))));
    }

    private static Ledger Opened(AccountDefinition definition, params Instrument[] instruments)
    {
        var ledger = new Ledger("USDT", [definition]);
        foreach (var instrument in instruments)
        {
            ledger.Mark(ledger.Open(instrument), 20_000m);
        }

        return ledger;
    }

    private sealed record Book(bool Unified, decimal Money, decimal Coins, decimal Held, decimal Pepe, decimal Price, bool Buys, int Leverage, decimal Distance)
    {
        public MarginTiers Tiers { get; init; } = Brackets;

        private Instrument Traded => Unified ? UnifiedPerpetual : Perpetual;

        private Instrument Other => Unified ? UnifiedPepe : SimulatedVenues.Pepe;

        public decimal Mark => 20_000m * Price;

        public AccountPosition Open(out Ledger ledger)
        {
            var definition = (Unified ? UnifiedAccount(("USDT", Money), ("BTC", Coins)) : FuturesAccount(("USDT", Money))) with { Leverage = Leverage == 0 ? 3m : Leverage == 1 ? 10m : 50m };
            ledger = new Ledger("USDT", [definition with { Profile = definition.Profile with { FallbackTiers = Tiers } }]);
            ledger.Open(Traded);
            ledger.Open(Other);
            ledger.Mark(ledger.Find(Traded.Id)!, 20_000m);
            ledger.Mark(ledger.Find(Other.Id)!, 1m);
            ledger.Rate("BTC", Mark);
            ledger.Post(new FillEntry(Start, Traded.Id, Held, 20_000m, 0m, 0m));
            ledger.Post(new FillEntry(Start, Other.Id, Pepe, 1m, 0m, 0m));
            ledger.Mark(ledger.Find(Traded.Id)!, Mark);
            return ledger.Find(Traded.Id)!;
        }

        public decimal Headroom()
        {
            var position = Open(out var ledger);
            return ledger.Headroom(position, Buys, Mark, Fee, Distance);
        }

        /// <summary>What closes the position comes on top of headroom.</summary>
        public decimal Closes => Math.Max(0m, Buys ? -Held : Held);

        /// <summary>The distance before, once it is closed.</summary>
        public decimal Before()
        {
            Check(Closes, out var distance, out _);
            return distance;
        }

        /// <summary>Adds it as a fill at the mark with its fee and asks the ledger.</summary>
        public void Check(decimal added, out decimal distance, out bool suffices)
        {
            var position = Open(out var ledger);
            ledger.Post(new FillEntry(Start, Traded.Id, (Buys ? 1 : -1) * added, Mark, position.RealizedBy((Buys ? 1 : -1) * added, Mark), 0m));
            ledger.Post(new FeeEntry(Start, Traded.Id, "USDT", -added * Mark * Fee));
            var pool = position.Account.Pools[0];
            distance = Math.Min(ledger.DistanceOf(position) ?? decimal.MaxValue, ledger.DistanceOf(ledger.Find(Other.Id)!) ?? decimal.MaxValue);
            suffices = pool.Equity >= pool.InitialMargin;
        }

        public bool ReachesAnotherBracket(decimal headroom)
        {
            var before = (Math.Abs(Held) + headroom) * Mark;
            return Brackets.IndexOf(before - 1m) != Brackets.IndexOf((Math.Abs(Held) + (headroom * 1.01m) + 0.001m) * Mark) || before >= Brackets.Limit - 1m;
        }
    }
}
