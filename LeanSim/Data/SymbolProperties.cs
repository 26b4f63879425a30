using System;

namespace QuantConnect.Securities;

/// <summary>Contract terms of a symbol at a market.</summary>
public class SymbolProperties
{
    /// <summary>Description.</summary>
    public string Description { get; }

    /// <summary>Currency of prices.</summary>
    public string QuoteCurrency { get; }

    /// <summary>Underlying units per contract.</summary>
    public virtual decimal ContractMultiplier { get; internal set; }

    /// <summary>Tick size.</summary>
    public virtual decimal MinimumPriceVariation { get; }

    /// <summary>Order quantities are multiples of this.</summary>
    public decimal LotSize { get; }

    /// <summary>The ticker that the venue uses.</summary>
    public string MarketTicker { get; }

    /// <summary>Smallest order: quote currency at Binance, else quantity; null if none.</summary>
    public decimal? MinimumOrderSize { get; }

    /// <summary>Data prices are divided by this.</summary>
    public decimal PriceMagnifier { get; }

    /// <summary>Not used by crypto.</summary>
    public decimal StrikeMultiplier { get; }

    /// <summary>These terms.</summary>
    public SymbolProperties(string description, string quoteCurrency, decimal contractMultiplier,
        decimal minimumPriceVariation, decimal lotSize, string marketTicker,
        decimal? minimumOrderSize = null, decimal priceMagnifier = 1, decimal strikeMultiplier = 1)
    {
        if (lotSize <= 0 || priceMagnifier <= 0 || strikeMultiplier <= 0)
        {
            throw new ArgumentException("Lot size, price magnifier and strike multiplier are above zero");
        }
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

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(",", Description, QuoteCurrency, ContractMultiplier.ToStringInvariant(), MinimumPriceVariation.ToStringInvariant(),
            LotSize.ToStringInvariant(), MarketTicker, MinimumOrderSize?.ToStringInvariant(), PriceMagnifier.ToStringInvariant(), StrikeMultiplier.ToStringInvariant());
}
