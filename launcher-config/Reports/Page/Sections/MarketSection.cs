using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrossHedgeLean.Framework;
using CrossHedgeLean.Reports.Page.Charts;

namespace CrossHedgeLean.Reports.Page.Sections;

/// <summary>Between the venues: basis, funding, and which price moves first.</summary>
internal static class MarketSection
{
    private const int MostListed = 1000;

    public static void Write(Html html, ReportModel model)
    {
        html.Add("<section id=market><h2>Between the venues</h2>");
        WriteBasis(html, model);
        WriteFunding(html, model);
        WriteLeadLag(html, model);
        html.Add("</section>\n");
    }

    private static void WriteBasis(Html html, ReportModel model)
    {
        var rows = model.Run.Rows<BasisRow>();
        foreach (var group in model.Groups)
        {
            var chart = new TimeChart($"{group}: basis", "Leg over primary less one, per unit of the underlying in the account currency; the line at the last step of each hour, the pale area from the lowest to the highest step.", model.Time) { Unit = "basis points", HasZero = true };
            var style = 0;
            foreach (var leg in rows.Where(row => row.Group == group).GroupBy(row => row.Leg))
            {
                chart.Lines.Add(new ChartLine(leg.Key, [.. leg.Select(row => model.Point(row.UntilUtc, 10_000m * row.Basis))], style++)
                {
                    Spans = [.. leg.Select(row => model.Span(row.FromUtc, row.UntilUtc, 10_000m * row.Lowest, 10_000m * row.Highest))],
                });
            }

            chart.Write(html, model.Events);
        }

        html.Add("<details><summary>Basis in figures</summary>").Table("Basis", ["group", "leg", "lowest", "highest", "at the end", "primary's price then", "leg's price then"], rows.GroupBy(row => (row.Group, row.Leg)).Select(leg => (string[])[
            Html.Escape(leg.Key.Group),
            Html.Escape(leg.Key.Leg),
            Html.Percent(leg.Min(row => row.Lowest)),
            Html.Percent(leg.Max(row => row.Highest)),
            Html.Percent(Math.Round(leg.Last().Basis, 12)),
            Html.Number(leg.Last().PrimaryPrice),
            Html.Number(leg.Last().LegPrice)])).Add("</details>");
    }

    private static void WriteFunding(Html html, ReportModel model)
    {
        var profit = model.Run.Rows<ProfitRow>();
        var sums = new TimeChart("Funding, since the start", "What each account received (up) or paid (down).", model.Time) { Unit = model.Currency, Height = 160, HasZero = true };
        var style = 0;
        foreach (var account in profit.GroupBy(row => row.Account).Where(account => account.Any(row => row.Profit.Funding != 0m)))
        {
            sums.Lines.Add(new ChartLine(account.Key, [.. account.Select(row => model.Point(row.TimeUtc, row.Profit.Funding))], style++) { IsStepped = true });
        }

        sums.Write(html, model.Events);
        var payments = model.Run.Rows<FundingRow>();
        foreach (var currency in payments.GroupBy(row => row.Currency))
        {
            var chart = new TimeChart($"Funding payments, {currency.Key}", "Each at its boundary: up received, down paid.", model.Time) { Unit = currency.Key, Height = 120 };
            style = 0;
            foreach (var instrument in currency.GroupBy(row => row.Instrument))
            {
                chart.Stems.Add(new ChartStems(instrument.Key, [.. instrument.Select(row => model.Point(row.TimeUtc, row.Amount))], style++));
            }

            chart.Write(html, model.Events);
        }

        html.Add("<details><summary>Funding in figures</summary>").Table("Funding by route, " + model.Currency, ["route", "funding", "boundaries without a rate"], model.Json.GetProperty("venues").EnumerateArray().Select(venue => (string[])[
            Html.Escape(venue.GetProperty("venue").GetString()!),
            Html.Number(venue.GetProperty("funding")),
            Html.Number(venue.GetProperty("fundingGaps"))]));
        if (payments.Count > MostListed)
        {
            html.Add($"<p class=note>The last {Html.Count(MostListed)} of {Html.Count(payments.Count)} payments; all of them stand in funding.csv.</p>");
        }

        html.Table("Payments", ["when, UTC", "instrument", "quantity", "mark", "rate", "amount", "currency"], payments.TakeLast(MostListed).Select(row => (string[])[
            Html.Time(row.TimeUtc), Html.Escape(row.Instrument), Html.Number(row.Quantity), Html.Number(row.Mark), Html.Percent(row.Rate), Html.Number(row.Amount), Html.Escape(row.Currency)])).Add("</details>");
    }

