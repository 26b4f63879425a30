#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Recording;

/// <summary>
/// Takes down a run as it happens: lines to the sinks, figures for the summary. It decides nothing, and its memory does
/// not grow with the run. Safe to call from any thread: in live order events come on others than the steps.
/// </summary>
public sealed class RunRecorder
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Route, VenueTally> _venues = [];
    private readonly List<Route> _order = [];
    private readonly Dictionary<InstrumentId, decimal> _marks = [];
    private readonly EquityTally _equity = new();
    private readonly TroubleTally _trouble = new();
    private int _orders;
    private int _fills;
    private RunSinks _sinks = new();
    private string _accountCurrency = "";
    private Func<InstrumentId, InstrumentBook?> _bookOf = _ => null;
    private List<AccountTally> _accounts = [];
    private RunAccounts? _run;
    private DateTime _nextSampleUtc;
    private bool _residualsRest;

    /// <summary>Where lines go; set before the run starts.</summary>
    public RunSinks Sinks
    {
        get => _sinks;
        set
        {
            _sinks = value;
            Decisions.Sink = value.Decisions;
            value.OrderEvents?.Invoke(OrderEventLine.Header);
            value.Equity?.Invoke(EquityLine.Header);
            value.Decisions?.Invoke(DecisionLog.Header);
            value.Accounts?.Invoke(AccountLine.Header);
            value.Residuals?.Invoke(ResidualLine.Header);
        }
    }

    /// <summary>The decision log of the run.</summary>
    public DecisionLog Decisions { get; } = new();

    /// <summary>The residual of the run.</summary>
    public ResidualTracker Residual { get; } = new();

    /// <summary>Starts the record.</summary>
    /// <param name="accountCurrency">The currency of all money figures.</param>
    /// <param name="instruments">Every instrument of the run, in the order in which the summary lists their venues.</param>
    /// <param name="bookOf">The book of an instrument.</param>
    /// <param name="accounts">The run's accounts.</param>
    public void Start(string accountCurrency, IEnumerable<Instrument> instruments, Func<InstrumentId, InstrumentBook?> bookOf, RunAccounts accounts)
    {
        _accountCurrency = accountCurrency;
        _bookOf = bookOf;
        _run = accounts;
        _accounts = accounts.Ledger.Accounts.Select(account => new AccountTally(account)).ToList();
        foreach (var instrument in instruments)
        {
            TallyOf(instrument.Id.Route).Instruments.Add(instrument);
        }
    }

    /// <summary>An order event, of whatever kind.</summary>
    /// <param name="timeUtc">UTC.</param>
    /// <param name="orderId">The engine's order id; engines count from 1.</param>
    /// <param name="id">The instrument.</param>
    /// <param name="status">The engine's word for the order's state.</param>
    /// <param name="fillQuantity">Contracts filled by this event, signed; zero if none.</param>
    /// <param name="fillPrice">Fill price in the settlement currency.</param>
    /// <param name="fee">Fee in <paramref name="feeCurrency"/>; positive is a cost.</param>
    /// <param name="feeCurrency">The fee's currency.</param>
    /// <param name="feeInAccountCurrency">The fee in the account currency at the present conversion rate.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void OrderEvent(
        DateTime timeUtc,
        int orderId,
        InstrumentId id,
        string status,
        decimal fillQuantity,
        decimal fillPrice,
        decimal fee,
        string feeCurrency,
        decimal feeInAccountCurrency)
    {
        lock (_gate)
        {
            _orders = Math.Max(_orders, orderId);
            _sinks.OrderEvents?.Invoke(OrderEventLine.Write(timeUtc, orderId, id, status, fillQuantity, fillPrice, fee, feeCurrency));
            if (fillQuantity != 0m)
            {
                _fills++;
                TallyOf(id.Route).Fill(feeInAccountCurrency);
            }
        }
    }

    /// <summary>Funding was booked.</summary>
    /// <param name="id">The perpetual.</param>
    /// <param name="amountInAccountCurrency">Positive is received, negative is paid.</param>
    public void FundingBooked(InstrumentId id, decimal amountInAccountCurrency)
    {
        lock (_gate)
        {
            TallyOf(id.Route).Funding += amountInAccountCurrency;
        }
    }

    /// <summary>The ledger booked an entry.</summary>
    /// <param name="entry">The entry.</param>
    public void Booked(LedgerEntry entry)
    {
        lock (_gate)
        {
            _trouble.Booked(entry);
        }
    }

    /// <summary>A venue's health changed.</summary>
    /// <param name="timeUtc">UTC; does not go back.</param>
    /// <param name="change">What changed.</param>
    public void HealthChanged(DateTime timeUtc, HealthChanged change)
    {
        lock (_gate)
        {
            _trouble.Health(timeUtc, change);
        }
    }

    /// <summary>An event of the scenario began or ended.</summary>
    /// <param name="what">What.</param>
    public void Happened(ScenarioSummary what) => _trouble.Happened(what);

    /// <summary>The residuals of all groups at the end of a time step.</summary>
    /// <param name="timeUtc">UTC.</param>
    /// <param name="groups">The groups, always in the same order.</param>
    /// <param name="mayDiffer">Whether a position may have changed since the last step.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ResidualsObserved(DateTime timeUtc, IReadOnlyList<GroupDesk> groups, bool mayDiffer = true)
    {
        lock (_gate)
        {
            if (!mayDiffer && _residualsRest)
            {
                Residual.ObserveAgain();
                return;
            }

            _residualsRest = true;
            for (var i = 0; i < groups.Count; i++)
            {
                var (residual, tolerance) = groups[i].Residual(timeUtc);
                _residualsRest &= Math.Abs(residual) <= groups[i].LeastTolerance;
                Residual.Observe(i, timeUtc, residual, tolerance);
                if (_sinks.Residuals is { } sink && Math.Abs(residual) > tolerance)
                {
                    sink(ResidualLine.Write(timeUtc, groups[i].Group.Name, residual, tolerance));
                }
            }
        }
    }

    /// <summary>A time step ended.</summary>
    /// <param name="timeUtc">UTC; steps come in order.</param>
    /// <param name="equity">Equity in the account currency; null: something in it has no price yet.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void StepEnded(DateTime timeUtc, decimal? equity)
    {
        lock (_gate)
        {
            if (equity is { } whole)
            {
                _equity.Observe(timeUtc, whole);
                _sinks.Equity?.Invoke(EquityLine.Write(timeUtc, whole));
            }

            foreach (var account in _accounts)
            {
                account.Observe(timeUtc);
            }

            if (timeUtc >= _nextSampleUtc)
            {
                _nextSampleUtc = timeUtc.Date.AddHours(timeUtc.Hour + 1);
                Sample(timeUtc);
            }
        }
    }

    /// <summary>Called once an hour at the end of a time step, for whoever draws the run.</summary>
    public Action<DateTime>? Sampled { get; set; }

    /// <summary>The last known price of an instrument, for the summary.</summary>
    /// <param name="id">The instrument.</param>
    /// <param name="price">In the settlement currency.</param>
    public void Mark(InstrumentId id, decimal price) => _marks[id] = price;

    /// <summary>The run in figures.</summary>
    public RunSummary Summarize()
    {
        var venues = new List<VenueSummary>(_order.Count);
        var fees = 0m;
        decimal? funding = 0m;
        foreach (var route in _order)
        {
            var venue = _venues[route];
            fees += venue.Fees;
            var gaps = _run is null ? 0 : venue.Instruments.Sum(instrument => _run.FundingGaps(instrument.Id));
            funding = gaps == 0 ? funding + venue.Funding : null;
            venues.Add(new VenueSummary(route.ToString(), venue.Fills, venue.Fees, gaps == 0 ? venue.Funding : null, gaps, venue.Instruments.ConvertAll(Position)));
        }

        var accounts = _accounts.ConvertAll(Account);

        return new RunSummary(
            _accountCurrency,
            _orders,
            _fills,
            fees,
            funding,
            _equity.Start,
            _equity.End,
            _equity.Sharpe,
            _equity.MaxDrawdown,
            Residual.Summarize(Decisions.Count),
            venues,
            _run?.Latency.Text ?? "",
            accounts,
            accounts.Aggregate(new ProfitSplit(), (sum, account) => sum + account.Profit),
            _run?.Invariants.Summarize() ?? new InvariantSummary(0, 0, []),
            Decisions.Hash)
        {
            Groups = _run?.Groups() ?? [],
            Trouble = _trouble.Summarize(),
            Losses = _run?.Losses().ToArray() ?? [],
        };
    }

    private AccountSummary Account(AccountTally tally)
    {
        var account = tally.Account;
        var definition = account.Definition;
        var ledger = _run!.Ledger;
        var snapshot = ledger.Snapshot().First(snapshot => snapshot.Name == definition.Name);
        var liquidations = _run.Liquidations.Where(liquidation => liquidation.Account == definition.Name).ToArray();
        return new AccountSummary(
            definition.Name,
            definition.Routes.Select(route => route.ToString()).ToArray(),
            definition.Routes.Select(route => Describe(definition.FeesOf(route.Kind))).ToArray(),
            ledger.OpeningOf(account),
            snapshot.Equity,
            snapshot.InitialMargin,
            snapshot.MaintenanceMargin,
            tally.MaxInitialMargin,
            Array.Find(liquidations, liquidation => liquidation.IsLiquidation) is { } first ? new WorstDistance(0m, first.Instrument, first.TimeUtc) : tally.Worst,
            liquidations,
            snapshot.Balances,
            ledger.ProfitOf(account));
    }

    private static string Describe(FeeSchedule? fees)
        => fees is null
            ? "LEAN default"
            : string.Join(" ", fees.Tiers.Select(tier => $"{(tier.Volume == 0m ? "" : $"from {Text.Decimal(tier.Volume)}: ")}{Text.Decimal(tier.Maker)}/{Text.Decimal(tier.Taker)}"));

    private void Sample(DateTime timeUtc)
    {
        if (_sinks.Accounts is { } sink)
        {
            foreach (var tally in _accounts)
            {
                var account = tally.Account;
                decimal? distance = null;
                foreach (var pool in account.Pools)
                {
                    distance = pool.Distance(out _) is { } near && !(near >= distance) ? near : distance;
                }

                sink(AccountLine.Write(timeUtc, account.Definition.Name, account.Equity, account.InitialMargin, account.MaintenanceMargin, distance));
            }
        }

        Sampled?.Invoke(timeUtc);
    }

    private PositionSummary Position(Instrument instrument)
    {
        var quantity = _bookOf(instrument.Id)?.Held ?? 0m;
        var average = _bookOf(instrument.Id)?.AveragePrice ?? 0m;
        var mark = _marks.GetValueOrDefault(instrument.Id);
        return new PositionSummary(instrument.Id.Ticker, quantity, average, mark, quantity * instrument.ContractMultiplier * (mark - average));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private VenueTally TallyOf(Route route)
    {
        if (!_venues.TryGetValue(route, out var tally))
        {
            tally = _venues[route] = new VenueTally();
            _order.Add(route);
        }

        return tally;
    }

    private sealed class VenueTally
    {
        public List<Instrument> Instruments { get; } = [];

        public int Fills { get; private set; }

        public decimal Fees { get; private set; }

        public decimal Funding { get; set; }

        public void Fill(decimal fee)
        {
            Fills++;
            Fees += fee;
        }
    }
}

