using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Orders;
using QuantConnect.Orders.Fees;
using QuantConnect.Securities;

namespace QuantConnect.Brokerages.CrossHedge.PaperExchange;

/// <summary>
/// A child that trades at the paper exchange: thin, all rules are the exchange's. One connection is one account. After a
/// break it asks for every order that is not over, by its own id, so that nothing is lost and nothing sent twice.
/// </summary>
public sealed class PaperBrokerage : Brokerage, IVenueNews, IVenueSettings, IVenueOrderQuery
{
    /// <summary>The exchange speaks each second: after this silence it is gone.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    /// <summary>An order that is over is known for so long: what was said of it before may still be on its way.</summary>
    private static readonly TimeSpan Remembers = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly string _account;
    private readonly IPaperConnector _connector;
    private readonly TimeProvider _time;
    private readonly string _session;
    private readonly Dictionary<string, PaperTicket> _byClientId = [];
    private readonly Dictionary<int, PaperTicket> _byOrderId = [];
    private readonly Dictionary<int, PaperTicket> _byLeanId = [];
    private readonly Queue<(PaperTicket Ticket, DateTime SinceUtc)> _over = [];
    private readonly HashSet<string> _asked = [];
    private IPaperLink? _link;
    private PaperMessage? _state;
    private DateTime _heardUtc = DateTime.MinValue;

