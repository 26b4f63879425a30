#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Exchange;

/// <summary>
/// The one simulated exchange: every venue of a run, with its matching, latency, fees, funding and liquidation over the
/// ledger. It keeps orders and books fills by itself; behind LEAN's models only <see cref="Meet"/>,
/// <see cref="FeeRate"/> and the clocks are used, because there LEAN keeps the orders and books the money.
/// </summary>
/// <param name="ledger">The accounts.</param>
/// <param name="latency">How late orders arrive.</param>
public sealed class SimulatedExchange(Ledger ledger, Latency latency)
{
    private readonly SortedDictionary<int, ExchangeOrder> _orders = [];
    private readonly Dictionary<Route, FeeMeter?> _fees = [];
    private readonly Dictionary<InstrumentId, FundingClock> _clocks = [];

    /// <summary>The accounts.</summary>
    public Ledger Ledger => ledger;

    /// <summary>How late orders arrive.</summary>
    public Latency Latency => latency;

    /// <summary>The open orders, oldest first.</summary>
    public IReadOnlyCollection<ExchangeOrder> Orders => _orders.Values;

    /// <summary>Told each fill that this exchange booked by itself.</summary>
    public Action<ExchangeOrder, ExchangeFill>? Traded { get; set; }

    /// <summary>Told each forced fill that this exchange booked by itself.</summary>
    public Action<LiquidationStep>? Liquidated { get; set; }

    /// <summary>When an order that is decided now reaches the matching engine, UTC.</summary>
    /// <param name="id">Its instrument.</param>
    /// <param name="decidedUtc">UTC.</param>
    public DateTime Arrival(InstrumentId id, DateTime decidedUtc)
        => decidedUtc + latency.At(ledger.Find(id.Route)!.Definition.Profile);

    /// <summary>The venue's fee rate now by its own schedule; null where the engine's fee model charges.</summary>
    /// <param name="route">The route.</param>
    /// <param name="timeUtc">UTC; does not go back.</param>
    /// <param name="isMaker">Whether the order rested.</param>
    public decimal? FeeRate(Route route, DateTime timeUtc, bool isMaker) => MeterOf(route)?.RateAt(timeUtc, isMaker);

    /// <summary>Counts a fill toward the venue's 30-day volume.</summary>
    /// <param name="route">The route.</param>
    /// <param name="timeUtc">UTC; does not go back.</param>
    /// <param name="notional">In the settlement currency; positive.</param>
    public void CountVolume(Route route, DateTime timeUtc, decimal notional) => MeterOf(route)?.Count(timeUtc, notional);

    /// <summary>The funding clock of a perpetual.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public FundingClock ClockOf(Instrument instrument)
    {
        if (!_clocks.TryGetValue(instrument.Id, out var clock))
        {
            clock = new FundingClock(instrument, ledger.Find(instrument.Id.Route)!.Definition.Profile.Funding);
            _clocks.Add(instrument.Id, clock);
        }

        return clock;
    }

    /// <summary>
    /// Matches one order against an interval. A spot buy trades at most what its account can pay for at that price; a
    /// rest for which the money is then missing is canceled, as no venue lends for it.
    /// </summary>
    /// <param name="order">The order; what it met is remembered in it.</param>
    /// <param name="view">The interval.</param>
    /// <param name="feeRate">Fee per notional in the settlement currency, zero if it is taken in the coin.</param>
    public ExchangeFill Meet(ExchangeOrder order, in MarketView view, decimal feeRate)
    {
        var match = Matching.Meet(order, view);
        if (match.Quantity <= 0m || order.Instrument.Id.Route.Kind != InstrumentKind.Spot)
        {
            return new ExchangeFill(match.Quantity, match.Price, match.IsMaker, false);
        }

        var unit = match.Price * order.Instrument.ContractMultiplier * (1m + feeRate);
        var funds = ledger.FundsOf(order.Instrument.Id, order.Id);
        var rest = ledger.CostOf(order.Instrument.Id, order.Id, order.Remaining - match.Quantity);
        if ((match.Quantity * unit) + rest <= funds)
        {
            return new ExchangeFill(match.Quantity, match.Price, match.IsMaker, false);
        }

        var payable = Math.Min(match.Quantity, order.Instrument.RoundTowardZero(Math.Max(0m, funds) / unit));
        return new ExchangeFill(payable, match.Price, match.IsMaker, true);
    }

