#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Hedging;

namespace CrossHedgeLean.Accounts;

/// <summary>
/// Which transfers keep every account's collateral in its band. Pure: what it is given decides, in a fixed order.
/// </summary>
/// <remarks>
/// The lower edge is solvency: a pool that would be below the warning distance, counting what already travels to it, gets
/// what is missing to the target distance, the nearest to liquidation first. Because what travels counts, one need is
/// never answered twice; because the target is above the warning, an answered need does not come back with the next tick.
/// Donors are the accounts at the same venue first (at once and free), then those with most to spare; none goes below its
/// own target. The upper edge is carry against cost: only from a pool beyond its upper distance does money move without a
/// need, to a pool that is short of its target, or home if what it earns there pays for the way. Money of a pool without
/// positions, or of an account without pools, moves for a need alone: what the strategy will do with it is not known.
/// No conversions: one currency, which the receiver counts as collateral; coins that are positions of the book never move.
/// </remarks>
public static class TransferPlanner
{
    /// <summary>Plans.</summary>
    /// <param name="accounts">Every account, in the order of the configuration.</param>
    /// <param name="routes">The ways between them.</param>
    /// <param name="settings">Target, upper edge, sizes, caps.</param>
    /// <param name="hedge">The warning distance and its hysteresis.</param>
    /// <param name="memory">What was sent today and what failed.</param>
    /// <param name="utcNow">UTC.</param>
    public static TransferPlan Plan(
        IReadOnlyList<TransferAccount> accounts,
        TransferRoutes routes,
        TransferSettings settings,
        HedgeSettings hedge,
        TransferMemory memory,
        DateTime utcNow)
        => new Work(accounts, routes, settings, hedge, memory, utcNow).Plan();

    /// <summary>The least that is worth sending over a route, in its currency.</summary>
    /// <param name="route">The route.</param>
    /// <param name="settings">How many times the fee.</param>
    public static decimal LeastOf(TransferRoute route, TransferSettings settings) => Math.Max(route.Minimum, settings.FeeMultiple * route.Fee);

