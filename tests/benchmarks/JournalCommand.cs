using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.Journal;
using QuantConnect.Orders;

namespace CrossHedgeLean.Benchmarks;

/// <summary>What the journal costs an order, how many orders a second it takes, and how long a start takes with many in it.</summary>
internal static class JournalCommand
{
    private const int Orders = 100_000;
    private const int Singles = 10_000;
    private const int Intents = 100_000;
    private const int InFlight = 64;

    private static readonly JournalSettings Settings = new("benchmark", ["binance-spot", "bybit"]);

    private static readonly Option<string> Commit = new("--commit") { Description = "The commit measured, for the record.", Required = true };
    private static readonly Option<FileInfo> Output = new("--out") { Description = "The record to write.", Required = true };
    private static readonly Option<DirectoryInfo> Folder = new("--folder") { Description = "On the disk to measure; a folder of its own is made there and removed. Default: the working directory." };

    public static Command Create()
    {
        var command = new Command("journal", "One journalled order, orders a second, start and compaction with 100,000 orders.") { Commit, Output, Folder };
        command.SetAction(arguments =>
        {
            var folder = Path.Combine(arguments.GetValue(Folder)?.FullName ?? Environment.CurrentDirectory, $"journal-benchmark-{Environment.ProcessId}");
            Directory.CreateDirectory(folder);
            try
            {
                var single = MeasureSingle(Path.Combine(folder, "single.db"));
                var sustained = MeasureSustained(Path.Combine(folder, "sustained.db"));
                var (start, records, bytes, compaction, bytesAfter) = MeasureStart(Path.Combine(folder, "start.db"));
                BenchmarkTools.Write(arguments.GetRequiredValue(Output), new
                {
                    commit = arguments.GetRequiredValue(Commit),
                    machine = BenchmarkTools.Machine,
                    oneOrder = new { orders = Singles, medianMilliseconds = BenchmarkTools.Median(single), percentile99Milliseconds = Percentile99(single), limitMedianMilliseconds = 1 },
                    sustained = new { intents = Intents, inFlight = InFlight, perSecond = sustained, limitPerSecond = 1000 },
                    start = new { orders = Orders, records, megabytes = Megabytes(bytes), seconds = start, limitSeconds = 3 },
                    compaction = new { seconds = compaction, megabytesAfter = Megabytes(bytesAfter) },
                });
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
        return command;
    }

    /// <summary>From the moment somebody writes an intent until it is told that it is durable, one after the other.</summary>
    private static List<double> MeasureSingle(string path)
    {
        var lanes = new ThreadLanes(TimeProvider.System);
        using var journal = Open(path, lanes);
        using var durable = new SemaphoreSlim(0);
        var milliseconds = new List<double>();
        for (var i = -500; i < Singles; i++)
        {
            var began = Stopwatch.GetTimestamp();
            journal.Write(Intent(journal, journal.ClientIdOf(i + 501), i + 501, lanes.Time.GetUtcNow().UtcDateTime), _ => durable.Release());
            durable.Wait();
            if (i >= 0)
            {
                milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        Close(journal, lanes);
        return milliseconds;
    }

    /// <summary>Intents a second with so many under way at a time.</summary>
    private static double MeasureSustained(string path)
    {
        var lanes = new ThreadLanes(TimeProvider.System);
        using var journal = Open(path, lanes);
        using var free = new SemaphoreSlim(InFlight);
        var began = Stopwatch.GetTimestamp();
        for (var i = 1; i <= Intents; i++)
        {
            free.Wait();
            journal.Write(Intent(journal, journal.ClientIdOf(i), i, lanes.Time.GetUtcNow().UtcDateTime), _ => free.Release());
        }

        for (var i = 0; i < InFlight; i++)
        {
            free.Wait();
        }

        var perSecond = Math.Round(Intents / Stopwatch.GetElapsedTime(began).TotalSeconds);
        Close(journal, lanes);
        return perSecond;
    }

    /// <summary>Opening and reading a journal of so many orders of a run that has ended, all within the time that is kept; then without it.</summary>
    private static (double Start, long Records, long Bytes, double Compaction, long BytesAfter) MeasureStart(string path)
    {
        var lanes = new ThreadLanes(TimeProvider.System);
        using (var journal = Open(path, lanes))
        {
            for (var i = 1; i <= Orders; i++)
            {
                foreach (var record in Life(journal, journal.ClientIdOf(i), i, lanes.Time.GetUtcNow().UtcDateTime))
                {
                    journal.Write(record);
                }

                if (i % 1000 == 0)
                {
                    lanes.WaitUntil(() => journal.Waiting == 0, TimeSpan.FromMinutes(1));
                }
            }

            Close(journal, lanes);
        }

        var bytes = new FileInfo(path).Length;
        var starts = new List<double>();
        long records = 0;
        for (var i = 0; i < 5; i++)
        {
            var began = Stopwatch.GetTimestamp();
            using var journal = Open(path, lanes);
            starts.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            records = journal.Totals.Sum(total => total.Executions);
            Close(journal, lanes);
        }

        using var store = SqliteJournalStore.Open(path, Settings.Configuration, lanes.Time);
        records = store.Read().LongCount();
        var compacting = Stopwatch.GetTimestamp();
        store.Compact(DateTime.MaxValue.ToUniversalTime());
        return (BenchmarkTools.Median(starts), records, bytes, Math.Round(Stopwatch.GetElapsedTime(compacting).TotalSeconds, 3), new FileInfo(path).Length);
    }

    private static OrderJournal Open(string path, ILanes lanes)
        => OrderJournal.Open(path, Settings, lanes);

    private static void Close(OrderJournal journal, ThreadLanes lanes)
    {
        journal.End();
        journal.Dispose();
        lanes.WaitUntil(() => journal.IsClosed, TimeSpan.FromMinutes(1));
    }

    private static JournalRecord Intent(OrderJournal journal, string clientId, int orderId, DateTime nowUtc)
        => JournalRecord.Intent(nowUtc, journal.Run, "bybit", orderId, clientId, "bybit:perpetual:BTCUSDT", 0.125m, 61_234.5m, "hedge BTC 1");

    private static IEnumerable<JournalRecord> Life(OrderJournal journal, string clientId, int orderId, DateTime nowUtc)
    {
        yield return Intent(journal, clientId, orderId, nowUtc);
        yield return JournalRecord.HandedOver(nowUtc, "bybit", clientId);
        yield return JournalRecord.Accepted(nowUtc, "bybit", clientId, [$"venue-{orderId}"]);
        yield return JournalRecord.Execution(nowUtc, "bybit", clientId, "bybit:perpetual:BTCUSDT", 0.125m, 61_234.5m, 4.2098m, "USDT", $"e{orderId}", orderId);
        yield return JournalRecord.Over(nowUtc, "bybit", clientId, OrderStatus.Filled);
    }

    private static double Percentile99(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return Math.Round(sorted[(int)Math.Ceiling(sorted.Length * 0.99) - 1], 3);
    }

    private static double Megabytes(long bytes) => Math.Round(bytes / 1e6, 2);
}
