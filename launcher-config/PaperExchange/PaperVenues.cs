using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;

namespace CrossHedgeLean.PaperExchange;

/// <summary>Whoever is connected to the paper exchange.</summary>
internal interface IPaperClient
{
    /// <summary>Sends a message; never waits.</summary>
    void Push(PaperMessage message);

    /// <summary>Ends the connection.</summary>
    void Close();
}

/// <summary>What an order can come to at the exchange.</summary>
internal enum PaperMoment
{
    /// <summary>The order is there, and nothing was done with it.</summary>
    Received,

    /// <summary>It works, and nobody was told.</summary>
    Accepted,

    /// <summary>Its owner was told.</summary>
    Answered,

    /// <summary>A part of it traded, and nobody was told.</summary>
    Filled,
}

/// <summary>
/// The venues of the paper exchange: Core's simulated exchange over one ledger, a scenario, and prices from wherever they
/// come. Called by one thread; reads no clock.
/// </summary>
internal sealed class PaperVenues
{
    /// <summary>What a perpetual's funding is while nothing else is said: 0.01% an interval, the interest part of Binance's and Bybit's rate.</summary>
    public const decimal UsualFunding = 0.0001m;

    /// <summary>Beyond any market; products of two such numbers are still numbers.</summary>
    private const decimal Largest = 1_000_000_000_000m;

    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(1);

    private readonly SimulatedExchange _exchange;
    private readonly IPaperPrices _prices;
    private readonly PaperLog _log;
    private readonly List<PaperInstrument> _instruments = [];
    private readonly Dictionary<InstrumentId, PaperInstrument> _byId = [];
    private readonly List<PaperSession> _sessions = [];
    private readonly Dictionary<int, PaperTicket> _orders = [];
    private readonly Dictionary<(string Account, string ClientId), PaperTicket> _byClientId = [];
    private readonly HashSet<(string Account, string ClientId)> _neverArrived = [];
    private readonly List<ScenarioChange> _changes = [];
    private readonly HashSet<string> _changed = [];
    private DateTime _nextSignUtc = DateTime.MinValue;
    private (decimal Amount, string Currency) _lastFee;
    private decimal _lastCash;
    private bool _lastIsLiquidation;
    private bool _isRestoring;
    private int _ids;
    private long _executions;
    private int _transfers;

    /// <summary>Creates the venues.</summary>
    /// <param name="ledger">The accounts.</param>
    /// <param name="latency">How late orders meet the market.</param>
    /// <param name="instruments">What trades.</param>
    /// <param name="prices">The prices.</param>
    /// <param name="trouble">What goes wrong.</param>
    /// <param name="log">The record.</param>
    /// <param name="startUtc">UTC.</param>
    public PaperVenues(Ledger ledger, Latency latency, IReadOnlyList<Instrument> instruments, IPaperPrices prices, ScenarioPlayer trouble, PaperLog log, DateTime startUtc)
    {
        Ledger = ledger;
        Trouble = trouble;
        NowUtc = startUtc;
        _prices = prices;
        _log = log;
        ledger.Booked = Booked;
        _exchange = new SimulatedExchange(ledger, latency) { Traded = Traded, Liquidated = Liquidated };
        foreach (var instrument in instruments)
        {
            var opened = new PaperInstrument(instrument, ledger.Find(instrument.Id.Route) is null ? null : ledger.Open(instrument));
            _instruments.Add(opened);
            _byId.Add(instrument.Id, opened);
        }

        RateAll();
    }

    /// <summary>The accounts.</summary>
    public Ledger Ledger { get; }

    /// <summary>What goes wrong.</summary>
    public ScenarioPlayer Trouble { get; }

    /// <summary>The time of the exchange, UTC.</summary>
    public DateTime NowUtc { get; private set; }

    /// <summary>Finds the price at which a whole order fills now; null: it does not. Without one, Core's own matching against quotes with their sizes.</summary>
    public Func<ExchangeOrder, decimal?>? Matcher { get; init; }

    /// <summary>Whether a venue of which nothing works ends its connections; else it stays reachable, and only says so.</summary>
    public bool ClosesConnections { get; init; } = true;

    /// <summary>The last funding rate of a perpetual and the end of its interval; without one <see cref="UsualFunding"/> for ever.</summary>
    public Func<InstrumentId, (decimal? Rate, DateTime RateUtc)>? Funding { get; init; }

    /// <summary>Told what an order comes to: the account, the instrument, the moment.</summary>
    public Action<string, string, PaperMoment>? Reached { get; set; }

    /// <summary>Told what a person may want to see.</summary>
    public Action<string>? Happened { get; set; }

    /// <summary>Whether nothing of a venue answers now: connections to it end and none is let in.</summary>
    public bool IsUnreachable(string market) => Trouble.IsClosed(market) && !Trouble.IsInsolvent(market);

