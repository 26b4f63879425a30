#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Recording;

/// <summary>A run in figures. Money in the account currency unless said otherwise; costs are positive.</summary>
/// <param name="AccountCurrency">The currency of all money here.</param>
/// <param name="Orders">Orders that the engine took in, refused ones included.</param>
/// <param name="Fills">Fill events.</param>
/// <param name="Fees">Fees paid, those of liquidations included; each at the conversion rate of its fill.</param>
/// <param name="Funding">Funding received (positive) or paid (negative); null if a position was funded at rates that are not in the data.</param>
/// <param name="EquityStart">The engine's equity at the first time step.</param>
/// <param name="EquityEnd">The engine's equity at the last time step; it values perpetuals less the fee of closing them.</param>
/// <param name="Sharpe">Mean over standard deviation of daily returns, times the square root of 365, risk-free rate 0; 0 below two days.</param>
/// <param name="MaxDrawdown">Largest fall from a peak at time-step ends, as a fraction of the peak.</param>
/// <param name="Residual">The residual over the run.</param>
/// <param name="Venues">Per route, in the order of the configuration.</param>
/// <param name="Latency">How late orders met the market: none, venue, or a time.</param>
/// <param name="Accounts">Per account, in the order of the configuration.</param>
/// <param name="Profit">Where the change of the accounts' equity came from.</param>
/// <param name="Invariants">What was checked, and what did not hold.</param>
/// <param name="DecisionLogHash">SHA-256 over the decision log, lower-case hexadecimal.</param>
public sealed record RunSummary(
    string AccountCurrency,
    int Orders,
    int Fills,
    decimal Fees,
    decimal? Funding,
    decimal EquityStart,
    decimal EquityEnd,
    double Sharpe,
    decimal MaxDrawdown,
    ResidualSummary Residual,
    IReadOnlyList<VenueSummary> Venues,
    string Latency,
    IReadOnlyList<AccountSummary> Accounts,
    ProfitSplit Profit,
    InvariantSummary Invariants,
    string DecisionLogHash)
{
    /// <summary>The groups as they stand at the end, in the order of the configuration.</summary>
    public IReadOnlyList<GroupSummary> Groups { get; init; } = [];

    /// <summary>What would be lost if a venue failed, at the end and at its worst, in the account currency.</summary>
    public IReadOnlyList<VenueLoss> Losses { get; init; } = [];

    /// <summary>What went wrong.</summary>
    public TroubleSummary Trouble { get; init; } = new([], [], [], []);
}

/// <summary>What went wrong in a run. Each list in the order of time.</summary>
/// <param name="Scenario">What the scenario did.</param>
/// <param name="Health">Times in which a capability of a venue was not healthy.</param>
/// <param name="Transfers">Money that was moved between accounts.</param>
/// <param name="WriteOffs">Money that is gone, or that a venue did not ask for.</param>
public sealed record TroubleSummary(
    IReadOnlyList<ScenarioSummary> Scenario,
    IReadOnlyList<HealthSummary> Health,
    IReadOnlyList<TransferSummary> Transfers,
    IReadOnlyList<WriteOffSummary> WriteOffs);

/// <summary>An event of the scenario began or ended.</summary>
/// <param name="TimeUtc">UTC.</param>
/// <param name="Kind">As a scenario file writes it.</param>
/// <param name="About">The instrument, venue or currency.</param>
/// <param name="Begins">Whether it began.</param>
/// <param name="LossShown">For a venue that fails: the loss that was shown one step before, in the account currency; else null.</param>
public sealed record ScenarioSummary(DateTime TimeUtc, string Kind, string About, bool Begins, decimal? LossShown = null);

/// <summary>A capability of a venue was not healthy.</summary>
/// <param name="Venue">The market.</param>
/// <param name="Capability">Which.</param>
/// <param name="State">How well it worked.</param>
/// <param name="Reason">Why.</param>
/// <param name="FromUtc">UTC.</param>
/// <param name="UntilUtc">UTC; null: to the end of the run.</param>
public sealed record HealthSummary(string Venue, Capability Capability, HealthState State, HealthReason Reason, DateTime FromUtc, DateTime? UntilUtc);

/// <summary>A transfer.</summary>
/// <param name="Id">Its name.</param>
/// <param name="From">The sending account.</param>
/// <param name="To">The receiving account.</param>
/// <param name="Currency">The currency.</param>
/// <param name="Amount">What travelled, in the currency.</param>
/// <param name="Fee">Taken at the sender, in the currency.</param>
/// <param name="SentUtc">UTC.</param>
/// <param name="EndedUtc">UTC; null: it still travels.</param>
/// <param name="Arrived">Whether it arrived; false also while it travels.</param>
/// <param name="Returned">What came back, in the currency.</param>
public sealed record TransferSummary(string Id, string From, string To, string Currency, decimal Amount, decimal Fee, DateTime SentUtc, DateTime? EndedUtc, bool Arrived, decimal Returned);

