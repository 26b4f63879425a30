namespace QuantConnect.Data;

/// <summary>A data point.</summary>
public interface IBaseData : ISymbolProvider
{
    DateTime Time { get; set; }
    DateTime EndTime { get; set; }
}
