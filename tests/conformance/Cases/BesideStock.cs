using System;
using System.Collections.Generic;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Conformance.Data;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Framework;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.RealityModels;
using CrossHedgeLean.Venues;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>
/// The same orders with LEAN's own models over one pooled cash book ("stock") and with an account for each venue
/// ("ours"): each pair of cases shows one difference, which BesideStockTests states.
/// </summary>
/// <param name="topic">What is shown.</param>
/// <param name="ours">Whether the accounts are installed.</param>
public sealed class BesideStock(string topic, bool ours) : ConformanceAlgorithm
{
    /// <summary>What is shown, in the order of the cases.</summary>
    public static IReadOnlyList<string> Topics { get; } = ["money", "spot-sell", "first-funding", "stale-funding", "margin-call"];

    private static readonly Feed s_spot = Feed.Spot(Market.Binance, "BTCUSDT");
    private static readonly Feed s_perpetual = Feed.Perpetual(Market.Bybit, "BTCUSDT");
    private static readonly Feed s_other = Feed.Perpetual(Market.Binance, "BTCUSDT");

    private Symbol _spot = null!;
    private Symbol _perpetual = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases
    {
        get
        {
            foreach (var topic in Topics)
            {
                foreach (var ours in new[] { false, true })
                {
                    yield return ConformanceCase.Of(
                        $"beside-{topic}-{(ours ? "ours" : "stock")}",
                        $"{topic}: {(ours ? "an account for each venue" : "LEAN's own models over one cash book")}",
                        "BesideStock.cs",
                        data => WriteData(data, topic),
                        () => new BesideStock(topic, ours));
                }
            }
        }
    }

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(topic == "stale-funding" ? Day(3) : Day(1).AddHours(12));
        if (ours)
        {
            SetUpOurs();
        }
        else
        {
            SetUpStock();
        }
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        switch (topic, Step)
        {
            case ("money", 2):
                // All money is at the spot exchange.
                Note(MarketOrder(_perpetual, 0.1m));
                break;
            case ("spot-sell", 2):
                Note(MarketOrder(_spot, 0.5m));
                break;
            case ("spot-sell", 4):
                Note(LimitOrder(_perpetual, -0.4m, Securities[_perpetual].Price + 5_000m));
                Note(MarketOrder(_spot, -0.3m));
                break;
            case ("first-funding", 450):
                // Half an hour before the boundary at 08:00.
                Note(MarketOrder(_perpetual, 1m));
                break;
            case ("stale-funding", 10):
                // The last rate is that of 16:00 on the first day.
                Note(MarketOrder(_perpetual, 1m));
                break;
            case ("margin-call", 2):
                // Most of what a leverage of 25 carries; then the price falls by one and a half per cent.
                Note(MarketOrder(_perpetual, 3.5m));
                break;
        }
    }

    private void SetUpStock()
    {
        SetAccountCurrency("USDT");
        SetCash("USDT", Money);
        var routes = new Dictionary<Route, IBrokerageModel>();
        foreach (var route in new[] { new Route(Market.Binance, InstrumentKind.Spot), new Route(Market.Bybit, InstrumentKind.LinearPerpetual) })
        {
            routes.Add(route, Routes.CreateModel(route));
        }

        SetBrokerageModel(new CompositeBrokerageModel(routes, Market.Binance));
        _spot = AddCrypto("BTCUSDT", Resolution.Minute, Market.Binance).Symbol;
        _perpetual = AddCryptoFuture("BTCUSDT", Resolution.Minute, Market.Bybit, leverage: 25).Symbol;
    }

    private void SetUpOurs()
    {
        var perpetual = new InstrumentId(new Route(Market.Bybit, InstrumentKind.LinearPerpetual), "BTCUSDT");
        var accounts = new List<AccountDefinition>();
        foreach (var account in AccountDefaults.For([new Route(Market.Binance, InstrumentKind.Spot), new Route(Market.Binance, InstrumentKind.LinearPerpetual), perpetual.Route]))
        {
            var isMoneys = account.Name == (topic is "money" or "spot-sell" ? "binance-spot" : "bybit");
            var isOther = topic == "spot-sell" && account.Name == "bybit";
            accounts.Add(account with
            {
                Leverage = 25m,
                Opening = isMoneys ? [("USDT", isOther ? 0m : topic == "spot-sell" ? Money / 2 : Money)] : isOther ? [("USDT", Money / 2)] : [],
            });
        }

        CrossHedge.Setup(this, new CrossHedgeOptions
        {
            // The perpetual is nobody's hedge: what is ordered stays.
            Groups =
            [
                new GroupConfiguration(
                    "BTC",
                    perpetual,
                    [new InstrumentId(new Route(Market.Binance, InstrumentKind.LinearPerpetual), "BTCUSDT")],
                    Ratio: 0m,
                    Band: 0m,
                    Notional: 0m,
                    new Dictionary<InstrumentId, decimal>()),
            ],
            Conversions = [new InstrumentId(new Route(Market.Binance, InstrumentKind.Spot), "BTCUSDT")],
            Accounts = accounts,
            Latency = Latency.None,

            // Nothing here is to be prevented: what the accounts answer is shown.
            Settings = new HedgeSettings
            {
                ExitDistance = 0.0001m,
                ShrinkDistance = 0.0002m,
                ShrinkTarget = 0.0003m,
                WarnDistance = 0.0004m,
                DistanceHysteresis = 0m,
                ConcentrationLimit = 1m,
            },
        });
        _perpetual = QuantConnect.Symbol.Create("BTCUSDT", SecurityType.CryptoFuture, Market.Bybit);
        _spot = QuantConnect.Symbol.Create("BTCUSDT", SecurityType.Crypto, Market.Binance);
    }

    private decimal Money => topic == "margin-call" ? 10_000m : 100_000m;

    private static void WriteData(DataFolder data, string topic)
    {
        var days = topic == "stale-funding" ? 3 : 1;
        data.WithDatabases();
        foreach (var feed in new[] { s_spot, s_perpetual, s_other })
        {
            if (topic == "margin-call")
            {
                // Falls by 1.5% in the first hours, and stays there.
                var bars = new List<(int, WalkBar)>();
                for (var minute = 0; minute < 1440; minute++)
                {
                    var price = 61_000m - Math.Min(minute, 183) * 5m;
                    bars.Add((minute * 60_000, new WalkBar(price, price, price, price, 10m)));
                }

                data.Trades(feed, Day(1), bars).Quotes(feed, Day(1), bars, spread: 0.1m);
            }
            else
            {
                data.Minutes(feed, Day(1), days, new PriceWalk(17, 61_000m, 0.1m, 20), spread: 0.1m);
            }

            if (feed.Type == "cryptofuture")
            {
                data.Funding(feed, (Day(1), 0.0001m), (Day(1).AddHours(8), 0.0002m), (Day(1).AddHours(16), 0.0003m));
            }
        }
    }
}
