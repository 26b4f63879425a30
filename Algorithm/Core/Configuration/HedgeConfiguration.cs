#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Configuration;

/// <summary>
/// What a run is made of, read from flat text parameters: LEAN's own form, so that the LEAN CLI, the cloud and the
/// optimiser can set each of them.
/// </summary>
public sealed record HedgeConfiguration
{
    /// <summary>Every parameter with what it means: the source of the lists below and of docs/configuration.md.</summary>
    public static IReadOnlyList<ParameterDescription> Parameters { get; } = ParameterTable.Create();

    /// <summary>
    /// The parameters that stand alone; the others are <c>GROUP.name</c>, <c>ACCOUNT.name</c> or <c>VENUE.name</c> with a
    /// name of <see cref="GroupParameters"/>, <see cref="AccountParameters"/> or <see cref="VenueParameters"/>.
    /// </summary>
    public static IReadOnlyList<string> KnownParameters { get; } = NamesOf(ParameterOwner.Run);

    /// <summary>The parameters of each account.</summary>
    public static IReadOnlyList<string> AccountParameters { get; } = NamesOf(ParameterOwner.Account);

    /// <summary>The parameters of each venue, by its market; none is also an account's, because a market and an account may share a name.</summary>
    public static IReadOnlyList<string> VenueParameters { get; } = NamesOf(ParameterOwner.Venue);

    /// <summary>The markets for which <see cref="VenueParameters"/> may stand.</summary>
    public static IReadOnlyList<string> KnownMarkets { get; } = Route.Known.Select(route => route.Market).Distinct().ToArray();

    /// <summary>The parameters of each group.</summary>
    public static IReadOnlyList<string> GroupParameters { get; } = NamesOf(ParameterOwner.Group);

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

    private static string[] NamesOf(ParameterOwner owner)
        => Parameters.Where(parameter => parameter.Owner == owner).Select(parameter => parameter.Name).ToArray();
}

/// <summary>What a parameter is set for.</summary>
public enum ParameterOwner
{
    /// <summary>The run as a whole: the parameter stands alone.</summary>
    Run,

    /// <summary>A group, by its underlying.</summary>
    Group,

    /// <summary>A venue, by its market.</summary>
    Venue,

    /// <summary>An account, by its name.</summary>
    Account,
}

/// <summary>A parameter as the reference tells it.</summary>
/// <param name="Owner">What it is set for.</param>
/// <param name="Topic">Under which heading it stands.</param>
/// <param name="Name">Its name; after a dot where the owner is not the run.</param>
/// <param name="Meaning">What it does, with its unit and what it takes.</param>
/// <param name="Default">The text that says the same as leaving it out; null where there is none.</param>
public sealed record ParameterDescription(ParameterOwner Owner, string Topic, string Name, string Meaning, string? Default = null)
{
    /// <summary>As it is written: <c>ratio</c> of a group is <c>GROUP.ratio</c>.</summary>
    public string FullName => Owner == ParameterOwner.Run ? Name : $"{Owner.ToString().ToUpperInvariant()}.{Name}";
}

/// <summary>Every parameter. Defaults are read from the settings that have them.</summary>
internal static class ParameterTable
{
    public static ParameterDescription[] Create() => [.. Run(), .. Groups(), .. Venues(), .. Accounts(), .. Hedging(), .. Distances(), .. Transfers(), .. Strategies()];

