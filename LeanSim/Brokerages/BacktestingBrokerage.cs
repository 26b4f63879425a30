namespace QuantConnect.Brokerages.Backtesting;

/// <summary>Holds the pending orders and fills them with the securities' fill models, in order of their ids.</summary>
public class BacktestingBrokerage : Brokerage
{
    private readonly QCAlgorithm _algorithm;
    private readonly SortedList<int, Pending> _pending = new();

    public BacktestingBrokerage(IAlgorithm algorithm)
        : this(algorithm, "Backtesting Brokerage")
    {
    }

    protected BacktestingBrokerage(IAlgorithm algorithm, string name)
        : base(name) => _algorithm = (QCAlgorithm)(Algorithm = algorithm);

    protected IAlgorithm Algorithm { get; init; }

    public override bool IsConnected => true;

    public override void Connect() { }

    public override void Disconnect() { }

    public override List<Order> GetOpenOrders() => Algorithm.Transactions.GetOpenOrders();

    public override List<Holding> GetAccountHoldings() =>
        Algorithm.Securities.Values.Where(security => security.Holdings.Quantity != 0m).OrderBy(security => security.Symbol)
            .Select(security => new Holding { Symbol = security.Symbol, Quantity = security.Holdings.Quantity, AveragePrice = security.Holdings.AveragePrice, MarketPrice = security.Holdings.Price })
            .ToList();

    public override List<CashAmount> GetCashBalance() => Algorithm.Portfolio.CashBook.Select(entry => new CashAmount(entry.Value.Amount, entry.Key)).ToList();

    public override bool PlaceOrder(Order order)
    {
        if (order.Status != OrderStatus.New)
            return false;
        _pending[order.Id] = new Pending(order);
        Acknowledge(order, OrderStatus.Submitted);
        return true;
    }

    public override bool UpdateOrder(Order order)
    {
        if (!_pending.ContainsKey(order.Id))
            return false;
        Acknowledge(order, OrderStatus.UpdateSubmitted);
        return true;
    }

    public override bool CancelOrder(Order order)
    {
        // LEAN reports the order as canceled even if it was not pending any more.
        var wasPending = _pending.Remove(order.Id);
        Acknowledge(order, OrderStatus.Canceled);
        return wasPending;
    }

    /// <summary>
    /// Tries to fill each order that was pending at the start. Events may place orders, which scans again within;
    /// orders closed meanwhile are skipped.
    /// </summary>
    internal void Scan()
    {
        if (_pending.Count == 0)
            return;
        if (_pending.Count == 1)
        {
            Try(_pending.Values[0]);
            return;
        }
        var snapshot = new Pending[_pending.Count];
        _pending.Values.CopyTo(snapshot, 0);
        foreach (var pending in snapshot)
            Try(pending);
    }

    internal static string InsufficientBuyingPower(Order order, Security security, HasSufficientBuyingPowerForOrderResult result)
        => string.Create(CultureInfo.InvariantCulture,
            $"Order Error: ids: [{order.Id}], Insufficient buying power to complete orders (Value:[{order.GetValue(security).SmartRounding()}]), Reason: {result.Reason}.");

