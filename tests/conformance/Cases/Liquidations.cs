using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>Liquidate with open orders, of one instrument and of all, twice, with a tag; base coin dust left over.</summary>
public sealed class Liquidations : ConformanceAlgorithm
{
    private static readonly Feed s_spot = Feed.Spot(Market.Binance, "BTCUSDT");
    private static readonly Feed s_other = Feed.Spot(Market.Binance, "ETHUSDT");
    private static readonly Feed s_perpetual = Feed.Perpetual(Market.Binance, "BTCUSDT");

    private Symbol _spot = null!;
    private Symbol _other = null!;
    private Symbol _perpetual = null!;

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of(
            "liquidate", "Liquidate with positions and open orders", "Liquidations.cs",
            data => data.WithDatabases()
                .Minutes(s_spot, Day(1), 1, new PriceWalk(191, 61_000m, 0.01m, 600), spread: 1m)
                .Minutes(s_other, Day(1), 1, new PriceWalk(192, 3_400m, 0.01m, 100), spread: 0.1m)
                .Minutes(s_perpetual, Day(1), 1, new PriceWalk(193, 61_000m, 0.1m, 60), spread: 0.1m),
            () => new Liquidations()),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(1));
        SetAccountCurrency("USDT");
        SetCash(200_000m);
        SetBrokerageModel(BrokerageName.Binance, AccountType.Margin);
        _spot = AddCrypto("BTCUSDT", Resolution.Minute, Market.Binance).Symbol;
        _other = AddCrypto("ETHUSDT", Resolution.Minute, Market.Binance).Symbol;
        _perpetual = AddCryptoFuture("BTCUSDT", Resolution.Minute, Market.Binance).Symbol;
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        switch (Step)
        {
            case 2 or 200 or 400:
                MarketOrder(_spot, 0.5m);
                MarketOrder(_other, 3m);
                MarketOrder(_perpetual, -0.5m);
                LimitOrder(_spot, 0.1m, Securities[_spot].Price - 5_000m);
                LimitOrder(_spot, -0.2m, Securities[_spot].Price + 5_000m);
                LimitOrder(_other, 1m, Securities[_other].Price - 500m);
                LimitOrder(_perpetual, 0.1m, Securities[_perpetual].Price - 5_000m);
                break;
            case 50:
                Note(Liquidate(_spot, asynchronous: false, tag: "out of spot"));
                break;
            case 51:
                Note(Liquidate(_spot));
                break;
            case 60:
                Note(Liquidate());
                break;
            case 250:
                Note(Liquidate(asynchronous: true));
                break;
            case 450:
                Note(Liquidate([_perpetual, _other], tag: "two of three"));
                break;
            case 500:
                Settings.LiquidateEnabled = false;
                Note(Liquidate());
                break;
        }
    }

    private void Note(List<QuantConnect.Orders.OrderTicket> tickets)
    {
        Note("liquidated " + StateLines.Text(tickets.Count));
        foreach (var ticket in tickets)
        {
            Note(ticket);
            Note("tag " + ticket.Tag);
        }
    }
}
