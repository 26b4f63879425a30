#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace CrossHedgeLean.Accounts;

/// <summary>
/// Perpetuals of one account that share a collateral: those of one settlement currency, or all of them where the venue
/// counts every currency (a unified account). Money in the pool's unit: that settlement currency, or the account currency.
/// </summary>
public sealed class MarginPool
{
    /// <summary>Marks within this share of those that were counted can change room, distance and margin only so far that most steps need not count them.</summary>
    private const decimal Calm = 0.01m;

    private readonly bool _pooled;
    private readonly AccountBalance[] _settlement;
    private readonly List<AccountBalance> _balances;
    private readonly List<AccountPosition> _perpetuals = [];
    private readonly List<(string Underlying, List<AccountPosition> Positions)> _underlyings = [];

    private decimal[] _slopes = [];
    private AccountPosition?[] _held = [];
    private long _countedVersion = -1;
    private long _summedVersion = -1;
    private decimal? _distance;
    private AccountPosition? _nearest;
    private decimal _equity;
    private decimal _initialMargin;
    private decimal _notional;
    private decimal _highestRate;
    private decimal _room;
    private decimal _slope;
    private decimal _second;
    private int _steepest;
    private long _settledVersion = -1;
    private decimal _roomAtLeast;
    private decimal? _distanceAtLeast;
    private decimal _initialMarginAtMost;

    internal MarginPool(VenueAccount account, AccountBalance settlement, List<AccountBalance> balances)
    {
        Account = account;
        _pooled = account.Definition.Profile.PoolsCollateral;
        _settlement = [settlement];
        _balances = balances;
    }

    /// <summary>The account.</summary>
    public VenueAccount Account { get; }

    /// <summary>The perpetuals, in the order of first use.</summary>
    public IReadOnlyList<AccountPosition> Perpetuals => _perpetuals;

    /// <summary>Collateral plus unrealized profit.</summary>
    public decimal Equity
    {
        get
        {
            Sum();
            return _equity;
        }
    }

    /// <summary>What the account can lose before somebody else pays: the equity, in a unified account coins at their whole value.</summary>
    internal decimal Worth => _pooled ? Account.Equity : Equity;

    /// <summary>Maintenance margin of all positions at the marks.</summary>
    public decimal MaintenanceMargin
    {
        get
        {
            var margin = 0m;
            for (var i = 0; i < _perpetuals.Count; i++)
            {
                margin += InUnit(_perpetuals[i], _perpetuals[i].MaintenanceMargin);
            }

            return margin;
        }
    }

    /// <summary>Initial margin of all positions at the marks.</summary>
    public decimal InitialMargin
    {
        get
        {
            Sum();
            return _initialMargin;
        }
    }

    /// <summary>No less than <see cref="InitialMargin"/>, and far cheaper: one multiplication instead of one by the 28 digits of a leverage's inverse for each position.</summary>
    internal decimal InitialMarginAtMost
    {
        get
        {
            if (IsSettled)
            {
                return _initialMarginAtMost;
            }

            Recount();
            return _notional * _highestRate;
        }
    }

    /// <summary>Whether the venue liquidates now.</summary>
    public bool IsBreached
    {
        get
        {
            if (IsSettled && _roomAtLeast > 0m)
            {
                return false;
            }

            Settle();
            return _room < 0m && MaintenanceMargin > 0m;
        }
    }

    /// <summary>Units of the account currency per unit of the pool.</summary>
    internal decimal Rate => _pooled ? 1m : _settlement[0].Rate;

    /// <summary>Whether nothing has changed since the last <see cref="Settle"/> but marks, and those by little: what it bounded holds.</summary>
    private bool IsSettled => _settledVersion == Account.MoneyVersion;

    internal string Unit => _pooled ? Account.AccountCurrency : _settlement[0].Currency;

    private decimal Collateral
    {
        get
        {
            if (!_pooled)
            {
                return _settlement[0].Total;
            }

            var collateral = 0m;
            for (var i = 0; i < _balances.Count; i++)
            {
                var balance = _balances[i];
                var value = balance.Total * balance.Rate;

                // A debt counts whole.
                collateral += value > 0m ? value * balance.CollateralRatio : value;
            }

            return collateral;
        }
    }

