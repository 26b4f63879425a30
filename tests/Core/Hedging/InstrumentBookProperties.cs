using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Hedging;
using CsCheck;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Hedging;

/// <summary>
/// Random lives of one instrument at a venue that tells what happens twice, late, in another order, or not at all, and
/// reports its position now and then. The venue here is the truth; the book must never be more hopeful than it.
/// </summary>
[TestFixture]
public sealed class InstrumentBookProperties
{
    private static readonly Gen<Event> Events = Gen.Select(
        Gen.Frequency(
            (4, Gen.Const(Kind.Order)),
            (6, Gen.Const(Kind.Fill)),
            (2, Gen.Const(Kind.Cancel)),
            (1, Gen.Const(Kind.Unknown)),
            (1, Gen.Const(Kind.Deleverage)),
            (2, Gen.Const(Kind.Report)),
            (8, Gen.Const(Kind.Deliver))),
        Gen.Int[0, 7],
        Gen.Int[-10, 10],
        Gen.Int[0, 9],
        (kind, which, size, delivery) => new Event(kind, which, size, delivery));

    private enum Kind
    {
        Order,
        Fill,
        Cancel,
        Unknown,
        Deleverage,
        Report,
        Deliver,
    }

    [Test]
    public void TheBookIsNeverHopefulAndEndsAtTheVenuesPosition()
        => Gen.Select(Gen.Bool, Gen.Bool, Events.Array[1, 60]).Sample(
            (spot, lossy, events) =>
            {
                var venue = new Venue(spot, lossy);
                foreach (var happening in events)
                {
                    venue.Apply(happening);
                    venue.Check();
                }

                venue.Finish();
            },
            iter: Iterations.Of(10_000));

    [Test]
    public void WithoutReportsAndLossTheExecutionsAloneAreThePosition()
        => Events.Array[1, 60].Sample(
            events =>
            {
                var venue = new Venue(spot: true, lossy: false, reports: false);
                foreach (var happening in events)
                {
                    venue.Apply(happening);
                    venue.Check();
                }

                venue.Finish();
            },
            iter: Iterations.Of(10_000));

    private readonly record struct Event(Kind Kind, int Which, int Size, int Delivery);

    private sealed class Order(int id, decimal quantity)
    {
        public int Id => id;

        public decimal Quantity => quantity;

        public decimal Filled { get; set; }

        public bool IsOver { get; set; }

        public decimal Open => IsOver ? 0m : Quantity - Filled;
    }

    private sealed class Venue(bool spot, bool lossy, bool reports = true)
    {
        private readonly InstrumentBook _book = new(spot ? BinanceSpot : BybitPerpetual, reports);
        private readonly List<Order> _orders = [];
        private readonly List<Action> _travelling = [];
        private readonly List<(long Sequence, decimal Quantity)> _forced = [];
        private decimal _position;
        private decimal _deleveraged;
        private long _sequence;
        private int _lost;

        public void Apply(Event happening)
        {
            var open = _orders.Where(order => !order.IsOver).ToList();
            var order = open.Count == 0 ? null : open[happening.Which % open.Count];
            switch (happening.Kind)
            {
                case Kind.Order when happening.Size != 0:
                    var sent = new Order(_orders.Count + 1, happening.Size / 10m);
                    _orders.Add(sent);
                    _book.Sent(sent.Id, sent.Quantity, Noon, OrderPurpose.Hedge);
                    Tell(happening, () => _book.Working(sent.Id, sent.Quantity, Noon));
                    break;
                case Kind.Fill when order is not null:
                    var part = happening.Size % 3 == 0 ? order.Open : Math.Sign(order.Open) * 0.1m;
                    order.Filled += part;
                    Trade(happening, order.Id, part, spot && part > 0m ? part * 0.001m : 0m);
                    if (order.Open == 0m)
                    {
                        End(happening, order);
                    }

                    break;
                case Kind.Cancel when order is not null:
                    End(happening, order);
                    break;
                case Kind.Unknown when order is not null:
                    _book.Unknown(order.Id);
                    break;
                case Kind.Deleverage when _position != 0m && !spot:
                    Trade(happening, 0, -Math.Sign(_position) * Math.Min(Math.Abs(_position), 0.1m), 0m);
                    break;
                case Kind.Report when reports:
                    var (position, sequence) = (_position, _sequence);
                    Tell(happening, () => _book.Reported(new PositionReport(_book.Instrument.Id, position, sequence), 17_000m));
                    break;
                case Kind.Deliver when _travelling.Count > 0:
                    Deliver(happening.Which % Math.Min(4, _travelling.Count));
                    break;
            }
        }

