using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CsCheck;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Accounts.SimulatedVenues;
using static CrossHedgeLean.Tests.Core.Accounts.Transfers;

namespace CrossHedgeLean.Tests.Core.Accounts;

/// <summary>Which transfers are planned, and why not.</summary>
[TestFixture]
public sealed class TransferPlannerTests
{
    [Test]
    public void APoolBelowItsWarningGetsWhatIsMissingToTheTarget()
    {
        // 15% of 10,000; 30% are 3,000.
        var planned = Plan(Pool("unified", 1_500m, 10_000m), Cash("kraken", 9_000m)).Transfers.Single();

        Assert.That((planned.Route.From, planned.Route.To, planned.Amount, planned.Reason, planned.Distance), Is.EqualTo(("kraken", "unified", 1_500m, TransferReason.Solvency, 0.15m)));
    }

    [TestCase(2_000, TestName = "At its warning distance nothing moves")]
    [TestCase(2_900, TestName = "Short of its target nothing moves without excess")]
    public void NothingMovesWithoutANeed(decimal room)
        => Assert.That(Plan(Pool("unified", room, 10_000m), Cash("kraken", 9_000m)).Transfers, Is.Empty);

    [Test]
    public void WhatTravelsAlreadyIsNotSentAgain()
        => Assert.That(Plan(Pool("unified", 1_500m, 10_000m, inTransit: 1_500m), Cash("kraken", 9_000m)).Transfers, Is.Empty);

    [Test]
    public void WhatTravelsCountsWhenTheNeedGrew()
        => Assert.That(Plan(Pool("unified", -1_000m, 10_000m, inTransit: 1_500m), Cash("kraken", 9_000m)).Transfers.Single().Amount, Is.EqualTo(2_500m));

    [Test]
    public void NoDonorGoesBelowItsOwnTarget()
    {
        var plan = Plan(Pool("unified", 0m, 10_000m), Pool("futures", 4_000m, 10_000m, withdrawable: 3_500m));

        // 4,000 less the 3,000 that it keeps, of which the fee is one.
        Assert.That(plan.Transfers.Single().Amount, Is.EqualTo(999m));
        Assert.That(plan.Unmet.Single(), Is.EqualTo(new UnmetNeed("unified", 2_001m, 0.0999m, UnmetReason.NoSurplus)));
    }

    [Test]
    public void TheVenueItselfIsAskedFirstThenWhoHasMost()
    {
        var plan = Plan(Cash("kraken", 50_000m), Pool("unified", 60_000m, 10_000m, withdrawable: 60_000m), Pool("futures", 0m, 100_000m), Cash("spot", 500m));

        Assert.That(plan.Transfers.Select(planned => (planned.Route.From, planned.Amount)), Is.EqualTo(new[] { ("spot", 500m), ("unified", 29_500m) }));
        Assert.That(plan.Transfers[0].Route, Is.EqualTo(new TransferRoute("spot", "futures", "USDT", TimeSpan.Zero, 0m, 0m) { Network = "internal", Source = "within a venue" }));
    }

    [Test]
    public void TheNearestToLiquidationIsServedFirst()
    {
        var plan = Plan(Pool("futures", 1_500m, 10_000m), Pool("unified", 500m, 10_000m), Cash("kraken", 2_501m));

        Assert.That(plan.Transfers.Single().Route.To, Is.EqualTo("unified"));
        Assert.That(plan.Unmet.Single().Account, Is.EqualTo("futures"));
    }

    [Test]
    public void EveryNeedThatIsNotMetSaysWhy()
    {
        var poor = Pool("unified", 1_500m, 10_000m);

        Assert.That(Reason(poor), Is.EqualTo(UnmetReason.NoRoute));
        Assert.That(Reason(poor, new TransferAccount("kraken") { Balances = [new TransferBalance("EUR", 9_000m, 0m, 1m)] }), Is.EqualTo(UnmetReason.NoRoute));
        Assert.That(Reason(poor, Cash("kraken", 0m)), Is.EqualTo(UnmetReason.NoSurplus));
        Assert.That(Reason(poor, Cash("kraken", 9_000m) with { CanWithdraw = false }), Is.EqualTo(UnmetReason.WithdrawDown));
        Assert.That(Reason(poor, Cash("kraken", 10m)), Is.EqualTo(UnmetReason.BelowMinimum));
        Assert.That(Reason(poor with { CanReceive = false }, Cash("kraken", 9_000m)), Is.EqualTo(UnmetReason.ReceiverDown));
        Assert.That(Plan(Settings with { DailyCap = 1_000m }, new TransferMemory(), poor, Cash("kraken", 9_000m)).Unmet.Single().Reason, Is.EqualTo(UnmetReason.DailyCap));

        var memory = new TransferMemory();
        memory.Pause("kraken", "unified", Start.AddMinutes(1));
        Assert.That(Plan(Settings, memory, poor, Cash("kraken", 9_000m)).Unmet.Single().Reason, Is.EqualTo(UnmetReason.Paused));

        static UnmetReason Reason(params TransferAccount[] accounts) => Plan(accounts).Unmet.Single().Reason;
    }

