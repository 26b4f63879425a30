using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using CrossHedgeLean.DataGeneration;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.PaperExchange;

/// <summary>Where the paper exchange has its prices from.</summary>
internal interface IPaperPrices
{
    /// <summary>Goes on to a time.</summary>
    /// <param name="utcNow">UTC; does not go back.</param>
    /// <param name="quoted">Told each quote since the last time, by instrument in order of time.</param>
    void MoveTo(DateTime utcNow, Action<InstrumentId, Quote> quoted);
}

/// <summary>Prices that somebody pushes over a connection: there are none of their own.</summary>
internal sealed class PushedPrices : IPaperPrices
{
    /// <inheritdoc />
    public void MoveTo(DateTime utcNow, Action<InstrumentId, Quote> quoted)
    {
    }
}

/// <summary>Seeded random walks: one price of a coin for all venues, and at each venue a basis, a spread and sizes of its own.</summary>
internal sealed class GeneratedPrices : IPaperPrices
{
    /// <summary>Standard deviation of a second: about 50% a year.</summary>
    private const double DeviationPerSecond = 0.00009;

    private const double BasisPoint = 0.0001;

    private readonly TimeSpan _every;
    private readonly List<(string Coin, GeneratorRandom Random, double Price)> _coins = [];
    private readonly List<(Instrument Instrument, int Coin, GeneratorRandom Random, double Basis)> _instruments = [];
    private DateTime _nextUtc = DateTime.MinValue;

    /// <summary>Creates the prices.</summary>
    /// <param name="instruments">What is quoted.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="every">From quote to quote; positive.</param>
    public GeneratedPrices(IReadOnlyList<Instrument> instruments, long seed, TimeSpan every)
    {
        _every = every;
        foreach (var instrument in instruments)
        {
            var coin = _coins.FindIndex(known => known.Coin == instrument.Underlying);
            if (coin < 0)
            {
                coin = _coins.Count;
                _coins.Add((instrument.Underlying, new GeneratorRandom(seed, "paper " + instrument.Underlying), StartOf(instrument.Underlying)));
            }

            _instruments.Add((instrument, coin, new GeneratorRandom(seed, "paper " + instrument.Id), instrument.Id.Route.Kind == InstrumentKind.Spot ? 0.0 : 2.0 * BasisPoint));
        }
    }

    /// <inheritdoc />
    public void MoveTo(DateTime utcNow, Action<InstrumentId, Quote> quoted)
    {
        _nextUtc = _nextUtc == DateTime.MinValue ? utcNow : _nextUtc;
        while (_nextUtc <= utcNow)
        {
            Step(_nextUtc, quoted);
            _nextUtc += _every;
        }
    }

    private static double StartOf(string coin) => coin switch
    {
        "BTC" => 94_000.0,
        "ETH" => 3_350.0,
        "USDC" or "USDT" or "FDUSD" or "BUSD" => 1.0,
        _ => 100.0,
    };

    private void Step(DateTime timeUtc, Action<InstrumentId, Quote> quoted)
    {
        var deviation = DeviationPerSecond * Math.Sqrt(_every.TotalSeconds);
        for (var i = 0; i < _coins.Count; i++)
        {
            var (coin, random, price) = _coins[i];
            _coins[i] = (coin, random, price * (1.0 + (StartOf(coin) == 1.0 ? 0.01 : 1.0) * deviation * random.NextNormal()));
        }

        for (var i = 0; i < _instruments.Count; i++)
        {
            var (instrument, coin, random, basis) = _instruments[i];
            basis += (0.02 * ((instrument.Id.Route.Kind == InstrumentKind.Spot ? 0.0 : 2.0 * BasisPoint) - basis)) + (0.1 * BasisPoint * random.NextNormal());
            _instruments[i] = (instrument, coin, random, basis);

            // Five significant digits and a half are finer than any venue's tick at these prices.
            var mid = _coins[coin].Price * (1.0 + basis) * (double)instrument.UnitsPerContract;
            var digits = Math.Clamp(5 - (int)Math.Floor(Math.Log10(mid)), 0, 10);
            var bid = Math.Round((decimal)(mid * (1.0 - (0.3 * BasisPoint))), digits, MidpointRounding.ToNegativeInfinity);
            var ask = Math.Round((decimal)(mid * (1.0 + (0.3 * BasisPoint))), digits, MidpointRounding.ToPositiveInfinity);
            quoted(instrument.Id, new Quote(timeUtc, bid, SizeOf(instrument, random, mid), ask, SizeOf(instrument, random, mid), (bid + ask) / 2m));
        }
    }

