using System;
using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Algorithm.Framework.Alphas;
using QuantConnect.Algorithm.Framework.Execution;
using QuantConnect.Algorithm.Framework.Portfolio;
using QuantConnect.Algorithm.Framework.Risk;
using QuantConnect.Brokerages;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>LEAN's own immediate execution with targets from a small construction model: its sizing, order and limits.</summary>
public sealed class FrameworkDefaults : ConformanceAlgorithm
{
    private static readonly Feed s_spot = Feed.Spot(Market.Bybit, "BTCUSDT");
    private static readonly Feed s_perpetual = Feed.Perpetual(Market.Bybit, "BTCUSDT");

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of(
            "framework-immediate-execution", "targets through LEAN's immediate execution", "FrameworkDefaults.cs",
            data => data.WithDatabases()
                .Minutes(s_spot, Day(1), 1, new PriceWalk(131, 61_000m, 0.1m, 60), spread: 1m)
                .Minutes(s_perpetual, Day(1), 1, new PriceWalk(132, 61_000m, 0.1m, 60), spread: 0.1m),
            () => new FrameworkDefaults()),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(1));
        SetAccountCurrency("USDT");
        SetCash(100_000m);
        SetBrokerageModel(BrokerageName.Bybit, AccountType.Margin);
        var spot = AddCrypto("BTCUSDT", Resolution.Minute, Market.Bybit).Symbol;
        var perpetual = AddCryptoFuture("BTCUSDT", Resolution.Minute, Market.Bybit).Symbol;
        SetAlpha(new NullAlphaModel());
        SetPortfolioConstruction(new Ladder(spot, perpetual));
        SetRiskManagement(new NullRiskManagementModel());
        SetExecution(new ImmediateExecutionModel());
    }

    private sealed class Ladder(Symbol spot, Symbol perpetual) : PortfolioConstructionModel
    {
        private static readonly decimal[] s_targets = [0.5m, 0.5004m, 0.51m, 0.2m, 0.2m, 3m, 0.0000001m, 0m, 0.7654321m, -0.2m, 0m];

        private int _calls;

        public override IEnumerable<IPortfolioTarget> CreateTargets(QCAlgorithm algorithm, Insight[] insights)
        {
            var call = _calls++;
            if (call % 60 != 20 || call / 60 >= s_targets.Length)
            {
                return [];
            }

            var target = s_targets[call / 60];
            return [new PortfolioTarget(perpetual, -target), new PortfolioTarget(spot, Math.Max(0, target), "spot leg")];
        }
    }
}
