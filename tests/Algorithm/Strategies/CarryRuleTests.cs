using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Conformance;
using CrossHedgeLean.Framework.Strategies;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Algorithm.Strategies;

/// <summary>When a carry is opened and closed. Rates here are for eight hours, in basis points.</summary>
[TestFixture]
public sealed class CarryRuleTests
{
    private const decimal BasisPoint = 0.0001m;
    private const decimal RoundTrip = 31m * BasisPoint;
    private static readonly StrategySettings Free = new() { CapitalCost = 0m, LeastProfit = 0m };

    /// <summary>No hysteresis: the last payment decides, at once, and closing is free.</summary>
    private static readonly StrategySettings LastPayment = Free with { CarryWindow = TimeSpan.FromHours(8), CarryConfirm = 1, CarryExit = 0m };

    [Test]
    public void OneFlippedPaymentDoesNotChurn()
    {
        var payments = Enumerable.Repeat(1m, 30).Append(-50m).Concat(Enumerable.Repeat(1m, 30)).ToArray();

        Assert.That(Sides(Free, payments).Distinct(), Is.EqualTo(new[] { 0, 1 }), "opened once, never closed");
        Assert.That(Changes(Sides(LastPayment, payments)), Is.EqualTo(3), "without hysteresis it closes and opens again");
    }

    [Test]
    public void FundingThatTurnsForGoodClosesIt()
    {
        var sides = Sides(Free, [.. Enumerable.Repeat(1m, 30), .. Enumerable.Repeat(-3m, 30)]);

        Assert.That(Changes(sides), Is.EqualTo(2));
        Assert.That(sides[^1], Is.Zero);
    }

    /// <summary>Over 30 days 90 payments: a round trip of 31 bp needs a third of a basis point each.</summary>
    [TestCase(0.34, 0)]
    [TestCase(0.35, 1)]
    public void ItOpensOnlyWhereFundingPaysForTheRoundTrip(double rate, int side)
        => Assert.That(Sides(Free, [.. Enumerable.Repeat((decimal)rate, 10)])[^1], Is.EqualTo(side));

    [Test]
    public void CapitalAndTheLeastProfitArePaidForToo()
    {
        var payments = Enumerable.Repeat(0.5m, 10).ToArray();

        Assert.That(Sides(Free, payments)[^1], Is.EqualTo(1));
        Assert.That(Sides(Free with { CapitalCost = 0.04m }, payments)[^1], Is.Zero, "4% a year on 1.33 for 30 days are 44 bp");
        Assert.That(Sides(Free with { LeastProfit = 15m * BasisPoint }, payments)[^1], Is.Zero);
    }

    [Test]
    public void ItWaitsUntilPaymentsAgree()
    {
        Assert.That(Sides(Free, [2m, 2m, 2m, 2m]), Is.EqualTo(new[] { 0, 0, 1, 1 }));
        Assert.That(Sides(Free with { CarryWindow = TimeSpan.FromHours(8) }, [2m, 2m, -2m, 2m, 2m, 2m]), Is.EqualTo(new[] { 0, 0, 0, 0, 0, 1 }));
    }

    [Test]
    public void BetweenPaymentsNothingIsCountedAsAgreement()
    {
        var rule = new CarryRule(Free);
        for (var i = 0; i < 100; i++)
        {
            rule.Decide(Look(2m, isPayment: i == 0));
        }

        Assert.That(rule.Side, Is.Zero);
    }

    [Test]
    public void APerpetualPrimaryIsTheShortLegWhereItsLongsPayMore()
    {
        Assert.That(Sides(Free, [.. Enumerable.Repeat(-1m, 5)])[^1], Is.Zero, "a coin cannot be sold short");
        Assert.That(Sides(Free, [.. Enumerable.Repeat(-1m, 5)], canBeShort: true)[^1], Is.EqualTo(-1));
    }

    [Test]
    public void ADearHedgeIsPartOfTheGain()
    {
        var rule = new CarryRule(Free with { CarryConfirm = 1 });

        Assert.That(rule.Decide(Look(0.2m, basis: 12m)), Is.Zero, "18 bp of funding and 12 of basis");
        Assert.That(rule.Decide(Look(0.2m, basis: 14m)), Is.EqualTo(1));
        Assert.That(rule.Edge, Is.EqualTo(32m * BasisPoint));
    }

    [Test]
    public void WhatAnEarlierRunLeftIsGoneOnWith()
    {
        var rule = new CarryRule(Free);
        rule.Resume(1);

        Assert.That(rule.Decide(Look(0m)), Is.EqualTo(1), "closing costs as much as it did");
    }

    /// <summary>
    /// The real rates of four years at Binance and three at Bybit, at the costs of retail fees: what the rule receives less
    /// what its changes cost, against a rule that goes by the last payment alone.
    /// </summary>
    [TestCase("BTC-USDT_binance_2020-01-01_2024-01-01.csv")]
    [TestCase("BTC-USDT_bybit_2021-01-01_2024-01-01.csv")]
    [TestCase("ETH-USDT_binance_2020-01-01_2024-01-01.csv")]
    [TestCase("ETH-USDT_bybit_2021-01-01_2024-01-01.csv")]
    public void OnRealFundingHysteresisIsWhatEarns(string file)
    {
        if (Places.SharedData() is not { } shared || Path.Combine(shared, "..", "funding", file) is not { } path || !File.Exists(path))
        {
            Assert.Ignore("the funding history (shared/data/funding) is not on this machine.");
            return;
        }

        var payments = File.ReadLines(path).Skip(1).Select(line => decimal.Parse(line.Split(',')[2], NumberStyles.Float, CultureInfo.InvariantCulture) / BasisPoint).ToArray();
        var (profit, changes) = Earn(new StrategySettings(), payments);
        var (naive, naiveChanges) = Earn(LastPayment, payments);
        TestContext.Out.WriteLine(FormattableString.Invariant($"{file}: {profit:0} bp with {changes} changes; by the last payment {naive:0} bp with {naiveChanges}"));

        Assert.That(profit, Is.GreaterThan(naive + 1_000m));
        Assert.That(changes * 5, Is.LessThan(naiveChanges));
    }

    private static (decimal Profit, int Changes) Earn(StrategySettings settings, decimal[] payments)
    {
        var sides = Sides(settings, payments);
        var profit = -RoundTrip / 2m / BasisPoint * Changes(sides);
        for (var i = 1; i < payments.Length; i++)
        {
            profit += sides[i - 1] * payments[i];
        }

        return (profit, Changes(sides));
    }

    private static int Changes(IReadOnlyList<int> sides) => Enumerable.Range(0, sides.Count).Count(i => sides[i] != (i == 0 ? 0 : sides[i - 1]));

    /// <summary>The side after each payment.</summary>
    private static int[] Sides(StrategySettings settings, decimal[] payments, bool canBeShort = false)
    {
        var rule = new CarryRule(settings);
        var window = new TimedWindow(settings.CarryWindow);
        var time = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        return Array.ConvertAll(payments, payment =>
        {
            window.Add(time, payment);
            time += TimeSpan.FromHours(8);
            return rule.Decide(Look(window.Mean, canBeShort: canBeShort));
        });
    }

    private static CarryLook Look(decimal payment, decimal basis = 0m, bool isPayment = true, bool canBeShort = false)
        => new(isPayment, payment * BasisPoint / 8m, basis * BasisPoint, RoundTrip, 4m / 3m, canBeShort);
}
