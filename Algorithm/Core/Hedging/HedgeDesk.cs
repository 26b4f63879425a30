#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Hedging;

/// <summary>What the desk sees of the accounts as a whole.</summary>
public interface IDeskAccounts
{
    /// <summary>The smallest distance to liquidation over all accounts, a fraction; null if nothing can be liquidated.</summary>
    decimal? LowestDistance { get; }

    /// <summary>Whether any account is nearer to liquidation than a distance, a fraction: asked at each step, and nearly always answered by no.</summary>
    /// <param name="distance">The distance.</param>
    bool IsNearer(decimal distance) => LowestDistance < distance;

    /// <summary>What could be lost if a venue failed: the equity of its accounts in the account currency, zero or positive.</summary>
    /// <param name="market">The venue.</param>
    decimal LossGivenDefault(string market);

    /// <summary>The markets at which there is an account.</summary>
    IReadOnlyList<string> Markets { get; }
}

/// <summary>What made the desk decide.</summary>
public enum DecisionCause
{
    /// <summary>A slice with data, or the clock.</summary>
    Slice,

    /// <summary>An order event of the group.</summary>
    OrderEvent,
}

/// <summary>
/// Everything that stands between venues and the pure decision: books from messages, patience and pauses by the clock,
/// what was decided sent once. The same in a backtest, in the episodes and in live; it reads no clock and does no I/O.
/// Safe to call from any thread: one call at a time is served.
/// </summary>
/// <remarks>
/// <para>Exposure is derived from what happened, whoever ordered it, so that no path of the strategy goes round the hedge.</para>
/// <para>Here and elsewhere, what each step or order runs is marked AggressiveOptimization: most backtests take less time
/// than the runtime needs to find out by itself, compiling three times on a core that LEAN's own threads want. The mark
/// also says what is compiled before the run begins.</para>
/// </remarks>
public sealed partial class HedgeDesk
{
    /// <summary>More decisions than this for one group in one answer would be a circle; what is left waits for the next.</summary>
    private const int MostRounds = 32;

    /// <summary>How often it is counted what stands where, if no decision asks.</summary>
    private static readonly TimeSpan SharesEvery = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly HedgeSettings _settings;
    private readonly IOrderPort _port;
    private readonly IDeskAccounts _accounts;
    private readonly List<GroupDesk> _groups = [];
    private readonly Dictionary<InstrumentId, (GroupDesk Group, DeskInstrument Instrument)> _byId = [];
    private readonly SortedDictionary<string, VenueHealth> _health = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<DateTime>> _sent = [];
    private readonly List<DeskNotice> _notices = [];
    private readonly HashSet<(DeskNoticeKind Kind, string About)> _warned = [];
    private readonly Func<string, bool> _isConcentrated;
    private readonly decimal[] _shares;
    private readonly StrongBox<long> _changes = new();
    private long _restsSince = -1;
    private DateTime _sharesUtc = DateTime.MinValue;
    private bool _acting;
    private bool _isWarmingUp;
    private bool _isNear;
    private DeskOrderContext _sending;

    /// <summary>Creates the desk.</summary>
    /// <param name="settings">Patience, limits, distances.</param>
    /// <param name="groups">The groups; an instrument belongs to one.</param>
    /// <param name="viewOf">What can be seen of an instrument.</param>
    /// <param name="accounts">What can be seen of the accounts.</param>
    /// <param name="port">Who carries the orders.</param>
    /// <param name="expectsReports">Whether venues report positions.</param>
    public HedgeDesk(
        HedgeSettings settings,
        IReadOnlyList<HedgeGroup> groups,
        Func<Instrument, IInstrumentView> viewOf,
        IDeskAccounts accounts,
        IOrderPort port,
        bool expectsReports = false)
    {
        _settings = settings;
        _port = port;
        _accounts = accounts;
        _isConcentrated = market => ShareOf(market) > settings.ConcentrationLimit;
        _shares = new decimal[accounts.Markets.Count];
        foreach (var group in groups)
        {
            var desk = new GroupDesk(group, settings, Bind(group.Primary), group.Hedges.Select(Bind).ToArray(), _changes);
            _groups.Add(desk);
            foreach (var instrument in desk.Instruments)
            {
                _byId.Add(instrument.Instrument.Id, (desk, instrument));
            }
        }

        DeskInstrument Bind(Instrument instrument)
            => new(new InstrumentBook(instrument, expectsReports) { Changes = _changes }, viewOf(instrument), HealthOf(instrument.Id.Route.Market));
    }

