namespace QuantConnect.Orders;

/// <summary>
/// Takes order requests, checks them, hands them to the brokerage and books its events. A submit drains the whole queue
/// before it returns; updates and cancels wait for the next submit or engine step. In live, where LEAN has threads for
/// this, the host's pump stands for them: it is given its turn after each request.
/// </summary>
internal sealed class TransactionHandler : IOrderProcessor
{
    private readonly QCAlgorithm _algorithm;
    private readonly IBrokerage _brokerage;
    private readonly BacktestingBrokerage _simulated;
    private readonly Action _pump;
    private readonly Queue<OrderRequest> _queue = new();

    // LEAN enumerates concurrent dictionaries by bucket: the order of GetOpenOrders depends on it. Two locks pin the growth.
    private readonly ConcurrentDictionary<int, Entry> _open = new(2, 31);
    private readonly ConcurrentDictionary<int, Order> _orders = new(2, 31);
    private readonly ConcurrentDictionary<int, OrderTicket> _tickets = new(2, 31);
    private readonly Dictionary<int, OrderStatus> _statusBeforeCancel = new();
    private readonly List<OrderEvent> _eventLog = new();
    private IExecutionModel _execution;
    private bool _warnedLotSize;
    private bool _warnedPriceRounding;
    private bool _warnedBaseFee;
    private DateTime _lastFillUtc = DateTime.MinValue;

    internal TransactionHandler(QCAlgorithm algorithm, Func<IBrokerage> createBrokerage, Action pump)
    {
        _algorithm = algorithm;
        _pump = pump;
        algorithm.Transactions.SetOrderProcessor(this);
        _brokerage = createBrokerage();
        _simulated = _brokerage as BacktestingBrokerage;
        if (!algorithm.LiveMode && _simulated == null)
            throw new ArgumentException("A backtest needs a BacktestingBrokerage");
    }

    internal IBrokerage Brokerage => _brokerage;

    public int OrdersCount { get; private set; }

    /// <summary>Called for each order event before the algorithm sees it.</summary>
    internal event Action<OrderEvent> NewOrderEvent;

    /// <summary>Fixes the execution model that hears of order events: the one set when Initialize is over.</summary>
    internal void Start()
    {
        _execution = _algorithm.Execution;
        _brokerage.OrdersStatusChanged += (_, events) => HandleOrderEvents(events);
    }

    /// <summary>Takes over an order that is open at the brokerage.</summary>
    internal void AddOpenOrder(Order order)
    {
        var request = new SubmitOrderRequest(order.Type, order.Symbol.SecurityType, order.Symbol, order.Quantity, 0, (order as LimitOrder)?.LimitPrice ?? 0, order.Time, order.Tag);
        _algorithm.Transactions.SetOrderId(request);
        order.Id = request.OrderId;
        request.SetResponse(OrderResponse.Success(request), OrderRequestStatus.Processed);
        var ticket = new OrderTicket(_algorithm.Transactions, request);
        ticket.SetOrder(order);
        OrdersCount++;
        _tickets.TryAdd(order.Id, ticket);
        _open[order.Id] = new Entry(order, ticket, _algorithm.Securities[order.Symbol]);
        _orders.TryAdd(order.Id, order);
    }

    internal void ChangeBrokerId(int orderId, List<string> brokerId)
    {
        if (TryFind(orderId, out var entry))
            entry.Order.BrokerId = brokerId;
    }

    /// <summary>Handles what is queued, then lets the brokerage look at its pending orders.</summary>
    internal void ProcessSynchronousEvents()
    {
        if (_queue.Count != 0)
            Drain();
        Scan();
        if (_algorithm.LiveMode && !_algorithm.IsWarmingUp && _brokerage.ShouldPerformCashSync(_algorithm.UtcTime) && SinceLastFill() > TimeSpan.FromSeconds(10))
            _brokerage.PerformCashSync(_algorithm, _algorithm.UtcTime, SinceLastFill);
    }

    internal void Exit() => _queue.Clear();

    public OrderTicket Process(OrderRequest request) => request switch
    {
        SubmitOrderRequest submit => Submit(submit),
        UpdateOrderRequest update => Update(update),
        CancelOrderRequest cancel => Cancel(cancel),
        _ => throw new ArgumentOutOfRangeException(nameof(request))
    };

