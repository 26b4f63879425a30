using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Hosting;
using CrossHedgeLean.RealityModels;
using CrossHedgeLean.Venues;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Data;
using QuantConnect.Orders;
using QuantConnect.Securities;

namespace CrossHedgeLean.Drills;

/// <summary>What LEAN makes of a drill's book by itself.</summary>
/// <param name="Change">Change of equity over the run, a fraction.</param>
/// <param name="Drawdown">Largest drawdown over the time steps, a fraction.</param>
/// <param name="MarginCalls">How often LEAN's pooled margin call asked for orders.</param>
/// <param name="Refused">Orders that were refused.</param>
internal sealed record StockResult(decimal Change, decimal Drawdown, int MarginCalls, int Refused)
{
    /// <summary>Runs the book of a drill on the engine's own models.</summary>
    /// <param name="data">The drill's data.</param>
    /// <param name="parameters">The drill's parameters.</param>
    /// <param name="trades">What the hedged book traded; see <see cref="StockTrade.Read"/>.</param>
    /// <exception cref="InvalidOperationException">The run failed.</exception>
    public static StockResult Measure(string data, IReadOnlyDictionary<string, string> parameters, IReadOnlyList<StockTrade> trades)
    {
        StockBook? book = null;
        var outcome = BacktestEngines.Create().Run(new BacktestJob(() => book = new StockBook(trades), data, parameters));
        return outcome.Error is null && book is not null ? book.Result : throw new InvalidOperationException(outcome.Error);
    }
}

/// <summary>A trade to repeat.</summary>
/// <param name="TimeUtc">When it was filled, UTC.</param>
/// <param name="Instrument">The instrument.</param>
/// <param name="Quantity">Contracts, signed, a fee in the coin included.</param>
internal sealed record StockTrade(DateTime TimeUtc, InstrumentId Instrument, decimal Quantity)
{
    /// <summary>The trades of a run up to a time, out of its order events.</summary>
    /// <param name="file">As <c>backtest --out</c> writes it.</param>
    /// <param name="untilUtc">UTC, itself excluded.</param>
    public static IReadOnlyList<StockTrade> Read(string file, DateTime untilUtc)
    {
        var trades = new List<StockTrade>();
        foreach (var row in File.ReadLines(file).Skip(1).Select(line => line.Split(',')))
        {
            var utc = DrillResult.TimeOf(row[0]);
            var quantity = Number(row[4]);
            if (quantity == 0m || utc >= untilUtc || !InstrumentId.TryParse(row[2], out var id))
            {
                continue;
            }

            // LEAN takes a buy's coin fee off what it fills.
            var isCoinFee = quantity > 0m && id.Route.Kind == InstrumentKind.Spot && id.Ticker.StartsWith(row[7], StringComparison.Ordinal);
            trades.Add(new StockTrade(utc, id, quantity + (isCoinFee ? Number(row[6]) : 0m)));
        }

        return trades;
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>
/// The book of a drill on LEAN alone: the same trades until the trouble begins, then held. One cash book for all venues,
/// LEAN's own fees, fills, funding and margin call; no account, no scenario, no hedge that reacts.
/// </summary>
internal sealed class StockBook(IReadOnlyList<StockTrade> trades) : QCAlgorithm
{
    private readonly Dictionary<InstrumentId, Symbol> _symbols = [];
    private int _next;
    private int _marginCalls;
    private int _refused;
    private decimal _start;
    private decimal _end;
    private decimal _peak;
    private decimal _drawdown;

    /// <summary>What came of it.</summary>
    public StockResult Result => new(_start == 0m ? 0m : (_end / _start) - 1m, _drawdown, _marginCalls, _refused);

    /// <inheritdoc />
    public override void Initialize()
    {
        var (configuration, errors, _) = HedgeConfiguration.Parse(GetParameters());
        if (configuration is null)
        {
            throw new HedgeConfigurationException(errors);
        }

        SetStartDate(configuration.From);
        SetEndDate(configuration.To);
        SetTimeZone(TimeZones.Utc);
        SetAccountCurrency(configuration.AccountCurrency);
        SetCash(configuration.AccountCurrency, 0m);
        foreach (var opening in configuration.Accounts.SelectMany(account => account.Opening).GroupBy(entry => entry.Currency))
        {
            SetCash(opening.Key, opening.Sum(entry => entry.Amount));
        }

        SetBrokerageModel(new CompositeBrokerageModel(
            [.. configuration.Instruments.Concat(configuration.Conversions).Select(id => id.Route).Distinct().Select(route => KeyValuePair.Create(route, Routes.CreateModel(route)))],
            configuration.ConversionMarket));
        SetBenchmark(_ => 0m);
        foreach (var id in configuration.Instruments.Concat(configuration.Conversions).Distinct())
        {
            var account = configuration.Accounts.FirstOrDefault(account => account.Routes.Contains(id.Route));
            Security security = id.Route.Kind == InstrumentKind.Spot
                ? AddCrypto(id.Ticker, Resolution.Minute, id.Route.Market)
                : AddCryptoFuture(id.Ticker, Resolution.Minute, id.Route.Market, leverage: account?.Leverage ?? 1m);
            _symbols[id] = security.Symbol;
        }
    }

    /// <inheritdoc />
    public override void OnData(Slice slice)
    {
        for (; _next < trades.Count && trades[_next].TimeUtc <= UtcTime; _next++)
        {
            MarketOrder(_symbols[trades[_next].Instrument], trades[_next].Quantity, asynchronous: true, tag: "as the hedged book");
        }

        _end = Portfolio.TotalPortfolioValue;
        _start = _start == 0m ? _end : _start;
        _peak = Math.Max(_peak, _end);
        _drawdown = Math.Max(_drawdown, _peak == 0m ? 0m : (_peak - _end) / _peak);
    }

    /// <inheritdoc />
    public override void OnOrderEvent(OrderEvent orderEvent) => _refused += orderEvent.Status == OrderStatus.Invalid ? 1 : 0;

    /// <inheritdoc />
    public override void OnMarginCall(List<SubmitOrderRequest> requests) => _marginCalls++;
}
