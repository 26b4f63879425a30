namespace QuantConnect.Brokerages;

/// <summary>Coinbase spot: a cash account; good-til-canceled limit orders can be updated.</summary>
public class CoinbaseBrokerageModel : DefaultBrokerageModel
{
    public override IReadOnlyDictionary<SecurityType, string> DefaultMarkets => GetDefaultMarkets(Market.Coinbase);

    public CoinbaseBrokerageModel(AccountType accountType = AccountType.Cash)
        : base(accountType)
    {
        if (accountType == AccountType.Margin)
            throw new ArgumentException("Coinbase has only cash accounts", nameof(accountType));
    }

    public override decimal GetLeverage(Security security) => 1m;

    public override IBenchmark GetBenchmark(SecurityManager securities) =>
        SecurityBenchmark.CreateInstance(securities, Symbol.Create("BTCUSD", SecurityType.Crypto, Market.Coinbase));

    public override IFeeModel GetFeeModel(Security security) => new CoinbaseFeeModel();
    public override IBuyingPowerModel GetBuyingPowerModel(Security security) => new CashBuyingPowerModel();

    public override bool CanUpdateOrder(Security security, Order order, UpdateOrderRequest request, out BrokerageMessageEvent message)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(security);
        ArgumentNullException.ThrowIfNull(request);
        var reason = true switch
        {
            _ when order.Type != OrderType.Limit => BrokerageMessageEvent.NotSupported($"{order.Type} orders cannot be updated, only limit orders"),
            _ when order.TimeInForce != TimeInForce.GoodTilCanceled =>
                BrokerageMessageEvent.NotSupported("Only good-til-canceled orders can be updated"),
            _ when !BybitBrokerageModel.IsUpdatable(order.Status) =>
                BrokerageMessageEvent.NotSupported($"An order that is {order.Status} cannot be updated"),
            _ when request.Quantity.HasValue && !IsOrderSizeLargeEnough(security, Math.Abs(request.Quantity.Value)) =>
                BrokerageMessageEvent.TooSmall(security, request.Quantity.Value),
            _ => null
        };
        message = reason;
        return reason == null;
    }

    public override bool CanSubmitOrder(Security security, Order order, out BrokerageMessageEvent message)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(security);
        if (order.BrokerId is { Count: > 0 })
        {
            // an order that is at the brokerage already
            return Refuse(BrokerageMessageEvent.NoUpdates(), out message);
        }
        if (!IsValidOrderSize(security, order.Quantity, out message))
            return false;
        if (security.Type != SecurityType.Crypto)
            return Refuse(BrokerageMessageEvent.TypeNotSupported(this, security), out message);
        if (order.Type is not (OrderType.Limit or OrderType.Market))
            return Refuse(BrokerageMessageEvent.OrderTypeNotSupported(this, order), out message);
        if (!IsOrderSizeLargeEnough(security, Math.Abs(order.Quantity)))
            return Refuse(BrokerageMessageEvent.TooSmall(security, order.Quantity), out message);
        return base.CanSubmitOrder(security, order, out message);
    }

    protected virtual bool IsOrderSizeLargeEnough(Security security, decimal orderQuantity) =>
        !(orderQuantity < security.SymbolProperties.MinimumOrderSize);

    protected static IReadOnlyDictionary<SecurityType, string> GetDefaultMarkets(string marketName) => MarketsWith(marketName, SecurityType.Crypto);
}
