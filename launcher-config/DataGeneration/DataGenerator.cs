using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace CrossHedgeLean.DataGeneration;

/// <summary>What a generation wrote.</summary>
/// <param name="Folder">The data folder.</param>
/// <param name="Files">Number of zips.</param>
/// <param name="Rows">Number of trade and quote rows.</param>
public sealed record GeneratedData(string Folder, int Files, long Rows);

/// <summary>
/// Writes a folder of made-up market data in LEAN's layout, complete enough for LEAN to run from it alone: trades and quotes,
/// funding rates, market hours and symbol properties. The same options give the same bytes on each run and machine.
/// </summary>
public static class DataGenerator
{
    /// <summary>The file at the root of a generated folder that holds the options; written last.</summary>
    public const string MarkerFile = "generated.json";

    /// <summary>Raised whenever the same options give other bytes.</summary>
    public const int Version = 1;

    private static readonly string[] WeekDays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    /// <summary>
    /// Generates into <paramref name="folder"/>, which must not hold files yet. The data are written to a folder beside it and
    /// moved there when complete, so that an interrupted run leaves nothing that looks like data.
    /// </summary>
    /// <param name="options">What to generate.</param>
    /// <param name="folder">The data folder to make.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    /// <exception cref="ArgumentException">The options are wrong (all errors in the message).</exception>
    /// <exception cref="IOException">The folder exists and holds files.</exception>
    public static GeneratedData Generate(GeneratorOptions options, string folder, Action<double>? progress = null)
    {
        var errors = options.Validate();
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));
        }

        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(target))
        {
            if (Directory.EnumerateFileSystemEntries(target).Any())
            {
                throw new IOException($"{target} already holds files: give another folder or delete it.");
            }

            Directory.Delete(target);
        }

        var partial = target + ".partial";
        if (Directory.Exists(partial))
        {
            Directory.Delete(partial, recursive: true);
        }

        try
        {
            Directory.CreateDirectory(partial);
            var (files, rows) = WriteMarketData(options, partial, progress);
            WriteMarketHours(options, partial);
            WriteSymbolProperties(options, partial);
            WriteMarker(options, partial);
            Directory.Move(partial, target);
            progress?.Invoke(1.0);
            return new GeneratedData(target, files, rows);
        }
        catch
        {
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }

            throw;
        }
    }

    /// <summary>Writes what an engine must know of every instrument that the generator knows, market hours and symbol properties, and no data.</summary>
    /// <param name="folder">A folder that is there and empty.</param>
    public static void WriteRules(string folder)
    {
        var everything = new GeneratorOptions { Venues = GeneratorInstrument.KnownRoutes, Pairs = GeneratorInstrument.Known.Select(instrument => instrument.Ticker).Distinct().ToList() };
        WriteMarketHours(everything, folder);
        WriteSymbolProperties(everything, folder);
    }

    /// <summary>Reads the options that a folder was generated with; null if it was not generated or its marker is unreadable.</summary>
    public static GeneratorOptions? ReadMarker(string folder, out int version)
    {
        version = 0;
        var path = Path.Combine(folder, MarkerFile);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            version = root.GetProperty("generator").GetInt32();
            return new GeneratorOptions
            {
                FromUtc = DateTime.ParseExact(
                    root.GetProperty("from").GetString()!,
                    "yyyy-MM-dd",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
                Days = root.GetProperty("days").GetInt32(),
                Seed = root.GetProperty("seed").GetInt64(),
                Venues = root.GetProperty("venues").EnumerateArray().Select(venue => venue.GetString()!).ToList(),
                Pairs = root.GetProperty("pairs").EnumerateArray().Select(pair => pair.GetString()!).ToList(),
                Resolution = root.GetProperty("resolution").GetString()!,
                Extras = root.TryGetProperty("extras", out var extras) ? extras.GetString()! : "",
            };
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static (int Files, long Rows) WriteMarketData(GeneratorOptions options, string folder, Action<double>? progress)
    {
        var isMinute = options.Resolution == "minute";
        var barsPerMinute = isMinute ? 1 : 60;
        var substepsPerBar = isMinute ? 6 : 2;
        var coins = options.Instruments().GroupBy(instrument => instrument.BaseCoin).ToList();
        var files = 0;
        var rows = 0L;
        for (var coin = 0; coin < coins.Count; coin++)
        {
            var common = new CommonPrice(coins[coin].Key, options.Seed, barsPerMinute * substepsPerBar);
            var feeds = coins[coin]
                .Select(instrument => (Instrument: instrument, Feed: new VenueFeed(instrument, options.Seed, barsPerMinute, substepsPerBar, options.Moves, options.Funding.GetValueOrDefault(instrument.Name))))
                .ToList();
            for (var day = 0; day < options.Days; day++)
            {
                var dayUtc = options.FromUtc.AddDays(day);
                common.NextDay();
                foreach (var (instrument, feed) in feeds)
                {
                    feed.NextDay(common, dayUtc);
                    WriteZip(folder, instrument, options.Resolution, dayUtc, "trade", feed.Trades);
                    WriteZip(folder, instrument, options.Resolution, dayUtc, "quote", feed.Quotes);
                    files += 2;
                }

                progress?.Invoke((coin + ((day + 1.0) / options.Days)) / coins.Count);
            }

            foreach (var (instrument, feed) in feeds)
            {
                rows += feed.Rows;
                if (instrument.IsPerpetual)
                {
                    var directory = Path.Combine(folder, instrument.SecurityType, instrument.Market, "margin_interest");
                    Directory.CreateDirectory(directory);
                    WriteBytes(Path.Combine(directory, instrument.Ticker.ToLowerInvariant() + ".csv"), feed.Funding.Content);
                }
            }
        }

        return (files, rows);
    }

    private static void WriteZip(
        string folder,
        GeneratorInstrument instrument,
        string resolution,
        DateTime dayUtc,
        string tickType,
        RowBuffer rows)
    {
        var ticker = instrument.Ticker.ToLowerInvariant();
        var day = dayUtc.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var directory = Path.Combine(folder, instrument.SecurityType, instrument.Market, resolution, ticker);
        Directory.CreateDirectory(directory);
        var suffix = instrument.IsPerpetual ? "_perp" : "";
        StoredZip.Write(Path.Combine(directory, $"{day}_{tickType}.zip"), $"{day}_{ticker}_{resolution}_{tickType}{suffix}.csv", rows.Content);
    }

    private static void WriteMarketHours(GeneratorOptions options, string folder)
    {
        var keys = options.Instruments()
            .Select(instrument => $"{(instrument.IsPerpetual ? "CryptoFuture" : "Crypto")}-{instrument.Market}-[*]")
            .Distinct()
            .Order(StringComparer.Ordinal);
        Directory.CreateDirectory(Path.Combine(folder, "market-hours"));
        using var stream = new FileStream(Path.Combine(folder, "market-hours", "market-hours-database.json"), FileMode.CreateNew);
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteStartObject("entries");
        foreach (var key in keys)
        {
            json.WriteStartObject(key);
            json.WriteString("dataTimeZone", "UTC");
            json.WriteString("exchangeTimeZone", "UTC");
            foreach (var weekDay in WeekDays)
            {
                json.WriteStartArray(weekDay);
                json.WriteStartObject();
                json.WriteString("start", "00:00:00");
                json.WriteString("end", "1.00:00:00");
                json.WriteString("state", "market");
                json.WriteEndObject();
                json.WriteEndArray();
            }

            json.WriteStartArray("holidays");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSymbolProperties(GeneratorOptions options, string folder)
    {
        var text = new StringBuilder();
        text.Append("market,symbol,type,description,quote_currency,contract_multiplier,minimum_price_variation,lot_size,");
        text.Append("market_ticker,minimum_order_size,price_magnifier,strike_multiplier\n");
        foreach (var instrument in options.Instruments())
        {
            text.Append(instrument.SymbolPropertiesRow).Append('\n');
        }

        Directory.CreateDirectory(Path.Combine(folder, "symbol-properties"));
        WriteBytes(Path.Combine(folder, "symbol-properties", "symbol-properties-database.csv"), Encoding.ASCII.GetBytes(text.ToString()));
    }

    private static void WriteMarker(GeneratorOptions options, string folder)
    {
        using var stream = new FileStream(Path.Combine(folder, MarkerFile), FileMode.CreateNew);
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteNumber("generator", Version);
        json.WriteString("from", options.FromUtc.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteNumber("days", options.Days);
        json.WriteNumber("seed", options.Seed);
        WriteList(json, "venues", options.Venues);
        WriteList(json, "pairs", options.Pairs);
        json.WriteString("resolution", options.Resolution);
        if (options.Extras.Length > 0)
        {
            json.WriteString("extras", options.Extras);
        }

        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteBytes(string path, ReadOnlySpan<byte> content)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        stream.Write(content);
    }
}
