namespace QuantConnect.Securities;

/// <summary>Looks up orders and tickets.</summary>
public interface IOrderProvider
{
    int OrdersCount { get; }
    Order GetOrderById(int orderId);
    List<Order> GetOrdersByBrokerageId(string brokerageId);
    IEnumerable<OrderTicket> GetOrderTickets(Func<OrderTicket, bool> filter = null);
    IEnumerable<OrderTicket> GetOpenOrderTickets(Func<OrderTicket, bool> filter = null);
    OrderTicket GetOrderTicket(int orderId);
    List<Order> GetOpenOrders(Func<Order, bool> filter = null);
    ProjectedHoldings GetProjectedHoldings(Security security);
}

/// <summary>Takes order requests.</summary>
public interface IOrderProcessor : IOrderProvider
{
    OrderTicket Process(OrderRequest request);
}

/// <summary>Holdings and what the open orders would add to them.</summary>
public class ProjectedHoldings(decimal holdingsQuantity, decimal openOrdersQuantity)
{
    public decimal HoldingsQuantity { get; set; } = holdingsQuantity;
    public decimal OpenOrdersQuantity { get; set; } = openOrdersQuantity;
    public decimal ProjectedQuantity { get; } = holdingsQuantity + openOrdersQuantity;
}

/// <summary>The algorithm's door to its orders.</summary>
public class SecurityTransactionManager(IAlgorithm algorithm, SecurityManager security) : IOrderProvider
{
    private readonly IAlgorithm _algorithm = algorithm;
    private readonly SecurityManager _securities = security;
    private readonly Dictionary<DateTime, (decimal ProfitLoss, bool IsWin)> _records = new();
    private IOrderProcessor _processor;
    public DateTime UtcTime => _securities.UtcTime;
    public int LastOrderId { get; private set; }
    public TimeSpan MarketOrderFillTimeout { get; set; } = TimeSpan.MinValue;
    public int OrdersCount => _processor.OrdersCount;

    public OrderTicket ProcessRequest(OrderRequest request)
    {
        if (_algorithm != null && _algorithm.IsWarmingUp)
            throw new Exception(OrderResponse.WarmingUp(request).ToString());
        if (request is SubmitOrderRequest submit)
            SetOrderId(submit);
        return _processor.Process(request);
    }

    public void SetOrderId(SubmitOrderRequest request)
    {
        if (request.OrderId < 1)
            request.SetOrderId(GetIncrementOrderId());
    }

    public OrderTicket AddOrder(SubmitOrderRequest request) => ProcessRequest(request);
    public OrderTicket UpdateOrder(UpdateOrderRequest request) => ProcessRequest(request);
    public OrderTicket CancelOrder(int orderId, string orderTag = null) => RemoveOrder(orderId, orderTag);
    public OrderTicket RemoveOrder(int orderId, string tag = null) => ProcessRequest(new CancelOrderRequest(UtcTime, orderId, tag ?? string.Empty));
    public List<OrderTicket> CancelOpenOrders() => CancelWhere(null, $"Canceled by CancelOpenOrders() at {UtcTime.ToStringInvariant()}");
    public List<OrderTicket> CancelOpenOrders(Symbol symbol, string tag = null) => CancelWhere(x => x.Symbol == symbol, tag);
    public IEnumerable<OrderTicket> GetOrderTickets(Func<OrderTicket, bool> filter = null) => _processor.GetOrderTickets(filter).ToList();
    public IEnumerable<OrderTicket> GetOpenOrderTickets(Symbol symbol) => GetOpenOrderTickets(x => x.Symbol == symbol);
    public IEnumerable<OrderTicket> GetOpenOrderTickets(Func<OrderTicket, bool> filter = null) => _processor.GetOpenOrderTickets(filter).ToList();

    public decimal GetOpenOrdersRemainingQuantity(Func<OrderTicket, bool> filter = null)
    {
        var total = 0m;
        foreach (var ticket in _processor.GetOpenOrderTickets(filter))
            total += ticket.QuantityRemaining;
        return total;
    }

    public OrderTicket GetOrderTicket(int orderId) => _processor.GetOrderTicket(orderId);
    public Order GetOrderById(int orderId) => _processor.GetOrderById(orderId);
    public List<Order> GetOrdersByBrokerageId(string brokerageId) => _processor.GetOrdersByBrokerageId(brokerageId);
    public bool WaitForOrder(int orderId) => GetOrderTicket(orderId)?.IsClosed ?? false;
    public List<Order> GetOpenOrders(Symbol symbol) => GetOpenOrders(x => x.Symbol == symbol);
    public List<Order> GetOpenOrders(Func<Order, bool> filter = null) => _processor.GetOpenOrders(filter);
    public int GetIncrementOrderId() => ++LastOrderId;
    public void SetOrderProcessor(IOrderProcessor orderProvider) => _processor = orderProvider;

    public void AddTransactionRecord(DateTime time, decimal transactionProfitLoss, bool isWin)
    {
        while (!_records.TryAdd(time, (transactionProfitLoss, isWin)))
            time = time.AddMilliseconds(1);
    }

    public ProjectedHoldings GetProjectedHoldings(Security security) => _processor.GetProjectedHoldings(security);

    private List<OrderTicket> CancelWhere(Func<OrderTicket, bool> filter, string tag)
    {
        if (_algorithm != null && _algorithm.IsWarmingUp)
            throw new InvalidOperationException("CancelOpenOrders is not allowed in Initialize or during warm up.");
        var canceled = new List<OrderTicket>();
        foreach (var ticket in _processor.GetOpenOrderTickets(filter))
        {
            ticket.Cancel(tag);
            canceled.Add(ticket);
        }
        return canceled;
    }
}