    public IEnumerable<OrderTicket> GetOrderTickets(Func<OrderTicket, bool> filter = null)
        => _tickets.Select(x => x.Value).Where(x => filter == null || filter(x));

    public IEnumerable<OrderTicket> GetOpenOrderTickets(Func<OrderTicket, bool> filter = null)
        => _open.IsEmpty ? Array.Empty<OrderTicket>() : _open.Select(x => x.Value.Ticket).Where(x => filter == null || filter(x));

    public Order GetOrderById(int orderId) => TryFind(orderId, out var entry) ? entry.Order.Clone() : null;

    public List<Order> GetOrdersByBrokerageId(string brokerageId)
    {
        var open = _open.Select(x => x.Value.Order).Where(order => order.BrokerId.Contains(brokerageId)).Select(order => order.Clone()).ToList();
        return open.Count > 0 ? open : _orders.Select(x => x.Value).Where(order => order.BrokerId.Contains(brokerageId)).Select(order => order.Clone()).ToList();
    }

    public OrderTicket GetOrderTicket(int orderId) => _tickets.TryGetValue(orderId, out var ticket) ? ticket : null;

    public List<Order> GetOpenOrders(Func<Order, bool> filter = null)
    {
        var result = new List<Order>();
        foreach (var (_, entry) in _open)
        {
            if (filter == null || filter(entry.Order))
                result.Add(entry.Order.Clone());
        }
        return result;
    }

    public ProjectedHoldings GetProjectedHoldings(Security security)
    {
        var open = 0m;
        if (!_open.IsEmpty)
            foreach (var (_, entry) in _open)
            {
                open += entry.Ticket.Symbol == security.Symbol ? entry.Ticket.QuantityRemaining : 0m;
            }
        return new ProjectedHoldings(security.Holdings.Quantity, open);
    }

    private OrderTicket Submit(SubmitOrderRequest request)
    {
        // The transaction manager has thrown for requests during warm up already.
        var response = request.Quantity < 0 && !_algorithm.Shortable(request.Symbol, request.Quantity)
            ? OrderResponse.Error(request, OrderResponseErrorCode.ExceedsShortableQuantity, NotShortable(request.Symbol, request.Quantity))
            : OrderResponse.Success(request);
        request.SetResponse(response);
        var order = Order.CreateOrder(request);
        var ticket = new OrderTicket(_algorithm.Transactions, request);
        var security = _algorithm.Securities[request.Symbol];
        OrdersCount++;
        _tickets.TryAdd(ticket.OrderId, ticket);
        if (response.IsSuccess)
        {
            order.OrderSubmissionData = new OrderSubmissionData(security.BidPrice, security.AskPrice, security.Close);
            _open[order.Id] = new Entry(order, ticket, security);
            _queue.Enqueue(request);
            Drain();
            return ticket;
        }
        order.PriceCurrency = security.SymbolProperties.QuoteCurrency;
        order.Status = OrderStatus.Invalid;
        order.Tag = response.ErrorMessage;
        ticket.SetOrder(order);
        _orders.TryAdd(order.Id, order);
        Emit(order, response.ErrorMessage);
        return ticket;
    }

    private OrderTicket Update(UpdateOrderRequest request)
    {
        if (!TryFind(request.OrderId, out var entry))
            return OrderTicket.InvalidUpdateOrderId(_algorithm.Transactions, request);
        var (order, ticket) = (entry.Order, entry.Ticket);
        ticket.AddUpdateRequest(request);
        var quantity = request.Quantity ?? ticket.Quantity;
        OrderResponse refusal = null;
        if (order.Status == OrderStatus.New)
            refusal = OrderResponse.InvalidNewStatus(request, order);
        else if (order.Status.IsClosed() && !request.IsAllowedForClosedOrder())
            refusal = OrderResponse.InvalidStatus(request, order);
        else if (request.Quantity == 0)
            refusal = OrderResponse.ZeroQuantity(request);
        else if ((order.Direction == OrderDirection.Sell || quantity < 0) && !_algorithm.Shortable(ticket.Symbol, quantity, order.Id))
            refusal = OrderResponse.Error(request, OrderResponseErrorCode.ExceedsShortableQuantity, NotShortable(ticket.Symbol, ticket.Quantity));
        Answer(request, refusal);
        return ticket;
    }

