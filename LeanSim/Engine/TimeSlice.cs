namespace LeanSim;

/// <summary>What one step of the feed brings.</summary>
internal sealed class TimeSlice
{
    /// <summary>Time of the step, UTC.</summary>
    public DateTime TimeUtc { get; init; }

    /// <summary>Data points in the step, internal, fill-forward and universe ones included.</summary>
    public int DataPointCount { get; init; }

    /// <summary>What the user sees; null for a time pulse.</summary>
    public Slice Slice { get; init; }

    /// <summary>New data by security, in feed order.</summary>
    public List<SecurityUpdate> Updates { get; init; }

    /// <summary>Securities added and removed.</summary>
    public SecurityChanges Changes { get; init; } = SecurityChanges.None;

    /// <summary>True if only the clock moves.</summary>
    public bool IsTimePulse { get; init; }

    /// <summary>True if a universe selection took place.</summary>
    public bool HasUniverseData { get; init; }
}

/// <summary>New data of one type for one security: one point, or (rarely) several.</summary>
internal readonly record struct SecurityUpdate(Security Target, Type DataType, BaseData Point, List<BaseData> Points, bool IsInternalConfig);
