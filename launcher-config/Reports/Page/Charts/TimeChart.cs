using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace CrossHedgeLean.Reports.Page.Charts;

/// <summary>A line of a chart over time.</summary>
/// <param name="Name">As the legend names it.</param>
/// <param name="Points">In the order of time.</param>
/// <param name="Style">Colour and dashes, from 0; two lines of a chart differ in both.</param>
internal sealed record ChartLine(string Name, IReadOnlyList<ChartPoint> Points, int Style)
{
    /// <summary>The extremes of the steps between the points, drawn as a pale area.</summary>
    public IReadOnlyList<ChartSpan> Spans { get; init; } = [];

    /// <summary>Whether a value holds until the next.</summary>
    public bool IsStepped { get; init; }
}

/// <summary>Something that stands at a value, such as a limit.</summary>
internal sealed record ChartLevel(string Name, double Value);

/// <summary>Single events as stems from zero, such as fills: up is positive, down negative.</summary>
internal sealed record ChartStems(string Name, IReadOnlyList<ChartPoint> Points, int Style);

/// <summary>
/// A chart over time. The drawing is stretched to the width of its place; its words stand beside it as text, so that they
/// are as large on a phone as on paper.
/// </summary>
internal sealed class TimeChart(string title, string about, TimeScale time)
{
    private const double Width = 1000d;

    /// <summary>What the values are in.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Height in pixels.</summary>
    public int Height { get; init; } = 220;

    public List<ChartLine> Lines { get; } = [];

    public List<ChartLevel> Levels { get; } = [];

    public List<ChartStems> Stems { get; } = [];

    /// <summary>Whether zero belongs to the axis, whatever the values are.</summary>
    public bool HasZero { get; init; }

    /// <summary>Whether levels outside the values stretch the axis to them.</summary>
    public bool ShowsLevels { get; init; }

    /// <summary>Writes the chart.</summary>
    public void Write(Html html, IReadOnlyList<(DateTime TimeUtc, string Text)>? events = null)
    {
        var reduced = Lines.Select(line => line with { Points = Reduction.Reduce(line.Points, time.Length), Spans = Reduction.Reduce(line.Spans, time.Length) }).ToList();
        var stems = Stems.Select(stem => stem with { Points = Extremes(stem.Points) }).ToList();
        var values = reduced.SelectMany(line => line.Points.Select(point => point.Value).Concat(line.Spans.SelectMany(span => new[] { span.Low, span.High })))
            .Concat(stems.SelectMany(stem => stem.Points.Select(point => point.Value)))
            .Concat(ShowsLevels ? Levels.Select(level => level.Value) : [])
            .Concat(HasZero || stems.Count > 0 ? [0d] : [])
            .ToList();
        if (reduced.All(line => line.Points.Count == 0) && stems.All(stem => stem.Points.Count == 0))
        {
            html.Add($"<p class=empty>{Html.Escape(title)}: nothing to draw.</p>");
            return;
        }

        var scale = new ValueScale(values.Min(), values.Max(), Height < 130 ? 3 : 5);
        var id = html.NextId("c");
        Begin(html, id, title, about, Unit, reduced.Select(line => (line.Name, line.Style)).Concat(stems.Select(stem => (stem.Name, stem.Style))).ToList());
        html.Add($"<div class=plot style=\"height:{Height}px\"><svg viewBox=\"0 0 1000 {Height}\" preserveAspectRatio=none role=img aria-labelledby=\"{id}t {id}d\"><title id={id}t>{Html.Escape(title)}</title><desc id={id}d>{Html.Escape(about)}</desc>");
        foreach (var (value, _) in scale.Marks())
        {
            html.Add($"<path class=\"{(value == 0d ? "zero" : "grid")}\" d=\"M0 {Y(scale, value)}H1000\"/>");
        }

        Events(html, time, events, Height);
        foreach (var line in reduced.Where(line => line.Spans.Count > 0))
        {
            html.Add($"<path class=\"area k{line.Style}\" d=\"{Area(line.Spans, scale)}\"/>");
        }

        foreach (var level in Levels.Where(level => level.Value >= scale.Low && level.Value <= scale.High))
        {
            html.Add($"<path class=level d=\"M0 {Y(scale, level.Value)}H1000\"/>");
        }

        foreach (var stem in stems)
        {
            html.Add($"<path class=\"stem k{stem.Style}\" d=\"{StemPath(stem.Points, scale)}\"/>");
        }

        foreach (var line in Enumerable.Reverse(reduced))
        {
            html.Add($"<path class=\"line k{line.Style}\" d=\"{LinePath(line, scale)}\"/>");
        }

        html.Add("</svg>");
        foreach (var (value, text) in scale.Marks())
        {
            html.Add($"<span class=y style=\"top:{100d * scale.At(value):0.##}%\">{text}</span>");
        }

        foreach (var level in Levels.Where(level => level.Value >= scale.Low && level.Value <= scale.High))
        {
            html.Add($"<span class=lv style=\"top:{100d * scale.At(level.Value):0.##}%\">{Html.Escape(level.Name)}</span>");
        }

        html.Add("</div>");
        TimeAxis(html, time);
        Data(html, reduced.Select(line => (line.Name, line.Points, line.IsStepped)).Concat(stems.Select(stem => (stem.Name, stem.Points, false))), scale);
        html.Add("</figure>\n");
    }