    private OrderTicket Cancel(CancelOrderRequest request)
    {
        if (!TryFind(request.OrderId, out var entry))
            return OrderTicket.InvalidCancelOrderId(_algorithm.Transactions, request);
        var order = entry.Order;
        if (!entry.Ticket.TrySetCancelRequest(request))
        {
            request.SetResponse(OrderResponse.Error(request, OrderResponseErrorCode.InvalidRequest, "The order is already being canceled."));
            return entry.Ticket;
        }
        order.Tag = request.Tag ?? order.Tag;
        OrderResponse refusal = null;
        if (order.Status == OrderStatus.New)
            refusal = OrderResponse.InvalidNewStatus(request, order);
        else if (order.Status.IsClosed())
            refusal = OrderResponse.InvalidStatus(request, order);
        else
        {
            _statusBeforeCancel[order.Id] = order.Status;
            order.Status = OrderStatus.CancelPending;
            try
            {
                Emit(order);
            }
            catch (Exception error)
            {
                Log.Error(error);
                refusal = OrderResponse.Error(request, OrderResponseErrorCode.ProcessingError, error.Message);
            }
        }
        Answer(request, refusal);
        return entry.Ticket;
    }

    private void Answer(OrderRequest request, OrderResponse refusal)
    {
        if (refusal != null)
        {
            request.SetResponse(refusal);
            return;
        }
        request.SetResponse(OrderResponse.Success(request), OrderRequestStatus.Processing);
        _queue.Enqueue(request);
    }

    /// <summary>
    /// Handles queued requests one by one, scanning after each. Order events may submit again:
    /// that call drains the same queue before it returns.
    /// </summary>
    private void Drain()
    {
        try
        {
            while (_queue.TryDequeue(out var request))
            {
                var response = request switch
                {
                    SubmitOrderRequest submit => Handle(submit),
                    UpdateOrderRequest update => Handle(update),
                    CancelOrderRequest cancel => Handle(cancel),
                    _ => throw new ArgumentOutOfRangeException(nameof(request))
                };
                request.SetResponse(response, OrderRequestStatus.Processed);
                Scan();
            }
        }
        catch (Exception error)
        {
            _algorithm.SetRuntimeError(error, "HandleOrderRequest");
        }
    }

    private void Scan()
    {
        _simulated?.Scan();
        _pump?.Invoke();
    }

    private TimeSpan SinceLastFill() => _algorithm.UtcTime - _lastFillUtc;

    private OrderResponse Handle(SubmitOrderRequest request)
    {
        if (!_open.TryGetValue(request.OrderId, out var entry) || !_orders.TryAdd(request.OrderId, entry.Order))
            return OrderResponse.Error(request, OrderResponseErrorCode.OrderAlreadyExists, $"There is already an order with id {Id(request.OrderId)}.");
        var (order, security) = (entry.Order, entry.Security);
        order.PriceCurrency = security.SymbolProperties.QuoteCurrency;
        if (string.IsNullOrEmpty(order.Tag))
            order.Tag = order.GetDefaultTag();
        RoundToLot(order, security);
        RoundPrices(order, security);
        entry.Ticket.SetOrder(order);
        if (order.Quantity == 0)
        {
            // LEAN reports this one before the event, the brokerage model's refusal after it.
            var zero = OrderResponse.ZeroQuantity(request);
            _algorithm.Error(zero.ErrorMessage);
            Invalidate(order, zero.ErrorMessage);
            return zero;
        }
        // The portfolio's security, as it may have been removed and added again.
        if (!_algorithm.Portfolio.Securities.TryGetValue(order.Symbol, out security))
        {
            var missing = OrderResponse.MissingSecurity(request);
            _algorithm.Error(missing.ErrorMessage);
            Invalidate(order, missing.ErrorMessage);
            return missing;
        }
        if (!TryBuyingPower(order, security, request, out var refusal))
            return refusal;
        if (!_algorithm.BrokerageModel.CanSubmitOrder(security, order, out var message))
        {
            message ??= new BrokerageMessageEvent(BrokerageMessageType.Warning, "InvalidOrder", string.Empty);
            var text = $"BrokerageModel declared unable to submit order: [{Id(order.Id)}] {message}";
            Invalidate(order, text);
            _algorithm.Error(text);
            return OrderResponse.Error(request, OrderResponseErrorCode.BrokerageModelRefusedToSubmitOrder, text);
        }
        string failure = null;
        try
        {
            if (!_brokerage.PlaceOrder(order))
                failure = string.Empty;
        }
        catch (Exception error)
        {
            Log.Error(error);
            failure = " " + error.Message;
        }
        if (failure != null)
        {
            var text = $"Brokerage failed to place order [{Id(order.Id)}]{failure}";
            Invalidate(order, text);
            _algorithm.Error(text);
            return OrderResponse.Error(request, OrderResponseErrorCode.BrokerageFailedToSubmitOrder, text);
        }
        return OrderResponse.Success(request);
    }

