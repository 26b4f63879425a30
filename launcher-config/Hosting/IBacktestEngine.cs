namespace CrossHedgeLean.Hosting;

/// <summary>The engine that this build runs on. LEAN is full of statics: one run per process.</summary>
public interface IBacktestEngine
{
    /// <summary>Which engine it is.</summary>
    EngineInfo Info { get; }

    /// <summary>Runs a backtest to its end. Errors of the algorithm are in the outcome, not thrown.</summary>
    BacktestOutcome Run(BacktestJob job);
}
