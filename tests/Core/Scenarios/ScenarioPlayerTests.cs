using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;
using CsCheck;
using NUnit.Framework;
using static CrossHedgeLean.Tests.Core.Scenarios.ScenarioSamples;

namespace CrossHedgeLean.Tests.Core.Scenarios;

/// <summary>What of a scenario holds when: each kind's effect, from its beginning until its end, itself excluded.</summary>
[TestFixture]
public sealed class ScenarioPlayerTests
{
    private static readonly InstrumentId Futures = Id("binance:perpetual:BTCUSDT");

    private static readonly InstrumentId Other = Id("bybit:perpetual:ETHUSDT");

    private static readonly string[] Quiet = [];

    /// <summary>Each kind from 1:00 to 2:00, and all that differs from a quiet run within it.</summary>
    private static IEnumerable<TestCaseData> Lasting()
    {
        yield return Case("outage", builder => builder.Outage("bybit", H(1), H(2)), "bybit down: Trade", "bybit down: Cancel", "bybit down: Data", "bybit down: Withdraw", "bybit closed", "bybit:perpetual:BTCUSDT frozen", "bybit:perpetual:ETHUSDT frozen");
        yield return Case("outage of all by name", builder => builder.Outage("bybit", H(1), H(2), Capability.Withdraw, Capability.Data, Capability.Cancel, Capability.Trade), "bybit down: Trade", "bybit down: Cancel", "bybit down: Data", "bybit down: Withdraw", "bybit closed", "bybit:perpetual:BTCUSDT frozen", "bybit:perpetual:ETHUSDT frozen");
        yield return Case("two outages that are all", builder => builder.Outage("bybit", H(1), H(2), Capability.Trade, Capability.Cancel).Outage("bybit", H(1), H(2), Capability.Data, Capability.Withdraw), "bybit down: Trade", "bybit down: Cancel", "bybit down: Data", "bybit down: Withdraw", "bybit closed", "bybit:perpetual:BTCUSDT frozen", "bybit:perpetual:ETHUSDT frozen");
        yield return Case("a freeze is no outage", builder => builder.Outage("bybit", H(1), H(2), Capability.Trade, Capability.Cancel, Capability.Data).WithdrawalFreeze("bybit", H(1), H(2)), "bybit down: Trade", "bybit down: Cancel", "bybit down: Data", "bybit down: Withdraw", "bybit:perpetual:BTCUSDT frozen", "bybit:perpetual:ETHUSDT frozen");
        yield return Case("outage of trade", builder => builder.Outage("bybit", H(1), H(2), Capability.Trade), "bybit down: Trade");
        yield return Case("outage of data", builder => builder.Outage("bybit", H(1), H(2), Capability.Data), "bybit down: Data", "bybit:perpetual:BTCUSDT frozen", "bybit:perpetual:ETHUSDT frozen");
        yield return Case("outage of cancels and payments", builder => builder.Outage("bybit", H(1), H(2), Capability.Cancel, Capability.Withdraw), "bybit down: Cancel", "bybit down: Withdraw");
        yield return Case("slow", builder => builder.Slow("bybit", H(1), S(30), H(2)), "bybit orders +00:00:30", "bybit data +00:00:30");
        yield return Case("latency", builder => builder.Latency("bybit", H(1), S(30), H(2)), "bybit orders +00:00:30");
        yield return Case("slow and latency: the longer", builder => builder.Latency("bybit", H(1), S(40), H(2)).Slow("bybit", H(1), S(30), H(2)), "bybit orders +00:00:40", "bybit data +00:00:30");
        yield return Case("stale venue", builder => builder.StaleBook("bybit", H(1), H(2)), "bybit:perpetual:BTCUSDT frozen", "bybit:perpetual:ETHUSDT frozen");
        yield return Case("stale book", builder => builder.StaleBook("bybit", H(1), H(2), Perpetual), "bybit:perpetual:BTCUSDT frozen");
        yield return Case("wrong side of a venue", builder => builder.WrongSideRecovery("bybit", H(1), -0.03m, H(2)), "bybit:perpetual:BTCUSDT x 0.97", "bybit:perpetual:ETHUSDT x 0.97");
        yield return Case("wrong side of a book", builder => builder.WrongSideRecovery("bybit", H(1), 0.02m, H(2), Perpetual), "bybit:perpetual:BTCUSDT x 1.02");
        yield return Case("reject storm", builder => builder.RejectStorm("bybit", H(1), 1m, H(2)), "bybit refuses");
        yield return Case("withdrawal freeze", builder => builder.WithdrawalFreeze("bybit", H(1), H(2)), "bybit down: Withdraw");
        yield return Case("stuck", builder => builder.TransferStuck(H(1), H(2), "bybit", "binance", "USDT"), "bybit to binance, USDT: Stuck");
        yield return Case("failed from", builder => builder.TransferFailed(H(1), H(2), from: "bybit"), "bybit to binance, USDT: Fails", "bybit to binance, USDC: Fails");
        yield return Case("lost to", builder => builder.TransferLost(H(1), H(2), to: "bybit", currency: "USDC"), "binance to bybit, USDC: Lost");
        yield return Case("stuck anywhere", builder => builder.TransferStuck(H(1), H(2)), "binance to bybit, USDT: Stuck", "binance to bybit, USDC: Stuck", "bybit to binance, USDT: Stuck", "bybit to binance, USDC: Stuck");
        yield return Case("depeg", builder => builder.Depeg("USDC", H(1), 0.88m, H(2)), "USDC x 0.88");
        yield return Case("funding spike", builder => builder.FundingSpike(Perpetual, H(1), -0.0075m, H(2)), "bybit:perpetual:BTCUSDT funding -0.0075");
        yield return Case("funding interval", builder => builder.FundingInterval(Perpetual, H(1), H(4), H(2)), "bybit:perpetual:BTCUSDT funding every 04:00:00");
    }

