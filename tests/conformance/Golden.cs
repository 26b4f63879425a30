using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrossHedgeLean.Conformance;

/// <summary>What a run of a case left behind.</summary>
/// <param name="Case">Name of the case.</param>
/// <param name="Engine">The engine that ran.</param>
/// <param name="Source">Hash of the case's source and of the recorder.</param>
/// <param name="Data">Hash of the data that it ran on.</param>
/// <param name="Completed">Whether the algorithm ran to its end.</param>
/// <param name="DataPoints">The engine's count.</param>
/// <param name="Lines">Number of lines of the transcript.</param>
/// <param name="Sha256">Hash over all lines.</param>
/// <param name="Kept">The lines kept in full and the running hashes.</param>
public sealed record CaseResult(
    string Case, EngineStamp Engine, string Source, string Data, bool Completed, long DataPoints, int Lines, string Sha256, IReadOnlyList<string> Kept)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>What ended the run early; not part of the golden.</summary>
    [JsonIgnore]
    public string? Error { get; init; }

    /// <summary>Pinned figures by name: LEAN's own, which LeanSim does not compute, and ours; null where the case has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SortedDictionary<string, string>? Statistics { get; init; }

    /// <summary>Reads a result.</summary>
    public static CaseResult Read(string file) =>
        JsonSerializer.Deserialize<CaseResult>(File.ReadAllText(file), s_json) ?? throw new InvalidDataException($"{file} is empty: record it again on LEAN.");

    /// <summary>Writes this result.</summary>
    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, s_json) + "\n");

    /// <summary>
    /// Why <paramref name="golden"/> no longer belongs to the case that gave this result; null when it does.
    /// </summary>
    public string? WhyStale(CaseResult golden)
    {
        ArgumentNullException.ThrowIfNull(golden);
        var what = golden.Source != Source ? "the source of the case" : golden.Data != Data ? "its data" : null;
        return what == null
            ? null
            : $"{Case}: the golden is stale: {what} changed since it was recorded on LEAN {golden.Engine.Commit}. "
              + "Record it again on LEAN: dotnet run --project tests/conformance -p:LeanBin=DIR -- record --lean-commit SHA " + Case;
    }

    /// <summary>The first difference between the golden and this result, to read; null when there is none.</summary>
    public string? Difference(CaseResult golden)
    {
        ArgumentNullException.ThrowIfNull(golden);
        var statistics = StatisticsDifferences(golden);
        if (golden.Sha256 == Sha256 && golden.Completed == Completed && golden.DataPoints == DataPoints && statistics.Count == 0)
        {
            return null;
        }

        var text = new StringBuilder();
        text.Append(Case).Append(": ").Append(Engine.Name).Append(" differs from LEAN ").AppendLine(golden.Engine.Commit);
        if (golden.Completed != Completed)
        {
            text.AppendLine($"  completed: LEAN {golden.Completed}, here {Completed} {Error}");
        }

        if (golden.DataPoints != DataPoints)
        {
            text.AppendLine($"  data points: LEAN {golden.DataPoints}, here {DataPoints}");
        }

        if (golden.Lines != Lines)
        {
            text.AppendLine($"  lines: LEAN {golden.Lines}, here {Lines}");
        }

        foreach (var line in statistics)
        {
            text.AppendLine(line);
        }

        if (golden.Sha256 != Sha256)
        {
            AppendFirstDifference(text, golden);
        }

        return text.ToString();
    }

    /// <summary>On LEAN every figure must be there; LeanSim has ours alone.</summary>
    private List<string> StatisticsDifferences(CaseResult golden)
    {
        var (expected, actual) = (golden.Statistics ?? [], Statistics ?? []);
        return expected.Keys.Union(actual.Keys)
            .Where(name => (Engine.Name == "LEAN" || actual.ContainsKey(name)) && expected.GetValueOrDefault(name) != actual.GetValueOrDefault(name))
            .Order(StringComparer.Ordinal)
            .Select(name => $"  statistics: {name}: LEAN {expected.GetValueOrDefault(name) ?? "(nothing)"}, here {actual.GetValueOrDefault(name) ?? "(nothing)"}")
            .ToList();
    }

    private void AppendFirstDifference(StringBuilder text, CaseResult golden)
    {
        var count = int.Max(golden.Kept.Count, Kept.Count);
        for (var i = 0; i < count; i++)
        {
            var expected = i < golden.Kept.Count ? golden.Kept[i] : "(nothing)";
            var actual = i < Kept.Count ? Kept[i] : "(nothing)";
            if (expected == actual)
            {
                continue;
            }

            foreach (var line in golden.Kept.Take(i).Where(x => !IsHash(x)).TakeLast(2))
            {
                text.Append("    both: ").AppendLine(line);
            }

            if (IsHash(expected) && IsHash(actual) && expected[..6] == actual[..6])
            {
                text.AppendLine($"  a step before line {expected[..6]} differs, not kept in full.");
            }
            else
            {
                text.Append("    LEAN: ").AppendLine(expected).Append("    here: ").AppendLine(actual);
                var at = expected.Zip(actual).TakeWhile(x => x.First == x.Second).Count();
                text.AppendLine($"  first difference at character {at}: LEAN \"{Excerpt(expected, at)}\", here \"{Excerpt(actual, at)}\"");
            }

            break;
        }

        text.Append($"  Every line: dotnet run --project tests/conformance -- run {Case} --full FILE, and the same with -p:LeanBin=DIR.");
    }

    private static bool IsHash(string line) => line.AsSpan(6).StartsWith(" hash ", StringComparison.Ordinal);

    private static string Excerpt(string line, int at) => line.Substring(int.Max(0, at - 12), int.Min(48, line.Length - int.Max(0, at - 12)));
}

/// <summary>Which engine a result comes from.</summary>
/// <param name="Name">"LEAN" or "LeanSim".</param>
/// <param name="Commit">LEAN's commit, as given to the recorder; empty for LeanSim.</param>
/// <param name="Mvid">Identity of the build of the engine's assembly.</param>
public sealed record EngineStamp(string Name, string Commit, string Mvid);
