using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;
using static CrossHedgeLean.Tests.Core.Accounts.SimulatedVenues;

namespace CrossHedgeLean.Tests.Core.Accounts;

/// <summary>Accounts with positions, ways between them, and scenarios, for the tests of transfers.</summary>
internal static class Transfers
{
    public static readonly TransferSettings Settings = new();

    public static readonly HedgeSettings Hedge = new();

    private static readonly WithdrawalRule[] Rules =
    [
        new("USDT", "Tron", 1m, 10m, TimeSpan.FromMinutes(30), "made up", new DateOnly(2024, 1, 1)),
        new("BUSD", "Ethereum", 5m, 20m, TimeSpan.FromMinutes(20), "made up", new DateOnly(2024, 1, 1)),
    ];

    public static AccountDefinition WithRules(this AccountDefinition definition) => definition with { Profile = definition.Profile with { Withdrawals = Rules } };

    /// <summary>An account with one pool that counts USDT.</summary>
    public static TransferAccount Pool(string name, decimal room, decimal slope, decimal withdrawable = 0m, decimal inTransit = 0m)
        => new(name)
        {
            Balances = [new TransferBalance("USDT", withdrawable, inTransit, 1m)],
            Pools = [new TransferPool(room, slope, 0m, 1m, [("USDT", 1m)])],
        };

    /// <summary>An account without pools.</summary>
    public static TransferAccount Cash(string name, decimal withdrawable) => new(name) { Balances = [new TransferBalance("USDT", withdrawable, 0m, 1m)] };

    /// <summary>Spot and futures at one venue, a unified account at another, spot at a third.</summary>
    public static readonly AccountDefinition[] Definitions =
    [
        SpotAccount(("USDT", 20_000m), ("BUSD", 5_000m)).WithRules(),
        FuturesAccount(("USDT", 10_000m), ("BUSD", 3_000m)).WithRules(),
        UnifiedAccount(("USDT", 10_000m)).WithRules(),
        KrakenAccount(("USDT", 15_000m)).WithRules(),
    ];

    public static TransferPlan Plan(TransferSettings settings, TransferMemory memory, params TransferAccount[] accounts)
        => TransferPlanner.Plan(accounts, new TransferRoutes(Definitions), settings, Hedge, memory, Start);

    public static TransferPlan Plan(params TransferAccount[] accounts) => Plan(Settings, new TransferMemory(), accounts);

    public static ScenarioPlayer Player(params ScenarioEvent[] events) => new(new Scenario { Name = "test", Events = events }, Start);

    public static ScenarioEvent Event(ScenarioKind kind, double fromMinutes, double? untilMinutes = null, string? venue = null, decimal? size = null)
        => new(kind, ScenarioTime.After(TimeSpan.FromMinutes(fromMinutes)))
        {
            Until = untilMinutes is { } until ? ScenarioTime.After(TimeSpan.FromMinutes(until)) : null,
            Venue = venue,
            Size = size,
        };

    public static PlannedTransfer Planned(string from, string to, decimal amount, string currency = "USDT")
        => new(new TransferRoutes(Definitions).Find(from, to, currency)!, amount, TransferReason.Solvency, 0.15m);
}

/// <summary>
/// Arithmetic of its own over the entries that were booked: what every currency adds up to over accounts and transit,
/// and what each open transfer is.
/// </summary>
internal sealed class TransferBooks
{
    private readonly Dictionary<string, decimal> _totals = [];
    private readonly Dictionary<string, TransferSentEntry> _travelling = [];
    private readonly Dictionary<(string Account, string Currency), decimal> _balances = [];

    public TransferBooks(Ledger ledger)
    {
        foreach (var account in ledger.Accounts)
        {
            foreach (var balance in account.Balances)
            {
                _balances[(account.Definition.Name, balance.Currency)] = balance.Total;
                _totals[balance.Currency] = _totals.GetValueOrDefault(balance.Currency) + balance.Total;
            }
        }
    }

    /// <summary>What the host's one cash book has of each currency: it is told, and books nothing by itself.</summary>
    public Dictionary<string, decimal> CashBook => _totals;

    public void MoveCash(string currency, decimal amount) => _totals[currency] += amount;

    public void Book(LedgerEntry entry)
    {
        switch (entry)
        {
            case TransferSentEntry sent:
                Add(sent.From, sent.Currency, -sent.Amount - sent.Fee);
                _travelling.Add(sent.Id, sent);
                break;
            case TransferArrivedEntry arrived:
                _travelling.Remove(arrived.Id, out var taken);
                Add(taken!.To, taken.Currency, taken.Amount);
                break;
            case TransferFailedEntry failed:
                _travelling.Remove(failed.Id, out var back);
                Add(back!.From, back.Currency, failed.Returned);
                break;
            case WriteOffEntry writeOff:
                Add(writeOff.Account, writeOff.Currency, writeOff.Amount);
                break;
            default:
                break;
        }
    }

    /// <summary>What does not hold; null if all does.</summary>
    public string? Check(Ledger ledger, IReadOnlyList<OpenTransfer> open)
    {
        foreach (var (currency, total) in _totals)
        {
            if (ledger.Total(currency) != total)
            {
                return $"all {currency}: the accounts and transit {ledger.Total(currency)}, the cash book {total}";
            }
        }

        foreach (var account in ledger.Accounts)
        {
            foreach (var balance in account.Balances)
            {
                var name = account.Definition.Name;
                if (balance.Total != _balances.GetValueOrDefault((name, balance.Currency)))
                {
                    return $"{balance.Currency} of {name}: {balance.Total}, by our own arithmetic {_balances.GetValueOrDefault((name, balance.Currency))}";
                }

                var travelling = open.Where(transfer => transfer.IsBooked && transfer.Planned.Route.To == name && transfer.Planned.Route.Currency == balance.Currency).Sum(transfer => transfer.Planned.Amount);
                if (balance.InTransit != travelling || travelling != _travelling.Values.Where(sent => sent.To == name && sent.Currency == balance.Currency).Sum(sent => sent.Amount))
                {
                    return $"{balance.Currency} on its way to {name}: {balance.InTransit}, open are {travelling}";
                }
            }
        }

        return null;
    }

    private void Add(string account, string currency, decimal amount) => _balances[(account, currency)] = _balances.GetValueOrDefault((account, currency)) + amount;
}
