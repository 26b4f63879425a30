using System;
using System.Collections.Generic;
using System.Linq;
using BenchmarkDotNet.Attributes;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Benchmarks;

/// <summary>What the accounts cost a slice: 20 accounts with 10 linear perpetuals each, margin brackets of Binance.</summary>
[MemoryDiagnoser]
public class MarginBenchmark
{
    private const int AccountCount = 20;
    private const int PositionsPerAccount = 10;

    private static readonly DateTime Start = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    // Price of early 2025, its tick and the lot, as Binance lists them: their decimals are what the arithmetic costs.
    private static readonly (string Ticker, decimal Price, decimal Tick, decimal Lot)[] Contracts =
    [
        ("BTCUSDT", 94_412.3m, 0.1m, 0.001m),
        ("ETHUSDT", 3_351.17m, 0.01m, 0.001m),
        ("BNBUSDT", 702.45m, 0.01m, 0.01m),
        ("SOLUSDT", 193.872m, 0.001m, 0.01m),
        ("XRPUSDT", 2.3217m, 0.0001m, 0.1m),
        ("DOGEUSDT", 0.32471m, 0.00001m, 1m),
        ("ADAUSDT", 0.8713m, 0.0001m, 1m),
        ("TRXUSDT", 0.25513m, 0.00001m, 1m),
        ("LINKUSDT", 20.731m, 0.001m, 0.01m),
        ("AVAXUSDT", 36.417m, 0.001m, 0.1m),
        ("LTCUSDT", 103.42m, 0.01m, 0.001m),
        ("BCHUSDT", 436.91m, 0.01m, 0.001m),
        ("DOTUSDT", 6.934m, 0.001m, 0.1m),
        ("UNIUSDT", 13.862m, 0.001m, 0.1m),
    ];

    private Ledger _ledger = null!;
    private AccountPosition[] _positions = null!;
    private decimal[][] _prices = null!;
    private int _turn;

    /// <summary>Opens the accounts and fills them, seeded.</summary>
    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(20250101);
        var profile = VenueProfiles.Find("binance-usdt-futures")!;
        var routes = Enumerable.Range(1, AccountCount).Select(index => new Route($"venue{index:00}", InstrumentKind.LinearPerpetual)).ToArray();
        _ledger = new Ledger(
            "USDT",
            Array.ConvertAll(routes, route => new AccountDefinition(route.Market, [route], profile) { Opening = [("USDT", 2_000_000m)] }));
        var positions = new List<AccountPosition>();
        var prices = new List<decimal[]>();
        foreach (var route in routes)
        {
            var contracts = Contracts.ToArray();
            random.Shuffle(contracts);
            foreach (var (ticker, price, tick, lot) in contracts.Take(PositionsPerAccount))
            {
                var instrument = new Instrument(new InstrumentId(route, ticker), ticker[..^4], "USDT", 1m, lot, lot, 0m);
                var position = _ledger.Open(instrument);

                // Notionals of 1,000 to 1,000,000, even on the logarithm, so that several brackets are used.
                var notional = (decimal)Math.Pow(10, 3 + (3 * random.NextDouble()));
                var quantity = instrument.RoundTowardZero(notional / price) * (random.Next(2) == 0 ? 1m : -1m);
                _ledger.Post(new FillEntry(Start, instrument.Id, quantity, price, 0m, 0m));
                positions.Add(position);

                // Ten marks, of which neighbours lie about three basis points apart.
                prices.Add([.. Enumerable.Range(0, 10).Select(_ => decimal.Round(price * (1m + (0.0003m * (decimal)((2 * random.NextDouble()) - 1))) / tick) * tick)]);
            }
        }

        _positions = [.. positions];
        _prices = Enumerable.Range(0, 10).Select(turn => prices.Select(marks => marks[turn]).ToArray()).ToArray();
        Mark();
    }

    /// <summary>The margin check alone: equity, maintenance margin, whether it is breached, and the distance of every account.</summary>
    [Benchmark(Baseline = true)]
    public decimal Check()
    {
        var sum = 0m;
        for (var i = 0; i < _ledger.Accounts.Count; i++)
        {
            var pools = _ledger.Accounts[i].Pools;
            for (var j = 0; j < pools.Count; j++)
            {
                var pool = pools[j];
                sum += pool.Equity + pool.MaintenanceMargin;
                sum += pool.IsBreached ? 1m : pool.Distance(out _) ?? 0m;
            }
        }

        return sum;
    }

    /// <summary>A slice in which every price moved: marks of all positions, then the check.</summary>
    [Benchmark]
    public decimal MarkAndCheck()
    {
        Mark();
        return Check();
    }

    private void Mark()
    {
        var prices = _prices[_turn];
        _turn = (_turn + 1) % _prices.Length;
        for (var i = 0; i < _positions.Length; i++)
        {
            _ledger.Mark(_positions[i], prices[i]);
        }
    }
}