    [Test]
    public void ASmallNeedGetsTheLeastThatIsWorthIt()
    {
        var plan = Plan(Settings with { FeeMultiple = 100m }, new TransferMemory(), Pool("unified", 19m, 100m), Cash("kraken", 9_000m));

        Assert.That(plan.Transfers.Single().Amount, Is.EqualTo(100m), "eleven would do; a hundred times the fee is the least");
    }

    [Test]
    public void TheCapOfADayCountsWhatWasSentOnIt()
    {
        var memory = new TransferMemory();
        memory.Count("kraken", Start, 600m);
        memory.Count("kraken", Start.AddDays(-1), 5_000m);

        var plan = Plan(Settings with { DailyCap = 5_000m, DailyCaps = new Dictionary<string, decimal> { ["kraken"] = 1_000m } }, memory, Pool("unified", 1_500m, 10_000m), Cash("kraken", 9_000m));

        Assert.That(plan.Transfers.Single().Amount, Is.EqualTo(400m));
    }

    [Test]
    public void AFreezeOfWithdrawalsDoesNotStopWhatStaysAtTheVenue()
        => Assert.That(Plan(Pool("futures", 1_500m, 10_000m), Cash("spot", 9_000m) with { CanWithdraw = false }).Transfers, Has.Count.EqualTo(1));

    [Test]
    public void ExcessGoesToWhoIsShortOfItsTargetDownToTheUpperDistance()
    {
        var plan = Plan(Pool("unified", 2_700m, 10_000m), Pool("futures", 6_200m, 10_000m, withdrawable: 5_000m));

        Assert.That((plan.Transfers.Single().Amount, plan.Transfers.Single().Reason), Is.EqualTo((199m, TransferReason.Excess)));
        Assert.That(plan.Unmet, Is.Empty, "no need");
    }

    [Test]
    public void IdleMoneyMovesForANeedAlone()
        => Assert.That(Plan(Pool("unified", 2_700m, 10_000m), Pool("futures", 9_000m, 0m, withdrawable: 9_000m), Cash("kraken", 9_000m)).Transfers, Is.Empty);

    [TestCase(0, 0)]
    [TestCase(0.001, 0)]
    [TestCase(0.05, 3_999)]
    public void MoneyGoesHomeWhenItsCarryPaysForTheWay(double carry, decimal amount)
    {
        // 4,000 beyond the upper distance: at 0.1% a year 33 cents in 30 days, at 5% 16; the fee is 1.
        var plan = Plan(Settings with { Home = "kraken", CarryRate = (decimal)carry }, new TransferMemory(), Pool("unified", 10_000m, 10_000m, withdrawable: 9_000m), Cash("kraken", 0m));

        Assert.That(plan.Transfers.Sum(planned => planned.Amount), Is.EqualTo(amount));
        Assert.That(plan.Transfers.All(planned => planned.Reason == TransferReason.Home), Is.True);
    }

    [Test]
    public void PoolsAreReadOffTheLedger()
    {
        var ledger = new Ledger("USDT", Definitions);
        ledger.Mark(ledger.Open(UnifiedPerpetual), 20_000m);
        ledger.Mark(ledger.Open(Spot), 20_000m);
        ledger.Post(new FillEntry(Start, UnifiedPerpetual.Id, -2m, 20_000m, 0m, 0m));
        ledger.Post(new TransferSentEntry(Start, "x", "kraken", "unified", "USDT", 100m, 1m));
        var account = ledger.Accounts[2];
        var pool = account.Pools[0];

        var seen = TransferAccount.Of(ledger, account);

        // Maintenance of 40,000 in the third bracket is 2.5% less 325: 675.
        Assert.That((pool.Room, pool.Slope), Is.EqualTo((10_000m - 675m, 41_000m)));
        Assert.That(pool.Missing(0.3m), Is.EqualTo((0.3m * 41_000m) - 9_325m));
        Assert.That(pool.Distance(out _), Is.EqualTo(pool.Room / pool.Slope));
        Assert.That((seen.Pools[0].Room, seen.Pools[0].Slope, seen.Pools[0].ShareOf("USDT"), seen.Pools[0].ShareOf("BTC")), Is.EqualTo((9_325m, 41_000m, 1m, 0m)), "coins of the book are no collateral to send");
        Assert.That(seen.Balances.Single(), Is.EqualTo(new TransferBalance("USDT", 6_000m, 100m, 1m)), "ten times leverage: 4,000 are initial margin");
    }

    [Test]
    public void RoutesComeFromTheProfilesUnlessGiven()
    {
        var all = AccountDefaults.All().ToArray();
        var given = new TransferRoute("bybit", "kraken", "USDT", TimeSpan.FromHours(2), 3m, 50m);
        var routes = new TransferRoutes(all, [given]);

        Assert.That(routes.Find("bybit", "kraken", "USDT"), Is.EqualTo(given));
        Assert.That(routes.Find("kraken", "bybit", "USDT")!.Network, Is.EqualTo("Tron"));
        Assert.That(routes.Find("bybit", "coinbase", "USDT")!.Network, Is.EqualTo("Ethereum"), "the one that both ends serve");
        Assert.That(routes.Find("binance-futures", "binance-spot", "BUSD")!.IsInternal, Is.True);
        Assert.That(routes.Find("bybit", "coinbase", "EUR"), Is.Null);
        Assert.That(routes.Find("bybit", "bybit", "USDT"), Is.Null);
        foreach (var rule in all.SelectMany(account => account.Profile.Withdrawals))
        {
            Assert.That(rule.Source, Does.Contain("https://").And.Contain("typical"));
            Assert.That(rule.Fee > 0m && rule.Minimum > 0m && rule.Time > TimeSpan.Zero, Is.True, rule.ToString());
        }
    }

