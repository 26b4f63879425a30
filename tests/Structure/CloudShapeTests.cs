using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Structure;

/// <summary>
/// QuantConnect's cloud compiles every file under Algorithm/ into one bare assembly with only LEAN's packages: no
/// implicit usings, no project settings. Its quota for a researcher's project, and for each library, is 50 files of 64 KB.
/// </summary>
[TestFixture]
public sealed class CloudShapeTests
{
    private const int MostFiles = 50;
    private const long MostBytes = 64 * 1024;

    [Test]
    public void AllOfAlgorithmCompilesAsOneBareAssembly()
    {
        var options = new CSharpParseOptions(LanguageVersion.CSharp13);
        var trees = Repository.Sources("Algorithm").Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file));
        var compilation = CSharpCompilation.Create("Algorithm", trees, References(), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

        var errors = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

        Assert.That(errors, Is.Empty);
    }

    [Test]
    public void TheProjectAndTheLibraryStayWithinTheirQuotas()
    {
        var core = Repository.Sources("Algorithm/Core");
        var project = Repository.Sources("Algorithm").Except(core).ToArray();
        Report("Algorithm without Core", project);
        Report("Algorithm/Core", core);

        Assert.That(project, Has.Length.LessThanOrEqualTo(MostFiles));
        Assert.That(core.Count, Is.LessThanOrEqualTo(MostFiles));
        Assert.That(core.Concat(project).Where(file => new FileInfo(file).Length > MostBytes), Is.Empty);
    }

    [Test]
    public void EveryFileTurnsNullableOnItself()
        => Assert.That(
            Repository.Sources("Algorithm").Where(file => !File.ReadLines(file).First().StartsWith("#nullable enable", StringComparison.Ordinal)),
            Is.Empty);

    private static void Report(string what, IReadOnlyCollection<string> files)
        => TestContext.Out.WriteLine(
            $"{what}: {files.Count} of {MostFiles} files, largest {files.Max(file => new FileInfo(file).Length)} of {MostBytes} bytes");

    /// <summary>The framework, LEAN or LeanSim, and the packages that LEAN brings: all that this process runs on, but our own.</summary>
    private static IEnumerable<MetadataReference> References()
        => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) is var name
                && name != "Algorithm" && !name.Contains("CrossHedge", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
}
