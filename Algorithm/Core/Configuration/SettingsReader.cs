#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Configuration;

/// <summary>Reads how is hedged: what holds for every group, what holds for one, and the limits of groups and venues.</summary>
internal sealed class SettingsReader(IReadOnlyDictionary<string, string> parameters, List<string> errors) : ParameterReader(parameters, errors)
{
    /// <summary>No limit needs more, and a limit divided by the price of the cheapest coin stays a decimal.</summary>
    private const decimal MostMoney = 1_000_000_000_000_000m;

    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(366);
    private static readonly TimeSpan LeastWindow = TimeSpan.FromMinutes(30);

    /// <summary>Parameters whose text was refused: their defaults prove nothing about the others.</summary>
    private readonly HashSet<string> _refused = [];

    public HedgeSettings Read()
    {
        var defaults = new HedgeSettings();
        var settings = new HedgeSettings
        {
            PriceMaxAge = ReadPositiveTime("price-max-age", defaults.PriceMaxAge),
            MaxSpread = Read("max-spread", defaults.MaxSpread, value => value is > 0m and <= 1m, "more than 0 and at most 1, a fraction of the price"),
            Backoff = ReadPositiveTime("backoff", defaults.Backoff),
            ExitBackoff = ReadPositiveTime("exit-backoff", defaults.ExitBackoff),
            MakerPatience = ReadPositiveTime("maker-patience", defaults.MakerPatience),
            MakerSpread = Read("maker-spread", defaults.MakerSpread, value => value is >= 0m and <= 1m, "0 to 1, a fraction of the price"),
            MakerNotional = Read("maker-notional", defaults.MakerNotional, value => value is > 0m and <= MostMoney, $"more than 0 and at most {Text.Decimal(MostMoney)}, in the settlement currency"),
            UnknownAfter = ReadPositiveTime("unknown-after", defaults.UnknownAfter),
            QueryEvery = ReadPositiveTime("query-every", defaults.QueryEvery),
            UnknownLimit = ReadPositiveTime("unknown-limit", defaults.UnknownLimit),
            UnwindAfter = ReadPositiveTime("unwind-after", defaults.UnwindAfter),
            ReturnAfter = ReadPositiveTime("return-after", defaults.ReturnAfter),
            OrderBudget = ReadInteger("order-budget", defaults.OrderBudget, 1),
            FundingHorizon = ReadPositiveTime("funding-horizon", defaults.FundingHorizon, isZeroGood: true),
            LatencyPenalty = Read("latency-penalty", defaults.LatencyPenalty, value => value is >= 0m and <= 1m, "0 to 1, a fraction of the notional per second"),
            ConcentrationWarn = ReadShare("concentration-warn", defaults.ConcentrationWarn),
            ConcentrationLimit = ReadShare("concentration-limit", defaults.ConcentrationLimit),
            WarnDistance = ReadDistance("warn-distance", defaults.WarnDistance),
            HeadroomReserve = Read("headroom-reserve", defaults.HeadroomReserve, value => value is >= 0m and < 1m, "0 to less than 1, a fraction of the headroom"),
            ShrinkDistance = ReadDistance("shrink-distance", defaults.ShrinkDistance),
            ShrinkTarget = ReadDistance("shrink-target", defaults.ShrinkTarget),
            ExitDistance = ReadDistance("exit-distance", defaults.ExitDistance),
            DistanceHysteresis = ReadDistance("distance-hysteresis", defaults.DistanceHysteresis),
            Venues = HedgeConfiguration.KnownMarkets
                .Select(market => (Market: market, Limits: ReadLimits(market)))
                .Where(venue => venue.Limits != ExposureLimits.None)
                .ToDictionary(venue => venue.Market, venue => venue.Limits),
        };
        CheckShares(settings);
        CheckDistances(settings);
        return settings;
    }

