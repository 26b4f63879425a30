using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using CrossHedgeLean.Live;
using LeanSim;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;

namespace CrossHedgeLean.Hosting;

/// <summary>Makes the live engine of this build: LeanSim.</summary>
public static class LiveEngines
{
    /// <summary>Makes the engine.</summary>
    public static ILiveEngine Create() => new SimLiveEngine();
}

/// <summary>Runs live on LeanSim, on the paper exchange only, by the clock of this machine.</summary>
public sealed class SimLiveEngine : ILiveEngine
{
    /// <inheritdoc />
    public EngineInfo Info => BacktestEngines.Create().Info;

    /// <summary>Real venues need LEAN.</summary>
    public IReadOnlyList<string> Check(CompositeSettings brokerages)
        => brokerages.Children
            .Where(child => !child.IsPaper)
            .Select(child => $"{child.Name}: {child.Brokerage} needs LEAN, and this build runs on LeanSim, which trades at the paper exchange only: build with -p:LeanBin=DIR, or make it a {nameof(PaperBrokerage)}.")
            .ToArray();

    /// <inheritdoc />
    public LiveOutcome Run(LiveJob job)
    {
        var watch = Stopwatch.StartNew();
        var threads = new ThreadLanes(TimeProvider.System);
        var lanes = new VirtualLanes(NowUtc);
        var host = new SimLiveHost(job, lanes, address => new QueuedConnector(new TcpPaperConnector(address, threads), lanes), () => NowUtc, threads.WaitUntil);
        try
        {
            var engine = new BacktestEngine(new BacktestOptions { DataFolder = job.DataFolder, Parameters = job.Parameters, Live = host.Options });
            var result = engine.Run(job.CreateAlgorithm());
            return new LiveOutcome(
                host.HasStarted,
                new BacktestOutcome(result.Completed, result.RuntimeError?.Message, result.DataPoints, watch.Elapsed, result.Messages));
        }
        catch (Exception error)
        {
            return new LiveOutcome(host.HasStarted, new BacktestOutcome(false, error.Message, 0, watch.Elapsed, []));
        }
    }

    private static DateTime NowUtc => TimeProvider.System.GetUtcNow().UtcDateTime;

    /// <summary>A connection whose messages are handed over in the engine's own thread.</summary>
    private sealed class QueuedConnector(IPaperConnector connector, VirtualLanes lanes) : IPaperConnector
    {
        private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

        public IPaperLink Open(string? account, Action<PaperMessage> received)
        {
            var messages = new ConcurrentQueue<PaperMessage>();
            var link = new Link(connector.Open(account, messages.Enqueue), lanes.Open($"{account ?? "data"} from the exchange"));
            HandOver();
            link.Timer = link.Lane.Every(LookEvery, HandOver);
            return link;

            void HandOver()
            {
                while (messages.TryDequeue(out var message))
                {
                    received(message);
                }
            }
        }

        private sealed class Link(IPaperLink link, ILane lane) : IPaperLink
        {
            public ILane Lane => lane;

            public IDisposable? Timer { get; set; }

            public bool IsOpen => link.IsOpen;

            public void Send(PaperMessage message) => link.Send(message);

            public void Dispose()
            {
                Timer?.Dispose();
                lane.Dispose();
                link.Dispose();
            }
        }
    }
}
