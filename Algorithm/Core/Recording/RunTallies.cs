#nullable enable
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Recording;

/// <summary>Start, end, drawdown and Sharpe ratio of an equity curve, one observation at a time.</summary>
internal sealed class EquityTally
{
    private DateTime _day;
    private decimal _dayStart;
    private decimal _peak;
    private decimal _trough;
    private long _days;
    private double _mean;
    private double _squares;
    private bool _started;

    public decimal Start { get; private set; }

    public decimal End { get; private set; }

    public decimal MaxDrawdown { get; private set; }

    /// <summary>Annualised with 365 days, from the whole days so far and the last, perhaps partial, one.</summary>
    public double Sharpe
    {
        get
        {
            var (days, mean, squares) = WithReturn(DayReturn);
            return days < 2 || squares <= 0d ? 0d : mean / Math.Sqrt(squares / (days - 1)) * Math.Sqrt(365d);
        }
    }

    private double DayReturn => _dayStart == 0m ? 0d : (double)(End / _dayStart - 1m);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Observe(DateTime timeUtc, decimal equity)
    {
        if (!_started)
        {
            _started = true;
            Start = _dayStart = _peak = _trough = equity;
            _day = timeUtc.Date;
        }
        else if (timeUtc.Date != _day)
        {
            (_days, _mean, _squares) = WithReturn(DayReturn);
            _day = timeUtc.Date;
            _dayStart = End;
        }

        End = equity;
        if (equity > _peak)
        {
            _peak = _trough = equity;
        }
        else if (equity < _trough)
        {
            // Only a new low since the peak can be a new drawdown: most steps need no division.
            _trough = equity;
            MaxDrawdown = _peak > 0m ? Math.Max(MaxDrawdown, (_peak - equity) / _peak) : MaxDrawdown;
        }
    }

    /// <summary>Welford's running mean and sum of squared differences with one more return.</summary>
    private (long Days, double Mean, double Squares) WithReturn(double value)
    {
        var days = _days + 1;
        var delta = value - _mean;
        var mean = _mean + (delta / days);
        return (days, mean, _squares + (delta * (value - mean)));
    }
}

/// <summary>One account over a run: how near it came to liquidation, and how much margin it used.</summary>
internal sealed class AccountTally(VenueAccount account)
{
    private bool _hasWorst;
    private decimal _worst;
    private DateTime _worstUtc;
    private AccountPosition? _worstPosition;
    private long _seen = -1;
    private long _calm = -1;

    public VenueAccount Account => account;

    public decimal MaxInitialMargin { get; private set; }

    public WorstDistance? Worst => _worstPosition is null ? null : new WorstDistance(_worst, _worstPosition.Instrument.Id.ToString(), _worstUtc);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Observe(DateTime timeUtc)
    {
        if (_seen == account.Version || _calm == account.CalmVersion)
        {
            return;
        }

        _seen = account.Version;
        var isCalm = true;
        for (var i = 0; i < account.Pools.Count; i++)
        {
            var pool = account.Pools[i];
            if ((!_hasWorst || pool.IsNearer(_worst)) && pool.Distance(out var nearest) is { } distance)
            {
                _hasWorst = true;
                _worst = distance;
                _worstUtc = timeUtc;
                _worstPosition = nearest;
            }

            isCalm &= pool.IsFartherWhileCalm(_hasWorst ? _worst : decimal.MaxValue);
        }

        if (account.InitialMarginAtMost > MaxInitialMargin)
        {
            isCalm = false;
            MaxInitialMargin = Math.Max(MaxInitialMargin, account.InitialMargin);
        }

        // What is bounded, and no worse than the worst, stays so.
        _calm = isCalm ? account.CalmVersion : -1;
    }
}

/// <summary>Counts how often each invariant was checked and how often it did not hold.</summary>
public sealed class InvariantTally
{
    private readonly List<string> _violations = [];
    private long _checked;
    private long _violated;

    /// <summary>The first violations, each with its figures.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Counts one check; the caller tells a violation by <see cref="Violated"/>.</summary>
    /// <param name="condition">Whether the invariant holds.</param>
    /// <returns><paramref name="condition"/>.</returns>
    public bool Holds(bool condition)
    {
        _checked++;
        return condition;
    }

    /// <summary>Counts one violation.</summary>
    /// <param name="name">The invariant.</param>
    /// <param name="what">What was wrong, with its figures.</param>
    public void Violated(string name, string what)
    {
        _violated++;
        if (_violations.Count < 20)
        {
            _violations.Add($"{name}: {what}");
        }
    }

    /// <summary>The counts so far.</summary>
    public InvariantSummary Summarize() => new(_checked, _violated, _violations.ToArray());
}

/// <summary>The invariants over a run.</summary>
/// <param name="Checked">Checks made.</param>
/// <param name="Violated">Checks that failed; 0 in a sound run.</param>
/// <param name="Violations">The first of them, each with its figures.</param>
public sealed record InvariantSummary(long Checked, long Violated, IReadOnlyList<string> Violations);

/// <summary>What goes wrong in a run, as it happens.</summary>
internal sealed class TroubleTally
{
    private readonly List<ScenarioSummary> _scenario = [];
    private readonly List<HealthSummary> _health = [];
    private readonly List<TransferSummary> _transfers = [];
    private readonly List<WriteOffSummary> _writeOffs = [];

    public void Happened(ScenarioSummary what) => _scenario.Add(what);

    public void Health(DateTime timeUtc, HealthChanged change)
    {
        var open = _health.FindIndex(band => band.UntilUtc is null && band.Venue == change.Venue && band.Capability == change.Capability);
        if (open >= 0)
        {
            _health[open] = _health[open] with { UntilUtc = timeUtc };
        }

        // Before its first data a venue is not yet seen: that is no trouble.
        if (change.State is not (HealthState.Healthy or HealthState.Unseen))
        {
            _health.Add(new HealthSummary(change.Venue, change.Capability, change.State, change.Reason, timeUtc, null));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Booked(LedgerEntry entry)
    {
        switch (entry)
        {
            case TransferSentEntry sent:
                _transfers.Add(new TransferSummary(sent.Id, sent.From, sent.To, sent.Currency, sent.Amount, sent.Fee, sent.TimeUtc, null, false, 0m));
                break;
            case TransferArrivedEntry arrived:
                End(arrived.Id, transfer => transfer with { EndedUtc = arrived.TimeUtc, Arrived = true });
                break;
            case TransferFailedEntry failed:
                End(failed.Id, transfer => transfer with { EndedUtc = failed.TimeUtc, Returned = failed.Returned });
                break;
            case WriteOffEntry writeOff:
                _writeOffs.Add(new WriteOffSummary(writeOff.TimeUtc, writeOff.Account, writeOff.Currency, writeOff.Amount));
                break;
        }
    }

    public TroubleSummary Summarize() => new([.. _scenario], [.. _health], [.. _transfers], [.. _writeOffs]);

    private void End(string id, Func<TransferSummary, TransferSummary> end)
    {
        var at = _transfers.FindIndex(transfer => transfer.Id == id);
        if (at >= 0)
        {
            _transfers[at] = end(_transfers[at]);
        }
    }
}
