#nullable enable
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.RealityModels;

/// <summary>
/// In a live run the accounts are those of the venues: they begin with what the venues report, follow our own orders by
/// their events, and where the venues go on reporting something else, that counts.
/// </summary>
/// <param name="ledger">Our own books of the accounts.</param>
/// <param name="venues">What the venues say.</param>
internal sealed class LiveReports(Ledger ledger, ILiveVenues venues)
{
    /// <summary>A report that was asked for so soon after an order event may not know of it yet.</summary>
    private static readonly TimeSpan Settles = TimeSpan.FromSeconds(3);

    /// <summary>So many reports in a row must say the same before it is believed against our own books.</summary>
    private const int ReportsInARow = 3;

    private readonly Dictionary<string, AccountState> _states = [];
    private readonly ConcurrentQueue<FillEntry> _forced = [];

    /// <summary>Told a change of a position that no order event told of: the instrument, by how much, and its average price; last whether it is known where it comes from: the first report, the venue's own word, or that it can only have made a position smaller.</summary>
    public Action<InstrumentId, decimal, decimal, bool>? Found { get; set; }

    /// <summary>Told what an account was credited with that no order explains: the account, the currency and the amount.</summary>
    public Action<string, string, decimal>? Credited { get; set; }

    /// <summary>Told what a person should know.</summary>
    public Action<string>? Noticed { get; set; }

    /// <summary>Whether every account has reported.</summary>
    public bool AreOpen
    {
        get
        {
            lock (_states)
            {
                return ledger.Accounts.All(account => StateOf(account.Definition.Name).IsOpen);
            }
        }
    }

    /// <summary>An order event of an account came.</summary>
    /// <param name="account">The account.</param>
    /// <param name="utcNow">UTC.</param>
    public void Heard(string account, DateTime utcNow)
    {
        lock (_states)
        {
            var state = StateOf(account);
            state.LastEventUtc = utcNow;
            state.Extend(ledger.Accounts.First(known => known.Definition.Name == account));
        }
    }

    /// <summary>Whether its venue says that an instrument takes exits only.</summary>
    public bool TakesExitsOnly(InstrumentId id) => venues.TakesExitsOnly(id);

    /// <summary>Books what venues told of; whose positions it changes is told by the next <see cref="Tell"/>, so that this can be called while orders are booked.</summary>
    public void Take()
    {
        lock (_states)
        {
            foreach (var (account, entry) in venues.TakeEntries())
            {
                Book(StateOf(account), entry);
            }
        }
    }

    /// <summary>Tells of positions that changed without an order of ours.</summary>
    public void Tell()
    {
        Take();
        while (_forced.TryDequeue(out var forced))
        {
            Found?.Invoke(forced.Instrument, forced.Quantity, forced.Price, true);
        }
    }

    /// <summary>Looks at what venues told of and at the reports that are new.</summary>
    public void Sync()
    {
        Tell();
        lock (_states)
        {
            foreach (var report in venues.Reports())
            {
                var account = ledger.Accounts.FirstOrDefault(account => account.Definition.Name == report.Account);
                if (account is not null && report.IsKnown && StateOf(report.Account) is var state && report.TimeUtc > state.SeenUtc)
                {
                    state.SeenUtc = report.TimeUtc;
                    Look(account, report, state);
                }
            }
        }
    }

    /// <summary>What the venue told of; what happened before the first report is in that.</summary>
    private void Book(AccountState state, LedgerEntry entry)
    {
        if (!state.IsOpen || entry.TimeUtc <= state.OpenedUtc)
        {
            return;
        }

        state.LastEventUtc = entry.TimeUtc > state.LastEventUtc ? entry.TimeUtc : state.LastEventUtc;
        ledger.Post(entry);
        if (entry is FillEntry forced)
        {
            _forced.Enqueue(forced);
        }
    }

    private void Look(VenueAccount account, AccountReport report, AccountState state)
    {
        var positions = PositionsOf(account, report);
        if (!state.IsOpen)
        {
            Open(account, report, positions, state);
            return;
        }

        if (report.TimeUtc - state.LastEventUtc < Settles)
        {
            return;
        }

        var differences = Differences(account, report, positions);
        if (differences.Length == 0)
        {
            state.Agree(account);
            state.Suspicion = "";
            return;
        }

        state.Times = differences == state.Suspicion ? state.Times + 1 : 1;
        state.Suspicion = differences;
        if (state.Times < ReportsInARow)
        {
            return;
        }

        state.Suspicion = "";
        foreach (var (currency, amount) in report.Balances)
        {
            var credit = amount - (account.Balances.FirstOrDefault(balance => balance.Currency == currency)?.Total ?? 0m);
            if (credit > 0m)
            {
                Credited?.Invoke(account.Definition.Name, currency, credit);
            }
        }

        Noticed?.Invoke($"{account.Definition.Name} reports what no order of ours explains, and is taken at its word: {differences}.");
        Believe(account, report, positions, state);
    }