/// <summary>A write-off.</summary>
/// <param name="TimeUtc">UTC.</param>
/// <param name="Account">The account.</param>
/// <param name="Currency">The currency.</param>
/// <param name="Amount">In the currency; negative: our loss.</param>
public sealed record WriteOffSummary(DateTime TimeUtc, string Account, string Currency, decimal Amount);

/// <summary>A group at one moment.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="Pair">What the pair is doing.</param>
/// <param name="Residual">Net exposure, units of the underlying, signed.</param>
/// <param name="Reason">Why a residual is left; None if it is inside its band.</param>
/// <param name="Halts">Why it takes exits only.</param>
/// <param name="IsFlattening">Whether it is being closed.</param>
/// <param name="IsShrinking">Whether a distance to liquidation makes both legs shrink.</param>
public sealed record GroupSummary(string Group, PairState Pair, decimal Residual, UnhedgedReason Reason, HaltCauses Halts, bool IsFlattening, bool IsShrinking);

/// <summary>One account over a run. Money in the account currency.</summary>
/// <param name="Account">The account's name.</param>
/// <param name="Routes">What it serves.</param>
/// <param name="Fees">Whose fees were charged, per route: LEAN's default, or the account's own schedule.</param>
/// <param name="EquityStart">Opening balances at the first rates.</param>
/// <param name="EquityEnd">Balances, coins and unrealized profit at the last marks.</param>
/// <param name="InitialMargin">Margin used at the end.</param>
/// <param name="MaintenanceMargin">Maintenance margin at the end.</param>
/// <param name="MaxInitialMargin">Most margin used at the end of a time step.</param>
/// <param name="Worst">The nearest that it came to liquidation; null without perpetuals.</param>
/// <param name="Liquidations">Every forced fill.</param>
/// <param name="Balances">Money at the end.</param>
/// <param name="Profit">Where the change of its equity came from.</param>
public sealed record AccountSummary(
    string Account,
    IReadOnlyList<string> Routes,
    IReadOnlyList<string> Fees,
    decimal EquityStart,
    decimal EquityEnd,
    decimal InitialMargin,
    decimal MaintenanceMargin,
    decimal MaxInitialMargin,
    WorstDistance? Worst,
    IReadOnlyList<LiquidationEvent> Liquidations,
    IReadOnlyList<BalanceSnapshot> Balances,
    ProfitSplit Profit);

/// <summary>The nearest that an account came to liquidation.</summary>
/// <param name="Distance">|liquidation price - mark| / mark, a fraction; 0 if it was liquidated.</param>
/// <param name="Instrument">The nearest perpetual.</param>
/// <param name="TimeUtc">When, UTC.</param>
public sealed record WorstDistance(decimal Distance, string Instrument, DateTime TimeUtc);

/// <summary>The residual over a run, in units of each group's underlying.</summary>
/// <param name="Max">Largest at the end of a time step.</param>
/// <param name="P99">99th percentile over groups and time steps, rounded up to three digits.</param>
/// <param name="StepsOutsideBand">Time steps that ended with a residual above band and dust limit.</param>
/// <param name="TimeOutsideBand">How long, summed over the groups.</param>
/// <param name="Steps">Time steps observed, summed over the groups.</param>
/// <param name="Decisions">Decisions made.</param>
public sealed record ResidualSummary(
    decimal Max,
    decimal P99,
    long StepsOutsideBand,
    TimeSpan TimeOutsideBand,
    long Steps,
    long Decisions);

/// <summary>What happened on one route. Money in the account currency.</summary>
/// <param name="Venue">The route, as in <c>bybit:perpetual</c>.</param>
/// <param name="Fills">Fill events.</param>
/// <param name="Fees">Fees paid, those of liquidations included.</param>
/// <param name="Funding">Funding received (positive) or paid (negative); null if some of it is unknown.</param>
/// <param name="FundingGaps">Boundaries at which a position was held and no fresh rate was known.</param>
/// <param name="Positions">What is held at the end.</param>
public sealed record VenueSummary(
    string Venue,
    int Fills,
    decimal Fees,
    decimal? Funding,
    int FundingGaps,
    IReadOnlyList<PositionSummary> Positions);

/// <summary>One position at the end of a run.</summary>
/// <param name="Instrument">The ticker.</param>
/// <param name="Quantity">Contracts, signed.</param>
/// <param name="AveragePrice">Average cost of the position, in the settlement currency.</param>
/// <param name="MarkPrice">The last price, in the settlement currency.</param>
/// <param name="UnrealizedProfit">Quantity times multiplier times (mark minus average), in the settlement currency; fees not included.</param>
public sealed record PositionSummary(
    string Instrument,
    decimal Quantity,
    decimal AveragePrice,
    decimal MarkPrice,
    decimal UnrealizedProfit);

/// <summary>How values are written in logs and outputs.</summary>
public static class Text
{
    /// <summary>As many characters as a decimal can need: 28 digits and a zero before the point, point and sign.</summary>
    internal const int LongestDecimal = 31;

