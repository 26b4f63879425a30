#nullable enable
using System;
using System.Collections.Generic;

namespace CrossHedgeLean.Venues;

/// <summary>Fees from a volume on.</summary>
/// <param name="Volume">Traded notional of the last 30 days from which the row holds, in the settlement currency.</param>
/// <param name="Maker">Fee per notional of a resting order.</param>
/// <param name="Taker">Fee per notional of an order that takes liquidity.</param>
public readonly record struct FeeTier(decimal Volume, decimal Maker, decimal Taker);

/// <summary>A venue's fees by 30-day volume. Immutable.</summary>
public sealed class FeeSchedule
{
    private readonly FeeTier[] _tiers;

    /// <summary>Creates the schedule.</summary>
    /// <param name="tiers">From volume 0 up; see <see cref="Check"/>.</param>
    /// <exception cref="ArgumentException">The schedule breaks a rule of <see cref="Check"/>.</exception>
    public FeeSchedule(IReadOnlyList<FeeTier> tiers)
    {
        if (Check(tiers) is { } error)
        {
            throw new ArgumentException(error, nameof(tiers));
        }

        _tiers = [.. tiers];
    }

    /// <summary>The rows, from volume 0 up.</summary>
    public IReadOnlyList<FeeTier> Tiers => _tiers;

    /// <summary>The first rule that a schedule breaks, or null: starts at volume 0; volumes rise; fees are not negative and do not rise with volume.</summary>
    public static string? Check(IReadOnlyList<FeeTier> tiers)
    {
        if (tiers.Count == 0 || tiers[0].Volume != 0m)
        {
            return "the first row must hold from volume 0.";
        }

        for (var i = 0; i < tiers.Count; i++)
        {
            if (tiers[i].Maker < 0m || tiers[i].Taker < 0m || tiers[i].Maker >= 1m || tiers[i].Taker >= 1m)
            {
                return FormattableString.Invariant($"fees {tiers[i].Maker}/{tiers[i].Taker} must be fractions of 0 or more and below 1, as in 0.0002/0.0004.");
            }

            if (i > 0 && (tiers[i].Volume <= tiers[i - 1].Volume || tiers[i].Maker > tiers[i - 1].Maker || tiers[i].Taker > tiers[i - 1].Taker))
            {
                return FormattableString.Invariant($"row {i + 1}, from volume {tiers[i].Volume}: volumes must rise and fees must not.");
            }
        }

        return null;
    }

    /// <summary>The row that holds at a volume.</summary>
    /// <param name="volume">Traded notional of the last 30 days, in the settlement currency; zero or positive.</param>
    public FeeTier At(decimal volume)
    {
        var index = 0;
        while (index + 1 < _tiers.Length && volume >= _tiers[index + 1].Volume)
        {
            index++;
        }

        return _tiers[index];
    }
}
