#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Accounts;

/// <summary>
/// One account's money, positions and the orders that hold some of it. Read here, changed by the <see cref="Ledger"/>
/// alone, under its lock.
/// </summary>
public sealed class VenueAccount
{
    private readonly List<AccountBalance> _balances = [];
    private readonly List<AccountPosition> _positions = [];
    private readonly List<MarginPool> _pools = [];
    private readonly List<OrderRequirement> _orders = [];

    private readonly Action<AccountBalance> _opened;

    internal VenueAccount(AccountDefinition definition, string accountCurrency, Action<AccountBalance> opened)
    {
        _opened = opened;
        Definition = definition;
        AccountCurrency = accountCurrency;
        foreach (var (currency, amount) in definition.Opening)
        {
            var balance = BalanceOf(currency);
            balance.Total += amount;
            Parts.Opening += amount * balance.Rate;
        }
    }

    /// <summary>What the account is.</summary>
    public AccountDefinition Definition { get; }

    /// <summary>The currencies, in the order of first use.</summary>
    public IReadOnlyList<AccountBalance> Balances => _balances;

    /// <summary>The positions, in the order of first use.</summary>
    public IReadOnlyList<AccountPosition> Positions => _positions;

    /// <summary>The collateral pools of its perpetuals.</summary>
    public IReadOnlyList<MarginPool> Pools => _pools;

    /// <summary>Working orders that hold money, oldest first.</summary>
    public IReadOnlyList<OrderRequirement> Orders => _orders;

    /// <summary>Balances, coins at their own venue's marks, and unrealized profit, in the account currency.</summary>
    public decimal Equity
    {
        get
        {
            var equity = 0m;
            for (var i = 0; i < _balances.Count; i++)
            {
                if (_balances[i].Loose != 0m)
                {
                    equity += _balances[i].InAccountCurrency(_balances[i].Loose);
                }
            }

            for (var i = 0; i < _positions.Count; i++)
            {
                if (_positions[i].IsHeld)
                {
                    equity += _positions[i].Settlement.InAccountCurrency(_positions[i].Contribution);
                }
            }

            return equity;
        }
    }

    /// <summary>Initial margin in the account currency.</summary>
    public decimal InitialMargin => Sum(pool => pool.InitialMargin);

    /// <summary>No less than <see cref="InitialMargin"/>; cheap, for whoever asks at each step whether it was ever so high.</summary>
    internal decimal InitialMarginAtMost => Sum(pool => pool.InitialMarginAtMost);

    /// <summary>Maintenance margin in the account currency.</summary>
    public decimal MaintenanceMargin => Sum(pool => pool.MaintenanceMargin);

    /// <summary>Margin held for working orders, in the account currency.</summary>
    public decimal OrderMargin => Sum(OrderMarginOf);

    internal string AccountCurrency { get; }

    /// <summary>Grows with every change of a balance, a rate, or the value of a position.</summary>
    internal long Version { get; private set; }

    /// <summary>The same, but for marks.</summary>
    internal long MoneyVersion { get; private set; }

    /// <summary>Grows with every change of what its pools have bounded while marks move little, and not with those marks.</summary>
    internal long CalmVersion { get; private set; }

    internal ProfitParts Parts { get; } = new();

    /// <summary>The mark of something held has moved.</summary>
    internal void Marked() => Version++;

    /// <summary>A balance, a rate or a position has changed.</summary>
    internal void Changed()
    {
        Version++;
        MoneyVersion++;
        CalmVersion++;
    }

    /// <summary>A pool has bounded anew, or no longer holds to its bounds.</summary>
    internal void BoundsMoved() => CalmVersion++;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal AccountBalance BalanceOf(string currency)
    {
        for (var i = 0; i < _balances.Count; i++)
        {
            if (_balances[i].Currency == currency)
            {
                return _balances[i];
            }
        }

        var balance = new AccountBalance(this, currency, Definition.Profile.CollateralRatios.TryGetValue(currency, out var ratio) ? ratio : 0m) { IsAccountCurrency = currency == AccountCurrency };
        if (currency == AccountCurrency)
        {
            balance.Rate = 1m;
        }

        _balances.Add(balance);
        _opened(balance);
        return balance;
    }

