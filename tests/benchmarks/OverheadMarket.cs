using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using CrossHedgeLean.DataGeneration;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Benchmarks;

/// <summary>
/// The instruments of the overhead benchmark, and made-up data for them. The generator knows two coins: each further two
/// coins get the series of another seed under their own names.
/// </summary>
internal static class OverheadMarket
{
    /// <summary>The market whose spot pairs convert currencies.</summary>
    public const string ConversionMarket = "binance";

    /// <summary>The first day, UTC.</summary>
    public static readonly DateTime Start = new GeneratorOptions().FromUtc;

    /// <summary>The primary's route first.</summary>
    public static readonly IReadOnlyList<Route> Routes =
    [
        new("binance", InstrumentKind.Spot),
        new("binance", InstrumentKind.LinearPerpetual),
        new("bybit", InstrumentKind.LinearPerpetual),
    ];

    private static readonly string[] Coins = ["BTC", "ETH", "BNB", "SOL", "XRP", "DOGE", "ADA", "LINK", "LTC", "AVAX"];
    private static readonly string[] Generated = ["BTCUSDT", "ETHUSDT"];

    /// <summary>How many coins there are.</summary>
    public static int MaximumPairs => Coins.Length;

    /// <summary>The coin of a pair.</summary>
    public static string CoinOf(int pair) => Coins[pair];

    /// <summary>A pair's instruments, the primary first.</summary>
    public static IReadOnlyList<InstrumentId> InstrumentsOf(int pair) => [.. Routes.Select(route => new InstrumentId(route, TickerOf(pair)))];

    /// <summary>Makes the data folder if it does not exist.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="pairs">How many pairs.</param>
    /// <param name="days">How many days.</param>
    /// <exception cref="IOException">The folder exists and lacks data that are asked for.</exception>
    public static void Prepare(string folder, int pairs, int days)
    {
        if (!Directory.Exists(folder))
        {
            var partial = folder + ".partial";
            for (var pair = 0; pair < pairs; pair += Generated.Length)
            {
                Generate(partial, pair, Math.Min(Generated.Length, pairs - pair), days);
            }

            Directory.Move(partial, folder);
        }

        foreach (var route in new[] { "crypto/binance", "cryptofuture/binance", "cryptofuture/bybit" })
        {
            var last = Path.Combine(folder, route, "minute", TickerOf(pairs - 1).ToLowerInvariant(), $"{Start.AddDays(days - 1):yyyyMMdd}_quote.zip");
            if (!File.Exists(last))
            {
                throw new IOException($"{last} is missing: the folder was made for fewer pairs or days; give another one or delete it.");
            }
        }
    }

    private static string TickerOf(int pair) => Coins[pair] + "USDT";

    private static void Generate(string folder, int firstPair, int pairs, int days)
    {
        var source = Directory.CreateTempSubdirectory("crosshedge-benchmarks-").FullName;
        try
        {
            var tickers = Generated.Take(pairs).ToArray();
            DataGenerator.Generate(
                new GeneratorOptions { Days = days, Seed = 1 + firstPair, Venues = [.. Routes.Select(route => route.ToString())], Pairs = tickers },
                source);
            foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                Take(file, folder, Path.GetRelativePath(source, file), tickers, firstPair);
            }
        }
        finally
        {
            Directory.Delete(source, recursive: true);
        }
    }

    /// <summary>Copies one generated file under the names of the pairs.</summary>
    private static void Take(string file, string folder, string path, string[] tickers, int firstPair)
    {
        var target = Path.Combine(folder, Rename(path, tickers, firstPair));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (path.EndsWith(".zip", StringComparison.Ordinal))
        {
            using var from = ZipFile.OpenRead(file);
            using var to = ZipFile.Open(target, ZipArchiveMode.Create);
            using var rows = from.Entries.Single().Open();
            using var copy = to.CreateEntry(Rename(from.Entries.Single().Name, tickers, firstPair), CompressionLevel.NoCompression).Open();
            rows.CopyTo(copy);
        }
        else if (path.EndsWith("symbol-properties-database.csv", StringComparison.Ordinal))
        {
            // One file for all pairs: the heading only once.
            File.AppendAllLines(target, File.ReadLines(file).Skip(firstPair == 0 ? 0 : 1).Select(row => Rename(row, tickers, firstPair)));
        }
        else if (path.EndsWith(".csv", StringComparison.Ordinal) || (firstPair == 0 && path != DataGenerator.MarkerFile))
        {
            File.Copy(file, target);
        }
    }

    private static string Rename(string text, string[] tickers, int firstPair)
    {
        for (var i = 0; i < tickers.Length; i++)
        {
            text = text.Replace(tickers[i], TickerOf(firstPair + i), StringComparison.Ordinal)
                .Replace(tickers[i].ToLowerInvariant(), TickerOf(firstPair + i).ToLowerInvariant(), StringComparison.Ordinal);
        }

        return text;
    }
}