    private static void WriteLeadLag(Html html, ReportModel model)
    {
        var rows = model.Run.Rows<LeadLagRow>();
        if (rows.Count == 0)
        {
            html.Add("<h3>Lead and lag</h3><p class=empty>The run's data do not permit it: there are no bars of a leg and its primary.</p>");
            return;
        }

        var bar = TimeSpan.FromSeconds(rows[0].BarSeconds);
        html.Add($"<h3>Lead and lag</h3><p class=lead>The correlation of the returns of primary and leg from bar to bar, one of them some bars later. The data have bars of {bar:c}: a lead shorter than that cannot be seen and stands at lag 0. A bar without a trade counts as no move, so an instrument that trades seldom looks late.</p>");
        foreach (var leg in rows.GroupBy(row => (row.Group, row.Leg)))
        {
            var lags = leg.OrderBy(row => row.Lag).ToList();
            if (lags.TrueForAll(row => row.Correlation is null))
            {
                html.Add($"<p class=empty>{Html.Escape(leg.Key.Group)}, {Html.Escape(leg.Key.Leg)}: the run's data do not permit it, there are {Html.Count(lags.Max(row => row.Pairs))} pairs of returns of which one price never moved.</p>");
                continue;
            }

            var pairs = lags.Max(row => row.Pairs);
            var chance = pairs > 0 ? 2d / Math.Sqrt(pairs) : 0d;
            BarChart.Columns(
                html,
                $"{leg.Key.Group}: {leg.Key.Leg} against the primary",
                string.Create(CultureInfo.InvariantCulture, $"Lag in bars; right of 0 the primary moves first, left of 0 the leg. {pairs:N0} pairs; within the dashed lines is what chance gives. {Reading(lags, chance)}"),
                [.. lags.Select(row => (row.Lag > 0 ? $"+{row.Lag}" : Html.Minus(row.Lag.ToString(CultureInfo.InvariantCulture)), (double)(row.Correlation ?? 0m)))],
                chance);
        }

        html.Add("<details><summary>Correlations in figures</summary>").Table("Lead and lag", ["group", "leg", "lag, bars", "pairs", "correlation"], rows.Select(row => (string[])[
            Html.Escape(row.Group), Html.Escape(row.Leg), Html.Number((decimal)row.Lag), Html.Count(row.Pairs), row.Correlation is { } known ? Html.Number(known) : "unknown"])).Add("</details>");
    }

    /// <summary>What the correlations say, and no more.</summary>
    private static string Reading(List<LeadLagRow> lags, double chance)
    {
        var primaryLeads = (double)lags.Where(row => row.Lag > 0).Max(row => row.Correlation ?? 0m);
        var legLeads = (double)lags.Where(row => row.Lag < 0).Max(row => row.Correlation ?? 0m);
        return Math.Max(primaryLeads, legLeads) <= chance ? "Neither leads by a bar or more."
            : Math.Abs(primaryLeads - legLeads) <= chance ? "Both later sides are alike: no lead of one over the other can be told."
            : primaryLeads > legLeads ? "The primary moves first more than the leg does."
            : "The leg moves first more than the primary does.";
    }
}
