using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Framework;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.RealityModels;
using CrossHedgeLean.Venues;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Data;
using QuantConnect.Orders;
using QuantConnect.Securities;

namespace CrossHedgeLean.Benchmarks;

/// <summary>Over which models a run of the overhead benchmark sends its orders.</summary>
internal enum OverheadModels
{
    /// <summary>The engine's own.</summary>
    Stock,

    /// <summary>Our accounts: margin, fills, fees, funding and all their checks; no hedge.</summary>
    Accounts,

    /// <summary>The whole plugin: the script sends the primaries only, and the desk hedges them.</summary>
    Plugin,
}

/// <summary>Sends a script's orders over the engine's own models, over our accounts, or to the whole plugin.</summary>
internal sealed class OverheadAlgorithm : QCAlgorithm
{
    private const decimal OpeningPerAccount = 2_000_000m;

    private readonly OverheadModels _models;
    private readonly int _pairs;
    private readonly int _days;
    private readonly IReadOnlyList<ScriptedOrder> _script;
    private readonly List<ScriptedOrder> _submitted = [];
    private readonly Dictionary<Symbol, (int Pair, int Leg)> _places = [];
    private readonly List<(DateTime TimeUtc, Symbol Symbol, decimal Quantity, decimal Price, CashAmount Fee)> _fills = [];
    private Symbol[][] _symbols = [];
    private int _next;

    public OverheadAlgorithm(OverheadModels models, int pairs, int days, IReadOnlyList<ScriptedOrder>? script)
    {
        _models = models;
        _pairs = pairs;
        _days = days;
        _script = script ?? OverheadScript.Create(pairs, days).Where(order => order.Leg == 0 || models != OverheadModels.Plugin).ToArray();
    }

    /// <summary>Our accounts; null over the engine's own models.</summary>
    public SimulatedAccounts? Accounts { get; private set; }

    /// <summary>Every fill.</summary>
    public IReadOnlyList<(DateTime TimeUtc, Symbol Symbol, decimal Quantity, decimal Price, CashAmount Fee)> Fills => _fills;

    /// <summary>Every order that the engine took in, whoever sent it.</summary>
    public IReadOnlyList<ScriptedOrder> Submitted => _submitted;

    /// <summary>Orders refused.</summary>
    public int Refused { get; private set; }

    /// <summary>What the cash book opened with, in USDT.</summary>
    public decimal Opening { get; private set; }

    public override void Initialize()
    {
        SetStartDate(OverheadMarket.Start);
        SetEndDate(OverheadMarket.Start.AddDays(_days - 1));
        var accounts = AccountDefaults.For(OverheadMarket.Routes).Select(account => account with { Opening = [("USDT", OpeningPerAccount)] }).ToArray();
        Opening = accounts.Length * OpeningPerAccount;
        var options = new CrossHedgeOptions
        {
            Groups = [.. Enumerable.Range(0, _pairs).Select(GroupOf)],
            Accounts = accounts,
            ConversionMarket = OverheadMarket.ConversionMarket,
            Latency = Latency.None,
        };
        if (_models == OverheadModels.Plugin)
        {
            Accounts = Framework.CrossHedge.Setup(this, options).Simulated;
            _symbols = [.. Enumerable.Range(0, _pairs).Select(pair => Place(pair, [.. OverheadMarket.InstrumentsOf(pair).Select(Routes.SymbolOf)]))];
            return;
        }

        SetTimeZone(TimeZones.Utc);
        SetAccountCurrency("USDT");
        if (_models == OverheadModels.Accounts)
        {
            Accounts = Framework.CrossHedge.InstallAccounts(this, options);
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
        _symbols = [.. Enumerable.Range(0, _pairs).Select(pair => Place(pair, Subscribe(pair)))];
    }

    public override void OnData(Slice slice)
    {
        var accounts = _models == OverheadModels.Accounts ? Accounts : null;
        accounts?.CheckModels();
        accounts?.BeginStep();
        for (; _next < _script.Count && _script[_next].TimeUtc <= UtcTime; _next++)
        {
            var symbol = _symbols[_script[_next].Pair][_script[_next].Leg];
            var quantity = _script[_next].Quantity;
            if (_models == OverheadModels.Plugin && quantity < 0m)
            {
                // All that is held, dust of earlier fees included: in the end no hedge is left.
                var lot = Securities[symbol].SymbolProperties.LotSize;
                quantity = -decimal.Truncate(Portfolio[symbol].Quantity / lot) * lot;
            }

            MarketOrder(symbol, quantity, asynchronous: true);
        }

        accounts?.EndStep();
    }

    public override void OnOrderEvent(OrderEvent orderEvent)
    {
        if (_models == OverheadModels.Accounts)
        {
            Accounts!.OnOrderEvent(orderEvent);
        }

        if (orderEvent.Status == OrderStatus.Submitted)
        {
            var (pair, leg) = _places[orderEvent.Symbol];
            _submitted.Add(new ScriptedOrder(orderEvent.UtcTime, pair, leg, orderEvent.Quantity));
        }

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
        return new GroupConfiguration(OverheadMarket.CoinOf(pair), ids[0], [.. ids.Skip(1)], 1m, 0m, 0m, new Dictionary<InstrumentId, decimal>())
        {
            Split = HedgeSplit.Weights,
            Weights = [0.5m, 0.5m],
        };
    }

    private Symbol[] Place(int pair, Symbol[] symbols)
    {
        for (var leg = 0; leg < symbols.Length; leg++)
        {
            _places.Add(symbols[leg], (pair, leg));
        }

        return symbols;
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
