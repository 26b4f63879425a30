namespace QuantConnect
{
    /// <summary>A point of a series.</summary>
    public interface ISeriesPoint
    {
        DateTime Time { get; set; }
    }

    /// <summary>A value at a time.</summary>
    public class ChartPoint(DateTime time, decimal? value) : ISeriesPoint
    {
        public DateTime Time { get; set; } = time;
        public decimal? Y { get; } = value?.SmartRounding();
    }

    /// <summary>The points of a name; of one time the last.</summary>
    public abstract class BaseSeries
    {
        internal int Told { get; set; }
        public string Name { get; set; }
        public List<ISeriesPoint> Values { get; set; } = new();
    }

    /// <summary>A line.</summary>
    public class Series : BaseSeries;

    /// <summary>Series drawn together.</summary>
    public class Chart(string name)
    {
        public string Name { get; set; } = name;
        public Dictionary<string, BaseSeries> Series { get; set; } = new();
    }
}

namespace QuantConnect.Algorithm
{
    /// <summary>Charts: points are recorded, the engine draws none.</summary>
    public partial class QCAlgorithm
    {
        private readonly SortedList<string, Chart> _charts = new(StringComparer.Ordinal);

        public void Plot(string chart, string series, decimal value)
        {
            if (!_charts.TryGetValue(chart, out var drawn))
                _charts[chart] = drawn = new Chart(chart);
            if (!drawn.Series.TryGetValue(series, out var line))
                drawn.Series[series] = line = new Series { Name = series };
            if (line.Values.Count > 0 && line.Values[^1].Time == UtcTime)
                line.Values.RemoveAt(line.Values.Count - 1);
            line.Values.Add(new ChartPoint(UtcTime, value));
        }

        /// <summary>The points added since the last call.</summary>
        public IEnumerable<Chart> GetChartUpdates(bool clearChartData = false)
        {
            foreach (var chart in _charts.Values)
            {
                var update = new Chart(chart.Name);
                foreach (var (name, line) in chart.Series)
                {
                    update.Series[name] = new Series { Name = name, Values = line.Values.Skip(line.Told).ToList() };
                    if (clearChartData)
                        line.Values.Clear();
                    line.Told = line.Values.Count;
                }
                yield return update;
            }
        }
    }
}
