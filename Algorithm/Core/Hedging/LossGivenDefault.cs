#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Hedging;

/// <summary>
/// What would be lost if a venue failed now, in the account currency:
/// <code>
/// (1 - recovery) * claim  +  sum over groups of price * (cost * |lost| + gap * |left|)
/// </code>
/// The claim is the equity of our accounts there, unrealized profit included because nobody pays it any more, and what
/// travels to them; each account at least zero. Lost are a group's units at the venue, the primary's times the hedge
/// ratio; left is the residual without them; cost is what restoring them takes at the best other usable leg, by
/// <see cref="VenueChoice.Cost"/>, or, where no leg is usable, by reducing the primary elsewhere, and where that is not
/// possible either, the gap; gap is by how much prices have moved when it is done. A failure moves prices against the
/// side that lost its hedge: a cost below zero, for funding received, is taken as none.
/// </summary>
/// <remarks>
/// An unrealized loss reduces the claim, because what we owe the venue is set off against it. Reads no clock; no memory
/// per call.
/// </remarks>
public sealed class LossGivenDefault
{
    private readonly LossSettings _settings;
    private readonly HedgeSettings _hedge;
    private readonly Func<string, decimal> _claimOn;
    private readonly List<VenueLoss> _losses = [];
    private readonly decimal[] _restoring;

    /// <summary>Creates it.</summary>
    /// <param name="settings">Recovery and gap.</param>
    /// <param name="hedge">What the cost of a leg depends on.</param>
    /// <param name="markets">The venues.</param>
    /// <param name="claimOn">The claim on a venue; see <see cref="ClaimOn"/>.</param>
    public LossGivenDefault(LossSettings settings, HedgeSettings hedge, IReadOnlyList<string> markets, Func<string, decimal> claimOn)
    {
        _settings = settings;
        _hedge = hedge;
        _claimOn = claimOn;
        foreach (var market in markets)
        {
            _losses.Add(new VenueLoss(market));
        }

        _restoring = new decimal[markets.Count];
    }

    /// <summary>The groups; until they are set only claims count. Set once they are known, because the desk that keeps them asks back.</summary>
    public IReadOnlyList<GroupDesk> Groups { get; set; } = [];

    /// <summary>Per venue what would be lost, as of the last <see cref="Update"/>, and at its worst; in the order given.</summary>
    public IReadOnlyList<VenueLoss> Losses => _losses;

    /// <summary>What we claim from a venue: equity of our accounts there and what travels to them, each account at least zero; in the account currency.</summary>
    /// <param name="ledger">The accounts.</param>
    /// <param name="market">The venue.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static decimal ClaimOn(Ledger ledger, string market)
    {
        var claim = 0m;
        for (var i = 0; i < ledger.Accounts.Count; i++)
        {
            var account = ledger.Accounts[i];
            claim += account.Definition.Market == market ? Math.Max(0m, ledger.EquityOf(account)) : 0m;
        }

        return claim;
    }

    /// <summary>What would be lost if a venue failed, in the account currency; zero or positive.</summary>
    /// <param name="market">The venue.</param>
    /// <param name="utcNow">UTC; says which prices are fresh.</param>
    public decimal Of(string market, DateTime utcNow) => Of(market, utcNow, out _);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private decimal Of(string market, DateTime utcNow, out decimal claimed)
    {
        claimed = (1m - _settings.RecoveryOf(market)) * Math.Max(0m, _claimOn(market));
        var loss = claimed;
        for (var i = 0; i < Groups.Count; i++)
        {
            loss += OfGroup(Groups[i], market, utcNow);
        }

        return loss;
    }

    /// <summary>
    /// The same from today's claim and from what restoring cost at the last <see cref="Update"/>: for whoever asks at each
    /// order, because the claim is nearly all of it.
    /// </summary>
    /// <param name="market">The venue.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public decimal Estimate(string market)
    {
        var loss = (1m - _settings.RecoveryOf(market)) * Math.Max(0m, _claimOn(market));
        for (var i = 0; i < _losses.Count; i++)
        {
            loss += _losses[i].Market == market ? _restoring[i] : 0m;
        }

        return loss;
    }

