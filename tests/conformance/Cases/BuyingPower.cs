using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>What the money does not carry: spot without coin or cash, reserved by open orders, perpetuals above their leverage.</summary>
/// <param name="account">Cash (spot only) or margin.</param>
/// <param name="leverage">Leverage of the perpetual; 0 for the model's own.</param>
public sealed class BuyingPower(AccountType account, decimal leverage) : ConformanceAlgorithm
{
    private static readonly Feed s_spot = Feed.Spot(Market.Bybit, "BTCUSDT");
    private static readonly Feed s_other = Feed.Spot(Market.Bybit, "ETHUSDT");
    private static readonly Feed s_perpetual = Feed.Perpetual(Market.Bybit, "BTCUSDT");

    private Symbol _spot = null!;
    private Symbol _other = null!;
    private Symbol? _perpetual;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of("buying-power-cash", "spot orders beyond cash and coin", "BuyingPower.cs", WriteData, () => new BuyingPower(AccountType.Cash, 0)),
        ConformanceCase.Of("buying-power-margin", "spot and perpetual on one margin account", "BuyingPower.cs", WriteData, () => new BuyingPower(AccountType.Margin, 0)),
        ConformanceCase.Of("buying-power-leverage", "a perpetual above its leverage", "BuyingPower.cs", WriteData, () => new BuyingPower(AccountType.Margin, 3)),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(1).AddHours(10));
        SetAccountCurrency("USDT");
        SetCash(10_000m);
        SetBrokerageModel(BrokerageName.Bybit, account);
        _spot = AddCrypto("BTCUSDT", Resolution.Minute, Market.Bybit).Symbol;
        _other = AddCrypto("ETHUSDT", Resolution.Minute, Market.Bybit).Symbol;
        if (account == AccountType.Margin)
        {
            _perpetual = AddCryptoFuture("BTCUSDT", Resolution.Minute, Market.Bybit, leverage: leverage).Symbol;
        }
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        var price = Securities[_spot].Price;
        switch (Step)
        {
            case 2:
                Note(MarketOrder(_spot, -0.01m));
                Note(MarketOrder(_spot, 1m));
                Note(MarketOrder(_spot, 10_000m / price));
                Note(MarketOrder(_spot, 0.1m));
                Note(MarketOrder(_spot, 0.1m));
                Note(Numbers());
                break;
            case 4:
                // Open orders reserve cash and coin.
                Note(LimitOrder(_spot, 0.04m, price - 2_000m));
                Note(LimitOrder(_spot, 0.04m, price - 2_000m));
                Note(LimitOrder(_spot, -0.06m, price + 2_000m));
                Note(LimitOrder(_spot, -0.06m, price + 2_000m));
                Note(MarketOrder(_other, 1m));
                Note(MarketOrder(_other, 0.3m));
                Note(Numbers());
                break;
            case 6:
                Transactions.CancelOpenOrders();
                Note(MarketOrder(_spot, -Portfolio.CashBook["BTC"].Amount));
                Note(MarketOrder(_other, -Portfolio.CashBook["ETH"].Amount));
                Note(Numbers());
                break;
            case 8 when _perpetual != null:
                foreach (var quantity in new[] { 100m, 2m, 1.6m, 0.9m, 0.4m, 0.4m, -0.3m, -3m, -1.5m, -1m })
                {
                    Note(MarketOrder(_perpetual, quantity));
                    Note(Numbers());
                }

                break;
            case 10 when _perpetual != null:
                Note(LimitOrder(_perpetual, 0.5m, price - 3_000m));
                Note(LimitOrder(_perpetual, 5m, price - 3_000m));
                // Coin reserved by an open perpetual sell.
                Note(MarketOrder(_spot, 0.01m));
                Note(LimitOrder(_perpetual, -0.02m, price + 3_000m));
                Note(MarketOrder(_spot, -0.005m));
                break;
            case 12:
                Liquidate();
                break;
            case 100 when _perpetual != null:
                // Half of what the leverage carries, held through the price moves; an order when money is short.
                Note(MarketOrder(_perpetual, decimal.Round(Portfolio.MarginRemaining * Securities[_perpetual].Leverage / price / 2, 3)));
                break;
            case > 100 when Step % 60 == 0 && _perpetual != null:
                Note(MarketOrder(_perpetual, 0.1m));
                Note(MarketOrder(_perpetual, -0.15m));
                Note(Numbers());
                break;
        }
    }

    private string Numbers() => string.Join(' ', new[] { _spot, _other, _perpetual }.OfType<Symbol>().Select(symbol =>
        StateLines.Text(symbol) + " power " + StateLines.Text(Portfolio.GetBuyingPower(symbol)) + " remaining " + StateLines.Text(Portfolio.GetMarginRemaining(symbol))))
        + " used " + StateLines.Text(Portfolio.TotalMarginUsed) + " left " + StateLines.Text(Portfolio.MarginRemaining);

    private static void WriteData(DataFolder data) => data.WithDatabases()
        .Minutes(s_spot, Day(1), 1, new PriceWalk(91, 61_000m, 0.1m, 200), spread: 2m)
        .Minutes(s_other, Day(1), 1, new PriceWalk(92, 3_400m, 0.01m, 200), spread: 0.2m)
        .Minutes(s_perpetual, Day(1), 1, new PriceWalk(93, 61_000m, 0.1m, 200), spread: 0.2m);
}