    internal AccountPosition Add(Instrument instrument)
    {
        var perpetual = instrument.Id.Route.Kind != InstrumentKind.Spot;
        var tiers = perpetual
            ? Definition.Profile.TiersOf(instrument.Id.Ticker) ?? throw new InvalidOperationException(MissingTiers(Definition, instrument.Id))
            : null;
        var settlement = BalanceOf(instrument.SettlementCurrency);
        var position = new AccountPosition(this, instrument, settlement, perpetual ? null : BalanceOf(instrument.Underlying), tiers, Definition.Leverage);
        _positions.Add(position);
        if (perpetual)
        {
            PoolOf(settlement).Add(position);
        }

        return position;
    }

    internal static string MissingTiers(AccountDefinition definition, InstrumentId id)
        => $"{id}: the profile {definition.Profile.Name} has no margin brackets for {id.Ticker}: give {definition.Name}.tiers = {id.Ticker}=CAP:RATE:LEVERAGE, or {definition.Name}.fallback-tiers.";

    /// <summary>What a currency could leave with: at most the free balance, and no margin that positions need.</summary>
    internal decimal WithdrawableOf(AccountBalance balance)
    {
        var free = Math.Max(0m, balance.Free);
        foreach (var pool in _pools)
        {
            var share = Definition.Profile.PoolsCollateral
                ? balance.Rate * balance.CollateralRatio
                : pool.Perpetuals[0].Settlement == balance ? 1m : 0m;
            if (share > 0m)
            {
                var room = (pool.Equity - pool.InitialMargin - OrderMarginOf(pool)) / share;
                free = Math.Min(free, Math.Max(0m, room - Definition.Buffer));
            }
        }

        return free;
    }

    /// <summary>
    /// The most that can be added to a position on a side, in contracts: for spot what money or coins pay for, for a
    /// perpetual what keeps a distance to liquidation. What closes the position comes on top.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal decimal Headroom(AccountPosition position, bool buys, decimal price, decimal feeRate, decimal distance)
    {
        var multiplier = position.Instrument.ContractMultiplier;
        if (position.IsPerpetual)
        {
            var pool = position.Pool!;
            var notional = pool.Headroom(position, buys, feeRate, distance, OrderMarginOf(pool));
            var unit = pool.InUnit(position, 1m);
            return unit <= 0m ? 0m : notional / (unit * price * multiplier);
        }

        if (!buys)
        {
            // Working sells lock coins, and close first.
            var coins = position.Coins!;
            var closing = Math.Max(0m, position.Quantity - (coins.Total - coins.Free));
            return Math.Max(0m, (Math.Max(0m, coins.Free - ExcludedOf(coins.Currency)) / (1m + feeRate)) - closing);
        }

        var most = Math.Max(0m, position.Settlement.Free);
        foreach (var pool in _pools)
        {
            // What the money counted for as collateral and the coins do not must not be needed.
            var lost = SpentOf(new OrderRequirement(0, position.Instrument.Id, 1m, 1m / multiplier, 0m), position, pool);
            if (lost > 0m)
            {
                most = Math.Min(most, Math.Max(0m, pool.Equity - pool.InitialMargin - OrderMarginOf(pool)) / lost);
            }
        }

        return Math.Max(0m, (most / (price * multiplier * (1m + feeRate))) - Math.Max(0m, -position.Quantity));
    }

