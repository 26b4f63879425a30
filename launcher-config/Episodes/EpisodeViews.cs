using System;
using System.Collections.Generic;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Episodes;

/// <summary>What can be seen of an instrument: the truth, or what it was before the venue's data stopped.</summary>
internal sealed class EpisodeView(EpisodeVenues venues, TruthInstrument instrument) : IInstrumentView
{
    private static readonly decimal Spot = 0.001m;
    private static readonly decimal Perpetual = 0.0005m;

    /// <inheritdoc />
    public Quote Quote => instrument.Seen;

    /// <inheritdoc />
    public decimal Rate => instrument.Instrument.SettlementCurrency == EpisodeWorld.Currency ? 1m : venues.RateOf(instrument.Instrument.SettlementCurrency);

    /// <inheritdoc />
    public decimal TakerFee => instrument.Position.IsPerpetual ? Perpetual : Spot;

    /// <inheritdoc />
    public decimal FundingPerHour => instrument.Position.IsPerpetual ? EpisodeVenues.UsualFunding(instrument.Group) / 8m : 0m;

    /// <inheritdoc />
    public TimeSpan Latency => TimeSpan.FromMilliseconds(instrument.Venue.Latency);

    /// <inheritdoc />
    public decimal? Distance => instrument.IsFrozen ? instrument.FrozenDistance : venues.Ledger.DistanceOf(instrument.Position);

    /// <inheritdoc />
    public decimal Headroom(bool buys, decimal price, decimal distance)
        => venues.IsDelisted(instrument) ? 0m : instrument.IsFrozen
            ? buys ? instrument.FrozenBuyRoom : instrument.FrozenSellRoom
            : venues.Ledger.Headroom(instrument.Position, buys, price, TakerFee, distance);

    /// <summary>Keeps what is seen when the data stop.</summary>
    public void Freeze(decimal distance)
    {
        var isDown = !instrument.Venue.Is(Capability.Data) && instrument.Venue.FailedUtc is null;
        if (isDown && !instrument.IsFrozen && instrument.Seen.Last > 0m)
        {
            instrument.FrozenDistance = Distance;
            instrument.FrozenBuyRoom = Headroom(true, instrument.Seen.Last, distance);
            instrument.FrozenSellRoom = Headroom(false, instrument.Seen.Last, distance);
        }

        instrument.IsFrozen = isDown;
    }
}

/// <summary>What can be seen of the accounts as a whole; looked at once a tick.</summary>
internal sealed class EpisodeAccounts(EpisodeVenues venues) : IDeskAccounts
{
    private readonly Dictionary<string, decimal> _loss = [];

    /// <inheritdoc />
    public decimal? LowestDistance { get; private set; }

    /// <inheritdoc />
    public IReadOnlyList<string> Markets => venues.Markets;

    /// <inheritdoc />
    public decimal LossGivenDefault(string market) => _loss[market];

    /// <summary>Looks again.</summary>
    public void Look()
    {
        LowestDistance = null;
        foreach (var venue in venues.Venues)
        {
            if (venue.Is(Capability.Data) || !venue.IsFrozen || venue.FailedUtc is not null)
            {
                venue.FrozenLoss = 0m;
                venue.FrozenDistance = null;
                foreach (var account in venue.Accounts)
                {
                    venue.FrozenLoss += Math.Max(0m, venues.Ledger.EquityOf(account));
                    for (var i = 0; i < account.Pools.Count; i++)
                    {
                        if (account.Pools[i].Distance(out _) is { } distance && !(distance >= venue.FrozenDistance))
                        {
                            venue.FrozenDistance = distance;
                        }
                    }
                }
            }

            venue.IsFrozen = !venue.Is(Capability.Data);
            _loss[venue.Market] = venue.FrozenLoss;
            if (venue.FrozenDistance is { } lowest && !(lowest >= LowestDistance))
            {
                LowestDistance = lowest;
            }
        }
    }
}
