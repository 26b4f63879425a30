namespace QuantConnect.Data;

/// <summary>Something that knows its symbol.</summary>
public interface ISymbolProvider { }
