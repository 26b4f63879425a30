using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Commands;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Live;
using CrossHedgeLean.PaperExchange;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Tests.Algorithm;
using NUnit.Framework;
using QuantConnect;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;
using QuantConnect.CrossHedge.LiveOnLean;
using QuantConnect.Interfaces;
using QuantConnect.Orders;

namespace CrossHedgeLean.Tests.Brokerages;

/// <summary>The paper child keeps the contract, over a real connection too; and what it does when the connection breaks.</summary>
[TestFixture]
public class PaperChildTests : ChildContract
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private VirtualLanes _lanes = null!;
    private Switch _line = null!;

    protected override Symbol Symbol => Symbol.Create("BTCUSDT", SecurityType.CryptoFuture, "bybit");

    protected override (decimal Quantity, decimal RestingLimit) Sizes => (0.1m, 50_000m);

    protected override IBrokerage Create() => CreatePaper();

    protected PaperBrokerage CreatePaper()
    {
        _lanes = new VirtualLanes(Start);
        var venues = VenuesAt(Start);
        _lanes.Open("clock").Every(TimeSpan.FromMilliseconds(250), () => venues.Advance(_lanes.NowUtc));
        _lanes.MoveTo(Start.AddSeconds(1));
        _line = new Switch(new InProcessExchange(venues, _lanes));
        return new PaperBrokerage("bybit", _line, _lanes.Time);
    }

    protected override bool Wait(Func<bool> condition) => _lanes.WaitUntil(condition, TimeSpan.FromSeconds(20));

    internal static PaperVenues VenuesAt(DateTime startUtc)
    {
        var parameters = EngineRuns.With(("binance-spot.spot-fees", "0.001/0.001"), ("bybit.perpetual-fees", "0.0002/0.00055"), ("bybit.cash", "USDT:100000"));
        var configuration = HedgeConfiguration.Parse(parameters, ScenarioHosts.Exchange).Value!;
        var instruments = ExchangeCommand.InstrumentsOf(configuration, EngineRuns.GeneratedFolder);
        return new PaperVenues(
            new Ledger("USDT", configuration.Accounts),
            Latency.Of(TimeSpan.Zero),
            instruments,
            new GeneratedPrices(instruments, 1, TimeSpan.FromMilliseconds(250)),
            new ScenarioPlayer(Scenario.None, startUtc),
            new PaperLog(null),
            startUtc);
    }

    [Test]
    public void ItIsNotConnectedBeforeItConnects() => Assert.That(CreatePaper().IsConnected, Is.False);

    [Test]
    public void AnOrderThatWasSentAsTheLineBrokeIsAskedForAndNeverSentTwice()
    {
        var child = CreatePaper();
        child.Connect();
        var events = Listen(child);
        _line.SwallowsAnswers = true;
        child.PlaceOrder(Market(1, Sizes.Quantity));
        Wait(() => false);
        Assert.That(events, Is.Empty, "nobody has told us");

        _line.Break();
        Assert.That(child.IsConnected, Is.False);
        _line.SwallowsAnswers = false;
        child.Connect();
        Wait(() => events.Count >= 2);

        Assert.That(events.Select(happened => happened.Status), Is.EqualTo(new[] { OrderStatus.Submitted, OrderStatus.Filled }));
        Assert.That(_line.Sent.Count(message => message.Kind == PaperMessageKind.Submit), Is.EqualTo(1));
    }

    [Test]
    public void AnOrderThatNeverArrivedIsInvalidOnceThatIsKnown()
    {
        var child = CreatePaper();
        child.Connect();
        var events = Listen(child);
        _line.Loses = true;
        Assert.That(() => child.PlaceOrder(Market(1, Sizes.Quantity)), Throws.InstanceOf<IOException>(), "unknown to whoever sent it");
        _line.Loses = false;
        _line.Break();
        child.Connect();
        Wait(() => events.Count > 0);

        Assert.That(events.Single().Status, Is.EqualTo(OrderStatus.Invalid));
        Assert.That(events[0].Message, Is.EqualTo("this order never arrived"));
    }

    [Test]
    public void ASilentExchangeIsAnErrorAndNotAnOldAnswer()
    {
        var child = CreatePaper();
        child.Connect();
        Assert.That(child.GetCashBalance(), Is.Not.Empty);
        _line.SwallowsAnswers = true;
        Wait(() => false);

        Assert.That(() => child.GetCashBalance(), Throws.InstanceOf<TimeoutException>().With.Message.StartsWith("the paper exchange is silent since "));
    }

    /// <summary>A line between child and exchange that a test can break.</summary>
    private sealed class Switch(IPaperConnector connector) : IPaperConnector
    {
        private readonly List<Line> _lines = [];

        public bool SwallowsAnswers { get; set; }

        public bool Loses { get; set; }

        public List<PaperMessage> Sent { get; } = [];

        public IPaperLink Open(string? account, Action<PaperMessage> received)
        {
            var line = new Line(this);
            line.Inner = connector.Open(account, message =>
            {
                if (!SwallowsAnswers)
                {
                    received(message);
                }
            });
            _lines.Add(line);
            return line;
        }

        public void Break() => _lines.ForEach(line => line.Inner.Dispose());

        private sealed class Line(Switch owner) : IPaperLink
        {
            public IPaperLink Inner { get; set; } = null!;

            public bool IsOpen => Inner.IsOpen;

            public void Send(PaperMessage message)
            {
                if (owner.Loses)
                {
                    throw new IOException("broken pipe");
                }

                owner.Sent.Add(message);
                Inner.Send(message);
            }

            public void Dispose() => Inner.Dispose();
        }
    }
}

/// <summary>A child that misbehaves keeps the contract as long as it behaves.</summary>
[TestFixture]
public sealed class TroubledChildTests : PaperChildTests
{
    protected override IBrokerage Create() => new TroubledBrokerage(CreatePaper(), "", TimeProvider.System);
}

/// <summary>The same contract over a connection between two ends of this machine, with threads.</summary>
[TestFixture]
public sealed class PaperChildOverTheNetworkTests : ChildContract
{
    private readonly List<IDisposable> _open = [];
    private ThreadLanes _lanes = null!;

    protected override Symbol Symbol => Symbol.Create("BTCUSDT", SecurityType.CryptoFuture, "bybit");

    protected override (decimal Quantity, decimal RestingLimit) Sizes => (0.1m, 50_000m);

    [TearDown]
    public void Close()
    {
        _open.ForEach(server => server.Dispose());
        _open.Clear();
    }

    protected override IBrokerage Create()
    {
        _lanes = new ThreadLanes(TimeProvider.System);
        var server = new PaperServer(PaperChildTests.VenuesAt(TimeProvider.System.GetUtcNow().UtcDateTime), 0, TimeSpan.FromMilliseconds(5), _lanes);
        _open.Add(server);
        var child = new PaperBrokerage("bybit", new TcpPaperConnector($"127.0.0.1:{server.Port}", _lanes), TimeProvider.System);
        _open.Add(child);
        return child;
    }

    protected override bool Wait(Func<bool> condition) => _lanes.WaitUntil(condition, TimeSpan.FromSeconds(30));
}
