using System;
using System.Collections.Generic;
using System.Dynamic;
using System.Globalization;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.DataGeneration;
using CrossHedgeLean.Recording;
using QuantConnect.Algorithm;
using QuantConnect.Data;
using QuantConnect.Orders;
using static CrossHedgeLean.Conformance.StateLines;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>The product itself: the hedge algorithm on generated data and on the real day, decisions included.</summary>
/// <param name="transcript">Where the run is written down.</param>
/// <param name="commands">At which minute of the run a person says what.</param>
public sealed class Hedge(Transcript transcript, params (int Minute, string Command, string Target)[] commands) : CrossHedgeAlgorithm
{
    private static readonly DateTime s_realDay = new(2022, 12, 13);

    private int _decisions;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        Generated(
            "hedge-inventory", "an inventory hedged at another exchange, two groups, funding", 11, ["binance:spot", "bybit:perpetual"], ["BTCUSDT", "ETHUSDT"], new()
            {
                ["strategy"] = "inventory",
                ["groups"] = "BTC,ETH",
                ["binance-spot.cash"] = "USDT:60000",
                ["bybit.cash"] = "USDT:40000",
                ["latency"] = "none",
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
                ["bybit.cash"] = "USDT:150000",
                ["binance-futures.cash"] = "USDT:50000",
                ["conversion-market"] = "bybit",
                ["latency"] = "none",
                ["BTC.primary"] = "bybit:spot:BTCUSDT",
                ["BTC.hedges"] = "binance:perpetual:BTCUSDT,bybit:perpetual:BTCUSDT",
                ["BTC.notional"] = "40000",
                ["BTC.ratio"] = "0.8",
                ["BTC.band"] = "0.01",
            }),
        Generated(
            "hedge-inventory-late", "an inventory with each venue's latency, thin quotes, and a fee schedule", 13, ["binance:spot", "bybit:perpetual"], ["BTCUSDT"], new()
            {
                ["strategy"] = "inventory",
                ["groups"] = "BTC",
                ["binance-spot.cash"] = "USDT:900000",
                ["bybit.cash"] = "USDT:600000",
                ["bybit.perpetual-fees"] = "0.0002/0.00055,500000:0.00015/0.0004",
                ["latency"] = "venue",
                ["BTC.primary"] = "binance:spot:BTCUSDT",
                ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
                ["BTC.notional"] = "850000",
            }),
        Generated(
            "hedge-churn-late", "seeded trading, limit orders included, a tenth of a second late", 14, ["bybit:spot", "bybit:perpetual"], ["BTCUSDT"], new()
            {
                ["strategy"] = "churn",
                ["seed"] = "7",
                ["groups"] = "BTC",
                ["cash"] = "USDT:200000",
                ["conversion-market"] = "bybit",
                ["latency"] = "00:00:00.100",
                ["BTC.primary"] = "bybit:spot:BTCUSDT",
                ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
                ["BTC.notional"] = "40000",
            }),
        Generated(
            "hedge-liquidated", "a hedge account too small for the price's moves, looked at on lows and highs", 15, ["binance:spot", "binance:perpetual"], ["BTCUSDT", "ETHUSDT"], new()
            {
                ["strategy"] = "inventory",
                ["groups"] = "BTC,ETH",
                ["binance-spot.cash"] = "USDT:60000",
                ["binance-futures.cash"] = "USDT:800",
                ["binance-futures.leverage"] = "100",
                ["latency"] = "none",
                ["liquidation-marks"] = "adverse",

                // Who wants to be liquidated must switch off what prevents it.
                ["exit-distance"] = "0.0001",
                ["shrink-distance"] = "0.0002",
                ["shrink-target"] = "0.0003",
                ["warn-distance"] = "0.0004",
                ["distance-hysteresis"] = "0",
                ["unwind-after"] = "23:00:00",
                ["BTC.primary"] = "binance:spot:BTCUSDT",
                ["BTC.hedges"] = "binance:perpetual:BTCUSDT",
                ["BTC.notional"] = "30000",
                ["ETH.primary"] = "binance:spot:ETHUSDT",
                ["ETH.hedges"] = "binance:perpetual:ETHUSDT",
                ["ETH.notional"] = "20000",
            }),
        Generated(
            "hedge-gate", "seeded trading of more than the hedge account can carry, halted, flattened and resumed by commands", 16, ["binance:spot", "bybit:perpetual"], ["BTCUSDT"], new()
            {
                ["strategy"] = "churn",
                ["seed"] = "9",
                ["groups"] = "BTC",
                ["binance-spot.cash"] = "USDT:400000",
                ["bybit.cash"] = "USDT:40000",
                ["latency"] = "00:00:00.100",
                ["concentration-limit"] = "1",
                ["BTC.primary"] = "binance:spot:BTCUSDT",
                ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
            }) with
        {
            Create = transcript => Create(transcript, (180, "halt", "BTC"), (240, "resume", "BTC"), (400, "flatten", "bybit"), (460, "resume", "all"), (700, "halt", "ETH"), (1800, "kill", "")),
        },
        Generated(
            "hedge-weights", "one primary hedged at two exchanges by weights, with limits, coins that are no part of the book, and legs sent together", 17, ["binance:spot", "binance:perpetual", "bybit:perpetual"], ["BTCUSDT", "ETHUSDT"], new()
            {
                ["strategy"] = "churn",
                ["seed"] = "10",
                ["groups"] = "BTC,ETH",
                ["binance-spot.cash"] = "USDT:500000,BTC:0.75",
                ["binance-spot.excluded"] = "BTC:0.75",
                ["binance-futures.cash"] = "USDT:200000",
                ["bybit.cash"] = "USDT:250000",
                ["latency"] = "venue",
                ["BTC.primary"] = "binance:spot:BTCUSDT",
                ["BTC.hedges"] = "bybit:perpetual:BTCUSDT,binance:perpetual:BTCUSDT",
                ["BTC.split"] = "weights",
                ["BTC.weights"] = "bybit:perpetual:BTCUSDT=0.6,binance:perpetual:BTCUSDT=0.4",
                ["BTC.max-exposure"] = "200000",
                ["BTC.max-naked"] = "150000",
                ["ETH.primary"] = "binance:spot:ETHUSDT",
                ["ETH.hedges"] = "bybit:perpetual:ETHUSDT,binance:perpetual:ETHUSDT",
                ["ETH.split"] = "cost",
                ["ETH.pair-order"] = "together",
            }),
        Generated(
            "hedge-maker", "hedges that rest at our side of the book before they take", 18, ["bybit:spot", "bybit:perpetual"], ["BTCUSDT"], new()
            {
                ["strategy"] = "churn",
                ["seed"] = "11",
                ["groups"] = "BTC",
                ["cash"] = "USDT:400000",
                ["conversion-market"] = "bybit",
                ["latency"] = "venue",
                ["maker-patience"] = "00:05:00",
                ["maker-spread"] = "0.00001",
                ["BTC.maker"] = "true",
                ["BTC.pair-order"] = "hardest-first",
                ["BTC.primary"] = "bybit:spot:BTCUSDT",
                ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
            }),
        Generated(
            "hedge-shrunk", "a hedge account that comes near to liquidation: both legs shrink, and a kept primary's hedge moves", 19, ["binance:spot", "binance:perpetual", "bybit:perpetual"], ["BTCUSDT", "ETHUSDT"], new()
            {
                ["strategy"] = "inventory",
                ["groups"] = "BTC,ETH",
                ["binance-spot.cash"] = "USDT:120000",
                ["binance-futures.cash"] = "USDT:3000",
                ["binance-futures.leverage"] = "50",
                ["bybit.cash"] = "USDT:20000",
                ["latency"] = "none",
                ["exit-distance"] = "0.01",
                ["shrink-distance"] = "0.03",
                ["shrink-target"] = "0.031",
                ["warn-distance"] = "0.032",
                ["distance-hysteresis"] = "0.0005",
                ["BTC.primary"] = "binance:spot:BTCUSDT",
                ["BTC.hedges"] = "binance:perpetual:BTCUSDT",
                ["BTC.notional"] = "40000",
                ["ETH.primary"] = "binance:spot:ETHUSDT",
                ["ETH.hedges"] = "binance:perpetual:ETHUSDT,bybit:perpetual:ETHUSDT",
                ["ETH.notional"] = "40000",
                ["ETH.keep"] = "true",
            }),
        Generated(
            "scenario-outage", "venues that are gone, refuse, or show a book that stands still, while a strategy trades", 20, ["binance:spot", "binance:perpetual", "bybit:perpetual"], ["BTCUSDT"], new()
            {
                ["strategy"] = "churn",
                ["seed"] = "12",
                ["groups"] = "BTC",
                ["binance-spot.cash"] = "USDT:300000",
                ["binance-futures.cash"] = "USDT:200000",
                ["bybit.cash"] = "USDT:200000",
                ["latency"] = "venue",
                ["BTC.primary"] = "binance:spot:BTCUSDT",
                ["BTC.hedges"] = "bybit:perpetual:BTCUSDT,binance:perpetual:BTCUSDT",
                ["scenario"] = """
                    { "version": 1, "name": "outages", "events": [
                      { "kind": "outage", "venue": "bybit", "at": "+04:00:00", "until": "+04:40:00" },
                      { "kind": "outage", "venue": "binance", "capabilities": ["trade"], "at": "+08:00:00", "until": "+08:30:00" },
                      { "kind": "outage", "venue": "bybit", "capabilities": ["data", "withdraw"], "at": "+12:00:00", "until": "+12:20:00" },
                      { "kind": "stale-book", "venue": "binance", "instrument": "binance:perpetual:BTCUSDT", "at": "+16:00:00", "until": "+17:00:00" },
                      { "kind": "reject-storm", "venue": "bybit", "size": 0.5, "at": "+20:00:00", "until": "+23:00:00" },
                      { "kind": "withdrawal-freeze", "venue": "binance", "at": "+1.02:00:00" },
                      { "kind": "outage", "venue": "binance", "at": "+1.08:00:00", "until": "+1.09:00:00" } ] }
                    """,
            }),
        Generated(
            "scenario-late", "orders and quotes that come late, and a book that comes back on the wrong side", 21, ["binance:spot", "bybit:perpetual"], ["BTCUSDT"], new()
            {
                ["strategy"] = "churn",
                ["seed"] = "13",
                ["groups"] = "BTC",
                ["binance-spot.cash"] = "USDT:300000",
                ["bybit.cash"] = "USDT:200000",
                ["latency"] = "none",
                ["BTC.primary"] = "binance:spot:BTCUSDT",
                ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
                ["scenario"] = """
                    { "version": 1, "name": "late", "events": [
                      { "kind": "latency", "venue": "bybit", "delay": "00:02:00", "at": "+04:00:00", "until": "+06:00:00" },
                      { "kind": "slow", "venue": "binance", "delay": "00:00:30", "at": "+10:00:00", "until": "+12:00:00" },
                      { "kind": "wrong-side-recovery", "venue": "bybit", "size": -0.03, "at": "+20:00:00", "until": "+20:10:00" },
                      { "kind": "wrong-side-recovery", "venue": "binance", "size": 0.02, "at": "+1.04:00:00", "until": "+1.04:20:00" } ] }
                    """,
            }),
        Generated(
            "scenario-insolvent", "the hedge's exchange fails with a fifth recovered, and the hedge goes elsewhere", 22, ["binance:spot", "binance:perpetual", "bybit:spot", "bybit:perpetual"], ["BTCUSDT", "ETHUSDT"], new()
            {
                ["strategy"] = "inventory",
                ["groups"] = "BTC,ETH",
                ["binance-spot.cash"] = "USDT:100000",
                ["binance-futures.cash"] = "USDT:60000",
                ["bybit.cash"] = "USDT:90000,ETH:1.5",
                ["bybit.excluded"] = "ETH:1.5",
                ["latency"] = "venue",
                ["BTC.primary"] = "binance:spot:BTCUSDT",
                ["BTC.hedges"] = "bybit:perpetual:BTCUSDT,binance:perpetual:BTCUSDT",
                ["BTC.notional"] = "60000",
                ["ETH.primary"] = "bybit:spot:ETHUSDT",
                ["ETH.hedges"] = "binance:perpetual:ETHUSDT",
                ["ETH.notional"] = "30000",
                ["scenario"] = """
                    { "version": 1, "name": "insolvent", "events": [
                      { "kind": "withdrawal-freeze", "venue": "bybit", "at": "+12:00:00" },
                      { "kind": "insolvency", "venue": "bybit", "size": 0.2, "at": "+1.06:00:00" } ] }
                    """,
            }),
        Generated(
            "scenario-forced", "positions that venues close, funding that changes its rule, and a currency that loses its peg", 23, ["binance:spot", "binance:perpetual", "bybit:perpetual"], ["BTCUSDT", "ETHUSDT"], new()
            {
                ["strategy"] = "inventory",
                ["groups"] = "BTC,ETH",
                ["binance-spot.cash"] = "USDT:150000",
                ["binance-futures.cash"] = "USDT:90000,USDC:5000",
                ["bybit.cash"] = "USDT:90000,USDC:20000",
                ["latency"] = "venue",
                ["BTC.primary"] = "binance:spot:BTCUSDT",
                ["BTC.hedges"] = "bybit:perpetual:BTCUSDT,binance:perpetual:BTCUSDT",
                ["BTC.notional"] = "60000",
                ["ETH.primary"] = "binance:spot:ETHUSDT",
                ["ETH.hedges"] = "bybit:perpetual:ETHUSDT,binance:perpetual:ETHUSDT",
                ["ETH.notional"] = "30000",
                ["scenario"] = """
                    { "version": 1, "name": "forced", "acceptPeg": true, "events": [
                      { "kind": "forced-liquidation", "instrument": "bybit:perpetual:BTCUSDT", "size": 0.4, "at": "+05:00:00" },
                      { "kind": "auto-deleveraging", "instrument": "bybit:perpetual:ETHUSDT", "size": 0.5, "price": 3100, "at": "+09:30:00" },
                      { "kind": "depeg", "currency": "USDC", "size": 0.88, "at": "+11:00:00", "until": "+1.03:00:00" },
                      { "kind": "funding-interval", "instrument": "bybit:perpetual:BTCUSDT", "delay": "01:00:00", "at": "+12:30:00", "until": "+20:30:00" },
                      { "kind": "funding-spike", "instrument": "bybit:perpetual:ETHUSDT", "size": -0.0075, "at": "+14:00:00", "until": "+1.09:00:00" },
                      { "kind": "delisting", "instrument": "bybit:perpetual:ETHUSDT", "at": "+1.04:00:00", "until": "+1.10:00:00" } ] }
                    """,
            }),
        Generated(
            "scenario-depeg", "a currency whose rate comes from a pair's data falls, in the accounts and in the engine's equity", 24, ["binance:spot", "bybit:perpetual"], ["BTCUSDT", "ETHUSDT"], new()
            {
                ["strategy"] = "inventory",
                ["groups"] = "BTC",
                ["binance-spot.cash"] = "USDT:100000,ETH:7",
                ["bybit.cash"] = "USDT:60000,ETH:3",
                ["bybit.collateral"] = "ETH:0.9",
                ["latency"] = "venue",
                ["BTC.primary"] = "binance:spot:BTCUSDT",
                ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
                ["BTC.notional"] = "40000",
                ["scenario"] = """
                    { "version": 1, "name": "depeg", "events": [
                      { "kind": "depeg", "currency": "ETH", "size": 0.85, "at": "+07:30:00", "until": "+1.05:00:00" },
                      { "kind": "depeg", "currency": "ETH", "size": 1.1, "at": "+1.05:00:00", "until": "+1.09:00:00" } ] }
                    """,
            }),
        Generated(
            "strategy-inventory", "the strategy inventory, two groups, set anew when the price has moved", 25, ["binance:spot", "bybit:perpetual"], ["BTCUSDT", "ETHUSDT"], new()
            {
                ["strategy"] = "inventory",
                ["inventory-drift"] = "0.03",
                ["groups"] = "BTC,ETH",
                ["binance-spot.cash"] = "USDT:60000",
                ["bybit.cash"] = "USDT:40000",
                ["latency"] = "venue",
                ["BTC.primary"] = "binance:spot:BTCUSDT",
                ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
                ["BTC.notional"] = "30000",
                ["ETH.primary"] = "binance:spot:ETHUSDT",
                ["ETH.hedges"] = "bybit:perpetual:ETHUSDT",
                ["ETH.notional"] = "20000",
            },
            days: 5) with
        {
            Statistics = Figures,
        },
        Generated(
            "strategy-carry", "the strategy carry between two perpetuals: funding that differs, flips once, and turns for good", 26, ["binance:spot", "binance:perpetual", "bybit:perpetual"], ["BTCUSDT"], new()
            {
                ["strategy"] = "carry",
                ["carry-window"] = "2.00:00:00",
                ["groups"] = "BTC",
                ["binance-futures.cash"] = "USDT:40000",
                ["bybit.cash"] = "USDT:40000",
                ["latency"] = "venue",
                ["BTC.primary"] = "binance:perpetual:BTCUSDT",
                ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
                ["BTC.notional"] = "60000",
            },
            days: 10,
            change: options => options with
            {
                // By eight hours: the hedge's short is paid for three days but for one payment, then pays for good.
                Funding = new Dictionary<string, IReadOnlyList<(DateTime, decimal)>>
                {
                    ["bybit:perpetual:BTCUSDT"] = [.. Enumerable.Range(0, 30).Select(i => (options.FromUtc.AddHours(8 * i), i == 7 ? -0.0006m : i < 12 ? 0.0003m : -0.0004m))],
                },
            }) with
        {
            Statistics = Figures,
        },
        Convergence("strategy-convergence", "the strategy convergence: spreads that open and close, one against the only side, one that does not close in time", "minute", 3),
        Convergence("strategy-convergence-late", "the same for a day of seconds, orders a second late", "second", 1),
        new ConformanceCase(
            "hedge-real-day", "seeded trading on 2022-12-13 from both exchanges, the perpetual's data ending at noon", "Hedge.cs",
            data => data.UseExisting(Places.SharedData()!), Create)
        {
            Parameters = Parameters(s_realDay, 1, new()
            {
                ["strategy"] = "churn",
                ["seed"] = "1",
                ["groups"] = "BTC",
                ["binance-spot.cash"] = "BUSD:300000",
                ["bybit.cash"] = "USDT:300000",
                ["conversion-market"] = "bybit",
                ["latency"] = "none",
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
        var minute = (int)(UtcTime - StartDate).TotalMinutes;
        foreach (var (_, command, target) in commands.Where(said => said.Minute == minute))
        {
            dynamic data = new ExpandoObject();
            data.command = command;
            data.target = target;
            bool? answer = OnCommand(data);
            transcript.Add($"command {command} {target}: {answer}");
        }

        transcript.AddStep(Text(UtcTime) + StateLines.Data(slice) + " | " + State(this));
    }

    /// <inheritdoc />
    public override void OnOrderEvent(OrderEvent orderEvent)
    {
        ArgumentNullException.ThrowIfNull(orderEvent);
        transcript.Add(Text(UtcTime) + " " + Event(orderEvent, UtcTime));
    }

    private static QCAlgorithm Create(Transcript transcript) => Create(transcript, []);

    private static QCAlgorithm Create(Transcript transcript, params (int Minute, string Command, string Target)[] commands)
    {
        var algorithm = new Hedge(transcript, commands);
        algorithm.Recorder.Sinks = new RunSinks
        {
            Decisions = line =>
            {
                if (algorithm._decisions++ % 25 == 0)
                {
                    transcript.Add("decision " + line);
                }
                else
                {
                    transcript.AddDetail("decision " + line);
                }
            },
            Equity = line => transcript.AddDetail("equity " + line),
            Accounts = line => transcript.Add("account " + line),
            OrderEvents = line => transcript.AddDetail("recorded " + line),
        };
        return algorithm;
    }

    private static ConformanceCase Convergence(string name, string about, string resolution, int days)
        => Generated(
            name, about, 27, ["binance:spot", "binance:perpetual", "bybit:perpetual"], ["BTCUSDT", "ETHUSDT"], new()
            {
                ["strategy"] = "convergence",
                ["convergence-timeout"] = "03:00:00",
                ["resolution"] = resolution,
                ["groups"] = "BTC,ETH",
                ["binance-spot.cash"] = "USDT:60000",
                ["binance-futures.cash"] = "USDT:40000",
                ["bybit.cash"] = "USDT:80000",
                ["latency"] = resolution == "second" ? "00:00:01" : "venue",
                ["BTC.primary"] = "binance:spot:BTCUSDT",
                ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
                ["BTC.notional"] = "50000",
                ["ETH.primary"] = "binance:perpetual:ETHUSDT",
                ["ETH.hedges"] = "bybit:perpetual:ETHUSDT",
                ["ETH.notional"] = "30000",
            },
            days,
            options => options with
            {
                Resolution = resolution,
                Moves =
                [
                    Move("BTC", 6, 0, 10, 0.009), Move("BTC", 6, 40, 30, -0.0088),
                    Move("ETH", 9, 0, 15, -0.008), Move("ETH", 10, 0, 45, 0.0081),
                    Move("BTC", 12, 0, 10, -0.009), Move("BTC", 13, 0, 30, 0.009),
                    Move("BTC", 17, 0, 10, 0.009), Move("BTC", 23, 0, 30, -0.009),
                ],
            }) with
        {
            Statistics = Figures,
        };

    private static PriceMove Move(string coin, int hour, int minute, int minutes, double size)
        => new(coin, "bybit:perpetual", new TimeSpan(hour, minute, 0), TimeSpan.FromMinutes(minutes), size);

    private static ConformanceCase Generated(
        string name, string about, int seed, string[] venues, string[] pairs, Dictionary<string, string> parameters, int days = 2, Func<GeneratorOptions, GeneratorOptions>? change = null)
    {
        var options = new GeneratorOptions { FromUtc = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc), Days = days, Seed = seed, Venues = venues, Pairs = pairs };
        options = change?.Invoke(options) ?? options;
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

        foreach (var account in summary.Accounts)
        {
            transcript.Add($"account {account.Account} equity {Text(account.EquityStart)} {Text(account.EquityEnd)} initial {Text(account.InitialMargin)} {Text(account.MaxInitialMargin)} maintenance {Text(account.MaintenanceMargin)} "
                + (account.Worst is { } worst ? $"worst {Text(worst.Distance)} {worst.Instrument} {Text(worst.TimeUtc)} " : string.Empty)
                + string.Join(' ', account.Balances.Select(x => $"{x.Currency} {Text(x.Free)}/{Text(x.Locked)}/{Text(x.InTransit)}/{Text(x.Withdrawable)}"))
                + " " + Parts(account.Profit));
            foreach (var liquidation in account.Liquidations)
            {
                transcript.Add($"liquidation {Text(liquidation.TimeUtc)} {liquidation.Instrument} {Text(liquidation.Quantity)} at {Text(liquidation.Price)} fee {Text(liquidation.Fee)} by {liquidation.Cause}");
            }
        }

        foreach (var what in summary.Trouble.Scenario)
        {
            transcript.Add($"scenario {Text(what.TimeUtc)} {what.Kind} {what.About} {(what.Begins ? "begins" : "ends")}");
        }

        foreach (var band in summary.Trouble.Health)
        {
            transcript.Add($"health {band.Venue} {band.Capability} {band.State} {band.Reason} {Text(band.FromUtc)} {(band.UntilUtc is { } until ? Text(until) : "end")}");
        }

        foreach (var writeOff in summary.Trouble.WriteOffs)
        {
            transcript.Add($"write-off {Text(writeOff.TimeUtc)} {writeOff.Account} {Text(writeOff.Amount)} {writeOff.Currency}");
        }

        transcript.Add("profit " + Parts(summary.Profit));
        transcript.Add($"invariants {summary.Invariants.Checked} {summary.Invariants.Violated}");
        foreach (var notice in ((Hedge)algorithm).Notices)
        {
            transcript.Add("notice " + notice);
        }

        transcript.Add("decision log " + summary.DecisionLogHash);
    }

    /// <summary>What a trader would pin of a strategy's run, in units of the account currency unless said otherwise.</summary>
    private static Dictionary<string, string> Figures(QCAlgorithm algorithm)
    {
        var summary = ((Hedge)algorithm).Recorder.Summarize();
        var worst = summary.Accounts.Select(account => account.Worst?.Distance).Min();
        return new Dictionary<string, string>
        {
            ["CrossHedge Orders"] = Text(summary.Orders),
            ["CrossHedge Fills"] = Text(summary.Fills),
            ["CrossHedge Equity End"] = Text(summary.EquityEnd),
            ["CrossHedge Profit Total"] = Text(summary.Profit.Total),
            ["CrossHedge Profit Directional"] = Text(summary.Profit.Directional),
            ["CrossHedge Profit Basis"] = Text(summary.Profit.Basis),
            ["CrossHedge Profit Spread And Slippage"] = Text(summary.Profit.SpreadAndSlippage),
            ["CrossHedge Profit Funding"] = Text(summary.Profit.Funding),
            ["CrossHedge Profit Fees"] = Text(summary.Profit.Fees),
            ["CrossHedge Sharpe"] = summary.Sharpe.ToString("R", CultureInfo.InvariantCulture),
            ["CrossHedge Drawdown"] = Text(summary.MaxDrawdown),
            ["CrossHedge Worst Residual (coins)"] = Text(summary.Residual.Max),
            ["CrossHedge Naked Seconds"] = Text((decimal)summary.Residual.TimeOutsideBand.TotalSeconds),
            ["CrossHedge Worst Distance"] = worst is { } distance ? Text(distance) : "none",
            ["CrossHedge Decision Log"] = summary.DecisionLogHash,
        };
    }

    private static string Parts(ProfitSplit profit)
        => $"directional {Text(profit.Directional)} basis {Text(profit.Basis)} slippage {Text(profit.SpreadAndSlippage)} funding {Text(profit.Funding)} "
            + $"fees {Text(profit.Fees)} liquidation {Text(profit.Liquidation)} currency {Text(profit.Currency)} total {Text(profit.Total)}";
}
