using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>
/// Points of charts: kept per chart and series, of one time the last, told once. Read back before the run starts, because
/// later LEAN's result handler reads them too, whenever it likes.
/// </summary>
public sealed class Charts : ConformanceAlgorithm
{
    private static readonly Feed s_feed = Feed.Spot(Market.Binance, "BTCUSDT");

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of(
            "charts", "plotted points", "Charts.cs",
            data => data.WithDatabases().Minutes(s_feed, Day(1), 1, new PriceWalk(5, 61_000m, 0.1m, 20)),
            () => new Charts()),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(1));
        SetAccountCurrency("USDT");
        SetCash(1_000m);
        AddCrypto(s_feed.Ticker, Resolution.Minute, s_feed.Market);
        Plot("Money", "first", 1.5m);
        Plot("Money", "second", 123_456.789_012m);
        Plot("Money", "first", 2.5m);
        Plot("Position", "first", -0.000_123_4m);
        Read();
        Plot("Money", "second", 7m);
        Read();
        Read();
    }

    private void Read()
    {
        foreach (var chart in GetChartUpdates().OrderBy(chart => chart.Name))
        {
            foreach (var (name, series) in chart.Series.OrderBy(series => series.Key))
            {
                Note($"chart {chart.Name} {name}: " + string.Join(' ', series.Values.OfType<ChartPoint>().Select(point =>
                    StateLines.Text(point.Time) + "=" + (point.Y is { } value ? StateLines.Text(value) : "none"))));
            }
        }
    }
}
