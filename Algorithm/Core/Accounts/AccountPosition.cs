#nullable enable
using System;
using System.Runtime.CompilerServices;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Accounts;

/// <summary>
/// A position in one instrument, with its own average cost and margin. Money in the settlement currency. Changed by the
/// ledger alone. Value and margin follow the mark when somebody asks: most marks move nothing that anybody does.
/// </summary>
public sealed class AccountPosition
{
    private readonly MarginTiers? _tiers;
    private readonly decimal _leverage;
    private readonly decimal[] _leverages = [];
    private decimal _size;
    private bool _isMarked;
    private bool _isValued = true;
    private bool _isCounted = true;
    private decimal _value;
    private decimal _maintenanceMargin;
    private decimal _maintenanceSlope;
    private decimal _room;
    private decimal _initialRate;
    private decimal _initialRateAtMost;
    private decimal _calmFrom;
    private decimal _calmTo;
    private decimal _tierFloor;
    private decimal _tierCap;
    private decimal _maintenanceRate;
    private decimal _deduction;

    internal AccountPosition(VenueAccount account, Instrument instrument, AccountBalance settlement, AccountBalance? coins, MarginTiers? tiers, decimal leverage)
    {
        Account = account;
        Instrument = instrument;
        Settlement = settlement;
        Settlement.Settles = true;
        Coins = coins;
        _tiers = tiers;
        PricePerUnit = instrument.ContractMultiplier / instrument.UnitsPerContract;
        _leverage = leverage;
        if (tiers is not null)
        {
            _leverages = new decimal[tiers.Count];
            for (var i = 0; i < tiers.Count; i++)
            {
                _leverages[i] = Math.Min(leverage, tiers[i].MaxLeverage);
            }
        }
    }

    /// <summary>The account that holds it.</summary>
    public VenueAccount Account { get; }

    /// <summary>The instrument.</summary>
    public Instrument Instrument { get; }

    /// <summary>Whether it is a perpetual; else spot.</summary>
    public bool IsPerpetual => _tiers is not null;

    /// <summary>The margin brackets; null for spot.</summary>
    public MarginTiers? Tiers => _tiers;

    /// <summary>Contracts, signed; for spot coins, net of coin fees.</summary>
    public decimal Quantity { get; private set; }

    /// <summary>What the open position cost: quantity times average price times multiplier, signed.</summary>
    public decimal Cost { get; private set; }

    /// <summary>Own average price of what is held, fees not included; zero when flat.</summary>
    public decimal AverageCost => _size == 0m ? 0m : Cost / _size;

    /// <summary>The mark price; zero before the first.</summary>
    public decimal Mark { get; private set; }

    /// <summary>The mark before the last one; where a liquidation is looked for between two marks.</summary>
    public decimal PreviousMark { get; private set; }

    /// <summary>Value at the mark, signed.</summary>
    public decimal Value
    {
        get
        {
            if (!_isValued)
            {
                Revalue();
            }

            return _value;
        }
    }

    /// <summary>Unrealized profit at the mark.</summary>
    public decimal UnrealizedProfit => IsHeld ? Value - Cost : 0m;

    /// <summary>Maintenance margin at the mark; zero for spot.</summary>
    public decimal MaintenanceMargin
    {
        get
        {
            CountMargin();
            return _maintenanceMargin;
        }
    }

    /// <summary>Initial margin at the mark; zero for spot.</summary>
    public decimal InitialMargin => Math.Abs(Value) * InitialRate;

    /// <summary>What the position adds to its account's value in the settlement currency: all of it for spot, the unrealized profit for a perpetual.</summary>
    public decimal Contribution => IsPerpetual ? UnrealizedProfit : Value;

    /// <summary>The coin that a spot position holds; null for a perpetual.</summary>
    public string? CoinCurrency => Coins?.Currency;

    internal AccountBalance Settlement { get; }

    /// <summary>The coin that a spot position holds.</summary>
    internal AccountBalance? Coins { get; }

    /// <summary>Quantity times multiplier: value per unit of price.</summary>
    internal decimal Size => _size;

    /// <summary>Whether anything is held. Kept, because every mark asks for it.</summary>
    internal bool IsHeld { get; private set; }

    /// <summary>Units of the underlying.</summary>
    internal decimal Units => Instrument.UnitsOf(Quantity);

