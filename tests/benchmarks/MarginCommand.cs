using System;
using System.CommandLine;
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

/// <summary>What the margin check costs a slice, by BenchmarkDotNet.</summary>
internal static class MarginCommand
{
    private static readonly Option<string> Commit = new("--commit") { Description = "The commit measured, for the record.", Required = true };
    private static readonly Option<FileInfo> Output = new("--out") { Description = "The record to write.", Required = true };
    private static readonly Option<bool> Short = new("--short") { Description = "A quick look: three iterations." };

    public static Command Create()
    {
        var command = new Command("margin", "The margin check of 200 perpetuals over 20 accounts: time and allocation.") { Commit, Output, Short };
        command.SetAction(arguments => Measure(
            arguments.GetRequiredValue(Commit), arguments.GetRequiredValue(Output), arguments.GetValue(Short) ? Job.ShortRun : Job.Default));
        return command;
    }

    private static void Measure(string commit, FileInfo output, Job job)
    {
        // A benchmark process of its own would build this project again, without the lane (LeanBin) that was chosen here.
        var config = ManualConfig.CreateEmpty()
            .AddJob(job.WithToolchain(InProcessEmitToolchain.Instance))
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .WithArtifactsPath(Directory.CreateTempSubdirectory("crosshedge-benchmarks-").FullName);
        var summary = BenchmarkRunner.Run<MarginBenchmark>(config);
        Directory.Delete(config.ArtifactsPath, recursive: true);
        if (summary.Reports.Length != 2 || summary.Reports.Any(report => !report.Success))
        {
            throw new InvalidOperationException("a benchmark failed; its message stands above");
        }

        BenchmarkTools.Write(output, new
        {
            commit,
            machine = BenchmarkTools.Machine,
            benchmarkDotNet = summary.HostEnvironmentInfo.BenchmarkDotNetVersion,
            accounts = 20,
            positions = 200,
            check = Figures(summary, nameof(MarginBenchmark.Check)),
            markAndCheck = Figures(summary, nameof(MarginBenchmark.MarkAndCheck)),
        });
    }

    private static object Figures(Summary summary, string method)
    {
        var report = summary.Reports.Single(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method);
        var statistics = report.ResultStatistics!;
        return new
        {
            meanMicroseconds = Math.Round(statistics.Mean / 1000, 3),

            // Half of the 99.9% confidence interval, as BenchmarkDotNet's column Error.
            errorMicroseconds = Math.Round(statistics.GetConfidenceInterval(Perfolizer.Mathematics.Common.ConfidenceLevel.L999).Margin / 1000, 3),
            medianMicroseconds = Math.Round(statistics.Median / 1000, 3),
            iterations = statistics.N,
            allocatedBytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase),
        };
    }
}
