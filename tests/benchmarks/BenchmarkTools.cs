using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace CrossHedgeLean.Benchmarks;

/// <summary>What the benchmarks share: runs in processes of their own, medians, and the records that they write.</summary>
internal static class BenchmarkTools
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The machine, as a record names it.</summary>
    public static string Machine => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, .NET {Environment.Version}");

    /// <summary>Writes a record and shows it.</summary>
    public static void Write(FileInfo file, object record)
    {
        var text = JsonSerializer.Serialize(record, Json);
        file.Directory?.Create();
        File.WriteAllText(file.FullName, text + "\n");
        Console.Out.WriteLine(text);
    }

    /// <summary>Starts this program again and reads what it prints last: LEAN is full of statics, so each run has a process of its own.</summary>
    /// <exception cref="InvalidOperationException">The process failed.</exception>
    public static T RunChild<T>(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true })!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return process.ExitCode == 0 && lines.Length > 0 && JsonSerializer.Deserialize<T>(lines[^1]) is { } result
            ? result
            : throw new InvalidOperationException($"the run '{string.Join(' ', arguments)}' ended with exit code {process.ExitCode}");
    }

    /// <summary>The median, to three decimals.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return Math.Round((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, 3);
    }
}