    private void Try(Pending pending)
    {
        var order = pending.Order;
        if (order.Status.IsClosed())
        {
            _pending.Remove(order.Id);
            return;
        }
        // Only a market order may fill at the moment when it was placed.
        if (order.Time == _algorithm.UtcTime && order.Type != OrderType.Market)
            return;
        if (!_algorithm.Portfolio.Securities.TryGetValue(order.Symbol, out var security))
        {
            Log.Error($"{order.Symbol} is gone: order {order.Id.ToString(CultureInfo.InvariantCulture)} becomes invalid");
            Remove(order, OrderStatus.Invalid);
            return;
        }
        if (order.TimeInForce.IsOrderExpired(security, order))
        {
            Remove(order, OrderStatus.Canceled, "The order has expired.");
            return;
        }
        if (!_algorithm.BrokerageModel.CanExecuteOrder(security, order))
            return;
        HasSufficientBuyingPowerForOrderResult power;
        try
        {
            power = _algorithm.Portfolio.HasSufficientBuyingPowerForOrder(pending.AsList);
        }
        catch (Exception error)
        {
            Remove(order, OrderStatus.Invalid, error.Message);
            Log.Error(error);
            _algorithm.Error($"Order Error: ids: [{order.Id.ToString(CultureInfo.InvariantCulture)}], Error executing margin models: {error.Message}");
            return;
        }
        if (!power.IsSufficient)
        {
            if (order.Status != OrderStatus.CancelPending)
            {
                var message = InsufficientBuyingPower(order, security, power);
                Remove(order, OrderStatus.Invalid, message);
                _algorithm.Error(message);
            }
            return;
        }
        Report(order, FillsOf(pending, security));
    }

    private List<OrderEvent> FillsOf(Pending pending, Security security)
    {
        var order = pending.Order;
        var fills = new List<OrderEvent>(1);
        try
        {
            var fill = security.FillModel.Fill(pending.Context(_algorithm, security));
            fills.AddRange(fill);
            foreach (var orderEvent in fills)
                if (!order.TimeInForce.IsFillValid(security, order, orderEvent))
                {
                    fills.Clear();
                    break;
                }
            foreach (var orderEvent in fills)
                if (orderEvent.Status == OrderStatus.Filled && orderEvent.OrderFee.Value.Amount == 0m)
                    orderEvent.OrderFee = security.FeeModel.GetOrderFee(new OrderFeeParameters(security, order));
        }
        catch (Exception error)
        {
            Log.Error(error);
            _algorithm.Error($"Order Error: id: {order.Id.ToString(CultureInfo.InvariantCulture)}, Transaction model failed to fill for order type: {order.Type} with error: {error.Message}");
        }
        return fills;
    }

    private void Report(Order order, List<OrderEvent> fills)
    {
        if (fills.Count == 0)
            return;
        var done = true;
        List<OrderEvent> events = null;
        foreach (var fill in fills)
        {
            done &= fill.Status.IsClosed();
            if (fill.OrderId == order.Id && (fill.Status != order.Status || fill.FillQuantity != 0))
            {
                order.Status = fill.Status;
                (events ??= new List<OrderEvent>(fills.Count)).Add(fill);
            }
        }
        if (events != null)
            OnOrderEvents(events);
        if (done)
            _pending.Remove(order.Id);
    }

    private void Acknowledge(Order order, OrderStatus status)
    {
        var brokerId = order.Id.ToString(CultureInfo.InvariantCulture);
        if (!order.BrokerId.Contains(brokerId))
            order.BrokerId.Add(brokerId);
        OnOrderEvent(new OrderEvent(order, _algorithm.UtcTime, OrderFee.Zero) { Status = status });
    }

    private void Remove(Order order, OrderStatus status, string message = "")
    {
        _pending.Remove(order.Id);
        OnOrderEvent(new OrderEvent(order, _algorithm.UtcTime, OrderFee.Zero, message) { Status = status });
    }

    private sealed class Pending
    {
        private FillModelParameters _context;
        internal Pending(Order order)
        {
            Order = order;
            AsList = new List<Order>(1) { order };
        }
        internal Order Order { get; }
        internal List<Order> AsList { get; }
        internal FillModelParameters Context(QCAlgorithm algorithm, Security security)
        {
            var stale = algorithm.Settings.StalePriceTimeSpan;
            if (_context == null || _context.Security != security || _context.StalePriceTimeSpan != stale)
                _context = new FillModelParameters(security, Order, algorithm.SubscriptionManager.SubscriptionDataConfigService, stale,
                    new Dictionary<Order, Security> { { Order, security } });
            return _context;
        }
    }
}
