#nullable enable
using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Framework;

/// <summary>
/// What <see cref="StatusReport"/> tells a person, for programs: a JSON file that is replaced as a whole, so that whoever
/// reads it never finds half of one.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class StateFile(string path)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private DateTime _nextUtc = DateTime.MinValue;
    private string? _told;

    /// <summary>Writes it if it is time.</summary>
    /// <param name="desk">Groups and venues.</param>
    /// <param name="accounts">The accounts.</param>
    /// <param name="lossOf">What the failure of a venue would cost now, in the account currency.</param>
    /// <param name="utcNow">UTC.</param>
    /// <returns>Why it could not be written, once; null: it was, it is not time, or it was said.</returns>
    public string? Write(HedgeDesk desk, IVenueAccounts accounts, Func<string, decimal> lossOf, DateTime utcNow)
    {
        if (utcNow < _nextUtc)
        {
            return null;
        }

        _nextUtc = utcNow + Period;
        try
        {
            var next = path + ".next";
            using (var stream = File.Create(next))
            using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            {
                Write(json, desk, accounts, lossOf, utcNow);
            }

            File.Move(next, path, overwrite: true);
            _told = null;
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var wrong = $"state-file '{path}' cannot be written: {error.Message} Give a file in a folder that is there and can be written to.";
            var isNew = wrong != _told;
            _told = wrong;
            return isNew ? wrong : null;
        }
    }

    private static void Write(Utf8JsonWriter json, HedgeDesk desk, IVenueAccounts accounts, Func<string, decimal> lossOf, DateTime utcNow)
    {
        json.WriteStartObject();
        json.WriteString("timeUtc", utcNow);
        json.WriteStartArray("groups");
        foreach (var group in desk.Groups)
        {
            json.WriteStartObject();
            json.WriteString("name", group.Group.Name);
            json.WriteString("pair", group.State.Pair.ToString());
            json.WriteNumber("residual", group.Residual(utcNow).Units);
            json.WriteString("reason", (group.Decision?.Reason ?? UnhedgedReason.None).ToString());
            json.WriteString("halts", group.Halts.ToString());
            json.WriteBoolean("isFlattening", group.IsFlattening);
            json.WriteBoolean("isShrinking", group.IsShrinking);
            json.WriteStartObject("held");
            foreach (var leg in group.Legs.Prepend(group.Primary))
            {
                json.WriteNumber(leg.Instrument.Id.ToString(), leg.Book.Held);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("venues");
        foreach (var health in desk.Health)
        {
            json.WriteStartObject();
            json.WriteString("market", health.Venue);
            foreach (var capability in Enum.GetValues<Capability>())
            {
                json.WriteString(JsonNamingPolicy.CamelCase.ConvertName(capability.ToString()), health.StateOf(capability).ToString());
            }

            json.WriteBoolean("isHalted", health.IsHalted);
            json.WriteNumber("lossGivenDefault", lossOf(health.Venue));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("accounts");
        foreach (var account in accounts.Snapshot())
        {
            Write(json, account);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, AccountSnapshot account)
    {
        json.WriteStartObject();
        json.WriteString("name", account.Name);
        json.WriteNumber("equity", account.Equity);
        json.WriteNumber("initialMargin", account.InitialMargin);
        json.WriteNumber("maintenanceMargin", account.MaintenanceMargin);
        json.WriteStartArray("balances");
        foreach (var balance in account.Balances)
        {
            json.WriteStartObject();
            json.WriteString("currency", balance.Currency);
            json.WriteNumber("free", balance.Free);
            json.WriteNumber("locked", balance.Locked);
            json.WriteNumber("inTransit", balance.InTransit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("positions");
        foreach (var position in account.Positions)
        {
            json.WriteStartObject();
            json.WriteString("instrument", position.Instrument.ToString());
            json.WriteNumber("quantity", position.Quantity);
            json.WriteNumber("averageCost", position.AverageCost);
            json.WriteNumber("mark", position.Mark);
            if (position.LiquidationPrice is { } price)
            {
                json.WriteNumber("liquidationPrice", price);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
