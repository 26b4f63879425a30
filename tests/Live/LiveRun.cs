using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Commands;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Live;
using CrossHedgeLean.PaperExchange;
using CrossHedgeLean.RealityModels;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Tests.Algorithm;
using CrossHedgeLean.Venues;
using LeanSim;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Brokerages.CrossHedge;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.Journal;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;
using QuantConnect.CrossHedge.LiveOnLean;
using QuantConnect.Data.Market;
using QuantConnect.Interfaces;
using QuantConnect.Orders;
using QuantConnect.Orders.Fills;
using QuantConnect.Packets;
using QuantConnect.Securities;

namespace CrossHedgeLean.Tests.Live;

/// <summary>
/// The whole live stack in this process, under the data's own clock: LeanSim's live contract, the composite, paper
/// children, the paper exchange. In parity mode the exchange fills as LEAN's own fill models do, at once and whole.
/// </summary>
internal sealed class LiveRun : IBrokerageFactory
{
    private readonly HedgeConfiguration _configuration;
    private readonly string _folder;
    private readonly VirtualLanes _lanes;
    private readonly Dictionary<InstrumentId, Security> _securities = [];
    private readonly ScenarioPlayer _ahead;
    private readonly List<ScenarioChange> _unused = [];
    private CrossHedgeAlgorithm? _algorithm;
    private Action<LiveRun>? _acts;
    private bool _isParity = true;
    private MemoryJournalStore? _journal;
    private IReadOnlyList<(string Instrument, decimal Quantity, decimal Price)> _opens = [];

    private LiveRun(HedgeConfiguration configuration, string folder, int? seed)
    {
        (_configuration, _folder) = (configuration, folder);
        _lanes = new VirtualLanes(configuration.From, seed);
        _ahead = new ScenarioPlayer(configuration.Scenario, configuration.From);
    }

    public Type BrokerageType => typeof(CrossHedgeBrokerage);

    public Dictionary<string, string> BrokerageData => [];

    public PaperVenues Venues { get; private set; } = null!;

    public List<LiveDecision> Decisions { get; } = [];

    public List<string> Calls { get; } = [];

    public List<string> Happenings { get; } = [];

    public BacktestResult? Result { get; private set; }

    public CrossHedgeAlgorithm Algorithm => _algorithm!;

    public DateTime NowUtc => _lanes.NowUtc;

    public CrossHedgeBrokerage Brokerage { get; private set; } = null!;

    /// <summary>Runs the sample algorithm live.</summary>
    /// <param name="parameters">Of the algorithm; a scenario among them is the exchange's.</param>
    /// <param name="folder">The data.</param>
    /// <param name="seed">Of the interleaving; null: everything in the order in which it was asked for.</param>
    /// <param name="acts">What a person does at each step.</param>
    /// <param name="opens">What the exchange holds from the start.</param>
    /// <param name="isParity">Whether the exchange fills as LEAN's fill models do, and keeps connections; else as it does for itself.</param>
    public static LiveRun Of(
        IReadOnlyDictionary<string, string> parameters,
        string folder,
        int? seed = null,
        Action<LiveRun>? acts = null,
        IReadOnlyList<(string Instrument, decimal Quantity, decimal Price)>? opens = null,
        bool isParity = true,
        MemoryJournalStore? journal = null)
    {
        var (configuration, errors, _) = HedgeConfiguration.Parse(parameters, ScenarioHosts.Exchange);
        if (configuration is null)
        {
            throw new HedgeConfigurationException(errors);
        }

        var run = new LiveRun(configuration, folder, seed) { _acts = acts, _opens = opens ?? [], _isParity = isParity, _journal = journal };
        run.Run(parameters.Where(parameter => parameter.Key != "scenario").ToDictionary());
        return run;
    }

    public IBrokerageModel GetBrokerageModel(IOrderProvider orderProvider)
    {
        Calls.Add(nameof(GetBrokerageModel));
        return new DefaultBrokerageModel();
    }

    public IBrokerageMessageHandler CreateBrokerageMessageHandler(IAlgorithm algorithm, AlgorithmNodePacket job, IApi api)
    {
        Calls.Add(nameof(CreateBrokerageMessageHandler));
        return new CrossHedgeBrokerageMessageHandler(algorithm);
    }

    public IBrokerage CreateBrokerage(LiveNodePacket job, IAlgorithm algorithm)
    {
        Calls.Add(nameof(CreateBrokerage));
        var connector = new InProcessExchange(Venues, _lanes);
        var children = _configuration.Accounts.ToDictionary(
            account => account.Name,
            account => (IBrokerage)new PaperBrokerage(account.Name, connector, _lanes.Time));
        var settings = new CompositeSettings
        {
            Children = _configuration.Accounts.Select(account => new ChildSettings(account.Name, nameof(PaperBrokerage), account.Routes, IsRequired: true)).ToArray(),
        };
        Brokerage = new CrossHedgeBrokerage(algorithm, settings, children, _lanes, _journal is null ? null : OrderJournal.Start(_journal, JournalSettings.Of(settings), _lanes));
        return TracedBrokerage.Of(Brokerage, Calls.Add);
    }

