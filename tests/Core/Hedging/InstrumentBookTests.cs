using System.Linq;
using CrossHedgeLean.Hedging;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Hedging;

[TestFixture]
public sealed class InstrumentBookTests
{
    [Test]
    public void PartialFillsMoveFromWorkingToHeld()
    {
        var book = Book();
        book.Working(1, -1m, Noon);
        book.Executed(Part(1, 1, -0.4m));

        Assert.That((book.Held, book.WorkingSell, book.WorkingBuy), Is.EqualTo((-0.4m, -0.6m, 0m)));
    }

    [TestCase(1.5, true, Description = "the working buy")]
    [TestCase(1.6, false, Description = "more than any order")]
    [TestCase(-0.3, true, Description = "the working sell")]
    [TestCase(-0.4, false, Description = "more than any order")]
    [TestCase(-0.0009, true, Description = "less than a lot")]
    public void WhatNoExecutionToldOfMayBeOfOurOwnOrders(double change, bool isExplained)
    {
        var book = Book();
        book.Executed(Part(9, 1, -1m));
        book.Working(1, 1.5m, Noon);
        book.Working(2, -0.3m, Noon);

        Assert.That(book.Explains((decimal)change), Is.EqualTo(isExplained));
    }

    [Test]
    public void AnUpdatedQuantityKeepsWhatIsFilled()
    {
        var book = Book();
        book.Working(1, 1m, Noon);
        book.Executed(Part(1, 1, 0.4m));
        book.Working(1, 0.7m, Noon);

        Assert.That(book.WorkingBuy, Is.EqualTo(0.3m));
    }

    [Test]
    public void AnOrderThatIsOverWorksNoMoreWhateverWasLeft()
    {
        var book = Book();
        book.Working(1, 1m, Noon);
        book.Working(2, -2m, Noon);
        book.Over(1, 0m, 0);

        Assert.That((book.WorkingBuy, book.WorkingSell), Is.EqualTo((0m, -2m)));
        Assert.That(book.Orders.Select(order => order.Id), Is.EqualTo(new[] { 2 }));
        Assert.That(book.Find(1), Is.Null);
    }

    [TestCase(2, 20_000, 15_000, TestName = "{m}: adding averages")]
    [TestCase(-0.5, 20_000, 10_000, TestName = "{m}: reducing keeps the cost")]
    [TestCase(-3, 20_000, 20_000, TestName = "{m}: reversing starts anew")]
    [TestCase(-1, 20_000, 0, TestName = "{m}: flat has none")]
    public void AverageCost(double quantity, double price, double expected)
    {
        var book = Book();
        book.Executed(Part(1, 1, 1m) with { Price = 10_000m });
        book.Executed(Part(2, 2, quantity == 2 ? 1m : (decimal)quantity) with { Price = (decimal)price });

        Assert.That(book.AveragePrice, Is.EqualTo((decimal)expected));
    }

    [Test]
    public void AFillOfAnOrderNeverSeenStillCounts()
    {
        var book = Book();
        book.Executed(Part(77, 1, 0.25m));

        Assert.That(book.Held, Is.EqualTo(0.25m));
    }

    [Test]
    public void AnOrderCountsFromTheMomentItIsSent()
    {
        var book = Book();
        book.Sent(1, -1m, Noon, OrderPurpose.Hedge);

        Assert.That(book.WorkingSell, Is.EqualTo(-1m));
        Assert.That(book.Find(1)!.IsAnswered, Is.False);
    }

    [Test]
    public void TheSameExecutionTwiceIsOne()
    {
        var book = Book();
        book.Sent(1, -1m, Noon, OrderPurpose.Hedge);

        Assert.That(book.Executed(Part(1, 5, -0.4m)), Is.True);
        var version = book.Version;
        Assert.That(book.Executed(Part(1, 5, -0.4m)), Is.False);

        Assert.That((book.Held, book.WorkingSell, book.Version), Is.EqualTo((-0.4m, -0.6m, version)));
    }

    [Test]
    public void ExecutionsWithoutANumberAreAllDifferent()
    {
        var book = Book();
        book.Executed(Part(1, 0, -0.4m));
        book.Executed(Part(1, 0, -0.4m));

        Assert.That(book.Held, Is.EqualTo(-0.8m));
    }

