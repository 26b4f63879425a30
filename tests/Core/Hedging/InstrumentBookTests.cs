using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Hedging;
using CsCheck;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Hedging;

/// <summary>Positions and working orders from messages that come twice, late, in another order, or not at all.</summary>
[TestFixture]
public sealed class InstrumentBookTests
{
    [Test]
    public void PartialFillsMoveFromWorkingToHeld()
    {
        var book = new InstrumentBook(BybitPerpetual);
        book.Working(1, -1m, Noon);
        Fill(book, 1, -0.4m);

        Assert.That(book.Held, Is.EqualTo(-0.4m));
        Assert.That(book.WorkingSell, Is.EqualTo(-0.6m));
        Assert.That(book.WorkingBuy, Is.Zero);
    }

    [Test]
    public void AnUpdatedQuantityKeepsWhatIsFilled()
    {
        var book = new InstrumentBook(BybitPerpetual);
        book.Working(1, 1m, Noon);
        Fill(book, 1, 0.4m);
        book.Working(1, 0.7m, Noon);

        Assert.That(book.WorkingBuy, Is.EqualTo(0.3m));
    }

    [Test]
    public void AnOrderThatIsOverWorksNoMoreWhateverWasLeft()
    {
        var book = new InstrumentBook(BybitPerpetual);
        book.Working(1, 1m, Noon);
        book.Working(2, -2m, Noon);
        book.Over(1, 0m, 1);

        Assert.That(book.WorkingBuy, Is.Zero);
        Assert.That(book.Orders.Select(order => order.Id), Is.EqualTo(new[] { 2 }));
    }

    [TestCase(2, 20_000, 15_000, TestName = "{m}: adding averages")]
    [TestCase(-0.5, 20_000, 10_000, TestName = "{m}: reducing keeps the cost")]
    [TestCase(-3, 20_000, 20_000, TestName = "{m}: reversing starts anew")]
    [TestCase(-1, 20_000, 0, TestName = "{m}: flat has none")]
    public void AverageCost(double quantity, double price, double expected)
    {
        var book = new InstrumentBook(BybitPerpetual);
        Fill(book, 1, 1m, price: 10_000m);
        Fill(book, 2, quantity == 2 ? 1m : (decimal)quantity, price: (decimal)price);

        Assert.That(book.AveragePrice, Is.EqualTo((decimal)expected));
    }

    [Test]
    public void AnExecutionOfAnOrderNeverSeenStillCounts()
    {
        var book = new InstrumentBook(BybitPerpetual);
        Fill(book, 77, 0.25m);

        Assert.That(book.Held, Is.EqualTo(0.25m));
    }

    [Test]
    public void TheSameExecutionTwiceIsOne()
    {
        var book = new InstrumentBook(BybitPerpetual);
        book.Working(1, 1m, Noon);
        Fill(book, 1, 0.4m, execution: 9);
        Fill(book, 1, 0.4m, execution: 9);

        Assert.That((book.Held, book.WorkingBuy), Is.EqualTo((0.4m, 0.6m)));
    }

    [Test]
    public void ACoinFeeIsTakenOffThePositionAndNotOffTheOrder()
    {
        var book = new InstrumentBook(BinanceSpot);
        book.Working(1, 1m, Noon);
        book.Executed(new Execution(BinanceSpot.Id, 1, 1, 1, 1m, 0.001m, 17_000m));

        Assert.That((book.Held, book.WorkingBuy), Is.EqualTo((0.999m, 0m)));
    }

    [Test]
    public void WhatAnOrderOwesStillWorksWhenItsEndIsToldBeforeItsExecution()
    {
        var book = new InstrumentBook(BybitPerpetual);
        book.Sent(1, -1m, Noon, OrderPurpose.Hedge);
        book.Over(1, -0.7m, 5);
        Assert.That((book.Held, book.WorkingSell), Is.EqualTo((0m, -0.7m)));

        Fill(book, 1, -0.7m, execution: 3, sequence: 5);
        Assert.That((book.Held, book.WorkingSell), Is.EqualTo((-0.7m, 0m)));
        Assert.That(book.Orders, Is.Empty);
    }

    [Test]
    public void AnEndedOrderDoesNotComeBackByALateMessage()
    {
        var book = new InstrumentBook(BybitPerpetual);
        book.Sent(1, -1m, Noon, OrderPurpose.Hedge);
        book.Over(1, 0m, 1);
        book.Working(1, -1m, Noon);
        book.Sent(1, -1m, Noon, OrderPurpose.Hedge);

        Assert.That(book.WorkingSell, Is.Zero);
    }

    [Test]
    public void AReportAndTheExecutionsThatItCountsAreNotCountedTwice()
    {
        var book = new InstrumentBook(BybitPerpetual, expectsReports: true);
        book.Sent(1, -1m, Noon, OrderPurpose.Hedge);
        book.Reported(new PositionReport(BybitPerpetual.Id, -0.4m, 7), 17_000m);
        Fill(book, 1, -0.4m, execution: 1, sequence: 7);
        Fill(book, 1, -0.1m, execution: 2, sequence: 8);

        Assert.That((book.Held, book.WorkingSell), Is.EqualTo((-0.5m, -0.5m)));
    }

