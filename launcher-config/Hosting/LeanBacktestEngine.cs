using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using Newtonsoft.Json;
using QuantConnect;
using QuantConnect.Configuration;
using QuantConnect.Lean.Engine;
using QuantConnect.Lean.Engine.DataFeeds;
using QuantConnect.Lean.Engine.RealTime;
using QuantConnect.Lean.Engine.Storage;
using QuantConnect.Lean.Engine.TransactionHandlers;
using QuantConnect.Logging;
using QuantConnect.Packets;
using QuantConnect.Util;

namespace CrossHedgeLean.Hosting;

/// <summary>Makes the engine of this build: LEAN.</summary>
public static class BacktestEngines
{
    /// <summary>Makes the engine.</summary>
    public static IBacktestEngine Create() => new LeanBacktestEngine();
}

/// <summary>
/// Hosts LEAN in this process: its own handlers for data, orders, schedule and results, ours only where the algorithm is made
/// and where messages end. One run per process.
/// </summary>
public sealed class LeanBacktestEngine : IBacktestEngine
{
    private const string AlgorithmId = "CrossHedge";

    private static int _started;

    /// <inheritdoc />
    public EngineInfo Info { get; } = new("LEAN", BuildSource(), typeof(Engine).Assembly.GetName().Version?.ToString() ?? "0.0.0.0");

    /// <inheritdoc />
    public BacktestOutcome Run(BacktestJob job)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException("LEAN keeps its state in statics: run one backtest per process.");
        }

        // LEAN redirects the console while it runs and afterwards; ours comes back in any case.
        var output = Console.Out;
        var errors = Console.Error;
        var scratch = Directory.CreateTempSubdirectory("crosshedge-lean-").FullName;
        try
        {
            return RunIn(job, scratch);
        }
        catch (Exception error)
        {
            return new BacktestOutcome(false, error.Message, 0, TimeSpan.Zero, []);
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static BacktestOutcome RunIn(BacktestJob job, string scratch)
    {
        var messages = new EngineMessages();
        Log.LogHandler = new HostedLogHandler(messages);
        Configure(job, scratch);

        var setup = new HostedSetupHandler(job.CreateAlgorithm);
        var results = new HostedResultHandler(messages);
        var clock = new HostedLeanManager(job.Progress);
        using var systemHandlers = new LeanEngineSystemHandlers(
            new QuantConnect.Queues.JobQueue(),
            new QuantConnect.Api.Api(),
            new QuantConnect.Messaging.Messaging(),
            clock);
        systemHandlers.Initialize();
        var (mapFiles, factorFiles, dataProvider) = LeanEngineAlgorithmHandlers.InitializeAuxiliaryDataProviders();
        using var algorithmHandlers = new LeanEngineAlgorithmHandlers(
            results,
            setup,
            new FileSystemDataFeed(),
            new BacktestingTransactionHandler(),
            new BacktestingRealTimeHandler(),
            mapFiles,
            factorFiles,
            dataProvider,
            new LocalObjectStore(),
            new DataPermissionManager(),
            liveMode: false);

        var packet = new BacktestNodePacket(0, 0, "", [], AlgorithmId)
        {
            Type = PacketType.BacktestNode,
            BacktestId = AlgorithmId,
            HistoryProvider = "SubscriptionDataReaderHistoryProvider",
            Language = Language.CSharp,
            Parameters = new Dictionary<string, string>(job.Parameters),
            Version = Globals.Version,
            DeploymentTarget = DeploymentTarget.LocalPlatform,
            Controls = new Controls
            {
                MinuteLimit = 10_000,
                SecondLimit = 10_000,
                TickLimit = 10_000,
                RamAllocation = int.MaxValue,
                MaximumDataPointsPerChartSeries = 1_000_000,
                MaximumChartSeries = 30,
            },
        };
        var manager = new AlgorithmManager(liveMode: false, packet);
        systemHandlers.LeanManager.Initialize(systemHandlers, algorithmHandlers, packet, manager);
        new Engine(systemHandlers, algorithmHandlers, liveMode: false).Run(packet, manager, "", WorkerThread.Instance);

        var error = FindError(setup, results, manager);
        return new BacktestOutcome(error is null, error, manager.DataPoints, clock.Elapsed, messages.Snapshot())
        {
            Statistics = results.FinalStatistics ?? [],
        };
    }

    /// <summary>A configuration file of our own: LEAN would else read a config.json that happens to lie in the working directory.</summary>
    private static void Configure(BacktestJob job, string scratch)
    {
        var results = job.ResultsFolder ?? Path.Combine(scratch, "results");
        Directory.CreateDirectory(results);
        var configuration = new Dictionary<string, string>
        {
            ["environment"] = "",
            ["live-mode"] = "false",
            ["data-folder"] = Path.GetFullPath(job.DataFolder),
            ["cache-location"] = Path.GetFullPath(job.DataFolder),
            ["results-destination-folder"] = results,
            ["object-store-root"] = Path.Combine(scratch, "storage"),
            ["composer-dll-directory"] = AppContext.BaseDirectory,
            ["algorithm-type-name"] = AlgorithmId,
            ["map-file-provider"] = "QuantConnect.Data.Auxiliary.LocalDiskMapFileProvider",
            ["factor-file-provider"] = "QuantConnect.Data.Auxiliary.LocalDiskFactorFileProvider",
            ["data-provider"] = "QuantConnect.Lean.Engine.DataFeeds.DefaultDataProvider",
            ["forward-console-messages"] = "false",
            ["close-automatically"] = "true",
        };
        var file = Path.Combine(scratch, "lean.json");
        File.WriteAllText(file, JsonConvert.SerializeObject(configuration));
        Config.SetConfigurationFile(file);
        Config.Reset();
        Globals.Reset();
    }

    /// <summary>The exception as the algorithm threw it, before LEAN's interpretation added places to its message.</summary>
    private static string? FindError(HostedSetupHandler setup, HostedResultHandler results, AlgorithmManager manager)
    {
        if (setup.Errors.Count > 0)
        {
            return string.Join(Environment.NewLine, setup.Errors.Select(error => error.InnerException?.Message ?? error.Message));
        }

        if (setup.Algorithm?.RunTimeError is { } runtimeError)
        {
            return runtimeError.InnerException is { } original && runtimeError.Message.StartsWith(original.Message, StringComparison.Ordinal)
                ? original.Message
                : runtimeError.Message;
        }

        if (results.FirstError is { } message)
        {
            return message;
        }

        return manager.State == AlgorithmStatus.Completed ? null : $"LEAN ended with the status {manager.State}.";
    }

    private static string BuildSource() => typeof(LeanBacktestEngine).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == "LeanSource")?.Value ?? "bin";
}
