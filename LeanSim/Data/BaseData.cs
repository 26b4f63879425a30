using System;

namespace QuantConnect.Data;

/// <summary>Base of all data points.</summary>
public abstract class BaseData : IBaseData
{
    private decimal _value;

    /// <inheritdoc/>
    public MarketDataType DataType { get; set; } = MarketDataType.Base;

    /// <summary>True for a repeat of an earlier point in a gap.</summary>
    public bool IsFillForward { get; private set; }

    /// <inheritdoc/>
    public DateTime Time { get; set; }

    /// <inheritdoc/>
    public virtual DateTime EndTime
    {
        get => Time;
        set => Time = value;
    }

    /// <inheritdoc/>
    public Symbol Symbol { get; set; } = Symbol.Empty;

    /// <inheritdoc/>
    public virtual decimal Value
    {
        get => _value;
        set => _value = value;
    }

    /// <inheritdoc/>
    public virtual decimal Price => Value;

    /// <summary>An empty point.</summary>
    public BaseData()
    {
    }

    /// <summary>A copy with the fill-forward mark set as given.</summary>
    public virtual BaseData Clone(bool fillForward)
    {
        var copy = Clone();
        copy.IsFillForward = fillForward;
        return copy;
    }

    /// <inheritdoc/>
    public virtual BaseData Clone() => (BaseData)MemberwiseClone();

    /// <inheritdoc/>
    public override string ToString() => $"{Symbol}: {Value.ToStringInvariant("C")}";
}
