namespace QuantConnect.Orders;

/// <summary>How much to order.</summary>
public static class OrderSizing
{
    public static decimal GetUnorderedQuantity(IAlgorithm algorithm, IPortfolioTarget target, Security security, bool accountForFees = false)
    {
        var missing = target.Quantity - algorithm.Transactions.GetProjectedHoldings(security).ProjectedQuantity;
        if (accountForFees && missing > 0 && security.Type == SecurityType.Crypto)
        {
            var order = new MarketOrder(security.Symbol, missing, algorithm.UtcTime);
            var fee = security.FeeModel.GetOrderFee(new OrderFeeParameters(security, order)).Value;
            if (fee.Currency == ((IBaseCurrencySymbol)security).BaseCurrency.Symbol)
                missing += fee.Amount;
        }
        return AdjustByLotSize(security, missing);
    }

    public static decimal AdjustByLotSize(Security security, decimal quantity)
    {
        var lot = security.SymbolProperties.LotSize;
        var absolute = Math.Abs(quantity);
        var excess = absolute % lot;
        if (lot - excess < lot / 1000000)
            excess -= lot;
        return (absolute - excess) * Math.Sign(quantity);
    }
}
