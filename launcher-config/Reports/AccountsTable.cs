using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Recording;
using Spectre.Console;
using Text = Spectre.Console.Text;

namespace CrossHedgeLean.Reports;

/// <summary>
/// The accounts side by side, one column each, read from top to bottom as a statement: equity at the start, what changed it,
/// equity at the end; then margin and fees. As many columns as fit stand in one table.
/// </summary>
internal static class AccountsTable
{
    private const int FrameOfColumn = 3;
    private const int WidestCell = 26;

    /// <summary>The tables of a run, each at most as wide as given.</summary>
    public static IEnumerable<Table> Of(BacktestResult result, int width)
    {
        var columns = result.Summary.Accounts.Select(account => Column(account, result.FundingGapsOf(account))).ToList();
        if (columns.Count > 1)
        {
            columns.Add(Sum(result));
        }

        var labels = Labels();

        // What is zero or absent everywhere needs no line of its own.
        foreach (var row in Enumerable.Range(0, labels.Length).Reverse().Where(row => labels[row].IsOptional && columns.TrueForAll(column => column[row] is "" or "0.00")))
        {
            labels = [.. labels[..row], .. labels[(row + 1)..]];
            columns.ForEach(column => column.RemoveAt(row));
        }

        var names = labels.Select(label => label.Text).ToList();
        var room = width - WidthOf(names) - 1;
        while (columns.Count > 0)
        {
            var used = 0;
            var fitting = columns.TakeWhile(column => (used += WidthOf(column)) <= room).Count();
            var shown = columns.Take(Math.Max(1, fitting)).ToList();
            columns.RemoveRange(0, shown.Count);
            yield return Build(names, shown);
        }
    }

    private static (string Text, bool IsOptional)[] Labels() =>
    [
        ("Account", false),
        ("Equity at start", false),
        ("  directional", false),
        ("  basis", false),
        ("  spread, slippage", false),
        ("  funding", false),
        ("  fees", false),
        ("  liquidation", true),
        ("  currency", true),
        ("  write-offs", true),
        ("Equity at end", false),
        ("", false),
        ("Margin used", false),
        ("  at most", false),
        ("  maintenance", false),
        ("Nearest to liquidation", false),
        ("  instrument", true),
        ("  when, UTC", true),
        ("Liquidations", false),
        ("Fees by", false),
    ];

    private static List<string> Column(AccountSummary account, int fundingGaps) =>
    [
        account.Account,
        .. Statement(account.EquityStart, account.Profit, fundingGaps, account.EquityEnd),
        "",
        Money(account.InitialMargin),
        Money(account.MaxInitialMargin),
        Money(account.MaintenanceMargin),
        account.Worst is null ? "none" : account.Worst.Distance.ToString("0.00%", CultureInfo.InvariantCulture),
        account.Worst?.Instrument.Split(':')[^1] ?? "",
        account.Worst?.TimeUtc.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "",
        Count(account.Liquidations.Count(forced => forced.IsLiquidation)),
        account.Fees.Distinct().Count() == 1
            ? account.Fees[0]
            : string.Join('\n', account.Routes.Zip(account.Fees, (route, fees) => $"{route.Split(':')[^1]} {fees}")),
    ];

    private static List<string> Sum(BacktestResult result)
    {
        var accounts = result.Summary.Accounts;
        return
        [
            $"all, {result.Summary.AccountCurrency}",
            .. Statement(accounts.Sum(account => account.EquityStart), result.Summary.Profit, result.FundingGaps, accounts.Sum(account => account.EquityEnd)),
            "",
            Money(accounts.Sum(account => account.InitialMargin)),
            "",
            Money(accounts.Sum(account => account.MaintenanceMargin)),
            "",
            "",
            "",
            Count(accounts.Sum(account => account.Liquidations.Count(forced => forced.IsLiquidation))),
            "",
        ];
    }

    private static IEnumerable<string> Statement(decimal start, ProfitSplit profit, int fundingGaps, decimal end) =>
    [
        Money(start),
        Money(profit.Directional),
        Money(profit.Basis),
        Money(profit.SpreadAndSlippage),
        fundingGaps == 0 ? Money(profit.Funding) : "unknown",
        Money(profit.Fees),
        Money(profit.Liquidation),
        Money(profit.Currency),
        Money(profit.WriteOff),
        Money(end),
    ];

    private static Table Build(List<string> names, List<List<string>> columns)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn(names[0]);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column[0])).RightAligned());
        }

        for (var row = 1; row < names.Count; row++)
        {
            if (names[row].Length == 0 || columns.Exists(column => column[row].Length > 0))
            {
                table.AddRow(columns.Select(column => new Text(column[row])).Prepend(new Text(names[row])));
            }
        }

        return table;
    }

    private static int WidthOf(List<string> cells)
        => Math.Min(WidestCell, cells.SelectMany(cell => cell.Split('\n')).Max(line => line.Length)) + FrameOfColumn;

    private static string Count(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Money(decimal value)
    {
        // A cost too small to show is no "-0.00".
        var rounded = Math.Round(value, 2, MidpointRounding.AwayFromZero);
        return (rounded == 0m ? 0m : rounded).ToString("N2", CultureInfo.InvariantCulture);
    }
}
