namespace QuantConnect.Securities;

/// <summary>Contract terms by (market, symbol, type): crypto rows of LEAN's symbol-properties-database.csv.</summary>
public class SymbolPropertiesDatabase
{
    private static readonly object _lock = new();
    private static SymbolPropertiesDatabase _loaded;
    private static string _loadedPath;
    private readonly Dictionary<SecurityDatabaseKey, SymbolProperties> _entries = new();

    protected SymbolPropertiesDatabase(string file)
    {
        if (!File.Exists(file))
            throw new FileNotFoundException($"The symbol properties database is missing: {file}");
        var isHeader = true;
        foreach (var line in File.ReadLines(file))
        {
            if (line.StartsWith('#') || string.IsNullOrWhiteSpace(line))
                continue;
            if (isHeader)
            {
                isHeader = false;
                continue;
            }
            var cells = line.Split(',');
            if (!cells[2].StartsWith("crypto", StringComparison.OrdinalIgnoreCase) || !Enum.TryParse<SecurityType>(cells[2], true, out var type))
                continue;
            var key = new SecurityDatabaseKey(cells[0], cells[1], type);
            var properties = new SymbolProperties(
                cells[3],
                cells[4],
                cells[5].ToDecimal(),
                cells[6].ToDecimalAllowExponent(),
                cells[7].ToDecimal(),
                Cell(cells, 8) ?? string.Empty,
                Cell(cells, 9)?.ToDecimal(),
                Cell(cells, 10)?.ToDecimal() ?? 1,
                Cell(cells, 11)?.ToDecimal() ?? 1);
            if (!_entries.TryAdd(key, properties))
                throw new DuplicateNameException($"{file} has two rows for {key}");
        }
    }

    public static SymbolPropertiesDatabase FromDataFolder()
    {
        var path = Path.Combine(Globals.GetDataFolderPath("symbol-properties"), "symbol-properties-database.csv");
        lock (_lock)
        {
            if (_loaded == null || _loadedPath != path)
            {
                _loaded = new SymbolPropertiesDatabase(path);
                _loadedPath = path;
            }
            return _loaded;
        }
    }

    public bool ContainsKey(string market, string symbol, SecurityType securityType) =>
        _entries.ContainsKey(new SecurityDatabaseKey(market, symbol, securityType));

    public bool ContainsKey(string market, Symbol symbol, SecurityType securityType) =>
        ContainsKey(market, MarketHoursDatabase.GetDatabaseSymbolKey(symbol), securityType);

    public SymbolProperties GetSymbolProperties(string market, Symbol symbol, SecurityType securityType, string defaultQuoteCurrency)
    {
        var key = new SecurityDatabaseKey(market, MarketHoursDatabase.GetDatabaseSymbolKey(symbol), securityType);
        return _entries.TryGetValue(key, out var found) || _entries.TryGetValue(key.CreateCommonKey(), out found)
            ? found
            : SymbolProperties.GetDefault(defaultQuoteCurrency);
    }

    public IEnumerable<KeyValuePair<SecurityDatabaseKey, SymbolProperties>> GetSymbolPropertiesList(string market, SecurityType securityType)
    {
        foreach (var entry in _entries)
            if (entry.Key.SecurityType == securityType && entry.Key.Market == market)
                yield return entry;
    }

    private static string Cell(string[] cells, int index) => index < cells.Length && cells[index].Length > 0 ? cells[index] : null;
}
