#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.RealityModels;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Venues;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Orders;
using QuantConnect.Securities;

namespace CrossHedgeLean.Framework;

/// <summary>
/// Between LEAN and the desk: LEAN's order events become the desk's messages, the desk's orders become LEAN's, and the
/// gate sees every order that anybody submits. What is decided, and why, is the desk's alone.
/// </summary>
public sealed class HedgeController : IOrderPort
{
    private const int MostUnmetNotices = 20;
    private const string ConfirmTransfer = "confirm-transfer";
    private const string AskTransfer = "ask-transfer";
    private const string ShowStatus = "status";

    /// <summary>LEAN's words for an order's state, by their numbers.</summary>
    private static readonly string[] Statuses = [.. Enumerable.Range(0, (int)Enum.GetValues<OrderStatus>().Max() + 1).Select(status => ((OrderStatus)status).ToString())];

    /// <summary>What has no price by then is worth nothing to LEAN either.</summary>
    private static readonly TimeSpan LongestUnpriced = TimeSpan.FromDays(1);

    private readonly QCAlgorithm _algorithm;
    private readonly CrossHedgeOptions _options;
    private readonly SimulatedAccounts _accounts;
    private readonly List<GroupController> _groups = [];
    private readonly Dictionary<Symbol, (GroupController Group, HedgedInstrument Instrument)> _bySymbol = [];
    private readonly Dictionary<Instrument, Symbol> _symbols = new(ReferenceEqualityComparer.Instance);
    private readonly List<(InstrumentBook Book, AccountPosition Account)> _books = [];
    private readonly SimulatedHealth _health;
    private readonly LossGivenDefault _losses;
    private readonly Action _beginStep;
    private readonly AskingTransferAgent? _asking;
    private readonly StateFile? _state;
    private readonly ILiveVenues? _live;
    private readonly RunSeries? _series;
    private TransferRoutes? _routes;
    private bool _hasLookedBack;
    private bool _isWhole;
    private DateTime? _wholeByUtc;
    private long _sequence;
    private bool _heard;
    private int _unmet;
    private DateTime _nextLossUtc;

    internal HedgeController(
        QCAlgorithm algorithm,
        CrossHedgeOptions options,
        SimulatedAccounts accounts,
        IReadOnlyDictionary<InstrumentId, (Instrument Instrument, Security Security)> subscribed,
        ILiveVenues? live)
    {
        _algorithm = algorithm;
        _live = live;
        _series = live is null ? options.Series : null;
        CheckedAccounts = live is null ? [] : [.. live.Reports().Where(report => report.Settings is not null).Select(report => report.Account)];
        _options = options;
        _accounts = accounts;
        _accounts.FundingBooked = OnFunding;
        _accounts.Booked = _series is null ? Recorder.Booked : Booked;
        _beginStep = BeginStep;
        var bound = subscribed.ToDictionary(
            entry => entry.Key,
            entry => new HedgedInstrument(entry.Value.Instrument, entry.Value.Security, accounts.PositionOf(entry.Value.Security), accounts));
        Desk = new HedgeDesk(
            options.Settings,
            options.Groups.Select(group => group.ToGroup(id => bound[id].Instrument)).ToArray(),
            instrument => bound[instrument.Id],
            accounts,
            this)
        {
            Log = Recorder.Decisions,
        };
        foreach (var desk in Desk.Groups)
        {
            var legs = desk.Legs.Select(leg => bound[leg.Instrument.Id]).ToArray();
            var group = new GroupController(desk, bound[desk.Primary.Instrument.Id], legs);
            _groups.Add(group);
            foreach (var instrument in legs.Prepend(group.Primary))
            {
                _bySymbol.Add(instrument.Symbol, (group, instrument));
                _symbols.Add(instrument.Instrument, instrument.Symbol);
                _books.Add((BookOf(instrument.Id)!, instrument.Account));
            }
        }

        _accounts.Losses = _losses = new LossGivenDefault(options.Losses, options.Settings, accounts.Markets, market => LossGivenDefault.ClaimOn(accounts.Ledger, market)) { Groups = Desk.Groups };
        _asking = accounts.Live is not null && options.Transfers is { } asked ? new AskingTransferAgent(asked) : null;
        _accounts.Transfers = options.Transfers is { } settings ? CreateTransfers(settings) : null;
        _health = new SimulatedHealth(Desk, accounts, Recorder, market => HealthRulesOf(options, market), _bySymbol.Values.Select(entry => entry.Instrument), live);
        if (accounts.Live is { } reports)
        {
            _state = options.StateFile is { } path ? new StateFile(path) : null;
            reports.Found = Found;
            reports.Noticed = text => Notice(_algorithm.UtcTime, text);
            reports.Credited = Credited;
        }

        _series?.Start(accounts, _groups, _losses.Losses, options.Resolution.ToTimeSpan());
        Recorder.Start(
            options.AccountCurrency,
            _bySymbol.Values.Select(entry => entry.Instrument.Instrument),
            BookOf,
            new RunAccounts(accounts.Ledger, accounts.Invariants, accounts.Liquidations, options.Latency, accounts.FundingGapsOf)
            {
                Groups = () => [.. Desk.Groups.Select(group => new GroupSummary(
                    group.Group.Name,
                    group.State.Pair,
                    group.Residual(_algorithm.UtcTime).Units,
                    group.Decision?.Reason ?? UnhedgedReason.None,
                    group.Halts,
                    group.IsFlattening,
                    group.IsShrinking))],
                Losses = () => _losses.Losses,
            });
    }

