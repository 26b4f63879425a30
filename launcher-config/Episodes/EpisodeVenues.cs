using System;
using System.Collections.Generic;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Episodes;

/// <summary>
/// The venues of an episode as they really are: orders, positions and money over Core's simulated exchange, and the
/// messages by which the desk learns of them, late, twice, out of order or not at all.
/// </summary>
internal sealed partial class EpisodeVenues : IOrderPort
{
    private readonly EpisodeRandom _prices;
    private readonly EpisodeRandom _ways;
    private readonly SimulatedExchange _exchange;
    private readonly PriorityQueue<(TruthOrder Order, InboundKind Kind), (DateTime Due, long No)> _inbound = new();
    private readonly PriorityQueue<Outbound, (DateTime Due, long No)> _outbound = new();
    private readonly List<(string Name, decimal Mid, int Digits)> _underlyings = [];
    private readonly Dictionary<InstrumentId, TruthInstrument> _byId = [];
    private readonly Dictionary<int, TruthOrder> _orders = [];
    private long _number;
    private long _executions;
    private int _ids;
    private int _venueIds = 900_000_000;
    private decimal _lastCoinFee;

    public EpisodeVenues(EpisodeWorld world, ulong seed)
    {
        World = world;
        _prices = new EpisodeRandom(seed, 3);
        _ways = new EpisodeRandom(seed, 4);
        Ledger = new Ledger(EpisodeWorld.Currency, world.Accounts);
        Ledger.Booked = Booked;
        _exchange = new SimulatedExchange(Ledger, Latency.Of(TimeSpan.Zero))
        {
            Traded = Traded,
            Liquidated = Liquidated,
        };
        NowUtc = EpisodeWorld.StartUtc;
        foreach (var account in Ledger.Accounts)
        {
            VenueOf(account.Definition.Market).Accounts.Add(account);
        }

        for (var i = 0; i < world.Groups.Count; i++)
        {
            var group = world.Groups[i];
            var (price, digits) = EpisodeWorld.PriceOf(group.Name);
            _underlyings.Add((group.Name, price, digits));
            var members = new List<TruthInstrument> { Open(group.Primary, i, 0) };
            for (var leg = 0; leg < group.Hedges.Count; leg++)
            {
                members.Add(Open(group.Hedges[leg], i, leg + 1));
            }

            Groups.Add(members);
        }

        foreach (var venue in Venues)
        {
            Markets.Add(venue.Market);
            venue.Latency = _ways.Between(20, 700);
            venue.NextReport = _ways.Between(1, 4);
        }

        Ledger.Rate("USDC", 0.9995m);
        MovePrices(0);
    }

    /// <summary>Looks at each order of the desk before it leaves.</summary>
    public Action<TruthOrder>? Sending { get; set; }

    /// <summary>What strikes an order, asked before it leaves.</summary>
    public Action<TruthOrder>? Strikes { get; set; }

    /// <summary>What strikes a cancel; true: the venue does not cancel.</summary>
    public Func<TruthOrder, bool>? StrikesCancel { get; set; }

    /// <summary>Told each entry of the ledger.</summary>
    public Action<LedgerEntry>? Entered { get; set; }

    /// <summary>Told that an order is over at the venue.</summary>
    public Action<TruthOrder>? Ended { get; set; }

    public EpisodeWorld World { get; }

    public Ledger Ledger { get; }

    /// <summary>The venues, in the order of first use.</summary>
    public List<TruthVenue> Venues { get; } = [];

    public List<string> Markets { get; } = [];

    /// <summary>Each group's primary, then its legs.</summary>
    public List<List<TruthInstrument>> Groups { get; } = [];

    public DateTime NowUtc { get; private set; }

    public int Tick { get; private set; }

    /// <summary>Orders that the desk sent.</summary>
    public int Sent { get; private set; }

    public TruthInstrument Find(InstrumentId id) => _byId[id];

    /// <summary>Whether the desk sent an order.</summary>
    public bool IsOurs(int orderId) => _orders.TryGetValue(orderId, out var order) && order.IsOurs;

