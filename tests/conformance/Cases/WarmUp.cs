using System;
using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>Warm-up by data: by a time span, by bars, across a missing stretch; orders in it are refused.</summary>
/// <param name="span">Length; null for the number of bars.</param>
/// <param name="bars">Number of minutes if no span is given.</param>
public sealed class WarmUp(TimeSpan? span, int bars) : ConformanceAlgorithm
{
    private static readonly Feed s_first = Feed.Spot(Market.Bybit, "BTCUSDT");
    private static readonly Feed s_second = Feed.Perpetual(Market.Bybit, "BTCUSDT");

    private Symbol _first = null!;
    private Symbol _second = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of("warm-up-by-time", "warm-up by a time span, orders refused in it", "WarmUp.cs", WriteData, () => new WarmUp(TimeSpan.FromHours(30), 0)),
        ConformanceCase.Of("warm-up-by-bars", "warm-up by a number of minutes", "WarmUp.cs", WriteData, () => new WarmUp(null, 200)),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(3));
        SetEndDate(Day(3));
        SetAccountCurrency("USDT");
        SetCash(100_000m);
        SetBrokerageModel(BrokerageName.Bybit, AccountType.Margin);
        _first = AddCrypto("BTCUSDT", Resolution.Minute, Market.Bybit).Symbol;
        _second = AddCryptoFuture("BTCUSDT", Resolution.Minute, Market.Bybit).Symbol;
        if (span != null)
        {
            SetWarmUp(span.Value);
        }
        else
        {
            SetWarmUp(bars, Resolution.Minute);
        }

        Schedule.On("every 7 hours", DateRules.EveryDay(), TimeRules.Every(TimeSpan.FromHours(7)), () => Note("fired, warming up " + IsWarmingUp));
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        if (Step is 1 or 10)
        {
            Note(MarketOrder(_first, 0.1m));
            Note(LimitOrder(_second, 0.1m, Securities[_second].Price));
        }

        if (!IsWarmingUp && UtcTime.Minute == 0)
        {
            Note(MarketOrder(_first, 0.01m));
            Note(MarketOrder(_second, -0.01m));
        }
    }

    /// <inheritdoc />
    public override void OnWarmupFinished()
    {
        base.OnWarmupFinished();
        Note(MarketOrder(_first, 0.02m));
        Note(MarketOrder(_second, -0.02m));
    }

    private static void WriteData(DataFolder data) => data.WithDatabases()
        .Minutes(s_first, Day(1), 3, new PriceWalk(111, 61_000m, 0.1m, 60), spread: 1m, hasTrade: i => i is < 2_700 or > 2_890)
        .Minutes(s_second, Day(2), 2, new PriceWalk(112, 61_000m, 0.1m, 60), spread: 0.1m, hasTrade: i => i > 300)
        .Funding(s_second, (Day(1), 0.0001m), (Day(2), 0.0002m), (Day(3), 0.0003m), (Day(3).AddHours(8), 0.0004m));
}
