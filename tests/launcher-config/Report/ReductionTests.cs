using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Reports.Page.Charts;
using CsCheck;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Launcher.Report;

[TestFixture]
public sealed class ReductionTests
{
    private static readonly Gen<List<ChartPoint>> Series = Gen.Select(Gen.Double[0d, 1000d], Gen.Double[-5d, 5d], (seconds, value) => new ChartPoint(seconds, value))
        .List[1, 400]
        .Select(points => points.OrderBy(point => point.Seconds).ToList());

    /// <summary>Of every bucket the first, the last, the lowest and the highest stay, in order, and nothing is made up.</summary>
    [Test]
    public void NoExtremeOfABucketIsLost() => Gen.Select(Series, Gen.Int[1, 50]).Sample((points, buckets) =>
    {
        var kept = Reduction.Reduce(points, 1000d, buckets);
        var before = points.GroupBy(point => Bucket(point.Seconds, buckets)).ToList();
        var after = kept.GroupBy(point => Bucket(point.Seconds, buckets)).ToDictionary(bucket => bucket.Key, bucket => bucket.ToList());
        return kept.Count <= 4 * buckets
            && IsWithin(kept, points)
            && before.TrueForAll(bucket => after[bucket.Key] is var stay
                && stay[0] == bucket.First()
                && stay[^1] == bucket.Last()
                && stay.Min(point => point.Value) == bucket.Min(point => point.Value)
                && stay.Max(point => point.Value) == bucket.Max(point => point.Value));
    });

    [Test]
    public void SpansThatBecomeOneKeepTheirLowestAndHighest() => Gen.Select(Series, Gen.Int[1, 50]).Sample((points, buckets) =>
    {
        var spans = points.ConvertAll(point => new ChartSpan(point.Seconds, point.Seconds + 1d, point.Value - 1d, point.Value + 1d));
        var kept = Reduction.Reduce(spans, 1000d, buckets);
        return kept.Count <= buckets
            && spans.TrueForAll(span => kept.Exists(stay => stay.FromSeconds <= span.FromSeconds && stay.UntilSeconds >= span.UntilSeconds && stay.Low <= span.Low && stay.High >= span.High))
            && kept.Min(span => span.Low) == spans.Min(span => span.Low)
            && kept.Max(span => span.High) == spans.Max(span => span.High);
    });

    [TestCase(0, 0)]
    [TestCase(-3, 17)]
    [TestCase(99.99999, 100)]
    [TestCase(-1e-9, 2e-9)]
    [TestCase(0, 1e12)]
    public void AnAxisHoldsItsValuesAndAFewRoundMarks(double low, double high)
    {
        var scale = new ValueScale(low, high);
        var marks = scale.Marks().ToList();

        Assert.That(scale.At(low), Is.InRange(0d, 1d));
        Assert.That(scale.At(high), Is.InRange(0d, 1d));
        Assert.That(marks.Count, Is.InRange(2, 10));
        Assert.That(marks.Select(mark => mark.Text), Is.Unique);
    }

    /// <summary>Whether a list is another with some left out.</summary>
    private static bool IsWithin(List<ChartPoint> kept, List<ChartPoint> points)
    {
        var found = 0;
        foreach (var point in points)
        {
            found += found < kept.Count && kept[found] == point ? 1 : 0;
        }

        return found == kept.Count;
    }

    private static int Bucket(double seconds, int buckets) => (int)Math.Clamp(Math.Floor(seconds / 1000d * buckets), 0d, buckets - 1d);
}
