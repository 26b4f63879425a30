namespace QuantConnect.Orders;

/// <summary>The answer to an order request.</summary>
public class OrderResponse
{
    public static readonly OrderResponse Unprocessed = new(int.MinValue, OrderResponseErrorCode.None, null);

    private OrderResponse(int orderId, OrderResponseErrorCode errorCode, string errorMessage)
    {
        OrderId = orderId;
        ErrorCode = errorCode;
        if (errorCode != OrderResponseErrorCode.None)
            ErrorMessage = errorMessage ?? "Unexpected error.";
    }

    public int OrderId { get; private set; }
    public string ErrorMessage { get; private set; }
    public OrderResponseErrorCode ErrorCode { get; private set; }
    public bool IsSuccess => IsProcessed && ErrorCode == OrderResponseErrorCode.None;
    public bool IsError => IsProcessed && ErrorCode != OrderResponseErrorCode.None;
    public bool IsProcessed => !ReferenceEquals(this, Unprocessed);
    public static OrderResponse Success(OrderRequest request) => new(request.OrderId, OrderResponseErrorCode.None, null);

    public static OrderResponse Error(OrderRequest request, OrderResponseErrorCode errorCode, string errorMessage)
        => new(request.OrderId, errorCode, errorMessage);

    public static OrderResponse InvalidStatus(OrderRequest request, Order order)
        => Error(request, OrderResponseErrorCode.InvalidOrderStatus, $"Order {Id(request)} is already {order.Status}.");

    public static OrderResponse InvalidNewStatus(OrderRequest request, Order order)
        => Error(request, OrderResponseErrorCode.InvalidNewOrderStatus, $"Order {Id(request)} is {order.Status}: its submission is not confirmed yet.");

    public static OrderResponse UnableToFindOrder(OrderRequest request)
        => Error(request, OrderResponseErrorCode.UnableToFindOrder, $"There is no order with id {Id(request)}.");

    public static OrderResponse ZeroQuantity(OrderRequest request)
        => Error(request, OrderResponseErrorCode.OrderQuantityZero, $"Order {Id(request)} cannot have quantity zero.");

    public static OrderResponse MissingSecurity(SubmitOrderRequest request)
        => Error(request, OrderResponseErrorCode.MissingSecurity, $"{request.Symbol} has not been added: use AddSecurity in Initialize.");

    public static OrderResponse WarmingUp(OrderRequest request)
        => Error(request, OrderResponseErrorCode.AlgorithmWarmingUp,
            $"{request.OrderRequestType} requests are not allowed in Initialize or during warm up: use OnWarmupFinished.");

    public override string ToString() => !IsProcessed ? "Unprocessed" : IsError ? $"Error: {ErrorCode} - {ErrorMessage}" : "Success";
    private static string Id(OrderRequest request) => request.OrderId.ToString(CultureInfo.InvariantCulture);
}
