namespace QuantConnect.Brokerages;

/// <summary>Accepts every order, without fees.</summary>
public class DefaultBrokerageModel(AccountType accountType = AccountType.Margin) : IBrokerageModel
{
    public static readonly IReadOnlyDictionary<SecurityType, string> DefaultMarketMap = new Dictionary<SecurityType, string>
    {
        [SecurityType.Base] = "usa",
        [SecurityType.Equity] = "usa",
        [SecurityType.Option] = "usa",
        [SecurityType.Future] = "cme",
        [SecurityType.FutureOption] = "cme",
        [SecurityType.Forex] = "oanda",
        [SecurityType.Cfd] = "oanda",
        [SecurityType.Crypto] = Market.Coinbase,
        [SecurityType.CryptoFuture] = Market.Binance,
        [SecurityType.Index] = "usa",
        [SecurityType.IndexOption] = "usa"
    };

    public virtual AccountType AccountType { get; private set; } = accountType;
    public virtual decimal RequiredFreeBuyingPowerPercent => 0m;
    public virtual IReadOnlyDictionary<SecurityType, string> DefaultMarkets => DefaultMarketMap;

    public virtual bool CanSubmitOrder(Security security, Order order, out BrokerageMessageEvent message)
    {
        message = null;
        return true;
    }

    public virtual bool CanUpdateOrder(Security security, Order order, UpdateOrderRequest request, out BrokerageMessageEvent message)
    {
        message = null;
        return true;
    }

    public virtual bool CanExecuteOrder(Security security, Order order) => true;

    public virtual decimal GetLeverage(Security security) =>
        AccountType == AccountType.Margin && security.Type == SecurityType.CryptoFuture ? 25m : 1m;

    public virtual IBenchmark GetBenchmark(SecurityManager securities) =>
        throw new NotSupportedException("LeanSim does not support the default benchmark SPY: call SetBenchmark, or run on LEAN");

    public virtual IFillModel GetFillModel(Security security) => new ImmediateFillModel();
    public virtual IFeeModel GetFeeModel(Security security) => new ConstantFeeModel(0m);
    public virtual ISlippageModel GetSlippageModel(Security security) => NullSlippageModel.Instance;
    public virtual ISettlementModel GetSettlementModel(Security security) => new ImmediateSettlementModel();

    public virtual IBuyingPowerModel GetBuyingPowerModel(Security security) => security?.Type switch
    {
        SecurityType.CryptoFuture => new CryptoFutureMarginModel(GetLeverage(security)),
        SecurityType.Crypto when AccountType == AccountType.Cash => new CashBuyingPowerModel(),
        _ => new SecurityMarginModel(GetLeverage(security), RequiredFreeBuyingPowerPercent)
    };

    public virtual IShortableProvider GetShortableProvider(Security security) => NullShortableProvider.Instance;
    public virtual IMarginInterestRateModel GetMarginInterestRateModel(Security security) => MarginInterestRateModel.Null;

    public static bool IsValidOrderSize(Security security, decimal orderQuantity, out BrokerageMessageEvent message)
    {
        message = Math.Abs(orderQuantity) < security.SymbolProperties.MinimumOrderSize
            ? BrokerageMessageEvent.TooSmall(security, orderQuantity)
            : null;
        return message == null;
    }

    // LeanSim's only futures are perpetual
    internal static bool IsPerpetual(Security security) => security.Type == SecurityType.CryptoFuture;

    internal static bool Refuse(BrokerageMessageEvent reason, out BrokerageMessageEvent message)
    {
        message = reason;
        return false;
    }

    internal static IReadOnlyDictionary<SecurityType, string> MarketsWith(string market, params SecurityType[] types)
    {
        var map = new Dictionary<SecurityType, string>(DefaultMarketMap);
        foreach (var type in types)
            map[type] = market;
        return map;
    }
}
