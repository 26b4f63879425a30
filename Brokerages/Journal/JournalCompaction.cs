using System;
using System.Collections.Generic;

namespace QuantConnect.Brokerages.CrossHedge.Journal;

/// <summary>What can go out of a journal, and the sums that stay for it. The rules are the same for every store.</summary>
internal static class JournalCompaction
{
    /// <summary>Decides.</summary>
    /// <param name="entries">All records, in their order.</param>
    /// <param name="keepFromUtc">An order whose last record is since then is kept whole, as is everything else since then.</param>
    /// <param name="nowUtc">Time of the summary.</param>
    /// <returns>
    /// Stretches to take away, first and last sequence, without one that is kept between; and the summary of them, which
    /// takes the place of the very first. No stretch: nothing is to be done.
    /// </returns>
    public static (IReadOnlyList<(long First, long Last)> Removed, JournalRecord? Summary) Plan(IEnumerable<JournalEntry> entries, DateTime keepFromUtc, DateTime nowUtc)
    {
        var read = new List<Line>();
        var orders = new Dictionary<string, OrderFate>(StringComparer.Ordinal);
        var observed = new Dictionary<(string, string), int>();
        var run = 0;
        var firstOfRun = 0;
        foreach (var (sequence, record) in entries)
        {
            var line = new Line(sequence, record.Kind, record.TimeUtc);
            switch (record.Kind)
            {
                case JournalRecordKind.RunStarted:
                    run = Math.Max(run, record.Run!.Value);
                    firstOfRun = read.Count;
                    break;
                case JournalRecordKind.RunEnded:
                    // Its last word is kept with its first, so that how it ended is still known.
                    line.Weighs = record;
                    break;
                case JournalRecordKind.Summary:
                    run = Math.Max(run, record.Run!.Value);
                    line.Weighs = record;
                    break;
                case JournalRecordKind.Execution or JournalRecordKind.Transfer:
                    line.Weighs = record;
                    break;
                case JournalRecordKind.Position or JournalRecordKind.Balance:
                    if (observed.TryGetValue((record.Account!, record.Instrument ?? record.Currency!), out var earlier))
                    {
                        read[earlier].IsOutdated = true;
                    }

                    observed[(record.Account!, record.Instrument ?? record.Currency!)] = read.Count;
                    break;
            }

            if (record.ClientId is { } clientId)
            {
                line.Order = FateOf(orders, clientId);
                line.Order.Take(record, read.Count);
            }

            read.Add(line);
        }

        return Choose(read, firstOfRun, run, keepFromUtc, nowUtc);
    }

    private static (IReadOnlyList<(long First, long Last)> Removed, JournalRecord? Summary) Choose(List<Line> read, int firstOfRun, int run, DateTime keepFromUtc, DateTime nowUtc)
    {
        // The last run has ended only if nothing but its end is the last that was written.
        var hasEnded = read.Count > 0 && read[^1].Kind == JournalRecordKind.RunEnded;
        var endOfOld = hasEnded ? read.Count : firstOfRun;
        var removed = new List<(long First, long Last)>();
        var totals = new JournalTotals();
        var goes = new bool[read.Count];
        var told = new HashSet<(string, string, string)>();
        var staying = new HashSet<(string, string, string)>();
        for (var i = 0; i < read.Count; i++)
        {
            goes[i] = read[i].Kind == JournalRecordKind.Summary || MayGo(read[i], i, read.Count, firstOfRun, endOfOld, keepFromUtc);
            if (!goes[i] && read[i].Execution is { } id)
            {
                staying.Add(id);
            }
        }

        var gone = new HashSet<OrderFate>();
        long orders = 0;
        var summaries = 0;
        var isOpenStretch = false;
        for (var i = 0; i < read.Count; i++)
        {
            var line = read[i];
            var weight = line.Weighs;
            // Of an execution that is told twice all stay or all go: else it would count once more.
            if (!goes[i] || (line.Execution is { } id && staying.Contains(id)))
            {
                isOpenStretch = false;
                continue;
            }

            if (weight is not null && (line.Execution is not { } execution || told.Add(execution)))
            {
                totals.Add(weight);
            }

            summaries += line.Kind == JournalRecordKind.Summary ? 1 : 0;
            orders += weight is { Kind: JournalRecordKind.Summary } ? weight.Orders!.Value : line.Order is not null && gone.Add(line.Order) ? 1 : 0;
            if (isOpenStretch)
            {
                removed[^1] = (removed[^1].First, line.Sequence);
            }
            else
            {
                removed.Add((line.Sequence, line.Sequence));
                isOpenStretch = true;
            }
        }

        var isWorthIt = removed.Count > 1 || (removed.Count == 1 && (summaries == 0 || removed[0].First != removed[0].Last));
        return isWorthIt ? (removed, JournalRecord.Summary(nowUtc, run, orders, totals.All)) : ([], null);
    }

    private static bool MayGo(Line line, int index, int count, int firstOfRun, int endOfOld, DateTime keepFromUtc)
    {
        if (index >= endOfOld || line.TimeUtc >= keepFromUtc || index == firstOfRun)
        {
            return false;
        }

        return line.Kind switch
        {
            JournalRecordKind.Position or JournalRecordKind.Balance => line.IsOutdated,
            JournalRecordKind.RunEnded => index != count - 1,
            JournalRecordKind.Doubt or JournalRecordKind.Trust => false,
            _ => line.Order is not { } order || (!order.IsOpen && order.LastIndex < endOfOld && order.LastUtc < keepFromUtc),
        };
    }

    private static OrderFate FateOf(Dictionary<string, OrderFate> orders, string clientId)
    {
        if (!orders.TryGetValue(clientId, out var fate))
        {
            orders.Add(clientId, fate = new OrderFate());
        }

        return fate;
    }

    private sealed class Line(long sequence, JournalRecordKind kind, DateTime timeUtc)
    {
        public long Sequence => sequence;

        public JournalRecordKind Kind => kind;

        public DateTime TimeUtc => timeUtc;

        public OrderFate? Order { get; set; }

        public JournalRecord? Weighs { get; set; }

        public bool IsOutdated { get; set; }

        public (string Account, string Instrument, string Id)? Execution
            => Weighs is { Kind: JournalRecordKind.Execution, ExecutionId: { } id } ? (Weighs.Account!, Weighs.Instrument!, id) : null;
    }

    /// <summary>An order: open or not, as <see cref="JournalState"/> says, and when it was last spoken of.</summary>
    private sealed class OrderFate
    {
        public bool IsOpen { get; private set; }

        public int LastIndex { get; private set; }

        public DateTime LastUtc { get; private set; } = DateTime.MinValue;

        public void Take(JournalRecord record, int index)
        {
            IsOpen = record.Kind == JournalRecordKind.Intent || (IsOpen && !(record.Kind is JournalRecordKind.Refused or JournalRecordKind.Over || record is { Kind: JournalRecordKind.Resolved, Found: false }));
            LastIndex = index;
            LastUtc = record.TimeUtc > LastUtc ? record.TimeUtc : LastUtc;
        }
    }
}
