using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Tests.Core;
using CrossHedgeLean.Venues;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Algorithm;

/// <summary>
/// Scenarios in whole runs: their effect on orders, on accounts and on LEAN's cash book, which the run compares with the
/// accounts at every step, and each of these tests once more at the end.
/// </summary>
[TestFixture]
public sealed class ScenarioRunTests
{
    private static readonly DateTime Start = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [OneTimeSetUp]
    public void OnlyOnLeanSim() => EngineRuns.OnlyOnLeanSim();

    [Test]
    public void AnOutageRefusesOrdersAndFreezesTheBookThatTheDecisionSees()
    {
        var (summary, decisions) = Run("""{ "kind": "outage", "venue": "bybit", "at": "+06:00:00", "until": "+08:00:00" }""", ("strategy", "churn"));

        Assert.That(decisions.Where(line => IsIn(line, 6, 8)).All(line => line.Contains("/down") || line.Contains("unknown")), Is.True);
        Assert.That(decisions.Where(line => IsIn(line, 6, 8)).Any(line => line.Contains("at bybit")), Is.False, "nothing is sent there");
        Assert.That(
            summary.Trouble.Health.Where(band => band.State == HealthState.Down).Select(band => (band.Capability, band.FromUtc, band.UntilUtc)),
            Is.EqualTo(Enum.GetValues<Capability>().Select(capability => (capability, Start.AddHours(6), (DateTime?)Start.AddHours(8)))));
    }

    [Test]
    public void AStormOfRefusalsMakesTheVenueTakeExitsOnly()
    {
        var (summary, _) = Run("""{ "kind": "reject-storm", "venue": "bybit", "size": 1, "at": "+06:00:00", "until": "+12:00:00" }""", ("strategy", "churn"));

        Assert.That(summary.Trouble.Health.Select(band => band.Reason), Has.Some.EqualTo(HealthReason.OrderFailures));
    }

    [Test]
    public void AnInsolventVenuesPositionsVanishAndItsMoneyButTheRecovery()
    {
        var (summary, decisions) = Run("""{ "kind": "insolvency", "venue": "bybit", "size": 0.25, "at": "+12:00:00" }""");
        var account = summary.Accounts.Single(account => account.Account == "bybit");
        var vanished = account.Liquidations.Single();
        var writeOff = summary.Trouble.WriteOffs.Single();

        Assert.That((vanished.Cause, vanished.Fee, vanished.IsLiquidation), Is.EqualTo(("insolvency of the venue", 0m, false)));
        Assert.That(writeOff.Amount, Is.LessThan(-180_000m).And.GreaterThan(-190_000m));
        Assert.That(account.EquityEnd, Is.EqualTo(-writeOff.Amount / 3m).Within(0.000001m), "a quarter is left of what three quarters were written off");
        Assert.That(account.Profit.WriteOff, Is.EqualTo(writeOff.Amount));
        Assert.That(summary.Trouble.Scenario.Single().LossShown, Is.EqualTo(250_000m).Within(2_500m), "without a recovery in the configuration all of it is shown");
        Assert.That(decisions.Any(line => IsIn(line, 12, 13) && line.Contains("reduce -")), Is.True, "no other venue hedges: the primary goes");
    }

    [Test]
    public void ALiquidationCostsAFeeAndADeleveragingNone()
    {
        var (summary, _) = Run(
            """
            { "kind": "forced-liquidation", "instrument": "bybit:perpetual:BTCUSDT", "size": 0.5, "at": "+06:00:00" },
            { "kind": "auto-deleveraging", "instrument": "bybit:perpetual:BTCUSDT", "size": 0.5, "price": 80000, "at": "+12:00:00" }
            """);
        var forced = summary.Accounts.Single(account => account.Account == "bybit").Liquidations;

        Assert.That(forced.Select(fill => (fill.TimeUtc, fill.IsLiquidation)), Is.EqualTo(new[] { (Start.AddHours(6), true), (Start.AddHours(12), false) }));
        Assert.That(forced[0].Fee, Is.EqualTo(forced[0].Quantity * forced[0].Price * 0.00055m).Within(0.0000001m));
        Assert.That((forced[1].Price, forced[1].Fee), Is.EqualTo((80_000m, 0m)));
        Assert.That(summary.Residual.TimeOutsideBand, Is.LessThan(TimeSpan.FromMinutes(10)), "what was taken is hedged again");
    }

