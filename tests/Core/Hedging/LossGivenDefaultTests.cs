using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Hedging;

/// <summary>What would be lost if a venue failed.</summary>
[TestFixture]
public sealed class LossGivenDefaultTests
{
    private static readonly Instrument Okx = new(Id("okx:perpetual:BTCUSDT"), "BTC", "USDT", 1m, 0.001m, 0m, 0m);

    [Test]
    public void WithoutPositionsItIsTheClaimLessItsRecovery()
    {
        var bench = new Bench(new LossSettings { Recovery = 0.2m, Recoveries = new Dictionary<string, decimal> { ["binance"] = 0.5m } });
        bench.Claims["bybit"] = 1_000m;
        bench.Claims["binance"] = 1_000m;

        Assert.That((bench.Of("bybit"), bench.Of("binance")), Is.EqualTo((800m, 500m)));
    }

    [Test]
    public void ALostHedgeCostsItsRestoringAtTheBestOtherLegAndTheGapOfWhatIsLeft()
    {
        var bench = new Bench(new LossSettings(), BybitPerpetual, BinancePerpetual, Okx);
        bench.Hold(2m, -2m, 0m, 0m);
        bench.Views[BinancePerpetual.Id].TakerFee = 0.001m;
        bench.Views[Okx.Id].TakerFee = 0.0004m;

        // 34,000 at 4 basis points, and 1% of the naked primary.
        Assert.That(bench.Of("bybit"), Is.EqualTo((34_000m * 0.0004m) + (34_000m * 0.01m)));
        Assert.That(bench.Of("okx"), Is.Zero, "nothing is held there");
    }

    [Test]
    public void ALegThatIsNotUsableRestoresNothing()
    {
        var bench = new Bench(new LossSettings(), BybitPerpetual, BinancePerpetual, Okx);
        bench.Hold(2m, -2m, 0m, 0m);
        bench.Views[BinancePerpetual.Id].TakerFee = 0.001m;
        bench.Views[Okx.Id].TakerFee = 0.0004m;
        bench.Desk.HealthOf("okx").Set(Capability.Trade, HealthState.Down, HealthReason.Disconnected, Noon);

        Assert.That(bench.Of("bybit"), Is.EqualTo((34_000m * 0.001m) + 340m));
    }

    [Test]
    public void WithoutAnotherLegThePrimaryIsReduced()
    {
        var bench = new Bench(new LossSettings(), BybitPerpetual);
        bench.Hold(2m, -2m);
        bench.Views[BinanceSpot.Id].TakerFee = 0.002m;

        Assert.That(bench.Of("bybit"), Is.EqualTo((34_000m * 0.002m) + 340m));
    }

    [Test]
    public void WithNothingUsableElsewhereItCostsTheGap()
    {
        var bench = new Bench(new LossSettings(), BybitPerpetual);
        bench.Hold(2m, -2m);
        bench.Desk.HealthOf("binance").Set(Capability.Trade, HealthState.Down, HealthReason.Disconnected, Noon);

        Assert.That(bench.Of("bybit"), Is.EqualTo(340m + 340m));
    }

    [Test]
    public void ALostPrimaryCostsTheClosingOfItsHedge()
    {
        var bench = new Bench(new LossSettings { Gap = 0.02m }, BybitPerpetual);
        bench.Hold(2m, -2m);
        bench.Views[BybitPerpetual.Id].TakerFee = 0.0005m;

        Assert.That(bench.Of("binance"), Is.EqualTo((34_000m * 0.0005m) + (34_000m * 0.02m)));
    }

    [Test]
    public void APairThatIsWhollyAtTheVenueLeavesNothingNaked()
    {
        var bench = new Bench(new LossSettings(), BinancePerpetual);
        bench.Claims["binance"] = 700m;
        bench.Hold(2m, -2m);

        Assert.That(bench.Of("binance"), Is.EqualTo(700m));
    }

    [Test]
    public void FundingReceivedMakesNoFailureCheap()
    {
        var bench = new Bench(new LossSettings { Gap = 0m }, BybitPerpetual, BinancePerpetual);
        bench.Hold(2m, -2m, 0m);
        bench.Views[BinancePerpetual.Id].FundingPerHour = 0.001m;

        Assert.That(bench.Of("bybit"), Is.Zero);
    }

