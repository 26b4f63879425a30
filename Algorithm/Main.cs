#nullable enable
using System;
using System.Collections.Generic;
using CrossHedgeLean.Accounts;
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

    /// <summary>The run over time; null: not taken down. A host may set it before a backtest starts.</summary>
    public RunSeries? Series { get; set; }

    /// <summary>What a person should know of the run so far, each said once.</summary>
    public IReadOnlyList<string> Notices => _hedge?.Notices ?? [];

    /// <summary>The accounts of all venues; null before Initialize.</summary>
    public IVenueAccounts? Accounts => _hedge?.Accounts;

    /// <summary>Whether nothing is held in any group but what no order could close.</summary>
    public bool IsFlat => _hedge?.IsFlat != false;

    /// <inheritdoc />
    public override void Initialize()
    {
        var (configuration, errors, _) = HedgeConfiguration.Parse(GetParameters(), CrossHedge.ScenarioHost);
        if (configuration is null)
        {
            throw new HedgeConfigurationException(errors);
        }

        SetStartDate(configuration.From);
        SetEndDate(configuration.To);
        _hedge = CrossHedge.Setup(this, CrossHedgeOptions.From(configuration) with { Recorder = Recorder, Series = Series });

        SetAlpha(configuration.Strategy switch
        {
            "inventory" => new InventoryAlphaModel(_hedge, configuration.Groups, configuration.Strategies),
            "convergence" => new ConvergenceAlphaModel(_hedge, configuration.Groups, configuration.Strategies),
            "churn" => new ChurnAlphaModel(this, _hedge, configuration.Seed, configuration.ChurnPace),
            _ => new CarryAlphaModel(_hedge, configuration.Groups, configuration.Strategies),
        });
        SetPortfolioConstruction(new NotionalPortfolioConstructionModel(_hedge, configuration.Groups));

        if (LiveMode)
        {
            _hedge.Noticed = Debug;
            _hedge.Desk.Noticed = notice => Debug(notice.Text);
            if (configuration.Resolution != "second")
            {
                Debug("Decisions are taken at each bar and each order event: set resolution=second to have one each second.");
            }

            foreach (var line in StatusReport.Settings(configuration.Accounts, _hedge.CheckedAccounts))
            {
                Debug(line);
            }
        }

        // The cloud keeps 4,000 points of a series.
        var hours = (configuration.To - configuration.From).TotalHours + 24;
        _pointEvery = TimeSpan.FromHours(Math.Ceiling(hours / PointsPerSeries));
        Recorder.Sampled = Draw;
    }

    /// <summary>
    /// Says the hash of the decision log, which is equal for equal runs wherever they run. Live, what stays at the venues is
    /// said too; positions are kept, whatever ends the run.
    /// </summary>
    public override void OnEndOfAlgorithm()
    {
        _hedge?.OnEndOfAlgorithm();
        Debug($"Decision log: {Recorder.Decisions.Hash}");
        foreach (var line in LiveMode && _hedge is not null ? _hedge.Status() : [])
        {
            Debug(line);
        }
    }

    /// <summary>
    /// Commands of a person: <c>{"command": "halt", "target": "BTC"}</c>, with <c>halt</c>, <c>resume</c> or <c>flatten</c>
    /// of a group, a market or <c>all</c>, <c>kill</c>, <c>status</c>, or in live <c>confirm-transfer</c> of a transfer's id.
    /// True: carried out; false: refused, and nothing changed.
    /// </summary>
    public override bool? OnCommand(dynamic data)
    {
        if (_hedge is null || data is null)
        {
            return false;
        }

        var result = _hedge.Command((string?)data.command ?? "", (string?)data.target ?? "");
        Debug(result.Text);
        return result.IsDone;
    }

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

        foreach (var group in _hedge.Desk.Groups)
        {
            Plot("Residual", group.Group.Name, group.Residual(timeUtc).Units);
        }

        foreach (var loss in _hedge.Losses)
        {
            Plot("Loss given default", loss.Market, loss.Now);
        }

        foreach (var health in _hedge.Desk.Health)
        {
            // From 1, healthy, to 4, down: as the states are ordered.
            Plot("Health", health.Venue, (decimal)(int)health.Orders);
        }

        Plot("In transit", Portfolio.CashBook.AccountCurrency, _hedge.InTransit);
    }
}
