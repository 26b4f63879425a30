#nullable enable
using System;
using System.Globalization;

namespace CrossHedgeLean.Recording;

/// <summary>How values are written in logs and outputs.</summary>
public static class Text
{
    /// <summary>As many characters as a decimal can need: 28 digits and a zero before the point, point and sign.</summary>
    internal const int LongestDecimal = 31;

    /// <summary>A decimal in the invariant culture without trailing zeros.</summary>
    public static string Decimal(decimal value)
    {
        Span<char> buffer = stackalloc char[LongestDecimal];
        return new string(buffer[..Write(value, buffer)]);
    }

    /// <summary>Writes what <see cref="Decimal"/> says; dividing the zeros away would cost more than cutting them off.</summary>
    /// <returns>How many characters it took.</returns>
    internal static int Write(decimal value, Span<char> buffer)
    {
        value.TryFormat(buffer, out var length, default, CultureInfo.InvariantCulture);
        return value.Scale == 0 ? length : buffer[..length].TrimEnd('0').TrimEnd('.').Length;
    }
}