    private sealed class Work(
        IReadOnlyList<TransferAccount> accounts,
        TransferRoutes routes,
        TransferSettings settings,
        HedgeSettings hedge,
        TransferMemory memory,
        DateTime utcNow)
    {
        private readonly Pot[] _pots = accounts.Select(account => new Pot(account, memory.SentOn(account.Name, utcNow))).ToArray();
        private readonly List<PlannedTransfer> _planned = [];
        private readonly List<UnmetNeed> _unmet = [];

        public TransferPlan Plan()
        {
            var needs = Pools(pool => pool.Room < hedge.WarnDistance * pool.Slope);
            foreach (var (pot, pool) in needs)
            {
                var unmet = Fill(pot, pool, TransferReason.Solvency);
                var missing = (settings.TargetDistance * pool.Slope) - pool.Room;
                if (missing > 0m)
                {
                    _unmet.Add(new UnmetNeed(pot.Account.Name, missing * pool.Source.Rate, pool.Distance ?? 0m, unmet));
                }
            }

            foreach (var (pot, pool) in Pools(pool => pool.Room < (settings.TargetDistance - hedge.DistanceHysteresis) * pool.Slope).Except(needs))
            {
                Fill(pot, pool, TransferReason.Excess);
            }

            SendHome();
            return new TransferPlan(_planned, _unmet);
        }

        /// <summary>The pools that hold something and are below a mark, the nearest to liquidation first.</summary>
        private List<(Pot Pot, Pool Pool)> Pools(Func<Pool, bool> isBelow)
            => _pots.SelectMany(pot => pot.Pools.Where(pool => pool.Slope > 0m && isBelow(pool)).Select(pool => (pot, pool)))
                .OrderBy(entry => entry.pool.Room / entry.pool.Slope)
                .ToList();

        /// <summary>Brings a pool to its target; returns what stands in the way of the rest.</summary>
        private UnmetReason Fill(Pot to, Pool pool, TransferReason reason)
        {
            if (!to.Account.CanReceive)
            {
                return UnmetReason.ReceiverDown;
            }

            var unmet = UnmetReason.NoRoute;
            var passed = new HashSet<(Pot, string)>();
            while ((settings.TargetDistance * pool.Slope) - pool.Room > 0m && Best(to, pool, reason, passed) is { } best)
            {
                passed.Add((best.From, best.Route.Currency));
                var missing = ((settings.TargetDistance * pool.Slope) - pool.Room) / pool.ShareOf(best.Route.Currency);
                var least = LeastOf(best.Route, settings);
                var step = StepOf(best.From.RateOf(best.Route.Currency));
                var most = best.Spare - best.Route.Fee;
                var block = Block(best.From, to, best.Route, ref most);
                var amount = Math.Floor(Math.Min(most, Math.Max(least, Math.Ceiling(missing / step) * step)) / step) * step;
                if (block == UnmetReason.None && (amount <= 0m || amount < least))
                {
                    block = UnmetReason.BelowMinimum;
                }

                unmet = block > unmet ? block : unmet;
                if (block is UnmetReason.None or UnmetReason.DailyCap && amount > 0m && amount >= least)
                {
                    Send(best.From, to, best.Route, amount, reason, pool.Distance ?? 0m);
                }
            }

            // Every way was looked at: with none left that has money to spare, the money is what is missing.
            return unmet == UnmetReason.NoRoute && HasRoute(to, pool) ? UnmetReason.NoSurplus : unmet;
        }

        /// <summary>The donor that comes next: one at the same venue, then the one with most to spare.</summary>
        private (Pot From, TransferRoute Route, decimal Spare)? Best(Pot to, Pool pool, TransferReason reason, HashSet<(Pot, string)> passed)
        {
            (Pot From, TransferRoute Route, decimal Spare)? best = null;
            var bestValue = 0m;
            foreach (var from in _pots)
            {
                foreach (var balance in from.Account.Balances)
                {
                    if (from == to || passed.Contains((from, balance.Currency)) || pool.ShareOf(balance.Currency) <= 0m
                        || routes.Find(from.Account.Name, to.Account.Name, balance.Currency) is not { } route)
                    {
                        continue;
                    }

                    var spare = from.Spare(balance.Currency, reason == TransferReason.Solvency ? settings.TargetDistance : settings.UpperDistance, reason != TransferReason.Solvency);
                    var value = spare * balance.Rate;
                    if (spare > 0m && (best is not { } known || (route.IsInternal, value).CompareTo((known.Route.IsInternal, bestValue)) > 0))
                    {
                        (best, bestValue) = ((from, route, spare), value);
                    }
                }
            }

            return best;
        }

        private bool HasRoute(Pot to, Pool pool)
            => _pots.Any(from => from != to && from.Account.Balances.Any(
                balance => pool.ShareOf(balance.Currency) > 0m && routes.Find(from.Account.Name, to.Account.Name, balance.Currency) is not null));

        /// <summary>What stands in a donor's way; a cap lowers the most that it can send.</summary>
        private UnmetReason Block(Pot from, Pot to, TransferRoute route, ref decimal most)
        {
            if (route.IsInternal ? !from.Account.CanMoveWithin : !from.Account.CanWithdraw)
            {
                return UnmetReason.WithdrawDown;
            }

            if (memory.IsPaused(from.Account.Name, to.Account.Name, utcNow))
            {
                return UnmetReason.Paused;
            }

            var rate = from.RateOf(route.Currency);
            if (!route.IsInternal && settings.CapOf(from.Account.Name) is { } cap && rate > 0m && Math.Max(0m, cap - from.Sent) / rate is var left && left < most)
            {
                most = left;
                return UnmetReason.DailyCap;
            }

            return UnmetReason.None;
        }

        private void SendHome()
        {
            var home = Array.Find(_pots, pot => pot.Account.Name == settings.Home);
            if (home is null || settings.CarryRate <= 0m || !home.Account.CanReceive)
            {
                return;
            }

            foreach (var from in _pots.Where(pot => pot != home))
            {
                foreach (var balance in from.Account.Balances)
                {
                    if (!home.Uses(balance.Currency)
                        || routes.Find(from.Account.Name, home.Account.Name, balance.Currency) is not { } route
                        || !from.IsBeyond(balance.Currency, settings.UpperDistance + hedge.DistanceHysteresis))
                    {
                        continue;
                    }

                    var step = StepOf(balance.Rate);
                    var most = from.Spare(balance.Currency, settings.UpperDistance, onlyPools: true) - route.Fee;
                    var block = Block(from, home, route, ref most);
                    var amount = Math.Floor(most / step) * step;
                    var earned = amount * settings.CarryRate * (decimal)settings.CarryHorizon.TotalDays / 365m;
                    if (block is UnmetReason.None or UnmetReason.DailyCap && amount > 0m && amount >= LeastOf(route, settings) && earned > route.Fee)
                    {
                        Send(from, home, route, amount, TransferReason.Home, from.DistanceIn(balance.Currency));
                    }
                }
            }
        }

        private void Send(Pot from, Pot to, TransferRoute route, decimal amount, TransferReason reason, decimal distance)
        {
            _planned.Add(new PlannedTransfer(route, amount, reason, distance));
            from.Take(route.Currency, amount + route.Fee);
            from.Sent += route.IsInternal ? 0m : amount * from.RateOf(route.Currency);
            to.Put(route.Currency, amount);
        }

        /// <summary>What amounts are rounded to: a cent of money, a hundred-thousandth of a coin.</summary>
        private static decimal StepOf(decimal rate) => rate is > 0m and < 100m ? 0.01m : 0.00001m;
    }

