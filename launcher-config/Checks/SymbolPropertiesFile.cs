using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Checks;

/// <summary>The symbols of LEAN's symbol-properties-database.csv: market, symbol, type.</summary>
internal sealed class SymbolPropertiesFile
{
    private readonly Dictionary<(string Market, string Type), List<string>> _tickers = [];

    private SymbolPropertiesFile(string path) => Path = path;

    /// <summary>Where the file is or should be.</summary>
    public string Path { get; }

    /// <summary>Where a data folder has the file.</summary>
    public static string PathIn(string dataFolder) => System.IO.Path.Combine(dataFolder, "symbol-properties", "symbol-properties-database.csv");

    /// <summary>Reads the file of a data folder, which must exist.</summary>
    public static SymbolPropertiesFile Read(string dataFolder)
    {
        var file = new SymbolPropertiesFile(PathIn(dataFolder));
        foreach (var line in File.ReadLines(file.Path))
        {
            var first = line.IndexOf(',');
            var second = first < 0 ? -1 : line.IndexOf(',', first + 1);
            var third = second < 0 ? -1 : line.IndexOf(',', second + 1);
            if (third < 0 || line[0] == '#')
            {
                continue;
            }

            var key = (line[..first].ToLowerInvariant(), line[(second + 1)..third].ToLowerInvariant());
            if (!file._tickers.TryGetValue(key, out var tickers))
            {
                file._tickers[key] = tickers = [];
            }

            tickers.Add(line[(first + 1)..second]);
        }

        return file;
    }

    /// <summary>What is wrong with an instrument; null if the file has it.</summary>
    public string? Check(InstrumentId instrument)
    {
        var type = DataFolderCheck.SecurityType(instrument);
        var tickers = _tickers.GetValueOrDefault((instrument.Route.Market, type), []);
        if (tickers.Any(ticker => ticker == "[*]" || string.Equals(ticker, instrument.Ticker, StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var suggestions = NearNames.Of(instrument.Ticker, tickers)
            .Select(ticker => new InstrumentId(instrument.Route, ticker).ToString())
            .Concat(Route.Known
                .Where(route => route != instrument.Route)
                .Select(route => instrument with { Route = route })
                .Where(other => _tickers.GetValueOrDefault((other.Route.Market, DataFolderCheck.SecurityType(other)), [])
                    .Contains(instrument.Ticker, StringComparer.OrdinalIgnoreCase))
                .Select(other => other.ToString()))
            .Take(6)
            .ToList();
        var hint = suggestions.Count > 0
            ? $"near it are {string.Join(", ", suggestions)}"
            : $"it has {tickers.Count} symbols of {instrument.Route}";
        return $"{instrument} is not in {Path}: {hint}. Correct the symbol, or add its row to the file.";
    }
}
