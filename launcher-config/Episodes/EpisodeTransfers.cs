using System;
using System.Collections.Generic;
using System.Globalization;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Episodes;

/// <summary>
/// Money on its way in an episode: Core's desk and agent move it, and every entry that they cause is held against a record
/// of our own. The routes are short, and the targets high, so that an episode sees many.
/// </summary>
internal sealed class EpisodeTransfers
{
    private const decimal Tolerance = 0.000001m;

    /// <summary>What travels: the money of the accounts.</summary>
    private static readonly string[] Currencies = ["USDT", "USDC"];

    private readonly EpisodeVenues _venues;
    private readonly TransferSettings _settings;
    private readonly TransferRoutes _routes;
    private readonly TransferDesk _desk;
    private readonly PlantedTransfers _agent;
    private readonly List<Travelling> _travelling = [];
    private readonly Dictionary<string, decimal> _sentToday = [];
    private readonly Dictionary<(string From, string To), DateTime> _pausedUntil = [];
    private readonly List<(string Account, string Currency, decimal Amount)> _toFailed = [];
    private (int Invariant, string Text)? _error;

    public EpisodeTransfers(EpisodeVenues venues, ulong seed, PlantedFaultKind planted)
    {
        _venues = venues;
        var random = new EpisodeRandom(seed, 5);
        var accounts = venues.World.Accounts;
        var target = random.Between(60, 160) / 100m;
        _settings = new TransferSettings
        {
            TargetDistance = target,
            UpperDistance = target + (random.Between(10, 60) / 100m),
            Home = random.Percent(60) ? accounts[random.Between(0, accounts.Count - 1)].Name : null,
            CarryRate = 100m,
            FeeMultiple = 2m,
            DailyCap = random.Percent(50) ? random.Between(5, 60) * 1000m : null,
            FailurePause = TimeSpan.FromSeconds(random.Between(10, 40)),
            ReviewEvery = TimeSpan.FromSeconds(random.Between(1, 4)),
        };
        var routes = new List<TransferRoute>();
        foreach (var from in accounts)
        {
            foreach (var to in accounts)
            {
                if (from.Market == to.Market)
                {
                    continue;
                }

                foreach (var currency in Currencies)
                {
                    routes.Add(new TransferRoute(from.Name, to.Name, currency, TimeSpan.FromSeconds(random.Between(3, 25)), random.Pick(0m, 1m, 2.5m), random.Pick(0m, 10m)));
                }
            }
        }

        _routes = new TransferRoutes(accounts, routes);
        _agent = new PlantedTransfers(new SimulatedTransferAgent(venues.Ledger, venues.Trouble), planted);
        _desk = new TransferDesk(_settings, venues.World.Settings, _routes, _agent, Look);
        venues.Travelled = Advance;
    }

    /// <summary>What is wrong; null if nothing is.</summary>
    public (int Invariant, string Text)? Error => _error;

    /// <summary>When money last left, arrived or came back, UTC.</summary>
    public DateTime LastUtc { get; private set; }

    /// <summary>Whether money of a venue travels, and whether it comes to it.</summary>
    public bool? ComesTo(string market)
    {
        foreach (var travelling in _travelling)
        {
            if (travelling.ToMarket == market || travelling.FromMarket == market)
            {
                return travelling.ToMarket == market;
            }
        }

        return null;
    }

    /// <summary>
    /// Looks whether money is needed, when the accounts are up to date. Not where the book has to come to rest: what
    /// arrives makes room for hedges that were waiting for it.
    /// </summary>
    public void Review()
    {
        if (_venues.Tick is < EpisodePlan.LastFault - 26 or (>= EpisodePlan.SecondChanges and < EpisodePlan.SecondChanges + 12))
        {
            _desk.Review(_venues.NowUtc);
        }
    }

    /// <summary>What travels to an account, by our own record.</summary>
    public decimal InTransit(VenueAccount account, string currency)
    {
        var sum = 0m;
        foreach (var travelling in _travelling)
        {
            sum += travelling.Sent.To == account.Definition.Name && travelling.Sent.Currency == currency ? travelling.Sent.Amount : 0m;
        }

        return sum;
    }

    /// <summary>What came to a venue that had failed is written off as soon as it is there.</summary>
    public bool TakeArrivalAtFailed(WriteOffEntry writeOff, decimal recovery)
    {
        for (var i = 0; i < _toFailed.Count; i++)
        {
            if (_toFailed[i].Account == writeOff.Account && _toFailed[i].Currency == writeOff.Currency && _toFailed[i].Amount * (recovery - 1m) == writeOff.Amount)
            {
                _toFailed.RemoveAt(i);
                return true;
            }
        }

        return false;
    }

