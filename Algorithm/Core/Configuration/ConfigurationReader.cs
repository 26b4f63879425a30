#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Configuration;

/// <summary>Reads <see cref="HedgeConfiguration"/> from parameters and collects every error on the way.</summary>
internal sealed class ConfigurationReader(IReadOnlyDictionary<string, string> parameters, ScenarioHosts host) : ParameterReader(parameters, [])
{
    public ConfigurationResult Read()
    {
        if (Get("groups") is null)
        {
            Error("groups is missing: give a comma-separated list, for example BTC,ETH.");
        }

        var groups = ReadList("groups");
        var accounts = new AccountsReader(Parameters, Errors);
        var settings = new SettingsReader(Parameters, Errors);
        CheckNames(groups, accounts.Names);

        var configuration = new HedgeConfiguration
        {
            Strategy = ReadChoice("strategy", "inventory", HedgeConfiguration.KnownStrategies),
            From = ReadDay("from"),
            To = ReadDay("to"),
            Seed = ReadInteger("seed", 1),
            Strategies = settings.ReadStrategies(),
            ChurnPace = ReadPace(),
            StateFile = Get("state-file"),
            Resolution = ReadChoice("resolution", "minute", ["minute", "second"]),
            AccountCurrency = Get("account-currency") ?? "USDT",
            ConversionMarket = ReadChoice("conversion-market", "binance", Route.Known.Where(route => route.Kind == InstrumentKind.Spot).Select(route => route.Market).ToArray()),
            Accounts = [],
            Latency = ReadLatency(),
            AdverseMarks = ReadChoice("liquidation-marks", "close", ["close", "adverse"]) == "adverse",
            Settings = settings.Read(),
            Groups = groups.Select(name => ReadGroup(name, settings)).ToArray(),
        };
        if (configuration.From > configuration.To)
        {
            Error($"from {configuration.From:yyyy-MM-dd} is after to {configuration.To:yyyy-MM-dd}: swap them.");
        }

        CheckHedgesAreApart(configuration.Groups);
        settings.CheckLimits(configuration.Groups, configuration.Settings.Venues);
        configuration = configuration with
        {
            Accounts = accounts.Read(
                configuration.Instruments.Where(id => id != default).ToArray(),
                configuration.Conversions,
                groups),
        };
        configuration = configuration with
        {
            Health = ReadHealth(configuration),
            Transfers = ReadTransfers(configuration),
            TransferRoutes = ReadRoutes(configuration.Accounts),
            Losses = ReadLosses(),
        };
        configuration = configuration with { Scenario = ReadScenario(configuration) };
        return new ConfigurationResult(
            Errors.Count == 0 ? configuration : null,
            Errors,
            configuration.Instruments.Where(id => id != default).ToArray());
    }

    private Dictionary<string, HealthRules> ReadHealth(HedgeConfiguration configuration)
    {
        // Two bars: the newest is due, and the one before it may be late.
        var byDefault = configuration.Resolution == "second" ? TimeSpan.FromSeconds(2) : TimeSpan.FromMinutes(2);
        var health = new Dictionary<string, HealthRules>();
        foreach (var market in HedgeConfiguration.KnownMarkets)
        {
            var time = byDefault;
            if (Get($"{market}.fresh-for") is { } text && (!TryTime(text, out time) || time <= TimeSpan.Zero))
            {
                Error($"{market}.fresh-for '{text}' is not a positive time as hh:mm:ss: how old the newest data of {market} may be, by default two bars, {byDefault:c}.");
            }

            health.Add(market, new HealthRules { FreshFor = time });
        }

        return health;
    }

    private TransferSettings? ReadTransfers(HedgeConfiguration configuration)
    {
        var isOn = ReadChoice("transfers", "on", ["on", "off"]) == "on";
        var defaults = new TransferSettings();
        var target = ReadNumber(
            "transfer-target",
            Math.Max(defaults.TargetDistance, configuration.Settings.WarnDistance + (2m * configuration.Settings.DistanceHysteresis)),
            0m,
            "0 or more, a distance to liquidation as a fraction");
        var settings = defaults with
        {
            TargetDistance = target,
            UpperDistance = ReadNumber("transfer-upper", Math.Max(defaults.UpperDistance, 2m * target), 0m, "0 or more, a distance to liquidation as a fraction"),
            DailyCap = Get("transfer-cap") is null ? null : ReadNumber("transfer-cap", 0m, 0m, "0 or more, in the account currency: the most that leaves an account's venue in a day"),
        };
        foreach (var error in isOn && Errors.Count == 0 && configuration.Accounts.Count > 0 ? settings.Check(configuration.Settings, configuration.Accounts) : [])
        {
            Error(error);
        }

        return isOn ? settings : null;
    }