    [Test]
    public void ACanceledOrderStillCountsWithTheFillsThatItOwes()
    {
        var book = Book();
        book.Sent(1, -1m, Noon, OrderPurpose.Hedge);
        book.Executed(Part(1, 1, -0.1m));
        book.Over(1, -0.4m, 2);
        Assert.That((book.Held, book.WorkingSell), Is.EqualTo((-0.1m, -0.3m)), "the cancel came before the last fill");
        Assert.That(book.Find(1)!.IsOver, Is.True);

        book.Executed(Part(1, 2, -0.3m));
        Assert.That((book.Held, book.WorkingSell), Is.EqualTo((-0.4m, 0m)));
        Assert.That(book.Orders, Is.Empty);
    }

    [Test]
    public void AnEndThatComesTwiceKeepsWhatIsOwed()
    {
        var book = Book();
        book.Sent(1, -1m, Noon, OrderPurpose.Hedge);
        book.Over(1, -0.4m, 2);
        book.Over(1, -0.4m, 2);
        Assert.That(book.WorkingSell, Is.EqualTo(-0.4m));

        book.Executed(Part(1, 2, -0.4m));
        Assert.That((book.Held, book.WorkingSell), Is.EqualTo((-0.4m, 0m)));
    }

    [Test]
    public void ALateAnswerRevivesNoOrder()
    {
        var book = Book();
        book.Sent(1, -1m, Noon, OrderPurpose.Hedge);
        book.Sent(2, -1m, Noon, OrderPurpose.Hedge);
        book.Sent(3, -1m, Noon, OrderPurpose.Hedge);
        book.Over(1, 0m, 1);
        book.Gone(2);
        book.Over(3, -0.4m, 2);
        foreach (var order in new[] { 1, 2, 3 })
        {
            book.Working(order, -1m, Noon);
            book.Sent(order, -1m, Noon, OrderPurpose.Hedge);
            book.Unknown(order);
        }

        Assert.That((book.WorkingSell, book.UnknownSell), Is.EqualTo((-0.4m, 0m)), "only what the third owes");
    }

    [Test]
    public void AnEndBeforeItsOrderIsSentEndsIt()
    {
        var book = Book();
        book.Over(1, 0m, 1);
        book.Sent(1, -1m, Noon, OrderPurpose.Hedge);

        Assert.That(book.WorkingSell, Is.Zero);
    }

    [Test]
    public void AnUnknownOrderCountsWholeUntilThereIsEvidence()
    {
        var book = Book();
        book.Sent(1, -1m, Noon, OrderPurpose.Hedge);
        book.Sent(2, 0.5m, Noon.AddSeconds(-3), OrderPurpose.Hedge);
        book.Unknown(1);
        book.Unknown(2);
        Assert.That((book.UnknownSell, book.UnknownBuy, book.WorkingSell, book.WorkingBuy), Is.EqualTo((-1m, 0.5m, -1m, 0.5m)));
        Assert.That(book.UnknownSinceUtc, Is.EqualTo(Noon.AddSeconds(-3)), "the oldest");

        book.Executed(Part(2, 1, 0.1m));
        Assert.That((book.UnknownBuy, book.WorkingBuy), Is.EqualTo((0m, 0.4m)), "a fill is evidence");
        book.Working(1, -1m, Noon);
        Assert.That((book.UnknownSell, book.WorkingSell), Is.EqualTo((0m, -1m)));
        Assert.That(book.UnknownSinceUtc, Is.Null);
    }

    [Test]
    public void AnUnknownOrderThatNeverWasIsGone()
    {
        var book = Book();
        book.Sent(1, -1m, Noon, OrderPurpose.Hedge);
        book.Unknown(1);
        book.Gone(1);

        Assert.That((book.WorkingSell, book.UnknownSell), Is.EqualTo((0m, 0m)));
        Assert.That(book.UnknownSinceUtc, Is.Null);
    }

    [Test]
    public void AnUnknownOrderThatIsOverIsKnown()
    {
        var book = Book();
        book.Sent(1, -1m, Noon, OrderPurpose.Hedge);
        book.Unknown(1);
        book.Over(1, -1m, 1);

        Assert.That((book.WorkingSell, book.UnknownSell), Is.EqualTo((-1m, 0m)), "its fill is owed, but no more unknown");
    }