    private static IEnumerable<ParameterDescription> Run()
    {
        const string Topic = "The run";
        yield return Of(Topic, "strategy", "What chooses the primaries: `inventory`, `carry`, `convergence` or `churn` (strategies.md).", "inventory");
        yield return Of(Topic, "from", "First day, UTC, `yyyy-MM-dd`.");
        yield return Of(Topic, "to", "Last day, UTC, inclusive.");
        yield return Of(Topic, "groups", "The underlyings, as in `BTC,ETH`. Each has parameters of its own, `BTC.primary` and so on.");
        yield return Of(Topic, "resolution", "`minute` or `second`. In live `second`: the decision is taken at each slice, and LEAN makes one each second.", "minute");
        yield return Of(Topic, "seed", "Seed of whatever a strategy draws, a whole number.", "1");
        yield return Of(Topic, "account-currency", "The currency of equity and of all figures.", "USDT");
        yield return Of(Topic, "conversion-market", "The market whose spot prices convert coins to the account currency; it also decides which stable coins are pegged.", "binance");
        yield return Of(Topic, "accounts", "The accounts and the routes that they serve, as in `desk=bybit:spot+bybit:perpetual`; by default those of accounts.md.");
        yield return Of(Topic, "cash", "The sum of the opening balances over all accounts, as in `USDT:300000,BUSD:300000`, checked if given; alone it suffices where one account is traded.");
        yield return Of(Topic, "latency", "How late orders meet the market: `venue` (each account's own), `none`, or a time for all, as in `00:00:00.100`.", Latency.Venue.Text);
        yield return Of(Topic, "liquidation-marks", "`close`, or `adverse`: liquidation is also looked for at all lows, then at all highs, of each bar.", "close");
        yield return Of(Topic, "scenario", "What goes wrong, as JSON text; the launcher's `--scenario` reads it from files (scenarios.md).");
        yield return Of(Topic, "recovery", "Loss given default: the share of a claim that a failed venue pays, 0 to 1.", Text.Decimal(new LossSettings().Recovery));
        yield return Of(Topic, "gap", "Loss given default: by how much prices move until a lost hedge is restored, 0 to 1.", Text.Decimal(new LossSettings().Gap));
        yield return Of(Topic, "state-file", "Live: a JSON file, replaced as a whole every 10 s, with what the command `status` tells.");
    }

    private static IEnumerable<ParameterDescription> Groups()
    {
        const string Topic = "Of each group";
        yield return Of("primary", "What the strategy trades, as `market:kind:ticker`, kind `spot` or `perpetual`.");
        yield return Of("hedges", "The hedge legs in order of preference, with commas.");
        yield return Of("ratio", "Units hedged per unit held, 0 or more; 1 is delta neutral.", "1");
        yield return Of("band", "Under-hedge that is left alone, in units of the underlying; an over-hedge is never left.", "0");
        yield return Of("notional", "What the sample strategies hold at full weight, in the account currency.", "10000");
        yield return Of("units", "Units of the underlying per contract of a prefixed ticker, as in `bybit:perpetual:1000PEPEUSDT=1000`.");
        yield return Of("split", "How several legs share the hedge: `preference`, `weights`, or `cost` (the cheapest first).", "preference");
        yield return Of("weights", "With `weights`: each leg's share, sum exactly 1, as in `bybit:perpetual:BTCUSDT=0.6,binance:perpetual:BTCUSDT=0.4`.");
        yield return Of("pair-order", "When the hedge is sent: `primary-first`, `together`, or `hardest-first`.", "primary-first");
        yield return Of("maker", "`true`: a hedge first rests at our side of the book.", "false");
        yield return Of("keep", "`true`: the primary is never reduced by us.", "false");
        yield return Of("max-exposure", "Most that the primary may be worth, in the account currency; no limit unless set.");
        yield return Of("max-naked", "Most that the residual may be worth, in the account currency; beyond it nothing is raised. No limit unless set.");
        yield return Of("max-naked-time", "How long a residual may be outside its band before nothing is raised, `hh:mm:ss`. No limit unless set.");

        static ParameterDescription Of(string name, string meaning, string? byDefault = null) => new(ParameterOwner.Group, Topic, name, meaning, byDefault);
    }

    private static IEnumerable<ParameterDescription> Venues()
    {
        const string Topic = "Of each venue, by its market";
        yield return Of("max-exposure", "Most that all positions there may be worth, in the account currency; no limit unless set.");
        yield return Of("max-naked", "Most that the residuals of the groups whose primary is there may be worth together, in the account currency; no limit unless set.");
        yield return Of("max-naked-time", "How long one of these residuals may be outside its band before nothing is raised, `hh:mm:ss`; no limit unless set.");
        yield return Of("fresh-for", "How old the venue's newest data may be before it takes exits only, `hh:mm:ss`; by default two bars.");
        yield return Of("recovery", "As `recovery`, of this venue.");

        static ParameterDescription Of(string name, string meaning) => new(ParameterOwner.Venue, Topic, name, meaning);
    }

