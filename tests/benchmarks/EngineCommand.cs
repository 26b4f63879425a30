using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.DataGeneration;

namespace CrossHedgeLean.Benchmarks;

/// <summary>The engine's speed and memory on generated data.</summary>
internal static class EngineCommand
{
    private static readonly Option<int> Days = new("--days") { Description = "Days to run.", DefaultValueFactory = _ => 90 };
    private static readonly Option<int> Runs = new("--runs") { Description = "Runs, each in a process of its own.", DefaultValueFactory = _ => 5 };
    private static readonly Option<DirectoryInfo> Data = new("--data") { Description = "Data folder; generated if it does not exist.", Required = true };
    private static readonly Option<string> Commit = new("--commit") { Description = "The commit measured, for the record.", Required = true };
    private static readonly Option<FileInfo> Output = new("--out") { Description = "The record to write.", Required = true };

    public static Command CreateOnce()
    {
        var command = new Command("once", "One run of engine in this process; prints it as JSON.") { Days, Data };
        command.SetAction(arguments =>
        {
            var run = EngineRun.Measure(arguments.GetRequiredValue(Data).FullName, new GeneratorOptions().FromUtc, arguments.GetValue(Days));
            Console.Out.WriteLine(JsonSerializer.Serialize(run));
        });
        return command;
    }

    public static Command Create()
    {
        var command = new Command("engine", "Speed and memory of this build's engine: 9 days and --days days, --runs times each.") { Days, Runs, Data, Commit, Output };
        command.SetAction(arguments => Measure(
            arguments.GetRequiredValue(Data),
            arguments.GetValue(Days),
            arguments.GetValue(Runs),
            arguments.GetRequiredValue(Commit),
            arguments.GetRequiredValue(Output)));
        return command;
    }

    private static void Measure(DirectoryInfo folder, int days, int runs, string commit, FileInfo output)
    {
        if (!folder.Exists)
        {
            DataGenerator.Generate(new GeneratorOptions { Days = days }, folder.FullName, progress: null);
        }

        // Interleaved, so that a slow minute of the machine falls on both.
        var shorts = new List<EngineRun>();
        var longs = new List<EngineRun>();
        for (var i = 0; i < runs; i++)
        {
            shorts.Add(RunOnce(folder, 9));
            longs.Add(RunOnce(folder, days));
        }

        BenchmarkTools.Write(output, new
        {
            commit,
            machine = BenchmarkTools.Machine,
            engine = longs[0].Engine,
            days,
            runs = longs.Count,
            dataPoints = longs[0].DataPoints,
            medianSeconds = BenchmarkTools.Median(longs.Select(run => run.Seconds)),
            medianDataPointsPerSecond = BenchmarkTools.Median(longs.Select(run => run.DataPoints / run.Seconds)),
            medianHeapMb = new { nineDays = BenchmarkTools.Median(shorts.Select(run => run.HeapMb)), allDays = BenchmarkTools.Median(longs.Select(run => run.HeapMb)) },
            medianPeakMb = new { nineDays = BenchmarkTools.Median(shorts.Select(run => run.PeakMb)), allDays = BenchmarkTools.Median(longs.Select(run => run.PeakMb)) },
            seconds = longs.Select(run => run.Seconds),
        });
    }

    private static EngineRun RunOnce(DirectoryInfo folder, int days)
        => BenchmarkTools.RunChild<EngineRun>("once", "--days", days.ToString(CultureInfo.InvariantCulture), "--data", folder.FullName);
}