    [Test]
    public void ADepegMovesTheAccountAndNotItsCash()
    {
        var (summary, _) = Run(
            """{ "kind": "depeg", "currency": "USDC", "size": 0.9, "at": "+12:00:00" }""",
            ("bybit.cash", "USDT:250000,USDC:10000"));
        var account = summary.Accounts.Single(account => account.Account == "bybit");

        Assert.That(account.Profit.Currency, Is.EqualTo(-1_000m));
        Assert.That(account.Balances.Single(balance => balance.Currency == "USDC").Free, Is.EqualTo(10_000m));
    }

    [Test]
    public void FundingIsPaidAtTheRateAndAsOftenAsTheScenarioSays()
    {
        var (quiet, _) = Run(null);
        var (hourly, _) = Run(
            """
            { "kind": "funding-interval", "instrument": "bybit:perpetual:BTCUSDT", "delay": "01:00:00", "at": "+00:30:00", "until": "+08:30:00" },
            { "kind": "funding-spike", "instrument": "bybit:perpetual:BTCUSDT", "size": -0.001, "at": "+00:30:00", "until": "+08:30:00" }
            """);
        var position = quiet.Venues.Single(venue => venue.Venue == "bybit:perpetual").Positions[0];

        // Eight boundaries at a tenth of a per cent, of a short.
        Assert.That(hourly.Funding!.Value - quiet.Funding!.Value, Is.EqualTo(8m * 0.001m * position.Quantity * position.MarkPrice).Within(50m));
    }

    /// <summary>From its beginning, until its end, itself excluded: also where that is a boundary.</summary>
    [TestCase("+08:00:00", "+08:01:00", 1)]
    [TestCase("+07:59:00", "+08:00:00", 0)]
    [TestCase("+08:00:00", "+16:00:00", 1)]
    [TestCase("+00:01:00", "+08:00:30", 1)]
    public void ARateHoldsAtTheBoundariesOfItsTime(string at, string until, int boundaries)
    {
        var quiet = Run(null).Summary;
        var spiked = Run($$"""{ "kind": "funding-spike", "instrument": "bybit:perpetual:BTCUSDT", "size": -0.01, "at": "{{at}}", "until": "{{until}}" }""").Summary;
        var position = PositionOf(quiet);

        Assert.That(spiked.Funding!.Value - quiet.Funding!.Value, Is.EqualTo(boundaries * 0.01m * position.Quantity * position.MarkPrice).Within(100m));
    }

    [Test]
    public void FundingIsPaidOnTheMarkOfTheWrongSide()
    {
        const string spike = """{ "kind": "funding-spike", "instrument": "bybit:perpetual:BTCUSDT", "size": -0.01, "at": "+07:59:00", "until": "+08:01:00" }""";
        var usual = Run(spike).Summary;
        var off = Run(spike + """, { "kind": "wrong-side-recovery", "venue": "bybit", "size": 0.5, "at": "+08:00:00", "until": "+08:01:00" }""").Summary;

        Assert.That(off.Profit.Funding, Is.LessThan(usual.Profit.Funding - 450m), "half as much again of a thousand");
    }

    [Test]
    public void FundingOfAMarketThatStandsStillIsPaidOnTheMarkAtWhichItStopped()
    {
        const string spike = """{ "kind": "funding-spike", "instrument": "bybit:perpetual:BTCUSDT", "size": -0.01, "at": "+07:59:00", "until": "+08:01:00" }""";
        const string wrong = """, { "kind": "wrong-side-recovery", "venue": "bybit", "size": 0.5, "at": "+07:50:00", "until": "+08:00:00" }""";
        const string outage = """, { "kind": "outage", "venue": "bybit", "at": "+08:00:00", "until": "+08:30:00" }""";
        var usual = Run(spike + wrong).Summary;
        var still = Run(spike + wrong + outage).Summary;

        Assert.That(still.Profit.Funding, Is.EqualTo(usual.Profit.Funding - 500m).Within(50m), "half as much again, though the data's price is back");
    }

