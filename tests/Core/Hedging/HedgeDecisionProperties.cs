using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;
using CsCheck;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Hedging;

/// <summary>
/// Random lives of one group: the primary moves, orders fill in parts, late, never or nobody knows; prices go stale,
/// venues refuse, fail and come back, money runs short, the group is halted, shrinks, or is closed. The exchange here
/// keeps its own books with its own arithmetic; CsCheck prints the seed of a failure.
/// </summary>
[TestFixture]
public sealed class HedgeDecisionProperties
{
    private static readonly Gen<Event> Events = Gen.Select(
        Gen.Frequency(
            (5, Gen.Const(Kind.Primary)),
            (2, Gen.Const(Kind.PrimaryOrder)),
            (9, Gen.Const(Kind.Fill)),
            (1, Gen.Const(Kind.Canceled)),
            (1, Gen.Const(Kind.CancelRefused)),
            (1, Gen.Const(Kind.Stale)),
            (1, Gen.Const(Kind.Backoff)),
            (1, Gen.Const(Kind.ExitBackoff)),
            (2, Gen.Const(Kind.Unknown)),
            (2, Gen.Const(Kind.Resolve)),
            (2, Gen.Const(Kind.Headroom)),
            (2, Gen.Const(Kind.Health)),
            (1, Gen.Const(Kind.Last)),
            (1, Gen.Const(Kind.Halt)),
            (1, Gen.Const(Kind.Flatten)),
            (1, Gen.Const(Kind.Shrink)),
            (2, Gen.Const(Kind.Time))),
        Gen.Int[0, 11],
        Gen.Int[-20_000, 20_000],
        (kind, which, size) => new Event(kind, which, size / 10_000m));

    private static readonly Gen<Shape> Shapes = Gen.Select(
        OneOf(0m, 0.003m, 0.05m),
        OneOf(1m, 0.5m, 1.37m),
        Gen.Int[0, 2],
        Gen.Int[0, 2],
        Gen.Bool,
        Gen.Bool,
        (band, ratio, legs, split, maker, keeps) => new Shape(band, ratio, legs, (HedgeSplit)split, maker, keeps));

    private enum Kind
    {
        Primary,
        PrimaryOrder,
        Fill,
        Canceled,
        CancelRefused,
        Stale,
        Backoff,
        ExitBackoff,
        Unknown,
        Resolve,
        Headroom,
        Health,
        Last,
        Halt,
        Flatten,
        Shrink,
        Time,
    }

    [Test]
    public void NoOrderOverHedgesAndNoUnderHedgeIsSilent()
        => Gen.Select(Shapes, Events.Array[1, 60])
            .Sample(
                (shape, events) =>
                {
                    var exchange = new Exchange(shape.ToGroup());
                    foreach (var happening in events)
                    {
                        exchange.Apply(happening);
                        exchange.DecideUntilAtRest();
                    }
                },
                iter: Iterations.Of(10_000));