    /// <summary>
    /// Goes on where an earlier process stopped: money, positions and open orders are what its log says. Orders that had
    /// arrived and were not answered are answered as orders that never arrived.
    /// </summary>
    /// <param name="lines">The log, from its beginning.</param>
    /// <exception cref="IOException">It was written with another configuration.</exception>
    public void Restore(IReadOnlyList<PaperLogLine> lines)
    {
        CheckKnown(lines);
        var submitted = new Dictionary<(string Account, string ClientId), PaperMessage>();
        _isRestoring = true;
        foreach (var line in lines)
        {
            var message = line.Message;
            var key = (line.Account, message.ClientId ?? "");
            if (line.IsInbound)
            {
                submitted[key] = message.Kind == PaperMessageKind.Submit ? message : submitted.GetValueOrDefault(key, message);
            }
            else
            {
                Restore(Ledger.Accounts.First(account => account.Definition.Name == line.Account), line.TimeUtc, message, submitted.GetValueOrDefault(key));
            }
        }

        _isRestoring = false;
        foreach (var ticket in _orders.Values.Where(ticket => !ticket.IsOver).OrderBy(ticket => ticket.Id))
        {
            _exchange.Submit(ticket.Id, ticket.Instrument.Instrument, ticket.Quantity - ticket.Filled, ticket.Limit, ticket.Limit ?? 0m, NowUtc);
        }

        foreach (var id in _orders.Where(entry => entry.Value.IsOver).Select(entry => entry.Key).ToArray())
        {
            _orders.Remove(id);
        }
    }

    private void CheckKnown(IReadOnlyList<PaperLogLine> lines)
    {
        foreach (var line in lines)
        {
            var isAccount = Ledger.Accounts.Any(account => account.Definition.Name == line.Account);
            if (!isAccount || (!line.IsInbound && line.Message.Instrument is { } text && !(InstrumentId.TryParse(text, out var id) && _byId.ContainsKey(id))))
            {
                throw new IOException($"it speaks of {(isAccount ? line.Message.Instrument : $"the account {line.Account}")}, which this configuration does not have: give the configuration that it was written with, or another file.");
            }
        }
    }

    /// <summary>Lets a client in; its first word decides.</summary>
    /// <returns>The session; null if it was refused, and told why.</returns>
    public PaperSession? Join(IPaperClient client, PaperMessage hello)
    {
        var account = Ledger.Accounts.FirstOrDefault(account => account.Definition.Name == hello.Account);
        var refusal = hello.Kind != PaperMessageKind.Hello ? "say hello first"
            : hello.Version != PaperMessage.CurrentVersion ? $"this is version {PaperMessage.CurrentVersion} of the protocol, not {hello.Version}: use client and exchange of one build"
            : hello.Account is not null && account is null ? $"there is no account {hello.Account}; there are {string.Join(", ", Ledger.Accounts.Select(known => known.Definition.Name))}"
            : account is not null && ClosesConnections && IsUnreachable(account.Definition.Market) ? $"{account.Definition.Market} cannot be reached"
            : null;
        if (refusal is not null)
        {
            client.Push(new PaperMessage { Kind = PaperMessageKind.Error, Text = refusal });
            return null;
        }

        var session = new PaperSession(client, account) { ProcessId = hello.ProcessId };
        _sessions.Add(session);
        client.Push(new PaperMessage { Kind = PaperMessageKind.Welcome, Version = PaperMessage.CurrentVersion, Account = hello.Account, TimeUtc = NowUtc });
        if (account is not null)
        {
            client.Push(StateOf(account));
            Happened?.Invoke($"{account.Definition.Name} is connected");
        }

        return session;
    }

    /// <summary>The processes that are connected to an account.</summary>
    public IReadOnlyList<int> ProcessesOf(string account)
        => _sessions.Where(session => session.Account?.Definition.Name == account).Select(session => session.ProcessId).OfType<int>().Distinct().ToArray();

    /// <summary>A client is gone.</summary>
    public void Leave(PaperSession session)
    {
        if (_sessions.Remove(session) && session.Account is { } account)
        {
            Happened?.Invoke($"{account.Definition.Name} is gone");
        }
    }

