using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Hedging.Hedges;

namespace CrossHedgeLean.Tests.Core.Hedging;

/// <summary>Distances, exposure limits, the order budget and commands: the edges, and what is said again.</summary>
public sealed partial class HedgeDeskTests
{
    private static readonly Instrument EtherPerpetual = new(Id("binance:perpetual:ETHUSDT"), "ETH", "USDT", 1m, 0.001m, 0m, 0m);

    private static readonly Instrument OkxEther = new(Id("okx:perpetual:ETHUSDT"), "ETH", "USDT", 1m, 0.001m, 0m, 0m);

    [Test]
    public void AGroupThatAPersonHaltsLaterDoesNotResumeWithTheVenue()
    {
        var desk = new Bench(Group());
        desk.Hold(BinanceSpot, 1m);
        desk.Hold(BybitPerpetual, -1m);
        desk.Desk.Command("flatten", "bybit", Noon);
        desk.Desk.Command("resume", "bybit", Noon);
        desk.Desk.Command("halt", "BTC", Noon);
        desk.Desk.Command("resume", "bybit", Noon);

        Assert.That(desk.Group.Halts, Is.EqualTo(HaltCauses.Command));
    }

    [Test]
    public void WhatIsKilledDoesNotResumeWithAVenue()
    {
        var desk = new Bench(Group());
        desk.Hold(BinanceSpot, 1m);
        desk.Hold(BybitPerpetual, -1m);
        desk.Desk.Command("flatten", "bybit", Noon);
        desk.Desk.Command("kill", "", Noon);
        desk.Desk.Command("resume", "bybit", Noon);

        Assert.That((desk.Group.Halts, desk.Group.IsFlattening), Is.EqualTo((HaltCauses.Command, true)));
    }

    [Test]
    public void EveryCommandIsSaidWithWhatItTouched()
    {
        var desk = new Bench(Group());
        desk.Desk.Command("halt", "BTC", Noon);
        desk.Desk.Command("halt", "BTC", Noon.AddSeconds(1));
        var killed = desk.Desk.Command("kill", "", Noon.AddSeconds(2));

        Assert.That(killed, Is.EqualTo(new CommandResult(true, "kill BTC, binance, bybit")));
        Assert.That(
            desk.Desk.Notices.Select(notice => (notice.TimeUtc, notice.Kind, notice.Text)),
            Is.EqualTo(new[]
            {
                (Noon, DeskNoticeKind.Command, "halt BTC"),
                (Noon.AddSeconds(1), DeskNoticeKind.Command, "halt BTC"),
                (Noon.AddSeconds(2), DeskNoticeKind.Command, "kill BTC, binance, bybit"),
            }));
    }

    [Test]
    public void ACommandBesideAFillLosesNeither()
    {
        var desk = Resting();
        desk.Desk.Quietly(() =>
        {
            desk.Fill(BinanceSpot, 1m);
            desk.Desk.Command("resume", "BTC", Noon);
        });
        desk.Decide(1);

        Assert.That(desk.Sent[^1], Is.EqualTo((BybitPerpetual, -1m)));
    }

    [Test]
    public void ADistanceBesideAFillLosesNeither()
    {
        var desk = Resting();
        desk.Desk.Quietly(() => desk.Fill(BinanceSpot, -0.4m));
        desk.Distance(BybitPerpetual, 0.09m);
        desk.Decide(1);

        Assert.That(desk.Sent, Has.Count.GreaterThan(1));
    }

    [Test]
    public void ADistanceIsSaidBelowItsWarningAndAgainWhenItHadPassed()
    {
        var desk = Resting();
        Assert.That(Said(0.20m, 1), Is.Zero, "a fifth is not below it");
        Assert.That(Said(0.19m, 2), Is.EqualTo(1));
        Assert.That(Said(0.21m, 3), Is.EqualTo(1));
        Assert.That(Said(0.19m, 4), Is.EqualTo(1), "not far enough away to have passed");
        Assert.That(Said(0.22m, 5), Is.EqualTo(1));
        Assert.That(Said(0.19m, 6), Is.EqualTo(2));
        Assert.That(Said(0.50m, 7), Is.EqualTo(2));
        Assert.That(Said(0.19m, 8), Is.EqualTo(3));

        int Said(decimal distance, double seconds)
        {
            desk.Distance(BybitPerpetual, distance);
            desk.Decide(seconds);
            return desk.Desk.Notices.Count(notice => notice.Kind == DeskNoticeKind.Distance);
        }
    }

