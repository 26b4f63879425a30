using System;
using CrossHedgeLean.Accounts;
using QuantConnect.Interfaces;

namespace QuantConnect.Brokerages.CrossHedge;

/// <summary>
/// Says on what the brokerages say, and stops nothing: LEAN's own handler ends the algorithm at any child's error, and a
/// quarter of an hour after any child's disconnect. What a child's trouble means for trading is the health of its venue.
/// </summary>
/// <param name="algorithm">Told the messages.</param>
public sealed class CrossHedgeBrokerageMessageHandler(IAlgorithm algorithm) : IBrokerageMessageHandler
{
    /// <summary>Messages of the composite are for a person; what children say themselves, which LEAN also hears, is only noted.</summary>
    public void HandleMessage(BrokerageMessageEvent message)
    {
        var isOurs = message.Code?.StartsWith(CrossHedgeBrokerage.CodePrefix, StringComparison.Ordinal) == true;
        if (isOurs && message.Type == BrokerageMessageType.Warning)
        {
            algorithm.Error($"{message.Code}: {message.Message}");
        }
        else
        {
            algorithm.Debug($"{message.Code}: {message.Message}");
        }
    }

    /// <summary>Orders that somebody placed at a venue are not taken over; what was found to have happened there is.</summary>
    /// <returns>Whether LEAN shall know of it.</returns>
    public bool HandleOrder(NewBrokerageOrderNotificationEventArgs eventArgs)
    {
        if (eventArgs.Order.Tag == ReconciledOrders.Tag)
        {
            return true;
        }

        algorithm.Error($"An order of {eventArgs.Order.Symbol.Value} that was placed at the venue itself is left alone; its position counts when the venue reports it.");
        return false;
    }
}
