namespace QuantConnect.Orders.Fills;

/// <summary>Decides whether and at which price an order fills.</summary>
public interface IFillModel
{
    Fill Fill(FillModelParameters parameters);
}

/// <summary>The order events which a fill model answers with.</summary>
public class Fill : IEnumerable<OrderEvent>
{
    private readonly List<OrderEvent> _orderEvents;
    public Fill(OrderEvent orderEvent) => _orderEvents = new List<OrderEvent>(1) { orderEvent };
    public IEnumerator<OrderEvent> GetEnumerator() => _orderEvents.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>What a fill model may look at.</summary>
public class FillModelParameters(Security security, Order order, ISubscriptionDataConfigProvider configProvider, TimeSpan stalePriceTimeSpan,
    Dictionary<Order, Security> securitiesForOrders, Action<Order> onOrderUpdated = null)
{
    public Security Security { get; } = security;
    public Order Order { get; } = order;
    public ISubscriptionDataConfigProvider ConfigProvider { get; } = configProvider;
    public TimeSpan StalePriceTimeSpan { get; } = stalePriceTimeSpan;
    public Dictionary<Order, Security> SecuritiesForOrders { get; } = securitiesForOrders;
    public Action<Order> OnOrderUpdated { get; } = onOrderUpdated ?? (static _ => { });
}

/// <summary>The bar which an order is filled from, in exchange time; a missing price is the current one.</summary>
public class Prices(DateTime time, DateTime endTime, decimal current, decimal open, decimal high, decimal low, decimal close)
{
    public Prices(IBaseDataBar bar)
        : this(bar.Time, bar.EndTime, bar) { }

    public Prices(DateTime time, DateTime endTime, IBar bar)
        : this(time, endTime, bar.Close, bar.Open, bar.High, bar.Low, bar.Close) { }

    public DateTime Time { get; init; } = time;
    public DateTime EndTime { get; init; } = endTime;
    public decimal Current { get; init; } = current;
    public decimal Open { get; init; } = open != 0 ? open : current;
    public decimal High { get; init; } = high != 0 ? high : current;
    public decimal Low { get; init; } = low != 0 ? low : current;
    public decimal Close { get; init; } = close != 0 ? close : current;
}

/// <summary>LEAN's fill rules for market and limit orders on bars.</summary>
public class FillModel : IFillModel
{
    protected FillModelParameters Parameters { get; set; }

    public virtual Fill Fill(FillModelParameters parameters)
    {
        Parameters = parameters;
        return parameters.Order.Type switch
        {
            OrderType.Market => new Fill(MarketFill(parameters.Security, parameters.Order as MarketOrder)),
            OrderType.Limit => new Fill(LimitFill(parameters.Security, parameters.Order as LimitOrder)),
            _ => throw new NotSupportedException($"LeanSim does not support {parameters.Order.Type} orders: run on LEAN")
        };
    }

    public virtual OrderEvent MarketFill(Security asset, MarketOrder order)
    {
        var fill = NotFilled(asset, order);
        if (order.Status == OrderStatus.Canceled || !IsExchangeOpen(asset, false))
            return fill;
        var direction = order.Direction;
        var prices = GetPricesCheckingPythonWrapper(asset, direction);
        var age = order.Time - ToUtc(asset, prices.EndTime);
        if (age > Parameters.StalePriceTimeSpan)
        {
            if (ShouldWaitForFreshData(asset) || age > FinestPeriod(asset))
                return fill;
            fill.Message = $"Filled at a stale price: data of {asset.Symbol.Value} ended at {prices.EndTime.ToStringInvariant()}.";
        }
        var slippage = asset.SlippageModel.GetSlippageApproximation(asset, order);
        fill.FillPrice = GetMarketFillPrice(asset, order, prices);
        fill.FillPrice += direction switch { OrderDirection.Buy => slippage, OrderDirection.Sell => -slippage, _ => 0m };
        fill.FillQuantity = order.Quantity;
        fill.Status = OrderStatus.Filled;
        return fill;
    }

