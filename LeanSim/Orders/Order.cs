namespace QuantConnect.Orders;

/// <summary>An order with its current state.</summary>
public abstract class Order
{
    private decimal _quantity;
    private decimal _price;
    private int _lastEventId;
    public int Id { get; internal set; }
    public int ContingentId { get; internal set; }
    public List<string> BrokerId { get; internal set; }
    public Symbol Symbol { get; internal set; }

    public decimal Price
    {
        get => _price;
        internal set => _price = value.Normalize();
    }

    public string PriceCurrency { get; internal set; }
    public DateTime Time { get; internal set; }
    public DateTime? LastFillTime { get; internal set; }
    public DateTime? LastUpdateTime { get; internal set; }
    public DateTime? CanceledTime { get; internal set; }

    public virtual decimal Quantity
    {
        get => _quantity;
        internal set => _quantity = value.Normalize();
    }

    public abstract OrderType Type { get; }
    public OrderStatus Status { get; set; }
    public TimeInForce TimeInForce => Properties.TimeInForce;
    public string Tag { get; internal set; }
    public IOrderProperties Properties { get; internal set; }
    public OrderDirection Direction => _quantity > 0 ? OrderDirection.Buy : _quantity < 0 ? OrderDirection.Sell : OrderDirection.Hold;
    public decimal AbsoluteQuantity => Math.Abs(Quantity);
    public OrderSubmissionData OrderSubmissionData { get; internal set; }

    public bool IsMarketable
    {
        get
        {
            if (this is not LimitOrder limit)
                return Type is OrderType.Market or OrderType.ComboMarket;
            if (OrderSubmissionData == null)
                return false;
            return Direction switch
            {
                OrderDirection.Buy => limit.LimitPrice >= OrderSubmissionData.AskPrice,
                OrderDirection.Sell => limit.LimitPrice <= OrderSubmissionData.BidPrice,
                _ => false
            };
        }
    }

    protected Order()
    {
        PriceCurrency = string.Empty;
        Symbol = Symbol.Empty;
        Status = OrderStatus.None;
        Tag = string.Empty;
        BrokerId = new List<string>();
        Properties = new OrderProperties();
    }

    protected Order(Symbol symbol, decimal quantity, DateTime time, string tag = "", IOrderProperties properties = null)
    {
        Symbol = symbol;
        Quantity = quantity;
        Time = time;
        Tag = tag;
        Properties = properties ?? new OrderProperties();
        PriceCurrency = string.Empty;
        Status = OrderStatus.None;
        BrokerId = new List<string>();
    }

    public decimal GetValue(Security security)
        => GetValueImpl(security) * security.QuoteCurrency.ConversionRate * security.SymbolProperties.ContractMultiplier;

    protected abstract decimal GetValueImpl(Security security);
    public virtual string GetDefaultTag() => string.Empty;
    internal int GetNewId() => ++_lastEventId;

    public virtual void ApplyUpdateOrderRequest(UpdateOrderRequest request)
    {
        if (request.OrderId != Id)
            throw new ArgumentException($"The update is for order {request.OrderId}, not for order {Id}.");
        Quantity = request.Quantity ?? _quantity;
        Tag = request.Tag ?? Tag;
    }

    public override string ToString()
    {
        var units = Quantity == 1 ? "unit" : "units";
        var text = string.Create(CultureInfo.InvariantCulture,
            $"OrderId: {Id} (BrokerId: {string.Join(",", BrokerId)}) {Status} {Type} order for {Quantity} {units} of {Symbol}");
        return string.IsNullOrEmpty(Tag) ? text : text + ": " + Tag;
    }

    public abstract Order Clone();

    protected void CopyTo(Order order)
    {
        order.Id = Id;
        order.ContingentId = ContingentId;
        order.Symbol = Symbol;
        order.Quantity = Quantity;
        order.Status = Status;
        order.Tag = Tag;
        order.Time = Time;
        order.LastFillTime = LastFillTime;
        order.LastUpdateTime = LastUpdateTime;
        order.CanceledTime = CanceledTime;
        order.Price = Price;
        order.PriceCurrency = PriceCurrency;
        order.BrokerId = new List<string>(BrokerId);
        order.Properties = Properties.Clone();
        order.OrderSubmissionData = OrderSubmissionData?.Clone();
    }

    public static Order CreateOrder(SubmitOrderRequest request)
    {
        Order order = request.OrderType switch
        {
            OrderType.Market => new MarketOrder(request.Symbol, request.Quantity, request.Time, request.Tag, request.OrderProperties),
            OrderType.Limit => new LimitOrder(request.Symbol, request.Quantity, request.LimitPrice, request.Time, request.Tag, request.OrderProperties),
            _ => throw new NotSupportedException($"LeanSim does not support {request.OrderType} orders: run on LEAN")
        };
        order.Status = OrderStatus.New;
        order.Id = request.OrderId;
        return order;
    }
}

/// <summary>An order filled at the market.</summary>
public class MarketOrder : Order
{
    public MarketOrder() { }

    public MarketOrder(Symbol symbol, decimal quantity, DateTime time, string tag = "", IOrderProperties properties = null)
        : base(symbol, quantity, time, tag, properties) { }

    public override OrderType Type => OrderType.Market;
    protected override decimal GetValueImpl(Security security) => Quantity * security.Price;

    public override Order Clone()
    {
        var copy = new MarketOrder();
        CopyTo(copy);
        return copy;
    }
}

/// <summary>An order filled at its limit price or better.</summary>
public class LimitOrder : Order
{
    public LimitOrder() { }

    public LimitOrder(Symbol symbol, decimal quantity, decimal limitPrice, DateTime time, string tag = "", IOrderProperties properties = null)
        : base(symbol, quantity, time, tag, properties)
    {
        LimitPrice = limitPrice;
    }

    public decimal LimitPrice { get; internal set; }
    public override OrderType Type => OrderType.Limit;
    public override string GetDefaultTag() => string.Empty;

    protected override decimal GetValueImpl(Security security)
    {
        var price = Quantity > 0 ? Math.Min(LimitPrice, security.Price) : Math.Max(LimitPrice, security.Price);
        return Quantity == 0 ? 0m : Quantity * price;
    }

    public override void ApplyUpdateOrderRequest(UpdateOrderRequest request)
    {
        base.ApplyUpdateOrderRequest(request);
        LimitPrice = request.LimitPrice ?? LimitPrice;
    }

    public override string ToString()
        => $"{base.ToString()} at limit {Currencies.GetCurrencySymbol(PriceCurrency)}{LimitPrice.SmartRounding().ToString(CultureInfo.InvariantCulture)}";

    public override Order Clone()
    {
        var copy = new LimitOrder { LimitPrice = LimitPrice };
        CopyTo(copy);
        return copy;
    }
}

/// <summary>The quote and last price at submission.</summary>
public class OrderSubmissionData(decimal bidPrice, decimal askPrice, decimal lastPrice)
{
    public decimal BidPrice { get; } = bidPrice;
    public decimal AskPrice { get; } = askPrice;
    public decimal LastPrice { get; } = lastPrice;
    public OrderSubmissionData Clone() => (OrderSubmissionData)MemberwiseClone();
}
