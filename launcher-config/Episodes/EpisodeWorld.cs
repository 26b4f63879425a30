using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Episodes;

/// <summary>The venues, accounts, groups and settings of an episode; all of it from its seed.</summary>
internal sealed class EpisodeWorld
{
    private static readonly (string Name, decimal Price, int Digits, decimal Lot)[] Coins =
    [
        ("BTC", 60_000m, 1, 0.0001m),
        ("ETH", 3_000m, 2, 0.001m),
        ("SOL", 150m, 3, 0.01m),
        ("PEPE", 0.01m, 7, 1m),
    ];

    private static readonly FeeSchedule SpotFees = new([new FeeTier(0m, 0.0008m, 0.001m)]);

    private static readonly FeeSchedule PerpetualFees = new([new FeeTier(0m, 0.0002m, 0.0005m)]);

    private EpisodeWorld(IReadOnlyList<AccountDefinition> accounts, IReadOnlyList<HedgeGroup> groups, HedgeSettings settings, IReadOnlyList<decimal> sizes)
    {
        Accounts = accounts;
        Groups = groups;
        Settings = settings;
        Largest = sizes;
    }

    /// <summary>The currency of equity.</summary>
    public static string Currency => "USDT";

    /// <summary>The accounts with their money.</summary>
    public IReadOnlyList<AccountDefinition> Accounts { get; }

    /// <summary>The groups.</summary>
    public IReadOnlyList<HedgeGroup> Groups { get; }

    /// <summary>Patience, limits, distances: short, so that an episode passes each.</summary>
    public HedgeSettings Settings { get; }

    /// <summary>The largest primary that the strategy of each group wants, in the account currency.</summary>
    public IReadOnlyList<decimal> Largest { get; }

    /// <summary>When each episode starts, UTC: a funding boundary comes on its way.</summary>
    public static DateTime StartUtc { get; } = new(2024, 1, 1, 7, 58, 30, DateTimeKind.Utc);

    /// <summary>First price of an underlying, in the account currency, and the decimals that its prices have.</summary>
    public static (decimal Price, int Digits) PriceOf(string underlying)
    {
        var coin = Array.Find(Coins, coin => coin.Name == underlying);
        return (coin.Price, coin.Digits);
    }

    /// <summary>The world of a seed.</summary>
    public static EpisodeWorld Of(ulong seed)
    {
        var random = new EpisodeRandom(seed, 1);
        string[] markets = random.Between(0, 5) switch
        {
            0 => ["binance", "bybit"],
            1 => ["binance", "kraken"],
            2 => ["binance", "bybit", "kraken"],
            3 => ["binance", "bybit", "coinbase"],
            _ => ["binance", "bybit", "coinbase", "kraken"],
        };
        var groups = new List<HedgeGroup>();
        var sizes = new List<decimal>();
        var count = random.Between(1, 4);
        var firstCoin = random.Between(0, Coins.Length - 1);
        for (var i = 0; i < count; i++)
        {
            groups.Add(MakeGroup(random, markets, Coins[(firstCoin + i) % Coins.Length], isPerpetual: i == 0));
            sizes.Add(random.Between(2, 14) * 1000m);
        }

        var routes = groups.SelectMany(group => group.Hedges.Append(group.Primary)).Select(instrument => instrument.Id.Route).Distinct().ToList();
        var accounts = AccountDefaults.For(routes)
            .Select(account => account with
            {
                Opening = account.Market == "coinbase" ? [("USDC", random.Between(20, 90) * 1000m)] : [("USDT", random.Between(20, 90) * 1000m)],
                SpotFees = SpotFees,
                PerpetualFees = PerpetualFees,
                Leverage = random.Pick(3m, 3m, 5m),
                Profile = account.Profile.FallbackTiers is null && account.Profile.Tiers.Count > 0
                    ? account.Profile with { FallbackTiers = MarginTiers.Flat(0.02m, 10m) }
                    : account.Profile,
            })
            .ToList();
        var settings = new HedgeSettings
        {
            PriceMaxAge = TimeSpan.FromSeconds(random.Between(5, 12)),
            Backoff = TimeSpan.FromSeconds(random.Between(4, 9)),
            MakerPatience = TimeSpan.FromSeconds(random.Between(3, 6)),
            UnknownAfter = TimeSpan.FromSeconds(random.Between(3, 6)),
            UnknownLimit = TimeSpan.FromSeconds(random.Between(8, 20)),
            UnwindAfter = TimeSpan.FromSeconds(random.Between(6, 11)),
            ReturnAfter = TimeSpan.FromSeconds(random.Between(15, 60)),
        };
        return new EpisodeWorld(accounts, groups, settings, sizes);
    }

    /// <summary>Whether a fault is about a perpetual.</summary>
    public static bool IsOfPerpetual(EpisodeFault fault)
        => fault is EpisodeFault.Liquidation or EpisodeFault.AutoDeleveraging or EpisodeFault.FundingSpike or EpisodeFault.FundingInterval;

