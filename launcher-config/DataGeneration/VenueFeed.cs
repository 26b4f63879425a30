using System;
using System.Collections.Generic;
using System.Linq;

namespace CrossHedgeLean.DataGeneration;

/// <summary>
/// What one venue shows of the common price: a basis that returns to its mean, noise, a spread and sizes that follow the
/// activity, prices on the venue's ticks, volumes in its lots, rows missing now and then, and for a perpetual the funding
/// rate that follows from its premium.
/// </summary>
internal sealed class VenueFeed
{
    private const int MinutesPerDay = 1440;
    private const int MinutesPerFunding = 480;
    private const double BasisPoint = 0.0001;

    private readonly GeneratorInstrument _instrument;
    private readonly GeneratorRandom _basisRandom;
    private readonly GeneratorRandom _rowRandom;
    private readonly GeneratorRandom _tradeGapRandom;
    private readonly GeneratorRandom _quoteGapRandom;
    private readonly int _barsPerMinute;
    private readonly int _substepsPerBar;
    private readonly double _tick;
    private readonly (long Step, int Decimals) _price;
    private readonly double _lot;
    private readonly (long Step, int Decimals) _size;

    private readonly double _basisMean;
    private readonly double _basisReversion;
    private readonly double _basisDeviation;
    private readonly double _halfSpread;
    private readonly double _depthNotional;
    private readonly double _volumeNotional;

    private readonly Dictionary<DateTime, decimal>? _given;
    private readonly PriceMove[] _moves;
    private TimeSpan _barStart;
    private double _basis;
    private double _premiumSum;
    private int _premiumCount;
    private int _tradeGap;
    private int _quoteGap;
    private bool _started;

    public VenueFeed(GeneratorInstrument instrument, long seed, int barsPerMinute, int substepsPerBar, IReadOnlyList<PriceMove> moves, IReadOnlyList<(DateTime TimeUtc, decimal Rate)>? funding = null)
    {
        _given = funding?.GroupBy(rate => rate.TimeUtc).ToDictionary(same => same.Key, same => same.Last().Rate);
        _moves = moves.Where(move => move.Coin == instrument.BaseCoin && (move.Venue ?? instrument.Route) == instrument.Route).ToArray();
        _instrument = instrument;
        _barsPerMinute = barsPerMinute;
        _substepsPerBar = substepsPerBar;
        _tick = (double)instrument.Tick;
        _price = Split(instrument.Tick);
        _lot = (double)instrument.Lot;
        _size = Split(instrument.Lot);
        _basisRandom = new GeneratorRandom(seed, instrument.Name + " basis");
        _rowRandom = new GeneratorRandom(seed, instrument.Name + " rows");
        _tradeGapRandom = new GeneratorRandom(seed, instrument.Name + " trade gaps");
        _quoteGapRandom = new GeneratorRandom(seed, instrument.Name + " quote gaps");

        // Stationary deviation of an AR(1) step: innovation / sqrt(1 - (1 - reversion)^2), here about 4.6 bp and 2 bp.
        (_basisMean, _basisReversion, _basisDeviation) = instrument.IsPerpetual
            ? (2.0 * BasisPoint, 0.0015, 0.25 * BasisPoint)
            : (0.0, 0.02, 0.40 * BasisPoint);
        _basis = _basisMean;
        (_halfSpread, _depthNotional, _volumeNotional) = instrument.Market switch
        {
            "binance" => (0.15 * BasisPoint, 250_000.0, 2_500_000.0),
            "bybit" => (0.20 * BasisPoint, 200_000.0, 1_500_000.0),
            "coinbase" => (0.60 * BasisPoint, 80_000.0, 600_000.0),
            _ => (1.00 * BasisPoint, 60_000.0, 150_000.0),
        };
    }

    /// <summary>Rows of the trade file of the day.</summary>
    public RowBuffer Trades { get; } = new();

    /// <summary>Rows of the quote file of the day.</summary>
    public RowBuffer Quotes { get; } = new();

    /// <summary>Rows of the funding file of all days; empty for spot.</summary>
    public RowBuffer Funding { get; } = new();

    /// <summary>Number of data rows written so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Moves on by one day, which the common price has just made.</summary>
    public void NextDay(CommonPrice common, DateTime dayUtc)
    {
        Trades.Clear();
        Quotes.Clear();
        var prices = common.Prices;
        var millisecondsPerBar = 60_000 / _barsPerMinute;
        var bar = 0;
        for (var minute = 0; minute < MinutesPerDay; minute++)
        {
            if (_instrument.IsPerpetual && minute % MinutesPerFunding == 0)
            {
                WriteFunding(dayUtc, minute);
            }

            _basis += (_basisReversion * (_basisMean - _basis)) + (_basisDeviation * _basisRandom.NextNormal());
            _premiumSum += _basis;
            _premiumCount++;
            var activity = common.Activity[minute];
            var halfSpread = _halfSpread * (0.5 + (0.5 * activity));
            for (var index = 0; index < _barsPerMinute; index++, bar++)
            {
                WriteBar(prices.AsSpan(bar * _substepsPerBar, _substepsPerBar), (long)bar * millisecondsPerBar, halfSpread, activity);
                _barStart += TimeSpan.FromMilliseconds(millisecondsPerBar);
            }
        }
    }

