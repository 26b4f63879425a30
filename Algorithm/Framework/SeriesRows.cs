#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Recording;

namespace CrossHedgeLean.Framework;

/// <summary>
/// One line of a file that <see cref="RunSeries"/> fills. A record says how its line is written and how it is read: there
/// is no other place for either. Times are UTC; money is in the account currency unless said otherwise.
/// </summary>
public abstract record SeriesRow
{
    private static readonly Dictionary<string, (string Header, Func<string[], SeriesRow> Read)> Formats = new(StringComparer.Ordinal)
    {
        [ProfitRow.FileName] = (ProfitRow.Header, ProfitRow.Read),
        [AccountExtremesRow.FileName] = (AccountExtremesRow.Header, AccountExtremesRow.Read),
        [GroupRow.FileName] = (GroupRow.Header, GroupRow.Read),
        [BasisRow.FileName] = (BasisRow.Header, BasisRow.Read),
        [NakedRow.FileName] = (NakedRow.Header, NakedRow.Read),
        [FundingRow.FileName] = (FundingRow.Header, FundingRow.Read),
        [LossRow.FileName] = (LossRow.Header, LossRow.Read),
        [LeadLagRow.FileName] = (LeadLagRow.Header, LeadLagRow.Read),
    };

    /// <summary>The files, in the order in which they are listed.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        ProfitRow.FileName, AccountExtremesRow.FileName, GroupRow.FileName, BasisRow.FileName,
        NakedRow.FileName, FundingRow.FileName, LossRow.FileName, LeadLagRow.FileName,
    ];

    /// <summary>The file that the line belongs to.</summary>
    public abstract string File { get; }

    /// <summary>The cells of the line.</summary>
    protected abstract IEnumerable<string> Cells { get; }

    /// <summary>The first line of a file.</summary>
    public static string HeaderOf(string file) => Formats[file].Header;

    /// <summary>Reads a line.</summary>
    /// <param name="file">One of <see cref="Files"/>.</param>
    /// <param name="line">A line below the header.</param>
    /// <exception cref="FormatException">It is not such a line.</exception>
    public static SeriesRow Read(string file, string line)
    {
        var (header, read) = Formats[file];
        var cells = line.Split(',');
        return cells.Length == header.Split(',').Length
            ? read(cells)
            : throw new FormatException($"'{line}' has {cells.Length} columns and not those of {header}.");
    }

    /// <summary>The line, without its end.</summary>
    public string Line() => string.Join(',', Cells);

    private protected static string Cell(DateTime timeUtc) => timeUtc.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private protected static string Cell(decimal value) => Text.Decimal(value);

    private protected static string Cell(decimal? value) => value is { } known ? Text.Decimal(known) : "";

    private protected static string Cell(long value) => value.ToString(CultureInfo.InvariantCulture);

    private protected static DateTime Time(string cell)
        => DateTime.ParseExact(cell, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private protected static decimal Number(string cell) => decimal.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture);

    private protected static decimal? NumberOrNone(string cell) => cell.Length == 0 ? null : Number(cell);

    private protected static long Count(string cell) => long.Parse(cell, NumberStyles.None, CultureInfo.InvariantCulture);
}

/// <summary>Where an account's profit came from so far.</summary>
/// <param name="TimeUtc">UTC.</param>
/// <param name="Account">The account.</param>
/// <param name="Profit">The parts since the start; funding is what was booked.</param>
public sealed record ProfitRow(DateTime TimeUtc, string Account, ProfitSplit Profit) : SeriesRow
{
    internal const string FileName = "profit.csv";
    internal const string Header = "time,account,directional,basis,spreadAndSlippage,funding,fees,liquidation,currency,writeOff";

    /// <inheritdoc />
    public override string File => FileName;

    /// <inheritdoc />
    protected override IEnumerable<string> Cells =>
    [
        Cell(TimeUtc), Account, Cell(Profit.Directional), Cell(Profit.Basis), Cell(Profit.SpreadAndSlippage), Cell(Profit.Funding),
        Cell(Profit.Fees), Cell(Profit.Liquidation), Cell(Profit.Currency), Cell(Profit.WriteOff),
    ];

    internal static SeriesRow Read(string[] cells) => new ProfitRow(Time(cells[0]), cells[1], new ProfitSplit
    {
        Directional = Number(cells[2]),
        Basis = Number(cells[3]),
        SpreadAndSlippage = Number(cells[4]),
        Funding = Number(cells[5]),
        Fees = Number(cells[6]),
        Liquidation = Number(cells[7]),
        Currency = Number(cells[8]),
        WriteOff = Number(cells[9]),
    });
}