    /// <summary>What the strategies go by.</summary>
    public StrategySettings ReadStrategies()
    {
        var defaults = new StrategySettings();
        var settings = new StrategySettings
        {
            InventoryDrift = Read("inventory-drift", defaults.InventoryDrift, value => value is > 0m and <= 1m, "more than 0 and at most 1, a fraction of what is held"),
            CarryHorizon = ReadPositiveTime("carry-horizon", defaults.CarryHorizon),
            CarryWindow = ReadPositiveTime("carry-window", defaults.CarryWindow),
            CarryConfirm = ReadInteger("carry-confirm", defaults.CarryConfirm, 1),
            CarryExit = Read("carry-exit", defaults.CarryExit, value => value is >= 0m and <= 10m, "0 to 10, a share of the round trip's cost"),
            ConvergenceWindow = ReadPositiveTime("convergence-window", defaults.ConvergenceWindow),
            ConvergenceEntry = Read("convergence-entry", defaults.ConvergenceEntry, value => value is > 0m and <= 100m, "more than 0 and at most 100, in standard deviations"),
            ConvergenceExit = Read("convergence-exit", defaults.ConvergenceExit, value => value is >= 0m and <= 100m, "0 to 100, in standard deviations"),
            ConvergenceTimeout = ReadPositiveTime("convergence-timeout", defaults.ConvergenceTimeout),
            LeastProfit = Read("least-profit", defaults.LeastProfit, value => value is >= 0m and <= 1m, "0 to 1, a fraction of the notional"),
            CapitalCost = Read("capital-cost", defaults.CapitalCost, value => value is >= 0m and <= 10m, "0 to 10, a fraction a year"),
        };
        if (settings.ConvergenceExit >= settings.ConvergenceEntry && !_refused.Contains("convergence-exit") && !_refused.Contains("convergence-entry"))
        {
            Error($"convergence-exit {Text.Decimal(settings.ConvergenceExit)} is not below convergence-entry {Text.Decimal(settings.ConvergenceEntry)}: what is opened must have some way to go; lower the first or raise the second.");
        }

        if (settings.ConvergenceWindow < LeastWindow)
        {
            Error($"convergence-window {settings.ConvergenceWindow:c} is below {LeastWindow:c}: the spread is looked at once a minute, and a standard deviation needs 30 looks.");
        }

        return settings;
    }

    /// <summary>Adds to a group how it is hedged.</summary>
    /// <param name="group">What it trades.</param>
    /// <param name="isWhole">Whether all its legs were understood; else weights cannot be held against them.</param>
    public GroupConfiguration ReadGroup(GroupConfiguration group, bool isWhole)
    {
        var name = group.Name;
        var split = ReadChoice($"{name}.split", "preference", ["preference", "weights", "cost"]);
        return group with
        {
            Split = split switch { "weights" => HedgeSplit.Weights, "cost" => HedgeSplit.Cost, _ => HedgeSplit.Preference },
            Weights = ReadWeights(group, split, isWhole),
            PairOrder = ReadChoice($"{name}.pair-order", "primary-first", ["primary-first", "together", "hardest-first"]) switch
            {
                "together" => PairOrder.Together,
                "hardest-first" => PairOrder.HardestFirst,
                _ => PairOrder.PrimaryFirst,
            },
            IsMakerFirst = ReadChoice($"{name}.maker", "false", ["true", "false"]) == "true",
            KeepsPrimary = ReadChoice($"{name}.keep", "false", ["true", "false"]) == "true",
            Limits = ReadLimits(name),
        };
    }

