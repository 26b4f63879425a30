using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Framework;
using CrossHedgeLean.Recording;
using NUnit.Framework;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Algorithm.Framework.Portfolio;
using QuantConnect.Data;
using QuantConnect.Data.Market;
using QuantConnect.Orders;
using QuantConnect.Orders.Fees;
using QuantConnect.Orders.Fills;
using QuantConnect.Securities;

namespace CrossHedgeLean.Tests.Algorithm;

/// <summary>The accounts behind LEAN's models, in whole runs.</summary>
[TestFixture]
public sealed class AccountRunTests
{
    private static readonly Symbol Spot = Symbol.Create("BTCUSDT", SecurityType.Crypto, Market.Binance);
    private static readonly Symbol Perpetual = Symbol.Create("BTCUSDT", SecurityType.CryptoFuture, Market.Bybit);

    [OneTimeSetUp]
    public void OnlyOnLeanSim() => EngineRuns.OnlyOnLeanSim();

    [TestCase("none")]
    [TestCase("venue")]
    [TestCase("00:00:01")]
    public void EveryInvariantHoldsAtEveryStep(string latency)
    {
        var (summary, _) = EngineRuns.RunSample(EngineRuns.With(("latency", latency)));

        Assert.That(summary.Latency, Is.EqualTo(latency));
        Assert.That(summary.Invariants.Checked, Is.GreaterThan(10_000));
        Assert.That(summary.Invariants.Violated, Is.Zero, string.Join('\n', summary.Invariants.Violations));
        Assert.That(summary.Fills, Is.GreaterThan(100));
        foreach (var account in summary.Accounts)
        {
            Assert.That(account.EquityStart + account.Profit.Total, Is.EqualTo(account.EquityEnd).Within(0.000000001m));
        }
    }

    /// <summary>A coin among the opening balances has no value before its first price: equity that began without it would show a gain of its whole worth.</summary>
    [Test]
    public void EquityBeginsWhenAllThatIsHeldHasAPrice()
    {
        var (summary, _) = EngineRuns.RunSample(EngineRuns.With(("binance-spot.cash", "USDT:400000,ETH:10")));

        Assert.That(summary.EquityStart, Is.GreaterThan(660_000m));
        Assert.That(summary.EquityStart, Is.EqualTo(summary.Accounts.Sum(account => account.EquityStart)).Within(1_000m));
    }

    /// <summary>Found by trying seeds: forced fills at prices of many digits, where LEAN's one sum of all money rounds and the accounts' own do not.</summary>
    [TestCase("none", "1", "1500")]
    [TestCase("none", "2", "800")]
    [TestCase("venue", "1", "1500")]
    public void MoneyIsConservedWhereDecimalsEnd(string latency, string seed, string cash)
    {
        var (summary, _) = EngineRuns.RunSample(EngineRuns.WithoutPrevention(
            ("latency", latency), ("seed", seed), ("bybit.cash", $"USDT:{cash}"), ("bybit.leverage", "100"), ("liquidation-marks", "adverse")));

        Assert.That(summary.Accounts.Single(account => account.Account == "bybit").Liquidations, Is.Not.Empty);
        Assert.That(summary.Invariants.Violated, Is.Zero, string.Join('\n', summary.Invariants.Violations));
    }

    [Test]
    public void LatencyCostsAndNeverFillsAtTheDecisionsOwnPrice()
    {
        var (atOnce, _) = EngineRuns.RunSample(EngineRuns.Parameters);
        var (late, _) = EngineRuns.RunSample(EngineRuns.With(("latency", "venue")));

        Assert.That(late.DecisionLogHash, Is.Not.EqualTo(atOnce.DecisionLogHash));
        Assert.That(late.Residual.Max, Is.GreaterThan(atOnce.Residual.Max), "a hedge that arrives a bar later leaves the primary naked for that bar");
    }

    [Test]
    public void AnAccountTooSmallIsLiquidatedAtItsComputedPriceAndNeverEndsBelowZero()
    {
        var (summary, _) = EngineRuns.RunSample(EngineRuns.WithoutPrevention(
            ("strategy", "inventory"), ("BTC.notional", "30000"), ("bybit.cash", "USDT:480"), ("bybit.leverage", "100"), ("liquidation-marks", "adverse")));

        var account = summary.Accounts.Single(account => account.Account == "bybit");
        Assert.That(account.Liquidations, Is.Not.Empty);
        Assert.That(account.Worst!.Distance, Is.Zero);
        Assert.That(account.EquityEnd, Is.GreaterThanOrEqualTo(0m));
        Assert.That(account.Profit.Liquidation, Is.Negative);
        Assert.That(summary.Invariants.Violated, Is.Zero, string.Join('\n', summary.Invariants.Violations));
    }