    /// <summary>A person at the exchange: moves money between its accounts.</summary>
    public void Move(string from, string to, string currency, decimal amount)
    {
        var session = Venues.Join(new Nobody(), new PaperMessage { Kind = PaperMessageKind.Hello, Version = PaperMessage.CurrentVersion })!;
        Venues.Handle(session, new PaperMessage { Kind = PaperMessageKind.Transfer, Account = from, To = to, Currency = currency, Amount = amount });
        Venues.Leave(session);
    }

    public void Dispose()
    {
    }

    private void Run(Dictionary<string, string> parameters)
    {
        var instruments = ExchangeCommand.InstrumentsOf(_configuration, _folder);
        Venues = new PaperVenues(
            new Ledger(_configuration.AccountCurrency, _configuration.Accounts),
            _isParity ? Latency.None : _configuration.Latency,
            instruments,
            new SecurityPrices(this, instruments),
            new ScenarioPlayer(_configuration.Scenario, _configuration.From),
            new PaperLog(null),
            _configuration.From)
        {
            Matcher = _isParity ? Match : null,
            ClosesConnections = !_isParity,
            Funding = FundingOf,
            Happened = Happenings.Add,
        };
        foreach (var (text, quantity, price) in _opens)
        {
            InstrumentId.TryParse(text, out var id);
            Venues.Ledger.Post(new FillEntry(_configuration.From, id, quantity, price, 0m, id.Route.Kind == InstrumentKind.Spot ? quantity : 0m));
        }

        var clock = _lanes.Open("clock");
        clock.Every(TimeSpan.FromSeconds(1), () => Venues.Advance(_lanes.NowUtc));
        var engine = new BacktestEngine(new BacktestOptions
        {
            DataFolder = _folder,
            Parameters = parameters,
            Live = new LiveOptions
            {
                Factory = this,
                Job = new LiveNodePacket(),
                Step = utcNow =>
                {
                    _lanes.MoveTo(utcNow);
                    _acts?.Invoke(this);
                },
                Pump = _lanes.Pump,
                IsDelivered = IsDelivered,
            },
        });
        _algorithm = new CrossHedgeAlgorithm();
        _algorithm.Recorder.Sinks = new RunSinks { Decisions = line => Decisions.Add(LiveDecision.Of(line, _algorithm)) };
        Result = engine.Run(_algorithm);
    }

    /// <summary>A venue that stands still sends no bars, from the very moment on.</summary>
    private bool IsDelivered(Symbol symbol, DateTime utcNow)
    {
        _ahead.Advance(utcNow, _unused);
        _unused.Clear();
        return !_ahead.IsClosed(symbol.ID.Market);
    }

    private Security? SecurityOf(InstrumentId id)
    {
        if (!_securities.TryGetValue(id, out var security) && _algorithm is not null && _algorithm.Securities.TryGetValue(Routes.SymbolOf(id), out security))
        {
            _securities.Add(id, security);
        }

        return security;
    }

    /// <summary>As LEAN's backtest fills: by the security's fill model, a limit order not at the moment at which it came.</summary>
    private decimal? Match(ExchangeOrder order)
    {
        var security = SecurityOf(order.Instrument.Id)!;
        var timeUtc = order.ArrivesUtc;
        if (_lanes.NowUtc != _algorithm!.UtcTime || (order.LimitPrice is not null && timeUtc == _lanes.NowUtc))
        {
            return null;
        }

        Order asked = order.LimitPrice is { } limit
            ? new LimitOrder(security.Symbol, order.Remaining, limit, timeUtc)
            : new MarketOrder(security.Symbol, order.Remaining, timeUtc);
        var fill = new ImmediateFillModel().Fill(new FillModelParameters(
            security,
            asked,
            _algorithm.SubscriptionManager.SubscriptionDataConfigService,
            _algorithm.Settings.StalePriceTimeSpan,
            new Dictionary<Order, Security> { [asked] = security })).First();
        return fill.Status == OrderStatus.Filled ? fill.FillPrice : null;
    }

    private (decimal? Rate, DateTime RateUtc) FundingOf(InstrumentId id)
        => SecurityOf(id)?.Cache.GetData<MarginInterestRate>() is { } rate
            ? (rate.InterestRate, rate.EndTime.ConvertToUtc(SecurityOf(id)!.Exchange.TimeZone))
            : (null, DateTime.MinValue);

    private sealed class Nobody : IPaperClient
    {
        public void Push(PaperMessage message)
        {
        }

        public void Close()
        {
        }
    }

    /// <summary>The bars that the algorithm has just been given are the exchange's market of this moment.</summary>
    private sealed class SecurityPrices(LiveRun run, IReadOnlyList<Instrument> instruments) : IPaperPrices
    {
        public void MoveTo(DateTime utcNow, Action<InstrumentId, Quote> quoted)
        {
            if (run._algorithm is not { } algorithm || algorithm.UtcTime != utcNow)
            {
                return;
            }

            foreach (var instrument in instruments)
            {
                if (run.SecurityOf(instrument.Id) is { Price: > 0m } security)
                {
                    quoted(instrument.Id, new Quote(utcNow, security.BidPrice, 0m, security.AskPrice, 0m, security.Price));
                }
            }
        }
    }
}
