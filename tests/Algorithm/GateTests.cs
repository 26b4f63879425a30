using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Framework;
using CrossHedgeLean.Framework.Strategies;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Algorithm.Framework.Alphas;
using QuantConnect.Data;
using QuantConnect.Orders;
using QuantConnect.Securities;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Algorithm;

/// <summary>Each way round the hedge: refused at the gate, or repaired by the decision, or the algorithm stops.</summary>
[TestFixture]
public sealed class GateTests
{
    private static readonly InstrumentId Spot = Id("binance:spot:BTCUSDT");
    private static readonly InstrumentId Perpetual = Id("bybit:perpetual:BTCUSDT");

    /// <summary>Money for the primary without end, for its hedge little.</summary>
    private static readonly IReadOnlyDictionary<string, string> SmallHedge = EngineRuns.With(("binance-spot.cash", "USDT:3000000"), ("bybit.cash", "USDT:100000"), ("concentration-limit", "1"));

    [OneTimeSetUp]
    public void OnlyOnLeanSim() => EngineRuns.OnlyOnLeanSim();

    [Test]
    public void ADirectOrderThatNoLegCanHedgeIsRefusedWithTheLargestThatWouldPass()
    {
        decimal largest = 0m;
        var probe = Run(SmallHedge, (minute, self) =>
        {
            if (minute == 5)
            {
                self.MarketOrder(SymbolOf(Spot), 20m, asynchronous: true);
                largest = self.Hedge!.Desk.Judge(Spot, 20m, self.UtcTime).Largest;
                self.MarketOrder(SymbolOf(Spot), largest, asynchronous: true);
            }
        });

        var refused = probe.Events.Single(orderEvent => orderEvent.Status == OrderStatus.Invalid);
        Assert.That(refused.Message, Does.Contain("the hedge legs of BTC cannot carry an order of 20 now; the largest that would pass is"));
        Assert.That(largest, Is.GreaterThan(0.1m).And.LessThan(20m));
        Assert.That(probe.Held(Spot), Is.EqualTo(largest * 0.999m).Within(0.00001m));
        Assert.That(probe.Residual, Is.LessThan(0.001m));
    }

    [Test]
    public void AScheduledOrderPassesTheSameGate()
    {
        var probe = Run(SmallHedge, (_, _) => { }, self => self.Schedule.On(
            self.DateRules.EveryDay(), self.TimeRules.At(1, 0), () => self.MarketOrder(SymbolOf(Spot), 20m, asynchronous: true)));

        Assert.That(probe.Events.Select(orderEvent => orderEvent.Status), Has.Some.EqualTo(OrderStatus.Invalid));
        Assert.That(probe.Held(Spot), Is.Zero);
    }

    [Test]
    public void InsightsBecomeNoMoreThanTheLegsCanHedge()
    {
        var parameters = new Dictionary<string, string>(SmallHedge) { ["BTC.notional"] = "2000000" };
        var probe = Run(parameters, (minute, self) =>
        {
            if (minute == 5)
            {
                self.EmitInsights(Insight.Price(SymbolOf(Spot), TimeSpan.FromDays(1), InsightDirection.Up, weight: 1));
            }
        });

        Assert.That(probe.Held(Spot), Is.GreaterThan(0.1m).And.LessThan(20m));
        Assert.That(probe.Residual, Is.LessThan(0.001m));
    }

    [Test]
    public void LiquidatingEverythingClosesBothLegs()
    {
        var probe = Run(EngineRuns.Parameters, (minute, self) =>
        {
            if (minute == 5)
            {
                self.MarketOrder(SymbolOf(Spot), 1m, asynchronous: true);
            }
            else if (minute == 50)
            {
                self.Liquidate();
            }
        });

        Assert.That(probe.Held(Perpetual), Is.Zero);
        Assert.That(probe.Held(Spot), Is.LessThan(0.001m));
        Assert.That(probe.Residual, Is.LessThan(0.001m));
    }

    [Test]
    public void LiquidatingTheHedgeAloneIsUndone()
    {
        var probe = Run(EngineRuns.Parameters, (minute, self) =>
        {
            if (minute == 5)
            {
                self.MarketOrder(SymbolOf(Spot), 1m, asynchronous: true);
            }
            else if (minute == 50)
            {
                self.Liquidate(SymbolOf(Perpetual));
            }
        });

        Assert.That(probe.Held(Perpetual), Is.EqualTo(-0.999m));
    }