    private List<TransferRoute> ReadRoutes(IReadOnlyList<AccountDefinition> accounts)
    {
        var routes = new List<TransferRoute>();
        foreach (var text in ReadList("transfer-routes"))
        {
            if (TryRoute(text) is not { } route)
            {
                Error($"transfer-routes '{text}' is not FROM>TO:CURRENCY=TIME/FEE/MINIMUM, for example binance-spot>bybit:USDT=00:20:00/1/10.");
            }
            else if (route.Check(accounts) is { } error)
            {
                Error(error);
            }
            else
            {
                routes.Add(route);
            }
        }

        return routes;

        static TransferRoute? TryRoute(string text)
        {
            var parts = text.Split('>', ':', '=');
            var figures = text[(text.IndexOf('=') + 1)..].Split('/');
            return parts.Length >= 4 && figures.Length == 3 && TryTime(figures[0], out var time) && TryDecimal(figures[1], out var fee) && TryDecimal(figures[2], out var minimum)
                ? new TransferRoute(parts[0], parts[1], parts[2], time, fee, minimum)
                : null;
        }
    }

    private LossSettings ReadLosses()
    {
        var recoveries = new Dictionary<string, decimal>();
        foreach (var market in HedgeConfiguration.KnownMarkets.Where(market => Get($"{market}.recovery") is not null))
        {
            recoveries.Add(market, ReadNumber($"{market}.recovery", 0m, value => value is >= 0m and <= 1m, "0 to 1, the share of a claim that a failed venue pays"));
        }

        return new LossSettings
        {
            Recovery = ReadNumber("recovery", 0m, value => value is >= 0m and <= 1m, "0 to 1, the share of a claim that a failed venue pays"),
            Recoveries = recoveries,
            Gap = ReadNumber("gap", 0.01m, value => value is >= 0m and <= 1m, "0 to 1, by how much prices move until a lost hedge is restored"),
        };
    }

    private TimeSpan ReadPace()
    {
        var pace = ReadTime("churn-pace", TimeSpan.FromMinutes(1));
        if (pace >= TimeSpan.FromSeconds(1) && pace <= TimeSpan.FromMinutes(1))
        {
            return pace;
        }

        Error($"churn-pace {pace:c} is not from 00:00:01 to 00:01:00: it is how long a minute of the strategy takes.");
        return TimeSpan.FromMinutes(1);
    }

    private Scenario ReadScenario(HedgeConfiguration configuration)
    {
        if (Get("scenario") is not { } json)
        {
            return Scenario.None;
        }

        var (scenario, errors) = ScenarioReader.Read("scenario", json);
        foreach (var error in errors)
        {
            Error(error);
        }

        // Against a run that is itself wrong nothing can be checked.
        if (scenario is null || Errors.Count > 0)
        {
            return Scenario.None;
        }

        var frame = ScenarioFrame.Of(
            configuration.From,
            configuration.To.AddDays(1),
            configuration.Accounts,
            configuration.Instruments,
            configuration.Conversions,
            configuration.AccountCurrency,
            host);
        foreach (var error in ScenarioCheck.Run(scenario, frame))
        {
            Error(error);
        }

        return scenario;
    }

    private void CheckNames(IReadOnlyList<string> groups, IReadOnlyList<string> accounts)
    {
        var markets = HedgeConfiguration.KnownMarkets;
        foreach (var name in Parameters.Keys.Order(StringComparer.Ordinal))
        {
            var dot = name.LastIndexOf('.');
            var isGroups = dot > 0 && groups.Contains(name[..dot]) && HedgeConfiguration.GroupParameters.Contains(name[(dot + 1)..]);
            var isAccounts = dot > 0 && accounts.Contains(name[..dot]) && HedgeConfiguration.AccountParameters.Contains(name[(dot + 1)..]);
            var isVenues = dot > 0 && markets.Contains(name[..dot]) && HedgeConfiguration.VenueParameters.Contains(name[(dot + 1)..]);
            if (!isGroups && !isAccounts && !isVenues && !HedgeConfiguration.KnownParameters.Contains(name))
            {
                var known = HedgeConfiguration.KnownParameters
                    .Append($"GROUP.{string.Join('|', HedgeConfiguration.GroupParameters)} with GROUP of {string.Join(", ", groups)}")
                    .Append($"ACCOUNT.{string.Join('|', HedgeConfiguration.AccountParameters)} with ACCOUNT of {string.Join(", ", accounts)}")
                    .Append($"VENUE.{string.Join('|', HedgeConfiguration.VenueParameters)} with VENUE of {string.Join(", ", markets)}");
                Error($"parameter '{name}' is unknown: use one of {string.Join(", ", known)}.");
            }
        }

        foreach (var twice in groups.GroupBy(name => name).Where(same => same.Count() > 1))
        {
            Error($"groups names '{twice.Key}' {twice.Count()} times: name each underlying once.");
        }

        foreach (var market in groups.Distinct().Where(markets.Contains))
        {
            Error($"groups names '{market}', which is a venue: name the underlying, for example BTC.");
        }
    }

