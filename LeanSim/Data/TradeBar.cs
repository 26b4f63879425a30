namespace QuantConnect.Data.Market;

/// <summary>A bar of trades.</summary>
public class TradeBar : BaseData, IBaseDataBar
{
    private decimal _open;
    private decimal _high;
    private decimal _low;
    private bool _seeded;
    public virtual decimal Volume { get; set; }

    public virtual decimal Open
    {
        get => _open;
        set
        {
            Seed(value);
            _open = value;
        }
    }

    public virtual decimal High
    {
        get => _high;
        set
        {
            Seed(value);
            _high = value;
        }
    }

    public virtual decimal Low
    {
        get => _low;
        set
        {
            Seed(value);
            _low = value;
        }
    }

    public virtual decimal Close
    {
        get => Value;
        set
        {
            Seed(value);
            Value = value;
        }
    }

    public override DateTime EndTime { get => Time + Period; set => Period = value - Time; }
    public virtual TimeSpan Period { get; set; }

    public TradeBar(DateTime time, Symbol symbol, decimal open, decimal high, decimal low, decimal close, decimal volume, TimeSpan? period = null)
    {
        DataType = MarketDataType.TradeBar;
        Time = time;
        Symbol = symbol;
        _seeded = true;
        _open = open;
        _high = high;
        _low = low;
        Value = close;
        Volume = volume;
        Period = period ?? QuantConnect.Time.OneMinute;
    }

    public override BaseData Clone(bool fillForward)
    {
        var copy = (TradeBar)base.Clone(fillForward);
        if (fillForward)
            copy.Volume = 0;
        return copy;
    }

    public override BaseData Clone() => (BaseData)MemberwiseClone();

    public override string ToString() =>
        $"{Symbol}: O: {Open.SmartRounding()} H: {High.SmartRounding()} L: {Low.SmartRounding()} C: {Close.SmartRounding()} V: {Volume.SmartRounding()}";

    private void Seed(decimal value)
    {
        if (_seeded)
            return;
        _seeded = true;
        _open = _high = _low = value;
    }
}
