using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;
using QuantConnect.Orders;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>Updates of limit orders where the venue model has them, refusals where it has not; cancels, twice and too late.</summary>
/// <param name="market">Market.</param>
/// <param name="brokerage">LEAN's venue model.</param>
/// <param name="account">Cash or margin.</param>
/// <param name="perpetual">Linear perpetual instead of spot.</param>
/// <param name="ticker">Instrument.</param>
/// <param name="currency">Account and quote currency.</param>
public sealed class UpdatesAndCancels(string market, BrokerageName brokerage, AccountType account, bool perpetual, string ticker, string currency)
    : ConformanceAlgorithm
{
    private readonly List<OrderTicket> _tickets = [];

    private Symbol _symbol = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        Case("update-cancel-bybit-linear", Market.Bybit, BrokerageName.Bybit, AccountType.Margin, true, "BTCUSDT", "USDT"),
        Case("update-cancel-bybit-spot", Market.Bybit, BrokerageName.Bybit, AccountType.Cash, false, "BTCUSDT", "USDT"),
        Case("update-cancel-binance-spot", Market.Binance, BrokerageName.Binance, AccountType.Cash, false, "BTCUSDT", "USDT"),
        Case("update-cancel-binance-futures", Market.Binance, BrokerageName.BinanceFutures, AccountType.Margin, true, "BTCUSDT", "USDT"),
        Case("update-cancel-kraken-spot", Market.Kraken, BrokerageName.Kraken, AccountType.Cash, false, "BTCUSD", "USD"),
        Case("update-cancel-coinbase-spot", Market.Coinbase, BrokerageName.Coinbase, AccountType.Cash, false, "BTCUSD", "USD"),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(1));
        SetAccountCurrency(currency);
        SetCash(100_000m);
        SetBrokerageModel(brokerage, account);
        _symbol = perpetual
            ? AddCryptoFuture(ticker, Resolution.Minute, market).Symbol
            : AddCrypto(ticker, Resolution.Minute, market).Symbol;
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        var price = Securities[_symbol].Price;
        switch (Step)
        {
            case 2:
                for (var i = 1; i <= 8; i++)
                {
                    _tickets.Add(LimitOrder(_symbol, 0.02m * i, price - (1_000m * i), tag: "rest"));
                }

                _tickets.Add(LimitOrder(_symbol, 0.02m, price - 20_000m, asynchronous: true));
                _tickets.ForEach(Note);
                break;
            case 4:
                Note("limit price", _tickets[0].UpdateLimitPrice(price - 500m));
                Note("limit price to the market", _tickets[1].UpdateLimitPrice(price + 50m, "now"));
                Note("quantity", _tickets[2].UpdateQuantity(0.011m));
                Note("quantity to nothing", _tickets[3].UpdateQuantity(0m));
                Note("quantity to dust", _tickets[3].UpdateQuantity(0.0000001m));
                Note("quantity too large", _tickets[4].UpdateQuantity(1_000m));
                Note("quantity of the other sign", _tickets[5].UpdateQuantity(-0.02m));
                Note("tag", _tickets[6].UpdateTag("another tag"));
                Note("both", _tickets[7].Update(new UpdateOrderFields { LimitPrice = price - 3_000m, Quantity = 0.05m, Tag = "both" }));
                _tickets.ForEach(Note);
                break;
            case 6:
                Note("cancel", _tickets[0].Cancel("not wanted"));
                Note("cancel again", _tickets[0].Cancel());
                Note("update after cancel", _tickets[0].UpdateLimitPrice(price));
                Note("cancel of a filled one", _tickets[1].Cancel());
                Note("update of a filled one", _tickets[1].UpdateLimitPrice(price));
                break;
            case 8:
                var market1 = MarketOrder(_symbol, 0.01m);
                Note(market1);
                Note("cancel of a market order", market1.Cancel());
                Note("update of a market order", market1.UpdateQuantity(0.02m));
                var limit = LimitOrder(_symbol, 0.013m, price - 10m);
                Note("update in the step of submission", limit.UpdateLimitPrice(price - 12m));
                Note("cancel in the step of submission", limit.Cancel());
                Note(limit);
                break;
            case 20:
                Note("unknown order", Transactions.CancelOrder(4_711).GetMostRecentOrderResponse());
                foreach (var ticket in Transactions.CancelOpenOrders(_symbol, "all"))
                {
                    Note(ticket);
                }

                Note(Transactions.CancelOpenOrders().Count + " more");
                break;
            case 30:
                _tickets.Clear();
                _tickets.Add(LimitOrder(_symbol, 0.1m, price - 40m));
                break;
            case > 30 and < 400 when Step % 10 == 0 && _tickets[^1].Status.IsOpen():
                // A chase: closer at each step.
                Note("chase", _tickets[^1].UpdateLimitPrice(price - (40m - (Step / 10m))));
                break;
        }
    }

    private static ConformanceCase Case(
        string name, string market, BrokerageName brokerage, AccountType account, bool perpetual, string ticker, string currency) =>
        ConformanceCase.Of(
            name, "updates and cancels of limit orders", "UpdatesAndCancels.cs",
            data => data.WithDatabases().Minutes(
                perpetual ? Feed.Perpetual(market, ticker) : Feed.Spot(market, ticker), Day(1), 1, new PriceWalk(71, 61_000m, 0.1m, 30), spread: 2m),
            () => new UpdatesAndCancels(market, brokerage, account, perpetual, ticker, currency));
}
