using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>A linear perpetual long, added to, reduced, flipped to short, covered in parts, flipped back, closed.</summary>
/// <param name="market">Market.</param>
/// <param name="brokerage">LEAN's venue model.</param>
/// <param name="currency">Account currency: the collateral's, or one that it is pegged to.</param>
public sealed class Perpetuals(string market, BrokerageName brokerage, string currency) : ConformanceAlgorithm
{
    private static readonly decimal[] s_orders = [0.5m, 0.3m, -0.2m, -1.4m, -0.25m, 0.4m, 0.2m, 1.3m, 0.123m, -0.0006m, -0.9m];

    private Symbol _symbol = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        Case("perpetual-bybit", Market.Bybit, BrokerageName.Bybit, "USDT"),
        Case("perpetual-binance", Market.Binance, BrokerageName.BinanceFutures, "USDT"),
        Case("perpetual-binance-in-usd", Market.Binance, BrokerageName.BinanceFutures, "USD"),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(2));
        SetAccountCurrency(currency);
        SetCash("USDT", 40_000m);
        SetBrokerageModel(brokerage, AccountType.Margin);
        var future = AddCryptoFuture("BTCUSDT", Resolution.Minute, market, leverage: 5m);
        _symbol = future.Symbol;
        Note("leverage " + StateLines.Text(future.Leverage) + " multiplier " + StateLines.Text(future.SymbolProperties.ContractMultiplier)
            + " lot " + StateLines.Text(future.SymbolProperties.LotSize) + " base " + future.BaseCurrency.Symbol + " quote " + future.QuoteCurrency.Symbol);
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        if (Step % 130 == 7 && Step / 130 < s_orders.Length)
        {
            Note(MarketOrder(_symbol, s_orders[Step / 130], asynchronous: Step % 2 == 0));
            var holdings = Securities[_symbol].Holdings;
            Note($"long {holdings.IsLong} short {holdings.IsShort} invested {holdings.Invested}"
                + $" cost {StateLines.Text(holdings.HoldingsCost)} absolute {StateLines.Text(holdings.AbsoluteHoldingsCost)}"
                + $" last {StateLines.Text(holdings.LastTradeProfit)} leverage {StateLines.Text(holdings.Leverage)}");
        }

        if (Step % 130 == 60)
        {
            // A limit that flips.
            Note(LimitOrder(_symbol, -2 * Securities[_symbol].Holdings.Quantity, Securities[_symbol].Price * 1.0005m));
        }

        if (Step % 130 == 120)
        {
            foreach (var ticket in Transactions.CancelOpenOrders(_symbol))
            {
                Note(ticket);
            }
        }
    }

    private static ConformanceCase Case(string name, string market, BrokerageName brokerage, string currency) => ConformanceCase.Of(
        name, "long, add, reduce, flip, close", "Perpetuals.cs",
        data => data.WithDatabases().Minutes(Feed.Perpetual(market, "BTCUSDT"), Day(1), 2, new PriceWalk(21, 61_000m, 0.1m, 120), spread: 0.1m),
        () => new Perpetuals(market, brokerage, currency));
}
