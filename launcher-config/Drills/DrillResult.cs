using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace CrossHedgeLean.Drills;

/// <summary>What a drill's run left: the result and the files beside it.</summary>
internal sealed class DrillResult
{
    private readonly string _folder;

    private DrillResult(string folder, JsonElement json)
    {
        _folder = folder;
        Json = json;
    }

    /// <summary>The result, as <c>backtest --json</c> prints it.</summary>
    public JsonElement Json { get; }

    /// <summary>Change of equity over the run, a fraction.</summary>
    public decimal Change
    {
        get
        {
            var equity = Json.GetProperty("equity");
            return (equity.GetProperty("end").GetDecimal() / equity.GetProperty("start").GetDecimal()) - 1m;
        }
    }

    /// <summary>When the first event of the scenario began that touches more than money on its way, UTC; the end of all time if none did.</summary>
    public DateTime TroubleUtc => Json.GetProperty("scenario").EnumerateArray()
        .Where(what => what.GetProperty("kind").GetString() is not ("withdrawal-freeze" or "transfer-stuck" or "transfer-failed" or "transfer-lost"))
        .Select(what => TimeOf(what.GetProperty("time").GetString()!))
        .DefaultIfEmpty(DateTime.MaxValue)
        .Min();

    /// <summary>Where the run's order events are.</summary>
    public string OrderEventsFile => Path.Combine(_folder, "order-events.csv");

    /// <summary>Largest drawdown, a fraction.</summary>
    public decimal Drawdown => Json.GetProperty("maxDrawdown").GetDecimal();

    /// <summary>Forced fills that were liquidations.</summary>
    public int Liquidations => Json.GetProperty("accounts").EnumerateArray()
        .SelectMany(account => account.GetProperty("liquidations").EnumerateArray())
        .Count(forced => forced.GetProperty("cause").GetString()!.StartsWith("liquidation", StringComparison.Ordinal));

    /// <summary>Reads what a run left.</summary>
    public static DrillResult Read(string folder)
        => new(folder, JsonElement.Parse(File.ReadAllBytes(Path.Combine(folder, "result.json"))));

    /// <summary>Equity at the end of the last time step up to a time, in the account currency.</summary>
    public decimal EquityAt(DateTime utc)
        => decimal.Parse(Rows("equity.csv").Last(row => TimeOf(row) <= utc)[1], CultureInfo.InvariantCulture);

    /// <summary>Time steps that ended with a residual outside its band: when, and of which group.</summary>
    public IEnumerable<(DateTime Utc, string Group)> Residuals() => Rows("residuals.csv").Select(row => (TimeOf(row), row[1]));

    /// <summary>Decisions: when, of which group, what is uncovered, why, and what was done about it.</summary>
    public IEnumerable<(DateTime Utc, string Group, decimal Uncovered, string Reason, string Actions)> Decisions()
        => Rows("decisions.log").Select(row => (TimeOf(row), row[1], decimal.Parse(row[7], CultureInfo.InvariantCulture), row[8], string.Join(',', row[9..])));

    private IEnumerable<string[]> Rows(string file) => File.ReadLines(Path.Combine(_folder, file)).Skip(1).Select(line => line.Split(','));

    private static DateTime TimeOf(string[] row) => TimeOf(row[0]);

    internal static DateTime TimeOf(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
}
