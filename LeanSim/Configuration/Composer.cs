using System;
using System.Collections.Generic;

namespace QuantConnect.Util;

/// <summary>Shared parts of the process.</summary>
public class Composer
{
    private readonly List<object> _parts = new();

    public static Composer Instance { get; } = new();

    /// <summary>Without parts.</summary>
    public Composer()
    {
    }

    /// <summary>Adds a part.</summary>
    public void AddPart<T>(T instance)
    {
        lock (_parts)
        {
            _parts.Add(instance);
        }
    }

    public T GetPart<T>() => GetPart<T>(_ => true);

    /// <summary>The first part of a type that fits, or the default.</summary>
    public T GetPart<T>(Func<T, bool> filter)
    {
        foreach (var part in GetParts<T>())
        {
            if (filter(part))
                return part;
        }
        return default;
    }

    /// <summary>All parts of a type.</summary>
    public IEnumerable<T> GetParts<T>()
    {
        var found = new List<T>();
        lock (_parts)
        {
            foreach (var part in _parts)
            {
                if (part is T match)
                    found.Add(match);
            }
        }
        return found;
    }

    /// <summary>Forgets all parts.</summary>
    public void Reset()
    {
        lock (_parts)
        {
            _parts.Clear();
        }
    }
}