    [Test]
    public void ADelistedInstrumentIsClosedByTheVenueAndTakesNothingMore()
    {
        var (summary, decisions) = Run("""{ "kind": "delisting", "instrument": "bybit:perpetual:BTCUSDT", "at": "+06:00:00", "until": "+12:00:00" }""");

        Assert.That(summary.Accounts.Single(account => account.Account == "bybit").Liquidations.Single().Cause, Is.EqualTo("delisting by the venue"));
        Assert.That(summary.Venues.Single(venue => venue.Venue == "bybit:perpetual").Positions[0].Quantity, Is.Zero);
        Assert.That(decisions.Any(line => IsIn(line, 12, 48) && line.Contains("send ")), Is.False);
    }

    [Test]
    public void WhatTheVenueIsAskedForLateMeetsALaterPrice()
    {
        var (usual, _) = Run(null);
        var (late, _) = Run("""{ "kind": "latency", "venue": "bybit", "delay": "00:10:00", "at": "+00:00:00" }""");

        Assert.That(usual.Residual.Max, Is.LessThan(0.001m), "hedged at once");
        Assert.That(late.Residual.Max, Is.GreaterThan(1m), "the whole primary is naked");
        Assert.That(late.Residual.StepsOutsideBand, Is.GreaterThan(9));
    }

    [Test]
    public void AStuckTransferIsReallyInTransitUntilItsTimeEnds()
    {
        var (summary, _) = Run(
            """{ "kind": "transfer-stuck", "at": "+00:00:00", "until": "+10:00:00" }""",
            Needy);
        var transfer = summary.Trouble.Transfers[0];

        Assert.That((transfer.From, transfer.To, transfer.Arrived, transfer.EndedUtc), Is.EqualTo(("binance-spot", "bybit", true, (DateTime?)Start.AddHours(10))));
        Assert.That(summary.Trouble.Transfers.Count(other => other.SentUtc < Start.AddHours(10)), Is.EqualTo(1), "one need is answered once");
    }

    [Test]
    public void AStormRefusesItsShareOfTheOrders()
    {
        var run = Run("""{ "kind": "reject-storm", "venue": "bybit", "size": 0.5, "at": "+06:00:00", "until": "+12:00:00" }""", ("strategy", "churn"));
        var sent = run.Orders.Where(line => IsIn(line, 6, 12) && line.Contains(",bybit:") && line.Contains(",Submitted,")).Count();
        var refused = run.Orders.Where(line => line.Contains(",bybit:") && line.Contains(",Invalid,")).ToArray();

        Assert.That(refused, Is.Not.Empty);
        Assert.That(refused.All(line => IsIn(line, 6, 12)), Is.True, "only while it lasts");
        Assert.That(refused, Has.Length.EqualTo(sent).Within(1), "of two orders one");
    }

    [Test]
    public void OfASlowVenueOldQuotesAreSeenAndItsDataAreStale()
    {
        var (summary, _) = Run("""{ "kind": "slow", "venue": "bybit", "delay": "00:04:00", "at": "+06:00:00", "until": "+08:00:00" }""", ("strategy", "churn"));
        var (usual, _) = Run(null, ("strategy", "churn"));
        var stale = summary.Trouble.Health.Single(band => band.Reason == HealthReason.StaleData);

        Assert.That(usual.Trouble.Health, Is.Empty);
        Assert.That((stale.Venue, stale.Capability, stale.State), Is.EqualTo(("bybit", Capability.Data, HealthState.Degraded)));
        Assert.That(stale.FromUtc, Is.EqualTo(Start.AddHours(6).AddMinutes(2)), "the newest were seen at 5:59");
        Assert.That(stale.UntilUtc, Is.EqualTo(Start.AddHours(8).AddMinutes(2)), "fresh for two bars again");
        Assert.That(summary.DecisionLogHash, Is.Not.EqualTo(usual.DecisionLogHash));
    }

