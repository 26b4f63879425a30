using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Brokerages;
using QuantConnect.Brokerages.CrossHedge;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;
using QuantConnect.Configuration;
using QuantConnect.Interfaces;
using QuantConnect.Orders;
using QuantConnect.Orders.Fees;
using QuantConnect.Packets;
using QuantConnect.Securities;

namespace CrossHedgeLean.Tests.Brokerages;

/// <summary>What goes wrong with several brokerages behind LEAN's one, one test for each pitfall that we know of.</summary>
[TestFixture]
public sealed class CompositeTests
{
    private const string Spot = "binance:spot:BTCUSDT";
    private const string Perpetual = "binance:perpetual:BTCUSDT";
    private const string Bybit = "bybit:perpetual:BTCUSDT";

    [SetUp]
    public void MakeAnAlgorithmPossible()
    {
        Config.Set("data-folder", Algorithm.EngineRuns.GeneratedFolder);
        Globals.Reset();
    }

    [Test]
    public void TheSameRouteAtTwoChildrenIsRefused()
        => Assert.That(
            ErrorsOf("""[ { "name": "one", "brokerage": "A", "routes": ["binance:spot"] }, { "name": "two", "brokerage": "B", "routes": ["binance:spot"] } ]"""),
            Is.EqualTo(new[] { "crosshedge-children: the route binance:spot is claimed by one and two: a route belongs to one child." }));

    [Test]
    public void TheSameMarketSpotAndFuturesAreTwoRoutes()
    {
        var bench = Connected();
        bench.Place(bench.Order(Spot));
        bench.Place(bench.Order(Perpetual));
        bench.Place(bench.Order(Bybit));

        Assert.That(bench.Children.Select(child => (child.Key, child.Value.Placed.Count)), Is.EqualTo(new[] { ("spot", 1), ("futures", 1), ("bybit", 1) }));
        Assert.That(bench.Place(bench.Order("kraken:spot:BTCUSD")), Is.False, "nobody trades there");
        Assert.That(bench.Messages[^1].Message, Does.Contain("no child has the route kraken:spot"));
    }

    [Test]
    public void CollidingBrokerIdsAreEachChildsOwn()
    {
        var bench = Connected();
        var (one, two) = (bench.Order(Spot), bench.Order(Bybit));
        one.BrokerId.Add("12345");
        two.BrokerId.Add("12345");
        var child = ChildAlgorithm.Create(bench.Algorithm, new DefaultBrokerageModel(), bench.Settings.Children[2].Routes);

        Assert.That(bench.Algorithm.Transactions.GetOrdersByBrokerageId("12345"), Has.Count.EqualTo(2));
        Assert.That(child.Transactions.GetOrdersByBrokerageId("12345").Select(order => order.Id), Is.EqualTo(new[] { two.Id }));
        Assert.That(child.Transactions.GetOrderById(one.Id), Is.Null);
        Assert.That(child.Portfolio.Transactions.GetOrdersByBrokerageId("12345").Select(order => order.Id), Is.EqualTo(new[] { two.Id }), "some children ask there");
    }

    [Test]
    public void AChildThatDisconnectsIsThatVenueDownAndNothingElse()
    {
        var bench = Connected();
        bench.Children["bybit"].Say(BrokerageMessageType.Disconnect, "socket closed");

        Assert.That(bench.Brokerage.HealthOf("bybit", Capability.Trade), Is.EqualTo((HealthState.Down, HealthReason.Disconnected)));
        Assert.That(bench.Brokerage.HealthOf("binance", Capability.Trade).State, Is.EqualTo(HealthState.Healthy));
        Assert.That(bench.Brokerage.IsConnected, Is.True);
        bench.Children["bybit"].Say(BrokerageMessageType.Reconnect, "back");
        Assert.That(bench.Brokerage.HealthOf("bybit", Capability.Trade).State, Is.EqualTo(HealthState.Healthy));
    }

    [TestCase(BrokerageMessageType.Error)]
    [TestCase(BrokerageMessageType.Disconnect)]
    [TestCase(BrokerageMessageType.ActionRequired)]
    public void AChildsErrorDoesNotKill(BrokerageMessageType type)
    {
        var bench = Connected();
        var handler = new CrossHedgeBrokerageMessageHandler(bench.Algorithm);

        // LEAN hears a child's own message too, where the child also brings data.
        bench.Brokerage.Message += (_, message) => handler.HandleMessage(message);
        handler.HandleMessage(new BrokerageMessageEvent(type, "x", "raw"));
        bench.Children["bybit"].Say(type, "cannot parse");
        bench.Lanes.MoveTo(CompositeBench.Start.AddHours(1));

        Assert.That(bench.Algorithm.RunTimeError, Is.Null);
        Assert.That(bench.Messages.Select(message => message.Type), Is.All.AnyOf(BrokerageMessageType.Information, BrokerageMessageType.Warning));
        Assert.That(bench.Messages.Select(message => message.Code), Has.Some.EqualTo($"xh.bybit.{type.ToString().ToLowerInvariant()}"));
    }

