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
/// <remarks>A manager without feeds.</remarks>
public class SubscriptionManager(ITimeKeeper timeKeeper)
{
    private DataManager _data;
    public ISubscriptionDataConfigService SubscriptionDataConfigService => _data;
    public IEnumerable<SubscriptionDataConfig> Subscriptions => _data.Configs.Where(config => !config.IsInternalFeed);
    internal ITimeKeeper TimeKeeper { get; } = timeKeeper;
    internal void SetDataManager(DataManager data) => _data = data;
}
