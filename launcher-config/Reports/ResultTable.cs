using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using CrossHedgeLean.Recording;
using Spectre.Console;
using Text = Spectre.Console.Text;

namespace CrossHedgeLean.Reports;

/// <summary>The result for reading.</summary>
internal static class ResultTable
{
    private const int WidthOfFiles = 120;
    private const int WidthOfVenues = 110;
    private const int ShownLines = 10;

    /// <summary>Writes the table, as wide as the terminal.</summary>
    public static void Write(BacktestResult result, TextWriter output)
    {
        var terminal = new AnsiConsoleOutput(output);
        Write(result, output, terminal.IsTerminal ? terminal.Width : WidthOfFiles);
    }

    /// <summary>Writes the table, not wider than given if the words allow it.</summary>
    internal static void Write(BacktestResult result, TextWriter output, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = width;

        if (width >= WidthOfVenues)
        {
            console.Write(Venues(result.Summary));
        }
        else
        {
            console.Write(Positions(result.Summary));
            console.Write(Costs(result.Summary));
        }

        foreach (var accounts in AccountsTable.Of(result, width))
        {
            console.Write(accounts);
        }

        console.Write(Liquidations(result.Summary));
        console.Write(Trouble(result.Summary.Trouble));
        console.Write(Losses(result.Summary));
        console.Write(Figures(result));
    }

    private static Table Venues(RunSummary summary)
    {
        var table = TableOf(["Venue", "Instrument"], ["Position", "Average", "Mark", "Unrealized", "Fills", "Fees", "Funding"]);
        foreach (var venue in summary.Venues)
        {
            var first = true;
            foreach (var position in venue.Positions.DefaultIfEmpty())
            {
                table.AddRow(Cells(
                    [first ? venue.Venue : "", position?.Instrument ?? "", .. Figures(position), .. first ? Figures(venue) : ["", "", ""]]));
                first = false;
            }
        }

        table.AddEmptyRow();
        table.AddRow(Cells([$"all, {summary.AccountCurrency}", "", "", "", "", "", .. FiguresOfAll(summary)]));
        return table;
    }

    /// <summary>The positions of <see cref="Venues"/>, for a narrow terminal.</summary>
    private static Table Positions(RunSummary summary)
    {
        var table = TableOf(["Instrument"], ["Position", "Average", "Mark", "Unrealized"]);
        foreach (var venue in summary.Venues)
        {
            foreach (var position in venue.Positions)
            {
                table.AddRow(Cells([$"{venue.Venue}:{position.Instrument}", .. Figures(position)]));
            }
        }

        return table;
    }

    /// <summary>The rest of <see cref="Venues"/>, for a narrow terminal.</summary>
    private static Table Costs(RunSummary summary)
    {
        var table = TableOf(["Venue"], ["Fills", "Fees", "Funding"]);
        foreach (var venue in summary.Venues)
        {
            table.AddRow(Cells([venue.Venue, .. Figures(venue)]));
        }

        table.AddEmptyRow();
        table.AddRow(Cells([$"all, {summary.AccountCurrency}", .. FiguresOfAll(summary)]));
        return table;
    }

    private static string[] Figures(PositionSummary? position) => position is null
        ? ["", "", "", ""]
        :
        [
            Plain(position.Quantity),
            position.Quantity == 0m ? "" : Price(position.AveragePrice),
            Price(position.MarkPrice),
            Money(position.UnrealizedProfit),
        ];

    private static string[] Figures(VenueSummary venue) => [Count(venue.Fills), Money(venue.Fees), Funding(venue.Funding)];

    private static string[] FiguresOfAll(RunSummary summary) => [Count(summary.Fills), Money(summary.Fees), Funding(summary.Funding)];