    /// <summary>Takes in an order if its account carries it.</summary>
    /// <param name="id">Positive and unique.</param>
    /// <param name="instrument">Open in the ledger.</param>
    /// <param name="quantity">Contracts, signed, in whole lots.</param>
    /// <param name="limitPrice">Null for a market order.</param>
    /// <param name="quote">What a market order is expected to cost, in the settlement currency.</param>
    /// <param name="utcNow">When it was decided, UTC.</param>
    public OrderVerdict Submit(int id, Instrument instrument, decimal quantity, decimal? limitPrice, decimal quote, DateTime utcNow)
    {
        var feeRate = AddedFeeRate(instrument, utcNow);
        var verdict = ledger.Reserve(new OrderRequirement(id, instrument.Id, quantity, limitPrice ?? quote, feeRate));
        if (verdict.Accepted)
        {
            _orders.Add(id, new ExchangeOrder(id, instrument, quantity, limitPrice, Arrival(instrument.Id, utcNow)));
        }

        return verdict;
    }

    /// <summary>Cancels an order; false if it is not open.</summary>
    public bool Cancel(int id)
    {
        if (!_orders.Remove(id, out var order))
        {
            return false;
        }

        ledger.Release(order.Instrument.Id, id);
        return true;
    }

    /// <summary>Shows the venue's market of an instrument: its orders meet it, oldest first.</summary>
    /// <param name="id">The instrument.</param>
    /// <param name="view">The interval.</param>
    public void Show(InstrumentId id, in MarketView view)
    {
        foreach (var order in _orders.Values.Where(order => order.Instrument.Id == id).ToArray())
        {
            var fill = Meet(order, view, AddedFeeRate(order.Instrument, view.EndUtc));
            if (fill.Quantity != 0m)
            {
                Book(order, fill, view.EndUtc);
            }

            if (fill.CancelsRest || order.Remaining == 0m)
            {
                _orders.Remove(order.Id);
                ledger.Release(id, order.Id);
            }
        }
    }

    /// <summary>Fills what is left of an open order at a price that somebody else found, and ends it.</summary>
    /// <param name="order">One of <see cref="Orders"/>.</param>
    /// <param name="price">In the settlement currency; positive.</param>
    /// <param name="isMaker">Whether it rested.</param>
    /// <param name="utcNow">UTC.</param>
    public void Execute(ExchangeOrder order, decimal price, bool isMaker, DateTime utcNow)
    {
        Book(order, new ExchangeFill(order.Remaining, price, isMaker, CancelsRest: false), utcNow);
        _orders.Remove(order.Id);
        ledger.Release(order.Instrument.Id, order.Id);
    }

    /// <summary>Settles every due funding boundary of a perpetual.</summary>
    /// <param name="position">The position.</param>
    /// <param name="utcNow">UTC; does not go back.</param>
    /// <param name="mark">Mark price, in the settlement currency.</param>
    /// <param name="rate">The last rate, or null.</param>
    /// <param name="rateUtc">The end of its interval, UTC.</param>
    /// <param name="scenario">What takes the place of rate and interval; gone on to the same time before; null: nothing.</param>
    public void Fund(AccountPosition position, DateTime utcNow, decimal mark, decimal? rate, DateTime rateUtc, ScenarioPlayer? scenario = null)
    {
        var clock = ClockOf(position.Instrument);
        var interval = scenario?.FundingInterval(position.Instrument.Id);
        while (clock.TakeDue(utcNow, interval) is { } boundary)
        {
            FundingEntry? entry;
            if (scenario?.FundingRate(position.Instrument.Id) is { } forced)
            {
                clock.Settle(boundary, position.Quantity, mark, forced, boundary, out entry);
            }
            else
            {
                clock.Settle(boundary, position.Quantity, mark, rate, rateUtc, out entry, interval);
            }

            if (entry is not null)
            {
                ledger.Post(entry);
            }
        }
    }

