using System;
using System.Globalization;
using System.Text;
using QuantConnect.Orders.Fees;

namespace QuantConnect.Orders;

/// <summary>A change of an order: its new state and what was filled by it.</summary>
public class OrderEvent
{
    private decimal _fillPrice;
    private decimal _fillQuantity;
    private decimal _quantity;
    private decimal? _stopPrice;
    private decimal? _triggerPrice;
    private decimal? _limitPrice;

    public int OrderId { get; set; }

    /// <summary>Sequence number of the event within its order, from 1.</summary>
    public int Id { get; set; }
    public Symbol Symbol { get; set; }
    public DateTime UtcTime { get; set; }
    public OrderStatus Status { get; set; }
    public OrderFee OrderFee { get; set; }

    public decimal FillPrice
    {
        get => _fillPrice;
        set => _fillPrice = value.Normalize();
    }

    public string FillPriceCurrency { get; set; }

    /// <summary>Signed quantity filled by this event.</summary>
    public decimal FillQuantity
    {
        get => _fillQuantity;
        set => _fillQuantity = value.Normalize();
    }

    public decimal AbsoluteFillQuantity => Math.Abs(FillQuantity);
    public OrderDirection Direction { get; set; }
    public string Message { get; set; }
    public bool IsAssignment { get; set; }

    public decimal? StopPrice
    {
        get => _stopPrice;
        set => _stopPrice = value?.Normalize() ?? _stopPrice;
    }

    public decimal? TriggerPrice
    {
        get => _triggerPrice;
        set => _triggerPrice = value?.Normalize() ?? _triggerPrice;
    }

    public decimal? LimitPrice
    {
        get => _limitPrice;
        set => _limitPrice = value?.Normalize() ?? _limitPrice;
    }

    /// <summary>Quantity of the order at the time of the event.</summary>
    public decimal Quantity
    {
        get => _quantity;
        set => _quantity = value.Normalize();
    }

    public bool IsInTheMoney { get; set; }
    public OrderTicket Ticket { get; set; }

    public OrderEvent()
    {
    }

    public OrderEvent(int orderId, Symbol symbol, DateTime utcTime, OrderStatus status, OrderDirection direction,
        decimal fillPrice, decimal fillQuantity, OrderFee orderFee, string message = "")
    {
        OrderId = orderId;
        Symbol = symbol;
        UtcTime = utcTime;
        Status = status;
        Direction = direction;
        FillPrice = fillPrice;
        FillQuantity = fillQuantity;
        FillPriceCurrency = string.Empty;
        OrderFee = orderFee;
        Message = message;
    }

    public OrderEvent(Order order, DateTime utcTime, OrderFee orderFee, string message = "")
    {
        OrderId = order.Id;
        Symbol = order.Symbol;
        UtcTime = utcTime;
        Status = order.Status;
        Direction = order.Direction;
        _quantity = order.Quantity;
        FillPriceCurrency = order.PriceCurrency;
        OrderFee = orderFee;
        Message = message;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text, $"Time: {UtcTime} OrderID: {OrderId} EventID: {Id} Symbol: {Symbol.Value} Status: {Status} Quantity: {Quantity}");
        Describe(text, " FillQuantity: ", " FillPrice: ", " LimitPrice: ", " OrderFee: ", " Message: ");
        return text.ToString();
    }

    public string ShortToString()
    {
        var text = new StringBuilder();
        Append(text, $"{UtcTime} OID:{OrderId} {Symbol.Value} {Status} Q:{Quantity}");
        Describe(text, " FQ:", " FP:", " LP:", " OF:" + Currencies.GetCurrencySymbol(FillPriceCurrency), " M:");
        return text.ToString();
    }

    public OrderEvent Clone() => (OrderEvent)MemberwiseClone();

    private void Describe(StringBuilder text, string fill, string price, string limit, string fee, string message)
    {
        var currency = Currencies.GetCurrencySymbol(FillPriceCurrency);
        if (FillQuantity != 0)
        {
            Append(text, $"{fill}{FillQuantity}{price}{currency}{FillPrice.SmartRounding()}");
        }
        if (LimitPrice.HasValue)
        {
            Append(text, $"{limit}{currency}{LimitPrice.Value.SmartRounding()}");
        }
        if (OrderFee.Value.Amount != 0m)
        {
            Append(text, $"{fee}{OrderFee}");
        }
        if (!string.IsNullOrEmpty(Message))
        {
            Append(text, $"{message}{Message}");
        }
    }

    private static void Append(StringBuilder text, FormattableString part)
        => text.Append(part.ToString(CultureInfo.InvariantCulture));
}
