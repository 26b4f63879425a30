namespace QuantConnect.Securities;

/// <summary>The last data and prices of a security. Fill-forward data changes nothing.</summary>
public class SecurityCache
{
    private DateTime _lastQuoteTime;
    private DateTime _lastOhlcTime;
    private BaseData _lastData;
    private TradeBar _lastTrade;
    private QuoteBar _lastQuote;
    private Dictionary<Type, BaseData> _others;
    public decimal Price { get; private set; }
    public decimal Open { get; private set; }
    public decimal High { get; private set; }
    public decimal Low { get; private set; }
    public decimal Close { get; private set; }
    public decimal BidPrice { get; private set; }
    public decimal AskPrice { get; private set; }
    public decimal BidSize { get; private set; }
    public decimal AskSize { get; private set; }
    public decimal Volume { get; private set; }
    internal TradeBar LastTrade => _lastTrade;

    public void AddDataList(IReadOnlyList<BaseData> data, Type dataType, bool? containsFillForwardData = null, bool isInternalConfig = false)
    {
        for (var i = 0; i < data.Count; i++)
            if (containsFillForwardData == false || !data[i].IsFillForward)
                Store(data[i], dataType);
        for (var i = 0; i < data.Count; i++)
            ProcessDataPoint(data[i], false);
    }

    public void AddData(BaseData data) => ProcessDataPoint(data, true);

    protected virtual void ProcessDataPoint(BaseData data, bool cacheByType)
    {
        if (data.IsFillForward)
            return;
        if (cacheByType)
            Store(data, data.GetType());
        if (data.DataType == MarketDataType.Auxiliary)
            return;
        if (_lastData == null || data.DataType != MarketDataType.TradeBar || _lastQuoteTime != data.EndTime)
            _lastData = data;
        if (data is not IBar bar)
        {
            if (data.DataType != MarketDataType.Base || data.Price != 0)
                Price = data.Price;
            return;
        }
        var endTime = data.EndTime;
        if (_lastQuoteTime != endTime || _lastOhlcTime != endTime)
        {
            _lastOhlcTime = endTime;
            Open = OrLast(bar.Open, Open);
            High = OrLast(bar.High, High);
            Low = OrLast(bar.Low, Low);
            var close = bar.Close;
            if (close != 0)
                Price = Close = close;
        }
        if (data is TradeBar trade)
            Volume = OrLast(trade.Volume, Volume);
        else if (data is QuoteBar quote)
        {
            _lastQuoteTime = endTime;
            AskPrice = OrLast(quote.Ask?.Close ?? 0, AskPrice);
            BidPrice = OrLast(quote.Bid?.Close ?? 0, BidPrice);
            BidSize = OrLast(quote.LastBidSize, BidSize);
            AskSize = OrLast(quote.LastAskSize, AskSize);
        }
    }

    public BaseData GetData() => _lastData;

    public T GetData<T>()
        where T : BaseData => Last(typeof(T)) as T;

    public void Reset()
    {
        Price = Open = High = Low = Close = BidPrice = AskPrice = BidSize = AskSize = Volume = 0;
        _lastData = null;
        _lastTrade = null;
        _lastQuote = null;
        _others = null;
        _lastQuoteTime = _lastOhlcTime = default;
    }

    // the engine delivers one point per type and update, so that the last point is the whole update
    internal void AddPoint(BaseData data, Type dataType)
    {
        if (!data.IsFillForward)
        {
            Store(data, dataType);
            ProcessDataPoint(data, false);
        }
    }

    private BaseData Last(Type type)
    {
        if (type == typeof(TradeBar))
            return _lastTrade;
        return type == typeof(QuoteBar) ? _lastQuote : _others?.GetValueOrDefault(type);
    }

    private void Store(BaseData data, Type type)
    {
        if (type == typeof(TradeBar))
            _lastTrade = data as TradeBar;
        else if (type == typeof(QuoteBar))
            _lastQuote = data as QuoteBar;
        else
            (_others ??= [])[type] = data;
    }

    private static decimal OrLast(decimal value, decimal last) => value != 0 ? value : last;
}
