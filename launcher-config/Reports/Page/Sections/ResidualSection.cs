using System;
using System.Linq;
using CrossHedgeLean.Framework;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Reports.Page.Charts;

namespace CrossHedgeLean.Reports.Page.Sections;

/// <summary>The residual of each group with its band, and every naked interval with its reason.</summary>
internal static class ResidualSection
{
    /// <summary>So many are listed, the longest first; all of them are drawn, and stand in their file.</summary>
    private const int MostListed = 1000;

    public static void Write(Html html, ReportModel model)
    {
        html.Add("<section id=residual><h2>Residual</h2><p class=lead>Net exposure of a group at the end of each time step, when all of its orders have had their effect. Outside the band it is naked, and carries a reason.</p>");
        foreach (var group in model.Groups)
        {
            WriteGroup(html, model, group);
        }

        WriteTables(html, model);
        html.Add("</section>\n");
    }

    private static void WriteGroup(Html html, ReportModel model, string group)
    {
        var rows = model.Run.Rows<GroupRow>().Where(row => row.Group == group).ToList();
        var outside = model.Run.ResidualLines.Where(line => line.Group == group).ToList();
        var points = rows.Select(row => (row.UntilUtc, row.Residual))
            .Concat(model.Run.Rows<NakedRow>().Where(row => row.Group == group && row.Then is not null).Select(row => (row.UntilUtc!.Value, row.Then!.Value)))
            .Concat(outside.Select(line => (line.TimeUtc, line.Residual))).DistinctBy(point => point.Item1).OrderBy(point => point.Item1).ToList();
        var chart = new TimeChart($"{group}: residual", "The line has every step outside the band, the step after it, and the last step of each hour; the pale area reaches from the lowest to the highest step.", model.Time)
        {
            Unit = group,
            HasZero = true,
        };
        chart.Lines.Add(new ChartLine("residual", [.. points.Select(point => model.Point(point.Item1, point.Item2))], 0)
        {
            IsStepped = true,
            Spans = [.. rows.Select(row => model.Span(row.FromUtc, row.UntilUtc, row.Lowest, row.Highest))],
        });
        chart.Lines.Add(new ChartLine("band, upper", [.. rows.Select(row => model.Point(row.UntilUtc, row.Tolerance))], 2) { IsStepped = true });
        chart.Lines.Add(new ChartLine("band, lower", [.. rows.Select(row => model.Point(row.UntilUtc, -row.Tolerance))], 2) { IsStepped = true });
        chart.Write(html, model.Events);

        var naked = new LaneChart($"{group}: naked intervals", "Each from its first step outside the band to the first inside, exactly; a lane for each reason. What is shorter than a pixel is drawn as one: zoom in.", model.Time);
        foreach (var stretches in model.Naked.Where(interval => interval.Group == group)
            .SelectMany(interval => interval.Stretches.Select(stretch => (stretch.Reason, stretch.FromUtc, UntilUtc: stretch.UntilUtc ?? interval.UntilUtc)))
            .GroupBy(stretch => stretch.Reason)
            .OrderBy(stretches => stretches.Key))
        {
            naked.Lanes.Add(new ChartLane(ReportModel.Words(stretches.Key), (int)stretches.Key % 8, [.. stretches.Select(stretch => (stretch.FromUtc, stretch.UntilUtc))]));
        }

        naked.Write(html, "none, every time step ended inside the band.", model.Events);
    }

    private static void WriteTables(Html html, ReportModel model)
    {
        var residual = model.Json.GetProperty("residual");
        html.Add("<details><summary>The figures</summary>").Table("Residual", ["", ""], [
            ["largest, units of its underlying", Html.Number(residual.GetProperty("max"))],
            ["99th percentile", Html.Number(residual.GetProperty("p99"))],
            ["time steps outside the band", $"<span id=v-outside>{Html.Number(residual.GetProperty("stepsOutsideBand"))}</span>"],
            ["time steps looked at, summed over the groups", Html.Number(residual.GetProperty("steps"))],
            ["time outside the band", Html.Duration(TimeSpan.FromSeconds((double)residual.GetProperty("secondsOutsideBand").GetDecimal()))],
        ]);
        html.Table("Groups at the end", ["group", "pair", "residual", "reason", "halts", "flattening", "shrinking"], model.Json.GetProperty("groups").EnumerateArray().Select(group => (string[])[
            Html.Escape(group.GetProperty("group").GetString()!),
            group.GetProperty("pair").GetString()!,
            Html.Number(group.GetProperty("residual")),
            group.GetProperty("reason").GetString()!,
            group.GetProperty("halts").GetString()!,
            group.GetProperty("isFlattening").GetBoolean() ? "yes" : "no",
            group.GetProperty("isShrinking").GetBoolean() ? "yes" : "no"]));
        html.Table("Naked time by group and reason", ["group", "reason", "stretches", "time", "time steps", "worst residual"], model.Naked
            .SelectMany(interval => interval.Stretches.Select(stretch => (Row: stretch, Length: (stretch.UntilUtc ?? interval.UntilUtc) - stretch.FromUtc)))
            .GroupBy(stretch => (stretch.Row.Group, stretch.Row.Reason))
            .OrderBy(stretches => stretches.Key.Group, StringComparer.Ordinal).ThenBy(stretches => stretches.Key.Reason)
            .Select(stretches => (string[])[
                Html.Escape(stretches.Key.Group),
                stretches.Key.Reason == UnhedgedReason.None ? "orders on their way" : stretches.Key.Reason.ToString(),
                Html.Count(stretches.Count()),
                Html.Duration(TimeSpan.FromTicks(stretches.Sum(stretch => stretch.Length.Ticks))),
                Html.Count(stretches.Sum(stretch => stretch.Row.Steps)),
                Html.Number(stretches.MaxBy(stretch => Math.Abs(stretch.Row.Worst)).Row.Worst)]));
        var listed = model.Naked.OrderByDescending(interval => interval.Length).ThenBy(interval => interval.FromUtc).Take(MostListed).ToList();
        html.Add("</details><details><summary>Naked intervals, longest first</summary>");
        if (listed.Count < model.Naked.Count)
        {
            html.Add($"<p class=note>The {Html.Count(listed.Count)} longest of {Html.Count(model.Naked.Count)}; all of them are drawn above and stand in naked.csv.</p>");
        }

        html.Table("Naked intervals", ["group", "from, UTC", "until, UTC", "lasted", "reason", "worst residual", "band"], listed.Select(interval => (string[])[
            Html.Escape(interval.Group),
            Html.Time(interval.FromUtc),
            interval.IsOpen ? "end of the run" : Html.Time(interval.UntilUtc),
            Html.Duration(interval.Length),
            Headline.Reasons(interval),
            Html.Number(interval.Worst.Worst),
            Html.Number(interval.Worst.Tolerance)]), "naked").Add("</details>");
    }
}
