using System;
using System.Globalization;
using QuantConnect.Interfaces;

namespace QuantConnect.Orders;

/// <summary>A request to submit, change or cancel an order.</summary>
public abstract class OrderRequest
{
    public abstract OrderRequestType OrderRequestType { get; }
    public OrderRequestStatus Status { get; private set; }
    public DateTime Time { get; private set; }
    public int OrderId { get; protected set; }
    public string Tag { get; private set; }
    public OrderResponse Response { get; private set; }

    protected OrderRequest(DateTime time, int orderId, string tag)
    {
        Time = time;
        OrderId = orderId;
        Tag = tag;
        Status = OrderRequestStatus.Unprocessed;
        Response = OrderResponse.Unprocessed;
    }

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

    /// <summary>Whether the caller does not wait; in a backtest the order is processed before the call returns anyway.</summary>
    public bool Asynchronous { get; }

    public SubmitOrderRequest(OrderType orderType, SecurityType securityType, Symbol symbol, decimal quantity, decimal stopPrice,
        decimal limitPrice, decimal triggerPrice, DateTime time, string tag, IOrderProperties properties = null,
        GroupOrderManager groupOrderManager = null, bool asynchronous = false)
        : base(time, (int)OrderResponseErrorCode.UnableToFindOrder, tag)
    {
        if (groupOrderManager != null)
        {
            throw new NotSupportedException("LeanSim does not support combo orders (GroupOrderManager): run on LEAN");
        }
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
        : this(orderType, securityType, symbol, quantity, stopPrice, limitPrice, 0, time, tag, properties, groupOrderManager, asynchronous)
    {
    }

    internal void SetOrderId(int orderId) => OrderId = orderId;

    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Time} UTC: Submit order {OrderId} {OrderType} {Quantity} {Symbol} - {Tag} Status: {Status}");
}

/// <summary>A request to change an open order; null fields stay as they are.</summary>
public class UpdateOrderRequest : OrderRequest
{
    public override OrderRequestType OrderRequestType => OrderRequestType.Update;
    public decimal? Quantity { get; private set; }
    public decimal? LimitPrice { get; private set; }
    public decimal? StopPrice { get; private set; }
    public decimal? TriggerPrice { get; private set; }
    public decimal? TrailingAmount { get; private set; }

    public UpdateOrderRequest(DateTime time, int orderId, UpdateOrderFields fields)
        : base(time, orderId, fields.Tag)
    {
        Quantity = fields.Quantity;
        LimitPrice = fields.LimitPrice;
        StopPrice = fields.StopPrice;
        TriggerPrice = fields.TriggerPrice;
        TrailingAmount = fields.TrailingAmount;
    }

    /// <summary>Only the tag of a closed order can be changed.</summary>
    public bool IsAllowedForClosedOrder()
        => Quantity == null && LimitPrice == null && StopPrice == null && TriggerPrice == null && TrailingAmount == null;

    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Time} UTC: Update order {OrderId} quantity {Quantity} limit {LimitPrice} - {Tag} Status: {Status}");
}

/// <summary>A request to cancel an open order.</summary>
public class CancelOrderRequest : OrderRequest
{
    public override OrderRequestType OrderRequestType => OrderRequestType.Cancel;

    public CancelOrderRequest(DateTime time, int orderId, string tag)
        : base(time, orderId, tag)
    {
    }

    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Time} UTC: Cancel order {OrderId} - {Tag} Status: {Status}");
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
    internal GroupOrderManager()
    {
    }
}
