using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.ExceptionServices;
using System.Threading;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Commands;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.DataGeneration;
using CrossHedgeLean.Hosting;
using CrossHedgeLean.PaperExchange;
using CrossHedgeLean.Scenarios;
using Newtonsoft.Json.Linq;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.Journal;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;
using QuantConnect.CrossHedge.LiveOnLean;

namespace CrossHedgeLean.Tests.Missed;

/// <summary>LEAN, live in this process, over an exchange that is in it too, with a connection between them.</summary>
internal sealed class LeanStage : MissedStage, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly MissedEvent _missed;
    private readonly Dictionary<string, string> _parameters;
    private readonly HedgeConfiguration _configuration;
    private readonly RulesFolder _folder = new();
    private readonly string _scratch = Directory.CreateTempSubdirectory("crosshedge-missed-").FullName;
    private readonly PaperVenues _venues;
    private readonly PaperServer _server;
    private readonly ConcurrentQueue<string> _said = [];
    private CrossHedgeAlgorithm? _algorithm;

    public LeanStage(MissedEvent missed)
    {
        _missed = missed;
        var started = TimeProvider.System.GetUtcNow().UtcDateTime;
        _parameters = MissedParameters.Of(missed);
        _parameters["from"] = started.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        _parameters["to"] = started.AddDays(3650).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (configuration, errors, _) = HedgeConfiguration.Parse(_parameters, ScenarioHosts.Exchange);
        _configuration = configuration ?? throw new HedgeConfigurationException(errors);
        Network = new MissedNetwork(missed);
        var instruments = ExchangeCommand.InstrumentsOf(_configuration, _folder.Path);
        _venues = new PaperVenues(
            new Ledger(_configuration.AccountCurrency, _configuration.Accounts),
            _configuration.Latency,
            instruments,
            new GeneratedPrices(instruments, _configuration.Seed, Tick),
            new ScenarioPlayer(_configuration.Scenario, started),
            new PaperLog(null),
            started);
        _server = new PaperServer(_venues, 0, Tick, new ThreadLanes(TimeProvider.System));
    }

    public override CrossHedgeAlgorithm Algorithm => _algorithm!;

    public override IReadOnlyList<string> Said => [.. _said];

    public void Run()
    {
        StagedBrokerage.Network = Network.To;
        var settings = new Dictionary<string, string>
        {
            [CompositeSettings.ChildrenKey] = new JArray(ChildOf("binance-spot", "binance:spot"), ChildOf("bybit", "bybit:spot", "bybit:perpetual")).ToString(),
            [PaperBrokerageFactory.AddressKey] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_server.Port}"),
            [SqliteJournalStore.PathKey] = Path.Combine(_scratch, "journal", "journal.db"),
        };
        var errors = new List<string>();
        var brokerages = CompositeSettings.Read(settings, errors);
        Assert.That(errors, Is.Empty);
        var outcome = LiveEngines.Create().Run(new LiveJob(() => _algorithm = new CrossHedgeAlgorithm(), _folder.Path, _parameters, brokerages, settings)
        {
            Said = _said.Enqueue,
            Step = () => _missed.Step(this),
        });
        Console.WriteLine(string.Join('\n', _said));
        Assert.That(outcome.Outcome.Error, Is.Null, string.Join('\n', _said));
        _missed.Check(this);
    }

    public override T AtExchange<T>(Func<PaperVenues, T> ask)
    {
        var answer = default(T)!;
        ExceptionDispatchInfo? thrown = null;
        using var isDone = new ManualResetEventSlim();
        _server.Post(() =>
        {
            try
            {
                answer = ask(_venues);
            }
            catch (Exception error)
            {
                thrown = ExceptionDispatchInfo.Capture(error);
            }

            isDone.Set();
        });
        isDone.Wait();
        thrown?.Throw();
        return answer;
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
        Directory.Delete(_scratch, recursive: true);
    }

    private static JObject ChildOf(string name, params string[] routes)
        => new() { ["name"] = name, ["brokerage"] = nameof(StagedBrokerage), ["routes"] = new JArray(routes) };
}