    /// <summary>No limit contradicts another one: of the same group or venue, or of the group and its primary's venue.</summary>
    public void CheckLimits(IReadOnlyList<GroupConfiguration> groups, IReadOnlyDictionary<string, ExposureLimits> venues)
    {
        foreach (var (market, limits) in venues.OrderBy(venue => venue.Key, StringComparer.Ordinal))
        {
            CheckNaked(market, limits.Naked, market, limits.Exposure);
        }

        foreach (var group in groups.DistinctBy(group => group.Name))
        {
            var limits = group.Limits;
            CheckNaked(group.Name, limits.Naked, group.Name, limits.Exposure);
            if (group.Primary == default || !venues.TryGetValue(group.Primary.Route.Market, out var venue))
            {
                continue;
            }

            var market = group.Primary.Route.Market;
            if (limits.Exposure > venue.Exposure)
            {
                Error($"{group.Name}.max-exposure {Text.Decimal(limits.Exposure.Value)} is above {market}.max-exposure {Text.Decimal(venue.Exposure.Value)}, the limit of its primary's venue, and could never be reached: lower the first or raise the second.");
            }

            if (limits.Naked > venue.Naked)
            {
                Error($"{group.Name}.max-naked {Text.Decimal(limits.Naked.Value)} is above {market}.max-naked {Text.Decimal(venue.Naked.Value)}, the limit of its primary's venue, and could never be reached: lower the first or raise the second.");
            }
            else if (limits.Exposure is null && venue.Naked is null)
            {
                CheckNaked(group.Name, limits.Naked, market, venue.Exposure);
            }

            if (limits.NakedTime > venue.NakedTime)
            {
                Error($"{group.Name}.max-naked-time {limits.NakedTime:c} is above {market}.max-naked-time {venue.NakedTime:c}, the limit of its primary's venue, and could never be reached: lower the first or raise the second.");
            }
        }
    }

    private void CheckNaked(string owner, decimal? naked, string exposed, decimal? exposure)
    {
        if (naked > exposure)
        {
            Error($"{owner}.max-naked {Text.Decimal(naked.Value)} is above {exposed}.max-exposure {Text.Decimal(exposure.Value)}: no more than the whole exposure can be naked; lower the first or raise the second.");
        }
    }

    private ExposureLimits ReadLimits(string owner)
        => new(ReadMoney($"{owner}.max-exposure"), ReadMoney($"{owner}.max-naked"), ReadNakedTime($"{owner}.max-naked-time"));

    private decimal? ReadMoney(string name)
    {
        var value = Read(name, 0m, value => value is > 0m and <= MostMoney, $"more than 0 and at most {Text.Decimal(MostMoney)}, in the account currency; leave it out for no limit");
        return value > 0m ? value : null;
    }

    private TimeSpan? ReadNakedTime(string name)
    {
        var time = ReadPositiveTime(name, TimeSpan.Zero);
        return time > TimeSpan.Zero ? time : null;
    }

    private decimal[] ReadWeights(GroupConfiguration group, string split, bool isWhole)
    {
        var name = $"{group.Name}.weights";
        var errors = Errors.Count;
        var weights = new Dictionary<InstrumentId, decimal>();
        foreach (var text in ReadList(name))
        {
            var equals = text.LastIndexOf('=');
            if (equals <= 0 || !InstrumentId.TryParse(text[..equals], out var id) || !TryDecimal(text[(equals + 1)..], out var weight) || weight is < 0m or > 1m)
            {
                Error($"{name} '{text}' is not market:kind:ticker=WEIGHT with a weight of 0 to 1, for example bybit:perpetual:{group.Name}USDT=0.6.");
            }
            else if (isWhole && !group.Hedges.Contains(id))
            {
                Error($"{name} '{text}': {id} is no hedge leg of the group: add it to {group.Name}.hedges, or take its weight away.");
            }
            else if (!weights.TryAdd(id, weight))
            {
                Error($"{name} names {id} twice: give each leg one weight.");
            }
        }

        if (split != "weights")
        {
            if (Get(name) is { } given && split is "preference" or "cost")
            {
                Error($"{name} '{given}' has no meaning while {group.Name}.split is {split}: set {group.Name}.split = weights, or leave the weights out.");
            }

            return [];
        }

        if (Get(name) is null)
        {
            Error($"{name} is missing and {group.Name}.split is weights: give each hedge leg its share, for example {Example(group)}.");
        }
        else if (isWhole && Errors.Count == errors)
        {
            foreach (var missing in group.Hedges.Where(hedge => !weights.ContainsKey(hedge)))
            {
                Error($"{name} '{Get(name)}' has no weight for {missing}: add {missing}=WEIGHT; 0 keeps the leg for what the others cannot take.");
            }

            if (Errors.Count == errors && weights.Values.Sum() != 1m)
            {
                Error($"{name} '{Get(name)}' adds up to {Text.Decimal(weights.Values.Sum())}: weights are shares of the whole, and their sum must be exactly 1.");
            }
        }

        return Errors.Count == errors && isWhole ? group.Hedges.Select(hedge => weights[hedge]).ToArray() : [];
    }

