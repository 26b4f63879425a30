using System.Linq;
using CrossHedgeLean.Framework;
using CrossHedgeLean.Reports.Page.Charts;

namespace CrossHedgeLean.Reports.Page.Sections;

/// <summary>What a failure would cost, what went wrong, and what was checked.</summary>
internal static class RiskSection
{
    public static void Write(Html html, ReportModel model)
    {
        WriteLosses(html, model);
        WriteTrouble(html, model);
        WriteInvariants(html, model);
    }

    private static void WriteLosses(Html html, ReportModel model)
    {
        html.Add("<section id=losses><h2>Loss given default</h2>");
        var chart = new TimeChart("If a venue failed", "Claim less recovery, the cost of restoring the hedge, and a gap in price. Looked at once an hour, in a run with a scenario at each step; pale: up to the most since the point before.", model.Time) { Unit = model.Currency, HasZero = true };
        var style = 0;
        foreach (var venue in model.Run.Rows<LossRow>().GroupBy(row => row.Venue))
        {
            var rows = venue.ToList();
            chart.Lines.Add(new ChartLine(venue.Key, [.. rows.Select(row => model.Point(row.TimeUtc, row.Loss))], style++)
            {
                Spans = [.. rows.Skip(1).Zip(rows, (row, before) => model.Span(before.TimeUtc, row.TimeUtc, System.Math.Min(row.Loss, row.Highest), row.Highest))],
            });
        }

        chart.Write(html, model.Events);
        html.Table("Loss given default, " + model.Currency, ["venue", "at the end", "at worst", "when, UTC"], model.Json.GetProperty("lossGivenDefault").EnumerateArray().Select(loss => (string[])[
            Html.Escape(loss.GetProperty("venue").GetString()!),
            Html.Number(loss.GetProperty("now")),
            Html.Number(loss.GetProperty("worst")),
            Html.Time(loss.GetProperty("worstTime"))])).Add("</section>\n");
    }

    private static void WriteTrouble(Html html, ReportModel model)
    {
        var (events, writeOffs) = (model.Json.GetProperty("scenario"), model.Json.GetProperty("writeOffs"));
        if (events.GetArrayLength() + writeOffs.GetArrayLength() == 0)
        {
            return;
        }

        html.Add("<section id=trouble><h2>What went wrong</h2>");
        html.Table("Scenario", ["what", "about", "", "when, UTC", "loss shown before"], events.EnumerateArray().Select(what => (string[])[
            Html.Escape(what.GetProperty("kind").GetString()!),
            Html.Escape(what.GetProperty("about").GetString()!),
            what.GetProperty("begins").GetBoolean() ? "begins" : "ends",
            Html.Time(what.GetProperty("time")),
            what.TryGetProperty("lossShown", out var shown) ? Html.Number(shown) : ""]));
        html.Table("Write-offs", ["account", "when, UTC", "currency", "amount"], writeOffs.EnumerateArray().Select(writeOff => (string[])[
            Html.Escape(writeOff.GetProperty("account").GetString()!),
            Html.Time(writeOff.GetProperty("time")),
            Html.Escape(writeOff.GetProperty("currency").GetString()!),
            Html.Number(writeOff.GetProperty("amount"))])).Add("</section>\n");
    }

    private static void WriteInvariants(Html html, ReportModel model)
    {
        var invariants = model.Json.GetProperty("invariants");
        html.Add("<section id=invariants><h2>Invariants</h2>").Table("Checked at the steps of this run", ["", ""], [
            ["checks", Html.Number(invariants.GetProperty("checked"))],
            ["violated", Html.Number(invariants.GetProperty("violated"))],
        ]);
        html.Add("<p class=about>Money is conserved, each entry follows from its cause, profit explains equity, no balance is below zero, and positions by order events are those in the accounts.</p>");
        if (invariants.GetProperty("violations").GetArrayLength() > 0)
        {
            html.Add("<ul class=bad>").Add(string.Concat(invariants.GetProperty("violations").EnumerateArray().Select(violation => $"<li>{Html.Escape(violation.GetString()!)}"))).Add("</ul>");
        }

        html.Add("</section>\n");
    }
}
