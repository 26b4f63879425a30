using System;
using System.Collections.Concurrent;
using System.IO;
using Newtonsoft.Json.Linq;

namespace QuantConnect.Configuration;

/// <summary>Settings by key, from a JSON file or set by code.</summary>
public static class Config
{
    private static readonly ConcurrentDictionary<string, JToken> _settings = new(StringComparer.Ordinal);

    /// <summary>Reads the settings of this JSON file.</summary>
    public static void SetConfigurationFile(string fileName)
    {
        _settings.Clear();
        foreach (var property in JObject.Parse(File.ReadAllText(fileName)).Properties())
            _settings[property.Name] = property.Value;
    }

    public static void Reset() => _settings.Clear();

    /// <summary>A setting as text.</summary>
    public static string Get(string key, string defaultValue = "") =>
        _settings.TryGetValue(key, out var token) ? token.ToString() : defaultValue;

    public static void Set(string key, dynamic value) => _settings[key] = value as JToken ?? JToken.FromObject((object)value);

    /// <summary>A setting as true or false.</summary>
    public static bool GetBool(string key, bool defaultValue = false) => GetValue(key, defaultValue);
    public static int GetInt(string key, int defaultValue = 0) => GetValue(key, defaultValue);
    public static double GetDouble(string key, double defaultValue = 0.0) => GetValue(key, defaultValue);

    /// <summary>A setting as any type.</summary>
    public static T GetValue<T>(string key, T defaultValue = default(T)) =>
        _settings.TryGetValue(key, out var token) ? token.ToString().ConvertTo<T>() : defaultValue;

    /// <summary>A setting as any type; false if it cannot be read as such.</summary>
    public static bool TryGetValue<T>(string key, out T value)
    {
        try
        {
            value = GetValue(key, default(T));
            return true;
        }
        catch (Exception)
        {
            value = default;
            return false;
        }
    }
}
