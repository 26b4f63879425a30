namespace QuantConnect;

/// <summary>A ticker at a market: what securities and data are keyed by.</summary>
public sealed class Symbol : IEquatable<Symbol>, IComparable
{
    public static readonly Symbol Empty = new(SecurityIdentifier.Empty, string.Empty);
    public static readonly Symbol None = new(SecurityIdentifier.None, "NONE");
    public string Value { get; private set; }
    public SecurityIdentifier ID { get; private set; }
    public SecurityType SecurityType => ID.SecurityType;

    public Symbol(SecurityIdentifier sid, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        ID = sid;
        Value = value.LazyToUpper();
    }

    public static Symbol Create(string ticker, SecurityType securityType, string market, string alias = null, Type baseDataType = null)
    {
        var id = securityType switch
        {
            SecurityType.Crypto => SecurityIdentifier.GenerateCrypto(ticker, market),
            SecurityType.CryptoFuture => SecurityIdentifier.GenerateCryptoFuture(SecurityIdentifier.DefaultDate, ticker, market),
            _ => throw new NotSupportedException($"LeanSim does not support symbols of SecurityType.{securityType}: run on LEAN"),
        };
        return new Symbol(id, alias ?? ticker);
    }

    public bool Equals(Symbol other)
    {
        if (ReferenceEquals(this, other))
            return true;
        return other is null ? ID.Equals(Empty.ID) : ID.Equals(other.ID);
    }

    public override bool Equals(object obj) => obj switch
    {
        null => false,
        Symbol symbol => Equals(symbol),
        SecurityIdentifier id => ID.Equals(id),
        string ticker => Equals((Symbol)ticker),
        _ => false,
    };

    public override int GetHashCode() => ID.GetHashCode();

    public int CompareTo(object obj) => obj switch
    {
        string ticker => string.Compare(Value, ticker, StringComparison.OrdinalIgnoreCase),
        Symbol symbol => string.Compare(Value, symbol.Value, StringComparison.OrdinalIgnoreCase),
        _ => throw new ArgumentException("A Symbol is only comparable to a Symbol or a string"),
    };

    public override string ToString() => SymbolCache.GetTicker(this);

    public static bool operator ==(Symbol left, Symbol right)
    {
        if (ReferenceEquals(left, right))
            return true;
        return left is null ? right.Equals(null as Symbol) : left.Equals(right);
    }

    public static bool operator !=(Symbol left, Symbol right) => !(left == right);

    [Obsolete("Symbol implicit operator from string is provided for algorithm use only.")]
    public static implicit operator Symbol(string ticker) =>
        SymbolCache.TryGetSymbol(ticker, out var symbol) ? symbol : new Symbol(new SecurityIdentifier(ticker, 0), ticker);
}
