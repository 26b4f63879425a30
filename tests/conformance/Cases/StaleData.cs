using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>
/// Data that end at noon while another instrument goes on: orders a minute, an hour and several hours later, with and without
/// fill-forward; quotes that end before trades; data that come back the next day.
/// </summary>
public sealed class StaleData : ConformanceAlgorithm
{
    private static readonly Feed s_going = Feed.Spot(Market.Bybit, "BTCUSDT");
    private static readonly Feed s_ending = Feed.Perpetual(Market.Bybit, "BTCUSDT");
    private static readonly Feed s_bare = Feed.Spot(Market.Bybit, "ETHUSDT");
    private static readonly Feed s_halved = Feed.Perpetual(Market.Bybit, "ETHUSDT");

    private Symbol _going = null!;
    private Symbol _ending = null!;
    private Symbol _bare = null!;
    private Symbol _halved = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of(
            "stale-data", "orders after the data of an instrument end", "StaleData.cs",
            data => data.WithDatabases()
                .Minutes(s_going, Day(1), 2, new PriceWalk(51, 61_000m, 0.1m, 60))
                .Minutes(s_ending, Day(1), 2, new PriceWalk(52, 61_000m, 0.1m, 60), spread: 0.1m, hasTrade: Until(720), hasQuote: Until(700))
                .Minutes(s_bare, Day(1), 2, new PriceWalk(53, 3_400m, 0.01m, 60), hasTrade: Until(720))
                .Minutes(s_halved, Day(1), 2, new PriceWalk(54, 3_400m, 0.01m, 60), spread: 0.02m, hasQuote: Until(600)),
            () => new StaleData()),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(2));
        SetAccountCurrency("USDT");
        SetCash(900_000m);
        SetBrokerageModel(BrokerageName.Bybit, AccountType.Margin);
        _going = AddCrypto("BTCUSDT", Resolution.Minute, Market.Bybit).Symbol;
        _ending = AddCryptoFuture("BTCUSDT", Resolution.Minute, Market.Bybit).Symbol;
        _bare = AddCrypto("ETHUSDT", Resolution.Minute, Market.Bybit, fillForward: false).Symbol;
        _halved = AddCryptoFuture("ETHUSDT", Resolution.Minute, Market.Bybit).Symbol;
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        switch (UtcTime.Subtract(Day(1)).TotalMinutes)
        {
            case 700 or 719 or 720 or 721 or 760 or 779 or 780 or 781 or 782 or 900 or 1300:
                Note(MarketOrder(_ending, -0.01m));
                Note(MarketOrder(_bare, 0.01m, asynchronous: true));
                Note(MarketOrder(_halved, 0.02m));
                Note(MarketOrder(_going, 0.001m));
                break;
            case 722:
                Note(LimitOrder(_ending, 0.01m, Securities[_ending].Price + 100m));
                Note(LimitOrder(_bare, 0.01m, Securities[_bare].Price + 100m));
                break;
            case 1000:
                Liquidate(_ending);
                break;
            case 1100:
                foreach (var ticket in Transactions.CancelOpenOrders())
                {
                    Note(ticket);
                }

                break;
            case 1400:
                Note(MarketOrder(_ending, -0.03m));
                Note(MarketOrder(_bare, 0.03m));
                break;
            case 1440 or 1500 or 2800:
                Note(MarketOrder(_ending, 0.05m));
                Note(MarketOrder(_bare, -0.05m));
                break;
        }
    }

    // Stops at the minute of the first day, is there again from 00:40 of the second until its own noon.
    private static System.Func<int, bool> Until(int minute) => i => i < minute || (i >= 1_480 && i < 1_440 + minute);
}