    /// <summary>Does what a client says.</summary>
    public void Handle(PaperSession session, PaperMessage message)
    {
        switch (message.Kind)
        {
            case PaperMessageKind.Submit or PaperMessageKind.Cancel or PaperMessageKind.Query when session.Account is { } account:
                _log.Write(NowUtc, account.Definition.Name, isInbound: true, message);
                if (message.ClientId is not { Length: > 0 } clientId)
                {
                    Complain(session, $"{message.Kind} has no clientId");
                }
                else if (message.Kind == PaperMessageKind.Submit)
                {
                    Submit(account, clientId, message);
                }
                else if (message.Kind == PaperMessageKind.Cancel)
                {
                    Cancel(account, clientId);
                }
                else
                {
                    Answer(account, clientId);
                }

                break;
            case PaperMessageKind.Watch when message.Instrument is not null && InstrumentId.TryParse(message.Instrument, out var id) && _byId.TryGetValue(id, out var watched):
                session.Watched.Add(id);
                if (watched.Shown.TimeUtc != DateTime.MinValue)
                {
                    session.Client.Push(MessageOf(id, watched.Shown));
                }

                break;
            case PaperMessageKind.Watch:
                Complain(session, $"there is no instrument '{message.Instrument}'; there are {string.Join(", ", _instruments.Select(known => known.Instrument.Id))}");
                break;
            case PaperMessageKind.Quote when session.Account is null && _prices is PushedPrices && message is { Bid: { } bid, Ask: { } ask } && InstrumentId.TryParse(message.Instrument ?? "", out var pushed) && _byId.ContainsKey(pushed) && bid > 0m && bid <= ask && ask <= Largest && message.BidSize is null or (>= 0m and <= Largest) && message.AskSize is null or (>= 0m and <= Largest):
                Quoted(pushed, new Quote(NowUtc, bid, message.BidSize ?? 0m, ask, message.AskSize ?? 0m, (bid + ask) / 2m));
                break;
            case PaperMessageKind.Transfer when session.Account is null:
                if (Move(message) is { } why)
                {
                    Complain(session, why);
                }

                break;
            default:
                Complain(session, $"{message.Kind} is not for here{(message.Kind == PaperMessageKind.Quote ? ": quotes are taken from a data connection, with --prices pushed, of a known instrument, bid not above ask" : "")}");
                break;
        }

        Tell();
    }

    /// <summary>Goes on to a time: scenario, prices, matching, funding, liquidation, signs of life.</summary>
    /// <param name="utcNow">UTC; an earlier time changes nothing.</param>
    public void Advance(DateTime utcNow)
    {
        if (utcNow < NowUtc)
        {
            return;
        }

        NowUtc = utcNow;
        Trouble.Advance(utcNow, _changes);
        _prices.MoveTo(utcNow, Quoted);
        RateAll();
        foreach (var instrument in _instruments)
        {
            Show(instrument);
        }

        // Funding is for what was held before this moment's fills; what happens at once happens on its marks.
        Fund();
        MatchAll();
        Liquidate();
        Happen();
        Tell();
        if (utcNow >= _nextSignUtc)
        {
            _nextSignUtc = utcNow + SignOfLife;
            foreach (var session in _sessions.Where(session => session.Account is not null))
            {
                session.Client.Push(StateOf(session.Account!));
            }
        }
    }

    private static PaperMessage MessageOf(InstrumentId id, in Quote quote) => new()
    {
        Kind = PaperMessageKind.Quote,
        Instrument = id.ToString(),
        TimeUtc = quote.TimeUtc,
        Bid = quote.Bid,
        BidSize = quote.BidSize,
        Ask = quote.Ask,
        AskSize = quote.AskSize,
    };

    private static void Complain(PaperSession session, string text) => session.Client.Push(new PaperMessage { Kind = PaperMessageKind.Error, Text = text });

    private PaperMessage StateOf(VenueAccount account) => new()
    {
        Kind = PaperMessageKind.Account,
        Account = account.Definition.Name,
        TimeUtc = NowUtc,
        Balances = account.Balances.Select(balance => new PaperBalance(balance.Currency, balance.Total)).ToArray(),
        Positions = account.Positions
            .Where(position => position.IsPerpetual)
            .Select(position => new PaperPosition(position.Instrument.Id.ToString(), position.Quantity, position.AverageCost))
            .ToArray(),
        Leverage = account.Definition.Leverage,
        Down = DownOf(account.Definition.Market),
        ExitsOnly = ExitsOnlyOf(account),
        Orders = _orders.Values
            .Where(order => !order.IsOver && order.Account == account)
            .OrderBy(order => order.Id)
            .Select(order => new PaperOrder(order.Id, order.ClientId, order.Instrument.Instrument.Id.ToString(), order.Quantity, order.Filled, order.Limit))
            .ToArray(),
    };

    private (decimal? Rate, DateTime RateUtc) FundingOf(InstrumentId id) => Funding?.Invoke(id) ?? (UsualFunding, NowUtc);

    private IReadOnlyList<string>? ExitsOnlyOf(VenueAccount account)
    {
        if (Trouble.IsQuiet)
        {
            return null;
        }

        var exitsOnly = account.Positions.Select(position => position.Instrument.Id).Where(Trouble.IsDelisted).Select(id => id.ToString()).ToArray();
        return exitsOnly.Length == 0 ? null : exitsOnly;
    }

