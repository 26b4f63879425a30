#nullable enable
using System.Collections.Generic;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;
using QuantConnect;
using QuantConnect.Brokerages;

namespace CrossHedgeLean.Framework;

/// <summary>What <see cref="CrossHedge.Setup"/> needs to know.</summary>
public sealed record CrossHedgeOptions
{
    /// <summary>The hedge groups; at least one.</summary>
    public required IReadOnlyList<GroupConfiguration> Groups { get; init; }

    /// <summary>The currency of equity.</summary>
    public string AccountCurrency { get; init; } = "USDT";

    /// <summary>The market whose spot pairs convert currencies, and whose stable coins LEAN pegs.</summary>
    public string ConversionMarket { get; init; } = Market.Binance;

    /// <summary>Spot pairs to subscribe only for conversion rates.</summary>
    public IReadOnlyList<InstrumentId> Conversions { get; init; } = [];

    /// <summary>Resolution of every subscription.</summary>
    public Resolution Resolution { get; init; } = Resolution.Minute;

    /// <summary>Patience, limits and distances of the hedge.</summary>
    public HedgeSettings Settings { get; init; } = new();

    /// <summary>
    /// The accounts with their opening balances; Setup sets LEAN's cash to their sum. Accounts of a venue's customer:
    /// <see cref="AccountDefaults"/>.
    /// </summary>
    public required IReadOnlyList<AccountDefinition> Accounts { get; init; }

    /// <summary>How late orders meet the market.</summary>
    public Latency Latency { get; init; } = Latency.Venue;

    /// <summary>Whether liquidation is looked for at all lows and then all highs of a bar, besides its close.</summary>
    public bool AdverseMarks { get; init; }

    /// <summary>Models that replace LEAN's own for a route; every desk has its own fees.</summary>
    public IReadOnlyDictionary<Route, IBrokerageModel> VenueModels { get; init; } = new Dictionary<Route, IBrokerageModel>();

    /// <summary>When and how much collateral is moved between accounts; null: never.</summary>
    public TransferSettings? Transfers { get; init; }

    /// <summary>Routes that take the place of those of the venues' profiles.</summary>
    public IReadOnlyList<TransferRoute> TransferRoutes { get; init; } = [];

    /// <summary>What a failed venue leaves.</summary>
    public LossSettings Losses { get; init; } = new();

    /// <summary>What goes wrong in the run.</summary>
    public Scenario Scenario { get; init; } = Scenario.None;

    /// <summary>When a venue counts as working badly, by market; others: data of two bars are fresh.</summary>
    public IReadOnlyDictionary<string, HealthRules> Health { get; init; } = new Dictionary<string, HealthRules>();

    /// <summary>A file that live is kept up to date with how everything stands; null: none.</summary>
    public string? StateFile { get; init; }

    /// <summary>Takes down the run.</summary>
    public RunRecorder Recorder { get; init; } = new();

    /// <summary>Takes down the run over time, for whoever draws it; null: nobody does. Backtests only.</summary>
    public RunSeries? Series { get; init; }

    /// <summary>The options that a configuration asks for.</summary>
    public static CrossHedgeOptions From(HedgeConfiguration configuration)
        => new()
        {
            Groups = configuration.Groups,
            AccountCurrency = configuration.AccountCurrency,
            ConversionMarket = configuration.ConversionMarket,
            Conversions = configuration.Conversions,
            Resolution = configuration.Resolution == "second" ? Resolution.Second : Resolution.Minute,
            Settings = configuration.Settings,
            Accounts = configuration.Accounts,
            Latency = configuration.Latency,
            AdverseMarks = configuration.AdverseMarks,
            Scenario = configuration.Scenario,
            Transfers = configuration.Transfers,
            TransferRoutes = configuration.TransferRoutes,
            Losses = configuration.Losses,
            Health = configuration.Health,
            StateFile = configuration.StateFile,
        };
}
