#nullable enable
using System;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Hedging;

/// <summary>
/// Everything a decision about one group reads; nothing else may influence it. The desk fills the same object again for
/// each decision of a group, so that looking costs no memory.
/// </summary>
public sealed class GroupState
{
    /// <summary>Creates the state of a group that holds nothing.</summary>
    /// <param name="group">The group.</param>
    /// <param name="settings">Patience, limits, distances.</param>
    public GroupState(HedgeGroup group, HedgeSettings settings)
    {
        Group = group;
        Settings = settings;
        Primary = new LegState { Instrument = group.Primary };
        Legs = new LegState[group.Hedges.Count];
        for (var i = 0; i < Legs.Length; i++)
        {
            Legs[i] = new LegState { Instrument = group.Hedges[i] };
        }
    }

    /// <summary>The group.</summary>
    public HedgeGroup Group { get; }

    /// <summary>Patience, limits, distances.</summary>
    public HedgeSettings Settings { get; }

    /// <summary>When the decision is made, UTC.</summary>
    public DateTime TimeUtc { get; set; }

    /// <summary>Whether the algorithm warms up: nothing can be sent.</summary>
    public bool IsWarmingUp { get; set; }

    /// <summary>Whether the group was halted: exits only.</summary>
    public bool IsHalted { get; set; }

    /// <summary>Whether the group is being closed, both legs together.</summary>
    public bool IsFlattening { get; set; }

    /// <summary>Whether a distance to liquidation made both legs shrink, until it is at its target again.</summary>
    public bool IsShrinking { get; set; }

    /// <summary>How long the residual has been outside its band for want of a venue.</summary>
    public TimeSpan UncoveredFor { get; set; }

    /// <summary>Whether the patience of a resting hedge is over: until the residual is covered, hedges take.</summary>
    public bool TakesNow { get; set; }

    /// <summary>How long the oldest order of unknown outcome has been so; null if there is none.</summary>
    public TimeSpan? UnknownFor { get; set; }

    /// <summary>The primary.</summary>
    public LegState Primary { get; set; }

    /// <summary>The hedge legs, in the group's order.</summary>
    public LegState[] Legs { get; }

    /// <summary>Confirmed primary in units of the underlying.</summary>
    public decimal PrimaryUnits => Group.Primary.UnitsOf(Primary.Held);

    /// <summary>
    /// The hedge that is called for, in units of the underlying: minus ratio times the confirmed primary, net of
    /// base-coin fees. The working quantity of the primary counts only for legs sent together.
    /// </summary>
    public decimal RequiredUnits => Group.Primary.UnitsOf(-Group.Ratio * (Primary.Held + Primary.WorkingTogether));

    /// <summary>How much of the primary a hedge hedges, in contracts.</summary>
    /// <param name="units">Units of the underlying; zero or positive.</param>
    internal decimal PrimaryContractsOf(decimal units) => units / Group.Primary.UnitsOf(Group.Ratio);

    /// <summary>Confirmed hedge over all legs, in units of the underlying; a venue that is down keeps its position counted.</summary>
    public decimal HedgeUnits
    {
        get
        {
            var sum = 0m;
            for (var i = 0; i < Legs.Length; i++)
            {
                sum += Legs[i].HeldUnits;
            }

            return sum;
        }
    }

    /// <summary>Net exposure from confirmed positions, in units of the underlying: hedge held plus ratio times primary held.</summary>
    public decimal ResidualUnits => HedgeUnits + (Group.Ratio * PrimaryUnits);

    /// <summary>
    /// The residual below which nothing can be traded: the largest of lot and minimum order over the usable legs, over
    /// all if none is usable, in units of the underlying. A leg without a fresh price counts with lot and minimum
    /// quantity alone.
    /// </summary>
    public decimal DustLimitUnits
    {
        get
        {
            var (usable, any) = (0m, 0m);
            for (var i = 0; i < Legs.Length; i++)
            {
                var limit = Legs[i].Instrument.DustLimit(Legs[i].FreshPrice);
                any = Math.Max(any, limit);
                usable = Legs[i].AddBlock == UnhedgedReason.None ? Math.Max(usable, limit) : usable;
            }

            return usable == 0m ? any : usable;
        }
    }

    /// <summary>The residual that counts as inside: the larger of band and dust limit, in units of the underlying.</summary>
    public decimal ToleranceUnits => Math.Max(Group.Band, DustLimitUnits);

    /// <summary>Whether an order of unknown outcome freezes the pair: nothing that adds is sent until there is evidence, or the limit is over.</summary>
    public bool IsFrozen => UnknownFor is { } time && time <= Settings.UnknownLimit;

    /// <summary>What the pair is doing.</summary>
    public PairState Pair
    {
        get
        {
            if (UnknownFor is not null)
            {
                return PairState.Frozen;
            }

            var working = Primary.IsWorking;
            for (var i = 0; i < Legs.Length; i++)
            {
                working |= Legs[i].IsWorking;
            }

            return IsShrinking || IsFlattening || UncoveredFor > TimeSpan.Zero ? PairState.Repairing
                : working ? PairState.Working
                : PairState.Idle;
        }
    }
}

/// <summary>What a pair is doing.</summary>
public enum PairState
{
    /// <summary>Nothing works, nothing is missing that could be traded.</summary>
    Idle,

