using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Benchmarks;
using CrossHedgeLean.DataGeneration;

// The engine's speed and memory on generated data: each run in a process of its own, because LEAN is full of statics.
var days = new Option<int>("--days") { Description = "Days to run.", DefaultValueFactory = _ => 90 };
var runs = new Option<int>("--runs") { Description = "Runs, each in a process of its own.", DefaultValueFactory = _ => 5 };
var data = new Option<DirectoryInfo>("--data") { Description = "Data folder; generated if it does not exist.", Required = true };
var commit = new Option<string>("--commit") { Description = "The commit measured, for the record.", Required = true };
var output = new Option<FileInfo>("--out") { Description = "The record to write.", Required = true };
var json = new JsonSerializerOptions { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
var start = new GeneratorOptions().FromUtc;

var once = new Command("once", "One run in this process; prints it as JSON.") { days, data };
once.SetAction(arguments =>
{
    var run = EngineRun.Measure(arguments.GetRequiredValue(data).FullName, start, arguments.GetValue(days));
    Console.Out.WriteLine(JsonSerializer.Serialize(run));
    return 0;
});

var engine = new Command("engine", "Speed and memory of this build's engine: 9 days and --days days, --runs times each.") { days, runs, data, commit, output };
engine.SetAction(arguments =>
{
    var folder = arguments.GetRequiredValue(data);
    if (!folder.Exists)
    {
        DataGenerator.Generate(new GeneratorOptions { Days = arguments.GetValue(days) }, folder.FullName, progress: null);
    }

    // Interleaved, so that a slow minute of the machine falls on both.
    var shorts = new List<EngineRun>();
    var longs = new List<EngineRun>();
    for (var i = 0; i < arguments.GetValue(runs); i++)
    {
        shorts.Add(RunOnce(folder, 9));
        longs.Add(RunOnce(folder, arguments.GetValue(days)));
    }

    var record = new
    {
        commit = arguments.GetRequiredValue(commit),
        machine = $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, .NET {Environment.Version}",
        engine = longs[0].Engine,
        days = arguments.GetValue(days),
        runs = longs.Count,
        dataPoints = longs[0].DataPoints,
        medianSeconds = Median(longs.Select(run => run.Seconds)),
        medianDataPointsPerSecond = Median(longs.Select(run => run.DataPoints / run.Seconds)),
        medianHeapMb = new { nineDays = Median(shorts.Select(run => run.HeapMb)), allDays = Median(longs.Select(run => run.HeapMb)) },
        medianPeakMb = new { nineDays = Median(shorts.Select(run => run.PeakMb)), allDays = Median(longs.Select(run => run.PeakMb)) },
        seconds = longs.Select(run => run.Seconds),
    };
    var text = JsonSerializer.Serialize(record, json);
    File.WriteAllText(arguments.GetRequiredValue(output).FullName, text + "\n");
    Console.Out.WriteLine(text);
    return 0;
});

return new RootCommand("Benchmarks of CrossHedgeLean; see README.md beside this project.") { once, engine }.Parse(args).Invoke();

EngineRun RunOnce(DirectoryInfo folder, int length)
{
    var start = new ProcessStartInfo(Environment.ProcessPath!)
    {
        RedirectStandardOutput = true,
        ArgumentList = { "once", "--days", length.ToString(System.Globalization.CultureInfo.InvariantCulture), "--data", folder.FullName },
    };
    using var process = Process.Start(start)!;
    var last = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
    process.WaitForExit();
    return JsonSerializer.Deserialize<EngineRun>(last) ?? throw new InvalidOperationException("the run printed nothing");
}

static double Median(IEnumerable<double> values)
{
    var sorted = values.Order().ToArray();
    return Math.Round((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, 3);
}
