using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using CrossHedgeLean.Checks;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Hosting;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Reports;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Commands;

/// <summary><c>backtest</c>: runs the algorithm over a data folder.</summary>
internal sealed class BacktestCommand
{
    private readonly LauncherConsole _console;

    private readonly Option<string?> _config = new("--config")
    {
        Description = "JSON file with parameters and, if wanted, data-folder. Default: the built-in sample (launcher-config/backtesting.json).",
        HelpName = "FILE",
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = $"LEAN data folder. Default: the configuration's, else {SampleData.FolderName} in the working directory, generated on first use.",
        HelpName = "DIR",
    };

    private readonly Option<string?> _from = new("--from") { Description = "First day, yyyy-MM-dd, UTC.", HelpName = "D" };
    private readonly Option<string?> _to = new("--to") { Description = "Last day, inclusive.", HelpName = "D" };

    private readonly Option<string?> _latency = new("--latency")
    {
        Description = "How late orders meet the market: at once and at LEAN's own prices (none), by each venue's profile (venue, the default), or by a time such as 00:00:00.100 at every venue.",
        HelpName = "none|venue|hh:mm:ss.fff",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Sets a parameter, as BTC.ratio=0.5 or bybit.cash=USDT:50000; may be given several times. A wrong name lists the known ones.",
        HelpName = "key=value",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> _scenario = new("--scenario")
    {
        Description = $"What goes wrong: a scenario file, or the name of a shipped one ({string.Join(", ", ScenarioFiles.Names)}); several together make one.",
        HelpName = "FILE|NAME",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Also keeps the run in a new folder: the result, order events, equity, accounts, profit, residuals, naked intervals, basis, funding, losses and the decision log. The command report makes a page of it.",
        HelpName = "DIR",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Prints the result as one JSON object, alone on standard output." };

    private BacktestCommand(LauncherConsole console) => _console = console;

    /// <summary>Makes the command.</summary>
    public static Command Create(LauncherConsole console)
    {
        var backtest = new BacktestCommand(console);
        var command = new Command("backtest", "Runs the hedged two-venue algorithm over a data folder and shows what came of it.")
        {
            backtest._config,
            backtest._data,
            backtest._from,
            backtest._to,
            backtest._latency,
            backtest._set,
            backtest._scenario,
            backtest._out,
            backtest._json,
        };
        command.SetAction(backtest.Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        // With --json the object is alone on standard output: the talk goes where errors go.
        var talk = parse.GetValue(_json) ? _console.Error : _console.Output;
        var engine = BacktestEngines.Create();
        talk.WriteLine(EngineLine.For(engine.Info));

        var errors = new List<string>();
        var file = parse.GetValue(_config) is { } path
            ? ConfigurationFile.Read(_console.FullPath(path), errors)
            : ConfigurationFile.ReadDefault(_console.WorkingDirectory, errors);
        var fileIsRead = errors.Count == 0 || file.Parameters.Count > 0;
        ReadOverrides(parse, file.Parameters, errors);
        if (ScenarioFiles.Read(parse.GetValue(_scenario) ?? [], _console, errors) is { } scenario)
        {
            file.Parameters["scenario"] = scenario;
        }

        HedgeConfiguration? configuration = null;
        IReadOnlyList<InstrumentId> understood = [];
        if (fileIsRead)
        {
            var parsed = HedgeConfiguration.Parse(file.Parameters, BacktestJob.ScenarioHost);
            configuration = parsed.Value;
            understood = parsed.Instruments;
            errors.AddRange(parsed.Errors);
        }

        var outPath = parse.GetValue(_out) is { } given ? _console.FullPath(given) : null;
        if (outPath is not null && OutputFolder.Check(outPath) is { } outError)
        {
            errors.Add(outError);
        }

        // Sample data are made only for a run that can start; a folder that is there is checked along with everything else.
        var namedFolder = parse.GetValue(_data) is { } data ? _console.FullPath(data) : file.DataFolder;
        var folder = namedFolder ?? _console.FullPath(SampleData.FolderName);
        var notices = new List<string>();
        if (namedFolder is null && errors.Count == 0 && !TryMakeSampleData(folder, notices, errors))
        {
            return Fail(errors);
        }

        if (configuration is not null && (namedFolder is not null || errors.Count == 0))
        {
            var check = DataFolderCheck.Run(folder, configuration);
            errors.AddRange(check.Errors);
            notices.AddRange(check.Notices);
        }
        else if (configuration is null && (namedFolder is not null || Directory.Exists(folder)))
        {
            errors.AddRange(DataFolderCheck.RunSymbols(folder, understood).Errors);
        }

        if (errors.Count > 0 || configuration is null)
        {
            return Fail(errors);
        }

        using var output = outPath is null ? null : OutputFolder.Create(outPath, errors);
        if (errors.Count > 0)
        {
            return Fail(errors);
        }

        WriteNotices(talk, configuration.Notices.Concat(notices));
        talk.WriteLine(Describe(configuration, folder));
        return Execute(engine, configuration, folder, file.Parameters, output, parse.GetValue(_json), outPath);
    }

    private int Execute(
        IBacktestEngine engine,
        HedgeConfiguration configuration,
        string folder,
        IReadOnlyDictionary<string, string> parameters,
        OutputFolder? output,
        bool json,
        string? outPath)
    {
        CrossHedgeAlgorithm? algorithm = null;
        var progress = new ProgressLine(_console, "backtest");
        var span = (configuration.To - configuration.From).TotalDays + 1;
        var outcome = engine.Run(new BacktestJob(
            () =>
            {
                algorithm = new CrossHedgeAlgorithm();
                if (output is not null)
                {
                    algorithm.Recorder.Sinks = output.Sinks;
                    algorithm.Series = output.Series;
                }

                return algorithm;
            },
            folder,
            parameters)
        {
            Progress = time => progress.Report((time - configuration.From).TotalDays / span),
        });
        progress.End();
        if (!outcome.Completed || algorithm is null)
        {
            _console.WriteErrors([$"the run failed: {outcome.Error}"]);
            return ExitCode.RunFailed;
        }

        var result = new BacktestResult(engine.Info, configuration, algorithm.Recorder.Summarize(), outcome, PeakMemoryMegabytes())
        {
            Parameters = parameters,
            Files = output?.Close() ?? [],
        };
        var written = ResultJson.Write(result);
        output?.Complete(written);

        WriteNotices(json ? _console.Error : _console.Output, algorithm.Notices);
        if (json)
        {
            _console.Output.WriteLine(Encoding.UTF8.GetString(written));
        }
        else
        {
            ResultTable.Write(result, _console.Output);
        }

        if (outPath is not null)
        {
            (json ? _console.Error : _console.Output).WriteLine($"Files are in {outPath}: draw them with report {outPath} --out report.html");
        }

        return CheckInvariants(result.Summary.Invariants, _console);
    }

    /// <summary>A run whose money does not add up has failed, whatever it shows.</summary>
    internal static int CheckInvariants(InvariantSummary invariants, LauncherConsole console)
    {
        if (invariants.Violated == 0)
        {
            return ExitCode.Done;
        }

        console.WriteErrors(invariants.Violations.Prepend(string.Create(
            CultureInfo.InvariantCulture,
            $"{invariants.Violated:N0} of {invariants.Checked:N0} checks of the invariants failed: the figures of this run are wrong. Report it with the configuration; the first are below.")));
        return ExitCode.RunFailed;
    }

    private static void WriteNotices(TextWriter writer, IEnumerable<string> notices)
    {
        foreach (var notice in notices)
        {
            writer.WriteLine("note: " + notice);
        }
    }

    private void ReadOverrides(ParseResult parse, Dictionary<string, string> parameters, List<string> errors)
    {
        if (parse.GetValue(_from) is { } from)
        {
            parameters["from"] = from;
        }

        if (parse.GetValue(_to) is { } to)
        {
            parameters["to"] = to;
        }

        if (parse.GetValue(_latency) is { } latency)
        {
            parameters["latency"] = latency;
        }

        var settings = new Dictionary<string, string>();
        foreach (var setting in parse.GetValue(_set) ?? [])
        {
            var equals = setting.IndexOf('=');
            if (equals <= 0)
            {
                errors.Add($"set '{setting}' is not key=value, for example --set BTC.ratio=0.5.");
            }
            else
            {
                settings[setting[..equals].Trim()] = setting[(equals + 1)..].Trim();
            }
        }

        if (settings.TryGetValue("groups", out var groups))
        {
            // A venue's limits have the names of a group's, and stay.
            DropOthers(parameters, [.. groups.Split(',', StringSplitOptions.TrimEntries), .. HedgeConfiguration.KnownMarkets], HedgeConfiguration.GroupParameters);
        }

        if (settings.TryGetValue("accounts", out var accounts))
        {
            DropOthers(parameters, accounts.Split(',').Select(account => account.Split('=')[0].Trim()).ToArray(), HedgeConfiguration.AccountParameters);
        }

        foreach (var (name, value) in settings)
        {
            parameters[name] = value;
        }
    }

    /// <summary>Other groups or accounts were set: what the file says of those that are gone is not an error.</summary>
    private static void DropOthers(Dictionary<string, string> parameters, string[] kept, IReadOnlyList<string> suffixes)
    {
        foreach (var name in parameters.Keys.ToList())
        {
            var dot = name.LastIndexOf('.');
            if (dot > 0 && !kept.Contains(name[..dot]) && suffixes.Contains(name[(dot + 1)..]))
            {
                parameters.Remove(name);
            }
        }
    }

    private bool TryMakeSampleData(string folder, List<string> notices, List<string> errors)
    {
        try
        {
            SampleData.Ensure(folder, _console, notices);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.Add($"Sample data cannot be made in {folder}: {error.Message} Run from a folder that you may write to, or give --data.");
            return false;
        }
    }

    private int Fail(List<string> errors)
    {
        _console.WriteErrors(errors);
        return ExitCode.BadInput;
    }

    private static string Describe(HedgeConfiguration configuration, string folder) => string.Create(
        CultureInfo.InvariantCulture,
        $"{configuration.Strategy} of {string.Join(", ", configuration.Groups.Select(group => group.Name))}, {configuration.From:yyyy-MM-dd} to {configuration.To:yyyy-MM-dd}, {configuration.Resolution} data of {folder}, seed {configuration.Seed}");

    internal static double PeakMemoryMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / (1024.0 * 1024.0);
    }
}
