using System;
using System.Linq;
using CrossHedgeLean.Framework;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Algorithm;

[TestFixture]
public sealed class LeadLagTests
{
    private static readonly DateTime Start = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [TestCase(0)]
    [TestCase(2)]
    [TestCase(-3)]
    public void TheLagAtWhichOnePriceFollowsTheOtherIsFound(int lag)
    {
        var prices = Prices(600);
        var leadLag = new LeadLag(Minute);
        for (var i = 5; i < 500; i++)
        {
            leadLag.Observe(Start.AddMinutes(i), prices[i + Math.Max(0, lag)], prices[i + Math.Max(0, -lag)]);
        }

        var found = Enumerable.Range(-LeadLag.MostLag, (2 * LeadLag.MostLag) + 1).MaxBy(at => leadLag.At(at).Correlation);
        Assert.That(found, Is.EqualTo(lag));
        Assert.That(leadLag.At(lag).Correlation, Is.EqualTo(1m));
        Assert.That(leadLag.At(lag).Pairs, Is.EqualTo(494 - Math.Abs(lag)));
    }

    [Test]
    public void NoReturnSpansAGapAndNoPairDoes()
    {
        var prices = Prices(40);
        var leadLag = new LeadLag(Minute);
        for (var i = 0; i < 40; i++)
        {
            // Ten minutes are missing in the middle, and one step comes between two bars.
            leadLag.Observe(Start.AddMinutes(i < 20 ? i : i + 10), prices[i], prices[i]);
            leadLag.Observe(Start.AddMinutes(i < 20 ? i : i + 10).AddSeconds(1), 1m, 5m);
        }

        Assert.That(Enumerable.Range(0, 3).Select(lag => leadLag.At(lag).Pairs), Is.EqualTo(new[] { 38, 36, 34 }));
        Assert.That(leadLag.At(0).Correlation, Is.EqualTo(1m));
    }

    [Test]
    public void APriceThatNeverMovesOrIsNotThereHasNoCorrelation()
    {
        var (still, missing) = (new LeadLag(Minute), new LeadLag(Minute));
        var prices = Prices(20);
        for (var i = 0; i < 20; i++)
        {
            still.Observe(Start.AddMinutes(i), prices[i], 100m);
            missing.Observe(Start.AddMinutes(i), prices[i], 0m);
        }

        Assert.That(still.At(0), Is.EqualTo((19L, (decimal?)null)));
        Assert.That(missing.At(0), Is.EqualTo((0L, (decimal?)null)));
    }

    private static decimal[] Prices(int count)
    {
        var random = new Random(7);
        var prices = new decimal[count + 10];
        prices[0] = 100m;
        for (var i = 1; i < prices.Length; i++)
        {
            prices[i] = prices[i - 1] * (1m + ((decimal)random.NextDouble() - 0.5m) / 50m);
        }

        return prices;
    }
}