    /// <summary>An account while planning.</summary>
    private sealed class Pot
    {
        private readonly decimal[] _left;

        public Pot(TransferAccount account, decimal sent)
        {
            Account = account;
            Sent = sent;
            Pools = account.Pools.Select(pool => new Pool(pool)).ToArray();
            _left = account.Balances.Select(balance => Math.Max(0m, balance.Withdrawable)).ToArray();
            foreach (var balance in account.Balances)
            {
                foreach (var pool in Pools)
                {
                    pool.Room += balance.InTransit * pool.ShareOf(balance.Currency);
                }
            }
        }

        public TransferAccount Account { get; }

        public Pool[] Pools { get; }

        /// <summary>What left today, in the account currency.</summary>
        public decimal Sent { get; set; }

        public bool Uses(string currency) => IndexOf(currency) >= 0 || Pools.Any(pool => pool.ShareOf(currency) > 0m);

        public decimal RateOf(string currency) => IndexOf(currency) is >= 0 and var at ? Account.Balances[at].Rate : 0m;

        /// <summary>What can leave so that every pool keeps a distance; what travels here does not count.</summary>
        public decimal Spare(string currency, decimal distance, bool onlyPools)
        {
            var spare = IndexOf(currency) is >= 0 and var at ? _left[at] : 0m;
            var counts = false;
            foreach (var pool in Pools)
            {
                if (pool.ShareOf(currency) is > 0m and var share)
                {
                    counts |= pool.Slope > 0m;
                    spare = Math.Min(spare, Math.Max(0m, pool.Own - (distance * pool.Slope)) / share);
                }
            }

            return onlyPools && !counts ? 0m : spare;
        }

        /// <summary>Whether the pools in which a currency counts hold something and are all farther from liquidation.</summary>
        public bool IsBeyond(string currency, decimal distance)
            => Pools.Where(pool => pool.ShareOf(currency) > 0m && pool.Slope > 0m) is var held && held.Any() && held.All(pool => pool.Own > distance * pool.Slope);

        public decimal DistanceIn(string currency)
            => Pools.Where(pool => pool.ShareOf(currency) > 0m && pool.Slope > 0m).Min(pool => pool.Own / pool.Slope);

        public void Take(string currency, decimal amount)
        {
            var at = IndexOf(currency);
            _left[at] -= amount;
            foreach (var pool in Pools)
            {
                var value = amount * pool.ShareOf(currency);
                pool.Own -= value;
                pool.Room -= value;
                for (var i = 0; i < _left.Length && value > 0m; i++)
                {
                    // What margin leaves is left once, in whichever currency.
                    if (i != at && pool.ShareOf(Account.Balances[i].Currency) is > 0m and var share)
                    {
                        _left[i] = Math.Max(0m, _left[i] - (value / share));
                    }
                }
            }
        }

        public void Put(string currency, decimal amount)
        {
            foreach (var pool in Pools)
            {
                pool.Room += amount * pool.ShareOf(currency);
            }
        }

        private int IndexOf(string currency)
        {
            for (var i = 0; i < Account.Balances.Count; i++)
            {
                if (Account.Balances[i].Currency == currency)
                {
                    return i;
                }
            }

            return -1;
        }
    }