    /// <summary>The groups, in the order given.</summary>
    public IReadOnlyList<GroupDesk> Groups => _groups;

    /// <summary>Every decision that found something new.</summary>
    public DecisionLog Log { get; init; } = new();

    /// <summary>How often a group was looked at.</summary>
    public long Evaluations { get; private set; }

    /// <summary>What a person should know, oldest first; at most the first few hundred.</summary>
    public IReadOnlyList<DeskNotice> Notices => _notices;

    /// <summary>Told each notice.</summary>
    public Action<DeskNotice>? Noticed { get; set; }

    /// <summary>The venues' health, in the order of their names.</summary>
    public IEnumerable<VenueHealth> Health => _health.Values;

    /// <summary>The health of a venue; all of it unseen until somebody tells.</summary>
    public VenueHealth HealthOf(string market)
    {
        if (!_health.TryGetValue(market, out var health))
        {
            _health.Add(market, health = new VenueHealth(market) { Changes = _changes });
        }

        return health;
    }

    /// <summary>An instrument of a group; null if it belongs to none.</summary>
    public DeskInstrument? Find(InstrumentId id) => _byId.TryGetValue(id, out var bound) ? bound.Instrument : null;

    /// <summary>The group of an instrument; null if it belongs to none.</summary>
    public GroupDesk? GroupOf(InstrumentId id) => _byId.TryGetValue(id, out var bound) ? bound.Group : null;

    /// <summary>
    /// Share of all that could be lost that stands at a venue, a fraction, as of the last time step that asked; zero
    /// where there is only one venue, because nothing could be elsewhere.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public decimal ShareOf(string market)
    {
        var markets = _accounts.Markets;
        for (var i = 0; i < markets.Count && markets.Count > 1; i++)
        {
            if (markets[i] == market)
            {
                return _shares[i];
            }
        }

        return 0m;
    }

    /// <summary>Takes in what venues tell, in the order given, and decides on every group that it touches.</summary>
    /// <param name="batch">The messages; one that is about nothing of ours is skipped, the others count.</param>
    /// <param name="utcNow">UTC.</param>
    public void Receive(IReadOnlyList<VenueMessage> batch, DateTime utcNow)
    {
        lock (_gate)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                Apply(batch[i], utcNow);
            }

