#nullable enable
using System;
using System.Collections.Generic;
using QuantConnect.Algorithm;
using QuantConnect.Algorithm.Framework.Alphas;
using QuantConnect.Data;

namespace CrossHedgeLean.Framework.Strategies;

/// <summary>
/// A strategy that does whatever it likes, to show that the hedge holds all the same: each day, seeded, 60 trades of
/// each primary by noon and 12 after it, as direct market orders, limit orders and scheduled events; buys, sells and
/// closes to zero between 0.0007 and 1.3 coins. With a pace its days are shorter, so that something happens while one
/// watches it live.
/// </summary>
public sealed class ChurnAlphaModel : AlphaModel
{
    private const int TradesByNoon = 60;
    private const int TradesAfterNoon = 12;
    private const int MinutesOfHalfDay = 12 * 60;
    private const double SmallestTrade = 0.0007;
    private const double LargestTrade = 1.3;
    private const decimal LargestPosition = 4m;

    private readonly HedgeController _controller;
    private readonly Random _random;
    private readonly Queue<PlannedTrade> _plan = new();
    private readonly TimeSpan _minute;
    private DateTime _plannedDay;
    private bool _hasBegun;

    /// <summary>Creates the strategy and plans its first day, because scheduled events are set in Initialize.</summary>
    /// <param name="algorithm">The algorithm, in Initialize, with its start date set.</param>
    /// <param name="controller">What <see cref="CrossHedge.Setup"/> returned.</param>
    /// <param name="seed">Seed of all draws.</param>
    /// <param name="minute">How long a minute of the plan takes.</param>
    public ChurnAlphaModel(QCAlgorithm algorithm, HedgeController controller, int seed, TimeSpan minute)
    {
        _controller = controller;
        _random = new Random(seed);
        Name = nameof(ChurnAlphaModel);
        _minute = minute;
        PlanDay(algorithm, DayOf(algorithm.LiveMode ? algorithm.UtcTime : algorithm.StartDate.Date));
    }

    private enum Kind
    {
        Market,
        Limit,
        Scheduled,
    }

    /// <inheritdoc />
    public override IEnumerable<Insight> Update(QCAlgorithm algorithm, Slice data)
    {
        var now = algorithm.UtcTime;
        if (DayOf(now) > _plannedDay && now > DayOf(now))
        {
            PlanDay(algorithm, DayOf(now));
        }

        // A live run begins somewhere in the day; what it has missed of it is not made up for.
        var isMissed = algorithm.LiveMode && !_hasBegun;
        _hasBegun = true;
        while (_plan.TryPeek(out var trade) && trade.TimeUtc <= now)
        {
            _plan.Dequeue();
            if (!isMissed)
            {
                Trade(algorithm, trade);
            }
        }

        return [];
    }

    /// <summary>The beginning of the strategy's day, which may be shorter than a day.</summary>
    private DateTime DayOf(DateTime timeUtc) => timeUtc.Date + (timeUtc.TimeOfDay.Ticks / (2 * MinutesOfHalfDay * _minute).Ticks * 2 * MinutesOfHalfDay * _minute);

    private void PlanDay(QCAlgorithm algorithm, DateTime day)
    {
        _plannedDay = day;
        var trades = new List<PlannedTrade>();
        foreach (var group in _controller.Groups)
        {
            Plan(group, day, 0, TradesByNoon, trades);
            Plan(group, day, MinutesOfHalfDay, TradesAfterNoon, trades);
        }

        trades.Sort((left, right) => left.TimeUtc.CompareTo(right.TimeUtc));
        foreach (var trade in trades)
        {
            if (trade.TimeUtc < algorithm.UtcTime && algorithm.LiveMode)
            {
                // The day had begun before the algorithm did.
                continue;
            }

            if (trade.Kind == Kind.Scheduled && _minute == TimeSpan.FromMinutes(1))
            {
                algorithm.Schedule.On(
                    algorithm.DateRules.On(day.Year, day.Month, day.Day),
                    algorithm.TimeRules.At(trade.TimeUtc.Hour, trade.TimeUtc.Minute),
                    () => Trade(algorithm, trade));
            }
            else
            {
                _plan.Enqueue(trade);
            }
        }
    }

    /// <summary>Spreads trades evenly with a random offset, so that no two of a group share a minute.</summary>
    private void Plan(GroupController group, DateTime day, int fromMinute, int count, List<PlannedTrade> trades)
    {
        var step = (MinutesOfHalfDay - 10) / count;
        for (var i = 0; i < count; i++)
        {
            var minute = fromMinute + 5 + (i * step) + _random.Next(step);
            var kind = (Kind)_random.Next(3);
            var size = Math.Round((decimal)(SmallestTrade * Math.Pow(LargestTrade / SmallestTrade, _random.NextDouble())), 4);
            var closes = i % 12 == 11;
            var buys = _random.NextDouble() < 0.6;
            trades.Add(new PlannedTrade(group, day + (minute * _minute), kind, size, buys, closes));
        }
    }

    private void Trade(QCAlgorithm algorithm, PlannedTrade trade)
    {
        var primary = trade.Group.Primary;
        TakeWhatLimitsMissed(algorithm, primary);
        var held = _controller.BookOf(primary.Id)!.Held;
        var quantity = primary.Instrument.RoundTowardZero(trade.Closes ? -held : -Math.Min(trade.Size, held));
        var buys = (trade.Buys && !trade.Closes && held < LargestPosition) || !primary.Instrument.Accepts(quantity, primary.Security.Price);
        if (buys)
        {
            quantity = primary.Instrument.RoundTowardZero(trade.Size);
        }

        if (trade.Kind == Kind.Limit && !trade.Closes)
        {
            // A fiftieth of a percent better than the market: some fill at once, some later, some not in time.
            var price = primary.Security.Price * (1m - (0.0002m * Math.Sign(quantity)));
            var tick = primary.Security.SymbolProperties.MinimumPriceVariation;
            algorithm.LimitOrder(primary.Symbol, quantity, Math.Round(price / tick) * tick, asynchronous: true, tag: "churn");
        }
        else
        {
            algorithm.MarketOrder(primary.Symbol, quantity, asynchronous: true, tag: "churn");
        }
    }

    /// <summary>What an earlier limit order did not get by the time of the next trade is taken at the market.</summary>
    private static void TakeWhatLimitsMissed(QCAlgorithm algorithm, HedgedInstrument primary)
    {
        foreach (var ticket in algorithm.Transactions.CancelOpenOrders(primary.Symbol))
        {
            algorithm.MarketOrder(primary.Symbol, ticket.Quantity - ticket.QuantityFilled, asynchronous: true, tag: "churn");
        }
    }

    private sealed record PlannedTrade(GroupController Group, DateTime TimeUtc, Kind Kind, decimal Size, bool Buys, bool Closes);
}