    private OrderResponse Handle(UpdateOrderRequest request)
    {
        if (!TryFind(request.OrderId, out var entry))
            return OrderResponse.UnableToFindOrder(request);
        var order = entry.Order;
        if (order.Status == OrderStatus.New)
            return OrderResponse.InvalidNewStatus(request, order);
        var closed = order.Status.IsClosed();
        if (closed && !request.IsAllowedForClosedOrder())
            return OrderResponse.InvalidStatus(request, order);
        var security = entry.Security ?? _algorithm.Securities[order.Symbol];
        RoundToLot(order, security);
        // In live it is the brokerage's affair.
        BrokerageMessageEvent message = null;
        if (!_algorithm.LiveMode && !_algorithm.BrokerageModel.CanUpdateOrder(security, order, request, out message))
        {
            message ??= new BrokerageMessageEvent(BrokerageMessageType.Warning, "InvalidRequest", $"Unable to update order {Id(order.Id)}");
            var text = $"OrderID: {Id(order.Id)} {message}";
            _algorithm.Error(text);
            Emit(order, "BrokerageModel declared unable to update order");
            return OrderResponse.Error(request, OrderResponseErrorCode.BrokerageModelRefusedToUpdateOrder, text);
        }
        var updated = order.Clone();
        updated.ApplyUpdateOrderRequest(request);
        if (!TryBuyingPower(updated, security, request, out var refusal))
            return refusal;
        order.ApplyUpdateOrderRequest(request);
        RoundPrices(order, security);
        entry.Ticket.SetOrder(order);
        if (closed || _brokerage.UpdateOrder(order))
            return OrderResponse.Success(request);
        var failure = $"Brokerage failed to update order with id {Id(request.OrderId)}";
        _algorithm.Error(failure);
        Emit(order, "Brokerage failed to update order");
        return OrderResponse.Error(request, OrderResponseErrorCode.BrokerageFailedToUpdateOrder, failure);
    }

    private OrderResponse Handle(CancelOrderRequest request)
    {
        if (!TryFind(request.OrderId, out var entry))
            return OrderResponse.UnableToFindOrder(request);
        var order = entry.Order;
        if (order.Status == OrderStatus.New || order.Status.IsClosed())
        {
            var response = order.Status == OrderStatus.New
                ? OrderResponse.InvalidNewStatus(request, order)
                : OrderResponse.InvalidStatus(request, order);
            RestoreStatus(order);
            return response;
        }
        entry.Ticket.SetOrder(order);
        if (!_brokerage.CancelOrder(order))
        {
            var failure = $"Brokerage failed to cancel order with id {Id(order.Id)}";
            _algorithm.Error(failure);
            RestoreStatus(order);
            return OrderResponse.Error(request, OrderResponseErrorCode.BrokerageFailedToCancelOrder, failure);
        }
        order.Tag = request.Tag ?? order.Tag;
        return OrderResponse.Success(request);
    }

