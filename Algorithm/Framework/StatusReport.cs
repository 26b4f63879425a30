#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Framework;

/// <summary>What a person who runs it live asks: how things stand, and how the accounts must be set at their venues.</summary>
internal static class StatusReport
{
    /// <summary>How the accounts that carry perpetuals must be set at their venues, because our margin is reckoned so; a line each.</summary>
    /// <param name="accounts">The accounts of the run.</param>
    /// <param name="checkedAccounts">Those whose settings were read and are so.</param>
    public static IEnumerable<string> Settings(IEnumerable<AccountDefinition> accounts, IReadOnlyCollection<string> checkedAccounts)
        => from account in accounts
           where account.Routes.Any(route => route.Kind != InstrumentKind.Spot)
           let collateral = account.Profile.PoolsCollateral ? "all coins pooled as collateral" : "only the settlement currency as collateral"
           select FormattableString.Invariant(
               $"{account.Name} must be set at its venue to cross margin, one-way positions, {collateral}, and leverage of {account.Leverage} or more for every instrument here: {(checkedAccounts.Contains(account.Name) ? "it is" : "nobody here can see whether it is")}.");

    /// <summary>Every group, venue and account as it stands; a line each. Money in the account currency.</summary>
    /// <param name="desk">Groups and venues.</param>
    /// <param name="accounts">The accounts.</param>
    /// <param name="lossOf">What the failure of a venue would cost now.</param>
    /// <param name="utcNow">UTC.</param>
    public static IEnumerable<string> Lines(HedgeDesk desk, IVenueAccounts accounts, Func<string, decimal> lossOf, DateTime utcNow)
        => desk.Groups.Select(group => LineOf(group, utcNow))
            .Concat(desk.Health.Select(health => LineOf(health, lossOf(health.Venue))))
            .Concat(accounts.Snapshot().Select(LineOf));

    private static string LineOf(GroupDesk group, DateTime utcNow)
    {
        var reason = group.Decision?.Reason ?? UnhedgedReason.None;
        var positions = group.Legs.Prepend(group.Primary).Select(leg => $"{Text(leg.Book.Held)} {leg.Instrument.Id}");
        return $"{group.Group.Name}: {group.State.Pair}, residual {Text(group.Residual(utcNow).Units)}"
            + (reason == UnhedgedReason.None ? "" : $" ({reason})")
            + (group.Halts == HaltCauses.None ? "" : $", halted by {group.Halts}")
            + (group.IsFlattening ? ", being closed" : "")
            + (group.IsShrinking ? ", shrinking" : "")
            + $": {string.Join(", ", positions)}";
    }

    private static string LineOf(VenueHealth health, decimal loss)
    {
        var capabilities = Enum.GetValues<Capability>()
            .Where(capability => health.StateOf(capability) != HealthState.Healthy)
            .Select(capability => $"{capability} {health.StateOf(capability)} ({health.ReasonOf(capability)})")
            .ToArray();
        return $"{health.Venue}: {(capabilities.Length == 0 ? "Healthy" : string.Join(", ", capabilities))}"
            + (health.IsHalted ? ", halted" : "")
            + $", its failure would cost {Text(Math.Round(loss, 2))}";
    }

    private static string LineOf(AccountSnapshot account)
    {
        var balances = account.Balances
            .Where(balance => balance.Free != 0m || balance.Locked != 0m || balance.InTransit != 0m)
            .Select(balance => $"{Text(balance.Free + balance.Locked)} {balance.Currency}" + (balance.InTransit == 0m ? "" : $" and {Text(balance.InTransit)} on its way"));
        var liquidations = account.Positions
            .Where(position => position.Quantity != 0m && position.LiquidationPrice is not null)
            .Select(position => $"{position.Instrument} would be liquidated at {Text(Math.Round(position.LiquidationPrice!.Value, 2))}, is at {Text(position.Mark)}");
        return $"{account.Name}: equity {Text(Math.Round(account.Equity, 2))}, initial margin {Text(Math.Round(account.InitialMargin, 2))}, maintenance margin {Text(Math.Round(account.MaintenanceMargin, 2))}: {string.Join(", ", balances.Concat(liquidations))}";
    }

    private static string Text(decimal value) => value.ToString("0.############", CultureInfo.InvariantCulture);
}