    /// <summary>Orders work.</summary>
    Working,

    /// <summary>A residual stands for want of a venue, or the pair is shrinking or being closed.</summary>
    Repairing,

    /// <summary>The outcome of an order is unknown.</summary>
    Frozen,
}

/// <summary>What is known of one instrument when a decision is made. Quantities in contracts, signed.</summary>
public readonly record struct LegState
{
    /// <summary>The instrument.</summary>
    public required Instrument Instrument { get; init; }

    /// <summary>Confirmed position; for spot the coin balance net of base-coin fees.</summary>
    public decimal Held { get; init; }

    /// <summary>What open buy orders may still add at worst, unknown ones included; zero or positive.</summary>
    public decimal WorkingBuy { get; init; }

    /// <summary>What open sell orders may still take away at worst, unknown ones included; zero or negative.</summary>
    public decimal WorkingSell { get; init; }

    /// <summary>The part of the working orders that is sent together with the other leg, signed.</summary>
    public decimal WorkingTogether { get; init; }

    /// <summary>The part of the working orders that moves the hedge to another venue, signed.</summary>
    public decimal WorkingMove { get; init; }

    /// <summary>The part of <see cref="WorkingBuy"/> whose outcome is unknown: it cannot be canceled.</summary>
    public decimal UnknownBuy { get; init; }

    /// <summary>The part of <see cref="WorkingSell"/> whose outcome is unknown.</summary>
    public decimal UnknownSell { get; init; }

    /// <summary>How long the oldest order has rested at our side of the book; null if none does.</summary>
    public TimeSpan? RestingFor { get; init; }

    /// <summary>Of a primary: how long the oldest buy order that can be canceled has worked; null if none does.</summary>
    public TimeSpan? BuyingFor { get; init; }

    /// <summary>Of a primary: how long the oldest sell order that can be canceled has worked; null if none does.</summary>
    public TimeSpan? SellingFor { get; init; }

    /// <summary>A price young enough to size on, from a book that is not too wide, in the settlement currency; or null.</summary>
    public decimal? FreshPrice { get; init; }

    /// <summary>What stands in the book.</summary>
    public Quote Quote { get; init; }

    /// <summary>Whether the venue refused an order so recently that nothing that adds is sent.</summary>
    public bool InBackoff { get; init; }

    /// <summary>Whether it refused an exit so recently.</summary>
    public bool InExitBackoff { get; init; }

    /// <summary>What the venue's health lets an order do.</summary>
    public HealthState Health { get; init; }

    /// <summary>Whether the venue cannot cancel: nothing that would have to be is left to rest there.</summary>
    public bool IsCancelDown { get; init; }

    /// <summary>Whether the venue came back so recently that it is the last choice.</summary>
    public bool IsReturning { get; init; }

    /// <summary>Whether too much of what could be lost stands at this venue: it is the last choice.</summary>
    public bool IsConcentrated { get; init; }

    /// <summary>
    /// The most that the account can add to the hedge and stay above its warning distance, in contracts; zero or positive.
    /// Zero also where nothing is missing that could be added.
    /// </summary>
    public decimal Headroom { get; init; }

    /// <summary>Distance to liquidation, a fraction of the mark; null if no price does it.</summary>
    public decimal? Distance { get; init; }

    /// <summary>Whether its account takes exits only, for its distance.</summary>
    public bool IsNearLiquidation { get; init; }

    /// <summary>What adding costs by <see cref="VenueChoice.Cost"/>, a fraction of the notional; for a split by cost.</summary>
    public decimal Cost { get; init; }

    /// <summary>Whether any order works.</summary>
    public bool IsWorking => WorkingBuy != 0m || WorkingSell != 0m;

    /// <summary>Whether any order works whose outcome is not unknown.</summary>
    internal bool IsWorkingKnown => WorkingBuy != UnknownBuy || WorkingSell != UnknownSell;

    /// <summary>Whether an order of unknown outcome is on it: not even an exit is sent then.</summary>
    public bool HasUnknown => UnknownBuy != 0m || UnknownSell != 0m;

    /// <summary>Whether the leg may add to the hedge, but for its headroom.</summary>
    internal UnhedgedReason AddBlock
        => Health != HealthState.Healthy ? UnhedgedReason.NoHealthyVenue
            : HasUnknown ? UnhedgedReason.OutcomeUnknown
            : InBackoff ? UnhedgedReason.Backoff
            : FreshPrice is null ? UnhedgedReason.NoFreshPrice
            : UnhedgedReason.None;

    internal decimal HeldUnits => Instrument.UnitsOf(Held);

    internal decimal WorkingBuyUnits => Instrument.UnitsOf(WorkingBuy);

    internal decimal WorkingSellUnits => Instrument.UnitsOf(WorkingSell);

    /// <summary>Whether an exit may be sent: not while the venue is down, an order on the instrument is unknown, or it was just refused.</summary>
    internal UnhedgedReason ExitBlock
        => Health == HealthState.Down ? UnhedgedReason.NoHealthyVenue
            : HasUnknown ? UnhedgedReason.OutcomeUnknown
            : InExitBackoff ? UnhedgedReason.Backoff
            : UnhedgedReason.None;
}
