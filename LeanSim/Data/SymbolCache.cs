namespace QuantConnect;

/// <summary>Tickers that the algorithm has added.</summary>
public static class SymbolCache
{
    [ThreadStatic]
    private static Dictionary<string, Symbol> _symbols;

    [ThreadStatic]
    private static Dictionary<Symbol, string> _tickers;

    // One cache per thread: parallel simulations must not see each other's tickers.
    private static Dictionary<string, Symbol> Symbols => _symbols ??= new Dictionary<string, Symbol>(StringComparer.OrdinalIgnoreCase);
    private static Dictionary<Symbol, string> Tickers => _tickers ??= new Dictionary<Symbol, string>();

    public static void Set(string ticker, Symbol symbol)
    {
        Symbols[ticker] = symbol;
        Tickers[symbol] = ticker;
    }

    public static bool TryGetSymbol(string ticker, out Symbol symbol)
    {
        if (Symbols.TryGetValue(ticker, out symbol))
            return true;
        if (SecurityIdentifier.TryParse(ticker, out var id))
        {
            symbol = new Symbol(id, id.Symbol);
            return true;
        }
        return false;
    }

    public static string GetTicker(Symbol symbol) => Tickers.TryGetValue(symbol, out var ticker) ? ticker : symbol.ID.ToString();

    public static void Clear()
    {
        Symbols.Clear();
        Tickers.Clear();
    }
}
