using System;
using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using CrossHedgeLean.RealityModels;
using CrossHedgeLean.Venues;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;
using QuantConnect.Securities;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>One brokerage model over several venues: fees, lots, margin, funding and refusals of each at its own route.</summary>
public sealed class Composite : ConformanceAlgorithm
{
    private static readonly Feed s_spot = Feed.Spot(Market.Binance, "BTCUSDT");
    private static readonly Feed s_perpetual = Feed.Perpetual(Market.Bybit, "BTCUSDT");
    private static readonly Feed s_future = Feed.Perpetual(Market.Binance, "BTCUSDT");
    private static readonly Feed s_dollar = Feed.Spot(Market.Kraken, "BTCUSD");

    private Symbol[] _symbols = [];

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of(
            "composite-venues", "one brokerage model over four routes", "Composite.cs",
            data => data.WithDatabases()
                .Minutes(s_spot, Day(1), 2, new PriceWalk(221, 61_000m, 0.01m, 600), spread: 1m)
                .Minutes(s_perpetual, Day(1), 2, new PriceWalk(222, 61_000m, 0.1m, 60), spread: 0.1m)
                .Minutes(s_future, Day(1), 2, new PriceWalk(223, 61_000m, 0.1m, 60), spread: 0.1m)
                .Minutes(s_dollar, Day(1), 2, new PriceWalk(224, 61_000m, 0.1m, 60), spread: 1m)
                .Funding(s_perpetual, (Day(1), 0.0001m), (Day(1).AddHours(8), 0.0002m), (Day(1).AddHours(16), 0.0003m), (Day(2), 0.0004m))
                .Funding(s_future, (Day(1), -0.0001m), (Day(1).AddHours(8), -0.0002m), (Day(1).AddHours(16), -0.0003m), (Day(2), -0.0004m)),
            () => new Composite()),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(2));
        SetAccountCurrency("USDT");
        SetCash(200_000m);
        SetCash("USD", 100_000m, 1m);
        var models = new List<KeyValuePair<Route, IBrokerageModel>>();
        foreach (var route in new[]
                 {
                     new Route(Market.Binance, InstrumentKind.Spot), new Route(Market.Bybit, InstrumentKind.LinearPerpetual),
                     new Route(Market.Binance, InstrumentKind.LinearPerpetual), new Route(Market.Kraken, InstrumentKind.Spot),
                 })
        {
            models.Add(KeyValuePair.Create(route, Routes.CreateModel(route)));
        }

        SetBrokerageModel(new CompositeBrokerageModel(models, Market.Binance));
        Portfolio.MarginCallModel = MarginCallModel.Null;
        Settings.MinimumOrderMarginPortfolioPercentage = 0;
        _symbols =
        [
            AddCrypto("BTCUSDT", Resolution.Minute, Market.Binance).Symbol,
            AddCryptoFuture("BTCUSDT", Resolution.Minute, Market.Bybit, leverage: 3m).Symbol,
            AddCryptoFuture("BTCUSDT", Resolution.Minute, Market.Binance, leverage: 3m).Symbol,
            AddCrypto("BTCUSD", Resolution.Minute, Market.Kraken).Symbol,
        ];
        foreach (var symbol in _symbols)
        {
            var security = Securities[symbol];
            Note($"{StateLines.Text(symbol)} {security.FeeModel.GetType().Name} {security.BuyingPowerModel.GetType().Name} leverage {StateLines.Text(security.Leverage)}");
        }

        try
        {
            AddCrypto("BTCUSDT", Resolution.Minute, Market.Bybit);
            Note("an unmapped route was accepted");
        }
        catch (InvalidOperationException error)
        {
            Note("refused: " + error.Message);
        }
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        if (Step % 200 != 20)
        {
            return;
        }

        var quantity = (Step % 600) switch { 20 => 0.3m, 220 => 0.1234567m, _ => -0.2m };
        Note(MarketOrder(_symbols[0], quantity));
        Note(MarketOrder(_symbols[1], -quantity, asynchronous: true));
        Note(MarketOrder(_symbols[2], -quantity / 2, asynchronous: true));
        Note(MarketOrder(_symbols[3], quantity / 10));
        Note(LimitOrder(_symbols[0], -0.01m, Securities[_symbols[0]].Price + 20m));
        Note(LimitOrder(_symbols[1], 0.01m, Securities[_symbols[1]].Price - 20m));
        Note(MarketOrder(_symbols[0], 0.00001m));
        Note(MarketOrder(_symbols[1], 0.0001m));
    }
}
