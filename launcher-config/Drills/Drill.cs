using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Commands;
using CrossHedgeLean.DataGeneration;

namespace CrossHedgeLean.Drills;

/// <summary>A shipped scenario with data made for it and a stated outcome.</summary>
/// <param name="Name">Its name, and its scenario's.</param>
/// <param name="About">What goes wrong.</param>
/// <param name="Outcome">What must come of it, for reading.</param>
/// <param name="Data">The data that it runs on.</param>
/// <param name="Parameters">The algorithm's parameters.</param>
/// <param name="Checks">What must hold.</param>
internal sealed record Drill(
    string Name,
    string About,
    string Outcome,
    GeneratorOptions Data,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyList<JsonElement> Checks)
{
    /// <summary>The names of the drills, in order: the shipped scenarios that state an outcome.</summary>
    public static IReadOnlyList<string> Names { get; } = ScenarioFiles.Names.Where(name => Document(name).RootElement.TryGetProperty("drill", out _)).ToArray();

    /// <summary>Reads a shipped drill.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static Drill Read(string name)
    {
        var root = Document(name).RootElement;
        var drill = root.GetProperty("drill");
        var data = drill.GetProperty("data");
        return new Drill(
            name,
            root.GetProperty("about").GetString()!,
            drill.GetProperty("outcome").GetString()!,
            new GeneratorOptions
            {
                Days = data.GetProperty("days").GetInt32(),
                Seed = data.GetProperty("seed").GetInt64(),
                Venues = Texts(data.GetProperty("venues")),
                Pairs = Texts(data.GetProperty("pairs")),
                Moves = data.TryGetProperty("moves", out var moves) ? moves.EnumerateArray().Select(ReadMove).ToArray() : [],
            },
            drill.GetProperty("parameters").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!),
            drill.GetProperty("checks").EnumerateArray().ToArray());
    }

    private static JsonDocument Document(string name) => JsonDocument.Parse(ScenarioFiles.Shipped(name));

    private static string[] Texts(JsonElement list) => list.EnumerateArray().Select(item => item.GetString()!).ToArray();

    private static PriceMove ReadMove(JsonElement move) => new(
        move.GetProperty("coin").GetString()!,
        move.TryGetProperty("venue", out var venue) ? venue.GetString() : null,
        Time(move.GetProperty("at").GetString()!),
        Time(move.GetProperty("over").GetString()!),
        move.GetProperty("size").GetDouble());

    /// <summary>A time as <c>[d.]hh:mm:ss</c>, with or without a plus.</summary>
    internal static TimeSpan Time(string text) => TimeSpan.ParseExact(text.TrimStart('+'), "c", CultureInfo.InvariantCulture);
}