    [Test]
    public void MoneyAtOneExchangeCarriesNoOrderAtAnother()
    {
        var (_, algorithm) = Run(EngineRuns.With(("bybit.cash", "USDT:0"), ("binance-spot.cash", "USDT:500000")), self => self.MarketOrder(Perpetual, -0.1m));

        Assert.That(algorithm.Events.Where(orderEvent => orderEvent.Symbol == Perpetual).Select(orderEvent => orderEvent.Status), Does.Contain(OrderStatus.Invalid).And.Not.Contain(OrderStatus.Filled));
        Assert.That(algorithm.Events.First(orderEvent => orderEvent.Symbol == Perpetual && orderEvent.Status == OrderStatus.Invalid).Message, Does.Contain("bybit has 0 USDT"));
    }

    [Test]
    public void SizingHelpersReadTheAccountNotThePortfolio()
    {
        var quantities = new List<(decimal Quantity, decimal Expected)>();
        Run(EngineRuns.Parameters, self =>
        {
            var spot = self.Securities[Spot];
            var perpetual = self.Securities[Perpetual];
            quantities.Add((PortfolioTarget.Percent(self, Spot, 0.5m).Quantity, 200_000m / spot.Price));
            quantities.Add((PortfolioTarget.Percent(self, Perpetual, -0.5m).Quantity, -125_000m / perpetual.Price));
            Assert.That(perpetual.BuyingPowerModel.GetLeverage(perpetual), Is.EqualTo(3m));
        });

        Assert.That(quantities, Has.Count.EqualTo(2));
        foreach (var (quantity, expected) in quantities)
        {
            Assert.That(Math.Abs(quantity / expected), Is.LessThanOrEqualTo(1m).And.GreaterThan(0.99m));
            Assert.That(Math.Sign(quantity), Is.EqualTo(Math.Sign(expected)));
        }
    }

    [Test]
    public void TheCashIsTheAccountsOpeningBalances()
    {
        var (_, algorithm) = Run(EngineRuns.With(("binance-spot.cash", "USDT:1000,BUSD:7")), _ => { });

        Assert.That(algorithm.Portfolio.CashBook["USDT"].Amount, Is.EqualTo(251_000m));
        Assert.That(algorithm.Portfolio.CashBook["BUSD"].Amount, Is.EqualTo(7m));
    }

    [Test]
    public void CashThatIsSetToSomethingElseStopsTheRun()
    {
        var (outcome, _) = Run(EngineRuns.Parameters, _ => { }, self => self.SetCash("USDT", 400_000m));

        Assert.That(outcome, Does.Contain("Opening balances of USDT add up to 650000 over the accounts, and the cash set is 400000"));
    }

    [Test]
    public void AChangeOfTheCashBookThatNoAccountKnowsStopsTheRunAtThatStep()
    {
        var (outcome, _) = Run(EngineRuns.Parameters, self => self.Portfolio.CashBook["USDT"].AddAmount(0.00000001m));

        Assert.That(outcome, Does.Contain("a change of 0.00000001 USDT belongs to no account"));
    }

    private static IEnumerable<TestCaseData> Models()
    {
        yield return new TestCaseData((Action<Security>)(security => security.SetFeeModel(new ConstantFeeModel(1m, "USDT"))), "fee model").SetName("{m}: fee");
        yield return new TestCaseData((Action<Security>)(security => security.SetFillModel(new ImmediateFillModel())), "fill model").SetName("{m}: fill");
        yield return new TestCaseData((Action<Security>)(security => security.SetBuyingPowerModel(new SecurityMarginModel(3m))), "buying power model").SetName("{m}: buying power");
        yield return new TestCaseData((Action<Security>)(security => security.SetMarginInterestRateModel(MarginInterestRateModel.Null)), "margin interest rate model").SetName("{m}: funding");
        yield return new TestCaseData((Action<Security>)(security => security.PortfolioModel = new SecurityPortfolioModel()), "portfolio model").SetName("{m}: portfolio");
    }

    [TestCaseSource(nameof(Models))]
    public void AReplacedModelOfASecurityStopsTheRunAndIsNamed(Action<Security> replace, string what)
    {
        var (outcome, _) = Run(EngineRuns.Parameters, self => replace(self.Securities[Perpetual]));

        Assert.That(outcome, Does.Contain($"The {what} of bybit:perpetual:BTCUSDT was replaced after CrossHedge.Setup"));
    }

