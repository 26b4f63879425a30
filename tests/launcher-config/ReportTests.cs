using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Hosting;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Reports;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Launcher;

/// <summary>The result for reading and as JSON, of a run with all that a run can have.</summary>
[TestFixture]
public sealed class ReportTests
{
    private static readonly DateTime Time = new(2025, 1, 2, 3, 4, 0, DateTimeKind.Utc);

    [TestCase(80)]
    [TestCase(100)]
    [TestCase(120)]
    public void TheTableFitsTheTerminal(int width)
    {
        foreach (var accounts in new[] { 1, 2, 3, 20 })
        {
            var lines = Table(Result(accounts), width);
            Assert.That(lines.Select(line => line.TrimEnd().Length), Is.All.LessThanOrEqualTo(width));
            Assert.That(lines.Where(line => line.StartsWith('│')), Has.None.Contains("…"), "a cell is cut");
            for (var index = 0; index < accounts; index++)
            {
                Assert.That(lines, Has.Some.Contains($"desk-{index:00}"));
            }
        }
    }

    [Test]
    public void AnAccountReadsAsAStatement()
    {
        var lines = Table(Result(2), 120).Where(line => line.StartsWith('│')).Select(line => line.Split('│', StringSplitOptions.TrimEntries)[1..^1]).ToList();
        var from = lines.FindIndex(cells => cells[0] == "Account");
        Assert.That(lines[from..].Select(cells => string.Join(" | ", cells)), Is.EqualTo(new[]
        {
            "Account | desk-00 | desk-01 | all, USDT",
            "Equity at start | 1,000.00 | 1,000.00 | 2,000.00",
            "directional | 100.00 | 100.00 | 200.00",
            "basis | -20.00 | -20.00 | -40.00",
            "spread, slippage | -3.00 | -3.00 | -6.00",
            "funding | 0.00 | unknown | unknown",
            "fees | -1.50 | -1.50 | -3.00",
            "liquidation | 0.00 | -200.25 | -200.25",
            "Equity at end | 1,075.50 | 875.25 | 1,950.75",
            " |  |  | ",
            "Margin used | 333.33 | 333.33 | 666.67",
            "at most | 400.00 | 400.00 | ",
            "maintenance | 5.00 | 5.00 | 10.00",
            "Nearest to liquidation | none | 0.00% | ",
            "instrument |  | BTCUSDT | ",
            "when, UTC |  | 2025-01-02 03:04 | ",
            "Liquidations | 0 | 1 | 1",
            "Fees by | LEAN default | spot LEAN default | ",
            " |  | perpetual 0.0002/0.0005 | ",
        }));
    }

    [Test]
    public void WhatWentWrongIsBelowTheTable()
    {
        var text = string.Join('\n', Table(Result(2), 120));
        Assert.That(text, Does.Contain("Closed by force  2025-01-02 03:04 desk-01: 0.5 bybit:perpetual:BTCUSDT at 98,765.43, fee 12.50, liquidation by the venue"));
        Assert.That(text, Does.Contain("unknown (3 boundaries without a rate: bybit:perpetual 3); 7.00 booked"));
        Assert.That(text, Does.Contain("5,000 checked, 2 violated"));
    }

    [Test]
    public void TheJsonOfALiquidatedAccountWithUnknownFunding()
    {
        var result = JsonElement.Parse(ResultJson.Write(Result(2)));
        var account = result.GetProperty("accounts")[1];
        Assert.That(account.GetProperty("worstDistance").GetRawText().Where(character => !char.IsWhiteSpace(character)), Is.EqualTo(
            "{\"distance\":0,\"instrument\":\"bybit:perpetual:BTCUSDT\",\"time\":\"2025-01-02T03:04:00.000Z\"}"));
        Assert.That(account.GetProperty("liquidations")[0].GetRawText().Where(character => !char.IsWhiteSpace(character)), Is.EqualTo(
            "{\"time\":\"2025-01-02T03:04:00.000Z\",\"instrument\":\"bybit:perpetual:BTCUSDT\",\"quantity\":0.5,\"price\":98765.43,\"fee\":12.5,\"cause\":\"liquidationbythevenue\"}"));
        Assert.That(account.GetProperty("profit").GetProperty("funding").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(account.GetProperty("profit").GetProperty("fundingBooked").GetDecimal(), Is.Zero);
        Assert.That(result.GetProperty("accounts")[0].GetProperty("profit").GetProperty("funding").GetDecimal(), Is.Zero);
        Assert.That(result.GetProperty("invariants").GetProperty("violations")[0].GetString(), Is.EqualTo("money is conserved: one"));
        Assert.That(result.GetProperty("profit").GetProperty("equityChange").GetDecimal(), Is.EqualTo(-49.25m));
    }

    private static List<string> Table(BacktestResult result, int width)
    {
        var output = new StringWriter();
        ResultTable.Write(result, output, width);
        return output.ToString().Split('\n').ToList();
    }

    /// <summary>A run of so many accounts, the second of them liquidated and without funding rates.</summary>
    private static BacktestResult Result(int accounts)
    {
        var summaries = Enumerable.Range(0, accounts).Select(Account).ToList();
        var summary = new RunSummary(
            "USDT",
            10,
            9,
            3m,
            null,
            2_000m,
            1_950m,
            0.5,
            0.1m,
            new ResidualSummary(1m, 0.5m, 1, TimeSpan.FromMinutes(1), 100, 200),
            [
                new VenueSummary("binance:spot", 5, 1.5m, 0m, 0, [new PositionSummary("BTCUSDT", 0.5m, 98_000m, 98_765.43m, 382.715m)]),
                new VenueSummary("bybit:perpetual", 4, 1.5m, null, 3, [new PositionSummary("BTCUSDT", -0.5m, 98_000m, 98_765.43m, -382.715m)]),
            ],
            "venue",
            summaries,
            summaries.Aggregate(new ProfitSplit { Funding = 7m }, (sum, account) => sum + account.Profit),
            new InvariantSummary(5_000, 2, ["money is conserved: one"]),
            "00");
        return new BacktestResult(
            new EngineInfo("LeanSim", "sim", "0.1.0"), TestFolder.Configuration(), summary, new BacktestOutcome(true, null, 1_000, TimeSpan.FromSeconds(1), []), 100);
    }

    private static AccountSummary Account(int index)
    {
        var isLiquidated = index == 1;
        return new AccountSummary(
            $"desk-{index:00}",
            isLiquidated ? ["bybit:spot", "bybit:perpetual"] : ["binance:spot"],
            isLiquidated ? ["LEAN default", "0.0002/0.0005"] : ["LEAN default"],
            1_000m,
            isLiquidated ? 875.25m : 1_075.5m,
            1_000m / 3m,
            5m,
            400m,
            isLiquidated ? new WorstDistance(0m, "bybit:perpetual:BTCUSDT", Time) : null,
            isLiquidated ? [new LiquidationEvent(Time, "desk-01", "bybit:perpetual:BTCUSDT", 0.5m, 98_765.43m, 12.5m, "liquidation by the venue")] : [],
            [new BalanceSnapshot("USDT", 900m, 0m, 0m, 500m)],
            new ProfitSplit { Directional = 100m, Basis = -20m, SpreadAndSlippage = -3m, Fees = -1.5m, Liquidation = isLiquidated ? -200.25m : 0m });
    }
}
