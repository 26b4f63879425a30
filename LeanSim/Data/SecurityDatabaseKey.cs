namespace QuantConnect.Securities;

/// <summary>Key of the market hours and symbol properties files.</summary>
/// <remarks>A key; an empty market or symbol is the wildcard.</remarks>
public class SecurityDatabaseKey(string market, string symbol, SecurityType securityType) : IEquatable<SecurityDatabaseKey>
{
    public const string Wildcard = "[*]";
    public string Market { get; init; } = string.IsNullOrEmpty(market) ? Wildcard : market;
    public string Symbol { get; init; } = string.IsNullOrEmpty(symbol) ? Wildcard : symbol;
    public SecurityType SecurityType { get; init; } = securityType;
    public SecurityDatabaseKey CreateCommonKey() => new(Market, null, SecurityType);

    public static SecurityDatabaseKey Parse(string key)
    {
        var parts = key.Split('-');
        if (parts.Length != 3 || parts[0] == Wildcard)
            throw new FormatException($"The key '{key}' is not of the form type-market-symbol");
        return Enum.TryParse<SecurityType>(parts[0], true, out var type) ? new SecurityDatabaseKey(parts[1], parts[2], type) : null;
    }

    public bool Equals(SecurityDatabaseKey other) =>
        other is not null && SecurityType == other.SecurityType && string.Equals(Symbol, other.Symbol, StringComparison.OrdinalIgnoreCase)
        && string.Equals(Market, other.Market, StringComparison.OrdinalIgnoreCase);

    public override bool Equals(object obj) => obj is SecurityDatabaseKey other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(
        StringComparer.OrdinalIgnoreCase.GetHashCode(Market),
        StringComparer.OrdinalIgnoreCase.GetHashCode(Symbol),
        SecurityType);

    public static bool operator ==(SecurityDatabaseKey left, SecurityDatabaseKey right) => Equals(left, right);
    public static bool operator !=(SecurityDatabaseKey left, SecurityDatabaseKey right) => !Equals(left, right);
    public override string ToString() => $"{SecurityType}-{Market}-{Symbol}";
}
