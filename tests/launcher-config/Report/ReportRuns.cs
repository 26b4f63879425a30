using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Tests.Algorithm;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Launcher.Report;

/// <summary>The run that the tests of the page share: a carry, a venue that is gone for a while, and money on its way.</summary>
internal static class ReportRuns
{
    private const string Scenario = """
        { "version": 1, "name": "test", "events": [
          { "kind": "outage", "venue": "bybit", "at": "+1.06:00:00", "until": "+1.06:20:00" },
          { "kind": "transfer-stuck", "at": "+02:00:00", "until": "+12:00:00" } ] }
        """;

    private static readonly Lazy<string> Made = new(Make);

    /// <summary>What <c>backtest --out</c> kept.</summary>
    public static string Folder
    {
        get
        {
            EngineRuns.OnlyOnLeanSim();
            return Made.Value;
        }
    }

    /// <summary>Its result.</summary>
    public static JsonElement Result => JsonElement.Parse(File.ReadAllText(Path.Combine(Folder, "result.json")));

    /// <summary>All numbers of a result as they are written, but for the lengths of its files, and a time that the page writes as one.</summary>
    public static IEnumerable<string> Numbers(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => [element.GetRawText()],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Numbers),
        JsonValueKind.Object => element.EnumerateObject().Where(property => property.Name is not ("files" or "secondsOutsideBand")).SelectMany(property => Numbers(property.Value)),
        _ => [],
    };

    private static string Make()
    {
        var folder = new TestFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        folder.Write("scenario.json", Scenario);
        string[] settings = ["strategy=carry", "groups=BTC", "binance-spot.cash=USDT:60000", "bybit.cash=USDT:4000", "BTC.notional=11000", "warn-distance=0.40", "transfer-target=0.5", "concentration-limit=1"];
        var (code, _, error) = folder.Run(["backtest", "--data", EngineRuns.GeneratedFolder, "--to", "2025-01-02", "--scenario", "scenario.json", .. settings.SelectMany(setting => new[] { "--set", setting }), "--out", "run"]);
        Assert.That(code, Is.Zero, error);
        return folder["run"];
    }
}
