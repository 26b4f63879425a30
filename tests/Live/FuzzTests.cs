using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Commands;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.DataGeneration;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.PaperExchange;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Tests.Algorithm;
using CrossHedgeLean.Tests.Structure;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;

namespace CrossHedgeLean.Tests.Live;

/// <summary>Whatever comes in from outside is read or refused: nothing throws, and nothing is half done. By a seed, which a failure names.</summary>
[TestFixture]
public sealed class FuzzTests
{
    private const int Cases = 3_000;

    private static readonly string[] Messages =
    [
        """{"kind":"submit","instrument":"bybit:perpetual:BTCUSDT","clientId":"a-1","quantity":-0.159}""",
        """{"kind":"submit","instrument":"bybit:perpetual:BTCUSDT","clientId":"a-2","quantity":0.01,"limit":50000}""",
        """{"kind":"submit","instrument":"bybit:perpetual:BTCUSDT","clientId":"a-3","quantity":79228162514264337593543950335}""",
        """{"kind":"submit","instrument":"bybit:perpetual:BTCUSDT","clientId":"a-4","quantity":-1000000000000000000,"limit":79228162514264337593543950335}""",
        """{"kind":"cancel","clientId":"a-2"}""",
        """{"kind":"query","clientId":"a-1"}""",
        """{"kind":"watch","instrument":"binance:spot:BTCUSDT"}""",
        """{"kind":"transfer","account":"bybit","to":"binance-spot","currency":"USDT","amount":10}""",
        """{"kind":"hello","version":1,"account":"bybit","processId":7}""",
        """{"kind":"execution","clientId":"a-1","orderId":1,"instrument":"bybit:perpetual:BTCUSDT","quantity":-0.1,"price":90000,"fee":1,"feeCurrency":"USDT","executionId":5}""",
        """{"kind":"over","clientId":"a-1","filled":-0.159}""",
        """{"kind":"funding","instrument":"bybit:perpetual:BTCUSDT","quantity":-0.1,"price":90000,"rate":0.0001,"amount":1}""",
        """{"kind":"account","account":"bybit","balances":[{"currency":"USDT","amount":100}],"positions":[],"orders":[],"leverage":3}""",
    ];

    [OneTimeSetUp]
    public void OnlyOnLeanSim() => EngineRuns.OnlyOnLeanSim();

    [Test]
    public void TheExchangeReadsOrRefusesAnyLine()
    {
        using var folder = new RulesFolder();
        var (configuration, _, _) = HedgeConfiguration.Parse(Parameters(), ScenarioHosts.Exchange);
        var instruments = ExchangeCommand.InstrumentsOf(configuration!, folder.Path);
        var venues = new PaperVenues(
            new Ledger(configuration!.AccountCurrency, configuration.Accounts), Latency.None, instruments, new GeneratedPrices(instruments, 1, TimeSpan.FromSeconds(1)), new ScenarioPlayer(configuration.Scenario, PacedRun.Start), new PaperLog(null), PacedRun.Start);
        var sessions = new[] { "bybit", null }.Select(account => venues.Join(new Ear(), new PaperMessage { Kind = PaperMessageKind.Hello, Version = PaperMessage.CurrentVersion, Account = account })!).ToArray();
        Fuzz((random, line) =>
        {
            if (PaperMessage.Read(line, out _) is { } message)
            {
                venues.Handle(sessions[random.Next(2)], message);
            }

            venues.Advance(venues.NowUtc + TimeSpan.FromSeconds(1));
        });

        var totals = venues.Ledger.Accounts.SelectMany(account => account.Balances).GroupBy(balance => balance.Currency).ToDictionary(same => same.Key, same => same.Sum(balance => balance.Total));
        Assert.That(totals["USDT"], Is.GreaterThan(0m).And.LessThan(700_000m), "no line makes money");
    }

    [Test]
    public void TheChildReadsOrDropsAnyLine()
    {
        var lanes = new CrossHedgeLean.Live.VirtualLanes(PacedRun.Start);
        var line = new Wire();
        using var child = new PaperBrokerage("bybit", line, lanes.Time);
        child.Connect();
        Fuzz((unused, text) =>
        {
            if (PaperMessage.Read(text, out _) is { } message)
            {
                line.Received(message);
            }
        });

        Assert.That(child.IsConnected, Is.True);
    }

