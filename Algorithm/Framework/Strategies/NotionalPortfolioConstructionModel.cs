#nullable enable
using System.Collections.Generic;
using CrossHedgeLean.Configuration;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Algorithm.Framework.Alphas;
using QuantConnect.Algorithm.Framework.Portfolio;

namespace CrossHedgeLean.Framework.Strategies;

/// <summary>
/// Targets a fixed notional of each primary, times the insight's weight and direction. LEAN's own percent sizing is not
/// used: it reads one pooled portfolio.
/// </summary>
public sealed class NotionalPortfolioConstructionModel : PortfolioConstructionModel
{
    private readonly Dictionary<Symbol, decimal> _notionals = [];

    /// <summary>Creates the model.</summary>
    /// <param name="controller">What <see cref="CrossHedge.Setup"/> returned.</param>
    /// <param name="groups">The groups with their notionals, in the account currency.</param>
    public NotionalPortfolioConstructionModel(HedgeController controller, IReadOnlyList<GroupConfiguration> groups)
    {
        for (var i = 0; i < groups.Count; i++)
        {
            _notionals[controller.Groups[i].Primary.Symbol] = groups[i].Notional;
        }
    }

    /// <inheritdoc />
    public override IEnumerable<IPortfolioTarget> CreateTargets(QCAlgorithm algorithm, Insight[] insights)
    {
        var targets = new List<IPortfolioTarget>(insights.Length);
        foreach (var insight in insights)
        {
            var security = algorithm.Securities[insight.Symbol];
            if (!_notionals.TryGetValue(insight.Symbol, out var notional) || security.Price == 0m)
            {
                continue;
            }

            var price = security.Price * security.SymbolProperties.ContractMultiplier * security.QuoteCurrency.ConversionRate;
            var weight = (decimal)(insight.Weight ?? 1.0) * (int)insight.Direction;
            targets.Add(new PortfolioTarget(insight.Symbol, price == 0m ? 0m : notional * weight / price, insight.Tag));
        }

        return targets;
    }
}
