#nullable enable
using System;
using System.Collections.Generic;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.RealityModels;

namespace CrossHedgeLean.Framework;

/// <summary>
/// A run over time, for whoever draws it: about a row an hour of each account, group, leg and venue, with the extremes of all
/// steps in between, and every naked interval and funding payment. It decides and changes nothing, so a run with it is the
/// same run; it costs only the run that asks for it, and its memory does not grow. A backtest's, called by one thread.
/// </summary>
/// <param name="sink">Gets each row, per file in the order of time.</param>
public sealed class RunSeries(Action<SeriesRow> sink)
{
    private readonly List<AccountHour> _accounts = [];
    private readonly List<GroupHour> _groups = [];
    private readonly List<ProfitRow> _profit = [];
    private IReadOnlyList<VenueLoss> _losses = [];
    private decimal[] _highestLosses = [];
    private Ledger _ledger = null!;
    private DateTime _hourEndUtc;
    private DateTime _profitDueUtc;
    private DateTime _lastUtc;
    private long _steps;

    internal void Start(SimulatedAccounts accounts, IReadOnlyList<GroupController> groups, IReadOnlyList<VenueLoss> losses, TimeSpan bar)
    {
        _ledger = accounts.Ledger;
        _losses = losses;
        _highestLosses = new decimal[losses.Count];
        foreach (var account in _ledger.Accounts)
        {
            _accounts.Add(new AccountHour(account));
        }

        foreach (var group in groups)
        {
            _groups.Add(new GroupHour(group, bar));
        }
    }

    /// <summary>The ledger booked an entry.</summary>
    internal void Booked(LedgerEntry entry)
    {
        if (entry is FundingEntry funding)
        {
            sink(new FundingRow(
                funding.TimeUtc, funding.Instrument.ToString(), funding.Quantity, funding.Mark, funding.Rate, funding.Amount,
                _ledger.Find(funding.Instrument)!.Instrument.SettlementCurrency));
        }
    }

    /// <summary>A time step ended.</summary>
    /// <param name="timeUtc">UTC; steps come in order.</param>
    /// <param name="isAccounted">
    /// Whether profit was just made up, as it is after each entry and at least once an hour: to ask for it at other steps could
    /// round its sums elsewhere, and the run need not be the same to the last digit.
    /// </param>
    internal void StepEnded(DateTime timeUtc, bool isAccounted)
    {
        if (timeUtc >= _hourEndUtc)
        {
            EndHour();
            _hourEndUtc = timeUtc.Date.AddHours(timeUtc.Hour + 1);
        }

        _lastUtc = timeUtc;
        _steps++;
        for (var i = 0; i < _accounts.Count; i++)
        {
            _accounts[i].Observe(timeUtc);
        }

        for (var i = 0; i < _groups.Count; i++)
        {
            _groups[i].Observe(timeUtc, sink);
        }

        for (var i = 0; i < _highestLosses.Length; i++)
        {
            _highestLosses[i] = Math.Max(_highestLosses[i], _losses[i].Now);
        }

        if (isAccounted && timeUtc >= _profitDueUtc)
        {
            _profitDueUtc = timeUtc.Date.AddHours(timeUtc.Hour + 1);
            MakeUpProfit();
        }
    }

    /// <summary>The run ended: writes what is still open.</summary>
    internal void Finish()
    {
        if (_steps == 0)
        {
            return;
        }

        EndHour();
        MakeUpProfit();
        WriteProfit();
        foreach (var group in _groups)
        {
            group.Finish(sink);
        }
    }

    private void EndHour()
    {
        if (_steps == 0)
        {
            return;
        }

        foreach (var account in _accounts)
        {
            account.End(sink);
        }

        foreach (var group in _groups)
        {
            group.End(sink);
        }

        for (var i = 0; i < _highestLosses.Length; i++)
        {
            sink(new LossRow(_lastUtc, _losses[i].Market, _losses[i].Now, _highestLosses[i]));
            _highestLosses[i] = _losses[i].Now;
        }
    }

    /// <summary>The run may end at the very step whose profit was just made up: what it then is takes the place of that.</summary>
    private void MakeUpProfit()
    {
        if (_profit.Count > 0 && _profit[0].TimeUtc != _lastUtc)
        {
            WriteProfit();
        }

        _profit.Clear();
        foreach (var account in _ledger.Accounts)
        {
            _profit.Add(new ProfitRow(_lastUtc, account.Definition.Name, _ledger.ProfitOf(account)));
        }
    }

    private void WriteProfit() => _profit.ForEach(sink);

    private sealed class AccountHour(VenueAccount account)
    {
        private AccountExtremesRow? _row;

