using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json;
using CrossHedgeLean.Framework;
using CrossHedgeLean.Recording;

namespace CrossHedgeLean.Reports;

/// <summary>What a run kept with <c>backtest --out</c>, read again: all of it, or none and the reason.</summary>
internal sealed class RunFolder
{
    public const string Result = "result.json";
    public const string OrderEvents = "order-events.csv";
    public const string Equity = "equity.csv";
    public const string Accounts = "accounts.csv";
    public const string Residuals = "residuals.csv";
    public const string Decisions = "decisions.log";

    public const string Remedy = "make it anew with backtest --out DIR";

    private readonly Dictionary<string, IReadOnlyList<SeriesRow>> _series = new(StringComparer.Ordinal);

    private RunFolder(string path, JsonElement json) => (Path, Json) = (path, json);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The result, as it stands in its file; see <see cref="ResultJson"/>.</summary>
    public JsonElement Json { get; }

    /// <summary>Equity at each time step.</summary>
    public IReadOnlyList<(DateTime TimeUtc, decimal Equity)> EquityLines { get; private set; } = [];

    /// <summary>The accounts about once an hour.</summary>
    public IReadOnlyList<(DateTime TimeUtc, string Account, decimal Equity, decimal InitialMargin, decimal MaintenanceMargin, decimal? Distance)> AccountLines { get; private set; } = [];

    /// <summary>Every residual outside its band.</summary>
    public IReadOnlyList<(DateTime TimeUtc, string Group, decimal Residual, decimal Tolerance)> ResidualLines { get; private set; } = [];

    /// <summary>The order events that filled something.</summary>
    public IReadOnlyList<(DateTime TimeUtc, int Order, string Instrument, string Status, decimal Quantity, decimal Price, decimal Fee, string FeeCurrency)> Fills { get; private set; } = [];

    /// <summary>Lines of the decision log.</summary>
    public long DecisionLines { get; private set; }

    /// <summary>The decision log's hash, made again from its lines.</summary>
    public string DecisionLogHash { get; private set; } = "";

    /// <summary>The rows of one kind.</summary>
    public IReadOnlyList<T> Rows<T>()
        where T : SeriesRow
        => [.. _series.Values.SelectMany(rows => rows).OfType<T>()];

    /// <summary>Reads a folder, or the result in it.</summary>
    /// <param name="path">The folder, or its result.json.</param>
    /// <param name="error">What is wrong, with the remedy.</param>
    /// <returns>Null if anything is.</returns>
    public static RunFolder? Read(string path, out string error)
    {
        var folder = File.Exists(path) ? System.IO.Path.GetDirectoryName(path)! : path;
        var file = File.Exists(path) ? path : System.IO.Path.Combine(folder, Result);
        if (!File.Exists(file))
        {
            error = $"result {path} is neither a folder of a run nor its {Result}: {Remedy}, and give DIR.";
            return null;
        }

        try
        {
            var run = new RunFolder(folder, Checked(file));
            run.CheckFiles();
            run.ReadFiles();
            error = "";
            return run;
        }
        catch (BadResultException wrong)
        {
            error = $"result {wrong.Message}";
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            error = $"result {file} cannot be read: {wrong.Message}";
        }

        return null;
    }

    private static JsonElement Checked(string file)
    {
        JsonElement json;
        try
        {
            json = JsonElement.Parse(File.ReadAllBytes(file));
        }
        catch (JsonException wrong)
        {
            throw new BadResultException(string.Create(CultureInfo.InvariantCulture, $"{file} is cut short or no result: no JSON from line {wrong.LineNumber + 1} on; {Remedy}."));
        }

        var format = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("format", out var given) && given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var number) ? number : 0;
        if (format != ResultJson.Format)
        {
            var which = format == 0 ? "no format, as those of earlier versions" : string.Create(CultureInfo.InvariantCulture, $"format {format}");
            throw new BadResultException(string.Create(
                CultureInfo.InvariantCulture,
                $"{file} has {which}, and this version reads format {ResultJson.Format}: {Remedy} of this version, or use the version that made it."));
        }

