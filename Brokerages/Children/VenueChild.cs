using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;
using QuantConnect.Brokerages.CrossHedge.Journal;
using QuantConnect.Interfaces;
using QuantConnect.Orders;
using QuantConnect.Orders.Fees;
using QuantConnect.Securities;

namespace QuantConnect.Brokerages.CrossHedge.Children;

/// <summary>
/// One child and everything that is known of it. It has three lanes of its own: orders go out on one, its events go to
/// LEAN on another, connecting and asking for balances is done on the third; so a child that hangs in one of them, or in
/// all, holds up nobody else.
/// </summary>
internal sealed class VenueChild : IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SayAgain = TimeSpan.FromHours(1);
    private const int HeardMessages = 1_000;

    /// <summary>A report that was asked for so soon after an order event may not know of it yet.</summary>
    internal static readonly TimeSpan Settles = TimeSpan.FromSeconds(3);

    /// <summary>So many equal reports in a row without an order in doubt end the doubt: more than our books need to believe them.</summary>
    private const int ReportsInARow = 6;

    /// <summary>So many reports that do not list an accepted order, each so long after its last event, and it is over.</summary>
    private const int AbsentInARow = 3;

    private static readonly TimeSpan AbsentAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly CompositeSettings _settings;
    private readonly IOrderProvider _orderProvider;
    private readonly TimeProvider _time;
    private readonly ILane _orders;
    private readonly ILane _events;
    private readonly ILane _polls;
    private readonly HealthMonitor _monitor;
    private readonly List<IDisposable> _timers = [];
    private readonly List<(OrderEvent Event, DateTime SinceUtc)> _unknown = [];
    private readonly Dictionary<int, (Order Order, DateTime NextUtc, TimeSpan Pause)> _cancels = [];
    private readonly Queue<List<OrderEvent>> _early = [];
    private readonly HashSet<Outgoing> _outgoing = [];
    private readonly Queue<LedgerEntry> _entries = [];
    private readonly SortedDictionary<int, Doubt> _doubts = [];
    private readonly Dictionary<string, DateTime> _heard = [];
    private readonly IVenueNews? _news;
    private readonly OrderTrail _trail;
    private readonly EarlierOrders _earlier;
    private readonly Func<Symbol, string?> _coinOf;
    private readonly Func<IReadOnlyCollection<string>> _coins;
    private readonly SortedDictionary<int, HandedOver> _handedOver = [];
    private long _busySinceTicks;
    private IReadOnlyList<Order> _openOrders = [];
    private IReadOnlyList<Holding> _holdings = [];
    private AccountReport _report;
    private Action<List<OrderEvent>>? _listener;
    private DateTime _retryUtc = DateTime.MinValue;
    private TimeSpan _retryAfter = FirstRetry;
    private bool _isStarted;
    private bool? _toldUp;
    private bool _saidDisconnected;
    private string? _problem;
    private long _eventTicks;
    private int _isAsked;
    private int _isDisposed;
    private DateTime _nextLookUtc = DateTime.MinValue;

    /// <param name="child">The child.</param>
    /// <param name="brokerage">Its brokerage, not yet connected.</param>
    /// <param name="settings">How it is watched.</param>
    /// <param name="orderProvider">LEAN's orders.</param>
    /// <param name="lanes">Where the work is done.</param>
    /// <param name="journal">Told every order before it leaves; null: none is kept.</param>
    /// <param name="coinOf">The coin of a spot symbol; null: it is none.</param>
    /// <param name="coins">The coins that are traded as spot there.</param>
    public VenueChild(
        ChildSettings child,
        IBrokerage brokerage,
        CompositeSettings settings,
        IOrderProvider orderProvider,
        ILanes lanes,
        OrderJournal? journal,
        Func<Symbol, string?> coinOf,
        Func<IReadOnlyCollection<string>> coins)
    {
        Settings = child;
        Brokerage = brokerage;
        _settings = settings;
        _orderProvider = orderProvider;
        _time = lanes.Time;
        _monitor = new HealthMonitor(child.Market, new HealthRules());
        _report = new AccountReport(child.Name, DateTime.MinValue, [], []);
        _orders = lanes.Open($"{child.Name} orders");
        _events = lanes.Open($"{child.Name} events");
        _polls = lanes.Open($"{child.Name} polls");
        (_coinOf, _coins) = (coinOf, coins);
        _trail = new OrderTrail(journal, child.Name, lanes.Time);
        _earlier = new EarlierOrders(child.Name, brokerage, _trail) { Said = (code, text) => Said?.Invoke(code, text) };
        if (brokerage is IVenueOrderQuery query)
        {
            query.ClientIdOf = _trail.ClientIdOf;
            query.Answered = answer =>
            {
                _earlier.Take(answer);
                _events.Post(() => Take(answer));
            };
        }

        _news = brokerage as IVenueNews;
        if (_news is not null)
        {
            _news.Reported = entry => _events.Post(() => Take(entry));
        }

        brokerage.OrdersStatusChanged += (_, events) => Take(events);
        brokerage.Message += (_, message) => Hear(message);
        brokerage.AccountChanged += (_, _) => AskSoon();
        brokerage.OrderIdChanged += (_, change) => _events.Post(() => OrderIdChanged?.Invoke(change));
        brokerage.NewBrokerageOrderNotification += (_, order) => _events.Post(() => OrderFound?.Invoke(order));
    }

    public ChildSettings Settings { get; }

    public IBrokerage Brokerage { get; }

    /// <summary>Told what a person should know: a short code and the text.</summary>
    public Action<string, string>? Said { get; set; }

    public Action<BrokerageOrderIdChangedEvent>? OrderIdChanged { get; set; }

    public Action<NewBrokerageOrderNotificationEventArgs>? OrderFound { get; set; }

    /// <summary>Orders and cancels that have not gone out yet.</summary>
    public int QueuedOrders => _orders.Queued;

    /// <summary>What stands in the way of trading there; null: nothing.</summary>
    public string? Problem
    {
        get
        {
            lock (_gate)
            {
                return IsUpNow() ? null : ProblemNow();
            }
        }
    }

    public AccountReport Report
    {
        get
        {
            lock (_gate)
            {
                return _report;
            }
        }
    }

    public IReadOnlyList<Holding> Holdings
    {
        get
        {
            lock (_gate)
            {
                return _holdings;
            }
        }
    }

    public IReadOnlyList<Order> OpenOrders
    {
        get
        {
            lock (_gate)
            {
                return _openOrders;
            }
        }
    }

    /// <summary>When the last event of an order of ours came, or news of the account; UTC.</summary>
    public DateTime LastEventUtc => new(Volatile.Read(ref _eventTicks), DateTimeKind.Utc);

    private DateTime NowUtc => _time.GetUtcNow().UtcDateTime;

    /// <summary>Begins to connect and to ask, and goes on with it to the end.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_isStarted)
            {
                return;
            }

            _isStarted = true;
        }

        _polls.Post(Connect);
        _timers.Add(_polls.Every(_settings.PollPeriod, PollOrConnect));
        _timers.Add(_events.Every(Tick, Watch));
        _timers.Add(_orders.Every(Tick, RetryCancels));
    }

    /// <summary>How well the child works, as far as its connection and its answers show.</summary>
    public (HealthState State, HealthReason Reason) HealthOf(Capability capability)
    {
        lock (_gate)
        {
            return !_report.IsKnown && _problem is null ? (HealthState.Unseen, HealthReason.None)
                : _news?.IsDown(capability) == true ? (HealthState.Down, HealthReason.Announced)
                : !IsUpNow() ? (HealthState.Down, HealthReason.Disconnected)
                : capability == Capability.Data ? (HealthState.Healthy, HealthReason.None)
                : capability != Capability.Withdraw && IsStuck() ? (HealthState.Down, HealthReason.Disconnected)
                : _monitor.StateOf(capability, NowUtc);
        }
    }

    /// <summary>Orders of an earlier process that are not settled, in words.</summary>
    public IReadOnlyList<string> UnsettledOrders => _earlier.Unsettled;

    /// <summary>What the journal knows of the account.</summary>
    public OrderTrail Trail => _trail;

    /// <summary>Whether what is reported is what the journal expects from now on.</summary>
    public bool IsObserving { get; set; }

    /// <summary>Sends an order when the journal has it; what becomes of it comes as events.</summary>
    /// <param name="order">The order.</param>
    /// <param name="isExit">Whether it only reduces a position: such an order goes out also when the journal cannot be written.</param>
    public void Place(Order order, bool isExit)
    {
        var outgoing = new Outgoing(order, NowUtc);
        lock (_gate)
        {
            _outgoing.Add(outgoing);
        }

        _trail.Intend(order, problem =>
        {
            if (problem is null || isExit)
            {
                _orders.Post(() => Place(outgoing));
            }
            else if (outgoing.TryWithdraw())
            {
                Drop(outgoing);
                Refuse(order, problem);
            }
        });
    }

    /// <summary>Changes an order.</summary>
    public void Update(Order order) => _orders.Post(() =>
    {
        _trail.Updated(order);
        Try("update", order, () => Brokerage.UpdateOrder(order));
    });

    /// <summary>Cancels an order, again and again until it is over: LEAN takes only one cancel of an order that it believes to be under way.</summary>
    public void Cancel(Order order) => _orders.Post(() =>
    {
        _cancels[order.Id] = (order, NowUtc + FirstRetry, FirstRetry);
        _trail.CancelAsked(order);
        Try("cancel", order, () => Brokerage.CancelOrder(order));
    });

    /// <summary>Sends the events that came so far, and all that come, to whoever listens.</summary>
    public void Listen(Action<List<OrderEvent>> listener) => _events.Post(() =>
    {
        _listener = listener;
        while (_early.TryDequeue(out var events))
        {
            Forward(events);
        }
    });

    /// <summary>Whether the venue says that an instrument takes exits only.</summary>
    public bool TakesExitsOnly(InstrumentId id) => _news?.TakesExitsOnly(id) == true;

    /// <summary>What the venue told of besides our orders, since the last call.</summary>
    public IReadOnlyList<LedgerEntry> TakeEntries()
    {
        lock (_gate)
        {
            if (_entries.Count == 0)
            {
                return [];
            }

            var entries = _entries.ToArray();
            _entries.Clear();
            return entries;
        }
    }

    /// <summary>Asks for balances and positions soon; once for all who want it before it is done.</summary>
    public void AskSoon()
    {
        if (Interlocked.Exchange(ref _isAsked, 1) == 0)
        {
            _polls.Post(() =>
            {
                Volatile.Write(ref _isAsked, 0);
                PollIfConnected();
            });
        }
    }

    /// <summary>Ends everything; what hangs in the child is not waited for.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        foreach (var timer in _timers)
        {
            timer.Dispose();
        }

        _polls.Post(() =>
        {
            Brokerage.Disconnect();
            Brokerage.Dispose();
            _polls.Dispose();
        });
        _orders.Dispose();
        _events.Dispose();
    }

    private bool IsUpNow() => _problem is null && !_saidDisconnected && _report.IsKnown && NowUtc - _report.TimeUtc <= _settings.Silence;

    private string ProblemNow()
        => _problem ?? (_saidDisconnected ? "says that it is disconnected" : _report.IsKnown ? "answers no more" : "has not answered yet");

    private void Drop(Outgoing outgoing)
    {
        lock (_gate)
        {
            _outgoing.Remove(outgoing);
        }
    }

    private void Place(Outgoing outgoing)
    {
        Drop(outgoing);
        var order = outgoing.Order;
        if (!outgoing.TryHandOver())
        {
            return;
        }

        if (Problem is { } problem)
        {
            // Not handed over, so nobody can have it.
            Refuse(order, $"{Settings.Name} {problem}");
            return;
        }

        Volatile.Write(ref _busySinceTicks, NowUtc.Ticks);
        lock (_gate)
        {
            _handedOver[order.Id] = new HandedOver { LastEventUtc = NowUtc };
        }

        try
        {
            if (!Brokerage.PlaceOrder(order))
            {
                // After what it said of the order while it placed it.
                _events.Post(() => RefuseUnlessToldOf(order, $"{Settings.Name} did not take the order"));
            }
        }
        catch (Exception error) when (_news is null && IsCertain(error.Message))
        {
            Refuse(order, error.Message);
        }
        catch (Exception error)
        {
            // It may have been sent before this: only the venue's own events tell.
            Count(accepted: false);
            Wonder(order, error.Message);
        }
        finally
        {
            Volatile.Write(ref _busySinceTicks, 0);
        }
    }

    /// <summary>Whether an order that was handed over has not come back for long.</summary>
    private bool IsStuck() => Volatile.Read(ref _busySinceTicks) is > 0 and var ticks && NowUtc.Ticks - ticks > _settings.OrderDeadline.Ticks;

    private void Count(bool accepted)
    {
        lock (_gate)
        {
            if (accepted)
            {
                _monitor.Accepted();
            }
            else
            {
                _monitor.Refused(NowUtc);
            }
        }
    }

    /// <summary>It never left, or it is known for certain that the venue does not have it.</summary>
    private void Refuse(Order order, string why)
    {
        lock (_gate)
        {
            _handedOver.Remove(order.Id);
        }

        Take([new OrderEvent(order, NowUtc, OrderFee.Zero, why) { Status = OrderStatus.Invalid }]);
    }

    /// <summary>Unless the child itself said more of the order: that it is refused, or what leaves it in doubt.</summary>
    private void RefuseUnlessToldOf(Order order, string why)
    {
        lock (_gate)
        {
            if (_doubts.ContainsKey(order.Id) || !_handedOver.ContainsKey(order.Id))
            {
                return;
            }
        }

        Refuse(order, why);
    }

    private bool IsCertain(string text) => DefiniteRefusals.Contains(Settings.Brokerage, text, _settings.CertainRefusals);

    /// <summary>The venue may have an order or not: LEAN is told nothing until that is known, and it is never sent again.</summary>
    private void Wonder(Order order, string why)
    {
        if (_news is null)
        {
            lock (_gate)
            {
                _doubts[order.Id] = new Doubt(order, NowUtc);
            }
        }

        _trail.Unknown(order, why.Length > 0 ? why : "no reason given");
        Said?.Invoke("unknown", $"{Settings.Name}: the outcome of order {order.Id} is unknown: {why}");
    }

    /// <summary>
    /// Whether a child's Invalid only says that it does not know: official plugins make one of a time-out too. Certain are a
    /// venue that tells of its orders by itself, an order that never left, and texts that are known as refusals.
    /// </summary>
    private bool IsDoubtful(OrderEvent happened)
    {
        lock (_gate)
        {
            return _news is null
                && happened.Status == OrderStatus.Invalid
                && _handedOver.ContainsKey(happened.OrderId)
                && !IsCertain(happened.Message);
        }
    }

    private void Try(string what, Order order, Func<bool> act)
    {
        try
        {
            if (act())
            {
                return;
            }

            Said?.Invoke("refused", $"{Settings.Name} did not {what} order {order.Id}");
        }
        catch (Exception error)
        {
            Said?.Invoke("refused", $"{Settings.Name}: {what} of order {order.Id} failed: {error.Message}");
        }
    }

    private void RetryCancels()
    {
        foreach (var (id, cancel) in _cancels.OrderBy(entry => entry.Key).ToArray())
        {
            if (cancel.Order.Status.IsClosed())
            {
                _cancels.Remove(id);
            }
            else if (NowUtc >= cancel.NextUtc)
            {
                var pause = cancel.Pause * 2 < LongestRetry ? cancel.Pause * 2 : LongestRetry;
                _cancels[id] = (cancel.Order, NowUtc + pause, pause);
                Try("cancel", cancel.Order, () => Brokerage.CancelOrder(cancel.Order));
            }
        }
    }

    /// <summary>Called by the child, on its own thread: nothing here may wait.</summary>
    private void Take(List<OrderEvent> events) => _events.Post(() =>
    {
        if (_listener is null)
        {
            _early.Enqueue(events);
        }
        else
        {
            Forward(events);
        }
    });

    private void Take(LedgerEntry entry)
    {
        lock (_gate)
        {
            _entries.Enqueue(entry);
        }

        AskSoon();
    }

    /// <summary>LEAN drops a whole list for one order that it does not know: such events wait, the others go on.</summary>
    private void Forward(List<OrderEvent> events)
    {
        if (events.FindAll(IsDoubtful) is { Count: > 0 } doubtful)
        {
            foreach (var happened in doubtful)
            {
                if (_orderProvider.GetOrderById(happened.OrderId) is { } order)
                {
                    Wonder(order, happened.Message);
                }
            }

            events = events.Except(doubtful).ToList();
        }

        var known = events;
        for (var i = 0; i < events.Count; i++)
        {
            if (!IsKnown(events[i]))
            {
                known = events.Where(IsKnown).ToList();
                _unknown.AddRange(events.Where(happened => !IsKnown(happened)).Select(happened => (happened, NowUtc)));
                break;
            }
        }

        if (known.Count > 0)
        {
            Deliver(known);
        }
    }

    /// <summary>Everything that LEAN is told of orders passes here: the journal, the health and the doubts know it too.</summary>
    private void Deliver(List<OrderEvent> known)
    {
        Volatile.Write(ref _eventTicks, NowUtc.Ticks);
        foreach (var happened in known)
        {
            bool wasInDoubt;
            lock (_gate)
            {
                wasInDoubt = _doubts.Remove(happened.OrderId);
                if (happened.Status.IsClosed())
                {
                    _handedOver.Remove(happened.OrderId);
                }
                else if (_handedOver.TryGetValue(happened.OrderId, out var working))
                {
                    (working.IsAccepted, working.LastEventUtc, working.Absent) = (true, NowUtc, 0);
                }
            }

            if (_orderProvider.GetOrderById(happened.OrderId) is { } order)
            {
                _trail.Happened(happened, order, _coinOf(order.Symbol));
            }

            // What was in doubt has been counted.
            if (happened.Status == OrderStatus.Submitted || (happened.Status == OrderStatus.Invalid && !wasInDoubt))
            {
                Count(accepted: happened.Status == OrderStatus.Submitted);
            }
        }

        _listener!(known);
        if (known.Exists(happened => happened.FillQuantity != 0m))
        {
            AskSoon();
        }
    }

    private bool IsKnown(OrderEvent happened)
        => !_unknown.Exists(waiting => waiting.Event.OrderId == happened.OrderId) && _orderProvider.GetOrderById(happened.OrderId) is not null;

    /// <summary>Each second, on the lane that a hanging child does not hold: is it still there, has an order waited too long?</summary>
    private void Watch()
    {
        Tell();
        Outgoing[] late;
        lock (_gate)
        {
            late = _outgoing.Where(waiting => NowUtc - waiting.SinceUtc > _settings.OrderDeadline).OrderBy(waiting => waiting.Order.Id).ToArray();
        }

        foreach (var waiting in late.Where(waiting => waiting.TryWithdraw()))
        {
            Refuse(waiting.Order, $"{Settings.Name} did not get to the order within {_settings.OrderDeadline:c}");
        }

        RetryUnknown();
    }

    private void RetryUnknown()
    {
        for (var i = 0; i < _unknown.Count;)
        {
            var (happened, since) = _unknown[i];
            if (_listener is not null && _orderProvider.GetOrderById(happened.OrderId) is not null)
            {
                _unknown.RemoveAt(i);
                Deliver([happened]);
            }
            else if (NowUtc - since > _settings.UnknownOrder)
            {
                _unknown.RemoveAt(i);
                Said?.Invoke("unknown-order", $"{Settings.Name} speaks of order {happened.OrderId} ({happened.Status}, {happened.FillQuantity} {happened.Symbol.Value}), which LEAN does not know: look at the venue's own list");
            }
            else
            {
                i++;
            }
        }
    }

    private void Hear(BrokerageMessageEvent message)
    {
        bool isSaid;
        lock (_gate)
        {
            // What a child says at each poll is said once in a while: LEAN itself polls once a day.
            var now = NowUtc;
            isSaid = _heard.TryGetValue(message.Message, out var saidUtc) && now - saidUtc < SayAgain && message.Type is not (BrokerageMessageType.Disconnect or BrokerageMessageType.Reconnect);
            if (!isSaid)
            {
                if (_heard.Count >= HeardMessages)
                {
                    _heard.Clear();
                }

                _heard[message.Message] = now;
            }

            _saidDisconnected = message.Type switch
            {
                BrokerageMessageType.Disconnect or BrokerageMessageType.ActionRequired => true,
                BrokerageMessageType.Reconnect => false,
                _ => _saidDisconnected,
            };
        }

        // What a child calls an error stops LEAN; here it is that child's affair.
        if (isSaid)
        {
            return;
        }

        Said?.Invoke(message.Type.ToString().ToLowerInvariant(), $"{Settings.Name}: {message.Message}");
        if (message.Type is BrokerageMessageType.Disconnect or BrokerageMessageType.Reconnect)
        {
            Tell();
        }
    }

    private void PollOrConnect()
    {
        if (Brokerage.IsConnected)
        {
            Poll();
        }
        else if (NowUtc >= _retryUtc)
        {
            Connect();
        }
    }

    private void PollIfConnected()
    {
        if (Brokerage.IsConnected)
        {
            Poll();
        }
    }

    private void Connect()
    {
        try
        {
            Brokerage.Connect();
            if (Brokerage.IsConnected)
            {
                lock (_gate)
                {
                    _saidDisconnected = false;
                }

                _retryAfter = FirstRetry;
                Poll();
                _earlier.Ask();
                return;
            }

            Fail("is not connected");
        }
        catch (Exception error)
        {
            Fail($"does not connect: {error.Message}");
        }

        _retryUtc = NowUtc + _retryAfter;
        _retryAfter = _retryAfter * 2 < LongestRetry ? _retryAfter * 2 : LongestRetry;
    }

    private void Poll()
    {
        try
        {
            var asked = NowUtc;
            var cash = Brokerage.GetCashBalance();
            var holdings = Brokerage.GetAccountHoldings().Where(holding => IsOurs(holding.Symbol)).ToArray();
            var orders = Brokerage.GetOpenOrders();
            var before = _report;
            bool isSame;
            lock (_gate)
            {
                _openOrders = orders;
                _holdings = holdings;
                _report = new AccountReport(
                    Settings.Name,
                    asked,
                    cash.Select(amount => new ReportedBalance(amount.Currency, amount.Amount)).ToArray(),
                    holdings
                        .Where(holding => holding.Symbol.SecurityType == SecurityType.CryptoFuture)
                        .Select(holding => new ReportedPosition(SymbolRoutes.InstrumentOf(holding.Symbol)!.Value, holding.Quantity, holding.AveragePrice))
                        .ToArray())
                {
                    Settings = (Brokerage as IVenueSettings)?.Settings,
                };
                _problem = null;
                isSame = before.Balances.SequenceEqual(_report.Balances) && before.Positions.SequenceEqual(_report.Positions);
            }

            Tell();
            _earlier.Look(asked, orders, isSame);
            if (_earlier.Unsettled.Count == 0 && IsAtRest(asked))
            {
                _trail.Observed(_report, _trail.Coins.Union(_coins()).ToArray());
                _earlier.Commit();
            }

            Settle(asked, orders, isSame);
            EndLost(asked, orders);
        }
        catch (Exception error)
        {
            Fail($"does not answer: {error.Message}");
        }
    }

    /// <summary>
    /// What became of orders whose outcome is unknown: by our own id where the venue can be asked, else from what it lists: a child that only threw never tells. What
    /// an order that is over did trade shows in the reported positions, which our books follow; so it is over only when they
    /// have stood still for long enough to be believed.
    /// </summary>
    private void Settle(DateTime asked, IReadOnlyList<Order> open, bool isSame)
    {
        Doubt[] doubts;
        lock (_gate)
        {
            doubts = [.. _doubts.Values.Where(doubt => asked > doubt.SinceUtc && !doubt.IsSettled)];
        }

        var isQuiet = asked.Ticks - Volatile.Read(ref _eventTicks) >= Settles.Ticks;
        foreach (var doubt in doubts)
        {
            var order = doubt.Order;
            if (Brokerage is IVenueOrderQuery query && _trail.ClientIdOf?.Invoke(order) is { } clientId)
            {
                doubt.ClientId = clientId;
                query.Query(clientId);
            }
            else if (open.FirstOrDefault(listed => IsLike(listed, order)) is { } found)
            {
                doubt.IsSettled = true;
                order.BrokerId.AddRange(found.BrokerId);
                Said?.Invoke("found", $"{Settings.Name} has order {order.Id}: it is {found.BrokerId[0]} there");
                Take([new OrderEvent(order, NowUtc, OrderFee.Zero) { Status = OrderStatus.Submitted }]);
            }
            else if (isQuiet && (doubt.Reports = isSame ? doubt.Reports + 1 : 1) >= ReportsInARow)
            {
                doubt.IsSettled = true;
                Refuse(order, $"{Settings.Name} never said what became of order {order.Id} and does not list it: it is over, and what it traded is in the positions that {Settings.Name} reports");
            }
        }
    }

    /// <summary>The venue's answer about an order in doubt, by our own id of it.</summary>
    private void Take(VenueOrderAnswer answer)
    {
        Doubt? doubt;
        lock (_gate)
        {
            doubt = _doubts.Values.FirstOrDefault(doubt => doubt.ClientId == answer.ClientId && !doubt.IsSettled);
        }

        if (doubt is null)
        {
            return;
        }

        doubt.IsSettled = true;
        if (!answer.IsKnown)
        {
            Refuse(doubt.Order, $"never arrived at {Settings.Name}");
        }
        else if (answer.IsOpen)
        {
            Take([new OrderEvent(doubt.Order, NowUtc, OrderFee.Zero) { Status = OrderStatus.Submitted }]);
        }
        else
        {
            Take([new OrderEvent(doubt.Order, NowUtc, OrderFee.Zero, $"over at {Settings.Name}: what it traded is in the positions that it reports") { Status = OrderStatus.Canceled }]);
        }
    }

    /// <summary>
    /// An accepted order that the venue does not list any more is over, and nobody said so. Did it trade, then that shows in
    /// the reported positions, which our books and LEAN's holdings follow. Of one that was never answered nothing is known:
    /// Kraken's plugin makes of a refusal a message that names no order.
    /// </summary>
    private void EndLost(DateTime asked, IReadOnlyList<Order> open)
    {
        if (asked < _nextLookUtc)
        {
            return;
        }

        _nextLookUtc = asked + _settings.PollPeriod;
        var (lost, silent) = (new List<int>(), new List<int>());
        lock (_gate)
        {
            foreach (var (id, working) in _handedOver.Where(entry => asked - entry.Value.LastEventUtc >= AbsentAfter))
            {
                if (!working.IsAccepted)
                {
                    silent.AddRange(_news is null && !_doubts.ContainsKey(id) ? [id] : []);
                    continue;
                }

                working.Absent = _orderProvider.GetOrderById(id) is { BrokerId.Count: > 0 } order && !open.Any(listed => listed.BrokerId.Exists(order.BrokerId.Contains)) ? working.Absent + 1 : 0;
                if (working.Absent == AbsentInARow)
                {
                    lost.Add(id);
                }
            }
        }

        foreach (var order in silent.Select(_orderProvider.GetOrderById).OfType<Order>())
        {
            Wonder(order, "no answer");
        }

        foreach (var order in lost.Select(_orderProvider.GetOrderById).OfType<Order>())
        {
            Said?.Invoke("lost", $"{Settings.Name} does not list order {order.Id} any more and never said what became of it: it is over, and what it traded is in the positions that {Settings.Name} reports");
            Take([new OrderEvent(order, NowUtc, OrderFee.Zero, "not listed by its venue any more") { Status = OrderStatus.Canceled }]);
        }
    }

    /// <summary>Whether an order that the venue lists, and LEAN does not know, can be one of ours.</summary>
    private bool IsLike(Order listed, Order order)
        => listed.Symbol == order.Symbol
            && listed.Type == order.Type
            && listed.Quantity == order.Quantity
            && (listed as LimitOrder)?.LimitPrice == (order as LimitOrder)?.LimitPrice
            && listed.BrokerId.Count > 0
            && !listed.BrokerId.Exists(id => _orderProvider.GetOrdersByBrokerageId(id).Count > 0);

    /// <summary>Whether a report that was asked for then cannot lag behind an event.</summary>
    private bool IsAtRest(DateTime asked)
    {
        lock (_gate)
        {
            return IsObserving && _outgoing.Count == 0 && _handedOver.Count == 0 && asked.Ticks - Volatile.Read(ref _eventTicks) >= Settles.Ticks;
        }
    }

    private bool IsOurs(Symbol symbol) => SymbolRoutes.Of(symbol) is { } route && Settings.Routes.Contains(route);

    private void Fail(string problem)
    {
        lock (_gate)
        {
            _problem = problem;
        }

        Tell();
    }

    /// <summary>Says once that the child is down, and once that it is back.</summary>
    private void Tell()
    {
        bool isUp;
        string text;
        lock (_gate)
        {
            isUp = IsUpNow();
            if (isUp == _toldUp || !_isStarted)
            {
                return;
            }

            _toldUp = isUp;
            text = isUp ? $"{Settings.Name} is up" : $"{Settings.Name} is down: it {ProblemNow()}";
        }

        Said?.Invoke(isUp ? "up" : "down", text);
    }

    /// <summary>An order whose outcome is unknown.</summary>
    private sealed class Doubt(Order order, DateTime sinceUtc)
    {
        public Order Order => order;

        public DateTime SinceUtc => sinceUtc;

        /// <summary>The id under which its venue was asked about it.</summary>
        public string? ClientId { get; set; }

        /// <summary>Equal reports in a row that do not have it.</summary>
        public int Reports { get; set; }

        /// <summary>Whether what became of it is on its way to LEAN.</summary>
        public bool IsSettled { get; set; }
    }

    /// <summary>An order that the child has, as far as is known.</summary>
    private sealed class HandedOver
    {
        /// <summary>Whether the venue said that it has it.</summary>
        public bool IsAccepted { get; set; }

        public DateTime LastEventUtc { get; set; }

        /// <summary>Reports in a row that do not list it.</summary>
        public int Absent { get; set; }
    }

    /// <summary>An order as it waits for its lane.</summary>
    private sealed class Outgoing(Order order, DateTime sinceUtc)
    {
        private int _state;

        public Order Order => order;

        public DateTime SinceUtc => sinceUtc;

        /// <summary>Whether it may go out now; else it was withdrawn.</summary>
        public bool TryHandOver() => Interlocked.CompareExchange(ref _state, 1, 0) == 0;

        /// <summary>Whether it had not gone out and never will.</summary>
        public bool TryWithdraw() => Interlocked.CompareExchange(ref _state, 2, 0) == 0;
    }
}
