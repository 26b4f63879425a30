#nullable enable
using System;
using System.Runtime.CompilerServices;
using CrossHedgeLean.Accounts;
using QuantConnect;
using QuantConnect.Orders;
using QuantConnect.Orders.Fees;
using QuantConnect.Securities;

namespace CrossHedgeLean.RealityModels;

/// <summary>
/// Buying power of a security's own account, spot or linear perpetual: no order is carried by another account's money,
/// what was accepted is held until the order is over, and an order that only reduces a position always passes. Figures
/// in LEAN's account currency.
/// </summary>
internal sealed class AccountBuyingPowerModel(SimulatedAccounts accounts) : BuyingPowerModel
{
    /// <summary>The account's leverage; 1 for spot.</summary>
    public override decimal GetLeverage(Security security)
        => security.Type == SecurityType.Crypto ? 1m : accounts.PositionOf(security).Account.Definition.Leverage;

    /// <summary>Does nothing: leverage is set for the account, where the venue has it, and LEAN would set its own here.</summary>
    public override void SetLeverage(Security security, decimal leverage)
    {
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override MaintenanceMargin GetMaintenanceMargin(MaintenanceMarginParameters parameters)
    {
        var security = parameters.Security;
        return new MaintenanceMargin(accounts.PositionOf(security).Tiers is { } tiers
            ? tiers.Maintenance(Notional(security, parameters.Quantity)) * security.QuoteCurrency.ConversionRate
            : 0m);
    }

    /// <inheritdoc />
    public override InitialMargin GetInitialMarginRequirement(InitialMarginParameters parameters)
    {
        var security = parameters.Security;
        var notional = Notional(security, parameters.Quantity);
        return new InitialMargin(security.QuoteCurrency.ConversionRate
            * (accounts.PositionOf(security).Tiers is { } tiers ? tiers.Initial(notional, GetLeverage(security)) : notional));
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override HasSufficientBuyingPowerForOrderResult HasSufficientBuyingPowerForOrder(HasSufficientBuyingPowerForOrderParameters parameters)
    {
        var security = parameters.Security;
        var order = parameters.Order;
        var position = accounts.PositionOf(security);
        var id = position.Instrument.Id;
        if (accounts.ForcedBy(security, order) is not null)
        {
            return parameters.Sufficient();
        }

        var filled = parameters.Portfolio.Transactions.GetOrderTicket(order.Id)?.QuantityFilled ?? 0m;
        var remaining = order.Quantity - filled;
        if (remaining == 0m)
        {
            return parameters.Sufficient();
        }

        var price = PriceOf(security, order);
        var verdict = accounts.Ledger.Reserve(new OrderRequirement(order.Id, id, remaining, price, FeeRate(security, order, price)));
        if (verdict.Accepted)
        {
            return parameters.Sufficient();
        }

        // The exchange took it in and holds its margin: a price that has moved since does not put it out again.
        if (order.Status is OrderStatus.Submitted or OrderStatus.PartiallyFilled && accounts.Ledger.IsReserved(id, order.Id)
            && (position.IsPerpetual || accounts.Exchange.Latency != Exchange.Latency.None))
        {
            return parameters.Sufficient();
        }

        return parameters.Insufficient(verdict.Limit > 0m
            ? FormattableString.Invariant($"{position.Account.Definition.Name}: {id} is limited to a notional of {verdict.Limit} {position.Instrument.SettlementCurrency}.")
            : FormattableString.Invariant($"{position.Account.Definition.Name} has {verdict.Available.Normalize()} {verdict.Currency} for an order of {remaining.Normalize()} {id} that needs {verdict.Required.Normalize()}."));
    }

    /// <summary>The order that brings the position to a share of its account's equity: margin for perpetuals, value for spot.</summary>
    public override GetMaximumOrderQuantityResult GetMaximumOrderQuantityForTargetBuyingPower(GetMaximumOrderQuantityForTargetBuyingPowerParameters parameters)
    {
        var account = accounts.PositionOf(parameters.Security).Account;
        return QuantityFor(parameters.Security, parameters.TargetBuyingPower * accounts.Ledger.EquityOf(account), parameters.SilenceNonErrorReasons);
    }

    /// <summary>The order that changes the position's margin (perpetuals) or value (spot) by an amount.</summary>
    public override GetMaximumOrderQuantityResult GetMaximumOrderQuantityForDeltaBuyingPower(GetMaximumOrderQuantityForDeltaBuyingPowerParameters parameters)
    {
        var security = parameters.Security;
        var held = accounts.PositionOf(security).Quantity;
        var used = GetInitialMarginRequirement(new InitialMarginParameters(security, held)).Value;
        return QuantityFor(security, (used * (held < 0m ? -1m : 1m)) + parameters.DeltaBuyingPower, parameters.SilenceNonErrorReasons);
    }

    /// <inheritdoc />
    public override ReservedBuyingPowerForPosition GetReservedBuyingPowerForPosition(ReservedBuyingPowerForPositionParameters parameters)
        => parameters.ResultInAccountCurrency(accounts.PositionOf(parameters.Security) is { IsPerpetual: true } position
            ? position.InitialMargin * parameters.Security.QuoteCurrency.ConversionRate
            : 0m);

    /// <inheritdoc />
    protected override decimal GetMarginRemaining(SecurityPortfolioManager portfolio, Security security, OrderDirection direction)
    {
        var account = accounts.PositionOf(security).Account;
        return Math.Max(0m, accounts.Ledger.EquityOf(account) - account.InitialMargin - account.OrderMargin);
    }

    private static decimal Notional(Security security, decimal quantity)
        => Math.Abs(quantity) * security.Price * security.SymbolProperties.ContractMultiplier;

    /// <summary>What the order may cost: its limit, else the quote on the other side.</summary>
    private static decimal PriceOf(Security security, Order order)
        => order is LimitOrder limit ? limit.LimitPrice : order.Quantity > 0m ? security.AskPrice : security.BidPrice;

    /// <summary>The fee where it comes on top of what the order spends: money for buys and perpetuals, coins for spot sells.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static decimal FeeRate(Security security, Order order, decimal price)
    {
        var fee = security.FeeModel.GetOrderFee(new OrderFeeParameters(security, order)).Value;
        var sellsCoins = security.Type == SecurityType.Crypto && order.Quantity < 0m;
        var spent = sellsCoins ? order.AbsoluteQuantity : order.AbsoluteQuantity * price * security.SymbolProperties.ContractMultiplier;
        var currency = sellsCoins ? ((IBaseCurrencySymbol)security).BaseCurrency.Symbol : security.QuoteCurrency.Symbol;
        return fee.Currency == currency && spent > 0m ? fee.Amount / spent : 0m;
    }

    private GetMaximumOrderQuantityResult QuantityFor(Security security, decimal target, bool silent)
    {
        var position = accounts.PositionOf(security);
        var isSpot = !position.IsPerpetual;
        if (isSpot && target < 0m)
        {
            return new GetMaximumOrderQuantityResult(0m, $"{position.Account.Definition.Name}: spot cannot be sold short.");
        }

        var unit = security.Price * security.SymbolProperties.ContractMultiplier * security.QuoteCurrency.ConversionRate;
        if (unit == 0m)
        {
            return new GetMaximumOrderQuantityResult(0m, $"{security.Symbol.Value} has no price in the account currency yet.");
        }

        var held = position.Quantity;
        var wanted = target * GetLeverage(security) / unit;
        var quantity = wanted - held;
        if (quantity != 0m && (Math.Sign(quantity) == Math.Sign(held) || held == 0m))
        {
            // Leave room for the fee of what is added.
            var sample = new MarketOrder(security.Symbol, quantity, security.LocalTime.ConvertToUtc(security.Exchange.TimeZone));
            quantity /= 1m + (FeeRate(security, sample, security.Price) * GetLeverage(security));
        }

        quantity = position.Instrument.RoundTowardZero(quantity);
        return quantity == 0m
            ? new GetMaximumOrderQuantityResult(0m, silent ? null : $"The order is less than one lot of {position.Instrument.LotSize.ToStringInvariant()}.", isError: false)
            : new GetMaximumOrderQuantityResult(quantity);
    }
}
