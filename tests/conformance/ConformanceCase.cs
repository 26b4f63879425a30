using System;
using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect.Algorithm;

namespace CrossHedgeLean.Conformance;

/// <summary>An algorithm and data on which LEAN and LeanSim must do the same.</summary>
/// <param name="Name">Name of the case and of its golden file.</param>
/// <param name="About">What it shows, in a few words.</param>
/// <param name="Source">The file in Cases/ that defines it.</param>
/// <param name="WriteData">Writes the data that it runs on.</param>
/// <param name="Create">A new algorithm that writes to the transcript.</param>
public sealed record ConformanceCase(
    string Name, string About, string Source, Action<DataFolder> WriteData, Func<Transcript, QCAlgorithm> Create)
{
    /// <summary>LEAN parameters of the run.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Why the case cannot run on this machine; null when it can.</summary>
    public Func<string?> WhyNot { get; init; } = () => null;

    /// <summary>Lines to add when the run is over, before the final state.</summary>
    public Action<QCAlgorithm, Transcript>? Finish { get; init; }

    /// <summary>
    /// Our own statistics of a run, by name. With them the golden pins LEAN's too, as LEAN's regression algorithms do with
    /// their ExpectedStatistics; null: the golden has none.
    /// </summary>
    public Func<QCAlgorithm, IReadOnlyDictionary<string, string>>? Statistics { get; init; }

    /// <summary>A case whose algorithm notes everything by itself.</summary>
    public static ConformanceCase Of<T>(string name, string about, string source, Action<DataFolder> writeData, Func<T> create)
        where T : ConformanceAlgorithm
    {
        ArgumentNullException.ThrowIfNull(create);
        return new ConformanceCase(name, about, source, writeData, transcript =>
        {
            var algorithm = create();
            algorithm.Transcript = transcript;
            return algorithm;
        });
    }
}
