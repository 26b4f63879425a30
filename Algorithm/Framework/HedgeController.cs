#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
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
/// Between LEAN and the pure decision: reads the state of each group, decides at each slice and at each order event of
/// the group, and sends what was decided. Exposure is derived from what happened, whoever ordered it, so no path of the
/// strategy goes round the hedge.
/// </summary>
public sealed class HedgeController
{
    private readonly QCAlgorithm _algorithm;
    private readonly CrossHedgeOptions _options;
    private readonly SimulatedAccounts _accounts;
    private readonly List<GroupController> _groups = [];
    private readonly Dictionary<Symbol, (GroupController Group, HedgedInstrument Instrument)> _bySymbol = [];
    private readonly Dictionary<int, DateTime> _cancelAgainUtc = [];
    private bool _acting;

    internal HedgeController(
        QCAlgorithm algorithm,
        CrossHedgeOptions options,
        SimulatedAccounts accounts,
        IReadOnlyDictionary<InstrumentId, (Instrument Instrument, Security Security)> subscribed)
    {
        _algorithm = algorithm;
        _options = options;
        _accounts = accounts;
        _accounts.FundingBooked = OnFunding;
        foreach (var configured in options.Groups)
        {
            var primary = Bind(configured.Primary);
            var legs = configured.Hedges.Select(Bind).ToArray();
            var group = new GroupController(
                new HedgeGroup(configured.Name, primary.Instrument, legs.Select(leg => leg.Instrument).ToArray(), configured.Ratio, configured.Band),
                primary,
                legs);
            _groups.Add(group);
            foreach (var instrument in legs.Prepend(primary))
            {
                _bySymbol.Add(instrument.Symbol, (group, instrument));
            }
        }

        Recorder.Start(
            options.AccountCurrency,
            _bySymbol.Values.Select(entry => entry.Instrument.Instrument),
            Positions,
            new RunAccounts(accounts.Ledger, accounts.Invariants, accounts.Liquidations, options.Latency, accounts.FundingGapsOf));

        HedgedInstrument Bind(InstrumentId id) => new(subscribed[id].Instrument, subscribed[id].Security, accounts.PositionOf(subscribed[id].Security));
    }

    /// <summary>Positions and working orders of every instrument of the groups.</summary>
    public PositionBook Positions { get; } = new();

    /// <summary>The accounts of all venues.</summary>
    public IVenueAccounts Accounts => _accounts.Ledger;

    /// <summary>What a person should know of the run so far, each said once.</summary>
    public IReadOnlyList<string> Notices => _accounts.Notices;

    /// <summary>The record of the run.</summary>
    public RunRecorder Recorder => _options.Recorder;

    /// <summary>The last decision of each group, in the order of the options; empty before the first.</summary>
    public IEnumerable<HedgeDecision> Decisions => _groups.Select(group => group.Decision).OfType<HedgeDecision>();

    internal ModelGuard? Guard { get; set; }

    internal IReadOnlyList<GroupController> Groups => _groups;

    /// <summary>Whether a symbol is a hedge leg: its position is ours alone to choose.</summary>
    public bool IsHedgeLeg(Symbol symbol)
        => _bySymbol.TryGetValue(symbol, out var bound) && bound.Instrument != bound.Group.Primary;

    /// <summary>The algorithm calls this in OnEndOfAlgorithm: takes down the last prices.</summary>
    public void OnEndOfAlgorithm()
    {
        foreach (var (_, instrument) in _bySymbol.Values)
        {
            Recorder.Mark(instrument.Id, instrument.Security.Price);
        }
    }

    internal bool TryGet(Symbol symbol, out HedgedInstrument instrument)
    {
        var found = _bySymbol.TryGetValue(symbol, out var bound);
        instrument = bound.Instrument;
        return found;
    }

    /// <summary>
    /// Brings the accounts up to now, liquidations included, and decides on every group, for this slice;
    /// <see cref="Act"/> sends what was decided.
    /// </summary>
    internal void Decide()
    {
        Guard?.Check();
        _accounts.CheckModels();
        BringAccountsUp();
        foreach (var group in _groups)
        {
            Decide(group, DecisionCause.Slice);
        }
    }

    /// <summary>Sends what the last decisions asked for, and decides again for every order event that this causes.</summary>
    internal void Act()
    {
        if (_acting)
        {
            return;
        }

        Guard?.Check();
        _acting = true;
        try
        {
            foreach (var group in _groups)
            {
                Send(group);
            }

            while (_groups.Find(group => group.Stale) is { } stale)
            {
                Decide(stale, DecisionCause.OrderEvent);
                Send(stale);
            }
        }
        finally
        {
            _acting = false;
        }
    }

    internal void OnOrderEvent(OrderEvent orderEvent)
    {
        _accounts.OnOrderEvent(orderEvent);
        if (!_bySymbol.TryGetValue(orderEvent.Symbol, out var bound))
        {
            return;
        }

        Apply(orderEvent, bound.Instrument);
        bound.Group.Stale = true;
        Act();
    }

