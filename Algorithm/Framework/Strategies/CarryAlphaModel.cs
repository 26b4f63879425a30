#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Algorithm.Framework.Alphas;
using QuantConnect.Data;
using QuantConnect.Data.Market;

namespace CrossHedgeLean.Framework.Strategies;

/// <summary>
/// The sample strategy, cash and carry: holds the coin while the hedge's short perpetual is paid funding, half of it
/// while funding is flat, none while shorts pay. Reviewed after each funding payment.
/// </summary>
public sealed class CarryAlphaModel : AlphaModel
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(8);

    private readonly HedgeController _controller;
    private DateTime _nextReviewUtc;

    /// <summary>Creates the strategy.</summary>
    /// <param name="controller">What <see cref="CrossHedge.Setup"/> returned.</param>
    public CarryAlphaModel(HedgeController controller)
    {
        _controller = controller;
        Name = nameof(CarryAlphaModel);
    }

    /// <inheritdoc />
    public override IEnumerable<Insight> Update(QCAlgorithm algorithm, Slice data)
    {
        if (algorithm.UtcTime < _nextReviewUtc)
        {
            return [];
        }

        var insights = new List<Insight>();
        foreach (var group in _controller.Groups)
        {
            if (!group.Primary.Security.HasData)
            {
                return [];
            }

            var rate = group.Legs
                .Select(leg => leg.Security.Cache.GetData<MarginInterestRate>()?.InterestRate)
                .FirstOrDefault(known => known is not null);
            var weight = rate switch
            {
                null or 0m => 0.5,
                > 0m => 1.0,
                _ => 0.0,
            };
            insights.Add(Insight.Price(
                group.Primary.Symbol,
                Period,
                weight > 0 ? InsightDirection.Up : InsightDirection.Flat,
                weight: weight));
        }

        _nextReviewUtc = algorithm.UtcTime.RoundDown(Period) + Period + TimeSpan.FromMinutes(1);
        return insights;
    }
}