    private static IEnumerable<ParameterDescription> Accounts()
    {
        const string Topic = "Of each account";
        yield return Of("cash", "Opening balances, as in `USDT:300000,BUSD:300000`.");
        yield return Of("excluded", "Coins among them that are no part of the book, as in `BTC:2`: never counted, never sold. Coins of a group's underlying are refused without it.");
        yield return Of("leverage", "Of initial margin, 1 or more; never more than the venue's bracket grants.", Text.Decimal(AccountDefaults.All().First().Leverage));
        yield return Of("profile", "Margin brackets, funding schedule, liquidation fee, collateral and latency: " + string.Join(", ", VenueProfiles.KnownNames.Select(name => $"`{name}`")) + ". By default that of the account's routes.");
        yield return Of("tiers", "Own margin brackets, as in `BTCUSDT=50000:0.004:125/250000:0.005:100` (cap in the settlement currency, maintenance rate, leverage); an instrument without any is refused.");
        yield return Of("fallback-tiers", "The same for every instrument without its own, as in `250000:0.005:100`.");
        yield return Of("collateral", "What share of a currency's value counts in an account that pools it, 0 to 1, as in `USDC:1`; else the profile's.");
        yield return Of("spot-fees", "`MAKER/TAKER` as fractions, or by 30-day volume `0.0002/0.0004,1000000:0.00015/0.0003`; LEAN's own unless set.");
        yield return Of("perpetual-fees", "The same of perpetuals.");
        yield return Of("funding", "The funding interval, as in `08:00:00`, or from a time on, as in `BTCUSDT@2025-05-02T08:00=04:00:00`; else the profile's.");
        yield return Of("order-latency", "From decision to venue, as `00:00:00.050`; else the profile's.");
        yield return Of("data-delay", "From venue to decision, as `00:00:00.050`; else the profile's.");
        yield return Of("buffer", "Kept back from what is withdrawable, in the settlement currency.", "0");

        static ParameterDescription Of(string name, string meaning, string? byDefault = null) => new(ParameterOwner.Account, Topic, name, meaning, byDefault);
    }

    private static IEnumerable<ParameterDescription> Hedging()
    {
        const string Topic = "The hedge of every group";
        var settings = new HedgeSettings();
        yield return Of(Topic, "price-max-age", "An older price is not sized on.", settings.PriceMaxAge);
        yield return Of(Topic, "max-spread", "A wider book is not sized on: a fraction of its mean price.", settings.MaxSpread);
        yield return Of(Topic, "backoff", "Pause of a leg after its venue refused an order that adds.", settings.Backoff);
        yield return Of(Topic, "exit-backoff", "Pause of an exit after a refusal.", settings.ExitBackoff);
        yield return Of(Topic, "maker-patience", "The most that a resting hedge gets before it takes.", settings.MakerPatience);
        yield return Of(Topic, "maker-spread", "Patience is whole from this spread on, a fraction of the price.", settings.MakerSpread);
        yield return Of(Topic, "maker-notional", "Patience is whole up to this residual, in the settlement currency.", settings.MakerNotional);
        yield return Of(Topic, "unknown-after", "An order that was not answered for so long is unknown.", settings.UnknownAfter);
        yield return Of(Topic, "query-every", "How often an unknown order is asked about.", settings.QueryEvery);
        yield return Of(Topic, "unknown-limit", "An unknown order freezes its pair for at most so long; its worst case counts on.", settings.UnknownLimit);
        yield return Of(Topic, "unwind-after", "A residual that no venue takes is ended, after so long, by reducing the primary.", settings.UnwindAfter);
        yield return Of(Topic, "return-after", "A venue that came back is preferred again after so long.", settings.ReturnAfter);
        yield return Of(Topic, "order-budget", "Orders per minute and venue, exits not counted; more halt the group.", settings.OrderBudget);
        yield return Of(Topic, "funding-horizon", "In a leg's cost funding counts up to so long.", settings.FundingHorizon);
        yield return Of(Topic, "latency-penalty", "In a leg's cost: a second of latency, as a fraction of the notional.", settings.LatencyPenalty);
        yield return Of(Topic, "concentration-warn", "Share of all loss given default at one venue from which on it is said.", settings.ConcentrationWarn);
        yield return Of(Topic, "concentration-limit", "Share from which on no primary is raised there.", settings.ConcentrationLimit);
    }

