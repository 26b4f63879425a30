using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Commands;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Hosting;
using CrossHedgeLean.Live;
using CrossHedgeLean.PaperExchange;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Tests.Algorithm;
using CrossHedgeLean.Venues;
using LeanSim;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.Journal;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;

namespace CrossHedgeLean.Tests.Live;

/// <summary>
/// A trading process that dies, again and again, at any write and flush of its journal and at any message to or from the
/// exchange, and is started anew; the exchange goes on all the while. All by a seed.
/// </summary>
internal sealed class CrashEpisode
{
    private const int MostProcesses = 4;

    private static readonly DateTime Start = new(2026, 3, 2, 9, 30, 0, 250, DateTimeKind.Utc);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(3);

    /// <summary>From its start a process has so long until it knows the accounts and has decided three times.</summary>
    private static readonly TimeSpan Settles = TimeSpan.FromSeconds(20);

    /// <summary>While trades go on, a residual is on its way; it may not stay.</summary>
    private static readonly TimeSpan LongestResidual = TimeSpan.FromSeconds(20);

    private static readonly InstrumentId Spot = Id("binance:spot:BTCUSDT");
    private static readonly InstrumentId Perpetual = Id("bybit:perpetual:BTCUSDT");

    private readonly Random _random;
    private readonly int _seed;
    private readonly string _folder;
    private readonly HedgeConfiguration _configuration;
    private readonly Dictionary<string, string> _parameters;
    private readonly PaperVenues _venues;
    private readonly StoppedTime _journalTime = new();
    private readonly MemoryJournalStore _store;
    private readonly List<string> _submits = [];
    private readonly List<(PaperSession Session, PaperMessage Message)> _onTheirWay = [];
    private readonly List<string> _violations = [];
    private DateTime _nowUtc = Start;
    private DateTime _inBandUtc = Start;

    private CrashEpisode(int seed, string folder)
    {
        (_seed, _folder) = (seed, folder);
        _random = new Random(seed);
        _parameters = new Dictionary<string, string>(EngineRuns.Parameters)
        {
            ["from"] = "2026-03-02",
            ["to"] = "2036-03-02",
            ["seed"] = seed.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["resolution"] = "second",
            ["latency"] = "venue",
            ["strategy"] = "churn",
            ["churn-pace"] = "00:00:01",
            ["transfers"] = "off",
        };
        _configuration = HedgeConfiguration.Parse(_parameters, ScenarioHosts.Exchange).Value!;
        var instruments = ExchangeCommand.InstrumentsOf(_configuration, folder);
        _venues = new PaperVenues(
            new Ledger(_configuration.AccountCurrency, _configuration.Accounts),
            _configuration.Latency,
            instruments,
            new GeneratedPrices(instruments, seed, Tick),
            new ScenarioPlayer(_configuration.Scenario, Start),
            new PaperLog(null),
            Start);
        _store = new MemoryJournalStore("crash", _journalTime);
        _venues.Advance(Start);
    }

    /// <summary>How the processes ended.</summary>
    public List<string> Ends { get; } = [];

    /// <summary>Orders that reached the exchange.</summary>
    public int Orders => _submits.Count;

    /// <summary>Told of what a person would see.</summary>
    public List<string> Said { get; } = [];

    /// <summary>What broke a law.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Runs an episode.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="folder">What the engine must know of the instruments.</param>
    public static CrashEpisode Run(int seed, string folder)
    {
        var episode = new CrashEpisode(seed, folder);
        var processes = episode._random.Next(2, MostProcesses + 1);
        for (var i = 1; i <= processes; i++)
        {
            episode.Live(isLast: i == processes);
        }

        episode.CheckOrders();
        return episode;
    }

