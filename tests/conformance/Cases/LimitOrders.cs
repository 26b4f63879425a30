using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;
using QuantConnect.Orders;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>Limit orders at Bybit spot: resting, marketable, at the touch; on trades alone and with quotes.</summary>
public sealed class LimitOrders : ConformanceAlgorithm
{
    private static readonly Feed s_feed = Feed.Spot(Market.Bybit, "BTCUSDT");

    private readonly List<OrderTicket> _tickets = [];

    private Symbol _symbol = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of(
            "limit-orders-on-trade-bars", "limit orders where only trades are known", "LimitOrders.cs",
            data => data.WithDatabases().Minutes(
                s_feed, Day(1), 1, new PriceWalk(3, 61_000m, 0.1m, 90), hasTrade: i => i % 11 is not (4 or 5 or 6)),
            () => new LimitOrders()),
        ConformanceCase.Of(
            "limit-orders-on-quote-bars", "limit orders where bid and ask are known", "LimitOrders.cs",
            data => data.WithDatabases().Minutes(
                s_feed, Day(1), 1, new PriceWalk(4, 61_000m, 0.1m, 90), spread: 4m,
                hasTrade: i => i % 13 is not (4 or 5), hasQuote: i => i % 9 is not (2 or 3)),
            () => new LimitOrders()),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(1));
        SetAccountCurrency("USDT");
        SetCash(500_000m);
        SetCash("BTC", 2m);
        SetBrokerageModel(BrokerageName.Bybit, AccountType.Cash);
        _symbol = AddCrypto("BTCUSDT", Resolution.Minute, Market.Bybit).Symbol;
        // Refused or accepted before the first data: LEAN decides.
        Note(LimitOrder(_symbol, 0.1m, 100m));
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        var price = Securities[_symbol].Price;
        if (Step == 1)
        {
            // Through the market, at the market, exactly at bid and ask, far away.
            _tickets.Add(LimitOrder(_symbol, 0.1m, price + 300m));
            _tickets.Add(LimitOrder(_symbol, 0.1m, price));
            _tickets.Add(LimitOrder(_symbol, -0.1m, price));
            _tickets.Add(LimitOrder(_symbol, 0.1m, Securities[_symbol].AskPrice));
            _tickets.Add(LimitOrder(_symbol, -0.1m, Securities[_symbol].BidPrice));
            _tickets.Add(LimitOrder(_symbol, -0.1m, price - 300m));
            _tickets.Add(LimitOrder(_symbol, 0.1m, price - 5_000m, tag: "far below"));
            _tickets.Add(LimitOrder(_symbol, -0.1m, price + 5_000m, asynchronous: true));
            _tickets.ForEach(Note);
            return;
        }

        switch (Step % 40)
        {
            case 5:
                // A limit with more digits than the price step.
                Submit(0.012345678m, price - 25.123456m);
                break;
            case 15:
                Submit(-0.02m, price + 33.3m);
                break;
            case 25:
                Submit(0.005m, price - 80m);
                Submit(-0.005m, price + 80m);
                break;
            case 35:
                Submit(0.003m, price + 7m);
                Submit(-0.003m, price - 7m);
                break;
            case 39:
                foreach (var ticket in Transactions.GetOpenOrderTickets(_symbol))
                {
                    if (ticket.Time.AddMinutes(60) < UtcTime)
                    {
                        Note("cancel", ticket.Cancel());
                    }
                }

                break;
        }
    }

    private void Submit(decimal quantity, decimal limit)
    {
        var ticket = LimitOrder(_symbol, quantity, limit);
        _tickets.Add(ticket);
        Note(ticket);
    }
}