    /// <inheritdoc />
    public int Send(in DeskOrder order)
    {
        var sent = new TruthOrder(++_ids, _byId[order.Instrument.Id], order.Quantity, order.LimitPrice, isOurs: true, NowUtc)
        {
            IsTogether = order.Tag.EndsWith(": exit", StringComparison.Ordinal),
        };
        Sent++;
        Sending?.Invoke(sent);
        Strikes?.Invoke(sent);
        Depart(sent);
        sent.InBook = true;
        sent.Instrument.Book.Add(sent);
        return sent.Id;
    }

    /// <inheritdoc />
    public void Cancel(InstrumentId instrument, int orderId)
    {
        if (_orders.TryGetValue(orderId, out var order))
        {
            Cancel(order);
        }
    }

    /// <inheritdoc />
    public void Query(InstrumentId instrument, int orderId)
    {
        if (_orders.TryGetValue(orderId, out var order))
        {
            _inbound.Enqueue((order, InboundKind.Query), (NowUtc + Way(order.Instrument.Venue), ++_number));
        }
    }

    /// <summary>Somebody else's order, past the desk.</summary>
    public TruthOrder SendForeign(TruthInstrument instrument, decimal quantity, decimal? limitPrice)
    {
        var order = new TruthOrder(++_ids, instrument, quantity, limitPrice, isOurs: false, NowUtc);
        Strikes?.Invoke(order);
        Depart(order);
        return order;
    }

    /// <summary>Asks the venue to cancel.</summary>
    public void Cancel(TruthOrder order)
    {
        if (StrikesCancel?.Invoke(order) == true)
        {
            Emit(order.Instrument.Venue, new CancelRefused(order.Instrument.Instrument.Id, order.Id), false, order, null, Way(order.Instrument.Venue));
            return;
        }

        var due = NowUtc + Way(order.Instrument.Venue) + Trouble.OrderDelay(order.Instrument.Venue.Market);
        _inbound.Enqueue((order, InboundKind.Cancel), (due > order.ArrivesUtc ? due : order.ArrivesUtc, ++_number));
    }

    /// <summary>Goes on by a second: prices, arrivals, matching, funding, liquidation, reports.</summary>
    public void Step()
    {
        Tick++;
        var untilUtc = EpisodeWorld.StartUtc.AddSeconds(Tick);
        while (_inbound.TryPeek(out _, out var priority) && priority.Due <= untilUtc)
        {
            var (order, kind) = _inbound.Dequeue();
            NowUtc = priority.Due > NowUtc ? priority.Due : NowUtc;
            Arrive(order, kind);
        }

        NowUtc = untilUtc;
        Trouble.Advance(NowUtc, _troubles);
        Travelled?.Invoke();
        MovePrices(Tick);
        Happen();
        ChangeHealth();
        Match();
        for (var i = 0; i < Groups.Count; i++)
        {
            for (var leg = 0; leg < Groups[i].Count; leg++)
            {
                var position = Groups[i][leg].Position;
                if (position.IsPerpetual)
                {
                    _exchange.Fund(position, NowUtc, position.Mark, UsualFunding(i), NowUtc, Trouble);
                }
            }
        }

        Liquidate();
        Report();
    }

    /// <summary>The next message that has arrived; null if there is none.</summary>
    public Outbound? Deliver()
    {
        while (_outbound.TryPeek(out _, out var priority) && priority.Due <= NowUtc)
        {
            var message = _outbound.Dequeue();
            if (message.IsData && !message.Venue.Is(Capability.Data) && message.Venue.FailedUtc is null)
            {
                message.Venue.Held.Add(message);
                continue;
            }

            return message;
        }

        return null;
    }

    /// <summary>Takes a capability down.</summary>
    public static void TakeDown(TruthVenue venue, Capability capability, int untilTick)
        => venue.DownUntil[(int)capability] = Math.Max(venue.DownUntil[(int)capability], untilTick);

    /// <summary>Moves an underlying's price by thousandths.</summary>
    public void Jump(int group, int thousandths)
        => _underlyings[group] = _underlyings[group] with { Mid = _underlyings[group].Mid * (1000 + thousandths) / 1000m };

    /// <summary>The venue takes a part of a position at the mark; no message is sent.</summary>
    public void Deleverage(TruthInstrument instrument, int thousandths)
    {
        var position = instrument.Position;
        var quantity = instrument.Instrument.RoundTowardZero(-position.Quantity * thousandths / 1000m);
        if (quantity == 0m)
        {
            quantity = -position.Quantity;
        }

        Ledger.Post(new FillEntry(NowUtc, instrument.Instrument.Id, quantity, position.Mark, position.RealizedBy(quantity, position.Mark), 0m));
        instrument.Deleveraged.Add(Happened(instrument, quantity, 0m, position.Mark, null));
    }

