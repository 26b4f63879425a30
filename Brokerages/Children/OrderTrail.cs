using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using CrossHedgeLean.Accounts;
using QuantConnect.Brokerages.CrossHedge.Journal;
using QuantConnect.Orders;

namespace QuantConnect.Brokerages.CrossHedge.Children;

/// <summary>What the journal is told of one child: every order before it leaves, and what the account then holds. Without a journal it tells nobody.</summary>
/// <param name="journal">The journal; null: none is kept.</param>
/// <param name="account">The account.</param>
/// <param name="time">The clock.</param>
internal sealed class OrderTrail(OrderJournal? journal, string account, TimeProvider time)
{
    /// <summary>What venues round fees by; of a coin, or as a share.</summary>
    private const decimal Dust = 0.000001m;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, decimal> _held = (journal?.Observed ?? [])
        .Where(record => record.Account == account)
        .ToDictionary(record => record.Instrument ?? record.Currency!, record => record.Quantity!.Value);

    private DateTime NowUtc => time.GetUtcNow().UtcDateTime;

    /// <summary>The id under which an order of this run leaves; null: there is no journal.</summary>
    public Func<Order, string>? ClientIdOf => journal is null ? null : order => journal.ClientIdOf(order.Id);

    /// <summary>Orders of earlier runs of which the journal did not know at the start that they are over; they are settled one by one, what they may have traded does not change.</summary>
    public IReadOnlyList<OpenIntent> Earlier { get; } = journal is null ? [] : [.. journal.OpenIntents.Where(intent => intent.Account == account && intent.Run < journal!.Run)];

    /// <summary>Whether the account held anything when the journal last heard of it.</summary>
    public bool HeldAnything
    {
        get
        {
            lock (_gate)
            {
                return _held.Values.Any(quantity => quantity != 0m);
            }
        }
    }

    /// <summary>The coins that the journal knows of.</summary>
    public IReadOnlyCollection<string> Coins
    {
        get
        {
            lock (_gate)
            {
                return [.. _held.Keys.Where(what => !what.Contains(':', StringComparison.Ordinal))];
            }
        }
    }

    /// <summary>Writes that an order is about to leave.</summary>
    /// <param name="order">The order.</param>
    /// <param name="then">Told when that is durable: null; or why it cannot be made so. On any thread.</param>
    public void Intend(Order order, Action<string?> then)
    {
        if (journal is null || SymbolRoutes.InstrumentOf(order.Symbol) is not { } instrument)
        {
            then(null);
            return;
        }

        journal.Write(
            JournalRecord.Intent(NowUtc, journal.Run, account, order.Id, journal.ClientIdOf(order.Id), instrument.ToString(), order.Quantity, (order as LimitOrder)?.LimitPrice, order.Tag),
            isDurable => then(isDurable ? null : journal.Problem ?? $"the journal {journal.Name} cannot be written"));
    }

    /// <summary>An order never left, or its venue has refused it for certain.</summary>
    public void Refused(Order order, string why) => Write(order.Id, clientId => JournalRecord.Refused(NowUtc, account, clientId, why));

    /// <summary>Nobody can say what became of an order.</summary>
    public void Unknown(Order order, string why) => Write(order.Id, clientId => JournalRecord.Unknown(NowUtc, account, clientId, why));

    /// <summary>A cancel goes out.</summary>
    public void CancelAsked(Order order) => Write(order.Id, clientId => JournalRecord.CancelAsked(NowUtc, account, clientId));

    /// <summary>A change goes out.</summary>
    public void Updated(Order order) => Write(order.Id, clientId => JournalRecord.Updated(NowUtc, account, clientId, order.Quantity, (order as LimitOrder)?.LimitPrice));

