#nullable enable
using System;
using System.Runtime.CompilerServices;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Exchange;

/// <summary>What became of one funding boundary.</summary>
public enum FundingOutcome
{
    /// <summary>A fresh rate was applied.</summary>
    Settled,

    /// <summary>The last rate belongs to an earlier interval: it was dropped, and what the venue charged is unknown.</summary>
    Stale,

    /// <summary>There was never a rate: what the venue charged is unknown.</summary>
    Unknown,
}

/// <summary>
/// The funding of one perpetual: at each boundary of the venue's schedule the position held just before it pays or
/// receives quantity times mark times rate; a positive rate is paid by longs.
/// </summary>
/// <param name="instrument">The perpetual.</param>
/// <param name="schedule">The venue's schedule.</param>
public sealed class FundingClock(Instrument instrument, FundingSchedule schedule)
{
    private DateTime _doneUntilUtc = DateTime.MinValue;

    /// <summary>
    /// The next boundary that is due and not yet done, the first one after a position was opened included; null if none
    /// is. The first call starts the clock: a boundary at that very time is due.
    /// </summary>
    /// <param name="timeUtc">UTC; does not go back.</param>
    /// <param name="interval">An interval that takes the place of the schedule's, counted from midnight UTC; null: the schedule's.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public DateTime? TakeDue(DateTime timeUtc, TimeSpan? interval = null)
    {
        if (_doneUntilUtc == DateTime.MinValue)
        {
            _doneUntilUtc = timeUtc.AddTicks(-1);
        }

        var boundary = interval is { } other
            ? new FundingSchedule(other).NextBoundary(instrument.Id.Ticker, _doneUntilUtc)
            : schedule.NextBoundary(instrument.Id.Ticker, _doneUntilUtc);
        if (boundary > timeUtc)
        {
            // An interval that begins now has no boundaries before.
            _doneUntilUtc = timeUtc;
            return null;
        }

        _doneUntilUtc = boundary;
        return boundary;
    }

    /// <summary>Settles a boundary.</summary>
    /// <param name="boundaryUtc">From <see cref="TakeDue"/>.</param>
    /// <param name="position">The position held just before the boundary.</param>
    /// <param name="mark">Mark price at the boundary, in the settlement currency.</param>
    /// <param name="rate">The last rate, or null if there never was one.</param>
    /// <param name="rateUtc">The end of the interval that it was published for, UTC.</param>
    /// <param name="entry">What to book, if settled and not zero.</param>
    /// <param name="paidEvery">An interval that takes the place of the schedule's: the rate, which is for the schedule's own, counts in proportion. Null: the schedule's.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public FundingOutcome Settle(DateTime boundaryUtc, decimal position, decimal mark, decimal? rate, DateTime rateUtc, out FundingEntry? entry, TimeSpan? paidEvery = null)
    {
        entry = null;
        if (rate is not { } known)
        {
            return FundingOutcome.Unknown;
        }

        var interval = schedule.IntervalAfter(instrument.Id.Ticker, boundaryUtc.AddTicks(-1));
        if (rateUtc <= boundaryUtc - interval || rateUtc > boundaryUtc)
        {
            return FundingOutcome.Stale;
        }

        if (paidEvery is { } other)
        {
            known = known * other.Ticks / interval.Ticks;
        }

        var amount = -(position * instrument.ContractMultiplier * mark * known);
        if (amount != 0m)
        {
            entry = new FundingEntry(boundaryUtc, instrument.Id, position, mark, known, amount);
        }

        return FundingOutcome.Settled;
    }
}
