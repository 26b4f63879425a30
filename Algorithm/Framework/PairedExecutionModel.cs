#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using CrossHedgeLean.Venues;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Algorithm.Framework.Execution;
using QuantConnect.Algorithm.Framework.Portfolio;
using QuantConnect.Orders;

namespace CrossHedgeLean.Framework;

/// <summary>
/// Sends both legs asynchronously: the decided hedges first, then what the strategy's targets still miss. Each fill of
/// a primary is hedged by its own order event, before the slice ends; hedges are sized on fills, unless a group has its
/// legs sent together.
/// </summary>
public sealed class PairedExecutionModel : ExecutionModel
{
    private readonly HedgeController _controller;
    private readonly Dictionary<Symbol, IPortfolioTarget> _targets = [];
    private readonly List<Symbol> _order = [];

    internal PairedExecutionModel(HedgeController controller)
        : base(asynchronous: true)
        => _controller = controller;

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(QCAlgorithm algorithm, IPortfolioTarget[] targets)
    {
        _controller.Act();
        foreach (var target in targets)
        {
            if (_controller.IsHedgeLeg(target.Symbol))
            {
                continue;
            }

            if (!_targets.ContainsKey(target.Symbol))
            {
                _order.Add(target.Symbol);
            }

            _targets[target.Symbol] = target;
        }

        if (!algorithm.IsWarmingUp)
        {
            foreach (var symbol in _order)
            {
                Pursue(algorithm, _targets[symbol]);
            }
        }

        _controller.EndSlice();
    }

    /// <inheritdoc />
    public override void OnOrderEvent(QCAlgorithm algorithm, OrderEvent orderEvent) => _controller.OnOrderEvent(orderEvent);

    /// <summary>
    /// Orders what a target misses, toward zero to the lot, and no more than the gate lets pass. Reductions wait for
    /// nothing but a venue that is down; increases want a healthy venue and a fresh price.
    /// </summary>
    private void Pursue(QCAlgorithm algorithm, IPortfolioTarget target)
    {
        if (!_controller.TryGet(target.Symbol, out var group))
        {
            throw new InvalidOperationException(
                $"{target.Symbol.Value} at {target.Symbol.ID.Market} has a portfolio target but belongs to no hedge group: add a group for it, or trade it with direct orders.");
        }

        var book = group.Desk.Primary.Book;
        var instrument = book.Instrument;
        if (book.WorkingBuy != 0m || book.WorkingSell != 0m || group.Desk.IsFlattening)
        {
            return;
        }

        var utcNow = algorithm.UtcTime;
        var quantity = instrument.RoundTowardZero(target.Quantity - book.Held);
        var isExit = Math.Sign(book.Held) == -Math.Sign(quantity) && Math.Abs(quantity) <= Math.Abs(book.Held);
        var health = group.Desk.Primary.Health.Orders;
        if (quantity == 0m
            || utcNow < (isExit ? book.ExitBackoffUntilUtc : book.BackoffUntilUtc)
            || (isExit ? health == HealthState.Down : health != HealthState.Healthy))
        {
            return;
        }

        var price = group.Desk.Primary.FreshPrice(utcNow, group.Desk.State.Settings);
        if (price is null && !isExit)
        {
            return;
        }

        var verdict = _controller.Desk.Judge(instrument.Id, quantity, utcNow);
        if (!verdict.IsAccepted)
        {
            quantity = Math.Sign(quantity) * Math.Min(Math.Abs(quantity), verdict.Largest);
        }

        if (instrument.Accepts(quantity, price))
        {
            _controller.Desk.SendPrimary(group.Desk, quantity, target.Tag, utcNow);
        }
    }
}
