using System;
using System.Buffers;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using CrossHedgeLean.Drills;
using CrossHedgeLean.Hosting;
using CrossHedgeLean.Reports;

namespace CrossHedgeLean.Commands;

/// <summary><c>drill</c>: runs shipped scenarios and says whether their stated outcome held.</summary>
internal sealed class DrillCommand
{
    private readonly LauncherConsole _console;

    private readonly Argument<string[]> _names = new("NAME")
    {
        Description = $"The drills to run: {string.Join(", ", Drill.Names)}.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _all = new("--all") { Description = "Runs every drill." };
    private readonly Option<bool> _json = new("--json") { Description = "Prints the result as one JSON object, alone on standard output." };

    private DrillCommand(LauncherConsole console) => _console = console;

    /// <summary>Makes the command.</summary>
    public static Command Create(LauncherConsole console)
    {
        var drill = new DrillCommand(console);
        var command = new Command("drill", "Runs shipped scenarios and says whether their stated outcome held, beside the same book without its hedge and, on LEAN, beside stock LEAN.")
        {
            drill._names,
            drill._all,
            drill._json,
        };
        command.SetAction(drill.Run);
        return command;
    }

    /// <summary>Makes the command by which a drill runs its book on stock LEAN, in a process of its own: not for people.</summary>
    public static Command CreateStock()
    {
        var (config, data, trades) = (Text("--config"), Text("--data"), Text("--trades"));
        var (until, output) = (Text("--until"), Text("--out"));
        var command = new Command(DrillRunner.StockCommand, "Runs the book of a drill on the engine's own models.") { config, data, trades, until, output };
        command.Hidden = true;
        command.SetAction(parse =>
        {
            using var configuration = JsonDocument.Parse(File.ReadAllText(parse.GetRequiredValue(config)));
            var parameters = configuration.RootElement.GetProperty("parameters").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);
            var result = StockResult.Measure(
                parse.GetRequiredValue(data),
                parameters,
                StockTrade.Read(parse.GetRequiredValue(trades), DrillResult.TimeOf(parse.GetRequiredValue(until))));
            File.WriteAllText(parse.GetRequiredValue(output), JsonSerializer.Serialize(result));
            return ExitCode.Done;
        });
        return command;

        static Option<string> Text(string name) => new(name) { Required = true };
    }

    private int Run(ParseResult parse)
    {
        var given = parse.GetValue(_names) ?? [];
        var errors = given.Where(name => !Drill.Names.Contains(name)).Select(name => $"drill '{name}' is unknown: use {string.Join(", ", Drill.Names)}.").ToList();
        if (parse.GetValue(_all) == given.Length > 0)
        {
            errors.Add($"give either names or --all; drills are {string.Join(", ", Drill.Names)}.");
        }

        if (errors.Count > 0)
        {
            _console.WriteErrors(errors);
            return ExitCode.BadInput;
        }

        var isJson = parse.GetValue(_json);
        var engine = BacktestEngines.Create().Info;
        (isJson ? _console.Error : _console.Output).WriteLine(EngineLine.For(engine));
        var folder = Directory.CreateTempSubdirectory("crosshedge-drill-").FullName;
        try
        {
            var runner = new DrillRunner(folder, ownProcess: engine.Source != "sim");
            var outcomes = new List<DrillOutcome>();
            foreach (var name in parse.GetValue(_all) ? Drill.Names : given)
            {
                outcomes.Add(runner.Run(Drill.Read(name)));
                if (!isJson)
                {
                    Write(outcomes[^1]);
                }
            }

            if (isJson)
            {
                _console.Output.WriteLine(Json(outcomes));
            }
            else
            {
                _console.Output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{outcomes.Count(outcome => outcome.Passes)} of {outcomes.Count} drills passed."));
            }

            return outcomes.TrueForAll(outcome => outcome.Passes) ? ExitCode.Done : ExitCode.RunFailed;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Write(DrillOutcome outcome)
    {
        var output = _console.Output;
        output.WriteLine($"{(outcome.Passes ? "pass" : "FAIL")}  {outcome.Drill.Name}: {outcome.Drill.About}");
        output.WriteLine($"      {outcome.Drill.Outcome}");
        if (outcome.Error is { } error)
        {
            output.WriteLine($"      {error.Trim()}");
        }

        foreach (var finding in outcome.Findings)
        {
            output.WriteLine($"      {(finding.Holds ? "held " : "FAILS")}  {finding.Text}: {finding.Figures}");
        }

        if (outcome is { Hedged: { } hedged, Unhedged: { } unhedged })
        {
            output.WriteLine($"      {Book("this book", hedged)}; {Book("without its hedge", unhedged)}");
            output.WriteLine(outcome.Stock is { } stock
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"      stock LEAN, which sees none of it: {stock.Change:+0.00%;-0.00%}, drawdown {stock.Drawdown:0.00%}, {stock.MarginCalls} margin calls{(stock.Refused == 0 ? "" : $", {stock.Refused} orders refused")}")
                : "      beside stock LEAN only on LEAN");
        }
    }

    private static string Book(string name, DrillResult result) => string.Create(
        CultureInfo.InvariantCulture, $"{name} {result.Change:+0.00%;-0.00%}, drawdown {result.Drawdown:0.00%}, {result.Liquidations} liquidations");

    private static string Json(List<DrillOutcome> outcomes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteNumber("passed", outcomes.Count(outcome => outcome.Passes));
        json.WriteStartArray("drills");
        foreach (var outcome in outcomes)
        {
            json.WriteStartObject();
            json.WriteString("drill", outcome.Drill.Name);
            json.WriteBoolean("passes", outcome.Passes);
            json.WriteString("outcome", outcome.Drill.Outcome);
            json.WriteString("error", outcome.Error);
            json.WriteStartArray("checks");
            foreach (var finding in outcome.Findings)
            {
                json.WriteStartObject();
                json.WriteString("check", finding.Text);
                json.WriteBoolean("holds", finding.Holds);
                json.WriteString("seen", finding.Figures);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            WriteBook(json, "hedged", outcome.Hedged);
            WriteBook(json, "unhedged", outcome.Unhedged);
            WriteStock(json, outcome.Stock);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteStock(Utf8JsonWriter json, StockResult? stock)
    {
        if (stock is null)
        {
            json.WriteNull("stockLean");
            return;
        }

        json.WriteStartObject("stockLean");
        json.WriteNumber("equityChange", Math.Round(stock.Change, 9));
        json.WriteNumber("maxDrawdown", Math.Round(stock.Drawdown, 9));
        json.WriteNumber("marginCalls", stock.MarginCalls);
        json.WriteNumber("refusedOrders", stock.Refused);
        json.WriteEndObject();
    }

    private static void WriteBook(Utf8JsonWriter json, string name, DrillResult? result)
    {
        if (result is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("equityChange", Math.Round(result.Change, 9));
        json.WriteNumber("maxDrawdown", Math.Round(result.Drawdown, 9));
        json.WriteNumber("liquidations", result.Liquidations);
        json.WriteEndObject();
    }
}
