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

    /// <summary>More than any test asks for.</summary>
    public const decimal Plenty = 1_000_000m;

    public static InstrumentId Id(string text)
        => InstrumentId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    public static HedgeGroup Group(decimal ratio = 1m, decimal band = 0m, params Instrument[] hedges)
        => new("BTC", BinanceSpot, hedges.Length == 0 ? [BybitPerpetual] : hedges, ratio, band);

    /// <summary>A healthy leg with headroom and a book of one price; every other figure by <c>with</c>.</summary>
    public static LegState Leg(Instrument instrument, decimal held = 0m, decimal buying = 0m, decimal selling = 0m, decimal? price = 17_000m, bool backoff = false, decimal? headroom = null)
        => new()
        {
            Instrument = instrument,
            Held = held,
            WorkingBuy = buying,
            WorkingSell = selling,
            FreshPrice = price,
            Quote = new Quote(Noon, 17_000m, 0m, 17_000m, 0m, price ?? 17_000m),
            InBackoff = backoff,
            Health = HealthState.Healthy,
            Headroom = headroom ?? Plenty,
        };

    public static GroupState State(HedgeGroup group, decimal primary, params LegState[] legs)
        => State(group, Leg(group.Primary, primary), legs);

    public static GroupState State(HedgeGroup group, LegState primary, params LegState[] legs)
        => State(group, new HedgeSettings(), primary, legs);

    public static GroupState State(HedgeGroup group, HedgeSettings settings, LegState primary, params LegState[] legs)
    {
        var state = new GroupState(group, settings) { TimeUtc = Noon, Primary = primary };
        for (var i = 0; i < state.Legs.Length; i++)
        {
            state.Legs[i] = legs.Length == 0 ? Leg(group.Hedges[i]) : legs[i];
        }

        return state;
    }

    public static IReadOnlyList<decimal> Sent(HedgeDecision decision)
        => decision.Actions.OfType<SendHedge>().Select(send => send.Quantity).ToArray();

    /// <summary>What was sent to one leg, all orders together.</summary>
    public static decimal SentTo(HedgeDecision decision, Instrument leg)
        => decision.Actions.OfType<SendHedge>().Where(send => send.Instrument == leg).Sum(send => send.Quantity);
}
