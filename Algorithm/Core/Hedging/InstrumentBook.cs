#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Hedging;

/// <summary>
/// One instrument as the desk knows it: its position and every order that may still change it, from messages that may
/// come twice, late or in another order. Quantities in contracts, signed.
/// </summary>
/// <remarks>
/// <para>The position is the venue's last report plus the executions that the report does not count yet; without
/// reports, the executions alone. A spot position is what its fills left, net of fees taken in the coin: LEAN's Holdings
/// are not read, because they are empty for coins after a restart and its cash book knows no venue.</para>
/// <para>An order stays here until it is certain that nothing more of it comes: one that is over, but not all of whose
/// executions have arrived, still counts with what is owed.</para>
/// </remarks>
public sealed class InstrumentBook
{
    private readonly List<BookedOrder> _orders = [];
    private int? _absent;
    private readonly Memory _executions = new();
    private readonly Memory _ended = new();
    private readonly List<(long Sequence, decimal Net)> _sinceReport = [];
    private long _reportedUpTo = long.MinValue;
    private long _latest;

    /// <summary>Creates an empty book.</summary>
    /// <param name="instrument">The instrument.</param>
    /// <param name="expectsReports">Whether the venue reports positions; executions since the last report are remembered then.</param>
    public InstrumentBook(Instrument instrument, bool expectsReports = false)
    {
        Instrument = instrument;
        ExpectsReports = expectsReports;
    }

    /// <summary>The instrument.</summary>
    public Instrument Instrument { get; }

    /// <summary>Whether the venue reports positions.</summary>
    public bool ExpectsReports { get; }

    /// <summary>Confirmed position.</summary>
    public decimal Held { get; private set; }

    /// <summary>Average cost of the open position in the settlement currency, fees not included; zero when flat.</summary>
    public decimal AveragePrice { get; private set; }

    /// <summary>What buy orders may still add at worst, unknown ones included; zero or positive.</summary>
    public decimal WorkingBuy { get; private set; }

    /// <summary>What sell orders may still take away at worst, unknown ones included; zero or negative.</summary>
    public decimal WorkingSell { get; private set; }

    /// <summary>Whether a change that no execution told of may be of our own orders, or is less than a lot, as fees and rounding leave.</summary>
    /// <param name="change">Contracts, signed.</param>
    public bool Explains(decimal change)
        => Math.Abs(change) < Instrument.LotSize || (change > 0m ? change <= WorkingBuy : change >= WorkingSell);

    /// <summary>The part of <see cref="WorkingBuy"/> whose outcome is unknown.</summary>
    public decimal UnknownBuy { get; private set; }

    /// <summary>The part of <see cref="WorkingSell"/> whose outcome is unknown.</summary>
    public decimal UnknownSell { get; private set; }

    /// <summary>
    /// Open quantity of orders that were sent together with the other leg, signed. None of an order of which a report may
    /// count a fill that no execution has told yet: it would count twice.
    /// </summary>
    public decimal WorkingTogether { get; private set; }

    /// <summary>The part of <see cref="WorkingBuy"/> that the venue has not answered: its account figures do not count it yet.</summary>
    public decimal UnansweredBuy { get; private set; }

    /// <summary>The part of <see cref="WorkingSell"/> that the venue has not answered; zero or negative.</summary>
    public decimal UnansweredSell { get; private set; }

    /// <summary>Open quantity of orders that move a hedge to another venue, signed.</summary>
    public decimal WorkingMove { get; private set; }

    /// <summary>Since when the oldest order of unknown outcome was sent, UTC; null if there is none.</summary>
    public DateTime? UnknownSinceUtc { get; private set; }

    /// <summary>Since when the oldest order that rests at our side of the book was sent, UTC; null if there is none.</summary>
    public DateTime? RestingSinceUtc { get; private set; }

    /// <summary>Since when the oldest buy order that can be canceled was sent, UTC; null if there is none.</summary>
    internal DateTime? BuyingSinceUtc { get; private set; }