    /// <summary>Looks at every venue and keeps the worst.</summary>
    /// <param name="utcNow">UTC; does not go back.</param>
    public void Update(DateTime utcNow)
    {
        for (var i = 0; i < _losses.Count; i++)
        {
            var known = _losses[i];
            var now = Of(known.Market, utcNow, out var claimed);
            _restoring[i] = now - claimed;
            _losses[i] = now > known.Worst ? known with { Now = now, Worst = now, WorstUtc = utcNow } : known with { Now = now };
        }
    }

    /// <summary>The part of one group: what restoring costs, and the gap on the residual.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private decimal OfGroup(GroupDesk group, string market, DateTime utcNow)
    {
        var (lost, left) = (0m, 0m);
        Count(group.Primary, group.Group.Ratio);
        for (var i = 0; i < group.Legs.Count; i++)
        {
            Count(group.Legs[i], 1m);
        }

        if (lost == 0m)
        {
            return 0m;
        }

        var price = PriceOf(group.Primary);
        for (var i = 0; i < group.Legs.Count && price == 0m; i++)
        {
            price = PriceOf(group.Legs[i]);
        }

        return price == 0m ? 0m : price * ((Restoring(group, market, lost, utcNow) * Math.Abs(lost)) + (_settings.Gap * Math.Abs(left)));

        void Count(DeskInstrument instrument, decimal ratio)
        {
            var units = instrument.Instrument.UnitsOf(ratio * instrument.Book.Held);
            lost += instrument.Instrument.Id.Route.Market == market ? units : 0m;
            left += instrument.Instrument.Id.Route.Market == market ? 0m : units;
        }
    }

    /// <summary>What a unit of the underlying is worth, in the account currency; zero if that is not known.</summary>
    private static decimal PriceOf(DeskInstrument instrument) => instrument.ValueOf(instrument.Instrument.ContractsOf(1m));

    /// <summary>What trading the lost units elsewhere costs, a fraction of their notional.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private decimal Restoring(GroupDesk group, string market, decimal lost, DateTime utcNow)
    {
        decimal? best = null;
        for (var i = 0; i < group.Legs.Count; i++)
        {
            Offer(group.Legs[i]);
        }

        if (best is null && group.Primary.Book.Held != 0m && Math.Sign(group.Primary.Book.Held) == -Math.Sign(lost))
        {
            Offer(group.Primary);
        }

        return best ?? _settings.Gap;

        void Offer(DeskInstrument instrument)
        {
            if (instrument.Instrument.Id.Route.Market == market || instrument.Health.Orders != HealthState.Healthy)
            {
                return;
            }

            var quote = instrument.View.Quote;
            if (DeskInstrument.FreshPrice(quote, utcNow, _hedge) is not null)
            {
                var cost = Math.Max(0m, VenueChoice.CostAt(quote, instrument.View, instrument.Instrument.ContractsOf(lost), _hedge));
                best = best is { } known && known <= cost ? known : cost;
            }
        }
    }
}

/// <summary>What a failure leaves.</summary>
public sealed record LossSettings
{
    /// <summary>Share of a claim that is paid in the end; 0 to 1.</summary>
    public decimal Recovery { get; init; }

    /// <summary>The same of single venues, by market.</summary>
    public IReadOnlyDictionary<string, decimal> Recoveries { get; init; } = new Dictionary<string, decimal>();

    /// <summary>By how much prices move until the residual that a failure leaves is hedged, a fraction.</summary>
    public decimal Gap { get; init; } = 0.01m;

    /// <summary>The recovery at a venue.</summary>
    public decimal RecoveryOf(string market) => Recoveries.TryGetValue(market, out var recovery) ? recovery : Recovery;
}

/// <summary>What would be lost if a venue failed, in the account currency.</summary>
/// <param name="Market">The venue.</param>
/// <param name="Now">As of the last look.</param>
/// <param name="Worst">The most at any look.</param>
/// <param name="WorstUtc">When it was the most, first, UTC; the minimum if it never was above zero.</param>
public readonly record struct VenueLoss(string Market, decimal Now = 0m, decimal Worst = 0m, DateTime WorstUtc = default);
