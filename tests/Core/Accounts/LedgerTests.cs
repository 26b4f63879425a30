using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Accounts.SimulatedVenues;

namespace CrossHedgeLean.Tests.Core.Accounts;

/// <summary>Each part of the profit by figures of its own, and what a ledger refuses.</summary>
[TestFixture]
public sealed class LedgerTests
{
    private const decimal Price = 20_000m;

    [Test]
    public void EveryPartTogetherExplainsTheEquity()
    {
        var ledger = new Ledger("USDT", [UnifiedAccount(("USDT", 10_000m), ("BUSD", 4_000m)), KrakenAccount(("USDT", 500m))]);
        var perpetual = ledger.Open(UnifiedPerpetual);
        var busd = ledger.Open(UnifiedBusd);
        ledger.Rate("BUSD", 0.5m);
        ledger.Mark(perpetual, Price);
        ledger.Mark(busd, Price);
        ledger.Post(new FillEntry(Start, UnifiedPerpetual.Id, 1m, 20_010m, 0m, 0m));
        ledger.Post(new FillEntry(Start, UnifiedBusd.Id, -0.5m, 19_980m, 0m, 0m));
        ledger.Post(new FeeEntry(Start, UnifiedPerpetual.Id, "USDT", -8m));
        ledger.Post(new FundingEntry(Start, UnifiedBusd.Id, -0.5m, Price, 0.0001m, 3m));
        ledger.Post(new WriteOffEntry(Start, "unified", "USDT", -2m));
        ledger.Post(new TransferSentEntry(Start, "1", "unified", "kraken", "USDT", 100m, 1m));
        ledger.Mark(perpetual, 20_100m);
        ledger.Mark(busd, 20_050m);
        ledger.Rate("BUSD", 0.6m);
        ledger.Post(new FillEntry(Start, UnifiedPerpetual.Id, -0.25m, 20_040m, perpetual.RealizedBy(-0.25m, 20_040m), 0m, IsLiquidation: true));
        ledger.Post(new FeeEntry(Start, UnifiedPerpetual.Id, "USDT", -5m, IsLiquidation: true));
        ledger.Mark(perpetual, 20_200m);
        var account = ledger.Accounts[0];
        var profit = ledger.ProfitOf(account);

        // One until 20,100 and 0.75 from there, at the reference's move; the other's half moves with it, in BUSD.
        Assert.That(profit.Directional, Is.EqualTo((0.5m * 100m) + (0.25m * 100m)));
        Assert.That(profit.Basis, Is.EqualTo((-0.5m * 50m * 0.5m) + (0.5m * 100m) + (0.5m * 100m)).Within(1e-18m));
        Assert.That(profit.SpreadAndSlippage, Is.EqualTo(-10m + (-0.5m * 20m * 0.5m)));
        Assert.That(profit.Fees, Is.EqualTo(-9m));
        Assert.That(profit.Funding, Is.EqualTo(1.5m));
        Assert.That(profit.WriteOff, Is.EqualTo(-2m));
        Assert.That(profit.Liquidation, Is.EqualTo((-0.25m * 60m) - 5m));
        Assert.That(profit.Currency, Is.EqualTo((4_003m - (0.5m * 70m)) * 0.1m).Within(1e-18m));
        Assert.That((ledger.OpeningOf(account), ledger.ReceivedBy(account), ledger.ReceivedBy(ledger.Accounts[1])), Is.EqualTo((12_000m, -100m, 100m)));
        Assert.That(ledger.UnexplainedOf(account), Is.Zero.Within(1e-18m));
        Assert.That(ledger.UnexplainedOf(ledger.Accounts[1]), Is.Zero);
        Assert.That(ledger.EquityOf(account), Is.EqualTo(11_900m + profit.Total).Within(1e-18m));
    }

    [Test]
    public void TwoProfitsAddUpPartByPart()
    {
        var one = new ProfitSplit { Directional = 1m, Basis = 2m, SpreadAndSlippage = 3m, Funding = 4m, Fees = 5m, Liquidation = 6m, Currency = 7m, WriteOff = 8m };
        var other = new ProfitSplit { Directional = 10m, Basis = 20m, SpreadAndSlippage = 30m, Funding = 40m, Fees = 50m, Liquidation = 60m, Currency = 70m, WriteOff = 80m };

        Assert.That(
            one + other,
            Is.EqualTo(new ProfitSplit { Directional = 11m, Basis = 22m, SpreadAndSlippage = 33m, Funding = 44m, Fees = 55m, Liquidation = 66m, Currency = 77m, WriteOff = 88m }));
        Assert.That((one + other).Total, Is.EqualTo(396m));
    }

