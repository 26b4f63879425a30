namespace QuantConnect.Securities;

/// <summary>Says what may be bought and what margin a position needs.</summary>
public interface IBuyingPowerModel
{
    decimal GetLeverage(Security security);
    void SetLeverage(Security security, decimal leverage);
    MaintenanceMargin GetMaintenanceMargin(MaintenanceMarginParameters parameters);
    InitialMargin GetInitialMarginRequirement(InitialMarginParameters parameters);
    HasSufficientBuyingPowerForOrderResult HasSufficientBuyingPowerForOrder(HasSufficientBuyingPowerForOrderParameters parameters);
    GetMaximumOrderQuantityResult GetMaximumOrderQuantityForTargetBuyingPower(GetMaximumOrderQuantityForTargetBuyingPowerParameters parameters);
    GetMaximumOrderQuantityResult GetMaximumOrderQuantityForDeltaBuyingPower(GetMaximumOrderQuantityForDeltaBuyingPowerParameters parameters);
    ReservedBuyingPowerForPosition GetReservedBuyingPowerForPosition(ReservedBuyingPowerForPositionParameters parameters);
}

/// <summary>Margin as a fraction of value, paid from the whole portfolio.</summary>
public class BuyingPowerModel : IBuyingPowerModel
{
    public static readonly IBuyingPowerModel Null = new NullBuyingPowerModel();
    private decimal _initialRate;
    private decimal _maintenanceRate;
    protected decimal RequiredFreeBuyingPowerPercent { get; set; }

    public BuyingPowerModel()
        : this(1m) { }

    public BuyingPowerModel(decimal initialMarginRequirement, decimal maintenanceMarginRequirement, decimal requiredFreeBuyingPowerPercent)
    {
        _initialRate = Fraction(initialMarginRequirement, nameof(initialMarginRequirement));
        _maintenanceRate = Fraction(maintenanceMarginRequirement, nameof(maintenanceMarginRequirement));
        RequiredFreeBuyingPowerPercent = Fraction(requiredFreeBuyingPowerPercent, nameof(requiredFreeBuyingPowerPercent));
    }

    public BuyingPowerModel(decimal leverage, decimal requiredFreeBuyingPowerPercent = 0)
    {
        _initialRate = _maintenanceRate = RateOf(leverage);
        RequiredFreeBuyingPowerPercent = Fraction(requiredFreeBuyingPowerPercent, nameof(requiredFreeBuyingPowerPercent));
    }

    public virtual decimal GetLeverage(Security security) => 1 / _initialRate;
    public virtual void SetLeverage(Security security, decimal leverage) => _initialRate = _maintenanceRate = RateOf(leverage);

    public virtual InitialMargin GetInitialMarginRequiredForOrder(InitialMarginRequiredForOrderParameters parameters)
    {
        var security = parameters.Security;
        var fee = security.FeeModel.GetOrderFee(new OrderFeeParameters(security, parameters.Order)).Value;
        var feeInAccountCurrency = parameters.CurrencyConverter.ConvertToAccountCurrency(fee).Amount;
        var margin = this.GetInitialMarginRequirement(security, parameters.Order.Quantity);
        return margin + Math.Sign(margin) * feeInAccountCurrency;
    }

    public virtual MaintenanceMargin GetMaintenanceMargin(MaintenanceMarginParameters parameters) =>
        parameters.AbsoluteHoldingsValue * _maintenanceRate;

    public virtual InitialMargin GetInitialMarginRequirement(InitialMarginParameters parameters) =>
        ValueOf(parameters.Security, parameters.Quantity) * _initialRate;

    public virtual HasSufficientBuyingPowerForOrderResult HasSufficientBuyingPowerForOrder(HasSufficientBuyingPowerForOrderParameters parameters)
    {
        var order = parameters.Order;
        var security = parameters.Security;
        if (order.Quantity == 0)
            return parameters.Sufficient();
        var ticket = parameters.Portfolio.Transactions.GetOrderTicket(order.Id);
        if (ticket == null)
            return parameters.Insufficient($"Order {order.Id} has no ticket");
        // an order that only reduces the position needs no capital
        var held = security.Holdings.Quantity;
        if (held * order.Quantity < 0 && Math.Abs(held) >= Math.Abs(order.Quantity))
            return parameters.Sufficient();
        var free = GetMarginRemaining(parameters.Portfolio, security, order.Direction);
        var required = GetInitialMarginRequiredForOrder(new(parameters.Portfolio.CashBook, security, order));
        var unfilled = (Math.Abs(order.Quantity) - Math.Abs(ticket.QuantityFilled)) / Math.Abs(order.Quantity);
        var remaining = unfilled * required;
        return Math.Abs(remaining) > free
            ? parameters.Insufficient($"Id: {order.Id}, Initial Margin: {remaining.Normalize()}, Free Margin: {free.Normalize()}")
            : parameters.Sufficient();
    }

