using System;
using System.Globalization;

namespace QuantConnect;

/// <summary>Text that does not depend on the machine's culture.</summary>
public static class StringExtensions
{
    /// <summary>Formats by the invariant culture.</summary>
    public static string Invariant(FormattableString formattable) => FormattableString.Invariant(formattable);

    /// <summary>Text of a value by the invariant culture.</summary>
    public static string ToStringInvariant(this IConvertible convertible) =>
        convertible == null ? string.Empty : convertible.ToString(CultureInfo.InvariantCulture);

    /// <summary>Text of a value in a format, by the invariant culture.</summary>
    public static string ToStringInvariant(this IFormattable formattable, string format) =>
        formattable == null ? string.Empty : formattable.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>Ordinal comparison of the start.</summary>
    public static bool StartsWithInvariant(this string value, string beginning, bool ignoreCase = false) =>
        value.StartsWith(beginning, ignoreCase ? StringComparison.InvariantCultureIgnoreCase : StringComparison.InvariantCulture);

    /// <summary>Ordinal comparison of the end.</summary>
    public static bool EndsWithInvariant(this string value, string ending, bool ignoreCase = false) =>
        value.EndsWith(ending, ignoreCase ? StringComparison.InvariantCultureIgnoreCase : StringComparison.InvariantCulture);
}
