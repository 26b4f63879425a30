#nullable enable
using System.Globalization;

namespace CrossHedgeLean.Recording;

/// <summary>How values are written in logs and outputs.</summary>
public static class Text
{
    private const decimal TwentyEightZeros = 1.0000000000000000000000000000m;

    /// <summary>A decimal in the invariant culture without trailing zeros.</summary>
    public static string Decimal(decimal value) => Normalize(value).ToString(CultureInfo.InvariantCulture);

    /// <summary>The same number without trailing zeros.</summary>
    public static decimal Normalize(decimal value) => value / TwentyEightZeros;
}