    /// <summary>The desk: groups, books, health, notices, commands.</summary>
    public HedgeDesk Desk { get; }

    /// <summary>The accounts of all venues.</summary>
    public IVenueAccounts Accounts => _accounts.Ledger;

    /// <summary>What a person should know of the run so far, each said once.</summary>
    public IReadOnlyList<string> Notices => [.. _accounts.Notices, .. Desk.Notices.Select(notice => notice.Text)];

    /// <summary>What would be lost if a venue failed, as of the last look, and at its worst, in the account currency.</summary>
    public IReadOnlyList<VenueLoss> Losses => _losses.Losses;

    /// <summary>Collateral on its way between accounts, in the account currency.</summary>
    public decimal InTransit
    {
        get
        {
            var sum = 0m;
            foreach (var account in _accounts.Ledger.Accounts)
            {
                foreach (var balance in account.Balances)
                {
                    sum += balance.InTransit * balance.Rate;
                }
            }

            return sum;
        }
    }

    /// <summary>The record of the run.</summary>
    public RunRecorder Recorder => _options.Recorder;

    /// <summary>The simulated accounts behind <see cref="Accounts"/>.</summary>
    internal SimulatedAccounts Simulated => _accounts;

    internal ModelGuard? Guard { get; set; }

    internal IReadOnlyList<GroupController> Groups => _groups;

    /// <summary>The ways of money between the accounts.</summary>
    internal TransferRoutes TransferWays => _routes ??= new TransferRoutes(_options.Accounts, _options.TransferRoutes);

    /// <summary>How long the bars of every subscription are.</summary>
    internal TimeSpan BarLength => _options.Resolution.ToTimeSpan();

    /// <summary>Position and orders of an instrument; null if it belongs to no group.</summary>
    public InstrumentBook? BookOf(InstrumentId id) => Desk.Find(id)?.Book;

    /// <summary>Whether a symbol is a hedge leg: its position is ours alone to choose.</summary>
    public bool IsHedgeLeg(Symbol symbol)
        => _bySymbol.TryGetValue(symbol, out var bound) && bound.Instrument != bound.Group.Primary;

    /// <summary>The algorithm calls this in OnEndOfAlgorithm: takes down the last prices, and what a failure would cost then.</summary>
    public void OnEndOfAlgorithm()
    {
        _losses.Update(_algorithm.UtcTime);
        foreach (var (_, instrument) in _bySymbol.Values)
        {
            Recorder.Mark(instrument.Id, instrument.Security.Price);
        }

        _series?.Finish();
    }

