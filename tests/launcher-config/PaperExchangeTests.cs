using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Commands;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.PaperExchange;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Tests.Algorithm;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;

namespace CrossHedgeLean.Tests.Launcher;

/// <summary>The paper exchange as its clients meet it: messages in, messages out, and what a scenario does to them.</summary>
[TestFixture]
public sealed class PaperExchangeTests
{
    private const string Perpetual = "bybit:perpetual:BTCUSDT";
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Test]
    public void AnOrderIsTakenFilledAndShownInTheAccount()
    {
        var bench = new Bench();
        bench.Quote(Perpetual, 90_000m, 90_010m);
        bench.Say(new PaperMessage { Kind = PaperMessageKind.Submit, ClientId = "a", Instrument = Perpetual, Quantity = -0.1m });
        bench.Pass(1);

        Assert.That(bench.Kinds("a"), Is.EqualTo(new[] { PaperMessageKind.Working, PaperMessageKind.Execution, PaperMessageKind.Over }));
        var fill = bench.Told.Single(message => message.Kind == PaperMessageKind.Execution);
        Assert.That((fill.Quantity, fill.Price, fill.Fee, fill.FeeCurrency), Is.EqualTo((-0.1m, 90_000m, 4.95m, "USDT")));
        Assert.That(bench.State.Positions!.Single(position => position.Instrument == Perpetual).Quantity, Is.EqualTo(-0.1m));
        Assert.That(bench.State.Balances!.Single(balance => balance.Currency == "USDT").Amount, Is.EqualTo(249_995.05m));
    }

    [TestCase("bybit:perpetual:DOGEUSDT", "0.1", null, "bybit does not trade 'bybit:perpetual:DOGEUSDT'")]
    [TestCase("binance:spot:BTCUSDT", "0.1", null, "bybit does not trade 'binance:spot:BTCUSDT'")]
    [TestCase(Perpetual, "0.00012", null, "0.00012 is not in lots of 0.001")]
    [TestCase(Perpetual, "0", null, "0 is not in lots of 0.001")]
    [TestCase(Perpetual, "0.1", "-1", "the limit -1 is not positive")]
    [TestCase(Perpetual, "900", null, "bybit has ")]
    public void WhatAVenueWouldRefuseIsRefused(string instrument, string quantity, string? limit, string why)
    {
        var bench = new Bench();
        bench.Quote(Perpetual, 90_000m, 90_010m);
        bench.Say(new PaperMessage
        {
            Kind = PaperMessageKind.Submit,
            ClientId = "a",
            Instrument = instrument,
            Quantity = decimal.Parse(quantity, System.Globalization.CultureInfo.InvariantCulture),
            Limit = limit is null ? null : decimal.Parse(limit, System.Globalization.CultureInfo.InvariantCulture),
        });

        Assert.That(bench.Told.Single(message => message.Kind == PaperMessageKind.Refused).Text, Does.StartWith(why));
        Assert.That(bench.State.Orders, Is.Empty);
    }

    [Test]
    public void AnOrderThatCameTwiceIsOneOrder()
    {
        var bench = new Bench();
        bench.Quote(Perpetual, 90_000m, 90_010m);
        for (var i = 0; i < 3; i++)
        {
            bench.Say(new PaperMessage { Kind = PaperMessageKind.Submit, ClientId = "a", Instrument = Perpetual, Quantity = -0.1m });
            bench.Pass(1);
        }

        Assert.That(bench.State.Positions!.Single(position => position.Instrument == Perpetual).Quantity, Is.EqualTo(-0.1m));
        Assert.That(bench.Told.Where(message => message.Kind == PaperMessageKind.Execution).Select(message => message.ExecutionId).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void ALimitOrderRestsIsCanceledOnceAndTheSecondCancelIsRefused()
    {
        var bench = new Bench();
        bench.Quote(Perpetual, 90_000m, 90_010m);
        bench.Say(new PaperMessage { Kind = PaperMessageKind.Submit, ClientId = "a", Instrument = Perpetual, Quantity = -0.1m, Limit = 95_000m });
        bench.Pass(5);
        Assert.That(bench.State.Orders!.Single().Limit, Is.EqualTo(95_000m));
        bench.Say(new PaperMessage { Kind = PaperMessageKind.Cancel, ClientId = "a" });
        bench.Say(new PaperMessage { Kind = PaperMessageKind.Cancel, ClientId = "a" });

        Assert.That(bench.Kinds("a"), Is.EqualTo(new[] { PaperMessageKind.Working, PaperMessageKind.Over, PaperMessageKind.CancelRefused }));
    }

    [Test]
    public void AnOutageRefusesOrdersKeepsQuotesBackAndIsAnnounced()
    {
        var bench = new Bench("""{ "kind": "outage", "venue": "bybit", "capabilities": ["trade", "data", "cancel"], "at": "+00:00:10", "until": "+00:00:20" }""");
        bench.Say(new PaperMessage { Kind = PaperMessageKind.Watch, Instrument = Perpetual });
        bench.Quote(Perpetual, 90_000m, 90_010m);
        bench.Say(new PaperMessage { Kind = PaperMessageKind.Submit, ClientId = "rests", Instrument = Perpetual, Quantity = -0.1m, Limit = 95_000m });
        bench.Pass(12);
        bench.Told.Clear();
        bench.Quote(Perpetual, 91_000m, 91_010m);
        bench.Say(new PaperMessage { Kind = PaperMessageKind.Submit, ClientId = "a", Instrument = Perpetual, Quantity = -0.1m });
        bench.Say(new PaperMessage { Kind = PaperMessageKind.Cancel, ClientId = "rests" });

        Assert.That(bench.Kinds("a").Concat(bench.Kinds("rests")), Is.EqualTo(new[] { PaperMessageKind.Refused, PaperMessageKind.CancelRefused }));
        Assert.That(bench.Told.Select(message => message.Kind), Does.Not.Contain(PaperMessageKind.Quote));
        Assert.That(bench.State.Down, Is.EqualTo(new[] { "trade", "cancel", "data" }));
        bench.Pass(10);
        Assert.That(bench.State.Down, Is.Null);
        bench.Quote(Perpetual, 92_000m, 92_010m);
        Assert.That(bench.Told.Last(message => message.Kind == PaperMessageKind.Quote).Bid, Is.EqualTo(92_000m));
    }

    [Test]
    public void AVenueOfWhichNothingWorksEndsItsConnectionsAndLetsNobodyIn()
    {
        var bench = new Bench("""{ "kind": "outage", "venue": "bybit", "at": "+00:00:10", "until": "+00:00:20" }""");
        bench.Pass(11);

        Assert.That(bench.IsClosed, Is.True);
        Assert.That(bench.Venues.Join(bench, Hello("bybit")), Is.Null);
        Assert.That(bench.Told[^1].Text, Is.EqualTo("bybit cannot be reached"));
        Assert.That(bench.Venues.Join(new Bench(), Hello("binance-spot")), Is.Not.Null, "the other venue is not concerned");
        bench.Pass(10);
        Assert.That(bench.Venues.Join(bench, Hello("bybit")), Is.Not.Null);
    }

    [Test]
    public void AForcedLiquidationIsToldWithItsFeeAndAnInsolvencyWithItsWriteOff()
    {
        var bench = new Bench(
            """
            { "kind": "forced-liquidation", "instrument": "bybit:perpetual:BTCUSDT", "size": 0.5, "at": "+00:00:10" },
            { "kind": "insolvency", "venue": "bybit", "size": 0.2, "at": "+00:00:20" }
            """);
        bench.Quote(Perpetual, 90_000m, 90_010m);
        bench.Say(new PaperMessage { Kind = PaperMessageKind.Submit, ClientId = "a", Instrument = Perpetual, Quantity = -0.2m });
        bench.Pass(15);
        var forced = bench.Told.Single(message => message is { Kind: PaperMessageKind.Execution, ClientId: null });
        Assert.That((forced.Quantity, forced.IsLiquidation, forced.Fee > 0m), Is.EqualTo((0.1m, true, true)));

        bench.Pass(10);
        var before = bench.State.Balances!.Single(balance => balance.Currency == "USDT").Amount;
        Assert.That(bench.Told.Count(message => message is { Kind: PaperMessageKind.Execution, ClientId: null }), Is.EqualTo(2), "what was left vanished");
        Assert.That(bench.Told.Single(message => message.Kind == PaperMessageKind.WriteOff).Amount, Is.EqualTo(before * -4m).Within(0.000001m));
    }

    [Test]
    public void AnExchangeThatWasKilledGoesOnWhereItsLogStops()
    {
        using var folder = new TestFolder();
        PaperMessage before;
        using (var log = new PaperLog(folder["exchange.log"]))
        {
            var bench = new Bench(log: log);
            bench.Quote(Perpetual, 90_000m, 90_010m);
            bench.Say(new PaperMessage { Kind = PaperMessageKind.Submit, ClientId = "a", Instrument = Perpetual, Quantity = -0.2m });
            bench.Say(new PaperMessage { Kind = PaperMessageKind.Submit, ClientId = "rests", Instrument = Perpetual, Quantity = 0.1m, Limit = 80_000m });
            bench.Say(new PaperMessage { Kind = PaperMessageKind.Submit, ClientId = "refused", Instrument = Perpetual, Quantity = 0.00001m });
            bench.Pass(60 * 60 * 8);
            before = bench.State;
        }

        // The last line was being written when it was killed.
        File.AppendAllText(folder["exchange.log"], "2026-01-01T09:00:00Z < bybit {\"kind\":\"submit\",\"clientId\":\"cut");
        var after = new Bench();
        after.Venues.Restore(PaperLog.Read(folder["exchange.log"]));
        after.Quote(Perpetual, 90_000m, 90_010m);
        after.Told.Clear();
        foreach (var id in new[] { "a", "rests", "refused", "cut" })
        {
            after.Say(new PaperMessage { Kind = PaperMessageKind.Query, ClientId = id });
        }

        Assert.That(after.State.Balances, Is.EqualTo(before.Balances));
        Assert.That(after.State.Positions, Is.EqualTo(before.Positions));
        Assert.That(after.State.Orders, Is.EqualTo(before.Orders));
        Assert.That(before.Balances!.Single(balance => balance.Currency == "USDT").Amount, Is.GreaterThan(249_990.1m), "funding was received");
        Assert.That(after.Kinds("a"), Is.EqualTo(new[] { PaperMessageKind.Working, PaperMessageKind.Execution, PaperMessageKind.Over }));
        Assert.That(after.Kinds("rests").Concat(after.Kinds("refused")).Concat(after.Kinds("cut")), Is.EqualTo(new[] { PaperMessageKind.Working, PaperMessageKind.Refused, PaperMessageKind.Refused }));
    }

    [Test]
    public void WhoWasToldThatAnOrderNeverArrivedCanRelyOnIt()
    {
        using var folder = new TestFolder();
        using (var log = new PaperLog(folder["exchange.log"]))
        {
            var bench = new Bench(log: log);
            bench.Quote(Perpetual, 90_000m, 90_010m);
            bench.Say(new PaperMessage { Kind = PaperMessageKind.Query, ClientId = "late" });
            bench.Say(new PaperMessage { Kind = PaperMessageKind.Submit, ClientId = "late", Instrument = Perpetual, Quantity = -0.2m });
            bench.Pass(1);

            Assert.That(bench.Kinds("late"), Is.EqualTo(new[] { PaperMessageKind.Refused, PaperMessageKind.Refused }));
            Assert.That(bench.State.Positions!.Sum(position => Math.Abs(position.Quantity)), Is.Zero);
        }

        var after = new Bench();
        after.Venues.Restore(PaperLog.Read(folder["exchange.log"]));
        after.Quote(Perpetual, 90_000m, 90_010m);
        after.Say(new PaperMessage { Kind = PaperMessageKind.Submit, ClientId = "late", Instrument = Perpetual, Quantity = -0.2m });
        Assert.That(after.Kinds("late"), Is.EqualTo(new[] { PaperMessageKind.Refused }), "also after the exchange itself was killed");
    }

    [TestCase("2026-01-01T09:00:00Z > okx {\"kind\":\"working\",\"clientId\":\"a\",\"orderId\":1,\"quantity\":1}", "it speaks of the account okx")]
    [TestCase("2026-01-01T09:00:00Z > bybit {\"kind\":\"funding\",\"instrument\":\"bybit:perpetual:SOLUSDT\",\"quantity\":1,\"price\":1,\"rate\":0,\"amount\":0}", "it speaks of bybit:perpetual:SOLUSDT")]
    public void ALogOfAnotherConfigurationIsRefused(string line, string error)
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["exchange.log"], line + "\n");

        Assert.That(() => new Bench().Venues.Restore(PaperLog.Read(folder["exchange.log"])), Throws.TypeOf<IOException>().With.Message.StartsWith(error).And.Message.Contains("which this configuration does not have"));
    }

    [TestCase("{", "not a message of this protocol")]
    [TestCase("""{ "kind": "dance" }""", "not a message of this protocol")]
    [TestCase("""{ "kind": "submit", "colour": "red" }""", "not a message of this protocol")]
    [TestCase("null", "null is no message")]
    public void WhatIsNoMessageIsSaidAndNothingThrows(string line, string error)
    {
        Assert.That(PaperMessage.Read(line, out var wrong), Is.Null);
        Assert.That(wrong, Does.StartWith(error));
    }

    [Test]
    public void MessagesComeBackAsTheyWere()
    {
        var message = new PaperMessage
        {
            Kind = PaperMessageKind.Account,
            TimeUtc = Start.AddTicks(1_234_567),
            Balances = [new PaperBalance("USDT", 0.100000000000000000000000001m)],
            Positions = [],
            Orders = [new PaperOrder(1, "a", Perpetual, 1.10m, 0m, null)],
        };
        var back = PaperMessage.Read(message.Write(), out _)!;

        Assert.That(back with { Balances = null, Positions = null, Orders = null }, Is.EqualTo(message with { Balances = null, Positions = null, Orders = null }));
        Assert.That((back.Balances![0], back.Orders![0]), Is.EqualTo((message.Balances[0], message.Orders![0])));
    }

    [TestCase("--port", "70000", "port '70000' is not a whole number from 0 to 65535.")]
    [TestCase("--for", "soon", "for 'soon' is no time above zero")]
    [TestCase("--prices", "guessed", "prices 'guessed' is unknown: use generated, replay or pushed.")]
    public void AWrongOptionIsBadInput(string option, string value, string error)
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["live-two-venues.json"], """{ "parameters": { "groups": "BTC", "BTC.primary": "binance:spot:BTCUSDT", "BTC.hedges": "bybit:perpetual:BTCUSDT", "bybit.cash": "USDT:1000", "binance-spot.cash": "USDT:1000" } }""");
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = LauncherCommands.Run(["exchange", "--config", folder["live-two-venues.json"], option, value], new LauncherConsole(output, errors, folder.Root, false));

        Assert.That(code, Is.EqualTo(ExitCode.BadInput), errors.ToString());
        Assert.That(errors.ToString(), Does.Contain("error: " + error));
        Assert.That(errors.ToString(), Does.Contain("error: bybit: bybit.perpetual-fees is missing: the paper exchange charges by it (perpetuals)"), "all at once");
    }

    private static PaperMessage Hello(string account) => new() { Kind = PaperMessageKind.Hello, Version = PaperMessage.CurrentVersion, Account = account };

    /// <summary>One exchange with pushed prices, and a client of its account bybit.</summary>
    private sealed class Bench : IPaperClient
    {
        private readonly PaperSession _session;
        private readonly PaperSession _prices;

        public Bench(string events = "", PaperLog? log = null)
        {
            var parameters = EngineRuns.With(
                ("binance-spot.spot-fees", "0.001/0.001"),
                ("bybit.perpetual-fees", "0.0002/0.00055"),
                ("from", "2026-01-01"),
                ("to", "2026-12-31"),
                ("scenario", $$"""{ "version": 1, "name": "test", "events": [ {{events}} ] }"""));
            var (configuration, errors, _) = HedgeConfiguration.Parse(parameters, ScenarioHosts.Exchange);
            Assert.That(errors, Is.Empty);
            Venues = new PaperVenues(
                new Ledger("USDT", configuration!.Accounts),
                Latency.Of(TimeSpan.Zero),
                ExchangeCommand.InstrumentsOf(configuration, EngineRuns.GeneratedFolder),
                new PushedPrices(),
                new ScenarioPlayer(configuration.Scenario, Start),
                log ?? new PaperLog(null),
                Start);
            _session = Venues.Join(this, Hello("bybit"))!;
            _prices = Venues.Join(new Deaf(), new PaperMessage { Kind = PaperMessageKind.Hello, Version = PaperMessage.CurrentVersion })!;
        }

        public PaperVenues Venues { get; }

        public List<PaperMessage> Told { get; } = [];

        public bool IsClosed { get; private set; }

        public PaperMessage State => Told.Last(message => message.Kind == PaperMessageKind.Account);

        public void Push(PaperMessage message) => Told.Add(message);

        public void Close() => IsClosed = true;

        public void Say(PaperMessage message) => Venues.Handle(_session, message);

        public void Quote(string instrument, decimal bid, decimal ask)
        {
            Venues.Handle(_prices, new PaperMessage { Kind = PaperMessageKind.Quote, Instrument = instrument, Bid = bid, Ask = ask });
            Pass(1);
        }

        public void Pass(int seconds)
        {
            for (var i = 0; i < seconds; i++)
            {
                Venues.Advance(Venues.NowUtc.AddSeconds(1));
            }
        }

        public IEnumerable<PaperMessageKind> Kinds(string clientId) => Told.Where(message => message.ClientId == clientId).Select(message => message.Kind);
    }

    private sealed class Deaf : IPaperClient
    {
        public void Push(PaperMessage message)
        {
        }

        public void Close()
        {
        }
    }
}