    /// <summary>A pool while planning.</summary>
    private sealed class Pool(TransferPool source)
    {
        public TransferPool Source => source;

        public decimal Slope => source.Slope;

        /// <summary>Room with what travels here.</summary>
        public decimal Room { get; set; } = source.Room;

        /// <summary>Room of its own that no working order holds.</summary>
        public decimal Own { get; set; } = source.Room - source.Held;

        public decimal? Distance => Slope == 0m ? null : Math.Max(0m, Room / Slope);

        public decimal ShareOf(string currency) => source.ShareOf(currency);
    }
}

/// <summary>How money comes from one account to another. Easy to construct: a desk's own figures take the place of the typical ones.</summary>
/// <param name="From">The sending account.</param>
/// <param name="To">The receiving account.</param>
/// <param name="Currency">The currency; what arrives is the same.</param>
/// <param name="Time">From departure to credit; zero or positive.</param>
/// <param name="Fee">Taken at the sender on top of the amount, in the currency; zero or positive.</param>
/// <param name="Minimum">The least amount, in the currency.</param>
public sealed record TransferRoute(string From, string To, string Currency, TimeSpan Time, decimal Fee, decimal Minimum)
{
    /// <summary>The network of a transfer within a venue.</summary>
    public const string Internal = "internal";

    /// <summary>The network, as in <c>Tron</c>; <see cref="Internal"/> within a venue.</summary>
    public string Network { get; init; } = "";

    /// <summary>Where the figures were read.</summary>
    public string Source { get; init; } = "";

    /// <summary>The day at which they were read; null: not stated.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>Whether the money stays at its venue: no withdrawal, so that a freeze does not stop it and no cap counts it.</summary>
    public bool IsInternal => Network == Internal;

    /// <summary>What is wrong with a route; null if nothing is.</summary>
    /// <param name="accounts">The accounts of the configuration.</param>
    public string? Check(IReadOnlyList<AccountDefinition> accounts)
    {
        var names = string.Join(", ", accounts.Select(account => account.Name));
        return accounts.All(account => account.Name != From) ? $"the route {this.Text()}: no account is called {From}; accounts are {names}."
            : accounts.All(account => account.Name != To) ? $"the route {this.Text()}: no account is called {To}; accounts are {names}."
            : From == To ? $"the route {this.Text()} leads nowhere: give two accounts."
            : Currency.Length == 0 ? $"the route {this.Text()} has no currency."
            : Time < TimeSpan.Zero || Fee < 0m || Minimum < 0m ? $"the route {this.Text()}: time, fee and minimum are zero or more."
            : null;
    }

    private string Text() => $"{From}>{To}:{Currency}";
}

/// <summary>The ways between accounts: those given, else within a venue at once and free, else by what the venues' profiles say of withdrawals.</summary>
public sealed class TransferRoutes
{
    private readonly IReadOnlyList<AccountDefinition> _accounts;
    private readonly Dictionary<(string From, string To, string Currency), TransferRoute?> _known = [];

    /// <summary>Creates the routes.</summary>
    /// <param name="accounts">The accounts.</param>
    /// <param name="given">Routes that take the place of the profiles'; each passed <see cref="TransferRoute.Check"/>.</param>
    public TransferRoutes(IReadOnlyList<AccountDefinition> accounts, IReadOnlyList<TransferRoute>? given = null)
    {
        _accounts = accounts;
        foreach (var route in given ?? [])
        {
            _known[(route.From, route.To, route.Currency)] = route;
        }
    }

    /// <summary>The way of a currency between two accounts; null if there is none.</summary>
    /// <param name="from">The sending account.</param>
    /// <param name="to">The receiving account.</param>
    /// <param name="currency">The currency.</param>
    public TransferRoute? Find(string from, string to, string currency)
    {
        if (!_known.TryGetValue((from, to, currency), out var route))
        {
            _known.Add((from, to, currency), route = Default(from, to, currency));
        }

        return route;
    }

