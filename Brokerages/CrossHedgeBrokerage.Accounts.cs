using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;
using QuantConnect.Data;
using QuantConnect.Interfaces;
using QuantConnect.Orders;
using QuantConnect.Securities;

namespace QuantConnect.Brokerages.CrossHedge;

/// <content>What the venues last said of their accounts: never missing, never thrown, however the venue is.</content>
public sealed partial class CrossHedgeBrokerage
{
    private DateTime _nextCashSyncUtc = DateTime.MinValue;

    /// <inheritdoc />
    public IReadOnlyList<AccountReport> Reports() => _children.ConvertAll(child => child.Report);

    /// <inheritdoc />
    public IReadOnlyList<(string Account, LedgerEntry Entry)> TakeEntries()
    {
        List<(string, LedgerEntry)>? taken = null;
        foreach (var child in _children)
        {
            foreach (var entry in child.TakeEntries())
            {
                (taken ??= []).Add((child.Settings.Name, entry));
            }
        }

        return taken ?? (IReadOnlyList<(string, LedgerEntry)>)[];
    }

    /// <inheritdoc />
    public (HealthState State, HealthReason Reason) HealthOf(string market, Capability capability)
    {
        // A venue of several accounts works as badly as the worst of them.
        var worst = (State: HealthState.Unseen, Reason: HealthReason.None);
        var isFirst = true;
        foreach (var child in _children)
        {
            if (child.Settings.Market == market)
            {
                var health = child.HealthOf(capability);
                worst = isFirst || Rank(health.State) > Rank(worst.State) ? health : worst;
                isFirst = false;
            }
        }

        return worst;

        // Unseen is worse than working, better than known to be broken.
        static int Rank(HealthState state) => state == HealthState.Healthy ? -1 : (int)state;
    }

    /// <inheritdoc />
    public bool TakesExitsOnly(InstrumentId id) => _byRoute.TryGetValue(id.Route, out var child) && child.TakesExitsOnly(id);

    /// <summary>The children's balances as they were last known, summed by currency: LEAN has one cash book.</summary>
    public override List<CashAmount> GetCashBalance()
        => _children
            .SelectMany(child => child.Report.Balances)
            .GroupBy(balance => balance.Currency)
            .Select(same => new CashAmount(same.Sum(balance => balance.Amount), same.Key))
            .ToList();

    /// <summary>
    /// The children's perpetuals, and for each spot coin that the algorithm trades its balance: children report coins as
    /// cash, and LEAN would else hold none.
    /// </summary>
    public override List<Holding> GetAccountHoldings()
    {
        var holdings = _children
            .SelectMany(child => child.Holdings)
            .Where(holding => holding.Symbol.SecurityType == SecurityType.CryptoFuture)
            .ToList();
        foreach (var security in _algorithm.Securities.Values.Where(security => security.Symbol.SecurityType == SecurityType.Crypto).OrderBy(security => security.Symbol.ToString(), StringComparer.Ordinal))
        {
            var coin = (security as IBaseCurrencySymbol)?.BaseCurrency.Symbol;
            var amount = Find(security.Symbol)?.Report.Balances.FirstOrDefault(balance => balance.Currency == coin).Amount ?? 0m;
            if (amount != 0m && IsTraded(security))
            {
                holdings.Add(new Holding { Symbol = security.Symbol, Quantity = amount, AveragePrice = security.Price, MarketPrice = security.Price, CurrencySymbol = "$" });
            }
        }

        return holdings;
    }

    /// <summary>The children's open orders as they were last known.</summary>
    public override List<Order> GetOpenOrders() => _children.SelectMany(child => child.OpenOrders).ToList();

    /// <summary>From the child that trades the symbol; null: it has none.</summary>
    public override IEnumerable<BaseData>? GetHistory(HistoryRequest request) => Find(request.Symbol)?.Brokerage.GetHistory(request);

    /// <summary>As often as the settings say: funding, liquidations and deposits reach LEAN's cash book only so.</summary>
    public override bool ShouldPerformCashSync(DateTime currentTimeUtc) => currentTimeUtc >= _nextCashSyncUtc;

    /// <inheritdoc />
    public override bool PerformCashSync(IAlgorithm algorithm, DateTime currentTimeUtc, Func<TimeSpan> getTimeSinceLastFill)
    {
        _nextCashSyncUtc = currentTimeUtc + _settings.CashSync;
        return base.PerformCashSync(algorithm, currentTimeUtc, getTimeSinceLastFill);
    }
}