    [Test]
    public void AnotherReferenceCountsFromWhenItIsOne()
    {
        var ledger = new Ledger("USDT", [UnifiedAccount(("USDT", 100_000m), ("BUSD", 100_000m))]);
        ledger.Rate("BUSD", 1m);
        var first = ledger.Open(UnifiedPerpetual);
        var second = ledger.Open(UnifiedBusd);
        foreach (var position in new[] { first, second })
        {
            ledger.Mark(position, Price);
            ledger.Post(new FillEntry(Start, position.Instrument.Id, 1m, Price, 0m, 0m));
        }

        ledger.Mark(first, 20_100m);
        ledger.Mark(second, 20_050m);
        ledger.Open(UnifiedBusd, reference: true);
        ledger.Mark(first, 20_110m);
        ledger.Mark(second, 20_080m);
        var profit = ledger.ProfitOf(ledger.Accounts[0]);

        Assert.That(profit.Directional, Is.EqualTo((2m * 100m) + (2m * 30m)));
        Assert.That(profit.Basis, Is.EqualTo(-50m + (10m - 30m)));
    }

    [Test]
    public void AStepsMarksAndRatesLeaveWhatHasNone()
    {
        var ledger = new Ledger("USDT", [UnifiedAccount(("USDT", 10_000m), ("BUSD", 1_000m))]);
        var first = ledger.Open(UnifiedPerpetual);
        var second = ledger.Open(UnifiedBusd);
        ledger.Mark(first, Price);
        ledger.Mark([(first, 0m), (second, 21_000m)]);
        var busd = ledger.Accounts[0].Balances.Single(balance => balance.Currency == "BUSD");
        ledger.Rate([(busd, 0.5m)]);
        ledger.Rate([(busd, 0m)]);

        Assert.That((first.Mark, second.Mark, busd.Rate, ledger.Equity), Is.EqualTo((Price, 21_000m, 0.5m, 10_500m)));
    }

    [Test]
    public void WhatWasMadeBeforeARateMovesIsMadeAtTheOldRate()
    {
        var ledger = new Ledger("USDT", [FuturesAccount(("BUSD", 10_000m))]);
        ledger.Rate("BUSD", 0.5m);
        var position = ledger.Open(PerpetualBusd);
        ledger.Mark(position, Price);
        ledger.Post(new FillEntry(Start, PerpetualBusd.Id, 1m, Price, 0m, 0m));
        ledger.Mark(position, 20_100m);
        ledger.Rate("BUSD", 1m);
        var profit = ledger.ProfitOf(ledger.Accounts[0]);

        Assert.That((profit.Directional, profit.Currency), Is.EqualTo((50m, 10_100m * 0.5m)));
    }

    [Test]
    public void CoinsThatAFeeTakesHaveMadeTheirMoveBefore()
    {
        var ledger = new Ledger("USDT", [SpotAccount(("USDT", 30_000m))]);
        var position = ledger.Open(Spot);
        ledger.Mark(position, Price);
        ledger.Post(new FillEntry(Start, Spot.Id, 1m, Price, -Price, 1m));
        ledger.Mark(position, 21_000m);
        ledger.Post(new FeeEntry(Start, Spot.Id, "BTC", -0.25m));
        var profit = ledger.ProfitOf(ledger.Accounts[0]);

        Assert.That((profit.Directional, profit.Fees, ledger.Equity), Is.EqualTo((1_000m, -5_250m, 10_000m + (0.75m * 21_000m))));
    }

    [Test]
    public void CoinsAreValuedOnceByTheirPositionOrTheirRate()
    {
        var eth = Spot with { Id = new InstrumentId(Spot.Id.Route, "ETHUSDT"), Underlying = "ETH" };
        var ledger = new Ledger("USDT", [SpotAccount(("BTC", 1m), ("ETH", 10m))]);
        ledger.Rate("BTC", Price);
        ledger.Rate("ETH", 1_000m);
        var (bitcoin, ether) = (ledger.Open(Spot), ledger.Open(eth));
        ledger.Post(new FeeEntry(Start, Spot.Id, "BTC", -0.25m));
        ledger.Mark(bitcoin, Price);
        ledger.Mark(ether, 1_000m);
        ledger.Post(new FillEntry(Start, eth.Id, 2m, 1_000m, -2_000m, 2m));

        Assert.That(ledger.Equity, Is.EqualTo((0.75m * Price) + 12_000m - 2_000m + 0m).Within(0m), "0.75 BTC, 12 ETH, 2,000 owed");
    }

    [Test]
    public void AContractsSpreadIsThatOfItsMultiplier()
    {
        var ten = Perpetual with { UnitsPerContract = 10m, ContractMultiplier = 10m };
        var ledger = new Ledger("USDT", [FuturesAccount(("USDT", 100_000m))]);
        ledger.Mark(ledger.Open(ten), Price);
        ledger.Post(new FillEntry(Start, ten.Id, 1m, 20_010m, 0m, 0m));

        Assert.That(ledger.ProfitOf(ledger.Accounts[0]).SpreadAndSlippage, Is.EqualTo(-100m));
    }

