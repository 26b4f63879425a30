using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Tests.Structure;
using CrossHedgeLean.Venues;
using NUnit.Framework;

namespace CrossHedgeLean.Tests.Core.Scenarios;

/// <summary>The published schema and the table in docs/scenarios.md say what the table of kinds says; the shipped files are read.</summary>
[TestFixture]
public sealed class ScenarioSchemaTests
{
    private const string TableBegins = "| kind | needs | takes | played by | parity | what happens |";

    private static readonly string Folder = Path.Combine(Repository.Root, "launcher-config", "scenarios");

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static IEnumerable<string> Shipped
        => Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file)).Where(name => !name.EndsWith(".schema.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    [Test]
    public void ThePublishedSchemaIsThatOfTheTable()
    {
        var published = File.ReadAllText(Path.Combine(Folder, "scenario.schema.json"));

        Assert.That(published, Is.EqualTo(Schema().ToJsonString(Layout) + "\n"), "copy what the table says to launcher-config/scenarios/scenario.schema.json");
    }

    [TestCaseSource(nameof(Shipped))]
    public void AShippedFileIsReadAndNamedAsItsFile(string name)
    {
        var (scenario, errors) = ScenarioReader.Read(name, File.ReadAllText(Path.Combine(Folder, name)));

        Assert.That(errors, Is.Empty);
        Assert.That(scenario!.Name + ".json", Is.EqualTo(name));
    }

    [Test]
    public void TheDocumentedTableIsTheTableOfKinds()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "scenarios.md"));
        var written = lines.SkipWhile(line => line != TableBegins).TakeWhile(line => line.StartsWith('|'));

        Assert.That(written, Is.EqualTo(Table()), "copy this into docs/scenarios.md");
    }

    [Test]
    public void TheDocumentedExampleIsRead()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "scenarios.md"));
        var json = page.Split("```json\n")[1].Split("```")[0];

        Assert.That(ScenarioReader.Read("scenarios.md", json).Errors, Is.Empty);
    }

    private static IEnumerable<string> Table()
        => ScenarioKinds.All
            .Select(rules => $"| `{rules.Name}` | {Names(rules.Needs)} | {Names(rules.Takes)} | {Hosts(rules.Hosts)} | {(rules.IsParity ? "yes" : "no")} | {rules.Exactness} |")
            .Prepend("|---|---|---|---|---|---|")
            .Prepend(TableBegins);

    private static string Hosts(ScenarioHosts hosts)
        => hosts == ScenarioHosts.All ? "all" : string.Join(", ", Enum.GetValues<ScenarioHosts>().Where(host => host is ScenarioHosts.Models or ScenarioHosts.Exchange && hosts.HasFlag(host)).Select(host => host.ToString().ToLowerInvariant()));

    private static string Names(ScenarioFields fields) => string.Join(", ", NamesOf(fields));

    private static IEnumerable<string> NamesOf(ScenarioFields fields)
        => Enum.GetValues<ScenarioFields>().Where(field => field != ScenarioFields.None && fields.HasFlag(field)).Select(field => field.ToString().ToLowerInvariant());

    private static JsonObject Schema()
        => new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "CrossHedgeLean scenario",
            ["description"] = "A timed list of what goes wrong. Names and times are checked against the run by the program.",
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["$schema"] = new JsonObject { ["type"] = "string" },
                ["version"] = new JsonObject { ["const"] = ScenarioReader.Version },
                ["name"] = Ref("name"),
                ["about"] = new JsonObject { ["type"] = "string" },
                ["acceptPeg"] = new JsonObject { ["type"] = "boolean", ["description"] = "A depeg may move account values alone, where LEAN converts the currency at a fixed peg." },
                ["events"] = new JsonObject
                {
                    ["type"] = "array",
                    ["items"] = new JsonObject { ["oneOf"] = new JsonArray(ScenarioKinds.All.Select(rules => (JsonNode)Ref(rules.Name)).ToArray()) },
                },
                ["drill"] = new JsonObject { ["type"] = "object", ["description"] = "The outcome that the drill command expects; not part of the scenario." },
            },
            ["required"] = new JsonArray("version", "name", "events"),
            ["additionalProperties"] = false,
            ["$defs"] = new JsonObject(Types().Concat(ScenarioKinds.All.Select(rules => KeyValuePair.Create(rules.Name, (JsonNode?)Event(rules))))),
        };

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Types()
    {
        const string clock = @"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,7})?";
        const string span = @"(\d+\.)?" + clock;
        yield return Type("name", new JsonObject { ["type"] = "string", ["pattern"] = @"\S" });
        yield return Type("time", new JsonObject
        {
            ["type"] = "string",
            ["pattern"] = @"^(\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,7})?)?Z|\+" + span + ")$",
            ["description"] = "An instant as 2024-01-01T08:00:00Z, or a time after the start of the run as +1.08:00:00.",
        });
        yield return Type("span", new JsonObject { ["type"] = "string", ["pattern"] = "^" + span + "$", ["description"] = "A time as 00:00:30, or a day as 1.00:00:00." });
        yield return Type("instrument", new JsonObject { ["type"] = "string", ["pattern"] = "^[^:]+:[^:]+:[^:]+$", ["description"] = "market:kind:ticker, as in binance:perpetual:BTCUSDT." });
        yield return Type("capabilities", new JsonObject
        {
            ["type"] = "array",
            ["items"] = new JsonObject { ["enum"] = new JsonArray(Enum.GetNames<Capability>().Select(name => (JsonNode)name.ToLowerInvariant()).ToArray()) },
            ["minItems"] = 1,
            ["uniqueItems"] = true,
            ["description"] = "What does not work; left out: nothing works.",
        });
    }

    private static JsonObject Event(ScenarioKindRules rules)
    {
        var properties = new JsonObject { ["kind"] = new JsonObject { ["const"] = rules.Name }, ["at"] = Ref("time") };
        foreach (var name in NamesOf(rules.Needs | rules.Takes))
        {
            properties[name] = name switch
            {
                "until" => Ref("time"),
                "venue" or "to" or "currency" => Ref("name"),
                "delay" => Ref("span"),
                "size" => new JsonObject { ["type"] = "number" },
                "price" => new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0 },
                _ => Ref(name),
            };
        }

        return new JsonObject
        {
            ["description"] = rules.Exactness,
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray(NamesOf(rules.Needs).Prepend("at").Prepend("kind").Select(name => (JsonNode)name).ToArray()),
            ["additionalProperties"] = false,
        };
    }

    private static KeyValuePair<string, JsonNode?> Type(string name, JsonObject schema) => KeyValuePair.Create(name, (JsonNode?)schema);

    private static JsonObject Ref(string name) => new() { ["$ref"] = "#/$defs/" + name };
}
