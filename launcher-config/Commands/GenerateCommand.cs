using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using CrossHedgeLean.DataGeneration;

namespace CrossHedgeLean.Commands;

/// <summary><c>data generate</c>: makes a data folder.</summary>
internal sealed class GenerateCommand
{
    private static readonly GeneratorOptions Defaults = new();

    private readonly LauncherConsole _console;

    private readonly Option<string> _out = new("--out")
    {
        Description = "The data folder to make; it must not hold files yet.",
        HelpName = "DIR",
        DefaultValueFactory = _ => SampleData.FolderName,
    };

    private readonly Option<string> _days = Text("--days", "N", "Number of whole days.", Defaults.Days.ToString(CultureInfo.InvariantCulture));
    private readonly Option<string> _seed = Text("--seed", "S", "The same seed gives the same bytes on each machine.", Defaults.Seed.ToString(CultureInfo.InvariantCulture));
    private readonly Option<string> _venues = Text("--venues", "LIST", $"Comma-separated, of {string.Join(", ", GeneratorInstrument.KnownRoutes)}.", string.Join(',', Defaults.Venues));
    private readonly Option<string> _pairs = Text("--pairs", "LIST", "Comma-separated tickers; each is generated at every venue that has it.", string.Join(',', Defaults.Pairs));
    private readonly Option<string> _resolution = Text("--resolution", "minute|second", "Length of the bars.", Defaults.Resolution);
    private readonly Option<string> _from = Text("--from", "D", "First day, yyyy-MM-dd.", Defaults.FromUtc.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    private readonly Option<string[]> _move = Texts(
        "--move", "COIN[@market:kind]=AT/OVER/SIZE", "A move of the price that is no chance, everywhere or at one venue, for good: as BTC@bybit:perpetual=06:00:00/00:10:00/0.008; may be given several times.");

    private readonly Option<string[]> _funding = Texts(
        "--funding", "INSTRUMENT=FILE", "Funding rates of a perpetual from a CSV file with the columns symbol, time, rate, as binance:perpetual:BTCUSDT=rates.csv, in place of made-up ones; may be given several times.");

    private readonly Option<string> _fundingZone = Text("--funding-ahead", "hh:mm:ss", "How far the times of these files are ahead of UTC.", "00:00:00");

    private GenerateCommand(LauncherConsole console) => _console = console;

    /// <summary>Makes the command.</summary>
    public static Command Create(LauncherConsole console)
    {
        var generate = new GenerateCommand(console);
        var command = new Command("generate", "Makes a folder of made-up but plausible market data in LEAN's layout, from which LEAN runs too.")
        {
            generate._out,
            generate._days,
            generate._seed,
            generate._venues,
            generate._pairs,
            generate._resolution,
            generate._from,
            generate._move,
            generate._funding,
            generate._fundingZone,
        };
        command.SetAction(generate.Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        var errors = new List<string>();
        var options = new GeneratorOptions
        {
            FromUtc = ReadDay(parse.GetValue(_from)!, errors),
            Days = (int)ReadNumber("days", parse.GetValue(_days)!, int.MaxValue, errors),
            Seed = ReadNumber("seed", parse.GetValue(_seed)!, long.MaxValue, errors),
            Venues = Split(parse.GetValue(_venues)!).Select(venue => venue.ToLowerInvariant()).ToList(),
            Pairs = Split(parse.GetValue(_pairs)!).Select(pair => pair.ToUpperInvariant()).ToList(),
            Resolution = parse.GetValue(_resolution)!,
            Moves = [.. (parse.GetValue(_move) ?? []).Select(text => ReadMove(text, errors)).OfType<PriceMove>()],
            Funding = ReadFunding(parse.GetValue(_funding) ?? [], parse.GetValue(_fundingZone)!, errors),
        };
        errors.AddRange(options.Validate());
        var folder = _console.FullPath(parse.GetValue(_out)!);
        if (File.Exists(folder))
        {
            errors.Add($"out {folder} is a file: give a folder that does not exist yet.");
        }
        else if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            var marker = DataGenerator.ReadMarker(folder, out var version);
            if (errors.Count == 0 && version == DataGenerator.Version && marker?.Description == options.Description)
            {
                _console.Output.WriteLine($"{folder} already holds these data: {options.Description}.");
                return ExitCode.Done;
            }

            errors.Add(marker is null
                ? $"out {folder} exists and is not empty: give another folder."
                : $"out {folder} holds other generated data ({marker.Description}): delete it, or give another folder.");
        }

        if (errors.Count > 0)
        {
            _console.WriteErrors(errors);
            return ExitCode.BadInput;
        }

        try
        {
            var progress = new ProgressLine(_console, "generating");
            var generated = DataGenerator.Generate(options, folder, progress.Report);
            progress.End();
            _console.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{generated.Folder}: {generated.Rows:N0} rows in {generated.Files:N0} files ({options.Description})."));
            return ExitCode.Done;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _console.WriteErrors([$"out {folder} cannot be made: {error.Message} Give a folder that you may write to."]);
            return ExitCode.BadInput;
        }
    }

    private static Option<string> Text(string name, string helpName, string description, string byDefault) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => byDefault,
    };