/// <summary>The extremes of an account at the steps of a time, both ends included: at most an hour.</summary>
/// <param name="FromUtc">The first step, UTC.</param>
/// <param name="UntilUtc">The last step, UTC.</param>
/// <param name="Account">The account.</param>
/// <param name="LowestEquity">Money that travels to it not included, as in accounts.csv.</param>
/// <param name="HighestEquity">The same.</param>
/// <param name="HighestInitialMargin">Most margin used.</param>
/// <param name="LowestDistance">Nearest to liquidation, a fraction; null: nothing could be liquidated.</param>
public sealed record AccountExtremesRow(
    DateTime FromUtc, DateTime UntilUtc, string Account, decimal LowestEquity, decimal HighestEquity, decimal HighestInitialMargin, decimal? LowestDistance) : SeriesRow
{
    internal const string FileName = "account-extremes.csv";
    internal const string Header = "from,until,account,lowestEquity,highestEquity,highestInitialMargin,lowestDistance";

    /// <inheritdoc />
    public override string File => FileName;

    /// <inheritdoc />
    protected override IEnumerable<string> Cells =>
        [Cell(FromUtc), Cell(UntilUtc), Account, Cell(LowestEquity), Cell(HighestEquity), Cell(HighestInitialMargin), Cell(LowestDistance)];

    internal static SeriesRow Read(string[] cells)
        => new AccountExtremesRow(Time(cells[0]), Time(cells[1]), cells[2], Number(cells[3]), Number(cells[4]), Number(cells[5]), NumberOrNone(cells[6]));
}

/// <summary>The residual of a group over a time of at most an hour, in units of the underlying.</summary>
/// <param name="FromUtc">The first step, UTC.</param>
/// <param name="UntilUtc">The last step, UTC.</param>
/// <param name="Group">The group.</param>
/// <param name="Residual">Signed, at the last step.</param>
/// <param name="Tolerance">The band at the last step: the larger of the configured one and the dust limit, the latter without prices while the residual is inside.</param>
/// <param name="Lowest">Lowest at a step.</param>
/// <param name="Highest">Highest at a step.</param>
public sealed record GroupRow(DateTime FromUtc, DateTime UntilUtc, string Group, decimal Residual, decimal Tolerance, decimal Lowest, decimal Highest) : SeriesRow
{
    internal const string FileName = "groups.csv";
    internal const string Header = "from,until,group,residual,tolerance,lowest,highest";

    /// <inheritdoc />
    public override string File => FileName;

    /// <inheritdoc />
    protected override IEnumerable<string> Cells => [Cell(FromUtc), Cell(UntilUtc), Group, Cell(Residual), Cell(Tolerance), Cell(Lowest), Cell(Highest)];

    internal static SeriesRow Read(string[] cells)
        => new GroupRow(Time(cells[0]), Time(cells[1]), cells[2], Number(cells[3]), Number(cells[4]), Number(cells[5]), Number(cells[6]));
}

/// <summary>A hedge leg's price against the primary's over a time of at most an hour: marks per unit of the underlying, each at its rate to the account currency.</summary>
/// <param name="FromUtc">The first step, UTC.</param>
/// <param name="UntilUtc">The last step, UTC.</param>
/// <param name="Group">The group.</param>
/// <param name="Leg">The hedge leg.</param>
/// <param name="PrimaryPrice">The primary's price at the last step.</param>
/// <param name="LegPrice">The leg's price at the last step.</param>
/// <param name="Lowest">Lowest basis at a step, leg / primary - 1.</param>
/// <param name="Highest">Highest basis at a step.</param>
public sealed record BasisRow(
    DateTime FromUtc, DateTime UntilUtc, string Group, string Leg, decimal PrimaryPrice, decimal LegPrice, decimal Lowest, decimal Highest) : SeriesRow
{
    internal const string FileName = "basis.csv";
    internal const string Header = "from,until,group,leg,primaryPrice,legPrice,lowest,highest";

    /// <summary>Leg / primary - 1, at the last step.</summary>
    public decimal Basis => (LegPrice / PrimaryPrice) - 1m;

    /// <inheritdoc />
    public override string File => FileName;

    /// <inheritdoc />
    protected override IEnumerable<string> Cells => [Cell(FromUtc), Cell(UntilUtc), Group, Leg, Cell(PrimaryPrice), Cell(LegPrice), Cell(Lowest), Cell(Highest)];

    internal static SeriesRow Read(string[] cells)
        => new BasisRow(Time(cells[0]), Time(cells[1]), cells[2], cells[3], Number(cells[4]), Number(cells[5]), Number(cells[6]), Number(cells[7]));
}

