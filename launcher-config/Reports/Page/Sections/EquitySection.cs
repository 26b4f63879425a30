using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Framework;
using CrossHedgeLean.Reports.Page.Charts;

namespace CrossHedgeLean.Reports.Page.Sections;

/// <summary>Equity, and what made it, over time.</summary>
internal static class EquitySection
{
    /// <summary>Before every currency has a price the engine counts only a part.</summary>
    private const int MostPartialSteps = 120;
    private const double PartOfAll = 0.1;

    public static void Write(Html html, ReportModel model)
    {
        html.Add("<section id=equity><h2>Equity and profit</h2>");
        if (model.Events.Count > 0)
        {
            html.Add("<p class=lead>Dotted lines down the charts are what the scenario did; it is listed under What went wrong.</p>");
        }

        WriteEquity(html, model);
        WriteProfit(html, model);
        var json = model.Json;
        html.Add("<details><summary>The figures</summary>").Table("Equity", ["", ""], [
            ["equity at the first step, as the engine counts it", Html.Number(json.GetProperty("equity").GetProperty("start"))],
            ["equity at the last step, less the fee of closing", $"<span id=v-equity>{Html.Number(json.GetProperty("equity").GetProperty("end"))}</span>"],
            ["change of the accounts' equity", Html.Number(json.GetProperty("profit").GetProperty("equityChange"))],
            ["largest drawdown", Html.Percent(json.GetProperty("maxDrawdown"))],
            ["Sharpe ratio, daily returns, 365 days", Html.Number(json.GetProperty("sharpe"))],
        ]).Table(
            "Profit by account, " + model.Currency,
            ["account", .. ReportModel.ProfitKinds.Select(kind => kind.Name), "total"],
            model.Accounts.Select(account => (string[])[Html.Escape(account.GetProperty("account").GetString()!), .. ReportModel.ProfitKinds.Select(kind => Html.Number(account.GetProperty("profit").GetProperty(kind.Kind))), Html.Number(account.GetProperty("profit").GetProperty("total"))])).Add("</details></section>\n");
    }

    private static void WriteEquity(Html html, ReportModel model)
    {
        var lines = model.Run.EquityLines;
        var opening = (double)model.Accounts.Sum(account => account.GetProperty("equity").GetProperty("start").GetDecimal());
        var skipped = 0;
        while (skipped < Math.Min(MostPartialSteps, lines.Count) && Math.Abs((double)lines[skipped].Equity - opening) > PartOfAll * opening)
        {
            skipped++;
        }

        skipped = skipped == Math.Min(MostPartialSteps, lines.Count) ? 0 : skipped;
        var chart = new TimeChart("Equity", "At every time step, as the engine counts it; reduced so that no high and no low is lost.", model.Time) { Unit = model.Currency, Height = 260 };
        chart.Lines.Add(new ChartLine("equity", [.. lines.Skip(skipped).Select(line => model.Point(line.TimeUtc, line.Equity))], 0));
        chart.Write(html, model.Events);
        if (skipped > 0)
        {
            html.Add($"<p class=note>Not drawn: the first {(skipped == 1 ? "time step" : $"{Html.Count(skipped)} time steps")}, from {Html.Number(lines[0].Equity)}. Not every currency had a price by then, and the engine counts only those that have one.</p>");
        }
    }

    private static void WriteProfit(Html html, ReportModel model)
    {
        var sums = model.Run.Rows<ProfitRow>()
            .GroupBy(row => row.TimeUtc)
            .Select(rows => (TimeUtc: rows.Key, Profit: rows.Aggregate(new ProfitSplit(), (sum, row) => sum + row.Profit)))
            .ToList();
        var chart = new TimeChart("Profit split", "Since the start, over all accounts; taken down about once an hour.", model.Time) { Unit = model.Currency, Height = 280, HasZero = true };
        Func<ProfitSplit, decimal>[] parts =
        [
            profit => profit.Directional, profit => profit.Basis, profit => profit.SpreadAndSlippage, profit => profit.Funding,
            profit => profit.Fees, profit => profit.Liquidation, profit => profit.Currency, profit => profit.WriteOff,
        ];
        chart.Lines.Add(Line(sums, "total", profit => profit.Total, 0, model));
        var style = 1;
        foreach (var ((_, name), part) in ReportModel.ProfitKinds.Zip(parts))
        {
            // What never happened needs no line of its own.
            if (sums.Exists(sum => part(sum.Profit) != 0m))
            {
                chart.Lines.Add(Line(sums, name, part, style, model));
            }

            style++;
        }

        chart.Write(html, model.Events);
    }

    private static ChartLine Line(List<(DateTime TimeUtc, ProfitSplit Profit)> sums, string name, Func<ProfitSplit, decimal> part, int style, ReportModel model)
        => new(name, [.. sums.Select(sum => model.Point(sum.TimeUtc, part(sum.Profit)))], style);
}
