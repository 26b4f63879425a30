namespace QuantConnect.Brokerages;

/// <summary>Kinds of brokerage message.</summary>
public enum BrokerageMessageType { Information, Warning, Error, Reconnect, Disconnect, ActionRequired }

/// <summary>A message from a brokerage or about an order it refuses.</summary>
public class BrokerageMessageEvent(BrokerageMessageType type, string code, string message)
{
    public BrokerageMessageType Type { get; private set; } = type;
    public string Code { get; private set; } = code;
    public string Message { get; private set; } = message;

    public BrokerageMessageEvent(BrokerageMessageType type, int code, string message)
        : this(type, code.ToStringInvariant(), message) { }

    public override string ToString() => $"{Type} - Code: {Code} - {Message}";
    internal static BrokerageMessageEvent NotSupported(string message) => new(BrokerageMessageType.Warning, "NotSupported", message);

    internal static BrokerageMessageEvent NoUpdates() =>
        new(BrokerageMessageType.Warning, 0, "This brokerage does not update orders: cancel and submit anew");

    internal static BrokerageMessageEvent TooSmall(Security security, decimal quantity) => NotSupported(FormattableString.Invariant(
        $"The quantity {quantity} of {security.Symbol.Value} is below the minimum order size {security.SymbolProperties.MinimumOrderSize}"));

    internal static BrokerageMessageEvent TypeNotSupported(object model, Security security) =>
        NotSupported($"{model.GetType().Name} does not trade {security.Type} ({security.Symbol.Value})");

    internal static BrokerageMessageEvent OrderTypeNotSupported(object model, Orders.Order order) =>
        NotSupported($"{model.GetType().Name} does not take {order.Type} orders");
}
