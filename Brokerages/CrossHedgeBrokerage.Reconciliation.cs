using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrossHedgeLean.Accounts;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Orders;
using QuantConnect.Orders.Fees;
using QuantConnect.Securities;

namespace QuantConnect.Brokerages.CrossHedge;

/// <content>
/// LEAN reads positions once, at its start. What happens at a venue without an order of this run (a liquidation, a fill
/// that was missed, a trade of the owner) is told to it as an order that was placed there, so that its holdings and its
/// statistics know of it.
/// </content>
public sealed partial class CrossHedgeBrokerage
{
    /// <summary>So many reports in a row must say the same before LEAN is told.</summary>
    private const int ReportsInARow = 3;

    private readonly Dictionary<Symbol, (decimal Difference, DateTime ReportUtc, int Times)> _differences = [];
    private int _reconciled;

    /// <summary>Compares what LEAN holds with what each venue last reported.</summary>
    private void Reconcile()
    {
        if (_ordersStatusChanged is null)
        {
            return;
        }

        foreach (var security in _algorithm.Securities.Values.Where(security => IsTraded(security)).OrderBy(security => security.Symbol.ToString(), StringComparer.Ordinal))
        {
            if (Find(security.Symbol) is { Problem: null } child && child.Report is { IsKnown: true } report && HeldAt(child, report, security) is { } held)
            {
                Compare(child, security, held - security.Holdings.Quantity, report.TimeUtc);
            }
        }
    }

    private void Compare(VenueChild child, Security security, decimal difference, DateTime reportUtc)
    {
        var (seen, seenUtc, times) = _differences.GetValueOrDefault(security.Symbol);
        if (reportUtc == seenUtc)
        {
            return;
        }

        // Less than a lot is what fees in the coin and rounding leave.
        var isQuiet = reportUtc - child.LastEventUtc >= VenueChild.Settles && _algorithm.Transactions.GetOpenOrders(security.Symbol).Count == 0;
        times = !isQuiet || Math.Abs(difference) < security.SymbolProperties.LotSize ? 0 : difference == seen ? times + 1 : 1;
        _differences[security.Symbol] = (difference, reportUtc, times);
        if (times >= ReportsInARow)
        {
            _differences.Remove(security.Symbol);
            Tell(child, security, difference);
        }
    }

    private void Tell(VenueChild child, Security security, decimal difference)
    {
        var now = _lanes.Time.GetUtcNow().UtcDateTime;
        var order = new MarketOrder(security.Symbol, difference, now, ReconciledOrders.Tag) { Status = OrderStatus.Submitted };
        order.BrokerId.Add(string.Create(CultureInfo.InvariantCulture, $"{ReconciledOrders.Tag} {++_reconciled}"));
        OnNewBrokerageOrderNotification(new NewBrokerageOrderNotificationEventArgs(order));
        if (order.Id == 0)
        {
            return;
        }

        Say(child.Settings.Name, "reconciled", FormattableString.Invariant($"{child.Settings.Name} holds {difference:+0.##########;-0.##########} {security.Symbol.Value} that no order of this run explains: LEAN's holdings follow"));
        _ordersStatusChanged!.Invoke(this, [new OrderEvent(order, now, OrderFee.Zero, ReconciledOrders.Tag)
        {
            Status = OrderStatus.Filled,
            FillQuantity = difference,
            FillPrice = security.Price,
            FillPriceCurrency = security.QuoteCurrency.Symbol,
        }]);
    }

    private static bool IsTraded(Security security) => security.Subscriptions.Any(config => !config.IsInternalFeed);

    /// <summary>What the venue says of a position; null: a coin whose balance another pair of the account stands for, or no price to book it at.</summary>
    private decimal? HeldAt(VenueChild child, AccountReport report, Security security)
    {
        if (security.Price == 0m)
        {
            return null;
        }

        if (security.Symbol.SecurityType == SecurityType.CryptoFuture)
        {
            return report.Positions.FirstOrDefault(position => position.Instrument == SymbolRoutes.InstrumentOf(security.Symbol)).Quantity;
        }

        var coin = (security as IBaseCurrencySymbol)?.BaseCurrency.Symbol;
        var pairs = _algorithm.Securities.Values
            .Where(other => other.Symbol.SecurityType == SecurityType.Crypto && IsTraded(other) && (other as IBaseCurrencySymbol)?.BaseCurrency.Symbol == coin && Find(other.Symbol) == child)
            .ToArray();
        return pairs.Length == 1 ? report.Balances.FirstOrDefault(balance => balance.Currency == coin).Amount : null;
    }
}
