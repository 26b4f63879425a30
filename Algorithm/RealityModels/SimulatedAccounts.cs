#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Venues;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Data.Market;
using QuantConnect.Orders;
using QuantConnect.Securities;

namespace CrossHedgeLean.RealityModels;

/// <summary>
/// Between LEAN's securities and the accounts: opens each security's position in the ledger, brings marks and rates,
/// makes the exchange's forced fills happen in LEAN, and checks after each step that LEAN's cash book is the accounts'
/// money.
/// </summary>
public sealed class SimulatedAccounts : IDeskAccounts
{
    /// <summary>The tag of the orders by which a venue liquidates a position.</summary>
    public const string LiquidationTag = "liquidation by the venue";

    /// <summary>The tag of the orders by which a venue closes a position against another trader's loss.</summary>
    public const string DeleveragingTag = "auto-deleveraging by the venue";

    /// <summary>The tag of the orders by which a position ends with its instrument.</summary>
    public const string DelistingTag = "delisting by the venue";

    /// <summary>The tag of the orders by which a position vanishes with its venue.</summary>
    public const string InsolvencyTag = "insolvency of the venue";

    /// <summary>A decimal has 28 digits: after prices of many digits LEAN's one sum rounds where the accounts' smaller ones need not.</summary>
    private const decimal LastDigits = 0.000000000001m;

    private static readonly TimeSpan MoneyCheckInterval = TimeSpan.FromHours(1);

    private readonly QCAlgorithm _algorithm;
    private readonly bool _adverseMarks;
    private readonly Func<Security, Instrument> _describe;
    private readonly Dictionary<Symbol, (AccountPosition Position, Security Security)> _bound = [];
    private readonly List<(AccountPosition Position, Security Security)> _order = [];
    private (AccountPosition Position, decimal Price)[] _marks = [];
    private readonly List<LiquidationEvent> _liquidations = [];
    private readonly Dictionary<InstrumentId, int> _fundingGaps = [];
    private readonly Dictionary<int, ExchangeOrder> _arriving = [];
    private readonly HashSet<int> _canceledByVenue = [];
    private (AccountBalance Balance, decimal Rate)[] _rates = [];
    private Cash[] _rateCash = [];
    private (string Currency, Cash Cash, decimal Total)[] _cash = [];
    private int _knownBalances;
    private bool _hasNewEntries;
    private DateTime _nextMoneyCheckUtc;
    private LiquidationStep? _forced;
    private string _forcedTag = LiquidationTag;
    private bool _isOpeningChecked;

    internal SimulatedAccounts(QCAlgorithm algorithm, SimulatedExchange exchange, bool adverseMarks, Func<Security, Instrument> describe)
    {
        _algorithm = algorithm;
        _adverseMarks = adverseMarks;
        _describe = describe;
        Exchange = exchange;
        Ledger.Booked = CheckEntry;
        Markets = Ledger.Accounts.Select(account => account.Definition.Market).Distinct().ToArray();
    }

    /// <summary>The accounts.</summary>
    public Ledger Ledger => Exchange.Ledger;

    /// <summary>What was checked of the accounts, and what did not hold.</summary>
    public InvariantTally Invariants { get; } = new();

    /// <summary>Every forced fill so far.</summary>
    public IReadOnlyList<LiquidationEvent> Liquidations => _liquidations;

    /// <summary>What a person should know, each said once.</summary>
    public List<string> Notices { get; } = [];

    /// <summary>Told each entry after it is booked.</summary>
    internal Action<LedgerEntry>? Booked { get; set; }

    /// <summary>Told the market that refused an order.</summary>
    internal Action<string>? Refused { get; set; }

    /// <summary>Money on its way between accounts; null: none is moved.</summary>
    internal TransferDesk? Transfers { get; set; }

    /// <summary>What would be lost if a venue failed; null: its equity.</summary>
    internal LossGivenDefault? Losses { get; set; }

    /// <summary>What the venues report, in a live run: they move the money then, and nothing is simulated; null: a backtest.</summary>
    internal LiveReports? Live { get; init; }

    /// <summary>Whether every account is known, and all that is in it has a value in the account currency.</summary>
    internal bool IsWhole => Live?.AreOpen != false && Ledger.Accounts.All(account => account.Balances.All(balance => balance.Total == 0m || balance.Rate != 0m));