    private TransferRoute? Default(string from, string to, string currency)
    {
        var (sender, receiver) = (_accounts.FirstOrDefault(account => account.Name == from), _accounts.FirstOrDefault(account => account.Name == to));
        if (sender is null || receiver is null || from == to)
        {
            return null;
        }

        if (sender.Market == receiver.Market)
        {
            return new TransferRoute(from, to, currency, TimeSpan.Zero, 0m, 0m) { Network = TransferRoute.Internal, Source = "within a venue" };
        }

        var rule = sender.Profile.Withdrawals.FirstOrDefault(
            rule => rule.Currency == currency && receiver.Profile.Withdrawals.Any(other => other.Currency == currency && other.Network == rule.Network));
        return rule is null
            ? null
            : new TransferRoute(from, to, currency, rule.Time, rule.Fee, rule.Minimum) { Network = rule.Network, Source = rule.Source, AsOf = rule.AsOf };
    }
}

/// <summary>When and how much is moved between accounts. Every value can be set; the defaults are ours, not a venue's rule.</summary>
public sealed record TransferSettings
{
    /// <summary>The distance to liquidation that a transfer restores and a donor keeps; above the warning distance by more than its hysteresis.</summary>
    public decimal TargetDistance { get; init; } = 0.30m;

    /// <summary>The distance beyond which collateral may move without a need.</summary>
    public decimal UpperDistance { get; init; } = 0.60m;

    /// <summary>Where collateral beyond the upper distance goes if its carry pays for the way; null: nowhere.</summary>
    public string? Home { get; init; }

    /// <summary>What money earns at <see cref="Home"/> and not elsewhere, per year, a fraction; zero: it does not go home.</summary>
    public decimal CarryRate { get; init; }

    /// <summary>Over how long carry is held against the fee.</summary>
    public TimeSpan CarryHorizon { get; init; } = TimeSpan.FromDays(30);

    /// <summary>A transfer is at least so many times its fee.</summary>
    public decimal FeeMultiple { get; init; } = 10m;

    /// <summary>The most that leaves an account's venue in a day (UTC), in the account currency; null: no cap.</summary>
    public decimal? DailyCap { get; init; }

    /// <summary>The same of single accounts, by name.</summary>
    public IReadOnlyDictionary<string, decimal> DailyCaps { get; init; } = new Dictionary<string, decimal>();

    /// <summary>After a transfer failed or was lost, its way is not used for so long.</summary>
    public TimeSpan FailurePause { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often it is looked whether money is needed.</summary>
    public TimeSpan ReviewEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>In live: a request that nobody confirmed ends after so long.</summary>
    public TimeSpan RequestExpiry { get; init; } = TimeSpan.FromHours(4);

    /// <summary>In live: a transfer that a person confirmed and that was not seen to arrive ends after so long.</summary>
    public TimeSpan ArrivalWindow { get; init; } = TimeSpan.FromHours(24);

    /// <summary>In live: by what fraction of the amount, besides the fee, an arrival may differ.</summary>
    public decimal AmountTolerance { get; init; } = 0.001m;

    /// <summary>The cap of an account; null: none.</summary>
    public decimal? CapOf(string account) => DailyCaps.TryGetValue(account, out var cap) ? cap : DailyCap;

    /// <summary>Everything that is wrong with the settings.</summary>
    /// <param name="hedge">The distances that they must fit.</param>
    /// <param name="accounts">The accounts of the configuration.</param>
    public IReadOnlyList<string> Check(HedgeSettings hedge, IReadOnlyList<AccountDefinition> accounts)
    {
        var errors = new List<string>();
        if (TargetDistance <= hedge.WarnDistance + hedge.DistanceHysteresis)
        {
            errors.Add(FormattableString.Invariant($"the target distance of transfers is {TargetDistance}: it must be above warning distance and hysteresis together, {hedge.WarnDistance + hedge.DistanceHysteresis}."));
        }

        if (UpperDistance <= TargetDistance + hedge.DistanceHysteresis)
        {
            errors.Add(FormattableString.Invariant($"the upper distance of transfers is {UpperDistance}: it must be above target distance and hysteresis together, {TargetDistance + hedge.DistanceHysteresis}."));
        }

        foreach (var name in DailyCaps.Keys.Append(Home ?? accounts[0].Name).Where(name => accounts.All(account => account.Name != name)))
        {
            errors.Add($"no account is called {name}; accounts are {string.Join(", ", accounts.Select(account => account.Name))}.");
        }

        if (CarryRate < 0m || FeeMultiple < 0m || AmountTolerance < 0m || DailyCap < 0m || DailyCaps.Values.Any(cap => cap < 0m))
        {
            errors.Add("carry rate, fee multiple, amount tolerance and daily caps of transfers are zero or more.");
        }

        if (CarryHorizon <= TimeSpan.Zero || FailurePause < TimeSpan.Zero || ReviewEvery <= TimeSpan.Zero || RequestExpiry <= TimeSpan.Zero || ArrivalWindow <= TimeSpan.Zero)
        {
            errors.Add("the times of transfers are above zero; the pause after a failure may be zero.");
        }

        return errors;
    }
}

/// <summary>An account as the planner sees it.</summary>
/// <param name="Name">The account.</param>
public sealed record TransferAccount(string Name)
{
    /// <summary>Whether its venue pays out: its health of withdrawals is not Down.</summary>
    public bool CanWithdraw { get; init; } = true;

