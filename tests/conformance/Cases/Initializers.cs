using System.Collections.Generic;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Securities;
using static CrossHedgeLean.Conformance.StateLines;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>A security initializer that was set stays, whatever brokerage model comes later; what is added is run after it.</summary>
public sealed class Initializers : ConformanceAlgorithm
{
    private static readonly Feed s_feed = Feed.Spot(Market.Binance, "BTCUSDT");

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of(
            "initializer-set", "a security initializer set by the algorithm", "Initializers.cs",
            data => data.WithDatabases().Minutes(s_feed, Day(1), 1, new PriceWalk(5, 61_000m, 0.1m, 20)),
            () => new Initializers()),
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(Day(1));
        SetEndDate(Day(1));
        SetAccountCurrency("USDT");
        SetCash(1_000m);
        SetSecurityInitializer(new FuncSecurityInitializer(security => Note($"set: {security.Symbol.Value}")));
        SetBrokerageModel(new BinanceBrokerageModel(AccountType.Cash));
        AddSecurityInitializer(security => Note($"added: {security.Symbol.Value}"));
        var added = AddCrypto(s_feed.Ticker, Resolution.Minute, s_feed.Market);
        Note($"leverage {Text(added.Leverage)}");
    }
}