    /// <summary>Creates the brokerage.</summary>
    /// <param name="account">The account at the exchange.</param>
    /// <param name="connector">How the exchange is reached.</param>
    /// <param name="time">The clock; also makes the ids of this run's orders its own.</param>
    public PaperBrokerage(string account, IPaperConnector connector, TimeProvider time)
        : base($"paper {account}")
    {
        _account = account;
        _connector = connector;
        _time = time;
        _session = time.GetUtcNow().UtcDateTime.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);
    }

    /// <inheritdoc />
    public override bool IsConnected => _link is { IsOpen: true };

    /// <inheritdoc />
    public Action<LedgerEntry>? Reported { get; set; }

    /// <inheritdoc />
    public Func<Order, string>? ClientIdOf { get; set; }

    /// <inheritdoc />
    public Action<VenueOrderAnswer>? Answered { get; set; }

    /// <inheritdoc />
    public void Query(string clientId)
    {
        lock (_gate)
        {
            _asked.Add(clientId);
        }

        Link().Send(new PaperMessage { Kind = PaperMessageKind.Query, ClientId = clientId });
    }

    /// <inheritdoc />
    public void Cancel(string clientId) => Link().Send(new PaperMessage { Kind = PaperMessageKind.Cancel, ClientId = clientId });

    /// <inheritdoc />
    public AccountSettings? Settings
    {
        get
        {
            lock (_gate)
            {
                // The exchange knows no other modes.
                return _state?.Leverage is { } leverage ? new AccountSettings(IsCrossMargin: true, IsOneWay: true, leverage) : null;
            }
        }
    }

    /// <inheritdoc />
    public bool IsDown(Capability capability)
    {
        lock (_gate)
        {
            return _state?.Down?.Contains(capability.ToString().ToLowerInvariant()) == true;
        }
    }

    /// <inheritdoc />
    public override bool ConcurrencyEnabled { get; set; } = true;

    /// <inheritdoc />
    public bool TakesExitsOnly(InstrumentId id)
    {
        lock (_gate)
        {
            return _state?.ExitsOnly is { } instruments && instruments.Contains(id.ToString());
        }
    }

    /// <inheritdoc />
    public override void Connect()
    {
        if (IsConnected)
        {
            return;
        }

        _link?.Dispose();
        _link = _connector.Open(_account, Receive);
        PaperTicket[] open;
        lock (_gate)
        {
            open = _byClientId.Values.Where(ticket => !ticket.IsOver).OrderBy(ticket => ticket.Order.Id).ToArray();
        }

        foreach (var ticket in open)
        {
            _link.Send(new PaperMessage { Kind = PaperMessageKind.Query, ClientId = ticket.ClientId });
        }
    }

    /// <inheritdoc />
    public override void Disconnect() => _link?.Dispose();

    /// <inheritdoc />
    public override void Dispose() => Disconnect();

    /// <summary>Sends an order; whether the exchange takes it comes as an event.</summary>
    /// <exception cref="IOException">The connection broke while sending: the order may have arrived.</exception>
    public override bool PlaceOrder(Order order)
    {
        if (order is not (MarketOrder or LimitOrder) || SymbolRoutes.InstrumentOf(order.Symbol) is not { } instrument)
        {
            return false;
        }

        var ticket = new PaperTicket(order, ClientIdOf?.Invoke(order) ?? $"{_session}-{order.Id.ToString(CultureInfo.InvariantCulture)}");
        lock (_gate)
        {
            _byClientId[ticket.ClientId] = ticket;
            _byLeanId[order.Id] = ticket;
        }

        Link().Send(new PaperMessage
        {
            Kind = PaperMessageKind.Submit,
            ClientId = ticket.ClientId,
            Instrument = instrument.ToString(),
            Quantity = order.Quantity,
            Limit = (order as LimitOrder)?.LimitPrice,
        });
        return true;
    }

    /// <summary>The exchange changes no orders: cancel and send anew.</summary>
    /// <returns>False.</returns>
    public override bool UpdateOrder(Order order) => false;

    /// <inheritdoc />
    public override bool CancelOrder(Order order)
    {
        PaperTicket? ticket;
        lock (_gate)
        {
            ticket = _byLeanId.GetValueOrDefault(order.Id) ?? order.BrokerId.Select(id => int.TryParse(id, out var known) ? _byOrderId.GetValueOrDefault(known) : null).FirstOrDefault(found => found is not null);
        }

        if (ticket is null)
        {
            return false;
        }

        Link().Send(new PaperMessage { Kind = PaperMessageKind.Cancel, ClientId = ticket.ClientId });
        return true;
    }

    /// <inheritdoc />
    /// <exception cref="TimeoutException">The exchange has been silent for too long.</exception>
    public override List<CashAmount> GetCashBalance() => State().Balances!.Select(balance => new CashAmount(balance.Amount, balance.Currency)).ToList();

    /// <inheritdoc />
    /// <exception cref="TimeoutException">The exchange has been silent for too long.</exception>
    public override List<Holding> GetAccountHoldings() => State().Positions!
        .Where(position => position.Quantity != 0m)
        .Select(position => new Holding
        {
            Symbol = SymbolOf(position.Instrument),
            Quantity = position.Quantity,
            AveragePrice = position.AveragePrice,
            CurrencySymbol = "$",
        })
        .ToList();

    /// <summary>Orders that this run did not send itself: LEAN takes them over at its start.</summary>
    /// <exception cref="TimeoutException">The exchange has been silent for too long.</exception>
    public override List<Order> GetOpenOrders()
    {
        var orders = new List<Order>();
        foreach (var open in State().Orders!)
        {
            lock (_gate)
            {
                if (!_byClientId.TryGetValue(open.ClientId, out var ticket))
                {
                    var symbol = SymbolOf(open.Instrument);
                    Order order = open.Limit is { } limit
                        ? new LimitOrder(symbol, open.Quantity, limit, NowUtc)
                        : new MarketOrder(symbol, open.Quantity, NowUtc);
                    order.BrokerId.Add(open.OrderId.ToString(CultureInfo.InvariantCulture));
                    order.Status = open.Filled == 0m ? OrderStatus.Submitted : OrderStatus.PartiallyFilled;
                    _byClientId[open.ClientId] = ticket = new PaperTicket(order, open.ClientId) { OrderId = open.OrderId, Filled = open.Filled };
                    _byOrderId[open.OrderId] = ticket;
                }

                orders.Add(ticket.Order);
            }
        }

        return orders;
    }

    private DateTime NowUtc => _time.GetUtcNow().UtcDateTime;

    private static Symbol SymbolOf(string instrument)
        => InstrumentId.TryParse(instrument, out var id) ? SymbolRoutes.SymbolOf(id) : throw new IOException($"the paper exchange names the instrument '{instrument}'");

    private IPaperLink Link() => _link ?? throw new IOException($"{Name} was never connected");

    private PaperMessage State()
    {
        lock (_gate)
        {
            return _state is not null && NowUtc - _heardUtc <= Silence
                ? _state
                : throw new TimeoutException(_state is null ? "the paper exchange has not shown the account yet" : $"the paper exchange is silent since {_heardUtc:HH:mm:ss} UTC");
        }
    }

    private void Receive(PaperMessage message)
    {
        OrderEvent? happened = null;
        var isAnswer = false;
        lock (_gate)
        {
            _heardUtc = NowUtc;
            isAnswer = message.ClientId is { } asked && _asked.Contains(asked);
            switch (message.Kind)
            {
                case var _ when isAnswer:
                    break;
                case PaperMessageKind.Account:
                    _state = message;
                    return;
                case PaperMessageKind.Working or PaperMessageKind.Refused or PaperMessageKind.Execution or PaperMessageKind.Over when Find(message) is { IsOver: false } ticket:
                    happened = Happened(ticket, message);
                    Forget(ticket);
                    break;
            }
        }

        if (isAnswer)
        {
            if (message.Kind is PaperMessageKind.Working or PaperMessageKind.Refused or PaperMessageKind.Over)
            {
                Answered?.Invoke(new VenueOrderAnswer(message.ClientId!, message.Kind != PaperMessageKind.Refused, message.Kind == PaperMessageKind.Working, message.Filled));
            }
        }
        else if (happened is not null)
        {
            OnOrderEvent(happened);
        }
        else if (message.Kind == PaperMessageKind.Execution && message.ClientId is null)
        {
            Report(message);
            OnMessage(new BrokerageMessageEvent(BrokerageMessageType.Warning, "forced", FormattableString.Invariant($"{message.Quantity} {message.Instrument} at {message.Price}: {message.Text}")));
        }
        else if (message.Kind is PaperMessageKind.Funding or PaperMessageKind.WriteOff)
        {
            Report(message);
        }
        else if (message.Kind == PaperMessageKind.Error)
        {
            OnMessage(new BrokerageMessageEvent(BrokerageMessageType.Error, "exchange", message.Text ?? "no reason given"));
        }
    }

    private void Report(PaperMessage message)
    {
        var timeUtc = message.TimeUtc ?? NowUtc;
        if (message.Kind == PaperMessageKind.WriteOff)
        {
            Reported?.Invoke(new WriteOffEntry(timeUtc, _account, message.Currency!, message.Amount!.Value));
            return;
        }

        if (!InstrumentId.TryParse(message.Instrument ?? "", out var id))
        {
            return;
        }

        if (message.Kind == PaperMessageKind.Funding)
        {
            Reported?.Invoke(new FundingEntry(timeUtc, id, message.Quantity!.Value, message.Price!.Value, message.Rate!.Value, message.Amount!.Value));
            return;
        }

        // What moves in money and coins follows from the position, which whoever books it knows.
        var isLiquidation = message.IsLiquidation == true;
        Reported?.Invoke(new FillEntry(timeUtc, id, message.Quantity!.Value, message.Price!.Value, message.Amount!.Value, id.Route.Kind == InstrumentKind.Spot ? message.Quantity.Value : 0m, isLiquidation));
        if (message.Fee is { } fee and not 0m)
        {
            Reported?.Invoke(new FeeEntry(timeUtc, id, message.FeeCurrency!, -fee, isLiquidation));
        }
    }

    private void Forget(PaperTicket changed)
    {
        if (changed.IsOver)
        {
            _over.Enqueue((changed, NowUtc));
        }

        while (_over.TryPeek(out var oldest) && NowUtc - oldest.SinceUtc > Remembers)
        {
            var ticket = _over.Dequeue().Ticket;
            _byClientId.Remove(ticket.ClientId);
            _byLeanId.Remove(ticket.Order.Id);
            if (ticket.OrderId is { } id)
            {
                _byOrderId.Remove(id);
            }
        }
    }

    private PaperTicket? Find(PaperMessage message)
        => message.ClientId is { } clientId ? _byClientId.GetValueOrDefault(clientId) : null;

    private OrderEvent? Happened(PaperTicket ticket, PaperMessage message)
    {
        var order = ticket.Order;
        var timeUtc = message.TimeUtc ?? NowUtc;
        switch (message.Kind)
        {
            case PaperMessageKind.Working when ticket.OrderId is null:
                ticket.OrderId = message.OrderId;
                _byOrderId[message.OrderId!.Value] = ticket;
                order.BrokerId.Add(message.OrderId.Value.ToString(CultureInfo.InvariantCulture));
                return new OrderEvent(order, timeUtc, OrderFee.Zero) { Status = OrderStatus.Submitted };
            case PaperMessageKind.Refused:
                ticket.IsOver = true;
                return new OrderEvent(order, timeUtc, OrderFee.Zero, message.Text ?? "refused") { Status = OrderStatus.Invalid };
            case PaperMessageKind.Execution when ticket.Executions.Add(message.ExecutionId!.Value):
                ticket.Filled += message.Quantity!.Value;
                ticket.IsOver = ticket.Filled == order.Quantity;
                return new OrderEvent(order, timeUtc, new OrderFee(new CashAmount(message.Fee ?? 0m, message.FeeCurrency ?? "")))
                {
                    Status = ticket.IsOver ? OrderStatus.Filled : OrderStatus.PartiallyFilled,
                    FillQuantity = message.Quantity.Value,
                    FillPrice = message.Price!.Value,
                    FillPriceCurrency = order.PriceCurrency,
                };
            case PaperMessageKind.Over when message.Filled == ticket.Filled:
                ticket.IsOver = true;
                return new OrderEvent(order, timeUtc, OrderFee.Zero, message.Text ?? "") { Status = OrderStatus.Canceled };
            default:
                return null;
        }
    }

    /// <summary>An order between LEAN and the exchange.</summary>
    private sealed class PaperTicket(Order order, string clientId)
    {
        public Order Order => order;

        public string ClientId => clientId;

        public int? OrderId { get; set; }

        public decimal Filled { get; set; }

        public bool IsOver { get; set; }

        public HashSet<long> Executions { get; } = [];
    }
}
