using System;
using NodaTime;

namespace QuantConnect.Interfaces;

/// <summary>A clock with time zones.</summary>
public interface ITimeKeeper
{
    /// <summary>Now, UTC.</summary>
    DateTime UtcTime { get; }

    /// <summary>Adds a zone.</summary>
    void AddTimeZone(DateTimeZone timeZone);

    /// <summary>The clock of a zone.</summary>
    LocalTimeKeeper GetLocalTimeKeeper(DateTimeZone timeZone);
}
