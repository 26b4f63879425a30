namespace QuantConnect.Configuration;

/// <summary>Settings by key, from a JSON file or set by code.</summary>
public static class Config
{
    private static readonly ConcurrentDictionary<string, JToken> _settings = new(StringComparer.Ordinal);
    public static string Get(string key, string defaultValue = "") => _settings.TryGetValue(key, out var token) ? token.ToString() : defaultValue;
    public static void Set(string key, dynamic value) => _settings[key] = value as JToken ?? JToken.FromObject((object)value);
}
