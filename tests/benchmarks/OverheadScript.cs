using System;
using System.Collections.Generic;
using System.Linq;

namespace CrossHedgeLean.Benchmarks;

/// <summary>A market order of the script.</summary>
/// <param name="TimeUtc">Sent at the first slice at or after it, UTC.</param>
/// <param name="Pair">The pair.</param>
/// <param name="Leg">The instrument in <see cref="OverheadMarket.InstrumentsOf"/>.</param>
/// <param name="Quantity">Contracts, signed, in whole lots.</param>
internal readonly record struct ScriptedOrder(DateTime TimeUtc, int Pair, int Leg, decimal Quantity);

/// <summary>
/// The recorded orders: every pair in turn buys spot and sells half as much of each perpetual short, and takes all of it
/// back about two hours later. Seeded; nothing in it depends on prices or on what the models answer.
/// </summary>
internal static class OverheadScript
{
    /// <summary>The orders, by time.</summary>
    /// <param name="pairs">How many pairs.</param>
    /// <param name="days">How many days.</param>
    public static IReadOnlyList<ScriptedOrder> Create(int pairs, int days)
    {
        var random = new Random(7);
        var end = OverheadMarket.Start.AddDays(days);
        var orders = new List<ScriptedOrder>();
        for (var pair = 0; pair < pairs; pair++)
        {
            // In the lots of the generator's two coins: half of a position is a whole lot at every venue.
            var (step, spotLot) = pair % 2 == 0 ? (0.002m, 0.00001m) : (0.02m, 0.0001m);
            var time = OverheadMarket.Start.AddMinutes(random.Next(30, 120));
            while (true)
            {
                var close = time.AddMinutes(random.Next(60, 180));
                if (close > end.AddMinutes(-30))
                {
                    break;
                }

                var quantity = step * random.Next(10, 50);

                // The fee of 0.1% was taken in the coin.
                var coins = decimal.Truncate(quantity * 0.999m / spotLot) * spotLot;
                orders.AddRange([new(time, pair, 0, quantity), new(time, pair, 1, -quantity / 2m), new(time, pair, 2, -quantity / 2m)]);
                orders.AddRange([new(close, pair, 1, quantity / 2m), new(close, pair, 2, quantity / 2m), new(close, pair, 0, -coins)]);
                time = close.AddMinutes(random.Next(60, 180));
            }
        }

        // Stable: the orders of a pair keep their order.
        return [.. orders.OrderBy(order => order.TimeUtc)];
    }
}
