#nullable enable
using System;
using System.Collections.Generic;
using CrossHedgeLean.Configuration;
using QuantConnect.Algorithm;
using QuantConnect.Algorithm.Framework.Alphas;
using QuantConnect.Data;

namespace CrossHedgeLean.Framework.Strategies;

/// <summary>
/// Convergence: holds the primary while it is cheaper, against the leg that hedges it, than it has been; a primary that is
/// a perpetual is also sold while it is dearer. It chooses when the primary is held; the other leg is the hedge's, at the
/// dear venue. See <see cref="ConvergenceRule"/> and <see cref="ConvergenceCosts"/>.
/// </summary>
public sealed class ConvergenceAlphaModel : AlphaModel
{
    private readonly Watched[] _watched;

    /// <summary>Creates the strategy.</summary>
    /// <param name="controller">What <see cref="CrossHedge.Setup"/> returned.</param>
    /// <param name="groups">The groups with their notionals, in the account currency.</param>
    /// <param name="settings">What it goes by.</param>
    public ConvergenceAlphaModel(HedgeController controller, IReadOnlyList<GroupConfiguration> groups, StrategySettings settings)
    {
        _watched = Array.ConvertAll(StrategyPair.Of(controller, groups), pair => new Watched(pair, settings));
        Name = nameof(ConvergenceAlphaModel);
    }

    /// <inheritdoc />
    public override IEnumerable<Insight> Update(QCAlgorithm algorithm, Slice data)
    {
        var insights = new List<Insight>();
        foreach (var watched in _watched)
        {
            if (watched.Review(algorithm.UtcTime) is { } insight)
            {
                insights.Add(insight);
            }
        }

        return insights;
    }

    /// <summary>A pair, what was seen of it, and its rule.</summary>
    private sealed class Watched
    {
        private readonly StrategyPair _pair;
        private readonly StrategySettings _settings;
        private readonly ConvergenceRule _rule;
        private readonly TimedWindow[] _spreads;
        private readonly TimedWindow _returns;
        private readonly Func<int, decimal, ConvergenceCosts> _costs;
        private long _minute;
        private decimal _lastPrice;
        private bool _hasBegun;

        public Watched(StrategyPair pair, StrategySettings settings)
        {
            _pair = pair;
            _settings = settings;
            _rule = new ConvergenceRule(settings);
            _costs = Costs;
            _spreads = new TimedWindow[pair.Group.Legs.Count];
            for (var i = 0; i < _spreads.Length; i++)
            {
                _spreads[i] = new TimedWindow(settings.ConvergenceWindow);
            }

            _returns = new TimedWindow(settings.ConvergenceWindow);
        }

        public Insight? Review(DateTime utcNow)
        {
            if (!_pair.Look(utcNow))
            {
                return null;
            }

            var window = _spreads[_pair.Leg];
            if (!_hasBegun)
            {
                // Of a position that an earlier run left only the side is known: it ends at the time-out.
                _hasBegun = true;
                _rule.Resume(_pair.SideHeld, utcNow);
            }

            var before = _rule.Weight;
            var look = new ConvergenceLook(utcNow, _pair.Spread, window.Mean, window.Deviation, window.Count, _pair.CanBeShort);
            var weight = _rule.Decide(look, _costs);
            Sample(utcNow, window);
            return weight == before ? null
                : _pair.Insight(weight, FormattableString.Invariant($"convergence {(weight == 0m ? "closes" : "opens")} at {(look.Spread - look.Mean) * 10_000m:0.0} bp, cost {_rule.Cost * 10_000m:0.0} bp"));
        }

        /// <summary>Once a minute, and after the decision: what is judged is no part of what it is judged by.</summary>
        private void Sample(DateTime utcNow, TimedWindow window)
        {
            var minute = utcNow.Ticks / TimeSpan.TicksPerMinute;
            if (minute <= _minute)
            {
                return;
            }

            window.Add(utcNow, _pair.Spread);
            if (minute == _minute + 1)
            {
                _returns.Add(utcNow, (_pair.PrimaryPrice / _lastPrice) - 1m);
            }

            (_minute, _lastPrice) = (minute, _pair.PrimaryPrice);
        }

        private ConvergenceCosts Costs(int side, decimal weight)
        {
            var notional = weight * _pair.Notional;
            var transfer = _pair.Transfer;
            return new ConvergenceCosts(
                _pair.RoundTrip(notional, penalizesLatency: false),
                _returns.Deviation,
                _pair.Naked,
                _pair.Capital,
                _settings.CapitalCost,
                _settings.ConvergenceTimeout + (transfer?.Time ?? ConvergenceCosts.NoWay),
                notional == 0m ? 0m : (transfer?.Fee ?? 0m) / notional,
                side * _pair.FundingPerHour * (decimal)_settings.ConvergenceTimeout.TotalHours);
        }
    }
}

