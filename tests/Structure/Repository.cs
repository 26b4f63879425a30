using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

namespace CrossHedgeLean.Tests.Structure;

/// <summary>The sources this test assembly was built from, and the LEAN it was built on.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Metadata("RepositoryRoot"));

    public static string LeanSource { get; } = Metadata("LeanSource");

    /// <summary>LEAN's assemblies where LeanSource is bin; else empty.</summary>
    public static string LeanFolder { get; } = Metadata("LeanFolder");

    /// <summary>C# files below a folder of the repository, without what builds leave there, in ordinal order.</summary>
    public static IReadOnlyList<string> Sources(string folder)
        => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "artifacts" or "backtests" or "live" or "optimizations"))
            .Order(System.StringComparer.Ordinal)
            .ToArray();

    private static string Metadata(string key)
        => typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
