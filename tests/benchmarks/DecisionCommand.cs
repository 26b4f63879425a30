using System;
using System.CommandLine;
using System.IO;
using System.Linq;

namespace CrossHedgeLean.Benchmarks;

/// <summary>What deciding costs a slice, by BenchmarkDotNet.</summary>
internal static class DecisionCommand
{
    private static readonly string[] Sizes = ["10x3", "50x8", "200x20"];

    private static readonly Option<string> Commit = new("--commit") { Description = "The commit measured, for the record.", Required = true };
    private static readonly Option<FileInfo> Output = new("--out") { Description = "The record to write.", Required = true };
    private static readonly Option<bool> Short = new("--short") { Description = "A quick look: three iterations." };

    public static Command Create()
    {
        var command = new Command("decision", "Deciding on 10 groups over 3 venues, and up to 200 over 20: time and allocation.") { Commit, Output, Short };
        command.SetAction(arguments =>
        {
            var summary = MicroBenchmark.Run<DecisionBenchmark>(arguments.GetValue(Short));
            BenchmarkTools.Write(arguments.GetRequiredValue(Output), new
            {
                commit = arguments.GetRequiredValue(Commit),
                machine = BenchmarkTools.Machine,
                benchmarkDotNet = summary.HostEnvironmentInfo.BenchmarkDotNetVersion,
                sizes = Sizes.Select(size =>
                {
                    var groups = int.Parse(size.Split('x')[0], System.Globalization.CultureInfo.InvariantCulture);
                    var idle = MicroBenchmark.Figures(summary, nameof(DecisionBenchmark.NothingChanged), size);
                    var acting = MicroBenchmark.Figures(summary, nameof(DecisionBenchmark.EveryGroupActs), size);
                    return new
                    {
                        groups,
                        venues = int.Parse(size.Split('x')[1], System.Globalization.CultureInfo.InvariantCulture),
                        nothingChanged = idle,
                        everyGroupActs = acting,
                        perGroupMicroseconds = new
                        {
                            nothingChanged = Math.Round(idle.MeanMicroseconds / groups, 4),
                            acting = Math.Round(acting.MeanMicroseconds / groups, 4),
                        },
                    };
                }),
            });
        });
        return command;
    }
}
