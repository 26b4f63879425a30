#nullable enable
using System;
using System.Runtime.CompilerServices;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Hedging;

/// <summary>Why the gate refuses an order.</summary>
public enum GateReason
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The group, or the venue of the order, is halted or being closed: exits only.</summary>
    Halted,

    /// <summary>The order's venue works badly, or nothing is known of it yet: exits only.</summary>
    VenueHealth,

    /// <summary>The order's account is too near to liquidation: exits only.</summary>
    NearLiquidation,

    /// <summary>An exposure limit of the group or the venue.</summary>
    Exposure,

    /// <summary>A residual is beyond its limit, or has been outside its band for too long: nothing is raised until it is covered.</summary>
    Naked,

    /// <summary>Too much of all that could be lost stands at the order's venue.</summary>
    Concentration,

    /// <summary>The usable hedge legs cannot carry what the order would call for.</summary>
    HedgeCapacity,
}

/// <summary>The gate's answer.</summary>
/// <param name="Reason">Why it refuses; None: it lets the order pass.</param>
/// <param name="Largest">The largest order on that side that would pass, in contracts, zero or positive, in whole lots.</param>
public readonly record struct GateVerdict(GateReason Reason, decimal Largest)
{
    /// <summary>Lets an order pass.</summary>
    public static GateVerdict Pass { get; } = new(GateReason.None, decimal.MaxValue);

    /// <summary>Whether the order passes.</summary>
    public bool IsAccepted => Reason == GateReason.None;
}

/// <summary>What the gate asks besides the group's own state.</summary>
/// <param name="MostExposure">The largest primary that the exposure limits allow, in contracts; <see cref="decimal.MaxValue"/> without limit.</param>
/// <param name="IsNaked">Whether a residual is beyond its limit.</param>
/// <param name="IsConcentrated">Whether the order's venue is beyond its share of all that could be lost.</param>
/// <param name="Promised">Hedge that other groups' legs at the same accounts will need, per leg in contracts, in the order of the legs.</param>
public readonly record struct GateLimits(decimal MostExposure, bool IsNaked, bool IsConcentrated, decimal[]? Promised = null);

/// <summary>
/// The first of two points of enforcement: an order of the primary, whoever sends it, that raises the group's exposure
/// beyond what the usable hedge legs can carry now is refused. Pure. The second, <see cref="HedgeDecision"/>, repairs
/// whatever residual exists.
/// </summary>
public static class HedgeGate
{
    /// <summary>Whether an order, with every working and unknown order of its side, cannot take a position across zero.</summary>
    /// <param name="leg">The position.</param>
    /// <param name="quantity">Contracts, signed.</param>
    public static bool IsExit(in LegState leg, decimal quantity)
        => quantity > 0m ? leg.Held + leg.WorkingBuy + quantity <= 0m : leg.Held + leg.WorkingSell + quantity >= 0m;

    /// <summary>Judges an order of the primary. Exits always pass.</summary>
    /// <param name="state">The group; each leg's headroom on the side that hedges this order.</param>
    /// <param name="quantity">Contracts, signed.</param>
    /// <param name="limits">What else limits it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static GateVerdict Judge(GroupState state, decimal quantity, in GateLimits limits)
    {
        var primary = state.Primary;
        if (quantity == 0m || IsExit(primary, quantity))
        {
            return GateVerdict.Pass;
        }

        var side = Math.Sign(quantity);
        var before = side > 0 ? primary.Held + primary.WorkingBuy : -(primary.Held + primary.WorkingSell);

        // What closes the present position passes in any case.
        var exit = primary.Instrument.RoundTowardZero(Math.Max(0m, -before));
        if (state.IsHalted || state.IsFlattening || primary.Health is HealthState.Halted)
        {
            return new GateVerdict(GateReason.Halted, exit);
        }

        if (primary.Health != HealthState.Healthy)
        {
            return new GateVerdict(GateReason.VenueHealth, exit);
        }

        if (primary.IsNearLiquidation)
        {
            return new GateVerdict(GateReason.NearLiquidation, exit);
        }

        if (limits.IsNaked)
        {
            return new GateVerdict(GateReason.Naked, exit);
        }

        if (limits.IsConcentrated)
        {
            return new GateVerdict(GateReason.Concentration, exit);
        }

        var most = Capacity(state, side, limits.Promised);
        var reason = limits.MostExposure < most ? GateReason.Exposure : GateReason.HedgeCapacity;
        most = Math.Min(most, limits.MostExposure);
        return before + Math.Abs(quantity) <= most
            ? GateVerdict.Pass
            : new GateVerdict(reason, Math.Max(exit, primary.Instrument.RoundTowardZero(most - before)));
    }

    /// <summary>The largest primary on a side that the legs can hedge, in contracts: what they hold and work on that side, and the headroom of those that can add now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static decimal Capacity(GroupState state, int side, decimal[]? promised)
    {
        if (state.Group.Ratio == 0m)
        {
            return decimal.MaxValue;
        }

        var units = 0m;
        for (var i = 0; i < state.Legs.Length; i++)
        {
            ref readonly var leg = ref state.Legs[i];
            var same = side > 0 ? -(leg.HeldUnits + leg.WorkingSellUnits) : leg.HeldUnits + leg.WorkingBuyUnits;

            // What stands on the other side is closed first, if it can be: that takes no headroom.
            units += leg.ExitBlock == UnhedgedReason.None ? Math.Max(0m, same) : same;
            if (leg.AddBlock == UnhedgedReason.None)
            {
                units += leg.Instrument.UnitsOf(Math.Max(0m, leg.Headroom - (promised?[i] ?? 0m)));
            }
        }

        return state.PrimaryContractsOf(Math.Max(0m, units));
    }
}
