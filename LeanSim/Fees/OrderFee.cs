namespace QuantConnect.Orders.Fees;

/// <summary>The fee of a fill.</summary>
public class OrderFee(CashAmount orderFee)
{
    public static readonly OrderFee Zero = new(new CashAmount(0, Currencies.NullCurrency));
    public CashAmount Value { get; set; } = new CashAmount(orderFee.Amount.Normalize(), orderFee.Currency);

    public virtual void ApplyToPortfolio(SecurityPortfolioManager portfolio, OrderEvent fill) =>
        portfolio.CashBook[Value.Currency].AddAmount(-Value.Amount);

    public override string ToString() => $"{Value.Amount} {Value.Currency}";
}

/// <summary>A fee in base currency that was already taken from the fill's quantity: given back here in quote currency's terms.</summary>
public class ModifiedFillQuantityOrderFee(CashAmount orderFee, string quoteCurrency, decimal contractMultiplier) : OrderFee(orderFee)
{
    public override void ApplyToPortfolio(SecurityPortfolioManager portfolio, OrderEvent fill) =>
        portfolio.CashBook[quoteCurrency].AddAmount(-Value.Amount * fill.FillPrice * contractMultiplier);
}

/// <summary>The order whose fee is asked for.</summary>
public class OrderFeeParameters(Security security, Order order)
{
    public Security Security { get; } = security;
    public Order Order { get; } = order;
}

/// <summary>Says what an order costs.</summary>
public interface IFeeModel
{
    OrderFee GetOrderFee(OrderFeeParameters parameters);
}

/// <summary>No fee; the base of fee models.</summary>
public class FeeModel : IFeeModel
{
    public virtual OrderFee GetOrderFee(OrderFeeParameters parameters) => new(new CashAmount(0, Currencies.USD));
}

/// <summary>The same fee for every order.</summary>
public class ConstantFeeModel(decimal fee, string currency = "USD") : FeeModel
{
    private readonly CashAmount _fee = new CashAmount(Math.Abs(fee), currency);
    public override OrderFee GetOrderFee(OrderFeeParameters parameters) => new(_fee);
}
