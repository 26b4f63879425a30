using System;
using System.Diagnostics;
using QuantConnect.Algorithm;
using QuantConnect.Brokerages.CrossHedge;
using QuantConnect.Interfaces;
using QuantConnect.Lean.Engine.Results;
using QuantConnect.Lean.Engine.Server;
using QuantConnect.Logging;
using QuantConnect.Packets;

namespace CrossHedgeLean.Hosting;

/// <summary>Our set-up of a backtest on LEAN with an algorithm that is handed in instead of loaded from a file.</summary>
internal sealed class HostedSetupHandler(Func<QCAlgorithm> createAlgorithm) : CrossHedgeBacktestingSetupHandler
{
    /// <summary>The algorithm, once made.</summary>
    public QCAlgorithm? Algorithm { get; private set; }

    /// <inheritdoc />
    public override IAlgorithm CreateAlgorithmInstance(AlgorithmNodePacket algorithmNodePacket, string assemblyPath) =>
        Algorithm = createAlgorithm();
}

/// <summary>LEAN's results, its messages kept instead of printed.</summary>
internal sealed class HostedResultHandler : BacktestingResultHandler
{
    private readonly EngineMessages _messages;

    public HostedResultHandler(EngineMessages messages)
    {
        _messages = messages;
        RunResultsAnalysis = false;
    }

    /// <summary>The first error reported to the user, without its stack.</summary>
    public string? FirstError { get; private set; }

    /// <inheritdoc />
    public override void RuntimeError(string message, string stacktrace = "")
    {
        FirstError ??= message.Split(" Stack Trace:")[0];
        base.RuntimeError(message, stacktrace);
    }

    /// <inheritdoc />
    protected override void AddToLogStore(string message)
    {
        _messages.Add(message);
        base.AddToLogStore(message);
    }
}

/// <summary>LEAN's log: its errors are kept, the rest is dropped.</summary>
internal sealed class HostedLogHandler(EngineMessages messages) : ILogHandler
{
    /// <inheritdoc />
    public void Error(string text) => messages.Add(text);

    /// <inheritdoc />
    public void Debug(string text)
    {
    }

    /// <inheritdoc />
    public void Trace(string text)
    {
    }

    /// <inheritdoc />
    public void Report(string text)
    {
    }

    /// <inheritdoc />
    public void Dispose()
    {
    }
}

/// <summary>Measures the run from the first to the last step, and tells the progress: both from the loop's own thread.</summary>
internal sealed class HostedLeanManager(Action<DateTime>? progress) : LocalLeanManager
{
    private long _start;
    private long _last;
    private DateTime _day;

    /// <summary>From LEAN's start of the algorithm to its last step.</summary>
    public TimeSpan Elapsed => _last > _start ? Stopwatch.GetElapsedTime(_start, _last) : TimeSpan.Zero;

    /// <inheritdoc />
    public override void OnAlgorithmStart()
    {
        base.OnAlgorithmStart();
        _start = Stopwatch.GetTimestamp();
    }

    /// <inheritdoc />
    public override void Update()
    {
        base.Update();
        _last = Stopwatch.GetTimestamp();
        if (progress is not null && Algorithm.UtcTime.Date != _day)
        {
            _day = Algorithm.UtcTime.Date;
            progress(Algorithm.UtcTime);
        }
    }
}
