using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Tests.Algorithm;
using CrossHedgeLean.Tests.Missed;
using CrossHedgeLean.Venues;
using NUnit.Framework;
using QuantConnect.Brokerages.CrossHedge.Children;

namespace CrossHedgeLean.Tests.Live;

/// <summary>What the command <c>live</c> runs.</summary>
[TestFixture]
public sealed class PacedTests
{
    private static readonly InstrumentId Spot = MissedStage.Spot;
    private static readonly InstrumentId Perpetual = MissedStage.Perpetual;

    [OneTimeSetUp]
    public void OnlyOnLeanSim() => EngineRuns.OnlyOnLeanSim();

    [Test]
    public void LiveQuotesBecomeBarsAStepEachSecondAndEveryTradeIsHedged()
    {
        var steps = new List<DateTime>();
        var run = PacedRun.Of(Parameters(("strategy", "churn"), ("churn-pace", "00:00:01")), TimeSpan.FromMinutes(12), step: run =>
        {
            if (steps.Count == 0 || run.Algorithm.UtcTime != steps[^1])
            {
                steps.Add(run.Algorithm.UtcTime);
            }

            return true;
        });
        var traded = run.Algorithm.Recorder.Summarize();

        Assert.That(run.Outcome.Outcome.Error, Is.Null);
        Assert.That(steps.Skip(2).Zip(steps.Skip(3), (one, next) => next - one), Is.All.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(steps[^1], Is.EqualTo(new DateTime(2026, 3, 2, 9, 42, 0, DateTimeKind.Utc)));
        Assert.That(run.Outcome.Outcome.DataPoints, Is.GreaterThan(1_400), "two instruments, 720 seconds");
        Assert.That(traded.Venues.Sum(venue => venue.Fills), Is.GreaterThan(40));
        Assert.That(traded.Invariants.Violated, Is.Zero, string.Join("\n", traded.Invariants.Violations));
        Assert.That(Held(run, Spot) + Held(run, Perpetual), Is.Zero.Within(0.001m), "hedged at the exchange itself, but for the lot");
        Assert.That(LiveDecision.Of((Ledger)run.Algorithm.Accounts!).DifferenceFrom(LiveDecision.Of(run.Venues.Ledger)), Is.Null);
        Assert.That(traded.EquityStart, Is.EqualTo(650_000m).Within(1m), "of all accounts, whichever reported first");
        Assert.That(run.Said, Has.Some.Contains("bybit is up").And.Some.Contains("must be set at its venue to cross margin").And.Some.Contains("BTC: "));
    }

    [Test]
    public void WhoObservesSendsNothingAndSeesWhatWouldBe()
    {
        var run = PacedRun.Of(Parameters(("strategy", "inventory")), TimeSpan.FromMinutes(2), settings: new CompositeSettings { Observe = true });
        var ours = LiveDecision.Of((Ledger)run.Algorithm.Accounts!);

        Assert.That(run.Outcome.Outcome.Error, Is.Null);
        Assert.That((Held(run, Spot), Held(run, Perpetual)), Is.EqualTo((0m, 0m)), "nothing reached the exchange");
        Assert.That(LiveDecision.Of(run.Venues.Ledger).Accounts.Values, Is.EquivalentTo(new[] { 400_000m, 250_000m }));
        Assert.That(run.Said, Has.Some.Contains("would send: buy ").And.Some.Contains("would send: sell "));
        Assert.That(ours.Accounts[$"bybit {Perpetual}"], Is.LessThan(-0.1m));
        Assert.That(run.Said.Where(text => text.Contains("reports what no order", StringComparison.Ordinal)), Is.Empty, "what would be held is what the account reports");
    }

    [Test]
    public void WhateverIsObservedIsHedgedThereToo()
    {
        var run = PacedRun.Of(Parameters(("strategy", "churn"), ("churn-pace", "00:00:01")), TimeSpan.FromMinutes(12), settings: new CompositeSettings { Observe = true });
        var ours = LiveDecision.Of((Ledger)run.Algorithm.Accounts!);
        var traded = run.Algorithm.Recorder.Summarize();

        Assert.That(run.Outcome.Outcome.Error, Is.Null);
        Assert.That(LiveDecision.Of(run.Venues.Ledger).Accounts.Values, Is.EquivalentTo(new[] { 400_000m, 250_000m }));
        Assert.That(traded.Venues.Sum(venue => venue.Fills), Is.GreaterThan(40));
        Assert.That(ours.Accounts.GetValueOrDefault("binance-spot BTC") + ours.Accounts.GetValueOrDefault($"bybit {Perpetual}"), Is.Zero.Within(0.001m));
        Assert.That(run.Said, Has.Some.Contains("would cancel: "));
    }

    [Test]
    public void ASettingAtTheVenueThatIsNotAsTheMarginIsReckonedIsRefusedBeforeAnyOrder()
    {
        var run = PacedRun.Of(Parameters(), TimeSpan.FromMinutes(1), exchange: new Dictionary<string, string> { ["bybit.leverage"] = "2" });

        Assert.That(run.Outcome.Outcome.Error, Does.Contain("bybit is set to leverage 2 at its venue, below the 3 of the configuration: set 3 there, or bybit.leverage=2 here."));
        Assert.That(run.Outcome.Started, Is.False);
    }

    [Test]
    public void ASettingThatWasReadIsSaidToBeSo()
    {
        var run = PacedRun.Of(Parameters(), TimeSpan.FromSeconds(10));

        Assert.That(run.Said, Has.Some.EndsWith("leverage of 3 or more for every instrument here: it is."));
    }

    [TestCase(false, true, 3, "isolated margin")]
    [TestCase(true, false, 3, "hedge mode")]
    [TestCase(true, true, 2, "leverage 2")]
    public void EachSettingThatDiffersIsNamed(bool isCross, bool isOneWay, int leverage, string named)
    {
        var (configuration, _, _) = Configuration.HedgeConfiguration.Parse(EngineRuns.Parameters);
        var account = configuration!.Accounts.Single(account => account.Name == "bybit");

        Assert.That(new AccountSettings(isCross, isOneWay, leverage).Differences(account).Single(), Does.StartWith("bybit is set to ").And.Contain(named));
        Assert.That(new AccountSettings(true, true, 3).Differences(account), Is.Empty);
    }

    /// <summary>A part of a day in <c>dotnet test</c>; CROSSHEDGE_LIVE_DAYS=30 for as many days. What a day adds is its orders, which LEAN keeps too.</summary>
    [Test]
    public void MemoryStaysFlat()
    {
        const int Samples = 10;
        var days = double.Parse(Environment.GetEnvironmentVariable("CROSSHEDGE_LIVE_DAYS") ?? "0.1", CultureInfo.InvariantCulture);
        var duration = TimeSpan.FromDays(days);
        var memory = new List<(long Bytes, int Orders)>();
        var run = PacedRun.Of(Parameters(("strategy", "churn"), ("churn-pace", days < 1 ? "00:00:02" : "00:01:00")), duration, step: run =>
        {
            if (run.Algorithm.UtcTime - PacedRun.Start >= duration * (memory.Count + 1) / (Samples + 1))
            {
                memory.Add((GC.GetTotalMemory(forceFullCollection: true), run.Algorithm.Transactions.OrdersCount));
                TestContext.Progress.WriteLine($"{run.Algorithm.UtcTime:u} {memory[^1].Bytes / 1048576.0:F2} MB, {memory[^1].Orders} orders");
            }

            return true;
        });
        var (first, last) = (memory[1], memory[^1]);
        var bytesPerOrder = (double)(last.Bytes - first.Bytes) / Math.Max(1, last.Orders - first.Orders);
        TestContext.Out.WriteLine($"{days} days: {first.Bytes / 1048576.0:F2} to {last.Bytes / 1048576.0:F2} MB, {bytesPerOrder:F0} bytes an order");

        Assert.That(run.Outcome.Outcome.Error, Is.Null);
        Assert.That(memory, Has.Count.EqualTo(Samples));
        Assert.That(bytesPerOrder, Is.LessThan(6_000));
    }

    private static Dictionary<string, string> Parameters(params (string Name, string Value)[] set)
    {
        var parameters = new Dictionary<string, string>(EngineRuns.Parameters) { ["resolution"] = "second", ["latency"] = "venue", ["BTC.notional"] = "30000" };
        foreach (var (name, value) in set)
        {
            parameters[name] = value;
        }

        return parameters;
    }

    private static decimal Held(PacedRun run, InstrumentId id) => run.Venues.Ledger.Find(id)!.Quantity;
}
