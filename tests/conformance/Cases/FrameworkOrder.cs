using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Algorithm.Framework.Alphas;
using QuantConnect.Algorithm.Framework.Execution;
using QuantConnect.Algorithm.Framework.Portfolio;
using QuantConnect.Algorithm.Framework.Risk;
using QuantConnect.Brokerages;
using QuantConnect.Data;
using QuantConnect.Data.UniverseSelection;
using QuantConnect.Orders;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>
/// The algorithm framework with models that note each call: alpha, portfolio construction, two risk models, execution,
/// insights emitted outside, targets overridden, orders sent in each of them.
/// </summary>
public sealed class FrameworkOrder : ConformanceAlgorithm
{
    private static readonly Feed s_spot = Feed.Spot(Market.Bybit, "BTCUSDT");
    private static readonly Feed s_perpetual = Feed.Perpetual(Market.Bybit, "BTCUSDT");
    private static readonly Feed s_later = Feed.Spot(Market.Bybit, "ETHUSDT");

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of(
            "framework-call-order", "who is called when, with which insights and targets", "FrameworkOrder.cs",
            data => data.WithDatabases()
                .Minutes(s_spot, Day(1), 2, new PriceWalk(121, 61_000m, 0.1m, 60), spread: 1m, hasTrade: i => i is < 1_000 or > 1_100, hasQuote: i => i is < 1_000 or > 1_100)
                .Minutes(s_perpetual, Day(1), 2, new PriceWalk(122, 61_000m, 0.1m, 60), spread: 0.1m, hasTrade: i => i is < 1_000 or > 1_100, hasQuote: i => i is < 1_000 or > 1_100)
                .Minutes(s_later, Day(1), 2, new PriceWalk(123, 3_400m, 0.01m, 60), spread: 0.1m),
            () => new FrameworkOrder()),
    };

    private Symbol Spot { get; set; } = null!;

    private Symbol Perpetual { get; set; } = null!;

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(2));
        SetAccountCurrency("USDT");
        SetCash(100_000m);
        SetBrokerageModel(BrokerageName.Bybit, AccountType.Margin);
        Spot = AddCrypto("BTCUSDT", Resolution.Minute, Market.Bybit, fillForward: false).Symbol;
        Perpetual = AddCryptoFuture("BTCUSDT", Resolution.Minute, Market.Bybit, fillForward: false).Symbol;
        AddAlpha(new NotingAlpha(this, "first"));
        AddAlpha(new NotingAlpha(this, "second"));
        SetPortfolioConstruction(new NotingConstruction(this));
        AddRiskManagement(new NotingRisk(this, "inner"));
        AddRiskManagement(new NotingRisk(this, "outer"));
        SetExecution(new NotingExecution(this));
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        if (Step == 5)
        {
            EmitInsights(Insight.Price(Perpetual, TimeSpan.FromMinutes(30), InsightDirection.Down, tag: "emitted"));
        }

        if (Step == 50)
        {
            AddCrypto("ETHUSDT", Resolution.Minute, Market.Bybit);
        }

        if (Step == 900)
        {
            RemoveSecurity("ETHUSDT");
        }

        if (Step % 400 == 10)
        {
            Note("data");
            Note(MarketOrder(Spot, 0.05m));
        }
    }

    /// <inheritdoc />
    protected override void OnEvent(OrderEvent orderEvent)
    {
        Note("insights " + StateLines.Text(Insights.Count));
    }

    /// <inheritdoc />
    public override void OnSecuritiesChanged(SecurityChanges changes)
    {
        Note("algorithm: securities changed");
        base.OnSecuritiesChanged(changes);
    }

    private static bool Noted(int call) => call < 4 || call % 200 == 0;

    private static string Names(SecurityChanges changes) =>
        " added " + string.Join(' ', changes.AddedSecurities.Select(x => StateLines.Text(x.Symbol)))
        + " removed " + string.Join(' ', changes.RemovedSecurities.Select(x => StateLines.Text(x.Symbol)));

    // In every way in which one can go through a slice.
    private static string Names(Slice slice) =>
        string.Join(' ', slice.Bars.Keys.Select(StateLines.Text)) + "; " + string.Join(' ', slice.Bars.Values.Select(x => StateLines.Text(x.Symbol)))
        + "; " + string.Join(' ', slice.Bars.ToList().Select(x => StateLines.Text(x.Key))) + "; " + string.Join(' ', slice.Bars.Select(x => StateLines.Text(x.Key)))
        + "; " + string.Join(' ', slice.Keys.Select(StateLines.Text)) + "; " + string.Join(' ', slice.Values.Select(x => StateLines.Text(x.Symbol) + x.DataType));

    private static string Names(IEnumerable<IPortfolioTarget> targets) =>
        string.Join(' ', targets.Select(x => StateLines.Text(x.Symbol) + "->" + StateLines.Text(x.Quantity) + (string.IsNullOrEmpty(x.Tag) ? string.Empty : "(" + x.Tag + ")")));

    private static string Names(IEnumerable<Insight> insights) =>
        string.Join(' ', insights.Select(x =>
            StateLines.Text(x.Symbol) + " " + x.Direction + " " + x.Type + " from " + Source(x) + " generated " + StateLines.Text(x.GeneratedTimeUtc)
            + " closes " + StateLines.Text(x.CloseTimeUtc) + " period " + x.Period + " reference " + StateLines.Text(x.ReferenceValue)));

    // An insight that nobody signed gets a name that LEAN draws by lot.
    private static string Source(Insight insight) => insight.SourceModel is "of ours" or "first" or "second" ? insight.SourceModel : "nobody";

    private sealed class NotingAlpha(FrameworkOrder owner, string name) : AlphaModel
    {
        private int _calls;

        public override string Name => name;

        public override IEnumerable<Insight> Update(QCAlgorithm algorithm, Slice data)
        {
            var call = _calls++;
            if (Noted(call))
            {
                owner.Note($"alpha {name} {call} bars {data.Bars.Count} quotes {data.QuoteBars.Count} {Names(data)}");
            }

            if (name == "first" && call % 300 == 3)
            {
                owner.Note(owner.MarketOrder(owner.Spot, 0.001m));
                yield return Insight.Price(owner.Spot, TimeSpan.FromMinutes(20), call % 200 == 3 ? InsightDirection.Up : InsightDirection.Flat, 0.01, 0.5, "of ours");
            }

            if (name == "second" && call % 450 == 7)
            {
                yield return Insight.Price(owner.Perpetual, Resolution.Minute, 45, InsightDirection.Up);
                yield return Insight.Price(owner.Spot, Resolution.Hour, 1, InsightDirection.Down);
            }
        }

        public override void OnSecuritiesChanged(QCAlgorithm algorithm, SecurityChanges changes) => owner.Note("alpha " + name + Names(changes));
    }

    private sealed class NotingConstruction(FrameworkOrder owner) : PortfolioConstructionModel
    {
        private int _calls;

        public override IEnumerable<IPortfolioTarget> CreateTargets(QCAlgorithm algorithm, Insight[] insights)
        {
            if (Noted(_calls++) || insights.Length > 0)
            {
                owner.Note($"construction {_calls - 1} {Names(insights)}");
            }

            foreach (var insight in insights)
            {
                yield return new PortfolioTarget(insight.Symbol, (int)insight.Direction * 0.2m, "from the insight");
            }
        }

        public override void OnSecuritiesChanged(QCAlgorithm algorithm, SecurityChanges changes) => owner.Note("construction" + Names(changes));
    }

    private sealed class NotingRisk(FrameworkOrder owner, string name) : RiskManagementModel
    {
        private int _calls;

        public override IEnumerable<IPortfolioTarget> ManageRisk(QCAlgorithm algorithm, IPortfolioTarget[] targets)
        {
            if (Noted(_calls++) || targets.Length > 0)
            {
                owner.Note($"risk {name} {_calls - 1} {Names(targets)}");
            }

            if (name == "outer" && _calls % 250 == 0)
            {
                yield return new PortfolioTarget(owner.Perpetual, -owner.Securities[owner.Spot].Holdings.Quantity);
            }

            if (name == "inner")
            {
                // Halves what it is given.
                foreach (var target in targets)
                {
                    yield return new PortfolioTarget(target.Symbol, target.Quantity / 2, "halved");
                }
            }
        }

        public override void OnSecuritiesChanged(QCAlgorithm algorithm, SecurityChanges changes) => owner.Note("risk " + name + Names(changes));
    }

    private sealed class NotingExecution(FrameworkOrder owner) : ExecutionModel
    {
        private readonly PortfolioTargetCollection _targets = new();
        private int _calls;

        public override void Execute(QCAlgorithm algorithm, IPortfolioTarget[] targets)
        {
            if (Noted(_calls++) || targets.Length > 0)
            {
                owner.Note($"execution {_calls - 1} {Names(targets)}");
            }

            _targets.AddRange(targets);
            foreach (var target in targets)
            {
                var security = algorithm.Securities[target.Symbol];
                owner.Note("held target " + StateLines.Text(security.Holdings.Target.Quantity));
                var quantity = OrderSizing.GetUnorderedQuantity(algorithm, target, security);
                owner.Note("unordered " + StateLines.Text(quantity));
                if (quantity != 0)
                {
                    owner.Note(algorithm.MarketOrder(target.Symbol, quantity, asynchronous: true, tag: target.Tag));
                }
            }

            _targets.ClearFulfilled(algorithm);
            if (targets.Length > 0)
            {
                owner.Note("unfulfilled " + StateLines.Text(_targets.Count));
            }
        }

        public override void OnSecuritiesChanged(QCAlgorithm algorithm, SecurityChanges changes) => owner.Note("execution" + Names(changes));

        public override void OnOrderEvent(QCAlgorithm algorithm, OrderEvent orderEvent) =>
            owner.Note("execution told of order " + StateLines.Text(orderEvent.OrderId) + " " + orderEvent.Status);
    }
}
