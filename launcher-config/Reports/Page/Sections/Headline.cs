using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Reports.Page.Charts;

namespace CrossHedgeLean.Reports.Page.Sections;

/// <summary>The answer first: did the hedge hold, how far was it off at worst, and where did the profit come from?</summary>
internal static class Headline
{
    public static void Write(Html html, ReportModel model)
    {
        var json = model.Json;
        var faults = Faults(model);
        var longest = model.Longest;
        var isPlain = longest is null || longest.Stretches.All(stretch => stretch.Reason is UnhedgedReason.None or UnhedgedReason.MakerPatience or UnhedgedReason.BelowMinimum);
        var (kind, sign, word) = faults.Count > 0 ? ("bad", "\u2715", "No") : isPlain ? ("good", "\u2713", "Yes") : ("warn", "!", "Yes, but not always at once");
        var steps = json.GetProperty("residual").GetProperty("steps").GetDecimal();
        var outside = json.GetProperty("residual").GetProperty("stepsOutsideBand").GetDecimal();
        html.Add($"<header><p class=kicker>CrossHedge report</p><h1>{Title(json)}</h1><p class=sub>{Html.Time(json.GetProperty("from"))} to {Html.Time(json.GetProperty("until"))} UTC \u00b7 {Html.Escape(json.GetProperty("engine").GetProperty("name").GetString()!)} {Html.Escape(json.GetProperty("engine").GetProperty("version").GetString()!)}{(model.Events.Count > 0 ? " \u00b7 with a scenario" : "")}</p></header>\n");
        html.Add($"<section class=\"verdict {kind}\" aria-label=verdict><div class=badge aria-hidden=true>{sign}</div><div><h2>Did the hedge hold? <em>{word}.</em></h2><p>");
        html.Add(steps > 0m ? string.Create(CultureInfo.InvariantCulture, $"Inside the band at {100m * (steps - outside) / steps:0.###}\u202f% of {steps:N0} looks (groups times time steps). ") : "");
        html.Add(faults.Count > 0 ? string.Join(" ", faults) : "No position was closed by force, nothing was written off, no check of an invariant failed, and it ended inside the band.").Add("</p></div></section>\n");

        html.Add("<section class=cards aria-label=\"key figures\">");
        Card(html, "Worst residual", $"<span id=v-residual>{Html.Number(json.GetProperty("residual").GetProperty("max"))}</span>", WorstResidual(model));
        Card(html, "Longest naked interval", longest is null ? "none" : Html.Duration(longest.Length), longest is null ? "every time step ended inside the band" : $"{Html.Escape(longest.Group)}, {Html.Time(longest.FromUtc)}; {Reasons(longest)}");
        var worst = Worst(model);
        Card(html, "Nearest to liquidation", worst is { } near ? Html.Percent(near.GetProperty("worstDistance").GetProperty("distance")) : "none",
            worst is { } where ? $"{Html.Escape(where.GetProperty("account").GetString()!)}, {Html.Escape(where.GetProperty("worstDistance").GetProperty("instrument").GetString()!)}, {Html.Time(where.GetProperty("worstDistance").GetProperty("time"))}" : "nothing was held that could be liquidated");
        Card(html, "Invariants", $"<span id=v-checked>{Html.Number(json.GetProperty("invariants").GetProperty("checked"))}</span>", $"checks, <span id=v-violated>{Html.Number(json.GetProperty("invariants").GetProperty("violated"))}</span> violated");
        Card(html, "Profit", $"<span id=v-profit>{Html.Number(json.GetProperty("profit").GetProperty("total"))}</span>", $"{Html.Escape(model.Currency)}, over all accounts");
        html.Add("</section>\n");
        WriteProfit(html, model);
    }