    private IReadOnlyList<string>? DownOf(string market)
    {
        if (Trouble.IsQuiet)
        {
            return null;
        }

        var down = Enum.GetValues<Capability>().Where(capability => Trouble.IsDown(market, capability)).Select(capability => capability.ToString().ToLowerInvariant()).ToArray();
        return down.Length == 0 ? null : down;
    }

    private void Restore(VenueAccount account, DateTime timeUtc, PaperMessage message, PaperMessage? submitted)
    {
        var name = account.Definition.Name;
        var ticket = message.ClientId is { } clientId ? _byClientId.GetValueOrDefault((name, clientId)) : null;
        switch (message.Kind)
        {
            case PaperMessageKind.Working when ticket is null && submitted is { Instrument: { } text } && InstrumentId.TryParse(text, out var id):
                ticket = new PaperTicket(message.OrderId!.Value, message.ClientId!, account, _byId[id], submitted.Quantity!.Value, submitted.Limit);
                _byClientId.Add((name, message.ClientId!), ticket);
                _orders.Add(ticket.Id, ticket);
                _ids = Math.Max(_ids, ticket.Id);
                break;
            case PaperMessageKind.Refused when ticket is null && submitted is { Kind: PaperMessageKind.Query }:
                _neverArrived.Add((name, message.ClientId!));
                break;
            case PaperMessageKind.Refused when ticket is null && submitted is { Kind: PaperMessageKind.Submit, Instrument: { } text } && InstrumentId.TryParse(text, out var id) && _byId.TryGetValue(id, out var instrument):
                _byClientId.Add((name, message.ClientId!), new PaperTicket(0, message.ClientId!, account, instrument, submitted.Quantity ?? 0m, submitted.Limit) { IsOver = true, Refusal = message.Text });
                break;
            case PaperMessageKind.Execution when message.ExecutionId > _executions && InstrumentId.TryParse(message.Instrument!, out var id):
                _executions = message.ExecutionId.Value;
                RestoreFill(id, timeUtc, message);
                if (ticket is not null)
                {
                    ticket.Filled += message.Quantity!.Value;
                    ticket.Executions.Add(message);
                }

                break;
            case PaperMessageKind.Over when ticket is not null:
                ticket.IsOver = true;
                break;
            case PaperMessageKind.Funding when InstrumentId.TryParse(message.Instrument!, out var id):
                Ledger.Post(new FundingEntry(timeUtc, id, message.Quantity!.Value, message.Price!.Value, message.Rate!.Value, message.Amount!.Value));
                break;
            case PaperMessageKind.Transfer:
                Move(timeUtc, name, message.To!, message.Currency!, message.Amount!.Value);
                break;
            case PaperMessageKind.WriteOff:
                Ledger.Post(new WriteOffEntry(timeUtc, name, message.Currency!, message.Amount!.Value));
                break;
        }
    }

    private void RestoreFill(InstrumentId id, DateTime timeUtc, PaperMessage message)
    {
        var position = _byId[id].Position!;
        var (quantity, price) = (message.Quantity!.Value, message.Price!.Value);
        var isLiquidation = message.IsLiquidation == true;
        Ledger.Post(new FillEntry(
            timeUtc,
            id,
            quantity,
            price,
            position.IsPerpetual ? position.RealizedBy(quantity, price) : -quantity * position.Instrument.ContractMultiplier * price,
            position.IsPerpetual ? 0m : quantity,
            isLiquidation));
        if (message.Fee is { } fee and not 0m)
        {
            Ledger.Post(new FeeEntry(timeUtc, id, message.FeeCurrency!, -fee, isLiquidation));
        }
    }

    private void Submit(VenueAccount account, string clientId, PaperMessage message)
    {
        if (_byClientId.ContainsKey((account.Definition.Name, clientId)) || _neverArrived.Contains((account.Definition.Name, clientId)))
        {
            Answer(account, clientId);
            return;
        }

        if (Refusal(account, message, out var instrument) is { } refusal)
        {
            Say(account, new PaperMessage { Kind = PaperMessageKind.Refused, ClientId = clientId, TimeUtc = NowUtc, Text = refusal });
            return;
        }

        Reached?.Invoke(account.Definition.Name, message.Instrument!, PaperMoment.Received);
        var id = ++_ids;
        var quantity = message.Quantity!.Value;
        var quote = instrument!.Live;
        var verdict = _exchange.Submit(id, instrument.Instrument, quantity, message.Limit, quantity > 0m ? quote.Ask : quote.Bid, NowUtc + Trouble.OrderDelay(account.Definition.Market));
        var ticket = new PaperTicket(id, clientId, account, instrument, quantity, message.Limit)
        {
            IsOver = !verdict.Accepted,
            IsMarketable = message.Limit is { } limit && (quantity > 0m ? quote.Ask <= limit : quote.Bid >= limit),
        };
        _byClientId.Add((account.Definition.Name, clientId), ticket);
        if (!verdict.Accepted)
        {
            ticket.Refusal = FormattableString.Invariant($"{account.Definition.Name} has {verdict.Available} {verdict.Currency}, the order needs {verdict.Required}");
            Say(account, new PaperMessage { Kind = PaperMessageKind.Refused, ClientId = clientId, TimeUtc = NowUtc, Text = ticket.Refusal });
            return;
        }

        _orders.Add(id, ticket);
        Reached?.Invoke(account.Definition.Name, message.Instrument!, PaperMoment.Accepted);
        Say(account, WorkingOf(ticket));
        Reached?.Invoke(account.Definition.Name, message.Instrument!, PaperMoment.Answered);
        if (Matcher is not null && message.Limit is null)
        {
            MatchAll();
        }
    }

