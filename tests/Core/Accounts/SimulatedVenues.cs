using System;
using System.Collections.Generic;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Accounts;

/// <summary>Accounts and instruments for the tests of money: small brackets and high leverage, so that random lives reach every rule.</summary>
internal static class SimulatedVenues
{
    public static readonly DateTime Start = new(2024, 1, 1, 0, 30, 0, DateTimeKind.Utc);

    public static readonly MarginTiers Brackets = new(
    [
        new MarginTier(5_000m, 0.005m, 50m),
        new MarginTier(20_000m, 0.01m, 25m),
        new MarginTier(100_000m, 0.025m, 10m),
        new MarginTier(400_000m, 0.1m, 5m),
    ]);

    public static readonly VenueProfile SpotProfile = Profile("test-spot") with { FallbackTiers = null };

    public static readonly VenueProfile FuturesProfile = Profile("test-futures") with { LiquidationFeeRate = 0.0125m };

    public static readonly VenueProfile UnifiedProfile = Profile("test-unified") with
    {
        LiquidationFeeRate = 0.00055m,
        CollateralRatios = new Dictionary<string, decimal> { ["USDT"] = 1m, ["BUSD"] = 0.95m, ["BTC"] = 0.9m },
    };

    public static readonly Instrument Spot = new(Id("binance:spot:BTCUSDT"), "BTC", "USDT", 1m, 0.0001m, 0m, 0m);

    public static readonly Instrument SpotBusd = new(Id("binance:spot:BTCBUSD"), "BTC", "BUSD", 1m, 0.0001m, 0m, 0m);

    public static readonly Instrument Perpetual = new(Id("binance:perpetual:BTCUSDT"), "BTC", "USDT", 1m, 0.001m, 0m, 0m);

    public static readonly Instrument PerpetualBusd = new(Id("binance:perpetual:BTCBUSD"), "BTC", "BUSD", 1m, 0.001m, 0m, 0m);

    public static readonly Instrument Pepe = new(Id("binance:perpetual:1000PEPEUSDT"), "PEPE", "USDT", 1_000m, 1m, 0m, 0m);

    public static readonly Instrument UnifiedSpot = new(Id("bybit:spot:BTCUSDT"), "BTC", "USDT", 1m, 0.0001m, 0m, 0m);

    public static readonly Instrument UnifiedPerpetual = new(Id("bybit:perpetual:BTCUSDT"), "BTC", "USDT", 1m, 0.001m, 0m, 0m);

    public static readonly Instrument UnifiedBusd = new(Id("bybit:perpetual:BTCBUSD"), "BTC", "BUSD", 1m, 0.001m, 0m, 0m);

    public static readonly Instrument UnifiedPepe = new(Id("bybit:perpetual:1000PEPEUSDT"), "PEPE", "USDT", 1_000m, 1m, 0m, 0m);

    public static readonly Instrument Kraken = new(Id("kraken:spot:BTCUSDT"), "BTC", "USDT", 1m, 0.0001m, 0m, 0m);

    public static AccountDefinition SpotAccount(params (string, decimal)[] opening)
        => new("spot", [new Route("binance", InstrumentKind.Spot)], SpotProfile) { Opening = opening };

    public static AccountDefinition FuturesAccount(params (string, decimal)[] opening)
        => new("futures", [new Route("binance", InstrumentKind.LinearPerpetual)], FuturesProfile) { Opening = opening, Leverage = 10m };

    public static AccountDefinition UnifiedAccount(params (string, decimal)[] opening)
        => new("unified", [new Route("bybit", InstrumentKind.Spot), new Route("bybit", InstrumentKind.LinearPerpetual)], UnifiedProfile) { Opening = opening, Leverage = 10m };

    public static AccountDefinition KrakenAccount(params (string, decimal)[] opening)
        => new("kraken", [new Route("kraken", InstrumentKind.Spot)], SpotProfile) { Opening = opening };

    private static VenueProfile Profile(string name)
        => new()
        {
            Name = name,
            Source = "made up",
            AsOf = new DateOnly(2024, 1, 1),
            FallbackTiers = Brackets,
        };
}
