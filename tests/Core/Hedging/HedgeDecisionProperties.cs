using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Hedging;
using CsCheck;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Hedging;

/// <summary>
/// Random lives of one group: the primary moves, hedge orders fill in parts, late or never, prices go stale, venues
/// refuse. The exchange here keeps its own books with its own arithmetic; CsCheck prints the seed of a failure.
/// </summary>
[TestFixture]
public sealed class HedgeDecisionProperties
{
    private static readonly Gen<Event> Events = Gen.Frequency(
        (4, Gen.Int[-20_000, 20_000].Select(step => new Event(Kind.Primary, step / 10_000m))),
        (6, Gen.Int[1, 10].Select(tenths => new Event(Kind.Fill, tenths / 10m))),
        (1, Gen.Const(new Event(Kind.CancelRefused, 0m))),
        (1, Gen.Bool.Select(stale => new Event(Kind.Stale, stale ? 1m : 0m))),
        (1, Gen.Bool.Select(backoff => new Event(Kind.Backoff, backoff ? 1m : 0m))));

    private enum Kind
    {
        Primary,
        Fill,
        CancelRefused,
        Stale,
        Backoff,
    }

    [Test]
    public void NoOrderOverHedgesAndNoUnderHedgeIsSilent()
        => Gen.Select(
                OneOf(0m, 0.003m, 0.05m),
                OneOf(1m, 0.5m, 1.37m),
                Gen.Bool,
                Events.Array[1, 60])
            .Sample(
                (band, ratio, two, events) =>
                {
                    var group = two ? Group(ratio, band, BybitPerpetual, BinancePerpetual with { LotSize = 0.01m }) : Group(ratio, band);
                    var exchange = new Exchange(group);
                    foreach (var happening in events)
                    {
                        exchange.Apply(happening);
                        exchange.DecideUntilAtRest();
                    }
                },
                iter: 10_000);

    [Test]
    public void OnceEverythingIsFilledTheDecisionRests()
        => Gen.Select(Gen.Int[-50_000, 50_000], Gen.Int[-50_000, 50_000], OneOf(0m, 0.004m))
            .Sample(
                (first, second, band) =>
                {
                    var exchange = new Exchange(Group(1m, band));
                    foreach (var target in new[] { first / 10_000m, second / 10_000m })
                    {
                        exchange.MovePrimaryTo(target);
                        exchange.DecideAndCheck();
                        exchange.FillAll();
                        var rest = exchange.Decide();
                        Assert.That(rest.Actions, Is.Empty);
                        Assert.That(Math.Abs(exchange.Residual), Is.LessThan(Math.Max(0.001m, band) + 0.001m));
                    }
                },
                iter: 10_000);

    private static Gen<decimal> OneOf(params decimal[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private readonly record struct Event(Kind Kind, decimal Value);

    private sealed class Order(int leg, decimal quantity)
    {
        public int Leg => leg;

        public decimal Quantity => quantity;

        public decimal Filled { get; set; }

        public decimal Remaining => Quantity - Filled;
    }

    private sealed class Exchange(HedgeGroup group)
    {
        private readonly decimal[] _held = new decimal[group.Hedges.Count];
        private readonly List<Order> _orders = [];
        private decimal _primary;
        private bool _stale;
        private bool _backoff;
        private bool _refuseCancel;

        public decimal Residual => (group.Ratio * _primary) + _held.Sum();

        private decimal Required => -group.Ratio * _primary;

        public void MovePrimaryTo(decimal quantity) => _primary = quantity;

        public void Apply(Event happening)
        {
            switch (happening.Kind)
            {
                case Kind.Primary:
                    _primary += happening.Value;
                    break;
                case Kind.Fill when _orders.Count > 0:
                    FillPart(_orders[0], happening.Value);
                    break;
                case Kind.CancelRefused:
                    _refuseCancel = true;
                    break;
                case Kind.Stale:
                    _stale = happening.Value == 1m;
                    break;
                case Kind.Backoff:
                    _backoff = happening.Value == 1m;
                    break;
            }
        }

        public void FillAll()
        {
            foreach (var order in _orders.ToArray())
            {
                FillPart(order, 1m);
            }
        }

        public HedgeDecision Decide()
        {
            var legs = new LegState[_held.Length];
            for (var i = 0; i < legs.Length; i++)
            {
                legs[i] = Leg(
                    group.Hedges[i],
                    _held[i],
                    _orders.Where(order => order.Leg == i && order.Remaining > 0m).Sum(order => order.Remaining),
                    _orders.Where(order => order.Leg == i && order.Remaining < 0m).Sum(order => order.Remaining),
                    _stale ? null : 17_000m,
                    _backoff && i == 0);
            }

            return HedgeDecision.Decide(State(group, _primary, legs));
        }

        /// <summary>Cancel, send, rest: a decision never undoes what the last one did, or two would go on for ever.</summary>
        public void DecideUntilAtRest()
        {
            var rounds = 1;
            while (DecideAndCheck())
            {
                Assert.That(++rounds, Is.LessThanOrEqualTo(4), "decisions undo each other");
            }
        }

        /// <summary>One decision; whether it did anything.</summary>
        public bool DecideAndCheck()
        {
            var decision = Decide();
            foreach (var action in decision.Actions)
            {
                var leg = group.Hedges.ToList().IndexOf(action.Instrument);
                if (action is SendHedge send)
                {
                    CheckOrder(leg, send.Quantity);
                    _orders.Add(new Order(leg, send.Quantity));
                }
                else if (action is CancelHedge cancel && !_refuseCancel)
                {
                    _orders.RemoveAll(order => order.Leg == leg && order.Quantity > 0m == cancel.Buys);
                }
            }

            _refuseCancel = false;
            if (Math.Abs(decision.UncoveredUnits) > group.Band)
            {
                Assert.That(decision.Reason, Is.Not.EqualTo(UnhedgedReason.None), "an under-hedge outside its band has a reason");
            }

            return decision.Actions.Count > 0;
        }

        /// <summary>Invariant 1, by itself: whatever fills of everything that works on this side, the hedge does not pass the requirement.</summary>
        private void CheckOrder(int leg, decimal quantity)
        {
            var lot = group.Hedges[leg].LotSize;
            Assert.That(quantity % lot, Is.Zero, "whole lots");
            var side = Math.Sign(quantity);
            var worst = _held.Sum() + _orders.Where(order => Math.Sign(order.Remaining) == side).Sum(order => order.Remaining) + quantity;
            var required = decimal.Truncate(Required / lot) * lot;
            if (side > 0)
            {
                Assert.That(worst, Is.LessThanOrEqualTo(required), "bought past the requirement");
            }
            else
            {
                Assert.That(worst, Is.GreaterThanOrEqualTo(required), "sold past the requirement");
            }
        }

        private void FillPart(Order order, decimal share)
        {
            var lot = group.Hedges[order.Leg].LotSize;
            var part = decimal.Truncate(order.Remaining * share / lot) * lot;
            part = part == 0m ? order.Remaining : part;
            order.Filled += part;
            _held[order.Leg] += part;
            if (order.Remaining == 0m)
            {
                _orders.Remove(order);
            }
        }
    }
}
