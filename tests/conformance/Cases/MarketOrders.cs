using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>Market orders at Binance spot: on trades alone (the bar's close) and with quotes (bid and ask).</summary>
public sealed class MarketOrders(bool quotes) : ConformanceAlgorithm
{
    private static readonly Feed s_feed = Feed.Spot(Market.Binance, "BTCUSDT");

    private Symbol _symbol = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of(
            "market-orders-on-trade-bars", "market orders where only trades are known", "MarketOrders.cs",
            data => data.WithDatabases().Minutes(s_feed, Day(1), 1, new PriceWalk(1, 61_000m, 0.01m, 600)),
            () => new MarketOrders(quotes: false)),
        ConformanceCase.Of(
            "market-orders-on-quote-bars", "market orders where bid and ask are known", "MarketOrders.cs",
            data => data.WithDatabases().Minutes(
                s_feed, Day(1), 1, new PriceWalk(2, 61_000m, 0.01m, 600), spread: 1.5m,
                hasTrade: i => i % 7 != 3, hasQuote: i => i % 5 != 2),
            () => new MarketOrders(quotes: true)),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(1));
        SetAccountCurrency("USDT");
        SetCash(200_000m);
        SetBrokerageModel(BrokerageName.Binance, AccountType.Cash);
        _symbol = AddCrypto("BTCUSDT", Resolution.Minute, Market.Binance).Symbol;
        Note("quotes " + quotes);
        // Before the first data there is no price: refused.
        Note(MarketOrder(_symbol, 0.1m));
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        var held = Portfolio.CashBook["BTC"].Amount;
        switch (Step)
        {
            case 1:
                Note(MarketOrder(_symbol, 0.5m));
                break;
            case 2:
                Note(MarketOrder(_symbol, -0.2m, asynchronous: true));
                break;
            case 3:
                Note(MarketOrder(_symbol, 0.123456789m, tag: "rounded to the lot"));
                break;
            case 4:
                Note(MarketOrder(_symbol, 1));
                Note(MarketOrder(_symbol, 0.25));
                break;
            case 5:
                Note(Sell(_symbol, 0.75m));
                Note(Buy(_symbol, 0.75m));
                break;
            case 60:
                Note(MarketOrder(_symbol, -held));
                break;
            case 61:
                Note(MarketOrder(_symbol, 0m));
                break;
            default:
                if (Step % 97 == 0)
                {
                    Note(MarketOrder(_symbol, (Step % 3) switch { 0 => 0.37m, 1 => -0.11m, _ => 0.00321m }, asynchronous: Step % 2 == 0));
                }

                break;
        }
    }

    /// <inheritdoc />
    public override void OnEndOfAlgorithm()
    {
        // An order after the last data.
        Note(MarketOrder(_symbol, -0.01m));
        Note(MarketOrder(_symbol, -Portfolio.CashBook["BTC"].Amount));
        Note("orders " + Text(Transactions.GetOrderTickets().Count()));
        base.OnEndOfAlgorithm();
    }

    private static string Text(int value) => StateLines.Text(value);
}
