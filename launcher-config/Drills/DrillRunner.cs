using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
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
    /// <summary>What LEAN makes of the same trades by itself; null: it was not asked, or a run failed.</summary>
    public StockResult? Stock { get; init; }

    /// <summary>Whether everything held.</summary>
    public bool Passes => Error is null && Findings.All(finding => finding.Holds);
}

/// <summary>
/// Runs drills. Each run is a backtest of this launcher: in this process on LeanSim, in one of its own on LEAN, which
/// runs one backtest a process.
/// </summary>
/// <param name="folder">Where data and results go.</param>
/// <param name="ownProcess">Whether the engine is LEAN: it is then also asked what it makes of the book by itself.</param>
internal sealed class DrillRunner(string folder, bool ownProcess)
{
    /// <summary>The command that runs a drill's book on the engine's own models; see <see cref="StockBook"/>.</summary>
    public const string StockCommand = "drill-stock";

    /// <summary>Runs a drill, the same book without its hedge and, on LEAN, the same trades on LEAN alone.</summary>
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
        var (stock, stockError) = ownProcess && result is not null ? Stock(drill, data, result) : (null, null);
        return new DrillOutcome(
            drill,
            result is null ? [] : drill.Checks.Select(check => DrillFinding.Of(check, result, drill.Data.FromUtc)).ToArray(),
            result,
            other,
            error ?? otherError ?? stockError)
        {
            Stock = stock,
        };
    }

    private (StockResult? Result, string? Error) Stock(Drill drill, string data, DrillResult hedged)
    {
        var output = Path.Combine(folder, drill.Name, "stock-result.json");
        var untilUtc = drill.Data.Moves.Select(move => drill.Data.FromUtc + move.At).Append(hedged.TroubleUtc).Min();
        string[] arguments =
        [
            StockCommand,
            "--config", Path.Combine(folder, drill.Name, "hedged.json"),
            "--data", data,
            "--trades", hedged.OrderEventsFile,
            "--until", untilUtc.ToString("O", CultureInfo.InvariantCulture),
            "--out", output,
        ];
        var (code, errors) = InOwnProcess(arguments);
        return code == ExitCode.Done
            ? (JsonSerializer.Deserialize<StockResult>(File.ReadAllText(output)), null)
            : (null, $"the run on stock LEAN ended with {code}: {errors}");
    }

    private (DrillResult? Result, string? Error) Backtest(Drill drill, string name, string data, IReadOnlyDictionary<string, string> parameters)
    {
        var configuration = Path.Combine(folder, drill.Name, name + ".json");
        var output = Path.Combine(folder, drill.Name, name);
        File.WriteAllText(configuration, JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["parameters"] = new Dictionary<string, string>(parameters)
            {
                ["from"] = drill.Data.FromUtc.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                ["to"] = drill.Data.FromUtc.AddDays(drill.Data.Days - 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
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
