namespace LeanSim;

/// <summary>The securities of one (market, type) that the user added.</summary>
internal sealed class UserUniverse
{
    private readonly List<SubscriptionDataConfig> _configs = new();
    private readonly List<SubscriptionDataConfig> _removed = new();

    public UserUniverse(string market, SecurityType securityType, Resolution resolution)
    {
        Resolution = resolution;
        // Its identifier decides the order in which universes of one moment are applied.
        var code = (ulong)QuantConnect.Market.Encode(market).GetValueOrDefault() * 100 + (ulong)securityType;
        Id = new SecurityIdentifier($"QC-UNIVERSE-USERDEFINED-{market}-{securityType}".ToUpperInvariant(), code);
    }

    public SecurityIdentifier Id { get; }
    public Resolution Resolution { get; }
    public bool IsNew { get; set; } = true;
    public Dictionary<Symbol, Security> Members { get; } = new();

    public bool Add(SubscriptionDataConfig config)
    {
        if (_configs.Contains(config))
            return false;
        _configs.Add(config);
        return true;
    }

    public bool Remove(Symbol symbol)
    {
        var moved = _configs.FindAll(config => config.Symbol == symbol);
        foreach (var config in moved)
        {
            _configs.Remove(config);
            if (!_removed.Contains(config))
                _removed.Add(config);
        }
        return moved.Count > 0;
    }

    public List<Symbol> Select()
    {
        var symbols = new List<Symbol>();
        foreach (var config in _configs)
            if (!symbols.Contains(config.Symbol))
                symbols.Add(config.Symbol);
        return symbols;
    }

    /// <summary>The feeds of a symbol; those of a removed one are given out once, for its removal.</summary>
    public List<SubscriptionDataConfig> ConfigsOf(Symbol symbol)
    {
        var found = _configs.FindAll(config => config.Symbol == symbol);
        if (found.Count == 0)
        {
            found = _removed.FindAll(config => config.Symbol == symbol);
            _removed.RemoveAll(config => config.Symbol == symbol);
        }
        return found;
    }
}