    /// <summary>An amount in a position's settlement currency, in the pool's unit.</summary>
    internal decimal InUnit(AccountPosition position, decimal amount) => _pooled ? position.Settlement.InAccountCurrency(amount) : amount;

    internal void Add(AccountPosition position)
    {
        _perpetuals.Add(position);
        position.Pool = this;
        position.UnderlyingIndex = _underlyings.FindIndex(entry => entry.Underlying == position.Instrument.Underlying);
        if (position.UnderlyingIndex < 0)
        {
            position.UnderlyingIndex = _underlyings.Count;
            _underlyings.Add((position.Instrument.Underlying, []));
        }

        _underlyings[position.UnderlyingIndex].Positions.Add(position);
    }

    /// <summary>
    /// The distance to liquidation of the nearest underlying, as a fraction of its mark, if all its prices moved
    /// together and the others stood still: exact within the present brackets. Null if nothing could be liquidated.
    /// </summary>
    /// <param name="nearest">A position of that underlying.</param>
    public decimal? Distance(out AccountPosition? nearest)
    {
        Recount();
        nearest = _nearest;
        return _distance;
    }

    /// <summary>Whether the distance to liquidation is below another one, as fractions; cheap while marks move little.</summary>
    /// <param name="distance">The other one.</param>
    public bool IsNearer(decimal distance)
        => !IsFartherWhileCalm(distance) && Distance(out _) < distance;

    /// <summary>Whether it is no nearer than another one, and stays so until <see cref="VenueAccount.CalmVersion"/> changes.</summary>
    internal bool IsFartherWhileCalm(decimal distance) => IsSettled && (_distanceAtLeast is not { } least || least >= distance);

    /// <summary>
    /// The distance to liquidation of one underlying, as a fraction of its mark, if all its prices moved together and
    /// the others stood still. Null if it holds nothing that could be liquidated.
    /// </summary>
    /// <param name="position">A perpetual of this pool.</param>
    internal decimal? DistanceOf(AccountPosition position)
    {
        Recount();
        var slope = Math.Abs(_slopes[position.UnderlyingIndex]);
        return _held[position.UnderlyingIndex] is null || slope == 0m ? null : Math.Max(0m, _room / slope);
    }

    /// <summary>
    /// The money that is missing so that every underlying of the pool has a distance to liquidation, in the pool's unit:
    /// distance times the steepest slope, less the room; exact within the present brackets. Negative: that much is spare.
    /// </summary>
    /// <param name="distance">The distance, a fraction of the mark.</param>
    public decimal Missing(decimal distance) => (distance * Slope) - Room;

    /// <summary>
    /// What the room loses when the prices of the underlying that costs most move by their whole selves, in the pool's
    /// unit; zero if nothing could be liquidated.
    /// </summary>
    public decimal Slope
    {
        get
        {
            Recount();
            return _slope;
        }
    }

