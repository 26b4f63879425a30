namespace QuantConnect.Data.Market;

/// <summary>Open, high, low, close.</summary>
public interface IBar
{
    /// <summary>First price.</summary>
    decimal Open { get; }

    /// <summary>Highest price.</summary>
    decimal High { get; }

    /// <summary>Lowest price.</summary>
    decimal Low { get; }

    /// <summary>Last price.</summary>
    decimal Close { get; }
}

/// <summary>A data point which is a bar.</summary>
public interface IBaseDataBar : IBaseData, IBar
{
}