    /// <summary>Whether its venue moves money between its own accounts.</summary>
    public bool CanMoveWithin { get; init; } = true;

    /// <summary>Whether money is still sent to it: not to a venue that has failed.</summary>
    public bool CanReceive { get; init; } = true;

    /// <summary>Currencies that may move; coins that are positions of the book are not among them.</summary>
    public IReadOnlyList<TransferBalance> Balances { get; init; } = [];

    /// <summary>The collateral pools; none: nothing can be liquidated.</summary>
    public IReadOnlyList<TransferPool> Pools { get; init; } = [];

    /// <summary>An account of the ledger.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="account">One of its accounts.</param>
    public static TransferAccount Of(Ledger ledger, VenueAccount account)
    {
        var definition = account.Definition;
        var coins = ledger.Accounts.SelectMany(other => other.Positions).Select(position => position.CoinCurrency).OfType<string>().ToHashSet();
        return new TransferAccount(definition.Name)
        {
            Balances = account.Balances
                .Where(balance => !coins.Contains(balance.Currency))
                .Select(balance => new TransferBalance(
                    balance.Currency,
                    Math.Max(0m, Math.Min(ledger.Withdrawable(account, balance.Currency), balance.Free - account.ExcludedOf(balance.Currency) - definition.Buffer)),
                    balance.InTransit,
                    balance.Rate))
                .ToArray(),
            Pools = account.Pools
                .Select(pool => new TransferPool(pool.Room, pool.Slope, account.OrderMarginOf(pool), pool.Rate, Collateral(ledger, account, pool, coins)))
                .ToArray(),
        };
    }

    private static (string Currency, decimal Share)[] Collateral(Ledger ledger, VenueAccount account, MarginPool pool, HashSet<string> coins)
        => account.Definition.Profile.PoolsCollateral
            ? account.Definition.Profile.CollateralRatios
                .Where(ratio => !coins.Contains(ratio.Key))
                .OrderBy(ratio => ratio.Key, StringComparer.Ordinal)
                .Select(ratio => (ratio.Key, ratio.Value * RateOf(ledger, ratio.Key)))
                .Where(entry => entry.Item2 > 0m)
                .ToArray()
            : [(pool.Unit, 1m)];

    private static decimal RateOf(Ledger ledger, string currency)
        => currency == ledger.AccountCurrency
            ? 1m
            : ledger.Accounts.SelectMany(account => account.Balances).FirstOrDefault(balance => balance.Currency == currency && balance.Rate > 0m)?.Rate ?? 0m;
}

/// <summary>A currency of an account, in that currency.</summary>
/// <param name="Currency">The currency.</param>
/// <param name="Withdrawable">What could leave: free, and no margin that positions need.</param>
/// <param name="InTransit">On its way to the account, requested or sent.</param>
/// <param name="Rate">Units of the account currency per unit.</param>
public sealed record TransferBalance(string Currency, decimal Withdrawable, decimal InTransit, decimal Rate);

/// <summary>A collateral pool, in its unit.</summary>
/// <param name="Room">Equity less maintenance margin.</param>
/// <param name="Slope">What the room loses when the prices of the underlying that costs most move by their whole selves; zero: nothing can be liquidated.</param>
/// <param name="Held">Margin that working orders hold; a donor keeps it.</param>
/// <param name="Rate">Units of the account currency per unit of the pool.</param>
/// <param name="Collateral">What a unit of each currency adds to the room.</param>
public sealed record TransferPool(decimal Room, decimal Slope, decimal Held, decimal Rate, IReadOnlyList<(string Currency, decimal Share)> Collateral)
{
    /// <summary>What a unit of a currency adds to the room; zero if it is no collateral here.</summary>
    public decimal ShareOf(string currency)
    {
        for (var i = 0; i < Collateral.Count; i++)
        {
            if (Collateral[i].Currency == currency)
            {
                return Collateral[i].Share;
            }
        }

        return 0m;
    }
}

/// <summary>What was sent in a day, and which ways have failed.</summary>
public sealed class TransferMemory
{
    private readonly Dictionary<(string Account, DateTime Day), decimal> _sent = [];
    private readonly Dictionary<(string From, string To), DateTime> _pauses = [];