    /// <summary>
    /// The largest notional that can be added to a perpetual on a side, on top of what closes it, so that initial margin
    /// suffices and every underlying of the pool keeps a distance to liquidation. In the pool's unit; zero or positive.
    /// </summary>
    /// <param name="position">The perpetual.</param>
    /// <param name="buys">The side.</param>
    /// <param name="feeRate">Fee as a fraction of the notional.</param>
    /// <param name="distance">The distance to keep, a fraction.</param>
    /// <param name="held">Margin that working orders hold.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal decimal Headroom(AccountPosition position, bool buys, decimal feeRate, decimal distance, decimal held)
    {
        Recount();
        Sum();
        var tiers = position.Tiers!;
        var unit = InUnit(position, 1m);
        var same = 0m;

        // What is left of the account without this position, and when it is closed.
        var room = _room - held;
        var free = _equity - _initialMargin - held;
        if (position.IsHeld)
        {
            var signed = InUnit(position, buys ? position.Value : -position.Value);
            var closing = feeRate * Math.Max(0m, -signed);
            same = Math.Max(0m, signed);
            room += InUnit(position, position.MaintenanceMargin) - closing;
            free += InUnit(position, position.InitialMargin) - closing;
        }

        var beside = SlopeBeside(position, out var steepest);
        beside = buys ? beside : -beside;
        var added = 0m;
        var tier = unit <= 0m ? tiers.Count : same == 0m ? 0 : tiers.IndexOf(same / unit);
        if (position.FilledBrackets > tier)
        {
            // One look for all brackets below where the last walk ended: at the last one's cap and rates, with the first
            // one's slope where that is the steeper and all that stands against it, none of them needs more margin, room
            // or distance.
            var last = position.FilledBrackets - 1;
            var rate = tiers[last].MaintenanceRate;
            var leverage = position.LeverageIn(last);
            var cap = (tiers[last].Cap * unit) - same;
            var slope = buys ? 1m - tiers[tier].MaintenanceRate : 1m + rate;
            var near = Math.Max(steepest, Math.Max(beside + (slope * (cap + same)), -beside));
            if (cap * (1m + (feeRate * leverage)) < (free * leverage) - same
                && (cap * (feeRate + rate)) + (distance * near) < room + (tiers.Deduction(last) * unit) - (rate * same))
            {
                added = cap;
                tier = last + 1;
            }
        }

        for (; tier < tiers.Count; tier++)
        {
            // In a bracket the whole position pays its rate less its deduction, and its leverage. Each unit that is added
            // takes room for its fee and its maintenance, and makes the underlying's slope steeper.
            var rate = tiers[tier].MaintenanceRate;
            var slope = buys ? 1m - rate : 1m + rate;
            var leverage = position.LeverageIn(tier);
            var left = room + (tiers.Deduction(tier) * unit) - (rate * same);
            var standing = beside + (slope * same);
            var near = distance * standing;
            var takes = feeRate + rate;
            var needs = distance * slope;
            var cap = (tiers[tier].Cap * unit) - same;

            // The least of these quotients is the most that fits. Dividing costs more than comparing them does.
            var (most, per) = ((free * leverage) - same, 1m + (feeRate * leverage));
            (most, per) = Lesser(most, per, left - near, takes + needs);
            if (steepest > standing)
            {
                (most, per) = Lesser(most, per, left - (distance * steepest), takes);
            }

            // Where it stands against the rest of its underlying, it may cost more room than it makes distance.
            if (takes > needs)
            {
                (most, per) = Lesser(most, per, left + near, takes - needs);
            }

            if (cap * per < most)
            {
                added = Math.Max(added, cap);
                continue;
            }

            added = Math.Max(added, Math.Min(most / per, cap));
            break;
        }

        position.FilledBrackets = tier - 1;
        return Math.Max(0m, added);
    }

    /// <summary>The lesser of two quotients, neither divided.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (decimal Dividend, decimal Divisor) Lesser(decimal dividend, decimal divisor, decimal otherDividend, decimal otherDivisor)
        => otherDividend * divisor < dividend * otherDivisor ? (otherDividend, otherDivisor) : (dividend, divisor);

    /// <summary>Equity and initial margin, which orders ask for and most steps do not; kept until a balance, a rate or the value of a position changes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum()
    {
        if (_summedVersion == Account.Version)
        {
            return;
        }

        _summedVersion = Account.Version;
        _initialMargin = 0m;
        _equity = Collateral;
        for (var i = 0; i < _perpetuals.Count; i++)
        {
            var position = _perpetuals[i];
            if (position.IsHeld)
            {
                _equity += InUnit(position, position.UnrealizedProfit);
                _initialMargin += InUnit(position, position.InitialMargin);
            }
        }
    }

