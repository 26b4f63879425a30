#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Hedging;

/// <summary>An instrument of a group at work: its book, what can be seen of it, and its venue's health.</summary>
public sealed class DeskInstrument
{
    internal DeskInstrument(InstrumentBook book, IInstrumentView view, VenueHealth health)
    {
        Book = book;
        View = view;
        Health = health;
    }

    /// <summary>The instrument.</summary>
    public Instrument Instrument => Book.Instrument;

    /// <summary>Position and orders.</summary>
    public InstrumentBook Book { get; }

    /// <summary>What can be seen of it.</summary>
    public IInstrumentView View { get; }

    /// <summary>Its venue's health.</summary>
    public VenueHealth Health { get; }

    /// <summary>Whether its account is so near to liquidation that it takes exits only; ends with hysteresis.</summary>
    public bool IsNearLiquidation { get; private set; }

    /// <summary>Looks at the distance of its account.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal decimal? Measure(HedgeSettings settings)
    {
        var distance = View.Distance;
        IsNearLiquidation = distance < settings.ExitDistance + (IsNearLiquidation ? settings.DistanceHysteresis : 0m);
        return distance;
    }

    /// <summary>A price young enough to size on, from a book that is neither crossed nor too wide; or null.</summary>
    /// <param name="utcNow">UTC.</param>
    /// <param name="settings">The limits.</param>
    public decimal? FreshPrice(DateTime utcNow, HedgeSettings settings) => FreshPrice(View.Quote, utcNow, settings);

    /// <summary>What contracts of it are worth at the last price, in the account currency; zero if that is not known.</summary>
    internal decimal ValueOf(decimal contracts) => contracts * Instrument.ContractMultiplier * View.Quote.Last * View.Rate;

    internal static decimal? FreshPrice(in Quote quote, DateTime utcNow, HedgeSettings settings)
        => quote.Last > 0m && utcNow - quote.TimeUtc <= settings.PriceMaxAge
            && quote.Bid > 0m && quote.Ask >= quote.Bid && quote.IsWithin(settings.MaxSpread)
                ? quote.Last
                : null;
}

/// <summary>Why a group takes exits only.</summary>
[Flags]
public enum HaltCauses
{
    /// <summary>It does not.</summary>
    None = 0,

    /// <summary>A person said so.</summary>
    Command = 1,

    /// <summary>It asked for more orders than a venue's budget of a minute.</summary>
    OrderBudget = 2,

    /// <summary>What an account holds is not explained by any order, or what an earlier process left is not.</summary>
    Unexplained = 4,
}

/// <summary>One group at work: its instruments, its state, its last decision. Changed by the desk alone.</summary>
public sealed class GroupDesk
{
    private readonly DeskInstrument[] _legs;
    private readonly StrongBox<long> _changes;
    private long _ownVersion;
    private long _residualVersion = -1;
    private decimal _residual;

    internal GroupDesk(HedgeGroup group, HedgeSettings settings, DeskInstrument primary, DeskInstrument[] legs, StrongBox<long> changes)
    {
        _changes = changes;
        Group = group;
        Primary = primary;
        _legs = legs;
        State = new GroupState(group, settings);
        Promised = new decimal[legs.Length];
        LeastTolerance = legs.Select(leg => leg.Instrument.DustLimit(null)).Append(group.Band).Max();
    }

    /// <summary>The group.</summary>
    public HedgeGroup Group { get; }

    /// <summary>The primary.</summary>
    public DeskInstrument Primary { get; }

    /// <summary>The hedge legs, in the group's order.</summary>
    public IReadOnlyList<DeskInstrument> Legs => _legs;

    /// <summary>What the last decision read; filled again by the next.</summary>
    public GroupState State { get; }

    /// <summary>The last decision; null before the first.</summary>
    public HedgeDecision? Decision { get; internal set; }

    /// <summary>Why it takes exits only.</summary>
    public HaltCauses Halts { get; internal set; }

    /// <summary>Whether it is being closed.</summary>
    public bool IsFlattening { get; internal set; }

    /// <summary>The venue that it was flattened with: it resumes with it. Null: it was not.</summary>
    public string? FlattenedWith { get; internal set; }

    /// <summary>Since when its residual has been outside its band for want of a venue, UTC; null: it is not.</summary>
    public DateTime? UncoveredSinceUtc { get; internal set; }