    [Test]
    public void AHedgeThatWasCanceledIsSentAgain()
    {
        // With latency a hedge works for a minute: long enough to be canceled.
        var parameters = new Dictionary<string, string>(EngineRuns.Parameters) { ["latency"] = "venue" };
        var canceled = 0;
        var probe = Run(parameters, (minute, self) =>
        {
            if (minute == 5)
            {
                self.MarketOrder(SymbolOf(Spot), 1m, asynchronous: true);
            }
            else if (minute is > 5 and < 10 && canceled == 0)
            {
                canceled = self.Transactions.CancelOpenOrders(SymbolOf(Perpetual)).Count;
            }
        });

        Assert.That(canceled, Is.EqualTo(1));
        Assert.That(probe.Held(Perpetual), Is.EqualTo(-0.999m));
    }

    [Test]
    public void AReplacedSecurityInitializerIsFoundWhenASecurityIsAdded()
    {
        var (outcome, _) = EngineRuns.Run(
            () => new Probe((minute, self) =>
            {
                if (minute == 5)
                {
                    self.AddCrypto("ETHUSDT", Resolution.Minute, Market.Binance);
                }
            })
            {
                AfterSetup = self => self.SetSecurityInitializer(new FuncSecurityInitializer(_ => { })),
            },
            EngineRuns.Parameters);

        Assert.That(outcome.Error, Does.Contain("binance:spot:ETHUSDT was added without its account's models: remove the call of SetSecurityInitializer"));
    }

    [Test]
    public void ASecurityOfAHedgedCoinThatStandsOutsideItsGroupTakesNoPosition()
    {
        // Another group brings the route of the stray instrument; the strategy adds it by itself.
        var parameters = new Dictionary<string, string>(EngineRuns.Parameters)
        {
            ["groups"] = "BTC,ETH",
            ["BTC.primary"] = "bybit:spot:BTCUSDT",
            ["ETH.primary"] = "binance:spot:ETHUSDT",
            ["ETH.hedges"] = "bybit:perpetual:ETHUSDT",
        };
        var probe = Run(
            parameters,
            (minute, self) =>
            {
                if (minute == 5)
                {
                    self.MarketOrder(SymbolOf(Spot), 0.1m, asynchronous: true);
                }
            },
            self => self.AddCrypto("BTCUSDT", Resolution.Minute, Market.Binance));

        var refused = probe.Events.Single(orderEvent => orderEvent.Status == OrderStatus.Invalid);
        Assert.That(refused.Message, Does.Contain("BTC is hedged by its group, and this instrument stands outside it"));
    }

    [Test]
    public void AnUpdateThatRaisesAnOrderPassesTheSameGate()
    {
        OrderTicket? ticket = null;
        var parameters = new Dictionary<string, string>(SmallHedge)
        {
            ["BTC.primary"] = "bybit:perpetual:BTCUSDT",
            ["BTC.hedges"] = "binance:spot:BTCUSDT",
            ["bybit.cash"] = "USDT:3000000",
            ["binance-spot.cash"] = "USDT:100000",
        };
        Run(parameters, (minute, self) =>
        {
            if (minute == 5)
            {
                ticket = self.LimitOrder(SymbolOf(Perpetual), -0.1m, Math.Round(self.Securities[SymbolOf(Perpetual)].Price * 1.2m, 1));
                ticket.UpdateQuantity(-20m);
            }
            else if (minute == 10)
            {
                ticket!.UpdateQuantity(-0.2m);
            }
        });

        Assert.That(ticket!.UpdateRequests.Select(request => request.Status), Is.EqualTo(new[] { OrderRequestStatus.Error, OrderRequestStatus.Processed }));
        Assert.That(ticket.Quantity, Is.EqualTo(-0.2m));
    }

