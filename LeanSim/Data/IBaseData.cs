using System;

namespace QuantConnect.Data;

/// <summary>A data point.</summary>
public interface IBaseData : ISymbolProvider
{
    MarketDataType DataType { get; set; }
    DateTime Time { get; set; }
    DateTime EndTime { get; set; }
    decimal Value { get; set; }
    decimal Price { get; }

    /// <summary>A copy.</summary>
    BaseData Clone();
}
