using System;
using QuantConnect.Orders;

namespace QuantConnect.Securities;

/// <summary>Margin needed to open, in the account currency.</summary>
public class InitialMargin
{
    public static InitialMargin Zero { get; } = new(0m);
    public decimal Value { get; }
    public InitialMargin(decimal value) => Value = value;
    public static implicit operator decimal(InitialMargin margin) => margin.Value;
    public static implicit operator InitialMargin(decimal margin) => new(margin);
}

/// <summary>Margin needed to keep, in the account currency.</summary>
public class MaintenanceMargin
{
    public static MaintenanceMargin Zero { get; } = new(0m);
    public decimal Value { get; }
    public MaintenanceMargin(decimal value) => Value = value;
    public static implicit operator decimal(MaintenanceMargin margin) => margin.Value;
    public static implicit operator MaintenanceMargin(decimal margin) => new(margin);
}

/// <summary>What an initial margin is asked for.</summary>
public class InitialMarginParameters
{
    public Security Security { get; }
    public decimal Quantity { get; }

    public InitialMarginParameters(Security security, decimal quantity)
    {
        Security = security;
        Quantity = quantity;
    }
}

/// <summary>The order an initial margin is asked for.</summary>
public class InitialMarginRequiredForOrderParameters
{
    public Security Security { get; }
    public Order Order { get; }
    public ICurrencyConverter CurrencyConverter { get; }

    public InitialMarginRequiredForOrderParameters(ICurrencyConverter currencyConverter, Security security, Order order)
    {
        Security = security;
        Order = order;
        CurrencyConverter = currencyConverter;
    }
}

/// <summary>The position a maintenance margin is asked for.</summary>
public class MaintenanceMarginParameters
{
    public Security Security { get; }
    public decimal Quantity { get; }
    public decimal AbsoluteQuantity => Math.Abs(Quantity);
    public decimal HoldingsCost { get; }
    public decimal AbsoluteHoldingsCost => Math.Abs(HoldingsCost);
    public decimal HoldingsValue { get; }
    public decimal AbsoluteHoldingsValue => Math.Abs(HoldingsValue);

    public MaintenanceMarginParameters(Security security, decimal quantity, decimal holdingsCost, decimal holdingsValue)
    {
        Security = security;
        Quantity = quantity;
        HoldingsCost = holdingsCost;
        HoldingsValue = holdingsValue;
    }

    /// <summary>The position as held.</summary>
    public static MaintenanceMarginParameters ForCurrentHoldings(Security security)
    {
        var holdings = security.Holdings;
        return new(security, holdings.Quantity, holdings.HoldingsCost, holdings.HoldingsValue);
    }

    /// <summary>A quantity opened at the current price.</summary>
    public static MaintenanceMarginParameters ForQuantityAtCurrentPrice(Security security, decimal quantity)
    {
        var value = security.Holdings.GetQuantityValue(quantity).InAccountCurrency;
        return new(security, quantity, value, value);
    }
}

/// <summary>Free buying power in the account currency.</summary>
public class BuyingPower
{
    public decimal Value { get; }
    public BuyingPower(decimal buyingPower) => Value = buyingPower;
}

/// <summary>What buying power is asked for.</summary>
public class BuyingPowerParameters
{
    public Security Security { get; }
    public SecurityPortfolioManager Portfolio { get; }
    public OrderDirection Direction { get; }

    public BuyingPowerParameters(SecurityPortfolioManager portfolio, Security security, OrderDirection direction)
    {
        Portfolio = portfolio;
        Security = security;
        Direction = direction;
    }

    public BuyingPower Result(decimal buyingPower, string currency) => new(buyingPower);
    public BuyingPower ResultInAccountCurrency(decimal buyingPower) => new(buyingPower);
}

/// <summary>Buying power used by a position.</summary>
public class ReservedBuyingPowerForPosition
{
    public decimal AbsoluteUsedBuyingPower { get; }
    public ReservedBuyingPowerForPosition(decimal reservedBuyingPowerForPosition) => AbsoluteUsedBuyingPower = reservedBuyingPowerForPosition;
}

