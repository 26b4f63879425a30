using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Framework;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Reports.Page.Charts;

namespace CrossHedgeLean.Reports.Page.Sections;

/// <summary>Each account: equity, margin, distance to liquidation, and how well its venue worked.</summary>
internal static class AccountsSection
{
    /// <summary>Percent. A price that may double need not be told from one that may grow tenfold, and the near ones are to be seen.</summary>
    private const decimal FarEnough = 100m;

    public static void Write(Html html, ReportModel model)
    {
        html.Add("<section id=accounts><h2>Accounts</h2><p class=lead>Each account has its own money, margin and liquidation. Lines are about once an hour, pale areas have the extremes of every time step.</p>");
        foreach (var account in model.Accounts)
        {
            WriteAccount(html, model, account);
        }

        WriteTables(html, model);
        html.Add("</section>\n");
    }

    private static void WriteAccount(Html html, ReportModel model, JsonElement account)
    {
        var name = account.GetProperty("account").GetString()!;
        var routes = account.GetProperty("routes").EnumerateArray().Select(route => route.GetString()!).ToList();
        var lines = model.Run.AccountLines.Where(line => line.Account == name).ToList();
        var extremes = model.Run.Rows<AccountExtremesRow>().Where(row => row.Account == name).ToList();
        html.Add($"<h3>{Html.Escape(name)} <span class=unit>{Html.Escape(string.Join(", ", routes))}</span></h3>");

        // The first row is of a time before every rate was known; the last point is the result's.
        var equity = new TimeChart($"{name}: equity", "Balances, coins and unrealized profit; what travels to it is not in it yet.", model.Time) { Unit = model.Currency, Height = 160 };
        equity.Lines.Add(new ChartLine("equity", [.. lines.Where(line => line.Equity != 0m).Select(line => model.Point(line.TimeUtc, line.Equity)), model.Point(model.EndUtc, account.GetProperty("equity").GetProperty("end").GetDecimal())], 0)
        {
            Spans = [.. extremes.Where(row => row.LowestEquity != 0m || row.HighestEquity == 0m).Select(row => model.Span(row.FromUtc, row.UntilUtc, row.LowestEquity, row.HighestEquity))],
        });
        equity.Write(html, model.Events);
        if (extremes.Exists(row => row.HighestInitialMargin != 0m))
        {
            var margin = new TimeChart($"{name}: margin used", "Initial margin as set by the account's leverage, and maintenance margin, below which equity is liquidated.", model.Time) { Unit = model.Currency, Height = 140, HasZero = true };
            margin.Lines.Add(new ChartLine("initial", [.. lines.Select(line => model.Point(line.TimeUtc, line.InitialMargin)), model.Point(model.EndUtc, account.GetProperty("marginUsed").GetDecimal())], 0)
            {
                Spans = [.. extremes.Select(row => model.Span(row.FromUtc, row.UntilUtc, 0m, row.HighestInitialMargin))],
            });
            margin.Lines.Add(new ChartLine("maintenance", [.. lines.Select(line => model.Point(line.TimeUtc, line.MaintenanceMargin)), model.Point(model.EndUtc, account.GetProperty("maintenanceMargin").GetDecimal())], 1));
            margin.Write(html, model.Events);
        }

        WriteDistance(html, model, name, lines, extremes);
        WriteHealth(html, model, name, routes);
    }

    private static void WriteDistance(
        Html html, ReportModel model, string name,
        List<(DateTime TimeUtc, string Account, decimal Equity, decimal InitialMargin, decimal MaintenanceMargin, decimal? Distance)> lines, List<AccountExtremesRow> extremes)
    {
        if (!extremes.Exists(row => row.LowestDistance is not null))
        {
            return;
        }

        var chart = new TimeChart($"{name}: distance to liquidation", "How far its nearest underlying may move, as a share of its price: the nearest of each hour. More than 100\u202f% is drawn as 100.", model.Time)
        {
            Unit = "%",
            Height = 160,
            HasZero = true,
            ShowsLevels = true,
        };
        chart.Lines.Add(new ChartLine("nearest in the hour", [.. extremes.Where(row => row.LowestDistance is not null).Select(row => model.Point(row.UntilUtc, Math.Min(FarEnough, 100m * row.LowestDistance!.Value)))], 0));
        var settings = new HedgeSettings();
        chart.Levels.Add(new ChartLevel("warn", 100d * Level(model, "warn-distance", settings.WarnDistance)));
        chart.Levels.Add(new ChartLevel("shrink", 100d * Level(model, "shrink-distance", settings.ShrinkDistance)));
        chart.Levels.Add(new ChartLevel("exits only", 100d * Level(model, "exit-distance", settings.ExitDistance)));
        chart.Write(html, model.Events);
    }

