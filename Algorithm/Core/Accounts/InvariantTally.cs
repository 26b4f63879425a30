#nullable enable
using System.Collections.Generic;

namespace CrossHedgeLean.Accounts;

/// <summary>Counts how often each invariant was checked and how often it did not hold.</summary>
public sealed class InvariantTally
{
    private readonly List<string> _violations = [];
    private long _checked;
    private long _violated;

    /// <summary>The first violations, each with its figures.</summary>
    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Counts one check; the caller tells a violation by <see cref="Violated"/>.</summary>
    /// <param name="condition">Whether the invariant holds.</param>
    /// <returns><paramref name="condition"/>.</returns>
    public bool Holds(bool condition)
    {
        _checked++;
        return condition;
    }

    /// <summary>Counts one violation.</summary>
    /// <param name="name">The invariant.</param>
    /// <param name="what">What was wrong, with its figures.</param>
    public void Violated(string name, string what)
    {
        _violated++;
        if (_violations.Count < 20)
        {
            _violations.Add($"{name}: {what}");
        }
    }

    /// <summary>The counts so far.</summary>
    public InvariantSummary Summarize() => new(_checked, _violated, _violations.ToArray());
}

/// <summary>The invariants over a run.</summary>
/// <param name="Checked">Checks made.</param>
/// <param name="Violated">Checks that failed; 0 in a sound run.</param>
/// <param name="Violations">The first of them, each with its figures.</param>
public sealed record InvariantSummary(long Checked, long Violated, IReadOnlyList<string> Violations);
