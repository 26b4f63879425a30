#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Configuration;

/// <summary>
/// What a run is made of, read from flat text parameters: LEAN's own form, so that the LEAN CLI, the cloud and the
/// optimiser can set each of them.
/// </summary>
public sealed record HedgeConfiguration
{
    /// <summary>
    /// The parameters that stand alone; the others are <c>GROUP.name</c>, <c>ACCOUNT.name</c> or <c>VENUE.name</c> with a
    /// name of <see cref="GroupParameters"/>, <see cref="AccountParameters"/> or <see cref="VenueParameters"/>.
    /// </summary>
    public static IReadOnlyList<string> KnownParameters { get; } =
    [
        "strategy", "from", "to", "seed", "churn-pace", "state-file", "resolution", "account-currency", "conversion-market", "accounts", "cash", "latency",
        "liquidation-marks", "groups", "price-max-age", "max-spread", "backoff", "exit-backoff", "maker-patience", "maker-spread", "maker-notional",
        "unknown-after", "query-every", "unknown-limit", "unwind-after", "return-after", "order-budget", "funding-horizon", "latency-penalty",
        "concentration-warn", "concentration-limit", "warn-distance", "headroom-reserve", "shrink-distance", "shrink-target", "exit-distance", "distance-hysteresis",
        "scenario", "transfers", "transfer-target", "transfer-upper", "transfer-cap", "transfer-routes", "recovery", "gap",
        "inventory-drift", "carry-horizon", "carry-window", "carry-confirm", "carry-exit",
        "convergence-window", "convergence-entry", "convergence-exit", "convergence-timeout", "least-profit", "capital-cost",
    ];

    /// <summary>The parameters of each account.</summary>
    public static IReadOnlyList<string> AccountParameters { get; } =
    [
        "cash", "profile", "buffer", "leverage", "tiers", "fallback-tiers", "spot-fees", "perpetual-fees", "funding", "order-latency", "data-delay", "excluded", "collateral",
    ];

    /// <summary>The parameters of each venue, by its market; none is also an account's, because a market and an account may share a name.</summary>
    public static IReadOnlyList<string> VenueParameters { get; } = ["max-exposure", "max-naked", "max-naked-time", "fresh-for", "recovery"];

    /// <summary>The markets for which <see cref="VenueParameters"/> may stand.</summary>
    public static IReadOnlyList<string> KnownMarkets { get; } = Route.Known.Select(route => route.Market).Distinct().ToArray();

    /// <summary>The parameters of each group.</summary>
    public static IReadOnlyList<string> GroupParameters { get; } =
    [
        "primary", "hedges", "ratio", "band", "notional", "units", "split", "weights", "pair-order", "maker", "keep", "max-exposure", "max-naked", "max-naked-time",
    ];

    /// <summary>The strategies of the sample algorithm.</summary>
    public static IReadOnlyList<string> KnownStrategies { get; } = ["inventory", "carry", "convergence", "churn"];

    /// <summary>Which alpha runs.</summary>
    public required string Strategy { get; init; }

    /// <summary>First day, UTC.</summary>
    public required DateTime From { get; init; }

    /// <summary>Last day, UTC, inclusive.</summary>
    public required DateTime To { get; init; }

    /// <summary>Seed of whatever a strategy draws.</summary>
    public required int Seed { get; init; }

    /// <summary>What the strategies go by.</summary>
    public StrategySettings Strategies { get; init; } = new();

