using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using QuantConnect.Data.Market;

namespace QuantConnect.Data;

/// <summary>All data of one time step.</summary>
public class Slice : IEnumerable<KeyValuePair<Symbol, BaseData>>
{
    private List<KeyValuePair<Symbol, BaseData>> _bySymbol;

    public IEnumerable<BaseData> AllData { get; private set; }
    public DateTime Time { get; private set; }

    /// <summary>Time in UTC.</summary>
    public DateTime UtcTime { get; private set; }

    /// <summary>True if there is any data for the user.</summary>
    public bool HasData { get; private set; }
    public TradeBars Bars { get; }
    public QuoteBars QuoteBars { get; }
    public MarginInterestRates MarginInterestRates { get; }
    public virtual int Count => BySymbol().Count;
    public virtual IReadOnlyList<Symbol> Keys => BySymbol().ConvertAll(pair => pair.Key);
    public virtual IReadOnlyList<BaseData> Values => BySymbol().FindAll(pair => pair.Value != null).ConvertAll(pair => pair.Value);

    /// <summary>A slice of these data.</summary>
    public Slice(DateTime time, List<BaseData> data, DateTime utcTime)
        : this(time, data, new TradeBars(time), new QuoteBars(time), new MarginInterestRates(time), utcTime)
    {
        foreach (var point in data)
        {
            switch (point)
            {
                case TradeBar bar:
                    Bars[bar.Symbol] = bar;
                    break;
                case QuoteBar quote:
                    QuoteBars[quote.Symbol] = quote;
                    break;
                case MarginInterestRate rate:
                    MarginInterestRates[rate.Symbol] = rate;
                    break;
            }
        }
    }

    internal Slice(DateTime time, List<BaseData> data, TradeBars bars, QuoteBars quoteBars, MarginInterestRates rates, DateTime utcTime)
    {
        Time = time;
        UtcTime = utcTime;
        AllData = data;
        HasData = data.Count > 0;
        Bars = bars;
        QuoteBars = quoteBars;
        MarginInterestRates = rates;
    }

    /// <summary>The trade or quote bar of a symbol, whichever came last; throws if there is none.</summary>
    public virtual dynamic this[Symbol symbol]
    {
        get
        {
            foreach (var pair in BySymbol())
            {
                if (pair.Key == symbol)
                    return pair.Value;
            }
            throw new KeyNotFoundException($"'{symbol}' wasn't found in the Slice object, likely because there was no-data at this moment in time: use ContainsKey or TryGetValue first");
        }
        set => throw new NotSupportedException("A slice can be read only");
    }

    /// <summary>All data of a type.</summary>
    public DataDictionary<T> Get<T>()
        where T : IBaseData
    {
        object found = typeof(T) == typeof(TradeBar) ? Bars
            : typeof(T) == typeof(QuoteBar) ? QuoteBars
            : typeof(T) == typeof(MarginInterestRate) ? MarginInterestRates
            : throw new NotSupportedException($"LeanSim does not support data of type {typeof(T).Name}: run on LEAN");
        return (DataDictionary<T>)found;
    }

    /// <summary>The data of a type and symbol; throws if there is none.</summary>
    public T Get<T>(Symbol symbol)
        where T : BaseData => Get<T>()[symbol];

    /// <summary>True if the symbol has data.</summary>
    public virtual bool ContainsKey(Symbol symbol) => symbol is not null && BySymbol().Exists(pair => pair.Key == symbol);

    /// <summary>The trade or quote bar of a symbol, if there is one.</summary>
    public virtual bool TryGetValue(Symbol symbol, out dynamic data)
    {
        data = symbol is null ? null : BySymbol().Find(pair => pair.Key == symbol).Value;
        return data != null;
    }

    public IEnumerator<KeyValuePair<Symbol, BaseData>> GetEnumerator() => BySymbol().Where(pair => pair.Value != null).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // A symbol's value is its last bar in feed order: the quote bar where there are both.
    private List<KeyValuePair<Symbol, BaseData>> BySymbol()
    {
        if (_bySymbol == null)
        {
            var last = new Dictionary<Symbol, BaseData>();
            foreach (var point in AllData)
            {
                if (point.DataType != MarketDataType.Auxiliary)
                {
                    last[point.Symbol] = point;
                }
                else
                {
                    last.TryAdd(point.Symbol, null);
                }
            }
            _bySymbol = last.OrderBy(pair => pair.Key).ToList();
        }
        return _bySymbol;
    }
}
