using System;
using System.IO;

namespace CrossHedgeLean.DataGeneration;

/// <summary>What an engine must know of the instruments, where nobody has a data folder; gone when it is disposed.</summary>
internal sealed class RulesFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("crosshedge-rules-");

    /// <summary>Writes it.</summary>
    public RulesFolder() => DataGenerator.WriteRules(_folder.FullName);

    /// <summary>Where it is.</summary>
    public string Path => _folder.FullName;

    /// <inheritdoc />
    public void Dispose() => _folder.Delete(recursive: true);
}
