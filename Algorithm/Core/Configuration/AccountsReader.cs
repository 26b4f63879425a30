#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Configuration;

/// <summary>Reads the accounts of a configuration: which there are, what they open with, and where they differ from their profiles.</summary>
internal sealed class AccountsReader : ParameterReader
{
    private readonly List<AccountDefinition> _named = [];

    /// <summary>Accounts of which it is not known what they open with.</summary>
    private readonly HashSet<string> _doubtful = [];

    public AccountsReader(IReadOnlyDictionary<string, string> parameters, List<string> errors)
        : base(parameters, errors)
        => ReadNames();

    /// <summary>The names under which account parameters may stand.</summary>
    public IReadOnlyList<string> Names => _named.ConvertAll(account => account.Name);

    /// <summary>The accounts that are used or configured.</summary>
    /// <param name="instruments">What is traded.</param>
    /// <param name="conversions">What is subscribed for conversion rates only.</param>
    /// <param name="underlyings">The groups' underlyings: coins that an account opens with only if they are excluded.</param>
    public IReadOnlyList<AccountDefinition> Read(IReadOnlyList<InstrumentId> instruments, IReadOnlyList<InstrumentId> conversions, IReadOnlyList<string> underlyings)
    {
        var accounts = new List<AccountDefinition>();
        foreach (var named in _named)
        {
            var isConfigured = HedgeConfiguration.AccountParameters.Any(parameter => Get($"{named.Name}.{parameter}") is not null);
            if (isConfigured || instruments.Concat(conversions).Any(id => named.Routes.Contains(id.Route)))
            {
                accounts.Add(ReadAccount(named));
            }
        }

        foreach (var id in instruments)
        {
            var account = accounts.Find(account => account.Routes.Contains(id.Route));
            if (account is null)
            {
                Error($"{id}: no account serves the route {id.Route}: add it to accounts, as in accounts = desk={id.Route}.");
            }
            else if (id.Route.Kind == InstrumentKind.LinearPerpetual && account.Profile.TiersOf(id.Ticker) is null)
            {
                Error(VenueAccount.MissingTiers(account, id));
            }
        }

        var funded = Fund(accounts, accounts.Where(account => instruments.Any(id => account.Routes.Contains(id.Route))).ToArray());
        foreach (var account in funded.Where(account => !_doubtful.Contains(account.Name)))
        {
            CheckCoins(account, instruments.Where(id => account.Routes.Contains(id.Route)).ToArray(), underlyings);
        }

        return funded;
    }

    private void ReadNames()
    {
        var defaults = AccountDefaults.All().ToArray();
        if (Get("accounts") is null)
        {
            _named.AddRange(defaults);
            return;
        }

        foreach (var text in ReadList("accounts"))
        {
            var equals = text.IndexOf('=');
            var routes = new List<Route>();
            foreach (var part in equals > 0 ? text[(equals + 1)..].Split('+') : [])
            {
                if (Route.TryParse(part, out var route) && route.IsKnown)
                {
                    routes.Add(route);
                }
                else
                {
                    Error($"accounts '{text}': no venue serves the route {part.Trim()}; known routes are {Route.KnownNames}.");
                }
            }

            if (equals <= 0 || routes.Count == 0)
            {
                Error($"accounts '{text}' is not NAME=route or NAME=route+route, for example desk=bybit:spot+bybit:perpetual.");
                continue;
            }

            var name = text[..equals].Trim();
            if (routes.Select(route => route.Market).Distinct().Count() > 1)
            {
                Error($"account {name} is claimed by the venues {string.Join(" and ", routes.Select(route => route.Market).Distinct())}: an account is one login at one venue, give each its own.");
            }

            foreach (var route in routes)
            {
                if (_named.Find(account => account.Routes.Contains(route)) is { } other)
                {
                    Error($"route {route} is served by the accounts {other.Name} and {name}: a route belongs to one account.");
                }
            }

            if (_named.Exists(account => account.Name == name))
            {
                Error($"accounts names {name} twice: give each account its own name.");
            }

            // The profile of the perpetuals has the margin brackets, in whatever order the routes stand.
            var leading = routes.OrderBy(route => route.Kind == InstrumentKind.Spot).First();
            var profile = defaults.First(account => account.Routes.Contains(leading)).Profile;
            _named.Add(new AccountDefinition(name, routes, profile));
        }
    }

