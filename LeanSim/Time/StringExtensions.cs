namespace QuantConnect;

/// <summary>Text that does not depend on the machine's culture.</summary>
public static class StringExtensions
{
    public static string ToStringInvariant(this IConvertible convertible) =>
        convertible == null ? string.Empty : convertible.ToString(CultureInfo.InvariantCulture);

    public static string ToStringInvariant(this IFormattable formattable, string format) =>
        formattable == null ? string.Empty : formattable.ToString(format, CultureInfo.InvariantCulture);
}
