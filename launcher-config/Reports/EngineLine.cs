using System.IO;
using System.Text.Json;
using CrossHedgeLean.Hosting;

namespace CrossHedgeLean.Reports;

/// <summary>The first line of a run: which engine, and how far it is known to behave as LEAN.</summary>
internal static class EngineLine
{
    private const int ShownCommit = 12;

    /// <summary>The line.</summary>
    public static string For(EngineInfo engine)
    {
        if (engine.Name == "LEAN")
        {
            return $"LEAN {engine.Version} from {engine.Source}";
        }

        using var record = typeof(EngineLine).Assembly.GetManifestResourceStream("lean-run.json");
        return $"{engine.Name} {engine.Version}, {Conformance(record)}";
    }

    /// <summary>What the record of the last run of the conformance cases on LEAN says.</summary>
    internal static string Conformance(Stream? record)
    {
        if (record is null)
        {
            return "conformance not recorded";
        }

        using var document = JsonDocument.Parse(record);
        var root = document.RootElement;
        var cases = root.GetProperty("cases");
        var commit = root.GetProperty("lean").GetProperty("commit").GetString()!;
        return $"conformance {cases.GetProperty("passed").GetInt32()} of {cases.GetProperty("total").GetInt32()} at LEAN {(commit.Length > ShownCommit ? commit[..ShownCommit] : commit)}";
    }
}
