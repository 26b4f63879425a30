namespace QuantConnect.Brokerages;

/// <summary>Binance spot: minimum order size in quote currency, no updates.</summary>
public class BinanceBrokerageModel(AccountType accountType = AccountType.Cash) : DefaultBrokerageModel(accountType)
{
    protected virtual string MarketName => Market.Binance;
    public override IReadOnlyDictionary<SecurityType, string> DefaultMarkets { get; } = GetDefaultMarkets(Market.Binance);

    public override decimal GetLeverage(Security security)
    {
        if (AccountType == AccountType.Cash || security.HasOnlyInternalFeeds)
            return 1m;
        return security.Type == SecurityType.CryptoFuture ? 25m : 3m;
    }

    public override IBenchmark GetBenchmark(SecurityManager securities) =>
        SecurityBenchmark.CreateInstance(securities, Symbol.Create("BTCUSDC", SecurityType.Crypto, MarketName));

    public override IFeeModel GetFeeModel(Security security) => new BinanceFeeModel();

    public override bool CanUpdateOrder(Security security, Order order, UpdateOrderRequest request, out BrokerageMessageEvent message) =>
        Refuse(BrokerageMessageEvent.NoUpdates(), out message);

    public override bool CanSubmitOrder(Security security, Order order, out BrokerageMessageEvent message)
    {
        decimal price;
        switch (order)
        {
            case LimitOrder limit:
                price = limit.LimitPrice;
                break;
            case MarketOrder:
                if (!security.HasData)
                    return Refuse(BrokerageMessageEvent.NotSupported($"There is no data for {security.Symbol.Value} yet"), out message);
                price = order.Direction == OrderDirection.Buy ? security.AskPrice : security.BidPrice;
                break;
            default:
                return Refuse(BrokerageMessageEvent.OrderTypeNotSupported(this, order), out message);
        }
        var minimum = security.SymbolProperties.MinimumOrderSize;
        if (minimum.HasValue && !(order.AbsoluteQuantity * price > minimum))
        {
            var text = FormattableString.Invariant(
                $"The order of {order.Quantity} {security.Symbol.Value} at {price} is not above the minimum order size {minimum} in quote currency");
            return Refuse(BrokerageMessageEvent.NotSupported(text), out message);
        }
        if (security.Type is not (SecurityType.Crypto or SecurityType.CryptoFuture))
            return Refuse(BrokerageMessageEvent.TypeNotSupported(this, security), out message);
        return base.CanSubmitOrder(security, order, out message);
    }

    protected static IReadOnlyDictionary<SecurityType, string> GetDefaultMarkets(string marketName) => MarketsWith(marketName, SecurityType.Crypto);
}

/// <summary>Binance USDT futures: a margin account.</summary>
public class BinanceFuturesBrokerageModel : BinanceBrokerageModel
{
    public BinanceFuturesBrokerageModel(AccountType accountType)
        : base(accountType)
    {
        if (accountType == AccountType.Cash)
            throw new InvalidOperationException("Binance futures need AccountType.Margin");
    }

    public override IBenchmark GetBenchmark(SecurityManager securities) =>
        SecurityBenchmark.CreateInstance(securities, Symbol.Create("BTCUSDT", SecurityType.CryptoFuture, MarketName));

    public override IFeeModel GetFeeModel(Security security) => new BinanceFuturesFeeModel();

    public override IMarginInterestRateModel GetMarginInterestRateModel(Security security) =>
        IsPerpetual(security) ? new BinanceFutureMarginInterestRateModel() : base.GetMarginInterestRateModel(security);

    public override IBuyingPowerModel GetBuyingPowerModel(Security security) =>
        security?.Type == SecurityType.CryptoFuture ? CreateCryptoFutureMarginModel(security) : base.GetBuyingPowerModel(security);

    protected virtual IBuyingPowerModel CreateCryptoFutureMarginModel(Security security) => new BinanceCryptoFutureMarginModel(GetLeverage(security));
}
