namespace QuantConnect.Brokerages.CrossHedge;

/// <content>What children say is said on with their name, and never as an error of the whole.</content>
public sealed partial class CrossHedgeBrokerage
{
    /// <summary>Begins the code of every message of ours: <c>xh.</c>, the child and what happened.</summary>
    public const string CodePrefix = "xh.";

    private void Say(string child, string code, string text)
        => OnMessage(new BrokerageMessageEvent(
            code is "up" or "information" or "reconnect" ? BrokerageMessageType.Information : BrokerageMessageType.Warning,
            $"{CodePrefix}{child}.{code}",
            text));
}
