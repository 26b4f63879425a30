using System;
using System.Collections.Generic;

namespace CrossHedgeLean.Reports.Page.Charts;

/// <summary>A point of a series: seconds since the start of the chart, and a value.</summary>
internal readonly record struct ChartPoint(double Seconds, double Value);

/// <summary>The lowest and the highest of a series over a time.</summary>
internal readonly record struct ChartSpan(double FromSeconds, double UntilSeconds, double Low, double High);

/// <summary>
/// Makes a series small enough to draw without losing an extreme: of each bucket of time the first, the lowest, the highest
/// and the last point stay, so that its drawing at one bucket a pixel is that of all points (M4; Jugel et al., VLDB 2014).
/// </summary>
internal static class Reduction
{
    /// <summary>As many as a wide screen has pixels for a chart; a phone has fewer.</summary>
    public const int Buckets = 900;

    /// <summary>The points that stay, in their order.</summary>
    /// <param name="points">In the order of time.</param>
    /// <param name="length">Of the chart, seconds; a point after it counts to the last bucket.</param>
    /// <param name="buckets">How many.</param>
    public static List<ChartPoint> Reduce(IReadOnlyList<ChartPoint> points, double length, int buckets = Buckets)
    {
        var kept = new List<ChartPoint>(Math.Min(points.Count, 4 * buckets));
        for (var start = 0; start < points.Count;)
        {
            var bucket = BucketOf(points[start].Seconds, length, buckets);
            var (low, high, end) = (start, start, start);
            for (; end < points.Count && BucketOf(points[end].Seconds, length, buckets) == bucket; end++)
            {
                low = points[end].Value < points[low].Value ? end : low;
                high = points[end].Value > points[high].Value ? end : high;
            }

            Span<int> stay = [start, Math.Min(low, high), Math.Max(low, high), end - 1];
            for (var i = 0; i < stay.Length; i++)
            {
                if (i == 0 || stay[i] != stay[i - 1])
                {
                    kept.Add(points[stay[i]]);
                }
            }

            start = end;
        }

        return kept;
    }

    /// <summary>Spans of one bucket become one, as low and as high as any of them.</summary>
    /// <param name="spans">In the order of time.</param>
    /// <param name="length">Of the chart, seconds.</param>
    /// <param name="buckets">How many.</param>
    public static List<ChartSpan> Reduce(IReadOnlyList<ChartSpan> spans, double length, int buckets = Buckets)
    {
        var kept = new List<ChartSpan>();
        var current = -1;
        foreach (var span in spans)
        {
            var bucket = BucketOf(span.FromSeconds, length, buckets);
            if (bucket == current)
            {
                var last = kept[^1];
                kept[^1] = new ChartSpan(last.FromSeconds, Math.Max(last.UntilSeconds, span.UntilSeconds), Math.Min(last.Low, span.Low), Math.Max(last.High, span.High));
            }
            else
            {
                kept.Add(span);
                current = bucket;
            }
        }

        return kept;
    }

    private static int BucketOf(double seconds, double length, int buckets)
        => length > 0d ? (int)Math.Clamp(Math.Floor(seconds / length * buckets), 0d, buckets - 1d) : 0;
}
