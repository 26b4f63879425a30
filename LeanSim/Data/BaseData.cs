namespace QuantConnect.Data;

/// <summary>Base of all data points.</summary>
public abstract class BaseData : IBaseData
{
    private decimal _value;
    public MarketDataType DataType { get; set; } = MarketDataType.Base;
    public bool IsFillForward { get; private set; }
    public DateTime Time { get; set; }
    public virtual DateTime EndTime { get => Time; set => Time = value; }
    public Symbol Symbol { get; set; } = Symbol.Empty;
    public virtual decimal Value { get => _value; set => _value = value; }
    public virtual decimal Price => Value;

    public BaseData() { }

    public virtual BaseData Clone(bool fillForward)
    {
        var copy = Clone();
        copy.IsFillForward = fillForward;
        return copy;
    }

    public virtual BaseData Clone() => (BaseData)MemberwiseClone();
    public override string ToString() => $"{Symbol}: {Value.ToStringInvariant("C")}";
}
