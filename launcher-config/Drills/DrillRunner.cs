using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Commands;
using CrossHedgeLean.DataGeneration;

namespace CrossHedgeLean.Drills;

/// <summary>What came of a drill.</summary>
/// <param name="Drill">The drill.</param>
/// <param name="Findings">What it states, and whether it held; empty if the run failed.</param>
/// <param name="Hedged">The run; null if it failed.</param>
/// <param name="Unhedged">The same book without its hedge; null if it failed.</param>
/// <param name="Error">Why a run failed; null: none did.</param>
internal sealed record DrillOutcome(Drill Drill, IReadOnlyList<DrillFinding> Findings, DrillResult? Hedged, DrillResult? Unhedged, string? Error)
{
    /// <summary>Whether everything held.</summary>
    public bool Passes => Error is null && Findings.All(finding => finding.Holds);
}

/// <summary>
/// Runs drills. Each run is a backtest of this launcher: in this process on LeanSim, in one of its own on LEAN, which
/// runs one backtest a process.
/// </summary>
internal sealed class DrillRunner(string folder, bool ownProcess)
{
    /// <summary>Runs a drill, and the same book without its hedge.</summary>
    public DrillOutcome Run(Drill drill)
    {
        var data = Path.Combine(folder, drill.Name, "data");
        Directory.CreateDirectory(Path.Combine(folder, drill.Name));
        DataGenerator.Generate(drill.Data, data);
        var unhedged = drill.Parameters.ToDictionary(entry => entry.Key, entry => entry.Key.EndsWith(".ratio", StringComparison.Ordinal) ? "0" : entry.Value);
        foreach (var group in drill.Parameters["groups"].Split(','))
        {
            unhedged[$"{group}.ratio"] = "0";
        }

        var (result, error) = Backtest(drill, "hedged", data, drill.Parameters);
        var (other, otherError) = error is null ? Backtest(drill, "unhedged", data, unhedged) : (null, null);
        return new DrillOutcome(
            drill,
            result is null ? [] : drill.Checks.Select(check => DrillFinding.Of(check, result, drill.Data.FromUtc)).ToArray(),
            result,
            other,
            error ?? otherError);
    }

    private (DrillResult? Result, string? Error) Backtest(Drill drill, string name, string data, IReadOnlyDictionary<string, string> parameters)
    {
        var configuration = Path.Combine(folder, drill.Name, name + ".json");
        var output = Path.Combine(folder, drill.Name, name);
        File.WriteAllText(configuration, JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["parameters"] = new Dictionary<string, string>(parameters)
            {
                ["from"] = drill.Data.FromUtc.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
                ["to"] = drill.Data.FromUtc.AddDays(drill.Data.Days - 1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            },
        }));
        string[] arguments = ["backtest", "--config", configuration, "--data", data, "--scenario", drill.Name, "--out", output, "--json"];
        var (code, errors) = ownProcess ? InOwnProcess(arguments) : InThisProcess(arguments);
        return code == ExitCode.Done ? (DrillResult.Read(output), null) : (null, $"the {name} run ended with {code}: {errors}");
    }

    private (int Code, string Errors) InThisProcess(string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        return (LauncherCommands.Run(arguments, new LauncherConsole(output, errors, folder, IsTerminal: false)), errors.ToString());
    }

    private static (int Code, string Errors) InOwnProcess(string[] arguments)
    {
        var own = Environment.ProcessPath!;
        var start = new ProcessStartInfo(own) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(own) == "dotnet")
        {
            start.ArgumentList.Add(typeof(DrillRunner).Assembly.Location);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        output.Wait();
        return (process.ExitCode, errors);
    }
}
