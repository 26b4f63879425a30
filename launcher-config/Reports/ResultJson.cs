using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text.Json;
using CrossHedgeLean.Recording;

namespace CrossHedgeLean.Reports;

/// <summary>The result as one JSON object. Money in the account currency; costs are positive, funding received is positive.</summary>
internal static class ResultJson
{
    private const decimal WithoutTrailingZeros = 1.0000000000000000000000000000m;

    /// <summary>Writes the object, without a line end.</summary>
    public static byte[] Write(BacktestResult result)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        var summary = result.Summary;
        json.WriteStartObject();
        json.WriteStartObject("engine");
        json.WriteString("name", result.Engine.Name);
        json.WriteString("source", result.Engine.Source);
        json.WriteString("version", result.Engine.Version);
        json.WriteEndObject();
        json.WriteString("accountCurrency", summary.AccountCurrency);
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
        json.WriteEndObject();
        WriteVenues(json, summary.Venues);
        json.WriteString("decisionLogHash", summary.DecisionLogHash);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
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

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal value) => json.WriteNumber(name, value / WithoutTrailingZeros);

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
}
