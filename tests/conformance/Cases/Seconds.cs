using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>Bars of one second beside bars of one minute.</summary>
public sealed class Seconds : ConformanceAlgorithm
{
    private static readonly Feed s_spot = Feed.Spot(Market.Binance, "BTCUSDT");
    private static readonly Feed s_perpetual = Feed.Perpetual(Market.Bybit, "BTCUSDT");

    private Symbol _spot = null!;
    private Symbol _perpetual = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of("seconds", "bars of one second beside bars of one minute", "Seconds.cs", WriteData, () => new Seconds()),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(1).AddHours(1).AddMinutes(30));
        SetAccountCurrency("USDT");
        SetCash(100_000m);
        SetBrokerageModel(BrokerageName.Bybit, AccountType.Margin);
        _spot = AddCrypto("BTCUSDT", Resolution.Second, Market.Binance).Symbol;
        _perpetual = AddCryptoFuture("BTCUSDT", Resolution.Minute, Market.Bybit).Symbol;
        Schedule.On("every 100 seconds", DateRules.EveryDay(), TimeRules.Every(TimeSpan.FromSeconds(100)), () => Note("fired"));
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        if (Step % 2_500 == 77)
        {
            Note(MarketOrder(_spot, 0.05m));
            Note(MarketOrder(_perpetual, -0.05m));
            Note(LimitOrder(_spot, -0.02m, Securities[_spot].Price + 3m));
        }
    }

    private static void WriteData(DataFolder data)
    {
        // An hour of seconds, some missing; then none, while the perpetual's minutes go on.
        var rows = new PriceWalk(181, 61_000m, 0.01m, 120).Take(3_600).Select((bar, i) => (Milliseconds: i * 1_000, Bar: bar)).ToArray();
        data.WithDatabases()
            .Trades(s_spot, Day(1), rows.Where((_, i) => i % 10 != 3 && i is < 1_200 or > 1_400), "second")
            .Quotes(s_spot, Day(1), rows.Where((_, i) => i % 4 != 2 && i is < 1_300 or > 1_350), 0.4m, "second")
            .Minutes(s_perpetual, Day(1), 1, new PriceWalk(182, 61_000m, 0.1m, 60), spread: 0.1m);
    }
}
