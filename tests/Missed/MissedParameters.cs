using System.Collections.Generic;

namespace CrossHedgeLean.Tests.Missed;

/// <summary>What the runs of missed events have in common.</summary>
internal static class MissedParameters
{
    public static Dictionary<string, string> Of(MissedEvent missed)
    {
        var parameters = new Dictionary<string, string>
        {
            ["strategy"] = "carry",
            ["resolution"] = "second",
            ["account-currency"] = "USDT",
            ["conversion-market"] = "binance",
            ["binance-spot.cash"] = "USDT:400000",
            ["binance-spot.spot-fees"] = "0.001/0.001",
            ["bybit.cash"] = "USDT:250000",
            ["bybit.perpetual-fees"] = "0.0002/0.00055",
            ["latency"] = "venue",
            ["transfers"] = "off",
            ["groups"] = "BTC",
            ["BTC.primary"] = "binance:spot:BTCUSDT",
            ["BTC.hedges"] = "bybit:perpetual:BTCUSDT",
            ["BTC.notional"] = "60000",
        };
        foreach (var (name, value) in missed.Parameters)
        {
            parameters[name] = value;
        }

        return parameters;
    }
}
