#nullable enable
using System;
using System.Collections.Generic;
using CrossHedgeLean.Configuration;
using QuantConnect.Algorithm;
using QuantConnect.Algorithm.Framework.Alphas;
using QuantConnect.Data;

namespace CrossHedgeLean.Framework.Strategies;

/// <summary>
/// Cross-venue carry: holds the primary against its hedge while the funding that the pair is expected to receive, and what
/// its basis is off its mean, pay for all that the pair costs; see <see cref="CarryRule"/>. A primary that is a perpetual
/// may also be the short leg.
/// </summary>
public sealed class CarryAlphaModel : AlphaModel
{
    private readonly Carried[] _carried;
    private readonly StrategySettings _settings;

    /// <summary>Creates the strategy.</summary>
    /// <param name="controller">What <see cref="CrossHedge.Setup"/> returned.</param>
    /// <param name="groups">The groups with their notionals, in the account currency.</param>
    /// <param name="settings">What it goes by.</param>
    public CarryAlphaModel(HedgeController controller, IReadOnlyList<GroupConfiguration> groups, StrategySettings settings)
    {
        _settings = settings;
        _carried = Array.ConvertAll(StrategyPair.Of(controller, groups), pair => new Carried(pair, settings));
        Name = nameof(CarryAlphaModel);
    }

    /// <inheritdoc />
    public override IEnumerable<Insight> Update(QCAlgorithm algorithm, Slice data)
    {
        var insights = new List<Insight>();
        foreach (var carried in _carried)
        {
            if (carried.Review(algorithm.UtcTime, _settings) is { } insight)
            {
                insights.Add(insight);
            }
        }

        return insights;
    }

    /// <summary>A pair, what was seen of it, and its rule.</summary>
    private sealed class Carried
    {
        private readonly StrategyPair _pair;
        private readonly CarryRule _rule;
        private readonly (DateTime Time, decimal PerHour)[] _payments;
        private readonly DateTime[] _seen;
        private readonly TimedWindow[] _funding;
        private readonly TimedWindow[] _basis;
        private long _minute;
        private bool _isPaid;
        private bool _hasBegun;

        public Carried(StrategyPair pair, StrategySettings settings)
        {
            var legs = pair.Group.Legs.Count;
            _pair = pair;
            _rule = new CarryRule(settings);
            _payments = new (DateTime, decimal)[legs + 1];
            _seen = new DateTime[legs + 1];
            _funding = Windows(legs + 1, settings);
            _basis = Windows(legs, settings);
        }

        public Insight? Review(DateTime utcNow, StrategySettings settings)
        {
            TakeFunding();
            if (!_pair.Look(utcNow))
            {
                return null;
            }

            if (!_hasBegun)
            {
                _hasBegun = true;
                _rule.Resume(_pair.SideHeld);
            }

            var basis = _basis[_pair.Leg];
            if (utcNow.Ticks / TimeSpan.TicksPerMinute > _minute)
            {
                _minute = utcNow.Ticks / TimeSpan.TicksPerMinute;
                basis.Add(utcNow, _pair.Spread);
            }

            // Spot is never paid. Before the first payment of a perpetual nothing is known of it.
            if (!IsKnown(0, _pair.Group.Primary) || !IsKnown(_pair.Leg + 1, _pair.Group.Legs[_pair.Leg]))
            {
                return null;
            }

            var ratio = _pair.Group.Group.Ratio;
            var before = _rule.Side;
            var side = _rule.Decide(new CarryLook(
                _isPaid,
                (ratio * _funding[_pair.Leg + 1].Mean) - _funding[0].Mean,
                ratio * (_pair.Spread - basis.Mean),
                _pair.RoundTrip(_pair.Notional, penalizesLatency: true),
                _pair.Capital,
                _pair.CanBeShort));
            _isPaid = false;
            return side == before ? null
                : _pair.Insight(side, FormattableString.Invariant($"carry {(side == 0 ? "closes" : "opens")} at {_rule.Edge * 10_000m:0.0} bp, cost {_rule.Cost * 10_000m:0.0} bp"));
        }

