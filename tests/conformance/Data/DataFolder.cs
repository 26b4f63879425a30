using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace CrossHedgeLean.Conformance.Data;

/// <summary>An instrument in the terms of LEAN's data folder.</summary>
/// <param name="Market">LEAN's name of the market.</param>
/// <param name="Type">"crypto" or "cryptofuture".</param>
/// <param name="Ticker">LEAN's ticker.</param>
public sealed record Feed(string Market, string Type, string Ticker)
{
    /// <summary>A spot pair.</summary>
    public static Feed Spot(string market, string ticker) => new(market, "crypto", ticker);

    /// <summary>A linear perpetual.</summary>
    public static Feed Perpetual(string market, string ticker) => new(market, "cryptofuture", ticker);
}

/// <summary>Writes a LEAN data folder row by row, and keeps the hash of what it wrote.</summary>
public sealed class DataFolder : IDisposable
{
    private static readonly DateTimeOffset s_zipTime = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <param name="path">An empty folder.</param>
    public DataFolder(string path)
    {
        Path = path;
    }

    /// <summary>Where LEAN is to read from.</summary>
    public string Path { get; private set; }

    /// <summary>The hash of names and contents of all files, as lower-case hexadecimal SHA-256.</summary>
    public string Hash() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Reads from a folder that is already there instead of from the one given; hashes all its files.</summary>
    public void UseExisting(string path)
    {
        Path = path;
        HashFolder();
    }

