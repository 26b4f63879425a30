using System;
using System.Diagnostics;
using System.Reflection;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Missed;

/// <summary>Runs of a missed event on the engine of this build: LEAN, which allows one run a process.</summary>
internal static class MissedStages
{
    /// <summary>The argument that makes this assembly run an event instead of tests.</summary>
    public const string Argument = "missed";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static void Run(string name)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Assembly.GetExecutingAssembly().Location, Argument, name]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
        }

        TestContext.Out.WriteLine(output.Result);
        Assert.That(process.ExitCode, Is.Zero, error.Result);
    }
}
