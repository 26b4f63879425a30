#nullable enable
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Accounts;

/// <summary>
/// One account at one venue: one login and its money, serving one or more routes. Binance spot and USDT futures are two
/// accounts; Bybit's unified account serves spot and linear perpetuals.
/// </summary>
/// <param name="Name">The account's name, unique, as in <c>binance-futures</c>.</param>
/// <param name="Routes">The routes that it serves, all of one market; a route belongs to one account.</param>
/// <param name="Profile">Margin, funding, collateral and latency rules.</param>
public sealed record AccountDefinition(string Name, IReadOnlyList<Route> Routes, VenueProfile Profile)
{
    /// <summary>Opening balances per currency; zero or positive.</summary>
    public IReadOnlyList<(string Currency, decimal Amount)> Opening { get; init; } = [];

    /// <summary>Coins among the opening balances that are no part of the book: never counted as a position, never sold. Zero or positive.</summary>
    public IReadOnlyList<(string Currency, decimal Amount)> Excluded { get; init; } = [];

    /// <summary>Kept back from what is withdrawable, in the settlement currency; zero or positive.</summary>
    public decimal Buffer { get; init; }

    /// <summary>Leverage of initial margin; at least 1. A bracket that grants less wins.</summary>
    public decimal Leverage { get; init; } = 3m;

    /// <summary>Fees of spot orders; null: the engine's own.</summary>
    public FeeSchedule? SpotFees { get; init; }

    /// <summary>Fees of perpetual orders; null: the engine's own.</summary>
    public FeeSchedule? PerpetualFees { get; init; }

    /// <summary>The market of all routes.</summary>
    public string Market => Routes[0].Market;

    /// <summary>The fees of a kind of instrument; null: the engine's own.</summary>
    public FeeSchedule? FeesOf(InstrumentKind kind) => kind == InstrumentKind.Spot ? SpotFees : PerpetualFees;
}

/// <summary>The accounts that a venue's customer has, unless a configuration says otherwise.</summary>
public static class AccountDefaults
{
    private static readonly (string Name, string Profile, Route[] Routes)[] Table =
    [
        ("binance-spot", "binance-spot", [new("binance", InstrumentKind.Spot)]),
        ("binance-futures", "binance-usdt-futures", [new("binance", InstrumentKind.LinearPerpetual)]),
        ("bybit", "bybit-unified", [new("bybit", InstrumentKind.Spot), new("bybit", InstrumentKind.LinearPerpetual)]),
        ("coinbase", "coinbase-spot", [new("coinbase", InstrumentKind.Spot)]),
        ("kraken", "kraken-spot", [new("kraken", InstrumentKind.Spot)]),
    ];

    /// <summary>The accounts that serve the given routes, without money, in the order of the venues' names.</summary>
    /// <param name="routes">Known routes.</param>
    public static IReadOnlyList<AccountDefinition> For(IEnumerable<Route> routes)
    {
        var wanted = routes.ToHashSet();
        return All().Where(account => account.Routes.Any(wanted.Contains)).ToArray();
    }

    /// <summary>All default accounts, without money.</summary>
    public static IEnumerable<AccountDefinition> All()
        => Table.Select(row => new AccountDefinition(row.Name, row.Routes, VenueProfiles.Find(row.Profile)!));
}
