using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrossHedgeLean.Conformance.Data;
using CrossHedgeLean.Hosting;
using QuantConnect.Algorithm;

namespace CrossHedgeLean.Conformance;

/// <summary>Runs one case on the engine that this was built with. LEAN is full of statics: one case per process there.</summary>
public static class CaseRunner
{
    /// <param name="conformanceCase">The case.</param>
    /// <param name="full">Receives every line of the transcript.</param>
    /// <param name="commit">LEAN's commit for the stamp.</param>
    public static CaseResult Run(ConformanceCase conformanceCase, TextWriter? full = null, string commit = "")
    {
        ArgumentNullException.ThrowIfNull(conformanceCase);
        var temporary = Directory.CreateTempSubdirectory("crosshedge-conformance-");
        try
        {
            using var data = new DataFolder(Path.Combine(temporary.FullName, "data"));
            conformanceCase.WriteData(data);
            using var transcript = new Transcript(full);
            QCAlgorithm? algorithm = null;
            var engine = BacktestEngines.Create();
            var outcome = engine.Run(new BacktestJob(() => algorithm = conformanceCase.Create(transcript), data.Path, conformanceCase.Parameters)
            {
                ResultsFolder = Path.Combine(temporary.FullName, "results"),
            });
            if (algorithm == null)
            {
                throw new InvalidOperationException($"{conformanceCase.Name}: the engine made no algorithm: {outcome.Error}");
            }

            conformanceCase.Finish?.Invoke(algorithm, transcript);
            StateLines.Finish(algorithm, transcript);
            var own = conformanceCase.Statistics?.Invoke(algorithm);
            return new CaseResult(
                conformanceCase.Name, new EngineStamp(engine.Info.Name, commit, EngineMvid()), Places.SourceHash(conformanceCase.Source), data.Hash(),
                outcome.Completed, outcome.DataPoints, transcript.Lines, transcript.Digest(), transcript.Kept())
            {
                Error = outcome.Error,
                Statistics = own == null ? null : new SortedDictionary<string, string>(
                    outcome.Statistics.Concat(own).ToDictionary(x => x.Key, x => x.Value), StringComparer.Ordinal),
            };
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    /// <summary>Identity of the build of the assembly that holds the engine's loop; LeanSim has everything in one.</summary>
    public static string EngineMvid()
    {
        var api = typeof(QCAlgorithm).Assembly;
        if (api.GetName().Name == "LeanSim")
        {
            return api.ManifestModule.ModuleVersionId.ToString();
        }

        return System.Reflection.Assembly.Load("QuantConnect.Lean.Engine").ManifestModule.ModuleVersionId.ToString();
    }
}
