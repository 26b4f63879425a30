namespace QuantConnect.Data.Market;

/// <summary>One side of a quote bar.</summary>
public class Bar : IBar
{
    public virtual decimal Open { get; set; }
    public virtual decimal High { get; set; }
    public virtual decimal Low { get; set; }
    public virtual decimal Close { get; set; }

    public Bar() { }

    public Bar(decimal open, decimal high, decimal low, decimal close)
    {
        Open = open;
        High = high;
        Low = low;
        Close = close;
    }

    public Bar Clone() => new(Open, High, Low, Close);
    public override string ToString() => $"O: {Open.SmartRounding()} H: {High.SmartRounding()} L: {Low.SmartRounding()} C: {Close.SmartRounding()}";
}
