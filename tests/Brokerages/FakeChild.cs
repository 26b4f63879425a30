using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using CrossHedgeLean.Live;
using CrossHedgeLean.Venues;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Brokerages;
using QuantConnect.Brokerages.CrossHedge;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.Journal;
using QuantConnect.Interfaces;
using QuantConnect.Orders;
using QuantConnect.Orders.Fees;
using QuantConnect.Securities;

namespace CrossHedgeLean.Tests.Brokerages;

/// <summary>A child that does what a test says.</summary>
internal class FakeChild(string name) : Brokerage(name)
{
    private bool _isConnected;

    public override bool IsConnected => _isConnected;

    public Action Connecting { get; set; } = () => { };

    public Func<Order, bool> Placing { get; set; } = _ => true;

    public Func<Order, bool> Canceling { get; set; } = _ => true;

    public Func<List<CashAmount>> Cash { get; set; } = () => [new CashAmount(1_000m, "USDT")];

    public List<Holding> Holdings { get; } = [];

    public List<Order> Open { get; } = [];

    public List<int> Placed { get; } = [];

    public int Cancels { get; private set; }

    public int Updates { get; private set; }

    public int Polls { get; private set; }

    public bool IsDisposed { get; private set; }

    public override void Connect()
    {
        Connecting();
        _isConnected = true;
    }

    public override void Disconnect() => _isConnected = false;

    public override void Dispose() => IsDisposed = true;

    public override bool PlaceOrder(Order order)
    {
        Placed.Add(order.Id);
        return Placing(order);
    }

    public override bool CancelOrder(Order order)
    {
        Cancels++;
        return Canceling(order);
    }

    public override bool UpdateOrder(Order order)
    {
        Updates++;
        return true;
    }

    public override List<Order> GetOpenOrders() => Open;

    public override List<Holding> GetAccountHoldings() => Holdings;

    public override List<CashAmount> GetCashBalance()
    {
        Polls++;
        return Cash();
    }

    public void Raise(params OrderEvent[] events) => OnOrderEvents([.. events]);

    public void Say(BrokerageMessageType type, string text) => OnMessage(new BrokerageMessageEvent(type, "x", text));

    public static OrderEvent Event(Order order, OrderStatus status) => new(order, DateTime.UnixEpoch, OrderFee.Zero) { Status = status };
}

/// <summary>A child whose venue can be asked by our own ids.</summary>
internal sealed class FakeAskedChild(string name) : FakeChild(name), IVenueOrderQuery
{
    public Func<Order, string>? ClientIdOf { get; set; }

    public Action<VenueOrderAnswer>? Answered { get; set; }

    public Func<string, VenueOrderAnswer?> Asked { get; set; } = _ => null;

    public void Query(string clientId)
    {
        if (Asked(clientId) is { } answer)
        {
            Answered!(answer);
        }
    }

    public void Cancel(string clientId)
    {
    }
}

/// <summary>A composite over fake children, under a virtual clock, and LEAN's side of it.</summary>
internal sealed class CompositeBench
{
    public static readonly DateTime Start = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static int s_ids;

    private readonly Dictionary<int, Order> _known = [];

    public CompositeBench(params (string Name, string Routes, bool IsRequired)[] children)
        : this(null, children)
    {
    }

    public CompositeBench(ILanes? lanes, params (string Name, string Routes, bool IsRequired)[] children)
        : this(lanes, name => new FakeChild(name), isJournalled: false, children)
    {
    }

    public CompositeBench(ILanes? lanes, Func<string, FakeChild> create, bool isJournalled, params (string Name, string Routes, bool IsRequired)[] children)
    {
        Algorithm = new QCAlgorithm();
        Algorithm.Transactions.SetOrderProcessor(KnownOrders.Of(_known));
        Settings = new CompositeSettings
        {
            CertainRefusals = ["no money"],
            Children = children.Select(child => new ChildSettings(child.Name, nameof(FakeChild), child.Routes.Split(' ').Select(RouteOf).ToArray(), child.IsRequired)).ToArray(),
        };
        foreach (var child in Settings.Children)
        {
            Children.Add(child.Name, create(child.Name));
        }

        var journal = isJournalled ? OrderJournal.Start(new MemoryJournalStore("bench", TimeProvider.System), JournalSettings.Of(Settings), lanes ?? Lanes) : null;

        Brokerage = new CrossHedgeBrokerage(Algorithm, Settings, Children.ToDictionary(child => child.Key, child => (IBrokerage)child.Value), lanes ?? Lanes, journal);
        Brokerage.Message += (_, message) => Messages.Add(message);
    }

    public QCAlgorithm Algorithm { get; }

    public VirtualLanes Lanes { get; } = new(Start);

    public CompositeSettings Settings { get; }

    public Dictionary<string, FakeChild> Children { get; } = [];

    public CrossHedgeBrokerage Brokerage { get; }

    public List<BrokerageMessageEvent> Messages { get; } = [];

    /// <summary>What LEAN hears, list by list.</summary>
    public List<string> Heard { get; } = [];

    public void Listen() => ((IBrokerage)Brokerage).OrdersStatusChanged += (_, events) => Heard.Add(string.Join(' ', events.Select(happened => $"{happened.OrderId}:{happened.Status}")));

    /// <summary>An order that LEAN knows, unless said otherwise.</summary>
    public Order Order(string instrument, decimal quantity = 1m, bool isKnown = true)
    {
        InstrumentId.TryParse(instrument, out var id);
        var symbol = Symbol.Create(id.Ticker, id.Route.Kind == InstrumentKind.Spot ? SecurityType.Crypto : SecurityType.CryptoFuture, id.Route.Market);
        var order = new LimitOrder(symbol, quantity, 100m, Start);
        typeof(Order).GetProperty(nameof(QuantConnect.Orders.Order.Id))!.SetValue(order, ++s_ids);
        if (isKnown)
        {
            Know(order);
        }

        return order;
    }

    public void Know(Order order) => _known[order.Id] = order;

    public bool Place(Order order)
    {
        var placed = Brokerage.PlaceOrder(order);
        Lanes.Pump();
        return placed;
    }

    private static Route RouteOf(string text) => Route.TryParse(text, out var route) ? route : throw new ArgumentException(text);
}

/// <summary>LEAN's orders as a test knows them; everything else that LEAN's interface has is not asked for.</summary>
internal class KnownOrders : DispatchProxy
{
    private Dictionary<int, Order> _orders = [];

    public static IOrderProcessor Of(Dictionary<int, Order> orders)
    {
        var processor = Create<IOrderProcessor, KnownOrders>();
        ((KnownOrders)(object)processor)._orders = orders;
        return processor;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        => targetMethod!.Name switch
        {
            nameof(IOrderProcessor.GetOrderById) => _orders.GetValueOrDefault((int)args![0]!),
            nameof(IOrderProcessor.GetOrdersByBrokerageId) => _orders.Values.Where(order => order.BrokerId.Contains((string)args![0]!)).ToList(),
            nameof(IOrderProcessor.GetOpenOrders) => _orders.Values.Where(order => !order.Status.IsClosed()).ToList(),
            _ => throw new NotSupportedException(targetMethod.Name),
        };
}
