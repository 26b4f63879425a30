#nullable enable

namespace CrossHedgeLean.Accounts;

/// <summary>
/// Where a change of equity came from, in the account currency. Each part has a formula of its own; together they are
/// the change of equity, and a run checks that they are.
/// </summary>
public sealed record ProfitSplit
{
    /// <summary>Units held times the move of the underlying's reference price (the primary's mark), summed over the steps.</summary>
    public decimal Directional { get; init; }

    /// <summary>Position times the move of its own mark against the reference price, summed over the steps.</summary>
    public decimal Basis { get; init; }

    /// <summary>Quantity filled times (mark minus fill price): what crossing the spread, impact and waiting cost.</summary>
    public decimal SpreadAndSlippage { get; init; }

    /// <summary>Funding entries.</summary>
    public decimal Funding { get; init; }

    /// <summary>Fee entries, transfer fees included; a fee in a coin at the coin's mark.</summary>
    public decimal Fees { get; init; }

    /// <summary>Forced fills against the mark, and their fees.</summary>
    public decimal Liquidation { get; init; }

    /// <summary>Value in each currency times the move of its rate to the account currency.</summary>
    public decimal Currency { get; init; }

    /// <summary>Write-offs and lost transfers.</summary>
    public decimal WriteOff { get; init; }

    /// <summary>The sum of the parts.</summary>
    public decimal Total => Directional + Basis + SpreadAndSlippage + Funding + Fees + Liquidation + Currency + WriteOff;

    /// <summary>The sum, part by part.</summary>
    public static ProfitSplit operator +(ProfitSplit left, ProfitSplit right)
        => new()
        {
            Directional = left.Directional + right.Directional,
            Basis = left.Basis + right.Basis,
            SpreadAndSlippage = left.SpreadAndSlippage + right.SpreadAndSlippage,
            Funding = left.Funding + right.Funding,
            Fees = left.Fees + right.Fees,
            Liquidation = left.Liquidation + right.Liquidation,
            Currency = left.Currency + right.Currency,
            WriteOff = left.WriteOff + right.WriteOff,
        };
}

/// <summary>The running parts of one account's profit, in the account currency; see <see cref="ProfitSplit"/>.</summary>
internal sealed class ProfitParts
{
    public decimal Opening { get; set; }

    public decimal Directional { get; set; }

    public decimal Basis { get; set; }

    public decimal SpreadAndSlippage { get; set; }

    public decimal Funding { get; set; }

    public decimal Fees { get; set; }

    public decimal Liquidation { get; set; }

    public decimal Currency { get; set; }

    public decimal WriteOff { get; set; }

    public decimal Received { get; set; }

    public decimal Explained
        => Opening + Received + Directional + Basis + SpreadAndSlippage + Funding + Fees + Liquidation + Currency + WriteOff;

    public ProfitSplit ToSplit()
        => new()
        {
            Directional = Directional,
            Basis = Basis,
            SpreadAndSlippage = SpreadAndSlippage,
            Funding = Funding,
            Fees = Fees,
            Liquidation = Liquidation,
            Currency = Currency,
            WriteOff = WriteOff,
        };
}
