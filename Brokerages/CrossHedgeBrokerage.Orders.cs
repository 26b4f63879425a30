using System;
using System.Collections.Generic;
using System.Linq;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Interfaces;
using QuantConnect.Orders;

namespace QuantConnect.Brokerages.CrossHedge;

/// <content>Orders go to the child of their route, events come back in each child's own order.</content>
public sealed partial class CrossHedgeBrokerage
{
    private EventHandler<List<OrderEvent>>? _ordersStatusChanged;

    /// <summary>Order events; those of before the first listener come when it is there.</summary>
    event EventHandler<List<OrderEvent>> IBrokerage.OrdersStatusChanged
    {
        add
        {
            _ordersStatusChanged += value;
            foreach (var child in _children)
            {
                child.Listen(events => _ordersStatusChanged?.Invoke(this, events));
            }
        }

        remove => _ordersStatusChanged -= value;
    }

    /// <summary>Hands an order to its child's lane and returns at once; a refusal comes as an order event.</summary>
    /// <returns>False if no child trades the symbol.</returns>
    public override bool PlaceOrder(Order order)
    {
        if (!TryFind(order, "placed", out var child))
        {
            return false;
        }

        child.Place(order, _journal is not null && IsExit(order));
        return true;
    }

    /// <summary>Hands a change to the child's lane, if the venue's rules allow it: in live LEAN does not ask them.</summary>
    public override bool UpdateOrder(Order order)
    {
        if (!TryFind(order, "changed", out var child))
        {
            return false;
        }

        var fields = new UpdateOrderFields { Quantity = order.Quantity, LimitPrice = (order as LimitOrder)?.LimitPrice };
        var request = new UpdateOrderRequest(_lanes.Time.GetUtcNow().UtcDateTime, order.Id, fields);
        if (!_algorithm.BrokerageModel.CanUpdateOrder(_algorithm.Securities[order.Symbol], order, request, out var refusal))
        {
            Say(child.Settings.Name, "refused", refusal?.Message ?? $"{child.Settings.Name} does not change orders");
            return false;
        }

        child.Update(order);
        return true;
    }

    /// <summary>Hands a cancel to the child's lane; it is repeated until the order is over.</summary>
    public override bool CancelOrder(Order order)
    {
        if (!TryFind(order, "canceled", out var child))
        {
            return false;
        }

        child.Cancel(order);
        return true;
    }

    /// <summary>Whether an order, with all that work on its symbol, cannot cross zero.</summary>
    private bool IsExit(Order order)
    {
        if (!_algorithm.Securities.TryGetValue(order.Symbol, out var security))
        {
            return false;
        }

        var held = security.Holdings.Quantity;
        var working = _algorithm.Transactions.GetOpenOrders(order.Symbol).Where(other => other.Id != order.Id && Math.Sign(other.Quantity) == Math.Sign(order.Quantity)).Sum(other => other.Quantity);
        return Math.Sign(order.Quantity) == -Math.Sign(held) && Math.Abs(order.Quantity + working) <= Math.Abs(held);
    }

    private bool TryFind(Order order, string what, out VenueChild child)
    {
        child = Find(order.Symbol)!;
        if (child is not null)
        {
            return true;
        }

        Say("routes", "unmapped", $"order {order.Id} of {order.Symbol.Value} at {order.Symbol.ID.Market} cannot be {what}: no child has the route {SymbolRoutes.Of(order.Symbol)?.ToString() ?? order.Symbol.SecurityType.ToString()}");
        return false;
    }
}
