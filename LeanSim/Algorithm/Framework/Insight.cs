namespace QuantConnect.Algorithm.Framework.Alphas;

/// <summary>Which way a prediction points.</summary>
public enum InsightDirection { Down = -1, Flat = 0, Up = 1 }

/// <summary>What a prediction is about.</summary>
public enum InsightType { Price, Volatility }

/// <summary>A prediction of an alpha model.</summary>
public class Insight
{
    private static long _count;

    // Sets the closing time; given the insight as its period may follow from it.
    private readonly Action<Insight, SecurityExchangeHours> _setPeriod;

    public Insight(Symbol symbol, TimeSpan period, InsightType type, InsightDirection direction, double? magnitude, double? confidence,
        string sourceModel = null, double? weight = null, string tag = "")
        : this(symbol, type, direction, magnitude, confidence, sourceModel, weight, tag, ByPeriod(period))
    {
        Period = period;
    }

    private Insight(Symbol symbol, InsightType type, InsightDirection direction, double? magnitude, double? confidence,
        string sourceModel, double? weight, string tag, Action<Insight, SecurityExchangeHours> setPeriod)
    {
        Id = NewId();
        Symbol = symbol;
        Type = type;
        Direction = direction;
        Magnitude = magnitude;
        Confidence = confidence;
        SourceModel = sourceModel;
        Weight = weight;
        Tag = tag;
        _setPeriod = setPeriod;
    }

    public Guid Id { get; protected set; }
    public string SourceModel { get; set; }
    public DateTime GeneratedTimeUtc { get; set; }
    public DateTime CloseTimeUtc { get; set; }
    public Symbol Symbol { get; private set; }
    public InsightType Type { get; private set; }
    public decimal ReferenceValue { get; set; }
    public InsightDirection Direction { get; private set; }
    public TimeSpan Period { get; internal set; }
    public double? Magnitude { get; private set; }
    public double? Confidence { get; private set; }
    public double? Weight { get; private set; }
    public string Tag { get; protected set; }

    public static Insight Price(Symbol symbol, Resolution resolution, int barCount, InsightDirection direction, double? magnitude = null,
        double? confidence = null, string sourceModel = null, double? weight = null, string tag = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(barCount, 1);
        var period = Time.Max(resolution.ToTimeSpan(), Time.OneSecond) * barCount;
        return new Insight(symbol, InsightType.Price, direction, magnitude, confidence, sourceModel, weight, tag,
            (insight, _) => insight.CloseAt(insight.GeneratedTimeUtc + period));
    }

    public static Insight Price(Symbol symbol, TimeSpan period, InsightDirection direction, double? magnitude = null,
        double? confidence = null, string sourceModel = null, double? weight = null, string tag = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, Time.OneSecond);
        return new Insight(symbol, period, InsightType.Price, direction, magnitude, confidence, sourceModel, weight, tag);
    }

    public bool IsExpired(DateTime utcTime) => CloseTimeUtc < utcTime;
    public bool IsActive(DateTime utcTime) => !IsExpired(utcTime);

    public void Expire(DateTime utcTime)
    {
        if (IsActive(utcTime))
            CloseAt(utcTime - Time.OneSecond);
    }

    public void SetPeriodAndCloseTime(SecurityExchangeHours exchangeHours)
    {
        if (GeneratedTimeUtc == default)
            throw new InvalidOperationException($"{nameof(GeneratedTimeUtc)} of {this} must be set first.");
        _setPeriod(this, exchangeHours);
    }

    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Id:N}: {Symbol} {Type} {Direction} within {Period} by {Magnitude}, confidence {Confidence}, weight {Weight}");

    // The market is always open: whole minutes are kept, below one minute whole seconds.
    private static Action<Insight, SecurityExchangeHours> ByPeriod(TimeSpan period)
    {
        period = period == TimeSpan.Zero ? Time.OneSecond : period;
        return (insight, _) =>
        {
            var unit = period < Time.OneMinute ? Time.OneSecond : Time.OneMinute;
            insight.Period = period;
            insight.CloseTimeUtc = insight.GeneratedTimeUtc.AddTicks(period.Ticks - period.Ticks % unit.Ticks);
        };
    }

    private static Guid NewId()
    {
        var number = Interlocked.Increment(ref _count);
        return new Guid(0, 0, 0, BitConverter.GetBytes(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(number)));
    }

    private void CloseAt(DateTime utcTime)
    {
        CloseTimeUtc = utcTime;
        Period = utcTime - GeneratedTimeUtc;
    }
}

/// <summary>The insights which an algorithm emitted at one time.</summary>
public class GeneratedInsightsCollection(DateTime dateTimeUtc, Insight[] insights)
{
    public DateTime DateTimeUtc { get; } = dateTimeUtc;
    public Insight[] Insights { get; } = insights;
}
