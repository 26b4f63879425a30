#nullable enable
using System;
using System.Collections.Generic;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;
using QuantConnect.Algorithm;

namespace CrossHedgeLean.RealityModels;

/// <summary>
/// Plays a scenario on LEAN: what the venues do is done by their accounts and models, in the step in which it happens.
/// </summary>
internal sealed class SimulatedTrouble
{
    private readonly QCAlgorithm _algorithm;
    private readonly SimulatedAccounts _accounts;
    private readonly List<ScenarioChange> _changes = [];
    private readonly List<ScenarioChange> _played = [];
    private readonly Dictionary<InstrumentId, SeenQuotes> _seen = [];
    private DateTime _utcNow;

    public SimulatedTrouble(QCAlgorithm algorithm, SimulatedAccounts accounts, Scenario scenario)
    {
        _algorithm = algorithm;
        _accounts = accounts;
        Player = new ScenarioPlayer(scenario, algorithm.StartDate);
    }

    public ScenarioPlayer Player { get; }

    /// <summary>What began or ended so far, in its order.</summary>
    public IReadOnlyList<ScenarioChange> Played => _played;

    /// <summary>Told what began or ended, when the accounts know of it.</summary>
    public Action<ScenarioChange>? Changed { get; set; }

    /// <summary>An instrument whose quotes the decision reads.</summary>
    public void Watch(InstrumentId id, Func<Quote> live, Func<decimal?> distance) => _seen.Add(id, new SeenQuotes(live, distance));

    /// <summary>
    /// Goes on to a time, before marks and rates of it are known. Whoever comes first in a step calls it, funding, a fill or
    /// the decision, so that all of them meet the same market; a second call at one time changes nothing.
    /// </summary>
    public void Advance(DateTime utcNow)
    {
        if (utcNow == _utcNow)
        {
            return;
        }

        _utcNow = utcNow;
        Player.Advance(utcNow, _changes);
        foreach (var (id, quotes) in _seen)
        {
            quotes.Take(utcNow, Player.IsFrozen(id), Player.DataDelay(id.Route.Market), Player.PriceFactor(id));
        }
    }

    /// <summary>Does what happened at once, after marks and rates of the time are known.</summary>
    public void Happen()
    {
        foreach (var change in _changes)
        {
            var what = change.Event;
            switch (what.Kind)
            {
                case ScenarioKind.Insolvency:
                    Fail(what.Venue!, what.Size!.Value);
                    break;
                case ScenarioKind.ForcedLiquidation when change.Begins:
                    _accounts.Close(what.Instrument!.Value, what.Size!.Value, what.Price, SimulatedAccounts.LiquidationTag);
                    break;
                case ScenarioKind.AutoDeleveraging when change.Begins:
                    _accounts.Close(what.Instrument!.Value, what.Size!.Value, what.Price, SimulatedAccounts.DeleveragingTag);
                    break;
                case ScenarioKind.Delisting when !change.Begins:
                    _accounts.Close(what.Instrument!.Value, 1m, what.Price, SimulatedAccounts.DelistingTag);
                    break;
            }

            _played.Add(change);
            Changed?.Invoke(change);
        }

        _changes.Clear();
    }

    /// <summary>What is unusual about an instrument's market now.</summary>
    public MarketCondition MarketOf(InstrumentId id)
        => new(Player.IsClosed(id.Route.Market), Player.PriceFactor(id), Player.OrderDelay(id.Route.Market));

    /// <summary>What the decision sees of an instrument's book.</summary>
    public Quote Seen(InstrumentId id, in Quote live) => Player.IsQuiet || !_seen.TryGetValue(id, out var quotes) ? live : quotes.Shown;

    /// <summary>What the decision sees of an instrument's distance to liquidation.</summary>
    public decimal? Seen(InstrumentId id, decimal? live)
        => !Player.IsQuiet && Player.IsDown(id.Route.Market, Capability.Data) && _seen.TryGetValue(id, out var quotes) ? quotes.Distance : live;

    /// <summary>What the venue has against an order now; null: nothing.</summary>
    public string? Refusal(AccountPosition position, decimal quantity)
    {
        var id = position.Instrument.Id;
        var market = id.Route.Market;
        if (Player.IsQuiet)
        {
            return null;
        }

        var isExit = Math.Sign(quantity) == -Math.Sign(position.Quantity) && Math.Abs(quantity) <= Math.Abs(position.Quantity);
        return Player.IsInsolvent(market) ? $"{id}: {market} is insolvent; it takes no orders. Take it out of the groups."
            : Player.IsDown(market, Capability.Trade) ? $"{id}: {market} takes no orders now (scenario {Player.Scenario.Name}). Wait, or trade elsewhere."
            : Player.IsDelisted(id) && !isExit ? $"{id}: it is being delisted and takes exits only. Trade another instrument."
            : Player.Refuses(market) ? $"{id}: {market} refused the order (scenario {Player.Scenario.Name}). Try again."
            : null;
    }

    /// <summary>A venue fails: its positions vanish at the last mark, and of its money only the recovery is left.</summary>
    private void Fail(string market, decimal recovery)
    {
        foreach (var account in _accounts.Ledger.Accounts)
        {
            if (account.Definition.Market == market)
            {
                _accounts.Fail(account, 1m - recovery);
            }
        }
    }

    /// <summary>What of an instrument's book has reached us.</summary>
    private sealed class SeenQuotes(Func<Quote> live, Func<decimal?> distance)
    {
        private readonly Queue<Quote> _travelling = [];

        public Quote Shown { get; private set; }

        public decimal? Distance { get; private set; }

        public void Take(DateTime utcNow, bool isFrozen, TimeSpan delay, decimal factor)
        {
            var quote = live();
            if (isFrozen)
            {
                return;
            }

            Distance = distance();
            _travelling.Enqueue(quote with { Bid = quote.Bid * factor, Ask = quote.Ask * factor, Last = quote.Last * factor });
            while (_travelling.TryPeek(out var next) && next.TimeUtc + delay <= utcNow)
            {
                Shown = _travelling.Dequeue();
            }
        }
    }
}

/// <summary>What is unusual about a market.</summary>
/// <param name="IsClosed">Whether it stands still: nothing fills, no mark moves.</param>
/// <param name="PriceFactor">By what its prices are off, a factor.</param>
/// <param name="OrderDelay">How much later than usual orders meet it.</param>
internal readonly record struct MarketCondition(bool IsClosed, decimal PriceFactor, TimeSpan OrderDelay)
{
    public static MarketCondition Normal { get; } = new(false, 1m, TimeSpan.Zero);
}
