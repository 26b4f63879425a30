#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Configuration;
using CrossHedgeLean.Exchange;
using CrossHedgeLean.RealityModels;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Algorithm.Framework.Risk;
using QuantConnect.Data;
using QuantConnect.Interfaces;
using QuantConnect.Securities;
using QuantConnect.Util;

namespace CrossHedgeLean.Framework;

/// <summary>The one call that puts an algorithm under the hedge.</summary>
public static class CrossHedge
{
    /// <summary>Who plays the scenario of this run: the models, and what the host has registered.</summary>
    internal static ScenarioHosts ScenarioHost
        => Composer.Instance.GetParts<IScenarioHost>().Aggregate(ScenarioHosts.Models, (all, host) => all | host.Plays);

    /// <summary>
    /// Called first in Initialize: sets time zone, account currency, the accounts with their cash, venue models and the
    /// settings that keep backtest and live alike, subscribes the groups' instruments, and installs risk and execution
    /// model. After it the algorithm sets alpha and portfolio construction as it likes, and no cash.
    /// </summary>
    /// <param name="algorithm">The algorithm, in Initialize, before any security or cash is set.</param>
    /// <param name="options">Groups and settings.</param>
    /// <param name="inner">The algorithm's own risk model; it runs first, and the hedge is decided on what it leaves.</param>
    /// <returns>The hedge's state and figures.</returns>
    /// <exception cref="HedgeConfigurationException">Everything that is wrong with the options, at once.</exception>
    public static HedgeController Setup(QCAlgorithm algorithm, CrossHedgeOptions options, IRiskManagementModel? inner = null)
    {
        EarlyCompilation.Begin();
        Check(algorithm, options);

        algorithm.SetTimeZone(TimeZones.Utc);
        algorithm.SetAccountCurrency(options.AccountCurrency);
        var live = LiveVenues(algorithm);
        var accounts = InstallAccounts(algorithm, options, live);
        algorithm.SetBenchmark(_ => 0m);
        algorithm.SetRiskFreeInterestRateModel(new ConstantRiskFreeRateInterestRateModel(0m));
        algorithm.Settings.TradingDaysPerYear = 365;
        algorithm.Settings.MinimumOrderMarginPortfolioPercentage = 0m;

        // LEAN's margin call sees one pooled account and would close whichever position it meets first.
        algorithm.Portfolio.MarginCallModel = MarginCallModel.Null;

        var controller = new HedgeController(algorithm, options, accounts, Subscribe(algorithm, options, accounts), live);
        algorithm.SetRiskManagement(new CrossHedgeRiskManagementModel(controller, inner));
        algorithm.SetExecution(new PairedExecutionModel(controller));
        controller.Guard = new ModelGuard(algorithm, accounts);
        ((CompositeBrokerageModel)algorithm.BrokerageModel).Gate = controller.Refusal;
        return controller;
    }

    /// <summary>The accounts, their cash, and the models that act on them.</summary>
    internal static SimulatedAccounts InstallAccounts(QCAlgorithm algorithm, CrossHedgeOptions options, ILiveVenues? live = null)
    {
        if (live is null)
        {
            SetCash(algorithm, options);
        }

        // What is in a live account its venue says, not the configuration.
        var definitions = live is null ? options.Accounts : options.Accounts.Select(account => account with { Opening = [] }).ToArray();
        var exchange = new SimulatedExchange(new Ledger(options.AccountCurrency, definitions) { IsSimulated = live is null }, options.Latency);
        var accounts = new SimulatedAccounts(algorithm, exchange, options.AdverseMarks, security => Describe(security, options))
        {
            Live = live is null ? null : new LiveReports(exchange.Ledger, live),
        };
        if (options.Scenario.Events.Count > 0)
        {
            accounts.Trouble = new SimulatedTrouble(algorithm, accounts, options.Scenario);
        }

        algorithm.SetBrokerageModel(CreateBrokerageModel(options, accounts));
        algorithm.AddSecurityInitializer(security =>
        {
            if (Routes.Of(security) is { } route && exchange.Ledger.Find(route) is not null)
            {
                security.PortfolioModel = new AccountPortfolioModel(accounts);
            }
        });
        return accounts;
    }

    /// <summary>The venues of a live run; null in a backtest, and in live where the brokerage is not ours.</summary>
    private static ILiveVenues? LiveVenues(QCAlgorithm algorithm)
        => algorithm.LiveMode ? Composer.Instance.GetParts<IBrokerage>().OfType<ILiveVenues>().FirstOrDefault() : null;

    private static void SetCash(QCAlgorithm algorithm, CrossHedgeOptions options)
    {
        algorithm.SetCash(options.AccountCurrency, 0m);
        foreach (var currency in options.Accounts.SelectMany(account => account.Opening).Select(entry => entry.Currency).Distinct())
        {
            algorithm.SetCash(
                currency,
                options.Accounts.SelectMany(account => account.Opening).Where(entry => entry.Currency == currency).Sum(entry => entry.Amount));
        }
    }

    private static CompositeBrokerageModel CreateBrokerageModel(CrossHedgeOptions options, SimulatedAccounts accounts)
    {
        var models = options.Groups
            .SelectMany(group => group.Hedges.Prepend(group.Primary))
            .Concat(options.Conversions)
            .Select(id => id.Route)
            .Distinct()
            .Select(route => KeyValuePair.Create(route, options.VenueModels.TryGetValue(route, out var given) ? given : Routes.CreateModel(route)))
            .ToArray();
        return new CompositeBrokerageModel(models, options.ConversionMarket) { Accounts = accounts };
    }

