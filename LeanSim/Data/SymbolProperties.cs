using System;

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

    /// <summary>Smallest order: quote currency at Binance, else quantity; null if none.</summary>
    public decimal? MinimumOrderSize { get; }
    public decimal PriceMagnifier { get; }

    /// <summary>Not used by crypto.</summary>
    public decimal StrikeMultiplier { get; }

    /// <summary>These terms.</summary>
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

    /// <summary>Copies terms.</summary>
    protected SymbolProperties(SymbolProperties properties)
        : this(properties.Description, properties.QuoteCurrency, properties.ContractMultiplier, properties.MinimumPriceVariation,
            properties.LotSize, properties.MarketTicker, properties.MinimumOrderSize, properties.PriceMagnifier, properties.StrikeMultiplier)
    {
    }

    /// <summary>Terms of what is not in the database: multiplier and lot one, tick a cent.</summary>
    public static SymbolProperties GetDefault(string quoteCurrency) =>
        new(string.Empty, quoteCurrency.LazyToUpper(), 1, 0.01m, 1, string.Empty);

    public override string ToString() =>
        string.Join(",", Description, QuoteCurrency, ContractMultiplier.ToStringInvariant(), MinimumPriceVariation.ToStringInvariant(),
            LotSize.ToStringInvariant(), MarketTicker, MinimumOrderSize?.ToStringInvariant(), PriceMagnifier.ToStringInvariant(), StrikeMultiplier.ToStringInvariant());
}
