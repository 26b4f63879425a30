using System;
using System.IO;
using CrossHedgeLean.Commands;
using Newtonsoft.Json.Linq;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.LeanCli;

/// <summary>The launcher's own run, in a process of its own: LEAN runs one backtest a process.</summary>
internal static class LauncherRun
{
    /// <summary>Runs parameters on a data folder.</summary>
    public static LeanRun Of(JToken parameters, string data)
    {
        using var folder = new Temporary();
        var file = Path.Combine(folder.Path, "run.json");
        File.WriteAllText(file, new JObject { ["parameters"] = parameters }.ToString());
        var launcher = Path.Combine(AppContext.BaseDirectory, typeof(LauncherCommands).Assembly.GetName().Name + ".dll");

        var (code, said) = Child.Run(folder.Path, [launcher, "backtest", "--config", file, "--data", data, "--out", "out", "--json"]);

        Assert.That(code, Is.Zero, said);
        var result = JObject.Parse(File.ReadAllText(Path.Combine(folder.Path, "out", "result.json")));
        return new LeanRun((string)result["decisionLogHash"]!, decimal.Round((decimal)result["equity"]!["end"]!, 2, MidpointRounding.AwayFromZero), (int)result["orders"]!);
    }
}

/// <summary>A folder that is removed.</summary>
internal sealed class Temporary : IDisposable
{
    /// <summary>Where it is.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("crosshedge-lean-cli-").FullName;

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