    /// <summary>How long a minute of the strategy <c>churn</c> takes; shorter where somebody watches it live.</summary>
    public TimeSpan ChurnPace { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The file that says in live how everything stands; null: none.</summary>
    public string? StateFile { get; init; }

    /// <summary><c>minute</c> or <c>second</c>.</summary>
    public required string Resolution { get; init; }

    /// <summary>The currency of equity and of all figures.</summary>
    public required string AccountCurrency { get; init; }

    /// <summary>The market whose spot prices convert coins to the account currency; it also decides which stable coins are pegged.</summary>
    public required string ConversionMarket { get; init; }

    /// <summary>The accounts with their opening balances: those that a route in use needs, and those that were configured.</summary>
    public required IReadOnlyList<AccountDefinition> Accounts { get; init; }

    /// <summary>How late orders meet the market.</summary>
    public required Latency Latency { get; init; }

    /// <summary>Whether liquidation is looked for at all lows and then all highs of a bar, besides its close.</summary>
    public required bool AdverseMarks { get; init; }

    /// <summary>What holds for every group, and the limits of venues.</summary>
    public required HedgeSettings Settings { get; init; }

    /// <summary>What goes wrong in the run.</summary>
    public Scenario Scenario { get; init; } = Scenario.None;

    /// <summary>When and how much collateral is moved between accounts; null: never.</summary>
    public TransferSettings? Transfers { get; init; }

    /// <summary>Routes that take the place of those of the venues' profiles.</summary>
    public IReadOnlyList<TransferRoute> TransferRoutes { get; init; } = [];

    /// <summary>What a failed venue leaves.</summary>
    public LossSettings Losses { get; init; } = new();

    /// <summary>When a venue counts as working badly, for every market at which something is traded.</summary>
    public IReadOnlyDictionary<string, HealthRules> Health { get; init; } = new Dictionary<string, HealthRules>();

    /// <summary>The hedge groups, in the order given.</summary>
    public required IReadOnlyList<GroupConfiguration> Groups { get; init; }

    /// <summary>Every instrument once, primaries and hedges in the order given.</summary>
    public IReadOnlyList<InstrumentId> Instruments
        => Groups.SelectMany(group => group.Hedges.Prepend(group.Primary)).Distinct().ToArray();

    /// <summary>
    /// Spot pairs subscribed only to convert an underlying to the account currency: one at the conversion market for
    /// each underlying that no configured spot instrument prices in that currency.
    /// </summary>
    public IReadOnlyList<InstrumentId> Conversions
    {
        get
        {
            var traded = Instruments;
            return Groups
                .Select(group => group.Name + AccountCurrency)
                .Where(ticker => !traded.Any(id => id.Route.Kind == InstrumentKind.Spot && id.Ticker == ticker))
                .Select(ticker => new InstrumentId(new Route(ConversionMarket, InstrumentKind.Spot), ticker))
                .ToArray();
        }
    }

    /// <summary>
    /// What a person should know before the run: traded accounts without money, margin brackets that are younger than
    /// the run, and limits of venues at which nothing is traded.
    /// </summary>
    public IReadOnlyList<string> Notices
    {
        get
        {
            var traded = Instruments;
            var poor = Accounts
                .Where(account => traded.Any(id => account.Routes.Contains(id.Route)) && account.Opening.All(entry => entry.Amount == 0m))
                .Select(account => $"{account.Name} opens without money: every order there that adds to a position will be refused; set {account.Name}.cash.");
            var young = Accounts
                .Where(account => traded.Any(id => id.Route.Kind == InstrumentKind.LinearPerpetual && account.Routes.Contains(id.Route)))
                .Where(account => DateOnly.FromDateTime(From) < account.Profile.AsOf)
                .Select(account => FormattableString.Invariant(
                    $"{account.Name}: the run starts on {From:yyyy-MM-dd}, and the margin brackets of {account.Profile.Name} are of {account.Profile.AsOf:yyyy-MM-dd}: the venue's own may have been others then."));
            var idle = Settings.Venues.Keys
                .Where(market => !traded.Any(id => id.Route.Market == market))
                .Order(StringComparer.Ordinal)
                .Select(market => $"{market} has limits ({string.Join(", ", VenueParameters.Select(parameter => $"{market}.{parameter}"))}) and no instrument of a group: they limit nothing.");
            return poor.Concat(young).Concat(idle).ToArray();
        }
    }

    /// <summary>Reads the parameters. No I/O: whether a symbol or its data exist is checked where they are.</summary>
    /// <param name="parameters">Names are case-sensitive, as in LEAN.</param>
    /// <param name="host">Who will play the scenario.</param>
    public static ConfigurationResult Parse(IReadOnlyDictionary<string, string> parameters, ScenarioHosts host = ScenarioHosts.Models)
        => new ConfigurationReader(parameters, host).Read();
}

/// <summary>What the shipped strategies go by. Fractions are of the notional of one leg; the defaults are ours.</summary>
public sealed record StrategySettings
{
    /// <summary>Inventory: by how much the quantity worth the notional may differ from the one that is held, as a fraction of it.</summary>
    public decimal InventoryDrift { get; init; } = 0.1m;

