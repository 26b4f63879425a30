#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;
using QuantConnect.Algorithm.Framework.Alphas;
using QuantConnect.Data.Market;

namespace CrossHedgeLean.Framework.Strategies;

/// <summary>
/// A primary and the leg that hedges it, as the strategies look at them: prices of one unit, what trading both costs, what
/// capital they bind, and how long money takes from one to the other. Of several legs the one that holds most stands for
/// all; where none holds anything, the one that the group's split would ask first.
/// </summary>
internal sealed class StrategyPair
{
    private static readonly TimeSpan InsightPeriod = TimeSpan.FromDays(1);

    private readonly TransferRoutes _routes;
    private readonly HedgeSettings _settings;
    private readonly HedgeSettings _bare;

    private StrategyPair(HedgeController controller, GroupController group, decimal notional)
    {
        Group = group;
        Notional = notional;
        BarLength = controller.BarLength;
        _routes = controller.TransferWays;
        _settings = group.Desk.State.Settings;
        _bare = _settings with { FundingHorizon = TimeSpan.Zero, LatencyPenalty = 0m };
    }

    /// <summary>The group.</summary>
    public GroupController Group { get; }

    /// <summary>What the primary is worth at full weight, in the account currency.</summary>
    public decimal Notional { get; }

    /// <summary>How long a bar is.</summary>
    public TimeSpan BarLength { get; }

    /// <summary>The leg that hedges, or would; an index.</summary>
    public int Leg { get; private set; }

    /// <summary>A unit of the underlying as the primary, in the account currency; valid after <see cref="Look"/>.</summary>
    public decimal PrimaryPrice { get; private set; }

    /// <summary>A unit of the underlying as the hedge leg, in the account currency; valid after <see cref="Look"/>.</summary>
    public decimal HedgePrice { get; private set; }

    /// <summary>How much dearer the hedge leg is, as a fraction of the primary.</summary>
    public decimal Spread => (HedgePrice / PrimaryPrice) - 1m;

    /// <summary>Whether the primary can be sold short.</summary>
    public bool CanBeShort => Group.Primary.Account.IsPerpetual;

    /// <summary>Confirmed primary, in contracts, signed.</summary>
    public decimal Held => Group.Desk.Primary.Book.Held;

    /// <summary>What a contract of the primary is worth at LEAN's last price, in the account currency; null before the first.</summary>
    public decimal? LastPrice
    {
        get
        {
            var security = Group.Primary.Security;
            var price = security.HasData ? security.Price * security.SymbolProperties.ContractMultiplier * Group.Primary.Rate : 0m;
            return price > 0m ? price : null;
        }
    }

    /// <summary>
    /// Which side a position of an earlier run has: 1 long, -1 short; 0 if less than half of the notional is held.
    /// </summary>
    public int SideHeld => LastPrice is { } price && Math.Abs(Held) * price >= Notional / 2m && Notional > 0m ? Math.Sign(Held) : 0;

    /// <summary>Capital that a unit of notional binds: spot all of it, a perpetual its initial margin.</summary>
    public decimal Capital => CapitalOf(Group.Primary) + (Group.Group.Ratio * CapitalOf(Hedge));

    /// <summary>From a decision to the fill of the second leg, which is sent when the first has filled: with bars no less than one.</summary>
    public TimeSpan Naked
    {
        get
        {
            var latency = Group.Primary.Latency + Hedge.Latency;
            return latency > TimeSpan.Zero && latency < BarLength ? BarLength : latency;
        }
    }

    private HedgedInstrument Hedge => Group.Legs[Leg];

    /// <summary>A pair for each group, in their order.</summary>
    public static StrategyPair[] Of(HedgeController controller, IReadOnlyList<GroupConfiguration> groups)
        => controller.Groups.Select((group, i) => new StrategyPair(controller, group, groups[i].Notional)).ToArray();

    /// <summary>Takes in the prices of now; false if primary or leg has none that one could trade on.</summary>
    public bool Look(DateTime utcNow)
    {
        Leg = ChooseLeg(utcNow);
        var primary = Usable(Group.Desk.Primary, utcNow);
        var hedge = Usable(Group.Desk.Legs[Leg], utcNow);
        PrimaryPrice = primary ? UnitPrice(Group.Primary) : 0m;
        HedgePrice = hedge ? UnitPrice(Hedge) : 0m;
        return PrimaryPrice > 0m && HedgePrice > 0m;
    }

    /// <summary>
    /// Fees, half spreads and impact of opening and closing both legs, as a fraction of the notional: the cost by which
    /// venues are chosen, without its funding.
    /// </summary>
    /// <param name="notional">Of the primary, in the account currency.</param>
    /// <param name="penalizesLatency">Whether <see cref="HedgeSettings.LatencyPenalty"/> counts; else the strategy has its own way.</param>
    public decimal RoundTrip(decimal notional, bool penalizesLatency)
    {
        var settings = penalizesLatency ? _settings with { FundingHorizon = TimeSpan.Zero } : _bare;
        var ratio = Group.Group.Ratio;
        return BothWays(Group.Primary, notional / PrimaryPrice, settings) + (ratio * BothWays(Hedge, ratio * notional / PrimaryPrice, settings));
    }

