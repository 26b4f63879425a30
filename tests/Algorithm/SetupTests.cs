using System;
using System.Collections.Generic;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Framework;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Scenarios;
using NUnit.Framework;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Algorithm.Framework.Execution;
using QuantConnect.Algorithm.Framework.Portfolio;
using QuantConnect.Algorithm.Framework.Risk;
using QuantConnect.Brokerages;
using QuantConnect.Data;
using QuantConnect.Orders;

namespace CrossHedgeLean.Tests.Algorithm;

/// <summary>What <see cref="CrossHedge.Setup"/> sets, refuses and guards.</summary>
[TestFixture]
public sealed class SetupTests
{
    [OneTimeSetUp]
    public void OnlyOnLeanSim() => EngineRuns.OnlyOnLeanSim();

    [Test]
    public void SetsWhatTheDesignSays()
    {
        var (_, algorithm) = EngineRuns.Run(() => new Probe(), EngineRuns.Parameters);

        Assert.That(algorithm.TimeZone, Is.EqualTo(TimeZones.Utc));
        Assert.That(algorithm.AccountCurrency, Is.EqualTo("USDT"));
        Assert.That(algorithm.Settings.TradingDaysPerYear, Is.EqualTo(365));
        Assert.That(algorithm.Settings.MinimumOrderMarginPortfolioPercentage, Is.Zero);
        Assert.That(algorithm.Portfolio.MarginCallModel, Is.SameAs(QuantConnect.Securities.MarginCallModel.Null));
    }

    [Test]
    public void ASecurityOfAnUnmappedVenueIsRefusedWithTheKnownRoutes()
    {
        var (outcome, _) = EngineRuns.Run(() => new Probe { AfterSetup = algorithm => algorithm.AddCrypto("BTCUSDT", Resolution.Minute, Market.Bybit) }, EngineRuns.Parameters);

        Assert.That(outcome.Error, Does.Contain("no venue serves the route bybit:spot; mapped routes are binance:spot, bybit:perpetual"));
    }

    [Test]
    public void AnUnknownSymbolIsRefusedBeforeAnythingIsSubscribed()
    {
        var (outcome, _) = EngineRuns.Run(() => new CrossHedgeAlgorithm(), EngineRuns.With(("BTC.hedges", "bybit:perpetual:BTCUSDC"), ("bybit.fallback-tiers", "1000000:0.01:50")));

        Assert.That(outcome.Error, Does.Contain("bybit:perpetual:BTCUSDC is not in symbol-properties-database.csv"));
    }

    [Test]
    public void EveryConfigurationErrorIsInOneRuntimeError()
    {
        var (outcome, _) = EngineRuns.Run(() => new CrossHedgeAlgorithm(), EngineRuns.With(("BTC.ratio", "-1"), ("strategy", "martingale")));

        Assert.That(outcome.Error, Does.Contain("BTC.ratio '-1'").And.Contain("strategy 'martingale'"));
    }

    [Test]
    public void AScenarioThatIsBuiltInCodeIsCheckedAgainstTheRun()
    {
        var scenario = Scenario.Build("built").Outage("okx", TimeSpan.FromHours(1)).Insolvency("bybit", TimeSpan.FromHours(24), recovery: 0.2m).Build();
        var (outcome, _) = EngineRuns.Run(() => new Probe { Scenario = scenario }, EngineRuns.Parameters);

        Assert.That(outcome.Error, Does
            .Contain("scenario built, event 1 (outage): venue 'okx' has no account in this run: use binance, bybit.")
            .And.Contain("scenario built, event 2 (insolvency): at 2025-01-02T00:00:00Z is outside the run, 2025-01-01T00:00:00Z to 2025-01-02T00:00:00Z"));
    }

    [Test]
    public void AScenarioThatIsBuiltInCodeIsPlayed()
    {
        var scenario = Scenario.Build("built").Outage("bybit", TimeSpan.FromHours(1), TimeSpan.FromHours(2)).Build();
        var (outcome, algorithm) = EngineRuns.Run(() => new Probe { Scenario = scenario }, EngineRuns.Parameters);

        Assert.That(outcome.Error, Is.Null);
        Assert.That(algorithm.Recorder.Summarize().Trouble.Scenario, Has.Count.EqualTo(2));
    }

