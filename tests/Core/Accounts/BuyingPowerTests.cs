using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Accounts.SimulatedVenues;

namespace CrossHedgeLean.Tests.Core.Accounts;

/// <summary>What an account lets through, and what it holds for it.</summary>
[TestFixture]
public sealed class BuyingPowerTests
{
    private const decimal Price = 20_000m;

    [Test]
    public void ManyThreadsTogetherNeverSpendMoreThanTheFreeBalance()
    {
        var ledger = Opened(SpotAccount(("USDT", 100_000m)), Spot);
        var accepted = ReserveFromManyThreads(ledger, Spot, feeRate: 0.001m);

        var cost = accepted.Sum(order => order.Quantity * Price * 1.001m);
        Assert.That(cost, Is.GreaterThan(90_000m).And.LessThanOrEqualTo(100_000m));
        Assert.That(BalanceOf(ledger, "USDT").Locked, Is.EqualTo(cost));

        // Released twice, from many threads too.
        Parallel.ForEach(accepted.Concat(accepted), order => ledger.Release(Spot.Id, order.OrderId));
        Assert.That(BalanceOf(ledger, "USDT").Free, Is.EqualTo(100_000m));
    }

    [Test]
    public void ManyThreadsTogetherNeverUseMoreMarginThanThereIs()
    {
        var ledger = Opened(FuturesAccount(("USDT", 10_000m)), Perpetual);
        var accepted = ReserveFromManyThreads(ledger, Perpetual, feeRate: 0.0005m);

        // All of them buy: together they stand in one bracket, at ten times.
        var notional = accepted.Sum(order => order.Quantity * Price);
        var required = (notional / 10m) + (notional * 0.0005m);
        Assert.That(required, Is.GreaterThan(9_000m).And.LessThanOrEqualTo(10_000m));
        Assert.That(ledger.Accounts[0].OrderMargin, Is.EqualTo(required).Within(0.000000001m));
    }

    [Test]
    public void ManyThreadsOnBothSidesOfAUnifiedAccountStayWithinItsCollateral()
    {
        var ledger = Opened(UnifiedAccount(("USDT", 10_000m)), UnifiedSpot, UnifiedPerpetual);
        var verdicts = new OrderVerdict[400];
        Parallel.For(0, verdicts.Length, i => verdicts[i] = ledger.Reserve(i % 2 == 0
            ? new OrderRequirement(i + 1, UnifiedSpot.Id, 0.003m + (i * 0.0001m), Price, 0m)
            : new OrderRequirement(i + 1, UnifiedPerpetual.Id, (i % 4 == 1 ? 1 : -1) * (0.01m + (i * 0.001m)), Price, 0.0005m)));

        var money = 0m;
        var (buys, sells) = (0m, 0m);
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (verdicts[i].Accepted)
            {
                money += i % 2 == 0 ? (0.003m + (i * 0.0001m)) * Price : 0m;
                buys += i % 4 == 1 ? (0.01m + (i * 0.001m)) * Price : 0m;
                sells += i % 4 == 3 ? (0.01m + (i * 0.001m)) * Price : 0m;
            }
        }