    [Test]
    public void AStaleBookStandsStillForTheDecisionWhileItsMarketGoesOn()
    {
        var run = Run("""{ "kind": "stale-book", "venue": "bybit", "at": "+06:00:00", "until": "+06:04:00" }""", ("strategy", "churn"), ("bybit.fresh-for", "01:00:00"));
        var seen = run.Decisions.Where(line => IsIn(line, 6, 6, 4)).Select(line => line.Split(',')[5].Split('/')[3]).ToArray();
        var marks = run.Decisions.Where(line => IsIn(line, 6, 7)).Select(line => line.Split(',')[5].Split('/')[3]).ToArray();

        Assert.That(seen, Has.Length.GreaterThan(1));
        Assert.That(seen.Distinct().Count(), Is.EqualTo(1), "one price as long as the book stands still");
        Assert.That(marks.Distinct().Count(), Is.GreaterThan(1));
        Assert.That(run.Summary.Trouble.Health, Is.Empty, "no data are missing for long enough");
    }

    [Test]
    public void OnTheWrongSideOrdersFillAndMarksStandOffByTheSize()
    {
        const string when = "\"at\": \"+00:00:00\"";
        var (usual, _) = Run(null);
        var (off, _) = Run("{ \"kind\": \"wrong-side-recovery\", \"venue\": \"bybit\", \"size\": -0.03, " + when + " }");
        var before = PositionOf(usual);
        var after = PositionOf(off);

        Assert.That(after.AveragePrice / before.AveragePrice, Is.EqualTo(0.97m).Within(0.001m), "sold three per cent lower");
        Assert.That(off.Accounts.Single(account => account.Account == "bybit").EquityEnd, Is.EqualTo(250_000m).Within(10_000m), "and marked so, so that nothing is lost by it");
    }

    [Test]
    public void NothingLeavesAVenueWhoseWithdrawalsAreFrozen()
    {
        var (usual, _) = Run(null, Needy);
        var (frozen, _) = Run("""{ "kind": "withdrawal-freeze", "venue": "binance", "at": "+00:00:00", "until": "+10:00:00" }""", Needy);

        Assert.That(usual.Trouble.Transfers[0].SentUtc, Is.LessThan(Start.AddHours(10)));
        Assert.That(frozen.Trouble.Transfers, Is.Not.Empty);
        Assert.That(frozen.Trouble.Transfers[0].SentUtc, Is.EqualTo(Start.AddHours(10)), "in the step in which it may");
    }

    [TestCase("withdrawal-freeze")]
    [TestCase("outage")]
    [TestCase("insolvency")]
    public void NothingLeavesInTheStepInWhichWithdrawalsStop(string kind)
    {
        var sentUtc = Run(null, Needy).Summary.Trouble.Transfers[0].SentUtc;
        var rest = kind == "insolvency" ? "\"size\": 0.25" : "\"until\": \"+10:00:00\"";
        var (stopped, _) = Run($$"""{ "kind": "{{kind}}", "venue": "binance", "at": "{{sentUtc:yyyy-MM-ddTHH:mm:ssZ}}", {{rest}} }""", Needy);

        Assert.That(stopped.Trouble.Transfers.Select(transfer => transfer.SentUtc), Has.All.GreaterThanOrEqualTo(Start.AddHours(10)));
        Assert.That(stopped.Trouble.Transfers.Any(), Is.EqualTo(kind != "insolvency"), "what is left of an insolvent venue is frozen");
    }

    [Test]
    public void ATransferIsInTransitForTheTimeOfItsRoute()
    {
        var (summary, _) = Run(null, [.. Needy, ("transfer-routes", "binance-spot>bybit:USDT=01:40:00/2/20")]);
        var transfer = summary.Trouble.Transfers[0];

        Assert.That((transfer.Fee, transfer.Arrived, transfer.EndedUtc - transfer.SentUtc), Is.EqualTo((2m, true, (TimeSpan?)TimeSpan.FromMinutes(100))));
    }

