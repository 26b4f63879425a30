namespace QuantConnect.Brokerages;

/// <summary>Bybit spot and derivatives: only derivatives' orders can be updated.</summary>
public class BybitBrokerageModel(AccountType accountType = AccountType.Cash) : DefaultBrokerageModel(accountType)
{
    protected virtual string MarketName => Market.Bybit;

    public override IReadOnlyDictionary<SecurityType, string> DefaultMarkets { get; } =
        MarketsWith(Market.Bybit, SecurityType.Crypto, SecurityType.CryptoFuture);

    public override decimal GetLeverage(Security security) => AccountType == AccountType.Cash || security.HasOnlyInternalFeeds ? 1m : 10;

    public override IFeeModel GetFeeModel(Security security) => security.Type switch
    {
        SecurityType.Crypto => new BybitFeeModel(),
        SecurityType.CryptoFuture => new BybitFuturesFeeModel(),
        _ => throw new ArgumentOutOfRangeException(nameof(security), security, $"Bybit has no fees for {security.Type}")
    };

    public override IMarginInterestRateModel GetMarginInterestRateModel(Security security) =>
        IsPerpetual(security) ? new BybitFutureMarginInterestRateModel() : base.GetMarginInterestRateModel(security);

    public override IBenchmark GetBenchmark(SecurityManager securities) =>
        SecurityBenchmark.CreateInstance(securities, Symbol.Create("BTCUSDC", SecurityType.Crypto, MarketName));

    public override bool CanUpdateOrder(Security security, Order order, UpdateOrderRequest request, out BrokerageMessageEvent message)
    {
        var reason = true switch
        {
            _ when security.Type != SecurityType.CryptoFuture => BrokerageMessageEvent.NotSupported("Bybit does not update spot orders"),
            _ when !IsUpdatable(order.Status) => BrokerageMessageEvent.NotSupported($"An order that is {order.Status} cannot be updated"),
            _ when request.Quantity.HasValue && !IsOrderSizeLargeEnough(security, Math.Abs(request.Quantity.Value)) =>
                BrokerageMessageEvent.TooSmall(security, request.Quantity.Value),
            _ => null
        };
        message = reason;
        return reason == null;
    }

    public override bool CanSubmitOrder(Security security, Order order, out BrokerageMessageEvent message)
    {
        if (security.Type is not (SecurityType.Crypto or SecurityType.CryptoFuture))
            return Refuse(BrokerageMessageEvent.TypeNotSupported(this, security), out message);
        if (order is not (LimitOrder or MarketOrder))
            return Refuse(BrokerageMessageEvent.OrderTypeNotSupported(this, order), out message);
        if (!IsOrderSizeLargeEnough(security, Math.Abs(order.Quantity)))
            return Refuse(BrokerageMessageEvent.TooSmall(security, order.Quantity), out message);
        return base.CanSubmitOrder(security, order, out message);
    }

    protected virtual bool IsOrderSizeLargeEnough(Security security, decimal orderQuantity) =>
        !(orderQuantity < security.SymbolProperties.MinimumOrderSize);

    internal static bool IsUpdatable(OrderStatus status) =>
        status is OrderStatus.New or OrderStatus.Submitted or OrderStatus.PartiallyFilled or OrderStatus.UpdateSubmitted;
}
