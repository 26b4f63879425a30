using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrossHedgeLean.Tests.Launcher;
using QuantConnect.Brokerages.CrossHedge.Journal;
using QuantConnect.Orders;

namespace CrossHedgeLean.Tests.Brokerages.Journal;

/// <summary>Records and files that the journal's tests share.</summary>
internal static class Journals
{
    public const string ConfiguredFor = "binance-spot = PaperBrokerage binance:spot; bybit = PaperBrokerage bybit:perpetual bybit:spot";
    public const string Account = "bybit";
    public const string Bitcoin = "bybit:perpetual:BTCUSDT";

    public static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static JournalSettings Settings { get; } = new(ConfiguredFor, ["binance-spot", Account]);

    public static JournalRecord Intent(string clientId, int orderId, DateTime timeUtc, decimal quantity = 0.5m, int run = 1)
        => JournalRecord.Intent(timeUtc, run, Account, orderId, clientId, Bitcoin, quantity, 60_000.10m, "hedge");

    /// <summary>An order from its intent to its end.</summary>
    public static IEnumerable<JournalRecord> Life(string clientId, int orderId, DateTime timeUtc, decimal quantity = 0.5m, int run = 1) =>
    [
        Intent(clientId, orderId, timeUtc, quantity, run),
        JournalRecord.HandedOver(timeUtc, Account, clientId),
        JournalRecord.Accepted(timeUtc, Account, clientId, [$"v-{clientId}"]),
        JournalRecord.Execution(timeUtc, Account, clientId, Bitcoin, quantity, 60_000m, 0.25m, "USDT", $"e-{clientId}", orderId),
        JournalRecord.Over(timeUtc, Account, clientId, OrderStatus.Filled),
    ];

    public static JournalRecord Run(int number, DateTime timeUtc) => JournalRecord.RunStarted(timeUtc, number, ConfiguredFor, Settings.Accounts);

    public static void Write(this IJournalStore store, params IEnumerable<JournalRecord> records)
    {
        store.Append(records.ToArray());
        store.Flush();
    }

    public static List<string> Texts(this IJournalStore store) => store.Read().Select(entry => entry.Record.ToString()).ToList();

    public static JournalState Fold(this IJournalStore store)
    {
        var state = new JournalState();
        foreach (var (_, record) in store.Read())
        {
            state.Apply(record);
        }

        return state;
    }

    public static SqliteJournalStore OpenSqlite(this TestFolder folder, TimeProvider time, string name = "journal.db", string configuration = ConfiguredFor)
        => SqliteJournalStore.Open(folder[name], configuration, time);

    /// <summary>Copies a journal as a process that is killed leaves it.</summary>
    public static void CopyParts(string from, string to)
    {
        foreach (var part in new[] { "", "-wal", "-mark" }.Where(part => File.Exists(from + part)))
        {
            using var source = new FileStream(from + part, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var target = File.Create(to + part);
            source.CopyTo(target);
        }
    }
}

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class StandingClock(DateTime utcNow) : TimeProvider
{
    public DateTime UtcNow { get; set; } = utcNow;

    public override DateTimeOffset GetUtcNow() => new(UtcNow, TimeSpan.Zero);
}