    [Test]
    public void WhatStillTravelsAtTheEndIsInTheCashBook()
    {
        var run = Run(null, [.. Needy, ("transfer-routes", "binance-spot>bybit:USDT=3.00:00:00/2/20")]);
        var transfer = run.Summary.Trouble.Transfers.Single();

        Assert.That((transfer.Arrived, transfer.EndedUtc), Is.EqualTo((false, (DateTime?)null)));
        Assert.That(run.Summary.Accounts.Sum(account => account.Balances.Sum(balance => balance.InTransit)), Is.EqualTo(transfer.Amount));
    }

    [Test]
    public void AFailedTransferComesBackWithoutItsFee()
    {
        var run = Run("""{ "kind": "transfer-failed", "at": "+00:00:00", "until": "+02:00:00" }""", Needy);
        var failed = run.Summary.Trouble.Transfers[0];

        Assert.That((failed.Arrived, failed.Returned), Is.EqualTo((false, failed.Amount)));
        Assert.That(failed.EndedUtc, Is.Not.Null);
        Assert.That(failed.Fee, Is.Positive);
        Assert.That(run.Summary.Profit.WriteOff, Is.Zero);
    }

    [Test]
    public void ALostTransferIsWrittenOffInTheCashBookToo()
    {
        var (usual, _) = Run(null, Needy);
        var run = Run("""{ "kind": "transfer-lost", "at": "+00:00:00", "until": "+02:00:00" }""", Needy);
        var lost = run.Summary.Trouble.Transfers.Where(transfer => transfer.EndedUtc is not null && !transfer.Arrived).ToArray();

        Assert.That(lost, Is.Not.Empty);
        Assert.That(lost.Sum(transfer => transfer.Returned), Is.Zero);
        Assert.That(run.Summary.Profit.WriteOff, Is.EqualTo(-lost.Sum(transfer => transfer.Amount)));
        Assert.That(run.Summary.EquityEnd, Is.LessThan(usual.EquityEnd + (0.9m * run.Summary.Profit.WriteOff)), "LEAN's equity, too");
    }

    [Test]
    public void MoneyOnItsWayToAVenueThatFailsSharesItsFate()
    {
        var run = Run(
            """{ "kind": "insolvency", "venue": "bybit", "size": 0.25, "at": "+04:00:00" }""",
            [.. Needy, ("transfer-routes", "binance-spot>bybit:USDT=08:00:00/2/20")]);
        var transfer = run.Summary.Trouble.Transfers[0];
        var after = run.Summary.Trouble.WriteOffs.Single(entry => entry.TimeUtc == transfer.EndedUtc);

        Assert.That((transfer.SentUtc < Start.AddHours(4), transfer.EndedUtc > Start.AddHours(4)), Is.EqualTo((true, true)));
        Assert.That((after.Account, after.Amount), Is.EqualTo(("bybit", -0.75m * transfer.Amount)));
        Assert.That(run.Summary.Trouble.Transfers.Any(other => other.SentUtc >= Start.AddHours(4)), Is.False, "nothing more is sent there");
    }

    [Test]
    public void CoinsAtAnInsolventVenueVanishByAnOrderEventAndTheHedgeFollows()
    {
        var run = Run("""{ "kind": "insolvency", "venue": "binance", "size": 0.25, "at": "+12:00:00" }""");
        var account = run.Summary.Accounts.Single(account => account.Account == "binance-spot");

        Assert.That(account.Liquidations.Single().Cause, Is.EqualTo("insolvency of the venue"));
        Assert.That(run.Summary.Venues.Single(venue => venue.Venue == "binance:spot").Positions[0].Quantity, Is.LessThan(0.00001m), "less than a lot is left");
        Assert.That(run.Orders.Any(line => line.StartsWith("2025-01-01T12:00:00", StringComparison.Ordinal) && line.Contains("binance:spot:BTCUSDT,Filled,-")), Is.True, "at the moment itself");
        Assert.That(PositionOf(run.Summary).Quantity, Is.Zero, "what hedged them is reduced");
        Assert.That(account.EquityEnd, Is.EqualTo(-account.Profit.WriteOff / 3m).Within(2m), "a quarter is left of what three quarters were written off");
        Assert.That(run.Summary.EquityEnd, Is.EqualTo(650_000m + account.Profit.WriteOff).Within(2_000m), "LEAN's equity lost the same");
    }

