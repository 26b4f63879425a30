using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrossHedgeLean.Reports.Page.Charts;

namespace CrossHedgeLean.Reports.Page.Sections;

/// <summary>What moved: money between accounts, and fills.</summary>
internal static class MovesSection
{
    private const int MostListed = 200;

    public static void Write(Html html, ReportModel model)
    {
        WriteTransfers(html, model);
        WriteFills(html, model);
    }

    private static void WriteTransfers(Html html, ReportModel model)
    {
        html.Add("<section id=transfers><h2>Transfers in transit</h2>");
        var transfers = model.Json.GetProperty("transfers").EnumerateArray().ToList();
        var lanes = new LaneChart("Transfers", "From when each was sent until it arrived, came back or was lost.", model.Time);
        var style = 0;
        foreach (var way in transfers.GroupBy(transfer => $"{transfer.GetProperty("from").GetString()} to {transfer.GetProperty("to").GetString()}, {transfer.GetProperty("currency").GetString()}"))
        {
            lanes.Lanes.Add(new ChartLane(way.Key, style++ % 8, [.. way.Select(transfer => (At(transfer, "sent")!.Value, At(transfer, "ended") ?? model.EndUtc))]));
        }

        lanes.Write(html, "none was sent.", model.Events);
        foreach (var currency in transfers.GroupBy(transfer => transfer.GetProperty("currency").GetString()!))
        {
            var changes = currency.SelectMany(transfer => new[] { (At(transfer, "sent")!.Value, transfer.GetProperty("amount").GetDecimal()), (At(transfer, "ended") ?? DateTime.MaxValue, -transfer.GetProperty("amount").GetDecimal()) })
                .Where(change => change.Item1 != DateTime.MaxValue)
                .OrderBy(change => change.Item1);
            var points = new List<ChartPoint> { new(0d, 0d) };
            var sum = 0m;
            foreach (var (timeUtc, amount) in changes)
            {
                sum += amount;
                points.Add(model.Point(timeUtc, sum));
            }

            points.Add(model.Point(model.EndUtc, sum));
            var chart = new TimeChart($"{currency.Key} in transit", "What had been sent and not yet arrived.", model.Time) { Unit = currency.Key, Height = 120, HasZero = true };
            chart.Lines.Add(new ChartLine("in transit", points, 0) { IsStepped = true });
            chart.Write(html, model.Events);
        }

        if (transfers.Count > 0)
        {
            html.Add("<details><summary>Every transfer</summary>").Table("Transfers", ["id", "from", "to", "currency", "amount", "fee", "sent, UTC", "ended, UTC", "outcome", "returned"], transfers.Select(transfer => (string[])[
                Html.Escape(transfer.GetProperty("id").GetString()!),
                Html.Escape(transfer.GetProperty("from").GetString()!),
                Html.Escape(transfer.GetProperty("to").GetString()!),
                Html.Escape(transfer.GetProperty("currency").GetString()!),
                Html.Number(transfer.GetProperty("amount")),
                Html.Number(transfer.GetProperty("fee")),
                Html.Time(transfer.GetProperty("sent")),
                Html.Time(transfer.GetProperty("ended")),
                transfer.GetProperty("arrived").GetBoolean() ? "arrived" : transfer.GetProperty("ended").ValueKind == JsonValueKind.Null ? "travels" : "failed",
                Html.Number(transfer.GetProperty("returned"))])).Add("</details>");
        }

        html.Add("</section>\n");
    }

    private static void WriteFills(Html html, ReportModel model)
    {
        html.Add("<section id=fills><h2>Fills</h2><p class=lead>Quantity times price of each fill: up bought, down sold. Of each moment the largest are drawn.</p>");
        foreach (var instrument in model.Run.Fills.GroupBy(fill => fill.Instrument))
        {
            var chart = new TimeChart($"Fills: {instrument.Key}", "Up bought, down sold, in the settlement currency.", model.Time) { Height = 100 };
            chart.Stems.Add(new ChartStems("fill", [.. instrument.Select(fill => model.Point(fill.TimeUtc, fill.Quantity * fill.Price))], 0));
            chart.Write(html, model.Events);
        }

        html.Add("<details><summary>The figures</summary>").Table("Fills by route", ["route", "fills", "fees, " + model.Currency], model.Json.GetProperty("venues").EnumerateArray().Select(venue => (string[])[
            Html.Escape(venue.GetProperty("venue").GetString()!), Html.Number(venue.GetProperty("fills")), Html.Number(venue.GetProperty("fees"))])
            .Append(["all", $"<span id=v-fills>{Html.Number(model.Json.GetProperty("fills"))}</span>", Html.Number(model.Json.GetProperty("fees"))]));
        html.Table("Fills by instrument", ["instrument", "fills", "bought", "sold", "fees"], model.Run.Fills.GroupBy(fill => fill.Instrument).Select(fills => (string[])[
            Html.Escape(fills.Key),
            Html.Count(fills.Count()),
            Html.Number(fills.Where(fill => fill.Quantity > 0m).Sum(fill => fill.Quantity)),
            Html.Number(fills.Where(fill => fill.Quantity < 0m).Sum(fill => -fill.Quantity)),
            string.Join("; ", fills.GroupBy(fill => fill.FeeCurrency).Select(fees => $"{Html.Number(fees.Sum(fill => fill.Fee))} {Html.Escape(fees.Key)}"))]));
        html.Table("Positions at the end", ["instrument", "quantity", "average price", "mark", "unrealized profit"], model.Json.GetProperty("venues").EnumerateArray().SelectMany(venue => venue.GetProperty("positions").EnumerateArray().Select(position => (string[])[
            Html.Escape($"{venue.GetProperty("venue").GetString()}:{position.GetProperty("instrument").GetString()}"),
            Html.Number(position.GetProperty("quantity")),
            Html.Number(position.GetProperty("averagePrice")),
            Html.Number(position.GetProperty("markPrice")),
            Html.Number(position.GetProperty("unrealizedProfit"))])));
        var listed = model.Run.Fills.OrderByDescending(fill => Math.Abs(fill.Quantity * fill.Price)).Take(MostListed).OrderBy(fill => fill.TimeUtc).ToList();
        html.Add($"</details><details><summary>{(listed.Count < model.Run.Fills.Count ? "The largest fills" : "Every fill")}</summary>");
        if (listed.Count < model.Run.Fills.Count)
        {
            html.Add($"<p class=note>The {Html.Count(listed.Count)} largest of {Html.Count(model.Run.Fills.Count)}, by time; all of them stand in order-events.csv.</p>");
        }

        html.Table("Fills", ["when, UTC", "order", "instrument", "quantity", "price", "fee", "fee in"], listed.Select(fill => (string[])[
            Html.Time(fill.TimeUtc), Html.Count(fill.Order), Html.Escape(fill.Instrument), Html.Number(fill.Quantity), Html.Number(fill.Price), Html.Number(fill.Fee), Html.Escape(fill.FeeCurrency)])).Add("</details></section>\n");
    }

    private static DateTime? At(JsonElement transfer, string name)
        => transfer.GetProperty(name) is { ValueKind: not JsonValueKind.Null } time ? time.GetDateTime().ToUniversalTime() : null;
}