    private void Live(bool isLast)
    {
        var process = new Process(isLast ? null : Plan());
        var lanes = new VirtualLanes(_nowUtc, _random.Next());
        var began = _nowUtc;
        _inBandUtc = began + Settles;
        _journalTime.NowUtc = _nowUtc;
        lanes.Open("exchange").Every(Tick, () =>
        {
            _nowUtc = _journalTime.NowUtc = lanes.NowUtc;
            _venues.Advance(_nowUtc);
            if (!process.IsDead)
            {
                Watch();
            }
        });
        var settings = new CompositeSettings
        {
            Children = _configuration.Accounts.Select(account => new ChildSettings(account.Name, nameof(PaperBrokerage), account.Routes, IsRequired: true)).ToArray(),
        };
        var children = string.Join(", ", settings.Children.Select(child => $$"""{ "name": "{{child.Name}}", "brokerage": "PaperBrokerage", "routes": [ {{string.Join(", ", child.Routes.Select(route => $"\"{route}\""))}} ] }"""));
        var algorithm = new CrossHedgeAlgorithm();
        var job = new LiveJob(() => algorithm, _folder, _parameters, settings, new Dictionary<string, string> { [CompositeSettings.ChildrenKey] = $"[ {children} ]" })
        {
            Said = text => Said.Add(FormattableString.Invariant($"{_nowUtc:HH:mm:ss.fff} {text}")),
            Step = () => !process.IsDead && lanes.NowUtc - began < Life,
        };
        var line = new CutLine(this, process, lanes);
        var host = new SimLiveHost(job, lanes, _ => line, () => lanes.NowUtc, lanes.WaitUntil)
        {
            Journal = own => OrderJournal.Start(_store, JournalSettings.Of(settings), own),
        };
        if (process.Plan is { Journal: { } cut })
        {
            _store.CutAt(cut, (cut is JournalCut.BeforeAppend or JournalCut.AfterAppend ? _store.Appends : _store.Flushes) + process.Plan.Number);
        }

        string? error = null;
        try
        {
            error = new BacktestEngine(new BacktestOptions { DataFolder = _folder, Parameters = _parameters, Live = host.Options }).Run(algorithm).RuntimeError?.Message;
        }
        catch (ProcessCutException)
        {
            process.IsDead = true;
        }

        process.IsDead = true;
        line.HangUp();
        _nowUtc = lanes.NowUtc;
        Ends.Add(process.Plan is null ? "lived" : process.Plan.ToString());
        if (isLast)
        {
            if (error is not null)
            {
                _violations.Add($"the last process ended with: {error}");
            }

            CheckBooks(algorithm);
        }

        _store.Lose(survives: _random.Next(2) == 0);

        // What was on the wire when the process died arrives at any time; the exchange goes on.
        var pause = TimeSpan.FromSeconds(_random.Next(0, 30));
        foreach (var (session, message) in _onTheirWay)
        {
            _venues.Handle(session, message);
        }

        _onTheirWay.Clear();
        for (var until = _nowUtc + pause; _nowUtc < until; _nowUtc += Tick)
        {
            _venues.Advance(_nowUtc + Tick);
        }
    }

    private CutPlan Plan()
    {
        var number = 1 + _random.Next(60);
        return _random.Next(7) switch
        {
            0 => new CutPlan(JournalCut.BeforeAppend, null, number),
            1 => new CutPlan(JournalCut.AfterAppend, null, number),
            2 => new CutPlan(JournalCut.BeforeFlush, null, number),
            3 => new CutPlan(JournalCut.AfterFlush, null, number),
            4 => new CutPlan(null, WireCut.BeforeSend, 1 + _random.Next(30)),
            5 => new CutPlan(null, WireCut.AfterSend, 1 + _random.Next(30)),
            _ => new CutPlan(null, WireCut.BeforeReceive, 20 + _random.Next(200)),
        };
    }

    /// <summary>The book at the exchange itself.</summary>
    private void Watch()
    {
        if (Math.Abs(Held(Spot) + Held(Perpetual)) < 0.001m)
        {
            _inBandUtc = _nowUtc > _inBandUtc ? _nowUtc : _inBandUtc;
        }
        else if (_nowUtc - _inBandUtc > LongestResidual)
        {
            _violations.Add(FormattableString.Invariant($"{_nowUtc:HH:mm:ss}: out of band since {_inBandUtc:HH:mm:ss}: {Held(Spot)} held, {Held(Perpetual)} hedged"));
            _inBandUtc = _nowUtc;
        }
    }

    private void CheckBooks(CrossHedgeAlgorithm algorithm)
    {
        if (LiveDecision.Of((Ledger)algorithm.Accounts!).DifferenceFrom(LiveDecision.Of(_venues.Ledger)) is { } difference)
        {
            _violations.Add($"books: {difference}");
        }

        if (algorithm.Recorder.Summarize().Groups.Any(group => group.Halts != CrossHedgeLean.Hedging.HaltCauses.None))
        {
            _violations.Add("everything is explained here, and something is halted");
        }
    }