/// <summary>What the record of a run reads of its accounts.</summary>
/// <param name="Ledger">The accounts.</param>
/// <param name="Invariants">The checks.</param>
/// <param name="Liquidations">Every forced fill so far.</param>
/// <param name="Latency">How late orders met the market.</param>
/// <param name="FundingGaps">Funding boundaries of an instrument that no fresh rate was known for.</param>
public sealed record RunAccounts(
    Ledger Ledger,
    InvariantTally Invariants,
    IReadOnlyList<LiquidationEvent> Liquidations,
    Latency Latency,
    Func<InstrumentId, int> FundingGaps)
{
    /// <summary>The groups as they stand.</summary>
    public Func<IReadOnlyList<GroupSummary>> Groups { get; init; } = () => [];

    /// <summary>What would be lost if a venue failed, and the most so far.</summary>
    public Func<IReadOnlyList<VenueLoss>> Losses { get; init; } = () => [];
}

/// <summary>Where a run's lines go while it runs; each is comma separated and starts with a header. Null: nowhere.</summary>
public sealed record RunSinks
{
    /// <summary>Every order event: time, order, instrument, status, quantity, fill price, fee, fee currency.</summary>
    public Action<string>? OrderEvents { get; init; }

    /// <summary>Equity at the end of each time step: time, equity in the account currency.</summary>
    public Action<string>? Equity { get; init; }

    /// <summary>Each account once an hour: time, account, equity, initial and maintenance margin in the account currency, distance to liquidation.</summary>
    public Action<string>? Accounts { get; init; }

    /// <summary>Each group at the end of a time step with a residual outside its band: time, group, residual and tolerance in units of the underlying.</summary>
    public Action<string>? Residuals { get; init; }

    /// <summary>Every decision; see <see cref="Hedging.DecisionLog"/>.</summary>
    public Action<string>? Decisions { get; init; }
}
