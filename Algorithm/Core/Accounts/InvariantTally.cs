#nullable enable
using System;
using System.Collections.Generic;

namespace CrossHedgeLean.Accounts;

/// <summary>Counts how often each invariant was checked and how often it did not hold.</summary>
public sealed class InvariantTally
{
    private readonly SortedDictionary<string, (long Checked, long Violated)> _counts = new(StringComparer.Ordinal);
    private readonly List<string> _violations = [];

    /// <summary>The first violations, each with its figures.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Counts one check.</summary>
    /// <param name="name">The invariant.</param>
    /// <param name="holds">Whether it held.</param>
    /// <param name="describe">Says what was wrong; called only if it did not hold.</param>
    /// <returns><paramref name="holds"/>.</returns>
    public bool Check(string name, bool holds, Func<string> describe)
    {
        var (count, violated) = _counts.GetValueOrDefault(name);
        _counts[name] = (count + 1, violated + (holds ? 0 : 1));
        if (!holds && _violations.Count < 20)
        {
            _violations.Add($"{name}: {describe()}");
        }

        return holds;
    }

    /// <summary>The counts so far.</summary>
    public InvariantSummary Summarize()
    {
        var total = 0L;
        var violated = 0L;
        foreach (var count in _counts.Values)
        {
            total += count.Checked;
            violated += count.Violated;
        }

        return new InvariantSummary(total, violated, _violations.ToArray());
    }
}

/// <summary>The invariants over a run.</summary>
/// <param name="Checked">Checks made.</param>
/// <param name="Violated">Checks that failed; 0 in a sound run.</param>
/// <param name="Violations">The first of them, each with its figures.</param>
public sealed record InvariantSummary(long Checked, long Violated, IReadOnlyList<string> Violations);