    [Test]
    public void PurposesAreCountedApart()
    {
        var book = Book();
        book.Sent(1, 1m, Noon, OrderPurpose.Together);
        book.Sent(2, 0.5m, Noon, OrderPurpose.Move);
        book.Sent(3, -2m, Noon.AddSeconds(1), OrderPurpose.Maker);
        book.Sent(4, -3m, Noon.AddSeconds(-1), OrderPurpose.Maker);
        book.Executed(Part(1, 1, 0.25m));

        Assert.That((book.WorkingTogether, book.WorkingMove, book.WorkingBuy, book.WorkingSell), Is.EqualTo((0.75m, 0.5m, 1.25m, -5m)));
        Assert.That(book.RestingSinceUtc, Is.EqualTo(Noon.AddSeconds(-1)), "the oldest that rests");
    }

    [Test]
    public void AFeeInTheCoinLowersThePositionAndNoOrder()
    {
        var book = new InstrumentBook(BinanceSpot);
        book.Sent(1, 2m, Noon, OrderPurpose.Other);
        book.Executed(Part(1, 1, 1m) with { CoinFee = 0.001m });

        Assert.That((book.Held, book.WorkingBuy), Is.EqualTo((0.999m, 1m)));
        book.Over(1, 1m, 1);
        Assert.That(book.WorkingBuy, Is.Zero, "the fee is not owed");
    }

    [Test]
    public void AReportCountsWhatItSaysAndWhatCameAfterIt()
    {
        var book = Book(reports: true);
        book.Executed(Part(1, 1, -0.4m));
        book.Executed(Part(1, 2, -0.3m));

        Assert.That(book.Reported(new PositionReport(BybitPerpetual.Id, -0.4m, 1), 17_000m), Is.Zero, "it only says what was known");
        Assert.That(book.Held, Is.EqualTo(-0.7m));
        Assert.That(book.Reported(new PositionReport(BybitPerpetual.Id, -0.7m, 2), 17_000m), Is.Zero);
        Assert.That(book.Held, Is.EqualTo(-0.7m));
    }

    [Test]
    public void ALateExecutionThatAReportCountedIsNotCountedTwice()
    {
        var book = Book(reports: true);
        book.Sent(1, -1m, Noon, OrderPurpose.Hedge);
        Assert.That(book.Reported(new PositionReport(BybitPerpetual.Id, -0.4m, 1), 17_000m), Is.EqualTo(-0.4m));

        book.Executed(Part(1, 1, -0.4m));

        Assert.That((book.Held, book.WorkingSell), Is.EqualTo((-0.4m, -0.6m)));
    }

    [Test]
    public void AnOlderReportIsIgnored()
    {
        var book = Book(reports: true);
        book.Reported(new PositionReport(BybitPerpetual.Id, -0.7m, 2), 17_000m);

        Assert.That(book.Reported(new PositionReport(BybitPerpetual.Id, -0.4m, 1), 17_000m), Is.Zero);
        Assert.That(book.Held, Is.EqualTo(-0.7m));
    }

    [Test]
    public void ALostExecutionShowsByReportAndOwesNoMore()
    {
        var book = Book(reports: true);
        book.Sent(1, -1m, Noon, OrderPurpose.Hedge);
        book.Over(1, -1m, 3);
        Assert.That((book.Held, book.WorkingSell), Is.EqualTo((0m, -1m)), "owed");

        book.Reported(new PositionReport(BybitPerpetual.Id, -0.4m, 2), 17_000m);
        Assert.That(book.WorkingSell, Is.EqualTo(-1m), "the report is older than the end");
        Assert.That(book.Reported(new PositionReport(BybitPerpetual.Id, -1m, 3), 16_000m), Is.EqualTo(-0.6m));
        Assert.That((book.Held, book.WorkingSell), Is.EqualTo((-1m, 0m)));
    }

    [Test]
    public void AnEndThatAReportAlreadyCountsOwesNothing()
    {
        var book = Book(reports: true);
        book.Sent(1, -1m, Noon, OrderPurpose.Hedge);
        book.Reported(new PositionReport(BybitPerpetual.Id, -1m, 3), 17_000m);
        book.Over(1, -1m, 3);

        Assert.That((book.Held, book.WorkingSell), Is.EqualTo((-1m, 0m)));
    }

