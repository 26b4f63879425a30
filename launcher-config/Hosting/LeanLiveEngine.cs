using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using QuantConnect;
using QuantConnect.Brokerages.CrossHedge;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Configuration;
using QuantConnect.Interfaces;
using QuantConnect.Lean.Engine;
using QuantConnect.Lean.Engine.DataFeeds;
using QuantConnect.Lean.Engine.RealTime;
using QuantConnect.Lean.Engine.Results;
using QuantConnect.Lean.Engine.Server;
using QuantConnect.Lean.Engine.Setup;
using QuantConnect.Lean.Engine.Storage;
using QuantConnect.Lean.Engine.TransactionHandlers;
using QuantConnect.Logging;
using QuantConnect.Notifications;
using QuantConnect.Packets;
using QuantConnect.Util;

namespace CrossHedgeLean.Hosting;

/// <summary>Makes the live engine of this build: LEAN.</summary>
public static class LiveEngines
{
    /// <summary>Makes the engine.</summary>
    public static ILiveEngine Create() => new LeanLiveEngine();
}

/// <summary>
/// Hosts LEAN live in this process: its own handlers, ours only where the algorithm is made and where messages end. What
/// it does is what LEAN's own launcher does with the same configuration.
/// </summary>
public sealed class LeanLiveEngine : ILiveEngine
{
    /// <inheritdoc />
    public EngineInfo Info => BacktestEngines.Create().Info;

    /// <inheritdoc />
    public IReadOnlyList<string> Check(CompositeSettings brokerages) => [];

