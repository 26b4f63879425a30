using System;
using System.Collections.Generic;
using System.Linq;

namespace QuantConnect.Brokerages.CrossHedge.Children;

/// <summary>
/// Texts by which a venue says for certain that it does not have an order. Whatever else a child calls Invalid may be an
/// order that the venue has: official plugins make Invalid events of time-outs and of answers they cannot read.
/// </summary>
/// <remarks>Clocks, rate limits, overload and internal errors are never on the list: orders are on record that were placed nonetheless.</remarks>
internal static class DefiniteRefusals
{
    /// <summary>By the type name of the brokerage, as its plugin words it; each backed by an answer in <c>tests/Brokerages/recorded-answers.json</c>, with its source.</summary>
    public static IReadOnlyDictionary<string, string[]> Recorded { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        // The plugin hands on the content of the answer. -2014 and -2015 refuse the key, before any order.
        ["BinanceBrokerage"] = ["-1013", "-1100", "-1102", "-1106", "-1111", "-1121", "-2010", "-2014", "-2015"],
        ["BinanceFuturesBrokerage"] = ["-1102", "-1106", "-1111", "-1121", "-2019", "-2022", "-2027", "-4003", "-4005", "-4164"],

        // The plugin hands on the content and "ErrorCode: ". Not 110017, reduce-only: one is on record whose order was seen placed.
        ["BybitBrokerage"] = ["10001", "10003", "10005", "110003", "110007", "170036", "170131", "170135"],

        // The official plugin makes a message of a refusal, which names no order: that order ends unanswered. For plugins that make an event.
        ["KrakenBrokerage"] = ["EOrder:Insufficient funds", "EOrder:Order minimum not met", "EGeneral:Invalid arguments", "EGeneral:Permission denied", "EAPI:Invalid key"],

        // The plugin drops the venue's code and says its own enumeration's name; INVALID_ARGUMENT stands in the content of its exceptions.
        ["CoinbaseBrokerage"] = ["InsufficientFund", "INVALID_ARGUMENT"],
    };

    /// <summary>Documented only: the venue's documentation says so, no answer was found recorded.</summary>
    public static IReadOnlyDictionary<string, string[]> DocumentedOnly { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        // developers.binance.com, USDS-M futures "Error Code": -1100 malformed, -2014 and -2015 key, -2018 balance.
        ["BinanceFuturesBrokerage"] = ["-1100", "-2014", "-2015", "-2018"],

        // bybit-exchange.github.io, v5 "Error Codes": 10004 signature, 110004 and 110012 balance, 110094, 170124, 170136 and 170140 size.
        ["BybitBrokerage"] = ["10004", "110004", "110012", "110094", "170124", "170136", "170140"],

        // docs.kraken.com, "Spot Error Messages": the exchange lacks funds for the margin; price times volume is below costmin.
        ["KrakenBrokerage"] = ["EOrder:Insufficient margin", "EOrder:Cost minimum not met"],

        // docs.cdp.coinbase.com, Advanced Trade "Create order": error_response of an order that was not made, by the plugin's names.
        ["CoinbaseBrokerage"] = ["InsufficientFunds", "InvalidSizePrecision", "InvalidPricePrecision", "InvalidProductId", "OrderEntryDisabled"],
    };

    /// <summary>Whether a text is a certain refusal.</summary>
    /// <remarks>
    /// A number counts only where it is named a code: as an order's id, a quantity or a time it says nothing. A duplicate is no
    /// refusal: the venue has the first.
    /// </remarks>
    /// <param name="brokerage">The type name of the child's brokerage, alone or with its namespace.</param>
    /// <param name="text">What it said.</param>
    /// <param name="others">Texts that the configuration adds; words of their own anywhere in the text.</param>
    public static bool Contains(string brokerage, string text, IReadOnlyList<string> others)
    {
        var name = brokerage[(brokerage.LastIndexOf('.') + 1)..];
        return others.Any(other => Has(text, other, isNamed: false))
            || (!text.Contains("duplicate", StringComparison.OrdinalIgnoreCase)
                && Recorded.GetValueOrDefault(name, []).Concat(DocumentedOnly.GetValueOrDefault(name, [])).Any(known => Has(text, known, isNamed: char.IsAsciiDigit(known[^1]))));
    }

    private static bool Has(string text, string word, bool isNamed)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            var after = at + word.Length;
            if ((at == 0 || !IsOfAWord(text[at - 1])) && (after == text.Length || !IsOfAWord(text[after])) && (!isNamed || IsNamedCode(text.AsSpan(0, at))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfAWord(char character) => char.IsAsciiLetterOrDigit(character) || character == '_';

    /// <summary>As in <c>"retCode":110007</c>, <c>ErrorCode: 110007</c> and <c>code=-2010</c>.</summary>
    private static bool IsNamedCode(ReadOnlySpan<char> before)
        => before.TrimEnd(" \t\r\n\"\':=").EndsWith("code", StringComparison.OrdinalIgnoreCase);
}
