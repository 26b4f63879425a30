namespace QuantConnect.Data.Market;

/// <summary>Open, high, low, close.</summary>
public interface IBar
{
    decimal Open { get; }
    decimal High { get; }
    decimal Low { get; }
    decimal Close { get; }
}

/// <summary>A data point which is a bar.</summary>
public interface IBaseDataBar : IBaseData, IBar { }
