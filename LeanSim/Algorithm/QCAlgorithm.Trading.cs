namespace QuantConnect.Algorithm;

public partial class QCAlgorithm
{
    private bool _warnedLiquidateUnknown;
    public SecurityTransactionManager Transactions { get; set; }
    public OrderTicket Buy(Symbol symbol, decimal quantity) => Order(symbol, Math.Abs(quantity));
    public OrderTicket Sell(Symbol symbol, decimal quantity) => Order(symbol, -Math.Abs(quantity));
    public OrderTicket Order(Symbol symbol, decimal quantity) => MarketOrder(symbol, quantity);

    public OrderTicket Order(Symbol symbol, decimal quantity, bool asynchronous = false, string tag = "", IOrderProperties orderProperties = null)
        => MarketOrder(symbol, quantity, asynchronous, tag, orderProperties);

    public OrderTicket MarketOrder(Symbol symbol, int quantity, bool asynchronous = false, string tag = "", IOrderProperties orderProperties = null)
        => MarketOrder(symbol, (decimal)quantity, asynchronous, tag, orderProperties);

    public OrderTicket MarketOrder(Symbol symbol, double quantity, bool asynchronous = false, string tag = "", IOrderProperties orderProperties = null)
        => MarketOrder(symbol, quantity.SafeDecimalCast(), asynchronous, tag, orderProperties);

    public OrderTicket MarketOrder(Symbol symbol, decimal quantity, bool asynchronous = false, string tag = "", IOrderProperties orderProperties = null)
        => Submit(OrderType.Market, symbol, quantity, 0, asynchronous, tag, orderProperties);

    public OrderTicket LimitOrder(Symbol symbol, decimal quantity, decimal limitPrice, bool asynchronous = false, string tag = "", IOrderProperties orderProperties = null)
        => Submit(OrderType.Limit, symbol, quantity, limitPrice, asynchronous, tag, orderProperties);

    public OrderTicket SubmitOrderRequest(SubmitOrderRequest request)
    {
        if (request.OrderType is not (OrderType.Market or OrderType.Limit))
            throw NoOrdersOf(request.OrderType);
        var refusal = PreOrderCheck(request);
        if (refusal == null)
            return Transactions.AddOrder(request);
        Error(refusal.ErrorMessage);
        return OrderTicket.InvalidSubmitRequest(Transactions, request, refusal);
    }

    public List<OrderTicket> Liquidate(Symbol symbol = null, bool asynchronous = false, string tag = null, IOrderProperties orderProperties = null)
        => Liquidate(symbol != null ? new[] { symbol } : Securities.Keys.OrderBy(x => x.Value).ToArray(), asynchronous, tag, orderProperties);

    public List<OrderTicket> Liquidate(IEnumerable<Symbol> symbols, bool asynchronous = false, string tag = null, IOrderProperties orderProperties = null)
    {
        var tickets = new List<OrderTicket>();
        if (!Settings.LiquidateEnabled)
        {
            Debug("Liquidate() is disabled by Settings.LiquidateEnabled.");
            return tickets;
        }
        tag ??= "Liquidated";
        foreach (var symbol in symbols)
        {
            if (Securities.TryGetValue(symbol, out var security))
            {
                if (Close(security, asynchronous, tag, orderProperties) is { } ticket)
                    tickets.Add(ticket);
            }
            else if (!_warnedLiquidateUnknown)
            {
                _warnedLiquidateUnknown = true;
                Debug($"Warning: Liquidate() ignores {symbol}, which was not added.");
            }
        }
        return tickets;
    }

    private OrderTicket Submit(OrderType type, Symbol symbol, decimal quantity, decimal limitPrice, bool asynchronous, string tag, IOrderProperties properties)
    {
        var security = SecurityToOrder(symbol);
        return SubmitOrderRequest(new SubmitOrderRequest(type, security.Type, security.Symbol, quantity, 0, limitPrice, 0, UtcTime, tag,
            properties ?? DefaultOrderProperties?.Clone(), null, asynchronous));
    }