    private bool TryBuyingPower(Order order, Security security, OrderRequest request, out OrderResponse refusal)
    {
        HasSufficientBuyingPowerForOrderResult result;
        refusal = null;
        try
        {
            result = _algorithm.Portfolio.HasSufficientBuyingPowerForOrder(new List<Order>(1) { order });
        }
        catch (Exception error)
        {
            Log.Error(error);
            _algorithm.Error($"Order Error: id: {Id(order.Id)}, Error executing margin models: {error.Message}");
            Emit(order, "Error executing margin models");
            refusal = OrderResponse.Error(request, OrderResponseErrorCode.ProcessingError, "The buying power check failed with an error.");
            return false;
        }
        if (result.IsSufficient)
            return true;
        if (request is UpdateOrderRequest)
        {
            var text = $"Brokerage failed to update order with id: {Id(order.Id)}, Symbol: {order.Symbol.Value}, Insufficient buying power, Reason: {result.Reason}.";
            _algorithm.Error(text);
            Emit(order, text);
            refusal = OrderResponse.Error(request, OrderResponseErrorCode.BrokerageFailedToUpdateOrder, text);
        }
        else
        {
            var text = BacktestingBrokerage.InsufficientBuyingPower(order, security, result);
            _algorithm.Error(text);
            Invalidate(order, text);
            refusal = OrderResponse.Error(request, OrderResponseErrorCode.InsufficientBuyingPower, text);
        }
        return false;
    }

    /// <summary>Books events of one brokerage message: states first, then fills, then the tickets, then the algorithm hears of each.</summary>
    private void HandleOrderEvents(List<OrderEvent> events)
    {
        var entries = new Entry[events.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            var orderEvent = events[i];
            if (orderEvent.Status.IsClosed() && _open.TryRemove(orderEvent.OrderId, out var entry))
            {
                _orders[orderEvent.OrderId] = entry.Order;
                _tickets[orderEvent.OrderId] = entry.Ticket;
            }
            else if (!TryFind(orderEvent.OrderId, out entry))
            {
                Log.Error($"TransactionHandler: an event for the unknown order {Id(orderEvent.OrderId)}");
                return;
            }
            if (entry.Security == null || entry.Security.Symbol != orderEvent.Symbol)
                entry = new Entry(entry.Order, entry.Ticket, _algorithm.Securities[orderEvent.Symbol]);
            entries[i] = entry;
            orderEvent.Ticket = entry.Ticket;
        }
        var fills = new List<OrderEvent>(events.Count);
        for (var i = 0; i < entries.Length; i++)
        {
            var orderEvent = events[i];
            BookState(entries[i], orderEvent);
            if (orderEvent.Status.IsFill())
            {
                _lastFillUtc = _algorithm.UtcTime;
                TakeBaseFeeFromQuantity(entries[i], orderEvent);
                fills.Add(orderEvent);
            }
        }
        try
        {
            if (fills.Count != 0)
                _algorithm.Portfolio.ProcessFills(fills);
        }
        catch (Exception error)
        {
            Log.Error(error);
            _algorithm.Error($"Fill error: {error.Message}");
        }
        foreach (var orderEvent in events)
            orderEvent.Ticket.AddOrderEvent(orderEvent);
        _execution ??= _algorithm.Execution;
        foreach (var orderEvent in events)
        {
            if (orderEvent.Status == OrderStatus.None)
                continue;
            _eventLog.Add(orderEvent);
            NewOrderEvent?.Invoke(orderEvent);
            _execution.OnOrderEvent(_algorithm, orderEvent);
            try
            {
                _algorithm.OnOrderEvent(orderEvent);
            }
            catch (Exception error)
            {
                _algorithm.SetRuntimeError(error, "Order Event Handler");
            }
        }
    }

