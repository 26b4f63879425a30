using System;
using System.Collections.Generic;
using System.Linq;
using BenchmarkDotNet.Attributes;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Benchmarks;

/// <summary>What deciding costs: spot primaries, each hedged by a perpetual at two other venues, over one ledger.</summary>
[MemoryDiagnoser]
public class DecisionBenchmark
{
    private static readonly DateTime Start = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private HedgeDesk _settled = null!;
    private HedgeDesk _missing = null!;
    private DateTime _now;

    /// <summary>Groups and venues: ten over three, and up to 200 over 20.</summary>
    [Params("10x3", "50x8", "200x20")]
    public string Size { get; set; } = "10x3";

    /// <summary>How many groups a run decides on.</summary>
    public int Groups => int.Parse(Size.Split('x')[0], System.Globalization.CultureInfo.InvariantCulture);

    private int Venues => int.Parse(Size.Split('x')[1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Two desks: one whose hedges stand, one whose hedges are all missing.</summary>
    [GlobalSetup]
    public void Fill()
    {
        _now = Start;
        _settled = Create(hedged: true);
        _missing = Create(hedged: false);
        _settled.Decide(_now);
    }

    /// <summary>A slice in which nothing changed.</summary>
    [Benchmark(Baseline = true)]
    public long NothingChanged()
    {
        _now = _now.AddSeconds(1);
        _settled.Decide(_now);
        return _settled.Evaluations;
    }

    /// <summary>A slice in which every group calls for an order: looked at, decided, logged; not sent.</summary>
    [Benchmark]
    public long EveryGroupActs()
    {
        _now = _now.AddTicks(1);
        _missing.Decide(_now);
        return _missing.Log.Count;
    }

    private HedgeDesk Create(bool hedged)
    {
        var profile = VenueProfiles.Find("binance-usdt-futures")! with { FallbackTiers = MarginTiers.Flat(0.005m, 50m) };
        var spot = VenueProfiles.Find("binance-spot")!;
        var markets = Enumerable.Range(1, Venues).Select(index => $"venue{index:00}").ToArray();
        var accounts = markets.SelectMany(market => new[]
        {
            new AccountDefinition(market + "-spot", [new Route(market, InstrumentKind.Spot)], spot) { Opening = [("USDT", 5_000_000m)] },
            new AccountDefinition(market + "-futures", [new Route(market, InstrumentKind.LinearPerpetual)], profile) { Opening = [("USDT", 5_000_000m)] },
        }).ToArray();
        var ledger = new Ledger("USDT", accounts);
        var groups = new List<HedgeGroup>();
        for (var i = 0; i < Groups; i++)
        {
            var coin = $"C{i:000}";
            var primary = new Instrument(new InstrumentId(new Route(markets[i % Venues], InstrumentKind.Spot), coin + "USDT"), coin, "USDT", 1m, 0.00001m, 0m, 5m);
            var legs = new[] { 1, 2 }
                .Select(step => new Instrument(new InstrumentId(new Route(markets[(i + step) % Venues], InstrumentKind.LinearPerpetual), coin + "USDT"), coin, "USDT", 1m, 0.001m, 0.001m, 0m))
                .ToArray();
            groups.Add(new HedgeGroup(coin, primary, legs, 1m, 0m));
        }

        var desk = new HedgeDesk(new HedgeSettings(), groups, instrument => new View(ledger, ledger.Open(instrument)), new Nothing(ledger), new Nowhere());
        foreach (var health in desk.Health)
        {
            health.AssumeHealthy();
        }

        foreach (var group in groups)
        {
            Take(desk, ledger, group.Primary, 1.00045m);
            if (hedged)
            {
                Take(desk, ledger, group.Hedges[0], -1m);
            }
        }

        return desk;
    }

    private static void Take(HedgeDesk desk, Ledger ledger, Instrument instrument, decimal quantity)
    {
        var isSpot = instrument.Id.Route.Kind == InstrumentKind.Spot;
        ledger.Post(new FillEntry(Start, instrument.Id, quantity, 100m, isSpot ? -quantity * 100m : 0m, isSpot ? quantity : 0m));
        desk.Find(instrument.Id)!.Book.Executed(new Execution(instrument.Id, 0, 0, 1, quantity, 0m, 100m));
    }

    private sealed class View(Ledger ledger, AccountPosition position) : IInstrumentView
    {
        public Quote Quote => new(Start.AddDays(1), 99.99m, 50m, 100.01m, 50m, 100m);

        public decimal Rate => 1m;

        public decimal TakerFee => 0.0005m;

        public decimal FundingPerHour => 0m;

        public TimeSpan Latency => TimeSpan.FromMilliseconds(10);

        public decimal? Distance => ledger.DistanceOf(position);

        public decimal Headroom(bool buys, decimal price, decimal distance) => ledger.Headroom(position, buys, price, TakerFee, distance);
    }

    private sealed class Nothing(Ledger ledger) : IDeskAccounts
    {
        public decimal? LowestDistance
        {
            get
            {
                decimal? lowest = null;
                for (var i = 0; i < ledger.Accounts.Count; i++)
                {
                    var pools = ledger.Accounts[i].Pools;
                    for (var j = 0; j < pools.Count; j++)
                    {
                        lowest = pools[j].Distance(out _) is { } distance && !(distance >= lowest) ? distance : lowest;
                    }
                }

                return lowest;
            }
        }

        public IReadOnlyList<string> Markets { get; } = ledger.Accounts.Select(account => account.Definition.Market).Distinct().ToArray();

        public decimal LossGivenDefault(string market)
        {
            var loss = 0m;
            for (var i = 0; i < ledger.Accounts.Count; i++)
            {
                loss += ledger.Accounts[i].Definition.Market == market ? ledger.EquityOf(ledger.Accounts[i]) : 0m;
            }

            return loss;
        }
    }

    private sealed class Nowhere : IOrderPort
    {
        public int Send(in DeskOrder order) => 0;

        public void Cancel(InstrumentId instrument, int orderId)
        {
        }

        public void Query(InstrumentId instrument, int orderId)
        {
        }
    }
}
