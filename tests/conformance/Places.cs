using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace CrossHedgeLean.Conformance;

/// <summary>Where the goldens and the case's sources are.</summary>
public static class Places
{
    /// <summary>tests/conformance of the checkout that this was built from.</summary>
    public static string Folder { get; } = FindFolder();

    /// <summary>The root of the repository.</summary>
    public static string Repository => Path.GetFullPath(Path.Combine(Folder, "..", ".."));

    /// <summary>The record of the last run of all cases on LEAN.</summary>
    public static string LeanRun => Path.Combine(Repository, "tests", "lean-run.json");

    /// <summary>Which LEAN the goldens come from, and the hash of each.</summary>
    public static string Manifest => Path.Combine(Folder, "goldens.json");

    /// <summary>The golden of a case.</summary>
    public static string Golden(string name) => Path.Combine(Folder, "goldens", name + ".json");

    /// <summary>The real day of market data beside the repository, or null.</summary>
    public static string? SharedData()
    {
        var named = Environment.GetEnvironmentVariable("CROSSHEDGE_SHARED");
        if (!string.IsNullOrEmpty(named))
        {
            return new[] { Path.Combine(named, "data", "lean"), Path.Combine(named, "lean"), named }
                .FirstOrDefault(x => Directory.Exists(Path.Combine(x, "crypto")));
        }

        for (var folder = new DirectoryInfo(Repository); folder != null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data", "lean");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>Hash of a case's source file and of the recorder, as compiled; line ends do not count.</summary>
    public static string SourceHash(string caseFile)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in new[] { "Cases/" + caseFile, "ConformanceAlgorithm.cs", "StateLines.cs" })
        {
            using var stream = typeof(Places).Assembly.GetManifestResourceStream(name)
                ?? throw new InvalidOperationException($"The source {name} of a case is not embedded: does its name in the catalog fit the file?");
            using var reader = new StreamReader(stream, Encoding.UTF8);
            hash.AppendData(Encoding.UTF8.GetBytes(reader.ReadToEnd().ReplaceLineEndings("\n")));
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static string FindFolder()
    {
        var built = typeof(Places).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(x => x.Key == "ConformanceFolder")?.Value;
        if (built != null && Directory.Exists(built))
        {
            return built;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "conformance");
            if (File.Exists(Path.Combine(candidate, "CrossHedge.Conformance.csproj")))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException(
            $"The folder tests/conformance was not found (built from {built}): run from a checkout of the repository.");
    }
}