    private static decimal SizeOf(Instrument instrument, GeneratorRandom random, double price)
        => Math.Max(instrument.LotSize, instrument.RoundTowardZero((decimal)(200_000.0 * random.NextSkewed() / price)));
}

/// <summary>Quote bars of a LEAN data folder, as if they were of now: each bar's last quote comes when the bar ends.</summary>
internal sealed class ReplayedPrices : IPaperPrices
{
    private readonly string _folder;
    private readonly string _resolution;
    private readonly DateTime _from;
    private readonly DateTime _to;
    private readonly double _speed;
    private readonly IReadOnlyList<Instrument> _instruments;
    private readonly Queue<(DateTime RecordedUtc, InstrumentId Id, Quote Quote)> _day = [];
    private DateTime _nextDay;
    private DateTime _startUtc = DateTime.MinValue;

    /// <summary>Creates the replay.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="resolution"><c>minute</c> or <c>second</c>.</param>
    /// <param name="from">First recorded day.</param>
    /// <param name="to">Last recorded day.</param>
    /// <param name="speed">Recorded time per time; positive.</param>
    /// <param name="instruments">What is quoted.</param>
    public ReplayedPrices(string folder, string resolution, DateTime from, DateTime to, double speed, IReadOnlyList<Instrument> instruments)
    {
        (_folder, _resolution, _from, _to, _speed, _instruments, _nextDay) = (folder, resolution, from, to, speed, instruments, from);
    }

    /// <inheritdoc />
    public void MoveTo(DateTime utcNow, Action<InstrumentId, Quote> quoted)
    {
        _startUtc = _startUtc == DateTime.MinValue ? utcNow : _startUtc;
        var recorded = _from + ((utcNow - _startUtc) * _speed);
        while (true)
        {
            while (_day.TryPeek(out var next) && next.RecordedUtc <= recorded)
            {
                _day.Dequeue();
                quoted(next.Id, next.Quote with { TimeUtc = _startUtc + ((next.RecordedUtc - _from) / _speed) });
            }

            if (_day.Count > 0 || _nextDay > _to || _nextDay > recorded)
            {
                return;
            }

            ReadDay(_nextDay);
            _nextDay = _nextDay.AddDays(1);
        }
    }

    private void ReadDay(DateTime day)
    {
        var rows = new List<(DateTime RecordedUtc, InstrumentId Id, Quote Quote)>();
        foreach (var instrument in _instruments)
        {
            rows.AddRange(RowsOf(instrument.Id, day));
        }

        foreach (var row in rows.OrderBy(row => row.RecordedUtc).ThenBy(row => row.Id.ToString(), StringComparer.Ordinal))
        {
            _day.Enqueue(row);
        }
    }

    private IEnumerable<(DateTime RecordedUtc, InstrumentId Id, Quote Quote)> RowsOf(InstrumentId id, DateTime day)
    {
        var kind = id.Route.Kind == InstrumentKind.Spot ? "crypto" : "cryptofuture";
        var path = Path.Combine(_folder, kind, id.Route.Market, _resolution, id.Ticker.ToLowerInvariant(), $"{day:yyyyMMdd}_quote.zip");
        if (!File.Exists(path))
        {
            yield break;
        }

        var bar = _resolution == "second" ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(1);
        using var zip = ZipFile.OpenRead(path);
        using var reader = new StreamReader(zip.Entries[0].Open());
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            var cells = line.Split(',');
            var bid = Number(cells[4]);
            var ask = Number(cells[9]);
            var end = day.AddMilliseconds((double)Number(cells[0])) + bar;
            yield return (end, id, new Quote(end, bid, Number(cells[5]), ask, Number(cells[10]), (bid + ask) / 2m));
        }
    }

    private static decimal Number(string cell) => decimal.Parse(cell, NumberStyles.Number, CultureInfo.InvariantCulture);
}