    private static Option<string[]> Texts(string name, string helpName, string description) => new(name)
    {
        HelpName = helpName,
        Description = description,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
    };

    private static PriceMove? ReadMove(string text, List<string> errors)
    {
        var move = PriceMove.Parse(text);
        if (move is null)
        {
            errors.Add($"move '{text}' is not COIN[@market:kind]=AT/OVER/SIZE, for example BTC@bybit:perpetual=06:00:00/00:10:00/0.008.");
        }

        return move;
    }

    private Dictionary<string, IReadOnlyList<(DateTime TimeUtc, decimal Rate)>> ReadFunding(string[] given, string ahead, List<string> errors)
    {
        var funding = new Dictionary<string, IReadOnlyList<(DateTime, decimal)>>();
        if (!ahead.Contains(':') || !TimeSpan.TryParseExact(ahead, "c", CultureInfo.InvariantCulture, out var zone))
        {
            errors.Add($"funding-ahead '{ahead}' is not a time as hh:mm:ss, for example 03:00:00.");
            return funding;
        }

        foreach (var text in given)
        {
            var equals = text.IndexOf('=');
            var name = text[..Math.Max(equals, 0)];
            if (!GeneratorInstrument.Known.Any(instrument => instrument.IsPerpetual && instrument.Name == name))
            {
                errors.Add($"funding '{text}' is not INSTRUMENT=FILE with a perpetual that the generator knows, for example binance:perpetual:BTCUSDT=rates.csv.");
            }
            else if (!File.Exists(_console.FullPath(text[(equals + 1)..])))
            {
                errors.Add($"funding {name}: there is no file {_console.FullPath(text[(equals + 1)..])}: give one with the columns symbol, time, rate.");
            }
            else
            {
                funding[name] = ReadRates(_console.FullPath(text[(equals + 1)..]), zone, errors);
            }
        }

        return funding;
    }

    /// <summary>Every row but a head that has no numbers; times are brought to UTC and to the full minute.</summary>
    private static List<(DateTime TimeUtc, decimal Rate)> ReadRates(string path, TimeSpan ahead, List<string> errors)
    {
        var rates = new List<(DateTime, decimal)>();
        var lines = File.ReadAllLines(path);
        for (var i = 0; i < lines.Length; i++)
        {
            var columns = lines[i].Split(',');
            if (columns.Length == 3
                && DateTime.TryParse(columns[1], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
                && decimal.TryParse(columns[2], NumberStyles.Float, CultureInfo.InvariantCulture, out var rate))
            {
                time -= ahead;
                rates.Add((time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMinute)), rate));
            }
            else if (i > 0)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"{path} line {i + 1}: '{lines[i]}' is not symbol, time, rate."));
                break;
            }
        }

        return rates;
    }

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static long ReadNumber(string name, string text, long maximum, List<string> errors)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= maximum)
        {
            return number;
        }

        errors.Add($"{name} '{text}' is not a whole number of 0 or more.");
        return 1;
    }

    private static DateTime ReadDay(string text, List<string> errors)
    {
        if (DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var day))
        {
            return day;
        }

        errors.Add($"from '{text}' is not a day as yyyy-MM-dd.");
        return Defaults.FromUtc;
    }
}
