namespace QuantConnect.Securities;

/// <summary>Margin needed to open, in the account currency.</summary>
public class InitialMargin(decimal value)
{
    public static InitialMargin Zero { get; } = new(0m);
    public decimal Value { get; } = value;
    public static implicit operator decimal(InitialMargin margin) => margin.Value;
    public static implicit operator InitialMargin(decimal margin) => new(margin);
}

/// <summary>Margin needed to keep, in the account currency.</summary>
public class MaintenanceMargin(decimal value)
{
    public static MaintenanceMargin Zero { get; } = new(0m);
    public decimal Value { get; } = value;
    public static implicit operator decimal(MaintenanceMargin margin) => margin.Value;
    public static implicit operator MaintenanceMargin(decimal margin) => new(margin);
}

/// <summary>What an initial margin is asked for.</summary>
public class InitialMarginParameters(Security security, decimal quantity)
{
    public Security Security { get; } = security;
    public decimal Quantity { get; } = quantity;
}

/// <summary>The order an initial margin is asked for.</summary>
public class InitialMarginRequiredForOrderParameters(ICurrencyConverter currencyConverter, Security security, Order order)
{
    public Security Security { get; } = security;
    public Order Order { get; } = order;
    public ICurrencyConverter CurrencyConverter { get; } = currencyConverter;
}

/// <summary>The position a maintenance margin is asked for.</summary>
public class MaintenanceMarginParameters(Security security, decimal quantity, decimal holdingsCost, decimal holdingsValue)
{
    public Security Security { get; } = security;
    public decimal Quantity { get; } = quantity;
    public decimal HoldingsCost { get; } = holdingsCost;
    public decimal HoldingsValue { get; } = holdingsValue;
    public decimal AbsoluteHoldingsValue => Math.Abs(HoldingsValue);

    public static MaintenanceMarginParameters ForCurrentHoldings(Security security)
    {
        var holdings = security.Holdings;
        return new(security, holdings.Quantity, holdings.HoldingsCost, holdings.HoldingsValue);
    }

    public static MaintenanceMarginParameters ForQuantityAtCurrentPrice(Security security, decimal quantity)
    {
        var value = security.Holdings.GetQuantityValue(quantity).InAccountCurrency;
        return new(security, quantity, value, value);
    }
}

/// <summary>Buying power used by a position.</summary>
public class ReservedBuyingPowerForPosition(decimal reservedBuyingPowerForPosition)
{
    public decimal AbsoluteUsedBuyingPower { get; } = reservedBuyingPowerForPosition;
}

/// <summary>The position whose used buying power is asked for.</summary>
public class ReservedBuyingPowerForPositionParameters(Security security)
{
    public Security Security { get; } = security;
    public ReservedBuyingPowerForPosition ResultInAccountCurrency(decimal reservedBuyingPower) => new(reservedBuyingPower);
}

/// <summary>The order whose buying power is checked.</summary>
public class HasSufficientBuyingPowerForOrderParameters(SecurityPortfolioManager portfolio, Security security, Order order)
{
    public SecurityPortfolioManager Portfolio { get; } = portfolio;
    public Security Security { get; } = security;
    public Order Order { get; } = order;
    public HasSufficientBuyingPowerForOrderResult Sufficient() => new(true);
    public HasSufficientBuyingPowerForOrderResult Insufficient(string reason) => new(false, reason);
}

/// <summary>Whether an order can be paid for.</summary>
public class HasSufficientBuyingPowerForOrderResult(bool isSufficient, string reason = null)
{
    public bool IsSufficient { get; } = isSufficient;
    public string Reason { get; } = reason ?? string.Empty;
}

/// <summary>The change of used buying power for which a quantity is asked.</summary>
public class GetMaximumOrderQuantityForDeltaBuyingPowerParameters(
    SecurityPortfolioManager portfolio,
    Security security,
    decimal deltaBuyingPower,
    decimal minimumOrderMarginPortfolioPercentage,
    bool silenceNonErrorReasons = false)
{
    public SecurityPortfolioManager Portfolio { get; } = portfolio;
    public Security Security { get; } = security;
    public decimal DeltaBuyingPower { get; } = deltaBuyingPower;
    public bool SilenceNonErrorReasons { get; } = silenceNonErrorReasons;
    public decimal MinimumOrderMarginPortfolioPercentage { get; } = minimumOrderMarginPortfolioPercentage;
}

/// <summary>The share of the portfolio for which a quantity is asked.</summary>
public class GetMaximumOrderQuantityForTargetBuyingPowerParameters(
    SecurityPortfolioManager portfolio,
    Security security,
    decimal targetBuyingPower,
    decimal minimumOrderMarginPortfolioPercentage,
    bool silenceNonErrorReasons = false)
{
    public SecurityPortfolioManager Portfolio { get; } = portfolio;
    public Security Security { get; } = security;
    public decimal TargetBuyingPower { get; } = targetBuyingPower;
    public bool SilenceNonErrorReasons { get; } = silenceNonErrorReasons;
    public decimal MinimumOrderMarginPortfolioPercentage { get; } = minimumOrderMarginPortfolioPercentage;
}

/// <summary>A quantity, or why there is none.</summary>
public class GetMaximumOrderQuantityResult(decimal quantity, string reason, bool isError = true)
{
    public decimal Quantity { get; } = quantity;
    public string Reason { get; } = reason ?? string.Empty;
    public bool IsError { get; } = isError;

    public GetMaximumOrderQuantityResult(decimal quantity, string reason = null)
        : this(quantity, reason, !string.IsNullOrEmpty(reason)) { }
}
