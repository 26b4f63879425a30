#nullable enable
using System;
using System.Collections.Generic;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Exchange;

/// <summary>A fee schedule at work: counts the traded notional of the last 30 days, and charges what that volume costs.</summary>
/// <param name="schedule">The fees.</param>
public sealed class FeeMeter(FeeSchedule schedule)
{
    private readonly Queue<(DateTime Day, decimal Notional)> _days = [];
    private DateTime _today;
    private decimal _todayNotional;
    private decimal _past;

    /// <summary>The fee rate of the next fill, before it counts itself.</summary>
    /// <param name="timeUtc">UTC; does not go back.</param>
    /// <param name="isMaker">Whether it rested in the book.</param>
    public decimal RateAt(DateTime timeUtc, bool isMaker)
    {
        Advance(timeUtc.Date);
        var row = schedule.At(_past + _todayNotional);
        return isMaker ? row.Maker : row.Taker;
    }

    /// <summary>Counts a fill.</summary>
    /// <param name="timeUtc">UTC; does not go back.</param>
    /// <param name="notional">In the settlement currency; positive.</param>
    public void Count(DateTime timeUtc, decimal notional)
    {
        Advance(timeUtc.Date);
        _todayNotional += notional;
    }

    private void Advance(DateTime day)
    {
        if (day <= _today)
        {
            return;
        }

        if (_todayNotional != 0m)
        {
            _days.Enqueue((_today, _todayNotional));
            _past += _todayNotional;
            _todayNotional = 0m;
        }

        _today = day;
        while (_days.Count > 0 && _days.Peek().Day <= day.AddDays(-30))
        {
            _past -= _days.Dequeue().Notional;
        }
    }
}