    /// <summary>A wick of the marks on which the account of a position is liquidated; false if no price does it.</summary>
    public bool ForceLiquidation(TruthInstrument instrument)
    {
        var position = instrument.Position;
        foreach (var pool in position.Account.Pools)
        {
            if (!Contains(pool.Perpetuals, position) || pool.LiquidationPrice(position) is not { } price || position.Mark == 0m)
            {
                continue;
            }

            var factor = price / position.Mark;
            factor = factor > 1m ? (factor * 1.002m) + 0.0005m : (factor * 0.998m) - 0.0005m;
            if (factor is < 0.02m or > 30m)
            {
                return false;
            }

            var marks = new List<decimal>();
            foreach (var other in pool.Perpetuals)
            {
                marks.Add(other.Mark);
                if (other.Instrument.Underlying == position.Instrument.Underlying)
                {
                    Ledger.Mark(other, Math.Round(other.Mark * factor, 10));
                }
            }

            var before = position.Quantity;
            Liquidate();
            for (var i = 0; i < marks.Count; i++)
            {
                Ledger.Mark(pool.Perpetuals[i], marks[i]);
            }

            return position.Quantity != before;
        }

        return false;

        static bool Contains(IReadOnlyList<AccountPosition> positions, AccountPosition position)
        {
            for (var i = 0; i < positions.Count; i++)
            {
                if (positions[i] == position)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Whether anything of ours is still on its way or held back beyond the usual.</summary>
    public bool IsDisturbed()
    {
        foreach (var venue in Venues)
        {
            if (venue.Held.Count > 0 || venue.SlowUntil > Tick || venue.DuplicatesUntil > Tick || venue.ReorderedUntil > Tick)
            {
                return true;
            }

            for (var i = 0; i < 4; i++)
            {
                if ((venue.IsDown[i] && venue.FailedUtc is null) || venue.ToldUtc[i] >= NowUtc)
                {
                    return true;
                }
            }

            if (venue.FailedUtc is { } failed && NowUtc - failed < FailureIsKnownAfter)
            {
                return true;
            }

            foreach (var instrument in venue.Instruments)
            {
                if (instrument.StaleUntil > Tick || instrument.ThinUntil > Tick || IsOff(instrument))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Orders open at the venue's exchange, for the reservations.</summary>
    public IReadOnlyCollection<ExchangeOrder> ExchangeOrders => _exchange.Orders;

    private void Depart(TruthOrder order)
    {
        _orders.Add(order.Id, order);
        order.ArrivesUtc = NowUtc + Way(order.Instrument.Venue) + Trouble.OrderDelay(order.Instrument.Venue.Market);
        _inbound.Enqueue((order, InboundKind.New), (order.ArrivesUtc, ++_number));
    }

    private TimeSpan Way(TruthVenue venue)
        => TimeSpan.FromMilliseconds(venue.Latency + _ways.Between(0, 100) + (venue.SlowUntil > Tick ? _ways.Between(1500, 6000) : 0));

    private void Arrive(TruthOrder order, InboundKind kind)
    {
        var instrument = order.Instrument;
        var venue = instrument.Venue;
        switch (kind)
        {
            case InboundKind.New:
                ArriveNew(order, instrument, venue);
                break;
            case InboundKind.Cancel when !venue.Is(Capability.Trade):
                break;
            case InboundKind.Cancel when !venue.Is(Capability.Cancel) || order.Stage != TruthStage.Open:
                Emit(venue, new CancelRefused(instrument.Instrument.Id, order.Id), false, order, null);
                break;
            case InboundKind.Cancel:
                CancelOpen(order);
                break;
            case InboundKind.Query when venue.Is(Capability.Trade) && order.Stage != TruthStage.Travelling && NowUtc >= order.MutedUntilUtc:
                Answer(order);
                break;
        }
    }

    private void ArriveNew(TruthOrder order, TruthInstrument instrument, TruthVenue venue)
    {
        var id = instrument.Instrument.Id;
        if (venue.FailedUtc is null && (!venue.Is(Capability.Trade) || order.Fault == EpisodeFault.UnknownLost))
        {
            order.Enter(TruthStage.Never, NowUtc);
            if (order.IsOurs && _ways.Percent(60))
            {
                Emit(venue, new OrderFailed(id, order.Id, false), false, order, null, TimeSpan.FromMilliseconds(_ways.Between(0, 3000)));
            }

            return;
        }

        if (venue.FailedUtc is not null
            || order.Fault == EpisodeFault.Reject
            || Refuses(instrument, order.Quantity)
            || !instrument.Instrument.Accepts(order.Quantity, instrument.Live.Last)
            || !_exchange.Submit(order.Id, instrument.Instrument, order.Quantity, order.LimitPrice, order.Quantity > 0m ? instrument.Live.Ask : instrument.Live.Bid, NowUtc).Accepted)
        {
            order.Enter(TruthStage.Never, NowUtc);
            Emit(venue, new OrderFailed(id, order.Id, true), false, order, null);
            return;
        }

        order.Enter(TruthStage.Open, NowUtc);
        instrument.Open.Add(order);
        if (order.Fault == EpisodeFault.UnknownDelivered && order.IsOurs && _ways.Percent(60))
        {
            Emit(venue, new OrderFailed(id, order.Id, false), false, null, null, TimeSpan.FromMilliseconds(_ways.Between(0, 3000)), order);
        }

        Emit(venue, new OrderWorking(id, order.Id, order.Quantity), false, order, null);
    }

    private void CancelOpen(TruthOrder order)
    {
        var instrument = order.Instrument;
        if (order.RaceShare > 0 && order.LimitPrice is { } limit)
        {
            // The market comes to the order before the cancel does.
            var volume = order.RaceShare >= 1000 ? 0m : Math.Abs(order.Quantity - order.Filled) * order.RaceShare / 1000m / Matching.ShareOfVolume;
            order.LateBy = TimeSpan.FromMilliseconds(_ways.Between(1500, 4000));
            var quote = instrument.Live;
            _exchange.Show(instrument.Instrument.Id, new MarketView(
                NowUtc, NowUtc, quote.Bid, order.Quantity < 0m ? limit * 1.0001m : 0m, quote.BidSize,
                quote.Ask, order.Quantity > 0m ? limit * 0.9999m : decimal.MaxValue, quote.AskSize, volume));
            EndWhatIsOver(instrument);
            if (order.Stage == TruthStage.Over)
            {
                return;
            }
        }

        _exchange.Cancel(order.Id);
        EndOrder(order);
    }

    /// <summary>What a venue says when it is asked about an order.</summary>
    private void Answer(TruthOrder order)
    {
        var venue = order.Instrument.Venue;
        var id = order.Instrument.Instrument.Id;
        if (order.Stage == TruthStage.Never)
        {
            Emit(venue, new OrderFailed(id, order.Id, true), false, order, null);
            return;
        }

        for (var i = 0; i < order.Events.Count; i++)
        {
            Emit(venue, MessageOf(order.Events[i], order.Instrument, order.Id), false, order, order.Events[i]);
        }

        Emit(
            venue,
            order.Stage == TruthStage.Open
                ? new OrderWorking(id, order.Id, order.Quantity)
                : new OrderOver(id, order.Id, order.Filled, order.Instrument.Sequence),
            false,
            order,
            null);
    }

    private void EndOrder(TruthOrder order)
    {
        order.Enter(TruthStage.Over, NowUtc);
        order.Instrument.Open.Remove(order);
        Emit(order.Instrument.Venue, new OrderOver(order.Instrument.Instrument.Id, order.Id, order.Filled, order.Instrument.Sequence), true, order, null);
        Ended?.Invoke(order);
    }

    private void Match()
    {
        for (var i = 0; i < Groups.Count; i++)
        {
            for (var leg = 0; leg < Groups[i].Count; leg++)
            {
                var instrument = Groups[i][leg];
                if (instrument.Open.Count == 0 || Trouble.IsClosed(instrument.Venue.Market))
                {
                    continue;
                }

                var quote = instrument.Live;
                var isThin = instrument.ThinUntil > Tick;
                _exchange.Show(
                    instrument.Instrument.Id,
                    new MarketView(
                        NowUtc, NowUtc, quote.Bid, quote.Bid, isThin ? instrument.ThinSize : quote.BidSize,
                        quote.Ask, quote.Ask, isThin ? instrument.ThinSize : quote.AskSize, 0m));
                EndWhatIsOver(instrument);
            }
        }
    }

    /// <summary>Orders that the exchange has no more are over.</summary>
    private void EndWhatIsOver(TruthInstrument instrument)
    {
        for (var i = instrument.Open.Count - 1; i >= 0; i--)
        {
            var order = instrument.Open[i];
            var isOpen = false;
            foreach (var other in _exchange.Orders)
            {
                if (other.Id == order.Id)
                {
                    isOpen = true;
                    break;
                }
            }

            if (!isOpen)
            {
                EndOrder(order);
            }
        }
    }

    private void Liquidate()
    {
        var isBreached = false;
        foreach (var account in Ledger.Accounts)
        {
            for (var i = 0; i < account.Pools.Count; i++)
            {
                isBreached |= account.Pools[i].IsBreached;
            }
        }

        if (!isBreached)
        {
            return;
        }

        _exchange.Liquidate(NowUtc);
        foreach (var group in Groups)
        {
            foreach (var instrument in group)
            {
                EndWhatIsOver(instrument);
            }
        }
    }

    private void Report()
    {
        foreach (var venue in Venues)
        {
            if (venue.NextReport > Tick)
            {
                continue;
            }

            venue.NextReport = Tick + _ways.Between(2, 5);
            if (!venue.Is(Capability.Data))
            {
                continue;
            }

            Report(venue);
        }
    }

    private void Report(TruthVenue venue)
    {
        foreach (var instrument in venue.Instruments)
        {
            Emit(venue, new PositionReport(instrument.Instrument.Id, instrument.Position.Quantity, instrument.Sequence), true, null, null);
        }
    }

    private void ChangeHealth()
    {
        foreach (var venue in Venues)
        {
            for (var i = 0; i < 4; i++)
            {
                var isDown = venue.DownUntil[i] > Tick || venue.FailedUtc is not null;
                if (venue.IsDown[i] == isDown)
                {
                    continue;
                }

                venue.IsDown[i] = isDown;
                var due = NowUtc.AddSeconds(_ways.Between(1, 4));
                venue.ToldUtc[i] = due > venue.ToldUtc[i] ? due : venue.ToldUtc[i].AddMilliseconds(1);
                _outbound.Enqueue(
                    new Outbound(venue, new HealthChanged(venue.Market, (Capability)i, isDown ? HealthState.Down : HealthState.Healthy, isDown ? HealthReason.Disconnected : HealthReason.None), false, null, null),
                    (venue.ToldUtc[i], ++_number));
                if ((Capability)i == Capability.Data && !isDown)
                {
                    foreach (var message in venue.Held)
                    {
                        _outbound.Enqueue(message, (NowUtc, ++_number));
                    }

                    venue.Held.Clear();
                }
            }
        }
    }

    private void Emit(TruthVenue venue, VenueMessage message, bool isData, TruthOrder? order, TruthEvent? happened, TimeSpan late = default, TruthOrder? about = null)
    {
        var due = NowUtc + late + TimeSpan.FromMilliseconds(_ways.Between(0, 3) * 150);
        if (venue.SlowUntil > Tick)
        {
            due = due.AddMilliseconds(_ways.Between(1000, 5000));
        }

        if (venue.ReorderedUntil > Tick)
        {
            due = due.AddMilliseconds(_ways.Between(0, 3000));
        }
        else if (late == default && isData)
        {
            due = due > venue.LastDueUtc ? due : venue.LastDueUtc;
            venue.LastDueUtc = due;
        }

        if (order is not null && due < order.MutedUntilUtc)
        {
            due = order.MutedUntilUtc.AddMilliseconds(_ways.Between(0, 800));
        }

        var outbound = new Outbound(venue, message, isData, order ?? about, happened);
        _outbound.Enqueue(outbound, (due, ++_number));
        if (venue.DuplicatesUntil > Tick)
        {
            _outbound.Enqueue(outbound, (due.AddMilliseconds(_ways.Between(0, 3000)), ++_number));
        }
    }

    private TruthEvent Happened(TruthInstrument instrument, decimal quantity, decimal coinFee, decimal price, TruthOrder? order)
    {
        var happened = new TruthEvent(++instrument.Sequence, ++_executions, quantity, coinFee, price, order);
        instrument.Untold.Add(happened);
        order?.Events.Add(happened);
        return happened;
    }

    private static Execution MessageOf(TruthEvent happened, TruthInstrument instrument, int orderId)
        => new(instrument.Instrument.Id, orderId, happened.ExecutionId, happened.Sequence, happened.Quantity, happened.CoinFee, happened.Price);

    private void Booked(LedgerEntry entry)
    {
        if (entry is FeeEntry fee && _byId.TryGetValue(fee.Instrument, out var instrument))
        {
            _lastCoinFee = fee.Currency == instrument.Instrument.Underlying ? -fee.Amount : 0m;
        }
        else if (entry is FillEntry)
        {
            _lastCoinFee = 0m;
        }

        Entered?.Invoke(entry);
    }

    private void Traded(ExchangeOrder traded, ExchangeFill fill)
    {
        var order = _orders[traded.Id];
        order.Filled += fill.Quantity;
        var happened = Happened(order.Instrument, fill.Quantity, _lastCoinFee, fill.Price, order);
        Emit(order.Instrument.Venue, MessageOf(happened, order.Instrument, order.Id), true, order, happened, order.LateBy);
    }

    private void Liquidated(LiquidationStep step)
    {
        var instrument = _byId[step.Position.Instrument.Id];
        var happened = Happened(instrument, step.Quantity, 0m, step.Price, null);
        Emit(instrument.Venue, MessageOf(happened, instrument, ++_venueIds), true, null, happened);
    }

    /// <summary>A venue; it is there from its first use.</summary>
    public TruthVenue VenueOf(string market)
    {
        var venue = Venues.Find(venue => venue.Market == market);
        if (venue is null)
        {
            Venues.Add(venue = new TruthVenue(market));
        }

        return venue;
    }

    /// <summary>The account of a name.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public VenueAccount AccountOf(string name)
    {
        foreach (var account in Ledger.Accounts)
        {
            if (account.Definition.Name == name)
            {
                return account;
            }
        }

        throw new InvalidOperationException($"no account {name}");
    }

    private TruthInstrument Open(Instrument instrument, int group, int leg)
    {
        var venue = VenueOf(instrument.Id.Route.Market);
        var opened = new TruthInstrument(instrument, venue, Ledger.Open(instrument, leg == 0), group, leg) { HalfSpread = _prices.Between(30, 500) };
        venue.Instruments.Add(opened);
        _byId.Add(instrument.Id, opened);
        return opened;
    }

    private void MovePrices(int tick)
    {
        for (var i = 0; i < Groups.Count; i++)
        {
            var (name, mid, digits) = _underlyings[i];
            mid = Math.Round(mid * (1_000_000 + _prices.Between(-400, 400)) / 1_000_000m, digits + 2);
            _underlyings[i] = (name, mid, digits);
            Ledger.Rate(name, mid);
            var isQuiet = Trouble.IsQuiet;
            var members = Groups[i];
            for (var leg = 0; leg < members.Count; leg++)
            {
                var instrument = members[leg];
                instrument.Offset = (instrument.Offset * 9 / 10) + _prices.Between(-60, 60);
                var last = mid * instrument.UnitsPerContract * (1_000_000 + instrument.Offset) / 1_000_000m * (isQuiet ? 1m : Trouble.PriceFactor(instrument.Instrument.Id));
                var bid = Math.Round(last * (1_000_000 - instrument.HalfSpread) / 1_000_000m, digits);
                var ask = Math.Round(last * (1_000_000 + instrument.HalfSpread) / 1_000_000m, digits);
                last = Math.Round(last, digits);
                var size = instrument.Instrument.RoundTowardZero(_prices.Between(400, 9000) / last);
                var quote = new Quote(NowUtc, bid, size, ask, instrument.Instrument.RoundTowardZero(_prices.Between(400, 9000) / last), last);
                if (!isQuiet && tick > 0 && Trouble.IsClosed(instrument.Venue.Market))
                {
                    continue;
                }

                instrument.Live = quote;
                if (instrument.Position.Mark != last)
                {
                    Ledger.Mark(instrument.Position, last);
                }

                if (instrument.Venue.Is(Capability.Data) && instrument.StaleUntil <= tick)
                {
                    instrument.Seen = instrument.Live;
                }
            }
        }
    }

    private enum InboundKind
    {
        New,
        Cancel,
        Query,
    }
}
