#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace CrossHedgeLean.Venues;

/// <summary>
/// Maintenance margin of a linear perpetual by notional: rate times notional minus the bracket's deduction, which makes
/// the margin continuous where brackets meet. Notionals in the settlement currency. Immutable.
/// </summary>
/// <remarks>
/// The deduction is what Binance calls maintenance amount (cum) and Bybit maintenance margin deduction:
/// https://www.binance.com/en/support/faq/detail/b3c689c1f50a44cabb3a84e663b81d93 and
/// https://www.bybit.com/en/help-center/article/Maintenance-Margin-USDT-Contract.
/// </remarks>
public sealed class MarginTiers
{
    private readonly MarginTier[] _tiers;
    private readonly decimal[] _deductions;

    /// <summary>Creates the table.</summary>
    /// <param name="tiers">The brackets from the smallest notional up; see <see cref="Check"/>.</param>
    /// <exception cref="ArgumentException">The table breaks a rule of <see cref="Check"/>.</exception>
    public MarginTiers(IReadOnlyList<MarginTier> tiers)
    {
        if (Check(tiers) is { } error)
        {
            throw new ArgumentException(error, nameof(tiers));
        }

        _tiers = [.. tiers];
        _deductions = new decimal[_tiers.Length];
        for (var i = 1; i < _tiers.Length; i++)
        {
            _deductions[i] = _deductions[i - 1] + (_tiers[i - 1].Cap * (_tiers[i].MaintenanceRate - _tiers[i - 1].MaintenanceRate));
        }
    }

    /// <summary>How many brackets there are.</summary>
    public int Count => _tiers.Length;

    /// <summary>The largest notional of a position.</summary>
    public decimal Limit => _tiers[^1].Cap;

    /// <summary>A bracket, 0 being the smallest notional.</summary>
    public MarginTier this[int index] => _tiers[index];

    /// <summary>One bracket for every notional.</summary>
    /// <param name="maintenanceRate">A fraction above 0 and below 1.</param>
    /// <param name="maxLeverage">At least 1; at most one over the rate.</param>
    public static MarginTiers Flat(decimal maintenanceRate, decimal maxLeverage)
        => new([new MarginTier(1_000_000_000_000m, maintenanceRate, maxLeverage)]);

    /// <summary>
    /// The first rule that a table breaks, or null: at least one bracket; caps positive and rising; rates above 0, below
    /// 1 and rising; leverage at least 1 and falling; initial margin (one over leverage) above the maintenance rate.
    /// </summary>
    public static string? Check(IReadOnlyList<MarginTier> tiers)
    {
        if (tiers.Count == 0)
        {
            return "the table has no bracket.";
        }

        for (var i = 0; i < tiers.Count; i++)
        {
            var tier = tiers[i];
            if (tier.MaintenanceRate is <= 0m or >= 1m || tier.MaxLeverage < 1m || tier.Cap <= 0m)
            {
                return $"bracket {i + 1} ({Describe(tier)}) needs a positive cap, a rate above 0 and below 1, and a leverage of at least 1.";
            }

            if (tier.MaintenanceRate * tier.MaxLeverage > 1m)
            {
                return $"bracket {i + 1} ({Describe(tier)}) asks for more maintenance than initial margin: lower the leverage or the rate.";
            }

            if (i > 0 && (tier.Cap <= tiers[i - 1].Cap || tier.MaintenanceRate <= tiers[i - 1].MaintenanceRate || tier.MaxLeverage > tiers[i - 1].MaxLeverage))
            {
                return $"bracket {i + 1} ({Describe(tier)}) after bracket {i} ({Describe(tiers[i - 1])}): caps and rates must rise, leverage must not.";
            }
        }

        return null;
    }

    /// <summary>The bracket of a notional; beyond the last cap the last one.</summary>
    /// <param name="notional">Zero or positive.</param>
    public int IndexOf(decimal notional)
    {
        var index = 0;
        while (index < _tiers.Length - 1 && notional > _tiers[index].Cap)
        {
            index++;
        }

        return index;
    }

    /// <summary>What is taken off rate times notional in a bracket, in the settlement currency; zero or positive.</summary>
    public decimal Deduction(int index) => _deductions[index];

    /// <summary>Maintenance margin of a position.</summary>
    /// <param name="notional">Absolute value at the mark price; zero or positive.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public decimal Maintenance(decimal notional)
    {
        var index = IndexOf(notional);
        return (notional * _tiers[index].MaintenanceRate) - _deductions[index];
    }

    /// <summary>Initial margin of a position: notional over the smaller of the chosen leverage and what the bracket grants.</summary>
    /// <param name="notional">Absolute value; zero or positive.</param>
    /// <param name="leverage">The leverage set at the venue, at least 1.</param>
    public decimal Initial(decimal notional, decimal leverage)
        => notional / Math.Min(leverage, _tiers[IndexOf(notional)].MaxLeverage);

    private static string Describe(MarginTier tier)
        => FormattableString.Invariant($"up to {tier.Cap}: rate {tier.MaintenanceRate}, leverage {tier.MaxLeverage}");
}

/// <summary>One bracket of a venue's maintenance margin table.</summary>
/// <param name="Cap">Largest position notional of the bracket, inclusive, in the settlement currency.</param>
/// <param name="MaintenanceRate">Maintenance margin per notional, a fraction between 0 and 1.</param>
/// <param name="MaxLeverage">Highest leverage that the venue grants in the bracket; initial margin is at least notional over it.</param>
public readonly record struct MarginTier(decimal Cap, decimal MaintenanceRate, decimal MaxLeverage);