    [Test]
    public void ADistanceHasPassedByItselfWhileAnotherGroupIsNear()
    {
        var desk = new Bench(new HedgeSettings { HeadroomReserve = 0m }, Group(), Ether());
        desk.Hold(BybitPerpetual, -1m);
        desk.Hold(BybitEther, -1m);
        Assert.That(Said(0.19m, 1), Is.EqualTo(1));
        Assert.That(Said(0.21m, 2), Is.EqualTo(1));
        Assert.That(Said(0.19m, 3), Is.EqualTo(1));
        Assert.That(Said(0.22m, 4), Is.EqualTo(1));
        Assert.That(Said(0.19m, 5), Is.EqualTo(2));

        int Said(decimal distance, double seconds)
        {
            desk.View(BybitPerpetual).Distance = distance;
            desk.Distance(BybitEther, 0.15m);
            desk.Decide(seconds);
            return desk.Desk.Notices.Count(notice => notice.Kind == DeskNoticeKind.Distance && notice.About == BybitPerpetual.Id.ToString());
        }
    }

    [Test]
    public void WhatIsFarAwayAgainShrinksNoMoreAndTheNextTimeIsSaid()
    {
        var desk = Resting();
        desk.Distance(BybitPerpetual, 0.09m);
        desk.Decide(1);
        desk.Distance(BybitPerpetual, 0.5m);
        desk.Decide(2);
        Assert.That(desk.Group.IsShrinking, Is.False);

        desk.Distance(BybitPerpetual, 0.09m);
        desk.Decide(3);
        Assert.That(desk.Group.IsShrinking, Is.True);
        Assert.That(desk.Desk.Notices.Count(notice => notice.Kind == DeskNoticeKind.Shrinking), Is.EqualTo(2));
    }

    [TestCase("1", true, TestName = "{m}: what it holds")]
    [TestCase("0", false, TestName = "{m}: not while it is flat")]
    public void APrimaryThatCanBeLiquidatedShrinksToo(string held, bool shrinks)
    {
        var desk = new Bench(new HedgeGroup("BTC", BinancePerpetual, [BybitPerpetual], 1m, 0m));
        desk.Hold(BinancePerpetual, decimal.Parse(held, System.Globalization.CultureInfo.InvariantCulture));
        desk.Distance(BinancePerpetual, 0.09m);
        desk.Decide(1);

        Assert.That(desk.Group.IsShrinking, Is.EqualTo(shrinks));
    }

    [Test]
    public void SharesAreCountedOnceATimeStep()
    {
        var desk = new Bench(Group());
        (desk.Losses["binance"], desk.Losses["bybit"]) = (60m, 40m);
        desk.Judge(BinanceSpot, 1m, 1);
        (desk.Losses["binance"], desk.Losses["bybit"]) = (40m, 60m);
        desk.Judge(BinanceSpot, 1m, 1);
        Assert.That(desk.Desk.ShareOf("binance"), Is.EqualTo(0.6m));

        desk.Judge(BinanceSpot, 1m, 2);
        Assert.That(desk.Desk.ShareOf("binance"), Is.EqualTo(0.4m));
    }

    [Test]
    public void WhereNothingCanBeLostNothingIsConcentrated()
    {
        var desk = new Bench(Group());
        (desk.Losses["binance"], desk.Losses["bybit"]) = (0m, 0m);

        Assert.That(desk.Judge(BinanceSpot, 1m).IsAccepted, Is.True);
        Assert.That(desk.Desk.ShareOf("binance"), Is.Zero);
    }

    [Test]
    public void ExactlyTheWarningShareIsNotSaidNorIsAnOnlyVenue()
    {
        var desk = new Bench(Group());
        (desk.Losses["binance"], desk.Losses["bybit"]) = (70m, 30m);
        desk.Decide(1);
        var alone = new Bench(Group(hedges: [BinancePerpetual]));
        alone.Decide(1);

        Assert.That(desk.Desk.Notices, Is.Empty);
        Assert.That(alone.Desk.Notices, Is.Empty);
    }

    [Test]
    public void AnOrderCountsAgainstTheBudgetForAMinute()
    {
        var desk = new Bench(new HedgeSettings { OrderBudget = 1 }, Group());
        desk.Fill(BinanceSpot, 1m);
        desk.Fill(BybitPerpetual, -1m);
        desk.Fill(BinanceSpot, 1m, 60);

        Assert.That((desk.Sent.Count, desk.Group.Halts), Is.EqualTo((2, HaltCauses.None)));
    }

    [Test]
    public void WithoutAPriceExposureHasNoLimitInContracts()
    {
        var desk = new Bench(Group() with { Limits = new ExposureLimits(Exposure: 34_000m) });
        desk.View(BinanceSpot).Quote = default;

        Assert.That(desk.Judge(BinanceSpot, 1m).IsAccepted, Is.True);
    }