    /// <summary>Liquidates whoever must be: working orders of the account go first.</summary>
    /// <param name="utcNow">UTC.</param>
    public void Liquidate(DateTime utcNow)
    {
        foreach (var account in ledger.Accounts)
        {
            if (account.Pools.Any(pool => pool.IsBreached))
            {
                foreach (var order in _orders.Values.Where(order => account.Definition.Routes.Contains(order.Instrument.Id.Route)).ToArray())
                {
                    Cancel(order.Id);
                }

                Liquidation.Run(
                    ledger,
                    account,
                    step => Book(step, utcNow),
                    (currency, amount) => ledger.Post(new WriteOffEntry(utcNow, account.Definition.Name, currency, amount)));
            }

            // What breaks a margin from here on breaks it at these marks, not on the way to them.
            foreach (var position in account.Positions.Where(position => position.IsPerpetual && position.Mark != 0m))
            {
                ledger.Mark(position, position.Mark);
            }
        }
    }

    /// <summary>The venue closes a share of a position, coins too; working orders of the instrument go first.</summary>
    /// <param name="position">The position.</param>
    /// <param name="quantity">Contracts, signed, against the position.</param>
    /// <param name="price">In the settlement currency.</param>
    /// <param name="utcNow">UTC.</param>
    /// <param name="isLiquidation">Whether it is a liquidation, for which the venue takes its fee, at most what the account has.</param>
    public void Close(AccountPosition position, decimal quantity, decimal price, DateTime utcNow, bool isLiquidation = false)
    {
        var id = position.Instrument.Id;
        foreach (var order in _orders.Values.Where(order => order.Instrument.Id == id).ToArray())
        {
            Cancel(order.Id);
        }

        if (quantity == 0m)
        {
            return;
        }

        var coins = position.IsPerpetual ? 0m : quantity;
        var settled = position.IsPerpetual ? position.RealizedBy(quantity, price) : -quantity * position.Instrument.ContractMultiplier * price;
        var fee = isLiquidation ? LiquidationFee(position, quantity, price) : 0m;
        ledger.Post(new FillEntry(utcNow, id, quantity, price, settled, coins, isLiquidation));
        if (fee != 0m)
        {
            ledger.Post(new FeeEntry(utcNow, id, position.Instrument.SettlementCurrency, -fee, IsLiquidation: true));
        }

        Liquidated?.Invoke(new LiquidationStep(position, quantity, price, fee));
    }

    /// <summary>What a venue takes for closing a position by force, at most what the account has, in the settlement currency.</summary>
    /// <param name="position">The position.</param>
    /// <param name="quantity">Contracts, signed, against the position.</param>
    /// <param name="price">In the settlement currency.</param>
    public static decimal LiquidationFee(AccountPosition position, decimal quantity, decimal price)
        => Math.Min(
            Math.Abs(quantity) * position.Instrument.ContractMultiplier * price * position.Account.Definition.Profile.LiquidationFeeRate,
            Math.Max(0m, position.Account.Equity));

    /// <summary>
    /// A venue fails for good: its positions vanish at the last mark, coins as money, and of every balance only the
    /// recovery is left. What was owed is not asked for any more.
    /// </summary>
    /// <param name="account">An account there.</param>
    /// <param name="recovery">Share of a claim that is paid in the end; 0 to 1.</param>
    /// <param name="utcNow">UTC.</param>
    public void Fail(VenueAccount account, decimal recovery, DateTime utcNow)
    {
        foreach (var position in account.Positions)
        {
            Close(position, -position.Quantity, position.Mark, utcNow);
        }

        foreach (var balance in account.Balances.ToArray())
        {
            var amount = balance.Total > 0m ? -balance.Total * (1m - recovery) : -balance.Total;
            if (amount != 0m)
            {
                ledger.Post(new WriteOffEntry(utcNow, account.Definition.Name, balance.Currency, amount));
            }
        }
    }