    /// <summary>Hashes all files below <see cref="Path"/>, zip files by their contents.</summary>
    public void HashFolder()
    {
        var files = Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories)
            .Select(file => (Name: System.IO.Path.GetRelativePath(Path, file).Replace('\\', '/'), File: file))
            .OrderBy(x => x.Name, StringComparer.Ordinal);
        foreach (var (name, file) in files)
        {
            if (!file.EndsWith(".zip", StringComparison.Ordinal))
            {
                Hash(name, File.ReadAllBytes(file));
                continue;
            }

            using var zip = ZipFile.OpenRead(file);
            foreach (var entry in zip.Entries)
            {
                using var stream = entry.Open();
                using var buffer = new MemoryStream();
                stream.CopyTo(buffer);
                Hash(name + "#" + entry.FullName, buffer.ToArray());
            }
        }
    }

    /// <summary>Market hours and symbol properties of the instruments that the cases trade.</summary>
    public DataFolder WithDatabases()
    {
        WriteText("market-hours/market-hours-database.json", Databases.MarketHours());
        WriteText("symbol-properties/symbol-properties-database.csv", Databases.SymbolProperties());
        return this;
    }

    /// <summary>A file of trades: rows of milliseconds since midnight and a bar.</summary>
    public DataFolder Trades(Feed feed, DateTime date, IEnumerable<(int Milliseconds, WalkBar Bar)> rows, string resolution = "minute")
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Write(feed, date, resolution, "trade", rows.Select(row => string.Join(
            ',', Text(row.Milliseconds), Text(row.Bar.Open), Text(row.Bar.High), Text(row.Bar.Low), Text(row.Bar.Close), Text(row.Bar.Volume))));
    }

    /// <summary>A file of quotes: the bid at the bars, the ask <paramref name="spread"/> above.</summary>
    public DataFolder Quotes(Feed feed, DateTime date, IEnumerable<(int Milliseconds, WalkBar Bar)> rows, decimal spread, string resolution = "minute")
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Write(feed, date, resolution, "quote", rows.Select(row => string.Join(
            ',', Text(row.Milliseconds), Text(row.Bar.Open), Text(row.Bar.High), Text(row.Bar.Low), Text(row.Bar.Close), Text(row.Bar.Volume),
            Text(row.Bar.Open + spread), Text(row.Bar.High + spread), Text(row.Bar.Low + spread), Text(row.Bar.Close + spread), Text(row.Bar.Volume + 1))));
    }

    /// <summary>Funding rates with the times from which they hold.</summary>
    public DataFolder Funding(Feed feed, params (DateTime Time, decimal Rate)[] rates)
    {
        ArgumentNullException.ThrowIfNull(feed);
        ArgumentNullException.ThrowIfNull(rates);
        var text = string.Concat(rates.Select(x =>
            x.Time.ToString("yyyyMMdd HH:mm:ss", CultureInfo.InvariantCulture) + "," + Text(x.Rate) + "\n"));
        WriteText($"{feed.Type}/{feed.Market}/margin_interest/{feed.Ticker.ToLowerInvariant()}.csv", text);
        return this;
    }

    /// <summary>
    /// Minutes of trades, and of quotes when <paramref name="spread"/> is given, for some days from one walk.
    /// </summary>
    /// <param name="feed">The instrument.</param>
    /// <param name="from">The first day.</param>
    /// <param name="days">Number of days.</param>
    /// <param name="walk">The prices.</param>
    /// <param name="spread">Ask minus bid in quote currency; null for no quotes. The bid is half of it below the trade.</param>
    /// <param name="hasTrade">Whether the minute of that index (over all days) has a trade row; null for always.</param>
    /// <param name="hasQuote">The same for quotes.</param>
    public DataFolder Minutes(
        Feed feed, DateTime from, int days, PriceWalk walk, decimal? spread = null, Func<int, bool>? hasTrade = null, Func<int, bool>? hasQuote = null)
    {
        ArgumentNullException.ThrowIfNull(walk);
        const int Minutes = 1440;
        for (var day = 0; day < days; day++)
        {
            var rows = walk.Take(Minutes).Select((bar, i) => (Index: (day * Minutes) + i, Milliseconds: i * 60_000, Bar: bar)).ToArray();
            var trades = rows.Where(x => hasTrade == null || hasTrade(x.Index)).Select(x => (x.Milliseconds, x.Bar)).ToArray();
            if (trades.Length > 0)
            {
                Trades(feed, from.AddDays(day), trades);
            }

            if (spread == null)
            {
                continue;
            }

            var half = spread.Value / 2;
            var quotes = rows.Where(x => hasQuote == null || hasQuote(x.Index))
                .Select(x => (x.Milliseconds, x.Bar with { Open = x.Bar.Open - half, High = x.Bar.High - half, Low = x.Bar.Low - half, Close = x.Bar.Close - half }))
                .ToArray();
            if (quotes.Length > 0)
            {
                Quotes(feed, from.AddDays(day), quotes, spread.Value);
            }
        }

        return this;
    }

    /// <inheritdoc />
    public void Dispose() => _hash.Dispose();

    private DataFolder Write(Feed feed, DateTime date, string resolution, string kind, IEnumerable<string> rows)
    {
        ArgumentNullException.ThrowIfNull(feed);
        var ticker = feed.Ticker.ToLowerInvariant();
        var day = date.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var suffix = feed.Type == "cryptofuture" ? "_perp" : string.Empty;
        var entryName = $"{day}_{ticker}_{resolution}_{kind}{suffix}.csv";
        var name = $"{feed.Type}/{feed.Market}/{resolution}/{ticker}/{day}_{kind}.zip";
        var content = Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => row + "\n")));
        var file = Prepare(name);
        using (var zip = ZipFile.Open(file, ZipArchiveMode.Create))
        {
            var entry = zip.CreateEntry(entryName, CompressionLevel.Fastest);
            entry.LastWriteTime = s_zipTime;
            using var stream = entry.Open();
            stream.Write(content);
        }

        Hash(name + "#" + entryName, content);
        return this;
    }

    private void WriteText(string name, string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        File.WriteAllBytes(Prepare(name), content);
        Hash(name, content);
    }

    private string Prepare(string name)
    {
        var file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        return file;
    }

    private void Hash(string name, byte[] content)
    {
        _hash.AppendData(Encoding.UTF8.GetBytes(name + "\n"));
        _hash.AppendData(content);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(decimal value) => StateLines.Text(value);
}