    /// <summary>Price of a unit of the underlying per price of a contract.</summary>
    public decimal PricePerUnit { get; }

    /// <summary>The underlying's reference price.</summary>
    internal ReferencePrice Reference { get; set; } = null!;

    /// <summary>The move of the reference price that is in the profit.</summary>
    internal decimal ReferenceSeen { get; private set; }

    /// <summary>The mark up to which the own move is in the profit; the rest is open until the size or the rate changes, or the profit is read.</summary>
    internal decimal AccountedMark { get; private set; }

    /// <summary>By how much maintenance margin grows when the price grows by its whole self, in the present bracket.</summary>
    internal decimal MaintenanceSlope
    {
        get
        {
            CountMargin();
            return _maintenanceSlope;
        }
    }

    /// <summary>Unrealized profit less maintenance margin.</summary>
    internal decimal Room
    {
        get
        {
            CountMargin();
            return _room;
        }
    }

    /// <summary>The collateral that a perpetual stands on; null for spot.</summary>
    internal MarginPool? Pool { get; set; }

    /// <summary>The place of its underlying in its pool.</summary>
    internal int UnderlyingIndex { get; set; }

    /// <summary>Initial margin as a share of the notional, in the present bracket.</summary>
    internal decimal InitialRate
    {
        get
        {
            CountMargin();
            return _initialRate;
        }
    }

    /// <summary><see cref="InitialRate"/> rounded up to few digits, which are quick to reckon with: more than all that rounding could add to a margin.</summary>
    internal decimal InitialRateAtMost
    {
        get
        {
            CountMargin();
            return _initialRateAtMost;
        }
    }

    /// <summary>How many brackets its last headroom filled, less one: the next ends near there.</summary>
    internal int FilledBrackets { get; set; }

    /// <summary>The leverage that is left in a bracket; initial margin is the notional over it.</summary>
    internal decimal LeverageIn(int tier) => _leverages[tier];

    /// <summary>Initial margin of a notional at this position's leverage.</summary>
    internal decimal InitialAt(decimal notional) => _tiers!.Initial(notional, _leverage);

    /// <summary>Unrealized profit less maintenance margin at a share of the way from the previous mark to the mark.</summary>
    internal decimal RoomAt(decimal share)
    {
        var price = PreviousMark + (share * (Mark - PreviousMark));
        return _size == 0m ? 0m : (_size * price) - Cost - _tiers!.Maintenance(Math.Abs(_size * price));
    }

    /// <summary>Maintenance margin, if the price were the mark times a factor.</summary>
    internal decimal MaintenanceAtFactor(decimal factor) => _size == 0m ? 0m : _tiers!.Maintenance(Math.Abs(Value) * factor);

    /// <summary>Takes a mark; whether it is the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal bool SetMark(decimal price)
    {
        if (IsHeld)
        {
            _isValued = _isCounted = false;
            Account.Marked();
            if (Pool is { } pool && (price < _calmFrom || price > _calmTo))
            {
                pool.Unsettle();
            }
        }

        if (!_isMarked)
        {
            Begin(price);
            return true;
        }

        PreviousMark = Mark;
        Mark = price;
        return false;
    }

    /// <summary>
    /// From now on a mark within a share of the present one leaves the pool settled. False if such a mark could change
    /// the bracket, and with it what its move costs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal bool Settle(decimal share)
    {
        var notional = Math.Abs(Value);
        var move = share * notional;
        if (notional + move > _tierCap || notional - move <= _tierFloor)
        {
            return false;
        }

        // With as many decimals as the mark has: comparing two decimals of one scale takes half the time.
        move = decimal.Round(share * Mark, Mark.Scale, MidpointRounding.ToZero);
        (_calmFrom, _calmTo) = (Mark - move, Mark + move);
        return true;
    }

    /// <summary>
    /// Puts into the profit what marks have made since the last call: directional on the reference's move, basis on the
    /// rest of the own one. Called before what that depends on changes: the size, the rate, which position is the
    /// reference.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void AccountMarks()
    {
        var moved = Reference.Moved;
        if (IsHeld)
        {
            var directional = Units * (moved - ReferenceSeen);
            Account.Parts.Directional += directional;
            Account.Parts.Basis += Settlement.InAccountCurrency(_size * (Mark - AccountedMark)) - directional;
        }

        if (Reference.Position == this)
        {
            Reference.Accounted = moved;
        }

        ReferenceSeen = moved;
        AccountedMark = Mark;
    }

