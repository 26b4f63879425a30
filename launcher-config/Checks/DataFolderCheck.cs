using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Checks;

/// <summary>
/// Looks at a data folder before a run: what the run needs is there, and every row in its range can be read. The engines
/// themselves skip what they cannot read, and a run with half of its data looks like any other.
/// </summary>
public sealed class DataFolderCheck
{
    private const int MaximumFileErrors = 20;
    private const string Remedy = "Fetch or generate the file again, or leave the day out with --from and --to.";

    private const string FundingRemedy =
        "Its funding is unknown in this run, not zero: add the venue's rates to the file, as rows of yyyyMMdd HH:mm:ss,rate in UTC.";

    private const string LauncherRemedy = "Give LEAN's data folder with --data, or leave --data away to use generated sample data.";

    private readonly string _folder;
    private readonly string _accountCurrency = "";
    private readonly IReadOnlyList<InstrumentId> _instruments;
    private readonly HashSet<InstrumentId> _conversions;
    private readonly DateTime _from;
    private readonly DateTime _to;
    private readonly string _resolution = "";
    private readonly List<string> _errors = [];
    private readonly List<string> _fileErrors = [];
    private readonly List<string> _notices = [];
    private readonly HashSet<DateTime> _coveredDays = [];
    private readonly HashSet<InstrumentId> _unknown = [];
    private byte[] _buffer = [];

    private string FolderRemedy { get; init; } = LauncherRemedy;

    private DataFolderCheck(string folder, IReadOnlyList<InstrumentId> instruments)
    {
        _folder = Path.GetFullPath(folder);
        _instruments = instruments;
        _conversions = [];
    }

    private DataFolderCheck(string folder, HedgeConfiguration configuration)
        : this(folder, configuration.Instruments.Concat(configuration.Conversions).Distinct().ToList())
    {
        _accountCurrency = configuration.AccountCurrency;
        _conversions = configuration.Conversions.Except(configuration.Instruments).ToHashSet();
        _from = configuration.From;
        _to = configuration.To;
        _resolution = configuration.Resolution;
    }

    /// <summary>Checks everything that a run of <paramref name="configuration"/> reads from <paramref name="folder"/>.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="configuration">What is run.</param>
    /// <param name="remedy">What to do if it is no data folder at all; null: what the launcher's options can do.</param>
    public static CheckResult Run(string folder, HedgeConfiguration configuration, string? remedy = null)
    {
        var check = new DataFolderCheck(folder, configuration) { FolderRemedy = remedy ?? LauncherRemedy };
        if (check.CheckFolder())
        {
            check.CheckMarketHours();
            check.CheckSymbolProperties();
            foreach (var instrument in check._instruments)
            {
                check.CheckInstrument(instrument);
            }

            check.CheckEnds();
        }

        var rest = check._fileErrors.Count - MaximumFileErrors;
        var errors = check._errors.Concat(check._fileErrors.Take(MaximumFileErrors));
        return new CheckResult(
            (rest > 0 ? errors.Append($"{rest} more files have errors.") : errors).ToList(),
            check._notices);
    }

    /// <summary>
    /// Checks only that the folder knows the instruments: what can be said beside the errors of a configuration that
    /// cannot run.
    /// </summary>
    public static CheckResult RunSymbols(string folder, IReadOnlyList<InstrumentId> instruments)
    {
        var check = new DataFolderCheck(folder, instruments);
        if (check.CheckFolder())
        {
            check.CheckMarketHours();
            check.CheckSymbolProperties();
        }

        return new CheckResult(check._errors, check._notices);
    }

    /// <summary>LEAN's name of the security type, as data folders and databases spell it.</summary>
    internal static string SecurityType(InstrumentId instrument) => instrument.Route.Kind == InstrumentKind.Spot ? "crypto" : "cryptofuture";

    private bool CheckFolder()
    {
        if (File.Exists(_folder))
        {
            _errors.Add($"{_folder} is a file, not a data folder. {FolderRemedy}");
        }
        else if (!Directory.Exists(_folder))
        {
            _errors.Add($"The data folder {_folder} does not exist. {FolderRemedy}");
        }
        else if (!Directory.EnumerateFileSystemEntries(_folder).Any())
        {
            _errors.Add($"The data folder {_folder} is empty. {FolderRemedy}");
        }
        else if (!new[] { "crypto", "cryptofuture", "market-hours", "symbol-properties" }.Any(name => Directory.Exists(Path.Combine(_folder, name))))
        {
            _errors.Add($"{_folder} is not a LEAN data folder: it has none of crypto, cryptofuture, market-hours, symbol-properties. {FolderRemedy}");
        }

        return _errors.Count == 0;
    }