    /// <summary>The first report. Coins are taken over once they have a price; the desk knows of them at once.</summary>
    private void Open(VenueAccount account, AccountReport report, ReportedPosition[] positions, AccountState state)
    {
        foreach (var position in positions)
        {
            var told = state.Told.GetValueOrDefault(position.Instrument);
            if (position.Quantity != told)
            {
                state.Told[position.Instrument] = position.Quantity;
                Found?.Invoke(position.Instrument, position.Quantity - told, position.AveragePrice, true);
            }
        }

        if (Array.Exists(positions, position => position.Quantity != 0m && position.AveragePrice == 0m))
        {
            return;
        }

        state.IsOpen = true;
        state.OpenedUtc = report.TimeUtc;
        ledger.Post(new ReportEntry(report.TimeUtc, account.Definition.Name, report.Balances, positions, IsOpening: true));
    }

    private void Believe(VenueAccount account, AccountReport report, ReportedPosition[] positions, AccountState state)
    {
        var changes = positions
            .Select(position => (position.Instrument, Change: position.Quantity - ledger.Find(position.Instrument)!.Quantity, position.AveragePrice))
            .Where(change => change.Change != 0m)
            .ToArray();
        state.Extend(account);
        ledger.Post(new ReportEntry(report.TimeUtc, account.Definition.Name, report.Balances, positions, IsOpening: false));
        foreach (var (instrument, change, price) in changes)
        {
            Found?.Invoke(instrument, change, price, state.MayHaveShrunk(instrument, change));
        }

        state.Agree(account);
    }

    /// <summary>The positions that we know instruments of: perpetuals as reported, of coins the balance without what is excluded.</summary>
    private static ReportedPosition[] PositionsOf(VenueAccount account, AccountReport report)
        => account.Positions.Select(position =>
        {
            if (position.CoinCurrency is not { } coin)
            {
                var reported = report.Positions.FirstOrDefault(held => held.Instrument == position.Instrument.Id);
                return new ReportedPosition(position.Instrument.Id, reported.Quantity, reported.AveragePrice == 0m ? position.Mark : reported.AveragePrice);
            }

            // A coin that several pairs trade is held by the first of them.
            var isFirst = account.Positions.First(other => other.CoinCurrency == coin) == position;
            var excluded = account.Definition.Excluded.FirstOrDefault(entry => entry.Currency == coin).Amount;
            var held = isFirst ? Math.Max(0m, report.Balances.FirstOrDefault(balance => balance.Currency == coin).Amount - excluded) : 0m;
            return new ReportedPosition(position.Instrument.Id, held, position.AverageCost != 0m ? position.AverageCost : position.Mark);
        }).ToArray();

    private string Differences(VenueAccount account, AccountReport report, ReportedPosition[] positions)
    {
        var balances = report.Balances.Select(balance => balance.Currency)
            .Union(account.Balances.Select(balance => balance.Currency))
            .Select(currency => (
                Name: currency,
                Theirs: report.Balances.FirstOrDefault(balance => balance.Currency == currency).Amount,
                Ours: account.Balances.FirstOrDefault(balance => balance.Currency == currency)?.Total ?? 0m));
        var quantities = positions.Select(position => (Name: position.Instrument.ToString(), Theirs: position.Quantity, Ours: ledger.Find(position.Instrument)!.Quantity));
        return string.Join(", ", balances.Concat(quantities).Where(pair => pair.Theirs != pair.Ours).Select(pair => FormattableString.Invariant($"{pair.Theirs} {pair.Name} instead of {pair.Ours}")));
    }

    private AccountState StateOf(string account)
    {
        if (!_states.TryGetValue(account, out var state))
        {
            _states.Add(account, state = new AccountState());
        }

        return state;
    }

    private sealed class AccountState
    {
        /// <summary>Between what each position was, by our books, since they last agreed with a report.</summary>
        private readonly Dictionary<InstrumentId, (decimal Low, decimal High)> _since = [];

        /// <summary>Our books and the report say the same.</summary>
        public void Agree(VenueAccount account)
        {
            _since.Clear();
            Extend(account);
        }

        /// <summary>Positions may have changed.</summary>
        public void Extend(VenueAccount account)
        {
            foreach (var position in account.Positions)
            {
                var (low, high) = _since.GetValueOrDefault(position.Instrument.Id, (position.Quantity, position.Quantity));
                _since[position.Instrument.Id] = (Math.Min(low, position.Quantity), Math.Max(high, position.Quantity));
            }
        }

        /// <summary>
        /// Whether a change can have made a position smaller when it happened, as a liquidation does: it may be told only when
        /// our own orders have made that position smaller too.
        /// </summary>
        public bool MayHaveShrunk(InstrumentId id, decimal change)
        {
            var (low, high) = _since.GetValueOrDefault(id);
            return change > 0m ? change <= -low : -change <= high;
        }

        public Dictionary<InstrumentId, decimal> Told { get; } = [];

        public DateTime SeenUtc { get; set; } = DateTime.MinValue;

        public DateTime LastEventUtc { get; set; } = DateTime.MinValue;

        public bool IsOpen { get; set; }

        public DateTime OpenedUtc { get; set; } = DateTime.MinValue;

        public string Suspicion { get; set; } = "";

        public int Times { get; set; }
    }
}