    [Test]
    public void DeleveragingByTheVenueCounts()
    {
        var book = Book(reports: true);
        book.Executed(Part(1, 1, -1m));
        book.Executed(Part(0, 2, 0.4m));

        Assert.That(book.Held, Is.EqualTo(-0.6m));
    }

    [Test]
    public void OnlyAChangeMakesANewVersion()
    {
        var book = Book(reports: true);
        book.Executed(Part(1, 1, -1m));
        var version = book.Version;
        book.Unknown(7);
        book.Reported(new PositionReport(BybitPerpetual.Id, -1m, 1), 17_000m);

        Assert.That(book.Version, Is.EqualTo(version));
    }

    [Test]
    public void WhatTheVenueHasNotAnsweredIsCountedApart()
    {
        var book = Book();
        book.Sent(1, 1m, Noon, OrderPurpose.Hedge);
        book.Sent(2, 0.5m, Noon, OrderPurpose.Hedge);
        book.Sent(3, -2m, Noon, OrderPurpose.Hedge);
        book.Sent(4, -3m, Noon, OrderPurpose.Hedge);
        Assert.That((book.UnansweredBuy, book.UnansweredSell), Is.EqualTo((1.5m, -5m)));

        book.Working(1, 1m, Noon);
        book.Executed(Part(3, 1, -0.5m));
        Assert.That((book.UnansweredBuy, book.UnansweredSell), Is.EqualTo((0.5m, -3m)), "an answer, or a fill");
        book.Over(4, -1m, 2);
        Assert.That((book.UnansweredSell, book.WorkingSell), Is.EqualTo((0m, -2.5m)), "an end is an answer though a fill is owed");
    }

    [Test]
    public void AFillThatOnlyAReportCountsIsNotCountedAsSentTogetherToo()
    {
        var book = Departed();
        Assert.That(book.WorkingTogether, Is.EqualTo(1m));
        book.Reported(new PositionReport(BybitPerpetual.Id, 0.9m, 6), 17_000m);
        Assert.That((book.Held, book.WorkingTogether), Is.EqualTo((0.9m, 0m)));

        book.Executed(Part(9, 5, -0.1m));
        Assert.That(book.WorkingTogether, Is.Zero, "that was before it departed");
        book.Executed(Part(1, 7, 0.1m));
        Assert.That((book.Held, book.WorkingTogether), Is.EqualTo((1m, 0m)), "that came after the report");
        book.Executed(Part(1, 6, 0.4m));
        Assert.That((book.Held, book.WorkingTogether), Is.EqualTo((1m, 0.5m)), "now everything is told");
    }

    [Test]
    public void AReportThatOnlyCountsWhatWasToldLeavesWhatIsSentTogether()
    {
        var book = Departed();
        book.Reported(new PositionReport(BybitPerpetual.Id, 0.5m, 5), 17_000m);
        Assert.That(book.WorkingTogether, Is.EqualTo(1m), "as of its departure");

        book.Executed(Part(1, 6, 0.4m));
        book.Reported(new PositionReport(BybitPerpetual.Id, 0.9m, 6), 17_000m);
        Assert.That((book.Held, book.WorkingTogether), Is.EqualTo((0.9m, 0.6m)));
    }

    [Test]
    public void AnOrderThatDepartedAfterAReportIsNotOfIt()
    {
        var book = Book(reports: true);
        book.Reported(new PositionReport(BybitPerpetual.Id, 0.5m, 5), 17_000m);
        book.Sent(1, 1m, Noon, OrderPurpose.Together);
        book.Reported(new PositionReport(BybitPerpetual.Id, 0.5m, 5), 17_000m);

        Assert.That(book.WorkingTogether, Is.EqualTo(1m));
    }

    [Test]
    public void AReportWithFillsThatCancelOutIsNewToo()
    {
        var book = Departed();
        book.Reported(new PositionReport(BybitPerpetual.Id, 0.5m, 7), 17_000m);
        Assert.That(book.WorkingTogether, Is.Zero);

        var version = book.Version;
        book.Reported(new PositionReport(BybitPerpetual.Id, 0.5m, 7), 17_000m);
        Assert.That(book.Version, Is.EqualTo(version), "told again it is not");
    }