    private static IEnumerable<TestCaseData> Replacements()
    {
        yield return new TestCaseData((Action<QCAlgorithm>)(algorithm => algorithm.SetRiskManagement(new NullRiskManagementModel())), "risk management").SetName("{m}: risk model");
        yield return new TestCaseData((Action<QCAlgorithm>)(algorithm => algorithm.SetExecution(new NullExecutionModel())), "execution").SetName("{m}: execution model");
        yield return new TestCaseData((Action<QCAlgorithm>)(algorithm => algorithm.SetBrokerageModel(new DefaultBrokerageModel())), "brokerage").SetName("{m}: brokerage model");
        yield return new TestCaseData((Action<QCAlgorithm>)(algorithm => algorithm.AddRiskManagement(new NullRiskManagementModel())), "risk management").SetName("{m}: a second risk model");
    }

    [TestCaseSource(nameof(Replacements))]
    public void AReplacedModelStopsTheAlgorithmAndIsNamed(Action<QCAlgorithm> replace, string what)
    {
        var (outcome, _) = EngineRuns.Run(() => new Probe { OnFirstData = replace }, EngineRuns.Parameters);

        Assert.That(outcome.Error, Does.Contain($"The {what} model of CrossHedge.Setup was replaced"));
    }

    [Test]
    public void TheInnerRiskModelRunsFirstAndItsTargetsOnHedgeLegsAreNotFollowed()
    {
        var inner = new Meddler();
        var (outcome, algorithm) = EngineRuns.Run(() => new Probe { Inner = inner }, EngineRuns.Parameters);

        Assert.That(outcome.Error, Is.Null);
        Assert.That(inner.Calls, Is.GreaterThan(1000));
        Assert.That(algorithm.Hedge!.BookOf(Core.Hedging.Hedges.Id("bybit:perpetual:BTCUSDT"))!.Held, Is.Zero);
    }

    [Test]
    public void ADirectOrderOnAHedgeLegIsUndoneAtOnce()
    {
        var (outcome, algorithm) = EngineRuns.Run(
            () => new Probe { OnFirstData = self => self.MarketOrder(self.Securities.Keys.FindPerpetual(), -0.5m) },
            EngineRuns.Parameters);

        Assert.That(outcome.Error, Is.Null);
        Assert.That(algorithm.Portfolio[algorithm.Securities.Keys.FindPerpetual()].Quantity, Is.Zero);
        Assert.That(algorithm.Events.FindAll(orderEvent => orderEvent.Status == OrderStatus.Filled), Has.Count.EqualTo(2));
    }

    /// <summary>An algorithm that does nothing but set up the hedge, and what a test gives it.</summary>
    private sealed class Probe : QCAlgorithm
    {
        private bool _seen;

        public Action<QCAlgorithm>? AfterSetup { get; init; }

        public Action<QCAlgorithm>? OnFirstData { get; init; }

        public IRiskManagementModel? Inner { get; init; }

        public Scenario Scenario { get; init; } = Scenario.None;

        public RunRecorder Recorder { get; } = new();

        public HedgeController? Hedge { get; private set; }

        public List<OrderEvent> Events { get; } = [];

        public override void Initialize()
        {
            SetStartDate(2025, 1, 1);
            SetEndDate(2025, 1, 1);
            var configuration = HedgeConfiguration.Parse(GetParameters()).Value!;
            Hedge = CrossHedge.Setup(this, CrossHedgeOptions.From(configuration) with { Scenario = Scenario, Recorder = Recorder }, Inner);
            AfterSetup?.Invoke(this);
        }

        public override void OnData(Slice slice)
        {
            if (!_seen && slice.Bars.Count > 1)
            {
                _seen = true;
                OnFirstData?.Invoke(this);
            }
        }

        public override void OnOrderEvent(OrderEvent orderEvent) => Events.Add(orderEvent);
    }

    private sealed class Meddler : RiskManagementModel
    {
        public int Calls { get; private set; }

        public override IEnumerable<IPortfolioTarget> ManageRisk(QCAlgorithm algorithm, IPortfolioTarget[] targets)
        {
            Calls++;
            return [new PortfolioTarget(algorithm.Securities.Keys.FindPerpetual(), 3m)];
        }
    }
}

file static class SymbolSearch
{
    public static Symbol FindPerpetual(this IEnumerable<Symbol> symbols)
    {
        foreach (var symbol in symbols)
        {
            if (symbol.SecurityType == SecurityType.CryptoFuture)
            {
                return symbol;
            }
        }

        throw new InvalidOperationException("no perpetual");
    }
}
