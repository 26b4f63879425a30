using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace CrossHedgeLean.Drills;

/// <summary>One thing that a drill states: whether it held, and the figures.</summary>
/// <param name="Text">What was stated.</param>
/// <param name="Holds">Whether it held.</param>
/// <param name="Figures">What was seen.</param>
internal sealed record DrillFinding(string Text, bool Holds, string Figures)
{
    /// <summary>Looks at what a drill states.</summary>
    /// <param name="check">The check, as its file writes it.</param>
    /// <param name="result">What the run left.</param>
    /// <param name="startUtc">The start of the run, UTC.</param>
    public static DrillFinding Of(JsonElement check, DrillResult result, DateTime startUtc)
    {
        var name = check.GetProperty("check").GetString()!;
        return name switch
        {
            "size" => Size(check.GetProperty("account").GetString()!, check.GetProperty("least").GetDecimal(), result),
            "no-liquidation" => new("nothing is liquidated", result.Liquidations == 0, Count(result.Liquidations, "liquidation")),
            "explained" => Explained(result),
            "in-band" => InBand(startUtc + Drill.Time(check.GetProperty("after").GetString()!), check.GetProperty("for").GetString()!, result),
            "loss-as-shown" => LossAsShown(check.GetProperty("within").GetDecimal(), result),
            "drawdown" => Drawdown(check.GetProperty("most").GetDecimal(), result),
            "one-transfer" => OneTransfer(check.GetProperty("to").GetString()!, startUtc + Drill.Time(check.GetProperty("after").GetString()!), result),
            "transfers" => Transfers(check.GetProperty("to").GetString()!, check.GetProperty("arrived").GetInt32(), result),
            "flat" => Flat(check.GetProperty("instrument").GetString()!, result),
            "funding" => Funding(check.GetProperty("venue").GetString()!, result),
            _ => throw new InvalidOperationException($"The check '{name}' is unknown."),
        };
    }

    private static DrillFinding Size(string account, decimal least, DrillResult result)
    {
        var found = AccountOf(account, result);
        var share = found.GetProperty("maxMarginUsed").GetDecimal() / found.GetProperty("equity").GetProperty("start").GetDecimal();
        return new(Say($"{account} starts with {least:P0} or more of its money as margin at the default leverage"), share >= least, Say($"{share:P1}"));
    }

    /// <summary>Whatever is uncovered is answered by actions or carries a reason.</summary>
    private static DrillFinding Explained(DrillResult result)
    {
        var silent = result.Decisions().Where(decision => decision.Uncovered != 0m && decision.Reason == "None" && decision.Actions.Length == 0).ToArray();
        return new("no residual without a reason", silent.Length == 0, silent.Length == 0 ? "none" : Say($"{silent.Length} decisions, the first at {silent[0].Utc:HH:mm}"));
    }

    /// <summary>The second decision after a time is two bars later.</summary>
    private static DrillFinding InBand(DateTime after, string length, DrillResult result)
    {
        var from = after.AddMinutes(2);
        var until = from + Drill.Time(length);
        var outside = result.Residuals().Where(row => row.Utc >= from && row.Utc < until).ToArray();
        return new(
            Say($"in band from the second decision after {after:yyyy-MM-dd HH:mm}, for {length}"),
            outside.Length == 0,
            outside.Length == 0 ? "in band" : Say($"{outside[0].Group} outside at {outside[0].Utc:HH:mm}, {outside.Length} steps"));
    }

    private static DrillFinding LossAsShown(decimal within, DrillResult result)
    {
        var failure = result.Json.GetProperty("scenario").EnumerateArray().First(what => what.TryGetProperty("lossShown", out _));
        var utc = DateTime.Parse(failure.GetProperty("time").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        var shown = failure.GetProperty("lossShown").GetDecimal();
        var lost = result.EquityAt(utc.AddMinutes(-1)) - result.EquityAt(utc.AddMinutes(2));
        return new(Say($"what is lost is within {within:P0} of what was shown one step before"), Math.Abs(lost - shown) <= within * shown, Say($"{shown:N2} shown, {lost:N2} lost"));
    }

    private static DrillFinding Drawdown(decimal most, DrillResult result)
        => new(Say($"no drawdown above {most:P1}"), result.Drawdown <= most, Say($"{result.Drawdown:P2}"));

    private static DrillFinding OneTransfer(string account, DateTime after, DrillResult result)
    {
        var transfers = TransfersTo(account, result);
        var during = transfers.Where(transfer => TimeOf(transfer, "sent") < after).ToArray();
        var arrived = during.Length == 1 && during[0].GetProperty("arrived").GetBoolean() && TimeOf(during[0], "ended") >= after;
        return new(
            Say($"one transfer to {account} is sent before {after:HH:mm}, and arrives when it can"),
            arrived,
            Say($"{during.Length} sent{(during.Length > 0 && during[0].GetProperty("ended").ValueKind == JsonValueKind.String ? Say($", the first ended {TimeOf(during[0], "ended"):HH:mm}") : "")}"));
    }

    private static DrillFinding Transfers(string account, int arrived, DrillResult result)
    {
        var found = TransfersTo(account, result).Count(transfer => transfer.GetProperty("arrived").GetBoolean());
        return new(Say($"{arrived} transfers arrive at {account}"), found == arrived, Say($"{found}"));
    }

    private static DrillFinding Flat(string instrument, DrillResult result)
    {
        var at = instrument.LastIndexOf(':');
        var position = result.Json.GetProperty("venues").EnumerateArray()
            .First(venue => venue.GetProperty("venue").GetString() == instrument[..at])
            .GetProperty("positions").EnumerateArray()
            .First(position => position.GetProperty("instrument").GetString() == instrument[(at + 1)..])
            .GetProperty("quantity").GetDecimal();
        return new($"nothing is held of {instrument} at the end", position == 0m, Say($"{position}"));
    }

    private static DrillFinding Funding(string venue, DrillResult result)
    {
        var funding = result.Json.GetProperty("venues").EnumerateArray().First(entry => entry.GetProperty("venue").GetString() == venue).GetProperty("funding");
        var paid = funding.ValueKind == JsonValueKind.Number ? funding.GetDecimal() : 0m;
        return new($"the hedge at {venue} pays funding, and all of it is known", paid < 0m, funding.ValueKind == JsonValueKind.Number ? Say($"{paid:N2}") : "unknown");
    }

    private static JsonElement AccountOf(string name, DrillResult result)
        => result.Json.GetProperty("accounts").EnumerateArray().First(account => account.GetProperty("account").GetString() == name);

    private static JsonElement[] TransfersTo(string account, DrillResult result)
        => result.Json.GetProperty("transfers").EnumerateArray().Where(transfer => transfer.GetProperty("to").GetString() == account).ToArray();

    private static DateTime TimeOf(JsonElement element, string field)
        => DateTime.Parse(element.GetProperty(field).GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);

    private static string Count(int number, string what) => number == 0 ? "none" : Say($"{number} {what}{(number == 1 ? "" : "s")}");

    private static string Say(FormattableString text) => FormattableString.Invariant(text);
}