/// <summary>All that a convergence costs, as fractions of the primary's notional.</summary>
/// <param name="RoundTrip">Fees, half spreads and impact of opening and closing both legs.</param>
/// <param name="MinuteDeviation">Standard deviation of the primary's return over a minute.</param>
/// <param name="Naked">From the decision to the second leg's fill.</param>
/// <param name="Capital">Capital that a unit of notional binds.</param>
/// <param name="CapitalCost">What capital costs, a fraction a year.</param>
/// <param name="Tied">How long it is bound: until the time-out, and until the money is back where it started.</param>
/// <param name="TransferFee">The fee of sending it back.</param>
/// <param name="Funding">What the pair receives until the time-out at the last rates; only a payment counts.</param>
public readonly record struct ConvergenceCosts(
    decimal RoundTrip,
    decimal MinuteDeviation,
    TimeSpan Naked,
    decimal Capital,
    decimal CapitalCost,
    TimeSpan Tied,
    decimal TransferFee,
    decimal Funding)
{
    /// <summary>How long capital counts as bound where no way leads back: a day, in which a person finds one.</summary>
    public static readonly TimeSpan NoWay = TimeSpan.FromDays(1);

    /// <summary>The mean of |N(0, 1)|.</summary>
    private const double MeanOfAbsoluteNormal = 0.7978845608028654;

    /// <summary>
    /// The mean distance that the price moves until the second leg has filled, of a random walk: deviation times the root
    /// of the time times the root of 2/π; at the opening and at the closing, and as if it were always against us.
    /// </summary>
    public decimal Slip => 2m * MinuteDeviation * (decimal)(MeanOfAbsoluteNormal * Math.Sqrt(Naked.TotalMinutes));

    /// <summary>Interest on the capital while it is bound.</summary>
    public decimal Interest => CapitalCost * Capital * (decimal)(Tied.TotalDays / 365.0);

    /// <summary>All of it.</summary>
    public decimal Total => RoundTrip + Slip + Interest + TransferFee + Math.Max(0m, -Funding);
}

/// <summary>What a convergence is judged by.</summary>
/// <param name="TimeUtc">UTC.</param>
/// <param name="Spread">How much dearer the hedge leg is, as a fraction of the primary.</param>
/// <param name="Mean">Its mean over the window.</param>
/// <param name="Deviation">Its standard deviation over the window.</param>
/// <param name="Count">How many minutes stand in the window.</param>
/// <param name="CanBeShort">Whether the primary can be sold short.</param>
public readonly record struct ConvergenceLook(DateTime TimeUtc, decimal Spread, decimal Mean, decimal Deviation, int Count, bool CanBeShort);

/// <summary>
/// When a spread between two venues is traded, and how large. Opened where it is <see cref="StrategySettings.ConvergenceEntry"/>
/// standard deviations off its mean (Gatev, Goetzmann, Rouwenhorst 2006, Review of Financial Studies 19(3), with 2) and the
/// way back, to <see cref="StrategySettings.ConvergenceExit"/> deviations, pays for all costs and
/// <see cref="StrategySettings.LeastProfit"/>. Its size is the share of that way that the costs leave; where
/// the spread opens further it is raised, by no less than <see cref="LeastStep"/>. Closed when the spread is back at the
/// mean of the opening, or at the time-out, counted from the opening; after which it must have been back once before it
/// is opened again. Pure but for its own state.
/// </summary>
public sealed class ConvergenceRule(StrategySettings settings)
{
    /// <summary>As many minutes must stand in the window.</summary>
    public const int LeastCount = 30;

    /// <summary>By how much the weight must rise to be worth orders of their own.</summary>
    public const decimal LeastStep = 0.1m;

    private DateTime _openedUtc;
    private decimal? _mean;
    private decimal _deviation;
    private bool _waits;

    /// <summary>The share of the notional that is held, signed; 0: flat.</summary>
    public decimal Weight { get; private set; }

    /// <summary>All costs at the last look that asked for them; a fraction of the notional.</summary>
    public decimal Cost { get; private set; }

    /// <summary>Goes on with what an earlier run left.</summary>
    public void Resume(int side, DateTime utcNow) => (Weight, _openedUtc) = (side, utcNow);

    /// <summary>Decides at a look; returns the weight.</summary>
    /// <param name="look">The spread.</param>
    /// <param name="costs">The costs of a side (1: long primary) at a weight.</param>
    public decimal Decide(in ConvergenceLook look, Func<int, decimal, ConvergenceCosts> costs)
    {
        if (Weight == 0m)
        {
            Open(look, costs);
        }
        else
        {
            var side = Math.Sign(Weight);
            var way = _mean is { } mean ? (side * (look.Spread - mean)) - (settings.ConvergenceExit * _deviation) : decimal.MaxValue;
            if (way <= 0m || look.TimeUtc - _openedUtc >= settings.ConvergenceTimeout)
            {
                (Weight, _mean, _waits) = (0m, null, way > 0m);
            }
            else if (_mean is not null && WeightOf(side, way, costs) is var more && more >= Math.Abs(Weight) + LeastStep)
            {
                Weight = side * more;
            }
        }

        return Weight;
    }

    private void Open(in ConvergenceLook look, Func<int, decimal, ConvergenceCosts> costs)
    {
        // Without a whole window, or with a spread that never moved, nothing is known of what is usual.
        if (look.Count < LeastCount || look.Deviation == 0m)
        {
            return;
        }

        var off = look.Spread - look.Mean;
        var way = Math.Abs(off) - (settings.ConvergenceExit * look.Deviation);
        var side = Math.Sign(off);
        _waits &= way > 0m;
        if (_waits || Math.Abs(off) < settings.ConvergenceEntry * look.Deviation || (side < 0 && !look.CanBeShort))
        {
            return;
        }

        Weight = side * WeightOf(side, way, costs);
        (_openedUtc, _mean, _deviation) = (look.TimeUtc, look.Mean, look.Deviation);
    }

    /// <summary>The share of the way that the costs leave; 0 if that is less than the least profit.</summary>
    private decimal WeightOf(int side, decimal way, Func<int, decimal, ConvergenceCosts> costs)
    {
        // At full size first: then the size that this leaves, at which impact is less and a fixed fee more.
        Cost = costs(side, 1m).Total;
        var weight = 1m - (Cost / way);
        if (weight <= 0m)
        {
            return 0m;
        }

        Cost = costs(side, weight).Total;
        return way - Cost >= settings.LeastProfit ? weight : 0m;
    }
}