    private AccountDefinition ReadAccount(AccountDefinition account)
    {
        var name = account.Name;
        var profile = account.Profile;
        if (Get($"{name}.profile") is { } profileName)
        {
            if (VenueProfiles.Find(profileName) is { } known)
            {
                profile = known;
            }
            else
            {
                Error($"{name}.profile '{profileName}' does not exist: use one of {string.Join(", ", VenueProfiles.KnownNames)}.");
            }
        }

        profile = profile with
        {
            Tiers = ReadTiers(name, profile),
            FallbackTiers = ReadFallback(name) ?? profile.FallbackTiers,
            Funding = ReadFunding(name, profile.Funding),
            CollateralRatios = ReadCollateral(name, profile),
            OrderLatency = ReadTime($"{name}.order-latency", profile.OrderLatency),
            DataDelay = ReadTime($"{name}.data-delay", profile.DataDelay),
        };
        var errors = Errors.Count;
        var opening = ReadBalances($"{name}.cash", "USDT:100000");
        var excluded = ReadBalances($"{name}.excluded", "BTC:2");
        if (Errors.Count > errors)
        {
            _doubtful.Add(name);
        }

        return account with
        {
            Profile = profile,
            Opening = opening,
            Excluded = excluded,
            Buffer = ReadNumber($"{name}.buffer", 0m, 0m, "0 or more, in the settlement currency"),
            Leverage = ReadNumber($"{name}.leverage", account.Leverage, 1m, "1 or more"),
            SpotFees = ReadFees($"{name}.spot-fees"),
            PerpetualFees = ReadFees($"{name}.perpetual-fees"),
        };
    }

    /// <summary>The total that <c>cash</c> gives must be what the accounts open with; it suffices alone where one account is traded.</summary>
    private IReadOnlyList<AccountDefinition> Fund(List<AccountDefinition> accounts, AccountDefinition[] traded)
    {
        var errors = Errors.Count;
        var total = ReadBalances("cash", "USDT:100000");
        if (accounts.TrueForAll(account => account.Opening.Count == 0))
        {
            if (total.Count > 0 && traded.Length == 1)
            {
                var at = accounts.IndexOf(traded[0]);
                accounts[at] = accounts[at] with { Opening = total };
            }
            else if (Get("cash") is null)
            {
                Error($"no account has money: set {string.Join(" and ", traded.Select(account => $"{account.Name}.cash"))}, for example to USDT:50000.");
            }
            else if (total.Count > 0 && traded.Length > 0)
            {
                Error($"cash {Get("cash")} is not divided: say what each account opens with in {string.Join(" and ", traded.Select(account => $"{account.Name}.cash"))}.");
            }

            if (Errors.Count > errors)
            {
                _doubtful.UnionWith(accounts.Select(account => account.Name));
            }

            return accounts;
        }

        if (total.Count > 0)
        {
            var opened = accounts.SelectMany(account => account.Opening).ToArray();
            foreach (var currency in total.Select(entry => entry.Currency).Concat(opened.Select(entry => entry.Currency)).Distinct())
            {
                var set = total.Where(entry => entry.Currency == currency).Sum(entry => entry.Amount);
                var sum = opened.Where(entry => entry.Currency == currency).Sum(entry => entry.Amount);
                if (set != sum)
                {
                    Error($"opening balances of {currency} add up to {Text.Decimal(sum)} over the accounts, and cash sets {Text.Decimal(set)}: correct one of them, or leave cash out.");
                }
            }
        }

        return accounts;
    }