    /// <summary>LEAN asks for it twice a step; a time, a quantity or a price that is another asks the venue's model again.</summary>
    [Test]
    public void TheFeeOfClosingIsTheVenuesOwnWheneverItIsAsked()
    {
        Run(EngineRuns.Parameters, Ask, later: Ask);

        static void Ask(Probe self)
        {
            var security = self.Securities[Perpetual];
            var venue = new BybitFuturesFeeModel();
            Asks(1m);
            Asks(2m);
            security.SetMarketPrice(new Tick(security.LocalTime, Perpetual, 1m, 122m, 1m, 124m));
            Asks(2m);

            void Asks(decimal quantity)
            {
                var first = security.FeeModel.GetOrderFee(Closing(quantity));
                var second = security.FeeModel.GetOrderFee(Closing(quantity));
                Assert.That(first.Value.Amount, Is.EqualTo(venue.GetOrderFee(Closing(quantity)).Value.Amount).And.Positive);
                Assert.That(second, Is.SameAs(first));
                Assert.That(security.FeeModel.GetOrderFee(Closing(quantity, seconds: 1)), Is.Not.SameAs(first));
            }

            OrderFeeParameters Closing(decimal quantity, int seconds = 0) => new(security, new MarketOrder(Perpetual, quantity, self.UtcTime.AddSeconds(seconds)));
        }
    }

    [Test]
    public void AnExitPassesWhateverTheMarginSays()
    {
        // The position takes all the margin there is; then it is closed while no margin is free.
        var (outcome, algorithm) = Run(
            EngineRuns.With(("BTC.primary", "bybit:perpetual:BTCUSDT"), ("BTC.hedges", "bybit:spot:BTCUSDT"), ("BTC.ratio", "0"), ("conversion-market", "bybit"), ("bybit.cash", "USDT:20000"), ("binance-spot.cash", "USDT:0"), ("concentration-limit", "1")),
            self => self.MarketOrder(Perpetual, decimal.Round(59_000m / self.Securities[Perpetual].Price, 3)),
            later: self => self.MarketOrder(Perpetual, -self.Portfolio[Perpetual].Quantity));

        Assert.That(outcome, Is.Null);
        Assert.That(algorithm.Events.Where(orderEvent => orderEvent.Symbol == Perpetual && orderEvent.Status == OrderStatus.Filled).ToList(), Has.Count.EqualTo(2));
        Assert.That(algorithm.Portfolio[Perpetual].Quantity, Is.Zero);
    }

    [Test]
    public void AccountsAreShownWhileTheRunGoesOn()
    {
        IReadOnlyList<AccountSnapshot>? seen = null;
        Run(EngineRuns.Parameters, self => self.MarketOrder(Spot, 1m), later: self => seen = self.Hedge!.Accounts.Snapshot());

        var bybit = seen!.Single(account => account.Name == "bybit");
        var position = bybit.Positions.Single(position => position.Quantity != 0m);
        Assert.That(position.Quantity, Is.EqualTo(-0.999m));
        Assert.That(position.LiquidationPrice, Is.GreaterThan(position.Mark));
        Assert.That(bybit.Balances.Single(balance => balance.Currency == "USDT").Withdrawable, Is.LessThan(250_000m).And.Positive);
    }

    private static (string? Error, Probe Algorithm) Run(
        IReadOnlyDictionary<string, string> parameters, Action<Probe> onFirstData, Action<Probe>? afterSetup = null, Action<Probe>? later = null)
    {
        var (outcome, algorithm) = EngineRuns.Run(() => new Probe { OnFirstData = onFirstData, AfterSetup = afterSetup, Later = later }, parameters);
        return (outcome.Error, algorithm);
    }

    private sealed class Probe : QCAlgorithm
    {
        private int _steps;

        public required Action<Probe> OnFirstData { get; init; }

        public Action<Probe>? AfterSetup { get; init; }

        public Action<Probe>? Later { get; init; }

        public HedgeController? Hedge { get; private set; }

        public List<OrderEvent> Events { get; } = [];

        public override void Initialize()
        {
            SetStartDate(2025, 1, 1);
            SetEndDate(2025, 1, 1);
            Hedge = CrossHedge.Setup(this, CrossHedgeOptions.From(HedgeConfiguration.Parse(GetParameters()).Value!) with { Recorder = new RunRecorder() });
            AfterSetup?.Invoke(this);
        }

        public override void OnData(Slice slice)
        {
            if (slice.Bars.Count > 1 && ++_steps == 2)
            {
                OnFirstData(this);
            }
            else if (_steps == 30)
            {
                Later?.Invoke(this);
            }
        }

        public override void OnOrderEvent(OrderEvent orderEvent) => Events.Add(orderEvent);
    }
}