    /// <summary>What a fill would realize by our own arithmetic: for a perpetual, the money that moves.</summary>
    /// <param name="quantity">Contracts, signed.</param>
    /// <param name="price">In the settlement currency.</param>
    public decimal RealizedBy(decimal quantity, decimal price)
    {
        var size = quantity * Instrument.ContractMultiplier;
        return CostAfter(size, price) - Cost - (size * price);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Fill(decimal quantity, decimal price)
    {
        var size = quantity * Instrument.ContractMultiplier;
        Cost = CostAfter(size, price);
        Quantity += quantity;
        Resize(_size + size);
        if (!_isMarked)
        {
            Begin(price);
        }
    }

    /// <summary>What the venue says is held, in place of what was thought.</summary>
    internal void Restate(decimal quantity, decimal averagePrice)
    {
        Quantity = quantity;
        Resize(quantity * Instrument.ContractMultiplier);
        Cost = _size * averagePrice;
        if (!_isMarked && _size != 0m)
        {
            Begin(averagePrice);
        }
    }

    /// <summary>A fee in the coin itself: coins go, their average cost stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void TakeCoins(decimal quantity)
    {
        var size = quantity * Instrument.ContractMultiplier;
        Cost = _size == 0m ? Cost : Cost * (_size + size) / _size;
        Quantity += quantity;
        Resize(_size + size);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private decimal CostAfter(decimal size, decimal price)
    {
        var after = _size + size;
        if (after == 0m)
        {
            return 0m;
        }

        if (_size == 0m || Math.Sign(size) == Math.Sign(_size))
        {
            return Cost + (size * price);
        }

        return Math.Sign(after) == Math.Sign(_size) ? Cost * after / _size : after * price;
    }

    /// <summary>Takes the first mark; that there was one is kept, because every later one asks.</summary>
    private void Begin(decimal price)
    {
        _isMarked = price != 0m;
        Mark = PreviousMark = AccountedMark = price;
    }

    private void Resize(decimal size)
    {
        _size = size;
        _isValued = _isCounted = false;
        IsHeld = size != 0m;
        Account.Changed();
    }

    /// <summary>Values the position at its mark; that it is valued is said last, for whoever reads on another thread.</summary>
    private void Revalue()
    {
        _value = IsHeld ? _size * Mark : 0m;
        _isValued = true;
    }

    /// <summary>Counts its margin, if mark or size has changed: equity is asked for more often, and needs the value alone.</summary>
    private void CountMargin()
    {
        if (!_isCounted)
        {
            Recount();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Recount()
    {
        if (!IsHeld)
        {
            _maintenanceSlope = _maintenanceMargin = _room = 0m;
        }
        else if (_tiers is not null)
        {
            var notional = Math.Abs(Value);
            if (notional > _tierCap || notional <= _tierFloor)
            {
                EnterTier(_tiers.IndexOf(notional));
            }

            _maintenanceSlope = notional * _maintenanceRate;
            _maintenanceMargin = _maintenanceSlope - _deduction;
            _room = _value - Cost - _maintenanceMargin;
        }

        _isCounted = true;
    }

    private void EnterTier(int tier)
    {
        _tierFloor = tier == 0 ? 0m : _tiers![tier - 1].Cap;
        _tierCap = tier == _tiers!.Count - 1 ? decimal.MaxValue : _tiers[tier].Cap;
        _maintenanceRate = _tiers[tier].MaintenanceRate;
        _initialRate = 1m / _leverages[tier];
        _initialRateAtMost = (decimal.Ceiling(_initialRate * 1_000_000m) + 1m) / 1_000_000m;
        _deduction = _tiers.Deduction(tier);
    }
}

/// <summary>The price of an underlying against which basis is measured: its primary's mark.</summary>
internal sealed class ReferencePrice(AccountPosition position)
{
    public AccountPosition Position { get; set; } = position;

    /// <summary>The part of <see cref="Moved"/> up to the mark that its position has accounted for.</summary>
    public decimal Accounted { get; set; }

    /// <summary>The sum of its moves per unit of the underlying, in the account currency.</summary>
    public decimal Moved
        => Accounted + Position.Settlement.InAccountCurrency((Position.Mark - Position.AccountedMark) * Position.PricePerUnit);
}
