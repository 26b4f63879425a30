namespace QuantConnect.Orders.Fees;

/// <summary>Binance spot, first tier.</summary>
public class BinanceFeeModel(decimal mFee = BinanceFeeModel.MakerTier1Fee, decimal tFee = BinanceFeeModel.TakerTier1Fee) : FeeModel
{
    public const decimal MakerTier1Fee = 0.001m;
    public const decimal TakerTier1Fee = 0.001m;
    public override OrderFee GetOrderFee(OrderFeeParameters parameters) => VenueFees.InReceivedCurrency(parameters, GetFee(parameters.Order));
    protected virtual decimal GetFee(Order order) => GetFee(order, mFee, tFee);

    protected static decimal GetFee(Order order, decimal makerFee, decimal takerFee) =>
        VenueFees.IsMaker(order, (order.Properties as BinanceOrderProperties)?.PostOnly) ? makerFee : takerFee;
}

/// <summary>Binance USDT and BUSD futures, first tier.</summary>
public class BinanceFuturesFeeModel(
    decimal mUsdtFee = BinanceFuturesFeeModel.MakerTier1USDTFee,
    decimal tUsdtFee = BinanceFuturesFeeModel.TakerTier1USDTFee,
    decimal mBusdFee = BinanceFuturesFeeModel.MakerTier1BUSDFee,
    decimal tBusdFee = BinanceFuturesFeeModel.TakerTier1BUSDFee) : BinanceFeeModel(-1, -1)
{
    public const decimal MakerTier1USDTFee = 0.0002m;
    public const decimal TakerTier1USDTFee = 0.0004m;
    public const decimal MakerTier1BUSDFee = 0.00012m;
    public const decimal TakerTier1BUSDFee = 0.00036m;
    private readonly (decimal Maker, decimal Taker) _usdt = (mUsdtFee, tUsdtFee);
    private readonly (decimal Maker, decimal Taker) _busd = (mBusdFee, tBusdFee);

    protected override decimal GetFee(Order order)
    {
        CurrencyPairUtil.DecomposeCurrencyPair(order.Symbol, out _, out var quoteCurrency);
        var (maker, taker) = quoteCurrency == "BUSD" ? _busd : _usdt;
        return GetFee(order, maker, taker);
    }
}

/// <summary>Bybit spot without VIP level.</summary>
public class BybitFeeModel(decimal mFee = BybitFeeModel.MakerNonVIPFee, decimal tFee = BybitFeeModel.TakerNonVIPFee) : FeeModel
{
    public const decimal MakerNonVIPFee = 0.001m;
    public const decimal TakerNonVIPFee = 0.001m;
    public override OrderFee GetOrderFee(OrderFeeParameters parameters) => VenueFees.InReceivedCurrency(parameters, GetFee(parameters.Order));
    protected virtual decimal GetFee(Order order) => VenueFees.IsMaker(order, (order.Properties as BybitOrderProperties)?.PostOnly) ? mFee : tFee;
}

/// <summary>Bybit derivatives without VIP level.</summary>
public class BybitFuturesFeeModel(decimal makerFee = BybitFuturesFeeModel.MakerNonVIPFee, decimal takerFee = BybitFuturesFeeModel.TakerNonVIPFee)
    : BybitFeeModel(makerFee, takerFee)
{
    public new const decimal MakerNonVIPFee = 0.0002m;
    public new const decimal TakerNonVIPFee = 0.00055m;
}

/// <summary>Kraken spot, first tier: buys pay in quote currency, sells in base currency, unless the order's properties say else.</summary>
public class KrakenFeeModel : FeeModel
{
    public const decimal MakerTier1CryptoFee = 0.0016m;
    public const decimal TakerTier1CryptoFee = 0.0026m;
    public const decimal Tier1FxFee = 0.002m;
    public List<string> FxStablecoinList { get; init; } = [.. "CAD EUR GBP JPY USD USDT DAI USDC".Split(' ')];

