using System.Collections.Generic;
using System.Linq;
using LeanSim;
using QuantConnect.Interfaces;

namespace QuantConnect.Data;

/// <summary>The feeds of an algorithm.</summary>
/// <remarks>
/// How a security gets its data. QCAlgorithm.AddSecurity asks <see cref="SubscriptionDataConfigService"/> for the feeds,
/// creates the security, puts it into Securities, and calls <c>UniverseManager.AddSecurity(security, feeds)</c>;
/// RemoveSecurity calls <c>UniverseManager.RemoveSecurity(security)</c>. Both only queue.
/// <c>UniverseManager.ProcessChanges()</c>, called in QCAlgorithm.OnEndOfTimeStep (also once at the end of PostInitialize),
/// starts one universe selection per touched (market, type); the feed runs it in the next slice, whose changes then
/// reach OnSecuritiesChanged. The engine sets the data manager before Initialize.
/// </remarks>
public class SubscriptionManager
{
    private DataManager _data;

    public ISubscriptionDataConfigService SubscriptionDataConfigService => _data;
    public IEnumerable<SubscriptionDataConfig> Subscriptions => _data.Configs.Where(config => !config.IsInternalFeed);
    public int Count => _data.Configs.Count;

    /// <summary>A manager without feeds.</summary>
    public SubscriptionManager(ITimeKeeper timeKeeper)
    {
        TimeKeeper = timeKeeper;
    }

    internal ITimeKeeper TimeKeeper { get; }

    /// <summary>The internal feed (trades) that gives a currency its rate.</summary>
    internal SubscriptionDataConfig AddConversionFeed(Symbol symbol, Resolution resolution) =>
        _data.Add(typeof(Market.TradeBar), symbol, resolution, fillForward: true, isInternalFeed: true);

    internal void SetDataManager(DataManager data) => _data = data;
}