    [Test]
    public void AReportOfWhatWasSentTogetherChangesNothingTheSecondTime()
    {
        var book = Departed();
        book.Reported(new PositionReport(BybitPerpetual.Id, 0.5m, 5), 17_000m);
        var version = book.Version;
        book.Reported(new PositionReport(BybitPerpetual.Id, 0.5m, 5), 17_000m);

        Assert.That(book.Version, Is.EqualTo(version));
    }

    [Test]
    public void AReportOfTheSameCountCorrects()
    {
        var book = Book(reports: true);
        book.Reported(new PositionReport(BybitPerpetual.Id, -0.4m, 2), 17_000m);

        Assert.That(book.Reported(new PositionReport(BybitPerpetual.Id, -0.5m, 2), 17_000m), Is.EqualTo(-0.1m));
        Assert.That(book.Held, Is.EqualTo(-0.5m));
    }

    [Test]
    public void TwoOrdersWhoseOwedFillsCancelOutAreSettledByOneReport()
    {
        var book = Book(reports: true);
        book.Sent(1, -0.5m, Noon, OrderPurpose.Hedge);
        book.Sent(2, 0.5m, Noon, OrderPurpose.Hedge);
        book.Over(1, -0.5m, 3);
        book.Over(2, 0.5m, 3);
        book.Reported(new PositionReport(BybitPerpetual.Id, 0m, 3), 17_000m);

        Assert.That((book.WorkingBuy, book.WorkingSell, book.Orders.Count), Is.EqualTo((0m, 0m, 0)));
    }

    [Test]
    public void AReportThatSettlesNothingIsNoChange()
    {
        var book = Book(reports: true);
        book.Sent(1, -0.5m, Noon, OrderPurpose.Hedge);
        var version = book.Version;
        book.Reported(new PositionReport(BybitPerpetual.Id, 0m, 3), 17_000m);

        Assert.That((book.Version, book.WorkingSell), Is.EqualTo((version, -0.5m)));
    }

    [Test]
    public void TheCostIsWeighedByQuantity()
    {
        var book = Book();
        book.Executed(Part(1, 1, 2m) with { Price = 10_000m });
        book.Executed(Part(2, 2, 3m) with { Price = 20_000m });

        Assert.That(book.AveragePrice, Is.EqualTo(16_000m));
    }

    [Test]
    public void TheOldestUnknownAndTheOldestRestingCount()
    {
        var book = Book();
        book.Sent(1, 1m, Noon.AddSeconds(-3), OrderPurpose.Hedge);
        book.Sent(2, 1m, Noon, OrderPurpose.Maker);
        book.Unknown(1);
        book.Unknown(2);

        Assert.That((book.UnknownSinceUtc, book.RestingSinceUtc), Is.EqualTo((Noon.AddSeconds(-3), Noon)), "what takes does not rest");
    }

    [Test]
    public void TheLastFourThousandExecutionsAreRemembered()
    {
        var book = Book();
        for (var execution = 1; execution <= 4_096; execution++)
        {
            book.Executed(Part(0, execution, 1m));
        }

        Assert.That(book.Executed(Part(0, 1, 1m)), Is.False);
        book.Executed(Part(0, 4_097, 1m));
        Assert.That(book.Executed(Part(0, 2, 1m)), Is.False);
        Assert.That(book.Executed(Part(0, 1, 1m)), Is.True, "memory does not grow with the run");
    }

    /// <summary>Half is held as of the venue's fifth change, and an order has been sent together with another leg.</summary>
    private static InstrumentBook Departed()
    {
        var book = Book(reports: true);
        book.Executed(Part(9, 4, 0.6m));
        book.Executed(Part(9, 5, -0.1m));
        book.Sent(1, 1m, Noon, OrderPurpose.Together);
        return book;
    }

    private static InstrumentBook Book(bool reports = false) => new(BybitPerpetual, reports);

    private static Execution Part(int orderId, long execution, decimal quantity)
        => new(BybitPerpetual.Id, orderId, execution, execution, quantity, 0m, 17_000m);
}