    /// <summary>The same of sell orders.</summary>
    internal DateTime? SellingSinceUtc { get; private set; }

    /// <summary>Until when nothing that adds is sent, after a refusal, UTC.</summary>
    public DateTime BackoffUntilUtc { get; set; }

    /// <summary>Until when no exit is sent, after a refusal, UTC.</summary>
    public DateTime ExitBackoffUntilUtc { get; set; }

    /// <summary>The orders that may still change the position, oldest first.</summary>
    public IReadOnlyList<BookedOrder> Orders => _orders;

    /// <summary>Whether an order has no answer yet, or its outcome is unknown.</summary>
    internal bool HasUnanswered { get; private set; }

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    /// <summary>Grows with every change of this and of all else that counts here.</summary>
    internal StrongBox<long> Changes { get; init; } = new();

    /// <summary>An order of this instrument; null if it is not here, or no more.</summary>
    public BookedOrder? Find(int orderId)
    {
        // A few at most: looking through them is quicker than any index.
        for (var i = 0; i < _orders.Count; i++)
        {
            if (_orders[i].Id == orderId)
            {
                return _orders[i];
            }
        }

        return null;
    }

    /// <summary>An order was sent: it counts from this moment, whether or not the venue has answered.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="quantity">Contracts, signed.</param>
    /// <param name="sentUtc">UTC.</param>
    /// <param name="purpose">What it is for.</param>
    public void Sent(int orderId, decimal quantity, DateTime sentUtc, OrderPurpose purpose)
    {
        if (_ended.Contains(orderId))
        {
            return;
        }

        var order = Find(orderId) ?? Add(new BookedOrder(orderId, quantity, sentUtc) { SentSequence = _latest });

        order.Purpose = purpose;
        Recount();
    }

    /// <summary>The venue has the order, or its quantity has changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Working(int orderId, decimal quantity, DateTime utcNow)
    {
        if (_ended.Contains(orderId))
        {
            return;
        }

        var order = Find(orderId) ?? Add(new BookedOrder(orderId, quantity, utcNow));
        if (order.IsOver)
        {
            return;
        }

        order.Quantity = quantity;
        order.IsAnswered = true;
        order.IsUnknown = false;
        Recount();
    }

    /// <summary>The outcome of an order is unknown: it counts at its worst until there is evidence.</summary>
    public void Unknown(int orderId)
    {
        if (Find(orderId) is { IsOver: false } order)
        {
            order.IsUnknown = true;
            Recount();
        }
    }

    /// <summary>Nothing more of the order comes: the venue never had it.</summary>
    public void Gone(int orderId)
    {
        End(orderId);
        Recount();
    }

    /// <summary>The order is over. It stays while executions of it are owed.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="filled">All that it filled, signed.</param>
    /// <param name="sequence">The venue's count at the time.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Over(int orderId, decimal filled, long sequence)
    {
        if (Find(orderId) is not { IsOver: false } order)
        {
            _ended.Add(orderId);
            return;
        }

        order.IsAnswered = true;
        order.IsUnknown = false;
        if (order.Filled == filled || sequence <= _reportedUpTo)
        {
            End(orderId);
        }
        else
        {
            order.Owe(filled, sequence);
        }

        Recount();
    }

    /// <summary>A part of an order traded, or the venue closed a position by force.</summary>
    /// <returns>False if this execution was known already.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Executed(Execution execution)
    {
        if (execution.ExecutionId != 0 && !_executions.Add(execution.ExecutionId))
        {
            return false;
        }

        if (Find(execution.OrderId) is { } order)
        {
            order.Filled += execution.Quantity;
            order.IsAnswered = true;
            order.IsUnknown = false;
            if (order.IsOver && order.Remaining == 0m)
            {
                End(execution.OrderId);
            }
        }

        _latest = Math.Max(_latest, execution.Sequence);
        foreach (var open in _orders)
        {
            open.Heard += execution.Sequence > open.SentSequence ? 1 : 0;
        }

        var net = execution.Quantity - execution.CoinFee;
        if (execution.Sequence > _reportedUpTo)
        {
            if (ExpectsReports)
            {
                _sinceReport.Add((execution.Sequence, net));
            }

            Move(net, execution.Price);
        }

        Recount();
        return true;
    }