    [Test]
    public void TheWorstIsKeptWithItsTime()
    {
        var bench = new Bench(new LossSettings());
        bench.Loss.Update(Noon);
        bench.Claims["bybit"] = 900m;
        bench.Loss.Update(Noon.AddMinutes(1));
        bench.Claims["bybit"] = 400m;
        bench.Loss.Update(Noon.AddMinutes(2));
        bench.Claims["bybit"] = 900m;
        bench.Loss.Update(Noon.AddMinutes(3));

        Assert.That(bench.Loss.Losses.Single(loss => loss.Market == "bybit"), Is.EqualTo(new VenueLoss("bybit", 900m, 900m, Noon.AddMinutes(1))));
        Assert.That(bench.Loss.Losses.Single(loss => loss.Market == "okx"), Is.EqualTo(new VenueLoss("okx")));
    }

    [Test]
    public void TheClaimIsEquityWithUnrealizedProfitAndWhatTravelsThere()
    {
        var ledger = new Ledger("USDT", Accounts.Transfers.Definitions);
        var perpetual = Accounts.SimulatedVenues.UnifiedPerpetual;
        ledger.Mark(ledger.Open(perpetual), 20_000m);
        ledger.Post(new FillEntry(Noon, perpetual.Id, 1m, 20_000m, 0m, 0m));
        ledger.Mark(ledger.Find(perpetual.Id)!, 21_000m);
        ledger.Post(new TransferSentEntry(Noon, "T1", "kraken", "unified", "USDT", 500m, 1m));

        Assert.That(LossGivenDefault.ClaimOn(ledger, "bybit"), Is.EqualTo(11_500m));
        Assert.That(LossGivenDefault.ClaimOn(ledger, "kraken"), Is.EqualTo(14_499m));

        ledger.Mark(ledger.Find(perpetual.Id)!, 5_000m);
        Assert.That(LossGivenDefault.ClaimOn(ledger, "bybit"), Is.Zero, "what is owed to a venue that has failed is no gain");
    }

    [Test]
    public void AskingCostsNoMemory()
    {
        var bench = new Bench(new LossSettings(), BybitPerpetual, BinancePerpetual, Okx);
        bench.Hold(2m, -2m, 0m, 0m);
        bench.Of("bybit");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            bench.Of("bybit");
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private sealed class Bench : IOrderPort, IDeskAccounts
    {
        private long _executions;

        public Bench(LossSettings settings, params Instrument[] hedges)
        {
            Desk = new HedgeDesk(new HedgeSettings(), [Group(hedges: hedges)], View, this, this);
            foreach (var health in Desk.Health)
            {
                health.AssumeHealthy();
            }

            Loss = new LossGivenDefault(settings, new HedgeSettings(), Markets, market => Claims.GetValueOrDefault(market)) { Groups = Desk.Groups };
        }

        public HedgeDesk Desk { get; }

        public LossGivenDefault Loss { get; }

        public Dictionary<InstrumentId, FakeView> Views { get; } = [];

        public Dictionary<string, decimal> Claims { get; } = [];

        public decimal? LowestDistance => null;

        public IReadOnlyList<string> Markets => ["binance", "bybit", "okx"];

        public decimal LossGivenDefault(string market) => 0m;

        public decimal Of(string market) => Loss.Of(market, Noon);

        /// <summary>What the primary and then each leg holds.</summary>
        public void Hold(params decimal[] held)
        {
            var group = Desk.Groups[0].Group;
            Desk.Quietly(() =>
            {
                for (var i = 0; i < held.Length; i++)
                {
                    if (held[i] != 0m)
                    {
                        var instrument = i == 0 ? group.Primary : group.Hedges[i - 1];
                        Desk.Receive(new Execution(instrument.Id, 0, ++_executions, _executions, held[i], 0m, 17_000m), Noon);
                    }
                }
            });
        }

        public int Send(in DeskOrder order) => 0;

        public void Cancel(InstrumentId instrument, int orderId)
        {
        }

        public void Query(InstrumentId instrument, int orderId)
        {
        }

        private FakeView View(Instrument instrument) => Views[instrument.Id] = new FakeView();
    }

    private sealed class FakeView : IInstrumentView
    {
        public Quote Quote { get; } = new(Noon, 17_000m, 0m, 17_000m, 0m, 17_000m);

        public decimal Rate => 1m;

        public decimal TakerFee { get; set; }

        public decimal FundingPerHour { get; set; }

        public TimeSpan Latency => TimeSpan.Zero;

        public decimal? Distance => null;

        public decimal Headroom(bool buys, decimal price, decimal distance) => Plenty;
    }
}