    /// <summary>Told each notice about accounts and transfers, for whoever shows them to a person; those of the desk are <see cref="HedgeDesk.Noticed"/>.</summary>
    public Action<string>? Noticed { get; set; }

    /// <summary>Live accounts of which it was read that they are set as they must be.</summary>
    internal IReadOnlyCollection<string> CheckedAccounts { get; }

    /// <summary>Whether every leg holds less than its venue would trade.</summary>
    public bool IsFlat => Desk.Groups.All(group => group.Legs.Prepend(group.Primary).All(leg =>
        leg.Instrument.UnitsOf(Math.Abs(leg.Book.Held)) < leg.Instrument.DustLimit(leg.FreshPrice(_algorithm.UtcTime, _options.Settings))));

    /// <summary>How every group, venue and account stands, a line each; money in the account currency.</summary>
    public IReadOnlyList<string> Status() => [.. StatusReport.Lines(Desk, Accounts, LossOf, _algorithm.UtcTime)];

    /// <summary>
    /// A command of a person: <c>halt</c>, <c>resume</c>, <c>flatten</c> of a group, a venue or all, <c>kill</c>,
    /// <c>status</c>, or in live <c>confirm-transfer</c>: what was asked for was sent.
    /// </summary>
    /// <param name="command">One of <see cref="HedgeDesk.KnownCommands"/>, <c>status</c> or <c>confirm-transfer</c>.</param>
    /// <param name="target">A group, a market, or <c>all</c>; the id of a transfer.</param>
    public CommandResult Command(string command, string target)
    {
        if (command == ShowStatus)
        {
            return new CommandResult(true, string.Join(Environment.NewLine, Status()));
        }

        _live?.Commanded(command, target);
        if (command != ConfirmTransfer)
        {
            // What a start could not explain is halted before anybody can resume it.
            LookBack();
            var result = Desk.Command(command, target, _algorithm.UtcTime);
            if (result.IsDone && _live?.Unexplained is not null && _groups.TrueForAll(group => !group.Desk.Halts.HasFlag(HaltCauses.Unexplained)))
            {
                _live.Trust();
            }

            return result;
        }

        var wrong = _asking is null ? "nobody is asked to send money here: transfers are off, or simulated." : _asking.Confirm(target, _algorithm.UtcTime);
        return wrong is null ? new CommandResult(true, $"{target} is noted as sent.") : new CommandResult(false, $"{ConfirmTransfer} '{target}': {wrong}");
    }

    /// <inheritdoc />
    int IOrderPort.Send(in DeskOrder order)
    {
        var symbol = _symbols[order.Instrument];
        var ticket = order.LimitPrice is { } limit
            ? _algorithm.LimitOrder(symbol, order.Quantity, limit, asynchronous: true, tag: order.Tag)
            : _algorithm.MarketOrder(symbol, order.Quantity, asynchronous: true, tag: order.Tag);
        return ticket.OrderId;
    }

    /// <inheritdoc />
    void IOrderPort.Cancel(InstrumentId instrument, int orderId) => _algorithm.Transactions.CancelOrder(orderId, "hedge");

    /// <summary>Does nothing: in a simulation no outcome is unknown.</summary>
    void IOrderPort.Query(InstrumentId instrument, int orderId)
    {
    }

    internal bool TryGet(Symbol symbol, out GroupController group)
    {
        var found = _bySymbol.TryGetValue(symbol, out var bound);
        group = bound.Group;
        return found;
    }

    /// <summary>
    /// Brings the accounts up to now, liquidations included, and decides on every group, for this slice;
    /// <see cref="Act"/> sends what was decided. Forced fills are hedged when all of them are known, not in between.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Decide()
    {
        Guard?.Check();
        LookBack();
        Desk.Quietly(_beginStep);
        Desk.Decide(_algorithm.UtcTime, _algorithm.IsWarmingUp);
    }

