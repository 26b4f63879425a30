using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.PaperExchange;
using CrossHedgeLean.Tests.Algorithm;
using CrossHedgeLean.Venues;
using QuantConnect;

namespace CrossHedgeLean.Tests.Missed;

/// <summary>A live run of the algorithm over a paper exchange in the same process: on LeanSim under a virtual clock, on LEAN by the clock.</summary>
internal abstract class MissedStage
{
    public static readonly InstrumentId Spot = Id("binance:spot:BTCUSDT");
    public static readonly InstrumentId Perpetual = Id("bybit:perpetual:BTCUSDT");

    /// <summary>The algorithm; at work from the first step on.</summary>
    public abstract CrossHedgeAlgorithm Algorithm { get; }

    /// <summary>What was said, also on other threads.</summary>
    public abstract IReadOnlyList<string> Said { get; }

    /// <summary>What stands between.</summary>
    public MissedNetwork Network { get; protected init; } = null!;

    /// <summary>Does something at the exchange, where everything happens one after another.</summary>
    public abstract T AtExchange<T>(Func<PaperVenues, T> ask);

    public void AtExchange(Action<PaperVenues> act) => AtExchange(venues =>
    {
        act(venues);
        return true;
    });

    /// <summary>A position at the exchange itself.</summary>
    public decimal At(InstrumentId id) => AtExchange(venues => venues.Ledger.Find(id)!.Quantity);

    /// <summary>What LEAN holds.</summary>
    public decimal InLean(InstrumentId id) => Algorithm.Portfolio[SymbolOf(id)].Quantity;

    /// <summary>LEAN's name of an instrument.</summary>
    public Symbol SymbolOf(InstrumentId id)
        => Algorithm.Securities.Keys.Single(symbol => symbol.Value == id.Ticker && symbol.ID.Market == id.Route.Market && (symbol.SecurityType == SecurityType.Crypto) == (id.Route.Kind == InstrumentKind.Spot));

    /// <summary>Somebody else trades there, and nobody is told.</summary>
    public void Trade(InstrumentId id, decimal quantity) => AtExchange(venues => Trade(venues, id, quantity));

    /// <summary>Somebody else trades there, and nobody is told.</summary>
    public static void Trade(PaperVenues venues, InstrumentId id, decimal quantity)
    {
        var position = venues.Ledger.Find(id)!;
        var isSpot = id.Route.Kind == InstrumentKind.Spot;
        venues.Ledger.Post(new FillEntry(venues.NowUtc, id, quantity, position.Mark, isSpot ? -quantity * position.Mark : 0m, isSpot ? quantity : 0m));
    }

    /// <summary>Where our books, LEAN's holdings and the exchange do not agree; empty: nowhere.</summary>
    public IReadOnlyList<string> Differences()
    {
        const decimal Lot = 0.001m;
        var differences = new List<string>();
        if (LiveDecision.Of((Ledger)Algorithm.Accounts!).DifferenceFrom(AtExchange(venues => LiveDecision.Of(venues.Ledger))) is { } difference)
        {
            differences.Add(difference);
        }

        foreach (var id in (InstrumentId[])[Spot, Perpetual])
        {
            // Of a coin LEAN is told by the lot: less is what fees in the coin leave.
            if (Math.Abs(InLean(id) - At(id)) >= Lot)
            {
                differences.Add(FormattableString.Invariant($"{id}: LEAN holds {InLean(id)}, the exchange {At(id)}"));
            }
        }

        return differences;
    }

    public static InstrumentId Id(string text) => InstrumentId.TryParse(text, out var id) ? id : throw new ArgumentException(text);
}
