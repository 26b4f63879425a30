using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace QuantConnect.Data.Market;

/// <summary>Data of one type by symbol, enumerated in ticker order.</summary>
public class DataDictionary<T> : IDictionary<Symbol, T>, IReadOnlyDictionary<Symbol, T>
{
    private readonly Dictionary<Symbol, T> _data = new();
    private List<KeyValuePair<Symbol, T>> _sorted;

    /// <summary>Time of the slice in the algorithm's zone.</summary>
    [Obsolete("The DataDictionary<T> Time property is now obsolete. All algorithms should use algorithm.Time instead.")]
    public DateTime Time { get; set; }

    /// <summary>Empty.</summary>
    public DataDictionary()
    {
    }

    /// <summary>Empty, with a time.</summary>
    public DataDictionary(DateTime time)
    {
        Time = time;
    }

    public virtual int Count => _data.Count;
    public virtual bool IsReadOnly => false;

    /// <summary>The data of a symbol; throws if there is none.</summary>
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

    public virtual T GetValue(Symbol key) => TryGetValue(key, out var value) ? value : default;

    /// <summary>The data of a symbol, if there is any.</summary>
    public virtual bool TryGetValue(Symbol key, out T value)
    {
        if (key is null)
        {
            value = default;
            return false;
        }
        return _data.TryGetValue(key, out value);
    }

    /// <summary>True if the symbol has data.</summary>
    public virtual bool ContainsKey(Symbol key) => key is not null && _data.ContainsKey(key);

    /// <summary>Adds; throws if the symbol is there.</summary>
    public virtual void Add(Symbol key, T value)
    {
        _sorted = null;
        _data.Add(key, value);
    }

    /// <summary>Removes.</summary>
    public virtual bool Remove(Symbol key)
    {
        _sorted = null;
        return _data.Remove(key);
    }

    /// <summary>Removes all.</summary>
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
public class TradeBars : DataDictionary<TradeBar>
{
    /// <summary>Empty.</summary>
    public TradeBars()
    {
    }

    /// <summary>Empty, with a time.</summary>
    public TradeBars(DateTime frontier)
        : base(frontier)
    {
    }
}

/// <summary>Quote bars by symbol.</summary>
public class QuoteBars : DataDictionary<QuoteBar>
{
    /// <summary>Empty.</summary>
    public QuoteBars()
    {
    }

    /// <summary>Empty, with a time.</summary>
    public QuoteBars(DateTime time)
        : base(time)
    {
    }
}

/// <summary>Funding rates by symbol.</summary>
public class MarginInterestRates : DataDictionary<MarginInterestRate>
{
    /// <summary>Empty.</summary>
    public MarginInterestRates()
    {
    }

    /// <summary>Empty, with a time.</summary>
    public MarginInterestRates(DateTime frontier)
        : base(frontier)
    {
    }
}