    /// <summary>What an earlier process left and nobody can explain is for a person to look at: until then there are exits only.</summary>
    private void LookBack()
    {
        if (!_hasLookedBack && _live?.Unexplained is { } reason)
        {
            Notice(_algorithm.UtcTime, $"{reason} Nothing raises exposure until a person has looked: then send the command resume, target all.");
            _groups.ForEach(group => Desk.Halt(group.Desk, HaltCauses.Unexplained));
        }

        _hasLookedBack = true;
    }

    private void BeginStep()
    {
        _accounts.BeginStep();
        _health.Watch(_algorithm.UtcTime);
        _accounts.ReviewTransfers();
    }

    /// <summary>Sends what the last decisions asked for, and decides again for every order event that this causes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Act()
    {
        Guard?.CheckFramework();
        Desk.Act(_algorithm.UtcTime);
    }

    /// <summary>What the gate has against an order, with the remedy; null if it lets it pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal string? Refusal(Security security, decimal quantity, int orderId)
    {
        if (!_bySymbol.TryGetValue(security.Symbol, out var bound))
        {
            return UngroupedRefusal(security, quantity);
        }

        _health.WatchOnce(_algorithm.UtcTime);
        var verdict = Desk.Judge(bound.Instrument.Id, quantity, _algorithm.UtcTime, orderId);
        return verdict.IsAccepted ? null : Refusal(bound.Instrument.Id, bound.Group.Group.Name, quantity, verdict);
    }