    /// <summary>
    /// The slower and the dearer of the ways of the settlement currency between the two accounts; no time and no fee within
    /// one account, null if money cannot go.
    /// </summary>
    public (TimeSpan Time, decimal Fee)? Transfer
    {
        get
        {
            var (one, other) = (Group.Primary.Account.Account.Definition.Name, Hedge.Account.Account.Definition.Name);
            if (one == other)
            {
                return (TimeSpan.Zero, 0m);
            }

            return _routes.Find(one, other, Group.Primary.Instrument.SettlementCurrency) is { } there
                && _routes.Find(other, one, Hedge.Instrument.SettlementCurrency) is { } back
                ? (there.Time > back.Time ? there.Time : back.Time, Math.Max(there.Fee * Group.Primary.Rate, back.Fee * Hedge.Rate))
                : null;
        }
    }

    /// <summary>Funding that a pair with a long primary receives in an hour at the last known rates, as a fraction of the notional.</summary>
    public decimal FundingPerHour => (Group.Group.Ratio * Hedge.FundingPerHour) - Group.Primary.FundingPerHour;

    /// <summary>The newest funding of the primary and of all legs; for spot the default.</summary>
    /// <param name="payments">Gets the time and the rate an hour of each, the primary's first.</param>
    public void ReadFunding(Span<(DateTime Time, decimal PerHour)> payments)
    {
        payments[0] = FundingOf(Group.Primary);
        for (var i = 0; i < Group.Legs.Count; i++)
        {
            payments[i + 1] = FundingOf(Group.Legs[i]);
        }
    }

    /// <summary>The target as LEAN's framework passes it on.</summary>
    /// <param name="weight">Of the notional, signed; 0: flat.</param>
    /// <param name="tag">Why; every order of it carries it.</param>
    public Insight Insight(decimal weight, string tag)
        => QuantConnect.Algorithm.Framework.Alphas.Insight.Price(
            Group.Primary.Symbol,
            InsightPeriod,
            weight > 0m ? InsightDirection.Up : weight < 0m ? InsightDirection.Down : InsightDirection.Flat,
            weight: (double)Math.Abs(weight),
            tag: tag);

    private static (DateTime Time, decimal PerHour) FundingOf(HedgedInstrument instrument)
        => instrument.Account.IsPerpetual && instrument.Security.Cache.GetData<MarginInterestRate>() is { } rate
            ? (rate.EndTime, instrument.FundingPerHour)
            : default;

    private static decimal CapitalOf(HedgedInstrument instrument)
        => instrument.Account.IsPerpetual ? 1m / instrument.Account.Account.Definition.Leverage : 1m;

    private static decimal UnitPrice(HedgedInstrument instrument)
    {
        var quote = instrument.Quote;
        return instrument.UnitPrice((quote.Bid + quote.Ask) / 2m);
    }

    private static decimal BothWays(HedgedInstrument instrument, decimal units, HedgeSettings settings)
    {
        var contracts = instrument.Instrument.ContractsOf(units);
        return VenueChoice.Cost(instrument, contracts, settings) + VenueChoice.Cost(instrument, -contracts, settings);
    }

    private bool Usable(DeskInstrument instrument, DateTime utcNow) => instrument.FreshPrice(utcNow, _settings) is not null;

    private int ChooseLeg(DateTime utcNow)
    {
        var legs = Group.Desk.Legs;
        var (chosen, most) = (-1, 0m);
        for (var i = 0; i < legs.Count; i++)
        {
            var held = legs[i].Instrument.UnitsOf(Math.Abs(legs[i].Book.Held));
            (chosen, most) = held > most ? (i, held) : (chosen, most);
        }

        if (chosen >= 0)
        {
            return chosen;
        }

        var (first, best) = (-1, decimal.MaxValue);
        for (var i = 0; i < legs.Count; i++)
        {
            if (legs[i].Health.Orders != HealthState.Healthy || !Usable(legs[i], utcNow) || UnitPrice(Group.Legs[i]) <= 0m)
            {
                continue;
            }

            var rank = Group.Group.Split switch
            {
                HedgeSplit.Cost => BothWays(Group.Legs[i], Notional / UnitPrice(Group.Legs[i]), _settings with { FundingHorizon = TimeSpan.Zero }),
                HedgeSplit.Weights => -Group.Group.Weights[i],
                _ => i,
            };
            (first, best) = rank < best ? (i, rank) : (first, best);
        }

        return Math.Max(first, 0);
    }
}

/// <summary>Mean and standard deviation of what was seen over a time; in decimals, so that taking away what is old leaves next to no trace.</summary>
/// <param name="span">How long a value counts.</param>
public sealed class TimedWindow(TimeSpan span)
{
    private readonly Queue<(DateTime TimeUtc, decimal Value)> _values = new();
    private decimal _sum;
    private decimal _squares;

    /// <summary>How many values count.</summary>
    public int Count => _values.Count;

    /// <summary>Their mean; 0 without any.</summary>
    public decimal Mean => Count == 0 ? 0m : _sum / Count;

    /// <summary>Their standard deviation (of a sample); 0 below two.</summary>
    public decimal Deviation
        => Count < 2 ? 0m : (decimal)Math.Sqrt((double)Math.Max(0m, (_squares - (_sum * _sum / Count)) / (Count - 1)));

    /// <summary>Takes a value in, and lets those go that are as old as the span.</summary>
    public void Add(DateTime timeUtc, decimal value)
    {
        _values.Enqueue((timeUtc, value));
        _sum += value;
        _squares += value * value;
        while (_values.Peek().TimeUtc <= timeUtc - span)
        {
            var (_, old) = _values.Dequeue();
            _sum -= old;
            _squares -= old * old;
        }
    }
}
