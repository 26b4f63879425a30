using System;
using CrossHedgeLean.Venues;

namespace QuantConnect.Brokerages.CrossHedge.Children;

/// <summary>Between LEAN's symbols and our routes.</summary>
internal static class SymbolRoutes
{
    /// <summary>The route of a symbol; null if it is no spot coin or perpetual.</summary>
    public static Route? Of(Symbol symbol)
        => symbol.SecurityType switch
        {
            SecurityType.Crypto => new Route(symbol.ID.Market, InstrumentKind.Spot),
            SecurityType.CryptoFuture => new Route(symbol.ID.Market, symbol.Value.EndsWith("USD", StringComparison.Ordinal) ? InstrumentKind.InversePerpetual : InstrumentKind.LinearPerpetual),
            _ => null,
        };

    /// <summary>The instrument of a symbol; null if it is no spot coin or perpetual.</summary>
    public static InstrumentId? InstrumentOf(Symbol symbol) => Of(symbol) is { } route ? new InstrumentId(route, symbol.Value) : null;

    /// <summary>The symbol of an instrument.</summary>
    public static Symbol SymbolOf(InstrumentId id)
        => Symbol.Create(id.Ticker, id.Route.Kind == InstrumentKind.Spot ? SecurityType.Crypto : SecurityType.CryptoFuture, id.Route.Market);
}