    /// <summary>Binance's plugin warns of a trading mode whenever it is asked for cash, which here is every few seconds.</summary>
    [Test]
    public void WhatAChildSaysAtEachPollIsSaidOnceAnHour()
    {
        var bench = Connected();
        for (var minute = 0; minute < 90; minute++)
        {
            bench.Lanes.MoveTo(CompositeBench.Start.AddMinutes(minute));
            bench.Children["bybit"].Say(BrokerageMessageType.Warning, "a mode");
        }

        Assert.That(bench.Messages.Count(message => message.Code == "xh.bybit.warning"), Is.EqualTo(2));
        bench.Children["bybit"].Say(BrokerageMessageType.Warning, "another mode");
        Assert.That(bench.Messages[^1].Message, Is.EqualTo("bybit: another mode"));
    }

    [Test]
    public void AnErrorDuringSetupIsNoErrorOfTheWhole()
    {
        var bench = Bench();
        bench.Children["bybit"].Connecting = () => bench.Children["bybit"].Say(BrokerageMessageType.Error, "hiccup");
        bench.Brokerage.Connect();

        Assert.That(bench.Brokerage.IsConnected, Is.True);
        Assert.That(bench.Messages.Select(message => message.Type), Does.Not.Contain(BrokerageMessageType.Error));
    }

    [Test]
    public void ARefusalAfterTheFactIsAnInvalidOrderEvent()
    {
        var bench = Connected();
        bench.Listen();
        bench.Children["bybit"].Placing = _ => false;
        var order = bench.Order(Bybit);

        Assert.That(bench.Place(order), Is.True, "handed over");
        Assert.That(bench.Heard, Is.EqualTo(new[] { $"{order.Id}:Invalid" }));
    }

    [Test]
    public void AnUnknownOutcomeIsNotARefusal()
    {
        var bench = Connected();
        bench.Listen();
        bench.Children["bybit"].Placing = _ => throw new TimeoutException("no answer");
        var order = bench.Order(Bybit);
        bench.Place(order);
        Assert.That(bench.Heard, Is.Empty);
        Assert.That(bench.Messages[^1].Message, Is.EqualTo($"bybit: the outcome of order {order.Id} is unknown: no answer"));

        bench.Children["bybit"].Raise(FakeChild.Event(order, OrderStatus.Filled));
        bench.Lanes.Pump();
        Assert.That(bench.Heard, Is.EqualTo(new[] { $"{order.Id}:Filled" }), "the venue tells what became of it");
    }

    /// <summary>Official plugins make an Invalid of a time-out too.</summary>
    [Test]
    public void AnInvalidOfAChildIsARefusalOnlyIfItsTextIsCertain()
    {
        var bench = Connected();
        bench.Listen();
        var (refused, doubtful) = (bench.Order(Bybit), bench.Order(Bybit));
        bench.Place(refused);
        bench.Place(doubtful);
        bench.Children["bybit"].Raise(
            new OrderEvent(refused, DateTime.UnixEpoch, OrderFee.Zero, "code 7: no money") { Status = OrderStatus.Invalid },
            new OrderEvent(doubtful, DateTime.UnixEpoch, OrderFee.Zero, "the request timed out") { Status = OrderStatus.Invalid });
        bench.Lanes.Pump();

        Assert.That(bench.Heard, Is.EqualTo(new[] { $"{refused.Id}:Invalid" }), "the other may be at the venue");
        Assert.That(bench.Messages[^1].Message, Is.EqualTo($"bybit: the outcome of order {doubtful.Id} is unknown: the request timed out"));

        bench.Children["bybit"].Raise(FakeChild.Event(doubtful, OrderStatus.Filled));
        bench.Lanes.Pump();
        Assert.That(bench.Heard[^1], Is.EqualTo($"{doubtful.Id}:Filled"), "it was");
    }

    [TestCase("BybitBrokerage", "retCode: 110007, ab not enough for new order", true)]
    [TestCase("BybitBrokerage", "The operation has timed out", false)]
    [TestCase("BinanceBrokerage", "{\"code\":-2010,\"msg\":\"Account has insufficient balance\"}", true)]
    [TestCase("BinanceBrokerage", "{\"code\":-1007,\"msg\":\"Timeout waiting for response; execution status unknown\"}", false)]
    [TestCase("KrakenBrokerage", "EOrder:Insufficient funds", true)]
    [TestCase("KrakenBrokerage", "EService:Unavailable", false)]
    [TestCase("AnyBrokerage", "-2010", false)]
    [TestCase("BybitBrokerage", "order 5110007123 timed out after 10001ms", false)]
    [TestCase("BinanceBrokerage", "no answer to order 77-20101", false)]
    [TestCase("QuantConnect.Brokerages.Bybit.BybitBrokerage", "ErrorCode: 110007 ErrorMessage: ab not enough", true)]
    public void ARefusalIsCertainByItsVenuesOwnCode(string brokerage, string text, bool isCertain)
        => Assert.That(DefiniteRefusals.Contains(brokerage, text, []), Is.EqualTo(isCertain));

    [Test]
    public void AnExceptionIsARefusalIfItsTextIsCertain()
    {
        var bench = Connected();
        bench.Listen();
        bench.Children["bybit"].Placing = _ => throw new InvalidOperationException("code 7: no money");
        var order = bench.Order(Bybit);
        bench.Place(order);

        Assert.That(bench.Heard, Is.EqualTo(new[] { $"{order.Id}:Invalid" }));
    }