    /// <summary>An event of an order of this run.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="order">The order, with the venue's ids.</param>
    /// <param name="coin">Of a spot order: the coin; else null.</param>
    public void Happened(OrderEvent happened, Order order, string? coin)
    {
        if (journal is null)
        {
            return;
        }

        if (happened.Status == OrderStatus.Submitted)
        {
            Write(order.Id, clientId => JournalRecord.Accepted(happened.UtcTime, account, clientId, order.BrokerId.ToArray()));
        }

        if (happened.FillQuantity != 0m)
        {
            var fee = happened.OrderFee.Value;
            Write(order.Id, clientId => JournalRecord.Execution(
                happened.UtcTime,
                account,
                clientId,
                SymbolRoutes.InstrumentOf(order.Symbol)!.Value.ToString(),
                happened.FillQuantity,
                happened.FillPrice,
                fee.Amount,
                fee.Amount == 0m ? null : fee.Currency,
                executionId: null,
                happened.Id));
            var fromCoin = coin is not null && fee.Currency == coin ? fee.Amount : 0m;
            Hold(coin, SymbolRoutes.InstrumentOf(order.Symbol)!.Value.ToString(), quantity => quantity + happened.FillQuantity - fromCoin);
        }

        if (happened.Status is OrderStatus.Filled or OrderStatus.Canceled)
        {
            Write(order.Id, clientId => JournalRecord.Over(happened.UtcTime, account, clientId, happened.Status));
        }
        else if (happened.Status == OrderStatus.Invalid)
        {
            Refused(order, happened.Message.Length > 0 ? happened.Message : "refused");
        }
    }

    /// <summary>An order of an earlier run is over, or never was.</summary>
    public void Settled(OpenIntent order, bool found, string text)
    {
        journal?.Write(JournalRecord.Resolved(NowUtc, account, order.ClientId, found, text));
        if (found)
        {
            journal?.Write(JournalRecord.Over(NowUtc, account, order.ClientId, OrderStatus.Canceled));
        }
    }

    /// <summary>What the venue reports is what the journal expects from now on.</summary>
    /// <param name="report">Asked for when no order was under way.</param>
    /// <param name="coins">The coins that are traded there.</param>
    public void Observed(AccountReport report, IReadOnlyCollection<string> coins)
    {
        if (journal is null)
        {
            return;
        }

        foreach (var (what, quantity, isCoin) in HoldingsOf(report, coins))
        {
            Hold(isCoin ? what : null, what, _ => quantity);
        }
    }

    /// <summary>What an account holds that the journal does not expect and no order of an earlier run may have brought about; in words, empty: all is explained.</summary>
    public IReadOnlyList<string> Unexplained(AccountReport report)
    {
        var unexplained = new List<string>();
        lock (_gate)
        {
            if (_held.Count == 0)
            {
                return [];
            }

            foreach (var (what, quantity, isCoin) in HoldingsOf(report, Coins))
            {
                var expected = _held.GetValueOrDefault(what);
                var left = Earlier
                    .Where(intent => isCoin ? intent.Instrument.Split(':') is [_, "spot", var ticker] && ticker.StartsWith(what, StringComparison.Ordinal) : intent.Instrument == what)
                    .Select(intent => intent.Quantity - intent.Executed)
                    .ToArray();
                var dust = Math.Max(Dust, Math.Abs(expected) * Dust);
                var change = quantity - expected;
                if (change > left.Where(remaining => remaining > 0m).Sum() + dust || change < left.Where(remaining => remaining < 0m).Sum() - dust)
                {
                    unexplained.Add(string.Create(CultureInfo.InvariantCulture, $"{account} holds {quantity} {what}, the journal expects {expected}"));
                }
            }
        }

        return unexplained;
    }

    private IEnumerable<(string What, decimal Quantity, bool IsCoin)> HoldingsOf(AccountReport report, IReadOnlyCollection<string> coins)
    {
        string[] known;
        lock (_gate)
        {
            known = _held.Keys.Where(what => what.Contains(':', StringComparison.Ordinal)).ToArray();
        }

        var positions = report.Positions.Select(position => position.Instrument.ToString()).Union(known).Order(StringComparer.Ordinal)
            .Select(id => (id, report.Positions.FirstOrDefault(position => position.Instrument.ToString() == id).Quantity, false));
        return positions
            .Concat(coins.Order(StringComparer.Ordinal).Select(coin => (coin, report.Balances.FirstOrDefault(balance => balance.Currency == coin).Amount, true)))
            .ToArray();
    }

    private void Hold(string? coin, string instrument, Func<decimal, decimal> change)
    {
        var what = coin ?? instrument;
        decimal quantity;
        lock (_gate)
        {
            var before = _held.GetValueOrDefault(what);
            quantity = change(before);
            if (quantity == before)
            {
                return;
            }

            _held[what] = quantity;
        }

        journal!.Write(coin is null ? JournalRecord.Position(NowUtc, account, what, quantity) : JournalRecord.Balance(NowUtc, account, what, quantity));
    }

    private void Write(int orderId, Func<string, JournalRecord> record)
    {
        if (journal?.Find(journal.ClientIdOf(orderId)) is { } open)
        {
            journal.Write(record(open.ClientId));
        }
    }
}