        // Coins count for nine tenths of the money that they cost.
        var margin = ((buys + sells) * (0.1m + 0.0005m)) + (money * 0.1m);
        Assert.That(money, Is.LessThanOrEqualTo(10_000m));
        Assert.That(margin, Is.GreaterThan(8_000m).And.LessThanOrEqualTo(10_000m));
    }

    [Test]
    public void WhatASpotBuySpendsCarriesNoPerpetualOfTheSameAccount()
    {
        // One account for both, each currency alone: what a spot order holds or has spent is no margin.
        var desk = FuturesAccount(("USDT", 10_000m)) with { Name = "desk", Routes = [Spot.Id.Route, Perpetual.Id.Route] };
        var ledger = Opened(desk, Spot, Perpetual);

        Assert.That(ledger.Reserve(new OrderRequirement(1, Spot.Id, 0.4m, Price, 0m)).Accepted, Is.True);
        Assert.That(ledger.Reserve(new OrderRequirement(2, Perpetual.Id, 1.1m, Price, 0m)), Is.EqualTo(new OrderVerdict(false, "USDT", 2_200m, 2_000m)));
        Assert.That(ledger.Reserve(new OrderRequirement(3, Perpetual.Id, 0.9m, Price, 0m)).Accepted, Is.True);
        Assert.That(ledger.Reserve(new OrderRequirement(4, Spot.Id, 0.02m, Price, 0m)).Accepted, Is.False, "400 are free, and 200 of them are left beside the margin");
    }

    [Test]
    public void NothingIsCarriedInACurrencyThatHasNoRateYet()
    {
        var ledger = Opened(UnifiedAccount(("USDT", 10_000m)), UnifiedBusd);
        foreach (var balance in ledger.Accounts[0].Balances.Where(balance => balance.Currency == "BUSD"))
        {
            Assert.That(balance.Rate, Is.Zero);
        }

        Assert.That(ledger.Reserve(new OrderRequirement(1, UnifiedBusd.Id, 1m, Price, 0m)).Accepted, Is.False);
        ledger.Rate("BUSD", 1m);
        Assert.That(ledger.Reserve(new OrderRequirement(1, UnifiedBusd.Id, 1m, Price, 0m)).Accepted, Is.True);
    }

    [Test]
    public void AnExitPassesWhateverTheMarginIs()
    {
        var ledger = Opened(FuturesAccount(("USDT", 2_500m)), Perpetual);
        Hold(ledger, Perpetual, 1m);
        ledger.Mark(ledger.Find(Perpetual.Id)!, 18_000m);
        Assert.That(ledger.Accounts[0].Pools[0].Equity, Is.LessThan(ledger.Accounts[0].InitialMargin), "nothing is available");

        Assert.That(ledger.Reserve(new OrderRequirement(1, Perpetual.Id, -0.6m, 18_000m, 0.0005m)), Is.EqualTo(new OrderVerdict(true, "USDT", 0m, 0m)));
        Assert.That(ledger.Reserve(new OrderRequirement(2, Perpetual.Id, -0.4m, 18_000m, 0.0005m)).Accepted, Is.True);
        Assert.That(ledger.Reserve(new OrderRequirement(3, Perpetual.Id, -0.001m, 18_000m, 0.0005m)).Accepted, Is.False, "all three together would cross zero");
        Assert.That(ledger.Reserve(new OrderRequirement(4, Perpetual.Id, 0.001m, 18_000m, 0.0005m)).Accepted, Is.False, "it adds");
    }

    [Test]
    public void ASpotSellNeedsCoinsAndNoMoney()
    {
        var ledger = Opened(SpotAccount(("BTC", 0.1m)), Spot);
        Assert.That(ledger.Reserve(new OrderRequirement(1, Spot.Id, -0.1m, Price, 0m)).Accepted, Is.True);
        Assert.That(ledger.Reserve(new OrderRequirement(2, Spot.Id, -0.0001m, Price, 0m)).Accepted, Is.False);
    }

    [Test]
    public void AFeeInTheCoinNeedsCoinsOnTop()
    {
        var ledger = Opened(SpotAccount(("BTC", 0.1m)), Spot);
        var refused = ledger.Reserve(new OrderRequirement(1, Spot.Id, -0.1m, Price, 0.001m));
        Assert.That(refused, Is.EqualTo(new OrderVerdict(false, "BTC", 0.1001m, 0.1m)));
        Assert.That(ledger.Reserve(new OrderRequirement(1, Spot.Id, -0.0999m, Price, 0.001m)).Accepted, Is.True);
        Assert.That(BalanceOf(ledger, "BTC").Locked, Is.EqualTo(0.0999999m));
    }

    [Test]
    public void ReleasingTwiceChangesNothing()
    {
        var ledger = Opened(SpotAccount(("USDT", 10_000m)), Spot);
        ledger.Reserve(new OrderRequirement(1, Spot.Id, 0.2m, Price, 0m));
        ledger.Reserve(new OrderRequirement(2, Spot.Id, 0.1m, Price, 0m));
        ledger.Release(Spot.Id, 1);
        ledger.Release(Spot.Id, 1);
        Assert.That(BalanceOf(ledger, "USDT").Free, Is.EqualTo(8_000m));
        Assert.That(ledger.IsReserved(Spot.Id, 1), Is.False);
        Assert.That(ledger.IsReserved(Spot.Id, 2), Is.True);
    }

    [Test]
    public void AnotherRequestOfTheSameOrderReplacesTheFirst()
    {
        var ledger = Opened(SpotAccount(("USDT", 10_000m)), Spot);
        ledger.Reserve(new OrderRequirement(1, Spot.Id, 0.4m, Price, 0m));
        Assert.That(ledger.Reserve(new OrderRequirement(1, Spot.Id, 0.45m, Price, 0m)).Accepted, Is.True, "its own money counts as free for it");
        Assert.That(BalanceOf(ledger, "USDT").Locked, Is.EqualTo(9_000m));

        var refused = ledger.Reserve(new OrderRequirement(1, Spot.Id, 0.6m, Price, 0m));
        Assert.That(refused, Is.EqualTo(new OrderVerdict(false, "USDT", 12_000m, 10_000m)));
        Assert.That(BalanceOf(ledger, "USDT").Locked, Is.EqualTo(9_000m), "a refused update keeps what the order held");
    }

    [Test]
    public void AnUpdateIsJudgedAtItsPlaceInTheQueue()
    {
        // The first order closes at a low price, the second adds at a high one. Growing the first makes the second add more.
        var ledger = Opened(FuturesAccount(("USDT", 1_850m)), Perpetual);
        Hold(ledger, Perpetual, 0.5m);
        Assert.That(ledger.Reserve(new OrderRequirement(1, Perpetual.Id, -0.1m, 10_000m, 0m)).Accepted, Is.True);
        Assert.That(ledger.Reserve(new OrderRequirement(2, Perpetual.Id, -0.4m, 30_000m, 0m)).Accepted, Is.True);

        // 850 are free. 0.4 of the second would add: 1,200 are needed, not the 400 of the first order's own price.
        var verdict = ledger.Reserve(new OrderRequirement(1, Perpetual.Id, -0.5m, 10_000m, 0m));
        Assert.That(verdict, Is.EqualTo(new OrderVerdict(false, "USDT", 1_200m, 850m)));
        Assert.That(ledger.Accounts[0].OrderMargin, Is.Zero);
    }

    [Test]
    public void AFillFreesWhatItsPartHeld()
    {
        var ledger = Opened(SpotAccount(("USDT", 10_000m)), Spot);
        ledger.Reserve(new OrderRequirement(1, Spot.Id, 0.4m, Price, 0m));
        ledger.Filled(Spot.Id, 1, 0.1m);
        Assert.That(BalanceOf(ledger, "USDT").Locked, Is.EqualTo(6_000m));
        Assert.That(ledger.FundsOf(Spot.Id, 1), Is.EqualTo(10_000m));
        ledger.Filled(Spot.Id, 1, 0.3m);
        Assert.That(ledger.IsReserved(Spot.Id, 1), Is.False);
    }

    [Test]
    public void NoOtherAccountsMoneyCarriesAnOrder()
    {
        var ledger = new Ledger("USDT", [SpotAccount(("BUSD", 5m)), FuturesAccount(("BUSD", 100_000m)), UnifiedAccount(("USDT", 1_000_000m)), KrakenAccount(("USDT", 7m))]);
        foreach (var instrument in new[] { Spot, Perpetual, PerpetualBusd, UnifiedPerpetual, Kraken })
        {
            ledger.Open(instrument);
        }

        ledger.Rate("BUSD", 1m);
        Assert.That(ledger.Reserve(new OrderRequirement(1, Spot.Id, 0.001m, Price, 0m)), Is.EqualTo(new OrderVerdict(false, "USDT", 20m, 0m)));
        Assert.That(ledger.Reserve(new OrderRequirement(2, Kraken.Id, 0.001m, Price, 0m)), Is.EqualTo(new OrderVerdict(false, "USDT", 20m, 7m)));
        Assert.That(
            ledger.Reserve(new OrderRequirement(3, Perpetual.Id, 0.001m, Price, 0m)),
            Is.EqualTo(new OrderVerdict(false, "USDT", 2m, 0m)),
            "the BUSD of the same account carries its own perpetuals alone");
        Assert.That(ledger.Reserve(new OrderRequirement(4, PerpetualBusd.Id, 0.001m, Price, 0m)).Accepted, Is.True);
        Assert.That(ledger.Reserve(new OrderRequirement(5, UnifiedPerpetual.Id, 0.001m, Price, 0m)).Accepted, Is.True);
    }

    [Test]
    public void AnOpenPerpetualSellDoesNotBlockTheSpotSellOfTheSameCoin()
    {
        var ledger = Opened(UnifiedAccount(("USDT", 10_000m), ("BTC", 0.5m)), UnifiedSpot, UnifiedPerpetual);
        ledger.Rate("BTC", Price);
        Assert.That(ledger.Reserve(new OrderRequirement(1, UnifiedPerpetual.Id, -0.5m, Price, 0m)).Accepted, Is.True);
        Assert.That(ledger.Reserve(new OrderRequirement(2, UnifiedSpot.Id, -0.5m, Price, 0m)).Accepted, Is.True);
    }

    [Test]
    public void TheVenuesLimitCountsWhatWorksOnTheSameSide()
    {
        var ledger = Opened(FuturesAccount(("USDT", 1_000_000m)), Perpetual);
        Assert.That(ledger.Reserve(new OrderRequirement(1, Perpetual.Id, 12m, Price, 0m)).Accepted, Is.True);
        var refused = ledger.Reserve(new OrderRequirement(2, Perpetual.Id, 8.001m, Price, 0m));
        Assert.That(refused.Accepted, Is.False);
        Assert.That(refused.Limit, Is.EqualTo(400_000m));
        Assert.That(ledger.Reserve(new OrderRequirement(2, Perpetual.Id, 8m, Price, 0m)).Accepted, Is.True, "up to the limit");
    }

    [Test]
    public void TheVenuesLimitLetsAPositionTurnRound()
    {
        var ledger = Opened(FuturesAccount(("USDT", 1_000_000m)), Perpetual);
        Hold(ledger, Perpetual, 15m);
        Assert.That(ledger.Reserve(new OrderRequirement(1, Perpetual.Id, -35m, Price, 0m)).Accepted, Is.True, "ends at 20 short, 400,000");
        Assert.That(ledger.Reserve(new OrderRequirement(1, Perpetual.Id, -35.001m, Price, 0m)).Limit, Is.EqualTo(400_000m));
    }

    [Test]
    public void OrdersThatTogetherReachABracketPayItsMargin()
    {
        // Up to 5,000 fifty times, beyond it 25 times: two orders of 4,000 need 320, not 160.
        var ledger = Opened(FuturesAccount(("USDT", 300m)) with { Leverage = 50m }, Perpetual);
        Assert.That(ledger.Reserve(new OrderRequirement(1, Perpetual.Id, 0.2m, Price, 0m)).Required, Is.EqualTo(80m));
        Assert.That(ledger.Reserve(new OrderRequirement(2, Perpetual.Id, 0.2m, Price, 0m)), Is.EqualTo(new OrderVerdict(false, "USDT", 240m, 220m)));
        Assert.That(ledger.Reserve(new OrderRequirement(3, Perpetual.Id, -0.2m, Price, 0m)).Required, Is.EqualTo(80m), "the other side stands alone");
    }

    [Test]
    public void AUnifiedAccountNeedsRoomForWhatCoinsCountLess()
    {
        var ledger = Opened(UnifiedAccount(("USDT", 10_000m)), UnifiedSpot, UnifiedPerpetual);
        ledger.Rate("BTC", Price);
        Hold(ledger, UnifiedPerpetual, 4.7m);

        // 600 are left; coins for 7,000 would take 700 from the collateral.
        Assert.That(ledger.Reserve(new OrderRequirement(1, UnifiedSpot.Id, 0.35m, Price, 0m)), Is.EqualTo(new OrderVerdict(false, "USDT", 700m, 600m)));
        Assert.That(ledger.Reserve(new OrderRequirement(2, UnifiedSpot.Id, 0.2m, Price, 0m)).Accepted, Is.True);
        Assert.That(ledger.Reserve(new OrderRequirement(3, UnifiedSpot.Id, 0.2m, Price, 0m)), Is.EqualTo(new OrderVerdict(false, "USDT", 400m, 200m)), "the first one's part is held");
    }

    [Test]
    public void AnOrderWithoutAnIdIsOnlyJudged()
    {
        var ledger = Opened(SpotAccount(("USDT", 10_000m)), Spot);
        Assert.That(ledger.Reserve(new OrderRequirement(0, Spot.Id, 0.4m, Price, 0m)).Accepted, Is.True);
        Assert.That(BalanceOf(ledger, "USDT").Locked, Is.Zero);
    }

    [Test]
    public void WhatCanLeaveIsTheSmallerOfTheBalanceAndTheRoom()
    {
        var ledger = Opened(FuturesAccount(("USDT", 10_000m)) with { Buffer = 100m }, Perpetual);
        var account = ledger.Accounts[0];
        Hold(ledger, Perpetual, 1m);
        Assert.That(ledger.Withdrawable(account, "USDT"), Is.EqualTo(7_900m), "10,000 less initial margin 2,000 and the buffer");
        ledger.Mark(ledger.Find(Perpetual.Id)!, 25_000m);
        Assert.That(ledger.Withdrawable(account, "USDT"), Is.EqualTo(10_000m), "unrealized profit does not leave");
        ledger.Mark(ledger.Find(Perpetual.Id)!, 10_500m);
        Assert.That(ledger.Withdrawable(account, "USDT"), Is.Zero);
    }

    [Test]
    public void WhatCanLeaveAUnifiedAccountIsItsRoomAtWhatTheCurrencyCounts()
    {
        var ledger = Opened(UnifiedAccount(("USDT", 1_000m), ("BUSD", 10_000m), ("ETH", 5m)) with { Buffer = 10m }, UnifiedPerpetual);
        ledger.Rate("BUSD", 0.5m);
        ledger.Rate("ETH", 1_000m);
        Hold(ledger, UnifiedPerpetual, 2m);
        ledger.Reserve(new OrderRequirement(1, UnifiedPerpetual.Id, 0.25m, Price, 0m));
        var account = ledger.Accounts[0];

        // 1,000 and 95% of 5,000 less 4,000 and the order's 500: 1,250 of room are 1,250 / 0.475 BUSD.
        Assert.That(ledger.Withdrawable(account, "BUSD"), Is.EqualTo((1_250m / 0.475m) - 10m).Within(1e-18m));
        Assert.That(ledger.Withdrawable(account, "USDT"), Is.EqualTo(1_000m));
        Assert.That(ledger.Withdrawable(account, "ETH"), Is.EqualTo(5m), "what is no collateral may always leave");
    }

    [Test]
    public void WhatCanLeaveIsOfItsOwnPool()
    {
        var ledger = Opened(FuturesAccount(("USDT", 10_000m), ("BUSD", 7_000m)), Perpetual, PerpetualBusd);
        ledger.Rate("BUSD", 1m);
        Hold(ledger, Perpetual, 1m);

        Assert.That((ledger.Withdrawable(ledger.Accounts[0], "USDT"), ledger.Withdrawable(ledger.Accounts[0], "BUSD")), Is.EqualTo((8_000m, 7_000m)));
    }

    [Test]
    public void AnOrderOfContractsOfTenNeedsTenTimesTheirPrice()
    {
        var ten = Perpetual with { UnitsPerContract = 10m, ContractMultiplier = 10m };
        var ledger = Opened(FuturesAccount(("USDT", 100_000m)), ten);
        Assert.That(ledger.Reserve(new OrderRequirement(1, ten.Id, 0.2m, Price, 0.001m)), Is.EqualTo(new OrderVerdict(true, "USDT", 4_040m, 100_000m)));
        Assert.That(ledger.Reserve(new OrderRequirement(2, ten.Id, 1.801m, Price, 0m)).Limit, Is.EqualTo(400_000m));
        Assert.That(ledger.Headroom(ledger.Find(ten.Id)!, false, Price, 0m, 0.2m), Is.EqualTo(Opened(FuturesAccount(("USDT", 100_000m - 4_040m)), Perpetual) is var one ? one.Headroom(one.Find(Perpetual.Id)!, false, Price, 0m, 0.2m) / 10m : 0m).Within(1e-18m));

        var spot = Spot with { ContractMultiplier = 10m };
        var money = Opened(SpotAccount(("USDT", 10_000m)), spot);
        Assert.That(money.Headroom(money.Find(spot.Id)!, true, Price, 0m, 0.2m), Is.EqualTo(0.05m));
        money.Reserve(new OrderRequirement(1, spot.Id, 0.02m, Price, 0.001m));
        Assert.That((BalanceOf(money, "USDT").Locked, money.FundsOf(spot.Id, 1), money.FundsOf(spot.Id, 2)), Is.EqualTo((4_004m, 10_000m, 5_996m)));
    }

    [Test]
    public void AFillBeyondItsOrderEndsItAndOneOfNobodysChangesNothing()
    {
        var ledger = Opened(SpotAccount(("USDT", 10_000m), ("BTC", 1m)), Spot);
        ledger.Reserve(new OrderRequirement(1, Spot.Id, 0.2m, Price, 0m));
        ledger.Reserve(new OrderRequirement(2, Spot.Id, -0.5m, Price, 0m));
        ledger.Filled(Spot.Id, 9, 0.2m);
        Assert.That((BalanceOf(ledger, "USDT").Locked, BalanceOf(ledger, "BTC").Locked), Is.EqualTo((4_000m, 0.5m)));

        ledger.Filled(Spot.Id, 2, -0.1m);
        Assert.That(BalanceOf(ledger, "BTC").Locked, Is.EqualTo(0.4m));
        ledger.Filled(Spot.Id, 1, 0.3m);
        Assert.That((ledger.IsReserved(Spot.Id, 1), BalanceOf(ledger, "USDT").Locked), Is.EqualTo((false, 0m)));
        Assert.That((ledger.FundsOf(Spot.Id, 2), ledger.FundsOf(Spot.Id, 1)), Is.EqualTo((10_000m, 10_000m)), "a sell holds no money");
    }

    [Test]
    public void MarginIsHeldForWhatAddsOnBothSides()
    {
        var ledger = Opened(FuturesAccount(("USDT", 50_000m)), Perpetual);
        Hold(ledger, Perpetual, -1m);
        ledger.Reserve(new OrderRequirement(1, Perpetual.Id, 0.6m, Price, 0m));
        Assert.That(ledger.Accounts[0].OrderMargin, Is.Zero, "it closes");
        ledger.Reserve(new OrderRequirement(2, Perpetual.Id, 0.6m, Price, 0m));
        Assert.That(ledger.Accounts[0].OrderMargin, Is.EqualTo(400m), "a fifth of it adds");
        ledger.Reserve(new OrderRequirement(3, Perpetual.Id, -0.5m, Price, 0.001m));
        Assert.That(ledger.Accounts[0].OrderMargin, Is.EqualTo(400m + 1_010m));
    }

    [Test]
    public void ExactlyEnoughIsEnoughAndMarginStaysWhereItIsNeeded()
    {
        var desk = FuturesAccount(("USDT", 10_000m)) with { Name = "desk", Routes = [Spot.Id.Route, Perpetual.Id.Route] };
        var ledger = Opened(desk, Spot, Perpetual, PerpetualBusd);
        Assert.That(ledger.Reserve(new OrderRequirement(0, Perpetual.Id, 5m, Price, 0m)), Is.EqualTo(new OrderVerdict(true, "USDT", 10_000m, 10_000m)));
        Hold(ledger, Perpetual, 1m);

        Assert.That(ledger.Reserve(new OrderRequirement(0, Spot.Id, 0.5m, Price, 0m)), Is.EqualTo(new OrderVerdict(false, "USDT", 10_000m, 8_000m)), "all the money, of which 2,000 are margin");
        Assert.That(ledger.Reserve(new OrderRequirement(0, Spot.Id, 0.4m, Price, 0m)).Accepted, Is.True);
        Assert.That(ledger.Headroom(ledger.Find(Spot.Id)!, true, Price, 0m, 0.2m), Is.EqualTo(0.4m));
        ledger.Reserve(new OrderRequirement(1, Perpetual.Id, 1m, Price, 0m));
        Assert.That(ledger.Headroom(ledger.Find(Spot.Id)!, true, Price, 0m, 0.2m), Is.EqualTo(0.3m), "2,000 more are held for an order");
    }

    [Test]
    public void CoinsInAnotherCurrencyLowerTheCollateralByWhatTheyCountLess()
    {
        var busd = UnifiedSpot with { Id = new InstrumentId(UnifiedSpot.Id.Route, "BTCBUSD"), SettlementCurrency = "BUSD", ContractMultiplier = 10m };
        var ledger = Opened(UnifiedAccount(("BUSD", 2_000_000m), ("USDT", 1_000m)), busd, UnifiedPerpetual);
        ledger.Rate("BUSD", 0.5m);
        ledger.Rate("BTC", Price);
        Hold(ledger, UnifiedPerpetual, 18.995m);

        // 951,000 of collateral less 75,980 of margin, of which 2,500 are left; 100,000 of money count 95%, their coins 90%.
        Assert.That(ledger.Accounts[0].Pools[0].Equity, Is.EqualTo(951_000m));
        ledger.Post(new WriteOffEntry(Start, "unified", "USDT", -(875_020m - 2_500m)));
        Assert.That(ledger.Reserve(new OrderRequirement(0, busd.Id, 1m, Price, 0m)), Is.EqualTo(new OrderVerdict(false, "USDT", 5_000m, 2_500m)));
        Assert.That(ledger.Headroom(ledger.Find(busd.Id)!, true, Price, 0m, 0.2m), Is.EqualTo(0.5m));
        Assert.That(ledger.Reserve(new OrderRequirement(0, busd.Id, 0.5m, Price, 0m)).Accepted, Is.True);
    }

    [Test]
    public void CoinsThatAreOwedAreBoughtBackOnTopOfTheHeadroom()
    {
        var ledger = Opened(SpotAccount(("USDT", 10_000m), ("BTC", 1m)), Spot);
        ledger.Post(new FeeEntry(Start, Spot.Id, "BTC", -0.125m));

        Assert.That(ledger.Headroom(ledger.Find(Spot.Id)!, true, Price, 0m, 0.2m), Is.EqualTo(0.375m));
    }

    [Test]
    public void EachCurrencyHasItsOwnExcludedAmount()
    {
        var eth = Spot with { Id = new InstrumentId(Spot.Id.Route, "ETHUSDT"), Underlying = "ETH" };
        var ledger = Opened(SpotAccount(("BTC", 1m), ("ETH", 1m)) with { Excluded = [("ETH", 0.25m), ("BTC", 0.5m)] }, Spot, eth);

        Assert.That((ledger.Headroom(ledger.Find(Spot.Id)!, false, Price, 0m, 0.2m), ledger.Headroom(ledger.Find(eth.Id)!, false, Price, 0m, 0.2m)), Is.EqualTo((0.5m, 0.75m)));
    }

    [Test]
    public void APositionAndWhatWorksReachABracketTogether()
    {
        // Up to 5,000 fifty times, beyond it 25 times: from 4,000 to 8,000 it takes 240.
        var held = Opened(FuturesAccount(("USDT", 5_000m)) with { Leverage = 50m }, Perpetual);
        Hold(held, Perpetual, 0.2m);
        Assert.That(held.Reserve(new OrderRequirement(0, Perpetual.Id, 0.2m, Price, 0m)).Required, Is.EqualTo(240m));
        Assert.That(held.Reserve(new OrderRequirement(0, Perpetual.Id, -0.4m, Price, 0m)).Required, Is.EqualTo(80m), "the other side begins at zero");

        var turning = Opened(FuturesAccount(("USDT", 5_000m)) with { Leverage = 50m }, Perpetual);
        Hold(turning, Perpetual, 0.1m);
        Assert.That(turning.Reserve(new OrderRequirement(1, Perpetual.Id, -0.3m, Price, 0m)).Required, Is.EqualTo(80m));
        Assert.That(turning.Reserve(new OrderRequirement(2, Perpetual.Id, -0.2m, Price, 0m)).Required, Is.EqualTo(240m));
    }

    [Test]
    public void ADistanceIsOfThePresentMoneyAndRates()
    {
        var ledger = Opened(UnifiedAccount(("USDT", 10_000m), ("BUSD", 10_000m)), UnifiedPerpetual);
        ledger.Rate("BUSD", 0.5m);
        Hold(ledger, UnifiedPerpetual, 1m);
        var pool = ledger.Accounts[0].Pools[0];
        var first = pool.Distance(out _);
        ledger.Rate("BUSD", 0.6m);
        var richer = pool.Distance(out _);
        ledger.Post(new WriteOffEntry(Start, "unified", "USDT", -950m));

        Assert.That((first, richer - first, pool.Distance(out _)), Is.EqualTo((14_575m / 19_800m, 950m / 19_800m, first)));
    }

    private static Ledger Opened(AccountDefinition definition, params Instrument[] instruments)
    {
        var ledger = new Ledger("USDT", [definition]);
        foreach (var instrument in instruments)
        {
            ledger.Mark(ledger.Open(instrument), Price);
        }

        return ledger;
    }

    private static void Hold(Ledger ledger, Instrument instrument, decimal quantity)
        => ledger.Post(new FillEntry(Start, instrument.Id, quantity, Price, 0m, 0m));

    private static AccountBalance BalanceOf(Ledger ledger, string currency)
        => ledger.Accounts[0].Balances.Single(balance => balance.Currency == currency);

    private static List<OrderRequirement> ReserveFromManyThreads(Ledger ledger, Instrument instrument, decimal feeRate)
    {
        var orders = new OrderRequirement[1_000];
        for (var i = 0; i < orders.Length; i++)
        {
            orders[i] = new OrderRequirement(i + 1, instrument.Id, 0.001m * (1 + (i * 7 % 97)), Price, feeRate);
        }

        var accepted = new bool[orders.Length];
        Parallel.For(0, orders.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => accepted[i] = ledger.Reserve(orders[i]).Accepted);
        return [.. orders.Where((_, i) => accepted[i])];
    }
}
