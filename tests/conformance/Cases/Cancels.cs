using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.DataGeneration;
using QuantConnect;
using QuantConnect.Data;
using QuantConnect.Orders;
using static CrossHedgeLean.Conformance.StateLines;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>Cancels that a venue in trouble does not carry out: the brokerage of our set-up handler refuses them, and takes them later.</summary>
public sealed class Cancels(Transcript transcript) : CrossHedgeAlgorithm
{
    private readonly List<OrderTicket> _resting = [];

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } =
    [
        new ConformanceCase(
            "scenario-cancel", "cancels refused in an outage, accepted after it, and the venue's own in the middle of it", "Cancels.cs",
            data =>
            {
                DataGenerator.Generate(
                    new GeneratorOptions { FromUtc = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc), Days = 1, Seed = 25, Venues = ["binance:spot", "binance:perpetual", "bybit:perpetual"], Pairs = ["BTCUSDT"] },
                    data.Path);
                data.HashFolder();
            },
            transcript => new Cancels(transcript))
        {
            Parameters = new Dictionary<string, string>
            {
                ["strategy"] = "inventory",
                ["from"] = "2025-01-01",
                ["to"] = "2025-01-01",
                ["account-currency"] = "USDT",
                ["groups"] = "BTC",
                ["binance-futures.cash"] = "USDT:200000",
                ["bybit.cash"] = "USDT:200000",
                ["latency"] = "none",
                ["BTC.primary"] = "bybit:perpetual:BTCUSDT",
                ["BTC.hedges"] = "binance:perpetual:BTCUSDT",
                ["BTC.notional"] = "60000",
                ["scenario"] = """
                    { "version": 1, "name": "no cancels", "events": [
                      { "kind": "outage", "venue": "bybit", "capabilities": ["cancel"], "at": "+02:00:00", "until": "+05:00:00" },
                      { "kind": "forced-liquidation", "instrument": "bybit:perpetual:BTCUSDT", "size": 0.5, "at": "+04:30:00" },
                      { "kind": "outage", "venue": "bybit", "at": "+06:00:00", "until": "+07:00:00" },
                      { "kind": "outage", "venue": "binance", "at": "+06:00:00", "until": "+07:00:00" } ] }
                    """,
            },
            Finish = (algorithm, transcript) => transcript.Add("decision log " + ((Cancels)algorithm).Recorder.Summarize().DecisionLogHash),
        },
    ];

    /// <inheritdoc />
    public override void OnData(Slice slice)
    {
        ArgumentNullException.ThrowIfNull(slice);
        switch ((int)(UtcTime - StartDate).TotalMinutes)
        {
            case 60:
                Rest(0.8m);
                Rest(0.995m);
                break;
            case 110 or 340:
                Rest(0.75m);
                break;
            case 125 or 130 or 290 or 310 or 390 or 425:
                CancelAll();
                break;
            case 140:
                foreach (var ticket in Transactions.CancelOpenOrders())
                {
                    Say(ticket);
                }

                break;
            case 145 or 265 or 275:
                Rest(0.7m);
                break;
        }

        transcript.AddStep(Text(UtcTime) + StateLines.Data(slice) + " | " + State(this));
    }

    /// <inheritdoc />
    public override void OnOrderEvent(OrderEvent orderEvent)
    {
        ArgumentNullException.ThrowIfNull(orderEvent);
        transcript.Add(Text(UtcTime) + " " + Event(orderEvent, UtcTime));
    }

    private void Rest(decimal share)
    {
        var security = Securities.Values.Single(security => security.Symbol.ID.Market == Market.Bybit);
        var ticket = LimitOrder(security.Symbol, 0.01m, decimal.Round(security.Price * share, 1));
        _resting.Add(ticket);
        Say(ticket);
    }

    private void CancelAll()
    {
        foreach (var ticket in _resting.Where(ticket => !ticket.Status.IsClosed()))
        {
            transcript.Add(Text(UtcTime) + " cancel " + Text(ticket.OrderId) + " " + Response(ticket.Cancel()));
            Say(ticket);
        }
    }

    private void Say(OrderTicket ticket) => transcript.Add(Text(UtcTime) + " " + Ticket(ticket));
}
