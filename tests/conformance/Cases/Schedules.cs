using System;
using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>
/// Scheduled events: daily, periodic, once, off the minute, past and on the same time, orders inside, added and removed on the way;
/// where they stand among data and fills.
/// </summary>
public sealed class Schedules : ConformanceAlgorithm
{
    private static readonly Feed s_feed = Feed.Spot(Market.Binance, "BTCUSDT");

    private Symbol _symbol = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of(
            "scheduled-events", "scheduled events among data and orders", "Schedules.cs",
            // A hole of some hours: events in it come late, with their own time.
            data => data.WithDatabases().Minutes(s_feed, Day(1), 3, new PriceWalk(101, 61_000m, 0.01m, 600), spread: 1m, hasTrade: Outside, hasQuote: Outside),
            () => new Schedules()),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(3));
        SetAccountCurrency("USDT");
        SetCash(100_000m);
        SetBrokerageModel(BrokerageName.Binance, AccountType.Cash);
        _symbol = AddCrypto("BTCUSDT", Resolution.Minute, Market.Binance, fillForward: false).Symbol;

        Schedule.On(DateRules.EveryDay(), TimeRules.At(9, 30), () => Fire("daily 9:30"));
        Schedule.On("daily with seconds", DateRules.EveryDay(_symbol), TimeRules.At(9, 30, 20), (name, time) => Fire(name + " " + StateLines.Text(time)));
        Schedule.On(DateRules.EveryDay(), TimeRules.Every(TimeSpan.FromMinutes(97)), () => Fire("every 97 minutes"));
        Schedule.On(DateRules.EveryDay(), TimeRules.Every(TimeSpan.FromHours(6)), () => Fire("every 6 hours"));
        Schedule.On(DateRules.EveryDay(), TimeRules.Midnight, () => Fire("midnight"));
        Schedule.On(DateRules.EveryDay(), TimeRules.Noon, () => Fire("noon"));
        Schedule.On(DateRules.On(Day(2).Year, Day(2).Month, Day(2).Day), TimeRules.At(14, 15), () => Fire("once"));
        Schedule.On(DateRules.On(Day(1), Day(3)), TimeRules.At(new TimeSpan(0, 23, 59, 30)), () => Fire("two days 23:59:30"));
        Schedule.On(DateRules.Every(DayOfWeek.Tuesday), TimeRules.At(1, 0), () => Fire("tuesdays"));
        Schedule.On(DateRules.On(2020, 1, 1), TimeRules.At(1, 0), () => Fire("never"));
        Schedule.On(DateRules.Today, TimeRules.At(3, 0), () => Fire("today"));

        Schedule.On("buy", DateRules.EveryDay(), TimeRules.At(10, 0), () =>
        {
            Fire("buy");
            Note(MarketOrder(_symbol, 0.1m));
            Note(LimitOrder(_symbol, -0.05m, Securities[_symbol].Price));
        });
        Schedule.On("sell", DateRules.EveryDay(), TimeRules.At(10, 0), () =>
        {
            Fire("sell");
            Note(MarketOrder(_symbol, -0.04m, asynchronous: true));
        });
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        if (Step == 30)
        {
            var late = Schedule.On("added at step 30", DateRules.EveryDay(), TimeRules.Every(TimeSpan.FromMinutes(41)), () => Fire("added at step 30"));
            Schedule.On("removes", DateRules.On(Day(2)), TimeRules.At(12, 0), () =>
            {
                Fire("removes");
                Schedule.Remove(late);
            });
            // In the past of today, and right now.
            Schedule.On("past", DateRules.EveryDay(), TimeRules.At(0, 10), () => Fire("past"));
            Schedule.On("now", DateRules.Today, TimeRules.At(UtcTime.TimeOfDay), () => Fire("now"));
            Schedule.On("next minute", DateRules.Today, TimeRules.At(UtcTime.AddMinutes(1).TimeOfDay), () => Fire("next minute"));
        }
    }

    private void Fire(string name) => Note("fired " + name + " price " + StateLines.Text(Securities[_symbol].Price) + " at " + StateLines.Text(Time) + " " + StateLines.State(this));

    private static bool Outside(int minute) => minute is < 2_000 or > 2_400 && minute % 360 != 359;
}
