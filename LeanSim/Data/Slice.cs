namespace QuantConnect.Data;

/// <summary>All data of one time step.</summary>
public class Slice : IEnumerable<KeyValuePair<Symbol, BaseData>>
{
    private List<KeyValuePair<Symbol, BaseData>> _bySymbol;
    public IEnumerable<BaseData> AllData { get; private set; }
    public DateTime Time { get; private set; }
    public DateTime UtcTime { get; private set; }
    public bool HasData { get; private set; }
    public TradeBars Bars { get; }
    public QuoteBars QuoteBars { get; }
    public MarginInterestRates MarginInterestRates { get; }
    public virtual int Count => BySymbol().Count;
    public virtual IReadOnlyList<Symbol> Keys => BySymbol().ConvertAll(pair => pair.Key);
    public virtual IReadOnlyList<BaseData> Values => BySymbol().FindAll(pair => pair.Value != null).ConvertAll(pair => pair.Value);

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

    public virtual bool ContainsKey(Symbol symbol) => symbol is not null && BySymbol().Exists(pair => pair.Key == symbol);
    public IEnumerator<KeyValuePair<Symbol, BaseData>> GetEnumerator() => BySymbol().Where(pair => pair.Value != null).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // A symbol's value is its last bar in feed order: the quote bar where there are both.
    private List<KeyValuePair<Symbol, BaseData>> BySymbol()
    {
        if (_bySymbol == null)
        {
            var last = new Dictionary<Symbol, BaseData>();
            foreach (var point in AllData)
                if (point.DataType != MarketDataType.Auxiliary)
                    last[point.Symbol] = point;
                else
                    last.TryAdd(point.Symbol, null);
            _bySymbol = last.OrderBy(pair => pair.Key).ToList();
        }
        return _bySymbol;
    }
}