    private void Book(ExchangeOrder order, ExchangeFill fill, DateTime timeUtc)
    {
        var instrument = order.Instrument;
        var position = ledger.Find(instrument.Id)!;
        var notional = Math.Abs(fill.Quantity) * instrument.ContractMultiplier * fill.Price;
        var isSpot = instrument.Id.Route.Kind == InstrumentKind.Spot;
        var rate = FeeRate(instrument.Id.Route, timeUtc, fill.IsMaker) ?? 0m;

        Matching.Fill(order, fill.Quantity);
        ledger.Filled(instrument.Id, order.Id, fill.Quantity);
        ledger.Post(new FillEntry(
            timeUtc,
            instrument.Id,
            fill.Quantity,
            fill.Price,
            isSpot ? -fill.Quantity * instrument.ContractMultiplier * fill.Price : position.RealizedBy(fill.Quantity, fill.Price),
            isSpot ? fill.Quantity : 0m));
        if (rate != 0m)
        {
            // Spot fees are taken from what the fill brings in.
            var inCoins = isSpot && fill.Quantity > 0m;
            ledger.Post(new FeeEntry(timeUtc, instrument.Id, inCoins ? instrument.Underlying : instrument.SettlementCurrency, -(inCoins ? fill.Quantity : notional) * rate));
        }

        CountVolume(instrument.Id.Route, timeUtc, notional);
        Traded?.Invoke(order, fill);
    }

    private void Book(LiquidationStep step, DateTime timeUtc)
    {
        var position = step.Position;
        var id = position.Instrument.Id;
        ledger.Post(new FillEntry(timeUtc, id, step.Quantity, step.Price, position.RealizedBy(step.Quantity, step.Price), 0m, IsLiquidation: true));
        if (step.Fee != 0m)
        {
            ledger.Post(new FeeEntry(timeUtc, id, position.Instrument.SettlementCurrency, -step.Fee, IsLiquidation: true));
        }

        Liquidated?.Invoke(step);
    }

    /// <summary>The fee that comes on top of what an order spends: none for spot, where it is taken from what the fill brings in.</summary>
    private decimal AddedFeeRate(Instrument instrument, DateTime utcNow)
        => instrument.Id.Route.Kind == InstrumentKind.Spot ? 0m : FeeRate(instrument.Id.Route, utcNow, isMaker: false) ?? 0m;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private FeeMeter? MeterOf(Route route)
    {
        if (!_fees.TryGetValue(route, out var meter))
        {
            var schedule = ledger.Find(route)?.Definition.FeesOf(route.Kind);
            meter = schedule is null ? null : new FeeMeter(schedule);
            _fees.Add(route, meter);
        }

        return meter;
    }
}

/// <summary>A fee schedule at work: counts the traded notional of the last 30 days, and charges what that volume costs. Safe to call from any thread.</summary>
/// <param name="schedule">The fees.</param>
public sealed class FeeMeter(FeeSchedule schedule)
{
    private readonly Queue<(DateTime Day, decimal Notional)> _days = [];
    private DateTime _today;
    private decimal _todayNotional;
    private decimal _past;

    /// <summary>The fee rate of the next fill, before it counts itself.</summary>
    /// <param name="timeUtc">UTC; does not go back.</param>
    /// <param name="isMaker">Whether it rested in the book.</param>
    public decimal RateAt(DateTime timeUtc, bool isMaker)
    {
        lock (_days)
        {
            Advance(timeUtc.Date);
            var row = schedule.At(_past + _todayNotional);
            return isMaker ? row.Maker : row.Taker;
        }
    }

    /// <summary>Counts a fill.</summary>
    /// <param name="timeUtc">UTC; does not go back.</param>
    /// <param name="notional">In the settlement currency; positive.</param>
    public void Count(DateTime timeUtc, decimal notional)
    {
        lock (_days)
        {
            Advance(timeUtc.Date);
            _todayNotional += notional;
        }
    }

    private void Advance(DateTime day)
    {
        if (day <= _today)
        {
            return;
        }

        if (_todayNotional != 0m)
        {
            _days.Enqueue((_today, _todayNotional));
            _past += _todayNotional;
            _todayNotional = 0m;
        }

        _today = day;
        while (_days.Count > 0 && _days.Peek().Day <= day.AddDays(-30))
        {
            _past -= _days.Dequeue().Notional;
        }
    }
}