    private void CheckOrders()
    {
        foreach (var twice in _submits.GroupBy(id => id).Where(same => same.Count() > 1))
        {
            _violations.Add($"{twice.Key} was sent {twice.Count()} times");
        }

        var state = new JournalState();
        var intents = new HashSet<string>();
        foreach (var entry in _store.Durable)
        {
            state.Apply(entry.Record);
            if (entry.Record.Kind == JournalRecordKind.Intent)
            {
                intents.Add(entry.Record.ClientId!);
            }
        }

        foreach (var unknown in _submits.Where(id => !intents.Contains(id)))
        {
            _violations.Add($"{unknown} left, and the journal does not have it");
        }

        foreach (var open in state.Open.Where(intent => intent.Run < state.Run))
        {
            _violations.Add($"{open.ClientId} of run {open.Run} was never settled");
        }
    }

    private decimal Held(InstrumentId id) => _venues.Ledger.Find(id)!.Quantity;

    private static InstrumentId Id(string text) => InstrumentId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    private enum WireCut
    {
        BeforeSend,
        AfterSend,
        BeforeReceive,
    }

    private sealed record CutPlan(JournalCut? Journal, WireCut? Wire, int Number);

    private sealed class Process(CutPlan? plan)
    {
        public CutPlan? Plan => plan;

        public bool IsDead { get; set; }

        public int Sent { get; set; }

        public int Received { get; set; }

        public void Pass(WireCut cut, int number)
        {
            IsDead |= plan is { } planned && planned.Wire == cut && planned.Number == number;
            if (IsDead)
            {
                throw new ProcessCutException($"{cut} {number}");
            }
        }
    }

    /// <summary>The journal's clock outlives the processes.</summary>
    private sealed class StoppedTime : TimeProvider
    {
        public DateTime NowUtc { get; set; } = Start;

        public override DateTimeOffset GetUtcNow() => new(NowUtc, TimeSpan.Zero);
    }

    /// <summary>Connections of one process; they end with it.</summary>
    private sealed class CutLine(CrashEpisode episode, Process process, VirtualLanes lanes) : IPaperConnector
    {
        private readonly List<Link> _links = [];

        public IPaperLink Open(string? account, Action<PaperMessage> received)
        {
            var link = new Link(episode, process, lanes.Open($"{account ?? "data"} from the exchange"), received, account is not null);
            link.Session = episode._venues.Join(link, new PaperMessage { Kind = PaperMessageKind.Hello, Version = PaperMessage.CurrentVersion, Account = account })!;
            link.IsJoined = true;
            _links.Add(link);
            return link;
        }

        public void HangUp() => _links.ForEach(link => link.HangUp());
    }

    private sealed class Link(CrashEpisode episode, Process process, ILane lane, Action<PaperMessage> received, bool isAccount) : IPaperLink, IPaperClient
    {
        private bool _isGone;

        public PaperSession Session { get; set; } = null!;

        public bool IsJoined { get; set; }

        public bool IsOpen => !_isGone;

        public void Send(PaperMessage message)
        {
            if (_isGone)
            {
                throw new IOException("the connection is gone");
            }

            var number = isAccount ? ++process.Sent : 0;
            process.Pass(WireCut.BeforeSend, number);
            if (message.Kind == PaperMessageKind.Submit)
            {
                episode._submits.Add(message.ClientId!);
            }

            var arrived = PaperMessage.Read(message.Write(), out _)!;
            if (process.Plan is { Wire: WireCut.AfterSend } plan && plan.Number == number)
            {
                episode._onTheirWay.Add((Session, arrived));
            }
            else
            {
                episode._venues.Handle(Session, arrived);
            }

            process.Pass(WireCut.AfterSend, number);
        }

        public void Push(PaperMessage message)
        {
            if (!IsJoined)
            {
                received(message);
                return;
            }

            if (!process.IsDead)
            {
                lane.Post(() =>
                {
                    process.Pass(WireCut.BeforeReceive, isAccount ? ++process.Received : 0);
                    received(message);
                });
            }
        }

        public void Close() => _isGone = true;

        public void Dispose()
        {
            if (!process.IsDead)
            {
                HangUp();
            }
        }

        public void HangUp()
        {
            if (!_isGone)
            {
                _isGone = true;
                episode._venues.Leave(Session);
            }
        }
    }
}
