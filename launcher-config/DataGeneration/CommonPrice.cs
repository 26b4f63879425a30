using System;

namespace CrossHedgeLean.DataGeneration;

/// <summary>
/// The price that all venues of a coin share: one step a minute with GARCH(1,1) variance (Bollerslev 1986), a profile over
/// the hours of the day and rare jumps, divided into equal substeps from which the bars get their extremes.
/// </summary>
internal sealed class CommonPrice
{
    private const int MinutesPerDay = 1440;

    // About 50% a year before jumps: 0.5 / sqrt(525600) a minute.
    private const double LongRunDeviation = 0.00069;
    private const double LongRunVariance = LongRunDeviation * LongRunDeviation;
    private const double Alpha = 0.06;
    private const double Beta = 0.92;
    private const double JumpsPerMinute = 1.5 / MinutesPerDay;

    // Standard deviation by hour UTC relative to the day's: quiet night in Europe, busiest while New York opens.
    private static readonly double[] HourProfile =
    [
        1.05, 0.95, 0.90, 0.85, 0.80, 0.80, 0.85, 0.95, 1.00, 0.95, 0.90, 0.90,
        1.00, 1.20, 1.45, 1.40, 1.30, 1.20, 1.10, 1.05, 1.05, 1.00, 0.95, 0.95,
    ];

    private readonly GeneratorRandom _market;
    private readonly GeneratorRandom _own;
    private readonly double _marketShare;
    private readonly double _ownShare;
    private readonly int _substeps;

    private double _price;
    private double _variance = LongRunVariance;

    /// <summary>Starts the price of a coin.</summary>
    public CommonPrice(string coin, long seed, int substepsPerMinute)
    {
        _substeps = substepsPerMinute;
        (_price, _marketShare, _ownShare) = coin switch
        {
            "BTC" => (94_000.0, 1.0, 0.0),
            "ETH" => (3_350.0, 0.8, 0.6),
            _ => throw new ArgumentOutOfRangeException(nameof(coin), coin, "The generator has no start price for this coin."),
        };
        _market = new GeneratorRandom(seed, "market");
        _own = new GeneratorRandom(seed, "coin " + coin);
        Prices = new double[MinutesPerDay * substepsPerMinute];
        Activity = new double[MinutesPerDay];
    }

    /// <summary>The day's prices, substep by substep.</summary>
    public double[] Prices { get; }

    /// <summary>By minute: the standard deviation relative to the long run's, about 0.5 to 5.</summary>
    public double[] Activity { get; }

    /// <summary>Moves on by one day.</summary>
    public void NextDay()
    {
        var share = 1.0 / _substeps;
        for (var minute = 0; minute < MinutesPerDay; minute++)
        {
            var deviation = Math.Sqrt(_variance) * HourProfile[minute / 60];
            Activity[minute] = deviation / LongRunDeviation;
            var perSubstep = deviation * Math.Sqrt(share);
            var jumpAt = -1;
            var jump = 0.0;
            if (_market.NextUnit() < JumpsPerMinute)
            {
                var size = 0.002 + (0.006 * _market.NextUnit());
                jump = _market.NextUnit() < 0.5 ? -size : size;
                jumpAt = (int)(_market.NextUnit() * _substeps);
            }

            var start = _price;
            for (var substep = 0; substep < _substeps; substep++)
            {
                var change = perSubstep * ((_marketShare * _market.NextNormal()) + (_ownShare * _own.NextNormal()));
                if (substep == jumpAt)
                {
                    change += jump;
                }

                _price *= 1.0 + change;
                Prices[(minute * _substeps) + substep] = _price;
            }

            // Without the hour's share, and a jump counting as three deviations: else the variance would feed on both and grow.
            var shock = ((_price / start) - 1.0) / HourProfile[minute / 60];
            var squared = Math.Min(shock * shock, 9.0 * _variance);
            _variance = (LongRunVariance * (1.0 - Alpha - Beta)) + (Alpha * squared) + (Beta * _variance);
        }
    }
}