    [Test]
    public void AnOrderThatIsNotTakenAfterADoubtfulWordStaysInDoubt()
    {
        var bench = Connected();
        bench.Listen();
        bench.Children["bybit"].Placing = order =>
        {
            bench.Children["bybit"].Raise(new OrderEvent(order, DateTime.UnixEpoch, OrderFee.Zero, "UnknownFailureReason") { Status = OrderStatus.Invalid });
            return false;
        };
        bench.Place(bench.Order(Bybit));

        Assert.That(bench.Heard, Is.Empty);
    }

    /// <summary>Coinbase's plugin says why, and then that it did not take the order.</summary>
    [Test]
    public void ARefusalThatIsToldTwiceIsHeardOnce()
    {
        var bench = Connected();
        bench.Listen();
        bench.Children["bybit"].Placing = order =>
        {
            bench.Children["bybit"].Raise(new OrderEvent(order, DateTime.UnixEpoch, OrderFee.Zero, "no money") { Status = OrderStatus.Invalid });
            return false;
        };
        var order = bench.Order(Bybit);
        bench.Place(order);

        Assert.That(bench.Heard, Is.EqualTo(new[] { $"{order.Id}:Invalid" }));
    }

    /// <summary>As an order that Kraken refuses: its plugin says so in a message that names no order.</summary>
    [Test]
    public void AnOrderThatIsNeverAnsweredIsOverOnceItsVenueHasLongReportedTheSameWithoutIt()
    {
        var bench = Connected();
        bench.Listen();
        var order = bench.Order(Bybit);
        bench.Place(order);
        bench.Lanes.WaitUntil(() => bench.Messages.Any(message => message.Code == "xh.bybit.unknown"), TimeSpan.FromSeconds(20));
        Assert.That(bench.Messages[^1].Message, Is.EqualTo($"bybit: the outcome of order {order.Id} is unknown: no answer"));
        Assert.That(bench.Heard, Is.Empty);

        bench.Lanes.WaitUntil(() => bench.Heard.Count > 0, TimeSpan.FromMinutes(1));
        Assert.That(bench.Heard, Is.EqualTo(new[] { $"{order.Id}:Invalid" }));
    }

    /// <summary>Where a venue can be asked by our own id, its answer decides, and no report does.</summary>
    [TestCase(false, false, OrderStatus.Invalid)]
    [TestCase(true, true, OrderStatus.Submitted)]
    [TestCase(true, false, OrderStatus.Canceled)]
    public void AnOrderInDoubtIsAskedAboutByItsOwnId(bool isKnown, bool isOpen, OrderStatus status)
    {
        var bench = new CompositeBench(null, name => new FakeAskedChild(name), isJournalled: true, ("bybit", "bybit:perpetual", true));
        bench.Brokerage.Connect();
        bench.Listen();
        var child = (FakeAskedChild)bench.Children["bybit"];
        child.Placing = _ => throw new TimeoutException("no answer");
        var order = bench.Order(Bybit);
        var id = child.ClientIdOf!(order);
        bench.Place(order);
        bench.Lanes.WaitUntil(() => false, TimeSpan.FromMinutes(2));
        Assert.That(bench.Heard, Is.Empty, "nobody answers");

        child.Asked = asked => asked == id ? new VenueOrderAnswer(id, isKnown, isOpen, null) : null;
        bench.Lanes.WaitUntil(() => bench.Heard.Count > 0, TimeSpan.FromSeconds(20));
        Assert.That(bench.Heard, Is.EqualTo(new[] { $"{order.Id}:{status}" }));
    }

    /// <summary>Venues count requests: a burst of fills is one question.</summary>
    [Test]
    public void ABurstOfFillsAsksForTheAccountOnce()
    {
        var bench = Connected();
        bench.Listen();
        var orders = Enumerable.Range(0, 50).Select(_ => bench.Order(Bybit)).ToArray();
        foreach (var order in orders)
        {
            bench.Place(order);
        }

        var before = bench.Children["bybit"].Polls;
        foreach (var order in orders)
        {
            bench.Children["bybit"].Raise(new OrderEvent(order, DateTime.UnixEpoch, OrderFee.Zero) { Status = OrderStatus.Filled, FillQuantity = order.Quantity, FillPrice = 1m });
        }

        bench.Lanes.Pump();
        Assert.That(bench.Heard, Has.Count.EqualTo(50));
        Assert.That(bench.Children["bybit"].Polls - before, Is.EqualTo(1));
    }

    [Test]
    public void AnAcceptedOrderThatItsVenueListsNoMoreIsOver([Values] bool isListed)
    {
        var bench = Connected();
        bench.Listen();
        var order = bench.Order(Bybit);
        order.BrokerId.Add("7");
        bench.Place(order);
        bench.Children["bybit"].Raise(FakeChild.Event(order, OrderStatus.Submitted));
        if (isListed)
        {
            bench.Children["bybit"].Open.Add(order);
        }

        bench.Lanes.WaitUntil(() => bench.Heard.Count > 1, TimeSpan.FromMinutes(1));
        Assert.That(bench.Heard, Is.EqualTo(isListed ? new[] { $"{order.Id}:Submitted" } : [$"{order.Id}:Submitted", $"{order.Id}:Canceled"]));
    }

