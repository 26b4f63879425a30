using System;
using System.Collections.Generic;
using System.Data;
using System.Drawing;
using System.Globalization;
using System.Linq;

namespace QuantConnect;

/// <summary>How a series is drawn.</summary>
public enum SeriesType
{
    Line,
    Scatter,
    Candle,
    Bar,
    Flag,
    StackedArea,
    Pie,
    Treemap,
    Heatmap = 9,
    Scatter3d
}

/// <summary>Marker of a scatter series.</summary>
public enum ScatterMarkerSymbol
{
    None,
    Circle,
    Square,
    Diamond,
    Triangle,
    TriangleDown
}

/// <summary>A point of a series.</summary>
public interface ISeriesPoint
{
    DateTime Time { get; set; }
    ISeriesPoint Clone();
}

/// <summary>A value at a time; the value is rounded for display.</summary>
public class ChartPoint : ISeriesPoint
{
    private DateTime _time;
    private decimal? _y;

    public ChartPoint()
    {
    }

    public ChartPoint(DateTime time, decimal? value)
    {
        _time = time;
        y = value;
    }

    public ChartPoint(ChartPoint point)
    {
        _time = point._time;
        _y = point._y;
    }

    public DateTime Time
    {
        get => _time;
        set => _time = value;
    }

    /// <summary>Seconds since 1970.</summary>
    public long x
    {
        get => Convert.ToInt64(QuantConnect.Time.DateTimeToUnixTimeStamp(_time));
        set => _time = QuantConnect.Time.UnixTimeStampToDateTime(value);
    }

    public decimal? y
    {
        get => _y;
        set => _y = value.SmartRounding();
    }

    public long X => x;
    public decimal? Y => _y;
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time:o} - {y}");
    public virtual ISeriesPoint Clone() => new ChartPoint(this);
}

/// <summary>Points with a name and a style.</summary>
public abstract class BaseSeries
{
    protected BaseSeries()
    {
        Unit = "$";
        Values = new List<ISeriesPoint>();
    }

    protected BaseSeries(string name, SeriesType type, int index, string unit)
        : this()
    {
        Name = name;
        SeriesType = type;
        Index = index;
        Unit = unit;
    }

    public string Name { get; set; }
    public string Unit { get; set; }
    public int Index { get; set; }
    public string IndexName { get; set; }
    public int? ZIndex { get; set; }
    public SeriesType SeriesType { get; set; }
    public string Tooltip { get; set; }
    public List<ISeriesPoint> Values { get; set; }

    /// <summary>Adds a point; one at the time of the last point replaces it.</summary>
    public virtual void AddPoint(ISeriesPoint point)
    {
        var last = Values.Count - 1;
        if (last >= 0 && Values[last].Time == point.Time)
        {
            Values[last] = point;
        }
        else
        {
            Values.Add(point);
        }
    }

    public abstract BaseSeries Clone(bool empty = false);

    public IEnumerable<T> GetValues<T>()
        where T : ISeriesPoint
        => Values.Cast<T>();
}

/// <summary>A series of single values.</summary>
public class Series : BaseSeries
{
    public Series()
    {
    }

    public Series(string name)
        : this(name, SeriesType.Line, 0, "$")
    {
    }

    public Series(string name, SeriesType type, int index)
        : this(name, type, index, "$")
    {
    }

    public Series(string name, SeriesType type, int index, string unit)
        : base(name, type, index, unit)
    {
    }

    public Series(string name, SeriesType type = SeriesType.Line, string unit = "$")
        : this(name, type, 0, unit)
    {
    }

    public Series(string name, SeriesType type, string unit, Color color)
        : this(name, type, unit, color, ScatterMarkerSymbol.None)
    {
    }

    public Series(string name, SeriesType type, string unit, Color color, ScatterMarkerSymbol symbol = ScatterMarkerSymbol.None)
        : this(name, type, 0, unit)
    {
        Color = color;
        ScatterMarkerSymbol = symbol;
    }

    public Color Color { get; set; } = Color.Empty;
    public ScatterMarkerSymbol ScatterMarkerSymbol { get; set; } = ScatterMarkerSymbol.None;
    public void AddPoint(DateTime time, decimal value) => AddPoint(new ChartPoint(time, value));

    public override BaseSeries Clone(bool empty = false) => new Series(Name, SeriesType, Index, Unit)
    {
        Color = Color,
        ScatterMarkerSymbol = ScatterMarkerSymbol,
        IndexName = IndexName,
        Tooltip = Tooltip,
        ZIndex = ZIndex,
        Values = empty ? new List<ISeriesPoint>() : Values.ConvertAll(x => x.Clone())
    };
}

/// <summary>Series by name.</summary>
public class Chart
{
    public Chart()
    {
    }

    public Chart(string name)
        : this(name, null)
    {
    }

    public Chart(string name, Symbol symbol)
    {
        Name = name;
        Symbol = symbol;
    }

    public string Name { get; set; } = string.Empty;
    public Dictionary<string, BaseSeries> Series { get; set; } = new();
    public Symbol Symbol { get; set; }
    public bool LegendDisabled { get; set; }

    public void AddSeries(BaseSeries series)
    {
        if (!Series.TryAdd(series.Name, series))
        {
            throw new DuplicateNameException($"Chart '{Name}' already has a series '{series.Name}'.");
        }
    }

    public virtual Chart Clone()
    {
        var copy = CloneEmpty();
        foreach (var (name, series) in Series)
        {
            copy.Series.Add(name, series.Clone());
        }
        return copy;
    }

    public virtual Chart CloneEmpty() => new(Name, Symbol) { LegendDisabled = LegendDisabled };
}