    /// <summary>Since when its residual has been outside its band, whatever covers it, UTC; null: it is not.</summary>
    public DateTime? NakedSinceUtc { get; internal set; }

    /// <summary>Whether a distance to liquidation makes both legs shrink.</summary>
    public bool IsShrinking { get; internal set; }

    /// <summary>Whether something happened after the last decision.</summary>
    internal bool IsStale { get; set; }

    /// <summary>Whether the last decision's actions are still to be sent.</summary>
    internal bool IsUnsent { get; set; }

    /// <summary>Whether the patience of a resting hedge is over.</summary>
    internal bool TakesNow { get; set; }

    /// <summary>What the last decision that left nothing to do saw; while it is the same there is nothing new to decide.</summary>
    internal long SettledVersion { get; set; } = -1;

    /// <summary>What the last line of the log saw.</summary>
    internal (long Version, UnhedgedReason Reason, decimal Uncovered) Logged { get; set; } = (-1, UnhedgedReason.None, 0m);

    /// <summary>Room for the gate's question, so that asking costs no memory.</summary>
    internal decimal[] Promised { get; }

    /// <summary>Grows with every change of anything but prices that a decision reads.</summary>
    internal long Version
    {
        get
        {
            var version = _ownVersion + Primary.Book.Version + Primary.Health.Version;
            for (var i = 0; i < _legs.Length; i++)
            {
                version += _legs[i].Book.Version + _legs[i].Health.Version;
            }

            return version;
        }
    }

    /// <summary>The tolerance of the residual that no price makes smaller, in units of the underlying.</summary>
    internal decimal LeastTolerance { get; }

    /// <summary>Whether only a change of a book, of health or of the group's own flags can give it something to decide.</summary>
    internal bool IsAtRest => SettledVersion == Version;

    internal IEnumerable<DeskInstrument> Instruments => _legs.Prepend(Primary);

    /// <summary>Net exposure from confirmed positions, and what of it counts as inside: the larger of band and dust limit. In units of the underlying.</summary>
    /// <param name="utcNow">UTC.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (decimal Units, decimal Tolerance) Residual(DateTime utcNow)
    {
        // Asked at every step: books are added up when one has changed, and prices looked at only where they decide.
        if (_residualVersion != Version)
        {
            _residualVersion = Version;
            _residual = Primary.Instrument.UnitsOf(Group.Ratio * Primary.Book.Held);
            for (var i = 0; i < _legs.Length; i++)
            {
                _residual += _legs[i].Instrument.UnitsOf(_legs[i].Book.Held);
            }
        }

        var units = _residual;
        var tolerance = LeastTolerance;
        for (var i = 0; i < _legs.Length && Math.Abs(units) > tolerance; i++)
        {
            if (_legs[i].Instrument.MinimumNotional != 0m)
            {
                tolerance = Math.Max(tolerance, _legs[i].Instrument.DustLimit(_legs[i].FreshPrice(utcNow, State.Settings)));
            }
        }

        return (units, tolerance);
    }

    /// <summary>Its own flags have changed.</summary>
    internal void Changed()
    {
        _ownVersion++;
        Interlocked.Increment(ref _changes.Value);
    }

    internal DeskInstrument Find(Instrument instrument)
    {
        for (var i = 0; i < _legs.Length; i++)
        {
            if (ReferenceEquals(_legs[i].Instrument, instrument))
            {
                return _legs[i];
            }
        }

        return Primary;
    }