    public virtual GetMaximumOrderQuantityResult GetMaximumOrderQuantityForDeltaBuyingPower(
        GetMaximumOrderQuantityForDeltaBuyingPowerParameters parameters)
    {
        var security = parameters.Security;
        var portfolio = parameters.Portfolio;
        var used = security.BuyingPowerModel.GetReservedBuyingPowerForPosition(new(security)).AbsoluteUsedBuyingPower;
        var target = used * (security.Holdings.IsLong ? 1 : -1) + parameters.DeltaBuyingPower;
        var total = portfolio.TotalPortfolioValue;
        return GetMaximumOrderQuantityForTargetBuyingPower(new(
            portfolio,
            security,
            total == 0 ? 0m : target / total,
            parameters.MinimumOrderMarginPortfolioPercentage,
            parameters.SilenceNonErrorReasons));
    }

    public virtual GetMaximumOrderQuantityResult GetMaximumOrderQuantityForTargetBuyingPower(
        GetMaximumOrderQuantityForTargetBuyingPowerParameters parameters)
    {
        var security = parameters.Security;
        var portfolio = parameters.Portfolio;
        var total = portfolio.TotalPortfolioValue;
        var target = parameters.TargetBuyingPower * (total - total * RequiredFreeBuyingPowerPercent);
        if (target == 0)
            return new(-security.Holdings.Quantity, string.Empty, false);
        var used = this.GetInitialMarginRequirement(security, security.Holdings.Quantity);
        var unit = this.GetInitialMarginRequirement(security, 1);
        if (unit == 0)
            return new(0, $"{security.Symbol} has no price yet");
        var difference = Math.Abs(target - used);
        var minimum = parameters.MinimumOrderMarginPortfolioPercentage;
        if (!BuyingPowerModelExtensions.AboveMinimumOrderMarginPortfolioPercentage(portfolio, minimum, difference))
            return Nothing($"The order margin {difference} is less than the minimum {total * minimum}");
        var utcTime = security.LocalTime.ConvertToUtc(security.Exchange.TimeZone);
        var last = 0m;
        while (true)
        {
            var quantity = GetAmountToOrder(security, target, unit, out var margin);
            if (quantity == 0)
                return Nothing($"The order is less than the lot size {security.SymbolProperties.LotSize}; target order margin {target - used}");
            var order = new MarketOrder(security.Symbol, quantity, utcTime);
            var fee = security.FeeModel.GetOrderFee(new OrderFeeParameters(security, order)).Value;
            var fees = portfolio.CashBook.ConvertToAccountCurrency(fee).Amount;
            target = (total - fees - total * RequiredFreeBuyingPowerPercent) * parameters.TargetBuyingPower;
            if (last == quantity)
                throw new ArgumentException(
                    $"The order quantity of {security.Symbol} for target {parameters.TargetBuyingPower} does not converge: margin {target}, fee {fees}");
            last = quantity;
            if (Math.Abs(margin) <= Math.Abs(target))
                return new(quantity);
        }
        GetMaximumOrderQuantityResult Nothing(string reason) => new(0, parameters.SilenceNonErrorReasons ? null : reason, false);
    }

    public decimal GetAmountToOrder(Security security, decimal targetMargin, decimal marginForOneUnit, out decimal finalMargin)
    {
        var lot = security.SymbolProperties.LotSize;
        var held = security.Holdings.Quantity;
        var rounding = targetMargin < 0 ? MidpointRounding.ToPositiveInfinity : MidpointRounding.ToNegativeInfinity;
        var size = (-held + targetMargin / marginForOneUnit).DiscretelyRoundBy(lot, rounding);
        finalMargin = this.GetInitialMarginRequirement(security, size + held);
        var excess = finalMargin - targetMargin;
        while (Math.Sign(excess) == Math.Sign(targetMargin) && excess != 0)
        {
            size += targetMargin < 0 ? lot : -lot;
            finalMargin = this.GetInitialMarginRequirement(security, size + held);
            var next = finalMargin - targetMargin;
            if (Math.Abs(next) > Math.Abs(excess) && Math.Sign(next) == Math.Sign(excess))
                throw new ArgumentException($"The margin of {security.Symbol} moves away from its target {targetMargin} with fewer lots");
            excess = next;
        }
        return size;
    }

