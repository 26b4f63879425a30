using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Framework;
using CrossHedgeLean.RealityModels;
using CrossHedgeLean.Venues;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Data;
using QuantConnect.Orders;
using QuantConnect.Securities;

namespace CrossHedgeLean.Benchmarks;

/// <summary>Sends the script's orders, over the engine's own models or over ours; no strategy and no hedge.</summary>
internal sealed class OverheadAlgorithm : QCAlgorithm
{
    private const decimal OpeningPerAccount = 2_000_000m;

    private readonly bool _ours;
    private readonly int _pairs;
    private readonly int _days;
    private readonly IReadOnlyList<ScriptedOrder> _script;
    private readonly List<(DateTime TimeUtc, Symbol Symbol, decimal Quantity, decimal Price, CashAmount Fee)> _fills = [];
    private Symbol[][] _symbols = [];
    private int _next;

    public OverheadAlgorithm(bool ours, int pairs, int days)
    {
        _ours = ours;
        _pairs = pairs;
        _days = days;
        _script = OverheadScript.Create(pairs, days);
    }

    /// <summary>Our accounts; null over the engine's own models.</summary>
    public SimulatedAccounts? Accounts { get; private set; }

    /// <summary>Every fill.</summary>
    public IReadOnlyList<(DateTime TimeUtc, Symbol Symbol, decimal Quantity, decimal Price, CashAmount Fee)> Fills => _fills;

    /// <summary>Orders sent.</summary>
    public int Sent => _next;

    /// <summary>Orders refused.</summary>
    public int Refused { get; private set; }

    /// <summary>What the cash book opened with, in USDT.</summary>
    public decimal Opening { get; private set; }

    public override void Initialize()
    {
        SetTimeZone(TimeZones.Utc);
        SetStartDate(OverheadMarket.Start);
        SetEndDate(OverheadMarket.Start.AddDays(_days - 1));
        SetAccountCurrency("USDT");
        var accounts = AccountDefaults.For(OverheadMarket.Routes).Select(account => account with { Opening = [("USDT", OpeningPerAccount)] }).ToArray();
        Opening = accounts.Length * OpeningPerAccount;
        if (_ours)
        {
            Accounts = Framework.CrossHedge.InstallAccounts(this, new CrossHedgeOptions
            {
                Groups = [.. Enumerable.Range(0, _pairs).Select(GroupOf)],
                Accounts = accounts,
                ConversionMarket = OverheadMarket.ConversionMarket,
                Latency = Latency.None,
            });
        }
        else
        {
            SetCash("USDT", Opening);
            SetBrokerageModel(new CompositeBrokerageModel(
                [.. OverheadMarket.Routes.Select(route => KeyValuePair.Create(route, Routes.CreateModel(route)))],
                OverheadMarket.ConversionMarket));
        }

        // As CrossHedge.Setup does, for both.
        SetBenchmark(_ => 0m);
        SetRiskFreeInterestRateModel(new ConstantRiskFreeRateInterestRateModel(0m));
        Settings.TradingDaysPerYear = 365;
        Settings.MinimumOrderMarginPortfolioPercentage = 0m;
        Portfolio.MarginCallModel = MarginCallModel.Null;
        _symbols = [.. Enumerable.Range(0, _pairs).Select(Subscribe)];
    }

    public override void OnData(Slice slice)
    {
        Accounts?.CheckModels();
        Accounts?.BeginStep();
        for (; _next < _script.Count && _script[_next].TimeUtc <= UtcTime; _next++)
        {
            MarketOrder(_symbols[_script[_next].Pair][_script[_next].Leg], _script[_next].Quantity, asynchronous: true);
        }

        Accounts?.EndStep();
    }

    public override void OnOrderEvent(OrderEvent orderEvent)
    {
        Accounts?.OnOrderEvent(orderEvent);
        if (orderEvent.FillQuantity != 0m)
        {
            _fills.Add((orderEvent.UtcTime, orderEvent.Symbol, orderEvent.FillQuantity, orderEvent.FillPrice, orderEvent.OrderFee.Value));
        }
        else if (orderEvent.Status == OrderStatus.Invalid)
        {
            Refused++;
        }
    }

    private static GroupConfiguration GroupOf(int pair)
    {
        var ids = OverheadMarket.InstrumentsOf(pair);
        return new GroupConfiguration(OverheadMarket.CoinOf(pair), ids[0], [.. ids.Skip(1)], 1m, 0m, 0m, new Dictionary<InstrumentId, decimal>());
    }

    private Symbol[] Subscribe(int pair)
        => [.. OverheadMarket.InstrumentsOf(pair).Select(id =>
        {
            Security security = id.Route.Kind == InstrumentKind.Spot
                ? AddCrypto(id.Ticker, Resolution.Minute, id.Route.Market)
                : AddCryptoFuture(id.Ticker, Resolution.Minute, id.Route.Market);
            Accounts?.PositionOf(security, reference: id.Route.Kind == InstrumentKind.Spot);
            return security.Symbol;
        })];
}