    /// <summary>Everything that is asked of the pool at each step, in one walk; kept as long as <see cref="Sum"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Recount()
    {
        if (_countedVersion == Account.Version && _slopes.Length == _underlyings.Count)
        {
            return;
        }

        _countedVersion = Account.Version;
        if (_slopes.Length != _underlyings.Count)
        {
            _slopes = new decimal[_underlyings.Count];
            _held = new AccountPosition?[_underlyings.Count];
        }

        Array.Clear(_slopes);
        Array.Clear(_held);
        (_notional, _highestRate) = (0m, 0m);
        _room = Collateral;
        for (var i = 0; i < _perpetuals.Count; i++)
        {
            var position = _perpetuals[i];
            if (position.IsHeld)
            {
                var at = position.UnderlyingIndex;
                _notional += InUnit(position, Math.Abs(position.Value));
                _highestRate = Math.Max(_highestRate, position.InitialRateAtMost);
                _room += InUnit(position, position.Room);
                _slopes[at] += InUnit(position, position.Value - position.MaintenanceSlope);
                _held[at] ??= position;
            }
        }

        CountSlopes();
    }

    /// <summary>A mark has left the range in which the pool is settled.</summary>
    internal void Unsettle()
    {
        _settledVersion = -1;
        Account.BoundsMoved();
    }

    /// <summary>
    /// Counts, and bounds what marks can change while each stays within <see cref="Calm"/> of its present one and in its
    /// bracket: a position's profit moves by at most that share of its value, its maintenance margin, whose rate is below
    /// one, by no more; so do its parts of room and slope.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Settle()
    {
        Recount();
        _settledVersion = Account.MoneyVersion;
        Account.BoundsMoved();
        for (var i = 0; i < _perpetuals.Count; i++)
        {
            if (_perpetuals[i].IsHeld && !_perpetuals[i].Settle(Calm))
            {
                Unsettle();
                return;
            }
        }

        var most = 2m * Calm * _notional;
        _roomAtLeast = _room - most;
        _distanceAtLeast = _notional == 0m ? null : Math.Max(0m, _roomAtLeast / (_slope + most));
        _initialMarginAtMost = (1m + Calm) * _notional * _highestRate;
    }

    /// <summary>The steepest slopes: of all underlyings, whose distance is the nearest, and beside that one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CountSlopes()
    {
        (_slope, _second, _steepest, _nearest) = (0m, 0m, 0, null);
        for (var i = 0; i < _slopes.Length; i++)
        {
            if (_held[i] is not { } held)
            {
                continue;
            }

            if (_pooled)
            {
                _slopes[i] += CoinCollateral(_underlyings[i].Underlying);
            }

            var slope = Math.Abs(_slopes[i]);
            if (slope > _slope)
            {
                (_second, _slope, _steepest, _nearest) = (_slope, slope, i, held);
            }
            else
            {
                _second = Math.Max(_second, slope);
            }
        }

        _distance = _nearest is null ? null : Math.Max(0m, _room / _slope);
    }

    /// <summary>
    /// The mark at which the account is liquidated if the prices of a position's underlying move together, by walking
    /// from bracket to bracket. Null if no positive price does it.
    /// </summary>
    /// <remarks>
    /// Solves equity = maintenance margin, which is Binance's formula for cross margin:
    /// https://www.binance.com/en/support/faq/detail/b3c689c1f50a44cabb3a84e663b81d93.
    /// </remarks>
    /// <param name="position">A perpetual of this pool with a mark.</param>
    public decimal? LiquidationPrice(AccountPosition position)
    {
        if (position.Quantity == 0m || position.Mark == 0m)
        {
            return null;
        }

        var underlying = position.Instrument.Underlying;
        var positions = _underlyings.Find(entry => entry.Underlying == underlying).Positions;
        var room = Equity - MaintenanceMargin;
        if (room <= 0m)
        {
            return position.Mark;
        }

        var down = FirstRoot(underlying, positions, room, up: false);
        var up = FirstRoot(underlying, positions, room, up: true);
        var factor = down is null ? up : up is null ? down : 1m - down < up - 1m ? down : up;
        return factor is { } known && known > 0m ? position.Mark * known : null;
    }

