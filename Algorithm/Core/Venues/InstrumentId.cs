#nullable enable

namespace CrossHedgeLean.Venues;

/// <summary>One instrument at one venue, written <c>market:kind:ticker</c>, as in <c>bybit:perpetual:BTCUSDT</c>.</summary>
public readonly record struct InstrumentId(Route Route, string Ticker)
{
    /// <summary>Reads <c>market:kind:ticker</c>; false if the text has another form.</summary>
    public static bool TryParse(string text, out InstrumentId id)
    {
        id = default;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || colon == text.Length - 1 || !Route.TryParse(text[..colon], out var route))
        {
            return false;
        }

        id = new InstrumentId(route, text[(colon + 1)..].Trim().ToUpperInvariant());
        return true;
    }

    /// <inheritdoc />
    public override string ToString() => $"{Route}:{Ticker}";
}