/// <summary>
/// A stretch of a naked interval: steps in a row that ended with a group's residual outside its band, for one reason.
/// Stretches of one interval follow each other without a gap and share its number.
/// </summary>
/// <param name="Interval">Counts the group's naked intervals from 1.</param>
/// <param name="Group">The group.</param>
/// <param name="FromUtc">The first step outside, or of this reason, UTC.</param>
/// <param name="UntilUtc">The first step inside again, or of the next reason, UTC; null: to the end of the run.</param>
/// <param name="Reason">Why the last decision left it; None: orders on their way cover it.</param>
/// <param name="Worst">The residual farthest from zero, signed, units of the underlying.</param>
/// <param name="Tolerance">The band at that step, units of the underlying.</param>
/// <param name="Steps">Steps that ended so.</param>
/// <param name="Then">The residual at <paramref name="UntilUtc"/>; null: to the end of the run.</param>
public sealed record NakedRow(
    long Interval, string Group, DateTime FromUtc, DateTime? UntilUtc, UnhedgedReason Reason, decimal Worst, decimal Tolerance, long Steps, decimal? Then = null) : SeriesRow
{
    internal const string FileName = "naked.csv";
    internal const string Header = "interval,group,from,until,reason,worst,tolerance,steps,then";

    /// <inheritdoc />
    public override string File => FileName;

    /// <inheritdoc />
    protected override IEnumerable<string> Cells =>
        [Cell(Interval), Group, Cell(FromUtc), UntilUtc is { } until ? Cell(until) : "", Reason.ToString(), Cell(Worst), Cell(Tolerance), Cell(Steps), Cell(Then)];

    internal static SeriesRow Read(string[] cells)
        => new NakedRow(
            Count(cells[0]), cells[1], Time(cells[2]), cells[3].Length == 0 ? null : Time(cells[3]),
            Enum.IsDefined(typeof(UnhedgedReason), cells[4]) ? Enum.Parse<UnhedgedReason>(cells[4]) : throw new FormatException($"'{cells[4]}' is no reason."),
            Number(cells[5]), Number(cells[6]), Count(cells[7]), NumberOrNone(cells[8]));
}

/// <summary>A funding payment. Amount in the settlement currency.</summary>
/// <param name="TimeUtc">The boundary, UTC.</param>
/// <param name="Instrument">The perpetual.</param>
/// <param name="Quantity">Contracts held just before, signed.</param>
/// <param name="Mark">Mark price.</param>
/// <param name="Rate">Rate of the interval; positive: longs pay.</param>
/// <param name="Amount">Positive is received.</param>
/// <param name="Currency">The settlement currency.</param>
public sealed record FundingRow(DateTime TimeUtc, string Instrument, decimal Quantity, decimal Mark, decimal Rate, decimal Amount, string Currency) : SeriesRow
{
    internal const string FileName = "funding.csv";
    internal const string Header = "time,instrument,quantity,mark,rate,amount,currency";

    /// <inheritdoc />
    public override string File => FileName;

    /// <inheritdoc />
    protected override IEnumerable<string> Cells => [Cell(TimeUtc), Instrument, Cell(Quantity), Cell(Mark), Cell(Rate), Cell(Amount), Currency];

    internal static SeriesRow Read(string[] cells)
        => new FundingRow(Time(cells[0]), cells[1], Number(cells[2]), Number(cells[3]), Number(cells[4]), Number(cells[5]), cells[6]);
}

/// <summary>What would have been lost if a venue had failed: at a look, and the most at any look since the row before.</summary>
/// <param name="TimeUtc">UTC.</param>
/// <param name="Venue">The market.</param>
/// <param name="Loss">Then.</param>
/// <param name="Highest">The most since the row before.</param>
public sealed record LossRow(DateTime TimeUtc, string Venue, decimal Loss, decimal Highest) : SeriesRow
{
    internal const string FileName = "losses.csv";
    internal const string Header = "time,venue,loss,highest";

    /// <inheritdoc />
    public override string File => FileName;

    /// <inheritdoc />
    protected override IEnumerable<string> Cells => [Cell(TimeUtc), Venue, Cell(Loss), Cell(Highest)];

    internal static SeriesRow Read(string[] cells) => new LossRow(Time(cells[0]), cells[1], Number(cells[2]), Number(cells[3]));
}

/// <summary>The correlation of a leg's returns with the primary's at one lag, over the whole run. See <see cref="LeadLag"/>.</summary>
/// <param name="Group">The group.</param>
/// <param name="Leg">The hedge leg.</param>
/// <param name="BarSeconds">Length of a bar.</param>
/// <param name="Lag">In bars: how much later the leg's return is; positive: the primary moves first.</param>
/// <param name="Pairs">Pairs of returns.</param>
/// <param name="Correlation">Pearson's; null: one of the prices never moved.</param>
public sealed record LeadLagRow(string Group, string Leg, long BarSeconds, int Lag, long Pairs, decimal? Correlation) : SeriesRow
{
    internal const string FileName = "lead-lag.csv";
    internal const string Header = "group,leg,barSeconds,lag,pairs,correlation";

    /// <inheritdoc />
    public override string File => FileName;

    /// <inheritdoc />
    protected override IEnumerable<string> Cells => [Group, Leg, Cell(BarSeconds), Cell((decimal)Lag), Cell(Pairs), Cell(Correlation)];

    internal static SeriesRow Read(string[] cells)
        => new LeadLagRow(cells[0], cells[1], Count(cells[2]), int.Parse(cells[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), Count(cells[4]), NumberOrNone(cells[5]));
}
