using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Data;
using QuantConnect.Data.Market;
using QuantConnect.Orders;

namespace CrossHedgeLean.Conformance;

/// <summary>The state of an algorithm as text: decimals without trailing zeros, invariant culture, a fixed order.</summary>
public static class StateLines
{
    /// <summary>A decimal to its last digit, without trailing zeros.</summary>
    public static string Text(decimal value)
    {
        if (value == 0)
        {
            return "0";
        }

        var text = value.ToString(CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    /// <summary>A decimal or "-".</summary>
    public static string Text(decimal? value) => value == null ? "-" : Text(value.Value);

    /// <summary>A UTC time to the second; with the fraction where there is one.</summary>
    public static string Text(DateTime timeUtc) => timeUtc.ToString(
        timeUtc.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-ddTHH:mm:ss" : "yyyy-MM-ddTHH:mm:ss.fffffff",
        CultureInfo.InvariantCulture);

    /// <summary>A number in invariant culture.</summary>
    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>"BTCUSDT.binance" for spot, "BTCUSDT.binance.perp" for perpetuals.</summary>
    public static string Text(Symbol symbol) =>
        symbol.Value + "." + symbol.ID.Market + (symbol.SecurityType == SecurityType.CryptoFuture ? ".perp" : string.Empty);

    /// <summary>
    /// What a slice holds, in the slice's own order of tickets. Where two venues have one ticket, LEAN's order comes from a hash
    /// that differs from process to process: those are put in the order of their markets.
    /// </summary>
    public static string Data(Slice slice)
    {
        var text = new StringBuilder();
        foreach (var pair in SameTickersByMarket(slice.Bars))
        {
            var bar = pair.Value;
            text.Append(' ').Append(Text(pair.Key)).Append(":T").Append(bar.IsFillForward ? "~" : string.Empty)
                .Append('=').Append(Text(bar.Open)).Append('/').Append(Text(bar.High)).Append('/')
                .Append(Text(bar.Low)).Append('/').Append(Text(bar.Close)).Append('/').Append(Text(bar.Volume));
        }

        foreach (var pair in SameTickersByMarket(slice.QuoteBars))
        {
            var bar = pair.Value;
            text.Append(' ').Append(Text(pair.Key)).Append(":Q").Append(bar.IsFillForward ? "~" : string.Empty)
                .Append('=').Append(Text(bar.Bid?.Close)).Append('/').Append(Text(bar.Ask?.Close)).Append('/').Append(Text(bar.Close));
        }

        foreach (var pair in SameTickersByMarket(slice.MarginInterestRates))
        {
            text.Append(' ').Append(Text(pair.Key)).Append(":F=").Append(Text(pair.Value.InterestRate))
                .Append('@').Append(Text(pair.Value.Time));
        }

        return text.ToString();
    }

    /// <summary>Portfolio, cash and every security.</summary>
    public static string State(QCAlgorithm algorithm)
    {
        var portfolio = algorithm.Portfolio;
        var text = new StringBuilder();
        text.Append("tpv=").Append(Text(portfolio.TotalPortfolioValue))
            .Append(" fees=").Append(Text(portfolio.TotalFees))
            .Append(" profit=").Append(Text(portfolio.TotalProfit))
            .Append(" unrealized=").Append(Text(portfolio.TotalUnrealizedProfit))
            .Append(" margin=").Append(Text(portfolio.TotalMarginUsed))
            .Append(" free=").Append(Text(portfolio.MarginRemaining))
            .Append(" | cash");
        foreach (var cash in portfolio.CashBook.Values.OrderBy(x => x.Symbol, StringComparer.Ordinal))
        {
            text.Append(' ').Append(cash.Symbol).Append('=').Append(Text(cash.Amount)).Append('@').Append(Text(cash.ConversionRate));
        }

        text.Append(" |");
        foreach (var security in algorithm.Securities.Values.OrderBy(x => Text(x.Symbol), StringComparer.Ordinal))
        {
            var holdings = security.Holdings;
            text.Append(' ').Append(Text(security.Symbol))
                .Append(" px=").Append(Text(security.Price)).Append('/').Append(Text(security.BidPrice)).Append('/').Append(Text(security.AskPrice));
            if (holdings.Quantity != 0 || holdings.TotalFees != 0 || holdings.Profit != 0)
            {
                text.Append(" qty=").Append(Text(holdings.Quantity)).Append(" avg=").Append(Text(holdings.AveragePrice))
                    .Append(" fees=").Append(Text(holdings.TotalFees)).Append(" profit=").Append(Text(holdings.Profit))
                    .Append(" net=").Append(Text(holdings.NetProfit)).Append(" unrealized=").Append(Text(holdings.UnrealizedProfit))
                    .Append(" value=").Append(Text(holdings.HoldingsValue)).Append(" volume=").Append(Text(holdings.TotalSaleVolume));
            }
        }

        return text.ToString();
    }

    /// <summary>An order event without its message, whose wording is nobody's contract; what is zero is left out.</summary>
    public static string Event(OrderEvent orderEvent, DateTime nowUtc)
    {
        var fee = orderEvent.OrderFee.Value;
        var text = new StringBuilder()
            .Append("event order=").Append(Text(orderEvent.OrderId)).Append('#').Append(Text(orderEvent.Id))
            .Append(' ').Append(Text(orderEvent.Symbol)).Append(' ').Append(orderEvent.Status).Append(' ').Append(orderEvent.Direction)
            .Append(" qty=").Append(Text(orderEvent.Quantity)).Append(' ').Append(orderEvent.FillPriceCurrency);
        if (orderEvent.FillQuantity != 0 || orderEvent.FillPrice != 0)
        {
            text.Append(" fill=").Append(Text(orderEvent.FillQuantity)).Append('@').Append(Text(orderEvent.FillPrice));
        }

        if (fee.Amount != 0)
        {
            text.Append(" fee=").Append(Text(fee.Amount)).Append(' ').Append(fee.Currency);
        }

        if (orderEvent.LimitPrice != null)
        {
            text.Append(" limit=").Append(Text(orderEvent.LimitPrice));
        }

        if (orderEvent.UtcTime != nowUtc)
        {
            text.Append(" at=").Append(Text(orderEvent.UtcTime));
        }

        return text.ToString();
    }

    /// <summary>A ticket as it stands.</summary>
    public static string Ticket(OrderTicket ticket)
    {
        var text = new StringBuilder()
            .Append("ticket order=").Append(Text(ticket.OrderId)).Append(' ').Append(Text(ticket.Symbol))
            .Append(' ').Append(ticket.OrderType).Append(' ').Append(ticket.Status)
            .Append(" qty=").Append(Text(ticket.Quantity)).Append(" filled=").Append(Text(ticket.QuantityFilled))
            .Append('@').Append(Text(ticket.AverageFillPrice)).Append(" at=").Append(Text(ticket.Time))
            .Append(" submit=").Append(Response(ticket.SubmitRequest.Response));
        if (ticket.OrderType == OrderType.Limit && ticket.HasOrder)
        {
            text.Append(" limit=").Append(Text(ticket.Get(OrderField.LimitPrice)));
        }

        foreach (var update in ticket.UpdateRequests)
        {
            text.Append(" update=").Append(Response(update.Response));
        }

        if (ticket.CancelRequest != null)
        {
            text.Append(" cancel=").Append(Response(ticket.CancelRequest.Response));
        }

        return text.ToString();
    }

    /// <summary>The outcome of a request: its code, "ok" when there is no error.</summary>
    public static string Response(OrderResponse response) =>
        response.IsSuccess ? "ok" : response.IsProcessed ? response.ErrorCode.ToString() : "unprocessed";

    /// <summary>Tickets and state at the end of a run, one line each.</summary>
    public static void Finish(QCAlgorithm algorithm, Transcript transcript)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        ArgumentNullException.ThrowIfNull(transcript);
        foreach (var ticket in algorithm.Transactions.GetOrderTickets().OrderBy(x => x.OrderId))
        {
            transcript.Add("end " + Ticket(ticket));
        }

        transcript.Add("end orders=" + Text(algorithm.Transactions.OrdersCount) + " time=" + Text(algorithm.UtcTime));
        transcript.Add("end " + State(algorithm));
    }

    private static List<KeyValuePair<Symbol, T>> SameTickersByMarket<T>(DataDictionary<T> data)
    {
        var items = new List<KeyValuePair<Symbol, T>>();
        foreach (var item in data)
        {
            // Not ToList: that would give LEAN's inner order.
            items.Add(item);
        }

        for (var i = 1; i < items.Count; i++)
        {
            for (var j = i; j > 0 && items[j].Key.Value == items[j - 1].Key.Value && string.CompareOrdinal(Text(items[j].Key), Text(items[j - 1].Key)) < 0; j--)
            {
                (items[j], items[j - 1]) = (items[j - 1], items[j]);
            }
        }

        return items;
    }
}