    [Test]
    public void WhatIsAddedHoldsAsIfItHadBeenKnown()
    {
        var player = new ScenarioPlayer(Scenario.None, Start);
        var changes = new List<ScenarioChange>();
        player.Advance(Start + H(2), changes);
        var late = new ScenarioEvent(ScenarioKind.Depeg, Start + H(3)) { Currency = "USDC", Size = 0.9m, Until = Start + H(4) };
        var now = new ScenarioEvent(ScenarioKind.WithdrawalFreeze, H(1)) { Venue = "bybit", Until = H(3) };
        player.Add(late);
        player.Add(now);

        Assert.That(changes, Is.Empty);
        Assert.That(player.IsDown("bybit", Capability.Withdraw), Is.False, "it holds from the next step");
        player.Advance(Start + H(2), changes);
        Assert.That(player.IsDown("bybit", Capability.Withdraw), Is.True);
        player.Advance(Start + H(3), changes);
        Assert.That(player.IsDown("bybit", Capability.Withdraw), Is.False);
        Assert.That(player.RateFactor("USDC"), Is.EqualTo(0.9m));
        player.Advance(Start + H(5), changes);
        Assert.That(player.IsQuiet, Is.True);
        Assert.That(player.Scenario.Events, Is.EqualTo(new[] { late, now }));
        Assert.That(changes.Select(change => (change.Event, change.Begins)), Is.EqualTo(new[] { (now, true), (now, false), (late, true), (late, false) }));
    }

    [TestCaseSource(nameof(Lasting))]
    public void AKindDoesWhatItIsAndNothingElseUntilItsEnd(Scenario scenario, string[] effects)
    {
        var player = new ScenarioPlayer(scenario, Start);

        Assert.That(At(player, H(1) - Tick), Is.EqualTo(Quiet));
        Assert.That(player.IsQuiet, Is.True);
        Assert.That(At(player, H(1)), Is.EquivalentTo(effects));
        Assert.That(player.IsQuiet, Is.False);
        Assert.That(player.Active, Is.EqualTo(scenario.Events));
        Assert.That(At(player, H(2) - Tick), Is.EquivalentTo(effects));
        Assert.That(At(player, H(2)), Is.EqualTo(Quiet));
        Assert.That(player.IsQuiet, Is.True);
    }

    [TestCaseSource(nameof(Lasting))]
    public void WithoutAnEndItLasts(Scenario scenario, string[] effects)
    {
        var endless = scenario with { Events = scenario.Events.Select(what => what with { Until = null }).ToArray() };

        Assert.That(At(new ScenarioPlayer(endless, Start), TimeSpan.FromDays(900)), Is.EquivalentTo(effects));
    }

    [Test]
    public void AnInsolventVenueIsDownForEver()
    {
        var player = Player(builder => builder.Insolvency("bybit", H(1), 0.2m));
        string[] effects = ["bybit insolvent", "bybit down: Trade", "bybit down: Cancel", "bybit down: Data", "bybit down: Withdraw", "bybit closed", "bybit:perpetual:BTCUSDT frozen", "bybit:perpetual:ETHUSDT frozen"];

        Assert.That(At(player, H(1) - Tick), Is.EqualTo(Quiet));
        Assert.That(At(player, H(1)), Is.EquivalentTo(effects));
        Assert.That(player.Active, Is.Empty);
        Assert.That(At(player, TimeSpan.FromDays(900)), Is.EquivalentTo(effects));
        Assert.That(player.IsQuiet, Is.False);
    }