    public override OrderFee GetOrderFee(OrderFeeParameters parameters)
    {
        var order = parameters.Order;
        var security = parameters.Security;
        var properties = order.Properties as KrakenOrderProperties;
        var rate = VenueFees.IsMaker(order, properties?.PostOnly) ? MakerTier1CryptoFee : TakerTier1CryptoFee;
        foreach (var prefix in FxStablecoinList)
            if (security.Symbol.Value.StartsWith(prefix, StringComparison.Ordinal))
            {
                rate = Tier1FxFee;
                break;
            }
        var buy = order.Direction == OrderDirection.Buy;
        var inQuote = (buy && properties?.FeeInBase != true) || properties?.FeeInQuote == true;
        CurrencyPairUtil.DecomposeCurrencyPair(security.Symbol, out var baseCurrency, out var quoteCurrency);
        if (!inQuote)
            return new OrderFee(new CashAmount(order.AbsoluteQuantity * rate, baseCurrency));
        var price = order is LimitOrder limit ? limit.LimitPrice : buy ? security.AskPrice : security.BidPrice;
        price *= security.SymbolProperties.ContractMultiplier;
        return new OrderFee(new CashAmount(price * order.AbsoluteQuantity * rate, quoteCurrency));
    }
}

/// <summary>Coinbase Advanced, first level: always in quote currency at the market price, also for limit orders.</summary>
public class CoinbaseFeeModel(decimal makerFee = CoinbaseFeeModel.MakerAdvanced1, decimal takerFee = CoinbaseFeeModel.TakerAdvanced1) : FeeModel
{
    public const decimal MakerAdvanced1 = 0.006m;
    public const decimal TakerAdvanced1 = 0.008m;
    public const decimal MakerStablePairs = 0m;
    public const decimal TakerStableParis = 0.00001m;
    public override OrderFee GetOrderFee(OrderFeeParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var order = parameters.Order;
        var security = parameters.Security;
        var maker = VenueFees.IsMaker(order, (order.Properties as CoinbaseOrderProperties)?.PostOnly);
        var stable = Currencies.StablePairsCoinbase.Contains(security.Symbol.Value);
        var rate = GetFeePercentage(order.Time, maker, stable, makerFee, takerFee);
        var price = order.Direction == OrderDirection.Buy ? security.AskPrice : security.BidPrice;
        price *= security.SymbolProperties.ContractMultiplier;
        return new OrderFee(new CashAmount(price * order.AbsoluteQuantity * rate, security.QuoteCurrency.Symbol));
    }

    protected static decimal GetFeePercentage(DateTime utcTime, bool isMaker, bool isStableCoin, decimal makerFee, decimal takerFee)
    {
        var (maker, taker) = isStableCoin
            ? utcTime < new DateTime(2022, 6, 1) ? (0m, 0.001m) : (MakerStablePairs, TakerStableParis)
            : utcTime < new DateTime(2019, 3, 23, 1, 30, 0) ? (0m, 0.003m)
            : utcTime < new DateTime(2019, 10, 8, 0, 30, 0) ? (0.0015m, 0.0025m) : (makerFee, takerFee);
        return isMaker ? maker : taker;
    }
}

internal static class VenueFees
{
    // a limit order pays the maker rate when it rests: post-only, or not marketable when it was sent
    public static bool IsMaker(Order order, bool? postOnly) => order.Type == OrderType.Limit && (postOnly == true || !order.IsMarketable);

    // futures: collateral on the notional at the security's price; spot buys: base coins; spot sells: quote currency
    public static OrderFee InReceivedCurrency(OrderFeeParameters parameters, decimal rate)
    {
        var security = parameters.Security;
        var order = parameters.Order;
        if (security.Type == SecurityType.CryptoFuture)
        {
            var notional = security.Holdings.GetQuantityValue(order.AbsoluteQuantity, security.Price);
            return new OrderFee(new CashAmount(notional.Amount * rate, notional.Cash.Symbol));
        }
        if (order.Direction == OrderDirection.Buy)
        {
            CurrencyPairUtil.DecomposeCurrencyPair(order.Symbol, out var baseCurrency, out _);
            return new OrderFee(new CashAmount(order.AbsoluteQuantity * rate, baseCurrency));
        }
        var price = order is LimitOrder limit ? limit.LimitPrice : security.BidPrice;
        price *= security.SymbolProperties.ContractMultiplier;
        return new OrderFee(new CashAmount(price * order.AbsoluteQuantity * rate, security.QuoteCurrency.Symbol));
    }
}