    /// <summary>Every second: nothing is forgotten, and what the ledger says travels is what does.</summary>
    public void Check()
    {
        foreach (var travelling in _travelling)
        {
            if (_venues.NowUtc > travelling.DueUtc + TimeSpan.FromSeconds(1) && FateNow(travelling) != TransferFate.Stuck && travelling.WasFreeAt(_venues.NowUtc.AddSeconds(-1)))
            {
                Violate(3, $"{Text(travelling)} was due at {travelling.DueUtc:HH:mm:ss} and has neither arrived nor ended");
            }

            if (FateNow(travelling) == TransferFate.Stuck)
            {
                travelling.StuckUtc = _venues.NowUtc;
            }
        }

        if (_toFailed.Count > 0)
        {
            Violate(3, $"{Text(_toFailed[0].Amount)} {_toFailed[0].Currency} came to {_toFailed[0].Account}, which had failed, and was not written off");
        }

        if (_desk.Open.Count != _travelling.Count)
        {
            Violate(3, $"{_travelling.Count} transfers travel by their entries, and the desk knows of {_desk.Open.Count}");
        }
    }

    /// <summary>Money left.</summary>
    public void Enter(TransferSentEntry sent)
    {
        var (from, to) = (_venues.AccountOf(sent.From), _venues.AccountOf(sent.To));
        var isInternal = from.Definition.Market == to.Definition.Market;
        var route = _routes.Find(sent.From, sent.To, sent.Currency)!;
        var travelling = new Travelling(sent, from.Definition.Market, to.Definition.Market, sent.TimeUtc + route.Time);
        if (sent.Fee != route.Fee)
        {
            Violate(3, $"{Text(travelling)} cost {Text(sent.Fee)}, its way takes {Text(route.Fee)}");
        }

        CheckSender(travelling, from, isInternal);
        CheckReceiver(travelling, to);
        if (!isInternal)
        {
            CheckCap(travelling, from);
        }

        if (_pausedUntil.TryGetValue((sent.From, sent.To), out var until) && sent.TimeUtc < until)
        {
            Violate(3, $"{Text(travelling)} goes a way that failed; it is not used before {until:HH:mm:ss}");
        }

        LastUtc = _venues.NowUtc;
        _travelling.Add(travelling);
        Watch(travelling);
    }

    /// <summary>Money arrived. What of it and where, or null if nothing of the kind travels.</summary>
    public TransferSentEntry? Enter(TransferArrivedEntry arrived)
    {
        var travelling = Take(arrived.Id);
        if (travelling is null)
        {
            Violate(3, $"{arrived.Id} arrived, which does not travel");
            return null;
        }

        CheckEnd(travelling, TransferFate.Arrives);
        NoteFailed(travelling.Sent.To, travelling);
        return travelling.Sent;
    }

    /// <summary>A transfer came back, or is gone. Which, or null if nothing of the kind travels.</summary>
    public TransferSentEntry? Enter(TransferFailedEntry failed)
    {
        var travelling = Take(failed.Id);
        if (travelling is null)
        {
            Violate(3, $"{failed.Id} failed, which does not travel");
            return null;
        }

        if (failed.Returned != 0m && failed.Returned != travelling.Sent.Amount)
        {
            Violate(3, $"of {Text(travelling)} came back {Text(failed.Returned)}");
        }

        CheckEnd(travelling, failed.Returned == 0m ? TransferFate.Lost : TransferFate.Fails);
        _pausedUntil[(travelling.Sent.From, travelling.Sent.To)] = failed.TimeUtc + _settings.FailurePause;
        if (failed.Returned != 0m)
        {
            NoteFailed(travelling.Sent.From, travelling);
        }

        return travelling.Sent;
    }

    private void Advance()
    {
        foreach (var travelling in _travelling)
        {
            Watch(travelling);
        }

        _desk.Advance(_venues.NowUtc);
    }

    /// <summary>The accounts as they stand, and what is known of their venues.</summary>
    private List<TransferAccount> Look()
    {
        var accounts = new List<TransferAccount>(_venues.Ledger.Accounts.Count);
        foreach (var account in _venues.Ledger.Accounts)
        {
            var venue = _venues.VenueOf(account.Definition.Market);
            accounts.Add(_agent.Change(TransferAccount.Of(_venues.Ledger, account) with
            {
                CanWithdraw = venue.Is(Capability.Withdraw) && venue.Told[(int)Capability.Withdraw] == HealthState.Healthy,
                CanMoveWithin = venue.Is(Capability.Trade) && venue.Told[(int)Capability.Trade] != HealthState.Down,
                CanReceive = venue.FailedUtc is null,
            }));
        }

        return accounts;
    }

