using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.DataGeneration;
using CrossHedgeLean.Episodes;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Tests.Algorithm;
using CrossHedgeLean.Tests.Launcher;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Live;

/// <summary>
/// Mornings of the whole live stack, each by a seed: what the strategy does, what goes wrong at the venues, how late orders
/// arrive and in which order threads take their turns. CROSSHEDGE_LIVE_SEEDS (FIRST or FIRST-LAST) runs others.
/// </summary>
[TestFixture]
public sealed class LiveEpisodes
{
    /// <summary>In USDT: what a venue may refuse as too small.</summary>
    private const decimal SmallestOrder = 110m;

    /// <summary>While nothing is wrong, each group has been in band within this time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>The strategy trades most by noon, and what goes wrong ends more than an hour before this.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromHours(9.5);

    private static readonly DateTime Midnight = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string[] Coins = ["BTC", "ETH"];
    private static readonly string[] Venues = ["binance", "bybit"];
    private static readonly string[] Perpetuals = ["bybit:perpetual:BTCUSDT", "bybit:perpetual:ETHUSDT", "binance:perpetual:BTCUSDT", "binance:perpetual:ETHUSDT"];

    private TestFolder _folder = null!;
    private int _decisions;
    private int _hedgeOrders;
    private int _breaks;

    [OneTimeSetUp]
    public void Generate()
    {
        EngineRuns.OnlyOnLeanSim();
        _folder = new TestFolder();
        DataGenerator.Generate(
            new GeneratorOptions { FromUtc = Midnight, Days = 1, Seed = 4, Venues = ["binance:spot", "binance:perpetual", "bybit:perpetual"], Pairs = ["BTCUSDT", "ETHUSDT"] },
            _folder.Root);
    }

    [OneTimeTearDown]
    public void Delete() => _folder?.Dispose();

    [Test]
    public void WhateverGoesWrongTheBooksAreTheExchangesAndTheHedgeComesBack()
    {
        var (first, last) = Seeds();
        var violations = new List<string>();
        for (var seed = first; seed <= last; seed++)
        {
            violations.AddRange(Violations(seed));
        }

        var episodes = last - first + 1;
        TestContext.Out.WriteLine($"{episodes} episodes from seed {first}: {_decisions} decisions, {_hedgeOrders} hedge orders, {_breaks} broken connections, {violations.Count} violations.");
        Assert.That(violations, Is.Empty, string.Join(Environment.NewLine, violations));
        Assert.That(_hedgeOrders, Is.GreaterThan(40 * episodes));
        Assert.That(_breaks, Is.AtLeast(episodes / 5));
    }

    /// <summary>2127: a liquidation while the line was cut, told only after our own order had taken the rest of that hedge away.</summary>
    [TestCase(2127)]
    public void WhatAnEpisodeFoundStaysMended(int seed) => Assert.That(Violations(seed), Is.Empty);

    private IEnumerable<string> Violations(int seed)
    {
        var random = new EpisodeRandom((ulong)seed, 0);
        var events = Enumerable.Range(0, random.Between(1, 3)).Select(_ => Draw(random)).ToArray();
        var latency = random.Pick("none", "venue", "00:00:02", "00:01:30");
        while (HedgeConfiguration.Parse(Parameters(seed, latency, events), ScenarioHosts.Exchange).Value is null)
        {
            // Two events on one target at one time.
            events = events[..^1];
        }

        var truth = Coins.ToDictionary(coin => coin, _ => new List<(DateTime TimeUtc, decimal Residual)>());
        var run = LiveRun.Of(Parameters(seed, latency, events), _folder.Root, random.Percent(20) ? null : seed, Look, isParity: false);
        _decisions += run.Decisions.Count;
        _hedgeOrders += run.Decisions.Sum(decision => decision.Line.Split("send ").Length - 1);
        _breaks += run.Happenings.Count(line => line.EndsWith(" is connected", StringComparison.Ordinal)) - run.Venues.Ledger.Accounts.Count;
        var name = $"seed {seed} (latency {latency}; {string.Join("; ", events.Select(what => what.Json))})";
        if (run.Result!.RuntimeError is { } error)
        {
            yield return $"{name}: {error.Message}";
            yield break;
        }

        if (LiveDecision.Of((Ledger)run.Algorithm.Accounts!).DifferenceFrom(LiveDecision.Of(run.Venues.Ledger)) is { } difference)
        {
            yield return $"{name}: {difference}";
        }

        foreach (var coin in Coins)
        {
            var lastWithin = Midnight;
            foreach (var (timeUtc, residual) in truth[coin])
            {
                if (Math.Abs(residual) < SmallestOrder || Array.Exists(events, what => what.FromUtc <= timeUtc && timeUtc <= what.UntilUtc))
                {
                    lastWithin = timeUtc;
                }
                else if (timeUtc - lastWithin > Patience)
                {
                    var decision = run.Decisions.LastOrDefault(decision => decision.Line.Contains($",{coin},") && string.CompareOrdinal(decision.Time, timeUtc.ToString("o", CultureInfo.InvariantCulture)) <= 0);
                    yield return FormattableString.Invariant($"{name}: at {timeUtc:HH:mm} {coin} has been out of its band for {Patience}, {residual} in {run.Algorithm.Portfolio.CashBook.AccountCurrency}: {decision?.Line}");
                    break;
                }
            }
        }

        // What is at the exchange, in money: neither naked nor over-hedged for long.
        void Look(LiveRun now)
        {
            if (now.NowUtc - Midnight >= Length)
            {
                now.Algorithm.Quit();
            }

            foreach (var coin in Coins)
            {
                var positions = now.Venues.Ledger.Accounts.SelectMany(account => account.Positions).Where(position => position.Instrument.Id.Ticker.StartsWith(coin, StringComparison.Ordinal)).ToArray();
                truth[coin].Add((now.NowUtc, positions.Sum(position => position.Quantity) * positions[0].Mark));
            }
        }
    }