    /// <summary>A decimal in the invariant culture without trailing zeros.</summary>
    public static string Decimal(decimal value)
    {
        Span<char> buffer = stackalloc char[LongestDecimal];
        return new string(buffer[..Write(value, buffer)]);
    }

    /// <summary>Writes what <see cref="Decimal"/> says; dividing the zeros away would cost more than cutting them off.</summary>
    /// <returns>How many characters it took.</returns>
    internal static int Write(decimal value, Span<char> buffer)
    {
        if (value == 0m)
        {
            // Most of what is written.
            buffer[0] = '0';
            return 1;
        }

        value.TryFormat(buffer, out var length, default, CultureInfo.InvariantCulture);
        return value.Scale == 0 ? length : buffer[..length].TrimEnd('0').TrimEnd('.').Length;
    }
}

/// <summary>The lines of the file of order events: how they are written, and how they are read.</summary>
public static class OrderEventLine
{
    /// <summary>The columns.</summary>
    public static string Header => "time,order,instrument,status,quantity,price,fee,feeCurrency";

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It is not such a line.</exception>
    public static (DateTime TimeUtc, int Order, string Instrument, string Status, decimal Quantity, decimal Price, decimal Fee, string FeeCurrency) Read(string line)
    {
        var cells = Lines.Cells(line, Header);
        return (Lines.Time(cells[0]), int.Parse(cells[1], CultureInfo.InvariantCulture), cells[2], cells[3], Lines.Number(cells[4]), Lines.Number(cells[5]), Lines.Number(cells[6]), cells[7]);
    }

    internal static string Write(DateTime timeUtc, int orderId, InstrumentId id, string status, decimal quantity, decimal price, decimal fee, string feeCurrency)
        => string.Join(
            ',', Lines.Time(timeUtc), orderId.ToString(CultureInfo.InvariantCulture), id, status, Text.Decimal(quantity), Text.Decimal(price), Text.Decimal(fee), feeCurrency);
}

/// <summary>The lines of the file of equity: how they are written, and how they are read.</summary>
public static class EquityLine
{
    /// <summary>The columns.</summary>
    public static string Header => "time,equity";

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It is not such a line.</exception>
    public static (DateTime TimeUtc, decimal Equity) Read(string line)
    {
        var cells = Lines.Cells(line, Header);
        return (Lines.Time(cells[0]), Lines.Number(cells[1]));
    }

    internal static string Write(DateTime timeUtc, decimal equity) => Lines.Time(timeUtc) + "," + Text.Decimal(equity);
}

/// <summary>The lines of the file of accounts: how they are written, and how they are read.</summary>
public static class AccountLine
{
    /// <summary>The columns.</summary>
    public static string Header => "time,account,equity,initialMargin,maintenanceMargin,distance";

    /// <summary>Reads a line; the distance is null where nothing could be liquidated.</summary>
    /// <exception cref="FormatException">It is not such a line.</exception>
    public static (DateTime TimeUtc, string Account, decimal Equity, decimal InitialMargin, decimal MaintenanceMargin, decimal? Distance) Read(string line)
    {
        var cells = Lines.Cells(line, Header);
        return (Lines.Time(cells[0]), cells[1], Lines.Number(cells[2]), Lines.Number(cells[3]), Lines.Number(cells[4]), cells[5].Length == 0 ? null : Lines.Number(cells[5]));
    }

    internal static string Write(DateTime timeUtc, string account, decimal equity, decimal initialMargin, decimal maintenanceMargin, decimal? distance)
        => string.Join(
            ',', Lines.Time(timeUtc), account, Text.Decimal(equity), Text.Decimal(initialMargin), Text.Decimal(maintenanceMargin), distance is { } known ? Text.Decimal(known) : "");
}

/// <summary>The lines of the file of residuals outside their band: how they are written, and how they are read.</summary>
public static class ResidualLine
{
    /// <summary>The columns.</summary>
    public static string Header => "time,group,residual,tolerance";

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It is not such a line.</exception>
    public static (DateTime TimeUtc, string Group, decimal Residual, decimal Tolerance) Read(string line)
    {
        var cells = Lines.Cells(line, Header);
        return (Lines.Time(cells[0]), cells[1], Lines.Number(cells[2]), Lines.Number(cells[3]));
    }

    internal static string Write(DateTime timeUtc, string group, decimal residual, decimal tolerance)
        => string.Join(',', Lines.Time(timeUtc), group, Text.Decimal(residual), Text.Decimal(tolerance));
}

/// <summary>What the lines of a run's files have in common.</summary>
internal static class Lines
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    public static string Time(DateTime timeUtc) => timeUtc.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static DateTime Time(string cell)
        => DateTime.ParseExact(cell, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    public static decimal Number(string cell) => decimal.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture);

    public static string[] Cells(string line, string header)
    {
        var cells = line.Split(',');
        return cells.Length == header.Split(',').Length
            ? cells
            : throw new FormatException($"'{line}' has {cells.Length} columns and not those of {header}.");
    }
}
