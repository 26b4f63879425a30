namespace QuantConnect.Data.Market;

/// <summary>A bar of best bid and ask.</summary>
public class QuoteBar : BaseData, IBaseDataBar
{
    public decimal LastBidSize { get; set; }
    public decimal LastAskSize { get; set; }
    public Bar Bid { get; set; }
    public Bar Ask { get; set; }
    public decimal Open => Middle(Bid?.Open ?? 0m, Ask?.Open ?? 0m);
    public decimal High => Middle(Bid?.High ?? 0m, Ask?.High ?? 0m);
    public decimal Low => Middle(Bid?.Low ?? 0m, Ask?.Low ?? 0m);
    public decimal Close => Bid == null && Ask == null ? Value : Middle(Bid?.Close ?? 0m, Ask?.Close ?? 0m);
    public override DateTime EndTime { get => Time + Period; set => Period = value - Time; }
    public TimeSpan Period { get; set; }

    public QuoteBar(bool empty)
    {
        DataType = MarketDataType.QuoteBar;
        if (!empty)
        {
            Bid = new Bar();
            Ask = new Bar();
            Period = QuantConnect.Time.OneMinute;
        }
    }

    public override BaseData Clone() => new QuoteBar(true)
    {
        Symbol = Symbol,
        Time = Time,
        Period = Period,
        Value = Value,
        DataType = DataType,
        Bid = Bid?.Clone(),
        Ask = Ask?.Clone(),
        LastBidSize = LastBidSize,
        LastAskSize = LastAskSize,
    };

    public override string ToString() =>
        $"{Symbol}: " +
        $"Bid: O: {Bid?.Open.SmartRounding()} Bid: H: {Bid?.High.SmartRounding()} Bid: L: {Bid?.Low.SmartRounding()} Bid: C: {Bid?.Close.SmartRounding()} " +
        $"Ask: O: {Ask?.Open.SmartRounding()} Ask: H: {Ask?.High.SmartRounding()} Ask: L: {Ask?.Low.SmartRounding()} Ask: C: {Ask?.Close.SmartRounding()} ";

    private static decimal Middle(decimal bid, decimal ask)
    {
        if (bid == 0m)
            return ask;
        return ask == 0m ? bid : (bid + ask) / 2m;
    }
}