    /// <summary>Takes down residual and equity, when all of the slice's orders have had their effect.</summary>
    internal void EndSlice()
    {
        if (_algorithm.IsWarmingUp)
        {
            return;
        }

        _accounts.EndStep();
        foreach (var (_, instrument) in _bySymbol.Values)
        {
            // What order events told us and what money moved are two ways to one number.
            var held = Positions.Held(instrument.Id);
            var owned = instrument.Account.Quantity;
            if (!_accounts.Invariants.Holds(held == owned))
            {
                _accounts.Invariants.Violated(
                    "positions agree with money",
                    FormattableString.Invariant($"{instrument.Id} at {_algorithm.UtcTime:u}: {held} by order events, {owned} in the account."));
            }
        }

        foreach (var group in _groups)
        {
            var state = Observe(group);
            Recorder.Residual.Observe(group.Group.Name, state.TimeUtc, state.ResidualUnits, state.ToleranceUnits);
        }

        Recorder.StepEnded(_algorithm.UtcTime, _algorithm.Portfolio.TotalPortfolioValue);
    }

    /// <summary>Forced fills are hedged by the decisions that follow, when all of them are known, not in between.</summary>
    private void BringAccountsUp()
    {
        var acting = _acting;
        _acting = true;
        try
        {
            _accounts.BeginStep();
        }
        finally
        {
            _acting = acting;
        }
    }

    private void OnFunding(InstrumentId id, decimal amount)
        => Recorder.FundingBooked(id, _algorithm.Portfolio.CashBook.ConvertToAccountCurrency(amount, _accounts.Ledger.Find(id)!.Instrument.SettlementCurrency));

    internal decimal? FreshPriceOf(HedgedInstrument instrument)
        => instrument.FreshPrice(_algorithm.UtcTime, _options.PriceMaxAge);

    private GroupState Observe(GroupController group)
        => group.Observe(Positions, _algorithm.UtcTime, _options.PriceMaxAge, _algorithm.IsWarmingUp);

    private void Decide(GroupController group, DecisionCause cause)
    {
        group.Stale = false;
        group.Decision = HedgeDecision.Decide(Observe(group));
        group.Unsent = group.Decision;
        Recorder.Decisions.Append(group.Decision, cause);
    }

    private void Send(GroupController group)
    {
        var decision = group.Unsent;
        group.Unsent = null;
        if (decision is null)
        {
            return;
        }

        foreach (var action in decision.Actions)
        {
            var leg = group.LegOf(action);
            switch (action)
            {
                case CancelHedge cancel:
                    foreach (var orderId in Positions.WorkingOrders(leg.Id, cancel.Buys))
                    {
                        Cancel(orderId, $"hedge {group.Group.Name}");
                    }

                    break;
                case SendHedge send:
                    SendMarketOrder(leg, send.Quantity, $"hedge {group.Group.Name}");
                    break;
            }
        }
    }

    /// <summary>Sends a market order and counts it as working from this moment, whether or not the venue has answered.</summary>
    internal void SendMarketOrder(HedgedInstrument instrument, decimal quantity, string tag)
    {
        var ticket = _algorithm.MarketOrder(instrument.Symbol, quantity, asynchronous: true, tag: tag);
        if (ticket.Status == OrderStatus.Invalid)
        {
            instrument.BackoffUntilUtc = _algorithm.UtcTime + _options.Backoff;
        }
        else if (!ticket.Status.IsClosed())
        {
            Positions.OrderWorking(instrument.Id, ticket.OrderId, quantity);
        }
    }

    /// <summary>
    /// Asks once for a cancel and again only when the venue has had time to answer: the request itself is an order
    /// event, and asking at each would never end.
    /// </summary>
    private void Cancel(int orderId, string tag)
    {
        var utcNow = _algorithm.UtcTime;
        if (!_cancelAgainUtc.TryGetValue(orderId, out var againUtc) || utcNow >= againUtc)
        {
            _cancelAgainUtc[orderId] = utcNow + _options.Backoff;
            _algorithm.Transactions.CancelOrder(orderId, tag);
        }
    }

    private void Close(HedgedInstrument instrument, int orderId)
    {
        _cancelAgainUtc.Remove(orderId);
        Positions.OrderClosed(instrument.Id, orderId);
    }

    private void Apply(OrderEvent orderEvent, HedgedInstrument instrument)
    {
        var fee = orderEvent.OrderFee.Value;
        if (orderEvent.FillQuantity != 0m)
        {
            // LEAN has already taken a buy's coin fee off the fill quantity; a sell's it leaves to the cash book.
            var quantity = orderEvent.FillQuantity;
            if (quantity < 0m && instrument.Id.Route.Kind == InstrumentKind.Spot && fee.Currency == instrument.Instrument.Underlying)
            {
                quantity -= fee.Amount;
            }

            Positions.Filled(instrument.Id, orderEvent.OrderId, quantity, orderEvent.FillPrice);
        }

        switch (orderEvent.Status)
        {
            case OrderStatus.Submitted or OrderStatus.UpdateSubmitted:
                Positions.OrderWorking(instrument.Id, orderEvent.OrderId, orderEvent.Quantity);
                break;
            case OrderStatus.Invalid:
                instrument.BackoffUntilUtc = _algorithm.UtcTime + _options.Backoff;
                Close(instrument, orderEvent.OrderId);
                break;
            case OrderStatus.Filled or OrderStatus.Canceled:
                Close(instrument, orderEvent.OrderId);
                break;
        }

        Recorder.OrderEvent(
            orderEvent.UtcTime,
            orderEvent.OrderId,
            instrument.Id,
            orderEvent.Status.ToString(),
            orderEvent.FillQuantity,
            orderEvent.FillPrice,
            fee.Amount,
            fee.Currency,
            fee.Amount == 0m ? 0m : _algorithm.Portfolio.CashBook.ConvertToAccountCurrency(fee.Amount, fee.Currency));
    }
}