    [Test]
    public void WhenEverythingWorksAgainTheBookComesToItsBand()
        => Gen.Select(Shapes, Events.Array[1, 40])
            .Sample(
                (shape, events) =>
                {
                    var exchange = new Exchange(shape.ToGroup());
                    foreach (var happening in events)
                    {
                        exchange.Apply(happening);
                        exchange.DecideUntilAtRest();
                    }

                    exchange.Recover();
                    for (var round = 0; round < 20 && exchange.DecideAndCheck(); round++)
                    {
                        exchange.FillAll();
                    }

                    Assert.That(exchange.Decide().Actions, Is.Empty);
                    Assert.That(Math.Abs(exchange.Residual), Is.LessThan(Math.Max(shape.CoarsestLot, shape.Band) + shape.CoarsestLot));
                },
                iter: Iterations.Of(10_000));

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
                iter: Iterations.Of(10_000));

    private static Gen<decimal> OneOf(params decimal[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private readonly record struct Event(Kind Kind, int Which, decimal Value);

    private readonly record struct Shape(decimal Band, decimal Ratio, int Legs, HedgeSplit Split, bool Maker, bool Keeps)
    {
        public decimal CoarsestLot => Legs == 0 ? 0.001m : 0.01m;

        public HedgeGroup ToGroup()
        {
            Instrument[] legs = [BybitPerpetual, BinancePerpetual with { LotSize = 0.01m }, new Instrument(Id("okx:perpetual:BTCUSDT"), "BTC", "USDT", 1m, 0.002m, 0m, 0m)];
            decimal[][] weights = [[1m], [0.7m, 0.3m], [0.5m, 0.2m, 0.3m]];
            return Group(Ratio, Band, legs[..(Legs + 1)]) with
            {
                Split = Split,
                Weights = Split == HedgeSplit.Weights ? weights[Legs] : [],
                IsMakerFirst = Maker,
                KeepsPrimary = Keeps,
            };
        }
    }

    private sealed class Order(int leg, decimal quantity, OrderPurpose purpose)
    {
        /// <summary>The hedge leg; -1: the primary.</summary>
        public int Leg => leg;

        public decimal Quantity => quantity;

        public OrderPurpose Purpose => purpose;

        public decimal Filled { get; set; }

        public bool IsUnknown { get; set; }

        public TimeSpan Age { get; set; }

        public decimal Remaining => Quantity - Filled;
    }

    private sealed class Venue
    {
        public decimal Held { get; set; }

        public bool InBackoff { get; set; }

        public bool InExitBackoff { get; set; }

        public bool IsLast { get; set; }

        /// <summary>What can still be added; what is sent takes of it and a cancel gives nothing back.</summary>
        public decimal Headroom { get; set; } = Plenty;

        public HealthState Health { get; set; } = HealthState.Healthy;
    }

    private sealed class Exchange
    {
        private readonly HedgeGroup _group;
        private readonly Venue[] _legs;
        private readonly Venue _ofPrimary = new();
        private readonly List<Order> _orders = [];
        private readonly GroupState _state;
        private bool _stale;
        private bool _refuseCancel;
        private bool _halted;
        private bool _flattening;
        private bool _takesNow;
        private decimal? _distance;
        private TimeSpan _uncovered;

        public Exchange(HedgeGroup group)
        {
            _group = group;
            _legs = group.Hedges.Select(_ => new Venue()).ToArray();
            _state = new GroupState(group, new HedgeSettings());
        }

        public decimal Residual => (_group.Ratio * _ofPrimary.Held) + _legs.Sum(leg => leg.Held);

        /// <summary>The invariant's own words: the confirmed primary, and its working quantity only for legs sent together.</summary>
        private decimal Required => -_group.Ratio * (_ofPrimary.Held + _orders.Where(order => order.Leg < 0 && order.Purpose == OrderPurpose.Together).Sum(order => order.Remaining));

        public void MovePrimaryTo(decimal quantity) => _ofPrimary.Held = quantity;

        public void Apply(Event happening)
        {
            var order = _orders.Count == 0 ? null : _orders[happening.Which % _orders.Count];
            var venue = happening.Which % (_legs.Length + 1) == _legs.Length ? _ofPrimary : _legs[happening.Which % (_legs.Length + 1)];
            switch (happening.Kind)
            {
                case Kind.Primary:
                    _ofPrimary.Held += happening.Value;
                    break;
                case Kind.PrimaryOrder when happening.Value != 0m && _orders.All(known => known.Leg >= 0):
                    var raises = _ofPrimary.Held == 0m || Math.Sign(_ofPrimary.Held) == Math.Sign(happening.Value);
                    _orders.Add(new Order(-1, happening.Value, raises && happening.Which % 2 == 0 ? OrderPurpose.Together : OrderPurpose.Other));
                    break;
                case Kind.Fill when order is not null && !order.IsUnknown:
                    FillPart(order, (1 + (happening.Which % 10)) / 10m);
                    break;
                case Kind.Canceled when order is not null && !order.IsUnknown:
                    _orders.Remove(order);
                    break;
                case Kind.CancelRefused:
                    _refuseCancel = true;
                    break;
                case Kind.Stale:
                    _stale = happening.Which % 2 == 0;
                    break;
                case Kind.Backoff:
                    venue.InBackoff = happening.Value > 0m;
                    break;
                case Kind.ExitBackoff:
                    venue.InExitBackoff = happening.Value > 0m;
                    break;
                case Kind.Unknown when order is not null:
                    order.IsUnknown = true;
                    break;
                case Kind.Resolve when order is { IsUnknown: true }:
                    order.IsUnknown = false;
                    if (happening.Which % 3 == 0)
                    {
                        _orders.Remove(order);
                    }
                    else if (happening.Which % 3 == 1)
                    {
                        FillPart(order, 1m);
                    }

                    break;
                case Kind.Headroom:
                    venue.Headroom = happening.Value > 1m ? Plenty : Math.Max(0m, happening.Value);
                    break;
                case Kind.Health:
                    venue.Health = happening.Value > 0m ? HealthState.Healthy : (HealthState)(happening.Which % 5);
                    break;
                case Kind.Last:
                    venue.IsLast = happening.Value > 0m;
                    break;
                case Kind.Halt:
                    _halted = happening.Value > 1m;
                    break;
                case Kind.Flatten:
                    _flattening = happening.Value > 1.5m;
                    break;
                case Kind.Shrink:
                    _distance = happening.Value > 0m ? null : 0.08m + (happening.Which / 100m);
                    break;
                case Kind.Time:
                    var time = TimeSpan.FromSeconds(5 * (1 + happening.Which));
                    _orders.ForEach(known => known.Age += time);
                    _uncovered = _state.UncoveredFor == TimeSpan.Zero ? TimeSpan.Zero : _uncovered + time;
                    break;
            }
        }

        /// <summary>Every fault ends; unknown orders turn out to work.</summary>
        public void Recover()
        {
            foreach (var venue in _legs.Append(_ofPrimary))
            {
                (venue.InBackoff, venue.InExitBackoff, venue.Headroom, venue.Health) = (false, false, Plenty, HealthState.Healthy);
            }

            _orders.ForEach(order => order.IsUnknown = false);
            (_stale, _refuseCancel, _halted, _flattening, _distance, _uncovered, _takesNow) = (false, false, false, false, null, TimeSpan.Zero, false);
            FillAll();
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
            _state.TimeUtc = Noon;
            _state.IsHalted = _halted;
            _state.IsFlattening = _flattening;
            _state.IsShrinking = _distance is not null;
            _state.TakesNow = _takesNow;
            _state.UncoveredFor = _uncovered;
            _state.UnknownFor = _orders.Any(order => order.IsUnknown) ? _orders.Where(order => order.IsUnknown).Max(order => order.Age) : null;
            _state.Primary = See(-1, _ofPrimary, _group.Primary);
            for (var i = 0; i < _legs.Length; i++)
            {
                _state.Legs[i] = See(i, _legs[i], _group.Hedges[i]) with { Distance = i == 0 ? _distance : null };
            }

            return HedgeDecision.Decide(_state);
        }

        /// <summary>Cancel, send, rest: a decision never undoes what the last one did, or two would go on for ever.</summary>
        public void DecideUntilAtRest()
        {
            var rounds = 1;
            while (DecideAndCheck())
            {
                Assert.That(++rounds, Is.LessThanOrEqualTo(6), "decisions undo each other");
            }
        }

        /// <summary>One decision; whether it did anything.</summary>
        public bool DecideAndCheck()
        {
            var decision = Decide();
            var primary = _ofPrimary.Held;
            foreach (var action in decision.Actions)
            {
                var leg = _group.Hedges.ToList().IndexOf(action.Instrument);
                switch (action)
                {
                    case SendHedge send:
                        CheckOrder(leg, send);
                        _orders.Add(new Order(leg, send.Quantity, send.Purpose));
                        break;
                    case ReducePrimary reduce:
                        CheckReduction(reduce.Quantity);
                        _orders.Add(new Order(-1, reduce.Quantity, OrderPurpose.Together));
                        break;
                    case CancelHedge cancel:
                        Assert.That(CanCancel(leg, cancel.Buys), Is.True, "nothing there that could be canceled");
                        _takesNow |= _orders.Any(order => order.Leg == leg && order.Purpose == OrderPurpose.Maker);
                        Cancel(leg, cancel.Buys);
                        break;
                    case CancelPrimary cancel:
                        Assert.That(_flattening && CanCancel(-1, cancel.Buys), Is.True);
                        Assert.That(cancel.Buys ? primary >= 0m : primary <= 0m, Is.True, "an exit of the primary is not canceled");
                        break;
                }
            }

            // Until the venue confirms, what is to be canceled of the primary still counts.
            foreach (var cancel in decision.Actions.OfType<CancelPrimary>())
            {
                Cancel(-1, cancel.Buys);
            }

            _refuseCancel = false;
            CheckUncovered(decision);
            return decision.Actions.Count > 0;
        }

        private LegState See(int leg, Venue venue, Instrument instrument)
        {
            var orders = _orders.Where(order => order.Leg == leg).ToList();
            var resting = orders.Where(order => order.Purpose == OrderPurpose.Maker).ToList();
            return Leg(
                instrument,
                venue.Held,
                orders.Sum(order => Math.Max(0m, order.Remaining)),
                orders.Sum(order => Math.Min(0m, order.Remaining)),
                _stale ? null : 17_000m,
                venue.InBackoff) with
            {
                WorkingTogether = orders.Where(order => order.Purpose == OrderPurpose.Together).Sum(order => order.Remaining),
                WorkingMove = orders.Where(order => order.Purpose == OrderPurpose.Move).Sum(order => order.Remaining),
                UnknownBuy = orders.Where(order => order.IsUnknown).Sum(order => Math.Max(0m, order.Remaining)),
                UnknownSell = orders.Where(order => order.IsUnknown).Sum(order => Math.Min(0m, order.Remaining)),
                RestingFor = resting.Count == 0 ? null : resting.Max(order => order.Age),
                InExitBackoff = venue.InExitBackoff,
                Headroom = venue.Headroom,
                Health = venue.Health,
                IsReturning = venue.IsLast,
                Cost = leg % 2 == 0 ? 0.001m : 0.0005m,
                Quote = new Quote(Noon, 16_990m, 0m, 17_010m, 0m, 17_000m),
            };
        }

        private bool CanCancel(int leg, bool buys) => _orders.Any(order => order.Leg == leg && order.Remaining > 0m == buys && !order.IsUnknown);

        private void Cancel(int leg, bool buys)
        {
            // A refused cancel is over: it filled.
            if (!_refuseCancel)
            {
                _orders.RemoveAll(order => order.Leg == leg && order.Remaining > 0m == buys && !order.IsUnknown);
            }
            else
            {
                foreach (var order in _orders.Where(order => order.Leg == leg && order.Remaining > 0m == buys && !order.IsUnknown).ToArray())
                {
                    FillPart(order, 1m);
                }
            }
        }

        private void CheckOrder(int leg, SendHedge send)
        {
            var quantity = send.Quantity;
            var instrument = _group.Hedges[leg];
            var side = Math.Sign(quantity);
            var venue = _legs[leg];
            var here = _orders.Where(order => order.Leg == leg && Math.Sign(order.Remaining) == side).Sum(order => order.Remaining);
            Assert.That(quantity % instrument.LotSize, Is.Zero, "whole lots");
            Assert.That(_orders.Any(order => order.Leg == leg && order.IsUnknown), Is.False, "nothing is sent on an instrument with an unknown order");
            Assert.That(venue.Health, Is.Not.EqualTo(HealthState.Down), "nothing is sent to a venue that is down");

            // Invariant 1, by itself: whatever fills of everything that works on this side, the hedge does not pass the requirement.
            var worst = _legs.Sum(other => other.Held) + _orders.Where(order => order.Leg >= 0 && Math.Sign(order.Remaining) == side).Sum(order => order.Remaining) + quantity;
            var required = decimal.Truncate(Required / instrument.LotSize) * instrument.LotSize;
            if (send.Purpose == OrderPurpose.Move)
            {
                Assert.That(side, Is.EqualTo(-Math.Sign(venue.Held)), "a move is an exit");
            }
            else if (side > 0)
            {
                Assert.That(worst, Is.LessThanOrEqualTo(required), "bought past the requirement");
            }
            else
            {
                Assert.That(worst, Is.GreaterThanOrEqualTo(required), "sold past the requirement");
            }

            // What goes beyond zero, with everything that works, adds: only where a hedge may be raised, and within headroom.
            var before = Math.Max(0m, side * (venue.Held + here));
            var after = Math.Max(0m, side * (venue.Held + here + quantity));
            if (after == before)
            {
                return;
            }

            Assert.That(after - before, Is.LessThanOrEqualTo(venue.Headroom), "more than the headroom");
            venue.Headroom -= after - before;
            Assert.That(venue.Health, Is.EqualTo(HealthState.Healthy), "only a healthy venue adds");
            Assert.That(_stale || venue.InBackoff || _halted || _flattening, Is.False, "nothing is added now");
            Assert.That(side, Is.EqualTo(Math.Sign(Required)), "a hedge is added on the side that is required");
            Assert.That(_orders.Any(order => order.IsUnknown && order.Age == _state.UnknownFor) && _state.UnknownFor <= TimeSpan.FromSeconds(60), Is.False, "frozen");
            Assert.That(venue.InExitBackoff && venue.Held * side < 0m, Is.False, "across zero while an exit has to wait");
        }

        private void CheckReduction(decimal quantity)
        {
            var side = Math.Sign(quantity);
            var working = _orders.Where(order => order.Leg < 0 && Math.Sign(order.Remaining) == side).Sum(order => order.Remaining);
            Assert.That(side, Is.EqualTo(-Math.Sign(_ofPrimary.Held)), "only down");
            Assert.That((_ofPrimary.Held + working + quantity) * Math.Sign(_ofPrimary.Held), Is.GreaterThanOrEqualTo(0m), "never across zero");
            Assert.That(quantity % _group.Primary.LotSize, Is.Zero, "whole lots");
            Assert.That(_ofPrimary.Health == HealthState.Down || _ofPrimary.InExitBackoff || _orders.Any(order => order.Leg < 0 && order.IsUnknown), Is.False);
            if (!_flattening)
            {
                Assert.That(_group.KeepsPrimary, Is.False, "a kept primary is not reduced");
                Assert.That(_distance is not null || (_uncovered >= TimeSpan.FromSeconds(60) && !_halted), Is.True, "neither shrinking nor unwinding");
            }
        }

        /// <summary>Invariant 2: what neither works nor was just sent is within the band, or has its reason.</summary>
        private void CheckUncovered(HedgeDecision decision)
        {
            if (decision.Actions.All(action => action is not (CancelHedge or CancelPrimary)))
            {
                var missing = Required - _legs.Sum(leg => leg.Held);
                var covered = _orders.Where(order => order.Leg >= 0 && Math.Sign(order.Remaining) == Math.Sign(missing)).Sum(order => order.Remaining);
                Assert.That(decision.UncoveredUnits, Is.EqualTo(Math.Abs(covered) >= Math.Abs(missing) ? 0m : missing - covered));
            }

            if (Math.Abs(decision.UncoveredUnits) > _group.Band)
            {
                Assert.That(decision.Reason, Is.Not.EqualTo(UnhedgedReason.None), "an under-hedge outside its band has a reason");
            }

            CheckReason(decision);
            _uncovered = decision.Reason is UnhedgedReason.None or UnhedgedReason.BelowMinimum or UnhedgedReason.MakerPatience
                ? TimeSpan.Zero
                : _uncovered == TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : _uncovered;
            _takesNow &= decision.UncoveredUnits != 0m || _orders.Count > 0;
        }

        /// <summary>The reason is true.</summary>
        private void CheckReason(HedgeDecision decision)
        {
            var truth = decision.Reason switch
            {
                UnhedgedReason.OutcomeUnknown => _orders.Any(order => order.IsUnknown),
                UnhedgedReason.MakerPatience => _orders.Any(order => order.Purpose == OrderPurpose.Maker) || decision.Actions.Count > 0,
                UnhedgedReason.Backoff => _legs.Any(leg => leg.InBackoff || leg.InExitBackoff),
                UnhedgedReason.NoFreshPrice => _stale,
                UnhedgedReason.NoHeadroom => _legs.Any(leg => leg.Headroom < Plenty / 2m),
                UnhedgedReason.NoHealthyVenue => _legs.Any(leg => leg.Health != HealthState.Healthy),
                UnhedgedReason.Halted => _halted || _flattening,
                _ => true,
            };
            Assert.That(truth, Is.True, $"{decision.Reason} is not so");
        }

        private void FillPart(Order order, decimal share)
        {
            var lot = order.Leg < 0 ? _group.Primary.LotSize : _group.Hedges[order.Leg].LotSize;
            var part = decimal.Truncate(order.Remaining * share / lot) * lot;
            part = part == 0m ? order.Remaining : part;
            order.Filled += part;
            (order.Leg < 0 ? _ofPrimary : _legs[order.Leg]).Held += part;
            if (order.Remaining == 0m)
            {
                _orders.Remove(order);
            }
        }
    }
}
