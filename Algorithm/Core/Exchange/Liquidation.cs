#nullable enable
using System;
using System.Collections.Generic;
using CrossHedgeLean.Accounts;

namespace CrossHedgeLean.Exchange;

/// <summary>One forced fill.</summary>
/// <param name="Position">The position that the venue closes or reduces.</param>
/// <param name="Quantity">Contracts of the forced order, signed: against the position.</param>
/// <param name="Price">The computed liquidation price, in the settlement currency.</param>
/// <param name="Fee">The liquidation fee in the settlement currency; at most what the account still has.</param>
public sealed record LiquidationStep(AccountPosition Position, decimal Quantity, decimal Price, decimal Fee);

/// <summary>A forced fill as it is reported.</summary>
/// <param name="TimeUtc">UTC.</param>
/// <param name="Account">The account.</param>
/// <param name="Instrument">The instrument, as <c>market:kind:ticker</c>.</param>
/// <param name="Quantity">Contracts of the forced order, signed.</param>
/// <param name="Price">In the settlement currency.</param>
/// <param name="Fee">In the settlement currency.</param>
/// <param name="Cause">Why the venue did it.</param>
public sealed record LiquidationEvent(DateTime TimeUtc, string Account, string Instrument, decimal Quantity, decimal Price, decimal Fee, string Cause)
{
    /// <summary>Whether the account was liquidated; else the venue did it for another reason.</summary>
    public bool IsLiquidation => Cause.StartsWith("liquidation", StringComparison.Ordinal);
}

/// <summary>
/// What a venue does to an account whose equity fell below its maintenance margin: the position with the largest
/// maintenance margin is reduced to the bracket below, or closed in the lowest, at the price at which the margin was
/// gone, until the account stands again. An account never ends below zero: what is missing is the venue's loss.
/// </summary>
/// <remarks>
/// Reduction by bracket as at Bybit, https://www.bybit.com/en/help-center/article/Liquidation-Process-Derivatives-Standard-Account,
/// and Binance, https://www.binance.com/en/support/faq/detail/360033525271.
/// </remarks>
public static class Liquidation
{
    /// <summary>Liquidates an account if it must be, between the previous and the present marks of its positions.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="account">An account of it.</param>
    /// <param name="execute">Makes the forced fill and books it in the ledger before it returns.</param>
    /// <param name="forgive">
    /// Books what is missing after every position is closed and no price above zero could bring it: the currency and the
    /// amount that the venue loses. Money can have been gone before the marks moved, by fills far from them.
    /// </param>
    /// <returns>Whether anything was liquidated.</returns>
    /// <exception cref="InvalidOperationException">A forced fill left the position unchanged.</exception>
    public static bool Run(Ledger ledger, VenueAccount account, Action<LiquidationStep> execute, Action<string, decimal> forgive)
    {
        var liquidated = false;
        for (var i = 0; i < account.Pools.Count; i++)
        {
            var pool = account.Pools[i];
            while (pool.IsBreached)
            {
                liquidated = true;
                var marks = MoveToBreach(ledger, pool);
                do
                {
                    var step = Plan(pool);
                    var before = step.Position.Quantity;
                    execute(step);
                    if (step.Position.Quantity == before)
                    {
                        throw new InvalidOperationException($"{account.Definition.Name}: the forced order of {step.Quantity} {step.Position.Instrument.Id} did not fill.");
                    }
                }
                while (pool.IsBreached);

                for (var j = 0; j < marks.Count; j++)
                {
                    ledger.Mark(pool.Perpetuals[j], marks[j]);
                }
            }

            if (liquidated && pool.MaintenanceMargin == 0m && pool.Worth < 0m)
            {
                var settlement = pool.Perpetuals[0].Settlement;
                forgive(settlement.Currency, -pool.Worth / pool.InUnit(pool.Perpetuals[0], 1m));
            }
        }

        return liquidated;
    }

    /// <summary>Sets the marks to where the margin was gone; answers with where they were.</summary>
    private static List<decimal> MoveToBreach(Ledger ledger, MarginPool pool)
    {
        var share = pool.BreachShare();
        var marks = new List<decimal>(pool.Perpetuals.Count);
        foreach (var position in pool.Perpetuals)
        {
            marks.Add(position.Mark);
            if (position.Mark != 0m)
            {
                ledger.Mark(position, Math.Round(position.PreviousMark + (share * (position.Mark - position.PreviousMark)), 12));
            }
        }

        return marks;
    }

    private static LiquidationStep Plan(MarginPool pool)
    {
        AccountPosition? worst = null;
        foreach (var position in pool.Perpetuals)
        {
            if (position.Quantity != 0m
                && (worst is null || pool.InUnit(position, position.MaintenanceMargin) > pool.InUnit(worst, worst.MaintenanceMargin)))
            {
                worst = position;
            }
        }

        var instrument = worst!.Instrument;
        var left = pool.Worth / pool.InUnit(worst, 1m);
        var tier = left > 0m ? worst.Tiers!.IndexOf(Math.Abs(worst.Value)) : 0;
        var keep = tier == 0 ? 0m : instrument.RoundTowardZero(worst.Tiers![tier - 1].Cap / (worst.Mark * instrument.ContractMultiplier));
        var quantity = -Math.Sign(worst.Quantity) * (Math.Abs(worst.Quantity) - keep);

        var price = worst.Mark;
        if (left < 0m)
        {
            // The bankruptcy price: what is missing is the venue's loss. It stays a price, above zero.
            price = Math.Max(price / 100m, price + (left / (quantity * instrument.ContractMultiplier)));
        }

        var notional = Math.Abs(quantity) * instrument.ContractMultiplier * price;
        var fee = Math.Min(notional * pool.Account.Definition.Profile.LiquidationFeeRate, Math.Max(0m, left));
        return new LiquidationStep(worst, quantity, price, fee);
    }
}