    /// <summary>Carry: how long a pair is meant to be held; expected funding counts up to it.</summary>
    public TimeSpan CarryHorizon { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Carry: the time over which funding payments and basis are averaged.</summary>
    public TimeSpan CarryWindow { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Carry: funding payments in a row that must agree before the pair is opened or closed.</summary>
    public int CarryConfirm { get; init; } = 3;

    /// <summary>Carry: the share of the round trip's cost that holding on must lose before the pair is closed.</summary>
    public decimal CarryExit { get; init; } = 0.5m;

    /// <summary>Convergence: the time over which the spread's mean and standard deviation are taken.</summary>
    public TimeSpan ConvergenceWindow { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Convergence: standard deviations from the mean from which on the spread is traded.</summary>
    public decimal ConvergenceEntry { get; init; } = 3m;

    /// <summary>Convergence: standard deviations from the mean at which it has reverted; below the entry.</summary>
    public decimal ConvergenceExit { get; init; } = 0.5m;

    /// <summary>Convergence: the longest that a pair is held.</summary>
    public TimeSpan ConvergenceTimeout { get; init; } = TimeSpan.FromHours(12);

    /// <summary>What must be left of the expected gain after all costs.</summary>
    public decimal LeastProfit { get; init; } = 0.0005m;

    /// <summary>What capital costs, a fraction a year.</summary>
    public decimal CapitalCost { get; init; } = 0.04m;
}

/// <summary>A configuration, or everything that is wrong with it.</summary>
/// <param name="Value">The configuration; null if there is any error.</param>
/// <param name="Errors">Every error, each with its remedy; empty if there is none.</param>
/// <param name="Instruments">Every instrument that was understood, also where something else is wrong.</param>
public sealed record ConfigurationResult(
    HedgeConfiguration? Value, IReadOnlyList<string> Errors, IReadOnlyList<InstrumentId> Instruments);

/// <summary>Everything that is wrong with a configuration, in one exception.</summary>
public sealed class HedgeConfigurationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="errors">Every error, each with its remedy; at least one.</param>
    public HedgeConfigurationException(IEnumerable<string> errors)
        : this(errors.ToArray())
    {
    }

    private HedgeConfigurationException(string[] errors)
        : base(string.Join(Environment.NewLine, errors))
        => Errors = errors;

    /// <summary>Every error, each with its remedy.</summary>
    public IReadOnlyList<string> Errors { get; }
}

/// <summary>One hedge group as configured.</summary>
/// <param name="Name">The underlying.</param>
/// <param name="Primary">What the strategy trades.</param>
/// <param name="Hedges">The hedge legs in order of preference.</param>
/// <param name="Ratio">Units hedged per unit of the primary.</param>
/// <param name="Band">Under-hedge that is left alone, units of the underlying.</param>
/// <param name="Notional">What the sample strategies hold of the primary at full weight, in the account currency.</param>
/// <param name="UnitsPerContract">Units of the underlying per contract of instruments whose ticker says so (1000PEPEUSDT = 1000); others are 1.</param>
public sealed record GroupConfiguration(
    string Name,
    InstrumentId Primary,
    IReadOnlyList<InstrumentId> Hedges,
    decimal Ratio,
    decimal Band,
    decimal Notional,
    IReadOnlyDictionary<InstrumentId, decimal> UnitsPerContract)
{
    /// <summary>How the hedge is divided over the legs.</summary>
    public HedgeSplit Split { get; init; } = HedgeSplit.Preference;

    /// <summary>For <see cref="HedgeSplit.Weights"/>: the share of each leg, in the order of <see cref="Hedges"/>; together 1. Else empty.</summary>
    public IReadOnlyList<decimal> Weights { get; init; } = [];

    /// <summary>When the hedge is sent.</summary>
    public PairOrder PairOrder { get; init; } = PairOrder.PrimaryFirst;

    /// <summary>Whether a hedge first rests at our side of the book, for a time, before it takes.</summary>
    public bool IsMakerFirst { get; init; }

    /// <summary>Whether the primary is never reduced by us: its hedge moves to another venue instead.</summary>
    public bool KeepsPrimary { get; init; }

    /// <summary>The group's limits.</summary>
    public ExposureLimits Limits { get; init; } = ExposureLimits.None;

    /// <summary>The group with its instruments as the venues trade them.</summary>
    /// <param name="instrumentOf">An instrument by its id.</param>
    public HedgeGroup ToGroup(Func<InstrumentId, Instrument> instrumentOf)
        => new(Name, instrumentOf(Primary), Hedges.Select(instrumentOf).ToArray(), Ratio, Band)
        {
            Split = Split,
            Weights = Weights,
            PairOrder = PairOrder,
            IsMakerFirst = IsMakerFirst,
            KeepsPrimary = KeepsPrimary,
            Limits = Limits,
        };
}