    /// <summary>A group in which a cell can occur; negative if there is none.</summary>
    public int GroupFor(EpisodeCell cell, EpisodeRandom random)
    {
        var start = random.Between(0, Groups.Count - 1);
        for (var i = 0; i < Groups.Count; i++)
        {
            var at = (start + i) % Groups.Count;
            var group = Groups[at];
            var fits = cell.Fault switch
            {
                EpisodeFault.Depeg => Accounts.Any(account => account.Opening.Any(opening => opening.Currency != Currency)),
                _ when IsOfPerpetual(cell.Fault) => cell.OnPrimary ? IsPerpetual(group.Primary) : group.Hedges.Any(IsPerpetual),
                EpisodeFault.CancelRace or EpisodeFault.CancelRefused => cell.OnPrimary || group.IsMakerFirst,
                _ => true,
            };
            if (fits)
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>A hedge leg that is a perpetual, the wanted one if it is; else the first.</summary>
    public int PerpetualLeg(int group, int wanted)
    {
        var hedges = Groups[group].Hedges;
        for (var i = 0; i < hedges.Count; i++)
        {
            if (IsPerpetual(hedges[(wanted + i) % hedges.Count]))
            {
                return (wanted + i) % hedges.Count;
            }
        }

        return wanted;
    }

    private static bool IsPerpetual(Instrument instrument) => instrument.Id.Route.Kind != InstrumentKind.Spot;

    private static HedgeGroup MakeGroup(EpisodeRandom random, string[] markets, (string Name, decimal Price, int Digits, decimal Lot) coin, bool isPerpetual)
    {
        var pool = Route.Known.Where(route => markets.Contains(route.Market)).Select(route => MakeInstrument(random, route, coin)).ToList();
        var perpetuals = pool.Where(IsPerpetual).ToList();
        var primary = isPerpetual || random.Percent(40)
            ? perpetuals[random.Between(0, perpetuals.Count - 1)]
            : pool[random.Between(0, pool.Count - 1)];
        pool.Remove(primary);

        // A long primary needs a leg that can be short; coins are only bought.
        var hedges = new List<Instrument>();
        var shortable = pool.Where(IsPerpetual).ToList();
        if (shortable.Count > 0)
        {
            var first = shortable[random.Between(0, shortable.Count - 1)];
            hedges.Add(first);
            pool.Remove(first);
        }

        var wanted = random.Between(1, 3);
        while (hedges.Count < wanted && pool.Count > 0)
        {
            var next = pool[random.Between(0, pool.Count - 1)];
            hedges.Insert(random.Between(0, hedges.Count), next);
            pool.Remove(next);
        }

        var split = random.Pick(HedgeSplit.Preference, HedgeSplit.Weights, HedgeSplit.Cost);
        return new HedgeGroup(coin.Name, primary, hedges, random.Pick(1m, 1m, 1m, 0.5m, 0.8m, 1.25m), decimal.Truncate(random.Pick(0m, 0m, 20m, 200m) / coin.Price / coin.Lot) * coin.Lot)
        {
            Split = split,
            Weights = split == HedgeSplit.Weights ? Weights(random, hedges.Count) : [],
            PairOrder = random.Pick(PairOrder.PrimaryFirst, PairOrder.PrimaryFirst, PairOrder.Together, PairOrder.HardestFirst),
            IsMakerFirst = isPerpetual || random.Percent(25),
            KeepsPrimary = random.Percent(20),
        };
    }

    private static decimal[] Weights(EpisodeRandom random, int count)
    {
        var weights = new decimal[count];
        var left = 10;
        for (var i = 0; i < count - 1; i++)
        {
            var tenths = random.Between(1, left - (count - 1 - i));
            weights[i] = tenths / 10m;
            left -= tenths;
        }

        weights[count - 1] = left / 10m;
        return weights;
    }

    private static Instrument MakeInstrument(EpisodeRandom random, Route route, (string Name, decimal Price, int Digits, decimal Lot) coin)
    {
        var isThousand = coin.Name == "PEPE" && route.Kind != InstrumentKind.Spot;
        var settlement = route.Market == "coinbase" ? "USDC" : "USDT";
        var lot = (isThousand ? 1m : coin.Name == "PEPE" ? random.Pick(1m, 100m) : coin.Lot) * random.Pick(1m, 1m, 10m);
        var minimum = random.Pick(0m, 0m, 3m * lot, 20m * lot);
        return new Instrument(
            new InstrumentId(route, (isThousand ? "1000" : "") + coin.Name + settlement),
            coin.Name,
            settlement,
            isThousand ? 1000m : 1m,
            lot,
            minimum,
            random.Pick(0m, 5m, 10m, 100m));
    }
}
