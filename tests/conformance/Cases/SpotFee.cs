using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>Spot buys pay their fee in the base coin: what is left is less than what was bought, and only that can be sold.</summary>
public sealed class SpotFee : ConformanceAlgorithm
{
    private static readonly Feed s_feed = Feed.Spot(Market.Binance, "BTCUSDT");

    private Symbol _symbol = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of(
            "spot-fee-in-base-coin", "the fee of a buy in the coin that was bought", "SpotFee.cs",
            data => data.WithDatabases().Minutes(s_feed, Day(1), 1, new PriceWalk(31, 61_000m, 0.01m, 600), spread: 0.5m),
            () => new SpotFee()),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(1));
        SetAccountCurrency("USDT");
        SetCash(100_000m);
        SetBrokerageModel(BrokerageName.Binance, AccountType.Cash);
        _symbol = AddCrypto("BTCUSDT", Resolution.Minute, Market.Binance).Symbol;
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        switch (Step)
        {
            case 2:
                Note(MarketOrder(_symbol, 1m));
                break;
            case 3:
                // One was bought, less is there.
                Note(MarketOrder(_symbol, -1m));
                break;
            case 4:
                Note("held " + StateLines.Text(Securities[_symbol].Holdings.Quantity) + " coin " + StateLines.Text(Portfolio.CashBook["BTC"].Amount));
                Note(MarketOrder(_symbol, -Portfolio.CashBook["BTC"].Amount));
                break;
            case 10:
                Note(LimitOrder(_symbol, 0.33333m, Securities[_symbol].Price));
                break;
            case 100:
                Note(LimitOrder(_symbol, -Portfolio.CashBook["BTC"].Amount, Securities[_symbol].Price));
                break;
            case 200:
                Note(MarketOrder(_symbol, 0.77777m));
                Note(MarketOrder(_symbol, -0.5m));
                Note(MarketOrder(_symbol, -Portfolio.CashBook["BTC"].Amount));
                break;
            case 300:
                Note(MarketOrder(_symbol, 0.2m));
                break;
            case 301:
                Liquidate(_symbol);
                break;
        }
    }
}
