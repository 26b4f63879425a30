using System;
using System.Linq;
using CrossHedgeLean.Tests.Missed;
using NUnit.Framework;

if (args is not [MissedStages.Argument, var name] || MissedEvent.All.FirstOrDefault(missed => missed.Name == name) is not { } missed)
{
    Console.Error.WriteLine($"this is a test assembly: run it with dotnet test, or as {MissedStages.Argument} with one of: {string.Join(", ", MissedEvent.All.Select(missed => missed.Name))}.");
    return 2;
}

try
{
    using var stage = new LeanStage(missed);
    stage.Run();
    return 0;
}
catch (AssertionException failed)
{
    Console.Error.WriteLine(failed.Message);
    return 1;
}
