#nullable enable
using System;
using CrossHedgeLean.Venues;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Securities;
using QuantConnect.Securities.CryptoFuture;

namespace CrossHedgeLean.RealityModels;

/// <summary>Between our routes and LEAN's security types, and from a route to LEAN's own model of that venue.</summary>
public static class Routes
{
    /// <summary>The route that orders in a security take; null if LEAN's security type is not one of ours.</summary>
    public static Route? Of(Security security)
        => security switch
        {
            CryptoFuture future => new Route(security.Symbol.ID.Market, future.IsCryptoCoinFuture() ? InstrumentKind.InversePerpetual : InstrumentKind.LinearPerpetual),
            { Type: SecurityType.Crypto } => new Route(security.Symbol.ID.Market, InstrumentKind.Spot),
            _ => null,
        };

    /// <summary>LEAN's security type of a kind of instrument.</summary>
    public static SecurityType SecurityTypeOf(InstrumentKind kind)
        => kind == InstrumentKind.Spot ? SecurityType.Crypto : SecurityType.CryptoFuture;

    /// <summary>LEAN's symbol of an instrument.</summary>
    public static Symbol SymbolOf(InstrumentId id)
        => Symbol.Create(id.Ticker, SecurityTypeOf(id.Route.Kind), id.Route.Market);

    /// <summary>An instrument as its venue trades it.</summary>
    /// <param name="id">The instrument.</param>
    /// <param name="underlying">The coin it gives exposure to.</param>
    /// <param name="properties">LEAN's rules for it.</param>
    /// <param name="units">Units of the underlying per unit of its price: 1000 for 1000PEPE, else 1.</param>
    public static Instrument Describe(InstrumentId id, string underlying, SymbolProperties properties, decimal units)
    {
        var minimum = properties.MinimumOrderSize ?? 0m;

        // Binance states its minimum order in the quote currency, the other venues in coins or contracts.
        var minimumIsNotional = id.Route.Market == Market.Binance;
        return new Instrument(
            id,
            underlying,
            properties.QuoteCurrency,
            properties.ContractMultiplier * units,
            properties.LotSize,
            minimumIsNotional ? 0m : minimum,
            minimumIsNotional ? minimum : 0m,
            properties.ContractMultiplier);
    }

    /// <summary>
    /// LEAN's own model of a venue, one instance a route: spot is a cash account (coins are bought outright),
    /// perpetuals are a margin account.
    /// </summary>
    /// <exception cref="ArgumentException">No model is known for the route.</exception>
    public static IBrokerageModel CreateModel(Route route)
        => (route.Market, route.Kind) switch
        {
            (Market.Binance, InstrumentKind.Spot) => new BinanceBrokerageModel(AccountType.Cash),
            (Market.Binance, InstrumentKind.LinearPerpetual) => new BinanceFuturesBrokerageModel(AccountType.Margin),
            (Market.Bybit, InstrumentKind.Spot) => new BybitBrokerageModel(AccountType.Cash),
            (Market.Bybit, InstrumentKind.LinearPerpetual) => new BybitBrokerageModel(AccountType.Margin),
            (Market.Coinbase, InstrumentKind.Spot) => new CoinbaseBrokerageModel(AccountType.Cash),
            (Market.Kraken, InstrumentKind.Spot) => new KrakenBrokerageModel(AccountType.Cash),
            _ => throw new ArgumentException($"No venue serves the route {route}; known routes are {Route.KnownNames}.", nameof(route)),
        };
}