    /// <summary>Until then the group of the order stands still; a child that only threw would say nothing for ever.</summary>
    [Test]
    public void AnOrderInDoubtIsOverOnceItsVenueHasLongReportedTheSameWithoutIt()
    {
        var bench = Connected();
        bench.Listen();
        var order = Doubtful(bench);
        bench.Lanes.MoveTo(CompositeBench.Start.AddSeconds(12));
        bench.Children["bybit"].Holdings.Add(new Holding { Symbol = order.Symbol, Quantity = 1m });
        bench.Lanes.MoveTo(CompositeBench.Start.AddSeconds(39));
        Assert.That(bench.Heard, Is.Empty, "our books have not had the time to believe the position");

        bench.Lanes.MoveTo(CompositeBench.Start.AddSeconds(41));
        Assert.That(bench.Heard, Is.EqualTo(new[] { $"{order.Id}:Invalid" }));
        bench.Lanes.MoveTo(CompositeBench.Start.AddMinutes(5));
        Assert.That(bench.Heard, Has.Count.EqualTo(1));
        Assert.That(bench.Children["bybit"].Placed, Has.Count.EqualTo(1), "never sent anew");
    }

    [Test]
    public void AnOrderThatWasInDoubtIsCountedOnceAsAFailure()
    {
        var bench = Connected();
        bench.Listen();
        Doubtful(bench);
        Doubtful(bench);
        bench.Lanes.MoveTo(CompositeBench.Start.AddSeconds(36));
        Assert.That(bench.Heard, Has.Count.EqualTo(2));
        Assert.That(bench.Brokerage.HealthOf("bybit", Capability.Trade).State, Is.EqualTo(HealthState.Healthy), "it takes three");
    }

    [Test]
    public void AnOrderInDoubtThatItsVenueListsIsThatOne()
    {
        var bench = Connected();
        bench.Listen();
        var order = Doubtful(bench);
        var known = bench.Order(Bybit);
        known.BrokerId.Add("7");
        foreach (var (id, quantity) in new[] { ("7", 1m), ("8", 2m), ("9", 1m) })
        {
            var listed = bench.Order(Bybit, quantity, isKnown: false);
            listed.BrokerId.Add(id);
            bench.Children["bybit"].Open.Add(listed);
        }

        bench.Lanes.MoveTo(CompositeBench.Start.AddMinutes(2));
        Assert.That(bench.Heard, Is.EqualTo(new[] { $"{order.Id}:Submitted" }));
        Assert.That(order.BrokerId, Is.EqualTo(new[] { "9" }));
    }

    [Test]
    public void CashIsSummedAndOfAChildThatIsDownTheLastThatWasKnown()
    {
        var bench = Bench();
        bench.Children["spot"].Cash = () => [new CashAmount(10m, "USDT"), new CashAmount(2m, "BTC")];
        bench.Brokerage.Connect();
        Assert.That(Cash(bench), Is.EqualTo("2010 USDT, 2 BTC"));

        bench.Children["spot"].Cash = () => throw new IOException("gone");
        bench.Children["bybit"].Cash = () => [new CashAmount(5m, "USDT")];
        bench.Lanes.MoveTo(CompositeBench.Start.AddMinutes(5));
        Assert.That(Cash(bench), Is.EqualTo("1015 USDT, 2 BTC"), "a currency that is not named is set to zero by LEAN");
        Assert.That(bench.Brokerage.HealthOf("binance", Capability.Trade).State, Is.EqualTo(HealthState.Down));
    }

