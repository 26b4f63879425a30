using System;
using System.Collections.Generic;
using System.Linq;

namespace QuantConnect.Brokerages.CrossHedge.Journal;

/// <summary>An order that is not over, and what is known of it.</summary>
/// <param name="Intent">As it was about to leave.</param>
internal sealed record OpenIntent(JournalRecord Intent)
{
    /// <summary>Our own id.</summary>
    public string ClientId => Intent.ClientId!;

    /// <summary>The run that sent it.</summary>
    public int Run => Intent.Run!.Value;

    /// <summary>The account.</summary>
    public string Account => Intent.Account!;

    /// <summary>LEAN's id in its run.</summary>
    public int OrderId => Intent.OrderId!.Value;

    /// <summary>As <c>market:kind:ticker</c>.</summary>
    public string Instrument => Intent.Instrument!;

    /// <summary>The whole order, contracts, signed, after changes.</summary>
    public decimal Quantity { get; init; }

    /// <summary>After changes; null: a market order.</summary>
    public decimal? Limit { get; init; }

    /// <summary>What traded, contracts, signed.</summary>
    public decimal Executed { get; init; }

    /// <summary>Whether it was given to its child; if not, its process may still have ended in the middle of that.</summary>
    public bool IsHandedOver { get; init; }

    /// <summary>Whether the venue has it for certain.</summary>
    public bool IsAccepted { get; init; }

    /// <summary>The venue's ids.</summary>
    public IReadOnlyList<string> VenueIds { get; init; } = [];

    /// <summary>Why nobody knows whether the venue has it; null: that is not in doubt.</summary>
    public string? Unknown { get; init; }

    /// <summary>Whether a cancel was sent.</summary>
    public bool IsCancelAsked { get; init; }

    /// <summary>Of its last record.</summary>
    public DateTime LastUtc { get; init; }
}

/// <summary>
/// What the records add up to: a fold, no I/O, no clock. Of an order that is over, or was never heard of, only executions
/// count; an execution with an id counts once, however often it is told. Not safe for several threads.
/// </summary>
internal sealed class JournalState
{
    private readonly Dictionary<string, OpenIntent> _open = new(StringComparer.Ordinal);
    private readonly HashSet<(string Account, string Instrument, string ExecutionId)> _executions = [];
    private readonly SortedDictionary<(string Account, string What), JournalRecord> _observed = [];

    /// <summary>The number of the last run; zero: there was none.</summary>
    public int Run { get; private set; }

    /// <summary>When the last run began.</summary>
    public DateTime RunStartedUtc { get; private set; } = DateTime.MinValue;

    /// <summary>Whether the last run ended in order.</summary>
    public bool HasRunEnded { get; private set; } = true;

    /// <summary>Why records that were once durable may be missing; null: everything is there, or a person said to go on.</summary>
    public string? Doubt { get; private set; }

    /// <summary>Sums of all that was recorded.</summary>
    public JournalTotals Totals { get; } = new();

    /// <summary>Orders that are not over, in the order of runs and LEAN's ids.</summary>
    public IReadOnlyList<OpenIntent> Open => _open.Values.OrderBy(intent => intent.Run).ThenBy(intent => intent.OrderId).ThenBy(intent => intent.ClientId, StringComparer.Ordinal).ToArray();

    /// <summary>The last observation of each position and balance.</summary>
    public IReadOnlyList<JournalRecord> Observed => _observed.Values.ToArray();

    /// <summary>An order that is not over; null: it is over, or unknown here.</summary>
    public OpenIntent? Find(string clientId) => _open.GetValueOrDefault(clientId);

    /// <summary>Whether an execution is recorded, and not so old that it was compacted away.</summary>
    public bool HasExecution(string account, string instrument, string executionId) => _executions.Contains((account, instrument, executionId));

    /// <summary>Takes a record in.</summary>
    public void Apply(JournalRecord record)
    {
        switch (record.Kind)
        {
            case JournalRecordKind.RunStarted:
                Run = Math.Max(Run, record.Run!.Value);
                RunStartedUtc = record.TimeUtc;
                HasRunEnded = false;
                break;
            case JournalRecordKind.RunEnded:
                HasRunEnded = true;
                break;
            case JournalRecordKind.Doubt or JournalRecordKind.Trust:
                Doubt = record.Kind == JournalRecordKind.Doubt ? record.Text : null;
                break;
            case JournalRecordKind.Summary:
                Run = Math.Max(Run, record.Run!.Value);
                Totals.Add(record);
                break;
            case JournalRecordKind.Transfer:
                Totals.Add(record);
                break;
            case JournalRecordKind.Position or JournalRecordKind.Balance:
                _observed[(record.Account!, record.Instrument ?? record.Currency!)] = record;
                break;
            case JournalRecordKind.Intent:
                _open.TryAdd(record.ClientId!, new OpenIntent(record) { Quantity = record.Quantity!.Value, Limit = record.Limit, LastUtc = record.TimeUtc });
                break;
            case JournalRecordKind.Execution:
                if (record.ExecutionId is null || _executions.Add((record.Account!, record.Instrument!, record.ExecutionId)))
                {
                    Totals.Add(record);
                    ApplyToOrder(record);
                }

                break;
            case JournalRecordKind.Refused or JournalRecordKind.Over:
                _open.Remove(record.ClientId!);
                break;
            case JournalRecordKind.Resolved when !record.Found!.Value:
                _open.Remove(record.ClientId!);
                break;
            default:
                ApplyToOrder(record);
                break;
        }
    }

    private void ApplyToOrder(JournalRecord record)
    {
        if (record.ClientId is not { } clientId || !_open.TryGetValue(clientId, out var order))
        {
            return;
        }

        order = order with { LastUtc = record.TimeUtc > order.LastUtc ? record.TimeUtc : order.LastUtc };
        _open[clientId] = record.Kind switch
        {
            JournalRecordKind.HandedOver => order with { IsHandedOver = true },
            // Whatever the venue says of an order, it has it: that ends the doubt.
            JournalRecordKind.Accepted => order with { IsHandedOver = true, IsAccepted = true, Unknown = null, VenueIds = order.VenueIds.Union(record.VenueIds!).ToArray() },
            JournalRecordKind.Resolved => order with { IsHandedOver = true, IsAccepted = true, Unknown = null },
            JournalRecordKind.Execution => order with { IsHandedOver = true, IsAccepted = true, Unknown = null, Executed = order.Executed + record.Quantity!.Value },
            JournalRecordKind.Unknown => order with { IsHandedOver = true, Unknown = record.Text },
            JournalRecordKind.CancelAsked => order with { IsCancelAsked = true },
            JournalRecordKind.Updated => order with { Quantity = record.Quantity!.Value, Limit = record.Limit },
            _ => order,
        };
    }
}
