using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CrossHedgeLean.Hosting;
using QuantConnect;

namespace CrossHedgeLean.Benchmarks;

/// <summary>One run of the recorded orders.</summary>
/// <param name="Engine">The engine and its version.</param>
/// <param name="Seconds">The engine's time without start-up.</param>
/// <param name="DataPoints">Data points, as the engine counts them.</param>
/// <param name="Orders">Orders sent.</param>
/// <param name="Refused">Orders refused.</param>
/// <param name="Fills">Fills.</param>
/// <param name="FillsHash">SHA-256 of all fills with time, quantity, price and fee.</param>
/// <param name="Cash">USDT at the end, every position closed.</param>
/// <param name="Funding">What the fills do not explain of the change in USDT: funding.</param>
/// <param name="Checked">Checks of invariants.</param>
/// <param name="Violated">Checks that did not hold.</param>
public sealed record OverheadRun(
    string Engine,
    double Seconds,
    long DataPoints,
    int Orders,
    int Refused,
    int Fills,
    string FillsHash,
    decimal Cash,
    decimal Funding,
    long Checked,
    long Violated)
{
    /// <summary>Runs the script.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="models">Over which models.</param>
    /// <param name="pairs">How many pairs.</param>
    /// <param name="days">How many days.</param>
    /// <param name="replay">A file of orders to send instead of the script's; null: the script's.</param>
    /// <param name="record">A file to write the orders to that the engine took in; null: none.</param>
    /// <exception cref="InvalidOperationException">The run failed, or money moved that neither fills nor funding explain.</exception>
    internal static OverheadRun Measure(string folder, OverheadModels models, int pairs, int days, string? replay, string? record)
    {
        var script = replay is null ? null : JsonSerializer.Deserialize<ScriptedOrder[]>(File.ReadAllText(replay));
        OverheadAlgorithm? algorithm = null;
        var engine = BacktestEngines.Create();
        var outcome = engine.Run(new BacktestJob(() => algorithm = new OverheadAlgorithm(models, pairs, days, script), folder, new Dictionary<string, string>()));
        if (outcome.Error is not null || algorithm is null)
        {
            throw new InvalidOperationException(outcome.Error);
        }

        var unexplained = Unexplained(algorithm);
        var funding = unexplained.GetValueOrDefault("USDT");
        unexplained.Remove("USDT");
        var booked = algorithm.Accounts?.Ledger.Accounts.Sum(account => algorithm.Accounts.Ledger.ProfitOf(account).Funding);
        if (unexplained.Values.Any(amount => amount != 0m) || (booked is { } known && Math.Round(known, 8) != funding))
        {
            throw new InvalidOperationException($"money moved without a cause: {string.Join(", ", unexplained)}; USDT {funding}, funding booked {booked}");
        }

        if (record is not null)
        {
            File.WriteAllText(record, JsonSerializer.Serialize(algorithm.Submitted));
        }

        var invariants = algorithm.Accounts?.Invariants.Summarize();
        return new OverheadRun(
            $"{engine.Info.Name} {engine.Info.Version}",
            outcome.Elapsed.TotalSeconds,
            outcome.DataPoints,
            algorithm.Submitted.Count + algorithm.Refused,
            algorithm.Refused,
            algorithm.Fills.Count,
            HashOf(algorithm),
            Math.Round(algorithm.Portfolio.CashBook["USDT"].Amount, 8),
            funding,
            invariants?.Checked ?? 0,
            invariants?.Violated ?? 0);
    }

    /// <summary>By currency, what the cash book changed beyond the fills; zero or funding, because the script closes every perpetual.</summary>
    private static Dictionary<string, decimal> Unexplained(OverheadAlgorithm algorithm)
    {
        var changes = algorithm.Portfolio.CashBook.ToDictionary(entry => entry.Key, entry => entry.Value.Amount);
        changes["USDT"] -= algorithm.Opening;
        foreach (var (_, symbol, quantity, price, fee) in algorithm.Fills)
        {
            // A fee in the coin is already missing from the quantity, and was paid for.
            var isCoinFee = fee.Currency != "USDT" && quantity > 0m;
            changes["USDT"] += (quantity + (isCoinFee ? fee.Amount : 0m)) * price;
            changes["USDT"] += fee.Currency == "USDT" ? fee.Amount : 0m;
            if (symbol.SecurityType == SecurityType.Crypto)
            {
                changes[symbol.Value[..^4]] -= quantity;
            }
        }

        // LEAN's average prices are divisions: their last decimals stay in the cash.
        changes["USDT"] = Math.Round(changes["USDT"], 8);
        return changes;
    }

    private static string HashOf(OverheadAlgorithm algorithm)
    {
        var text = new StringBuilder();

        // LEAN tells a hedge that a fill called for before it tells the algorithm of that fill: the order within a time step is nobody's.
        foreach (var (time, symbol, quantity, price, fee) in algorithm.Fills.OrderBy(fill => fill.TimeUtc).ThenBy(fill => fill.Symbol.ID.ToString(), StringComparer.Ordinal).ThenBy(fill => fill.Quantity))
        {
            text.Append(CultureInfo.InvariantCulture, $"{time:O},{symbol.ID},{quantity.Normalize()},{price.Normalize()},{fee.Amount.Normalize()},{fee.Currency}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