    [Test]
    public void AnOldReportChangesNothingAndANewOneKeepsWhatItDoesNotCountYet()
    {
        var book = new InstrumentBook(BybitPerpetual, expectsReports: true);
        Fill(book, 1, -1m, execution: 1, sequence: 10);
        book.Reported(new PositionReport(BybitPerpetual.Id, -1m, 10), 17_000m);
        book.Reported(new PositionReport(BybitPerpetual.Id, 0m, 9), 17_000m);
        Assert.That(book.Held, Is.EqualTo(-1m));

        Fill(book, 2, 0.5m, execution: 2, sequence: 12);
        book.Reported(new PositionReport(BybitPerpetual.Id, -0.8m, 11), 17_000m);
        Assert.That(book.Held, Is.EqualTo(-0.3m), "0.2 were taken away by the venue, and 0.5 bought since");
    }

    [Test]
    public void AnUnknownOrderCountsAtItsWorstUntilThereIsEvidence()
    {
        var book = new InstrumentBook(BybitPerpetual);
        book.Sent(1, -1m, Noon, OrderPurpose.Hedge);
        book.Unknown(1);
        Assert.That((book.WorkingSell, book.UnknownSell, book.UnknownSinceUtc), Is.EqualTo((-1m, -1m, (DateTime?)Noon)));

        book.Gone(1);
        Assert.That((book.WorkingSell, book.UnknownSell, book.UnknownSinceUtc), Is.EqualTo((0m, 0m, (DateTime?)null)));
    }

    /// <summary>A venue's life told with doubles, delays and losses: never optimistic on the way, exact at the end.</summary>
    [Test]
    public void WhateverIsToldTwiceLateOrNeverTheBookIsNeverOptimisticAndEndsExact()
        => Gen.Select(Gen.Int[1, int.MaxValue - 1], Gen.Int[1, 12])
            .Sample((seed, orders) => new Life(seed).Run(orders), iter: 5_000);

    private static void Fill(InstrumentBook book, int orderId, decimal quantity, long execution = 0, long sequence = 1, decimal price = 17_000m)
        => book.Executed(new Execution(book.Instrument.Id, orderId, execution, sequence, quantity, 0m, price));

    private sealed class Life(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly InstrumentBook _book = new(BybitPerpetual, expectsReports: true);
        private readonly List<(int At, VenueMessage Message)> _travelling = [];
        private readonly List<(int Id, decimal Quantity, decimal Filled)> _open = [];
        private decimal _position;
        private long _sequence;
        private long _execution;
        private int _now;

        public void Run(int orders)
        {
            for (var id = 1; id <= orders; id++)
            {
                var quantity = _random.Next(1, 10) * (_random.Next(2) == 0 ? 0.1m : -0.1m);
                _book.Sent(id, quantity, Noon, OrderPurpose.Hedge);
                _open.Add((id, quantity, 0m));
                Tell(new OrderWorking(BybitPerpetual.Id, id, quantity));
                for (var step = 0; step < 6; step++)
                {
                    Happen();
                    Deliver();
                }
            }

            for (; _travelling.Count > 0 || _open.Count > 0; Deliver())
            {
                Happen();
            }

            _book.Reported(new PositionReport(BybitPerpetual.Id, _position, _sequence), 17_000m);
            Assert.That(_book.Held, Is.EqualTo(_position));
            Assert.That((_book.WorkingBuy, _book.WorkingSell), Is.EqualTo((0m, 0m)));
        }

        private void Happen()
        {
            _now++;
            if (_open.Count > 0 && _random.Next(2) == 0)
            {
                var at = _random.Next(_open.Count);
                var (id, quantity, filled) = _open[at];
                var part = _random.Next(4) == 0 ? 0m : Math.Sign(quantity) * Math.Min(Math.Abs(quantity - filled), 0.1m * _random.Next(1, 4));
                if (part != 0m)
                {
                    _position += part;
                    filled += part;
                    Tell(new Execution(BybitPerpetual.Id, id, ++_execution, ++_sequence, part, 0m, 17_000m), mayBeLost: true);
                }

                if (part == 0m || filled == quantity)
                {
                    _open.RemoveAt(at);
                    Tell(new OrderOver(BybitPerpetual.Id, id, filled, _sequence));
                }
                else
                {
                    _open[at] = (id, quantity, filled);
                }
            }

            if (_random.Next(12) == 0)
            {
                // The venue deleverages, and says nothing.
                _position += 0.1m;
                _sequence++;
            }

            if (_random.Next(3) == 0)
            {
                Tell(new PositionReport(BybitPerpetual.Id, _position, _sequence));
            }
        }

        private void Tell(VenueMessage message, bool mayBeLost = false)
        {
            if (!mayBeLost || _random.Next(10) > 0)
            {
                _travelling.Add((_now + _random.Next(5), message));
            }

            if (_random.Next(4) == 0)
            {
                _travelling.Add((_now + _random.Next(5), message));
            }
        }

        private void Deliver()
        {
            foreach (var due in _travelling.Where(entry => entry.At <= _now).ToArray())
            {
                _travelling.Remove(due);
                switch (due.Message)
                {
                    case OrderWorking working:
                        _book.Working(working.OrderId, working.Quantity, Noon);
                        break;
                    case OrderOver over:
                        _book.Over(over.OrderId, over.Filled, over.Sequence);
                        break;
                    case Execution execution:
                        _book.Executed(execution);
                        break;
                    case PositionReport report:
                        _book.Reported(report, 17_000m);
                        break;
                }
            }

            // What is open at the venue counts in full, told or not.
            foreach (var (id, quantity, filled) in _open)
            {
                var known = _book.Find(id);
                Assert.That(known, Is.Not.Null);
                Assert.That(Math.Abs(known!.Remaining), Is.GreaterThanOrEqualTo(Math.Abs(quantity - filled)), $"order {id}");
            }
        }
    }
}
