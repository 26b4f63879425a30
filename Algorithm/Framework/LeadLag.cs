#nullable enable
using System;

namespace CrossHedgeLean.Framework;

/// <summary>
/// Which of two prices moves first: Pearson's correlation of their returns from bar to bar, one of them some bars later. It
/// can see a lead of a bar or more; what happens within a bar is all at lag zero. A bar without a trade counts as a return of
/// zero, which makes a thinly traded instrument look late. Sums only: memory does not grow with the run.
/// </summary>
/// <param name="bar">Length of a bar; returns over any other time are left out, and no pair spans a gap.</param>
public sealed class LeadLag(TimeSpan bar)
{
    /// <summary>Bars that one price may be later, either way.</summary>
    public const int MostLag = 5;

    private readonly Sums[] _sums = new Sums[(2 * MostLag) + 1];
    private readonly double[] _first = new double[MostLag + 1];
    private readonly double[] _second = new double[MostLag + 1];
    private DateTime _seenUtc;
    private double _firstPrice;
    private double _secondPrice;
    private int _known;
    private int _at;

    /// <summary>A bar ended.</summary>
    /// <param name="timeUtc">UTC; times come in order.</param>
    /// <param name="first">A price; zero: there is none yet.</param>
    /// <param name="second">The other.</param>
    public void Observe(DateTime timeUtc, decimal first, decimal second)
    {
        var passed = timeUtc - _seenUtc;
        if (_firstPrice > 0d && passed < bar)
        {
            return;
        }

        var (firstPrice, secondPrice) = ((double)first, (double)second);
        var isNext = passed == bar && _firstPrice > 0d && _secondPrice > 0d && firstPrice > 0d && secondPrice > 0d;
        if (isNext)
        {
            Add((firstPrice / _firstPrice) - 1d, (secondPrice / _secondPrice) - 1d);
        }
        else
        {
            _known = 0;
        }

        (_seenUtc, _firstPrice, _secondPrice) = (timeUtc, firstPrice, secondPrice);
    }

    /// <summary>Pairs of returns, and their correlation to nine digits; null: one of them never moved.</summary>
    /// <param name="lag">Bars that the second is later than the first; from minus to plus <see cref="MostLag"/>.</param>
    public (long Pairs, decimal? Correlation) At(int lag) => _sums[lag + MostLag].Correlation();

    private void Add(double first, double second)
    {
        _at = (_at + 1) % _first.Length;
        _first[_at] = first;
        _second[_at] = second;
        _known = Math.Min(_known + 1, _first.Length);
        _sums[MostLag].Add(first, second);
        for (var lag = 1; lag < _known; lag++)
        {
            var before = (_at + _first.Length - lag) % _first.Length;
            _sums[MostLag + lag].Add(_first[before], second);
            _sums[MostLag - lag].Add(first, _second[before]);
        }
    }

    private struct Sums
    {
        private long _count;
        private double _first;
        private double _second;
        private double _squaresOfFirst;
        private double _squaresOfSecond;
        private double _products;

        public void Add(double first, double second)
        {
            _count++;
            _first += first;
            _second += second;
            _squaresOfFirst += first * first;
            _squaresOfSecond += second * second;
            _products += first * second;
        }

        public readonly (long Pairs, decimal? Correlation) Correlation()
        {
            var spread = Math.Sqrt(((_count * _squaresOfFirst) - (_first * _first)) * ((_count * _squaresOfSecond) - (_second * _second)));
            return (_count, spread > 0d ? Math.Round((decimal)Math.Clamp(((_count * _products) - (_first * _second)) / spread, -1d, 1d), 9) : null);
        }
    }
}
