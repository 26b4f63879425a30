using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace CrossHedgeLean.Checks;

/// <summary>
/// What a tier of QuantConnect's cloud takes, per project and per library project
/// (QuantConnect/Documentation, Resources/projects/files/quotas.php, 816cfc5e).
/// </summary>
/// <param name="Name">As the command line calls it.</param>
/// <param name="Title">As QuantConnect calls it.</param>
/// <param name="Files">Most files.</param>
/// <param name="Kilobytes">Most that a file may have, in 1024 bytes.</param>
internal sealed record CloudTier(string Name, string Title, int Files, int Kilobytes)
{
    /// <summary>All tiers, the smallest first.</summary>
    public static IReadOnlyList<CloudTier> All { get; } =
    [
        new("free", "Free", 25, 32),
        new("researcher", "Quant Researcher", 50, 64),
        new("team", "Team", 75, 128),
        new("trading-firm", "Trading Firm", 100, 256),
        new("institution", "Institution", 250, 256),
    ];

    /// <summary>Most bytes of a file.</summary>
    public long Bytes => Kilobytes * 1024L;

    /// <summary>What a project uses of the tier, in words.</summary>
    public string Left(CloudProject project)
        => string.Create(CultureInfo.InvariantCulture, $"{project.Files.Count} of {Files} files, the largest {project.Files.Max(file => file.Bytes)} of {Bytes} bytes");

    /// <summary>What is wrong with a project of these files, each with its remedy; empty if the tier takes it.</summary>
    public IEnumerable<string> Check(CloudProject project)
    {
        if (project.Files.Count > Files)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"cloud: {project.Name} has {project.Files.Count} files, and {Title} takes {Files} in a project: join files, move some to a library project, or take a larger tier.");
        }

        foreach (var file in project.Files.Where(file => file.Bytes > Bytes))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"cloud: {file.Path} has {file.Bytes} bytes, and {Title} takes {Bytes} in a file: split it, or take a larger tier.");
        }
    }
}

/// <summary>What would be pushed as one project.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Files">Its files, in ordinal order.</param>
internal sealed record CloudProject(string Name, IReadOnlyList<CloudFile> Files)
{
    /// <summary>Folders that lean cloud push leaves out.</summary>
    private static readonly string[] LeftOut = ["bin", "obj", "__pycache__", "backtests", "live", "optimizations", "storage", "report"];

    private static readonly string[] Pushed = [".cs", ".py", ".ipynb", ".css", ".html"];

    /// <summary>The files that lean cloud push takes from a folder.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="folder">The project's folder.</param>
    /// <param name="without">A folder below it that is a project of its own, or null.</param>
    public static CloudProject Of(string name, string folder, string? without = null)
        => new(name, Read(folder, folder, without).OrderBy(file => file.Path, StringComparer.Ordinal).ToList());

    private static IEnumerable<CloudFile> Read(string root, string folder, string? without)
        => Directory.EnumerateDirectories(folder)
            .Where(inner => inner != without && !LeftOut.Contains(Path.GetFileName(inner)) && Path.GetFileName(inner)[0] != '.')
            .SelectMany(inner => Read(root, inner, without))
            .Concat(Directory.EnumerateFiles(folder)
                .Where(file => Pushed.Contains(Path.GetExtension(file)))
                .Select(file => new CloudFile(file, Path.GetRelativePath(root, file), new FileInfo(file).Length)));
}

/// <summary>A file that would be pushed.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Where it is in the project.</param>
/// <param name="Bytes">Its length.</param>
internal sealed record CloudFile(string Path, string Name, long Bytes);