    /// <summary>Nobody sends what margin needs, nor goes below what a donor keeps.</summary>
    private void CheckSender(Travelling travelling, VenueAccount from, bool isInternal)
    {
        var sent = travelling.Sent;
        var venue = _venues.VenueOf(from.Definition.Market);
        if (venue.FailedUtc is not null || !(isInternal ? venue.Is(Capability.Trade) : venue.Is(Capability.Withdraw)))
        {
            Violate(7, $"{Text(travelling)} leaves {venue.Market}, which pays nothing out");
        }

        foreach (var balance in from.Balances)
        {
            if (balance.Currency == sent.Currency && balance.Free < -Tolerance)
            {
                Violate(4, $"{Text(travelling)} leaves {Text(balance.Free)} free: more than could be withdrawn");
            }
        }

        var seen = TransferAccount.Of(_venues.Ledger, from);
        for (var i = 0; i < from.Pools.Count; i++)
        {
            var pool = from.Pools[i];
            if (seen.Pools[i].ShareOf(sent.Currency) <= 0m)
            {
                continue;
            }

            if (pool.Equity - pool.InitialMargin - seen.Pools[i].Held < -Tolerance)
            {
                Violate(4, $"{Text(travelling)} takes money that margin needs: {Text(pool.Equity - pool.InitialMargin - seen.Pools[i].Held)} is left");
            }

            if (pool.Slope > 0m && pool.Room - seen.Pools[i].Held < (_settings.TargetDistance * pool.Slope) - 0.05m)
            {
                Violate(4, $"{Text(travelling)} brings its sender below the distance that a donor keeps: {Text((pool.Room - seen.Pools[i].Held) / pool.Slope)} of {Text(_settings.TargetDistance)}");
            }
        }
    }

    /// <summary>What travels already is counted: nothing is sent twice for one need.</summary>
    private void CheckReceiver(Travelling travelling, VenueAccount to)
    {
        var sent = travelling.Sent;
        if (_venues.VenueOf(to.Definition.Market).FailedUtc is not null)
        {
            Violate(7, $"{Text(travelling)} goes to {to.Definition.Market}, which has failed");
        }

        if (sent.To == _settings.Home)
        {
            return;
        }

        var seen = TransferAccount.Of(_venues.Ledger, to);
        var isNeeded = false;
        for (var i = 0; i < to.Pools.Count; i++)
        {
            var room = to.Pools[i].Room;
            foreach (var currency in Currencies)
            {
                room += InTransit(to, currency) * seen.Pools[i].ShareOf(currency);
            }

            isNeeded |= seen.Pools[i].ShareOf(sent.Currency) > 0m && room < _settings.TargetDistance * to.Pools[i].Slope;
        }

        if (!isNeeded)
        {
            Violate(3, $"{Text(travelling)} answers a need that what travels answers already");
        }
    }

    private void CheckCap(Travelling travelling, VenueAccount from)
    {
        var sent = travelling.Sent;
        var rate = 1m;
        foreach (var balance in from.Balances)
        {
            rate = balance.Currency == sent.Currency ? balance.Rate : rate;
        }

        var sum = _sentToday.GetValueOrDefault(sent.From) + (sent.Amount * rate);
        _sentToday[sent.From] = sum;
        if (_settings.CapOf(sent.From) is { } cap && sum > cap + Tolerance)
        {
            Violate(3, $"{Text(travelling)} brings what left {sent.From} today to {Text(sum)}; its cap is {Text(cap)}");
        }
    }

    /// <summary>Whether a transfer may end so, now.</summary>
    private void CheckEnd(Travelling travelling, TransferFate end)
    {
        var expected = FateNow(travelling) == TransferFate.Stuck ? TransferFate.Stuck : travelling.Doom ?? FateNow(travelling);
        if (_venues.NowUtc < travelling.DueUtc)
        {
            Violate(3, $"{Text(travelling)} ended before it was due, at {travelling.DueUtc:HH:mm:ss}");
        }
        else if (end != expected)
        {
            Violate(3, $"{Text(travelling)} ended: {end}; expected was {expected}");
        }
    }

    private void NoteFailed(string account, Travelling travelling)
    {
        var venue = _venues.VenueOf(_venues.AccountOf(account).Definition.Market);
        if (venue.FailedUtc is { } failed && failed < _venues.NowUtc && venue.Recovery < 1m)
        {
            _toFailed.Add((account, travelling.Sent.Currency, travelling.Sent.Amount));
        }
    }

