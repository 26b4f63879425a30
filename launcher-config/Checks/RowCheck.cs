using System;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace CrossHedgeLean.Checks;

/// <summary>What is wrong with one row of a data file.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Text">The row as it stands, shortened.</param>
/// <param name="Problem">What is wrong with it.</param>
internal sealed record RowProblem(int Line, string Text, string Problem);

/// <summary>Reads the rows of a data file once, over its bytes, and names the first that LEAN would read wrongly.</summary>
internal static class RowCheck
{
    private const long MillisecondsPerDay = 86_400_000;
    private const int TradeColumns = 6;
    private const int QuoteColumns = 11;

    private static readonly string[] TradeNames = ["time", "open", "high", "low", "close", "volume"];

    private static readonly string[] QuoteNames =
    [
        "time", "bid open", "bid high", "bid low", "bid close", "bid size", "ask open", "ask high", "ask low", "ask close", "ask size",
    ];

    private static readonly double[] PowersOfTen = BuildPowersOfTen();

    /// <summary>Trades: milliseconds since midnight, open, high, low, close, volume.</summary>
    public static RowProblem? Trades(ReadOnlySpan<byte> content, out int rows) => Bars(content, TradeNames, out rows);

    /// <summary>Quotes: milliseconds since midnight, then open, high, low, close and size of the bid and of the ask; one side may be empty.</summary>
    public static RowProblem? Quotes(ReadOnlySpan<byte> content, out int rows) => Bars(content, QuoteNames, out rows);

