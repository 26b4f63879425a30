using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Checks;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.PaperExchange;
using CrossHedgeLean.RealityModels;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;
using QuantConnect;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Configuration;
using QuantConnect.Securities;

namespace CrossHedgeLean.Commands;

/// <summary><c>exchange</c>: the paper exchange, a process of its own.</summary>
internal sealed class ExchangeCommand
{
    private const int DefaultPort = 7711;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly LauncherConsole _console;

    private readonly Option<string?> _config = new("--config")
    {
        Description = "The JSON file of the algorithm: its accounts, groups, fees and latency are the exchange's.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = $"LEAN data folder with the instruments' rules, and with what --prices replay plays. Default: the configuration's, else {SampleData.FolderName}.",
        HelpName = "DIR",
    };

    private readonly Option<string?> _port = new("--port") { Description = $"Port on 127.0.0.1; 0 takes a free one. Default: {DefaultPort}.", HelpName = "N" };

    private readonly Option<string> _prices = new("--prices")
    {
        Description = "generated: seeded random walks, four quotes a second (the default); replay: the data folder's quotes from the configuration's first day on, as if they were of now; pushed: what a connection without an account sends.",
        HelpName = "generated|replay|pushed",
        DefaultValueFactory = _ => "generated",
    };

    private readonly Option<string?> _speed = new("--speed") { Description = "With --prices replay: recorded seconds per second. Default: 1.", HelpName = "X" };
    private readonly Option<string?> _log = new("--log") { Description = "Keeps every order and all that was said of it in this file, on disk before anybody is told; a file that is there is gone on with.", HelpName = "FILE" };
    private readonly Option<string?> _for = new("--for") { Description = "Ends after this time, hh:mm:ss; else with Ctrl-C.", HelpName = "T" };

    private readonly Option<bool> _attached = new("--attached") { Description = "Ends when its standard input does, and not with Ctrl-C.", Hidden = true };

    private readonly Option<string[]> _scenario = new("--scenario")
    {
        Description = "What goes wrong, as for backtest; times after the start count from when the exchange starts.",
        HelpName = "FILE|NAME",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
    };

    private ExchangeCommand(LauncherConsole console) => _console = console;

    /// <summary>Makes the command.</summary>
    public static Command Create(LauncherConsole console)
    {
        var exchange = new ExchangeCommand(console);
        var command = new Command("exchange", "Runs the paper exchange: the venues of a configuration with simulated matching, fees, funding and liquidation, for live algorithms on this machine.")
        {
            exchange._config,
            exchange._data,
            exchange._port,
            exchange._prices,
            exchange._speed,
            exchange._scenario,
            exchange._log,
            exchange._for,
            exchange._attached,
        };
        command.SetAction(exchange.Run);
        return command;
    }

    /// <summary>What a configuration trades, by the rules of a data folder.</summary>
    internal static IReadOnlyList<Instrument> InstrumentsOf(HedgeConfiguration configuration, string dataFolder)
    {
        Config.Set("data-folder", dataFolder);
        Globals.Reset();
        var database = SymbolPropertiesDatabase.FromDataFolder();
        return configuration.Instruments.Concat(configuration.Conversions).Distinct().Select(Describe).ToArray();

        Instrument Describe(InstrumentId id)
        {
            var properties = database.GetSymbolProperties(id.Route.Market, Routes.SymbolOf(id), Routes.SecurityTypeOf(id.Route.Kind), "USD");
            var group = configuration.Groups.FirstOrDefault(group => group.Primary == id || group.Hedges.Contains(id));
            var coin = id.Ticker.EndsWith(properties.QuoteCurrency, StringComparison.Ordinal) ? id.Ticker[..^properties.QuoteCurrency.Length] : id.Ticker;
            return Routes.Describe(id, group?.Name ?? coin, properties, group?.UnitsPerContract.GetValueOrDefault(id, 1m) ?? 1m);
        }
    }

    private int Run(ParseResult parse)
    {
        var errors = new List<string>();
        var started = TimeProvider.System.GetUtcNow().UtcDateTime;
        var file = ConfigurationFile.Read(_console.FullPath(parse.GetValue(_config)!), errors);
        var prices = parse.GetValue(_prices)!;
        var recordedFrom = file.Parameters.GetValueOrDefault("from");
        if (ScenarioFiles.Read(parse.GetValue(_scenario) ?? [], _console, errors) is { } scenario)
        {
            file.Parameters["scenario"] = scenario;
        }

        // The days of the configuration are those of a backtest; the exchange lives now.
        var recordedTo = file.Parameters.GetValueOrDefault("to");
        file.Parameters["from"] = started.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        file.Parameters["to"] = started.AddDays(365).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (configuration, wrong, _) = HedgeConfiguration.Parse(file.Parameters, ScenarioHosts.Exchange);
        errors.AddRange(file.Parameters.Count > 2 ? wrong : []);
        var folder = parse.GetValue(_data) is { } data ? _console.FullPath(data) : file.DataFolder ?? _console.FullPath(SampleData.FolderName);
        var port = ReadNumber("port", parse.GetValue(_port), DefaultPort, 0, 65535, errors);
        var speed = ReadNumber("speed", parse.GetValue(_speed), 1, 1, 10_000, errors);
        var duration = ReadSpan(parse.GetValue(_for), errors);
        if (prices is not ("generated" or "replay" or "pushed"))
        {
            errors.Add($"prices '{prices}' is unknown: use generated, replay or pushed.");
        }

        if (prices == "replay" && (!IsDay(recordedFrom) || !IsDay(recordedTo)))
        {
            errors.Add("prices replay needs the days that are replayed: give from and to in the configuration, as yyyy-MM-dd.");
        }

        foreach (var (account, kind, parameter) in configuration is null ? [] : WithoutFees(configuration))
        {
            errors.Add($"{account}: {parameter} is missing: the paper exchange charges by it ({kind}); give MAKER/TAKER, as 0.0002/0.00055.");
        }

        if (configuration is not null && errors.Count == 0)
        {
            SampleDataIfUnnamed(parse, file, folder);
            errors.AddRange(DataFolderCheck.RunSymbols(folder, configuration.Instruments.Concat(configuration.Conversions).Distinct().ToArray()).Errors);
        }

        return errors.Count > 0 || configuration is null
            ? Fail(errors)
            : Serve(configuration, folder, prices, (recordedFrom ?? "", recordedTo ?? ""), port, speed, duration, parse.GetValue(_log), parse.GetValue(_attached), started);
    }

