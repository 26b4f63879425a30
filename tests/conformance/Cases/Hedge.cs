using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrossHedgeLean.DataGeneration;
using CrossHedgeLean.Recording;
using QuantConnect.Algorithm;
using QuantConnect.Data;
using QuantConnect.Orders;
using static CrossHedgeLean.Conformance.StateLines;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>The product itself: the hedge algorithm on generated data and on the real day, decisions included.</summary>
/// <param name="transcript">Where the run is written down.</param>
public sealed class Hedge(Transcript transcript) : CrossHedgeAlgorithm
{
    private static readonly DateTime s_realDay = new(2022, 12, 13);

    private int _decisions;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        Generated(
            "hedge-carry", "the carry strategy hedged at another exchange, two groups, funding", 11, ["binance:spot", "bybit:perpetual"], ["BTCUSDT", "ETHUSDT"], new()
            {
                ["strategy"] = "carry",
                ["groups"] = "BTC,ETH",
                ["cash"] = "USDT:100000",
                ["BTC.primary"] = "binance:spot:BTCUSDT",
                ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
                ["BTC.notional"] = "30000",
                ["ETH.primary"] = "binance:spot:ETHUSDT",
                ["ETH.hedges"] = "bybit:perpetual:ETHUSDT",
                ["ETH.notional"] = "20000",
            }),
        Generated(
            "hedge-churn", "seeded trading hedged over two legs, with a ratio and a band", 12, ["bybit:spot", "bybit:perpetual", "binance:perpetual"], ["BTCUSDT"], new()
            {
                ["strategy"] = "churn",
                ["seed"] = "5",
                ["groups"] = "BTC",
                ["cash"] = "USDT:200000",
                ["conversion-market"] = "bybit",
                ["BTC.primary"] = "bybit:spot:BTCUSDT",
                ["BTC.hedges"] = "binance:perpetual:BTCUSDT,bybit:perpetual:BTCUSDT",
                ["BTC.notional"] = "40000",
                ["BTC.ratio"] = "0.8",
                ["BTC.band"] = "0.01",
            }),
        new ConformanceCase(
            "hedge-real-day", "seeded trading on 2022-12-13 from both exchanges, the perpetual's data ending at noon", "Hedge.cs",
            data => data.UseExisting(Places.SharedData()!), Create)
        {
            Parameters = Parameters(s_realDay, 1, new()
            {
                ["strategy"] = "churn",
                ["seed"] = "1",
                ["groups"] = "BTC",
                ["cash"] = "USDT:300000,BUSD:300000",
                ["conversion-market"] = "bybit",
                ["BTC.primary"] = "binance:spot:BTCBUSD",
                ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
                ["BTC.notional"] = "20000",
            }),
            WhyNot = () => Places.SharedData() == null
                ? "the real day (shared/data/lean beside the repository, or the folder named by CROSSHEDGE_SHARED) is not here."
                : null,
            Finish = Summarize,
        },
    };

    /// <inheritdoc />
    public override void OnData(Slice slice)
    {
        ArgumentNullException.ThrowIfNull(slice);
        transcript.AddStep(Text(UtcTime) + StateLines.Data(slice) + " | " + State(this));
    }

    /// <inheritdoc />
    public override void OnOrderEvent(OrderEvent orderEvent)
    {
        ArgumentNullException.ThrowIfNull(orderEvent);
        transcript.Add(Text(UtcTime) + " " + Event(orderEvent, UtcTime));
    }

    private static QCAlgorithm Create(Transcript transcript)
    {
        var algorithm = new Hedge(transcript);
        algorithm.Recorder.Sinks = new RunSinks
        {
            Decisions = line =>
            {
                // The decisions that do nothing come at every step.
                if (algorithm._decisions++ % 500 == 0)
                {
                    transcript.Add("decision " + line);
                }
                else
                {
                    transcript.AddDetail("decision " + line);
                }
            },
            Equity = line => transcript.AddDetail("equity " + line),
            OrderEvents = line => transcript.AddDetail("recorded " + line),
        };
        return algorithm;
    }

    private static ConformanceCase Generated(
        string name, string about, int seed, string[] venues, string[] pairs, Dictionary<string, string> parameters)
    {
        var options = new GeneratorOptions { FromUtc = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc), Days = 2, Seed = seed, Venues = venues, Pairs = pairs };
        return new ConformanceCase(
            name, about, "Hedge.cs",
            data =>
            {
                DataGenerator.Generate(options, data.Path);
                data.HashFolder();
            },
            Create)
        {
            Parameters = Parameters(options.FromUtc, options.Days, parameters),
            Finish = Summarize,
        };
    }

    private static Dictionary<string, string> Parameters(DateTime from, int days, Dictionary<string, string> parameters) => new(parameters)
    {
        ["from"] = from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["to"] = from.AddDays(days - 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["account-currency"] = "USDT",
    };

    private static void Summarize(QCAlgorithm algorithm, Transcript transcript)
    {
        var summary = ((Hedge)algorithm).Recorder.Summarize();
        var residual = summary.Residual;
        transcript.Add($"summary orders {Text(summary.Orders)} fills {Text(summary.Fills)} fees {Text(summary.Fees)} funding {Text(summary.Funding)}"
            + $" equity {Text(summary.EquityStart)} {Text(summary.EquityEnd)} sharpe {summary.Sharpe.ToString("R", CultureInfo.InvariantCulture)} drawdown {Text(summary.MaxDrawdown)}");
        transcript.Add($"residual max {Text(residual.Max)} p99 {Text(residual.P99)} outside {Text(residual.StepsOutsideBand)} {residual.TimeOutsideBand} decisions {Text(residual.Decisions)}");
        foreach (var venue in summary.Venues)
        {
            transcript.Add($"venue {venue.Venue} fills {Text(venue.Fills)} fees {Text(venue.Fees)} funding {Text(venue.Funding)} "
                + string.Join(' ', venue.Positions.Select(x =>
                    $"{x.Instrument} {Text(x.Quantity)} at {Text(x.AveragePrice)} mark {Text(x.MarkPrice)} unrealized {Text(x.UnrealizedProfit)}")));
        }

        transcript.Add("decision log " + summary.DecisionLogHash);
    }
}
