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
