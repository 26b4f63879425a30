using System;
using System.Globalization;

namespace QuantConnect;

/// <summary>Text that does not depend on the machine's culture.</summary>
public static class StringExtensions
{
    public static string Invariant(FormattableString formattable) => FormattableString.Invariant(formattable);

    /// <summary>Text of a value by the invariant culture.</summary>
    public static string ToStringInvariant(this IConvertible convertible) =>
        convertible == null ? string.Empty : convertible.ToString(CultureInfo.InvariantCulture);

    /// <summary>Text of a value in a format, by the invariant culture.</summary>
    public static string ToStringInvariant(this IFormattable formattable, string format) =>
        formattable == null ? string.Empty : formattable.ToString(format, CultureInfo.InvariantCulture);
}