    public virtual ReservedBuyingPowerForPosition GetReservedBuyingPowerForPosition(ReservedBuyingPowerForPositionParameters parameters) =>
        parameters.ResultInAccountCurrency(this.GetMaintenanceMargin(parameters.Security));

    protected virtual decimal GetMarginRemaining(SecurityPortfolioManager portfolio, Security security, OrderDirection direction)
    {
        var total = portfolio.TotalPortfolioValue;
        var result = portfolio.GetMarginRemaining(total);
        if (Reduces(security, direction))
            result += MarginOfReversal(security);
        result -= total * RequiredFreeBuyingPowerPercent;
        return result < 0 ? 0 : result;
    }

    internal static bool Reduces(Security security, OrderDirection direction) =>
        (security.Holdings.IsLong && direction == OrderDirection.Sell) || (security.Holdings.IsShort && direction == OrderDirection.Buy);

    internal static decimal ValueOf(Security security, decimal quantity) =>
        security.QuoteCurrency.ConversionRate * security.SymbolProperties.ContractMultiplier * security.Price * quantity;

    private protected decimal MarginOfReversal(Security security) =>
        this.GetMaintenanceMargin(security) + this.GetInitialMarginRequirement(security, security.Holdings.AbsoluteQuantity);

    private static decimal RateOf(decimal leverage) =>
        leverage < 1 ? throw new ArgumentException($"Leverage must be at least 1, not {leverage}") : 1 / leverage;

    private static decimal Fraction(decimal value, string name) =>
        value is < 0 or > 1 ? throw new ArgumentException($"{name} must be between 0 and 1, not {value}") : value;
}

/// <summary>Accepts every order and needs no margin for positions.</summary>
public class NullBuyingPowerModel : BuyingPowerModel
{
    public override MaintenanceMargin GetMaintenanceMargin(MaintenanceMarginParameters parameters) => new(0m);

    public override HasSufficientBuyingPowerForOrderResult HasSufficientBuyingPowerForOrder(HasSufficientBuyingPowerForOrderParameters parameters) =>
        parameters.Sufficient();
}

/// <summary>Margin by leverage.</summary>
public class SecurityMarginModel(decimal leverage, decimal requiredFreeBuyingPowerPercent = 0) : BuyingPowerModel(leverage, requiredFreeBuyingPowerPercent) { }

/// <summary>Shorter calls of buying power models.</summary>
public static class BuyingPowerModelExtensions
{
    public static HasSufficientBuyingPowerForOrderResult HasSufficientBuyingPowerForOrder(
        this IBuyingPowerModel model, SecurityPortfolioManager portfolio, Security security, Order order) =>
        model.HasSufficientBuyingPowerForOrder(new HasSufficientBuyingPowerForOrderParameters(portfolio, security, order));

    public static decimal GetMaintenanceMargin(this IBuyingPowerModel model, Security security) =>
        model.GetMaintenanceMargin(MaintenanceMarginParameters.ForCurrentHoldings(security));

    public static decimal GetInitialMarginRequirement(this IBuyingPowerModel model, Security security, decimal quantity) =>
        model.GetInitialMarginRequirement(new InitialMarginParameters(security, quantity));

    public static bool AboveMinimumOrderMarginPortfolioPercentage(
        this IBuyingPowerModel model,
        Security security,
        decimal quantity,
        SecurityPortfolioManager portfolioManager,
        decimal minimumOrderMarginPortfolioPercentage) =>
        minimumOrderMarginPortfolioPercentage == 0 || AboveMinimumOrderMarginPortfolioPercentage(
            portfolioManager,
            minimumOrderMarginPortfolioPercentage,
            Math.Abs(model.GetInitialMarginRequirement(security, quantity)));

    public static bool AboveMinimumOrderMarginPortfolioPercentage(
        SecurityPortfolioManager portfolioManager, decimal minimumOrderMarginPortfolioPercentage, decimal absFinalOrderMargin)
    {
        var total = portfolioManager.TotalPortfolioValue;
        return total * minimumOrderMarginPortfolioPercentage <= absFinalOrderMargin || portfolioManager.GetMarginRemaining(total) <= 0;
    }
}