    private static string Example(GroupConfiguration group)
        => group.Hedges.Count == 0
            ? $"bybit:perpetual:{group.Name}USDT=1"
            : string.Join(',', group.Hedges.Select((hedge, i) => $"{hedge}={(i == 0 ? "1" : "0")}"));

    private void CheckShares(HedgeSettings settings)
    {
        if (settings.ConcentrationWarn > settings.ConcentrationLimit && !_refused.Contains("concentration-warn") && !_refused.Contains("concentration-limit"))
        {
            Error($"concentration-warn {Text.Decimal(settings.ConcentrationWarn)} is above concentration-limit {Text.Decimal(settings.ConcentrationLimit)}: it must be said before orders are refused; lower the first or raise the second.");
        }
    }

    /// <summary>Each distance lies below the next one, by more than the hysteresis: what begins at one ends before the next.</summary>
    private void CheckDistances(HedgeSettings settings)
    {
        (string Name, decimal Value)[] rungs =
        [
            ("exit-distance", settings.ExitDistance),
            ("shrink-distance", settings.ShrinkDistance),
            ("shrink-target", settings.ShrinkTarget),
            ("warn-distance", settings.WarnDistance),
        ];
        var gap = 1m;
        var where = "below 1";
        if (!_refused.Contains("warn-distance"))
        {
            gap = 1m - settings.WarnDistance;
            where = $"between warn-distance {Text.Decimal(settings.WarnDistance)} and 1";
        }

        for (var i = 1; i < rungs.Length; i++)
        {
            var (lower, upper) = (rungs[i - 1], rungs[i]);
            if (_refused.Contains(lower.Name) || _refused.Contains(upper.Name))
            {
                continue;
            }

            if (lower.Value >= upper.Value)
            {
                Error($"{lower.Name} {Text.Decimal(lower.Value)} is not below {upper.Name} {Text.Decimal(upper.Value)}: the distances must be exit-distance < shrink-distance < shrink-target < warn-distance < 1; change one of them.");
            }
            else if (upper.Value - lower.Value < gap)
            {
                gap = upper.Value - lower.Value;
                where = $"between {lower.Name} {Text.Decimal(lower.Value)} and {upper.Name} {Text.Decimal(upper.Value)}";
            }
        }

        if (settings.DistanceHysteresis >= gap && !_refused.Contains("distance-hysteresis"))
        {
            Error($"distance-hysteresis {Text.Decimal(settings.DistanceHysteresis)} must be less than {Text.Decimal(gap)}, the room {where}: lower it or move the distances apart.");
        }
    }

    private decimal ReadShare(string name, decimal byDefault)
        => Read(name, byDefault, value => value is > 0m and <= 1m, "more than 0 and at most 1, a share of the whole");

    private decimal ReadDistance(string name, decimal byDefault)
        => Read(name, byDefault, value => value is >= 0m and < 1m, "0 or more and less than 1, a fraction of the price");

    private decimal Read(string name, decimal byDefault, Func<decimal, bool> isGood, string what)
    {
        var errors = Errors.Count;
        var value = ReadNumber(name, byDefault, isGood, what);
        if (Errors.Count > errors)
        {
            _refused.Add(name);
        }

        return value;
    }

    private TimeSpan ReadPositiveTime(string name, TimeSpan byDefault, bool isZeroGood = false)
    {
        if (Get(name) is not { } text)
        {
            return byDefault;
        }

        if (TryTime(text, out var time) && time <= LongestTime && (time > TimeSpan.Zero || (isZeroGood && time == TimeSpan.Zero)))
        {
            return time;
        }

        Error($"{name} '{text}' is not a {(isZeroGood ? "time of 0 or more" : "positive time")} as hh:mm:ss, a year at most, for example 00:00:30.");
        return byDefault;
    }
}