    [Test]
    public void ADelistedInstrumentStaysDelistedAfterItsEnd()
    {
        var player = Player(builder => builder.Delisting(Perpetual, H(1), H(2)));

        Assert.That(At(player, H(1) - Tick), Is.EqualTo(Quiet));
        Assert.That(At(player, H(1)), Is.EqualTo(new[] { "bybit:perpetual:BTCUSDT delisted" }));
        Assert.That(player.Active, Has.Count.EqualTo(1));
        Assert.That(At(player, H(2)), Is.EqualTo(new[] { "bybit:perpetual:BTCUSDT delisted" }));
        Assert.That(player.Active, Is.Empty);
        Assert.That(player.IsQuiet, Is.False);
    }

    [Test]
    public void WhatTheVenueClosesIsToldOnceAndDoesNotLast()
    {
        var player = Player(builder => builder.ForcedLiquidation(Perpetual, H(1), 0.4m).AutoDeleveraging(Perpetual, H(1), 0.5m));

        Assert.That(Changes(player, H(1)), Is.EqualTo(new[] { "01:00:00 ForcedLiquidation begins", "01:00:00 AutoDeleveraging begins" }));
        Assert.That(Effects(player), Is.EqualTo(Quiet));
        Assert.That(player.IsQuiet, Is.True);
        Assert.That(Changes(player, H(2)), Is.Empty);
    }

    [Test]
    public void ChangesComeInTheirTimesEndsFirstThenInTheFilesOrder()
    {
        var player = Player(builder => builder
            .Latency("bybit", H(2), S(30), H(3))
            .Outage("bybit", H(1), H(2))
            .Slow("bybit", H(2), S(30), H(3))
            .WithdrawalFreeze("bybit", H(1), H(2)));

        Assert.That(Changes(player, H(2)), Is.EqualTo(new[]
        {
            "01:00:00 Outage begins", "01:00:00 WithdrawalFreeze begins",
            "02:00:00 Outage ends", "02:00:00 WithdrawalFreeze ends",
            "02:00:00 Latency begins", "02:00:00 Slow begins",
        }));
        Assert.That(Changes(player, H(2)), Is.Empty);
        Assert.That(Changes(player, H(9)), Is.EqualTo(new[] { "03:00:00 Latency ends", "03:00:00 Slow ends" }));
    }

    [Test]
    public void WhatBeginsAndEndsBetweenTwoStepsIsToldAndIsOver()
    {
        var player = Player(builder => builder.Outage("bybit", H(1), H(2)).Depeg("USDC", H(1), 0.9m, H(4)));

        Assert.That(Changes(player, H(3)), Is.EqualTo(new[] { "01:00:00 Outage begins", "01:00:00 Depeg begins", "02:00:00 Outage ends" }));
        Assert.That(Effects(player), Is.EqualTo(new[] { "USDC x 0.9" }));
    }

    [Test]
    public void OneOfTwoOutagesEndsAndTheOtherGoesOn()
    {
        var player = Player(builder => builder.Outage("bybit", H(1), H(2), Capability.Trade).Outage("bybit", H(1), H(3), Capability.Cancel));

        Assert.That(At(player, H(1)), Is.EquivalentTo(new[] { "bybit down: Trade", "bybit down: Cancel" }));
        Assert.That(At(player, H(2)), Is.EqualTo(new[] { "bybit down: Cancel" }));
    }

    [Test]
    public void AtAChangeoverTheNextSizeHolds()
    {
        var player = Player(builder => builder.Depeg("USDC", H(1), 0.95m, H(2)).Depeg("USDC", H(2), 0.88m, H(3)));

        Assert.That(At(player, H(2) - Tick), Is.EqualTo(new[] { "USDC x 0.95" }));
        Assert.That(At(player, H(2)), Is.EqualTo(new[] { "USDC x 0.88" }));
    }

    [Test]
    public void AnEmptyScenarioIsQuiet()
    {
        var player = new ScenarioPlayer(Scenario.None, Start);

        Assert.That(Changes(player, TimeSpan.FromDays(900)), Is.Empty);
        Assert.That((player.IsEmpty, player.IsQuiet, player.Scenario), Is.EqualTo((true, true, Scenario.None)));
        Assert.That(Player(builder => builder.Outage("bybit", H(1))).IsEmpty, Is.False);
    }

