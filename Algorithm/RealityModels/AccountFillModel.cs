#nullable enable
using System.Runtime.CompilerServices;
using CrossHedgeLean.Exchange;
using QuantConnect;
using QuantConnect.Data;
using QuantConnect.Data.Market;
using QuantConnect.Orders;
using QuantConnect.Orders.Fees;
using QuantConnect.Orders.Fills;
using QuantConnect.Securities;

namespace CrossHedgeLean.RealityModels;

/// <summary>
/// Fills by the simulated exchange: late by the venue's latency, at quotes with their size, in parts where the book is
/// thin. Without latency LEAN's own fill model of the venue fills. A forced fill happens at its computed price.
/// </summary>
internal sealed class AccountFillModel(IFillModel inner, AccountFeeModel fees, SimulatedAccounts accounts) : FillModel
{
    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override Fill Fill(FillModelParameters parameters)
    {
        var security = parameters.Security;
        var order = parameters.Order;
        if (accounts.ForcedBy(security, order) is { } forced)
        {
            var fee = new OrderFee(new CashAmount(forced.Fee, forced.Position.Instrument.SettlementCurrency));
            return new Fill(Filled(security, order, order.Quantity, forced.Price, OrderStatus.Filled, fee));
        }

        accounts.Trouble?.Advance(Now(security));
        var market = accounts.MarketOf(security);
        if (market.IsClosed)
        {
            return new Fill(new OrderEvent(order, Now(security), OrderFee.Zero));
        }

        var isPlain = accounts.Exchange.Latency == Latency.None && market == MarketCondition.Normal && !accounts.IsArriving(order);
        if (isPlain || order.Type is not (OrderType.Market or OrderType.Limit))
        {
            return Charged(security, order, inner.Fill(parameters));
        }

        return new Fill(Meet(security, order, market.PriceFactor));
    }

    /// <summary>A schedule of the account's own charges on what traded; LEAN would ask for the fee of a limit order at its limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Fill Charged(Security security, Order order, Fill fill)
    {
        foreach (var happened in fill)
        {
            if (happened.FillQuantity != 0m && fees.HasSchedule(security))
            {
                happened.OrderFee = fees.Of(security, order, happened.FillQuantity, happened.FillPrice, order.Type == OrderType.Limit && !order.IsMarketable);
            }
        }

        return fill;
    }

    private OrderEvent Meet(Security security, Order order, decimal factor)
    {
        var arriving = accounts.ArrivingOrder(security, order);
        if (ViewOf(security, arriving)?.Times(factor) is not { } view)
        {
            return new OrderEvent(order, Now(security), OrderFee.Zero);
        }

        var taker = fees.Of(security, order, order.Quantity, order.Quantity > 0m ? view.AskOpen : view.BidOpen, isMaker: false).Value;
        var notional = order.AbsoluteQuantity * (order.Quantity > 0m ? view.AskOpen : view.BidOpen) * arriving.Instrument.ContractMultiplier;
        var rate = taker.Currency == arriving.Instrument.SettlementCurrency && notional > 0m ? taker.Amount / notional : 0m;
        var met = accounts.Exchange.Meet(arriving, view, rate);
        if (met.IsEmpty)
        {
            return new OrderEvent(order, Now(security), OrderFee.Zero);
        }

        if (met.Quantity == 0m)
        {
            return new OrderEvent(order, Now(security), OrderFee.Zero, "The account cannot pay for the rest.") { Status = OrderStatus.Canceled };
        }

        Matching.Fill(arriving, met.Quantity);
        return Filled(
            security,
            order,
            met.Quantity,
            met.Price,
            arriving.Remaining == 0m ? OrderStatus.Filled : OrderStatus.PartiallyFilled,
            fees.Of(security, order, met.Quantity, met.Price, met.IsMaker));
    }

    /// <summary>The newest quotes, or trades where there are no newer quotes, that end after the order arrived.</summary>
    private static MarketView? ViewOf(Security security, ExchangeOrder order)
    {
        var trade = security.Cache.GetData<TradeBar>();
        var volume = trade?.Volume ?? 0m;
        if (security.Cache.GetData<QuoteBar>() is { Bid: { } bid, Ask: { } ask } quote && Utc(security, quote) > order.ArrivesUtc)
        {
            return new MarketView(
                quote.Time.ConvertToUtc(security.Exchange.TimeZone),
                Utc(security, quote),
                bid.Open,
                bid.High,
                quote.LastBidSize,
                ask.Open,
                ask.Low,
                quote.LastAskSize,
                trade is not null && trade.EndTime == quote.EndTime ? volume : 0m);
        }

        return trade is not null && Utc(security, trade) > order.ArrivesUtc
            ? new MarketView(trade.Time.ConvertToUtc(security.Exchange.TimeZone), Utc(security, trade), trade.Open, trade.High, 0m, trade.Open, trade.Low, 0m, volume)
            : null;
    }

    private static OrderEvent Filled(Security security, Order order, decimal quantity, decimal price, OrderStatus status, OrderFee fee)
        => new(order, Now(security), fee) { FillQuantity = quantity, FillPrice = price, Status = status };

    private static System.DateTime Now(Security security) => security.LocalTime.ConvertToUtc(security.Exchange.TimeZone);

    private static System.DateTime Utc(Security security, IBaseData data) => data.EndTime.ConvertToUtc(security.Exchange.TimeZone);
}