    private string? Refusal(VenueAccount account, PaperMessage message, out PaperInstrument? instrument)
    {
        instrument = null;
        var market = account.Definition.Market;
        if (message.Instrument is null || !InstrumentId.TryParse(message.Instrument, out var id) || !_byId.TryGetValue(id, out instrument) || !account.Definition.Routes.Contains(id.Route))
        {
            return $"{account.Definition.Name} does not trade '{message.Instrument}'";
        }

        var quantity = message.Quantity ?? 0m;
        var held = instrument.Position!.Quantity;
        var isExit = Math.Sign(quantity) == -Math.Sign(held) && Math.Abs(quantity) <= Math.Abs(held);
        return Trouble.IsInsolvent(market) ? $"{market} is insolvent"
            : Trouble.IsDown(market, Capability.Trade) ? $"{market} takes no orders now"
            : Trouble.IsDelisted(id) && !isExit ? $"{id} is being delisted and takes exits only"
            : Trouble.Refuses(market) ? $"{market} refused the order"
            : Math.Abs(quantity) > Largest || message.Limit > Largest ? FormattableString.Invariant($"a quantity or limit above {Largest} is none of this market")
            : quantity == 0m || instrument.Instrument.RoundTowardZero(quantity) != quantity ? FormattableString.Invariant($"{quantity} is not in lots of {instrument.Instrument.LotSize}")
            : message.Limit is <= 0m ? FormattableString.Invariant($"the limit {message.Limit} is not positive")
            : instrument.Live.TimeUtc == DateTime.MinValue ? $"{id} has no price yet"
            : !instrument.Instrument.Accepts(quantity, message.Limit ?? instrument.Live.Last) ? FormattableString.Invariant($"{quantity} {id} is below the minimum order")
            : null;
    }

    /// <summary>Somebody moves money, at once and without a fee, if the sender pays out: what a transfer takes on the way is the business of whoever plays the way.</summary>
    private string? Move(PaperMessage message)
    {
        var from = Ledger.Accounts.FirstOrDefault(account => account.Definition.Name == message.Account);
        var to = Ledger.Accounts.FirstOrDefault(account => account.Definition.Name == message.To);
        if (from is null || to is null || from == to || message is not { Currency: { Length: > 0 } currency, Amount: > 0m and var amount })
        {
            return $"a transfer needs account, to, currency and a positive amount; accounts are {string.Join(", ", Ledger.Accounts.Select(known => known.Definition.Name))}";
        }

        if (Trouble.IsDown(from.Definition.Market, Capability.Withdraw) || Trouble.IsInsolvent(to.Definition.Market))
        {
            return $"{from.Definition.Market} pays nothing out now, or {to.Definition.Market} has failed";
        }

        var withdrawable = Ledger.Withdrawable(from, currency);
        if (amount > withdrawable)
        {
            return FormattableString.Invariant($"{from.Definition.Name} can pay out {withdrawable} {currency}, not {amount}");
        }

        _log.Write(NowUtc, from.Definition.Name, isInbound: false, message);
        Move(NowUtc, from.Definition.Name, to.Definition.Name, currency, amount);
        _changed.Add(from.Definition.Name);
        _changed.Add(to.Definition.Name);
        Happened?.Invoke(FormattableString.Invariant($"{amount} {currency} moved from {from.Definition.Name} to {to.Definition.Name}"));
        return null;
    }

    private void Move(DateTime timeUtc, string from, string to, string currency, decimal amount)
    {
        var id = FormattableString.Invariant($"by hand {++_transfers}");
        Ledger.Post(new TransferSentEntry(timeUtc, id, from, to, currency, amount, 0m));
        Ledger.Post(new TransferArrivedEntry(timeUtc, id));
    }

