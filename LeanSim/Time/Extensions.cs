namespace QuantConnect;

/// <summary>Small helpers of common types.</summary>
public static partial class Extensions
{
    // A local time that does not exist moves forward by the gap; one that is there twice is the later one.
    private static readonly ZoneLocalMappingResolver _resolver =
        Resolvers.CreateMappingResolver(Resolvers.ReturnLater, Resolvers.ReturnStartOfIntervalAfter);

    public static DateTime RoundDown(this DateTime dateTime, TimeSpan interval)
    {
        var rest = interval == TimeSpan.Zero ? 0 : dateTime.Ticks % interval.Ticks;
        return rest == 0 ? dateTime : dateTime.AddTicks(-rest);
    }

    public static DateTime ConvertTo(this DateTime time, DateTimeZone from, DateTimeZone to, bool strict = false)
    {
        if (ReferenceEquals(from, to) && ReferenceEquals(from, DateTimeZone.Utc))
            return time.Kind == DateTimeKind.Unspecified ? time : new DateTime(time.Ticks);
        var local = LocalDateTime.FromDateTime(time);
        var zoned = strict ? from.AtStrictly(local) : local.InZone(from, _resolver);
        return zoned.WithZone(to).ToDateTimeUnspecified();
    }

    public static DateTime ConvertFromUtc(this DateTime time, DateTimeZone to, bool strict = false) => time.ConvertTo(TimeZones.Utc, to, strict);

    public static DateTime ConvertToUtc(this DateTime time, DateTimeZone from, bool strict = false)
    {
        if (ReferenceEquals(from, DateTimeZone.Utc))
            return time.Kind == DateTimeKind.Utc ? time : new DateTime(time.Ticks, DateTimeKind.Utc);
        var local = LocalDateTime.FromDateTime(time);
        return (strict ? from.AtStrictly(local) : local.InZone(from, _resolver)).ToDateTimeUtc();
    }

    public static TimeSpan ToTimeSpan(this Resolution resolution) => resolution switch
    {
        Resolution.Tick => TimeSpan.Zero,
        Resolution.Second => Time.OneSecond,
        Resolution.Minute => Time.OneMinute,
        Resolution.Hour => Time.OneHour,
        Resolution.Daily => Time.OneDay,
        _ => throw new ArgumentOutOfRangeException(nameof(resolution)),
    };

    public static decimal Normalize(this decimal input) => input / 1.000000000000000000000000000000000m;

    public static decimal RoundToSignificantDigits(this decimal d, int digits)
    {
        if (d == 0)
            return 0;
        var power = Math.Floor(Math.Log10((double)Math.Abs(d))) + 1;
        var unit = (decimal)Math.Pow(10, power);
        return unit * Math.Round(d / unit, digits);
    }

    public static decimal DiscretelyRoundBy(this decimal value, decimal quanta, MidpointRounding mode = MidpointRounding.AwayFromZero) =>
        quanta == 0m ? value : quanta * Math.Round(value / quanta, mode);

    public static decimal SmartRounding(this decimal input)
    {
        var number = input.Normalize();
        return number > 1000 ? Math.Round(number, 4) : number.RoundToSignificantDigits(7).Normalize();
    }

    public static decimal ToDecimal(this string str) => decimal.Parse(str, NumberStyles.Number, CultureInfo.InvariantCulture);

    public static decimal ToDecimalAllowExponent(this string str) =>
        decimal.Parse(str, NumberStyles.Number | NumberStyles.AllowExponent, CultureInfo.InvariantCulture);

    public static decimal SafeDecimalCast(this double input)
    {
        if (double.IsNaN(input) || double.IsInfinity(input))
            throw new ArgumentException($"{input.ToStringInvariant()} is no decimal number", nameof(input));
        return input <= (double)decimal.MinValue ? decimal.MinValue : input >= (double)decimal.MaxValue ? decimal.MaxValue : (decimal)input;
    }

    public static string LazyToUpper(this string data) => IsUnchanged(data, char.ToUpperInvariant) ? data : data.ToUpperInvariant();
    public static string ToLower(this Enum @enum) => @enum.ToString().ToLowerInvariant();

    public static string SecurityTypeToLower(this SecurityType securityType) => securityType switch
    {
        SecurityType.Crypto => "crypto",
        SecurityType.CryptoFuture => "cryptofuture",
        _ => securityType.ToLower(),
    };

    public static string ResolutionToLower(this Resolution resolution) => resolution.ToLower();
    public static string TickTypeToLower(this TickType tickType) => tickType.ToLower();

    public static object ConvertTo(this string value, Type type)
    {
        if (type.IsEnum)
            return Enum.Parse(type, value, true);
        if (typeof(IConvertible).IsAssignableFrom(type))
            return Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
        var parse = type.GetMethod("Parse", new[] { typeof(string) });
        return parse != null ? parse.Invoke(null, new object[] { value }) : JsonConvert.DeserializeObject(value, type);
    }

    private static bool IsUnchanged(string text, Func<char, char> change)
    {
        foreach (var c in text)
            if (c != change(c))
                return false;
        return true;
    }
}
