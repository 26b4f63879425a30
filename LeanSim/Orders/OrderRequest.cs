namespace QuantConnect.Orders;

/// <summary>A request to submit, change or cancel an order.</summary>
public abstract class OrderRequest(DateTime time, int orderId, string tag)
{
    public abstract OrderRequestType OrderRequestType { get; }
    public OrderRequestStatus Status { get; private set; } = OrderRequestStatus.Unprocessed;
    public DateTime Time { get; private set; } = time;
    public int OrderId { get; protected set; } = orderId;
    public string Tag { get; private set; } = tag;
    public OrderResponse Response { get; private set; } = OrderResponse.Unprocessed;

    public void SetResponse(OrderResponse response, OrderRequestStatus status = OrderRequestStatus.Error)
    {
        ArgumentNullException.ThrowIfNull(response);
        Response = response;
        Status = response.IsError ? OrderRequestStatus.Error : status;
    }

    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Time} UTC: {OrderRequestType} order {OrderId} - {Tag} Status: {Status}");
}

/// <summary>A request for a new order.</summary>
public class SubmitOrderRequest : OrderRequest
{
    public override OrderRequestType OrderRequestType => OrderRequestType.Submit;
    public SecurityType SecurityType { get; private set; }
    public Symbol Symbol { get; private set; }
    public OrderType OrderType { get; private set; }
    public decimal Quantity { get; private set; }
    public decimal LimitPrice { get; private set; }
    public decimal StopPrice { get; private set; }
    public decimal TriggerPrice { get; private set; }
    public IOrderProperties OrderProperties { get; private set; }
    public bool Asynchronous { get; }

    public SubmitOrderRequest(OrderType orderType, SecurityType securityType, Symbol symbol, decimal quantity, decimal stopPrice,
        decimal limitPrice, decimal triggerPrice, DateTime time, string tag, IOrderProperties properties = null,
        GroupOrderManager groupOrderManager = null, bool asynchronous = false)
        : base(time, (int)OrderResponseErrorCode.UnableToFindOrder, tag)
    {
        if (groupOrderManager != null)
            throw new NotSupportedException("LeanSim does not support combo orders (GroupOrderManager): run on LEAN");
        OrderType = orderType;
        SecurityType = securityType;
        Symbol = symbol;
        Quantity = quantity;
        StopPrice = stopPrice;
        LimitPrice = limitPrice;
        TriggerPrice = triggerPrice;
        OrderProperties = properties;
        Asynchronous = asynchronous;
    }

    public SubmitOrderRequest(OrderType orderType, SecurityType securityType, Symbol symbol, decimal quantity, decimal stopPrice,
        decimal limitPrice, DateTime time, string tag, IOrderProperties properties = null,
        GroupOrderManager groupOrderManager = null, bool asynchronous = false)
        : this(orderType, securityType, symbol, quantity, stopPrice, limitPrice, 0, time, tag, properties, groupOrderManager, asynchronous) { }

    internal void SetOrderId(int orderId) => OrderId = orderId;

    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Time} UTC: Submit order {OrderId} {OrderType} {Quantity} {Symbol} - {Tag} Status: {Status}");
}

/// <summary>A request to change an open order; null fields stay as they are.</summary>
public class UpdateOrderRequest(DateTime time, int orderId, UpdateOrderFields fields) : OrderRequest(time, orderId, fields.Tag)
{
    public override OrderRequestType OrderRequestType => OrderRequestType.Update;
    public decimal? Quantity { get; private set; } = fields.Quantity;
    public decimal? LimitPrice { get; private set; } = fields.LimitPrice;
    public decimal? StopPrice { get; private set; } = fields.StopPrice;
    public decimal? TriggerPrice { get; private set; } = fields.TriggerPrice;
    public decimal? TrailingAmount { get; private set; } = fields.TrailingAmount;

    public bool IsAllowedForClosedOrder()
        => Quantity == null && LimitPrice == null && StopPrice == null && TriggerPrice == null && TrailingAmount == null;

    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Time} UTC: Update order {OrderId} quantity {Quantity} limit {LimitPrice} - {Tag} Status: {Status}");
}

/// <summary>A request to cancel an open order.</summary>
public class CancelOrderRequest(DateTime time, int orderId, string tag) : OrderRequest(time, orderId, tag)
{
    public override OrderRequestType OrderRequestType => OrderRequestType.Cancel;
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time} UTC: Cancel order {OrderId} - {Tag} Status: {Status}");
}

/// <summary>The fields of an order that may be changed.</summary>
public class UpdateOrderFields
{
    public decimal? Quantity { get; set; }
    public decimal? LimitPrice { get; set; }
    public decimal? StopPrice { get; set; }
    public decimal? TriggerPrice { get; set; }
    public decimal? TrailingAmount { get; set; }
    public string Tag { get; set; }
}

/// <summary>Ties the legs of a combo order; present only because signatures name it.</summary>
public class GroupOrderManager
{
    internal GroupOrderManager() { }
}
