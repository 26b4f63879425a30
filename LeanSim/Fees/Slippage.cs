namespace QuantConnect.Orders.Slippage;

/// <summary>Says by how much a fill's price is worse, in price units.</summary>
public interface ISlippageModel
{
    decimal GetSlippageApproximation(Security asset, Order order);
}

/// <summary>No slippage.</summary>
public sealed class NullSlippageModel : ISlippageModel
{
    public static NullSlippageModel Instance { get; } = new();
    public decimal GetSlippageApproximation(Security asset, Order order) => 0;
}
