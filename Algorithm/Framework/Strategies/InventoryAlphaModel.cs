#nullable enable
using System;
using System.Collections.Generic;
using CrossHedgeLean.Configuration;
using QuantConnect.Algorithm;
using QuantConnect.Algorithm.Framework.Alphas;
using QuantConnect.Data;

namespace CrossHedgeLean.Framework.Strategies;

/// <summary>
/// Inventory hedge: holds the notional of each primary from the first price on, whatever the market does; the hedge makes
/// it neutral. The quantity is set anew only when the price has moved it off the notional by more than
/// <see cref="StrategySettings.InventoryDrift"/>: each adjustment pays the fees of two legs.
/// </summary>
public sealed class InventoryAlphaModel : AlphaModel
{
    private readonly StrategyPair[] _pairs;
    private readonly decimal[] _targets;
    private readonly StrategySettings _settings;

    /// <summary>Creates the strategy.</summary>
    /// <param name="controller">What <see cref="CrossHedge.Setup"/> returned.</param>
    /// <param name="groups">The groups with their notionals, in the account currency.</param>
    /// <param name="settings">What it goes by.</param>
    public InventoryAlphaModel(HedgeController controller, IReadOnlyList<GroupConfiguration> groups, StrategySettings settings)
    {
        _pairs = StrategyPair.Of(controller, groups);
        _targets = new decimal[_pairs.Length];
        _settings = settings;
        Name = nameof(InventoryAlphaModel);
    }

    /// <inheritdoc />
    public override IEnumerable<Insight> Update(QCAlgorithm algorithm, Slice data)
    {
        var insights = new List<Insight>();
        for (var i = 0; i < _pairs.Length; i++)
        {
            var pair = _pairs[i];
            if (pair.LastPrice is not { } price)
            {
                continue;
            }

            // What an earlier run left is the inventory, as long as it is worth about the notional.
            var wanted = pair.Notional / price;
            var target = _targets[i] != 0m ? _targets[i] : _targets[i] = pair.Held;
            if (Math.Abs(wanted - target) > _settings.InventoryDrift * Math.Abs(target))
            {
                _targets[i] = wanted;
                insights.Add(pair.Insight(1m, "inventory"));
            }
        }

        return insights;
    }
}