    public virtual OrderEvent LimitFill(Security asset, LimitOrder order)
    {
        var fill = NotFilled(asset, order);
        if (order.Status == OrderStatus.Canceled || !IsExchangeOpen(asset, IsExtendedHours(asset)))
            return fill;
        var direction = order.Direction;
        var prices = GetPricesCheckingPythonWrapper(asset, direction);
        if (ToUtc(asset, prices.EndTime) <= order.Time)
            return fill;
        var limit = order.LimitPrice;
        if (direction == OrderDirection.Buy && prices.Low < limit)
        {
            // A bar wholly below the limit fills at its worst price, else the limit was touched.
            fill.FillPrice = Math.Min(prices.High, limit);
        }
        else if (direction == OrderDirection.Sell && prices.High > limit)
            fill.FillPrice = Math.Max(prices.Low, limit);
        else
            return fill;
        fill.FillQuantity = order.Quantity;
        fill.Status = OrderStatus.Filled;
        return fill;
    }

    protected virtual Prices GetPricesCheckingPythonWrapper(Security asset, OrderDirection direction) => GetPrices(asset, direction);

    protected virtual Prices GetPrices(Security asset, OrderDirection direction)
    {
        if (direction != OrderDirection.Hold)
        {
            var (hasQuotes, hasTrades) = SubscribedBars(asset);
            if (hasQuotes)
            {
                var quote = asset.Cache.GetData<QuoteBar>();
                IBar side = direction == OrderDirection.Sell ? quote?.Bid : quote?.Ask;
                if (side != null)
                    return new Prices(quote.Time, quote.EndTime, side);
            }
            if (hasTrades && asset.Cache.GetData<TradeBar>() is { } trade)
                return new Prices(trade);
        }
        var last = asset.Cache.GetData();
        return new Prices(last?.Time ?? DateTime.MinValue, last?.EndTime ?? DateTime.MinValue,
            asset.Price, asset.Open, asset.High, asset.Low, asset.Close);
    }

    protected virtual bool IsExchangeOpen(Security asset, bool isExtendedMarketHours)
        => asset.Exchange.Hours.IsOpen(asset.LocalTime, isExtendedMarketHours);

    private static OrderEvent NotFilled(Security asset, Order order) => new(order, ToUtc(asset, asset.LocalTime), OrderFee.Zero);
    private static DateTime ToUtc(Security asset, DateTime time) => time.ConvertToUtc(asset.Exchange.TimeZone);

    protected List<SubscriptionDataConfig> GetSubscriptionDataConfigs(Security asset)
        => Parameters.ConfigProvider.GetSubscriptionDataConfigs(asset.Symbol, includeInternalConfigs: true);

    protected bool ShouldWaitForFreshData(Security asset, List<SubscriptionDataConfig> subscriptionConfigs = null)
    {
        var coarse = false;
        foreach (var config in subscriptionConfigs ?? GetSubscriptionDataConfigs(asset))
            if (!config.IsInternalFeed)
            {
                if (config.Resolution < Resolution.Hour)
                    return false;
                coarse = true;
            }
        return coarse;
    }

    protected decimal GetMarketFillPrice(Security asset, Order order, Prices prices, List<SubscriptionDataConfig> subscriptionConfigs = null)
        => prices.Open != 0 && order.Time <= ToUtc(asset, prices.Time) && ShouldWaitForFreshData(asset, subscriptionConfigs)
            ? prices.Open
            : prices.Current;

    private TimeSpan FinestPeriod(Security asset)
    {
        var finest = TimeSpan.MaxValue;
        foreach (var config in Configs(asset))
            finest = config.Increment < finest ? config.Increment : finest;
        return finest;
    }

    private List<SubscriptionDataConfig> Configs(Security asset)
    {
        var configs = GetSubscriptionDataConfigs(asset);
        if (configs.Count == 0)
            throw new InvalidOperationException($"{asset.Symbol} has no data subscription to fill orders from.");
        return configs;
    }

    private bool IsExtendedHours(Security asset)
    {
        var configs = Configs(asset);
        var external = false;
        var extendedExternal = false;
        var extendedInternal = false;
        foreach (var config in configs)
        {
            external |= !config.IsInternalFeed;
            extendedExternal |= !config.IsInternalFeed && config.ExtendedMarketHours;
            extendedInternal |= config.IsInternalFeed && config.ExtendedMarketHours;
        }
        return external ? extendedExternal : extendedInternal;
    }

    private (bool Quotes, bool Trades) SubscribedBars(Security asset)
    {
        var quotes = false;
        var trades = false;
        foreach (var config in Configs(asset))
        {
            quotes |= config.Type == typeof(QuoteBar);
            trades |= config.Type == typeof(TradeBar);
        }
        return (quotes, trades);
    }
}

/// <summary>The plain fill model under its historical name.</summary>
public class ImmediateFillModel : FillModel { }
