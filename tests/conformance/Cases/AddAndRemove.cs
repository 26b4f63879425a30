using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>Instruments added while running (in OnData and in a scheduled event), removed with a position and open orders, added again.</summary>
public sealed class AddAndRemove : ConformanceAlgorithm
{
    private static readonly Feed s_first = Feed.Spot(Market.Bybit, "BTCUSDT");
    private static readonly Feed s_second = Feed.Perpetual(Market.Bybit, "BTCUSDT");
    private static readonly Feed s_third = Feed.Spot(Market.Bybit, "ETHUSDT");

    private static readonly Symbol s_symbol = QuantConnect.Symbol.Create("ETHUSDT", SecurityType.Crypto, Market.Bybit);

    private Symbol _first = null!;
    private Symbol? _second;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of(
            "added-and-removed", "instruments added and removed while running", "AddAndRemove.cs",
            data => data.WithDatabases()
                .Minutes(s_first, Day(1), 2, new PriceWalk(171, 61_000m, 0.1m, 60), spread: 1m)
                .Minutes(s_second, Day(1), 2, new PriceWalk(172, 61_000m, 0.1m, 60), spread: 0.1m, hasTrade: i => i % 4 != 1)
                .Minutes(s_third, Day(1), 2, new PriceWalk(173, 3_400m, 0.01m, 60), spread: 0.1m)
                .Funding(s_second, (Day(1), 0.0001m), (Day(1).AddHours(8), 0.0002m), (Day(1).AddHours(16), 0.0003m), (Day(2), 0.0004m)),
            () => new AddAndRemove()),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(2));
        SetAccountCurrency("USDT");
        SetCash(100_000m);
        SetBrokerageModel(BrokerageName.Bybit, AccountType.Margin);
        _first = AddCrypto("BTCUSDT", Resolution.Minute, Market.Bybit).Symbol;
        Schedule.On("adds", DateRules.On(Day(1)), TimeRules.At(6, 0), () =>
        {
            Note("adding ETHUSDT");
            AddCrypto("ETHUSDT", Resolution.Minute, Market.Bybit);
        });
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        switch (Step)
        {
            case 100:
                _second = AddCryptoFuture("BTCUSDT", Resolution.Minute, Market.Bybit).Symbol;
                // It has no price yet.
                Note(MarketOrder(_second, 0.1m));
                break;
            case 101 or 102 or 103:
                Note(MarketOrder(_second!, 0.1m));
                break;
            case 359 or 360 or 361 or 362:
                if (Securities.ContainsKey(s_symbol))
                {
                    Note(MarketOrder(s_symbol, 0.1m));
                }

                break;
            case 400:
                Note(MarketOrder("ETHUSDT", 1m));
                Note(LimitOrder("ETHUSDT", 1m, 3_000m));
                break;
            case 700:
                Note("removed " + RemoveSecurity(_second!));
                Note(MarketOrder(_first, 0.01m));
                break;
            case 701 or 702:
                Note(MarketOrder(_first, 0.01m));
                break;
            case 800:
                Note("removed " + RemoveSecurity(Securities["ETHUSDT"].Symbol, "no longer"));
                break;
            case 900:
                Note("tradable " + Securities["ETHUSDT"].IsTradable);
                break;
            case 1500:
                AddCrypto("ETHUSDT", Resolution.Minute, Market.Bybit);
                AddCryptoFuture("BTCUSDT", Resolution.Minute, Market.Bybit);
                break;
            case 1505 or 2000:
                Note(MarketOrder("ETHUSDT", 0.5m));
                Note(MarketOrder(_second!, -0.05m));
                break;
        }
    }
}
