namespace QuantConnect.Data.Market;

/// <summary>One side of a quote bar.</summary>
public class Bar : IBar
{
    private bool _opened;

    public virtual decimal Open { get; set; }
    public virtual decimal High { get; set; }
    public virtual decimal Low { get; set; }
    public virtual decimal Close { get; set; }

    /// <summary>An empty bar.</summary>
    public Bar()
    {
    }

    /// <summary>A bar of these prices.</summary>
    public Bar(decimal open, decimal high, decimal low, decimal close)
    {
        Open = open;
        High = high;
        Low = low;
        Close = close;
        _opened = open != 0;
    }

    /// <summary>Adds a price; zero is ignored.</summary>
    public void Update(decimal value)
    {
        if (value == 0)
            return;
        if (!_opened)
        {
            _opened = true;
            Open = High = Low = value;
        }
        if (value > High)
            High = value;
        if (value < Low)
            Low = value;
        Close = value;
    }

    public Bar Clone() => new(Open, High, Low, Close);

    public override string ToString() =>
        $"O: {Open.SmartRounding()} H: {High.SmartRounding()} L: {Low.SmartRounding()} C: {Close.SmartRounding()}";
}