    /// <summary>Coins of an underlying that are there from the start have no hedge: they must be no part of the book.</summary>
    private void CheckCoins(AccountDefinition account, InstrumentId[] instruments, IReadOnlyList<string> underlyings)
    {
        var name = account.Name;
        var cash = Get($"{name}.cash") is null ? "cash" : $"{name}.cash";
        foreach (var (currency, amount) in account.Excluded)
        {
            var opening = AmountOf(account.Opening, currency);
            if (instruments.Any(id => underlyings.Any(coin => id.Ticker.EndsWith(coin + currency, StringComparison.Ordinal))))
            {
                Error($"{name}.excluded '{currency}:{Text.Decimal(amount)}': {currency} is what the account pays with, and money cannot be set aside in it: leave the amount out of {cash}.");
            }
            else if (amount > opening)
            {
                Error($"{name}.excluded '{currency}:{Text.Decimal(amount)}' is more than the account opens with, {currency}:{Text.Decimal(opening)} in {cash}: exclude at most that.");
            }
        }

        foreach (var (currency, amount) in account.Opening.Where(entry => underlyings.Contains(entry.Currency)))
        {
            var excluded = AmountOf(account.Excluded, currency);
            if (amount > excluded)
            {
                var what = excluded == 0m ? "coins that were not bought in the run have no hedge" : $"{Text.Decimal(amount - excluded)} of the coins have no hedge and are not excluded";
                Error($"{cash} '{currency}:{Text.Decimal(amount)}': {currency} is the underlying of a group, and {what}: keep them out of the book with {name}.excluded = {currency}:{Text.Decimal(amount)}, or start without them.");
            }
        }

        static decimal AmountOf(IReadOnlyList<(string Currency, decimal Amount)> balances, string currency)
            => balances.Where(entry => entry.Currency == currency).Sum(entry => entry.Amount);
    }

    private List<(string Currency, decimal Amount)> ReadBalances(string parameter, string example)
    {
        var cash = new List<(string Currency, decimal Amount)>();
        foreach (var text in ReadList(parameter))
        {
            var parts = text.Split(':');
            if (parts.Length != 2 || !TryDecimal(parts[1], out var amount) || amount < 0m)
            {
                Error($"{parameter} '{text}' is not CURRENCY:AMOUNT with an amount of 0 or more, for example {example}.");
            }
            else if (cash.Any(entry => entry.Currency == parts[0].Trim()))
            {
                Error($"{parameter} names {parts[0].Trim()} twice: give each currency once.");
            }
            else
            {
                cash.Add((parts[0].Trim(), amount));
            }
        }

        return cash;
    }

    /// <summary>The profile's ratios, with those that are given beside them or in their place.</summary>
    private IReadOnlyDictionary<string, decimal> ReadCollateral(string account, VenueProfile profile)
    {
        var given = ReadBalances($"{account}.collateral", "USDC:1");
        if (given.Count == 0)
        {
            return profile.CollateralRatios;
        }

        if (!profile.PoolsCollateral)
        {
            Error($"{account}.collateral: at {profile.Name} each settlement currency carries its own positions alone: remove it.");
        }

        var ratios = new Dictionary<string, decimal>(profile.CollateralRatios);
        foreach (var (currency, ratio) in given)
        {
            if (ratio > 1m)
            {
                Error($"{account}.collateral '{currency}:{Text.Decimal(ratio)}': a ratio is at most 1, the share of the value that counts.");
            }

            ratios[currency] = ratio;
        }

        return ratios;
    }