    private static Dictionary<InstrumentId, (Instrument Instrument, Security Security)> Subscribe(
        QCAlgorithm algorithm, CrossHedgeOptions options, SimulatedAccounts accounts)
    {
        var subscribed = new Dictionary<InstrumentId, (Instrument, Security)>();
        foreach (var group in options.Groups)
        {
            foreach (var id in group.Hedges.Prepend(group.Primary))
            {
                Security security = id.Route.Kind == InstrumentKind.Spot
                    ? algorithm.AddCrypto(id.Ticker, options.Resolution, id.Route.Market)
                    : algorithm.AddCryptoFuture(id.Ticker, options.Resolution, id.Route.Market);
                subscribed[id] = (accounts.PositionOf(security, reference: id == group.Primary).Instrument, security);
            }
        }

        foreach (var id in options.Conversions)
        {
            algorithm.AddCrypto(id.Ticker, options.Resolution, id.Route.Market);
        }

        return subscribed;
    }

    /// <summary>An instrument as the venue trades it; outside the groups its underlying is its base currency.</summary>
    private static Instrument Describe(Security security, CrossHedgeOptions options)
    {
        var route = Routes.Of(security)
            ?? throw new InvalidOperationException($"{security.Symbol.Value} at {security.Symbol.ID.Market} is no spot coin or perpetual: it belongs to no account.");
        var id = new InstrumentId(route, security.Symbol.Value);
        var group = options.Groups.FirstOrDefault(group => group.Primary == id || group.Hedges.Contains(id));
        return Routes.Describe(
            id,
            group?.Name ?? ((IBaseCurrencySymbol)security).BaseCurrency.Symbol,
            security.SymbolProperties,
            group?.UnitsPerContract.GetValueOrDefault(id, 1m) ?? 1m);
    }

    /// <summary>Every instrument stands in LEAN's symbol properties, where one that does not would get a lot of 1 and no minimum, and belongs to an account; the scenario can be played.</summary>
    private static void Check(QCAlgorithm algorithm, CrossHedgeOptions options)
    {
        var errors = new List<string>();
        if (algorithm.LiveMode)
        {
            CheckLive(LiveVenues(algorithm), options, errors);
        }

        if (options.Groups.Count == 0)
        {
            errors.Add("No hedge group is given: name at least one underlying with a primary and a hedge leg.");
        }

        CheckAccounts(options, errors);
        var instruments = options.Groups.SelectMany(group => group.Hedges.Prepend(group.Primary)).Distinct().ToArray();
        errors.AddRange(ScenarioCheck.Run(
            options.Scenario,
            ScenarioFrame.Of(algorithm.StartDate, algorithm.EndDate.AddTicks(1), options.Accounts, instruments, options.Conversions, options.AccountCurrency, ScenarioHost)));
        var properties = SymbolPropertiesDatabase.FromDataFolder();
        foreach (var id in instruments.Concat(options.Conversions).Distinct())
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

    private static void CheckLive(ILiveVenues? live, CrossHedgeOptions options, List<string> errors)
    {
        if (live is null)
        {
            errors.Add("Live trading needs each venue's own account: set \"live-mode-brokerage\" to \"CrossHedgeBrokerage\".");
            return;
        }

        var known = live.Reports().Select(report => report.Account).ToArray();
        foreach (var account in options.Accounts.Where(account => !known.Contains(account.Name)))
        {
            errors.Add($"Account {account.Name} is no child of the brokerage; its children are {string.Join(", ", known)}: add it to crosshedge-children, or leave the account out.");
        }

        foreach (var report in live.Reports())
        {
            if (report.Settings is { } settings && options.Accounts.FirstOrDefault(account => account.Name == report.Account) is { } account && account.Routes.Any(route => route.Kind != InstrumentKind.Spot))
            {
                errors.AddRange(settings.Differences(account));
            }
        }

        if (options.StateFile is { } path && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        {
            errors.Add($"state-file '{path}': there is no folder {Path.GetDirectoryName(Path.GetFullPath(path))}: make it, or give another file.");
        }

        if (options.Scenario.Events.Count > 0)
        {
            errors.Add($"The scenario {options.Scenario.Name} cannot be played on live venues: give it to the paper exchange.");
        }
    }

    private static void CheckAccounts(CrossHedgeOptions options, List<string> errors)
    {
        foreach (var account in options.Accounts)
        {
            if (account.Routes.Select(route => route.Market).Distinct().Count() > 1)
            {
                errors.Add($"Account {account.Name} is claimed by the venues {string.Join(" and ", account.Routes.Select(route => route.Market).Distinct())}: an account is one login at one venue.");
            }
        }

        foreach (var shared in options.Accounts.SelectMany(account => account.Routes).GroupBy(route => route).Where(routes => routes.Count() > 1))
        {
            errors.Add($"Route {shared.Key} is served by {string.Join(" and ", options.Accounts.Where(account => account.Routes.Contains(shared.Key)).Select(account => account.Name))}: a route belongs to one account.");
        }

        foreach (var id in options.Groups.SelectMany(group => group.Hedges.Prepend(group.Primary)).Distinct())
        {
            var account = options.Accounts.FirstOrDefault(account => account.Routes.Contains(id.Route));
            if (account is null)
            {
                errors.Add($"{id}: no account serves the route {id.Route}: add one to the options.");
            }
            else if (id.Route.Kind != InstrumentKind.Spot && account.Profile.TiersOf(id.Ticker) is null)
            {
                errors.Add($"{id}: the profile {account.Profile.Name} has no margin brackets for {id.Ticker}: give the account's profile a fallback.");
            }
        }
    }
}
