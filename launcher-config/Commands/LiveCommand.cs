using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Dynamic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using CrossHedgeLean.Checks;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.DataGeneration;
using CrossHedgeLean.Hosting;
using CrossHedgeLean.Live;
using CrossHedgeLean.Reports;
using CrossHedgeLean.Scenarios;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;

namespace CrossHedgeLean.Commands;

/// <summary><c>live</c>: trades, on the paper exchange or, with LEAN, at real venues.</summary>
internal sealed class LiveCommand
{
    /// <summary>Settings that are paths; relative ones start where the configuration is.</summary>
    private static readonly string[] PathKeys = ["crosshedge-journal", "plugin-directory"];

    private static readonly TimeSpan LongestFlatten = TimeSpan.FromMinutes(5);

    private readonly LauncherConsole _console;

    private readonly Option<string?> _config = new("--config")
    {
        Description = "JSON file with parameters, crosshedge-children and, if wanted, data-folder; as launcher-config/live-two-venues.json.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = $"LEAN data folder with market hours and the instruments' rules. Default: the configuration's, else the rules of what the paper venues trade.",
        HelpName = "DIR",
    };

    private readonly Option<string[]> _scenario = new("--scenario")
    {
        Description = "What goes wrong at the paper exchange that is started for this run: a scenario file, or the name of a shipped one; times after the start count from when the exchange starts.",
        HelpName = "FILE|NAME",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _observe = new("--observe") { Description = "Sends nothing: says each order that would be sent, and goes on as if it were filled at bid or ask." };
    private readonly Option<bool> _flatten = new("--flatten") { Description = $"Closes every group in pairs before it stops, for at most {LongestFlatten:c}; else positions stay." };
    private readonly Option<string?> _for = new("--for") { Description = "Stops after this time, hh:mm:ss; else with Ctrl-C.", HelpName = "T" };
    private readonly Option<bool> _json = new("--json") { Description = "Prints the result as one JSON object, alone on standard output, at the end." };

    private LiveCommand(LauncherConsole console) => _console = console;

    /// <summary>Makes the command.</summary>
    public static Command Create(LauncherConsole console)
    {
        var live = new LiveCommand(console);
        var command = new Command("live", "Trades live: on paper venues, which are started with it unless the configuration has their address, or with LEAN at real ones. When it stops, working orders are canceled and the hedge stays.")
        {
            live._config,
            live._data,
            live._scenario,
            live._observe,
            live._flatten,
            live._for,
            live._json,
        };
        command.SetAction(live.Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        var talk = parse.GetValue(_json) ? _console.Error : _console.Output;
        var engine = LiveEngines.Create();
        talk.WriteLine(EngineLine.For(engine.Info));

        var errors = new List<string>();
        var path = _console.FullPath(parse.GetValue(_config)!);
        var file = ConfigurationFile.Read(path, errors);
        var isRead = errors.Count == 0 || file.Parameters.Count > 0;
        var started = TimeProvider.System.GetUtcNow().UtcDateTime;
        file.Parameters["from"] = started.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        file.Parameters["to"] = started.AddDays(3650).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (configuration, wrong, _) = HedgeConfiguration.Parse(file.Parameters, ScenarioHosts.Exchange);
        errors.AddRange(isRead ? wrong : []);
        if (file.Parameters.ContainsKey("scenario"))
        {
            errors.Add("scenario among the parameters: in live it is the paper exchange that plays one: give it as --scenario.");
        }

        var settings = SecretReferences.Resolve(file.Settings, Path.GetDirectoryName(path)!, errors);
        foreach (var key in PathKeys.Where(settings.ContainsKey))
        {
            settings[key] = Path.GetFullPath(settings[key], Path.GetDirectoryName(path)!);
        }

        if (parse.GetValue(_observe))
        {
            settings["crosshedge-observe"] = "true";
        }

        var brokerages = CompositeSettings.Read(settings, isRead ? errors : []);
        errors.AddRange(isRead ? engine.Check(brokerages) : []);
        var scenarios = parse.GetValue(_scenario) ?? [];
        ScenarioFiles.Read(scenarios, _console, errors);
        var startsExchange = NeedsExchange(brokerages, settings);
        if (scenarios.Length > 0 && !startsExchange)
        {
            errors.Add("scenario is played by the paper exchange, and none is started here: the configuration has its address, or no child trades there. Give --scenario to the command exchange.");
        }

        var duration = ExchangeCommand.ReadSpan(parse.GetValue(_for), errors);
        var named = parse.GetValue(_data) is { } data ? _console.FullPath(data) : file.DataFolder;
        using var rules = named is null ? new RulesFolder() : null;
        var folder = named ?? rules!.Path;
        if (configuration is not null)
        {
            errors.AddRange(DataFolderCheck.RunSymbols(folder, configuration.Instruments.Concat(configuration.Conversions).Distinct().ToArray()).Errors);
        }

        if (errors.Count > 0 || configuration is null)
        {
            return Fail(errors);
        }

        using var exchange = startsExchange ? StartExchange(path, folder, scenarios, talk, errors) : null;
        if (errors.Count > 0)
        {
            return Fail(errors);
        }

        if (exchange is not null)
        {
            settings[PaperBrokerageFactory.AddressKey] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{exchange.Port}");
        }

        return Trade(engine, new LiveJob(() => new CrossHedgeAlgorithm(), folder, file.Parameters, brokerages, settings), configuration, parse, duration, talk);
    }

    private int Trade(ILiveEngine engine, LiveJob job, HedgeConfiguration configuration, ParseResult parse, TimeSpan? duration, TextWriter talk)
    {
        CrossHedgeAlgorithm? algorithm = null;
        var stop = new LiveStop(TimeProvider.System, duration, parse.GetValue(_flatten) ? LongestFlatten : TimeSpan.Zero);
        ConsoleCancelEventHandler interrupt = (_, cancel) =>
        {
            cancel.Cancel = true;
            stop.Ask();
        };
        Console.CancelKeyPress += interrupt;
        var outcome = engine.Run(job with
        {
            CreateAlgorithm = () => algorithm = job.CreateAlgorithm(),
            Said = text => Say(talk, text),
            Step = () => stop.GoesOn(algorithm!, text => Say(talk, text)),
        });
        Console.CancelKeyPress -= interrupt;
        if (!outcome.Outcome.Completed || algorithm is null)
        {
            var lines = (outcome.Outcome.Error ?? "it ended without a reason").Split(Environment.NewLine);
            _console.WriteErrors(outcome.Started ? [$"the run ended: {string.Join(' ', lines)}"] : lines);
            return outcome.Started ? ExitCode.RunFailed : ExitCode.BadInput;
        }

        var result = new BacktestResult(engine.Info, configuration, algorithm.Recorder.Summarize(), outcome.Outcome, BacktestCommand.PeakMemoryMegabytes());
        if (parse.GetValue(_json))
        {
            _console.Output.WriteLine(Encoding.UTF8.GetString(ResultJson.Write(result)));
        }
        else
        {
            ResultTable.Write(result, _console.Output);
        }

        if (stop.IsLate)
        {
            _console.WriteErrors([$"not everything was closed within {LongestFlatten:c}: the table shows what stays."]);
            return ExitCode.RunFailed;
        }

        return BacktestCommand.CheckInvariants(result.Summary.Invariants, _console);
    }

    private static bool NeedsExchange(CompositeSettings brokerages, Dictionary<string, string> settings)
        => brokerages.Children.Any(child => child.IsPaper && !settings.ContainsKey(CompositeSettings.KeyOf(child.Name, PaperBrokerageFactory.AddressKey)))
            && !settings.ContainsKey(PaperBrokerageFactory.AddressKey);

    private static ExchangeProcess? StartExchange(string config, string folder, string[] scenarios, TextWriter talk, List<string> errors)
        => ExchangeProcess.Start(
            ["--config", config, "--data", folder, .. scenarios.SelectMany(scenario => (string[])["--scenario", scenario])],
            text => Say(talk, $"exchange: {text}"),
            errors);

    private static void Say(TextWriter talk, string text)
    {
        lock (talk)
        {
            talk.WriteLine(text);
            talk.Flush();
        }
    }

    private int Fail(List<string> errors)
    {
        _console.WriteErrors(errors);
        return ExitCode.BadInput;
    }

    /// <summary>When a run ends, and whether it closes its positions before.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="duration">How long it runs by itself; null: until it is asked to stop.</param>
    /// <param name="flatten">How long it may then take to close everything; zero: it keeps what it has.</param>
    private sealed class LiveStop(TimeProvider time, TimeSpan? duration, TimeSpan flatten)
    {
        private readonly long _began = time.GetTimestamp();
        private volatile bool _isAsked;
        private long? _flattening;

        /// <summary>Whether it stopped before everything was closed.</summary>
        public bool IsLate { get; private set; }

        /// <summary>Asks for the end; the run ends at its next step.</summary>
        public void Ask() => _isAsked = true;

        /// <summary>Called at each step in the algorithm's own thread.</summary>
        public bool GoesOn(CrossHedgeAlgorithm algorithm, Action<string> said)
        {
            if (!_isAsked && (duration is null || time.GetElapsedTime(_began) < duration))
            {
                return true;
            }

            if (flatten == TimeSpan.Zero || (_flattening is null && algorithm.IsFlat))
            {
                return false;
            }

            if (_flattening is null)
            {
                _flattening = time.GetTimestamp();
                dynamic command = new ExpandoObject();
                command.command = "flatten";
                command.target = "all";
                algorithm.OnCommand(command);
                return true;
            }

            IsLate = !algorithm.IsFlat && time.GetElapsedTime(_flattening.Value) >= flatten;
            if (IsLate || algorithm.IsFlat)
            {
                said(IsLate ? "not everything is closed" : "everything is closed");
                return false;
            }

            return true;
        }
    }
}
