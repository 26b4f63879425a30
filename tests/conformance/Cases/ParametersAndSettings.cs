using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Conformance.Data;
using QuantConnect;
using QuantConnect.Brokerages;
using QuantConnect.Data;

namespace CrossHedgeLean.Conformance.Cases;

/// <summary>Parameters, defaults of settings, properties of securities and markets, and what an algorithm sees of itself.</summary>
public sealed class ParametersAndSettings : ConformanceAlgorithm
{
    private static readonly Feed s_spot = Feed.Spot(Market.Bybit, "BTCUSDT");

    /// <summary>The cases of this file.</summary>
    public static IEnumerable<ConformanceCase> Cases { get; } = new[]
    {
        ConformanceCase.Of(
            "parameters-and-settings", "parameters, settings, properties", "ParametersAndSettings.cs",
            data => data.WithDatabases().Minutes(s_spot, Day(1), 1, new PriceWalk(211, 61_000m, 0.1m, 60), spread: 1m),
            () => new ParametersAndSettings()) with
        {
            Parameters = new Dictionary<string, string> { ["number"] = "42", ["decimal"] = "0.12345678901234567890", ["double"] = "1.5", ["text"] = "a b", ["BTC.ratio"] = "1" },
        },
    };

    /// <inheritdoc />
    protected override void Setup()
    {
        SetStartDate(2024, 3, 4);
        SetEndDate(Day(1));
        SetAccountCurrency("USDT", 5_000m);
        SetBrokerageModel(BrokerageName.Bybit, AccountType.Margin);
        var security = AddCrypto("BTCUSDT", Resolution.Minute, Market.Bybit);
        Note(string.Join(' ', GetParameter("number", 1), GetParameter("missing", 7), GetParameter("text"), GetParameter("missing", "none"), GetParameter("missing") ?? "null"));
        Note(StateLines.Text(GetParameter("decimal", 0m)) + " " + StateLines.Text(GetParameter("missing", 0.5m)) + " " + (GetParameter("double", 0.0) == 1.5));
        Note(string.Join(' ', GetParameters().Select(x => x.Key + "=" + x.Value).Order(StringComparer.Ordinal)));
        Note($"{StateLines.Text(StartDate)} {StateLines.Text(EndDate)} {TimeZone.Id} {AccountCurrency} live {LiveMode} warming {IsWarmingUp}");
        Note($"free {StateLines.Text(Settings.FreePortfolioValuePercentage)} minimum {StateLines.Text(Settings.MinimumOrderMarginPortfolioPercentage)}"
            + $" liquidate {Settings.LiquidateEnabled}");
        Note($"{security.Symbol.Value} {security.Type} {security.Symbol.ID.Market} leverage {StateLines.Text(security.Leverage)} tradable {security.IsTradable} data {security.HasData}");
        Note($"open {security.Exchange.ExchangeOpen} hours {security.Exchange.TimeZone.Id} base {security.BaseCurrency.Symbol} models"
            + $" {security.FillModel.GetType().Name} {security.FeeModel.GetType().Name} {security.BuyingPowerModel.GetType().Name}"
            + $" {security.SettlementModel.GetType().Name} {security.MarginInterestRateModel.GetType().Name} {security.SlippageModel.GetType().Name}");
        Note($"{Portfolio.MarginCallModel.GetType().Name} {BrokerageModel.GetType().Name} {BrokerageModel.AccountType} {StateLines.Text(BrokerageModel.RequiredFreeBuyingPowerPercent)}"
            + $" {BrokerageModel.DefaultMarkets[SecurityType.Crypto]} {BrokerageModel.DefaultMarkets[SecurityType.CryptoFuture]}");
        Note(SymbolText(security.Symbol) + " " + SymbolText(Symbol("BTCUSDT")));
    }

    /// <inheritdoc />
    protected override void OnStep(Slice slice)
    {
        if (Step is 1 or 2 or 700)
        {
            Note($"{StateLines.Text(Time)} {StateLines.Text(UtcTime)} {StateLines.Text(slice.Time)} {StateLines.Text(slice.UtcTime)} has {slice.HasData} {slice.Count} {slice.Keys.Count} {CurrentSlice == slice}");
            var security = Securities["BTCUSDT"];
            var last = security.GetLastData();
            Note($"{last.GetType().Name} {StateLines.Text(last.Time)} {StateLines.Text(last.EndTime)} {StateLines.Text(last.Value)} open {StateLines.Text(security.Open)}"
                + $" high {StateLines.Text(security.High)} low {StateLines.Text(security.Low)} close {StateLines.Text(security.Close)} volume {StateLines.Text(security.Volume)}"
                + $" sizes {StateLines.Text(security.BidSize)} {StateLines.Text(security.AskSize)} local {StateLines.Text(security.LocalTime)}");
            Note($"contains {slice.ContainsKey(security.Symbol)} {slice.Bars.ContainsKey(security.Symbol)} {slice.Bars.TryGetValue(security.Symbol, out var bar) && bar.Period == TimeSpan.FromMinutes(1)}");
        }
    }

    private static string SymbolText(Symbol symbol) => $"{symbol.Value} {symbol.ID} {symbol.ID.Symbol} {symbol.SecurityType}";
}
