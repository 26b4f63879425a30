using System;
using System.Globalization;
using System.IO;
using System.Linq;
using CrossHedgeLean.Conformance;
using CrossHedgeLean.Conformance.Cases;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Conformance;

/// <summary>
/// Where an account for each venue differs from LEAN's own models, stated on what LEAN itself did: the goldens of the
/// beside-* cases, which only LEAN writes and which both engines are held to.
/// </summary>
[TestFixture]
public sealed class BesideStockTests
{
    [Test]
    public void AnotherAccountsMoneyIsAcceptedByStockAndRefusedByOurs()
    {
        Assert.That(EndOf("money", "stock", order: 1), Is.EqualTo("Filled"));
        Assert.That(EndOf("money", "ours", order: 1), Is.EqualTo("Invalid"));
    }

    [Test]
    public void AnOpenPerpetualSellBlocksTheSpotSellInStockAndNotInOurs()
    {
        Assert.That(EndOf("spot-sell", "stock", order: 3), Is.EqualTo("Invalid"));
        Assert.That(EndOf("spot-sell", "ours", order: 3), Is.EqualTo("Filled"));
    }

    [Test]
    public void TheFirstFundingBoundaryIsSkippedByStockAndChargedByOurs()
    {
        // Opened half an hour before the boundary at 08:00; looked at before the next one.
        var stock = CashAt("first-funding", "stock", "2024-03-04T15:00:00") - CashAfterEntry("first-funding", "stock");
        var ours = CashAt("first-funding", "ours", "2024-03-04T15:00:00") - CashAfterEntry("first-funding", "ours");

        Assert.That(stock, Is.Zero);
        Assert.That(ours, Is.EqualTo(-61_000m * 0.0002m).Within(0.1m));
    }

    [Test]
    public void AStaleFundingRateIsChargedByStockAndDroppedByOurs()
    {
        // One rate of 0.02% at 08:00 and one of 0.03% at 16:00 were published; two days are held.
        var stock = FinalCash("stale-funding", "stock") - CashAfterEntry("stale-funding", "stock");
        var ours = FinalCash("stale-funding", "ours") - CashAfterEntry("stale-funding", "ours");

        Assert.That(ours, Is.EqualTo(-61_000m * 0.0005m).Within(0.1m));
        Assert.That(stock, Is.LessThan(4 * ours));
    }

    [Test]
    public void ThePooledMarginCallSellsInStockAndIsOffInOurs()
    {
        Assert.That(Lines("margin-call", "stock").Count(line => line.Contains("event order=2#", StringComparison.Ordinal)), Is.Positive);
        Assert.That(Lines("margin-call", "ours").Where(line => line.Contains("event order=2#", StringComparison.Ordinal) || line.Contains("margin call", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void AYearOfRealFundingIsChargedToTheLastBoundaryAtEachVenue()
    {
        var eightHourly = Read("funding-year");
        var hourly = Read("funding-year-hourly");

        Assert.That(eightHourly, Has.Some.Contains("funding of binance-futures: 832.985").And.Some.Contains("funding of bybit: -589.2642"));
        Assert.That(hourly, Has.Some.Contains("funding of binance-futures: 832.985").And.Some.Contains("funding of bybit: 564.559224"));
    }

    private static string[] Lines(string topic, string side) => Read($"beside-{topic}-{side}");

    private static string[] Read(string name)
    {
        Assert.That(BesideStock.Topics, Is.Not.Empty);
        var golden = CaseResult.Read(Path.Combine(Places.Folder, "goldens", name + ".json"));
        Assert.That(golden.Engine.Name, Is.EqualTo("LEAN"));
        return golden.Kept.ToArray();
    }

    private static string EndOf(string topic, string side, int order)
    {
        var line = Lines(topic, side).Last(line => line.Contains($"event order={order}#", StringComparison.Ordinal));
        return line.Split(' ').Single(word => word is "Filled" or "Invalid" or "Submitted");
    }

    private static decimal CashAt(string topic, string side, string time)
        => Number(
            Lines(topic, side).Last(line => line.Contains(" step ", StringComparison.Ordinal) && string.CompareOrdinal(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], time) <= 0),
            " USDT=");

    private static decimal FinalCash(string topic, string side)
        => Number(Lines(topic, side).Last(line => line.Contains(" USDT=", StringComparison.Ordinal)), " USDT=");

    private static decimal CashAfterEntry(string topic, string side)
        => 100_000m - Number(Lines(topic, side).First(line => line.Contains(" fill=", StringComparison.Ordinal)), " fee=");

    private static decimal Number(string line, string after)
    {
        var from = line.IndexOf(after, StringComparison.Ordinal) + after.Length;
        var to = from;
        while (to < line.Length && (char.IsAsciiDigit(line[to]) || line[to] is '.' or '-'))
        {
            to++;
        }

        return decimal.Parse(line.AsSpan(from, to - from), CultureInfo.InvariantCulture);
    }
}
