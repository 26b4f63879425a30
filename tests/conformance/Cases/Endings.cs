using System;
using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;
using QuantConnect.Orders;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>How runs end: an error in OnData, in an order event, in a scheduled event, a quit, a portfolio that is worth nothing.</summary>
/// <param name="ending">Which.</param>
public sealed class Endings(string ending) : ConformanceAlgorithm
{
    private static readonly Feed s_spot = Feed.Spot(Market.Bybit, "BTCUSDT");
    private static readonly Feed s_perpetual = Feed.Perpetual(Market.Bybit, "BTCUSDT");

    private Symbol _spot = null!;
    private Symbol _perpetual = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        Case("ending-error-in-data"),
        Case("ending-error-in-event"),
        Case("ending-error-in-schedule"),
        Case("ending-quit"),
        Case("ending-worthless"),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(1).AddHours(6));
        SetAccountCurrency("USDT");
        SetCash(10_000m);
        SetBrokerageModel(BrokerageName.Bybit, AccountType.Margin);
        _spot = AddCrypto("BTCUSDT", Resolution.Minute, Market.Bybit).Symbol;
        _perpetual = AddCryptoFuture("BTCUSDT", Resolution.Minute, Market.Bybit).Symbol;
        if (ending == "ending-error-in-schedule")
        {
            Schedule.On("fails", DateRules.EveryDay(), TimeRules.At(2, 0), () => throw new InvalidOperationException("in the schedule"));
        }
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        switch (Step)
        {
            case 10:
                Note(MarketOrder(_perpetual, ending == "ending-worthless" ? 1.5m : 0.1m));
                Note(LimitOrder(_spot, 0.01m, Securities[_spot].Price - 1_000m));
                break;
            case 100 when ending == "ending-error-in-data":
                Note(MarketOrder(_perpetual, 0.01m));
                throw new InvalidOperationException("in the data");
            case 100 when ending == "ending-quit":
                Note(MarketOrder(_perpetual, 0.01m));
                Quit("enough");
                Note("status " + Status);
                break;
            case 100:
                Note(MarketOrder(_perpetual, 0.01m));
                break;
        }
    }

    /// <inheritdoc />
    protected override void OnEvent(OrderEvent orderEvent)
    {
        if (ending == "ending-error-in-event" && Step == 100)
        {
            throw new InvalidOperationException("in the event");
        }
    }

    private static ConformanceCase Case(string name) => ConformanceCase.Of(
        name, "how a run ends", "Endings.cs",
        data => data.WithDatabases()
            .Minutes(s_spot, Day(1), 1, new PriceWalk(201, 61_000m, 0.1m, 60), spread: 1m)
            // In the worthless one the perpetual crashes through the account.
            .Minutes(s_perpetual, Day(1), 1, name == "ending-worthless" ? new PriceWalk(202, 61_000m, 30m, 60) : new PriceWalk(202, 61_000m, 0.1m, 60), spread: 0.1m),
        () => new Endings(name)) with
    {
        Finish = (algorithm, transcript) => transcript.Add(
            "ended " + algorithm.Status + " error " + (algorithm.RunTimeError == null ? "none" : Innermost(algorithm.RunTimeError).Message)),
    };

    private static Exception Innermost(Exception error) => error.InnerException == null ? error : Innermost(error.InnerException);
}