    /// <summary>What goes wrong in this run; null: nothing.</summary>
    internal SimulatedTrouble? Trouble { get; set; }

    /// <summary>Told each funding payment: the perpetual, and the amount in its settlement currency.</summary>
    public Action<InstrumentId, decimal>? FundingBooked { get; set; }

    /// <inheritdoc />
    public decimal? LowestDistance
    {
        get
        {
            decimal? lowest = null;
            for (var i = 0; i < Ledger.Accounts.Count; i++)
            {
                var pools = Ledger.Accounts[i].Pools;
                for (var j = 0; j < pools.Count; j++)
                {
                    lowest = pools[j].Distance(out _) is { } distance && !(distance >= lowest) ? distance : lowest;
                }
            }

            return lowest;
        }
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    bool IDeskAccounts.IsNearer(decimal distance)
    {
        for (var i = 0; i < Ledger.Accounts.Count; i++)
        {
            var pools = Ledger.Accounts[i].Pools;
            for (var j = 0; j < pools.Count; j++)
            {
                if (pools[j].IsNearer(distance))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <inheritdoc />
    public IReadOnlyList<string> Markets { get; }

    internal SimulatedExchange Exchange { get; }

    /// <inheritdoc />
    decimal IDeskAccounts.LossGivenDefault(string market)
        => Losses?.Estimate(market) ?? LossGivenDefault.ClaimOn(Ledger, market);

    /// <summary>Boundaries at which a position was held and no fresh rate was known.</summary>
    public int FundingGapsOf(InstrumentId id) => _fundingGaps.GetValueOrDefault(id);

    /// <summary>The ledger's position of a security; opened on first use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal AccountPosition PositionOf(Security security, bool reference = false)
    {
        if (!_bound.TryGetValue(security.Symbol, out var bound))
        {
            bound = (Ledger.Open(_describe(security), reference), security);
            _bound.Add(security.Symbol, bound);
            _order.Add(bound);
            _marks = [.. _marks, (bound.Position, 0m)];
        }

        return bound.Position;
    }

    /// <summary>Refuses to run on with a model of an account's security replaced: its money would go unseen.</summary>
    /// <exception cref="InvalidOperationException">A model was replaced after Setup.</exception>
    /// <remarks>Not compiled early: the runtime learns what the securities are, and need not ask each for each model.</remarks>
    internal void CheckModels()
    {
        for (var i = 0; i < _order.Count; i++)
        {
            var security = _order[i].Security;
            var replaced = security.PortfolioModel is not AccountPortfolioModel ? "portfolio model"
                : security.BuyingPowerModel is not AccountBuyingPowerModel ? "buying power model"
                : security.FillModel is not AccountFillModel ? "fill model"
                : security.FeeModel is not AccountFeeModel ? "fee model"
                : security.Type == SecurityType.CryptoFuture && security.MarginInterestRateModel is not AccountFundingModel ? "margin interest rate model"
                : null;
            if (replaced is not null)
            {
                throw new InvalidOperationException(
                    $"The {replaced} of {_order[i].Position.Instrument.Id} was replaced after CrossHedge.Setup: remove the call that does it; fees, margin and latency are set in the account's definition.");
            }
        }
    }

    /// <summary>Brings rates and marks up to now and liquidates whoever must be; returns whether anybody was.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal bool BeginStep()
    {
        if (Live is not null)
        {
            UpdateRates();
            MarkAll(static security => security.Price);
            Live.Sync();
            Transfers?.Advance(_algorithm.UtcTime);
            return false;
        }

        if (!_isOpeningChecked)
        {
            CheckOpening();
        }

        Trouble?.Advance(_algorithm.UtcTime);
        Transfers?.Advance(_algorithm.UtcTime);
        UpdateRates();
        var liquidated = false;
        if (_adverseMarks)
        {
            MarkAll(static security => security.Low);
            liquidated |= Liquidate();
            MarkAll(static security => security.High);
            liquidated |= Liquidate();
        }

        MarkAll(static security => security.Price);
        liquidated |= Liquidate();
        Trouble?.Happen();
        return liquidated;
    }

    /// <summary>Sends what the accounts need; after the venues' health of the step is known, which may hold it back or let it go.</summary>
    internal void ReviewTransfers()
    {
        if (!_algorithm.IsWarmingUp)
        {
            Transfers?.Review(_algorithm.UtcTime);
        }
    }

    /// <summary>The venue closes a share of a position by force.</summary>
    /// <param name="id">The instrument; one that is not held is left alone.</param>
    /// <param name="share">Of the position, a fraction; rounded toward zero to the lot, so that less than a lot of coins stays.</param>
    /// <param name="price">In the settlement currency; null: the mark.</param>
    /// <param name="tag">Why, as one of the tags of this class.</param>
    internal void Close(InstrumentId id, decimal share, decimal? price, string tag)
    {
        if (Ledger.Find(id) is not { Quantity: not 0m, Mark: > 0m } position)
        {
            return;
        }

        var quantity = -position.Instrument.RoundTowardZero(share * position.Quantity);
        if (quantity == 0m)
        {
            return;
        }

        CancelOrders(position.Account, id, tag);
        var paid = price ?? position.Mark;
        var fee = tag == LiquidationTag ? SimulatedExchange.LiquidationFee(position, quantity, paid) : 0m;
        var before = position.Quantity;
        Execute(position.Account, new LiquidationStep(position, quantity, paid, fee), tag);
        if (position.Quantity != before + quantity)
        {
            throw new InvalidOperationException($"{id}: the forced order of {quantity.ToStringInvariant()} ({tag}) did not fill: {position.Quantity.ToStringInvariant()} is left of {before.ToStringInvariant()}.");
        }
    }

    /// <summary>A venue has failed: its positions vanish at the last mark, and a share of the account's money is gone.</summary>
    /// <param name="account">The account.</param>
    /// <param name="share">What is written off, a fraction.</param>
    internal void Fail(VenueAccount account, decimal share)
    {
        CancelOrders(account, null, InsolvencyTag);
        foreach (var (position, _) in _order)
        {
            if (position.Account == account)
            {
                Close(position.Instrument.Id, 1m, null, InsolvencyTag);
            }
        }

        foreach (var balance in account.Balances.ToArray())
        {
            // What was owed is not asked for any more. Less than a lot of a coin, which no order can close, stays.
            var held = account.Positions.Where(position => position.CoinCurrency == balance.Currency).Sum(position => position.Quantity);
            var amount = balance.Total > 0m ? -(balance.Total - held) * share : -balance.Total;
            if (amount != 0m)
            {
                Forgive(account, balance.Currency, amount);
            }
        }
    }

    /// <summary>What of an order has filled, signed.</summary>
    internal decimal FilledOf(Order order) => _algorithm.Transactions.GetOrderTicket(order.Id)?.QuantityFilled ?? 0m;

    /// <summary>What the venue itself has against an order, or what an update leaves of one, now; null: nothing.</summary>
    /// <param name="security">The instrument.</param>
    /// <param name="quantity">What the order could still fill, signed.</param>
    internal string? VenueRefusal(Security security, decimal quantity)
    {
        var refusal = Trouble?.Refusal(PositionOf(security), quantity);
        if (refusal is not null)
        {
            Refused?.Invoke(security.Symbol.ID.Market);
        }

        return refusal;
    }

    /// <summary>Whether an instrument is being delisted, or is gone.</summary>
    internal bool TakesExitsOnly(InstrumentId id) => Trouble?.Player.IsDelisted(id) == true || Live?.TakesExitsOnly(id) == true;

    /// <summary>Whether a venue does not carry out our cancel now; its own are never refused.</summary>
    internal bool RefusesCancel(string market, int orderId)
        => Trouble is { Player.IsQuiet: false } trouble && trouble.Player.IsDown(market, Capability.Cancel) && !_canceledByVenue.Contains(orderId);

    /// <summary>What is unusual about the market of a security now.</summary>
    internal MarketCondition MarketOf(Security security)
        => Trouble is { Player.IsQuiet: false } trouble ? trouble.MarketOf(PositionOf(security).Instrument.Id) : MarketCondition.Normal;

    /// <summary>
    /// Checks that LEAN's money is the accounts' money, and that no balance is below zero; after a step with an entry,
    /// and at least once an hour, also that profit explains equity.
    /// </summary>
    /// <returns>Whether it was such a step.</returns>
    /// <exception cref="InvalidOperationException">The cash book was changed by something that no account knows.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal bool EndStep()
    {
        if (Live is not null)
        {
            // The cash book follows the venues when LEAN asks them; the accounts do so when they report.
            var hasNews = _hasNewEntries;
            _hasNewEntries = false;
            return hasNews;
        }

        var isNewBook = _cash.Length != _algorithm.Portfolio.CashBook.Count;
        if (isNewBook)
        {
            _cash = _algorithm.Portfolio.CashBook.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value, 0m)).ToArray();
        }

        var hasNewEntries = _hasNewEntries;
        _hasNewEntries = false;
        CheckCash(isNewBook || hasNewEntries);
        var explains = hasNewEntries || _algorithm.UtcTime >= _nextMoneyCheckUtc;
        for (var i = 0; i < Ledger.Accounts.Count; i++)
        {
            if (explains)
            {
                CheckProfit(Ledger.Accounts[i]);
            }

            CheckBalances(Ledger.Accounts[i]);
        }

        if (explains)
        {
            _nextMoneyCheckUtc = _algorithm.UtcTime + MoneyCheckInterval;
        }

        return explains;
    }

    /// <summary>Compares LEAN's cash book with the accounts' totals, which only entries change.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CheckCash(bool isNew)
    {
        foreach (ref var held in _cash.AsSpan())
        {
            if (isNew)
            {
                held.Total = Ledger.Total(held.Currency);
            }

            var amount = held.Cash.Amount;
            if (!Invariants.Holds(held.Total == amount || Math.Abs(held.Total - amount) <= LastDigits))
            {
                Invariants.Violated("money is conserved", Difference(held.Currency, held.Total, amount));
                throw new InvalidOperationException(Difference(held.Currency, held.Total, amount) + " Nothing but fills, fees and funding may change the cash book after Setup.");
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CheckProfit(VenueAccount account)
    {
        var unexplained = Ledger.UnexplainedOf(account);
        if (!Invariants.Holds(Math.Abs(unexplained) <= 0.000000001m))
        {
            Invariants.Violated(
                "profit explains equity",
                FormattableString.Invariant($"{account.Definition.Name} at {_algorithm.UtcTime:u}: equity {Ledger.EquityOf(account)}, of which {unexplained} comes from nowhere."));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CheckBalances(VenueAccount account)
    {
        for (var i = 0; account.Pools.Count == 0 && i < account.Balances.Count; i++)
        {
            var balance = account.Balances[i];
            if (!Invariants.Holds(balance.Total >= balance.Locked))
            {
                Invariants.Violated(
                    "no balance below zero",
                    FormattableString.Invariant($"{account.Definition.Name} at {_algorithm.UtcTime:u}: {balance.Free} {balance.Currency} free."));
            }
        }
    }

    /// <summary>Whether an event only tells LEAN what the accounts know.</summary>
    internal bool IsReconciled(OrderEvent orderEvent)
        => Live is not null && orderEvent.FillQuantity != 0m && _algorithm.Transactions.GetOrderById(orderEvent.OrderId)?.Tag == ReconciledOrders.Tag;

    /// <summary>An order changed: what it holds follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void OnOrderEvent(OrderEvent orderEvent)
    {
        if (!_bound.TryGetValue(orderEvent.Symbol, out var bound))
        {
            return;
        }

        var id = bound.Position.Instrument.Id;
        Live?.Heard(bound.Position.Account.Definition.Name, orderEvent.UtcTime);
        if (orderEvent.Status.IsClosed())
        {
            Ledger.Release(id, orderEvent.OrderId);
            if (Live is null)
            {
                _arriving.Remove(orderEvent.OrderId);
            }
        }
        else if (orderEvent.FillQuantity != 0m)
        {
            Ledger.Filled(id, orderEvent.OrderId, GrossQuantity(bound.Position, orderEvent));
        }
    }

    /// <summary>The order as the exchange sees it.</summary>
    internal ExchangeOrder ArrivingOrder(Security security, Order order)
    {
        var limit = (order as LimitOrder)?.LimitPrice;
        if (!_arriving.TryGetValue(order.Id, out var arriving))
        {
            var instrument = PositionOf(security).Instrument;
            arriving = new ExchangeOrder(order.Id, instrument, order.Quantity, limit, Exchange.Arrival(instrument.Id, order.Time) + MarketOf(security).OrderDelay);
            _arriving.Add(order.Id, arriving);
        }

        arriving.Quantity = order.Quantity;
        arriving.LimitPrice = limit;
        return arriving;
    }

    /// <summary>Whether an order has met the exchange already: it stays there, whatever the latency is now.</summary>
    internal bool IsArriving(Order order) => _arriving.Count > 0 && _arriving.ContainsKey(order.Id);

    /// <summary>The forced fill that an order carries out; null if it is an ordinary order.</summary>
    internal LiquidationStep? ForcedBy(Security security, Order order)
        => _forced is { } step && order.Tag == _forcedTag && PositionOf(security) == step.Position && order.Quantity == step.Quantity ? step : null;

    /// <summary>Books what a fill moved in LEAN's cash book.</summary>
    /// <param name="security">The security.</param>
    /// <param name="fill">The fill, as LEAN booked it.</param>
    /// <param name="settled">What moved in the settlement currency.</param>
    /// <param name="coins">What moved in the coin of a spot security; else zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void BookFill(Security security, OrderEvent fill, decimal settled, decimal coins)
    {
        if (IsReconciled(fill))
        {
            return;
        }

        Live?.Take();
        var position = PositionOf(security);
        var instrument = position.Instrument;
        var fee = fill.OrderFee.Value;
        var forced = _forced is not null && _forced.Position == position;
        var quantity = GrossQuantity(position, fill);
        if (Live is not null)
        {
            // Of forced fills LEAN knows nothing: its own average price, and with it its profit, may be another.
            settled = position.IsPerpetual ? position.RealizedBy(quantity, fill.FillPrice) : -quantity * instrument.ContractMultiplier * fill.FillPrice;
            coins = position.IsPerpetual ? 0m : quantity;
        }
        else if (fee.Amount != 0m && fee.Currency == instrument.SettlementCurrency)
        {
            settled += fee.Amount;
        }
        else if (fee.Amount != 0m && fee.Currency == position.CoinCurrency)
        {
            coins += fee.Amount;
        }

        CheckFill(position, quantity, fill.FillPrice, settled, coins);
        Ledger.Post(new FillEntry(fill.UtcTime, instrument.Id, quantity, fill.FillPrice, settled, coins, forced));
        if (fee.Amount != 0m)
        {
            Ledger.Post(new FeeEntry(fill.UtcTime, instrument.Id, fee.Currency, -fee.Amount, forced));
        }

        Exchange.CountVolume(instrument.Id.Route, fill.UtcTime, Math.Abs(quantity) * instrument.ContractMultiplier * fill.FillPrice);
    }

    /// <summary>Checks a fill's money by our own arithmetic, before it is booked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CheckFill(AccountPosition position, decimal quantity, decimal price, decimal settled, decimal coins)
    {
        var expected = position.IsPerpetual ? position.RealizedBy(quantity, price) : -quantity * position.Instrument.ContractMultiplier * price;
        var expectedCoins = position.IsPerpetual ? 0m : quantity;
        if (!Invariants.Holds(Math.Abs(settled - expected) <= LastDigits && coins == expectedCoins))
        {
            Invariants.Violated(
                "entries follow from their causes",
                FormattableString.Invariant($"{quantity} {position.Instrument.Id} at {price}: {settled} and {coins} coins booked, {expected} and {expectedCoins} expected."));
        }
    }

    /// <summary>Applies every funding boundary that is due.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Fund(Security security, DateTime utcNow)
    {
        if (Live is not null)
        {
            return;
        }

        var position = PositionOf(security);
        var clock = Exchange.ClockOf(position.Instrument);

        // What begins or ends at the boundary has done so. A market that stands still has the mark at which it stopped.
        Trouble?.Advance(utcNow);
        var trouble = Trouble?.Player;
        var mark = trouble?.IsClosed(security.Symbol.ID.Market) == true
            ? position.Mark
            : security.Price * (trouble?.PriceFactor(position.Instrument.Id) ?? 1m);
        var interval = trouble?.FundingInterval(position.Instrument.Id);
        while (clock.TakeDue(utcNow, interval) is { } boundary)
        {
            // The midnight that ends the run is a boundary of the day after, whose rates are not in the run's data.
            if (_algorithm.IsWarmingUp || position.Quantity == 0m || boundary > _algorithm.EndDate)
            {
                continue;
            }

            var rate = security.Cache.GetData<MarginInterestRate>();
            var rateUtc = rate?.EndTime.ConvertToUtc(security.Exchange.TimeZone) ?? DateTime.MinValue;
            var outcome = trouble?.FundingRate(position.Instrument.Id) is { } forced
                ? clock.Settle(boundary, position.Quantity, mark, forced, boundary, out var entry)
                : clock.Settle(boundary, position.Quantity, mark, rate?.InterestRate, rateUtc, out entry, interval);
            if (entry is not null)
            {
                security.QuoteCurrency.AddAmount(entry.Amount);
                Ledger.Post(entry);
                FundingBooked?.Invoke(entry.Instrument, entry.Amount);
            }
            else if (outcome != FundingOutcome.Settled)
            {
                NoteGap(position.Instrument.Id, boundary, outcome, rateUtc);
            }
        }
    }

    /// <summary>What a fill traded, a fee taken in the coin included: LEAN takes a buy's coin fee off its quantity.</summary>
    private static decimal GrossQuantity(AccountPosition position, OrderEvent fill)
    {
        var fee = fill.OrderFee.Value;
        return fill.FillQuantity > 0m && fee.Currency == position.CoinCurrency
            ? fill.FillQuantity + fee.Amount
            : fill.FillQuantity;
    }

    private void NoteGap(InstrumentId id, DateTime boundary, FundingOutcome outcome, DateTime rateUtc)
    {
        var gaps = _fundingGaps.GetValueOrDefault(id);
        _fundingGaps[id] = gaps + 1;
        if (gaps == 0)
        {
            Notices.Add(FormattableString.Invariant($"{id}: no funding rate for {boundary:yyyy-MM-dd HH:mm} UTC")
                + (outcome == FundingOutcome.Stale
                    ? FormattableString.Invariant($", the last is of {rateUtc:yyyy-MM-dd HH:mm}; a rate is applied once, then dropped.")
                    : ", and none before it.")
                + " Funding of such boundaries is unknown, not zero.");
        }
    }

    private void CheckOpening()
    {
        _isOpeningChecked = true;
        var errors = new List<string>();
        foreach (var (currency, cash) in _algorithm.Portfolio.CashBook.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            var total = Ledger.Total(currency);
            if (total != cash.Amount)
            {
                errors.Add($"Opening balances of {currency} add up to {total.ToStringInvariant()} over the accounts, and the cash set is {cash.Amount.ToStringInvariant()}: Setup sets the cash, remove the later SetCash or correct the accounts.");
            }
        }

        if (errors.Count > 0)
        {
            throw new Configuration.HedgeConfigurationException(errors);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void UpdateRates()
    {
        var balances = 0;
        for (var i = 0; i < Ledger.Accounts.Count; i++)
        {
            balances += Ledger.Accounts[i].Balances.Count;
        }

        var book = _algorithm.Portfolio.CashBook;
        if (balances != _knownBalances)
        {
            _knownBalances = balances;
            _rates = Ledger.Accounts
                .SelectMany(account => account.Balances)
                .Where(balance => balance.Currency != Ledger.AccountCurrency && book.ContainsKey(balance.Currency))
                .Select(balance => (balance, 0m))
                .ToArray();
            _rateCash = Array.ConvertAll(_rates, known => book[known.Balance.Currency]);
        }

        // Most currencies are coins that stand in positions: nothing is worth what their rates say.
        var isDue = _hasNewEntries || _algorithm.UtcTime >= _nextMoneyCheckUtc;
        var any = false;
        for (var i = 0; i < _rates.Length; i++)
        {
            var balance = _rates[i].Balance;
            var isAsked = isDue || balance.IsValued || balance.Rate == 0m;
            var rate = isAsked ? _rateCash[i].ConversionRate : 0m;
            if (Trouble?.Player.RateFactor(balance.Currency) is { } factor and not 1m)
            {
                isAsked = true;
                rate = Depegged(_rateCash[i], factor);
            }

            any |= isAsked;
            _rates[i].Rate = rate;
        }

        if (any)
        {
            Ledger.Rate(_rates);
        }
    }

    /// <summary>
    /// The rate of a currency that a scenario depegs. Where it comes from a pair's data, LEAN's own follows, so that its
    /// equity does: LEAN reads the data again at each step, before this. A fixed peg is LEAN's for good, and a coin in which
    /// positions stand has their marks.
    /// </summary>
    private decimal Depegged(Cash cash, decimal factor)
    {
        if (!cash.CurrencyConversion.ConversionRateSecurities.Any() || _order.Exists(bound => bound.Position.CoinCurrency == cash.Symbol))
        {
            return cash.ConversionRate * factor;
        }

        // More than one account may hold it: what was set for the first is not the data's rate.
        cash.Update();
        var rate = cash.ConversionRate * factor;
        cash.CurrencyConversion.ConversionRate = rate;
        return rate;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MarkAll(Func<Security, decimal> priceOf)
    {
        var isQuiet = Trouble is not { Player.IsQuiet: false };
        for (var i = 0; i < _order.Count; i++)
        {
            var security = _order[i].Security;
            if (isQuiet)
            {
                _marks[i].Price = priceOf(security);
                continue;
            }

            // A market that stands still has no new mark: zero leaves the old one.
            var market = MarketOf(security);
            _marks[i].Price = market.IsClosed ? 0m : priceOf(security) * market.PriceFactor;
        }

        Ledger.Mark(_marks);
    }

    private bool Liquidate()
    {
        var any = false;
        for (var i = 0; i < Ledger.Accounts.Count; i++)
        {
            var account = Ledger.Accounts[i];
            for (var j = 0; j < account.Pools.Count; j++)
            {
                if (account.Pools[j].IsBreached)
                {
                    any |= Liquidate(account);
                    break;
                }
            }
        }

        return any;
    }

    // On its own: what the lambda captures is allocated where the method begins.
    private bool Liquidate(VenueAccount account)
    {
        CancelOrders(account, null, LiquidationTag);
        return Liquidation.Run(Ledger, account, step => Execute(account, step, LiquidationTag), (currency, amount) => Forgive(account, currency, amount));
    }

    /// <summary>Money that left the accounts for good, or came from nowhere, moves LEAN's cash book in the same step.</summary>
    internal void MoveCash(string currency, decimal amount) => _algorithm.Portfolio.CashBook[currency].AddAmount(amount);

    /// <summary>Writes off, in LEAN's cash book as in the account: what no price could bring back is the venue's loss, what it will not pay back ours.</summary>
    private void Forgive(VenueAccount account, string currency, decimal amount)
    {
        MoveCash(currency, amount);
        Ledger.Post(new WriteOffEntry(_algorithm.UtcTime, account.Definition.Name, currency, amount));
    }

    private void CancelOrders(VenueAccount account, InstrumentId? only, string tag)
    {
        foreach (var (position, security) in _order)
        {
            if (position.Account == account && (only is not { } id || position.Instrument.Id == id))
            {
                foreach (var order in _algorithm.Transactions.GetOpenOrders(order => order.Symbol == security.Symbol))
                {
                    _canceledByVenue.Add(order.Id);
                    _algorithm.Transactions.CancelOrder(order.Id, tag);
                }
            }
        }
    }

    private void Execute(VenueAccount account, LiquidationStep step, string tag)
    {
        var security = _order.First(bound => bound.Position == step.Position).Security;
        _forced = step;
        _forcedTag = tag;
        try
        {
            _algorithm.MarketOrder(security.Symbol, step.Quantity, asynchronous: true, tag: tag);
        }
        finally
        {
            _forced = null;
        }

        _liquidations.Add(new LiquidationEvent(_algorithm.UtcTime, account.Definition.Name, step.Position.Instrument.Id.ToString(), step.Quantity, step.Price, step.Fee, tag));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CheckEntry(LedgerEntry entry)
    {
        _hasNewEntries = true;
        Booked?.Invoke(entry);
        if (entry is FundingEntry funding)
        {
            var position = Ledger.Find(funding.Instrument)!;
            var expected = funding.Rate * funding.Mark * position.Instrument.ContractMultiplier * -position.Quantity;
            if (!Invariants.Holds(Math.Abs(expected - funding.Amount) <= LastDigits))
            {
                Invariants.Violated(
                    "entries follow from their causes",
                    FormattableString.Invariant($"funding of {funding.Instrument} at {funding.TimeUtc:u}: {funding.Amount} booked, {expected} expected."));
            }
        }
    }

    private static string Difference(string currency, decimal accounts, decimal cashBook)
        => FormattableString.Invariant($"The accounts hold {accounts} {currency} and LEAN's cash book {cashBook}: a change of {cashBook - accounts} {currency} belongs to no account.");
}