    private void Cancel(VenueAccount account, string clientId)
    {
        var ticket = _byClientId.GetValueOrDefault((account.Definition.Name, clientId));
        if (ticket is null || ticket.IsOver || Trouble.IsDown(account.Definition.Market, Capability.Cancel) || !_exchange.Cancel(ticket.Id))
        {
            Say(account, new PaperMessage { Kind = PaperMessageKind.CancelRefused, ClientId = clientId, TimeUtc = NowUtc });
            return;
        }

        End(ticket, "canceled");
    }

    /// <summary>Everything that there is to say of an order, once more.</summary>
    private void Answer(VenueAccount account, string clientId)
    {
        if (_byClientId.GetValueOrDefault((account.Definition.Name, clientId)) is not { } ticket)
        {
            // Who was told so relies on it: an order that was on its way all the time comes too late.
            _neverArrived.Add((account.Definition.Name, clientId));
            Say(account, new PaperMessage { Kind = PaperMessageKind.Refused, ClientId = clientId, TimeUtc = NowUtc, Text = "this order never arrived" });
            return;
        }

        if (ticket.Refusal is not null)
        {
            Say(account, new PaperMessage { Kind = PaperMessageKind.Refused, ClientId = clientId, TimeUtc = NowUtc, Text = ticket.Refusal });
            return;
        }

        Say(account, WorkingOf(ticket));
        foreach (var execution in ticket.Executions)
        {
            Say(account, execution);
        }

        if (ticket.IsOver)
        {
            Say(account, OverOf(ticket, ""));
        }
    }

    private PaperMessage WorkingOf(PaperTicket ticket)
        => new() { Kind = PaperMessageKind.Working, ClientId = ticket.ClientId, OrderId = ticket.Id, Quantity = ticket.Quantity, TimeUtc = NowUtc };

    private PaperMessage OverOf(PaperTicket ticket, string why)
        => new() { Kind = PaperMessageKind.Over, ClientId = ticket.ClientId, OrderId = ticket.Id, Filled = ticket.Filled, TimeUtc = NowUtc, Text = why };

    private void End(PaperTicket ticket, string why)
    {
        ticket.IsOver = true;
        Say(ticket.Account, OverOf(ticket, why));
    }

    private void Say(VenueAccount account, PaperMessage message)
    {
        _log.Write(NowUtc, account.Definition.Name, isInbound: false, message);
        _changed.Add(account.Definition.Name);
        foreach (var session in _sessions.Where(session => session.Account == account))
        {
            session.Client.Push(message);
        }
    }

    /// <summary>Accounts that changed are shown as they are now.</summary>
    private void Tell()
    {
        foreach (var session in _sessions.Where(session => session.Account is { } account && _changed.Contains(account.Definition.Name)))
        {
            session.Client.Push(StateOf(session.Account!));
        }

        _changed.Clear();
    }

    private void Quoted(InstrumentId id, Quote quote)
    {
        var instrument = _byId[id];
        if (Trouble.IsClosed(id.Route.Market))
        {
            return;
        }

        var factor = Trouble.PriceFactor(id);
        instrument.Live = quote with { Bid = quote.Bid * factor, Ask = quote.Ask * factor, Last = quote.Last * factor };
        if (instrument.Position is { } position)
        {
            Ledger.Mark(position, instrument.Live.Last);
        }

        if (!Trouble.IsFrozen(id))
        {
            instrument.Travelling.Enqueue(instrument.Live);
        }
    }

    /// <summary>Rates to the account currency: of coins their spot price, wherever it is quoted; of all else one, as of stable coins; and what a depeg makes of it.</summary>
    private void RateAll()
    {
        foreach (var currency in Ledger.Accounts.SelectMany(account => account.Balances).Select(balance => balance.Currency).Distinct().Where(currency => currency != Ledger.AccountCurrency).ToArray())
        {
            var pair = _instruments.Find(known => known.Instrument.Id.Route.Kind == InstrumentKind.Spot && known.Instrument.Id.Ticker == currency + Ledger.AccountCurrency);
            var rate = pair is null ? 1m : pair.Live.Last;
            if (rate > 0m)
            {
                Ledger.Rate(currency, rate * Trouble.RateFactor(currency));
            }
        }
    }

    private void Show(PaperInstrument instrument)
    {
        var id = instrument.Instrument.Id;
        var isNew = false;
        while (!Trouble.IsFrozen(id) && instrument.Travelling.TryPeek(out var next) && next.TimeUtc + Trouble.DataDelay(id.Route.Market) <= NowUtc)
        {
            instrument.Shown = instrument.Travelling.Dequeue();
            isNew = true;
        }

        if (isNew)
        {
            var message = MessageOf(id, instrument.Shown);
            foreach (var session in _sessions.Where(session => session.Watched.Contains(id)))
            {
                session.Client.Push(message);
            }
        }
    }