    [Test]
    public void AVenuesExposureDoesNotCountOtherVenues()
    {
        var settings = new HedgeSettings { Venues = new Dictionary<string, ExposureLimits> { ["binance"] = new(Exposure: 51_000m) } };
        var desk = new Bench(settings, Group(hedges: [BybitPerpetual, BinancePerpetual]));
        desk.Hold(BinanceSpot, 1m);
        desk.Hold(BybitPerpetual, -1m);

        Assert.That(desk.Judge(BinanceSpot, 3m), Is.EqualTo(new GateVerdict(GateReason.Exposure, 2m)));
    }

    [Test]
    public void ExposureIsCountedInTheAccountCurrencyAndByTheValueOfAContract()
    {
        var ten = BinancePerpetual with { UnitsPerContract = 10m, ContractMultiplier = 10m };
        var desk = new Bench(new HedgeGroup("BTC", ten, [BybitPerpetual], 1m, 0m) { Limits = new ExposureLimits(Exposure: 680_000m) });
        desk.View(ten).Rate = 2m;

        Assert.That(desk.Judge(ten, 3m), Is.EqualTo(new GateVerdict(GateReason.Exposure, 2m)), "ten coins of 17,000 at a rate of 2");
    }

    [Test]
    public void AGroupsOwnNakedLimitHoldsBesideItsVenues()
    {
        var settings = new HedgeSettings { Venues = new Dictionary<string, ExposureLimits> { ["binance"] = new(Naked: 1_000_000m) } };
        var desk = new Bench(settings, Group() with { Limits = new ExposureLimits(Naked: 10_000m) });
        desk.Fill(BinanceSpot, 1m);

        Assert.That(desk.Judge(BinanceSpot, 1m).Reason, Is.EqualTo(GateReason.Naked));
    }

    [Test]
    public void AVenuesNakedTimeIsThatOfItsOldestResidual()
    {
        var settings = new HedgeSettings { Venues = new Dictionary<string, ExposureLimits> { ["binance"] = new(NakedTime: TimeSpan.FromSeconds(20)) } };
        foreach (var ethFirst in new[] { false, true })
        {
            var desk = new Bench(settings, Group(), new HedgeGroup("ETH", EtherPerpetual, [BybitEther], 1m, 0m));
            desk.Fill(ethFirst ? EtherPerpetual : BinanceSpot, 1m);
            desk.Fill(ethFirst ? BinanceSpot : EtherPerpetual, 1m, 15);

            Assert.That(desk.Judge(BinanceSpot, 1m, 20).IsAccepted, Is.True);
            Assert.That(desk.Judge(BinanceSpot, 1m, 20.1).Reason, Is.EqualTo(GateReason.Naked));
        }
    }

    [Test]
    public void ANakedResidualIsSaidWhenItIsBeyondItsLimitAndEachTimeAnew()
    {
        var desk = new Bench(Group() with { Limits = new ExposureLimits(Naked: 17_000m) });
        desk.Fill(BinanceSpot, 1m);
        Assert.That(desk.Judge(BinanceSpot, 1m).IsAccepted, Is.True, "exactly at its limit");
        Assert.That(desk.Desk.Notices, Is.Empty);

        desk.Fill(BinanceSpot, 0.1m);
        desk.Judge(BinanceSpot, 1m);
        Assert.That(desk.Desk.Notices, Has.Count.EqualTo(1));
        desk.Fill(BybitPerpetual, -1m);
        desk.Judge(BinanceSpot, 1m);
        desk.Fill(BinanceSpot, 1m);
        desk.Judge(BinanceSpot, 1m);
        Assert.That(desk.Desk.Notices, Has.Count.EqualTo(2));
    }

    [Test]
    public void TheResidualOfAPrimaryOfManyUnitsIsCountedInItsContracts()
    {
        var ten = BinancePerpetual with { UnitsPerContract = 10m };
        var desk = new Bench(new HedgeGroup("BTC", ten, [BybitPerpetual], 1m, 0m) { Limits = new ExposureLimits(Naked: 20_000m) });
        desk.Fill(ten, 1m);

        Assert.That(desk.Judge(ten, 1m).IsAccepted, Is.True, "one contract of 17,000");
    }

    [Test]
    public void HedgeAtAnotherAccountIsNotPromised()
    {
        var desk = Sharing(new HedgeGroup("ETH", EtherPerpetual, [OkxEther], 1m, 0m));
        desk.Hold(EtherPerpetual, 3m);

        Assert.That(desk.Judge(BinanceSpot, 100m).Largest, Is.EqualTo(5m));
    }