    /// <summary>Of the first n orders exactly floor(n x share) are refused, for every n.</summary>
    [Test]
    public void AStormRefusesItsShareEvenlySpread()
        => Gen.Select(Gen.Int[1, 1_000], Gen.Int[1, 300]).Sample((thousandths, orders) =>
        {
            var share = thousandths / 1_000m;
            var player = Player(builder => builder.RejectStorm("bybit", H(1), share));
            Changes(player, H(1));
            var refused = 0;
            for (var n = 1; n <= orders; n++)
            {
                refused += player.Refuses("bybit") ? 1 : 0;
                Assert.That(refused, Is.EqualTo((int)Math.Floor(n * share)), $"{n} orders at {share}");
            }
        }, iter: Iterations.Of(200));

    [Test]
    public void EachStormAndEachVenueCountsForItself()
    {
        var player = Player(builder => builder.RejectStorm("bybit", H(1), 0.6m, H(2)).RejectStorm("binance", H(1), 0.5m).RejectStorm("bybit", H(3), 0.6m));
        Changes(player, H(1));

        Assert.That((player.Refuses("bybit"), player.Refuses("binance"), player.Refuses("binance"), player.Refuses("kraken")), Is.EqualTo((false, false, true, false)));
        Changes(player, H(2));
        Assert.That(player.Refuses("bybit"), Is.False, "between two storms");
        Changes(player, H(3));
        Assert.That((player.Refuses("bybit"), player.Refuses("bybit")), Is.EqualTo((false, true)), "what was left of the first storm is gone");
    }

    private static TimeSpan Tick => TimeSpan.FromTicks(1);

    private static TimeSpan H(double hours) => TimeSpan.FromHours(hours);

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    private static ScenarioPlayer Player(Func<ScenarioBuilder, ScenarioBuilder> build) => new(build(Scenario.Build("test")).Build(), Start);

    private static TestCaseData Case(string name, Func<ScenarioBuilder, ScenarioBuilder> build, params string[] effects)
        => new TestCaseData(build(Scenario.Build("test")).Build(), effects).SetName($"{{m}}: {name}");

    private static List<string> At(ScenarioPlayer player, TimeSpan after)
    {
        Changes(player, after);
        return Effects(player);
    }

    private static List<string> Changes(ScenarioPlayer player, TimeSpan after)
    {
        var changes = new List<ScenarioChange>();
        player.Advance(Start + after, changes);
        return changes.ConvertAll(change => $"{change.TimeUtc - Start:c} {change.Event.Kind} {(change.Begins ? "begins" : "ends")}");
    }

    /// <summary>Every answer that is not that of a quiet run.</summary>
    private static List<string> Effects(ScenarioPlayer player)
    {
        var effects = new List<string>();
        void Add(bool holds, FormattableString what)
        {
            if (holds)
            {
                effects.Add(FormattableString.Invariant(what));
            }
        }

        string[] markets = ["binance", "bybit"];
        string[] currencies = ["USDT", "USDC"];
        foreach (var market in markets)
        {
            Add(player.IsInsolvent(market), $"{market} insolvent");
            Add(player.IsClosed(market), $"{market} closed");
            Add(player.OrderDelay(market) != TimeSpan.Zero, $"{market} orders +{player.OrderDelay(market)}");
            Add(player.DataDelay(market) != TimeSpan.Zero, $"{market} data +{player.DataDelay(market)}");
            Add(player.Refuses(market), $"{market} refuses");
            foreach (var capability in Enum.GetValues<Capability>())
            {
                Add(player.IsDown(market, capability), $"{market} down: {capability}");
            }

            foreach (var to in markets.Where(to => to != market))
            {
                foreach (var currency in currencies)
                {
                    Add(player.FateOf(market, to, currency) != TransferFate.Arrives, $"{market} to {to}, {currency}: {player.FateOf(market, to, currency)}");
                }
            }
        }

        foreach (var id in new[] { Spot, Futures, Perpetual, Other })
        {
            Add(player.IsFrozen(id), $"{id} frozen");
            Add(player.IsDelisted(id), $"{id} delisted");
            Add(player.PriceFactor(id) != 1m, $"{id} x {player.PriceFactor(id)}");
            Add(player.FundingRate(id) is not null, $"{id} funding {player.FundingRate(id)}");
            Add(player.FundingInterval(id) is not null, $"{id} funding every {player.FundingInterval(id)}");
        }

        foreach (var currency in currencies)
        {
            Add(player.RateFactor(currency) != 1m, $"{currency} x {player.RateFactor(currency)}");
        }

        return effects;
    }
}
