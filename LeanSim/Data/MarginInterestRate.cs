namespace QuantConnect.Data.Market;

/// <summary>A funding rate; positive: longs pay shorts.</summary>
public class MarginInterestRate : BaseData
{
    public decimal InterestRate { get; set; }
    public MarginInterestRate() => DataType = MarketDataType.Auxiliary;
    public override string ToString() => $"{Symbol}: Rate {InterestRate}";
}