    private void WriteBar(ReadOnlySpan<double> prices, long milliseconds, double halfSpread, double activity)
    {
        Extremes bid = default, ask = default, trade = default;
        for (var index = 0; index < prices.Length; index++)
        {
            var noise = 0.1 * BasisPoint * _rowRandom.NextNormal();
            var mid = Moved(prices[index], index) * (1.0 + _basis + noise) / _tick;
            var bidTicks = (long)Math.Floor(mid * (1.0 - halfSpread));
            var askTicks = Math.Max(bidTicks + 1, (long)Math.Ceiling(mid * (1.0 + halfSpread)));
            bid.Add(bidTicks, index == 0);
            ask.Add(askTicks, index == 0);
            trade.Add(_rowRandom.NextUnit() < 0.5 ? bidTicks : askTicks, index == 0);
        }

        // All numbers of a bar are drawn whether its rows are written or not: gaps do not shift the rest.
        var coin = Moved(prices[^1], prices.Length - 1);
        var volume = Lots(_volumeNotional / _barsPerMinute * activity * _rowRandom.NextSkewed() / coin);
        var bidSize = Lots(_depthNotional * _rowRandom.NextSkewed() / coin);
        var askSize = Lots(_depthNotional * _rowRandom.NextSkewed() / coin);
        var tradeMissing = IsMissing(_tradeGapRandom, ref _tradeGap);
        var quoteMissing = IsMissing(_quoteGapRandom, ref _quoteGap);
        if (!tradeMissing || !_started)
        {
            Trades.Number(milliseconds);
            WritePrices(Trades, trade);
            WriteSize(Trades, volume);
            Trades.EndRow();
            Rows++;
        }

        if (!quoteMissing || !_started)
        {
            Quotes.Number(milliseconds);
            WritePrices(Quotes, bid);
            WriteSize(Quotes, bidSize);
            WritePrices(Quotes, ask);
            WriteSize(Quotes, askSize);
            Quotes.EndRow();
            Rows++;
        }

        _started = true;
    }

    /// <summary>
    /// Rate = mean premium + clamp(interest - mean premium, -0.05%, 0.05%), interest 0.01% per eight hours, within 0.75%:
    /// Binance's and Bybit's rule for USDT perpetuals. It is charged at the end of the interval whose premium it is.
    /// </summary>
    private void WriteFunding(DateTime dayUtc, int minute)
    {
        var premium = _premiumCount == 0 ? _basis : _premiumSum / _premiumCount;
        _premiumSum = 0.0;
        _premiumCount = 0;
        var rate = premium + Math.Clamp((1.0 * BasisPoint) - premium, -5.0 * BasisPoint, 5.0 * BasisPoint);
        rate = Math.Clamp(rate, -75.0 * BasisPoint, 75.0 * BasisPoint);
        var units = (long)Math.Round(rate * 100_000_000.0);
        if (_given is not null)
        {
            if (!_given.TryGetValue(dayUtc.AddMinutes(minute), out var given))
            {
                return;
            }

            units = (long)Math.Round(given * 100_000_000m);
        }

        Funding.Number((dayUtc.Year * 10_000L) + (dayUtc.Month * 100L) + dayUtc.Day);
        Funding.Text(" ");
        Funding.Text((minute / 60) switch { 0 => "00", 8 => "08", _ => "16" });
        Funding.Text(":00:00,");
        Funding.Number(units, 8);
        Funding.EndRow();
    }

    /// <summary>A price with the moves that are no chance.</summary>
    private double Moved(double price, int substep)
    {
        foreach (var move in _moves)
        {
            price *= move.FactorAt(_barStart + (substep * TimeSpan.FromMinutes(1.0 / _barsPerMinute) / _substepsPerBar));
        }

        return price;
    }

    private bool IsMissing(GeneratorRandom random, ref int gap)
    {
        var draw = random.NextUnit();
        if (gap > 0)
        {
            gap--;
            return true;
        }

        // About three gaps a day and file at minute resolution, most of one or two minutes, the longest of about 15.
        if (draw >= 0.002)
        {
            return false;
        }

        var position = draw / 0.002;
        gap = (int)(14.0 * position * position * position * position);
        return true;
    }

    private long Lots(double quantity) => Math.Max(1L, (long)(quantity / _lot));

    private void WritePrices(RowBuffer rows, in Extremes extremes)
    {
        rows.Comma();
        rows.Number(extremes.Open * _price.Step, _price.Decimals);
        rows.Comma();
        rows.Number(extremes.High * _price.Step, _price.Decimals);
        rows.Comma();
        rows.Number(extremes.Low * _price.Step, _price.Decimals);
        rows.Comma();
        rows.Number(extremes.Close * _price.Step, _price.Decimals);
    }

    private void WriteSize(RowBuffer rows, long lots)
    {
        rows.Comma();
        rows.Number(lots * _size.Step, _size.Decimals);
    }

    private static (long Step, int Decimals) Split(decimal value)
    {
        var decimals = value.Scale;
        for (var digit = 0; digit < decimals; digit++)
        {
            value *= 10m;
        }

        return ((long)value, decimals);
    }

    private struct Extremes
    {
        public long Open;
        public long High;
        public long Low;
        public long Close;

        public void Add(long ticks, bool first)
        {
            if (first)
            {
                Open = High = Low = ticks;
            }

            High = Math.Max(High, ticks);
            Low = Math.Min(Low, ticks);
            Close = ticks;
        }
    }
}
