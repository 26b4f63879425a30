namespace QuantConnect.Securities;

/// <summary>Contract terms of a symbol at a market.</summary>
public class SymbolProperties
{
    public string Description { get; }
    public string QuoteCurrency { get; }
    public virtual decimal ContractMultiplier { get; internal set; }
    public virtual decimal MinimumPriceVariation { get; }
    public decimal LotSize { get; }
    public string MarketTicker { get; }
    public decimal? MinimumOrderSize { get; }
    public decimal PriceMagnifier { get; }
    public decimal StrikeMultiplier { get; }

    public SymbolProperties(string description, string quoteCurrency, decimal contractMultiplier,
        decimal minimumPriceVariation, decimal lotSize, string marketTicker,
        decimal? minimumOrderSize = null, decimal priceMagnifier = 1, decimal strikeMultiplier = 1)
    {
        if (lotSize <= 0 || priceMagnifier <= 0 || strikeMultiplier <= 0)
            throw new ArgumentException("Lot size, price magnifier and strike multiplier are above zero");
        Description = description;
        QuoteCurrency = quoteCurrency;
        ContractMultiplier = contractMultiplier;
        MinimumPriceVariation = minimumPriceVariation;
        LotSize = lotSize;
        MarketTicker = marketTicker;
        MinimumOrderSize = minimumOrderSize;
        PriceMagnifier = priceMagnifier;
        StrikeMultiplier = strikeMultiplier;
    }

    public static SymbolProperties GetDefault(string quoteCurrency) => new(string.Empty, quoteCurrency.LazyToUpper(), 1, 0.01m, 1, string.Empty);

    public override string ToString() =>
        string.Join(",", Description, QuoteCurrency, ContractMultiplier.ToStringInvariant(), MinimumPriceVariation.ToStringInvariant(),
            LotSize.ToStringInvariant(), MarketTicker, MinimumOrderSize?.ToStringInvariant(), PriceMagnifier.ToStringInvariant(), StrikeMultiplier.ToStringInvariant());
}
