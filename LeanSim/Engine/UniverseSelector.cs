namespace LeanSim;

/// <summary>Turns what the user added and removed into feeds and security changes.</summary>
internal sealed class UniverseSelector(QCAlgorithm algorithm, DataManager data, CurrencyFeeds currencies)
{
    private static readonly List<Security> _none = new();
    private readonly QCAlgorithm _algorithm = algorithm;
    private readonly DataManager _data = data;
    private readonly CurrencyFeeds _currencies = currencies;
    private readonly List<(UserUniverse Universe, Security Security)> _pendingRemovals = new();

    public SecurityChanges Apply(UserUniverse universe, DateTime utc)
    {
        var end = _data.EndUtc;
        if (utc > end)
            return SecurityChanges.None;
        var selected = universe.Select();
        CheckPendingRemovals(universe, selected);
        var removed = new List<Security>();
        foreach (var member in universe.Members.Values.OrderBy(security => security.Symbol.ID).ToList())
        {
            if (selected.Contains(member.Symbol))
                continue;
            if (!IsPending(member))
                removed.Add(member);
            if (IsSafeToRemove(member))
                Remove(universe, member);
            else if (!_pendingRemovals.Contains((universe, member)))
                _pendingRemovals.Add((universe, member));
        }
        var added = new List<Security>();
        foreach (var symbol in selected)
        {
            if (universe.Members.ContainsKey(symbol))
                continue;
            var security = _algorithm.Securities.CreateSecurity(symbol, new List<SubscriptionDataConfig>());
            var isAny = false;
            var isNew = false;
            foreach (var config in universe.ConfigsOf(symbol))
            {
                security.AddData(new[] { config });
                var conversion = _currencies.Find(symbol);
                if (conversion != null)
                    _data.RemoveSubscription(conversion, null);
                isNew = _data.AddSubscription(config, security, universe, utc, end);
                isAny = true;
            }
            if (isAny && universe.Members.TryAdd(symbol, security) && isNew)
                added.Add(security);
        }
        if (added.Count == 0 && removed.Count == 0)
            return SecurityChanges.None;
        var changes = SecurityChanges.Create(added, removed, _none, _none);
        if (added.Count > 0)
            _currencies.Ensure(changes, isSeeded: true);
        return changes;
    }

    // Who was waiting to be flat leaves, or stays if selected again.
    private void CheckPendingRemovals(UserUniverse current, List<Symbol> selected)
    {
        foreach (var entry in _pendingRemovals.ToArray())
        {
            var isSafe = IsSafeToRemove(entry.Security);
            if (!isSafe && (entry.Universe != current || !selected.Contains(entry.Security.Symbol)))
                continue;
            _pendingRemovals.Remove(entry);
            if (isSafe)
                Remove(entry.Universe, entry.Security);
        }
    }

    private bool IsPending(Security security) => _pendingRemovals.Exists(entry => entry.Security.Symbol == security.Symbol);

    private bool IsSafeToRemove(Security security)
    {
        if (security.HoldStock || security.Holdings.Target != null && security.Holdings.Target.Quantity != 0)
            return false;
        return _algorithm.Transactions.GetOpenOrders(order => order.Symbol == security.Symbol).Count == 0;
    }

    private void Remove(UserUniverse universe, Security security)
    {
        universe.Members.Remove(security.Symbol);
        universe.Remove(security.Symbol);
        foreach (var config in universe.ConfigsOf(security.Symbol))
            if (_data.RemoveSubscription(config, universe))
            {
                security.Reset();
                security.Cache.Reset();
                _algorithm.Securities.Remove(security.Symbol);
            }
    }
}