    [Test]
    public void FiveFailedSyncsDoNotKillBecauseNoneFails()
    {
        var bench = Connected();
        foreach (var child in bench.Children.Values)
        {
            child.Cash = () => throw new IOException("gone");
        }

        for (var minute = 1; minute <= 10; minute++)
        {
            bench.Lanes.MoveTo(CompositeBench.Start.AddMinutes(minute));
            Assert.That(bench.Brokerage.ShouldPerformCashSync(bench.Lanes.NowUtc), Is.True);
            Assert.That(() => bench.Brokerage.GetCashBalance(), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public void EventsBeforeLeanListensAreKeptInOrder()
    {
        var bench = Connected();
        var (one, two) = (bench.Order(Bybit), bench.Order(Bybit));
        bench.Children["bybit"].Raise(FakeChild.Event(one, OrderStatus.Submitted), FakeChild.Event(two, OrderStatus.Submitted));
        bench.Children["bybit"].Raise(FakeChild.Event(one, OrderStatus.Filled));
        bench.Lanes.MoveTo(CompositeBench.Start.AddSeconds(30));
        bench.Listen();
        bench.Lanes.Pump();

        Assert.That(bench.Heard, Is.EqualTo(new[] { $"{one.Id}:Submitted {two.Id}:Submitted", $"{one.Id}:Filled" }));
    }

    [Test]
    public void AnUnknownOrderDoesNotDropItsBatchAndIsHeardWhenItIsKnown()
    {
        var bench = Connected();
        bench.Listen();
        var (known, late) = (bench.Order(Bybit), bench.Order(Bybit, isKnown: false));
        bench.Children["bybit"].Raise(FakeChild.Event(late, OrderStatus.Submitted), FakeChild.Event(known, OrderStatus.Submitted));
        bench.Children["bybit"].Raise(FakeChild.Event(late, OrderStatus.Filled));
        bench.Lanes.Pump();
        Assert.That(bench.Heard, Is.EqualTo(new[] { $"{known.Id}:Submitted" }));

        bench.Know(late);
        bench.Lanes.MoveTo(CompositeBench.Start.AddSeconds(2));
        Assert.That(bench.Heard.Skip(1), Is.EqualTo(new[] { $"{late.Id}:Submitted", $"{late.Id}:Filled" }), "in its own order");
    }

    [Test]
    public void WhatIsHeardLateCountsAsWhatIsHeardAtOnce()
    {
        var bench = Connected();
        bench.Listen();
        var late = Enumerable.Range(0, 3).Select(_ => bench.Order(Bybit, isKnown: false)).ToArray();
        bench.Children["bybit"].Raise([.. late.Select(order => FakeChild.Event(order, OrderStatus.Invalid))]);
        bench.Lanes.Pump();
        foreach (var order in late)
        {
            bench.Know(order);
        }

        bench.Lanes.MoveTo(CompositeBench.Start.AddSeconds(2));
        Assert.That(bench.Heard, Has.Count.EqualTo(3));
        Assert.That(bench.Brokerage.HealthOf("bybit", Capability.Trade).State, Is.Not.EqualTo(HealthState.Healthy), "three refusals");
    }

    [Test]
    public void AnOrderThatStaysUnknownIsSaidAndForgotten()
    {
        var bench = Connected();
        bench.Listen();
        var foreign = bench.Order(Bybit, isKnown: false);
        bench.Children["bybit"].Raise(FakeChild.Event(foreign, OrderStatus.Filled));
        bench.Lanes.MoveTo(CompositeBench.Start.AddMinutes(2));

        Assert.That(bench.Messages.Count(message => message.Code == "xh.bybit.unknown-order"), Is.EqualTo(1));
        Assert.That(bench.Heard, Is.Empty);
    }

    [Test]
    public void AChildSeesTheAccountTypeOfItsOwnVenue()
    {
        var bench = Connected();
        var model = new BinanceBrokerageModel(AccountType.Cash);
        var child = ChildAlgorithm.Create(bench.Algorithm, model, bench.Settings.Children[0].Routes);

        Assert.That(child.BrokerageModel, Is.SameAs(model));
        Assert.That(child.Portfolio.CashBook, Is.SameAs(bench.Algorithm.Portfolio.CashBook), "all else is the algorithm's");
    }

    /// <summary>Bybit's plugin sends spot orders that borrow unless the account type is cash, which its factory's model is not.</summary>
    [TestCase(""" , "account-type": "cash" """, AccountType.Cash)]
    [TestCase(""" , "account-type": "margin" """, AccountType.Margin)]
    [TestCase("", AccountType.Margin)]
    public void AChildSeesTheAccountTypeThatItsSettingsSay(string setting, AccountType expected)
    {
        var bench = Connected();
        var children = $$"""[ { "name": "bybit", "brokerage": "BybitBrokerage", "routes": ["bybit:spot"]{{setting}} } ]""";
        var settings = CompositeSettings.Read(new Dictionary<string, string> { ["crosshedge-children"] = children }, new List<string>()).Children[0];
        var model = new BybitBrokerageModel(AccountType.Margin);
        var child = ChildAlgorithm.Create(bench.Algorithm, model, settings.Routes, settings.AccountType);

        Assert.That(child.BrokerageModel.AccountType, Is.EqualTo(expected));
        Assert.That(child.BrokerageModel.RequiredFreeBuyingPowerPercent, Is.EqualTo(model.RequiredFreeBuyingPowerPercent), "all else is the model's");
    }

    [Test]
    public void KeysOfTwoChildrenDoNotClashAndWhatOneConsumesTheOtherKeeps()
    {
        var data = new Dictionary<string, string> { ["crosshedge-one-binance-api-key"] = "1", ["crosshedge-two-binance-api-key"] = "2", ["live-holdings"] = "[]" };
        var job = new LiveNodePacket { BrokerageData = data };
        var jobs = new[] { "one", "two" }
            .Select(name => CrossHedgeBrokerageFactory.JobOf(job, new ChildSettings(name, "BinanceBrokerage", [new Route("binance", InstrumentKind.Spot)], true)))
            .ToArray();
        jobs[0].BrokerageData.Remove("binance-api-key");

        Assert.That(jobs[1].BrokerageData, Is.EquivalentTo(new Dictionary<string, string> { ["binance-api-key"] = "2", ["crosshedge-account"] = "two" }));
        Assert.That(jobs[0].Brokerage, Is.EqualTo("BinanceBrokerage"));
        Assert.That(data, Has.Count.EqualTo(3));
    }

    [Test]
    public void HoldingsOfOtherVenuesThatAChildEchoesAreLeftOut()
    {
        var bench = Bench();
        foreach (var child in bench.Children.Values)
        {
            child.Holdings.Add(new Holding { Symbol = bench.Order(Bybit).Symbol, Quantity = -2m });
        }

        bench.Brokerage.Connect();

        Assert.That(bench.Brokerage.GetAccountHoldings().Select(holding => holding.Quantity), Is.EqualTo(new[] { -2m }), "once, from the child that trades it");
        Assert.That(bench.Brokerage.Reports().SelectMany(report => report.Positions).Select(position => position.Instrument.ToString()), Is.EqualTo(new[] { Bybit }));
    }

    /// <summary>LEAN's own brokerages fall back to what the algorithm holds when their venue reports no position.</summary>
    [Test]
    public void AChildFindsSecuritiesAndCannotEchoWhatTheyHold()
    {
        var bench = Connected();
        var symbol = bench.Order(Bybit).Symbol;
        var security = new QuantConnect.Securities.CryptoFuture.CryptoFuture(
            symbol,
            SecurityExchangeHours.AlwaysOpen(TimeZones.Utc),
            new Cash("USDT", 0m, 1m),
            new Cash("BTC", 0m, 1m),
            SymbolProperties.GetDefault("USDT"),
            bench.Algorithm.Portfolio.CashBook,
            RegisteredSecurityDataTypesProvider.Null,
            new SecurityCache());
        security.Holdings.SetHoldings(100m, -2m);
        bench.Algorithm.Securities.Add(security);
        var child = ChildAlgorithm.Create(bench.Algorithm, new DefaultBrokerageModel(), bench.Settings.Children[2].Routes);

        Assert.That(bench.Algorithm.Securities.Values.Where(held => held.Holdings.AbsoluteQuantity > 0m), Is.Not.Empty);
        Assert.That(child.Securities.Values.Where(held => held.Holdings.AbsoluteQuantity > 0m), Is.Empty);
        Assert.That(child.Securities[symbol], Is.SameAs(security));
        Assert.That(child.Securities.TryGetValue(symbol, out var found) ? found : null, Is.SameAs(security));
        Assert.That(child.Securities.ContainsKey(symbol), Is.True);
        Assert.That(child.Portfolio.Securities[symbol], Is.SameAs(security), "prices are asked for there");
    }

    [Test]
    public void PollsDoNotPileUp()
    {
        var bench = Connected();
        var before = bench.Children["bybit"].Polls;
        bench.Lanes.MoveTo(CompositeBench.Start.AddMinutes(10));

        Assert.That(bench.Children["bybit"].Polls - before, Is.EqualTo(120), "one each five seconds");
    }

    [Test]
    public void ACancelIsRepeatedUntilTheOrderIsOver()
    {
        var bench = Connected();
        bench.Listen();
        var order = bench.Order(Bybit);
        bench.Place(order);
        bench.Children["bybit"].Canceling = _ => false;
        Assert.That(bench.Brokerage.CancelOrder(order), Is.True);
        bench.Lanes.MoveTo(CompositeBench.Start.AddSeconds(10));
        Assert.That(bench.Children["bybit"].Cancels, Is.EqualTo(4), "at once, and after 1, 3 and 7 seconds");

        order.Status = OrderStatus.Canceled;
        bench.Lanes.MoveTo(CompositeBench.Start.AddMinutes(10));
        Assert.That(bench.Children["bybit"].Cancels, Is.EqualTo(4));
    }

    [Test]
    public void AChildThatIsDownAtTheStartIsUnknownAndNotEmpty()
    {
        var bench = new CompositeBench(("spot", "binance:spot", true), ("bybit", "bybit:perpetual", false));
        bench.Children["bybit"].Connecting = () => throw new IOException("refused");
        bench.Brokerage.Connect();

        Assert.That(bench.Brokerage.Reports().Select(report => report.IsKnown), Is.EqualTo(new[] { true, false }));
        Assert.That(bench.Brokerage.HealthOf("bybit", Capability.Trade).State, Is.EqualTo(HealthState.Down));
        bench.Children["bybit"].Connecting = () => { };
        bench.Lanes.MoveTo(CompositeBench.Start.AddMinutes(1));
        Assert.That(bench.Brokerage.Reports()[1].IsKnown, Is.True, "it goes on trying");
    }

    [Test]
    public void RequiredChildrenThatAreMissingAreAllNamedBeforeAnyOrder()
    {
        var bench = Bench();
        bench.Children["spot"].Connecting = () => throw new IOException("port closed");
        bench.Children["bybit"].Cash = () => throw new IOException("wrong key");
        var error = Assert.Throws<InvalidOperationException>(bench.Brokerage.Connect)!;

        Assert.That(error.Message.Split(Environment.NewLine), Is.EqualTo(new[]
        {
            "spot (FakeChild) does not connect: port closed. It is required: start it, correct its settings, or set \"required\": false.",
            "bybit (FakeChild) does not answer: wrong key. It is required: start it, correct its settings, or set \"required\": false.",
        }));
        Assert.That(bench.Brokerage.IsConnected, Is.False);
    }

    [Test]
    public void ASilentChildIsDownAfterItsTimeAndItsOrdersAreRefusedAtOnce()
    {
        var bench = Connected();
        bench.Listen();
        bench.Children["bybit"].Cash = () => throw new TimeoutException("silent");
        bench.Lanes.MoveTo(CompositeBench.Start.AddSeconds(30));
        var order = bench.Order(Bybit);
        bench.Place(order);

        Assert.That(bench.Children["bybit"].Placed, Is.Empty);
        Assert.That(bench.Heard, Is.EqualTo(new[] { $"{order.Id}:Invalid" }));
        Assert.That(bench.Messages.Count(message => message.Code == "xh.bybit.down"), Is.EqualTo(1), "said once");
    }

    /// <summary>While the child hangs, ten seconds go by in its call.</summary>
    [Test]
    public void OrdersBehindAHangingOneAreWithdrawnAndNeverSentLate()
    {
        var bench = Connected();
        bench.Listen();
        bench.Children["bybit"].Placing = _ =>
        {
            bench.Lanes.MoveTo(bench.Lanes.NowUtc.AddSeconds(10));
            return true;
        };
        var (hanging, waiting) = (bench.Order(Bybit), bench.Order(Bybit));
        bench.Brokerage.PlaceOrder(hanging);
        bench.Brokerage.PlaceOrder(waiting);
        bench.Lanes.Pump();

        Assert.That(bench.Heard, Is.EqualTo(new[] { $"{waiting.Id}:Invalid" }));
        Assert.That(bench.Children["bybit"].Placed, Is.EqualTo(new[] { hanging.Id }));
    }

    [Test]
    public void AHangingChildDelaysNobodyElse()
    {
        using var hangs = new ManualResetEventSlim();
        using var placed = new CountdownEvent(50);
        var bench = new CompositeBench(new ThreadLanes(TimeProvider.System), ("spot", "binance:spot", true), ("bybit", "bybit:perpetual", true));
        bench.Brokerage.Connect();
        bench.Children["bybit"].Placing = _ =>
        {
            hangs.Wait();
            return true;
        };
        bench.Children["spot"].Placing = _ =>
        {
            placed.Signal();
            return true;
        };
        for (var i = 0; i < 50; i++)
        {
            Assert.That(bench.Brokerage.PlaceOrder(bench.Order(Bybit)), Is.True, "returns although the child does not");
        }

        for (var i = 0; i < 50; i++)
        {
            bench.Brokerage.PlaceOrder(bench.Order(Spot));
        }

        Assert.That(placed.Wait(TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(bench.Children["bybit"].Placed, Has.Count.LessThanOrEqualTo(1));
        bench.Brokerage.Dispose();
        hangs.Set();
    }

    [Test]
    public void WhatWorksIsCanceledAtTheEndAndOnceOnly()
    {
        var bench = Connected();
        var (works, isOver) = (bench.Order(Bybit), bench.Order(Bybit));
        isOver.Status = OrderStatus.Filled;
        bench.Brokerage.Disconnect();
        bench.Brokerage.Dispose();

        Assert.That(bench.Children["bybit"].Cancels, Is.EqualTo(1));
        Assert.That(works.Status, Is.Not.EqualTo(OrderStatus.Filled));
    }

    [Test]
    public void DisposingTwiceEndsEachChildOnce()
    {
        var bench = Connected();
        bench.Brokerage.Disconnect();
        bench.Brokerage.Dispose();
        bench.Brokerage.Dispose();
        bench.Lanes.Pump();

        Assert.That(bench.Children.Values.Select(child => child.IsDisposed), Is.All.True);
    }

    [Test]
    public void ConnectingTwiceConnectsOnce()
    {
        var count = 0;
        var bench = Bench();
        bench.Children["bybit"].Connecting = () => count++;
        bench.Brokerage.Connect();
        bench.Brokerage.Connect();

        Assert.That(count, Is.EqualTo(1));
    }

    [Test]
    public void ItForcesNoAccountCurrencyAndIsNotPaper()
    {
        var bench = Connected();

        Assert.That((bench.Brokerage.AccountBaseCurrency, bench.Brokerage.AccountInstantlyUpdated, bench.Brokerage.ConcurrencyEnabled), Is.EqualTo(((string?)null, false, true)));
        Assert.That(bench.Brokerage.Name, Is.Not.EqualTo("PaperBrokerage"));
    }

    [TestCase("", "crosshedge-children lists no child: write it as")]
    [TestCase("nothing", "crosshedge-children is no JSON")]
    [TestCase("""[ { "name": "a", "brokerage": "B", "routes": ["binance:swap"] } ]""", "crosshedge-children, child 1: the route \"binance:swap\" is unknown: use binance:spot")]
    [TestCase("""[ { "name": "a", "brokerage": "B", "routes": ["binance:spot", "bybit:spot"] } ]""", "crosshedge-children, child 1: its routes are of binance and bybit: a child is one login at one venue.")]
    [TestCase("""[ { "name": "a", "routes": ["binance:spot"], "key": 1 } ]""", "crosshedge-children, child 1: 'key' is unknown: use name, brokerage, routes, required, account-type.|crosshedge-children, child 1: brokerage is missing.")]
    [TestCase("""[ { "name": "a", "brokerage": "B", "routes": ["bybit:spot"], "account-type": "Cash" } ]""", "crosshedge-children, child 1: account-type \"Cash\" is neither \"cash\" nor \"margin\".")]
    [TestCase("""[ { "name": "a", "brokerage": "B", "routes": ["binance:spot"] }, { "name": "a", "brokerage": "B", "routes": ["bybit:spot"] } ]""", "crosshedge-children: 2 children are called a: a child is one account.")]
    public void WrongSettingsAreAllNamed(string children, string errors)
    {
        var expected = errors.Split('|');
        var found = ErrorsOf(children);

        Assert.That(found, Has.Length.EqualTo(expected.Length), string.Join("\n", found));
        Assert.That(found.Zip(expected, (error, start) => error.StartsWith(start, StringComparison.Ordinal)), Is.All.True, string.Join("\n", found));
    }

    [Test]
    public void AMissingFactoryIsNamedWithThePlacesWhereItWasLookedFor()
    {
        var job = new LiveNodePacket
        {
            BrokerageData = new Dictionary<string, string>
            {
                ["crosshedge-children"] = """[ { "name": "a", "brokerage": "NowhereBrokerage", "routes": ["binance:spot"] } ]""",
                ["crosshedge-silence"] = "soon",
            },
        };
        var error = Assert.Throws<ArgumentException>(() => new CrossHedgeBrokerageFactory().CreateBrokerage(job, new QCAlgorithm()))!;

        Assert.That(error.Message.Split(Environment.NewLine), Has.Length.EqualTo(2));
        Assert.That(error.Message, Does.Contain("a: no factory makes a NowhereBrokerage; there are ").And.Contain(" Looked in ").And.Contain("crosshedge-silence 'soon' is no time above zero"));
    }

    /// <summary>LEAN has a PaperBrokerage too, and the order of the assemblies is that of the loading threads.</summary>
    [Test]
    public void OfTwoBrokeragesOfOneNameOursIsMeantInWhateverOrderTheyAreLoaded()
    {
        var child = new ChildSettings("a", "PaperBrokerage", [new Route("binance", InstrumentKind.Spot)], true);
        IBrokerageFactory[] factories = [FactoryOf.Type(typeof(Elsewhere.PaperBrokerage)), new PaperBrokerageFactory(), new PaperBrokerageFactory()];
        var errors = new List<string>();

        Assert.That(CrossHedgeBrokerageFactory.Choose(factories, child, errors), Is.InstanceOf<PaperBrokerageFactory>());
        Assert.That(CrossHedgeBrokerageFactory.Choose([.. factories.Reverse()], child, errors), Is.InstanceOf<PaperBrokerageFactory>());
        Assert.That(CrossHedgeBrokerageFactory.Choose(factories, child with { Brokerage = typeof(Elsewhere.PaperBrokerage).FullName! }, errors), Is.SameAs(factories[0]));
        Assert.That(errors, Is.Empty);
    }

    [Test]
    public void OfTwoForeignBrokeragesOfOneNameTheFullNameMustSayWhich()
    {
        var child = new ChildSettings("a", "OtherBrokerage", [new Route("binance", InstrumentKind.Spot)], true);
        var errors = new List<string>();

        Assert.That(CrossHedgeBrokerageFactory.Choose([FactoryOf.Type(typeof(Elsewhere.OtherBrokerage)), FactoryOf.Type(typeof(Nowhere.OtherBrokerage))], child, errors), Is.Null);
        Assert.That(errors.Single(), Is.EqualTo($"a: OtherBrokerage may be {typeof(Elsewhere.OtherBrokerage).FullName} or {typeof(Nowhere.OtherBrokerage).FullName}: write the full name."));
    }

    [Test]
    public void OrdersOfTwoRunsHaveIdsOfTheirOwn()
    {
        var sent = new List<string>();
        foreach (var hour in new[] { 1, 2 })
        {
            var lanes = new CrossHedgeLean.Live.VirtualLanes(CompositeBench.Start.AddHours(hour));
            var paper = new PaperBrokerage("bybit", new Recorder(sent), lanes.Time);
            paper.Connect();
            paper.PlaceOrder(new CompositeBench(("bybit", "bybit:perpetual", true)).Order(Bybit));
        }

        Assert.That(sent.Distinct().Count(), Is.EqualTo(2), "LEAN counts its orders from one in every run");
    }

    private static class Elsewhere
    {
        public sealed class PaperBrokerage;

        public sealed class OtherBrokerage;
    }

    private static class Nowhere
    {
        public sealed class OtherBrokerage;
    }

    /// <summary>Only says what it makes. A class of its own would be found by LEAN's composer in every test.</summary>
    private class FactoryOf : DispatchProxy
    {
        private Type _made = null!;

        public static IBrokerageFactory Type(Type made)
        {
            var factory = Create<IBrokerageFactory, FactoryOf>();
            ((FactoryOf)(object)factory)._made = made;
            return factory;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
            => targetMethod!.Name == "get_" + nameof(IBrokerageFactory.BrokerageType) ? _made : throw new NotSupportedException(targetMethod.Name);
    }

    private static CompositeBench Bench() => new(("spot", "binance:spot", true), ("futures", "binance:perpetual", true), ("bybit", "bybit:spot bybit:perpetual", true));

    private static CompositeBench Connected()
    {
        var bench = Bench();
        bench.Brokerage.Connect();
        bench.Lanes.Pump();
        return bench;
    }

    /// <summary>An order that may be at bybit or not.</summary>
    private static Order Doubtful(CompositeBench bench)
    {
        bench.Children["bybit"].Placing = _ => throw new TimeoutException("no answer");
        var order = bench.Order(Bybit);
        bench.Place(order);
        return order;
    }

    private static string Cash(CompositeBench bench) => string.Join(", ", bench.Brokerage.GetCashBalance().Select(cash => FormattableString.Invariant($"{cash.Amount} {cash.Currency}")));

    private static string[] ErrorsOf(string children)
    {
        var errors = new List<string>();
        CompositeSettings.Read(new Dictionary<string, string> { ["crosshedge-children"] = children }, errors);
        return [.. errors];
    }

    private sealed class Recorder(List<string> sent) : IPaperConnector, IPaperLink
    {
        public bool IsOpen => true;

        public IPaperLink Open(string? account, Action<PaperMessage> received) => this;

        public void Send(PaperMessage message) => sent.Add(message.ClientId!);

        public void Dispose()
        {
        }
    }
}
