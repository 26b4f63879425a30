using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Recording;

namespace CrossHedgeLean.Reports;

/// <summary>
/// The result as one JSON object. Money in the account currency unless it stands beside a currency or an instrument; costs are
/// positive except in the profit, where they are negative; funding received is positive.
/// </summary>
internal static class ResultJson
{
    /// <summary>Of the object and of the files beside it; grows when what they say or how they say it changes.</summary>
    public const int Format = 1;

    // Far below what any check asks for, and without the last digits that a division leaves.
    private const int Decimals = 15;
    private const decimal WithoutTrailingZeros = 1.0000000000000000000000000000m;

    /// <summary>Writes the object, without a line end.</summary>
    public static byte[] Write(BacktestResult result)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        var summary = result.Summary;
        json.WriteStartObject();
        json.WriteNumber("format", Format);
        json.WriteStartObject("engine");
        json.WriteString("name", result.Engine.Name);
        json.WriteString("source", result.Engine.Source);
        json.WriteString("version", result.Engine.Version);
        json.WriteEndObject();
        json.WriteString("accountCurrency", summary.AccountCurrency);
        json.WriteString("latency", summary.Latency);
        json.WriteNumber("orders", summary.Orders);
        json.WriteNumber("fills", summary.Fills);
        WriteNumber(json, "fees", summary.Fees);
        WriteNumber(json, "funding", summary.Funding);
        json.WriteStartObject("equity");
        WriteNumber(json, "start", summary.EquityStart);
        WriteNumber(json, "end", summary.EquityEnd);
        json.WriteEndObject();
        WriteNumber(json, "sharpe", summary.Sharpe);
        WriteNumber(json, "maxDrawdown", summary.MaxDrawdown);
        json.WriteNumber("dataPoints", result.Outcome.DataPoints);
        WriteNumber(json, "dataPointsPerSecond", Math.Round(result.DataPointsPerSecond));
        WriteNumber(json, "peakMemoryMb", Math.Round(result.PeakMemoryMegabytes, 1));
        json.WriteStartObject("residual");
        WriteNumber(json, "max", summary.Residual.Max);
        WriteNumber(json, "p99", summary.Residual.P99);
        json.WriteNumber("stepsOutsideBand", summary.Residual.StepsOutsideBand);
        json.WriteNumber("steps", summary.Residual.Steps);
        json.WriteNumber("secondsOutsideBand", (decimal)summary.Residual.TimeOutsideBand.TotalSeconds);
        json.WriteNumber("decisions", summary.Residual.Decisions);
        json.WriteEndObject();
        WriteGroups(json, summary.Groups);
        WriteVenues(json, summary.Venues);
        WriteAccounts(json, result);
        json.WriteStartObject("profit");
        WriteProfit(json, summary.Profit, result.FundingGaps);
        WriteNumber(json, "equityChange", summary.Accounts.Sum(account => account.EquityEnd - account.EquityStart));
        json.WriteEndObject();
        WriteLosses(json, summary.Losses);
        WriteTrouble(json, summary.Trouble);
        WriteInvariants(json, summary.Invariants);
        json.WriteString("decisionLogHash", summary.DecisionLogHash);
        WriteRun(json, result);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What was asked for, and which files tell the rest.</summary>
    private static void WriteRun(Utf8JsonWriter json, BacktestResult result)
    {
        json.WriteString("from", Time(result.Configuration.From));
        json.WriteString("until", Time(result.Configuration.To.AddDays(1)));
        json.WriteStartObject("parameters");
        foreach (var (name, value) in result.Parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal))
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteStartObject("files");
        foreach (var (name, bytes) in result.Files)
        {
            json.WriteNumber(name, bytes);
        }