    [Test]
    public void ADepegLeavesTheCashBooksAmountAndLeansEquityAtThePeg()
    {
        (string, string)[] money = [("bybit.cash", "USDT:250000,USDC:10000")];
        var usual = Run(null, money);
        var run = Run("""{ "kind": "depeg", "currency": "USDC", "size": 0.9, "at": "+12:00:00" }""", money);

        Assert.That((run.Cash["USDC"], run.Cash["USDT"]), Is.EqualTo((usual.Cash["USDC"], usual.Cash["USDT"])));
        Assert.That(run.Summary.EquityEnd, Is.EqualTo(usual.Summary.EquityEnd), "why a pegged currency needs acceptPeg");
        Assert.That(run.Summary.Accounts.Sum(account => account.EquityEnd), Is.EqualTo(usual.Summary.Accounts.Sum(account => account.EquityEnd) - 1_000m));
    }

    [Test]
    public void LeansEquityFollowsWhereAPairsDataGiveTheRate()
    {
        (string, string)[] money = [("binance-spot.cash", "USDT:400000,ETH:2"), ("bybit.cash", "USDT:250000,ETH:1")];
        var usual = Run(null, money);
        var depegged = Run("""{ "kind": "depeg", "currency": "ETH", "size": 0.9, "at": "+12:00:00" }""", money);
        var over = Run("""{ "kind": "depeg", "currency": "ETH", "size": 0.9, "at": "+12:00:00", "until": "+20:00:00" }""", money);
        var lost = usual.Summary.Accounts.Sum(account => account.EquityEnd) - depegged.Summary.Accounts.Sum(account => account.EquityEnd);

        Assert.That(lost, Is.GreaterThan(500m), "a tenth of three");
        Assert.That(usual.Summary.EquityEnd - depegged.Summary.EquityEnd, Is.EqualTo(lost).Within(0.000001m));
        Assert.That(depegged.Cash["ETH"], Is.EqualTo(3m));
        Assert.That(over.Summary.EquityEnd, Is.EqualTo(usual.Summary.EquityEnd), "the data's rate again");
        Assert.That(over.Summary.MaxDrawdown, Is.GreaterThan(usual.Summary.MaxDrawdown));
    }

    [Test]
    public void ACoinInWhichPositionsStandKeepsTheirMarksInLeansEquity()
    {
        (string, string)[] money = [("binance-spot.cash", "USDT:400000,BTC:2"), ("binance-spot.excluded", "BTC:2")];
        var usual = Run(null, money).Summary;
        var depegged = Run("""{ "kind": "depeg", "currency": "BTC", "size": 0.9, "at": "+12:00:00" }""", money).Summary;

        Assert.That(depegged.EquityEnd, Is.EqualTo(usual.EquityEnd), "as the table of kinds says");
        Assert.That(depegged.Accounts.Sum(account => account.EquityEnd), Is.EqualTo(usual.Accounts.Sum(account => account.EquityEnd) - (0.2m * PositionOf(usual).MarkPrice)).Within(100m), "a tenth of two");
    }

