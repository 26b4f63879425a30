using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrossHedgeLean.DataGeneration;
using CrossHedgeLean.Tests.Algorithm;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Live;

/// <summary>Nothing is lost and nothing is sent twice, wherever the process dies.</summary>
[TestFixture]
public sealed class CrashTests
{
    private RulesFolder? _folder;

    [OneTimeSetUp]
    public void SetUp()
    {
        EngineRuns.OnlyOnLeanSim();
        _folder = new RulesFolder();
    }

    [OneTimeTearDown]
    public void TearDown() => _folder?.Dispose();

    /// <summary>300 seeds; others with CROSSHEDGE_CRASH_SEEDS=301-5000.</summary>
    [Test]
    public void AProcessThatDiesAnywhereLosesNothingAndSendsNothingTwice()
    {
        var range = (Environment.GetEnvironmentVariable("CROSSHEDGE_CRASH_SEEDS") ?? "1-300").Split('-').Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var failed = new List<string>();
        var orders = 0;
        var ends = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var seed = range[0]; seed <= range[^1]; seed++)
        {
            var episode = CrashEpisode.Run(seed, _folder!.Path);
            orders += episode.Orders;
            foreach (var end in episode.Ends)
            {
                ends[end] = ends.GetValueOrDefault(end) + 1;
            }

            if (range[0] == range[^1])
            {
                episode.Said.ForEach(TestContext.Out.WriteLine);
            }

            failed.AddRange(episode.Violations.Take(3).Select(violation => $"seed {seed} ({string.Join(", ", episode.Ends)}): {violation}"));
        }

        TestContext.Out.WriteLine($"{range[^1] - range[0] + 1} seeds, {orders} orders at the exchange, {ends.Values.Sum()} processes, {failed.Count} violations");
        Assert.That(failed, Is.Empty, string.Join("\n", failed.Take(20)));
        Assert.That(orders, Is.GreaterThan(range[^1] - range[0]));
    }
}