    [Test]
    public void ASnapshotHasWhatTravelsAndNoLiquidationOfCoins()
    {
        var ledger = new Ledger("USDT", [UnifiedAccount(("USDT", 10_000m), ("BUSD", 1_000m)), KrakenAccount(("USDT", 500m))]);
        ledger.Rate("BUSD", 0.5m);
        var spot = ledger.Open(UnifiedSpot);
        ledger.Mark(spot, Price);
        ledger.Mark(ledger.Open(UnifiedPerpetual), Price);
        ledger.Post(new FillEntry(Start, UnifiedSpot.Id, 0.1m, Price, -2_000m, 0.1m));
        ledger.Post(new FillEntry(Start, UnifiedPerpetual.Id, 1m, Price, 0m, 0m));
        ledger.Post(new TransferSentEntry(Start, "1", "unified", "kraken", "USDT", 100m, 0m));
        ledger.Post(new TransferSentEntry(Start, "2", "unified", "kraken", "BUSD", 200m, 0m));
        var (unified, kraken) = (ledger.Snapshot()[0], ledger.Snapshot()[1]);

        Assert.That((unified.Equity, kraken.Equity, ledger.Equity), Is.EqualTo((10_300m, 700m, 11_000m)));
        Assert.That(unified.Positions.Select(position => position.LiquidationPrice is null), Is.EqualTo(new[] { true, false }));
        Assert.That(ledger.DistanceOf(spot), Is.Null);
        Assert.That((ledger.IsSimulated, ledger.Total("BUSD")), Is.EqualTo((true, 1_000m)));
    }

    /// <summary>Of a currency that is not, nobody need know the rate.</summary>
    [Test]
    public void ACurrencyIsValuedAsLongAsAnythingIsWorthWhatItsRateSays()
    {
        var ledger = new Ledger("USDT", [UnifiedAccount(("USDT", 10_000m), ("BUSD", 200m)), KrakenAccount(("USDT", 50_000m))]);
        var (unified, kraken) = (ledger.Accounts[0], ledger.Accounts[1]);
        ledger.Mark(ledger.Open(Kraken), Price);

        Assert.That(IsValued(kraken, "USDT"), "spot settles in it");
        Assert.That(IsValued(kraken, "BTC"), Is.False, "there is none");
        ledger.Post(new FillEntry(Start, Kraken.Id, 1m, Price, -Price, 1m));
        Assert.That(IsValued(kraken, "BTC"), Is.False, "all of it has the position's mark");
        ledger.Post(new WriteOffEntry(Start, "kraken", "BTC", 0.1m));
        Assert.That(IsValued(kraken, "BTC"), "some is in no position");

        ledger.Post(new TransferSentEntry(Start, "1", "unified", "kraken", "BUSD", 200m, 0m));
        Assert.That(IsValued(unified, "BUSD"), Is.False);
        Assert.That(IsValued(kraken, "BUSD"), "it travels there");
        ledger.Post(new TransferArrivedEntry(Start, "1"));
        Assert.That(IsValued(kraken, "BUSD"));
        ledger.Post(new TransferSentEntry(Start, "2", "kraken", "unified", "BUSD", 200m, 0m));
        Assert.That(IsValued(kraken, "BUSD"), Is.False);

        ledger.Post(new TransferFailedEntry(Start, "2", 0m));
        Assert.That(IsValued(unified, "BUSD"), Is.False);
        ledger.Open(UnifiedBusd);
        Assert.That(IsValued(unified, "BUSD"), "a perpetual settles in it");

        ledger.Mark(ledger.Open(UnifiedSpot), Price);
        ledger.Post(new FillEntry(Start, UnifiedSpot.Id, 0.1m, Price, -2_000m, 0.1m));
        Assert.That(IsValued(unified, "BTC"), "it is collateral");

        static bool IsValued(VenueAccount account, string currency) => account.Balances.Single(balance => balance.Currency == currency).IsValued;
    }

    [Test]
    public void WhatNamesNothingIsRefused()
    {
        var ledger = new Ledger("USDT", [UnifiedAccount(("USDT", 10_000m)), KrakenAccount(("USDT", 500m))]);
        ledger.Post(new TransferSentEntry(Start, "1", "unified", "kraken", "USDT", 100m, 0m));

        Assert.That(() => ledger.Open(Spot), Throws.InvalidOperationException.With.Message.Contains("no account serves the route binance:spot"));
        Assert.That(() => ledger.Post(new TransferSentEntry(Start, "1", "unified", "kraken", "USDT", 100m, 0m)), Throws.InvalidOperationException.With.Message.Contains("already on its way"));
        Assert.That(() => ledger.Post(new TransferArrivedEntry(Start, "2")), Throws.InvalidOperationException.With.Message.Contains("No transfer 2"));
        Assert.That(() => ledger.Post(new WriteOffEntry(Start, "mtgox", "USDT", 1m)), Throws.InvalidOperationException.With.Message.Contains("No account is called mtgox"));
        Assert.That(() => ledger.IsReserved(Spot.Id, 1), Throws.InvalidOperationException.With.Message.Contains("is not open in the ledger"));
        Assert.That(ledger.Equity, Is.EqualTo(10_500m), "nothing of it was booked");
    }

    [Test]
    public void AnAccountIsADefaultForAnyOfItsRoutes()
        => Assert.That(
            AccountDefaults.For([new Route("kraken", InstrumentKind.Spot), new Route("bybit", InstrumentKind.Spot)]).Select(account => account.Name),
            Is.EqualTo(new[] { "bybit", "kraken" }));
}
