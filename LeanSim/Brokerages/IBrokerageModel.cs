namespace QuantConnect.Brokerages;

/// <summary>What a brokerage allows, and the models of its securities.</summary>
public interface IBrokerageModel
{
    AccountType AccountType { get; }
    decimal RequiredFreeBuyingPowerPercent { get; }
    IReadOnlyDictionary<SecurityType, string> DefaultMarkets { get; }
    bool CanSubmitOrder(Security security, Order order, out BrokerageMessageEvent message);
    bool CanUpdateOrder(Security security, Order order, UpdateOrderRequest request, out BrokerageMessageEvent message);
    bool CanExecuteOrder(Security security, Order order);
    decimal GetLeverage(Security security);
    IBenchmark GetBenchmark(SecurityManager securities);
    IFillModel GetFillModel(Security security);
    IFeeModel GetFeeModel(Security security);
    ISlippageModel GetSlippageModel(Security security);
    ISettlementModel GetSettlementModel(Security security);
    IMarginInterestRateModel GetMarginInterestRateModel(Security security);
    IBuyingPowerModel GetBuyingPowerModel(Security security);
    IShortableProvider GetShortableProvider(Security security);
}

/// <summary>Makes brokerage models by name.</summary>
public static class BrokerageModel
{
    public static IBrokerageModel Create(IOrderProvider orderProvider, BrokerageName brokerage, AccountType accountType) => brokerage switch
    {
        BrokerageName.Default => new DefaultBrokerageModel(accountType),
        BrokerageName.Binance => new BinanceBrokerageModel(accountType),
        BrokerageName.BinanceFutures => new BinanceFuturesBrokerageModel(accountType),
        BrokerageName.Bybit => new BybitBrokerageModel(accountType),
        BrokerageName.Coinbase => new CoinbaseBrokerageModel(accountType),
        BrokerageName.Kraken => new KrakenBrokerageModel(accountType),
        _ => throw new NotSupportedException($"LeanSim does not support BrokerageName.{brokerage}: run on LEAN")
    };

    public static BrokerageName GetBrokerageName(IBrokerageModel brokerageModel) => brokerageModel switch
    {
        BinanceBrokerageModel => BrokerageName.Binance,
        CoinbaseBrokerageModel => BrokerageName.Coinbase,
        KrakenBrokerageModel => BrokerageName.Kraken,
        BybitBrokerageModel => BrokerageName.Bybit,
        DefaultBrokerageModel => BrokerageName.Default,
        _ => throw new ArgumentOutOfRangeException(nameof(brokerageModel), brokerageModel, null)
    };
}