    /// <summary>Fills <see cref="State"/>.</summary>
    /// <param name="utcNow">UTC.</param>
    /// <param name="isWarmingUp">Whether the algorithm warms up.</param>
    /// <param name="side">The side on which headroom is asked: of an order to be hedged; 0: of what is missing.</param>
    /// <param name="isConcentrated">Whether a venue is beyond its share of all that could be lost.</param>
    /// <param name="isExit">Whether the order is an exit: it calls for no hedge, and no headroom.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal GroupState Observe(DateTime utcNow, bool isWarmingUp, int side, Func<string, bool> isConcentrated, bool isExit = false)
    {
        var state = State;
        state.TimeUtc = utcNow;
        state.IsWarmingUp = isWarmingUp;
        state.IsHalted = Halts != HaltCauses.None;
        state.IsFlattening = IsFlattening;
        state.IsShrinking = IsShrinking;
        state.TakesNow = TakesNow;
        state.UncoveredFor = UncoveredSinceUtc is { } uncovered ? utcNow - uncovered : TimeSpan.Zero;
        state.Primary = Look(Primary, state, utcNow, 0, 0, 0m, isConcentrated) with
        {
            Distance = IsShrinking || side != 0 ? Primary.Measure(state.Settings) : null,
            IsNearLiquidation = side != 0 && Primary.IsNearLiquidation,
        };
        var unknown = Primary.Book.UnknownSinceUtc;
        var (held, working) = (0m, 0m);
        var required = state.RequiredUnits;
        for (var i = 0; i < _legs.Length; i++)
        {
            var book = _legs[i].Book;
            held += book.Instrument.UnitsOf(book.Held);
            working += book.Instrument.UnitsOf(required > 0m ? book.WorkingBuy : book.WorkingSell);
            if (book.UnknownSinceUtc is { } since && !(since >= unknown))
            {
                unknown = since;
            }
        }

        state.UnknownFor = unknown is { } sent ? utcNow - sent : null;
        var missing = required - held;
        var asked = side != 0 ? -side : missing != 0m || IsShrinking ? Math.Sign(required) : 0;
        for (var i = 0; i < _legs.Length; i++)
        {
            // Headroom is the dearest thing to know, and most decisions find nothing to add: orders on their way cover it, or it is dust.
            var adds = side != 0 ? !isExit : IsShrinking
                || Math.Sign(_legs[i].Instrument.RoundUnitsTowardZero(required) - held - working) == Math.Sign(required);
            state.Legs[i] = Look(_legs[i], state, utcNow, asked, adds ? asked : 0, missing, isConcentrated);
        }

        return state;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private LegState Look(DeskInstrument leg, GroupState state, DateTime utcNow, int side, int addingSide, decimal missing, Func<string, bool> isConcentrated)
    {
        var book = leg.Book;
        var settings = state.Settings;
        var view = leg.View;
        var isPrimary = ReferenceEquals(leg, Primary);
        var quote = view.Quote;
        var price = DeskInstrument.FreshPrice(quote, utcNow, settings);
        return new LegState
        {
            Instrument = book.Instrument,
            Held = book.Held,
            WorkingBuy = book.WorkingBuy,
            WorkingSell = book.WorkingSell,
            WorkingTogether = book.WorkingTogether,
            WorkingMove = book.WorkingMove,
            UnknownBuy = book.UnknownBuy,
            UnknownSell = book.UnknownSell,
            RestingFor = book.RestingSinceUtc is { } resting ? utcNow - resting : null,
            BuyingFor = isPrimary && book.BuyingSinceUtc is { } buying ? utcNow - buying : null,
            SellingFor = isPrimary && book.SellingSinceUtc is { } selling ? utcNow - selling : null,
            FreshPrice = price,
            Quote = quote,
            InBackoff = utcNow < book.BackoffUntilUtc,
            InExitBackoff = utcNow < book.ExitBackoffUntilUtc,
            Health = leg.Health.Orders,
            IsCancelDown = leg.Health.StateOf(Capability.Cancel) == HealthState.Down,
            IsReturning = !isPrimary && leg.Health.ReturnedUtc != DateTime.MinValue && utcNow - leg.Health.ReturnedUtc < settings.ReturnAfter,
            IsConcentrated = !isPrimary && _legs.Length > 1 && side != 0 && isConcentrated(leg.Instrument.Id.Route.Market),
            Headroom = addingSide != 0 && price is { } known ? HeadroomOf(leg, addingSide > 0, known, settings) : 0m,
            Distance = IsShrinking && !isPrimary ? view.Distance : null,
            Cost = Group.Split == HedgeSplit.Cost && missing != 0m ? VenueChoice.CostAt(quote, view, book.Instrument.ContractsOf(missing), settings) : 0m,
        };
    }

    /// <summary>What the account says, less its reserve and the orders that it has not answered, and so does not count yet.</summary>
    private static decimal HeadroomOf(DeskInstrument leg, bool buys, decimal price, HedgeSettings settings)
    {
        var headroom = leg.View.Headroom(buys, price, settings.WarnDistance) * (1m - settings.HeadroomReserve);
        var unanswered = buys ? leg.Book.UnansweredBuy : -leg.Book.UnansweredSell;
        return Math.Max(0m, unanswered == 0m ? headroom : headroom - unanswered);
    }
}