    [Test]
    public void HedgeIsPromisedWhereAnyLegOfTheOtherGroupStands()
    {
        var desk = Sharing(new HedgeGroup("ETH", EtherPerpetual, [OkxEther, BybitEther], 1m, 0m));
        desk.Hold(EtherPerpetual, 3m);

        Assert.That(desk.Judge(BinanceSpot, 100m).Largest, Is.EqualTo(2m));
    }

    [Test]
    public void AGroupsOwnNeedIsNotPromisedAway()
    {
        var desk = Sharing(new HedgeGroup("ETH", EtherPerpetual, [BybitEther], 1m, 0m));
        desk.Tell(new OrderWorking(BinanceSpot.Id, 77, 3m));

        Assert.That(desk.Judge(BinanceSpot, 100m).Largest, Is.EqualTo(2m), "3 of 5 work");
    }

    [TestCase(1, TestName = "{m}: long")]
    [TestCase(-1, TestName = "{m}: short")]
    public void WhatHedgesOrWorksToHedgeTheOtherGroupIsNotPromised(int side)
    {
        var ratio = 0.5m;
        var desk = Sharing(new HedgeGroup("ETH", EtherPerpetual, [BybitEther], ratio, 0m));
        desk.Hold(EtherPerpetual, 4m * side);
        desk.Hold(BybitEther, -1m * side);
        desk.Desk.Quietly(() =>
        {
            desk.Tell(new OrderWorking(EtherPerpetual.Id, 77, 2m * side));
            desk.Tell(new OrderWorking(BybitEther.Id, 78, -0.5m * side));
        });

        // Half of 6 less what is hedged and what works.
        Assert.That(desk.Judge(BinanceSpot, 100m).Largest, Is.EqualTo(5m - 1.5m));
    }

    [Test]
    public void AnExcessNeedsNoHedge()
    {
        foreach (var (primary, hedge) in new[] { (0m, 3m), (0m, -3m), (-1m, 3m), (1m, -3m) })
        {
            var desk = Sharing(new HedgeGroup("ETH", EtherPerpetual, [BybitEther], 1m, 0m));
            desk.Hold(EtherPerpetual, primary);
            desk.Hold(BybitEther, hedge);

            Assert.That(desk.Judge(BinanceSpot, 100m).Largest, Is.EqualTo(5m), $"{primary} {hedge}");
        }
    }

    [Test]
    public void WhatIsPromisedIsCountedInMoneyWhateverAContractHolds()
    {
        // 2 contracts of ten coins at 17,000 a contract are hedged by 20 coins at 1,700: 34,000, two of our legs' contracts.
        var ten = EtherPerpetual with { UnitsPerContract = 10m };
        var desk = Sharing(new HedgeGroup("ETH", ten, [BybitEther], 1m, 0m));
        desk.View(BybitEther).Quote = new Quote(Noon.AddHours(1), 1_700m, 0m, 1_700m, 0m, 1_700m);
        desk.Hold(ten, 3m);
        desk.Hold(BybitEther, -10m);

        Assert.That(desk.Judge(BinanceSpot, 100m).Largest, Is.EqualTo(3m));

        var other = Sharing(new HedgeGroup("ETH", EtherPerpetual, [BybitEther with { UnitsPerContract = 10m }], 1m, 0m));
        other.Hold(EtherPerpetual, 13m);
        other.Hold(BybitEther, -1m);
        Assert.That(other.Judge(BinanceSpot, 100m).Largest, Is.EqualTo(2m));

        var @short = Sharing(new HedgeGroup("ETH", EtherPerpetual, [BybitEther with { UnitsPerContract = 10m }], 1m, 0m));
        @short.Hold(EtherPerpetual, -13m);
        @short.Hold(BybitEther, 1m);
        Assert.That(@short.Judge(BinanceSpot, 100m).Largest, Is.EqualTo(2m));
    }

    [Test]
    public void ALegWithoutAPriceCarriesNothing()
    {
        var desk = Sharing(new HedgeGroup("ETH", EtherPerpetual, [BybitEther], 1m, 0m));
        desk.Hold(EtherPerpetual, 3m);
        desk.View(BybitPerpetual).Quote = default;

        Assert.That(desk.Judge(BinanceSpot, 1m), Is.EqualTo(new GateVerdict(GateReason.HedgeCapacity, 0m)));
    }

    /// <summary>Two groups at bybit's account, which has room for five contracts.</summary>
    private static Bench Sharing(HedgeGroup other)
    {
        var desk = new Bench(new HedgeSettings { HeadroomReserve = 0m }, Group(), other);
        desk.View(BybitPerpetual).Room = 5m;
        return desk;
    }
}
