namespace QuantConnect.Securities;

/// <summary>The securities that the user asked for, grouped by (market, type) as LEAN's user-defined universes.</summary>
public class UniverseManager
{
    private readonly List<Change> _pending = new();
    private readonly Dictionary<(string, SecurityType), UserUniverse> _universes = new();
    internal event Action<UserUniverse, bool> Changed;

    public UniverseManager() { }

    public void ProcessChanges()
    {
        if (_pending.Count == 0)
            return;
        var touched = new List<(UserUniverse Universe, bool IsAddition)>();
        foreach (var universe in _universes.Values)
            if (universe.IsNew)
            {
                universe.IsNew = false;
                touched.Add((universe, true));
            }
        foreach (var change in _pending)
        {
            var isChanged = false;
            if (change.Configs == null)
                isChanged = change.Universe.Remove(change.Security.Symbol);
            else
                foreach (var config in change.Configs)
                    isChanged |= change.Universe.Add(config);
            if (isChanged && !touched.Exists(entry => entry.Universe == change.Universe))
                touched.Add((change.Universe, change.Configs != null));
        }
        _pending.Clear();
        foreach (var (universe, isAddition) in touched)
            Changed?.Invoke(universe, isAddition);
    }

    internal void AddSecurity(Security security, List<SubscriptionDataConfig> configs)
    {
        var key = (security.Symbol.ID.Market, security.Type);
        if (!_universes.TryGetValue(key, out var universe))
            _universes[key] = universe = new UserUniverse(security.Symbol.ID.Market, security.Type, configs[0].Resolution);
        _pending.Add(new Change(universe, security, configs));
    }

    internal void RemoveSecurity(Security security)
    {
        _pending.RemoveAll(change => change.Security.Symbol == security.Symbol);
        if (_universes.TryGetValue((security.Symbol.ID.Market, security.Type), out var universe) && universe.Members.ContainsKey(security.Symbol))
            _pending.Add(new Change(universe, security, null));
    }

    internal bool IsMember(Symbol symbol) =>
        _universes.TryGetValue((symbol.ID.Market, symbol.SecurityType), out var universe) && universe.Members.ContainsKey(symbol);

    private sealed record Change(UserUniverse Universe, Security Security, List<SubscriptionDataConfig> Configs);
}