        /// <summary>Whatever of the orders that still can come, comes: the true position stays within what the book expects.</summary>
        public void Check()
        {
            // Forced trades are no order: until it hears of them the book cannot know.
            var most = _position - _deleveraged + _orders.Sum(order => Math.Max(0m, order.Open) * (spot ? 0.999m : 1m));
            var least = _position - _deleveraged + _orders.Sum(order => Math.Min(0m, order.Open));
            Assert.That(_book.Held + _book.WorkingBuy, Is.GreaterThanOrEqualTo(most), "bought less than may come");
            Assert.That(_book.Held + _book.WorkingSell, Is.LessThanOrEqualTo(least), "sold less than may come");
        }

        public void Finish()
        {
            while (_travelling.Count > 0)
            {
                Deliver(0);
            }

            if (reports)
            {
                _book.Reported(new PositionReport(_book.Instrument.Id, _position, _sequence), 17_000m);
                Known(0, _sequence);
            }

            Assert.That(_book.Held, Is.EqualTo(_position));
            Check();
            if (_lost == 0)
            {
                Assert.That(_book.WorkingBuy, Is.EqualTo(_orders.Sum(order => Math.Max(0m, order.Open))), "nothing of what is over still works");
                Assert.That(_book.WorkingSell, Is.EqualTo(_orders.Sum(order => Math.Min(0m, order.Open))));
            }
        }

        private void Trade(Event happening, int orderId, decimal quantity, decimal fee)
        {
            var execution = new Execution(_book.Instrument.Id, orderId, ++_sequence, _sequence, quantity, fee, 17_000m);
            _position += quantity - fee;
            if (orderId == 0)
            {
                // Unknown to the book until the message, or a report that counts it, arrives.
                _deleveraged += quantity;
                _forced.Add((_sequence, quantity));
                Tell(happening, () =>
                {
                    _book.Executed(execution);
                    Known(execution.Sequence, execution.Sequence);
                });
                return;
            }

            Tell(happening, () => _book.Executed(execution));
        }

        private void Known(long from, long to)
        {
            foreach (var (sequence, quantity) in _forced.ToArray())
            {
                if (sequence >= from && sequence <= to)
                {
                    _deleveraged -= quantity;
                    _forced.Remove((sequence, quantity));
                }
            }
        }

        private void End(Event happening, Order order)
        {
            order.IsOver = true;
            var (filled, sequence) = (order.Filled, _sequence);
            Tell(happening, () => _book.Over(order.Id, filled, sequence));
        }

        private void Tell(Event happening, Action message)
        {
            var sequence = _sequence;
            var isReport = happening.Kind == Kind.Report;
            if (lossy && happening.Delivery == 0 && _lost < 4)
            {
                _lost++;
                return;
            }

            _travelling.Add(Once);
            if (happening.Delivery is 1 or 2)
            {
                _travelling.Add(Once);
            }

            void Once()
            {
                message();
                if (isReport)
                {
                    Known(0, sequence);
                }
            }
        }

        private void Deliver(int which)
        {
            var message = _travelling[which];
            _travelling.RemoveAt(which);
            message();
        }
    }
}