    private void CheckMarketHours()
    {
        var path = Path.Combine(_folder, "market-hours", "market-hours-database.json");
        if (!File.Exists(path))
        {
            _errors.Add($"{path} is missing. Copy it from LEAN's Data folder, or from one made by 'data generate'.");
            return;
        }

        try
        {
            using var stream = File.OpenRead(path);
            using var document = JsonDocument.Parse(
                stream,
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("entries", out var entries)
                || entries.ValueKind != JsonValueKind.Object)
            {
                _errors.Add($"{path} has no object 'entries'. Copy the file from LEAN's Data folder.");
                return;
            }

            var keys = entries.EnumerateObject().Select(entry => entry.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var route in _instruments.GroupBy(instrument => instrument.Route))
            {
                var prefix = $"{(route.Key.Kind == InstrumentKind.Spot ? "Crypto" : "CryptoFuture")}-{route.Key.Market}-";
                var without = route.Where(instrument => !keys.Contains(prefix + "[*]") && !keys.Contains(prefix + instrument.Ticker)).ToList();
                if (without.Count > 0)
                {
                    _errors.Add($"{path} has no entry {prefix}[*], which {string.Join(", ", without)} needs. Add it, or copy the file from LEAN's Data folder.");
                }
            }
        }
        catch (JsonException error)
        {
            _errors.Add($"{path} is not JSON: line {error.LineNumber + 1}, position {error.BytePositionInLine + 1}. Copy the file from LEAN's Data folder.");
        }
    }

    private void CheckSymbolProperties()
    {
        var path = SymbolPropertiesFile.PathIn(_folder);
        if (!File.Exists(path))
        {
            _errors.Add($"{path} is missing. Copy it from LEAN's Data folder, or from one made by 'data generate'.");
            return;
        }

        var file = SymbolPropertiesFile.Read(_folder);
        foreach (var instrument in _instruments)
        {
            if (file.Check(instrument) is { } error)
            {
                _errors.Add(error);
                _unknown.Add(instrument);
            }
        }
    }

    private void CheckInstrument(InstrumentId instrument)
    {
        var ticker = instrument.Ticker.ToLowerInvariant();
        var venueFolder = Path.Combine(_folder, SecurityType(instrument), instrument.Route.Market);
        var folder = Path.Combine(venueFolder, _resolution, ticker);
        var trades = FindDays(folder, "trade");
        var quotes = FindDays(folder, "quote");
        var days = trades.Keys.Union(quotes.Keys).Order().ToList();
        var tradesInRange = InRange(trades.Keys);
        var quotesInRange = InRange(quotes.Keys);
        var covered = tradesInRange.Union(quotesInRange).ToHashSet();
        _coveredDays.UnionWith(covered);
        if (covered.Count == 0)
        {
            // A mistyped symbol has no data either; one error is enough.
            if (_unknown.Contains(instrument))
            {
                return;
            }

            var what = $"{instrument} has no {_resolution} data from {Day(_from)} to {Day(_to)} in {folder}";
            _errors.Add(_conversions.Contains(instrument)
                ? $"{what}, and it is to price the underlying in {_accountCurrency}: {OtherMarkets(instrument, ticker)}"
                : $"{what}: {WhatIsThere(venueFolder, ticker, days)}");
            return;
        }

        var missing = Days().Where(day => !covered.Contains(day)).ToList();
        if (missing.Count > 0)
        {
            _notices.Add($"{instrument} has no data on {Ranges(missing)}; its last price counts as stale there.");
        }

        if (quotesInRange.Count == 0 && !_conversions.Contains(instrument))
        {
            _notices.Add($"{instrument} has no quotes from {Day(_from)} to {Day(_to)}: its orders fill at trade prices, without a spread.");
        }
        else if (tradesInRange.Count == 0 && !_conversions.Contains(instrument))
        {
            _notices.Add($"{instrument} has no trades from {Day(_from)} to {Day(_to)}, only quotes.");
        }

        foreach (var day in tradesInRange)
        {
            CheckZip(instrument, trades[day], isTrades: true);
        }

        foreach (var day in quotesInRange)
        {
            CheckZip(instrument, quotes[day], isTrades: false);
        }

        if (instrument.Route.Kind != InstrumentKind.Spot)
        {
            CheckFunding(instrument, Path.Combine(venueFolder, "margin_interest", ticker + ".csv"));
        }
    }

    /// <summary>Days at either end on which nothing has data: the dates are wrong. Between days with data it is a hole, and a notice.</summary>
    private void CheckEnds()
    {
        if (_coveredDays.Count == 0)
        {
            return;
        }

        var (first, last) = (_coveredDays.Min(), _coveredDays.Max());
        var outside = Days().Where(day => day < first || day > last).ToList();
        if (outside.Count > 0)
        {
            _errors.Add($"No instrument has {_resolution} data on {Ranges(outside)} in {_folder}: there is {Day(first)} to {Day(last)} of what was asked for. Choose days of these with --from and --to.");
        }
    }

