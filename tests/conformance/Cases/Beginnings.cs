using System;
using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>
/// How runs begin: conversion rates seeded from the days before the start, a pair added while running whose coin is new to the cash book,
/// a period without any data.
/// </summary>
/// <param name="startDay">The first day of the run.</param>
public sealed class Beginnings(int startDay) : ConformanceAlgorithm
{
    private static readonly Feed s_dollar = Feed.Spot(Market.Kraken, "BTCUSD");
    private static readonly Feed s_tether = Feed.Spot(Market.Kraken, "USDTUSD");
    private static readonly Feed s_euro = Feed.Spot(Market.Kraken, "EURUSD");
    private static readonly Feed s_ether = Feed.Spot(Market.Kraken, "ETHUSD");

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of("seeded-conversion-rates", "rates known from the days before the start", "Beginnings.cs", WriteData, () => new Beginnings(3)),
        ConformanceCase.Of("no-data", "a period without data", "Beginnings.cs", WriteData, () => new Beginnings(12)),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(startDay));
        SetEndDate(Day(startDay));
        SetAccountCurrency("USD");
        SetCash("USD", 50_000m);
        SetCash("USDT", 20_000m);
        SetCash("EUR", 10_000m);
        SetCash("BTC", 0.5m);
        SetBrokerageModel(BrokerageName.Kraken, AccountType.Cash);
        var symbol = AddCrypto("BTCUSD", Resolution.Minute, Market.Kraken).Symbol;
        Schedule.On("every 6 hours", DateRules.EveryDay(), TimeRules.Every(TimeSpan.FromHours(6)), () => Note("fired " + StateLines.State(this)));
        Schedule.On("order", DateRules.EveryDay(), TimeRules.At(13, 0), () => Note(MarketOrder(symbol, 0.1m)));
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        if (Step == 300)
        {
            AddCrypto("ETHUSD", Resolution.Minute, Market.Kraken);
        }

        if (Step is 299 or 300 or 301 or 302 or 310)
        {
            Note("holds " + string.Join(' ', Portfolio.CashBook.Keys));
        }

        if (Step == 310)
        {
            Note(MarketOrder("ETHUSD", 0.5m));
            Note(MarketOrder("BTCUSD", -0.2m));
        }
    }

    private static void WriteData(DataFolder data) => data.WithDatabases()
        .Minutes(s_dollar, Day(1), 3, new PriceWalk(251, 61_000m, 0.1m, 60), spread: 1m)
        // The day before the start has some of these, the start itself begins late.
        .Minutes(s_tether, Day(1), 3, new PriceWalk(252, 0.9991m, 0.00001m, 4), spread: 0.00002m, hasTrade: i => i is < 2_000 or > 3_600, hasQuote: i => i is < 2_100 or > 3_500)
        .Minutes(s_euro, Day(1), 3, new PriceWalk(253, 1.085m, 0.00001m, 9), hasTrade: i => i is < 1_000 or > 3_000)
        .Minutes(s_ether, Day(1), 3, new PriceWalk(254, 3_400m, 0.01m, 60), spread: 0.1m);
}