/// <summary>The position whose used buying power is asked for.</summary>
public class ReservedBuyingPowerForPositionParameters
{
    public Security Security { get; }
    public ReservedBuyingPowerForPositionParameters(Security security) => Security = security;
    public ReservedBuyingPowerForPosition ResultInAccountCurrency(decimal reservedBuyingPower) => new(reservedBuyingPower);
}

/// <summary>The order whose buying power is checked.</summary>
public class HasSufficientBuyingPowerForOrderParameters
{
    public SecurityPortfolioManager Portfolio { get; }
    public Security Security { get; }
    public Order Order { get; }

    public HasSufficientBuyingPowerForOrderParameters(SecurityPortfolioManager portfolio, Security security, Order order)
    {
        Portfolio = portfolio;
        Security = security;
        Order = order;
    }

    public HasSufficientBuyingPowerForOrderResult Sufficient() => new(true);
    public HasSufficientBuyingPowerForOrderResult Insufficient(string reason) => new(false, reason);

    public HasSufficientBuyingPowerForOrderResult Insufficient(FormattableString reason) =>
        new(false, FormattableString.Invariant(reason));
}

/// <summary>Whether an order can be paid for.</summary>
public class HasSufficientBuyingPowerForOrderResult
{
    public bool IsSufficient { get; }
    public string Reason { get; }

    public HasSufficientBuyingPowerForOrderResult(bool isSufficient, string reason = null)
    {
        IsSufficient = isSufficient;
        Reason = reason ?? string.Empty;
    }
}

/// <summary>The change of used buying power for which a quantity is asked.</summary>
public class GetMaximumOrderQuantityForDeltaBuyingPowerParameters
{
    public SecurityPortfolioManager Portfolio { get; }
    public Security Security { get; }
    public decimal DeltaBuyingPower { get; }
    public bool SilenceNonErrorReasons { get; }
    public decimal MinimumOrderMarginPortfolioPercentage { get; }

    public GetMaximumOrderQuantityForDeltaBuyingPowerParameters(
        SecurityPortfolioManager portfolio,
        Security security,
        decimal deltaBuyingPower,
        decimal minimumOrderMarginPortfolioPercentage,
        bool silenceNonErrorReasons = false)
    {
        Portfolio = portfolio;
        Security = security;
        DeltaBuyingPower = deltaBuyingPower;
        SilenceNonErrorReasons = silenceNonErrorReasons;
        MinimumOrderMarginPortfolioPercentage = minimumOrderMarginPortfolioPercentage;
    }
}

/// <summary>The share of the portfolio for which a quantity is asked.</summary>
public class GetMaximumOrderQuantityForTargetBuyingPowerParameters
{
    public SecurityPortfolioManager Portfolio { get; }
    public Security Security { get; }
    public decimal TargetBuyingPower { get; }
    public bool SilenceNonErrorReasons { get; }
    public decimal MinimumOrderMarginPortfolioPercentage { get; }

    public GetMaximumOrderQuantityForTargetBuyingPowerParameters(
        SecurityPortfolioManager portfolio,
        Security security,
        decimal targetBuyingPower,
        decimal minimumOrderMarginPortfolioPercentage,
        bool silenceNonErrorReasons = false)
    {
        Portfolio = portfolio;
        Security = security;
        TargetBuyingPower = targetBuyingPower;
        SilenceNonErrorReasons = silenceNonErrorReasons;
        MinimumOrderMarginPortfolioPercentage = minimumOrderMarginPortfolioPercentage;
    }
}

/// <summary>A quantity, or why there is none.</summary>
public class GetMaximumOrderQuantityResult
{
    public decimal Quantity { get; }
    public string Reason { get; }
    public bool IsError { get; }

    public GetMaximumOrderQuantityResult(decimal quantity, string reason = null)
        : this(quantity, reason, !string.IsNullOrEmpty(reason))
    {
    }

    public GetMaximumOrderQuantityResult(decimal quantity, string reason, bool isError = true)
    {
        Quantity = quantity;
        Reason = reason ?? string.Empty;
        IsError = isError;
    }
}
