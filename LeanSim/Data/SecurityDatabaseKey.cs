using System;

namespace QuantConnect.Securities;

/// <summary>Key of the market hours and symbol properties files.</summary>
public class SecurityDatabaseKey : IEquatable<SecurityDatabaseKey>
{
    public const string Wildcard = "[*]";

    public string Market { get; init; }
    public string Symbol { get; init; }
    public SecurityType SecurityType { get; init; }

    /// <summary>A key; an empty market or symbol is the wildcard.</summary>
    public SecurityDatabaseKey(string market, string symbol, SecurityType securityType)
    {
        Market = string.IsNullOrEmpty(market) ? Wildcard : market;
        Symbol = string.IsNullOrEmpty(symbol) ? Wildcard : symbol;
        SecurityType = securityType;
    }

    public SecurityDatabaseKey CreateCommonKey() => new(Market, null, SecurityType);

    /// <summary>Reads "type-market-symbol"; null if the type is unknown.</summary>
    public static SecurityDatabaseKey Parse(string key)
    {
        var parts = key.Split('-');
        if (parts.Length != 3 || parts[0] == Wildcard)
            throw new FormatException($"The key '{key}' is not of the form type-market-symbol");
        return Enum.TryParse<SecurityType>(parts[0], true, out var type) ? new SecurityDatabaseKey(parts[1], parts[2], type) : null;
    }

    public bool Equals(SecurityDatabaseKey other) =>
        other is not null
        && SecurityType == other.SecurityType
        && string.Equals(Symbol, other.Symbol, StringComparison.OrdinalIgnoreCase)
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
