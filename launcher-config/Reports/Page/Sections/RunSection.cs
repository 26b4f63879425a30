using System.Linq;

namespace CrossHedgeLean.Reports.Page.Sections;

/// <summary>What was run, so that it can be run again: configuration, engine, and the hash that equal runs share.</summary>
internal static class RunSection
{
    public static void Write(Html html, ReportModel model)
    {
        var json = model.Json;
        var hash = json.GetProperty("decisionLogHash").GetString()!;
        var isSame = hash == model.Run.DecisionLogHash;
        html.Add("<section id=run><h2>This run</h2>").Table("Decision log", ["", ""], [
            ["SHA-256 over its lines", $"<code id=v-hash>{Html.Escape(hash)}</code>"],
            ["made again from decisions.log", isSame ? "the same" : $"<strong class=bad>another: {Html.Escape(model.Run.DecisionLogHash)}; the file is not this run's</strong>"],
            ["decisions", Html.Number(json.GetProperty("residual").GetProperty("decisions"))],
        ]);
        html.Table("Run", ["", ""], [
            ["engine", Html.Escape($"{json.GetProperty("engine").GetProperty("name").GetString()} {json.GetProperty("engine").GetProperty("version").GetString()}, {json.GetProperty("engine").GetProperty("source").GetString()}")],
            ["latency", Html.Escape(json.GetProperty("latency").GetString()!)],
            ["orders", Html.Number(json.GetProperty("orders"))],
            ["data points", Html.Number(json.GetProperty("dataPoints"))],
            ["data points a second", Html.Number(json.GetProperty("dataPointsPerSecond"))],
            ["most memory, MiB", Html.Number(json.GetProperty("peakMemoryMb"))],
            ["format of the result", Html.Number(json.GetProperty("format"))],
        ]);
        html.Add("<details open><summary>Configuration</summary>").Table("Parameters", ["parameter", "value"], json.GetProperty("parameters").EnumerateObject().Select(parameter => (string[])[
            $"<code>{Html.Escape(parameter.Name)}</code>", $"<code>{Html.Escape(parameter.Value.GetString()!)}</code>"]), "words").Add("</details></section>\n");
    }
}