    /// <summary>Does what begins or ends at once.</summary>
    private void Happen()
    {
        foreach (var change in _changes)
        {
            var what = change.Event;
            var market = what.Venue ?? what.Instrument?.Route.Market;
            _changed.UnionWith(Ledger.Accounts.Where(account => account.Definition.Market == market).Select(account => account.Definition.Name));
            Happened?.Invoke($"{ScenarioKinds.Of(what.Kind).Name} {what.Instrument?.ToString() ?? what.Currency ?? what.Venue} {(change.Begins ? "begins" : "ends")}");
            switch (what.Kind)
            {
                case ScenarioKind.Insolvency:
                    foreach (var account in Ledger.Accounts.Where(account => account.Definition.Market == what.Venue))
                    {
                        _exchange.Fail(account, what.Size!.Value, NowUtc);
                        _changed.Add(account.Definition.Name);
                    }

                    break;
                case ScenarioKind.ForcedLiquidation or ScenarioKind.AutoDeleveraging when change.Begins:
                    Force(what.Instrument!.Value, what.Size!.Value, what.Price, isLiquidation: what.Kind == ScenarioKind.ForcedLiquidation);
                    break;
                case ScenarioKind.Delisting when !change.Begins:
                    Force(what.Instrument!.Value, 1m, what.Price, isLiquidation: false);
                    break;
            }
        }

        if (_changes.Count > 0)
        {
            EndWhatIsGone();
            foreach (var session in _sessions.Where(session => ClosesConnections && session.Account is { } account && IsUnreachable(account.Definition.Market)).ToArray())
            {
                session.Client.Close();
            }
        }

        _changes.Clear();
    }

    /// <summary>Closes a share of a position, as a venue does by itself.</summary>
    /// <param name="id">The instrument.</param>
    /// <param name="share">0 to 1, down to whole lots.</param>
    /// <param name="price">Null: at the mark.</param>
    /// <param name="isLiquidation">Else it is deleveraging, without a fee.</param>
    public void Force(InstrumentId id, decimal share, decimal? price, bool isLiquidation)
    {
        var instrument = _byId[id];
        if (instrument.Position is { Quantity: not 0m, Mark: > 0m } position)
        {
            _exchange.Close(position, -instrument.Instrument.RoundTowardZero(share * position.Quantity), price ?? position.Mark, NowUtc, isLiquidation);
        }
    }

    private void MatchAll()
    {
        if (Matcher is null)
        {
            _instruments.ForEach(Match);
            return;
        }

        // As a backtest fills: oldest order first, whatever it trades.
        foreach (var order in _exchange.Orders.Where(order => !Trouble.IsClosed(order.Instrument.Id.Route.Market)).ToArray())
        {
            if (Matcher(order) is { } price)
            {
                _exchange.Execute(order, price, order.LimitPrice is not null && !_orders[order.Id].IsMarketable, NowUtc);
            }
        }

        EndWhatIsGone();
    }

    private void Match(PaperInstrument instrument)
    {
        var quote = instrument.Live;
        var id = instrument.Instrument.Id;
        if (quote.TimeUtc == DateTime.MinValue || Trouble.IsClosed(id.Route.Market) || !_exchange.Orders.Any(order => order.Instrument.Id == id))
        {
            return;
        }

        _exchange.Show(id, new MarketView(NowUtc, NowUtc, quote.Bid, quote.Bid, quote.BidSize, quote.Ask, quote.Ask, quote.AskSize, 0m));
        EndWhatIsGone();
    }

    private void Fund()
    {
        foreach (var instrument in _instruments)
        {
            if (instrument.Position is { IsPerpetual: true, Mark: > 0m } position)
            {
                var (rate, rateUtc) = FundingOf(position.Instrument.Id);
                _exchange.Fund(position, NowUtc, position.Mark, rate, rateUtc, Trouble);
            }
        }
    }

    private void Liquidate()
    {
        if (Ledger.Accounts.Any(account => account.Pools.Any(pool => pool.IsBreached)))
        {
            _exchange.Liquidate(NowUtc);
            EndWhatIsGone();
        }
    }

    /// <summary>Orders that the exchange has no more are over.</summary>
    private void EndWhatIsGone()
    {
        var open = _exchange.Orders.Select(order => order.Id).ToHashSet();
        foreach (var ticket in _orders.Values.Where(ticket => !ticket.IsOver && !open.Contains(ticket.Id)).OrderBy(ticket => ticket.Id))
        {
            End(ticket, ticket.Filled == ticket.Quantity ? "filled" : "ended by the venue");
        }

        foreach (var id in _orders.Where(entry => entry.Value.IsOver).Select(entry => entry.Key).ToArray())
        {
            _orders.Remove(id);
        }
    }

