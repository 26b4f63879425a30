using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Linq;
using CrossHedgeLean.Checks;

namespace CrossHedgeLean.Commands;

/// <summary>The command line as a whole.</summary>
public static class LauncherCommands
{
    private const string Program = "dotnet run --project launcher-config --";

    /// <summary>Parses and runs one command line; the result is the exit code.</summary>
    public static int Run(string[] arguments, LauncherConsole console)
    {
        var root = Create(console);
        var parse = Parse(root, arguments);
        if (parse.Errors.Count > 0 && parse.Action is not HelpWithExamples)
        {
            console.WriteErrors(Describe(parse));
            console.Error.WriteLine($"See {Program} {CommandPath(parse)}--help");
            return ExitCode.BadInput;
        }

        try
        {
            return parse.Invoke(new InvocationConfiguration
            {
                Output = console.Output,
                Error = console.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception error)
        {
            console.WriteErrors([$"{error.GetType().Name}: {error.Message}"]);
            return ExitCode.RunFailed;
        }
    }

    /// <summary>Parses a command line as <see cref="Run"/> does.</summary>
    internal static ParseResult Parse(RootCommand root, IReadOnlyList<string> arguments)
        => root.Parse(arguments, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });

    /// <summary>Makes the whole command line.</summary>
    internal static RootCommand Create(LauncherConsole console)
    {
        var backtest = BacktestCommand.Create(console);
        var generate = GenerateCommand.Create(console);
        var data = new Command("data", "Market data.") { generate };
        var episodes = EpisodesCommand.Create(console);
        var drill = DrillCommand.Create(console);
        var exchange = ExchangeCommand.Create(console);
        var live = LiveCommand.Create(console);
        var report = ReportCommand.Create(console);
        var workspace = WorkspaceCommand.Create(console);
        var root = new RootCommand("CrossHedge: one LEAN algorithm, hedged across several crypto venues.") { backtest, report, live, drill, DrillCommand.CreateStock(), exchange, data, episodes, workspace };
        var configuration = ConfigurationCommand.Create(console, () => root);
        root.Add(configuration);

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, command => ExamplesOf(command, root, backtest, report, live, drill, exchange, data, generate, episodes, workspace, configuration));
        root.SetAction(parse => ShowHelp(parse, help));
        data.SetAction(parse => ShowHelp(parse, help));
        workspace.SetAction(parse => ShowHelp(parse, help));
        return root;
    }

    /// <summary>A command that only holds others was called: its help, and bad input.</summary>
    private static int ShowHelp(ParseResult parse, HelpOption help)
    {
        ((HelpWithExamples)help.Action!).Invoke(parse);
        return ExitCode.BadInput;
    }

    private static string CommandPath(ParseResult parse)
    {
        var path = "";
        for (var result = parse.CommandResult; result.Parent is CommandResult parent; result = parent)
        {
            path = result.Command.Name + " " + path;
        }

        return path;
    }

    /// <summary>What is wrong, and for a mistyped word what may have been meant.</summary>
    private static IEnumerable<string> Describe(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var names = command.Subcommands.Select(subcommand => subcommand.Name).Concat(command.Options.Select(option => option.Name)).ToList();
        foreach (var error in parse.Errors)
        {
            var wrong = parse.UnmatchedTokens.FirstOrDefault(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal));
            var near = wrong is null ? [] : NearNames.Of(wrong, names);
            yield return near.Count > 0 ? $"{error.Message} Did you mean {string.Join(" or ", near)}?" : error.Message;
        }
    }

    private static string[] ExamplesOf(Command command, RootCommand root, Command backtest, Command report, Command live, Command drill, Command exchange, Command data, Command generate, Command episodes, Command workspace, Command configuration)
    {
        if (command == backtest)
        {
            return
            [
                "backtest",
                "backtest --from 2025-01-03 --to 2025-01-05 --set BTC.ratio=0.5",
                "backtest --latency 00:00:01 --set bybit.cash=USDT:20000 --set bybit.perpetual-fees=0.0002/0.0005",
                "backtest --config launcher-config/real-day.json --data DIR --out out/real-day",
                "backtest --scenario one-venue-outage",
                "backtest --json > result.json",
            ];
        }

        if (command == report)
        {
            return
            [
                "report results",
                "report results --open",
                "report out/real-day/result.json --out out/real-day.html",
            ];
        }

        if (command == live)
        {
            return
            [
                "live --config launcher-config/live-two-venues.json",
                "live --config launcher-config/live-three-venues.json --scenario outage.json --for 00:10:00",
                "live --config launcher-config/live-real-venues.json --observe",
                "live --config launcher-config/live-two-venues.json --for 00:01:00 --flatten --json > session.json",
            ];
        }

        if (command == generate || command == data)
        {
            return
            [
                "data generate",
                "data generate --out data/90 --days 90 --seed 7",
                "data generate --out data/three --venues binance:spot,kraken:spot,bybit:perpetual --pairs BTCUSDT,BTCUSD",
            ];
        }

        if (command == drill)
        {
            return
            [
                "drill --all",
                "drill one-venue-outage ftx-2022",
                "drill --all --json > drills.json",
            ];
        }

        if (command == exchange)
        {
            return
            [
                "exchange --config launcher-config/live-two-venues.json",
                "exchange --config launcher-config/live-two-venues.json --scenario outage.json --log exchange.log --for 00:10:00",
                "exchange --config launcher-config/live-two-venues.json --prices replay --data DIR --speed 60",
            ];
        }

        if (command == episodes)
        {
            return
            [
                "episodes",
                "episodes --seeds 5000",
                "episodes --replay 17",
                "episodes --json > episodes.json",
            ];
        }

        if (command == workspace || workspace.Subcommands.Contains(command))
        {
            return
            [
                "workspace check",
                "workspace check ../my-workspace/CrossHedgeLean --image-framework net10.0 --tier team",
                "workspace cloud --out ../my-workspace",
            ];
        }

        if (command == configuration)
        {
            return ["configuration", "configuration --out docs/configuration.md"];
        }

        return command == root ? ["backtest", "backtest --out results", "report results --open", "backtest --help", "live --config launcher-config/live-two-venues.json", "data generate --out data/90 --days 90", "drill --all", "episodes --seeds 1000"] : [];
    }

    /// <summary>The usual help, then examples that can be copied.</summary>
    private sealed class HelpWithExamples(HelpAction help, Func<Command, string[]> examplesOf) : SynchronousCommandLineAction
    {
        /// <inheritdoc />
        public override int Invoke(ParseResult parseResult)
        {
            help.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examplesOf(parseResult.CommandResult.Command))
            {
                output.WriteLine($"  {Program} {example}");
            }

            return ExitCode.Done;
        }
    }
}
