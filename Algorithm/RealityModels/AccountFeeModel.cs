#nullable enable
using System;
using CrossHedgeLean.Venues;
using QuantConnect.Orders;
using QuantConnect.Orders.Fees;
using QuantConnect.Securities;

namespace CrossHedgeLean.RealityModels;

/// <summary>The account's own fee schedule if it has one, else LEAN's fee model of the venue; nothing beside the fee of a forced fill.</summary>
internal sealed class AccountFeeModel(IFeeModel inner, SimulatedAccounts accounts) : FeeModel
{
    private Security? _asked;
    private bool _hasSchedule;
    private bool _isPerpetual;
    private Closing? _closing;

    /// <inheritdoc />
    public override OrderFee GetOrderFee(OrderFeeParameters parameters)
    {
        var security = parameters.Security;
        var order = parameters.Order;
        if (accounts.ForcedBy(security, order) is not null)
        {
            return OrderFee.Zero;
        }

        // Not compiled early: the runtime could then not learn which model is the inner one.
        if (!HasSchedule(security))
        {
            return _isPerpetual && order.Id == 0 && order.Type == OrderType.Market ? OfClosing(parameters) : inner.GetOrderFee(parameters);
        }

        var isMaker = order.Type == OrderType.Limit && !order.IsMarketable;
        var price = order is LimitOrder limit ? limit.LimitPrice : order.Quantity > 0m ? security.AskPrice : security.BidPrice;
        return Of(security, order, order.Quantity, price, isMaker);
    }

    /// <summary>The fee of a part of an order.</summary>
    internal OrderFee Of(Security security, Order order, decimal quantity, decimal price, bool isMaker)
    {
        var instrument = accounts.PositionOf(security).Instrument;
        if (accounts.Exchange.FeeRate(instrument.Id.Route, order.Time, isMaker) is not { } rate)
        {
            var whole = inner.GetOrderFee(new OrderFeeParameters(security, order));
            return quantity == order.Quantity ? whole : new OrderFee(new CashAmount(whole.Value.Amount * (quantity / order.Quantity), whole.Value.Currency));
        }

        // As LEAN's venues charge spot: in what the fill brings in.
        var inCoins = instrument.Id.Route.Kind == InstrumentKind.Spot && quantity > 0m;
        return new OrderFee(inCoins
            ? new CashAmount(quantity * rate, instrument.Underlying)
            : new CashAmount(Math.Abs(quantity) * instrument.ContractMultiplier * price * rate, instrument.SettlementCurrency));
    }

    /// <summary>
    /// The fee of a market order that is only thought of. LEAN closes every holding so whenever it values it, at each
    /// step and a perpetual twice: what was answered holds until time, quantity or a price is another. In live it values
    /// on several threads: answer and question are kept as one.
    /// </summary>
    private OrderFee OfClosing(OrderFeeParameters parameters)
    {
        var security = parameters.Security;
        var order = parameters.Order;
        var (price, bid, ask) = (security.Price, security.BidPrice, security.AskPrice);
        if (_closing is not { } known || order.Time != known.TimeUtc || order.Quantity != known.Quantity
            || price != known.Price || bid != known.Bid || ask != known.Ask)
        {
            _closing = known = new Closing(order.Time, order.Quantity, price, bid, ask, inner.GetOrderFee(parameters));
        }

        return known.Fee;
    }

    /// <summary>Whether the account charges by a schedule of its own.</summary>
    internal bool HasSchedule(Security security)
    {
        if (_asked != security)
        {
            var position = accounts.PositionOf(security);
            _isPerpetual = position.IsPerpetual;
            _closing = null;
            _hasSchedule = position.Account.Definition.FeesOf(position.Instrument.Id.Route.Kind) is not null;
            _asked = security;
        }

        return _hasSchedule;
    }

    private sealed record Closing(DateTime TimeUtc, decimal Quantity, decimal Price, decimal Bid, decimal Ask, OrderFee Fee);
}
