using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using CrossHedgeLean.Hedging;

namespace CrossHedgeLean.Episodes;

/// <summary>
/// The form in which a minimised episode is kept and replayed: seed, length, and one event a line. Venues, groups and
/// prices follow from the seed.
/// </summary>
internal static class EpisodeSchedule
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static readonly string[] Keys = ["act", "tick", "group", "fault", "onPrimary", "leg", "state", "deadline", "duration", "size", "isForeign", "isDown"];

    /// <summary>Writes an episode.</summary>
    public static string Write(EpisodePlan plan)
    {
        var text = new StringBuilder();
        text.Append("{ \"seed\": ").Append(plan.Seed).Append(", \"ticks\": ").Append(plan.Ticks).Append(plan.HasTransfers ? ", \"transfers\": true" : "").Append(", \"events\": [");
        for (var i = 0; i < plan.Events.Count; i++)
        {
            text.Append(i == 0 ? "\n  " : ",\n  ").Append(JsonSerializer.Serialize(Values(plan.Events[i]), Names));
        }

        return text.Append("\n] }\n").ToString();
    }

    /// <summary>Reads an episode.</summary>
    /// <exception cref="FormatException">The text is no schedule; the message says where.</exception>
    public static EpisodePlan Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("seed", out var seed) || !root.TryGetProperty("ticks", out var ticks) || !root.TryGetProperty("events", out var events))
            {
                throw new FormatException("a schedule is an object with seed, ticks and events.");
            }

            var list = new List<EpisodeEvent>();
            foreach (var item in events.EnumerateArray())
            {
                list.Add(Read(item, list.Count + 1));
            }

            return new EpisodePlan(seed.GetUInt64(), ticks.GetInt32(), list)
            {
                HasTransfers = root.TryGetProperty("transfers", out var transfers) && transfers.GetBoolean(),
            };
        }
        catch (JsonException error)
        {
            throw new FormatException($"is not JSON: line {error.LineNumber + 1}, position {error.BytePositionInLine + 1}.", error);
        }
        catch (InvalidOperationException error)
        {
            throw new FormatException($"a value has the wrong type: {error.Message}", error);
        }
    }

    /// <summary>Only what is not the default, so that a line says what matters.</summary>
    private static SortedDictionary<string, object> Values(EpisodeEvent item)
    {
        var values = new SortedDictionary<string, object>(Comparer<string>.Create((left, right) => Array.IndexOf(Keys, left).CompareTo(Array.IndexOf(Keys, right))))
        {
            ["act"] = item.Act.ToString(),
            ["tick"] = item.Tick,
            ["group"] = item.Group,
        };
        if (item.Act == EpisodeAct.Fault)
        {
            values["fault"] = item.Fault.ToString();
            values["onPrimary"] = item.OnPrimary;
            values["leg"] = item.Leg;
            values["state"] = item.State.ToString();
            values["deadline"] = item.Deadline;
            values["duration"] = item.Duration;
        }

        if (item.Size != 0)
        {
            values["size"] = item.Size;
        }

        if (item.IsForeign)
        {
            values["isForeign"] = true;
        }

        if (item.IsDown)
        {
            values["isDown"] = true;
        }

        return values;
    }

    private static EpisodeEvent Read(JsonElement item, int number)
    {
        foreach (var property in item.EnumerateObject())
        {
            if (Array.IndexOf(Keys, property.Name) < 0)
            {
                throw new FormatException($"event {number}: key '{property.Name}' is unknown; use {string.Join(", ", Keys)}.");
            }
        }

        return new EpisodeEvent(Name<EpisodeAct>("act", null), Number("tick"), Number("group"))
        {
            Fault = Name<EpisodeFault>("fault", EpisodeFault.Reject),
            OnPrimary = Flag("onPrimary"),
            Leg = Number("leg"),
            State = Name<PairState>("state", PairState.Idle),
            Deadline = Number("deadline"),
            Duration = Number("duration"),
            Size = Number("size"),
            IsForeign = Flag("isForeign"),
            IsDown = Flag("isDown"),
        };

        int Number(string key) => item.TryGetProperty(key, out var value) ? value.GetInt32() : 0;

        bool Flag(string key) => item.TryGetProperty(key, out var value) && value.GetBoolean();

        T Name<T>(string key, T? otherwise)
            where T : struct, Enum
        {
            if (!item.TryGetProperty(key, out var value))
            {
                return otherwise ?? throw new FormatException($"event {number} has no {key}.");
            }

            var text = value.GetString() ?? "";
            return Array.IndexOf(Enum.GetNames<T>(), text) >= 0
                ? Enum.Parse<T>(text)
                : throw new FormatException($"event {number}: {key} '{text}' is none of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }
}