    private static double Level(ReportModel model, string parameter, decimal byDefault)
        => model.Json.GetProperty("parameters").TryGetProperty(parameter, out var given) && decimal.TryParse(given.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? (double)value : (double)byDefault;

    private static void WriteHealth(Html html, ReportModel model, string name, List<string> routes)
    {
        var markets = routes.Select(route => route.Split(':')[0]).ToHashSet();
        var chart = new LaneChart($"{name}: health of its venue", "When a capability did not work as it should, and why; else it was healthy.", model.Time);
        var style = 0;
        foreach (var bands in model.Json.GetProperty("health").EnumerateArray().Where(band => markets.Contains(band.GetProperty("venue").GetString()!))
            .GroupBy(band => $"{band.GetProperty("venue").GetString()} {band.GetProperty("capability").GetString()}: {band.GetProperty("state").GetString()}, {band.GetProperty("reason").GetString()}"))
        {
            chart.Lanes.Add(new ChartLane(bands.Key, style++ % 8, [.. bands.Select(band => (band.GetProperty("from").GetDateTime().ToUniversalTime(), Until(band, model)))]));
        }

        chart.Write(html, "healthy throughout.", model.Events);
    }

    private static DateTime Until(JsonElement band, ReportModel model)
        => band.GetProperty("until") is { ValueKind: not JsonValueKind.Null } until ? until.GetDateTime().ToUniversalTime() : model.EndUtc;

    private static void WriteTables(Html html, ReportModel model)
    {
        html.Add("<details><summary>The figures</summary>").Table(
            "Accounts, " + model.Currency,
            ["account", "equity at start", "equity at end", "margin used", "at most", "maintenance", "nearest to liquidation", "instrument", "when, UTC", "fees by"],
            model.Accounts.Select(account =>
            {
                var worst = account.GetProperty("worstDistance");
                var isKnown = worst.ValueKind != JsonValueKind.Null;
                return (string[])[
                    Html.Escape(account.GetProperty("account").GetString()!),
                    Html.Number(account.GetProperty("equity").GetProperty("start")),
                    Html.Number(account.GetProperty("equity").GetProperty("end")),
                    Html.Number(account.GetProperty("marginUsed")),
                    Html.Number(account.GetProperty("maxMarginUsed")),
                    Html.Number(account.GetProperty("maintenanceMargin")),
                    isKnown ? Html.Percent(worst.GetProperty("distance")) : "none",
                    isKnown ? Html.Escape(worst.GetProperty("instrument").GetString()!) : "",
                    isKnown ? Html.Time(worst.GetProperty("time")) : "",
                    Html.Escape(string.Join("; ", account.GetProperty("fees").EnumerateArray().Select(fee => fee.GetString())))];
            }));
        html.Table("Balances at the end", ["account", "currency", "free", "locked", "in transit", "withdrawable"], model.Accounts.SelectMany(account => account.GetProperty("balances").EnumerateArray().Select(balance => (string[])[
            Html.Escape(account.GetProperty("account").GetString()!),
            Html.Escape(balance.GetProperty("currency").GetString()!),
            Html.Number(balance.GetProperty("free")),
            Html.Number(balance.GetProperty("locked")),
            Html.Number(balance.GetProperty("inTransit")),
            Html.Number(balance.GetProperty("withdrawable"))])));
        var forced = model.Accounts.SelectMany(account => account.GetProperty("liquidations").EnumerateArray().Select(fill => (string[])[
            Html.Escape(account.GetProperty("account").GetString()!),
            Html.Time(fill.GetProperty("time")),
            Html.Escape(fill.GetProperty("instrument").GetString()!),
            Html.Number(fill.GetProperty("quantity")),
            Html.Number(fill.GetProperty("price")),
            Html.Number(fill.GetProperty("fee")),
            Html.Escape(fill.GetProperty("cause").GetString()!)])).ToList();
        if (forced.Count > 0)
        {
            html.Table("Closed by force", ["account", "when, UTC", "instrument", "quantity", "price", "fee", "cause"], forced);
        }

        html.Table("Health", ["venue", "capability", "state", "reason", "from, UTC", "until, UTC"], model.Json.GetProperty("health").EnumerateArray().Select(band => (string[])[
            Html.Escape(band.GetProperty("venue").GetString()!),
            band.GetProperty("capability").GetString()!,
            band.GetProperty("state").GetString()!,
            band.GetProperty("reason").GetString()!,
            Html.Time(band.GetProperty("from")),
            Html.Time(band.GetProperty("until"))])).Add("</details>");
    }
}