    private static Table TableOf(string[] names, string[] figures)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns(names);
        table.AddColumns(figures.Select(heading => new TableColumn(heading).RightAligned()).ToArray());
        return table;
    }

    private static Grid Liquidations(RunSummary summary)
    {
        var liquidations = summary.Accounts.SelectMany(account => account.Liquidations).OrderBy(liquidation => liquidation.TimeUtc).ToList();
        var grid = TwoColumns();
        AddList(grid, "Closed by force", liquidations, liquidation => string.Create(
            CultureInfo.InvariantCulture,
            $"{liquidation.TimeUtc:yyyy-MM-dd HH:mm} {liquidation.Account}: {Plain(liquidation.Quantity)} {liquidation.Instrument} at {Price(liquidation.Price)}, fee {Money(liquidation.Fee)}, {liquidation.Cause}"));
        return grid;
    }

    private static Grid Trouble(TroubleSummary trouble)
    {
        var grid = TwoColumns();
        AddList(grid, "Scenario", trouble.Scenario, what => string.Create(
            CultureInfo.InvariantCulture, $"{what.TimeUtc:yyyy-MM-dd HH:mm} {what.Kind} {what.About} {(what.Begins ? "begins" : "ends")}"));
        AddList(grid, "Health", trouble.Health, band => string.Create(
            CultureInfo.InvariantCulture,
            $"{band.FromUtc:yyyy-MM-dd HH:mm} to {(band.UntilUtc is { } until ? until.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "the end")} {band.Venue} {band.Capability}: {band.State}, {band.Reason}"));
        AddList(grid, "Transfers", trouble.Transfers, transfer => string.Create(
            CultureInfo.InvariantCulture,
            $"{transfer.SentUtc:yyyy-MM-dd HH:mm} {transfer.Id}: {Money(transfer.Amount)} {transfer.Currency} from {transfer.From} to {transfer.To}, fee {Plain(transfer.Fee)}, {Outcome(transfer)}"));
        AddList(grid, "Write-offs", trouble.WriteOffs, writeOff => string.Create(
            CultureInfo.InvariantCulture, $"{writeOff.TimeUtc:yyyy-MM-dd HH:mm} {writeOff.Account}: {Money(writeOff.Amount)} {writeOff.Currency}"));
        return grid;
    }

    private static Grid Losses(RunSummary summary)
    {
        var grid = TwoColumns();
        AddList(grid, "If it failed", summary.Losses, loss => string.Create(
            CultureInfo.InvariantCulture,
            $"{loss.Market}: {Money(loss.Now)} {summary.AccountCurrency} lost at the end of the run, {Money(loss.Worst)} at worst{(loss.Worst > 0m ? $", {loss.WorstUtc:yyyy-MM-dd HH:mm}" : "")}"));
        return grid;
    }

    private static string Outcome(TransferSummary transfer) => transfer switch
    {
        { EndedUtc: null } => "still travelling",
        { EndedUtc: { } at, Arrived: true } => string.Create(CultureInfo.InvariantCulture, $"arrived {at:yyyy-MM-dd HH:mm}"),
        { EndedUtc: { } at, Returned: 0m } => string.Create(CultureInfo.InvariantCulture, $"lost {at:yyyy-MM-dd HH:mm}"),
        { EndedUtc: { } at } => string.Create(CultureInfo.InvariantCulture, $"came back {at:yyyy-MM-dd HH:mm}"),
    };

    private static void AddList<T>(Grid grid, string name, IReadOnlyList<T> list, Func<T, string> text)
    {
        for (var i = 0; i < Math.Min(list.Count, ShownLines); i++)
        {
            AddFigure(grid, i == 0 ? name : "", text(list[i]));
        }

        if (list.Count > ShownLines)
        {
            AddFigure(grid, "", string.Create(CultureInfo.InvariantCulture, $"and {list.Count - ShownLines:N0} more: --json has them all"));
        }
    }

    private static Grid Figures(BacktestResult result)
    {
        var summary = result.Summary;
        var residual = summary.Residual;
        var change = summary.EquityStart == 0m ? 0m : (summary.EquityEnd / summary.EquityStart) - 1m;
        var grid = TwoColumns();
        AddFigure(grid, "Residual", string.Create(
            CultureInfo.InvariantCulture,
            $"largest {Plain(residual.Max)}, 99th percentile {Plain(residual.P99)}, outside its band {residual.TimeOutsideBand:c} ({residual.StepsOutsideBand:N0} steps)"));
        AddFigure(grid, "Equity", string.Create(
            CultureInfo.InvariantCulture,
            $"{Money(summary.EquityStart)} to {Money(summary.EquityEnd)} {summary.AccountCurrency} ({change:+0.00%;-0.00%;0.00%}) as {result.Engine.Name} counts it, less the cost of closing"));
        AddFigure(grid, "Risk", string.Create(
            CultureInfo.InvariantCulture,
            $"Sharpe {summary.Sharpe:0.00}, largest drawdown {summary.MaxDrawdown:0.00%}"));
        if (result.FundingGaps > 0)
        {
            var gaps = summary.Venues.Where(venue => venue.FundingGaps > 0).Select(venue => $"{venue.Venue} {Count(venue.FundingGaps)}");
            AddFigure(grid, "Funding", string.Create(
                CultureInfo.InvariantCulture,
                $"unknown ({Boundaries(result.FundingGaps)} without a rate: {string.Join(", ", gaps)}); {Money(summary.Profit.Funding)} booked"));
        }

        AddFigure(grid, "Latency", Latency(result));
        AddFigure(grid, "Orders", string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.Orders:N0} orders, {summary.Fills:N0} fills, {residual.Decisions:N0} decisions"));
        AddFigure(grid, "Invariants", string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.Invariants.Checked:N0} checked, {(summary.Invariants.Violated == 0 ? "none" : summary.Invariants.Violated.ToString("N0", CultureInfo.InvariantCulture))} violated"));
        AddFigure(grid, "Speed", string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Outcome.DataPoints:N0} data points in {result.Outcome.Elapsed.TotalSeconds:0.00} s, {result.DataPointsPerSecond:N0} a second, {result.PeakMemoryMegabytes:0} MB at most"));
        return grid;
    }

    /// <summary>How late orders met the market, and at venue latency what that is at each account.</summary>
    private static string Latency(BacktestResult result)
    {
        var latency = result.Configuration.Latency;
        if (latency.Fixed is { } time)
        {
            return $"{latency.Text}{(time == TimeSpan.Zero ? "" : " at every venue")}";
        }

        if (latency == Exchange.Latency.None)
        {
            return "none: orders fill at once at LEAN's own prices";
        }

        return latency.Text + ": " + string.Join(", ", result.Configuration.Accounts.Select(account => string.Create(
            CultureInfo.InvariantCulture, $"{account.Name} {latency.At(account.Profile).TotalMilliseconds:0.###} ms")));
    }

    private static string Boundaries(int count) => count == 1 ? "1 boundary" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} boundaries");

    private static string Funding(decimal? funding) => funding is { } known ? Money(known) : "unknown";

    private static Grid TwoColumns() => new Grid().AddColumn().AddColumn();

    private static void AddFigure(Grid grid, string name, string value) => grid.AddRow(new Text(name), new Text(value));

    private static IEnumerable<Text> Cells(string[] values) => values.Select(value => new Text(value));

    private static string Count(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Plain(decimal value) => CrossHedgeLean.Recording.Text.Decimal(value);

    private static string Price(decimal value) => value.ToString(Math.Abs(value) >= 100m ? "N2" : "#,0.########", CultureInfo.InvariantCulture);

    private static string Money(decimal value) => value.ToString("N2", CultureInfo.InvariantCulture);
}
