using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Commands;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.DataGeneration;
using CrossHedgeLean.Hosting;
using CrossHedgeLean.Live;
using CrossHedgeLean.PaperExchange;
using CrossHedgeLean.Scenarios;
using LeanSim;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.Journal;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;

namespace CrossHedgeLean.Tests.Live;

/// <summary>
/// What the command <c>live</c> runs, under a virtual clock: LeanSim on live quotes, a step each second, over an exchange
/// that goes on by itself on made-up prices.
/// </summary>
internal sealed class PacedRun
{
    public static readonly DateTime Start = new(2026, 3, 2, 9, 30, 0, 250, DateTimeKind.Utc);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private DateTime _endUtc;

    public DateTime StartUtc { get; private init; }

    public PaperVenues Venues { get; private init; } = null!;

    public CrossHedgeAlgorithm Algorithm { get; } = new();

    public LiveOutcome Outcome { get; private set; } = null!;

    public List<string> Said { get; } = [];

    /// <summary>Runs for a time.</summary>
    /// <param name="parameters">Of algorithm and exchange.</param>
    /// <param name="duration">From <see cref="Start"/> on.</param>
    /// <param name="exchange">What is otherwise at the exchange.</param>
    /// <param name="settings">The children's watch.</param>
    /// <param name="step">Called in the algorithm's thread; false: the run ends.</param>
    /// <param name="after">An earlier run, at whose exchange this one goes on a minute later; null: a new exchange.</param>
    /// <param name="journal">Outlives the runs; null: none is kept.</param>
    /// <param name="isUnreachable">Whether an account does not let anybody in.</param>
    /// <param name="network">Between the algorithm and the exchange; told the clock.</param>
    public static PacedRun Of(
        IReadOnlyDictionary<string, string> parameters,
        TimeSpan duration,
        IReadOnlyDictionary<string, string>? exchange = null,
        CompositeSettings? settings = null,
        Func<PacedRun, bool>? step = null,
        PacedRun? after = null,
        MemoryJournalStore? journal = null,
        Func<string, bool>? isUnreachable = null,
        Func<IPaperConnector, Func<DateTime>, IPaperConnector>? network = null)
    {
        var (configuration, errors, _) = HedgeConfiguration.Parse(Merged(parameters, exchange), ScenarioHosts.Exchange);
        if (configuration is null)
        {
            throw new HedgeConfigurationException(errors);
        }

        using var folder = new RulesFolder();
        var instruments = ExchangeCommand.InstrumentsOf(configuration, folder.Path);
        var run = new PacedRun
        {
            StartUtc = after is null ? Start : after._endUtc + Pause,
            Venues = after?.Venues ?? new PaperVenues(
                new Ledger(configuration.AccountCurrency, configuration.Accounts),
                configuration.Latency,
                instruments,
                new GeneratedPrices(instruments, configuration.Seed, Tick),
                new ScenarioPlayer(configuration.Scenario, Start),
                new PaperLog(null),
                Start),
        };
        run.Run(Merged(parameters, null), duration, (settings ?? new CompositeSettings()) with
        {
            Children = configuration.Accounts.Select(account => new ChildSettings(account.Name, nameof(PaperBrokerage), account.Routes, IsRequired: true)).ToArray(),
        }, folder.Path, step, journal, isUnreachable is null ? network : (exchange, _) => new Door(exchange, isUnreachable));
        return run;
    }

    private void Run(Dictionary<string, string> parameters, TimeSpan duration, CompositeSettings settings, string folder, Func<PacedRun, bool>? step, MemoryJournalStore? journal, Func<IPaperConnector, Func<DateTime>, IPaperConnector>? network)
    {
        var lanes = new VirtualLanes(StartUtc);
        Venues.Advance(StartUtc);
        lanes.Open("exchange").Every(Tick, () => Venues.Advance(lanes.NowUtc));
        IPaperConnector exchange = new InProcessExchange(Venues, lanes);
        exchange = network?.Invoke(exchange, () => lanes.NowUtc) ?? exchange;
        var job = new LiveJob(() => Algorithm, folder, parameters, settings, new Dictionary<string, string> { [CompositeSettings.ChildrenKey] = ChildrenOf(settings) })
        {
            Said = Said.Add,
            Step = () => lanes.NowUtc - StartUtc < duration && step?.Invoke(this) != false,
        };
        var host = new SimLiveHost(job, lanes, _ => exchange, () => lanes.NowUtc, lanes.WaitUntil)
        {
            Journal = journal is null ? null : own => OrderJournal.Start(journal, JournalSettings.Of(settings), own),
        };
        var engine = new BacktestEngine(new BacktestOptions { DataFolder = folder, Parameters = parameters, Live = host.Options });
        var result = engine.Run(Algorithm);
        lanes.Pump();
        _endUtc = lanes.NowUtc;
        Outcome = new LiveOutcome(host.HasStarted, new BacktestOutcome(result.Completed, result.RuntimeError?.Message, result.DataPoints, duration, result.Messages));
    }

    private static string ChildrenOf(CompositeSettings settings) => new Newtonsoft.Json.Linq.JArray(settings.Children.Select(child => new Newtonsoft.Json.Linq.JObject
    {
        ["name"] = child.Name,
        ["brokerage"] = child.Brokerage,
        ["routes"] = new Newtonsoft.Json.Linq.JArray(child.Routes.Select(route => route.ToString())),
    })).ToString();

    private static Dictionary<string, string> Merged(IReadOnlyDictionary<string, string> parameters, IReadOnlyDictionary<string, string>? others)
    {
        var merged = new Dictionary<string, string>(parameters) { ["from"] = "2026-03-02", ["to"] = "2036-03-02" };
        foreach (var (name, value) in others ?? new Dictionary<string, string>())
        {
            merged[name] = value;
        }

        return merged;
    }

    /// <summary>An exchange that does not let everybody in.</summary>
    private sealed class Door(IPaperConnector exchange, Func<string, bool> isUnreachable) : IPaperConnector
    {
        public IPaperLink Open(string? account, Action<PaperMessage> received)
            => account is not null && isUnreachable(account) ? throw new System.IO.IOException($"{account} cannot be reached") : exchange.Open(account, received);
    }
}