    [Test]
    public void AVenueClosesPositionsByForceWhateverItRefusesOthers()
    {
        var (summary, _) = Run(
            """
            { "kind": "outage", "venue": "bybit", "at": "+05:00:00", "until": "+07:00:00" },
            { "kind": "auto-deleveraging", "instrument": "bybit:perpetual:BTCUSDT", "size": 0.25, "at": "+06:00:00" },
            { "kind": "reject-storm", "venue": "bybit", "size": 1, "at": "+08:00:00", "until": "+10:00:00" },
            { "kind": "forced-liquidation", "instrument": "bybit:perpetual:BTCUSDT", "size": 0.25, "at": "+09:00:00" },
            { "kind": "outage", "venue": "bybit", "at": "+11:00:00", "until": "+13:00:00" },
            { "kind": "delisting", "instrument": "bybit:perpetual:BTCUSDT", "at": "+11:30:00", "until": "+12:00:00" },
            { "kind": "outage", "venue": "binance", "at": "+15:00:00", "until": "+18:00:00" },
            { "kind": "insolvency", "venue": "binance", "size": 0.5, "at": "+16:00:00" }
            """);

        Assert.That(
            summary.Accounts.SelectMany(account => account.Liquidations).OrderBy(fill => fill.TimeUtc).Select(fill => (fill.TimeUtc - Start).TotalHours),
            Is.EqualTo(new[] { 6d, 9d, 12d }), "without its only hedge nothing is left for the insolvency");
    }

    /// <summary>Whatever goes wrong together: the run goes on, and money is conserved at every step.</summary>
    [Test]
    public void WhateverHappensTogetherMoneyIsConserved()
    {
        for (var seed = 1; seed <= Iterations.Of(40); seed++)
        {
            var random = new Random(seed);
            var events = Enumerable.Range(0, random.Next(1, 9)).Select(_ => RandomEvent(random)).ToList();
            (string, string)[] settings =
            [
                ("strategy", seed % 3 == 1 ? "churn" : "inventory"), ("seed", $"{seed}"), ("latency", seed % 5 < 2 ? "venue" : "none"),
                ("bybit.cash", seed % 4 < 2 ? "USDT:4000" : "USDT:200000,USDC:5000"), ("bybit.collateral", "USDC:1"), ("BTC.notional", seed % 4 < 2 ? "11000" : "100000"),
                ("BTC.primary", seed % 7 == 0 ? "bybit:spot:BTCUSDT" : "binance:spot:BTCUSDT"), ("BTC.maker", seed % 11 == 0 ? "true" : "false"),
                ("warn-distance", "0.40"), ("transfer-target", "0.5"), ("concentration-limit", "1"),
                ("transfer-routes", $"binance-spot>bybit:USDT={random.Next(0, 20):00}:10:00/1/10,bybit>binance-spot:USDT={random.Next(0, 20):00}:10:00/1/10"),
            ];
            while (HedgeConfiguration.Parse(EngineRuns.With([.. settings, ("scenario", FileOf(string.Join(", ", events)))])).Errors.Count > 0 && events.Count > 0)
            {
                events.RemoveAt(events.Count - 1);
            }

            try
            {
                Run(string.Join(", ", events), settings);
            }
            catch (AssertionException error)
            {
                Assert.Fail($"seed {seed}: {string.Join(",\n", events)}\n{error.Message}");
            }
        }
    }

