using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Tests.Core.Scenarios;

/// <summary>Each kind as a file writes it and as the builder does, and the run they fit.</summary>
internal static class ScenarioSamples
{
    public static readonly DateTime Start = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static readonly InstrumentId Spot = Id("binance:spot:BTCUSDT");

    public static readonly InstrumentId Perpetual = Id("bybit:perpetual:BTCUSDT");

    private static readonly ScenarioTime At = TimeSpan.FromHours(8);

    private static readonly ScenarioTime Until = Start.AddHours(9.5);

    /// <summary>With every field that a kind takes, and with those alone that it needs.</summary>
    public static IReadOnlyList<(string Json, Func<ScenarioBuilder, ScenarioBuilder> Build)> Events { get; } =
    [
        ("""{"kind": "outage", "venue": "bybit", "capabilities": ["trade", "data"], "at": "+08:00:00", "until": "2024-01-01T09:30:00Z"}""",
            builder => builder.Outage("bybit", At, Until, Capability.Trade, Capability.Data)),
        ("""{"kind": "outage", "venue": "bybit", "at": "+08:00:00"}""", builder => builder.Outage("bybit", At)),
        ("""{"kind": "slow", "venue": "bybit", "delay": "00:00:00.250", "at": "+08:00:00", "until": "2024-01-01T09:30:00Z"}""",
            builder => builder.Slow("bybit", At, TimeSpan.FromMilliseconds(250), Until)),
        ("""{"kind": "slow", "venue": "bybit", "delay": "00:00:30", "at": "+08:00:00"}""", builder => builder.Slow("bybit", At, TimeSpan.FromSeconds(30))),
        ("""{"kind": "latency", "venue": "bybit", "delay": "1.00:00:00", "at": "+08:00:00", "until": "2024-01-01T09:30:00Z"}""",
            builder => builder.Latency("bybit", At, TimeSpan.FromDays(1), Until)),
        ("""{"kind": "latency", "venue": "bybit", "delay": "00:01:00", "at": "+08:00:00"}""", builder => builder.Latency("bybit", At, TimeSpan.FromMinutes(1))),
        ("""{"kind": "stale-book", "venue": "bybit", "instrument": "bybit:perpetual:BTCUSDT", "at": "+08:00:00", "until": "2024-01-01T09:30:00Z"}""",
            builder => builder.StaleBook("bybit", At, Until, Perpetual)),
        ("""{"kind": "stale-book", "venue": "bybit", "at": "+08:00:00"}""", builder => builder.StaleBook("bybit", At)),
        ("""{"kind": "wrong-side-recovery", "venue": "bybit", "instrument": "bybit:perpetual:BTCUSDT", "size": -0.03, "at": "+08:00:00", "until": "2024-01-01T09:30:00Z"}""",
            builder => builder.WrongSideRecovery("bybit", At, -0.03m, Until, Perpetual)),
        ("""{"kind": "wrong-side-recovery", "venue": "bybit", "size": 0.02, "at": "+08:00:00"}""", builder => builder.WrongSideRecovery("bybit", At, 0.02m)),
        ("""{"kind": "reject-storm", "venue": "bybit", "size": 0.5, "at": "+08:00:00", "until": "2024-01-01T09:30:00Z"}""", builder => builder.RejectStorm("bybit", At, 0.5m, Until)),
        ("""{"kind": "reject-storm", "venue": "bybit", "size": 1, "at": "+08:00:00"}""", builder => builder.RejectStorm("bybit", At, 1m)),
        ("""{"kind": "withdrawal-freeze", "venue": "bybit", "at": "+08:00:00", "until": "2024-01-01T09:30:00Z"}""", builder => builder.WithdrawalFreeze("bybit", At, Until)),
        ("""{"kind": "withdrawal-freeze", "venue": "bybit", "at": "+08:00:00"}""", builder => builder.WithdrawalFreeze("bybit", At)),
        ("""{"kind": "insolvency", "venue": "bybit", "size": 0.2, "at": "+08:00:00"}""", builder => builder.Insolvency("bybit", At, recovery: 0.2m)),
        ("""{"kind": "transfer-stuck", "venue": "bybit", "to": "binance", "currency": "USDT", "at": "+08:00:00", "until": "2024-01-01T09:30:00Z"}""",
            builder => builder.TransferStuck(At, Until, "bybit", "binance", "USDT")),
        ("""{"kind": "transfer-stuck", "at": "+08:00:00"}""", builder => builder.TransferStuck(At)),
        ("""{"kind": "transfer-failed", "venue": "bybit", "to": "binance", "currency": "USDT", "at": "+08:00:00", "until": "2024-01-01T09:30:00Z"}""",
            builder => builder.TransferFailed(At, Until, "bybit", "binance", "USDT")),
        ("""{"kind": "transfer-failed", "at": "+08:00:00"}""", builder => builder.TransferFailed(At)),
        ("""{"kind": "transfer-lost", "venue": "bybit", "to": "binance", "currency": "USDT", "at": "+08:00:00", "until": "2024-01-01T09:30:00Z"}""",
            builder => builder.TransferLost(At, Until, "bybit", "binance", "USDT")),
        ("""{"kind": "transfer-lost", "at": "+08:00:00"}""", builder => builder.TransferLost(At)),
        ("""{"kind": "forced-liquidation", "instrument": "bybit:perpetual:BTCUSDT", "size": 0.4, "price": 41000.5, "at": "+08:00:00"}""",
            builder => builder.ForcedLiquidation(Perpetual, At, 0.4m, 41_000.5m)),
        ("""{"kind": "forced-liquidation", "instrument": "bybit:perpetual:BTCUSDT", "size": 1, "at": "+08:00:00"}""", builder => builder.ForcedLiquidation(Perpetual, At, 1m)),
        ("""{"kind": "auto-deleveraging", "instrument": "bybit:perpetual:BTCUSDT", "size": 0.5, "price": 41000.5, "at": "+08:00:00"}""",
            builder => builder.AutoDeleveraging(Perpetual, At, 0.5m, 41_000.5m)),
        ("""{"kind": "auto-deleveraging", "instrument": "bybit:perpetual:BTCUSDT", "size": 1, "at": "+08:00:00"}""", builder => builder.AutoDeleveraging(Perpetual, At, 1m)),
        ("""{"kind": "depeg", "currency": "USDC", "size": 0.88, "at": "+08:00:00", "until": "2024-01-01T09:30:00Z"}""", builder => builder.Depeg("USDC", At, 0.88m, Until)),
        ("""{"kind": "depeg", "currency": "USDC", "size": 0.88, "at": "+08:00:00"}""", builder => builder.Depeg("USDC", At, 0.88m)),
        ("""{"kind": "funding-spike", "instrument": "bybit:perpetual:BTCUSDT", "size": -0.0075, "at": "+08:00:00", "until": "2024-01-01T09:30:00Z"}""",
            builder => builder.FundingSpike(Perpetual, At, -0.0075m, Until)),
        ("""{"kind": "funding-spike", "instrument": "bybit:perpetual:BTCUSDT", "size": 0.01, "at": "+08:00:00"}""", builder => builder.FundingSpike(Perpetual, At, 0.01m)),
        ("""{"kind": "funding-interval", "instrument": "bybit:perpetual:BTCUSDT", "delay": "01:00:00", "at": "+08:00:00", "until": "2024-01-01T09:30:00Z"}""",
            builder => builder.FundingInterval(Perpetual, At, TimeSpan.FromHours(1), Until)),
        ("""{"kind": "funding-interval", "instrument": "bybit:perpetual:BTCUSDT", "delay": "04:00:00", "at": "+08:00:00"}""",
            builder => builder.FundingInterval(Perpetual, At, TimeSpan.FromHours(4))),
        ("""{"kind": "delisting", "instrument": "bybit:perpetual:BTCUSDT", "price": 41000.5, "at": "+08:00:00", "until": "2024-01-01T09:30:00Z"}""",
            builder => builder.Delisting(Perpetual, At, Until, 41_000.5m)),
        ("""{"kind": "delisting", "instrument": "bybit:perpetual:BTCUSDT", "at": "+08:00:00", "until": "2024-01-01T09:30:00Z"}""",
            builder => builder.Delisting(Perpetual, At, Until)),
    ];