    [Test]
    public void BadRoutesAndSettingsSayWhatIsWrong()
    {
        Assert.That(new TransferRoute("spot", "nowhere", "USDT", TimeSpan.Zero, 0m, 0m).Check(Definitions), Does.Contain("no account is called nowhere"));
        Assert.That(new TransferRoute("nobody", "spot", "USDT", TimeSpan.Zero, 0m, 0m).Check(Definitions), Does.Contain("no account is called nobody"));
        Assert.That(new TransferRoute("spot", "spot", "USDT", TimeSpan.Zero, 0m, 0m).Check(Definitions), Does.Contain("leads nowhere"));
        Assert.That(new TransferRoute("spot", "kraken", "USDT", TimeSpan.Zero, -1m, 0m).Check(Definitions), Does.Contain("zero or more"));
        Assert.That(new TransferRoute("spot", "kraken", "USDT", TimeSpan.Zero, 1m, 0m).Check(Definitions), Is.Null);
        Assert.That(Settings.Check(Hedge, Definitions), Is.Empty);
        Assert.That(new TransferSettings { TargetDistance = 0.21m, UpperDistance = 0.22m, Home = "moon", CarryRate = -1m, ReviewEvery = TimeSpan.Zero }.Check(Hedge, Definitions), Has.Count.EqualTo(5));
    }

    /// <summary>
    /// Over random accounts: when all that is planned has arrived, who was helped whole is at its target, no donor is
    /// below its own, nobody sent more than it could, and a second look plans nothing more.
    /// </summary>
    [Test]
    public void WhatIsPlannedKeepsEveryBand()
        => Gen.Select(Gen.Int[0, 40_000], Gen.Int[-3_000, 30_000], Gen.Int[0, 12_000], Gen.Int[0, 3_000])
            .Array[4]
            .Sample(
                figures =>
                {
                    var accounts = Definitions.Select((definition, i) => Account(definition.Name, figures[i], i >= 1)).ToArray();
                    var plan = Plan(accounts);
                    var after = accounts.Select(account => After(account, plan, arrived: true)).ToArray();
                    for (var i = 0; i < accounts.Length; i++)
                    {
                        var name = accounts[i].Name;
                        var sent = plan.Transfers.Where(planned => planned.Route.From == name).Sum(planned => planned.Amount + planned.Route.Fee);
                        Assert.That(sent, Is.LessThanOrEqualTo(accounts[i].Balances[0].Withdrawable));
                        foreach (var pool in after[i].Pools.Where(pool => pool.Slope > 0m))
                        {
                            var distance = pool.Room / pool.Slope;
                            var needs = accounts[i].Pools[0].Room + accounts[i].Balances[0].InTransit < Hedge.WarnDistance * pool.Slope;
                            Assert.That(needs && plan.Unmet.All(need => need.Account != name) && distance < Settings.TargetDistance, Is.False, "a need that was met");
                            Assert.That(sent > 0m && (accounts[i].Pools[0].Room - sent) / pool.Slope < Settings.TargetDistance, Is.False, "a donor below its own target");
                        }
                    }

                    foreach (var planned in plan.Transfers)
                    {
                        Assert.That(planned.Amount, Is.GreaterThanOrEqualTo(TransferPlanner.LeastOf(planned.Route, Settings)));
                    }

                    Assert.That(Plan(accounts.Select(account => After(account, plan, arrived: false)).ToArray()).Transfers, Is.Empty, "once for one need");
                },
                iter: 20_000);

    private static TransferAccount Account(string name, (int Slope, int Room, int Withdrawable, int InTransit) figures, bool hasPool)
        => hasPool
            ? Pool(name, figures.Room, figures.Slope, Math.Max(0, Math.Min(figures.Withdrawable, figures.Room)), figures.InTransit)
            : Cash(name, figures.Withdrawable);

    private static TransferAccount After(TransferAccount account, TransferPlan plan, bool arrived)
    {
        var sent = plan.Transfers.Where(planned => planned.Route.From == account.Name).Sum(planned => planned.Amount + planned.Route.Fee);
        var got = plan.Transfers.Where(planned => planned.Route.To == account.Name).Sum(planned => planned.Amount);
        var balance = account.Balances[0];
        return account with
        {
            Balances = [balance with { Withdrawable = balance.Withdrawable - sent, InTransit = arrived ? 0m : balance.InTransit + got }],
            Pools = [.. account.Pools.Select(pool => pool with { Room = pool.Room - sent + (arrived ? got + balance.InTransit : 0m) })],
        };
    }
}
