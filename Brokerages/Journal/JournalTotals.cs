using System;
using System.Collections.Generic;
using System.Linq;

namespace QuantConnect.Brokerages.CrossHedge.Journal;

/// <summary>
/// Sums of one account: of what traded in an instrument, or of what was paid and moved in a currency; the other half is
/// zero. Quantities in contracts and values in the settlement currency, none negative but fees and transfers.
/// </summary>
internal sealed record JournalTotal
{
    /// <summary>The account.</summary>
    public required string Account { get; init; }

    /// <summary>As <c>market:kind:ticker</c>; null: the sums are of a currency.</summary>
    public string? Instrument { get; init; }

    /// <summary>Null: the sums are of an instrument.</summary>
    public string? Currency { get; init; }

    /// <summary>How many executions are in it.</summary>
    public long Executions { get; init; }

    /// <summary>Contracts bought.</summary>
    public decimal Bought { get; init; }

    /// <summary>Contracts bought times their prices.</summary>
    public decimal BoughtValue { get; init; }

    /// <summary>Contracts sold.</summary>
    public decimal Sold { get; init; }

    /// <summary>Contracts sold times their prices.</summary>
    public decimal SoldValue { get; init; }

    /// <summary>Paid; a rebate is negative.</summary>
    public decimal Fees { get; init; }

    /// <summary>What transfers brought; what they took is negative.</summary>
    public decimal Transferred { get; init; }

    /// <summary>Contracts bought less sold.</summary>
    internal decimal Net => Bought - Sold;
}

/// <summary>The sums of a journal by account, instrument and currency. Not safe for several threads.</summary>
internal sealed class JournalTotals
{
    private readonly Dictionary<(string Account, string? Instrument, string? Currency), JournalTotal> _totals = [];

    /// <summary>All sums, in ordinal order of account, instrument and currency.</summary>
    public IReadOnlyList<JournalTotal> All => _totals.Values
        .OrderBy(total => total.Account, StringComparer.Ordinal)
        .ThenBy(total => total.Instrument, StringComparer.Ordinal)
        .ThenBy(total => total.Currency, StringComparer.Ordinal)
        .ToArray();

    /// <summary>The sums of an instrument; zero if nothing traded.</summary>
    public JournalTotal Of(string account, string instrument) => Find(account, instrument, null);

    /// <summary>The sums of a currency; zero if nothing moved.</summary>
    public JournalTotal OfCurrency(string account, string currency) => Find(account, null, currency);

    /// <summary>Adds an execution, a transfer or a summary; other records change nothing.</summary>
    public void Add(JournalRecord record)
    {
        switch (record.Kind)
        {
            case JournalRecordKind.Execution:
                var quantity = record.Quantity!.Value;
                var value = Math.Abs(quantity) * record.Price!.Value;
                Add(quantity > 0m
                    ? new JournalTotal { Account = record.Account!, Instrument = record.Instrument, Executions = 1, Bought = quantity, BoughtValue = value }
                    : new JournalTotal { Account = record.Account!, Instrument = record.Instrument, Executions = 1, Sold = -quantity, SoldValue = value });
                if (record.Fee!.Value != 0m)
                {
                    Add(new JournalTotal { Account = record.Account!, Currency = record.FeeCurrency, Fees = record.Fee.Value });
                }

                break;
            case JournalRecordKind.Transfer:
                if (record.Account is { } from)
                {
                    Add(new JournalTotal { Account = from, Currency = record.Currency, Transferred = -record.Quantity!.Value });
                }

                if (record.To is { } to)
                {
                    Add(new JournalTotal { Account = to, Currency = record.Currency, Transferred = record.Quantity!.Value });
                }

                break;
            case JournalRecordKind.Summary:
                foreach (var total in record.Totals!)
                {
                    Add(total);
                }

                break;
        }
    }

    private void Add(JournalTotal more)
    {
        var sum = Find(more.Account, more.Instrument, more.Currency);
        _totals[(more.Account, more.Instrument, more.Currency)] = sum with
        {
            Executions = sum.Executions + more.Executions,
            Bought = sum.Bought + more.Bought,
            BoughtValue = sum.BoughtValue + more.BoughtValue,
            Sold = sum.Sold + more.Sold,
            SoldValue = sum.SoldValue + more.SoldValue,
            Fees = sum.Fees + more.Fees,
            Transferred = sum.Transferred + more.Transferred,
        };
    }

    private JournalTotal Find(string account, string? instrument, string? currency)
        => _totals.GetValueOrDefault((account, instrument, currency)) ?? new JournalTotal { Account = account, Instrument = instrument, Currency = currency };
}