    private static string Refusal(InstrumentId id, string group, decimal quantity, in GateVerdict verdict)
    {
        return verdict.Reason switch
        {
            GateReason.Halted => $"{id}: {group} or its venue is halted, exits only; {Largest(verdict)} Resume it first.",
            GateReason.VenueHealth => $"{id}: {id.Route.Market} works badly, exits only; {Largest(verdict)} Wait until it is healthy, or trade elsewhere.",
            GateReason.NearLiquidation => $"{id}: its account is too near to liquidation, exits only; {Largest(verdict)} Bring collateral.",
            GateReason.Exposure => $"{id}: an exposure limit of {group} or its venue; {Largest(verdict)}",
            GateReason.Naked => $"{id}: the residual of {group} is beyond its limit; {Largest(verdict)} It passes when the hedge stands.",
            GateReason.Concentration => $"{id}: too much of all that could be lost stands at {id.Route.Market}; {Largest(verdict)} Move collateral to another venue.",
            _ => $"{id}: the hedge legs of {group} cannot carry an order of {Text.Decimal(quantity)} now; {Largest(verdict)}",
        };

        static string Largest(in GateVerdict verdict) => $"the largest that would pass is {Text.Decimal(verdict.Largest)}.";
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void OnOrderEvent(OrderEvent orderEvent)
    {
        if (_accounts.IsReconciled(orderEvent))
        {
            return;
        }

        _accounts.Trouble?.Advance(_algorithm.UtcTime);
        _accounts.Live?.Tell();
        _accounts.OnOrderEvent(orderEvent);
        if (!_bySymbol.TryGetValue(orderEvent.Symbol, out var bound))
        {
            return;
        }

        var instrument = bound.Instrument;
        _heard = true;
        Record(orderEvent, instrument);
        var filled = BookOf(instrument.Id)!.Find(orderEvent.OrderId)?.Filled ?? 0m;
        var batch = new List<VenueMessage>(2);
        if (orderEvent.FillQuantity != 0m)
        {
            // LEAN has already taken a buy's coin fee off the fill quantity; a sell's it leaves to the cash book.
            var fee = orderEvent.OrderFee.Value;
            var coinFee = fee.Currency == instrument.Account.CoinCurrency ? fee.Amount : 0m;
            var quantity = orderEvent.FillQuantity + (orderEvent.FillQuantity > 0m ? coinFee : 0m);
            filled += quantity;
            batch.Add(new Execution(instrument.Id, orderEvent.OrderId, 0, Interlocked.Increment(ref _sequence), quantity, coinFee, orderEvent.FillPrice));
        }

        switch (orderEvent.Status)
        {
            case OrderStatus.Submitted or OrderStatus.UpdateSubmitted:
                _health.Accepted(instrument.Id.Route.Market);
                batch.Add(new OrderWorking(instrument.Id, orderEvent.OrderId, orderEvent.Quantity));
                break;
            case OrderStatus.Invalid:
                batch.Add(new OrderFailed(instrument.Id, orderEvent.OrderId, IsDefinite: true));
                break;
            case OrderStatus.Filled or OrderStatus.Canceled:
                batch.Add(new OrderOver(instrument.Id, orderEvent.OrderId, filled, _sequence));
                break;
        }

        Desk.Receive(batch, _algorithm.UtcTime);
    }

    private void Booked(LedgerEntry entry)
    {
        Recorder.Booked(entry);
        _series!.Booked(entry);
    }

    private void Credited(string account, string currency, decimal amount)
    {
        if (_asking?.Credited(account, currency, amount, _algorithm.UtcTime) is { } transfer)
        {
            _live?.Arrived(transfer, amount);
        }
    }

    /// <summary>
    /// A venue holds what no order event told of: to the desk it is a trade of somebody else's. One that only made a
    /// position smaller is what a liquidation or a withdrawal looks like, and is hedged; what made it larger is nobody's
    /// that we know, and its group waits for a person.
    /// </summary>
    private void Found(InstrumentId id, decimal change, decimal price, bool isExplained)
    {
        if (Desk.Find(id) is not { } found)
        {
            return;
        }

        if (!isExplained && !found.Book.Explains(change))
        {
            var group = _bySymbol[_symbols[found.Instrument]].Group;
            var reason = $"{id} stands at {Text.Decimal(found.Book.Held + change)} instead of {Text.Decimal(found.Book.Held)}, and no order explains it.";
            Notice(_algorithm.UtcTime, $"{reason} {group.Group.Name} takes exits only until a person has looked: then send the command resume, target {group.Group.Name}.");
            Desk.Halt(group.Desk, HaltCauses.Unexplained);
            _live?.Doubt(reason);
        }

        Desk.Receive([new Execution(id, 0, 0, Interlocked.Increment(ref _sequence), change, 0m, price)], _algorithm.UtcTime);
    }

    /// <summary>Takes down residual and equity, when all of the slice's orders have had their effect.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void EndSlice()
    {
        if (_algorithm.IsWarmingUp)
        {
            return;
        }

        // Books change by order events, accounts by entries: where neither came, what agreed agrees. Live they come on other threads.
        var isAccounted = _accounts.EndStep();
        var mayDiffer = isAccounted || _heard || _accounts.Live is not null;
        _heard = false;
        var utcNow = _algorithm.UtcTime;
        if (mayDiffer && _accounts.Live is null)
        {
            CheckPositions(utcNow);
        }

        Recorder.ResidualsObserved(utcNow, Desk.Groups, mayDiffer);

        // Where a venue may fail at any step, what that would cost is looked at in each; else it is enough to look once an hour.
        if (_accounts.Trouble is not null || utcNow >= _nextLossUtc)
        {
            _nextLossUtc = utcNow.Date.AddHours(utcNow.Hour + 1);
            _losses.Update(utcNow);
        }

        // Prices come in one by one, and live the accounts too: before, equity is not all of it.
        if (!_isWhole)
        {
            _wholeByUtc ??= utcNow + LongestUnpriced;
            _isWhole = utcNow >= _wholeByUtc || _accounts.IsWhole;
        }

        Recorder.StepEnded(utcNow, _isWhole ? _algorithm.Portfolio.TotalPortfolioValue : null);
        _series?.StepEnded(utcNow, isAccounted);

        if (_state?.Write(Desk, Accounts, LossOf, utcNow) is { } wrong)
        {
            Notice(utcNow, wrong);
        }
    }

    private decimal LossOf(string market) => _losses.Of(market, _algorithm.UtcTime);

    /// <summary>What order events told us and what money moved are two ways to one number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CheckPositions(DateTime utcNow)
    {
        for (var i = 0; i < _books.Count; i++)
        {
            var (book, account) = _books[i];
            if (!_accounts.Invariants.Holds(book.Held == account.Quantity))
            {
                _accounts.Invariants.Violated(
                    "positions agree with money",
                    FormattableString.Invariant($"{book.Instrument.Id} at {utcNow:u}: {book.Held} by order events, {account.Quantity} in the account."));
            }
        }
    }

    /// <summary>An instrument of a group's underlying that stands in no group would raise exposure that nobody hedges.</summary>
    private string? UngroupedRefusal(Security security, decimal quantity)
    {
        var coin = (security as IBaseCurrencySymbol)?.BaseCurrency.Symbol;
        var isExit = Math.Sign(quantity) == -Math.Sign(security.Holdings.Quantity) && Math.Abs(quantity) <= Math.Abs(security.Holdings.Quantity);
        return isExit || Routes.Of(security) is not { } route || !_groups.Exists(group => group.Group.Name == coin && group.Group.Ratio > 0m)
            ? null
            : $"{new InstrumentId(route, security.Symbol.Value)}: {coin} is hedged by its group, and this instrument stands outside it: trade the group's primary, or make it a leg.";
    }

    private static HealthRules HealthRulesOf(CrossHedgeOptions options, string market)
        => options.Health.TryGetValue(market, out var rules) ? rules
            : new HealthRules { FreshFor = 2 * options.Resolution.ToTimeSpan() };

    private void Notice(DateTime utcNow, string text)
    {
        _accounts.Notices.Add(FormattableString.Invariant($"{utcNow:yyyy-MM-dd HH:mm} {text}"));
        Noticed?.Invoke(text);
    }

    /// <summary>Transfers, which are simulated in a backtest, and in live asked of a person: the plugin never needs the right to withdraw.</summary>
    private TransferDesk CreateTransfers(TransferSettings settings)
    {
        var agent = (ITransferAgent?)_asking ?? new SimulatedTransferAgent(_accounts.Ledger, _accounts.Trouble?.Player) { CashMoved = _accounts.MoveCash };
        return new TransferDesk(
            settings,
            _options.Settings,
            TransferWays,
            agent,
            () => [.. _accounts.Ledger.Accounts.Select(TransferAccountOf)],
            () => _accounts.LowestDistance)
        {
            Noticed = notice =>
            {
                if (_asking is not null)
                {
                    _live?.Commanded(AskTransfer, notice.Text);
                }

                if (_asking is not null || (notice.Kind == TransferNoticeKind.Unmet && _unmet++ < MostUnmetNotices))
                {
                    Notice(notice.TimeUtc, notice.Text);
                }
            },
        };
    }

    private TransferAccount TransferAccountOf(VenueAccount account)
    {
        var market = account.Definition.Market;
        var health = Desk.HealthOf(market);
        var trouble = _accounts.Trouble?.Player;
        return TransferAccount.Of(_accounts.Ledger, account) with
        {
            CanWithdraw = health.StateOf(Capability.Withdraw) == HealthState.Healthy && trouble?.IsDown(market, Capability.Withdraw) != true,
            CanMoveWithin = health.StateOf(Capability.Trade) != HealthState.Down && trouble?.IsDown(market, Capability.Trade) != true,
            CanReceive = trouble?.IsInsolvent(market) != true,
        };
    }

    private void OnFunding(InstrumentId id, decimal amount)
        => Recorder.FundingBooked(id, _algorithm.Portfolio.CashBook.ConvertToAccountCurrency(amount, _accounts.Ledger.Find(id)!.Instrument.SettlementCurrency));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Record(OrderEvent orderEvent, HedgedInstrument instrument)
    {
        var fee = orderEvent.OrderFee.Value;
        Recorder.OrderEvent(
            orderEvent.UtcTime,
            orderEvent.OrderId,
            instrument.Id,
            Statuses[(int)orderEvent.Status],
            orderEvent.FillQuantity,
            orderEvent.FillPrice,
            fee.Amount,
            fee.Currency,
            fee.Amount == 0m ? 0m : _algorithm.Portfolio.CashBook.ConvertToAccountCurrency(fee.Amount, fee.Currency));
    }
}
