using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Framework;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Reports.Page.Charts;

namespace CrossHedgeLean.Reports.Page;

/// <summary>A time in which a group's residual was outside its band without a break.</summary>
/// <param name="Group">The group.</param>
/// <param name="FromUtc">The first step outside, UTC.</param>
/// <param name="UntilUtc">The first step inside again, UTC; at the end of the run its end.</param>
/// <param name="IsOpen">Whether the run ended with it.</param>
/// <param name="Stretches">Its parts, one for each reason in turn.</param>
internal sealed record NakedInterval(string Group, DateTime FromUtc, DateTime UntilUtc, bool IsOpen, IReadOnlyList<NakedRow> Stretches)
{
    /// <summary>How long.</summary>
    public TimeSpan Length => UntilUtc - FromUtc;

    /// <summary>The stretch with the residual farthest from zero.</summary>
    public NakedRow Worst => Stretches.MaxBy(stretch => Math.Abs(stretch.Worst))!;
}

/// <summary>A run as the page's sections ask for it. What it adds to the files is only sums of their rows.</summary>
internal sealed class ReportModel
{
    private static readonly string[] Kinds = ["directional", "basis", "spreadAndSlippage", "funding", "fees", "liquidation", "currency", "writeOff"];

    public ReportModel(RunFolder run)
    {
        Run = run;
        Json = run.Json;
        Currency = Json.GetProperty("accountCurrency").GetString()!;
        var (from, until) = (Json.GetProperty("from").GetDateTime().ToUniversalTime(), Json.GetProperty("until").GetDateTime().ToUniversalTime());
        EndUtc = run.EquityLines.Count > 0 ? run.EquityLines[^1].TimeUtc : until;
        Time = new TimeScale(from, EndUtc > until ? EndUtc : until);
        Accounts = [.. Json.GetProperty("accounts").EnumerateArray()];
        Groups = [.. Json.GetProperty("groups").EnumerateArray().Select(group => group.GetProperty("group").GetString()!)];
        Naked = [.. run.Rows<NakedRow>()
            .GroupBy(row => (row.Group, row.Interval))
            .Select(rows => rows.ToList())
            .Select(rows => new NakedInterval(rows[0].Group, rows[0].FromUtc, rows[^1].UntilUtc ?? EndUtc, rows[^1].UntilUtc is null, rows))
            .OrderBy(interval => interval.FromUtc)];
        Events = [.. Json.GetProperty("scenario").EnumerateArray().Select(what => (
            what.GetProperty("time").GetDateTime().ToUniversalTime(),
            $"{what.GetProperty("kind").GetString()} {what.GetProperty("about").GetString()} {(what.GetProperty("begins").GetBoolean() ? "begins" : "ends")}"))];
    }

    public RunFolder Run { get; }

    /// <summary>The result.</summary>
    public JsonElement Json { get; }

    /// <summary>The account currency.</summary>
    public string Currency { get; }

    /// <summary>The last time step, UTC.</summary>
    public DateTime EndUtc { get; }

    public TimeScale Time { get; }

    public IReadOnlyList<JsonElement> Accounts { get; }

    public IReadOnlyList<string> Groups { get; }

    /// <summary>Every naked interval, in the order of time.</summary>
    public IReadOnlyList<NakedInterval> Naked { get; }

    /// <summary>What the scenario did.</summary>
    public IReadOnlyList<(DateTime TimeUtc, string Text)> Events { get; }

    /// <summary>The kinds of profit, as the result names them, and as people do.</summary>
    public static IEnumerable<(string Kind, string Name)> ProfitKinds => Kinds.Select(kind => (kind, kind switch
    {
        "spreadAndSlippage" => "spread, slippage",
        "writeOff" => "write-offs",
        _ => kind,
    }));

    /// <summary>The longest naked interval; null: there was none.</summary>
    public NakedInterval? Longest => Naked.Count == 0 ? null : Naked.MaxBy(interval => interval.Length);

    /// <summary>A point of a chart.</summary>
    public ChartPoint Point(DateTime timeUtc, decimal value) => new(Time.Seconds(timeUtc), (double)value);

    /// <summary>A span of a chart.</summary>
    public ChartSpan Span(DateTime fromUtc, DateTime untilUtc, decimal low, decimal high) => new(Time.Seconds(fromUtc), Time.Seconds(untilUtc), (double)low, (double)high);

    /// <summary>What a reason means.</summary>
    public static string Words(UnhedgedReason reason) => reason switch
    {
        UnhedgedReason.None => "None: orders on their way cover it",
        UnhedgedReason.BelowMinimum => "BelowMinimum: orders on their way but for a rest",
        UnhedgedReason.OutcomeUnknown => "OutcomeUnknown: an order's outcome is unknown",
        UnhedgedReason.MakerPatience => "MakerPatience: a hedge rests in the book",
        UnhedgedReason.Backoff => "Backoff: pause after a refusal",
        UnhedgedReason.NoFreshPrice => "NoFreshPrice: no price to size on",
        UnhedgedReason.NoHeadroom => "NoHeadroom: no account can carry more",
        UnhedgedReason.NoHealthyVenue => "NoHealthyVenue: no venue of a leg is healthy",
        UnhedgedReason.Halted => "Halted: exits only",
        UnhedgedReason.WarmingUp => "WarmingUp",
        _ => reason.ToString(),
    };
}
