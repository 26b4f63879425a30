#nullable enable
using System;
using System.Collections.Generic;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Accounts;

/// <summary>
/// Positions and working orders per instrument, from order events alone. A spot position is the coin balance that its
/// fills left, net of fees taken in the coin; LEAN's Holdings are not read, because they are empty for coins after a
/// restart and its cash book knows no venue.
/// </summary>
public sealed class PositionBook
{
    private readonly Dictionary<InstrumentId, Entry> _entries = [];

    /// <summary>Confirmed position in contracts, signed; zero for an instrument that was never traded.</summary>
    public decimal Held(InstrumentId id) => _entries.TryGetValue(id, out var entry) ? entry.Held : 0m;

    /// <summary>Average cost of the open position in the settlement currency, fees not included; zero when flat.</summary>
    public decimal AveragePrice(InstrumentId id) => _entries.TryGetValue(id, out var entry) ? entry.AveragePrice : 0m;

    /// <summary>What open buy orders may still add, in contracts; zero or positive.</summary>
    public decimal WorkingBuy(InstrumentId id) => _entries.TryGetValue(id, out var entry) ? entry.WorkingBuy : 0m;

    /// <summary>What open sell orders may still take away, in contracts; zero or negative.</summary>
    public decimal WorkingSell(InstrumentId id) => _entries.TryGetValue(id, out var entry) ? entry.WorkingSell : 0m;

    /// <summary>The ids of the open orders on one side of an instrument, oldest first.</summary>
    public IReadOnlyList<int> WorkingOrders(InstrumentId id, bool buys)
    {
        var orders = new List<int>();
        if (_entries.TryGetValue(id, out var entry))
        {
            foreach (var (orderId, order) in entry.Orders)
            {
                if (order.Quantity > 0m == buys)
                {
                    orders.Add(orderId);
                }
            }
        }

        return orders;
    }

    /// <summary>An order is open, or its quantity has changed.</summary>
    /// <param name="id">The instrument.</param>
    /// <param name="orderId">The engine's order id.</param>
    /// <param name="quantity">The order's whole quantity in contracts, signed.</param>
    public void OrderWorking(InstrumentId id, int orderId, decimal quantity)
    {
        var entry = EntryOf(id);
        var filled = entry.Orders.TryGetValue(orderId, out var known) ? known.Filled : 0m;
        entry.Orders[orderId] = new WorkingOrder(quantity, filled);
        entry.Recount();
    }

    /// <summary>A fill.</summary>
    /// <param name="id">The instrument.</param>
    /// <param name="orderId">The engine's order id.</param>
    /// <param name="quantity">Contracts, signed, net of a fee that was taken in the coin itself.</param>
    /// <param name="price">Fill price in the settlement currency.</param>
    public void Filled(InstrumentId id, int orderId, decimal quantity, decimal price)
    {
        var entry = EntryOf(id);
        entry.Fill(quantity, price);
        if (entry.Orders.TryGetValue(orderId, out var order))
        {
            entry.Orders[orderId] = order with { Filled = order.Filled + quantity };
            entry.Recount();
        }
    }

    /// <summary>An order is filled whole, canceled or refused: it no longer works.</summary>
    public void OrderClosed(InstrumentId id, int orderId)
    {
        var entry = EntryOf(id);
        if (entry.Orders.Remove(orderId))
        {
            entry.Recount();
        }
    }

    private Entry EntryOf(InstrumentId id)
    {
        if (!_entries.TryGetValue(id, out var entry))
        {
            entry = _entries[id] = new Entry();
        }

        return entry;
    }

    private readonly record struct WorkingOrder(decimal Quantity, decimal Filled)
    {
        public decimal Remaining => Quantity - Filled;
    }

    private sealed class Entry
    {
        public decimal Held { get; private set; }

        public decimal AveragePrice { get; private set; }

        public decimal WorkingBuy { get; private set; }

        public decimal WorkingSell { get; private set; }

        public SortedDictionary<int, WorkingOrder> Orders { get; } = [];

        public void Fill(decimal quantity, decimal price)
        {
            var after = Held + quantity;
            if (after == 0m)
            {
                AveragePrice = 0m;
            }
            else if (Math.Sign(after) != Math.Sign(Held))
            {
                AveragePrice = price;
            }
            else if (Math.Sign(quantity) == Math.Sign(Held))
            {
                AveragePrice = ((AveragePrice * Held) + (price * quantity)) / after;
            }

            Held = after;
        }

        public void Recount()
        {
            WorkingBuy = 0m;
            WorkingSell = 0m;
            foreach (var order in Orders.Values)
            {
                WorkingBuy += Math.Max(0m, order.Remaining);
                WorkingSell += Math.Min(0m, order.Remaining);
            }
        }
    }
}
