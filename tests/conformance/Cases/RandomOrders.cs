using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;
using QuantConnect.Orders;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>
/// Seeded orders of all sorts and sizes, good and bad, updates and cancels, on data with gaps: what nobody thought of.
/// </summary>
/// <param name="market">Market of the instruments.</param>
/// <param name="brokerage">LEAN's venue model.</param>
/// <param name="account">Cash or margin.</param>
/// <param name="perpetual">Linear perpetuals instead of spot.</param>
/// <param name="tickers">Instruments.</param>
/// <param name="currency">Account and quote currency.</param>
/// <param name="resolution">Resolution of the data.</param>
public sealed class RandomOrders(
    string market, BrokerageName brokerage, AccountType account, bool perpetual, string[] tickers, string currency, Resolution resolution = Resolution.Minute)
    : ConformanceAlgorithm
{
    private readonly SeededNumbers _numbers = new(tickers.Length + (int)brokerage);
    private readonly List<Symbol> _symbols = [];

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        Case("random-binance-spot", Market.Binance, BrokerageName.Binance, AccountType.Cash, false, "USDT"),
        Case("random-binance-spot-margin", Market.Binance, BrokerageName.Binance, AccountType.Margin, false, "USDT"),
        Case("random-binance-futures", Market.Binance, BrokerageName.BinanceFutures, AccountType.Margin, true, "USDT"),
        Case("random-bybit-spot", Market.Bybit, BrokerageName.Bybit, AccountType.Cash, false, "USDT"),
        Case("random-bybit-linear", Market.Bybit, BrokerageName.Bybit, AccountType.Margin, true, "USDT"),
        Case("random-kraken-spot", Market.Kraken, BrokerageName.Kraken, AccountType.Cash, false, "USD"),
        Case("random-kraken-spot-margin", Market.Kraken, BrokerageName.Kraken, AccountType.Margin, false, "USD"),
        Case("random-coinbase-spot", Market.Coinbase, BrokerageName.Coinbase, AccountType.Cash, false, "USD"),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(1));
        SetAccountCurrency(currency);
        SetCash(60_000m);
        SetBrokerageModel(brokerage, account);
        foreach (var ticker in tickers)
        {
            _symbols.Add(perpetual
                ? AddCryptoFuture(ticker, resolution, market).Symbol
                : AddCrypto(ticker, resolution, market).Symbol);
        }

        Note(string.Join(' ', _symbols.Select(x => StateLines.Text(x) + " leverage " + StateLines.Text(Securities[x].Leverage))));
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        var count = _numbers.Next(0, 9) == 0 ? _numbers.Next(1, 4) : 0;
        for (var i = 0; i < count; i++)
        {
            var symbol = _symbols[_numbers.Next(0, _symbols.Count)];
            var security = Securities[symbol];
            var price = security.Price == 0 ? 50_000m : security.Price;
            var sign = _numbers.Next(0, 2) == 0 ? 1 : -1;
            // From below the smallest order to above what the money buys.
            var value = _numbers.Next(0, 12) switch
            {
                0 => 2m,
                1 => 8m,
                2 => 150_000m,
                3 => 900_000m,
                _ => _numbers.Next(100, 9_000),
            };
            var quantity = sign * value / price;
            switch (_numbers.Next(0, 10))
            {
                case 0 or 1 or 2:
                    Note(MarketOrder(symbol, quantity, asynchronous: sign > 0));
                    break;
                case 3:
                    Note(MarketOrder(symbol, -security.Holdings.Quantity));
                    break;
                case 4 or 5 or 6 or 7:
                    var distance = _numbers.Next(-6, 30) / 10_000m;
                    Note(LimitOrder(symbol, quantity, price * (1 - (sign * distance))));
                    break;
                case 8:
                    Change(symbol, update: true, price);
                    break;
                default:
                    Change(symbol, update: false, price);
                    break;
            }
        }
    }

    private void Change(Symbol symbol, bool update, decimal price)
    {
        var open = Transactions.GetOpenOrderTickets(symbol).OrderBy(x => x.OrderId).ToList();
        if (open.Count == 0)
        {
            return;
        }

        var ticket = open[_numbers.Next(0, open.Count)];
        if (!update)
        {
            Note("cancel " + ticket.OrderId.ToString(CultureInfo.InvariantCulture), ticket.Cancel("no longer wanted"));
            return;
        }

        var fields = new UpdateOrderFields();
        if (_numbers.Next(0, 2) == 0)
        {
            fields.LimitPrice = price * (1 - (decimal.Sign(ticket.Quantity) * _numbers.Next(-3, 20) / 10_000m));
        }
        else
        {
            fields.Quantity = ticket.Quantity * _numbers.Next(1, 30) / 10m;
        }

        Note("update " + ticket.OrderId.ToString(CultureInfo.InvariantCulture), ticket.Update(fields));
    }

    private static ConformanceCase Case(
        string name, string market, BrokerageName brokerage, AccountType account, bool perpetual, string currency)
    {
        string[] tickers = ["BTC" + currency, "ETH" + currency];
        return ConformanceCase.Of(
            name, "seeded orders, updates and cancels of all sorts", "RandomOrders.cs",
            data =>
            {
                data.WithDatabases();
                for (var i = 0; i < tickers.Length; i++)
                {
                    var feed = perpetual ? Feed.Perpetual(market, tickers[i]) : Feed.Spot(market, tickers[i]);
                    var walk = i == 0 ? new PriceWalk(70 + (int)brokerage, 61_000m, 0.1m, 110) : new PriceWalk(90 + (int)brokerage, 3_400m, 0.01m, 80);
                    data.Minutes(feed, Day(1), 1, walk, spread: i == 0 ? 6m : 0.5m, hasTrade: x => x % 17 is not (3 or 4), hasQuote: x => x % 23 is not (7 or 8 or 9));
                }
            },
            () => new RandomOrders(market, brokerage, account, perpetual, tickers, currency));
    }
}
