namespace QuantConnect.Securities;

/// <summary>Market hours by (type, market, symbol): crypto entries of LEAN's market-hours-database.json.</summary>
public class MarketHoursDatabase
{
    private static readonly object _lock = new();
    private static MarketHoursDatabase _loaded;
    private static string _loadedPath;
    private readonly Dictionary<SecurityDatabaseKey, Entry> _entries;
    private MarketHoursDatabase(Dictionary<SecurityDatabaseKey, Entry> entries) => _entries = entries;

    public static MarketHoursDatabase FromDataFolder()
    {
        var path = Path.Combine(Globals.GetDataFolderPath("market-hours"), "market-hours-database.json");
        lock (_lock)
        {
            if (_loaded == null || _loadedPath != path)
            {
                _loaded = FromFile(path);
                _loadedPath = path;
            }
            return _loaded;
        }
    }

    public static MarketHoursDatabase FromFile(string path)
    {
        var entries = new Dictionary<SecurityDatabaseKey, Entry>();
        using var reader = new JsonTextReader(new StreamReader(path));
        while (reader.Read())
        {
            // Only entries of crypto are kept: those of other types are skipped unread.
            if (reader.TokenType != JsonToken.PropertyName || reader.Depth != 2)
                continue;
            var name = (string)reader.Value;
            reader.Read();
            if (!name.StartsWith("Crypto", StringComparison.Ordinal))
            {
                reader.Skip();
                continue;
            }
            var key = SecurityDatabaseKey.Parse(name);
            var body = JObject.Load(reader);
            if (key != null && IsAlwaysOpen(body))
            {
                var dataZone = Zone(body, "dataTimeZone");
                var exchangeZone = Zone(body, "exchangeTimeZone");
                entries[key] = new Entry(dataZone ?? exchangeZone, SecurityExchangeHours.AlwaysOpen(exchangeZone));
            }
        }
        return new MarketHoursDatabase(entries);
    }

    public static string GetDatabaseSymbolKey(Symbol symbol) => symbol == null ? string.Empty : symbol.Value;

    public SecurityExchangeHours GetExchangeHours(string market, Symbol symbol, SecurityType securityType) =>
        GetEntry(market, symbol, securityType).ExchangeHours;

    public virtual Entry GetEntry(string market, Symbol symbol, SecurityType securityType) =>
        GetEntry(market, GetDatabaseSymbolKey(symbol), securityType);

    public virtual Entry GetEntry(string market, string symbol, SecurityType securityType) =>
        TryGetEntry(market, symbol, securityType, out var entry)
            ? entry
            : throw new ArgumentException($"The market hours database has no exchange hours for {securityType}-{market}-{symbol}");

    public virtual bool TryGetEntry(string market, string symbol, SecurityType securityType, out Entry entry)
    {
        var key = new SecurityDatabaseKey(market, symbol, securityType);
        return _entries.TryGetValue(key, out entry) || _entries.TryGetValue(key.CreateCommonKey(), out entry);
    }

    private static DateTimeZone Zone(JObject body, string name)
    {
        var id = (string)body[name];
        return id == null ? null : id == "UTC" ? DateTimeZone.Utc : DateTimeZoneProviders.Tzdb[id];
    }

    private static bool IsAlwaysOpen(JObject body)
    {
        foreach (var day in Enum.GetNames<DayOfWeek>())
            if (body[day.ToLowerInvariant()] is not JArray { Count: 1 } segments || (string)segments[0]["start"] != "00:00:00"
                || (string)segments[0]["end"] != "1.00:00:00")
            {
                return false;
            }
        return body["holidays"] is not JArray { Count: > 0 };
    }

    /// <summary>Hours and data zone.</summary>
    /// <remarks>An entry.</remarks>
    public class Entry(DateTimeZone dataTimeZone, SecurityExchangeHours exchangeHours)
    {
        public DateTimeZone DataTimeZone { get; private set; } = dataTimeZone;
        public SecurityExchangeHours ExchangeHours { get; init; } = exchangeHours;
    }
}
