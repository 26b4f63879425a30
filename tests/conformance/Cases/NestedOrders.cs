using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;
using QuantConnect.Orders;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>
/// Orders sent while an order event is handled, as a hedge does: at each fill of the spot leg the perpetual, with several limit orders
/// open; orders that answer an invalid order; cancels and updates from within.
/// </summary>
public sealed class NestedOrders : ConformanceAlgorithm
{
    private static readonly Feed s_spot = Feed.Spot(Market.Bybit, "BTCUSDT");
    private static readonly Feed s_perpetual = Feed.Perpetual(Market.Bybit, "BTCUSDT");

    private readonly List<OrderTicket> _quotes = [];

    private Symbol _spot = null!;
    private Symbol _perpetual = null!;
    private decimal _hedged;
    private int _depth;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of(
            "nested-orders", "orders sent inside order events", "NestedOrders.cs",
            data => data.WithDatabases()
                .Minutes(s_spot, Day(1), 1, new PriceWalk(161, 61_000m, 0.1m, 150), spread: 3m, hasQuote: i => i % 6 != 2)
                .Minutes(s_perpetual, Day(1), 1, new PriceWalk(162, 61_000m, 0.1m, 150), spread: 0.1m, hasQuote: i => i % 8 != 3),
            () => new NestedOrders()),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(1));
        SetAccountCurrency("USDT");
        SetCash(300_000m);
        SetBrokerageModel(BrokerageName.Bybit, AccountType.Margin);
        _spot = AddCrypto("BTCUSDT", Resolution.Minute, Market.Bybit).Symbol;
        _perpetual = AddCryptoFuture("BTCUSDT", Resolution.Minute, Market.Bybit).Symbol;
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        var price = Securities[_spot].Price;
        if (Step % 90 == 4)
        {
            // A ladder of which one bar may fill several at once.
            for (var i = 1; i <= 4; i++)
            {
                _quotes.Add(LimitOrder(_spot, 0.02m * i, price - (12m * i)));
                _quotes.Add(LimitOrder(_spot, -0.015m * i, price + (12m * i)));
            }
        }

        if (Step % 90 == 80)
        {
            Transactions.CancelOpenOrders(_spot);
        }

        if (Step % 300 == 33)
        {
            // Two at once, the hedge of each nested in its own submission.
            Note(MarketOrder(_spot, 0.05m));
            Note(MarketOrder(_spot, -0.02m, asynchronous: true));
            // Too large: invalid, answered in the event.
            Note(MarketOrder(_spot, 2_000m));
        }
    }

    /// <inheritdoc />
    protected override void OnEvent(OrderEvent orderEvent)
    {
        _depth++;
        Note("depth " + StateLines.Text(_depth) + " spot " + StateLines.Text(Securities[_spot].Holdings.Quantity)
            + " perp " + StateLines.Text(Securities[_perpetual].Holdings.Quantity) + " open " + StateLines.Text(Transactions.GetOpenOrders().Count));
        if (orderEvent.Symbol == _spot && orderEvent.Status == OrderStatus.Filled)
        {
            _hedged += orderEvent.FillQuantity;
            var quantity = decimal.Round(_hedged, 3, System.MidpointRounding.ToZero);
            if (quantity != 0)
            {
                _hedged -= quantity;
                var ticket = MarketOrder(_perpetual, -quantity, asynchronous: true, tag: "hedge of " + StateLines.Text(orderEvent.OrderId));
                Note(ticket);
            }

            if (_quotes.Count > 2 && orderEvent.OrderId % 5 == 0)
            {
                Note("cancel inside", _quotes[^1].Cancel());
                Note("cancel inside", _quotes[^2].Cancel());
            }

            if (orderEvent.OrderId % 7 == 0)
            {
                Note(LimitOrder(_perpetual, 0.01m, Securities[_perpetual].Price - 5m));
            }
        }

        if (orderEvent.Symbol == _perpetual && orderEvent.Status == OrderStatus.Submitted && orderEvent.OrderId % 3 == 0)
        {
            foreach (var open in Transactions.GetOpenOrderTickets(x => x.Symbol == _perpetual && x.OrderType == OrderType.Limit))
            {
                Note("update inside", open.UpdateLimitPrice(Securities[_perpetual].Price - 4m));
            }
        }

        if (orderEvent.Status == OrderStatus.Invalid && _depth < 3)
        {
            Note(MarketOrder(_spot, 0.001m));
        }

        _depth--;
    }
}
