namespace QuantConnect.Data.Market;

/// <summary>Data of one type by symbol, enumerated in ticker order.</summary>
/// <remarks>Empty, with a time.</remarks>
public class DataDictionary<T>(DateTime time) : IDictionary<Symbol, T>, IReadOnlyDictionary<Symbol, T>
{
    private readonly Dictionary<Symbol, T> _data = new();
    private List<KeyValuePair<Symbol, T>> _sorted;

    [Obsolete("The DataDictionary<T> Time property is now obsolete. All algorithms should use algorithm.Time instead.")]
    public DateTime Time { get; set; } = time;

    public virtual int Count => _data.Count;
    public virtual bool IsReadOnly => false;

    public virtual T this[Symbol symbol]
    {
        get => TryGetValue(symbol, out var value)
            ? value
            : throw new KeyNotFoundException($"'{symbol}' wasn't found in the {GetType().Name} object, likely because there was no-data at this moment in time: use ContainsKey or TryGetValue first");
        set
        {
            _sorted = null;
            _data[symbol] = value;
        }
    }

    public virtual ICollection<Symbol> Keys => Sorted().ConvertAll(pair => pair.Key);
    public virtual ICollection<T> Values => Sorted().ConvertAll(pair => pair.Value);
    IEnumerable<Symbol> IReadOnlyDictionary<Symbol, T>.Keys => Keys;
    IEnumerable<T> IReadOnlyDictionary<Symbol, T>.Values => Values;

    public virtual bool TryGetValue(Symbol key, out T value)
    {
        if (key is null)
        {
            value = default;
            return false;
        }
        return _data.TryGetValue(key, out value);
    }

    public virtual bool ContainsKey(Symbol key) => key is not null && _data.ContainsKey(key);

    public virtual void Add(Symbol key, T value)
    {
        _sorted = null;
        _data.Add(key, value);
    }

    public virtual bool Remove(Symbol key)
    {
        _sorted = null;
        return _data.Remove(key);
    }

    public virtual void Clear()
    {
        _sorted = null;
        _data.Clear();
    }

    public virtual IEnumerator<KeyValuePair<Symbol, T>> GetEnumerator() => Sorted().GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    void ICollection<KeyValuePair<Symbol, T>>.Add(KeyValuePair<Symbol, T> item) => Add(item.Key, item.Value);
    bool ICollection<KeyValuePair<Symbol, T>>.Contains(KeyValuePair<Symbol, T> item) => Sorted().Contains(item);

    // As it came, not sorted: this is what ToList and ToArray of LINQ give, on LEAN too.
    void ICollection<KeyValuePair<Symbol, T>>.CopyTo(KeyValuePair<Symbol, T>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<Symbol, T>>)_data).CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<Symbol, T>>.Remove(KeyValuePair<Symbol, T> item) => Sorted().Contains(item) && Remove(item.Key);

    // By ticker only: two venues with one ticker keep the order in which they came.
    private List<KeyValuePair<Symbol, T>> Sorted() => _sorted ??= _data.OrderBy(pair => pair.Key).ToList();
}

/// <summary>Trade bars by symbol.</summary>
/// <remarks>Empty, with a time.</remarks>
public class TradeBars(DateTime frontier) : DataDictionary<TradeBar>(frontier) { }

/// <summary>Quote bars by symbol.</summary>
/// <remarks>Empty, with a time.</remarks>
public class QuoteBars(DateTime time) : DataDictionary<QuoteBar>(time) { }

/// <summary>Funding rates by symbol.</summary>
/// <remarks>Empty, with a time.</remarks>
public class MarginInterestRates(DateTime frontier) : DataDictionary<MarginInterestRate>(frontier) { }