    /// <summary>The venue's own word on the position; what it does not count yet is added to it.</summary>
    /// <returns>What the report changed; zero where it only says what executions had said.</returns>
    public decimal Reported(PositionReport report, decimal price)
    {
        if (report.Sequence < _reportedUpTo)
        {
            return 0m;
        }

        var isNew = report.Sequence > _reportedUpTo;
        _reportedUpTo = report.Sequence;
        _latest = Math.Max(_latest, report.Sequence);
        var position = report.Quantity;
        for (var i = _sinceReport.Count - 1; i >= 0; i--)
        {
            if (_sinceReport[i].Sequence <= report.Sequence)
            {
                _sinceReport.RemoveAt(i);
            }
            else
            {
                position += _sinceReport[i].Net;
            }
        }

        var settled = false;
        for (var i = 0; i < _orders.Count; i++)
        {
            if (_orders[i].IsOver && _orders[i].OverSequence <= report.Sequence)
            {
                settled = true;
                End(_orders[i--].Id);
            }
        }

        var change = position - Held;
        if (change != 0m)
        {
            Move(change, price);
        }

        if (settled || change != 0m || (isNew && WorkingTogether != 0m))
        {
            Recount();
        }

        return change;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void End(int orderId)
    {
        if (Find(orderId) is { } order)
        {
            _orders.Remove(order);
        }

        _ended.Add(orderId);
    }

    /// <summary>By their numbers, which is oldest first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private BookedOrder Add(BookedOrder order)
    {
        var at = _orders.Count;
        while (at > 0 && _orders[at - 1].Id > order.Id)
        {
            at--;
        }

        _orders.Insert(at, order);
        return order;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Move(decimal quantity, decimal price)
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

    /// <summary>The book as it were without an order, until what is returned is disposed.</summary>
    internal Absence Without(int orderId)
    {
        _absent = orderId;
        Recount();
        return new Absence(this);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Recount()
    {
        Version++;
        Interlocked.Increment(ref Changes.Value);
        WorkingBuy = WorkingSell = WorkingTogether = WorkingMove = UnknownBuy = UnknownSell = UnansweredBuy = UnansweredSell = 0m;
        UnknownSinceUtc = RestingSinceUtc = BuyingSinceUtc = SellingSinceUtc = null;
        HasUnanswered = false;
        foreach (var order in _orders)
        {
            if (order.Id == _absent)
            {
                continue;
            }

            HasUnanswered |= !order.IsAnswered || order.IsUnknown;
            var remaining = order.Remaining;
            if (remaining > 0m)
            {
                WorkingBuy += remaining;
            }
            else
            {
                WorkingSell += remaining;
            }

            if (order.Purpose == OrderPurpose.Together)
            {
                WorkingTogether += IsAllHeard(order) ? remaining : 0m;
            }
            else if (order.Purpose == OrderPurpose.Move)
            {
                WorkingMove += remaining;
            }

            if (!order.IsAnswered)
            {
                UnansweredBuy += Math.Max(0m, remaining);
                UnansweredSell += Math.Min(0m, remaining);
            }

            if (order.IsUnknown)
            {
                UnknownBuy += Math.Max(0m, remaining);
                UnknownSell += Math.Min(0m, remaining);
                UnknownSinceUtc = order.SentUtc >= UnknownSinceUtc ? UnknownSinceUtc : order.SentUtc;
            }

            if (!order.IsUnknown && !order.IsOver && remaining > 0m)
            {
                BuyingSinceUtc = order.SentUtc >= BuyingSinceUtc ? BuyingSinceUtc : order.SentUtc;
            }
            else if (!order.IsUnknown && !order.IsOver && remaining < 0m)
            {
                SellingSinceUtc = order.SentUtc >= SellingSinceUtc ? SellingSinceUtc : order.SentUtc;
            }

            if (order.Purpose == OrderPurpose.Maker && !(order.SentUtc >= RestingSinceUtc))
            {
                RestingSinceUtc = order.SentUtc;
            }
        }
    }

    /// <summary>Whether every change of the position between an order's departure and the last report was told by an execution.</summary>
    private bool IsAllHeard(BookedOrder order)
    {
        if (_reportedUpTo <= order.SentSequence)
        {
            return true;
        }

        var heard = order.Heard;
        for (var i = 0; i < _sinceReport.Count; i++)
        {
            heard -= _sinceReport[i].Sequence > order.SentSequence ? 1 : 0;
        }

        return heard >= _reportedUpTo - order.SentSequence;
    }

    /// <summary>The last few thousand numbers: what comes twice or late comes soon.</summary>
    private sealed class Memory
    {
        private const int Most = 4096;

        private readonly HashSet<long> _known = [];
        private readonly Queue<long> _order = [];
        private long _highest = long.MinValue;

        public bool Contains(long number) => number <= _highest && _known.Contains(number);

        public bool Add(long number)
        {
            if (!_known.Add(number))
            {
                return false;
            }

            _highest = Math.Max(_highest, number);
            _order.Enqueue(number);
            if (_order.Count > Most)
            {
                _known.Remove(_order.Dequeue());
            }

            return true;
        }
    }

    /// <summary>The end of a question about the book without an order.</summary>
    /// <param name="book">The book.</param>
    internal readonly struct Absence(InstrumentBook book) : IDisposable
    {
        /// <inheritdoc />
        public void Dispose()
        {
            book._absent = null;
            book.Recount();
        }
    }
}

/// <summary>What an order of the desk is for.</summary>
public enum OrderPurpose
{
    /// <summary>The strategy's, or nobody of ours sent it.</summary>
    Other,

    /// <summary>A hedge that takes.</summary>
    Hedge,

    /// <summary>A hedge that rests at our side of the book.</summary>
    Maker,

    /// <summary>A primary order whose open quantity counts as held: the other leg is sent with it.</summary>
    Together,

    /// <summary>An exit of a hedge that another venue takes over.</summary>
    Move,
}

/// <summary>One order that may still change a position. Changed by its book alone.</summary>
public sealed class BookedOrder
{
    internal BookedOrder(int id, decimal quantity, DateTime sentUtc)
    {
        Id = id;
        Quantity = quantity;
        SentUtc = sentUtc;
    }

    /// <summary>The order.</summary>
    public int Id { get; }

    /// <summary>The whole order, in contracts, signed; once it is over, what it filled.</summary>
    public decimal Quantity { get; internal set; }

    /// <summary>When it was sent, UTC.</summary>
    public DateTime SentUtc { get; }

    /// <summary>Executions known, in contracts, signed, before coin fees.</summary>
    public decimal Filled { get; internal set; }

    /// <summary>What may still come of it.</summary>
    public decimal Remaining => Quantity - Filled;

    /// <summary>Whether the venue has said anything about it.</summary>
    public bool IsAnswered { get; internal set; }

    /// <summary>Whether its outcome is unknown.</summary>
    public bool IsUnknown { get; internal set; }

    /// <summary>Whether it is over and only executions are owed.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What it is for.</summary>
    public OrderPurpose Purpose { get; internal set; }

    /// <summary>When a cancel may be asked for again, UTC: the request itself may cause messages, and asking at each would never end.</summary>
    public DateTime CancelAgainUtc { get; set; }

    /// <summary>When evidence may be asked for again, UTC.</summary>
    public DateTime QueryAgainUtc { get; set; }

    internal long OverSequence { get; private set; }

    /// <summary>The venue's count when it was sent, as far as it was known.</summary>
    internal long SentSequence { get; init; }

    /// <summary>Executions of the instrument told since then.</summary>
    internal long Heard { get; set; }

    internal void Owe(decimal filled, long sequence)
    {
        Quantity = filled;
        IsOver = true;
        OverSequence = sequence;
    }
}