    /// <summary>Funding rates: yyyyMMdd HH:mm:ss, rate; oldest first.</summary>
    public static RowProblem? Funding(ReadOnlySpan<byte> content, DateTime fromUtc, DateTime toUtc, out int rowsInRange)
    {
        rowsInRange = 0;
        var line = 0;
        var last = DateTime.MinValue;
        while (NextRow(ref content, out var row))
        {
            line++;
            var comma = row.IndexOf((byte)',');
            if (comma < 0 || row[(comma + 1)..].Contains((byte)','))
            {
                return Problem(line, row, "has not two columns");
            }

            if (!DateTime.TryParseExact(
                Encoding.UTF8.GetString(row[..comma]),
                "yyyyMMdd HH:mm:ss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time))
            {
                return Problem(line, row, "its time is not yyyyMMdd HH:mm:ss");
            }

            if (time <= last)
            {
                return Problem(line, row, "its time is not after that of the row before");
            }

            if (!TryNumber(row[(comma + 1)..], out _))
            {
                return Problem(line, row, "its rate is not a number");
            }

            last = time;
            if (time >= fromUtc && time < toUtc)
            {
                rowsInRange++;
            }
        }

        return null;
    }

    private static RowProblem? Bars(ReadOnlySpan<byte> content, string[] names, out int rows)
    {
        rows = 0;
        var last = -1L;
        Span<double> values = stackalloc double[QuoteColumns];
        while (NextRow(ref content, out var row))
        {
            rows++;
            var problem = ReadRow(row, names, values, out var emptySides) ?? CheckTime(values[0], ref last);
            problem ??= (emptySides & 1) != 0 ? null : CheckSide(values[1..], names.Length == TradeColumns ? "" : "bid ");
            if (names.Length == QuoteColumns)
            {
                problem ??= (emptySides & 2) != 0 ? null : CheckSide(values[6..], "ask ");
                problem ??= emptySides != 0 ? null : CheckSpread(values);
            }

            if (problem is not null)
            {
                return Problem(rows, row, problem);
            }
        }

        return null;
    }

    /// <summary>Splits and reads a row; a side of a quote whose five columns are all empty is told in <paramref name="emptySides"/> (1 bid, 2 ask).</summary>
    private static string? ReadRow(ReadOnlySpan<byte> row, string[] names, Span<double> values, out int emptySides)
    {
        emptySides = 0;
        Span<int> empty = stackalloc int[2];
        var rest = row;
        for (var column = 0; column < names.Length; column++)
        {
            var comma = rest.IndexOf((byte)',');
            if ((comma < 0) != (column == names.Length - 1))
            {
                return $"has {row.Count((byte)',') + 1} columns instead of {names.Length}";
            }

            var field = comma < 0 ? rest : rest[..comma];
            rest = comma < 0 ? [] : rest[(comma + 1)..];
            if (field.IsEmpty && names.Length == QuoteColumns && column > 0)
            {
                empty[column <= 5 ? 0 : 1]++;
                values[column] = 0;
            }
            else if (!TryNumber(field, out values[column]))
            {
                return $"{names[column]} '{Encoding.UTF8.GetString(field)}' is not a number";
            }
        }

        if (empty[0] is not (0 or 5) || empty[1] is not (0 or 5) || empty[0] + empty[1] == 10)
        {
            return "has empty columns";
        }

        emptySides = (empty[0] == 5 ? 1 : 0) | (empty[1] == 5 ? 2 : 0);
        return null;
    }

    private static string? CheckTime(double value, ref long last)
    {
        if (value < 0 || value >= MillisecondsPerDay || value != Math.Floor(value))
        {
            return $"time {Show(value)} is not a number of milliseconds within the day";
        }

        if (value <= last)
        {
            return $"time {Show(value)} is not after {Show(last)} of the row before";
        }

        last = (long)value;
        return null;
    }

    private static string? CheckSide(ReadOnlySpan<double> bar, string side)
    {
        var (open, high, low, close, size) = (bar[0], bar[1], bar[2], bar[3], bar[4]);
        if (open > 0 && low > 0 && low <= open && low <= close && open <= high && close <= high && size >= 0)
        {
            return null;
        }

        if (open <= 0 || high <= 0 || low <= 0 || close <= 0)
        {
            return $"a {side}price is not positive";
        }

        if (size < 0)
        {
            return side.Length == 0 ? $"volume {Show(size)} is negative" : $"{side}size {Show(size)} is negative";
        }

        return low > open || low > close
            ? $"{side}low {Show(low)} is above its open or close"
            : $"{side}high {Show(high)} is below its open or close";
    }

    private static string? CheckSpread(ReadOnlySpan<double> values)
    {
        ReadOnlySpan<int> columns = [1, 2, 3, 4];
        foreach (var column in columns)
        {
            if (values[column] > values[column + 5])
            {
                return $"{QuoteNames[column]} {Show(values[column])} is above {QuoteNames[column + 5]} {Show(values[column + 5])}";
            }
        }

        return null;
    }

    private static bool NextRow(ref ReadOnlySpan<byte> content, out ReadOnlySpan<byte> row)
    {
        row = [];
        if (content.IsEmpty)
        {
            return false;
        }

        var end = content.IndexOf((byte)'\n');
        row = end < 0 ? content : content[..end];
        content = end < 0 ? [] : content[(end + 1)..];
        if (!row.IsEmpty && row[^1] == (byte)'\r')
        {
            row = row[..^1];
        }

        return true;
    }

    /// <summary>
    /// Up to 15 digits by one exact division, so that equal values compare equal however they are written; the rare rest by the
    /// framework's parser.
    /// </summary>
    private static bool TryNumber(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        var index = !text.IsEmpty && text[0] == (byte)'-' ? 1 : 0;
        var mantissa = 0L;
        var digits = 0;
        var point = -1;
        for (; index < text.Length; index++)
        {
            var character = text[index];
            if (character is >= (byte)'0' and <= (byte)'9')
            {
                mantissa = (mantissa * 10) + (character - '0');
                digits++;
                if (digits > 15)
                {
                    return TryNumberSlowly(text, out value);
                }
            }
            else if (character == (byte)'.' && point < 0)
            {
                point = digits;
            }
            else
            {
                return TryNumberSlowly(text, out value);
            }
        }

        if (digits == 0)
        {
            return false;
        }

        value = point < 0 ? mantissa : mantissa / PowersOfTen[digits - point];
        value = text[0] == (byte)'-' ? -value : value;
        return true;
    }

    private static bool TryNumberSlowly(ReadOnlySpan<byte> text, out double value) =>
        Utf8Parser.TryParse(text, out value, out var consumed) && consumed == text.Length && double.IsFinite(value);

    private static RowProblem Problem(int line, ReadOnlySpan<byte> row, string problem)
    {
        const int shown = 100;
        var text = Encoding.UTF8.GetString(row.Length > shown ? row[..shown] : row);
        return new RowProblem(line, row.Length > shown ? text + "..." : text, problem);
    }

    private static string Show(double value) => value.ToString("0.##########", CultureInfo.InvariantCulture);

    private static double[] BuildPowersOfTen()
    {
        var powers = new double[16];
        powers[0] = 1;
        for (var index = 1; index < powers.Length; index++)
        {
            powers[index] = powers[index - 1] * 10;
        }

        return powers;
    }
}
