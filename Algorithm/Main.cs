#nullable enable
using System;
using System.Collections.Generic;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Framework;
using CrossHedgeLean.Framework.Strategies;
using CrossHedgeLean.Recording;
using QuantConnect.Algorithm;

namespace CrossHedgeLean;

/// <summary>
/// One algorithm over several exchanges: a strategy trades the primary of each group, and the hedge follows whatever it
/// does. All settings are LEAN parameters; see <see cref="HedgeConfiguration"/>.
/// </summary>
public class CrossHedgeAlgorithm : QCAlgorithm
{
    private const int PointsPerSeries = 3900;

    private HedgeController? _hedge;
    private DateTime _nextPointUtc;
    private TimeSpan _pointEvery;

    /// <summary>The record of the run; a host may set its sinks before the run starts.</summary>
    public RunRecorder Recorder { get; } = new();

    /// <summary>What a person should know of the run so far, each said once.</summary>
    public IReadOnlyList<string> Notices => _hedge?.Notices ?? [];

    /// <inheritdoc />
    public override void Initialize()
    {
        var (configuration, errors, _) = HedgeConfiguration.Parse(GetParameters());
        if (configuration is null)
        {
            throw new HedgeConfigurationException(errors);
        }

        SetStartDate(configuration.From);
        SetEndDate(configuration.To);
        _hedge = CrossHedge.Setup(this, CrossHedgeOptions.From(configuration) with { Recorder = Recorder });

        SetAlpha(configuration.Strategy == "churn"
            ? new ChurnAlphaModel(this, _hedge, configuration.Seed)
            : new CarryAlphaModel(_hedge));
        SetPortfolioConstruction(new NotionalPortfolioConstructionModel(_hedge, configuration.Groups));

        // The cloud keeps 4,000 points of a series.
        var hours = (configuration.To - configuration.From).TotalHours + 24;
        _pointEvery = TimeSpan.FromHours(Math.Ceiling(hours / PointsPerSeries));
        Recorder.Sampled = Draw;
    }

    /// <inheritdoc />
    public override void OnEndOfAlgorithm() => _hedge?.OnEndOfAlgorithm();

    private void Draw(DateTime timeUtc)
    {
        if (_hedge is null || timeUtc < _nextPointUtc)
        {
            return;
        }

        _nextPointUtc = timeUtc.Date.AddHours(timeUtc.Hour) + _pointEvery;
        foreach (var account in _hedge.Accounts.Snapshot())
        {
            Plot("Account equity", account.Name, account.Equity);
            Plot("Account margin", account.Name + " initial", account.InitialMargin);
            Plot("Account margin", account.Name + " maintenance", account.MaintenanceMargin);
        }

        foreach (var decision in _hedge.Decisions)
        {
            Plot("Residual", decision.State.Group.Name, decision.State.ResidualUnits);
        }
    }
}