    private static IEnumerable<ParameterDescription> Distances()
    {
        const string Topic = "Distances to liquidation";
        var settings = new HedgeSettings();
        yield return Of(Topic, "warn-distance", "Below it is said, and collateral is asked for; headroom keeps it. A fraction of the price, as all of these.", settings.WarnDistance);
        yield return Of(Topic, "headroom-reserve", "Share of a leg's headroom that no hedge takes: prices move while an order travels.", settings.HeadroomReserve);
        yield return Of(Topic, "shrink-distance", "Below it both legs shrink.", settings.ShrinkDistance);
        yield return Of(Topic, "shrink-target", "Until this distance.", settings.ShrinkTarget);
        yield return Of(Topic, "exit-distance", "Below it the account takes exits only.", settings.ExitDistance);
        yield return Of(Topic, "distance-hysteresis", "By how much a distance must be better again; less than the room between any two of them.", settings.DistanceHysteresis);
    }

    private static IEnumerable<ParameterDescription> Transfers()
    {
        const string Topic = "Transfers between accounts";
        var settings = new TransferSettings();
        yield return Of(Topic, "transfers", "`on`: collateral moves to an account below the warning distance; `off`: never.", "on");
        yield return Of(Topic, "transfer-target", "The distance that a transfer restores and a donor keeps; by default at least the warning distance and twice the hysteresis.", settings.TargetDistance);
        yield return Of(Topic, "transfer-upper", "Beyond this distance collateral moves without a need; by default at least twice the target.", settings.UpperDistance);
        yield return Of(Topic, "transfer-cap", "Most that leaves an account's venue in a day, in the account currency; no cap unless set.");
        yield return Of(Topic, "transfer-routes", "Ways between accounts in place of the profiles' typical ones, as in `binance-spot>bybit:USDT=00:20:00/1/10` (time, fee, minimum).");
    }

    private static IEnumerable<ParameterDescription> Strategies()
    {
        const string Topic = "The strategies";
        var settings = new StrategySettings();
        yield return Of(Topic, "inventory-drift", "The held quantity is set anew when it is off the notional's by more, a fraction.", settings.InventoryDrift);
        yield return Of(Topic, "carry-horizon", "Expected funding counts up to so long.", settings.CarryHorizon);
        yield return Of(Topic, "carry-window", "Funding and basis are averaged over it.", settings.CarryWindow);
        yield return Of(Topic, "carry-confirm", "Funding payments in a row that must agree.", settings.CarryConfirm);
        yield return Of(Topic, "carry-exit", "Share of a round trip's cost that holding on must lose before it closes.", settings.CarryExit);
        yield return Of(Topic, "convergence-window", "The spread's mean and deviation are taken over it, 30 minutes or more.", settings.ConvergenceWindow);
        yield return Of(Topic, "convergence-timeout", "The longest that a pair is held.", settings.ConvergenceTimeout);
        yield return Of(Topic, "convergence-entry", "Standard deviations from the mean that open.", settings.ConvergenceEntry);
        yield return Of(Topic, "convergence-exit", "Standard deviations that count as back; below the entry.", settings.ConvergenceExit);
        yield return Of(Topic, "least-profit", "What must be left after all costs, a fraction of the notional.", settings.LeastProfit);
        yield return Of(Topic, "capital-cost", "What capital costs, a fraction a year.", settings.CapitalCost);
        yield return Of(Topic, "churn-pace", "How long a minute of `churn` takes, `00:00:01` to `00:01:00`.", TimeSpan.FromMinutes(1));
    }

    private static ParameterDescription Of(string topic, string name, string meaning, string? byDefault = null) => new(ParameterOwner.Run, topic, name, meaning, byDefault);

    private static ParameterDescription Of(string topic, string name, string meaning, decimal byDefault) => Of(topic, name, meaning, Text.Decimal(byDefault));

    private static ParameterDescription Of(string topic, string name, string meaning, TimeSpan byDefault) => Of(topic, name, meaning, byDefault.ToString("c"));
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
