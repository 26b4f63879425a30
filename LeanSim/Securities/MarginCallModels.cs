namespace QuantConnect.Securities;

/// <summary>Makes and sends the orders that cure a lack of margin.</summary>
public interface IMarginCallModel
{
    List<SubmitOrderRequest> GetMarginCallOrders(out bool issueMarginCallWarning);
    List<OrderTicket> ExecuteMarginCall(IEnumerable<SubmitOrderRequest> generatedMarginCallOrders);
}

/// <summary>The absent margin call model.</summary>
public static class MarginCallModel
{
    public static readonly IMarginCallModel Null = new NullMarginCallModel();

    private sealed class NullMarginCallModel : IMarginCallModel
    {
        public List<SubmitOrderRequest> GetMarginCallOrders(out bool issueMarginCallWarning)
        {
            issueMarginCallWarning = false;
            return [];
        }
        public List<OrderTicket> ExecuteMarginCall(IEnumerable<SubmitOrderRequest> generatedMarginCallOrders) => [];
    }
}

/// <summary>Warns below 5% free margin; reduces each position when used margin exceeds the portfolio by the buffer.</summary>
public class DefaultMarginCallModel(SecurityPortfolioManager portfolio, IOrderProperties defaultOrderProperties, decimal marginBuffer = 0.10m) : IMarginCallModel
{
    private readonly decimal _buffer = marginBuffer;
    protected SecurityPortfolioManager Portfolio { get; } = portfolio;
    protected IOrderProperties DefaultOrderProperties { get; } = defaultOrderProperties;

    public List<SubmitOrderRequest> GetMarginCallOrders(out bool issueMarginCallWarning)
    {
        issueMarginCallWarning = false;
        var orders = new List<SubmitOrderRequest>();
        var used = Portfolio.TotalMarginUsed;
        if (used <= 0)
            return orders;
        var total = Portfolio.TotalPortfolioValue;
        var remaining = Portfolio.GetMarginRemaining(total);
        if (remaining > 0)
        {
            issueMarginCallWarning = remaining <= total * 0.05m;
            return orders;
        }
        if (used > total * (1 + _buffer))
            foreach (var security in Portfolio.Securities.Active)
                if (security.Invested && Reduction(security, used - total) is { Quantity: not 0 } order)
                    orders.Add(order);
        issueMarginCallWarning = orders.Count > 0;
        return orders;
    }

    public virtual List<OrderTicket> ExecuteMarginCall(IEnumerable<SubmitOrderRequest> generatedMarginCallOrders)
    {
        var tickets = new List<OrderTicket>();
        if (Portfolio.MarginRemaining >= 0)
            return tickets;
        foreach (var request in generatedMarginCallOrders.OrderBy(x => Portfolio[x.Symbol].UnrealizedProfit).ToList())
        {
            var ticket = Portfolio.Transactions.AddOrder(request);
            if (ticket.Status.IsOpen())
                Portfolio.Transactions.WaitForOrder(ticket.OrderId);
            tickets.Add(ticket);
            if (Portfolio.MarginRemaining >= 0)
                break;
        }
        return tickets;
    }

    // the market order that frees the missing margin, at most all that the position uses
    private SubmitOrderRequest Reduction(Security security, decimal missing)
    {
        if (security.QuoteCurrency.ConversionRate == 0)
            return null;
        var quantity = security.Holdings.Quantity;
        decimal used = security.BuyingPowerModel.GetMaintenanceMargin(MaintenanceMarginParameters.ForQuantityAtCurrentPrice(security, quantity));
        var keep = Math.Max(0, used - missing);
        var delta = (used - keep) * -Math.Sign(quantity);
        var lot = security.SymbolProperties.LotSize;
        var lots = security.BuyingPowerModel.GetMaximumOrderQuantityForDeltaBuyingPower(new(Portfolio, security, delta, 0)).Quantity / lot;
        return new SubmitOrderRequest(
            OrderType.Market,
            security.Type,
            security.Symbol,
            Math.Abs(lots) * lot * -Math.Sign(quantity),
            0,
            0,
            security.LocalTime.ConvertToUtc(security.Exchange.TimeZone),
            "Margin Call",
            DefaultOrderProperties?.Clone());
    }
}
