using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.PaperExchange;
using CrossHedgeLean.Tests.Algorithm;
using CrossHedgeLean.Tests.Missed;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;

namespace CrossHedgeLean.Tests.Live;

/// <summary>
/// The network between the algorithm and its venues is cut, again and again, while the exchange goes on: what traded
/// meanwhile, whole or in part, is known afterwards, and counted once.
/// </summary>
[TestFixture]
public sealed class NetworkTests
{
    private static readonly InstrumentId Spot = MissedStage.Spot;
    private static readonly InstrumentId Perpetual = MissedStage.Perpetual;

    [OneTimeSetUp]
    public void OnlyOnLeanSim() => EngineRuns.OnlyOnLeanSim();

    [Test]
    public void WhatHappensWhileTheLineIsCutIsNotLostAndNotCountedTwice([Values] Cut cut)
    {
        const int Seeds = 20;
        var missed = 0;
        for (var seed = 1; seed <= Seeds; seed++)
        {
            missed += Run(cut, seed);
        }

        TestContext.Out.WriteLine($"{missed} times an order came to something while the line was cut");
        Assert.That(missed, Is.GreaterThan(Seeds));
    }

    private static int Run(Cut cut, int seed)
    {
        var parameters = new Dictionary<string, string>(EngineRuns.Parameters)
        {
            ["strategy"] = "churn",
            ["churn-pace"] = "00:00:01",
            ["resolution"] = "second",
            ["latency"] = "00:00:01",
            ["transfers"] = "off",
            ["seed"] = seed.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        CutNetwork? network = null;
        var run = PacedRun.Of(
            parameters,
            TimeSpan.FromMinutes(12),
            network: (exchange, utcNow) => network = new CutNetwork(exchange, utcNow, cut, seed),
            step: run =>
            {
                run.Venues.Reached ??= network!.Reached;
                network!.Step();
                return true;
            });
        var where = $"cut {cut}, seed {seed}";

        Assert.That(run.Outcome.Outcome.Error, Is.Null, where);
        Assert.That(network!.Cuts, Is.GreaterThan(8), where);
        Assert.That(network.Sent.GroupBy(id => id).Where(same => same.Count() > 1), Is.Empty, where);
        Assert.That(LiveDecision.Of((Ledger)run.Algorithm.Accounts!).DifferenceFrom(LiveDecision.Of(run.Venues.Ledger)), Is.Null, where);
        Assert.That(run.Venues.Ledger.Find(Spot)!.Quantity + run.Venues.Ledger.Find(Perpetual)!.Quantity, Is.Zero.Within(0.001m), where);
        return network.Missed;
    }

    /// <summary>How a line is cut.</summary>
    public enum Cut
    {
        /// <summary>Both ways; both sides know.</summary>
        Both,

        /// <summary>What the algorithm sends arrives when the cut is over; nobody knows.</summary>
        Out,

        /// <summary>What the exchange says arrives when the cut is over; nobody knows.</summary>
        In,
    }

    /// <summary>Each line is good for 50 seconds and cut for 12, the accounts one after the other; the last two minutes are good.</summary>
    private sealed class CutNetwork(IPaperConnector exchange, Func<DateTime> utcNow, Cut cut, int seed) : IPaperConnector
    {
        private static readonly TimeSpan Good = TimeSpan.FromSeconds(50);
        private static readonly TimeSpan Bad = TimeSpan.FromSeconds(12);
        private static readonly TimeSpan Whole = TimeSpan.FromMinutes(10);

        private readonly DateTime _began = utcNow();
        private readonly List<Line> _lines = [];
        private readonly HashSet<(string Account, long Turn)> _cuts = [];

        public int Cuts => _cuts.Count;

        public int Missed { get; private set; }

        public List<string> Sent { get; } = [];

        public IPaperLink Open(string? account, Action<PaperMessage> received)
        {
            if (account is not null && IsCut(account) && cut == Cut.Both)
            {
                throw new IOException("the network is down");
            }

            var line = new Line(this, account);
            line.Connect(exchange.Open(account, line.Hear(received)));
            _lines.Add(line);
            return line;
        }

        public void Reached(string account, string instrument, PaperMoment moment) => Missed += IsCut(account) ? 1 : 0;

        public void Step() => _lines.ForEach(line => line.Step());

        private bool IsCut(string account)
        {
            var since = utcNow() - _began + TimeSpan.FromSeconds(seed * 7) + (account == "bybit" ? TimeSpan.FromSeconds(31) : TimeSpan.Zero);
            var turn = since.Ticks / (Good + Bad).Ticks;
            var isCut = utcNow() - _began < Whole && since.Ticks % (Good + Bad).Ticks >= Good.Ticks;
            if (isCut)
            {
                _cuts.Add((account, turn));
            }

            return isCut;
        }

        private sealed class Line(CutNetwork network, string? account) : IPaperLink
        {
            private readonly Queue<Action> _held = [];
            private IPaperLink? _link;

            public bool IsOpen => _link is { IsOpen: true };

            private bool IsCut => account is not null && network.IsCut(account);

            public void Connect(IPaperLink link) => _link = link;

            public Action<PaperMessage> Hear(Action<PaperMessage> received) => message =>
            {
                if (!IsCut || _link is null)
                {
                    Drain();
                    received(message);
                    return;
                }

                if (network.Kind == Cut.In)
                {
                    _held.Enqueue(() => received(message));
                }
                else if (network.Kind == Cut.Out)
                {
                    received(message);
                }
            };

            public void Send(PaperMessage message)
            {
                if (message.Kind == PaperMessageKind.Submit)
                {
                    network.Sent.Add(message.ClientId!);
                }

                if (IsCut && network.Kind == Cut.Both)
                {
                    _link!.Dispose();
                    throw new IOException("the connection is gone");
                }

                if (IsCut && network.Kind == Cut.Out)
                {
                    _held.Enqueue(() => _link!.Send(message));
                    return;
                }

                _link!.Send(message);
            }

            public void Step()
            {
                if (IsCut && network.Kind == Cut.Both)
                {
                    _link!.Dispose();
                }
                else if (!IsCut)
                {
                    Drain();
                }
            }

            public void Dispose() => _link!.Dispose();

            private void Drain()
            {
                while (_held.TryDequeue(out var held))
                {
                    if (IsOpen)
                    {
                        held();
                    }
                }
            }
        }

        private Cut Kind => cut;
    }
}
