using System.CommandLine;
using System.IO;

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
        command.SetAction(arguments =>
        {
            var summary = MicroBenchmark.Run<MarginBenchmark>(arguments.GetValue(Short));
            BenchmarkTools.Write(arguments.GetRequiredValue(Output), new
            {
                commit = arguments.GetRequiredValue(Commit),
                machine = BenchmarkTools.Machine,
                benchmarkDotNet = summary.HostEnvironmentInfo.BenchmarkDotNetVersion,
                accounts = 20,
                positions = 200,
                check = MicroBenchmark.Figures(summary, nameof(MarginBenchmark.Check)),
                markAndCheck = MicroBenchmark.Figures(summary, nameof(MarginBenchmark.MarkAndCheck)),
            });
        });
        return command;
    }
}
