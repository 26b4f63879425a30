using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Live;
using LeanSim;
using QuantConnect.Brokerages;
using QuantConnect.Brokerages.CrossHedge;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.Journal;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;
using QuantConnect.Interfaces;
using QuantConnect.Packets;
using QuantConnect.Securities;

namespace CrossHedgeLean.Hosting;

/// <summary>
/// What LeanSim needs to run live: the composite over paper children, its quotes, and a clock. What LEAN has threads for
/// is done in the engine's own, while it waits for the next second.
/// </summary>
internal sealed class SimLiveHost : IBrokerageFactory
{
    private readonly LiveJob _job;
    private readonly VirtualLanes _lanes;
    private readonly Func<string, IPaperConnector> _connectorOf;
    private readonly Func<DateTime> _utcNow;
    private readonly Func<Func<bool>, TimeSpan, bool> _waitUntil;

    /// <summary>Creates the host.</summary>
    /// <param name="job">The run; its children are checked to be paper ones.</param>
    /// <param name="lanes">All background work.</param>
    /// <param name="connectorOf">How an address is reached, from the engine's own thread.</param>
    /// <param name="utcNow">The clock.</param>
    /// <param name="waitUntil">Lets the clock go on until something holds, at most so long.</param>
    public SimLiveHost(LiveJob job, VirtualLanes lanes, Func<string, IPaperConnector> connectorOf, Func<DateTime> utcNow, Func<Func<bool>, TimeSpan, bool> waitUntil)
    {
        (_job, _lanes, _connectorOf, _utcNow, _waitUntil) = (job, lanes, connectorOf, utcNow, waitUntil);
        var data = new Dictionary<string, string>(job.Settings);
        foreach (var child in job.Brokerages.Children)
        {
            // The data queue looks for its addresses there.
            data[CompositeSettings.KeyOf(child.Name, PaperBrokerageFactory.AddressKey)] = AddressOf(child);
        }

        Options = new LiveOptions
        {
            Factory = this,
            Job = new LiveNodePacket { BrokerageData = data },
            DataQueue = bars => new PaperDataQueueHandler(bars, _lanes, _connectorOf),
            UtcNow = _utcNow,
            WaitUntil = WaitUntil,
            Pump = CatchUp,
            Said = job.Said,
        };
    }

    /// <summary>What the engine runs on.</summary>
    public LiveOptions Options { get; }

    /// <summary>Makes the journal in place of the configured one.</summary>
    public Func<ILanes, OrderJournal>? Journal { get; init; }

    /// <summary>Whether there was a step.</summary>
    public bool HasStarted { get; private set; }

    /// <inheritdoc />
    public Type BrokerageType => typeof(CrossHedgeBrokerage);

    /// <inheritdoc />
    public Dictionary<string, string> BrokerageData => [];

    /// <inheritdoc />
    public IBrokerageModel GetBrokerageModel(IOrderProvider orderProvider) => new DefaultBrokerageModel();

    /// <inheritdoc />
    public IBrokerageMessageHandler CreateBrokerageMessageHandler(IAlgorithm algorithm, AlgorithmNodePacket job, IApi api) => new CrossHedgeBrokerageMessageHandler(algorithm);

    /// <inheritdoc />
    public IBrokerage CreateBrokerage(LiveNodePacket job, IAlgorithm algorithm)
    {
        var lanes = new PacedLanes(this);
        return new CrossHedgeBrokerage(
            algorithm,
            _job.Brokerages,
            _job.Brokerages.Children.ToDictionary(child => child.Name, child => (IBrokerage)new PaperBrokerage(child.Name, _connectorOf(AddressOf(child)), _lanes.Time)),
            lanes,
            Journal?.Invoke(lanes) ?? CrossHedgeBrokerageFactory.OpenJournal(_job.Brokerages, new Dictionary<string, string>(), lanes));
    }

    /// <inheritdoc />
    public void Dispose()
    {
    }

    private string AddressOf(ChildSettings child)
        => _job.Settings.GetValueOrDefault(
            CompositeSettings.KeyOf(child.Name, PaperBrokerageFactory.AddressKey),
            _job.Settings.GetValueOrDefault(PaperBrokerageFactory.AddressKey, TcpPaperConnector.DefaultAddress));

    private void CatchUp() => _lanes.MoveTo(_utcNow());

    private bool WaitUntil(DateTime utc)
    {
        HasStarted = true;
        var goesOn = true;
        _waitUntil(
            () =>
            {
                CatchUp();
                goesOn = _job.Step?.Invoke() != false;
                return !goesOn || _utcNow() >= utc;
            },
            utc - _utcNow() + TimeSpan.FromSeconds(1));
        return goesOn;
    }

    /// <summary>The lanes of the engine's own thread; who waits lets the clock go on.</summary>
    private sealed class PacedLanes(SimLiveHost host) : ILanes
    {
        public TimeProvider Time => host._lanes.Time;

        public ILane Open(string name) => host._lanes.Open(name);

        public bool WaitUntil(Func<bool> condition, TimeSpan timeout)
            => host._waitUntil(
                () =>
                {
                    host.CatchUp();
                    return condition();
                },
                timeout);
    }
}
