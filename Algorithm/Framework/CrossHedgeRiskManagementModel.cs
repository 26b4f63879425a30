#nullable enable
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using QuantConnect.Algorithm;
using QuantConnect.Algorithm.Framework.Portfolio;
using QuantConnect.Algorithm.Framework.Risk;
using QuantConnect.Data.UniverseSelection;

namespace CrossHedgeLean.Framework;

/// <summary>
/// The outermost risk model: runs the algorithm's own risk model first, then decides the hedge of every group. Targets
/// of others on hedge legs are overridden: those positions belong to the hedge.
/// </summary>
public sealed class CrossHedgeRiskManagementModel : RiskManagementModel
{
    private readonly HedgeController _controller;
    private readonly IRiskManagementModel? _inner;

    internal CrossHedgeRiskManagementModel(HedgeController controller, IRiskManagementModel? inner)
    {
        _controller = controller;
        _inner = inner;
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override IEnumerable<IPortfolioTarget> ManageRisk(QCAlgorithm algorithm, IPortfolioTarget[] targets)
    {
        var overrides = _inner?.ManageRisk(algorithm, targets).ToArray() ?? [];
        _controller.Decide();
        if (targets.Length == 0 && overrides.Length == 0)
        {
            return overrides;
        }

        var result = overrides.Where(target => !_controller.IsHedgeLeg(target.Symbol)).ToList();
        foreach (var group in _controller.Groups)
        {
            foreach (var leg in group.Legs)
            {
                if (targets.Any(target => target.Symbol == leg.Symbol) || overrides.Any(target => target.Symbol == leg.Symbol))
                {
                    result.Add(new PortfolioTarget(leg.Symbol, _controller.BookOf(leg.Id)!.Held));
                }
            }
        }

        return result;
    }

    /// <inheritdoc />
    public override void OnSecuritiesChanged(QCAlgorithm algorithm, SecurityChanges changes)
    {
        foreach (var security in changes.AddedSecurities)
        {
            _controller.Guard?.CheckAdded(security);
        }

        _inner?.OnSecuritiesChanged(algorithm, changes);
    }
}
