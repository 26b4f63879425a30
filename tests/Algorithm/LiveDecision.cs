using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;

namespace CrossHedgeLean.Tests.Algorithm;

/// <summary>A decision, and the accounts as the algorithm has them then.</summary>
/// <param name="Line">The line of the decision log.</param>
/// <param name="Accounts">Every balance and position that is not zero, by name.</param>
internal sealed record LiveDecision(string Line, SortedDictionary<string, decimal> Accounts)
{
    /// <summary>Behind LEAN a fill's money is a difference of sums over all accounts, which have no more digits (invariant 3b).</summary>
    private const decimal LastDigits = 0.00000000001m;

    /// <summary>When it was decided, as the log writes it.</summary>
    public string Time => Line.Split(',')[0];

    public static LiveDecision Of(string line, CrossHedgeAlgorithm algorithm) => algorithm.Accounts is Ledger ledger ? Of(ledger) with { Line = line } : new LiveDecision(line, []);

    public static LiveDecision Of(Ledger ledger)
    {
        var accounts = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var account in ledger.Accounts)
        {
            foreach (var balance in account.Balances.Where(balance => balance.Total != 0m))
            {
                accounts.Add($"{account.Definition.Name} {balance.Currency}", balance.Total);
            }

            foreach (var position in account.Positions.Where(position => position.Quantity != 0m))
            {
                accounts.Add($"{account.Definition.Name} {position.Instrument.Id}", position.Quantity);
            }
        }

        return new LiveDecision("", accounts);
    }

    /// <summary>What differs in the accounts; null: nothing.</summary>
    public string? DifferenceFrom(LiveDecision other)
    {
        foreach (var name in Accounts.Keys.Union(other.Accounts.Keys))
        {
            var (mine, theirs) = (Accounts.GetValueOrDefault(name), other.Accounts.GetValueOrDefault(name));
            if (Math.Abs(mine - theirs) > LastDigits)
            {
                return FormattableString.Invariant($"{name}: {mine} instead of {theirs}");
            }
        }

        return null;
    }

    /// <inheritdoc />
    public override string ToString() => $"{Line} || {string.Join(" | ", Accounts.Select(entry => FormattableString.Invariant($"{entry.Key} {decimal.Round(entry.Value, 8)}")))}";
}