    private void Booked(LedgerEntry entry)
    {
        if (_isRestoring)
        {
            return;
        }

        switch (entry)
        {
            case FillEntry fill:
                _lastFee = default;
                _lastCash = fill.Cash;
                _lastIsLiquidation = fill.IsLiquidation;
                break;
            case WriteOffEntry writeOff:
                Say(
                    Ledger.Accounts.First(account => account.Definition.Name == writeOff.Account),
                    new PaperMessage { Kind = PaperMessageKind.WriteOff, TimeUtc = writeOff.TimeUtc, Currency = writeOff.Currency, Amount = writeOff.Amount });
                break;
            case FeeEntry fee:
                _lastFee = (-fee.Amount, fee.Currency);
                break;
            case FundingEntry funding:
                Say(Ledger.Find(funding.Instrument)!.Account, new PaperMessage
                {
                    Kind = PaperMessageKind.Funding,
                    TimeUtc = funding.TimeUtc,
                    Instrument = funding.Instrument.ToString(),
                    Quantity = funding.Quantity,
                    Price = funding.Mark,
                    Rate = funding.Rate,
                    Amount = funding.Amount,
                });
                Happened?.Invoke(FormattableString.Invariant($"funding of {funding.Instrument}: {funding.Amount}"));
                break;
        }
    }

    private void Traded(ExchangeOrder order, ExchangeFill fill)
    {
        var ticket = _orders[order.Id];
        ticket.Filled += fill.Quantity;
        var execution = ExecutionOf(ticket.Instrument.Instrument.Id, fill.Quantity, fill.Price) with
        {
            ClientId = ticket.ClientId,
            OrderId = ticket.Id,
            Fee = _lastFee.Amount,
            FeeCurrency = _lastFee.Currency ?? ticket.Instrument.Instrument.SettlementCurrency,
        };
        ticket.Executions.Add(execution);
        Reached?.Invoke(ticket.Account.Definition.Name, execution.Instrument!, PaperMoment.Filled);
        Say(ticket.Account, execution);
    }

    private void Liquidated(LiquidationStep step)
    {
        var id = step.Position.Instrument.Id;
        Say(step.Position.Account, ExecutionOf(id, step.Quantity, step.Price) with
        {
            Fee = step.Fee,
            FeeCurrency = step.Position.Instrument.SettlementCurrency,
            Amount = _lastCash,
            IsLiquidation = _lastIsLiquidation,
            Text = "closed by the venue",
        });
        Happened?.Invoke(FormattableString.Invariant($"the venue closed {step.Quantity} {id} at {step.Price}"));
    }

    private PaperMessage ExecutionOf(InstrumentId id, decimal quantity, decimal price)
        => new() { Kind = PaperMessageKind.Execution, ExecutionId = ++_executions, Instrument = id.ToString(), Quantity = quantity, Price = price, TimeUtc = NowUtc };

    /// <summary>An instrument and its market.</summary>
    private sealed class PaperInstrument(Instrument instrument, AccountPosition? position)
    {
        public Instrument Instrument => instrument;

        /// <summary>Null where nobody has an account: it is only quoted.</summary>
        public AccountPosition? Position => position;

        /// <summary>The venue's own last quote.</summary>
        public Quote Live { get; set; }

        /// <summary>What clients have seen of it.</summary>
        public Quote Shown { get; set; }

        public Queue<Quote> Travelling { get; } = [];
    }

    /// <summary>An order at the exchange.</summary>
    private sealed class PaperTicket(int id, string clientId, VenueAccount account, PaperInstrument instrument, decimal quantity, decimal? limit)
    {
        public int Id => id;

        public string ClientId => clientId;

        public VenueAccount Account => account;

        public PaperInstrument Instrument => instrument;

        public decimal Quantity => quantity;

        public decimal? Limit => limit;

        public decimal Filled { get; set; }

        /// <summary>Whether it met the other side of the book when it came.</summary>
        public bool IsMarketable { get; init; }

        public bool IsOver { get; set; }

        public string? Refusal { get; set; }

        public List<PaperMessage> Executions { get; } = [];
    }
}

/// <summary>A client that was let in.</summary>
/// <param name="client">The connection.</param>
/// <param name="account">Its account; null: market data only.</param>
internal sealed class PaperSession(IPaperClient client, VenueAccount? account)
{
    /// <summary>Of the client, if it said so.</summary>
    public int? ProcessId { get; init; }

    /// <summary>The connection.</summary>
    public IPaperClient Client => client;

    /// <summary>The account; null: market data only.</summary>
    public VenueAccount? Account => account;

    /// <summary>Instruments whose quotes it gets.</summary>
    public HashSet<InstrumentId> Watched { get; } = [];
}