    private void BookState(Entry entry, OrderEvent orderEvent)
    {
        var order = entry.Order;
        var status = orderEvent.Status;
        if (_statusBeforeCancel.Count != 0 && _statusBeforeCancel.ContainsKey(order.Id))
            if (status.IsClosed())
                _statusBeforeCancel.Remove(order.Id);
            else if (status != OrderStatus.CancelPending)
                _statusBeforeCancel[order.Id] = status;
        // An order that ended well does not become invalid afterwards.
        if (status != OrderStatus.Invalid || order.Status is not (OrderStatus.Filled or OrderStatus.Canceled))
            order.Status = status;
        orderEvent.Id = order.GetNewId();
        orderEvent.Quantity = order.Quantity;
        if (order is LimitOrder limit)
            orderEvent.LimitPrice = limit.LimitPrice;
        if (status == OrderStatus.Canceled)
            order.CanceledTime = orderEvent.UtcTime;
        else if (status.IsFill())
            order.LastFillTime = orderEvent.UtcTime;
        else if (status is OrderStatus.Submitted or OrderStatus.UpdateSubmitted && entry.Ticket.HasUpdateRequests)
            order.LastUpdateTime = orderEvent.UtcTime;
    }

    /// <summary>A spot buy whose fee is in the base coin delivers that much less, so that holdings equal the coins received.</summary>
    private void TakeBaseFeeFromQuantity(Entry entry, OrderEvent orderEvent)
    {
        if (entry.Security.Type != SecurityType.Crypto || entry.Order.Direction != OrderDirection.Buy
            || entry.Security is not IBaseCurrencySymbol pair
            || orderEvent.OrderFee.Value.Currency != pair.BaseCurrency.Symbol)
        {
            return;
        }
        orderEvent.FillQuantity -= orderEvent.OrderFee.Value.Amount;
        orderEvent.OrderFee = new ModifiedFillQuantityOrderFee(orderEvent.OrderFee.Value,
            entry.Security.QuoteCurrency.Symbol, entry.Security.SymbolProperties.ContractMultiplier);
        if (!_warnedBaseFee)
        {
            _warnedBaseFee = true;
            _algorithm.Debug("Fees in the base currency of a buy are taken from the filled quantity, so that holdings are what was received.");
        }
    }

    private bool TryFind(int orderId, out Entry entry)
    {
        if (_open.TryGetValue(orderId, out entry))
            return true;
        if (_orders.TryGetValue(orderId, out var order) && _tickets.TryGetValue(orderId, out var ticket))
        {
            entry = new Entry(order, ticket, null);
            return true;
        }
        return false;
    }

    private void RestoreStatus(Order order)
    {
        if (_statusBeforeCancel.Remove(order.Id, out var status))
            order.Status = status;
    }

    private void Invalidate(Order order, string message)
    {
        if (!order.Status.IsClosed())
            order.Status = OrderStatus.Invalid;
        Emit(order, message);
    }

    private void Emit(Order order, string message = "")
        => HandleOrderEvents(new List<OrderEvent>(1) { new(order, _algorithm.UtcTime, OrderFee.Zero, message) });

    private void RoundToLot(Order order, Security security)
    {
        var excess = order.Quantity % security.SymbolProperties.LotSize;
        if (excess == 0)
            return;
        order.Quantity -= excess;
        if (!_warnedLotSize)
        {
            _warnedLotSize = true;
            _algorithm.Error($"Warning: order quantities are rounded to whole lots of {security.SymbolProperties.LotSize.ToStringInvariant()}");
        }
    }

    private void RoundPrices(Order order, Security security)
    {
        if (order is not LimitOrder limit)
            return;
        var tick = security.PriceVariationModel.GetMinimumPriceVariation(new GetMinimumPriceVariationParameters(security, limit.LimitPrice));
        if (tick <= 0)
            return;
        var price = limit.LimitPrice;
        limit.LimitPrice = Math.Round(price / tick) * tick;
        if (price != limit.LimitPrice && !_warnedPriceRounding)
        {
            _warnedPriceRounding = true;
            _algorithm.Error($"Warning: the limit price {price.ToStringInvariant()} was rounded to {limit.LimitPrice.ToStringInvariant()}");
        }
    }

    private string NotShortable(Symbol symbol, decimal quantity)
        => $"{symbol}: the order of {quantity.ToStringInvariant()} exceeds the shortable quantity {Id((int)_algorithm.ShortableQuantity(symbol))}";

    private static string Id(int id) => id.ToString(CultureInfo.InvariantCulture);
    private sealed record Entry(Order Order, OrderTicket Ticket, Security Security);
}