    private static string RandomEvent(Random random)
    {
        var venue = random.Next(2) == 0 ? "bybit" : "binance";
        var at = TimeSpan.FromMinutes(random.Next(0, 2800));
        var until = random.Next(4) == 0 ? "" : $", \"until\": \"+{at + TimeSpan.FromMinutes(random.Next(1, 600)):c}\"";
        var size = (random.Next(1, 100) / 100m).ToString(CultureInfo.InvariantCulture);
        var time = $"\"at\": \"+{at:c}\"";
        const string perpetual = "\"instrument\": \"bybit:perpetual:BTCUSDT\"";
        var rest = random.Next(17) switch
        {
            0 => $"\"outage\", \"venue\": \"{venue}\"{until}",
            1 => $"\"outage\", \"venue\": \"{venue}\", \"capabilities\": [\"{new[] { "trade", "data", "withdraw" }[random.Next(3)]}\"]{until}",
            2 => $"\"slow\", \"venue\": \"{venue}\", \"delay\": \"00:{random.Next(1, 20):00}:00\"{until}",
            3 => $"\"latency\", \"venue\": \"{venue}\", \"delay\": \"00:{random.Next(1, 20):00}:00\"{until}",
            4 => $"\"stale-book\", \"venue\": \"{venue}\"{until}",
            5 => $"\"wrong-side-recovery\", \"venue\": \"{venue}\", \"size\": {(random.Next(2) == 0 ? "-" : "")}0.{random.Next(1, 40):00}{until}",
            6 => $"\"reject-storm\", \"venue\": \"{venue}\", \"size\": {size}{until}",
            7 => $"\"withdrawal-freeze\", \"venue\": \"{venue}\"{until}",
            8 => $"\"insolvency\", \"venue\": \"{venue}\", \"size\": {size}",
            9 => $"\"transfer-stuck\"{until}",
            10 => $"\"transfer-failed\"{until}",
            11 => $"\"transfer-lost\", \"venue\": \"{venue}\"{until}",
            12 => $"\"forced-liquidation\", {perpetual}, \"size\": {size}",
            13 => $"\"auto-deleveraging\", {perpetual}, \"size\": {size}, \"price\": {random.Next(60_000, 140_000)}",
            14 => $"\"depeg\", \"currency\": \"USDC\", \"size\": {size}{until}",
            15 => random.Next(2) == 0 ? $"\"funding-spike\", {perpetual}, \"size\": -0.0{random.Next(1, 9)}{until}" : $"\"funding-interval\", {perpetual}, \"delay\": \"01:00:00\"{until}",
            _ => $"\"delisting\", {perpetual}{(until.Length == 0 ? $", \"until\": \"+1.23:30:00\"" : until)}",
        };
        return $"{{ {time}, \"kind\": {rest} }}";
    }

    private static string FileOf(string events) => $$"""{ "version": 1, "name": "test", "acceptPeg": true, "events": [ {{events}} ] }""";

    /// <summary>What is so poor that money is soon sent to it.</summary>
    private static (string Name, string Value)[] Needy =>
    [
        ("bybit.cash", "USDT:4000"), ("BTC.notional", "11000"), ("warn-distance", "0.40"), ("transfer-target", "0.5"), ("concentration-limit", "1"),
    ];

    private static PositionSummary PositionOf(RunSummary summary) => summary.Venues.Single(venue => venue.Venue == "bybit:perpetual").Positions[0];

    private static ScenarioRun Run(string? events, params (string Name, string Value)[] changes)
    {
        var scenario = events is null ? [] : new[] { ("scenario", FileOf(events)) };
        var decisions = new List<string>();
        var orders = new List<string>();
        var (outcome, algorithm) = EngineRuns.Run(
            () =>
            {
                var sample = new CrossHedgeAlgorithm();
                sample.Recorder.Sinks = new RunSinks { Decisions = decisions.Add, OrderEvents = orders.Add };
                return sample;
            },
            EngineRuns.With([("strategy", "inventory"), ("BTC.notional", "100000"), .. scenario, .. changes]));
        Assert.That(outcome.Error, Is.Null);

        var summary = algorithm.Recorder.Summarize();
        Assert.That(summary.Invariants.Violated, Is.Zero, string.Join('\n', summary.Invariants.Violations));
        var cash = algorithm.Portfolio.CashBook.ToDictionary(entry => entry.Key, entry => entry.Value.Amount);
        foreach (var (currency, amount) in cash)
        {
            var held = summary.Accounts.SelectMany(account => account.Balances).Where(balance => balance.Currency == currency).Sum(balance => balance.Free + balance.Locked + balance.InTransit);
            Assert.That(amount, Is.EqualTo(held).Within(0.000000000001m), $"{currency} of LEAN's cash book is that of the accounts");
        }

        return new ScenarioRun(summary, decisions.Skip(1).ToArray()) { Orders = orders.Skip(1).ToArray(), Cash = cash };
    }

    private static bool IsIn(string line, int fromHour, int untilHour, int untilMinute = 0)
    {
        var time = DateTime.Parse(line[..line.IndexOf(',')], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        return time >= Start.AddHours(fromHour) && time < Start.AddHours(untilHour).AddMinutes(untilMinute);
    }

    private sealed record ScenarioRun(RunSummary Summary, IReadOnlyList<string> Decisions)
    {
        public required IReadOnlyList<string> Orders { get; init; }

        public required IReadOnlyDictionary<string, decimal> Cash { get; init; }
    }
}