    private IReadOnlyDictionary<string, MarginTiers> ReadTiers(string account, VenueProfile profile)
    {
        var given = ReadList($"{account}.tiers");
        if (given.Length == 0)
        {
            return profile.Tiers;
        }

        var tiers = new Dictionary<string, MarginTiers>(profile.Tiers);
        foreach (var text in given)
        {
            var equals = text.IndexOf('=');
            if (equals <= 0)
            {
                Error($"{account}.tiers '{text}' is not TICKER=CAP:RATE:LEVERAGE/CAP:RATE:LEVERAGE, for example BTCUSDT=50000:0.004:125/250000:0.005:100.");
            }
            else if (ParseTiers($"{account}.tiers '{text}'", text[(equals + 1)..]) is { } parsed)
            {
                tiers[text[..equals].Trim().ToUpperInvariant()] = parsed;
            }
        }

        return tiers;
    }

    private MarginTiers? ReadFallback(string account)
        => Get($"{account}.fallback-tiers") is { } text ? ParseTiers($"{account}.fallback-tiers '{text}'", text) : null;

    private MarginTiers? ParseTiers(string what, string text)
    {
        var tiers = new List<MarginTier>();
        foreach (var row in text.Split('/', StringSplitOptions.TrimEntries))
        {
            var parts = row.Split(':');
            if (parts.Length != 3 || !TryDecimal(parts[0], out var cap) || !TryDecimal(parts[1], out var rate) || !TryDecimal(parts[2], out var leverage))
            {
                Error($"{what}: '{row}' is not CAP:RATE:LEVERAGE, for example 250000:0.005:100.");
                return null;
            }

            tiers.Add(new MarginTier(cap, rate, leverage));
        }

        if (MarginTiers.Check(tiers) is { } error)
        {
            Error($"{what}: {error}");
            return null;
        }

        return new MarginTiers(tiers);
    }

    private FundingSchedule ReadFunding(string account, FundingSchedule schedule)
    {
        foreach (var text in ReadList($"{account}.funding"))
        {
            var equals = text.IndexOf('=');
            if (!TimeSpan.TryParseExact(text[(equals + 1)..], "c", CultureInfo.InvariantCulture, out var interval))
            {
                Error($"{account}.funding '{text}' is not hh:mm:ss or TICKER@yyyy-MM-ddTHH:mm=hh:mm:ss, for example 04:00:00.");
            }
            else if (FundingSchedule.Check(interval) is { } error)
            {
                Error($"{account}.funding '{text}': {error}");
            }
            else if (equals < 0)
            {
                schedule = schedule with { Interval = interval };
            }
            else if (text[..equals].Split('@') is [var ticker, var at]
                && DateTime.TryParseExact(at, "yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var from))
            {
                schedule = schedule with { Changes = schedule.Changes.Append(new FundingChange(ticker.Trim().ToUpperInvariant(), from, interval)).OrderBy(change => change.FromUtc).ToArray() };
            }
            else
            {
                Error($"{account}.funding '{text}' is not TICKER@yyyy-MM-ddTHH:mm=hh:mm:ss, for example BTCUSDT@2025-05-02T08:00=04:00:00.");
            }
        }

        return schedule;
    }

    private FeeSchedule? ReadFees(string parameter)
    {
        if (Get(parameter) is not { } text)
        {
            return null;
        }

        var tiers = new List<FeeTier>();
        foreach (var row in ReadList(parameter))
        {
            var colon = row.IndexOf(':');
            var volume = 0m;
            var parts = row[(colon + 1)..].Split('/');
            if ((colon > 0 && !TryDecimal(row[..colon], out volume)) || parts.Length != 2 || !TryDecimal(parts[0], out var maker) || !TryDecimal(parts[1], out var taker))
            {
                Error($"{parameter} '{row}' is not MAKER/TAKER or VOLUME:MAKER/TAKER, for example 0.0002/0.0004.");
                return null;
            }

            tiers.Add(new FeeTier(volume, maker, taker));
        }

        if (FeeSchedule.Check(tiers) is { } error)
        {
            Error($"{parameter} '{text}': {error}");
            return null;
        }

        return new FeeSchedule(tiers);
    }
}
