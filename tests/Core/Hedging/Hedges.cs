using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Tests.Core.Hedging;

/// <summary>Groups and states for the tests of the decision.</summary>
internal static class Hedges
{
    public static readonly DateTime Noon = new(2022, 12, 13, 12, 0, 0, DateTimeKind.Utc);

    public static readonly Instrument BinanceSpot = new(Id("binance:spot:BTCBUSD"), "BTC", "BUSD", 1m, 0.00001m, 0m, 10m);

    public static readonly Instrument BybitPerpetual = new(Id("bybit:perpetual:BTCUSDT"), "BTC", "USDT", 1m, 0.001m, 0.001m, 0m);

    public static readonly Instrument BinancePerpetual = new(Id("binance:perpetual:BTCUSDT"), "BTC", "USDT", 1m, 0.001m, 0m, 0m);

    public static InstrumentId Id(string text)
        => InstrumentId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    public static HedgeGroup Group(decimal ratio = 1m, decimal band = 0m, params Instrument[] hedges)
        => new("BTC", BinanceSpot, hedges.Length == 0 ? [BybitPerpetual] : hedges, ratio, band);

    public static LegState Leg(Instrument instrument, decimal held = 0m, decimal buying = 0m, decimal selling = 0m, decimal? price = 17_000m, bool backoff = false, decimal headroom = 1_000_000m)
        => new()
        {
            Instrument = instrument,
            Held = held,
            WorkingBuy = buying,
            WorkingSell = selling,
            FreshPrice = price,
            Quote = price is { } known ? new Quote(Noon, known, 0m, known, 0m, known) : default,
            InBackoff = backoff,
            Health = HealthState.Healthy,
            Headroom = headroom,
        };

    public static GroupState State(HedgeGroup group, decimal primary, params LegState[] legs)
    {
        var state = new GroupState(group, new HedgeSettings()) { TimeUtc = Noon, Primary = Leg(group.Primary, primary) };
        for (var i = 0; i < state.Legs.Length; i++)
        {
            state.Legs[i] = legs.Length == 0 ? Leg(group.Hedges[i]) : legs[i];
        }

        return state;
    }

    public static IReadOnlyList<decimal> Sent(HedgeDecision decision)
        => decision.Actions.OfType<SendHedge>().Select(send => send.Quantity).ToArray();
}