    /// <inheritdoc />
    public LiveOutcome Run(LiveJob job)
    {
        var output = Console.Out;
        var errors = Console.Error;
        var scratch = Directory.CreateTempSubdirectory("crosshedge-live-").FullName;
        try
        {
            // Live LEAN itself writes there, where the result must be alone.
            Console.SetOut(TextWriter.Null);
            return RunIn(job, scratch);
        }
        catch (Exception error)
        {
            return new LiveOutcome(false, new BacktestOutcome(false, error.Message, 0, TimeSpan.Zero, []));
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static LiveOutcome RunIn(LiveJob job, string scratch)
    {
        var watch = Stopwatch.StartNew();
        var messages = new EngineMessages();
        Log.LogHandler = new HostedLogHandler(messages);
        Configure(job, scratch);

        var setup = new HostedLiveSetupHandler(job.CreateAlgorithm);
        var told = new HostedMessagingHandler(job.Said, messages);
        var clock = new SteppedLeanManager(job.Step);
        var queue = new QuantConnect.Queues.JobQueue();
        using var systemHandlers = new LeanEngineSystemHandlers(queue, new QuantConnect.Api.Api(), told, clock);
        systemHandlers.Initialize();
        var packet = queue.NextJob(out var location);
        var (mapFiles, factorFiles, dataProvider) = LeanEngineAlgorithmHandlers.InitializeAuxiliaryDataProviders();
        using var algorithmHandlers = new LeanEngineAlgorithmHandlers(
            new LiveTradingResultHandler(),
            setup,
            new LiveTradingDataFeed(),
            new BrokerageTransactionHandler(),
            new LiveTradingRealTimeHandler(),
            mapFiles,
            factorFiles,
            dataProvider,
            new LocalObjectStore(),
            new DataPermissionManager(),
            liveMode: true);

        var manager = new AlgorithmManager(liveMode: true, packet);
        clock.Stop = () => manager.SetStatus(AlgorithmStatus.Stopped);
        systemHandlers.LeanManager.Initialize(systemHandlers, algorithmHandlers, packet, manager);
        new Engine(systemHandlers, algorithmHandlers, liveMode: true).Run(packet, manager, location, WorkerThread.Instance);
        queue.AcknowledgeJob(packet);

        var error = setup.Errors.Count > 0 ? string.Join(Environment.NewLine, setup.Errors.Select(error => error.InnerException?.Message ?? error.Message))
            : setup.Algorithm?.RunTimeError is { } runtimeError ? runtimeError.InnerException?.Message ?? runtimeError.Message
            : told.FirstError ?? (manager.State is AlgorithmStatus.Stopped or AlgorithmStatus.Completed ? null : $"LEAN ended with the status {manager.State}.");
        return new LiveOutcome(clock.HasStarted, new BacktestOutcome(error is null, error, manager.DataPoints, watch.Elapsed, messages.Snapshot()));
    }

    /// <summary>What a file may hold stands in a file of our own; children's settings, secrets among them, are only set in this process.</summary>
    private static void Configure(LiveJob job, string scratch)
    {
        var file = Path.Combine(scratch, "lean.json");
        File.WriteAllText(file, "{}");
        Config.SetConfigurationFile(file);
        Config.Reset();
        Directory.CreateDirectory(Path.Combine(scratch, "results"));
        var configuration = new Dictionary<string, string>
        {
            ["environment"] = "",
            ["live-mode"] = "true",
            ["data-folder"] = Path.GetFullPath(job.DataFolder),
            ["cache-location"] = Path.GetFullPath(job.DataFolder),
            ["results-destination-folder"] = Path.Combine(scratch, "results"),
            ["object-store-root"] = Path.Combine(scratch, "storage"),
            ["composer-dll-directory"] = AppContext.BaseDirectory,
            ["algorithm-type-name"] = nameof(CrossHedgeAlgorithm),
            ["algorithm-language"] = "CSharp",
            ["algorithm-location"] = typeof(CrossHedgeAlgorithm).Assembly.Location,
            ["live-mode-brokerage"] = nameof(CrossHedgeBrokerage),
            ["data-queue-handler"] = """["PaperDataQueueHandler"]""",
            ["history-provider"] = """["SubscriptionDataReaderHistoryProvider"]""",
            ["data-aggregator"] = "QuantConnect.Lean.Engine.DataFeeds.AggregationManager",
            ["map-file-provider"] = "QuantConnect.Data.Auxiliary.LocalDiskMapFileProvider",
            ["factor-file-provider"] = "QuantConnect.Data.Auxiliary.LocalDiskFactorFileProvider",
            ["data-provider"] = "QuantConnect.Lean.Engine.DataFeeds.DefaultDataProvider",
            ["forward-console-messages"] = "false",
            ["close-automatically"] = "true",
            ["parameters"] = Newtonsoft.Json.JsonConvert.SerializeObject(job.Parameters),
        };
        foreach (var (key, value) in configuration.Concat(job.Settings))
        {
            Config.Set(key, value);
        }

        Globals.Reset();
    }

    /// <summary>LEAN's set-up of a live run, with an algorithm that is handed in instead of loaded from a file.</summary>
    private sealed class HostedLiveSetupHandler(Func<CrossHedgeAlgorithm> createAlgorithm) : BrokerageSetupHandler, ISetupHandler
    {
        /// <summary>The algorithm, once made.</summary>
        public CrossHedgeAlgorithm? Algorithm { get; private set; }

        /// <inheritdoc />
        IAlgorithm ISetupHandler.CreateAlgorithmInstance(AlgorithmNodePacket algorithmNodePacket, string assemblyPath) => Algorithm = createAlgorithm();
    }

    /// <summary>What LEAN would send to a user goes to whoever runs the command.</summary>
    private sealed class HostedMessagingHandler(Action<string>? said, EngineMessages messages) : IMessagingHandler
    {
        /// <summary>The first error that ended the run.</summary>
        public string? FirstError { get; private set; }

        /// <inheritdoc />
        public bool HasSubscribers { get; set; }

        /// <inheritdoc />
        public void Initialize(MessagingHandlerInitializeParameters initializeParameters)
        {
        }

        /// <inheritdoc />
        public void SetAuthentication(AlgorithmNodePacket job)
        {
        }

        /// <inheritdoc />
        public void Send(Packet packet)
        {
            switch (packet)
            {
                case DebugPacket debug:
                    Tell(debug.Message);
                    break;
                case LogPacket log:
                    Tell(log.Message);
                    break;
                case HandledErrorPacket error:
                    Tell(error.Message);
                    break;
                case RuntimeErrorPacket error:
                    FirstError ??= error.Message;
                    Tell(error.Message);
                    break;
            }
        }

        /// <inheritdoc />
        public void SendNotification(Notification notification) => notification.Send();

        /// <inheritdoc />
        public void Dispose()
        {
        }

        private void Tell(string text)
        {
            messages.Add(text);
            said?.Invoke(text);
        }
    }

    /// <summary>Asks at each step, in the loop's own thread, whether the run goes on.</summary>
    private sealed class SteppedLeanManager(Func<bool>? step) : LocalLeanManager
    {
        /// <summary>Ends the run.</summary>
        public Action? Stop { get; set; }

        /// <summary>Whether there was a step.</summary>
        public bool HasStarted { get; private set; }

        /// <inheritdoc />
        public override void Update()
        {
            base.Update();
            HasStarted = true;
            if (step?.Invoke() == false)
            {
                Stop?.Invoke();
            }
        }
    }
}
