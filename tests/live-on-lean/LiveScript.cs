using System;
using System.Globalization;
using System.Linq;
using CrossHedgeLean;
using CrossHedgeLean.Venues;
using QuantConnect.Data;

namespace QuantConnect.CrossHedge.LiveOnLean;

/// <summary>
/// The sample algorithm, and beside it orders by the clock: at the second <c>burst-at</c> many resting orders of the first
/// group's primary, and every second a small trade of the second group's.
/// </summary>
public class LiveScript : CrossHedgeAlgorithm
{
    private DateTime _startUtc = DateTime.MinValue;
    private int _second;
    private bool _hasBurst;

    /// <inheritdoc />
    public override void OnData(Slice slice)
    {
        _startUtc = _startUtc == DateTime.MinValue ? UtcTime : _startUtc;
        var second = (int)(UtcTime - _startUtc).TotalSeconds;
        if (second == _second)
        {
            return;
        }

        _second = second;
        if (!_hasBurst && second >= Number("burst-at", int.MaxValue))
        {
            _hasBurst = true;
            var primary = Primary(GetParameter("groups").Split(',')[0]);
            for (var i = 0; i < Number("burst", 50); i++)
            {
                LimitOrder(primary, Quantity("burst-quantity"), decimal.Round(Securities[primary].Price * 0.8m, 1), asynchronous: true, tag: "burst");
            }
        }

        if (second > 10 && second % 2 == 0)
        {
            MarketOrder(Primary(GetParameter("groups").Split(',')[^1]), second % 4 == 0 ? Quantity("trade") : -Quantity("trade"), asynchronous: true, tag: "trade");
        }
    }

    private Symbol Primary(string group)
    {
        InstrumentId.TryParse(GetParameter(group + ".primary"), out var id);
        return Securities.Keys.Single(symbol => symbol.Value == id.Ticker && symbol.ID.Market == id.Route.Market && (symbol.SecurityType == SecurityType.Crypto) == (id.Route.Kind == InstrumentKind.Spot));
    }

    private int Number(string name, int usual) => int.TryParse(Environment.GetEnvironmentVariable("LIVE_" + name.Replace('-', '_')), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : usual;

    private static decimal Quantity(string name) => decimal.Parse(Environment.GetEnvironmentVariable("LIVE_" + name.Replace('-', '_')) ?? "0.01", CultureInfo.InvariantCulture);
}
