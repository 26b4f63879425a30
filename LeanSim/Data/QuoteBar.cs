using System;

namespace QuantConnect.Data.Market;

/// <summary>A bar of best bid and ask.</summary>
public class QuoteBar : BaseData, IBaseDataBar
{
    public decimal LastBidSize { get; set; }
    public decimal LastAskSize { get; set; }

    /// <summary>Bid prices, null if none.</summary>
    public Bar Bid { get; set; }

    /// <summary>Ask prices, null if none.</summary>
    public Bar Ask { get; set; }

    /// <summary>Mid of the opens; the one side known if the other is not.</summary>
    public decimal Open => Middle(Bid?.Open ?? 0m, Ask?.Open ?? 0m);

    /// <summary>Mid of the highs; the one side known if the other is not.</summary>
    public decimal High => Middle(Bid?.High ?? 0m, Ask?.High ?? 0m);

    /// <summary>Mid of the lows; the one side known if the other is not.</summary>
    public decimal Low => Middle(Bid?.Low ?? 0m, Ask?.Low ?? 0m);

    /// <summary>Mid of the closes; the one side known if the other is not.</summary>
    public decimal Close => Bid == null && Ask == null ? Value : Middle(Bid?.Close ?? 0m, Ask?.Close ?? 0m);

    /// <summary>Time plus period.</summary>
    public override DateTime EndTime { get => Time + Period; set => Period = value - Time; }

    public TimeSpan Period { get; set; }

    /// <summary>An empty one-minute bar.</summary>
    public QuoteBar()
        : this(false)
    {
    }

    /// <summary>An empty bar, without sides or period if <paramref name="empty"/>.</summary>
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

    /// <summary>A bar of these values; one minute if no period is given.</summary>
    public QuoteBar(DateTime time, Symbol symbol, IBar bid, decimal lastBidSize, IBar ask, decimal lastAskSize, TimeSpan? period = null)
    {
        DataType = MarketDataType.QuoteBar;
        Time = time;
        Symbol = symbol;
        Period = period ?? QuantConnect.Time.OneMinute;
        if (bid != null)
        {
            Bid = new Bar(bid.Open, bid.High, bid.Low, bid.Close);
            LastBidSize = lastBidSize;
        }
        if (ask != null)
        {
            Ask = new Bar(ask.Open, ask.High, ask.Low, ask.Close);
            LastAskSize = lastAskSize;
        }
        Value = Close;
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

    public TradeBar Collapse() => new(Time, Symbol, Open, High, Low, Close, 0, Period);

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
