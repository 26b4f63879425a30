using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using CrossHedgeLean.Episodes;

namespace CrossHedgeLean.Commands;

/// <summary><c>episodes</c>: thousands of seeded failures against the desk, checked against the venues' truth.</summary>
internal sealed class EpisodesCommand
{
    private const int DefaultSeeds = 300;
    private const int ShownViolations = 5;

    private readonly LauncherConsole _console;

    private readonly Option<string> _seeds = new("--seeds")
    {
        Description = "How many episodes to run.",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultSeeds.ToString(CultureInfo.InvariantCulture),
    };

    private readonly Option<string> _from = new("--from") { Description = "The first seed.", HelpName = "S", DefaultValueFactory = _ => "1" };
    private readonly Option<string?> _replay = new("--replay") { Description = "Runs the one episode of this seed and prints its decisions.", HelpName = "SEED" };
    private readonly Option<string?> _schedule = new("--schedule") { Description = "Runs the one episode of a schedule, as a violation prints it.", HelpName = "FILE" };
    private readonly Option<bool> _json = new("--json") { Description = "Prints the result as one JSON object, alone on standard output." };

    private EpisodesCommand(LauncherConsole console) => _console = console;

    /// <summary>Makes the command.</summary>
    public static Command Create(LauncherConsole console)
    {
        var episodes = new EpisodesCommand(console);
        var command = new Command("episodes", "Runs seeded episodes of venue failures against the desk and checks the invariants against the venues' truth.")
        {
            episodes._seeds,
            episodes._from,
            episodes._replay,
            episodes._schedule,
            episodes._json,
        };
        command.SetAction(episodes.Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        var errors = new List<string>();
        var seeds = ReadNumber("seeds", parse.GetValue(_seeds)!, 1, 10_000_000, errors);
        var from = ReadNumber("from", parse.GetValue(_from)!, 0, long.MaxValue, errors);
        var plan = ReadPlan(parse.GetValue(_replay), parse.GetValue(_schedule), errors);
        if (errors.Count > 0)
        {
            _console.WriteErrors(errors);
            return ExitCode.BadInput;
        }

        var isJson = parse.GetValue(_json);
        return plan is not null ? Replay(plan, isJson) : RunMany((ulong)from, (int)seeds, isJson);
    }

    private int RunMany(ulong from, int seeds, bool isJson)
    {
        var progress = new ProgressLine(_console, "episodes");
        var started = Stopwatch.GetTimestamp();
        var batch = EpisodeBatch.Run(from, seeds, progress: progress.Report);
        var perSecond = seeds / Stopwatch.GetElapsedTime(started).TotalSeconds;
        progress.End();

        // Fewer seeds than it takes to meet every cell say nothing about coverage.
        var empty = seeds >= DefaultSeeds ? batch.Coverage.Empty() : [];
        if (isJson)
        {
            _console.Output.WriteLine(EpisodeReport.Json(batch, perSecond, failed => EpisodeMinimizer.Run(failed)));
        }
        else
        {
            EpisodeReport.WriteCoverage(batch.Coverage, _console.Output);
            for (var i = 0; i < batch.Failed.Count && i < ShownViolations; i++)
            {
                EpisodeReport.WriteViolation(batch.Failed[i], EpisodeMinimizer.Run(batch.Failed[i]), _console.Output);
            }

            _console.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{batch.Count:N0} episodes from seed {from}, {perSecond:N0} a second: {batch.Decisions:N0} decisions, {batch.Orders:N0} orders, {batch.Changes:N0} primary changes, {batch.Faults:N0} faults, {batch.Failed.Count:N0} violations."));
        }

        foreach (var cell in empty)
        {
            _console.WriteErrors([$"no episode had {cell.Fault} at the {(cell.OnPrimary ? "primary" : "hedge")} of a pair that was {cell.State}."]);
        }

        return batch.Failed.Count == 0 && empty.Count == 0 ? ExitCode.Done : ExitCode.RunFailed;
    }

    private int Replay(EpisodePlan plan, bool isJson)
    {
        var started = Stopwatch.GetTimestamp();
        var batch = EpisodeBatch.Run(plan, isJson ? null : _console.Output.WriteLine);
        var perSecond = 1 / Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (isJson)
        {
            _console.Output.WriteLine(EpisodeReport.Json(batch, perSecond, failed => EpisodeMinimizer.Run(failed)));
            return batch.Failed.Count == 0 ? ExitCode.Done : ExitCode.RunFailed;
        }

        foreach (var item in plan.Events)
        {
            _console.Error.WriteLine(item);
        }

        _console.Output.WriteLine($"seed {plan.Seed}, {plan.Ticks} seconds, {batch.Orders} orders, {batch.Faults} faults; decision log {batch.Hash}");
        if (batch.Failed.Count == 0)
        {
            return ExitCode.Done;
        }

        EpisodeReport.WriteViolation(batch.Failed[0], EpisodeMinimizer.Run(batch.Failed[0]), _console.Output);
        return ExitCode.RunFailed;
    }

    private EpisodePlan? ReadPlan(string? replay, string? schedule, List<string> errors)
    {
        if (replay is not null && schedule is not null)
        {
            errors.Add("replay and schedule are two episodes: give one of them.");
            return null;
        }

        if (replay is not null)
        {
            var seed = ReadNumber("replay", replay, 0, long.MaxValue, errors);
            return errors.Count == 0 ? EpisodePlan.Of((ulong)seed) : null;
        }

        if (schedule is null)
        {
            return null;
        }

        var path = _console.FullPath(schedule);
        try
        {
            return EpisodeSchedule.Read(File.ReadAllText(path));
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            errors.Add($"schedule {path} {error.Message}");
            return null;
        }
    }

    private static long ReadNumber(string name, string text, long minimum, long maximum, List<string> errors)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum)
        {
            return number;
        }

        errors.Add($"{name} '{text}' is not a whole number from {minimum} to {maximum}.");
        return minimum;
    }
}