    /// <summary>Coins that are no part of the book: they are never sold.</summary>
    internal decimal ExcludedOf(string currency)
    {
        for (var i = 0; i < Definition.Excluded.Count; i++)
        {
            if (Definition.Excluded[i].Currency == currency)
            {
                return Definition.Excluded[i].Amount;
            }
        }

        return 0m;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal OrderVerdict Reserve(OrderRequirement order, AccountPosition position)
    {
        var replaced = _orders.FindIndex(known => known.OrderId == order.OrderId);
        var previous = replaced < 0 ? default : _orders[replaced];
        if (replaced >= 0)
        {
            _orders.RemoveAt(replaced);
            Relock();
        }

        var at = replaced < 0 ? _orders.Count : replaced;
        var verdict = position.IsPerpetual ? JudgePerpetual(order, position, at) : JudgeSpot(order, position);
        if (verdict.Accepted && order.OrderId > 0)
        {
            _orders.Insert(at, order);
        }
        else if (replaced >= 0)
        {
            _orders.Insert(replaced, previous);
        }

        Relock();
        return verdict;
    }

    /// <summary>What a working spot buy holds, in the settlement currency.</summary>
    internal decimal LockedBy(int orderId, AccountPosition position)
    {
        var at = _orders.FindIndex(order => order.OrderId == orderId);
        return at >= 0 && _orders[at].Quantity > 0m ? CostOf(_orders[at], position) : 0m;
    }

    /// <summary>What a part of a working spot buy holds, in the settlement currency.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal decimal CostOf(int orderId, AccountPosition position, decimal quantity)
    {
        var at = _orders.FindIndex(order => order.OrderId == orderId);
        return at >= 0 && _orders[at].Quantity > 0m ? CostOf(_orders[at] with { Quantity = quantity }, position) : 0m;
    }

    internal bool Holds(int orderId) => _orders.Exists(order => order.OrderId == orderId);

    internal void Reduce(int orderId, decimal filled)
    {
        var at = _orders.FindIndex(order => order.OrderId == orderId);
        if (at >= 0)
        {
            var left = _orders[at].Quantity - filled;
            if (left == 0m || Math.Sign(left) != Math.Sign(_orders[at].Quantity))
            {
                _orders.RemoveAt(at);
            }
            else
            {
                _orders[at] = _orders[at] with { Quantity = left };
            }

            Relock();
        }
    }

    internal void Release(int orderId)
    {
        if (_orders.RemoveAll(order => order.OrderId == orderId) > 0)
        {
            Relock();
        }
    }

    /// <summary>
    /// Margin that the working orders of a pool hold: for each, in order, the part that can add to a position; for a spot
    /// buy what the money counted for and the coins do not.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal decimal OrderMarginOf(MarginPool pool)
    {
        var margin = 0m;
        for (var i = 0; i < _orders.Count; i++)
        {
            var position = PositionOf(_orders[i].Instrument);
            if (position?.Pool == pool)
            {
                margin += pool.InUnit(position, MarginFor(_orders[i], position, i));
            }
            else if (position is { IsPerpetual: false } && _orders[i].Quantity > 0m)
            {
                margin += SpentOf(_orders[i], position, pool);
            }
        }

        return margin;
    }

    internal AccountPosition? PositionOf(InstrumentId id)
    {
        for (var i = 0; i < _positions.Count; i++)
        {
            if (_positions[i].Instrument.Id == id)
            {
                return _positions[i];
            }
        }

        return null;
    }

    private MarginPool PoolOf(AccountBalance settlement)
    {
        for (var i = 0; i < _pools.Count; i++)
        {
            if (Definition.Profile.PoolsCollateral || _pools[i].Unit == settlement.Currency)
            {
                return _pools[i];
            }
        }

        var pool = new MarginPool(this, settlement, _balances);
        _pools.Add(pool);
        return pool;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private OrderVerdict JudgePerpetual(OrderRequirement order, AccountPosition position, int at)
    {
        var pool = position.Pool!;
        var held = OrderMarginOf(pool);
        if (Definition.Profile.PoolsCollateral && position.Settlement.Rate == 0m && MarginFor(order, position, at) is > 0m and var unvalued)
        {
            // Nothing of the account can be valued in this currency yet.
            return new OrderVerdict(false, position.Settlement.Currency, unvalued, 0m);
        }

        // Orders behind it may close less once it stands at its place.
        _orders.Insert(at, order);
        var required = OrderMarginOf(pool) - held;
        _orders.RemoveAt(at);
        if (required <= 0m)
        {
            return new OrderVerdict(true, pool.Unit, 0m, 0m);
        }

        var available = pool.Equity - pool.InitialMargin - held;
        var limit = position.Tiers!.Limit;
        if (Math.Abs(position.Quantity + SameSideOf(order) + order.Quantity) * position.Instrument.ContractMultiplier * order.Price > limit)
        {
            return new OrderVerdict(false, pool.Unit, required, Math.Max(0m, available), limit);
        }

        return new OrderVerdict(required <= available, pool.Unit, required, Math.Max(0m, available));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private OrderVerdict JudgeSpot(OrderRequirement order, AccountPosition position)
    {
        if (order.Quantity < 0m)
        {
            var coins = position.Coins!;
            var free = coins.Free - ExcludedOf(coins.Currency);
            return new OrderVerdict(CoinsOf(order) <= free, coins.Currency, CoinsOf(order), Math.Max(0m, free));
        }

        var cost = CostOf(order, position);
        var money = position.Settlement.Free;
        if (cost <= money)
        {
            foreach (var pool in _pools)
            {
                var spent = SpentOf(order, position, pool);
                var room = pool.Equity - pool.InitialMargin - OrderMarginOf(pool);
                if (spent > 0m && spent > room)
                {
                    return new OrderVerdict(false, pool.Unit, spent, Math.Max(0m, room));
                }
            }
        }

        return new OrderVerdict(cost <= money, position.Settlement.Currency, cost, money);
    }

    /// <summary>By how much a spot buy lowers a pool's collateral, in its unit: coins count for less than the money that they cost, or for nothing.</summary>
    private decimal SpentOf(OrderRequirement order, AccountPosition position, MarginPool pool)
        => Definition.Profile.PoolsCollateral
            ? CostOf(order, position) * position.Settlement.Rate * Math.Max(0m, position.Settlement.CollateralRatio - position.Coins!.CollateralRatio)
            : pool.Unit == position.Settlement.Currency ? CostOf(order, position) : 0m;

    /// <summary>Contracts of the other working orders on an order's instrument and side, signed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private decimal SameSideOf(OrderRequirement order)
    {
        var sum = 0m;
        for (var i = 0; i < _orders.Count; i++)
        {
            if (_orders[i].Instrument == order.Instrument && Math.Sign(_orders[i].Quantity) == Math.Sign(order.Quantity))
            {
                sum += _orders[i].Quantity;
            }
        }

        return sum;
    }

    private static decimal CostOf(OrderRequirement order, AccountPosition position)
        => order.Quantity * position.Instrument.ContractMultiplier * order.Price * (1m + order.FeeRate);

    private static decimal CoinsOf(OrderRequirement order) => -order.Quantity * (1m + order.FeeRate);

    /// <summary>Initial margin and fee of the part of an order that adds to the position, if the orders before it fill first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private decimal MarginFor(OrderRequirement order, AccountPosition position, int before)
    {
        var side = Math.Sign(order.Quantity);
        var closable = Math.Sign(position.Quantity) == -side ? Math.Abs(position.Quantity) : 0m;
        var held = Math.Sign(position.Quantity) == side ? Math.Abs(position.Value) : 0m;
        for (var i = 0; i < before && i < _orders.Count; i++)
        {
            if (_orders[i].Instrument == order.Instrument && Math.Sign(_orders[i].Quantity) == side)
            {
                var size = Math.Abs(_orders[i].Quantity);
                held += Math.Max(0m, size - closable) * position.Instrument.ContractMultiplier * _orders[i].Price;
                closable = Math.Max(0m, closable - size);
            }
        }

        var adding = Math.Abs(order.Quantity) - closable;
        if (adding <= 0m)
        {
            return 0m;
        }

        var notional = adding * position.Instrument.ContractMultiplier * order.Price;
        return position.InitialAt(held + notional) - position.InitialAt(held) + (notional * order.FeeRate);
    }

    /// <summary>Counts anew what working spot orders hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Relock()
    {
        for (var i = 0; i < _balances.Count; i++)
        {
            _balances[i].Locked = 0m;
        }

        for (var i = 0; i < _orders.Count; i++)
        {
            if (PositionOf(_orders[i].Instrument) is { IsPerpetual: false } position)
            {
                if (_orders[i].Quantity > 0m)
                {
                    position.Settlement.Locked += CostOf(_orders[i], position);
                }
                else
                {
                    position.Coins!.Locked += CoinsOf(_orders[i]);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private decimal Sum(Func<MarginPool, decimal> part)
    {
        var sum = 0m;
        for (var i = 0; i < _pools.Count; i++)
        {
            sum += part(_pools[i]) * _pools[i].Rate;
        }

        return sum;
    }
}

/// <summary>One currency of an account, in that currency. Changed by the ledger alone.</summary>
public sealed class AccountBalance
{
    private decimal _total;
    private decimal _rate;
    private decimal _inPositions;
    private decimal _inTransit;
    private bool _settles;

    internal AccountBalance(VenueAccount account, string currency, decimal ratio)
    {
        Account = account;
        Currency = currency;
        CollateralRatio = ratio;
    }

    /// <summary>The currency.</summary>
    public string Currency { get; }

    /// <summary>Everything here, locked or not; what travels is not.</summary>
    public decimal Total
    {
        get => _total;
        internal set
        {
            _total = value;
            Weigh();
            Account.Changed();
        }
    }

    /// <summary>Held by working spot orders.</summary>
    public decimal Locked { get; internal set; }

    /// <summary>On its way to this account.</summary>
    public decimal InTransit
    {
        get => _inTransit;
        internal set
        {
            _inTransit = value;
            Weigh();
        }
    }

    /// <summary>What an order may spend.</summary>
    public decimal Free => Total - Locked;

    /// <summary>Units of the account currency per unit; zero before the first rate.</summary>
    public decimal Rate
    {
        get => _rate;
        internal set
        {
            _rate = value;
            Account.Changed();
        }
    }

    /// <summary>
    /// Whether anything is worth what the rate says: money that no position values at its own mark, what travels,
    /// positions that settle in it, collateral. Kept, because every step asks for it.
    /// </summary>
    public bool IsValued { get; private set; }

    internal VenueAccount Account { get; }

    /// <summary>Whether this is the account currency itself: most money is, and multiplying by one is not free.</summary>
    internal bool IsAccountCurrency { get; init; }

    /// <summary>An amount of this currency in the account currency.</summary>
    internal decimal InAccountCurrency(decimal amount) => IsAccountCurrency ? amount : amount * Rate;

    /// <summary>Whether a position is settled in it.</summary>
    internal bool Settles
    {
        get => _settles;
        set
        {
            _settles = value;
            Weigh();
        }
    }

    /// <summary>What share counts as collateral of the account's perpetuals.</summary>
    internal decimal CollateralRatio { get; }

    /// <summary>The part that spot positions of the ledger value at their own marks.</summary>
    internal decimal InPositions
    {
        get => _inPositions;
        set
        {
            _inPositions = value;
            Weigh();
        }
    }

    /// <summary>The part that is valued at the currency's rate: all but what is in positions. Kept, because every rate asks for it.</summary>
    internal decimal Loose { get; private set; }

    private void Weigh()
    {
        Loose = _total - _inPositions;
        IsValued = _settles || Loose != 0m || _inTransit != 0m || (CollateralRatio != 0m && _total != 0m);
    }
}

/// <summary>An order that asks its account for money.</summary>
/// <param name="OrderId">The order; a second request of the same order replaces the first.</param>
/// <param name="Instrument">What it trades.</param>
/// <param name="Quantity">Contracts still to fill, signed.</param>
/// <param name="Price">The price that it may cost: its limit, else the quote; in the settlement currency.</param>
/// <param name="FeeRate">
/// Fee as a fraction where it comes on top of what the order spends: in the settlement currency for perpetuals and spot
/// buys, in the coin for spot sells; else zero.
/// </param>
public readonly record struct OrderRequirement(int OrderId, InstrumentId Instrument, decimal Quantity, decimal Price, decimal FeeRate);

/// <summary>An account's answer.</summary>
/// <param name="Accepted">Whether the account carries the order; then its money is held until the order is released.</param>
/// <param name="Currency">The currency of the figures.</param>
/// <param name="Required">What the order needs; zero for an exit.</param>
/// <param name="Available">What the account has for it.</param>
/// <param name="Limit">The venue's position limit if that is what refuses, in the settlement currency; else zero.</param>
public readonly record struct OrderVerdict(bool Accepted, string Currency, decimal Required, decimal Available, decimal Limit = 0m);