    private GroupConfiguration ReadGroup(string name, SettingsReader settings)
    {
        var errors = Errors.Count;
        var primary = ReadInstrument($"{name}.primary", Get($"{name}.primary"), "binance:spot:BTCUSDT");
        var hedges = new List<InstrumentId>();
        foreach (var text in ReadList($"{name}.hedges"))
        {
            if (ReadInstrument($"{name}.hedges", text, "bybit:perpetual:BTCUSDT") is { } hedge)
            {
                hedges.Add(hedge);
            }
        }

        if (Get($"{name}.hedges") is null)
        {
            Error($"group {name} has no hedge leg: set {name}.hedges, for example to bybit:perpetual:{name}USDT.");
        }

        if (primary is { } known && hedges.Contains(known))
        {
            Error($"group {name} hedges {known} with itself: choose another instrument in {name}.hedges.");
        }

        foreach (var twice in hedges.GroupBy(hedge => hedge).Where(same => same.Count() > 1))
        {
            Error($"{name}.hedges names {twice.Key} {twice.Count()} times: name each leg once.");
        }

        var isWhole = Errors.Count == errors;
        var units = ReadUnits(name);
        foreach (var instrument in hedges.Concat(primary is { } id ? [id] : Array.Empty<InstrumentId>()).Distinct())
        {
            CheckUnderlying(name, instrument, units);
        }

        var group = new GroupConfiguration(
            name,
            primary ?? default,
            hedges,
            ReadNumber($"{name}.ratio", 1m, 0m, "0 or more"),
            ReadNumber($"{name}.band", 0m, 0m, $"0 or more, in {name}"),
            ReadNumber($"{name}.notional", 10_000m, 0m, "0 or more, in the account currency"),
            units);
        return settings.ReadGroup(group, isWhole);
    }

    private InstrumentId? ReadInstrument(string parameter, string? text, string example)
    {
        if (text is null)
        {
            Error($"{parameter} is missing: set it to market:kind:ticker, for example {example}.");
            return null;
        }

        if (!InstrumentId.TryParse(text, out var id))
        {
            Error($"{parameter} '{text}' is not market:kind:ticker with kind spot or perpetual, for example {example}.");
            return null;
        }

        var quote = Route.LinearQuotes.FirstOrDefault(currency => id.Ticker.EndsWith(currency, StringComparison.Ordinal));
        if (id.Route.Kind == InstrumentKind.InversePerpetual || (id.Route.Kind == InstrumentKind.LinearPerpetual && id.Route.IsKnown && quote is null))
        {
            Error($"{parameter} {id} is an inverse contract: LEAN books its profit with the wrong sign, so it is refused; use a linear perpetual quoted in {string.Join(", ", Route.LinearQuotes)}.");
            return null;
        }

        if (!id.Route.IsKnown)
        {
            Error($"{parameter} {id}: no venue serves the route {id.Route}; known routes are {Route.KnownNames}.");
            return null;
        }

        return id;
    }

    /// <summary>All legs of a group share its underlying; a ticker such as 1000PEPEUSDT counts as PEPE only with its units declared.</summary>
    private void CheckUnderlying(string group, InstrumentId instrument, IReadOnlyDictionary<InstrumentId, decimal> units)
    {
        if (units.ContainsKey(instrument) || instrument.Ticker.StartsWith(group, StringComparison.Ordinal))
        {
            return;
        }

        var at = instrument.Ticker.IndexOf(group, StringComparison.Ordinal);
        var prefix = at > 0 ? instrument.Ticker[..at] : "";
        if (prefix is "K" or "1M" || (prefix.Length > 0 && prefix.All(char.IsAsciiDigit)))
        {
            Error($"group {group}: {instrument} has the multiplier prefix '{prefix}': declare its units per contract, as in {group}.units = {instrument}=1000.");
        }
        else
        {
            Error($"group {group}: {instrument} has another underlying: every leg of a group is of the group's underlying.");
        }
    }