        if (!json.TryGetProperty("files", out var files) || files.ValueKind != JsonValueKind.Object || !files.EnumerateObject().Any() || files.EnumerateObject().Any(listed => listed.Value.ValueKind != JsonValueKind.Number || !listed.Value.TryGetInt64(out _)))
        {
            throw new BadResultException($"{file} stands alone, without the files that tell the run over time: {Remedy}.");
        }

        return json;
    }

    private void CheckFiles()
    {
        var listed = Json.GetProperty("files").EnumerateObject().ToDictionary(file => file.Name, file => file.Value.GetInt64());
        foreach (var name in SeriesRow.Files.Concat([OrderEvents, Equity, Accounts, Residuals, Decisions]))
        {
            if (!listed.TryGetValue(name, out var bytes))
            {
                throw new BadResultException($"{System.IO.Path.Combine(Path, Result)} does not list {name}: {Remedy}.");
            }

            var file = new FileInfo(System.IO.Path.Combine(Path, name));
            if (!file.Exists)
            {
                throw new BadResultException($"{file.FullName} is missing: {Remedy}, and keep its files together.");
            }

            if (file.Length != bytes)
            {
                var how = file.Length < bytes ? "cut short" : "not the run's";
                throw new BadResultException(string.Create(CultureInfo.InvariantCulture, $"{file.FullName} is {how}: it has {file.Length} bytes of {bytes}; copy it again, or {Remedy}."));
            }
        }
    }

    private void ReadFiles()
    {
        EquityLines = ReadLines(Equity, EquityLine.Header, EquityLine.Read);
        AccountLines = ReadLines(Accounts, AccountLine.Header, AccountLine.Read);
        ResidualLines = ReadLines(Residuals, ResidualLine.Header, ResidualLine.Read);
        Fills = [.. ReadLines(OrderEvents, OrderEventLine.Header, OrderEventLine.Read).Where(line => line.Quantity != 0m)];
        foreach (var file in SeriesRow.Files)
        {
            _series.Add(file, ReadLines(file, SeriesRow.HeaderOf(file), line => SeriesRow.Read(file, line)));
        }

        (DecisionLines, DecisionLogHash) = HashDecisions();
    }

    private List<T> ReadLines<T>(string name, string header, Func<string, T> read)
    {
        var file = System.IO.Path.Combine(Path, name);
        var lines = new List<T>();
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (number == 1)
            {
                if (line != header)
                {
                    throw new BadResultException($"{file} begins with '{line}' and not with '{header}': {Remedy} of this version.");
                }

                continue;
            }

            try
            {
                lines.Add(read(line));
            }
            catch (Exception wrong) when (wrong is FormatException or OverflowException)
            {
                throw new BadResultException(string.Create(CultureInfo.InvariantCulture, $"{file}, line {number}: {wrong.Message} Copy it again, or {Remedy}."));
            }
        }

        return number > 0 ? lines : throw new BadResultException($"{file} is empty: {Remedy}.");
    }

    /// <summary>As <see cref="Hedging.DecisionLog"/> does it: all lines but the header, each with its end.</summary>
    private (long Lines, string Hash) HashDecisions()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = File.OpenRead(System.IO.Path.Combine(Path, Decisions));
        var buffer = new byte[1 << 16];
        var (count, inHeader) = (0L, true);
        for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            var bytes = buffer.AsSpan(0, read);
            if (inHeader)
            {
                var end = bytes.IndexOf((byte)'\n');
                inHeader = end < 0;
                bytes = end < 0 ? [] : bytes[(end + 1)..];
            }

            count += bytes.Count((byte)'\n');
            hash.AppendData(bytes);
        }

        return (count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private sealed class BadResultException(string message) : Exception(message);
}
