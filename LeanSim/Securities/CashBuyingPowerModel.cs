namespace QuantConnect.Securities;

/// <summary>Spot without leverage: pays with the quote currency's cash, sells the base currency's cash.</summary>
public class CashBuyingPowerModel : BuyingPowerModel
{
    public CashBuyingPowerModel()
        : base(1m, 0m, 0m) { }

    public override decimal GetLeverage(Security security) => 1m;

    public override void SetLeverage(Security security, decimal leverage)
    {
        if (leverage != 1)
            throw new InvalidOperationException($"A cash account has leverage 1, not {leverage}");
    }

    public override InitialMargin GetInitialMarginRequirement(InitialMarginParameters parameters) =>
        ValueOf(parameters.Security, parameters.Quantity);

    public override HasSufficientBuyingPowerForOrderResult HasSufficientBuyingPowerForOrder(HasSufficientBuyingPowerForOrderParameters parameters)
    {
        var security = parameters.Security;
        var portfolio = parameters.Portfolio;
        var order = parameters.Order;
        if (security is not IBaseCurrencySymbol pair)
            return parameters.Insufficient($"{security.Symbol.Value} has no base currency to pay with or to sell");
        var buy = order.Direction == OrderDirection.Buy;
        var cash = buy ? security.QuoteCurrency : pair.BaseCurrency;
        var price = OrderPrice(security, order);
        var needed = buy ? order.AbsoluteQuantity * price : order.AbsoluteQuantity;
        var reserved = ReservedByOpenOrders(portfolio, security, order, cash.Symbol);
        decimal maximum;
        if (!buy)
            maximum = cash.Amount - reserved;
        else if (order.Type == OrderType.Market)
        {
            // the quote cash left and the base coins held, as a share of the portfolio
            var book = portfolio.CashBook;
            var held = book.Convert(pair.BaseCurrency.Amount, pair.BaseCurrency.Symbol, cash.Symbol);
            var target = book.ConvertToAccountCurrency(cash.Amount - reserved + held, cash.Symbol);
            var total = portfolio.TotalPortfolioValue;
            var share = total == 0 ? 0 : target / total;
            var quantity = GetMaximumOrderQuantityForTargetBuyingPower(new(portfolio, security, share, 0)).Quantity;
            maximum = Math.Abs(quantity * price);
        }
        else
        {
            var fee = 0m;
            if (order.Type == OrderType.Limit)
            {
                var value = security.FeeModel.GetOrderFee(new OrderFeeParameters(security, order)).Value;
                fee = portfolio.CashBook.Convert(value.Amount, value.Currency, cash.Symbol);
            }
            maximum = cash.Amount - reserved - fee;
        }
        if (needed <= maximum)
            return parameters.Sufficient();
        var side = buy ? "buy" : "sell";
        return parameters.Insufficient(FormattableString.Invariant(
            $"A {side} order of {order.AbsoluteQuantity.Normalize()} {security.Symbol.Value} needs {needed.Normalize()} {cash.Symbol}; the portfolio has {cash.Amount.Normalize()} {cash.Symbol}, of which {reserved.Normalize()} are reserved by open orders; at most {maximum.Normalize()} can be used"));
    }

    public override GetMaximumOrderQuantityResult GetMaximumOrderQuantityForDeltaBuyingPower(
        GetMaximumOrderQuantityForDeltaBuyingPowerParameters parameters) =>
        throw new NotImplementedException("CashBuyingPowerModel has no quantity for a change of buying power");

    public override GetMaximumOrderQuantityResult GetMaximumOrderQuantityForTargetBuyingPower(
        GetMaximumOrderQuantityForTargetBuyingPowerParameters parameters)
    {
        var security = parameters.Security;
        var book = parameters.Portfolio.CashBook;
        var targetValue = parameters.TargetBuyingPower * parameters.Portfolio.TotalPortfolioValue;
        if (targetValue < 0)
            return new(0, "A cash account cannot sell short");
        if (security is not IBaseCurrencySymbol pair)
            return new(0, $"{security.Symbol.Value} has no base currency");
        if (targetValue == 0)
            return new(-pair.BaseCurrency.Amount);
        var heldValue = book.ConvertToAccountCurrency(pair.BaseCurrency.Amount, pair.BaseCurrency.Symbol);
        var orderValue = Math.Abs(targetValue - heldValue);
        var buy = targetValue > heldValue;
        var unitPrice = buy ? security.AskPrice : security.BidPrice;
        unitPrice *= security.QuoteCurrency.ConversionRate * security.SymbolProperties.ContractMultiplier;
        if (unitPrice == 0)
            return new(0, security.QuoteCurrency.ConversionRate == 0
                ? $"{security.QuoteCurrency.Symbol} has no conversion rate to {book.AccountCurrency} yet"
                : $"{security.Symbol} has no price yet");
        var lot = security.SymbolProperties.LotSize;
        var quantity = orderValue / unitPrice;
        quantity -= quantity % lot;
        if (quantity == 0)
            return new(0, parameters.SilenceNonErrorReasons ? null : TooSmall(0), false);
        var utcTime = security.LocalTime.ConvertToUtc(security.Exchange.TimeZone);
        var last = 0m;
        var value = 0m;
        do
        {
            if (value > orderValue)
            {
                // take off what is too much, at least a lot
                quantity -= Math.Max((value - orderValue) / (value / quantity), lot);
            }
            quantity -= quantity % lot;
            if (quantity <= 0)
                return new(0, TooSmall(quantity));
            if (quantity == last)
                throw new ArgumentException(
                    $"The order quantity of {security.Symbol} does not converge: quantity {quantity}, value {value}, target {orderValue}");
            last = quantity;
            var fee = security.FeeModel.GetOrderFee(new OrderFeeParameters(security, new MarketOrder(security.Symbol, quantity, utcTime))).Value;
            value = quantity * unitPrice + book.ConvertToAccountCurrency(fee).Amount;
        }
        while (value > orderValue);
        return new(buy ? quantity : -quantity);
        string TooSmall(decimal size) => FormattableString.Invariant(
            $"The order quantity {size} for the value {orderValue} {book.AccountCurrency} is less than the lot size {lot}");
    }

    public override ReservedBuyingPowerForPosition GetReservedBuyingPowerForPosition(ReservedBuyingPowerForPositionParameters parameters) =>
        parameters.ResultInAccountCurrency(0m);

    private static decimal OrderPrice(Security security, Order order) => order switch
    {
        LimitOrder limit => limit.LimitPrice,
        MarketOrder => security.Price,
        _ => 0m
    };

    // Open limit orders that spend the currency, futures' orders included.
    private static decimal ReservedByOpenOrders(SecurityPortfolioManager portfolio, Security security, Order order, string currency)
    {
        var reserved = 0m;
        foreach (var candidate in portfolio.Transactions.GetOpenOrders(x => x.Type == OrderType.Limit && x.Id != order.Id))
        {
            if (!portfolio.Securities.TryGetActive(candidate.Symbol, out var other) || other is not IBaseCurrencySymbol pair)
                continue;
            OrderDirection? spends = pair.BaseCurrency.Symbol == currency ? OrderDirection.Sell
                : other.QuoteCurrency.Symbol == currency ? OrderDirection.Buy : null;
            if (spends == candidate.Direction)
                reserved += other.QuoteCurrency.Symbol == currency
                    ? candidate.AbsoluteQuantity * OrderPrice(security, candidate)
                    : candidate.AbsoluteQuantity;
        }
        return reserved;
    }
}