    private Dictionary<InstrumentId, decimal> ReadUnits(string group)
    {
        var units = new Dictionary<InstrumentId, decimal>();
        foreach (var text in ReadList($"{group}.units"))
        {
            var equals = text.LastIndexOf('=');
            if (equals > 0 && InstrumentId.TryParse(text[..equals], out var id) && TryDecimal(text[(equals + 1)..], out var value) && value > 0m)
            {
                units[id] = value;
            }
            else
            {
                Error($"{group}.units '{text}' is not market:kind:ticker=UNITS with positive units, for example bybit:perpetual:1000{group}USDT=1000.");
            }
        }

        return units;
    }

    /// <summary>A hedge leg belongs to one group and is nobody's primary: two deciders on one position would fight.</summary>
    private void CheckHedgesAreApart(IReadOnlyList<GroupConfiguration> groups)
    {
        foreach (var shared in groups.SelectMany(group => group.Hedges.Prepend(group.Primary).Distinct().Select(id => (Id: id, group.Name)))
            .Where(use => use.Id != default)
            .GroupBy(use => use.Id)
            .Where(uses => uses.Count() > 1))
        {
            Error($"{shared.Key} is used by the groups {string.Join(" and ", shared.Select(use => use.Name))}: an instrument belongs to one group.");
        }
    }

    private DateTime ReadDay(string name)
    {
        var text = Get(name);
        if (DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var day))
        {
            return day;
        }

        Error(text is null ? $"{name} is missing: give a day as yyyy-MM-dd (UTC)." : $"{name} '{text}' is not a day as yyyy-MM-dd (UTC).");
        return default;
    }

    private Latency ReadLatency()
    {
        var text = Get("latency") ?? Latency.Venue.Text;
        if (text == Latency.Venue.Text || text == Latency.None.Text)
        {
            return text == Latency.None.Text ? Latency.None : Latency.Venue;
        }

        if (TryTime(text, out var delay) && delay >= TimeSpan.Zero)
        {
            return Latency.Of(delay);
        }

        Error($"latency '{text}' is not none, venue or a time of 0 or more as hh:mm:ss.fff, for example 00:00:00.100.");
        return Latency.Venue;
    }
}

/// <summary>Reads values out of flat text parameters; what is wrong with one is added to the errors, and its default stands in.</summary>
internal abstract class ParameterReader(IReadOnlyDictionary<string, string> parameters, List<string> errors)
{
    protected IReadOnlyDictionary<string, string> Parameters { get; } = parameters;

    protected List<string> Errors { get; } = errors;

    protected static bool TryDecimal(string text, out decimal value)
        => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);

    protected void Error(string message) => Errors.Add(message);

    protected string? Get(string name) => Parameters.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    protected string[] ReadList(string name) => Get(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    protected string ReadChoice(string name, string byDefault, IReadOnlyList<string> choices)
    {
        var value = Get(name) ?? byDefault;
        if (!choices.Contains(value))
        {
            Error($"{name} '{value}' is unknown: use one of {string.Join(", ", choices.Distinct())}.");
        }

        return value;
    }

    protected int ReadInteger(string name, int byDefault, int least = int.MinValue)
    {
        if (Get(name) is not { } text)
        {
            return byDefault;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least)
        {
            return value;
        }

        Error($"{name} '{text}' is not a whole number{(least > int.MinValue ? FormattableString.Invariant($" of {least} or more") : "")}.");
        return byDefault;
    }

    protected decimal ReadNumber(string name, decimal byDefault, decimal least, string what)
        => ReadNumber(name, byDefault, value => value >= least, what);

    protected decimal ReadNumber(string name, decimal byDefault, Func<decimal, bool> isGood, string what)
    {
        if (Get(name) is not { } text)
        {
            return byDefault;
        }

        if (TryDecimal(text, out var value) && isGood(value))
        {
            return value;
        }

        Error($"{name} '{text}' must be a number of {what}.");
        return byDefault;
    }

    protected TimeSpan ReadTime(string name, TimeSpan byDefault)
    {
        if (Get(name) is not { } text)
        {
            return byDefault;
        }

        if (TryTime(text, out var time) && time >= TimeSpan.Zero)
        {
            return time;
        }

        Error($"{name} '{text}' is not a time of 0 or more as hh:mm:ss.fff, for example 00:00:00.050.");
        return byDefault;
    }

    /// <summary>A bare number is no time: it would be read as days.</summary>
    protected static bool TryTime(string text, out TimeSpan time)
    {
        time = default;
        return text.Contains(':') && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out time);
    }
}
