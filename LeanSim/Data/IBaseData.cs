using System;

namespace QuantConnect.Data;

/// <summary>A data point.</summary>
public interface IBaseData : ISymbolProvider
{
    /// <summary>Kind of data.</summary>
    MarketDataType DataType { get; set; }

    /// <summary>Start of the period, exchange time.</summary>
    DateTime Time { get; set; }

    /// <summary>End of the period, exchange time.</summary>
    DateTime EndTime { get; set; }

    /// <summary>Main value (close).</summary>
    decimal Value { get; set; }

    /// <summary>Same as <see cref="Value"/>.</summary>
    decimal Price { get; }

    /// <summary>A copy.</summary>
    BaseData Clone();
}
