using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Conformance.Cases;

namespace CrossHedgeLean.Conformance;

/// <summary>All cases.</summary>
public static class Catalog
{
    /// <summary>In the order in which they run.</summary>
    public static IReadOnlyList<ConformanceCase> Cases { get; } =
    [
        .. MarketOrders.Cases,
        .. LimitOrders.Cases,
        .. Perpetuals.Cases,
        .. Fees.Cases,
        .. SpotFee.Cases,
        .. Funding.Cases,
        .. StaleData.Cases,
        .. Gaps.Cases,
        .. UpdatesAndCancels.Cases,
        .. Sizes.Cases,
        .. BuyingPower.Cases,
        .. Schedules.Cases,
        .. WarmUp.Cases,
        .. FrameworkOrder.Cases,
        .. FrameworkDefaults.Cases,
        .. Currencies.Cases,
        .. NestedOrders.Cases,
        .. AddAndRemove.Cases,
        .. Seconds.Cases,
        .. Liquidations.Cases,
        .. Composite.Cases,
        .. CustomModels.Cases,
        .. OrderPropertiesCases.Cases,
        .. Beginnings.Cases,
        .. RandomOrders.Cases,
        .. Endings.Cases,
        .. ParametersAndSettings.Cases,
        .. Charts.Cases,
        .. Initializers.Cases,
        .. BesideStock.Cases,
        .. FundingYear.Cases,
        .. Hedge.Cases,
        .. Cancels.Cases,
    ];

    /// <summary>The case of that name.</summary>
    public static ConformanceCase Find(string name) =>
        Cases.FirstOrDefault(x => x.Name == name)
        ?? throw new ArgumentException($"There is no case {name}. There are: {string.Join(", ", Cases.Select(x => x.Name))}");
}
