using System;
using System.Buffers;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;
using CrossHedgeLean.Hedging;
using Spectre.Console;

namespace CrossHedgeLean.Episodes;

/// <summary>What came of episodes, for reading and as JSON.</summary>
internal static class EpisodeReport
{
    private const int Width = 120;

    /// <summary>The coverage: how often each fault struck at each leg in each state of the pair.</summary>
    public static void WriteCoverage(EpisodeCoverage coverage, TextWriter output)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("fault");
        foreach (var state in Enum.GetValues<PairState>())
        {
            table.AddColumn(new TableColumn($"{state}\nprimary").RightAligned());
            table.AddColumn(new TableColumn($"{state}\nhedge").RightAligned());
        }

        foreach (var fault in Enum.GetValues<EpisodeFault>())
        {
            var row = new string[1 + (Enum.GetValues<PairState>().Length * 2)];
            row[0] = fault.ToString();
            foreach (var state in Enum.GetValues<PairState>())
            {
                row[1 + ((int)state * 2)] = Cell(coverage, new EpisodeCell(fault, state, true));
                row[2 + ((int)state * 2)] = Cell(coverage, new EpisodeCell(fault, state, false));
            }

            table.AddRow(row);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No });
        console.Profile.Width = Width;
        console.Write(table);
        output.WriteLine("A dash: an order that is being canceled works, and a pair with a working order is not idle; a currency is no leg. Faults of a transfer strike what leaves or reaches the leg's venue.");
    }

    /// <summary>A violation with its seed, what was expected, and the minimised schedule.</summary>
    public static void WriteViolation(EpisodeResult failed, EpisodeResult minimised, TextWriter output)
    {
        output.WriteLine($"seed {failed.Plan.Seed}: {Describe(failed.Violation!)}");
        output.WriteLine($"minimised to {minimised.Plan.Events.Count} of {failed.Plan.Events.Count} events in {minimised.Plan.Ticks} seconds: {Describe(minimised.Violation!)}");
        output.Write(EpisodeSchedule.Write(minimised.Plan));
        output.WriteLine($"Again: episodes --replay {failed.Plan.Seed}; the schedule above in a file: episodes --schedule FILE");
    }

    /// <summary>A violation in one line.</summary>
    public static string Describe(EpisodeViolation violation)
        => (violation.Invariant == 0 ? "recovery" : $"invariant {violation.Invariant}")
            + $" at {violation.Tick} s{(violation.Group.Length == 0 ? "" : ", group " + violation.Group)}: {violation.Text}";

    /// <summary>Everything as one object.</summary>
    /// <param name="batch">The episodes.</param>
    /// <param name="perSecond">Episodes a second.</param>
    /// <param name="minimise">Makes a failing episode small.</param>
    public static string Json(EpisodeBatch batch, double perSecond, Func<EpisodeResult, EpisodeResult> minimise)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteNumber("from", batch.From);
            json.WriteNumber("seeds", batch.Count);
            json.WriteNumber("episodesPerSecond", Math.Round(perSecond, 1));
            json.WriteNumber("decisions", batch.Decisions);
            json.WriteNumber("orders", batch.Orders);
            json.WriteNumber("faults", batch.Faults);
            json.WriteNumber("changes", batch.Changes);
            json.WriteStartArray("violations");
            foreach (var failed in batch.Failed)
            {
                var small = minimise(failed);
                json.WriteStartObject();
                json.WriteNumber("seed", failed.Plan.Seed);
                json.WriteNumber("invariant", failed.Violation!.Invariant);
                json.WriteNumber("second", failed.Violation.Tick);
                json.WriteString("group", failed.Violation.Group);
                json.WriteString("text", failed.Violation.Text);
                json.WritePropertyName("schedule");
                json.WriteRawValue(EpisodeSchedule.Write(small.Plan));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("coverage");
            foreach (var cell in EpisodeCoverage.Possible)
            {
                json.WriteStartObject();
                json.WriteString("fault", cell.Fault.ToString());
                json.WriteString("state", cell.State.ToString());
                json.WriteString("leg", cell.OnPrimary ? "primary" : "hedge");
                json.WriteNumber("count", batch.Coverage[cell]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Cell(EpisodeCoverage coverage, EpisodeCell cell)
        => EpisodeCoverage.WhyImpossible(cell) is null ? coverage[cell].ToString("N0", CultureInfo.InvariantCulture) : "-";
}
