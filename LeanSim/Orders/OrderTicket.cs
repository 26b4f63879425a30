namespace QuantConnect.Orders;

/// <summary>The handle of an order: its requests, its state, its events.</summary>
public sealed class OrderTicket(SecurityTransactionManager transactionManager, SubmitOrderRequest submitRequest)
{
    private readonly SecurityTransactionManager _transactionManager = transactionManager;
    private Order _order;
    private OrderStatus? _fixedStatus;
    private CancelOrderRequest _cancelRequest;
    private List<UpdateOrderRequest> _updateRequests;
    private List<OrderEvent> _orderEvents;
    private decimal _filledNotional;
    private bool _closed;
    public SubmitOrderRequest SubmitRequest { get; } = submitRequest;
    public int OrderId => SubmitRequest.OrderId;
    public OrderStatus Status => _fixedStatus ?? _order?.Status ?? OrderStatus.New;
    public Symbol Symbol => SubmitRequest.Symbol;
    public decimal Quantity => _order?.Quantity ?? SubmitRequest.Quantity;
    public decimal AverageFillPrice { get; private set; }
    public decimal QuantityFilled { get; private set; }
    public decimal QuantityRemaining => Quantity - QuantityFilled;
    public DateTime Time => GetMostRecentOrderRequest().Time;
    public OrderType OrderType => SubmitRequest.OrderType;
    public string Tag => _order == null ? SubmitRequest.Tag : _order.Tag;

    public IReadOnlyList<UpdateOrderRequest> UpdateRequests
        => _updateRequests == null ? Array.Empty<UpdateOrderRequest>() : _updateRequests.ToArray();

    public CancelOrderRequest CancelRequest => _cancelRequest;
    public bool HasOrder => _order != null;
    internal bool IsClosed => _closed;
    internal bool HasUpdateRequests => _updateRequests != null;
    public decimal Get(OrderField field) => Get<decimal>(field);

    public T Get<T>(OrderField field)
    {
        if (field == OrderField.LimitPrice && OrderType == OrderType.Limit)
        {
            object price = _order is LimitOrder limit ? limit.LimitPrice : SubmitRequest.LimitPrice;
            return (T)price;
        }
        throw new ArgumentException($"A {OrderType} order has no field {field}.");
    }

    public OrderResponse Update(UpdateOrderFields fields)
    {
        var request = new UpdateOrderRequest(_transactionManager.UtcTime, OrderId, fields);
        var updates = _transactionManager.UpdateOrder(request)._updateRequests;
        return updates[updates.Count - 1].Response;
    }

    public OrderResponse UpdateTag(string tag) => Update(new UpdateOrderFields { Tag = tag });
    public OrderResponse UpdateQuantity(decimal quantity, string tag = null) => Update(new UpdateOrderFields { Quantity = quantity, Tag = tag });

    public OrderResponse UpdateLimitPrice(decimal limitPrice, string tag = null)
        => Update(new UpdateOrderFields { LimitPrice = limitPrice, Tag = tag });

    public OrderResponse Cancel(string tag = null)
    {
        var request = new CancelOrderRequest(_transactionManager.UtcTime, OrderId, tag);
        if (HasLiveCancelRequest)
            return OrderResponse.Error(request, OrderResponseErrorCode.RequestCanceled,
                $"Order {OrderId.ToString(CultureInfo.InvariantCulture)} is already being canceled.");
        return _transactionManager.ProcessRequest(request).CancelRequest.Response;
    }

    public OrderResponse GetMostRecentOrderResponse() => GetMostRecentOrderRequest().Response;

    public OrderRequest GetMostRecentOrderRequest()
    {
        if (_cancelRequest != null)
            return _cancelRequest;
        return _updateRequests == null ? SubmitRequest : _updateRequests[_updateRequests.Count - 1];
    }

    public static OrderTicket InvalidCancelOrderId(SecurityTransactionManager transactionManager, CancelOrderRequest request)
    {
        var ticket = ForUnknownOrder(transactionManager, request);
        ticket.TrySetCancelRequest(request);
        return ticket;
    }

    public static OrderTicket InvalidUpdateOrderId(SecurityTransactionManager transactionManager, UpdateOrderRequest request)
    {
        var ticket = ForUnknownOrder(transactionManager, request);
        ticket.AddUpdateRequest(request);
        return ticket;
    }

    public static OrderTicket InvalidSubmitRequest(SecurityTransactionManager transactionManager, SubmitOrderRequest request, OrderResponse response)
    {
        request.SetResponse(response);
        return new OrderTicket(transactionManager, request) { _fixedStatus = OrderStatus.Invalid };
    }

    public override string ToString()
    {
        var requests = new List<OrderRequest> { SubmitRequest };
        requests.AddRange(UpdateRequests);
        if (_cancelRequest != null)
            requests.Add(_cancelRequest);
        var responses = requests.FindAll(x => x.Response.IsProcessed).Count;
        return string.Create(CultureInfo.InvariantCulture, $"{OrderId}: {_order?.ToString()} Request Count: {requests.Count} Response Count: {responses}");
    }

    private bool HasLiveCancelRequest => _cancelRequest != null && _cancelRequest.Status != OrderRequestStatus.Error;

    internal void AddOrderEvent(OrderEvent orderEvent)
    {
        (_orderEvents ??= new List<OrderEvent>(2)).Add(orderEvent);
        if (orderEvent.Status.IsFill())
            _filledNotional += orderEvent.AbsoluteFillQuantity * orderEvent.FillPrice;
        if (orderEvent.FillQuantity != 0)
        {
            // Fills are all one way, so that the absolute total cannot be zero here.
            QuantityFilled += orderEvent.FillQuantity;
            AverageFillPrice = _filledNotional / Math.Abs(QuantityFilled);
            _order.Price = AverageFillPrice;
        }
        if (orderEvent.Status.IsClosed())
        {
            _closed = true;
        }
    }

    internal void SetOrder(Order order)
    {
        if (_order != null && _order.Id != order.Id)
            throw new ArgumentException($"The ticket is of order {_order.Id}, not of order {order.Id}.");
        _order = order;
    }

    internal void AddUpdateRequest(UpdateOrderRequest request) => (_updateRequests ??= new List<UpdateOrderRequest>()).Add(request);

    internal bool TrySetCancelRequest(CancelOrderRequest request)
    {
        if (HasLiveCancelRequest)
            return false;
        _cancelRequest = request;
        return true;
    }

    private static OrderTicket ForUnknownOrder(SecurityTransactionManager transactionManager, OrderRequest request)
    {
        var submit = new SubmitOrderRequest(OrderType.Market, SecurityType.Base, Symbol.Empty, 0, 0, 0, DateTime.MaxValue, request.Tag);
        submit.SetOrderId(request.OrderId);
        submit.SetResponse(OrderResponse.UnableToFindOrder(request));
        request.SetResponse(OrderResponse.UnableToFindOrder(request));
        return new OrderTicket(transactionManager, submit) { _fixedStatus = OrderStatus.Invalid };
    }
}