    private void CheckZip(InstrumentId instrument, string path, bool isTrades)
    {
        try
        {
            using var archive = ZipFile.OpenRead(path);
            if (archive.Entries.Count == 0)
            {
                _fileErrors.Add($"{instrument}: {path} is an empty zip. {Remedy}");
                return;
            }

            var length = ReadEntry(archive.Entries[0]);
            var content = _buffer.AsSpan(0, length);
            var problem = isTrades ? RowCheck.Trades(content, out var rows) : RowCheck.Quotes(content, out rows);
            if (problem is not null)
            {
                _fileErrors.Add($"{instrument}: {path}, line {problem.Line}: {problem.Problem} ('{problem.Text}'). {Remedy}");
            }
            else if (rows == 0)
            {
                _fileErrors.Add($"{instrument}: {path} has no rows. {Remedy}");
            }
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            _fileErrors.Add($"{instrument}: {path} cannot be read as a zip ({error.Message}). {Remedy}");
        }
    }

    private int ReadEntry(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var length = 0;
        while (true)
        {
            if (length == _buffer.Length)
            {
                Array.Resize(ref _buffer, Math.Max(256 * 1024, _buffer.Length * 2));
            }

            var read = stream.Read(_buffer, length, _buffer.Length - length);
            if (read == 0)
            {
                return length;
            }

            length += read;
        }
    }

    private void CheckFunding(InstrumentId instrument, string path)
    {
        if (!File.Exists(path))
        {
            _notices.Add($"{instrument} has no funding rates: {path} is missing. {FundingRemedy}");
            return;
        }

        var problem = RowCheck.Funding(File.ReadAllBytes(path), _from, _to.AddDays(1), out var rows);
        if (problem is not null)
        {
            _fileErrors.Add($"{instrument}: {path}, line {problem.Line}: {problem.Problem} ('{problem.Text}'). Correct the row or fetch the file again.");
        }
        else if (rows == 0)
        {
            _notices.Add($"{instrument} has no funding rates from {Day(_from)} to {Day(_to)} in {path}. {FundingRemedy}");
        }
    }

    private string OtherMarkets(InstrumentId instrument, string ticker)
    {
        var markets = Route.Known
            .Where(route => route.Kind == InstrumentKind.Spot && route != instrument.Route)
            .Select(route => route.Market)
            .Where(market => Directory.Exists(Path.Combine(_folder, "crypto", market, _resolution, ticker)))
            .ToList();
        return markets.Count > 0
            ? $"{string.Join(" and ", markets)} {(markets.Count > 1 ? "have" : "has")} the pair. Give --set conversion-market={markets[0]}."
            : "no market has the pair. Add its data, or choose an account-currency that a traded spot pair is quoted in.";
    }

    private string WhatIsThere(string venueFolder, string ticker, List<DateTime> days)
    {
        if (days.Count > 0)
        {
            return $"there is {Ranges(days)}. Choose days of these with --from and --to.";
        }

        var other = _resolution == "minute" ? "second" : "minute";
        if (Directory.Exists(Path.Combine(venueFolder, other, ticker)))
        {
            return $"there are {other} data. Give --set resolution={other}.";
        }

        var folder = Path.Combine(venueFolder, _resolution);
        var tickers = Directory.Exists(folder)
            ? Directory.EnumerateDirectories(folder).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal).ToList()
            : [];
        return tickers.Count > 0
            ? $"there is {string.Join(", ", tickers.Take(8))}{(tickers.Count > 8 ? " and more" : "")}. Choose one of these, or add the data."
            : "there are no data of this venue. Choose another venue, or add the data.";
    }

    private Dictionary<DateTime, string> FindDays(string folder, string tickType)
    {
        var days = new Dictionary<DateTime, string>();
        if (!Directory.Exists(folder))
        {
            return days;
        }

        foreach (var path in Directory.EnumerateFiles(folder, $"*_{tickType}.zip"))
        {
            if (DateTime.TryParseExact(
                Path.GetFileName(path).AsSpan(0, 8),
                "yyyyMMdd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var day))
            {
                days[day] = path;
            }
        }

        return days;
    }

    private List<DateTime> InRange(IEnumerable<DateTime> days) => days.Where(day => day >= _from && day <= _to).Order().ToList();

    private IEnumerable<DateTime> Days() => Enumerable.Range(0, (_to - _from).Days + 1).Select(day => _from.AddDays(day));

    private static string Day(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Days in order as ranges: 2025-01-01 to 2025-01-03, 2025-01-07.</summary>
    private static string Ranges(List<DateTime> days)
    {
        const int shown = 5;
        var ranges = new List<string>();
        for (var start = 0; start < days.Count;)
        {
            var end = start;
            while (end + 1 < days.Count && days[end + 1] == days[end].AddDays(1))
            {
                end++;
            }

            ranges.Add(end == start ? Day(days[start]) : $"{Day(days[start])} to {Day(days[end])}");
            start = end + 1;
        }

        return string.Join(", ", ranges.Take(shown)) + (ranges.Count > shown ? string.Create(CultureInfo.InvariantCulture, $" and {ranges.Count - shown} more spans") : "");
    }
}