    private static Trouble Draw(EpisodeRandom random)
    {
        var at = TimeSpan.FromMinutes(random.Between(60, 5 * 60));
        var until = at + TimeSpan.FromMinutes(random.Pick(1, 5, 40, 180));
        var venue = random.Pick(Venues);
        var perpetual = random.Pick(Perpetuals);
        var size = (random.Between(1, 9) * 0.1m).ToString(CultureInfo.InvariantCulture);
        var time = $"\"at\": \"+{at:c}\"";
        var span = $"{time}, \"until\": \"+{until:c}\"";
        var json = random.Between(0, 13) switch
        {
            0 or 1 => $$"""{ "kind": "outage", "venue": "{{venue}}", {{span}} }""",
            2 => $$"""{ "kind": "outage", "venue": "{{venue}}", "capabilities": ["{{random.Pick("trade", "cancel", "data", "withdraw")}}"], {{span}} }""",
            3 => $$"""{ "kind": "reject-storm", "venue": "{{venue}}", "size": {{size}}, {{span}} }""",
            4 => $$"""{ "kind": "latency", "venue": "{{venue}}", "delay": "{{random.Pick("00:00:05", "00:02:00")}}", {{span}} }""",
            5 => $$"""{ "kind": "stale-book", "venue": "{{venue}}", {{span}} }""",
            6 => $$"""{ "kind": "forced-liquidation", "instrument": "{{perpetual}}", "size": {{size}}, {{time}} }""",
            7 => $$"""{ "kind": "auto-deleveraging", "instrument": "{{perpetual}}", "size": {{size}}, {{time}} }""",
            8 => $$"""{ "kind": "delisting", "instrument": "{{perpetual}}", {{span}} }""",
            9 => $$"""{ "kind": "slow", "venue": "{{venue}}", "delay": "00:00:20", {{span}} }""",
            10 => $$"""{ "kind": "wrong-side-recovery", "venue": "{{venue}}", "size": -0.02, {{span}} }""",
            11 => $$"""{ "kind": "funding-spike", "instrument": "{{perpetual}}", "size": {{random.Pick("-0.004", "0.003")}}, {{span}} }""",
            12 => $$"""{ "kind": "funding-interval", "instrument": "{{perpetual}}", "delay": "01:00:00", {{span}} }""",
            _ => $$"""{ "kind": "insolvency", "venue": "bybit", "size": 0.3, {{time}} }""",
        };
        return new Trouble(json, Midnight + at, json.Contains("until", StringComparison.Ordinal) ? Midnight + until : Midnight + at);
    }

    private static (int First, int Last) Seeds()
    {
        var text = Environment.GetEnvironmentVariable("CROSSHEDGE_LIVE_SEEDS");
        if (string.IsNullOrEmpty(text))
        {
            return (1, 300);
        }

        var parts = text.Split('-');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[^1], CultureInfo.InvariantCulture));
    }

    private static Dictionary<string, string> Parameters(int seed, string latency, IEnumerable<Trouble> events)
        => new()
        {
            ["strategy"] = "churn",
            ["seed"] = seed.ToString(CultureInfo.InvariantCulture),
            ["from"] = "2025-01-01",
            ["to"] = "2025-01-01",
            ["account-currency"] = "USDT",
            ["binance-spot.cash"] = "USDT:400000",
            ["binance-spot.spot-fees"] = "0.001/0.001",
            ["binance-futures.cash"] = "USDT:200000",
            ["binance-futures.perpetual-fees"] = "0.0002/0.0005",
            ["bybit.cash"] = "USDT:250000",
            ["bybit.perpetual-fees"] = "0.0002/0.00055",
            ["latency"] = latency,
            ["transfers"] = "off",
            ["groups"] = "BTC,ETH",
            ["BTC.primary"] = "binance:spot:BTCUSDT",
            ["BTC.hedges"] = "bybit:perpetual:BTCUSDT,binance:perpetual:BTCUSDT",
            ["ETH.primary"] = "binance:spot:ETHUSDT",
            ["ETH.hedges"] = "bybit:perpetual:ETHUSDT,binance:perpetual:ETHUSDT",
            ["scenario"] = $$"""{ "version": 1, "name": "episode", "acceptPeg": true, "events": [ {{string.Join(", ", events.Select(what => what.Json))}} ] }""",
        };

    private sealed record Trouble(string Json, DateTime FromUtc, DateTime UntilUtc);
}
