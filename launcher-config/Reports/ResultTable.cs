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

    /// <summary>Writes the table.</summary>
    public static void Write(BacktestResult result, TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = WidthOfFiles;
        }

        console.Write(Venues(result.Summary));
        console.Write(Figures(result));
    }

    private static Table Venues(RunSummary summary)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn("Venue");
        table.AddColumn("Instrument");
        foreach (var heading in new[] { "Position", "Average", "Mark", "Unrealized", "Fills", "Fees", "Funding" })
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        foreach (var venue in summary.Venues)
        {
            var first = true;
            foreach (var position in venue.Positions.DefaultIfEmpty())
            {
                table.AddRow(Cells(
                    first ? venue.Venue : "",
                    position?.Instrument ?? "",
                    position is null ? "" : Plain(position.Quantity),
                    position is null or { Quantity: 0m } ? "" : Price(position.AveragePrice),
                    position is null ? "" : Price(position.MarkPrice),
                    position is null ? "" : Money(position.UnrealizedProfit),
                    first ? venue.Fills.ToString("N0", CultureInfo.InvariantCulture) : "",
                    first ? Money(venue.Fees) : "",
                    first ? Money(venue.Funding) : ""));
                first = false;
            }
        }

        table.AddEmptyRow();
        table.AddRow(Cells(
            $"all, {summary.AccountCurrency}", "", "", "", "", "", summary.Fills.ToString("N0", CultureInfo.InvariantCulture), Money(summary.Fees), Money(summary.Funding)));
        return table;
    }

    private static Grid Figures(BacktestResult result)
    {
        var summary = result.Summary;
        var residual = summary.Residual;
        var change = summary.EquityStart == 0m ? 0m : (summary.EquityEnd / summary.EquityStart) - 1m;
        var grid = new Grid();
        grid.AddColumn();
        grid.AddColumn();
        AddFigure(grid, "Residual", string.Create(
            CultureInfo.InvariantCulture,
            $"largest {Plain(residual.Max)}, 99th percentile {Plain(residual.P99)}, outside its band {residual.TimeOutsideBand:c} ({residual.StepsOutsideBand:N0} steps)"));
        AddFigure(grid, "Equity", string.Create(
            CultureInfo.InvariantCulture,
            $"{Money(summary.EquityStart)} to {Money(summary.EquityEnd)} {summary.AccountCurrency} ({change:+0.00%;-0.00%;0.00%})"));
        AddFigure(grid, "Risk", string.Create(
            CultureInfo.InvariantCulture,
            $"Sharpe {summary.Sharpe:0.00}, largest drawdown {summary.MaxDrawdown:0.00%}"));
        AddFigure(grid, "Orders", string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.Orders:N0} orders, {summary.Fills:N0} fills, {residual.Decisions:N0} decisions"));
        AddFigure(grid, "Speed", string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Outcome.DataPoints:N0} data points in {result.Outcome.Elapsed.TotalSeconds:0.00} s, {result.DataPointsPerSecond:N0} a second, {result.PeakMemoryMegabytes:0} MB at most"));
        return grid;
    }

    private static void AddFigure(Grid grid, string name, string value) => grid.AddRow(new Text(name), new Text(value));

    private static IEnumerable<Text> Cells(params string[] values) => values.Select(value => new Text(value));

    private static string Plain(decimal value) => CrossHedgeLean.Recording.Text.Decimal(value);

    private static string Price(decimal value) => value.ToString(Math.Abs(value) >= 100m ? "N2" : "#,0.########", CultureInfo.InvariantCulture);

    private static string Money(decimal value) => value.ToString("N2", CultureInfo.InvariantCulture);
}