    /// <summary>
    /// Where on the way from the previous marks to the present ones the room was gone, as a share of the way: 0 if it
    /// was gone before. Between bracket ends the room is a straight line, so that drawing lines from both sides ends.
    /// </summary>
    internal decimal BreachShare()
    {
        var (low, high) = (0m, 1m);
        var (roomLow, roomHigh) = (RoomAt(0m), RoomAt(1m));
        if (roomLow <= 0m)
        {
            return 0m;
        }

        for (var i = 0; i < 200 && roomHigh < 0m; i++)
        {
            // Every second try halves the rest, in case one end never moves.
            var share = i % 2 == 0 ? low + ((high - low) * (roomLow / (roomLow - roomHigh))) : (low + high) / 2m;
            var room = RoomAt(share);
            if (Math.Abs(room) < 0.000000001m)
            {
                return share;
            }

            if (room > 0m)
            {
                (low, roomLow) = (share, room);
            }
            else
            {
                (high, roomHigh) = (share, room);
            }
        }

        return high;
    }

    /// <summary>Equity less maintenance margin, in the pool's unit; below zero the venue liquidates. In one walk.</summary>
    public decimal Room
    {
        get
        {
            Recount();
            return _room;
        }
    }

    private decimal RoomAt(decimal share)
    {
        var room = Collateral;
        for (var i = 0; i < _perpetuals.Count; i++)
        {
            room += InUnit(_perpetuals[i], _perpetuals[i].RoomAt(share));
        }

        return room;
    }

    /// <summary>The slope of a position's underlying without the position, and the steepest of the others, its sign left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private decimal SlopeBeside(AccountPosition position, out decimal steepest)
    {
        var own = position.UnderlyingIndex;
        steepest = own == _steepest ? _second : _slope;
        var beside = _pooled ? CoinCollateral(position.Instrument.Underlying) : 0m;
        foreach (var other in _underlyings[own].Positions)
        {
            beside += other == position ? 0m : InUnit(other, other.Value - other.MaintenanceSlope);
        }

        return beside;
    }

    /// <summary>Collateral in the underlying's own coin, which moves with the price.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private decimal CoinCollateral(string underlying)
    {
        if (_pooled)
        {
            for (var i = 0; i < _balances.Count; i++)
            {
                if (_balances[i].Currency == underlying)
                {
                    var value = _balances[i].Total * _balances[i].Rate;
                    return value > 0m ? value * _balances[i].CollateralRatio : value;
                }
            }
        }

        return 0m;
    }

    private decimal RoomAt(string underlying, List<AccountPosition> positions, decimal room, decimal factor)
    {
        var result = room + ((factor - 1m) * CoinCollateral(underlying));
        for (var i = 0; i < positions.Count; i++)
        {
            var position = positions[i];
            result += InUnit(position, ((factor - 1m) * position.Value) - position.MaintenanceAtFactor(factor) + position.MaintenanceMargin);
        }

        return result;
    }

    /// <summary>The factor nearest to 1 at which the room is gone; between two bracket ends the room is a straight line.</summary>
    private decimal? FirstRoot(string underlying, List<AccountPosition> positions, decimal room, bool up)
    {
        var ends = new SortedSet<decimal>();
        for (var i = 0; i < positions.Count; i++)
        {
            var notional = Math.Abs(positions[i].Value);
            for (var tier = 0; notional > 0m && tier < positions[i].Tiers!.Count - 1; tier++)
            {
                ends.Add(positions[i].Tiers![tier].Cap / notional);
            }
        }

        if (!up)
        {
            ends.Add(0m);
        }

        var from = 1m;
        var roomFrom = room;
        foreach (var end in up ? ends : ends.Reverse())
        {
            if (up ? end <= 1m : end >= 1m)
            {
                continue;
            }

            var roomEnd = RoomAt(underlying, positions, room, end);
            if (roomEnd < 0m)
            {
                return from + ((end - from) * (roomFrom / (roomFrom - roomEnd)));
            }

            (from, roomFrom) = (end, roomEnd);
        }

        if (!up)
        {
            return null;
        }

        var beyond = from + 1m;
        var lost = roomFrom - RoomAt(underlying, positions, room, beyond);
        return lost > 0m ? from + (roomFrom / lost) : null;
    }
}