    [Test]
    public void AnyConfigurationIsReadOrRefusedWithItsErrors()
    {
        var texts = new[] { "live-two-venues.json", "live-three-venues.json" }.Select(name => File.ReadAllText(Path.Combine(Repository.Root, "launcher-config", name))).ToArray();
        var path = Path.Combine(Path.GetTempPath(), $"crosshedge-fuzz-{Environment.ProcessId}.json");
        var read = 0;
        try
        {
            for (var seed = 0; seed < 600; seed++)
            {
                var random = new Random(seed);
                File.WriteAllText(path, Mutate(texts[random.Next(texts.Length)], random));
                var errors = new List<string>();
                Assert.DoesNotThrow(
                    () =>
                    {
                        var file = ConfigurationFile.Read(path, errors);
                        CompositeSettings.Read(SecretReferences.Resolve(file.Settings, Path.GetTempPath(), errors), errors);
                        var parsed = HedgeConfiguration.Parse(file.Parameters);
                        errors.AddRange(parsed.Errors);
                        Assert.That(parsed.Value is null, Is.EqualTo(parsed.Errors.Count > 0));
                    },
                    $"seed {seed}");
                read += errors.Count == 0 ? 1 : 0;
            }
        }
        finally
        {
            File.Delete(path);
        }

        Assert.That(read, Is.InRange(1, 599), "some were read, some refused");
    }

    [Test]
    public void AnyCommandIsCarriedOutOrRefused()
    {
        var random = new Random(1);
        string[] commands = ["halt", "resume", "flatten", "kill", "status", "confirm-transfer", "", "Halt", "stop\n", new string('x', 10_000), "\u0000"];
        string[] targets = ["BTC", "ETH", "bybit", "binance", "all", "", "T1", "btc", "../..", new string('y', 10_000)];
        var results = new List<bool?>();
        var run = PacedRun.Of(Parameters(), TimeSpan.FromMinutes(3), step: run =>
        {
            if (run.Algorithm.UtcTime > PacedRun.Start.AddSeconds(5))
            {
                dynamic data = new System.Dynamic.ExpandoObject();
                data.command = commands[random.Next(commands.Length)];
                data.target = targets[random.Next(targets.Length)];
                results.Add(run.Algorithm.OnCommand(data));
            }

            return true;
        });

        Assert.That(run.Outcome.Outcome.Error, Is.Null);
        Assert.That(results, Has.Some.True.And.Some.False);
        Assert.That(LiveDecision.Of((Ledger)run.Algorithm.Accounts!).DifferenceFrom(LiveDecision.Of(run.Venues.Ledger)), Is.Null);
    }

    private static Dictionary<string, string> Parameters() => new(EngineRuns.Parameters)
    {
        ["from"] = "2026-03-02",
        ["to"] = "2036-03-02",
        ["strategy"] = "inventory",
        ["resolution"] = "second",
        ["latency"] = "venue",
        ["BTC.notional"] = "30000",
        ["transfers"] = "off",
        ["binance-spot.spot-fees"] = "0.001/0.001",
        ["bybit.perpetual-fees"] = "0.0002/0.00055",
    };

    private static void Fuzz(Action<Random, string> act)
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var line = random.Next(4) == 0 ? Messages[random.Next(Messages.Length)] : Mutate(Messages[random.Next(Messages.Length)], random);
            Assert.DoesNotThrow(() => act(random, line), $"seed {seed}: {line}");
        }
    }

    /// <summary>Cuts, repeats, changes and mixes in what numbers and texts are made of.</summary>
    private static string Mutate(string text, Random random)
    {
        string[] pieces = ["0", "-1", "1e400", "79228162514264337593543950335", "null", "\"\"", "{", "}", "[", "]", ",", ":", "\"", "\\u0000", "9999999999999999999999999999999", "0.0000000000000000000000000001", "true", "é", "\t"];
        var result = new StringBuilder(text);
        for (var i = random.Next(1, 5); i > 0 && result.Length > 0; i--)
        {
            var at = random.Next(result.Length);
            switch (random.Next(5))
            {
                case 0:
                    result.Length = at;
                    break;
                case 1:
                    result.Remove(at, Math.Min(random.Next(1, 12), result.Length - at));
                    break;
                case 2:
                    result.Insert(at, pieces[random.Next(pieces.Length)]);
                    break;
                case 3:
                    result[at] = (char)random.Next(32, 127);
                    break;
                default:
                    var digits = Enumerable.Range(0, result.Length).Where(index => char.IsAsciiDigit(result[index])).ToArray();
                    if (digits.Length > 0)
                    {
                        var digit = digits[random.Next(digits.Length)];
                        result.Remove(digit, 1).Insert(digit, pieces[random.Next(pieces.Length)]);
                    }

                    break;
            }
        }

        return result.ToString();
    }

    private sealed class Ear : IPaperClient
    {
        public void Push(PaperMessage message) => message.Write();

        public void Close()
        {
        }
    }

    private sealed class Wire : IPaperConnector, IPaperLink
    {
        public Action<PaperMessage> Received { get; private set; } = _ => { };

        public bool IsOpen => true;

        public IPaperLink Open(string? account, Action<PaperMessage> received)
        {
            Received = received;
            return this;
        }

        public void Send(PaperMessage message)
        {
        }

        public void Dispose()
        {
        }
    }
}
