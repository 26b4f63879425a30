using System;
using System.IO;
using System.Linq;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace CrossHedgeLean.Benchmarks;

/// <summary>Runs a BenchmarkDotNet class in this process and reads its figures.</summary>
internal static class MicroBenchmark
{
    /// <summary>Runs every case.</summary>
    /// <typeparam name="T">The benchmark class.</typeparam>
    /// <param name="isShort">Three iterations, for a quick look.</param>
    /// <exception cref="InvalidOperationException">A case failed.</exception>
    public static Summary Run<T>(bool isShort)
    {
        // A benchmark process of its own would build this project again, without the lane (LeanBin) that was chosen here.
        var config = ManualConfig.CreateEmpty()
            .AddJob((isShort ? Job.ShortRun : Job.Default).WithToolchain(InProcessEmitToolchain.Instance))
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .WithArtifactsPath(Directory.CreateTempSubdirectory("crosshedge-benchmarks-").FullName);
        var summary = BenchmarkRunner.Run<T>(config);
        Directory.Delete(config.ArtifactsPath, recursive: true);
        return summary.Reports.Length > 0 && summary.Reports.All(report => report.Success)
            ? summary
            : throw new InvalidOperationException("a benchmark failed; its message stands above");
    }

    /// <summary>The figures of a case.</summary>
    /// <param name="summary">Of a run.</param>
    /// <param name="method">The benchmark method.</param>
    /// <param name="parameter">The value of its parameter, if it has one.</param>
    public static MicroFigures Figures(Summary summary, string method, string? parameter = null)
    {
        var report = summary.Reports.Single(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method
            && (parameter is null || report.BenchmarkCase.Parameters.Items.Any(item => Equals(item.Value, parameter))));
        var statistics = report.ResultStatistics!;
        return new MicroFigures(
            Math.Round(statistics.Mean / 1000, 3),
            Math.Round(statistics.GetConfidenceInterval(Perfolizer.Mathematics.Common.ConfidenceLevel.L999).Margin / 1000, 3),
            Math.Round(statistics.Median / 1000, 3),
            statistics.N,
            report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase));
    }
}

/// <summary>One case.</summary>
/// <param name="MeanMicroseconds">Mean of the iterations.</param>
/// <param name="ErrorMicroseconds">Half of the 99.9% confidence interval, as BenchmarkDotNet's column Error.</param>
/// <param name="MedianMicroseconds">Median of the iterations.</param>
/// <param name="Iterations">How many.</param>
/// <param name="AllocatedBytes">Per operation.</param>
internal sealed record MicroFigures(double MeanMicroseconds, double ErrorMicroseconds, double MedianMicroseconds, int Iterations, long? AllocatedBytes);