    /// <summary>A day with spot and futures at Binance and a unified account at Bybit; USDC has no pair.</summary>
    public static ScenarioFrame Frame { get; } = new()
    {
        StartUtc = Start,
        EndUtc = Start.AddDays(1),
        Markets = ["binance", "bybit"],
        Instruments = [Spot, Perpetual],
        AccountCurrency = "USDT",
        Currencies = ["USDT", "USDC", "BTC"],
        Pegged = ["USDC"],
        Host = ScenarioHosts.Models,
    };

    public static InstrumentId Id(string text) => InstrumentId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    public static string File(params string[] events) => $$"""{"version": 1, "name": "test", "events": [{{string.Join(", ", events)}}]}""";

    public static Scenario Read(string json)
    {
        var (scenario, errors) = ScenarioReader.Read("test.json", json);
        return scenario ?? throw new ArgumentException(string.Join(Environment.NewLine, errors));
    }

    /// <summary>Everything that an event says: of a record with a list, equality is that of the list itself.</summary>
    public static string Text(Scenario scenario)
        => string.Join(Environment.NewLine, scenario.Events.Select(what => FormattableString.Invariant(
            $"{what.Kind} {Text(what.At)} {Text(what.Until)} venue={what.Venue} to={what.To} instrument={what.Instrument} currency={what.Currency} capabilities={string.Join('+', what.Capabilities)} size={what.Size} price={what.Price} delay={what.Delay}"))
            .Prepend($"{scenario.Name} {scenario.AcceptsPeg}"));

    private static string Text(ScenarioTime? time) => FormattableString.Invariant($"{time?.Utc:o}+{time?.AfterStart}");
}
