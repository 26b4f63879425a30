#nullable enable
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
    private HedgeController? _hedge;

    /// <summary>The record of the run; a host may set its sinks before the run starts.</summary>
    public RunRecorder Recorder { get; } = new();

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

        SetCash(configuration.AccountCurrency, 0m);
        foreach (var (currency, amount) in configuration.Cash)
        {
            SetCash(currency, amount);
        }

        SetAlpha(configuration.Strategy == "churn"
            ? new ChurnAlphaModel(this, _hedge, configuration.Seed)
            : new CarryAlphaModel(_hedge));
        SetPortfolioConstruction(new NotionalPortfolioConstructionModel(_hedge, configuration.Groups));
    }

    /// <inheritdoc />
    public override void OnEndOfAlgorithm() => _hedge?.OnEndOfAlgorithm();
}
