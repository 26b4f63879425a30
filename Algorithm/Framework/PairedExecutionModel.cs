#nullable enable
using System;
using System.Collections.Generic;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Algorithm.Framework.Execution;
using QuantConnect.Algorithm.Framework.Portfolio;
using QuantConnect.Orders;

namespace CrossHedgeLean.Framework;

/// <summary>
/// Sends both legs asynchronously: the decided hedges first, then what the strategy's targets still miss. Each fill of
/// a primary is hedged by its own order event, before the slice ends; hedges are sized on fills, never on orders.
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

    /// <summary>Orders what a target misses, toward zero to the lot. Reductions wait for nothing; increases want a fresh price.</summary>
    private void Pursue(QCAlgorithm algorithm, IPortfolioTarget target)
    {
        if (!_controller.TryGet(target.Symbol, out var primary))
        {
            throw new InvalidOperationException(
                $"{target.Symbol.Value} at {target.Symbol.ID.Market} has a portfolio target but belongs to no hedge group: add a group for it, or trade it with direct orders.");
        }

        var id = primary.Id;
        var held = _controller.Positions.Held(id);
        if (_controller.Positions.WorkingBuy(id) != 0m || _controller.Positions.WorkingSell(id) != 0m || algorithm.UtcTime < primary.BackoffUntilUtc)
        {
            return;
        }

        var quantity = primary.Instrument.RoundTowardZero(target.Quantity - held);
        var price = _controller.FreshPriceOf(primary);
        if (price is null && !IsReduction(held, quantity))
        {
            return;
        }

        if (primary.Instrument.Accepts(quantity, price))
        {
            _controller.SendMarketOrder(primary, quantity, target.Tag);
        }
    }

    private static bool IsReduction(decimal held, decimal quantity)
        => Math.Sign(held) == -Math.Sign(quantity) && Math.Abs(quantity) <= Math.Abs(held);
}
