using System;
using System.Collections.Generic;
using System.IO;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NodaTime;

namespace QuantConnect.Securities;

/// <summary>Market hours by (type, market, symbol): crypto entries of LEAN's market-hours-database.json.</summary>
public class MarketHoursDatabase
{
    private static readonly object _lock = new();
    private static MarketHoursDatabase _loaded;
    private static string _loadedPath;
    private readonly Dictionary<SecurityDatabaseKey, Entry> _entries;

    private MarketHoursDatabase(Dictionary<SecurityDatabaseKey, Entry> entries)
    {
        _entries = entries;
    }

    /// <summary>The database of the data folder.</summary>
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

    /// <summary>Reads a database file.</summary>
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

    /// <summary>Forgets the database of the data folder.</summary>
    public static void Reset()
    {
        lock (_lock)
        {
            _loaded = null;
        }
    }

    public static string GetDatabaseSymbolKey(Symbol symbol) => symbol == null ? string.Empty : symbol.Value;

    /// <summary>True if there is an entry of exactly this key.</summary>
    public bool ContainsKey(string market, string symbol, SecurityType securityType) =>
        _entries.ContainsKey(new SecurityDatabaseKey(market, symbol, securityType));

    /// <summary>Hours of a symbol; throws if there is no entry.</summary>
    public SecurityExchangeHours GetExchangeHours(string market, Symbol symbol, SecurityType securityType) =>
        GetEntry(market, symbol, securityType).ExchangeHours;

    /// <summary>Zone of a symbol's data; throws if there is no entry.</summary>
    public DateTimeZone GetDataTimeZone(string market, Symbol symbol, SecurityType securityType) =>
        GetEntry(market, symbol, securityType).DataTimeZone;

    /// <summary>Entry of a symbol, or of its market; throws if there is none.</summary>
    public virtual Entry GetEntry(string market, Symbol symbol, SecurityType securityType) =>
        GetEntry(market, GetDatabaseSymbolKey(symbol), securityType);

    /// <summary>Entry of a symbol, or of its market; throws if there is none.</summary>
    public virtual Entry GetEntry(string market, string symbol, SecurityType securityType) =>
        TryGetEntry(market, symbol, securityType, out var entry)
            ? entry
            : throw new ArgumentException($"The market hours database has no exchange hours for {securityType}-{market}-{symbol}");

    /// <summary>Entry of a symbol, or of its market.</summary>
    public virtual bool TryGetEntry(string market, string symbol, SecurityType securityType, out Entry entry)
    {
        var key = new SecurityDatabaseKey(market, symbol, securityType);
        return _entries.TryGetValue(key, out entry) || _entries.TryGetValue(key.CreateCommonKey(), out entry);
    }

    /// <summary>Adds or replaces an entry.</summary>
    public virtual Entry SetEntry(string market, string symbol, SecurityType securityType, SecurityExchangeHours exchangeHours, DateTimeZone dataTimeZone = null) =>
        _entries[new SecurityDatabaseKey(market, symbol, securityType)] = new Entry(dataTimeZone ?? exchangeHours.TimeZone, exchangeHours);

    /// <summary>Adds or replaces an entry that is always open.</summary>
    public virtual Entry SetEntryAlwaysOpen(string market, string symbol, SecurityType securityType, DateTimeZone timeZone) =>
        SetEntry(market, symbol, securityType, SecurityExchangeHours.AlwaysOpen(timeZone));

    private static DateTimeZone Zone(JObject body, string name)
    {
        var id = (string)body[name];
        return id == null ? null : id == "UTC" ? DateTimeZone.Utc : DateTimeZoneProviders.Tzdb[id];
    }

    private static bool IsAlwaysOpen(JObject body)
    {
        foreach (var day in Enum.GetNames<DayOfWeek>())
        {
            if (body[day.ToLowerInvariant()] is not JArray { Count: 1 } segments
                || (string)segments[0]["start"] != "00:00:00"
                || (string)segments[0]["end"] != "1.00:00:00")
            {
                return false;
            }
        }
        return body["holidays"] is not JArray { Count: > 0 };
    }

    /// <summary>Hours and data zone.</summary>
    public class Entry
    {
        public DateTimeZone DataTimeZone { get; private set; }
        public SecurityExchangeHours ExchangeHours { get; init; }

        /// <summary>An entry.</summary>
        public Entry(DateTimeZone dataTimeZone, SecurityExchangeHours exchangeHours)
        {
            DataTimeZone = dataTimeZone;
            ExchangeHours = exchangeHours;
        }
    }
}
