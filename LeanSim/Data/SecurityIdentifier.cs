namespace QuantConnect;

/// <summary>Unique identifier of a security: its ticker and a number that packs date, market and type.</summary>
public class SecurityIdentifier : IEquatable<SecurityIdentifier>, IComparable<SecurityIdentifier>, IComparable
{
    private const ulong MarketUnit = 100;
    private const ulong MarketCount = 1000;
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    public static readonly SecurityIdentifier Empty = new(string.Empty, 0);
    public static readonly SecurityIdentifier None = new("NONE", 0);
    public static readonly DateTime DefaultDate = DateTime.FromOADate(0);
    private readonly string _symbol;
    private readonly ulong _properties;
    private readonly int _hash;
    private string _text;
    public string Symbol => _symbol;
    public string Market { get; }
    public SecurityType SecurityType { get; }

    public SecurityIdentifier(string symbol, ulong properties)
    {
        ArgumentNullException.ThrowIfNull(symbol);
        if (symbol.AsSpan().IndexOfAny('|', ' ') >= 0)
            throw new ArgumentException("A symbol has no '|' and no space", nameof(symbol));
        _symbol = symbol;
        _properties = properties;
        _hash = HashCode(symbol, properties);
        SecurityType = (SecurityType)(int)(properties % MarketUnit);
        Market = QuantConnect.Market.Decode((int)(properties / MarketUnit % MarketCount)) ?? "empty";
    }

    public static SecurityIdentifier GenerateCrypto(string symbol, string market) => Generate(symbol, SecurityType.Crypto, market);

    public static SecurityIdentifier GenerateCryptoFuture(DateTime expiry, string symbol, string market)
    {
        if (expiry != DefaultDate)
            throw new NotSupportedException("LeanSim does not support crypto futures with an expiry: run on LEAN");
        return Generate(symbol, SecurityType.CryptoFuture, market);
    }

    public static bool TryParse(string value, out SecurityIdentifier identifier)
    {
        identifier = null;
        var space = value?.IndexOf(' ') ?? -1;
        if (space <= 0)
            return false;
        ulong properties = 0;
        foreach (var c in value.AsSpan(space + 1))
        {
            var digit = Digits.IndexOf(c);
            if (digit < 0)
                return false;
            properties = properties * 36 + (ulong)digit;
        }
        identifier = new SecurityIdentifier(value[..space], properties);
        return true;
    }

    public int CompareTo(SecurityIdentifier other) => other is null ? 1 : string.CompareOrdinal(ToString(), other.ToString());

    public int CompareTo(object obj) => obj switch
    {
        null => 1,
        SecurityIdentifier other => CompareTo(other),
        _ => throw new ArgumentException("A SecurityIdentifier is only comparable to its like"),
    };

    public bool Equals(SecurityIdentifier other) =>
        ReferenceEquals(this, other) || other is not null && _properties == other._properties && _symbol == other._symbol;

    public override bool Equals(object obj) => obj is SecurityIdentifier other && Equals(other);
    public override int GetHashCode() => _hash;
    public static bool operator ==(SecurityIdentifier left, SecurityIdentifier right) => Equals(left, right);
    public static bool operator !=(SecurityIdentifier left, SecurityIdentifier right) => !Equals(left, right);

    public override string ToString()
    {
        if (_text == null)
        {
            Span<char> buffer = stackalloc char[16];
            var start = buffer.Length;
            var rest = _properties;
            do
            {
                buffer[--start] = Digits[(int)(rest % 36)];
                rest /= 36;
            }
            while (rest != 0);
            _text = string.Concat(_symbol, " ", buffer[start..]);
        }
        return _text;
    }

    private static SecurityIdentifier Generate(string symbol, SecurityType securityType, string market)
    {
        var code = QuantConnect.Market.Encode(market.ToLowerInvariant())
            ?? throw new ArgumentOutOfRangeException(nameof(market), $"The market '{market}' is unknown: add it with Market.Add");
        return new SecurityIdentifier(symbol.LazyToUpper(), (ulong)code * MarketUnit + (ulong)securityType);
    }

    // Stable over processes, unlike string.GetHashCode: dictionaries then iterate alike in each run.
    private static int HashCode(string symbol, ulong properties)
    {
        var hash = properties.GetHashCode();
        foreach (var c in symbol)
            hash = unchecked(hash * 31 + c);
        return hash;
    }
}
