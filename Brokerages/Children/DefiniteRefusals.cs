using System;
using System.Collections.Generic;
using System.Linq;

namespace QuantConnect.Brokerages.CrossHedge.Children;

/// <summary>
/// Texts by which a venue says for certain that it does not have an order. Whatever else a child calls Invalid may be an
/// order that the venue has: official plugins make Invalid events of time-outs and of answers they cannot read.
/// </summary>
internal static class DefiniteRefusals
{
    /// <summary>By the type name of the brokerage.</summary>
    private static readonly Dictionary<string, string[]> ByBrokerage = new(StringComparer.Ordinal)
    {
        // developers.binance.com, spot "Error Codes": -1013 filter, -1100 to -1121 malformed, -2010 new order rejected.
        ["BinanceBrokerage"] = ["-1013", "-1100", "-1102", "-1106", "-1111", "-1121", "-2010", "-2014", "-2015"],

        // developers.binance.com, USDS-M futures "Error Code": -2018, -2019 balance and margin, -2022 reduce-only, -4003 and -4164 size.
        ["BinanceFuturesBrokerage"] = ["-1100", "-1102", "-1106", "-1111", "-1121", "-2014", "-2015", "-2018", "-2019", "-2022", "-4003", "-4005", "-4164"],

        // bybit-exchange.github.io, v5 "Error Codes": 10001 parameter, 10003 to 10005 key, 1100xx and 1701xx orders that were not made.
        ["BybitBrokerage"] = ["10001", "10003", "10004", "10005", "110003", "110004", "110007", "110012", "110017", "110094", "170124", "170131", "170136", "170140"],

        // docs.kraken.com, "API errors": EOrder and EGeneral:Invalid arguments come before an order is made.
        ["KrakenBrokerage"] = ["EOrder:Insufficient funds", "EOrder:Insufficient margin", "EOrder:Order minimum not met", "EOrder:Cost minimum not met", "EGeneral:Invalid arguments", "EGeneral:Permission denied", "EAPI:Invalid key"],

        // docs.cdp.coinbase.com, Advanced Trade "Create order": error_response of an order that was not made.
        ["CoinbaseBrokerage"] = ["INSUFFICIENT_FUND", "INVALID_ARGUMENT", "INVALID_SIZE_PRECISION", "INVALID_PRICE_PRECISION", "INVALID_PRODUCT_ID", "ORDER_ENTRY_DISABLED"],
    };

    /// <summary>Whether a text is a certain refusal.</summary>
    /// <remarks>A code is a word of its own: as a part of an order's id or of a time it says nothing.</remarks>
    /// <param name="brokerage">The type name of the child's brokerage, alone or with its namespace.</param>
    /// <param name="text">What it said.</param>
    /// <param name="others">Texts that the configuration adds.</param>
    public static bool Contains(string brokerage, string text, IReadOnlyList<string> others)
        => ByBrokerage.GetValueOrDefault(brokerage[(brokerage.LastIndexOf('.') + 1)..], []).Concat(others).Any(known => HasWord(text, known));

    private static bool HasWord(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            var after = at + word.Length;
            if ((at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1])) && (after == text.Length || !char.IsAsciiLetterOrDigit(text[after])))
            {
                return true;
            }
        }

        return false;
    }
}