    private static void WriteProfit(Html html, ReportModel model)
    {
        var profit = model.Json.GetProperty("profit");
        var bars = new List<(string, double, string)>();
        foreach (var (kind, name) in ReportModel.ProfitKinds)
        {
            var value = profit.GetProperty(kind == "funding" ? "fundingBooked" : kind);
            var isUnknown = kind == "funding" && profit.GetProperty(kind).ValueKind == JsonValueKind.Null;
            bars.Add((isUnknown ? "funding, as booked" : name, value.GetDouble(), $"<span id=v-{kind}>{Html.Number(value)}</span>"));
        }

        bars.Add(("total", profit.GetProperty("total").GetDouble(), Html.Number(profit.GetProperty("total"))));
        BarChart.Rows(html, $"Where the profit came from, {model.Currency}", "To the left a loss, to the right a gain; each kind by a formula of its own, and their sum is the change of equity.", bars);
        if (profit.GetProperty("funding").ValueKind == JsonValueKind.Null)
        {
            html.Add("<p class=note>Some funding boundaries had no fresh rate in the data: their funding is unknown, not zero, and the bar shows only what was booked.</p>");
        }
    }

    private static void Card(Html html, string name, string value, string about)
        => html.Add($"<div class=card><h3>{name}</h3><p class=big>{value}</p><p class=about>{about}</p></div>");

    private static string Title(JsonElement json)
    {
        var parameters = json.GetProperty("parameters");
        return parameters.TryGetProperty("strategy", out var strategy) && parameters.TryGetProperty("groups", out var groups)
            ? Html.Escape($"{strategy.GetString()} of {groups.GetString()!.Replace(",", ", ")}")
            : "Backtest";
    }

    /// <summary>What makes the answer no.</summary>
    private static List<string> Faults(ReportModel model)
    {
        var faults = new List<string>();
        var violated = model.Json.GetProperty("invariants").GetProperty("violated").GetInt64();
        var forced = model.Accounts.Sum(account => account.GetProperty("liquidations").GetArrayLength());
        var writeOffs = model.Json.GetProperty("writeOffs").GetArrayLength();
        if (violated > 0)
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{violated:N0} checks of the invariants failed: the figures of this run are wrong."));
        }

        if (forced > 0)
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{forced:N0} {(forced == 1 ? "fill was" : "fills were")} forced by a venue."));
        }

        if (writeOffs > 0)
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{writeOffs:N0} {(writeOffs == 1 ? "amount was" : "amounts were")} written off."));
        }

        foreach (var interval in model.Naked.Where(interval => interval.IsOpen))
        {
            faults.Add($"{Html.Escape(interval.Group)} was outside its band when the run ended.");
        }

        return faults;
    }

    private static string WorstResidual(ReportModel model)
    {
        var worst = model.Run.Rows<Framework.GroupRow>().MaxBy(row => Math.Max(Math.Abs(row.Lowest), Math.Abs(row.Highest)));
        return worst is null ? "units of the underlying" : $"{Html.Escape(worst.Group)}, between {Html.Time(worst.FromUtc)} and {Html.Time(worst.UntilUtc)}";
    }

    private static JsonElement? Worst(ReportModel model)
    {
        var known = model.Accounts.Where(account => account.GetProperty("worstDistance").ValueKind != JsonValueKind.Null).ToList();
        return known.Count == 0 ? null : known.MinBy(account => account.GetProperty("worstDistance").GetProperty("distance").GetDecimal());
    }

    /// <summary>The reasons of an interval, longest first.</summary>
    internal static string Reasons(NakedInterval interval)
    {
        var names = interval.Stretches
            .GroupBy(stretch => stretch.Reason)
            .OrderByDescending(stretches => stretches.Sum(stretch => ((stretch.UntilUtc ?? interval.UntilUtc) - stretch.FromUtc).Ticks))
            .Select(stretches => stretches.Key switch
            {
                UnhedgedReason.None => "orders on their way",
                UnhedgedReason.BelowMinimum => "BelowMinimum, orders on their way for the rest",
                _ => stretches.Key.ToString(),
            });
        return string.Join("; ", names);
    }
}
