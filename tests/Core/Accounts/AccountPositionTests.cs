using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Accounts.SimulatedVenues;

namespace CrossHedgeLean.Tests.Core.Accounts;

[TestFixture]
public sealed class AccountPositionTests
{
    [Test]
    public void AContractIsWorthItsMultiplierTimesItsPrice()
    {
        var ten = Perpetual with { UnitsPerContract = 10m, ContractMultiplier = 10m };
        var ledger = Opened(FuturesAccount(("USDT", 100_000m)), ten);
        var position = ledger.Find(ten.Id)!;
        ledger.Post(new FillEntry(Start, ten.Id, 0.2m, 20_000m, 0m, 0m));

        Assert.That((position.Quantity, position.Cost, position.AverageCost, position.Value), Is.EqualTo((0.2m, 40_000m, 20_000m, 40_000m)));
        Assert.That(position.RealizedBy(-0.1m, 21_000m), Is.EqualTo(1_000m));
        ledger.Mark(position, 21_000m);
        Assert.That((position.UnrealizedProfit, ledger.ProfitOf(ledger.Accounts[0]).Directional), Is.EqualTo((2_000m, 2_000m)));
    }

    [Test]
    public void AFeeInTheCoinTakesCoinsAndLeavesTheirAverageCost()
    {
        var ten = Spot with { ContractMultiplier = 10m };
        var ledger = Opened(SpotAccount(("USDT", 500_000m)), ten);
        var position = ledger.Find(ten.Id)!;
        ledger.Post(new FillEntry(Start, ten.Id, 1m, 20_000m, -200_000m, 1m));
        ledger.Post(new FeeEntry(Start, ten.Id, "BTC", -0.25m));

        Assert.That((position.Quantity, position.Cost, position.AverageCost, position.Value), Is.EqualTo((0.75m, 150_000m, 20_000m, 150_000m)));
        Assert.That(ledger.ProfitOf(ledger.Accounts[0]).Fees, Is.EqualTo(-50_000m));
    }

    [Test]
    public void AFeeInACoinThatIsNotHeldIsTakenToo()
    {
        var ledger = Opened(SpotAccount(("USDT", 5_000m), ("BTC", 1m)), Spot);
        ledger.Post(new FeeEntry(Start, Spot.Id, "BTC", -0.25m));

        Assert.That(ledger.Find(Spot.Id)!.Quantity, Is.EqualTo(-0.25m));
        Assert.That(ledger.Total("BTC"), Is.EqualTo(0.75m));
    }

    [Test]
    public void BeforeTheFirstMarkThereWasNoOther()
    {
        var ledger = Opened(FuturesAccount(("USDT", 5_000m)), Perpetual);
        var position = ledger.Find(Perpetual.Id)!;
        Assert.That((position.PreviousMark, position.Mark), Is.EqualTo((20_000m, 20_000m)));

        ledger.Mark(position, 21_000m);
        Assert.That((position.PreviousMark, position.Mark), Is.EqualTo((20_000m, 21_000m)));
    }

    [Test]
    public void AtTheEndOfABracketItsOwnLeverageHolds()
    {
        // 6,000 stand in the second bracket, at 25 times; 5,000 in the first, at 50.
        var ledger = Opened(FuturesAccount(("USDT", 5_000m)) with { Leverage = 50m }, Perpetual);
        var position = ledger.Find(Perpetual.Id)!;
        ledger.Post(new FillEntry(Start, Perpetual.Id, 0.25m, 20_000m, 0m, 0m));
        Assert.That((position.InitialMargin, position.MaintenanceMargin), Is.EqualTo((100m, 25m)));
        ledger.Mark(position, 24_000m);
        Assert.That((position.InitialMargin, position.MaintenanceMargin), Is.EqualTo((240m, 35m)));
        ledger.Mark(position, 20_000m);
        Assert.That((position.InitialMargin, position.MaintenanceMargin), Is.EqualTo((100m, 25m)));
    }

    private static Ledger Opened(AccountDefinition definition, params Instrument[] instruments)
    {
        var ledger = new Ledger("USDT", [definition]);
        foreach (var position in instruments.Select(instrument => ledger.Open(instrument)))
        {
            ledger.Mark(position, 20_000m);
        }

        return ledger;
    }
}
