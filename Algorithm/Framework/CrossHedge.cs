#nullable enable
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.RealityModels;
using CrossHedgeLean.Venues;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Algorithm.Framework.Risk;
using QuantConnect.Data;
using QuantConnect.Securities;

namespace CrossHedgeLean.Framework;

/// <summary>The one call that puts an algorithm under the hedge.</summary>
public static class CrossHedge
{
    /// <summary>
    /// Called first in Initialize: sets time zone, account currency, venue models and the settings that keep backtest
    /// and live alike, subscribes the groups' instruments, and installs risk and execution model. After it the
    /// algorithm sets cash, alpha and portfolio construction as it likes.
    /// </summary>
    /// <param name="algorithm">The algorithm, in Initialize, before any security or cash is set.</param>
    /// <param name="options">Groups and settings.</param>
    /// <param name="inner">The algorithm's own risk model; it runs first, and the hedge is decided on what it leaves.</param>
    /// <returns>The hedge's state and figures.</returns>
    /// <exception cref="HedgeConfigurationException">Everything that is wrong with the options, at once.</exception>
    public static HedgeController Setup(QCAlgorithm algorithm, CrossHedgeOptions options, IRiskManagementModel? inner = null)
    {
        CheckSymbols(options);

        algorithm.SetTimeZone(TimeZones.Utc);
        algorithm.SetAccountCurrency(options.AccountCurrency);
        var model = CreateBrokerageModel(options);
        algorithm.SetBrokerageModel(model);
        algorithm.SetBenchmark(_ => 0m);
        algorithm.SetRiskFreeInterestRateModel(new ConstantRiskFreeRateInterestRateModel(0m));
        algorithm.Settings.TradingDaysPerYear = 365;
        algorithm.Settings.MinimumOrderMarginPortfolioPercentage = 0m;

        // LEAN's margin call sees one pooled account and would close whichever position it meets first.
        algorithm.Portfolio.MarginCallModel = MarginCallModel.Null;

        var controller = new HedgeController(algorithm, options, Subscribe(algorithm, options));
        model.FundingBooked = controller.OnFunding;
        algorithm.SetRiskManagement(new CrossHedgeRiskManagementModel(controller, inner));
        algorithm.SetExecution(new PairedExecutionModel(controller));
        controller.Guard = new ModelGuard(algorithm);
        return controller;
    }

    private static CompositeBrokerageModel CreateBrokerageModel(CrossHedgeOptions options)
    {
        var models = options.Groups
            .SelectMany(group => group.Hedges.Prepend(group.Primary))
            .Concat(options.Conversions)
            .Select(id => id.Route)
            .Distinct()
            .Select(route => KeyValuePair.Create(route, options.VenueModels.TryGetValue(route, out var given) ? given : Routes.CreateModel(route)))
            .ToArray();
        return new CompositeBrokerageModel(models, options.ConversionMarket);
    }

    private static Dictionary<InstrumentId, (Instrument Instrument, Security Security)> Subscribe(QCAlgorithm algorithm, CrossHedgeOptions options)
    {
        var subscribed = new Dictionary<InstrumentId, (Instrument, Security)>();
        foreach (var group in options.Groups)
        {
            foreach (var id in group.Hedges.Prepend(group.Primary))
            {
                Security security = id.Route.Kind == InstrumentKind.Spot
                    ? algorithm.AddCrypto(id.Ticker, options.Resolution, id.Route.Market)
                    : algorithm.AddCryptoFuture(id.Ticker, options.Resolution, id.Route.Market, leverage: options.Leverage);
                subscribed[id] = (Describe(id, group, security), security);
            }
        }

        foreach (var id in options.Conversions)
        {
            algorithm.AddCrypto(id.Ticker, options.Resolution, id.Route.Market);
        }

        return subscribed;
    }

    private static Instrument Describe(InstrumentId id, GroupConfiguration group, Security security)
    {
        var properties = security.SymbolProperties;
        var minimum = properties.MinimumOrderSize ?? 0m;

        // Binance states its minimum order in the quote currency, the other venues in coins or contracts.
        var minimumIsNotional = id.Route.Market == Market.Binance;
        return new Instrument(
            id,
            group.Name,
            properties.QuoteCurrency,
            properties.ContractMultiplier * group.UnitsPerContract.GetValueOrDefault(id, 1m),
            properties.LotSize,
            minimumIsNotional ? 0m : minimum,
            minimumIsNotional ? minimum : 0m);
    }

    /// <summary>Every instrument stands in LEAN's symbol properties: a symbol that does not would get a lot of 1 and no minimum.</summary>
    private static void CheckSymbols(CrossHedgeOptions options)
    {
        var errors = new List<string>();
        if (options.Groups.Count == 0)
        {
            errors.Add("No hedge group is given: name at least one underlying with a primary and a hedge leg.");
        }

        var properties = SymbolPropertiesDatabase.FromDataFolder();
        foreach (var id in options.Groups.SelectMany(group => group.Hedges.Prepend(group.Primary)).Concat(options.Conversions).Distinct())
        {
            if (!properties.ContainsKey(id.Route.Market, id.Ticker, Routes.SecurityTypeOf(id.Route.Kind)))
            {
                errors.Add($"{id} is not in symbol-properties-database.csv of the data folder: correct the ticker, or add its row.");
            }
        }

        if (errors.Count > 0)
        {
            throw new HedgeConfigurationException(errors);
        }
    }
}
