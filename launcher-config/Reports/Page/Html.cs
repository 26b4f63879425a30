using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace CrossHedgeLean.Reports.Page;

/// <summary>The page as it is written. What comes from the run is escaped; a number keeps all digits that the result has.</summary>
internal sealed class Html
{
    private const int PlainDecimals = 2;

    private readonly StringBuilder _text = new();
    private int _ids;

    /// <summary>Escapes a text.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A minus sign as wide as a plus.</summary>
    public static string Minus(string number) => number.Replace('-', '\u2212');

    /// <summary>A number of the result: all its digits, grouped; those after the second decimal are there, and small.</summary>
    /// <param name="value">A JSON number or null.</param>
    public static string Number(JsonElement value)
        => value.ValueKind == JsonValueKind.Null ? "<span class=none>unknown</span>" : Number(value.GetRawText(), value.GetRawText(), "");

    /// <summary>A fraction of the result as percent: the same digits, the point moved.</summary>
    public static string Percent(JsonElement value)
        => value.ValueKind == JsonValueKind.Null ? "<span class=none>none</span>" : Number(value.GetRawText(), (value.GetDecimal() * 100m).ToString(CultureInfo.InvariantCulture), "\u202f%");

    /// <summary>A number of one of the result's files.</summary>
    public static string Number(decimal value) => Number(Plain(value), Plain(value), "");

    /// <summary>A fraction of one of the result's files as percent.</summary>
    public static string Percent(decimal value) => Number(Plain(value), Plain(value * 100m), "\u202f%");

    /// <summary>A count.</summary>
    public static string Count(long value) => Number(value.ToString(CultureInfo.InvariantCulture), value.ToString(CultureInfo.InvariantCulture), "");

    /// <summary>A time.</summary>
    public static string Time(DateTime timeUtc)
        => $"<time datetime={timeUtc.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)}>{timeUtc.ToString(timeUtc.Second == 0 ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}</time>";

    /// <summary>A time of the result; a dash where there is none.</summary>
    public static string Time(JsonElement value) => value.ValueKind == JsonValueKind.Null ? "\u2013" : Time(value.GetDateTime().ToUniversalTime());

    /// <summary>How long something took.</summary>
    public static string Duration(TimeSpan span)
        => (span.Days > 0 ? span.Days.ToString(CultureInfo.InvariantCulture) + "\u202fd " : "") + span.ToString("hh\\:mm\\:ss", CultureInfo.InvariantCulture);

    /// <summary>A name for an element, unique on the page.</summary>
    public string NextId(string prefix) => prefix + (++_ids).ToString(CultureInfo.InvariantCulture);

    /// <summary>Appends markup.</summary>
    public Html Add(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>Appends markup, numbers in the invariant culture.</summary>
    public Html Add([InterpolatedStringHandlerArgument("")] ref Markup markup)
    {
        _ = markup;
        return this;
    }

    /// <summary>A table: the first column names the row, the others are numbers or words, already markup.</summary>
    public Html Table(string caption, string[] heads, IEnumerable<string[]> rows, string kind = "")
    {
        Add($"<div class=scroll tabindex=0 role=region aria-label=\"{Escape(caption)}\"><table class=\"{kind}\"><caption>{Escape(caption)}</caption><thead><tr>");
        foreach (var head in heads)
        {
            Add($"<th scope=col>{Escape(head)}");
        }

        Add("<tbody>");
        foreach (var row in rows)
        {
            Add($"<tr><th scope=row>{row[0]}");
            foreach (var cell in row.AsSpan(1))
            {
                Add("<td>").Add(cell);
            }
        }

        return Add("</table></div>\n");
    }

    /// <inheritdoc />
    public override string ToString() => _text.ToString();

    /// <summary>Writes what an interpolated string says straight to the page.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup(int literalLength, int holes, Html html)
    {
        private readonly StringBuilder _text = html._text;

        /// <summary>How long it will be at least.</summary>
        public int Length { get; } = literalLength + holes;

        public void AppendLiteral(string text) => _text.Append(text);

        public void AppendFormatted<T>(T value) => _text.Append(CultureInfo.InvariantCulture, $"{value}");

        public void AppendFormatted<T>(T value, string format)
            where T : IFormattable
            => _text.Append(value.ToString(format, CultureInfo.InvariantCulture));
    }

    private static string Plain(decimal value) => Recording.Text.Decimal(value);

    private static string Number(string raw, string shown, string unit)
    {
        if (shown.Contains('E', StringComparison.OrdinalIgnoreCase))
        {
            return $"<data value={raw}>{Minus(shown)}{unit}</data>";
        }

        var sign = shown[0] == '-' ? "\u2212" : "";
        shown = shown.TrimStart('-');
        var point = shown.IndexOf('.');
        var whole = point < 0 ? shown : shown[..point];
        var decimals = point < 0 ? "" : shown[(point + 1)..].TrimEnd('0');
        var text = new StringBuilder();
        for (var i = 0; i < whole.Length; i++)
        {
            text.Append(i > 0 && (whole.Length - i) % 3 == 0 ? "," : "").Append(whole[i]);
        }

        if (decimals.Length > 0)
        {
            // A number below a hundredth has nothing but its small digits: they are not dimmed.
            var plain = whole == "0" && decimals.StartsWith("00", StringComparison.Ordinal) ? Math.Min(decimals.Length, decimals.Length - decimals.TrimStart('0').Length + PlainDecimals) : PlainDecimals;
            text.Append('.').Append(decimals.Length <= plain ? decimals : decimals[..plain] + "<i>" + decimals[plain..] + "</i>");
        }

        return $"<data value={raw}>{sign}{text}{unit}</data>";
    }
}
