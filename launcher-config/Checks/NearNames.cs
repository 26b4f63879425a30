using System;
using System.Collections.Generic;
using System.Linq;

namespace CrossHedgeLean.Checks;

/// <summary>Finds what the user may have meant.</summary>
internal static class NearNames
{
    /// <summary>The names nearest to a wrong one, best first; only those that differ by little more than the best does.</summary>
    public static IReadOnlyList<string> Of(string wrong, IEnumerable<string> names, int maximum = 4)
    {
        var allowed = wrong.Length <= 4 ? 1 : wrong.Length <= 8 ? 3 : 4;
        var candidates = names
            .Select(name => (Name: name, Distance: Distance(wrong.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(candidate => candidate.Distance <= allowed)
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .ToList();
        return candidates
            .Where(candidate => candidate.Distance <= candidates[0].Distance + 1)
            .Select(candidate => candidate.Name)
            .Take(maximum)
            .ToList();
    }

    /// <summary>Edit distance with swapped neighbours as one edit (optimal string alignment).</summary>
    private static int Distance(string left, string right)
    {
        var (before, above, row) = (new int[right.Length + 1], new int[right.Length + 1], new int[right.Length + 1]);
        for (var column = 0; column <= right.Length; column++)
        {
            row[column] = column;
        }

        for (var line = 1; line <= left.Length; line++)
        {
            (before, above, row) = (above, row, before);
            row[0] = line;
            for (var column = 1; column <= right.Length; column++)
            {
                var cost = left[line - 1] == right[column - 1] ? 0 : 1;
                row[column] = Math.Min(above[column - 1] + cost, Math.Min(above[column], row[column - 1]) + 1);
                if (line > 1 && column > 1 && left[line - 1] == right[column - 2] && left[line - 2] == right[column - 1])
                {
                    row[column] = Math.Min(row[column], before[column - 2] + 1);
                }
            }
        }

        return row[right.Length];
    }
}
