using System;

namespace QuantConnect;

/// <summary>A ticker at a market: what securities and data are keyed by.</summary>
public sealed class Symbol : IEquatable<Symbol>, IComparable
{
    public static readonly Symbol Empty = new(SecurityIdentifier.Empty, string.Empty);
    public static readonly Symbol None = new(SecurityIdentifier.None, "NONE");

    public string Value { get; private set; }
    public SecurityIdentifier ID { get; private set; }

    /// <summary>False: crypto has no underlying symbol.</summary>
    public bool HasUnderlying => false;

    /// <summary>Null: crypto has no underlying symbol.</summary>
    public Symbol Underlying => null;
    public SecurityType SecurityType => ID.SecurityType;

    /// <summary>A symbol for this identifier.</summary>
    public Symbol(SecurityIdentifier sid, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        ID = sid;
        Value = value.LazyToUpper();
    }

    /// <summary>The symbol of this ticker at this market.</summary>
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

    /// <summary>False: crypto has no contract chains.</summary>
    public bool IsCanonical() => false;

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

    /// <summary>By ticker, ignoring case.</summary>
    public int CompareTo(object obj) => obj switch
    {
        string ticker => string.Compare(Value, ticker, StringComparison.OrdinalIgnoreCase),
        Symbol symbol => string.Compare(Value, symbol.Value, StringComparison.OrdinalIgnoreCase),
        _ => throw new ArgumentException("A Symbol is only comparable to a Symbol or a string"),
    };

    /// <summary>The ticker if the symbol is known to the algorithm, else the identifier.</summary>
    public override string ToString() => SymbolCache.GetTicker(this);

    public static bool operator ==(Symbol left, Symbol right)
    {
        if (ReferenceEquals(left, right))
            return true;
        return left is null ? right.Equals(null as Symbol) : left.Equals(right);
    }

    public static bool operator !=(Symbol left, Symbol right) => !(left == right);

    /// <summary>The ticker if the symbol is known to the algorithm, else the identifier.</summary>
    [Obsolete("Symbol implicit operator to string is provided for algorithm use only.")]
    public static implicit operator string(Symbol symbol) => symbol.ToString();

    /// <summary>The symbol that the algorithm added under this ticker.</summary>
    [Obsolete("Symbol implicit operator from string is provided for algorithm use only.")]
    public static implicit operator Symbol(string ticker) =>
        SymbolCache.TryGetSymbol(ticker, out var symbol) ? symbol : new Symbol(new SecurityIdentifier(ticker, 0), ticker);
}