    /// <summary>A transfer that once was to fail or to be lost does so when it is due.</summary>
    private void Watch(Travelling travelling)
    {
        if (FateNow(travelling) is var fate and (TransferFate.Fails or TransferFate.Lost))
        {
            travelling.Doom ??= fate;
        }
    }

    /// <summary>By the scenario's events themselves, the last that fits.</summary>
    private TransferFate FateNow(Travelling travelling)
    {
        var fate = TransferFate.Arrives;
        foreach (var what in _venues.Trouble.Active)
        {
            if ((what.Venue is null || what.Venue == travelling.FromMarket) && (what.To is null || what.To == travelling.ToMarket))
            {
                fate = what.Kind == ScenarioKind.TransferStuck ? TransferFate.Stuck
                    : what.Kind == ScenarioKind.TransferFailed ? TransferFate.Fails
                    : what.Kind == ScenarioKind.TransferLost ? TransferFate.Lost
                    : fate;
            }
        }

        return fate;
    }

    private Travelling? Take(string id)
    {
        var at = _travelling.FindIndex(travelling => travelling.Sent.Id == id);
        if (at < 0)
        {
            return null;
        }

        LastUtc = _venues.NowUtc;
        var travelling = _travelling[at];
        _travelling.RemoveAt(at);
        return travelling;
    }

    private void Violate(int invariant, string text) => _error ??= (invariant, text);

    private static string Text(Travelling travelling)
        => $"{travelling.Sent.Id} of {Text(travelling.Sent.Amount)} {travelling.Sent.Currency} from {travelling.Sent.From} to {travelling.Sent.To}";

    private static string Text(decimal value) => value.ToString("0.############", CultureInfo.InvariantCulture);

    /// <summary>A transfer by our own record.</summary>
    private sealed class Travelling(TransferSentEntry sent, string fromMarket, string toMarket, DateTime dueUtc)
    {
        public TransferSentEntry Sent => sent;

        public string FromMarket => fromMarket;

        public string ToMarket => toMarket;

        public DateTime DueUtc => dueUtc;

        /// <summary>How it will end, if anything that is for good has struck it.</summary>
        public TransferFate? Doom { get; set; }

        /// <summary>When it was last stuck, UTC.</summary>
        public DateTime StuckUtc { get; set; } = DateTime.MinValue;

        public bool WasFreeAt(DateTime utc) => StuckUtc < utc;
    }
}

/// <summary>Stands between desk and agent and, where a test plants a fault of transfers, does one thing wrong.</summary>
internal sealed class PlantedTransfers(ITransferAgent inner, PlantedFaultKind kind) : ITransferAgent
{
    /// <inheritdoc />
    public IReadOnlyList<OpenTransfer> Open => inner.Open;

    /// <inheritdoc />
    public void Request(string id, PlannedTransfer transfer, DateTime utcNow)
    {
        inner.Request(id, transfer, utcNow);
        if (kind == PlantedFaultKind.TransferPlannedTwice)
        {
            inner.Request(id + " again", transfer, utcNow);
        }
    }

    /// <inheritdoc />
    public void Advance(DateTime utcNow, List<EndedTransfer> ended)
    {
        inner.Advance(utcNow, ended);
        if (kind == PlantedFaultKind.TransferForgottenAtFailure)
        {
            ended.RemoveAll(static transfer => transfer.End is TransferEnd.Failed or TransferEnd.Lost);
        }
    }

    /// <summary>What the planner is shown of an account.</summary>
    public TransferAccount Change(TransferAccount account)
    {
        if (kind != PlantedFaultKind.TransferCountedAtBothEnds)
        {
            return account;
        }

        foreach (var open in inner.Open)
        {
            if (open.Planned.Route.From == account.Name)
            {
                var (currency, amount) = (open.Planned.Route.Currency, open.Planned.Amount);
                account = account with
                {
                    Balances = [.. Changed(account.Balances, currency, amount)],
                    Pools = [.. Changed(account.Pools, currency, amount)],
                };
            }
        }

        return account;
    }

    private static IEnumerable<TransferBalance> Changed(IReadOnlyList<TransferBalance> balances, string currency, decimal amount)
    {
        foreach (var balance in balances)
        {
            yield return balance.Currency == currency ? balance with { Withdrawable = balance.Withdrawable + amount } : balance;
        }
    }

    private static IEnumerable<TransferPool> Changed(IReadOnlyList<TransferPool> pools, string currency, decimal amount)
    {
        foreach (var pool in pools)
        {
            yield return pool with { Room = pool.Room + (amount * pool.ShareOf(currency)) };
        }
    }
}