        json.WriteEndObject();
    }

    private static void WriteGroups(Utf8JsonWriter json, IReadOnlyList<GroupSummary> groups)
    {
        json.WriteStartArray("groups");
        foreach (var group in groups)
        {
            json.WriteStartObject();
            json.WriteString("group", group.Group);
            json.WriteString("pair", group.Pair.ToString());
            WriteNumber(json, "residual", group.Residual);
            json.WriteString("reason", group.Reason.ToString());
            json.WriteString("halts", group.Halts.ToString());
            json.WriteBoolean("isFlattening", group.IsFlattening);
            json.WriteBoolean("isShrinking", group.IsShrinking);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteVenues(Utf8JsonWriter json, IReadOnlyList<VenueSummary> venues)
    {
        json.WriteStartArray("venues");
        foreach (var venue in venues)
        {
            json.WriteStartObject();
            json.WriteString("venue", venue.Venue);
            json.WriteNumber("fills", venue.Fills);
            WriteNumber(json, "fees", venue.Fees);
            WriteNumber(json, "funding", venue.Funding);
            json.WriteNumber("fundingGaps", venue.FundingGaps);
            json.WriteStartArray("positions");
            foreach (var position in venue.Positions)
            {
                json.WriteStartObject();
                json.WriteString("instrument", position.Instrument);
                WriteNumber(json, "quantity", position.Quantity);
                WriteNumber(json, "averagePrice", position.AveragePrice);
                WriteNumber(json, "markPrice", position.MarkPrice);
                WriteNumber(json, "unrealizedProfit", position.UnrealizedProfit);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAccounts(Utf8JsonWriter json, BacktestResult result)
    {
        json.WriteStartArray("accounts");
        foreach (var account in result.Summary.Accounts)
        {
            json.WriteStartObject();
            json.WriteString("account", account.Account);
            WriteStrings(json, "routes", account.Routes);
            WriteStrings(json, "fees", account.Fees);
            json.WriteStartObject("equity");
            WriteNumber(json, "start", account.EquityStart);
            WriteNumber(json, "end", account.EquityEnd);
            json.WriteEndObject();
            WriteNumber(json, "marginUsed", account.InitialMargin);
            WriteNumber(json, "maintenanceMargin", account.MaintenanceMargin);
            WriteNumber(json, "maxMarginUsed", account.MaxInitialMargin);
            WriteWorst(json, account.Worst);
            WriteLiquidations(json, account);
            WriteBalances(json, account.Balances);
            json.WriteStartObject("profit");
            WriteProfit(json, account.Profit, result.FundingGapsOf(account));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteWorst(Utf8JsonWriter json, WorstDistance? worst)
    {
        if (worst is null)
        {
            json.WriteNull("worstDistance");
            return;
        }

        json.WriteStartObject("worstDistance");
        WriteNumber(json, "distance", worst.Distance);
        json.WriteString("instrument", worst.Instrument);
        json.WriteString("time", Time(worst.TimeUtc));
        json.WriteEndObject();
    }

    private static void WriteLiquidations(Utf8JsonWriter json, AccountSummary account)
    {
        json.WriteStartArray("liquidations");
        foreach (var liquidation in account.Liquidations)
        {
            json.WriteStartObject();
            json.WriteString("time", Time(liquidation.TimeUtc));
            json.WriteString("instrument", liquidation.Instrument);
            WriteNumber(json, "quantity", liquidation.Quantity);
            WriteNumber(json, "price", liquidation.Price);
            WriteNumber(json, "fee", liquidation.Fee);
            json.WriteString("cause", liquidation.Cause);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteBalances(Utf8JsonWriter json, IReadOnlyList<BalanceSnapshot> balances)
    {
        json.WriteStartArray("balances");
        foreach (var balance in balances)
        {
            json.WriteStartObject();
            json.WriteString("currency", balance.Currency);
            WriteNumber(json, "free", balance.Free);
            WriteNumber(json, "locked", balance.Locked);
            WriteNumber(json, "inTransit", balance.InTransit);
            WriteNumber(json, "withdrawable", balance.Withdrawable);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The parts add up to the total with what funding was booked, which is not all of it where boundaries lack a rate.</summary>
    private static void WriteProfit(Utf8JsonWriter json, ProfitSplit profit, int fundingGaps)
    {
        WriteNumber(json, "directional", profit.Directional);
        WriteNumber(json, "basis", profit.Basis);
        WriteNumber(json, "spreadAndSlippage", profit.SpreadAndSlippage);
        WriteNumber(json, "funding", fundingGaps == 0 ? profit.Funding : null);
        WriteNumber(json, "fundingBooked", profit.Funding);
        WriteNumber(json, "fees", profit.Fees);
        WriteNumber(json, "liquidation", profit.Liquidation);
        WriteNumber(json, "currency", profit.Currency);
        WriteNumber(json, "writeOff", profit.WriteOff);
        WriteNumber(json, "total", profit.Total);
    }

    private static void WriteLosses(Utf8JsonWriter json, IReadOnlyList<VenueLoss> losses)
    {
        json.WriteStartArray("lossGivenDefault");
        foreach (var loss in losses)
        {
            json.WriteStartObject();
            json.WriteString("venue", loss.Market);
            WriteNumber(json, "now", loss.Now);
            WriteNumber(json, "worst", loss.Worst);
            WriteTime(json, "worstTime", loss.Worst > 0m ? loss.WorstUtc : null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTrouble(Utf8JsonWriter json, TroubleSummary trouble)
    {
        json.WriteStartArray("scenario");
        foreach (var what in trouble.Scenario)
        {
            json.WriteStartObject();
            json.WriteString("time", Time(what.TimeUtc));
            json.WriteString("kind", what.Kind);
            json.WriteString("about", what.About);
            json.WriteBoolean("begins", what.Begins);
            if (what.LossShown is { } shown)
            {
                WriteNumber(json, "lossShown", shown);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("health");
        foreach (var band in trouble.Health)
        {
            json.WriteStartObject();
            json.WriteString("venue", band.Venue);
            json.WriteString("capability", band.Capability.ToString());
            json.WriteString("state", band.State.ToString());
            json.WriteString("reason", band.Reason.ToString());
            json.WriteString("from", Time(band.FromUtc));
            WriteTime(json, "until", band.UntilUtc);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("transfers");
        foreach (var transfer in trouble.Transfers)
        {
            json.WriteStartObject();
            json.WriteString("id", transfer.Id);
            json.WriteString("from", transfer.From);
            json.WriteString("to", transfer.To);
            json.WriteString("currency", transfer.Currency);
            WriteNumber(json, "amount", transfer.Amount);
            WriteNumber(json, "fee", transfer.Fee);
            json.WriteString("sent", Time(transfer.SentUtc));
            WriteTime(json, "ended", transfer.EndedUtc);
            json.WriteBoolean("arrived", transfer.Arrived);
            WriteNumber(json, "returned", transfer.Returned);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("writeOffs");
        foreach (var writeOff in trouble.WriteOffs)
        {
            json.WriteStartObject();
            json.WriteString("time", Time(writeOff.TimeUtc));
            json.WriteString("account", writeOff.Account);
            json.WriteString("currency", writeOff.Currency);
            WriteNumber(json, "amount", writeOff.Amount);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTime? timeUtc)
    {
        if (timeUtc is { } time)
        {
            json.WriteString(name, Time(time));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteInvariants(Utf8JsonWriter json, InvariantSummary invariants)
    {
        json.WriteStartObject("invariants");
        json.WriteNumber("checked", invariants.Checked);
        json.WriteNumber("violated", invariants.Violated);
        WriteStrings(json, "violations", invariants.Violations);
        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, Math.Round(number, Decimals) / WithoutTrailingZeros);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Time(DateTime timeUtc) => timeUtc.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
