using System;
using System.Collections.Generic;
using System.Globalization;

namespace CrossHedgeLean.Reports.Page.Charts;

/// <summary>A vertical axis: from the lowest to the highest value, and round marks between them.</summary>
internal sealed class ValueScale
{
    private readonly double _step;
    private readonly int _decimals;

    /// <summary>Creates it around some values.</summary>
    /// <param name="low">The lowest to show.</param>
    /// <param name="high">The highest to show.</param>
    /// <param name="marks">About how many marks.</param>
    public ValueScale(double low, double high, int marks = 5)
    {
        if (!(high > low))
        {
            // One value only: room above and below it.
            var room = low == 0d ? 1d : Math.Abs(low) * 0.01;
            (low, high) = (low - room, high + room);
        }

        var margin = (high - low) * 0.04;
        (Low, High) = (low >= 0d && low - margin < 0d ? 0d : low - margin, high <= 0d && high + margin > 0d ? 0d : high + margin);
        var rough = (High - Low) / marks;
        var power = Math.Pow(10d, Math.Floor(Math.Log10(rough)));
        _step = power * (rough / power) switch { <= 1d => 1d, <= 2d => 2d, <= 5d => 5d, _ => 10d };
        _decimals = (int)Math.Clamp(-Math.Floor(Math.Log10(_step) + 1e-9), 0d, 12d);
    }

    public double Low { get; }

    public double High { get; }

    /// <summary>Where a value stands: 0 at the top, 1 at the bottom.</summary>
    public double At(double value) => (High - value) / (High - Low);

    /// <summary>The marks, lowest first, with their text.</summary>
    public IEnumerable<(double Value, string Text)> Marks()
    {
        for (var value = Math.Ceiling(Low / _step) * _step; value <= High + (_step * 1e-6); value += _step)
        {
            var rounded = Math.Round(value, _decimals);
            yield return (rounded, Round(rounded, _decimals));
        }
    }

    /// <summary>A value as an axis would say it, a hundredth of a mark exact.</summary>
    public string Text(double value) => Round(value, Math.Min(12, _decimals + 2));

    private static string Round(double value, int decimals)
        => Html.Minus((value == 0d ? 0d : value).ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
}
