namespace QuantConnect.Orders;

/// <summary>Questions about order states and types.</summary>
public static class OrderExtensions
{
    public static bool IsClosed(this OrderStatus status) => status is OrderStatus.Filled or OrderStatus.Canceled or OrderStatus.Invalid;
    public static bool IsOpen(this OrderStatus status) => !status.IsClosed();
    public static bool IsFill(this OrderStatus status) => status is OrderStatus.Filled or OrderStatus.PartiallyFilled;
}