    /// <summary>The figure's head: title, unit, legend.</summary>
    internal static void Begin(Html html, string id, string title, string about, string unit, IReadOnlyList<(string Name, int Style)> legend, bool isOverTime = true)
    {
        html.Add($"<figure class=chart id={id} data-chart{(isOverTime ? " data-time" : "")}><figcaption><b>{Html.Escape(title)}</b>{(unit.Length > 0 ? $" <span class=unit>{Html.Escape(unit)}</span>" : "")}<span class=about>{Html.Escape(about)}</span></figcaption>");
        // One line needs no name but the chart's.
        if (legend.Count > 1)
        {
            html.Add("<ul class=legend>");
            foreach (var (name, style) in legend)
            {
                html.Add($"<li><svg viewBox=\"0 0 28 8\" aria-hidden=true><path class=\"line k{style}\" d=\"M0 4H28\"/></svg>{Html.Escape(name)}</li>");
            }

            html.Add("</ul>");
        }
    }

    internal static void TimeAxis(Html html, TimeScale time)
    {
        html.Add("<div class=x aria-hidden=true>");
        foreach (var (at, text) in time.Marks())
        {
            html.Add($"<span style=\"left:{100d * at:0.###}%\">{text}</span>");
        }

        html.Add("</div>");
    }

    internal static void Events(Html html, TimeScale time, IReadOnlyList<(DateTime TimeUtc, string Text)>? events, int height)
    {
        foreach (var (timeUtc, text) in events ?? [])
        {
            html.Add($"<path class=event d=\"M{Width * time.At(timeUtc):0.###} 0V{height}\"><title>{Html.Escape(text)}</title></path>");
        }
    }

    /// <summary>The points for the read-outs, as axes are rounded.</summary>
    private static void Data(Html html, IEnumerable<(string Name, IReadOnlyList<ChartPoint> Points, bool IsStepped)> series, ValueScale scale)
    {
        var text = new StringBuilder("<script type=application/json>[");
        var first = true;
        foreach (var (name, points, _) in series)
        {
            text.Append(first ? "" : ",").Append("[\"").Append(System.Text.Json.JsonEncodedText.Encode(name)).Append("\",[");
            first = false;
            var last = 0L;
            for (var i = 0; i < points.Count; i++)
            {
                var seconds = (long)points[i].Seconds;
                text.Append(i == 0 ? "" : ",").Append((seconds - last).ToString(CultureInfo.InvariantCulture));
                last = seconds;
            }

            text.Append("],[");
            for (var i = 0; i < points.Count; i++)
            {
                text.Append(i == 0 ? "" : ",").Append(Short(points[i].Value, scale));
            }

            text.Append("]]");
        }

        html.Add(text.Append("]</script>").ToString());
    }

    private static string Short(double value, ValueScale scale)
    {
        var decimals = (int)Math.Clamp(Math.Ceiling(3d - Math.Log10(scale.High - scale.Low)), 0d, 12d);
        return Math.Round(value, decimals).ToString("0.############", CultureInfo.InvariantCulture);
    }

    /// <summary>Of each bucket the highest above zero and the lowest below.</summary>
    private List<ChartPoint> Extremes(IReadOnlyList<ChartPoint> points)
        => [.. Reduction.Reduce(points.Where(point => point.Value > 0d).ToList(), time.Length).Concat(Reduction.Reduce(points.Where(point => point.Value <= 0d).ToList(), time.Length)).OrderBy(point => point.Seconds)];

    private string X(double seconds) => (Width * seconds / time.Length).ToString("0.##", CultureInfo.InvariantCulture);

    private string Y(ValueScale scale, double value) => (Height * scale.At(value)).ToString("0.#", CultureInfo.InvariantCulture);

    private string LinePath(ChartLine line, ValueScale scale)
    {
        var path = new StringBuilder();
        for (var i = 0; i < line.Points.Count; i++)
        {
            var (x, y) = (X(line.Points[i].Seconds), Y(scale, line.Points[i].Value));
            path.Append(i == 0 ? $"M{x} {y}" : line.IsStepped ? $"H{x}V{y}" : $"L{x} {y}");
        }

        // A single point would be no drawing at all.
        return line.Points.Count == 1 ? path.Append("h.01").ToString() : path.ToString();
    }

    private string Area(IReadOnlyList<ChartSpan> spans, ValueScale scale)
    {
        var path = new StringBuilder();
        foreach (var span in spans)
        {
            path.Append(CultureInfo.InvariantCulture, $"M{X(span.FromSeconds)} {Y(scale, span.High)}H{X(span.UntilSeconds)}V{Y(scale, span.Low)}H{X(span.FromSeconds)}z");
        }

        return path.ToString();
    }

    private string StemPath(IReadOnlyList<ChartPoint> points, ValueScale scale)
    {
        var path = new StringBuilder();
        var zero = Y(scale, 0d);
        foreach (var point in points)
        {
            path.Append(CultureInfo.InvariantCulture, $"M{X(point.Seconds)} {zero}V{Y(scale, point.Value)}");
        }

        return path.ToString();
    }
}