    [Test]
    public void AnExitOfADelistedInstrumentMayBeUpdatedAndNothingElse()
    {
        const string delisting = """{ "version": 1, "name": "test", "events": [ { "kind": "delisting", "instrument": "bybit:perpetual:BTCUSDT", "at": "+00:15:00", "until": "+04:00:00" } ] }""";
        OrderTicket? ticket = null;
        Run(EngineRuns.With(("BTC.primary", "bybit:perpetual:BTCUSDT"), ("BTC.hedges", "binance:spot:BTCUSDT"), ("scenario", delisting)), (minute, self) =>
        {
            var price = Math.Round(self.Securities[SymbolOf(Perpetual)].Price * 0.9m, 1);
            switch (minute)
            {
                case 5:
                    self.MarketOrder(SymbolOf(Perpetual), -1m, asynchronous: true);
                    break;
                case 10:
                    ticket = self.LimitOrder(SymbolOf(Perpetual), 0.05m, price - 100m, asynchronous: true);
                    break;
                case 16:
                    ticket!.UpdateLimitPrice(price);
                    ticket.UpdateQuantity(0.04m);
                    ticket.UpdateQuantity(2m);
                    break;
            }
        });

        Assert.That(
            ticket!.UpdateRequests.Select(request => request.Status),
            Is.EqualTo(new[] { OrderRequestStatus.Processed, OrderRequestStatus.Processed, OrderRequestStatus.Error }),
            string.Join("; ", ticket.UpdateRequests.Select(request => request.Response.ErrorMessage)));
        Assert.That(ticket.Quantity, Is.EqualTo(0.04m));
    }

    [Test]
    public void CommandsHaltFlattenAndResume()
    {
        var answers = new List<bool?>();
        var heldBefore = 0m;
        var probe = Run(EngineRuns.Parameters, (minute, self) =>
        {
            switch (minute)
            {
                case 5:
                    self.MarketOrder(SymbolOf(Spot), 1m, asynchronous: true);
                    break;
                case 10:
                    answers.Add(self.Hedge!.Command("halt", "BTC").IsDone);
                    self.MarketOrder(SymbolOf(Spot), 0.5m, asynchronous: true);
                    break;
                case 20:
                    heldBefore = self.Held(Spot);
                    answers.Add(self.Hedge!.Command("flatten", "bybit").IsDone);
                    break;
                case 30:
                    answers.Add(self.Hedge!.Command("resume", "all").IsDone);
                    self.MarketOrder(SymbolOf(Spot), 0.2m, asynchronous: true);
                    break;
                case 40:
                    answers.Add(self.Hedge!.Command("halt", "ETH").IsDone);
                    break;
            }
        });

        Assert.That(answers, Is.EqualTo(new bool?[] { true, true, true, false }));
        Assert.That(heldBefore, Is.EqualTo(0.999m), "halted: nothing is raised");
        Assert.That(probe.Held(Perpetual), Is.EqualTo(-0.199m).Or.EqualTo(-0.2m), "flattened, then resumed");
        Assert.That(probe.Residual, Is.LessThan(0.001m));
    }

    private static Symbol SymbolOf(InstrumentId id) => RealityModels.Routes.SymbolOf(id);

    private static Probe Run(IReadOnlyDictionary<string, string> parameters, Action<int, Probe> onMinute, Action<Probe>? afterSetup = null)
    {
        var (outcome, probe) = EngineRuns.Run(() => new Probe(onMinute) { AfterSetup = afterSetup }, parameters);
        Assert.That(outcome.Error, Is.Null);
        return probe;
    }

    /// <summary>Does what a test says at minutes of the run.</summary>
    private sealed class Probe(Action<int, Probe> onMinute) : QCAlgorithm
    {
        public Action<Probe>? AfterSetup { get; init; }

        public HedgeController? Hedge { get; private set; }

        public List<OrderEvent> Events { get; } = [];

        public decimal Residual => Hedge!.Desk.Groups.Max(group => Math.Abs(group.Residual(UtcTime).Units));

        public decimal Held(InstrumentId id) => Hedge!.BookOf(id)!.Held;

        public override void Initialize()
        {
            SetStartDate(2025, 1, 1);
            SetEndDate(2025, 1, 1);
            var configuration = HedgeConfiguration.Parse(GetParameters()).Value!;
            Hedge = CrossHedge.Setup(this, CrossHedgeOptions.From(configuration));
            SetPortfolioConstruction(new NotionalPortfolioConstructionModel(Hedge, configuration.Groups));
            AfterSetup?.Invoke(this);
        }

        public override void OnData(Slice slice) => onMinute((int)(UtcTime - StartDate).TotalMinutes, this);

        public override void OnOrderEvent(OrderEvent orderEvent) => Events.Add(orderEvent);
    }
}