    private Security SecurityToOrder(Symbol symbol)
        => Securities.TryGetValue(symbol, out var security) && (security.IsTradable || security.IsDelisted)
            ? security
            : throw new NotSupportedException($"LeanSim does not support orders for {symbol}, which is not subscribed (LEAN adds it and takes a price from history): add it first");

    private OrderResponse PreOrderCheck(SubmitOrderRequest request)
    {
        if (IsWarmingUp)
            return OrderResponse.WarmingUp(request);
        var symbol = request.Symbol;
        if (!Securities.TryGetValue(symbol, out var security))
            return OrderResponse.MissingSecurity(request);
        if (request.Quantity == 0)
            return OrderResponse.ZeroQuantity(request);
        OrderResponse Refuse(OrderResponseErrorCode code, string reason) => OrderResponse.Error(request, code, reason);
        var lot = security.SymbolProperties.LotSize;
        if (Math.Abs(request.Quantity) < lot)
            return Refuse(OrderResponseErrorCode.OrderQuantityLessThanLotSize,
                $"The order of {request.Quantity.ToStringInvariant()} {symbol.Value} is less than the lot size {lot.ToStringInvariant()}.");
        if (!security.IsTradable)
            return Refuse(OrderResponseErrorCode.NonTradableSecurity, $"{symbol} is not tradable.");
        if (security.Price == 0)
            return Refuse(OrderResponseErrorCode.SecurityPriceZero, $"{symbol} has no price yet: order when it has data.");
        var quote = security.QuoteCurrency;
        if (!Portfolio.CashBook.ContainsKey(quote.Symbol))
            return Refuse(OrderResponseErrorCode.QuoteCurrencyRequired, $"{symbol.Value} needs {quote.Symbol} in the cash book.");
        if (quote.ConversionRate == 0m)
            return Refuse(OrderResponseErrorCode.ConversionRateZero, $"{symbol.Value} needs a conversion rate of {quote.Symbol}; there may be no data for it yet.");
        if (security.Type == SecurityType.Crypto)
        {
            var baseCurrency = ((IBaseCurrencySymbol)security).BaseCurrency.Symbol;
            if (!Portfolio.CashBook.TryGetValue(baseCurrency, out var cash))
                return Refuse(OrderResponseErrorCode.ForexBaseAndQuoteCurrenciesRequired, $"{symbol.Value} needs {baseCurrency} in the cash book.");
            if (cash.ConversionRate == 0m)
                return Refuse(OrderResponseErrorCode.ForexConversionRateZero, $"{symbol.Value} needs a conversion rate of {baseCurrency}; there may be no data for it yet.");
        }
        if (!security.HasData)
            return Refuse(OrderResponseErrorCode.SecurityHasNoData, $"{symbol} has no data yet.");
        return null;
    }

    private OrderTicket Close(Security security, bool asynchronous, string tag, IOrderProperties properties)
    {
        var open = Transactions.GetOpenOrders(security.Symbol);
        var quantity = Portfolio[security.Symbol].Invested ? security.Holdings.Quantity : 0m;
        if (quantity != 0 && open.Count == 1 && open[0].Type == OrderType.Market && open[0].Quantity == -quantity)
            return null;
        var onTheWay = 0m;
        foreach (var order in open)
            if (order.Type == OrderType.Market)
                onTheWay += Transactions.GetOrderTicket(order.Id)?.QuantityRemaining ?? 0m;
            else
                Transactions.CancelOrder(order.Id, tag);
        return quantity == 0 ? null : Order(security.Symbol, -quantity - onTheWay, asynchronous, tag, properties);
    }

    private static NotSupportedException NoOrdersOf(OrderType type) => new($"LeanSim does not support {type} orders: run on LEAN");
}
