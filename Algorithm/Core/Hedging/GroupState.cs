#nullable enable
using System;
using System.Collections.Generic;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Hedging;

/// <summary>Everything a decision about one group reads; nothing else may influence it.</summary>
/// <param name="Group">The group.</param>
/// <param name="TimeUtc">When the decision is made, UTC.</param>
/// <param name="PrimaryHeld">Confirmed primary in contracts, net of base-coin fees.</param>
/// <param name="PrimaryWorkingBuy">What open primary buys may still add, in contracts; zero or positive. For the log: hedges are sized on fills.</param>
/// <param name="PrimaryWorkingSell">What open primary sells may still take away, in contracts; zero or negative.</param>
/// <param name="Legs">The hedge legs, in the group's order.</param>
/// <param name="WarmingUp">Whether the algorithm warms up.</param>
public sealed record GroupState(
    HedgeGroup Group,
    DateTime TimeUtc,
    decimal PrimaryHeld,
    decimal PrimaryWorkingBuy,
    decimal PrimaryWorkingSell,
    IReadOnlyList<HedgeLegState> Legs,
    bool WarmingUp)
{
    /// <summary>Confirmed primary in units of the underlying.</summary>
    public decimal PrimaryUnits => PrimaryHeld * Group.Primary.UnitsPerContract;

    /// <summary>The hedge that the confirmed primary calls for, in units of the underlying: minus ratio times primary.</summary>
    public decimal RequiredUnits => -Group.Ratio * PrimaryUnits;

    /// <summary>Confirmed hedge over all legs, in units of the underlying.</summary>
    public decimal HedgeUnits
    {
        get
        {
            var sum = 0m;
            for (var i = 0; i < Legs.Count; i++)
            {
                sum += Legs[i].HeldUnits;
            }

            return sum;
        }
    }

    /// <summary>Net exposure from confirmed positions, in units of the underlying: hedge held minus hedge required.</summary>
    public decimal ResidualUnits => HedgeUnits - RequiredUnits;

    /// <summary>
    /// The residual below which nothing can be traded: the largest of lot and minimum order over the usable legs, in
    /// units of the underlying. A leg without a fresh price counts with lot and minimum quantity alone.
    /// </summary>
    public decimal DustLimitUnits
    {
        get
        {
            var limit = 0m;
            for (var i = 0; i < Legs.Count; i++)
            {
                limit = Math.Max(limit, Legs[i].Instrument.DustLimit(Legs[i].FreshPrice));
            }

            return limit;
        }
    }

    /// <summary>The residual that counts as inside: the larger of band and dust limit, in units of the underlying.</summary>
    public decimal ToleranceUnits => Math.Max(Group.Band, DustLimitUnits);
}

/// <summary>What is known of one hedge leg when a decision is made. Quantities in contracts, signed.</summary>
/// <param name="Instrument">The leg.</param>
/// <param name="Held">Confirmed position; for spot the coin balance net of base-coin fees.</param>
/// <param name="WorkingBuy">What open buy orders may still add; zero or positive.</param>
/// <param name="WorkingSell">What open sell orders may still take away; zero or negative.</param>
/// <param name="FreshPrice">A price young enough to size on, in the settlement currency, or null.</param>
/// <param name="InBackoff">Whether the venue refused an order so recently that the leg must wait.</param>
public readonly record struct HedgeLegState(
    Instrument Instrument,
    decimal Held,
    decimal WorkingBuy,
    decimal WorkingSell,
    decimal? FreshPrice,
    bool InBackoff)
{
    internal decimal HeldUnits => Held * Instrument.UnitsPerContract;

    internal decimal WorkingBuyUnits => WorkingBuy * Instrument.UnitsPerContract;

    internal decimal WorkingSellUnits => WorkingSell * Instrument.UnitsPerContract;
}