    /// <summary>What left an account's venue on a day (UTC), in the account currency.</summary>
    public decimal SentOn(string account, DateTime utc) => _sent.GetValueOrDefault((account, utc.Date));

    /// <summary>Whether a way is not used for now.</summary>
    public bool IsPaused(string from, string to, DateTime utcNow) => _pauses.TryGetValue((from, to), out var until) && utcNow < until;

    /// <summary>Counts what left an account's venue.</summary>
    /// <param name="account">The account.</param>
    /// <param name="utc">When, UTC.</param>
    /// <param name="value">In the account currency; negative takes back.</param>
    public void Count(string account, DateTime utc, decimal value)
        => _sent[(account, utc.Date)] = _sent.GetValueOrDefault((account, utc.Date)) + value;

    /// <summary>A way is not used for a time.</summary>
    /// <param name="from">The sending account.</param>
    /// <param name="to">The receiving account.</param>
    /// <param name="untilUtc">Until when, UTC, itself excluded.</param>
    public void Pause(string from, string to, DateTime untilUtc) => _pauses[(from, to)] = untilUtc;
}

/// <summary>What should be moved, and which needs nothing can meet.</summary>
/// <param name="Transfers">In the order in which they should leave.</param>
/// <param name="Unmet">In the order of urgency.</param>
public sealed record TransferPlan(IReadOnlyList<PlannedTransfer> Transfers, IReadOnlyList<UnmetNeed> Unmet)
{
    /// <summary>Nothing to do.</summary>
    public static TransferPlan Nothing { get; } = new([], []);
}

/// <summary>A transfer that should be made.</summary>
/// <param name="Route">The way.</param>
/// <param name="Amount">What should arrive, in the route's currency; the fee comes on top at the sender.</param>
/// <param name="Reason">Why.</param>
/// <param name="Distance">The distance to liquidation that asks for it: of the receiver, what travels counted; for a way home of the sender. A fraction.</param>
public sealed record PlannedTransfer(TransferRoute Route, decimal Amount, TransferReason Reason, decimal Distance);

/// <summary>Why money moves.</summary>
public enum TransferReason
{
    /// <summary>The receiver is below its warning distance.</summary>
    Solvency,

    /// <summary>The receiver is short of its target, and the sender beyond its upper distance.</summary>
    Excess,

    /// <summary>The sender is beyond its upper distance, and carry at home pays for the way.</summary>
    Home,
}

/// <summary>A need that could not be met, or not all of it.</summary>
/// <param name="Account">Whose.</param>
/// <param name="Missing">What is missing to the target distance after everything planned, in the account currency; positive.</param>
/// <param name="Distance">The distance after everything planned, a fraction.</param>
/// <param name="Reason">What stands in the way of the donor that came farthest.</param>
public sealed record UnmetNeed(string Account, decimal Missing, decimal Distance, UnmetReason Reason);

/// <summary>Why a need could not be met; the later, the farther a donor came.</summary>
public enum UnmetReason
{
    /// <summary>It was met.</summary>
    None,

    /// <summary>No account with a currency that counts has a way there.</summary>
    NoRoute,

    /// <summary>No account has money to spare.</summary>
    NoSurplus,

    /// <summary>The venue that has it pays nothing out.</summary>
    WithdrawDown,

    /// <summary>The way has just failed.</summary>
    Paused,

    /// <summary>What could be sent is less than is worth it, or than the venue sends.</summary>
    BelowMinimum,

    /// <summary>The sender's cap of the day.</summary>
    DailyCap,

    /// <summary>No money is sent to a venue that has failed.</summary>
    ReceiverDown,
}