    private int Serve(
        HedgeConfiguration configuration, string folder, string prices, (string From, string To) recorded, int port, int speed, TimeSpan? duration, string? logPath, bool isAttached, DateTime started)
    {
        var instruments = InstrumentsOf(configuration, folder);
        IPaperPrices source = prices switch
        {
            "pushed" => new PushedPrices(),
            "replay" => new ReplayedPrices(folder, configuration.Resolution, Day(recorded.From), Day(recorded.To), speed, instruments),
            _ => new GeneratedPrices(instruments, configuration.Seed, TimeSpan.FromMilliseconds(250)),
        };
        PaperLog? log = null;
        try
        {
            var earlier = logPath is null ? [] : PaperLog.Read(_console.FullPath(logPath));
            log = new PaperLog(logPath is null ? null : _console.FullPath(logPath));
            var venues = new PaperVenues(
                new Ledger(configuration.AccountCurrency, configuration.Accounts), configuration.Latency, instruments, source, new ScenarioPlayer(configuration.Scenario, started), log, started)
            {
                Happened = text => _console.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow().UtcDateTime:HH:mm:ss.fff} {text}")),
            };
            venues.Restore(earlier);
            using var server = new PaperServer(venues, port, Tick, new ThreadLanes(TimeProvider.System));
            _console.Output.WriteLine($"paper exchange on 127.0.0.1:{server.Port}: {string.Join(", ", configuration.Accounts.Select(account => account.Name))}; {prices} prices of {string.Join(", ", instruments.Select(instrument => instrument.Id))}");
            _console.Output.Flush();
            using var over = new ManualResetEventSlim();
            ConsoleCancelEventHandler stop = (_, cancel) =>
            {
                cancel.Cancel = true;
                if (!isAttached)
                {
                    over.Set();
                }
            };
            if (isAttached)
            {
                new Thread(() =>
                {
                    while (Console.In.ReadLine() is not null)
                    {
                        // Nothing is asked of it there.
                    }

                    over.Set();
                })
                { IsBackground = true, Name = "owner" }.Start();
            }

            Console.CancelKeyPress += stop;
            over.Wait(duration ?? Timeout.InfiniteTimeSpan);
            Console.CancelKeyPress -= stop;
            return ExitCode.Done;
        }
        catch (SocketException error)
        {
            return Fail([$"port {port} on 127.0.0.1 cannot be opened ({error.SocketErrorCode}): another exchange may run; give another --port, or 0 for a free one."]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Fail([$"log {logPath}: {error.Message}"]);
        }
        finally
        {
            log?.Dispose();
        }
    }

    private static IEnumerable<(string Account, string Kind, string Parameter)> WithoutFees(HedgeConfiguration configuration)
        => from account in configuration.Accounts
           from kind in account.Routes.Select(route => route.Kind).Distinct()
           where configuration.Instruments.Any(id => account.Routes.Contains(id.Route) && id.Route.Kind == kind) && account.FeesOf(kind) is null
           select (account.Name, kind == InstrumentKind.Spot ? "spot" : "perpetuals", $"{account.Name}.{(kind == InstrumentKind.Spot ? "spot" : "perpetual")}-fees");

    private void SampleDataIfUnnamed(ParseResult parse, ConfigurationFile file, string folder)
    {
        if (parse.GetValue(_data) is null && file.DataFolder is null)
        {
            SampleData.Ensure(folder, _console, []);
        }
    }

    private static bool IsDay(string? text) => DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static DateTime Day(string text)
        => DateTime.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static int ReadNumber(string name, string? text, int usual, int minimum, int maximum, List<string> errors)
    {
        if (text is null)
        {
            return usual;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum)
        {
            return number;
        }

        errors.Add($"{name} '{text}' is not a whole number from {minimum} to {maximum}.");
        return usual;
    }

    internal static TimeSpan? ReadSpan(string? text, List<string> errors)
    {
        if (text is null)
        {
            return null;
        }

        if (TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero && span < TimeSpan.FromDays(24))
        {
            return span;
        }

        errors.Add($"for '{text}' is no time above zero and below 24 days: write it as 00:10:00.");
        return null;
    }

    private int Fail(List<string> errors)
    {
        _console.WriteErrors(errors);
        return ExitCode.BadInput;
    }
}
