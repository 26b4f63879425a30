namespace QuantConnect.Orders;

/// <summary>A change of an order: its new state and what was filled by it.</summary>
public class OrderEvent(Order order, DateTime utcTime, OrderFee orderFee, string message = "")
{
    private decimal _fillPrice;
    private decimal _fillQuantity;
    private decimal _quantity = order.Quantity;
    private decimal? _limitPrice;
    public int OrderId { get; set; } = order.Id;
    public int Id { get; set; }
    public Symbol Symbol { get; set; } = order.Symbol;
    public DateTime UtcTime { get; set; } = utcTime;
    public OrderStatus Status { get; set; } = order.Status;
    public OrderFee OrderFee { get; set; } = orderFee;

    public decimal FillPrice
    {
        get => _fillPrice;
        set => _fillPrice = value.Normalize();
    }

    public string FillPriceCurrency { get; set; } = order.PriceCurrency;

    public decimal FillQuantity
    {
        get => _fillQuantity;
        set => _fillQuantity = value.Normalize();
    }

    public decimal AbsoluteFillQuantity => Math.Abs(FillQuantity);
    public OrderDirection Direction { get; set; } = order.Direction;
    public string Message { get; set; } = message;
    public decimal? LimitPrice
    {
        get => _limitPrice;
        set => _limitPrice = value?.Normalize() ?? _limitPrice;
    }

    public decimal Quantity
    {
        get => _quantity;
        set => _quantity = value.Normalize();
    }

    public OrderTicket Ticket { get; set; }

    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text, $"Time: {UtcTime} OrderID: {OrderId} EventID: {Id} Symbol: {Symbol.Value} Status: {Status} Quantity: {Quantity}");
        Describe(text, " FillQuantity: ", " FillPrice: ", " LimitPrice: ", " OrderFee: ", " Message: ");
        return text.ToString();
    }

    private void Describe(StringBuilder text, string fill, string price, string limit, string fee, string message)
    {
        var currency = Currencies.GetCurrencySymbol(FillPriceCurrency);
        if (FillQuantity != 0)
            Append(text, $"{fill}{FillQuantity}{price}{currency}{FillPrice.SmartRounding()}");
        if (LimitPrice.HasValue)
            Append(text, $"{limit}{currency}{LimitPrice.Value.SmartRounding()}");
        if (OrderFee.Value.Amount != 0m)
            Append(text, $"{fee}{OrderFee}");
        if (!string.IsNullOrEmpty(Message))
            Append(text, $"{message}{Message}");
    }

    private static void Append(StringBuilder text, FormattableString part) => text.Append(part.ToString(CultureInfo.InvariantCulture));
}
