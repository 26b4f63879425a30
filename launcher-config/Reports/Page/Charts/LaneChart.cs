using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace CrossHedgeLean.Reports.Page.Charts;

/// <summary>Times on one lane: what lasted from when until when, each drawn exactly, however short.</summary>
/// <param name="Name">What the lane says; its place says it too, not only its colour.</param>
/// <param name="Style">Colour and hatching, from 0.</param>
/// <param name="Times">From, until, UTC.</param>
internal sealed record ChartLane(string Name, int Style, IReadOnlyList<(DateTime FromUtc, DateTime UntilUtc)> Times);

/// <summary>What was the case when: a lane for each thing, over the same time as all other charts.</summary>
internal sealed class LaneChart(string title, string about, TimeScale time)
{
    private const int Lane = 30;
    private const int Bar = 12;

    public List<ChartLane> Lanes { get; } = [];

    /// <summary>Writes the chart; without lanes, the sentence that says so.</summary>
    public void Write(Html html, string nothing, IReadOnlyList<(DateTime TimeUtc, string Text)>? events = null)
    {
        if (Lanes.Count == 0)
        {
            html.Add($"<p class=empty>{Html.Escape(title)}: {Html.Escape(nothing)}</p>");
            return;
        }

        var height = Lane * Lanes.Count;
        var id = html.NextId("c");
        TimeChart.Begin(html, id, title, about, "", []);
        html.Add($"<div class=\"plot lanes\" style=\"height:{height}px\"><svg viewBox=\"0 0 1000 {height}\" preserveAspectRatio=none role=img aria-labelledby=\"{id}t {id}d\"><title id={id}t>{Html.Escape(title)}</title><desc id={id}d>{Html.Escape(about)}</desc>");
        TimeChart.Events(html, time, events, height);
        for (var i = 0; i < Lanes.Count; i++)
        {
            html.Add($"<path class=grid d=\"M0 {(Lane * (i + 1)) - 3}H1000\"/><path class=\"bar k{Lanes[i].Style}\" d=\"{Path(Lanes[i], (Lane * (i + 1)) - 3 - Bar)}\"/>");
        }

        html.Add("</svg>");
        for (var i = 0; i < Lanes.Count; i++)
        {
            html.Add($"<span class=ln style=\"top:{Lane * i}px\">{Html.Escape(Lanes[i].Name)}</span>");
        }

        html.Add("</div>");
        TimeChart.TimeAxis(html, time);
        html.Add("</figure>\n");
    }

    /// <summary>To a ten-thousandth of a unit: on 90 days that is less than a second, so that a zoom finds each interval in its place.</summary>
    private string Path(ChartLane lane, int top)
    {
        var path = new StringBuilder();
        foreach (var (from, until) in lane.Times)
        {
            var (x, end) = (1000d * time.At(from), 1000d * time.At(until));
            path.Append(CultureInfo.InvariantCulture, $"M{x:0.####} {top}h{end - x:0.####}v{Bar}h{x - end:0.####}z");
        }

        return path.ToString();
    }
}
