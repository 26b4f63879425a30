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
    public SeriesType SeriesType { get; set; }
    public List<ISeriesPoint> Values { get; set; }
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
}