            Act(utcNow);
        }
    }

    /// <summary>Takes in one message; see <see cref="Receive(IReadOnlyList{VenueMessage}, DateTime)"/>.</summary>
    public void Receive(VenueMessage message, DateTime utcNow)
    {
        lock (_gate)
        {
            Apply(message, utcNow);
            Act(utcNow);
        }
    }

    /// <summary>Looks at every group, for a slice or the clock; <see cref="Act"/> sends what was decided.</summary>
    /// <param name="utcNow">UTC; does not go back.</param>
    /// <param name="isWarmingUp">Whether the algorithm warms up: nothing can be sent.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Decide(DateTime utcNow, bool isWarmingUp = false)
    {
        lock (_gate)
        {
            _isWarmingUp = isWarmingUp;
            WatchDistances(utcNow);
            if (utcNow - _sharesUtc >= SharesEvery)
            {
                CountShares(utcNow);
            }

            // Where every group rests and nothing has changed since, none needs to be asked.
            var changes = Volatile.Read(ref _changes.Value);
            if (changes == _restsSince && !isWarmingUp)
            {
                Evaluations += _groups.Count;
                return;
            }

            var rests = true;
            for (var i = 0; i < _groups.Count; i++)
            {
                Evaluate(_groups[i], utcNow, DecisionCause.Slice);
                rests &= _groups[i].IsAtRest;
            }

            _restsSince = rests ? changes : -1;
        }
    }

    /// <summary>Sends what the last decisions asked for, and decides again for every message that this causes.</summary>
    /// <param name="utcNow">UTC.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Act(DateTime utcNow)
    {
        lock (_gate)
        {
            if (_acting)
            {
                return;
            }

            _acting = true;
            try
            {
                for (var i = 0; i < _groups.Count; i++)
                {
                    Send(_groups[i], utcNow);
                }

                for (var rounds = MostRounds * _groups.Count; rounds > 0 && FirstStale() is { } stale; rounds--)
                {
                    Evaluate(stale, utcNow, DecisionCause.OrderEvent);
                    Send(stale, utcNow);
                }
            }
            finally
            {
                _acting = false;
            }
        }
    }

    /// <summary>Holds back every answer to messages while an action runs: forced fills are hedged when all of them are known.</summary>
    /// <param name="action">What causes the messages.</param>
    public void Quietly(Action action)
    {
        lock (_gate)
        {
            var acting = _acting;
            _acting = true;
            try
            {
                action();
            }
            finally
            {
                _acting = acting;
            }
        }
    }

    /// <summary>Sends a primary order of the strategy. With a hedge sent together, its open quantity counts from now on.</summary>
    /// <param name="group">The group.</param>
    /// <param name="quantity">Contracts, signed, in whole lots.</param>
    /// <param name="tag">What it is for.</param>
    /// <param name="utcNow">UTC.</param>
    public void SendPrimary(GroupDesk group, decimal quantity, string tag, DateTime utcNow)
    {
        lock (_gate)
        {
            var isRaising = Math.Sign(quantity) == Math.Sign(group.Primary.Book.Held) || group.Primary.Book.Held == 0m;
            var purpose = isRaising && GoesTogether(group, quantity) ? OrderPurpose.Together : OrderPurpose.Other;
            Send(group, group.Primary, new DeskOrder(group.Primary.Instrument, quantity, null, tag), purpose, utcNow);
            Act(utcNow);
        }
    }

    /// <summary>The gate: whether an order may be submitted, whoever sends it. Orders of the desk itself are judged where they are decided.</summary>
    /// <param name="id">Its instrument.</param>
    /// <param name="quantity">Contracts, signed.</param>
    /// <param name="utcNow">UTC.</param>
    /// <param name="orderId">The order, if it has an id: live the gate is asked later, from another thread, when an order of the desk itself counts among those that work.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public GateVerdict Judge(InstrumentId id, decimal quantity, DateTime utcNow, int orderId = 0)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(id, out var bound) || (_sending.Instrument == id && _sending.IsHedge))
            {
                return GateVerdict.Pass;
            }

            var (group, instrument) = bound;
            if (orderId == 0 || instrument.Book.Find(orderId) is null)
            {
                return Judge(group, instrument, quantity, utcNow);
            }

            if (!ReferenceEquals(instrument, group.Primary))
            {
                return GateVerdict.Pass;
            }

            using (instrument.Book.Without(orderId))
            {
                return Judge(group, instrument, quantity, utcNow);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private GateVerdict Judge(GroupDesk group, DeskInstrument instrument, decimal quantity, DateTime utcNow)
    {
        if (!ReferenceEquals(instrument, group.Primary))
        {
            return JudgeOnHedgeLeg(group, instrument, quantity);
        }

        var side = Math.Sign(quantity);
        CountShares(utcNow);
        var isExit = IsExit(instrument.Book, quantity);
        var state = group.Observe(utcNow, _isWarmingUp, side, _isConcentrated, isExit);
        if (!isExit)
        {
            Promise(group, utcNow);
        }

        return HedgeGate.Judge(
            state,
            quantity,
            new GateLimits(MostExposure(group, side, utcNow), IsNaked(group, utcNow), _isConcentrated(instrument.Instrument.Id.Route.Market), group.Promised));
    }

    private static GateVerdict JudgeOnHedgeLeg(GroupDesk group, DeskInstrument leg, decimal quantity)
    {
        // Whatever somebody else trades on a leg is repaired; only what a halted group or venue takes in must not grow.
        var book = leg.Book;
        return IsExit(book, quantity) || (group.Halts == HaltCauses.None && !group.IsFlattening && leg.Health.Orders != HealthState.Halted)
            ? GateVerdict.Pass
            : new GateVerdict(GateReason.Halted, Math.Max(0m, quantity > 0m ? -(book.Held + book.WorkingBuy) : book.Held + book.WorkingSell));
    }

    /// <summary>As <see cref="HedgeGate.IsExit"/>, before anything else is looked at.</summary>
    private static bool IsExit(InstrumentBook book, decimal quantity)
        => quantity > 0m ? book.Held + book.WorkingBuy + quantity <= 0m : book.Held + book.WorkingSell + quantity >= 0m;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply(VenueMessage message, DateTime utcNow)
    {
        if (message is HealthChanged health)
        {
            if (HealthOf(health.Venue).Set(health.Capability, health.State, health.Reason, utcNow))
            {
                foreach (var group in _groups)
                {
                    group.IsStale |= group.Instruments.Any(instrument => instrument.Health.Venue == health.Venue);
                }
            }

            return;
        }

        var (id, orderId) = message switch
        {
            OrderWorking working => (working.Instrument, working.OrderId),
            OrderOver over => (over.Instrument, over.OrderId),
            OrderFailed failed => (failed.Instrument, failed.OrderId),
            CancelRefused refused => (refused.Instrument, refused.OrderId),
            Execution execution => (execution.Instrument, execution.OrderId),
            PositionReport report => (report.Instrument, 0),
            _ => throw new InvalidOperationException($"The desk has no rule for {message.GetType().Name}."),
        };
        if (!_byId.TryGetValue(id, out var bound))
        {
            return;
        }

        var book = bound.Instrument.Book;
        var before = book.Version;
        switch (message)
        {
            case OrderWorking working:
                book.Working(orderId, working.Quantity, utcNow);
                break;
            case OrderOver over:
                book.Over(orderId, over.Filled, over.Sequence);
                break;
            case OrderFailed { IsDefinite: true }:
                Refused(book, orderId, utcNow);
                break;
            case OrderFailed:
                if (book.Find(orderId) is null && _sending.Instrument == id)
                {
                    // The answer is missing before the port has told us the order's number.
                    book.Sent(orderId, _sending.Quantity, utcNow, OrderPurpose.Other);
                }

                book.Unknown(orderId);
                break;
            case Execution execution:
                book.Executed(execution);
                break;
            case PositionReport report:
                book.Reported(report, bound.Instrument.View.Quote.Last);
                break;
        }

        bound.Group.IsStale |= book.Version != before;
    }

    private void Refused(InstrumentBook book, int orderId, DateTime utcNow)
    {
        // An exit is asked again at once but for a second; what adds waits its pause. A refusal that is told again is none.
        var order = book.Find(orderId);
        if (order is null && _sending.Instrument != book.Instrument.Id)
        {
            book.Gone(orderId);
            return;
        }

        var quantity = order?.Quantity ?? (_sending.Instrument == book.Instrument.Id ? _sending.Quantity : 0m);
        book.Gone(orderId);
        if (quantity != 0m && Math.Sign(quantity) == -Math.Sign(book.Held) && Math.Abs(quantity) <= Math.Abs(book.Held))
        {
            book.ExitBackoffUntilUtc = utcNow + _settings.ExitBackoff;
        }
        else
        {
            book.BackoffUntilUtc = utcNow + _settings.Backoff;
        }
    }

    /// <summary>Orders that were not answered become unknown; evidence of unknown ones is asked for.</summary>
    private void WatchOrders(GroupDesk group, DateTime utcNow)
    {
        Watch(group, group.Primary, utcNow);
        for (var i = 0; i < group.Legs.Count; i++)
        {
            Watch(group, group.Legs[i], utcNow);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Watch(GroupDesk group, DeskInstrument instrument, DateTime utcNow)
    {
        var book = instrument.Book;
        if (!book.HasUnanswered)
        {
            return;
        }

        foreach (var order in book.Orders.ToArray())
        {
            if (!order.IsAnswered && !order.IsUnknown && utcNow - order.SentUtc >= _settings.UnknownAfter)
            {
                book.Unknown(order.Id);
                group.IsStale = true;
            }

            if (order.IsUnknown && utcNow >= order.QueryAgainUtc && instrument.Health.Orders != HealthState.Down)
            {
                order.QueryAgainUtc = utcNow + _settings.QueryEvery;
                _port.Query(instrument.Instrument.Id, order.Id);
            }
        }
    }

    private GroupDesk? FirstStale()
    {
        for (var i = 0; i < _groups.Count; i++)
        {
            if (_groups[i].IsStale)
            {
                return _groups[i];
            }
        }

        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Evaluate(GroupDesk group, DateTime utcNow, DecisionCause cause)
    {
        Evaluations++;
        if (group.IsAtRest && !_isWarmingUp)
        {
            group.IsStale = false;
            return;
        }

        // An order that has not been answered in time is unknown to a decision of whatever cause.
        WatchOrders(group, utcNow);
        group.IsStale = false;
        var version = group.Version;
        CountShares(utcNow);
        var state = group.Observe(utcNow, _isWarmingUp, 0, _isConcentrated);
        var decision = HedgeDecision.Decide(state);
        group.Decision = decision;
        group.IsUnsent = decision.Actions.Count > 0;
        Remember(group, state, decision, utcNow);
        if (group.IsUnsent || group.Logged != (version, decision.Reason, decision.UncoveredUnits))
        {
            group.Logged = (version, decision.Reason, decision.UncoveredUnits);
            Log.Append(decision, cause);
        }
    }

    /// <summary>Keeps what the next decision must know of this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Remember(GroupDesk group, GroupState state, in HedgeDecision decision, DateTime utcNow)
    {
        var isTold = decision.Reason is not (UnhedgedReason.None or UnhedgedReason.BelowMinimum or UnhedgedReason.MakerPatience);
        group.UncoveredSinceUtc = isTold ? group.UncoveredSinceUtc ?? utcNow : null;
        group.NakedSinceUtc = Math.Abs(decision.ResidualUnits) > state.ToleranceUnits ? group.NakedSinceUtc ?? utcNow : null;
        var isWorking = state.Primary.IsWorking;
        var isUnanswered = group.Primary.Book.HasUnanswered;
        for (var i = 0; i < state.Legs.Length; i++)
        {
            isWorking |= state.Legs[i].IsWorking;
            isUnanswered |= group.Legs[i].Book.HasUnanswered;
            group.TakesNow |= state.Legs[i].RestingFor is not null && IsCanceled(decision, state.Legs[i].Instrument);
        }

        // Less than a lot, as coin fees leave it, is covered as well as it can be; what waits for a price is not.
        var isCovered = decision.Reason == UnhedgedReason.None
            || (decision.Reason == UnhedgedReason.BelowMinimum && !WaitsForPrice(state, decision.UncoveredUnits));
        if (isCovered && !isWorking && decision.Actions.Count == 0)
        {
            group.TakesNow = false;
        }

        if (decision.IsShortOfDistance)
        {
            Notice(utcNow, DeskNoticeKind.NoHeadroom, group.Group.Name, $"{group.Group.Name} is too near to liquidation, its primary is kept or cannot be reduced, and no other venue has headroom for its hedge: bring money, or close some of it.");
        }

        // Nothing works, nothing waits for an answer and nothing is missing that could be traded: only a change of books, health or flags can change that.
        // A minimum notional alone is a matter of price.
        var rests = decision.Actions.Count == 0 && !isWorking && !isUnanswered && !group.IsShrinking && !state.IsWarmingUp
            && Rests(decision.Reason, state, decision.UncoveredUnits) && Rests(decision.Blocked, state, decision.UncoveredUnits);
        group.SettledVersion = rests ? group.Version : -1;
    }

    private static bool Rests(UnhedgedReason reason, GroupState state, decimal units)
        => reason == UnhedgedReason.None || (reason == UnhedgedReason.BelowMinimum && !WaitsForPrice(state, units));

    /// <summary>
    /// Whether only a leg's minimum notional stands in the way of what is missing: a matter of price. An excess is reduced
    /// to the requirement rounded toward zero, which can be up to a lot more than the excess itself.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool WaitsForPrice(GroupState state, decimal units)
    {
        var isExcess = Math.Sign(units) != Math.Sign(state.RequiredUnits);
        for (var i = 0; i < state.Legs.Length; i++)
        {
            var instrument = state.Legs[i].Instrument;
            if (instrument.MinimumNotional == 0m)
            {
                continue;
            }

            var size = instrument.RoundTowardZero(instrument.ContractsOf(Math.Abs(units))) + (isExcess ? instrument.LotSize : 0m);
            if (instrument.Accepts(size, null))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsCanceled(in HedgeDecision decision, Instrument instrument)
    {
        for (var i = 0; i < decision.Actions.Count; i++)
        {
            if (decision.Actions[i] is CancelHedge cancel && ReferenceEquals(cancel.Instrument, instrument))
            {
                return true;
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Send(GroupDesk group, DateTime utcNow)
    {
        if (!group.IsUnsent || group.Decision is not { } decision)
        {
            return;
        }

        group.IsUnsent = false;
        for (var i = 0; i < decision.Actions.Count; i++)
        {
            var action = decision.Actions[i];
            var instrument = group.Find(action.Instrument);
            switch (action)
            {
                case CancelHedge cancel:
                    Cancel(instrument, cancel.Buys, utcNow);
                    break;
                case CancelPrimary cancel:
                    Cancel(instrument, cancel.Buys, utcNow);
                    break;
                case ReducePrimary reduce:
                    Send(group, instrument, new DeskOrder(instrument.Instrument, reduce.Quantity, null, $"hedge {group.Group.Name}: exit"), OrderPurpose.Together, utcNow);
                    break;
                case SendHedge send:
                    if (IsWithinBudget(group, instrument, send.Quantity, utcNow))
                    {
                        Send(group, instrument, new DeskOrder(instrument.Instrument, send.Quantity, send.LimitPrice, $"hedge {group.Group.Name}"), send.Purpose, utcNow);
                    }

                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Send(GroupDesk group, DeskInstrument instrument, in DeskOrder order, OrderPurpose purpose, DateTime utcNow)
    {
        var outer = _sending;
        _sending = new DeskOrderContext(instrument.Instrument.Id, order.Quantity, !ReferenceEquals(instrument, group.Primary) || purpose == OrderPurpose.Together);
        try
        {
            var orderId = _port.Send(order);
            if (orderId > 0)
            {
                instrument.Book.Sent(orderId, order.Quantity, utcNow, purpose);
            }
            else
            {
                Refused(instrument.Book, orderId, utcNow);
            }

            group.IsStale = true;
        }
        finally
        {
            _sending = outer;
        }
    }

    /// <summary>
    /// Asks once for a cancel and again only when the venue has had time to answer: the request itself is an order
    /// event, and asking at each would never end. A venue that cannot cancel is asked when it can.
    /// </summary>
    private void Cancel(DeskInstrument instrument, bool buys, DateTime utcNow)
    {
        var book = instrument.Book;
        if (instrument.Health.StateOf(Capability.Cancel) == HealthState.Down)
        {
            return;
        }

        foreach (var order in book.Orders.ToArray())
        {
            if (order.Remaining > 0m == buys && order.Remaining != 0m && !order.IsUnknown && !order.IsOver && utcNow >= order.CancelAgainUtc)
            {
                order.CancelAgainUtc = utcNow + _settings.Backoff;
                _port.Cancel(book.Instrument.Id, order.Id);
            }
        }
    }

    /// <summary>Whether the hedge of a primary order is sent with it.</summary>
    private static bool GoesTogether(GroupDesk group, decimal quantity)
    {
        switch (group.Group.PairOrder)
        {
            case PairOrder.Together:
                return true;
            case PairOrder.HardestFirst:
                var hedge = group.Legs[0];
                var units = group.Primary.Instrument.UnitsOf(quantity) * group.Group.Ratio;
                var primaryShare = ShareOfBook(group.Primary.View.Quote, quantity);
                return ShareOfBook(hedge.View.Quote, hedge.Instrument.ContractsOf(-units)) > primaryShare;
            default:
                return false;
        }

        // How many quoted sizes an order takes; unknown sizes make nothing hard.
        static decimal ShareOfBook(in Quote quote, decimal contracts)
        {
            var size = contracts > 0m ? quote.AskSize : quote.BidSize;
            return size == 0m ? 0m : Math.Abs(contracts) / size;
        }
    }

    private void Notice(DateTime utcNow, DeskNoticeKind kind, string about, string text)
    {
        if (!_warned.Add((kind, about)) || _notices.Count >= 500)
        {
            return;
        }

        var notice = new DeskNotice(utcNow, kind, about, text);
        _notices.Add(notice);
        Noticed?.Invoke(notice);
    }

    private readonly record struct DeskOrderContext(InstrumentId Instrument, decimal Quantity, bool IsHedge);
}

/// <summary>What a notice is about.</summary>
public enum DeskNoticeKind
{
    /// <summary>An account is near to liquidation; money is asked for.</summary>
    Distance,

    /// <summary>Both legs shrink.</summary>
    Shrinking,

    /// <summary>Too near to liquidation, and nothing can be done about it.</summary>
    NoHeadroom,

    /// <summary>Much of all that could be lost stands at one venue.</summary>
    Concentration,

    /// <summary>More orders than the budget of a minute: the group is halted.</summary>
    OrderBudget,

    /// <summary>A residual is beyond its limit.</summary>
    Naked,

    /// <summary>A command was carried out.</summary>
    Command,
}

/// <summary>What a person should know; said once until it has passed.</summary>
/// <param name="TimeUtc">UTC.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="About">The group or venue.</param>
/// <param name="Text">With its figures, and what to do.</param>
public sealed record DeskNotice(DateTime TimeUtc, DeskNoticeKind Kind, string About, string Text);
