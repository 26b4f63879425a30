namespace QuantConnect.Securities;

/// <summary>Books fills.</summary>
public interface ISecurityPortfolioModel
{
    void ProcessFill(SecurityPortfolioManager portfolio, Security security, OrderEvent fill);
}

/// <summary>Books a fill to cash and to the holding: average cost, realized profit on reductions.</summary>
public class SecurityPortfolioModel : ISecurityPortfolioModel
{
    public virtual void ProcessFill(SecurityPortfolioManager portfolio, Security security, OrderEvent fill)
    {
        var holdings = security.Holdings;
        var quantity = holdings.Quantity;
        var average = holdings.AveragePrice;
        try
        {
            holdings.AddNewSale(holdings.GetQuantityValue(fill.AbsoluteFillQuantity, fill.FillPrice).InAccountCurrency);
            var fee = 0m;
            if (fill.OrderFee != OrderFee.Zero && fill.OrderFee.Value.Amount != 0)
            {
                fee = portfolio.CashBook.ConvertToAccountCurrency(fill.OrderFee.Value).Amount;
                holdings.AddNewFee(fee);
                fill.OrderFee.ApplyToPortfolio(portfolio, fill);
            }
            // a spot fill swaps two currencies; a future moves no money until it is closed
            if (security.Type != SecurityType.CryptoFuture)
            {
                var paid = -fill.FillQuantity * fill.FillPrice * security.SymbolProperties.ContractMultiplier;
                Settle(portfolio, security, fill, new CashAmount(paid, security.QuoteCurrency.Symbol));
            }
            if (security.Type == SecurityType.Crypto)
                Settle(portfolio, security, fill, new CashAmount(fill.FillQuantity, ((IBaseCurrencySymbol)security).BaseCurrency.Symbol));
            if (BuyingPowerModel.Reduces(security, fill.Direction))
            {
                var profit = ProcessCloseTradeProfit(portfolio, security, fill).InAccountCurrency;
                holdings.AddNewProfit(profit);
                holdings.SetLastTradeProfit(profit);
                // the entry's fee is taken to be the same as the exit's
                var net = profit - 2 * fee;
                portfolio.AddTransactionRecord(security.LocalTime.ConvertToUtc(security.Exchange.TimeZone), net, net > 0);
            }
            if (fill.Direction != OrderDirection.Hold || quantity == 0)
            {
                var after = quantity + fill.FillQuantity;
                var opens = (fill.Direction == OrderDirection.Buy) == (quantity > 0);
                average = quantity == 0 ? fill.FillPrice
                    : opens ? (average * quantity + fill.FillQuantity * fill.FillPrice) / after
                    : after == 0 ? 0 : after > 0 == quantity > 0 ? average : fill.FillPrice;
                quantity = quantity == 0 ? fill.FillQuantity : after;
            }
        }
        catch (Exception error)
        {
            // as LEAN: an error in booking is logged and the run goes on
            Log.Error(error);
        }
        holdings.SetHoldings(average, quantity);
    }

    protected virtual ConvertibleCashAmount ProcessCloseTradeProfit(SecurityPortfolioManager portfolio, Security security, OrderEvent fill)
    {
        var holdings = security.Holdings;
        var closed = Math.Sign(-fill.FillQuantity) * Math.Min(fill.AbsoluteFillQuantity, holdings.AbsoluteQuantity);
        var cost = holdings.GetQuantityValue(closed, holdings.AveragePrice);
        var proceeds = holdings.GetQuantityValue(closed, fill.FillPrice);
        var profit = new ConvertibleCashAmount(proceeds.Amount - cost.Amount, proceeds.Cash);
        if (security.Type == SecurityType.CryptoFuture)
            Settle(portfolio, security, fill, profit);
        return profit;
    }

    private static void Settle(SecurityPortfolioManager portfolio, Security security, OrderEvent fill, CashAmount amount) =>
        security.SettlementModel.ApplyFunds(new ApplyFundsSettlementModelParameters(portfolio, security, fill.UtcTime, amount, fill));
}