        public void Observe(DateTime timeUtc)
        {
            decimal? distance = null;
            for (var i = 0; i < account.Pools.Count; i++)
            {
                distance = Least(distance, account.Pools[i].Distance(out _));
            }

            var (equity, margin) = (account.Equity, account.InitialMargin);
            _row = _row is null
                ? new AccountExtremesRow(timeUtc, timeUtc, account.Definition.Name, equity, equity, margin, distance)
                : _row with
                {
                    UntilUtc = timeUtc,
                    LowestEquity = Math.Min(_row.LowestEquity, equity),
                    HighestEquity = Math.Max(_row.HighestEquity, equity),
                    HighestInitialMargin = Math.Max(_row.HighestInitialMargin, margin),
                    LowestDistance = Least(_row.LowestDistance, distance),
                };
        }

        public void End(Action<SeriesRow> sink)
        {
            if (_row is not null)
            {
                sink(_row);
                _row = null;
            }
        }

        private static decimal? Least(decimal? one, decimal? other) => one is { } known && !(other < known) ? known : other;
    }

    private sealed class GroupHour
    {
        private readonly GroupController _group;
        private readonly LegHour[] _legs;
        private GroupRow? _row;
        private NakedRow? _naked;
        private long _intervals;

        public GroupHour(GroupController group, TimeSpan bar)
        {
            _group = group;
            _legs = new LegHour[group.Legs.Count];
            for (var i = 0; i < _legs.Length; i++)
            {
                _legs[i] = new LegHour(group.Group.Name, group.Primary, group.Legs[i], bar);
            }
        }

        public void Observe(DateTime timeUtc, Action<SeriesRow> sink)
        {
            var (residual, tolerance) = _group.Desk.Residual(timeUtc);
            _row = _row is null
                ? new GroupRow(timeUtc, timeUtc, _group.Group.Name, residual, tolerance, residual, residual)
                : _row with { UntilUtc = timeUtc, Residual = residual, Tolerance = tolerance, Lowest = Math.Min(_row.Lowest, residual), Highest = Math.Max(_row.Highest, residual) };
            ObserveNaked(timeUtc, residual, tolerance, sink);
            for (var i = 0; i < _legs.Length; i++)
            {
                _legs[i].Observe(timeUtc);
            }
        }

        public void End(Action<SeriesRow> sink)
        {
            if (_row is not null)
            {
                sink(_row);
                _row = null;
            }

            foreach (var leg in _legs)
            {
                leg.End(sink);
            }
        }

        public void Finish(Action<SeriesRow> sink)
        {
            if (_naked is not null)
            {
                sink(_naked);
                _naked = null;
            }

            foreach (var leg in _legs)
            {
                leg.Finish(sink);
            }
        }

        private void ObserveNaked(DateTime timeUtc, decimal residual, decimal tolerance, Action<SeriesRow> sink)
        {
            var isOutside = Math.Abs(residual) > tolerance;
            var reason = _group.Desk.Decision?.Reason ?? UnhedgedReason.None;
            if (_naked is { } open && (!isOutside || reason != open.Reason))
            {
                sink(open with { UntilUtc = timeUtc, Then = residual });
                _naked = null;
                _intervals -= isOutside ? 1 : 0;
            }

            if (!isOutside)
            {
                return;
            }

            _naked = _naked is null ? new NakedRow(++_intervals, _group.Group.Name, timeUtc, null, reason, residual, tolerance, 1)
                : Math.Abs(residual) > Math.Abs(_naked.Worst) ? _naked with { Worst = residual, Tolerance = tolerance, Steps = _naked.Steps + 1 }
                : _naked with { Steps = _naked.Steps + 1 };
        }
    }

    private sealed class LegHour(string group, HedgedInstrument primary, HedgedInstrument leg, TimeSpan bar)
    {
        private readonly LeadLag _leadLag = new(bar);
        private BasisRow? _row;

        public void Observe(DateTime timeUtc)
        {
            var (primaryPrice, legPrice) = (primary.UnitPrice(primary.Account.Mark), leg.UnitPrice(leg.Account.Mark));
            _leadLag.Observe(timeUtc, primary.Account.Mark, leg.Account.Mark);
            if (primaryPrice == 0m || legPrice == 0m)
            {
                return;
            }

            var basis = (legPrice / primaryPrice) - 1m;
            _row = _row is null
                ? new BasisRow(timeUtc, timeUtc, group, leg.Id.ToString(), primaryPrice, legPrice, basis, basis)
                : _row with { UntilUtc = timeUtc, PrimaryPrice = primaryPrice, LegPrice = legPrice, Lowest = Math.Min(_row.Lowest, basis), Highest = Math.Max(_row.Highest, basis) };
        }

        public void End(Action<SeriesRow> sink)
        {
            if (_row is not null)
            {
                sink(_row);
                _row = null;
            }
        }

        public void Finish(Action<SeriesRow> sink)
        {
            for (var lag = -LeadLag.MostLag; lag <= LeadLag.MostLag; lag++)
            {
                var (pairs, correlation) = _leadLag.At(lag);
                sink(new LeadLagRow(group, leg.Id.ToString(), (long)bar.TotalSeconds, lag, pairs, correlation));
            }
        }
    }
}