        private static TimedWindow[] Windows(int count, StrategySettings settings)
        {
            var windows = new TimedWindow[count];
            for (var i = 0; i < count; i++)
            {
                windows[i] = new TimedWindow(settings.CarryWindow);
            }

            return windows;
        }

        private bool IsKnown(int index, HedgedInstrument instrument) => !instrument.Account.IsPerpetual || _funding[index].Count > 0;

        /// <summary>A payment counts when it is published, also while the pair has no price; the verdict on it then waits.</summary>
        private void TakeFunding()
        {
            _pair.ReadFunding(_payments);
            for (var i = 0; i < _payments.Length; i++)
            {
                var (time, perHour) = _payments[i];
                if (time > _seen[i])
                {
                    _seen[i] = time;
                    _funding[i].Add(time, perHour);
                    _isPaid |= i == 0 || i == _pair.Leg + 1;
                }
            }
        }
    }
}

/// <summary>What a carry is judged by. Fractions are of the primary's notional.</summary>
/// <param name="IsPayment">Whether funding was paid since the last look.</param>
/// <param name="FundingPerHour">Mean of what a pair with a long primary received in an hour.</param>
/// <param name="Basis">How much dearer the hedge leg is than in the mean; what a long primary gains if that ends.</param>
/// <param name="RoundTrip">Cost of opening and closing both legs.</param>
/// <param name="Capital">Capital that a unit of notional binds.</param>
/// <param name="CanBeShort">Whether the primary can be sold short.</param>
public readonly record struct CarryLook(bool IsPayment, decimal FundingPerHour, decimal Basis, decimal RoundTrip, decimal Capital, bool CanBeShort);

/// <summary>
/// When a carry is opened and closed. Its edge on a side is the mean funding times the horizon, plus the basis off its
/// mean, less the capital's cost over the horizon. It opens where the edge pays for the round trip and
/// <see cref="StrategySettings.LeastProfit"/>; it closes only where holding on would lose
/// <see cref="StrategySettings.CarryExit"/> of a round trip, because closing and opening again costs a whole one: the two
/// thresholds of entry and exit under sunk costs (Dixit 1989, Journal of Political Economy 97(3)). Either way
/// <see cref="StrategySettings.CarryConfirm"/> payments in a row must agree. Pure but for its own state.
/// </summary>
public sealed class CarryRule(StrategySettings settings)
{
    private const decimal HoursPerYear = 365m * 24m;

    private int _agreed;
    private int _agreedOn;

    /// <summary>1: long primary, -1: short primary, 0: flat.</summary>
    public int Side { get; private set; }

    /// <summary>The edge of the last look, on the side that is held, or else the better one; a fraction of the notional.</summary>
    public decimal Edge { get; private set; }

    /// <summary>The round trip's cost at the last look; a fraction of the notional.</summary>
    public decimal Cost { get; private set; }

    /// <summary>Goes on with what an earlier run left.</summary>
    public void Resume(int side) => Side = side;

    /// <summary>Decides at a look; returns the side.</summary>
    public int Decide(in CarryLook look)
    {
        Cost = look.RoundTrip;
        var hours = (decimal)settings.CarryHorizon.TotalHours;
        var gain = (look.FundingPerHour * hours) + look.Basis;
        var capital = settings.CapitalCost * look.Capital * hours / HoursPerYear;
        var side = Side != 0 ? Side : gain < 0m && look.CanBeShort ? -1 : 1;
        Edge = (side * gain) - capital;
        var wants = Side == 0
            ? Edge - Cost >= settings.LeastProfit
            : Edge < -settings.CarryExit * Cost;
        if (look.IsPayment)
        {
            _agreed = !wants ? 0 : side == _agreedOn ? _agreed + 1 : 1;
            _agreedOn = side;
        }

        if (wants && side == _agreedOn && _agreed >= settings.CarryConfirm)
        {
            Side = Side == 0 ? side : 0;
            _agreed = 0;
        }

        return Side;
    }
}
