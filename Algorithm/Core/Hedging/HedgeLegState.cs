#nullable enable
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Hedging;

/// <summary>What is known of one hedge leg when a decision is made. Quantities in contracts, signed.</summary>
/// <param name="Instrument">The leg.</param>
/// <param name="Held">Confirmed position; for spot the coin balance net of base-coin fees.</param>
/// <param name="WorkingBuy">What open buy orders may still add; zero or positive.</param>
/// <param name="WorkingSell">What open sell orders may still take away; zero or negative.</param>
/// <param name="FreshPrice">A price young enough to size on, in the settlement currency, or null.</param>
/// <param name="InBackoff">Whether the venue refused an order so recently that the leg must wait.</param>
public readonly record struct HedgeLegState(
    Instrument Instrument,
    decimal Held,
    decimal WorkingBuy,
    decimal WorkingSell,
    decimal? FreshPrice,
    bool InBackoff)
{
    internal decimal HeldUnits => Held * Instrument.UnitsPerContract;

    internal decimal WorkingBuyUnits => WorkingBuy * Instrument.UnitsPerContract;

    internal decimal WorkingSellUnits => WorkingSell * Instrument.UnitsPerContract;
}
