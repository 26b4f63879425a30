using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Accounts;

[TestFixture]
public sealed class PositionBookTests
{
    private static readonly InstrumentId Perpetual = Hedging.Hedges.Id("bybit:perpetual:BTCUSDT");

    [Test]
    public void PartialFillsMoveFromWorkingToHeld()
    {
        var book = new PositionBook();
        book.OrderWorking(Perpetual, 1, -1m);
        book.Filled(Perpetual, 1, -0.4m, 17_000m);

        Assert.That(book.Held(Perpetual), Is.EqualTo(-0.4m));
        Assert.That(book.WorkingSell(Perpetual), Is.EqualTo(-0.6m));
        Assert.That(book.WorkingBuy(Perpetual), Is.Zero);
    }

    [Test]
    public void AnUpdatedQuantityKeepsWhatIsFilled()
    {
        var book = new PositionBook();
        book.OrderWorking(Perpetual, 1, 1m);
        book.Filled(Perpetual, 1, 0.4m, 17_000m);
        book.OrderWorking(Perpetual, 1, 0.7m);

        Assert.That(book.WorkingBuy(Perpetual), Is.EqualTo(0.3m));
    }

    [Test]
    public void AClosedOrderWorksNoMoreWhateverWasLeft()
    {
        var book = new PositionBook();
        book.OrderWorking(Perpetual, 1, 1m);
        book.OrderWorking(Perpetual, 2, -2m);
        book.OrderClosed(Perpetual, 1);

        Assert.That(book.WorkingBuy(Perpetual), Is.Zero);
        Assert.That(book.WorkingOrders(Perpetual, buys: false), Is.EqualTo(new[] { 2 }));
        Assert.That(book.WorkingOrders(Perpetual, buys: true), Is.Empty);
    }

    [TestCase(2, 20_000, 15_000, TestName = "{m}: adding averages")]
    [TestCase(-0.5, 20_000, 10_000, TestName = "{m}: reducing keeps the cost")]
    [TestCase(-3, 20_000, 20_000, TestName = "{m}: reversing starts anew")]
    [TestCase(-1, 20_000, 0, TestName = "{m}: flat has none")]
    public void AverageCost(double quantity, double price, double expected)
    {
        var book = new PositionBook();
        book.Filled(Perpetual, 1, 1m, 10_000m);
        book.Filled(Perpetual, 2, quantity == 2 ? 1m : (decimal)quantity, (decimal)price);

        Assert.That(book.AveragePrice(Perpetual), Is.EqualTo((decimal)expected));
    }

    [Test]
    public void AFillOfAnOrderNeverSeenStillCounts()
    {
        var book = new PositionBook();
        book.Filled(Perpetual, 77, 0.25m, 17_000m);

        Assert.That(book.Held(Perpetual), Is.EqualTo(0.25m));
    }
}
