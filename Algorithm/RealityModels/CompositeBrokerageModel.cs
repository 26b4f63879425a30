#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using CrossHedgeLean.Scenarios;
using CrossHedgeLean.Venues;
using QuantConnect;
using QuantConnect.Benchmarks;
using QuantConnect.Brokerages;
using QuantConnect.Interfaces;
using QuantConnect.Orders;
using QuantConnect.Orders.Fees;
using QuantConnect.Orders.Fills;
using QuantConnect.Orders.Slippage;
using QuantConnect.Securities;

namespace CrossHedgeLean.RealityModels;

/// <summary>
/// One brokerage model over many venues: every member is answered by LEAN's own model of the security's route. LEAN's
/// models never look at a symbol's market, so a symbol of an unmapped venue would silently get another venue's fees:
/// here it is refused, when the security is added and when an order is submitted. With accounts, fills, fees, margin and
/// funding come from the security's own account.
/// </summary>
/// <remarks>
/// Derives from <see cref="DefaultBrokerageModel"/> because LEAN asks a brokerage model for its name by type. Splits stay
/// with the base: coins do not split, and no venue model of LEAN's answers them differently.
/// </remarks>
public sealed class CompositeBrokerageModel : DefaultBrokerageModel, IVenueTrouble
{
    private static readonly DefaultBrokerageModel InternalFeedModel = new(AccountType.Cash);

    private readonly Dictionary<Route, IBrokerageModel> _models;
    private readonly string _routeNames;

    /// <summary>Creates the model.</summary>
    /// <param name="models">The model of each route; the order is that of error messages.</param>
    /// <param name="conversionMarket">The market whose spot pairs convert currencies; it also decides which stable coins LEAN pegs.</param>
    /// <exception cref="ArgumentException">No route is given.</exception>
    public CompositeBrokerageModel(IReadOnlyCollection<KeyValuePair<Route, IBrokerageModel>> models, string conversionMarket)
        : base(AccountType.Margin)
    {
        if (models.Count == 0)
        {
            throw new ArgumentException("A composite brokerage model needs at least one route.", nameof(models));
        }

        _models = new Dictionary<Route, IBrokerageModel>(models);
        _routeNames = string.Join(", ", models.Select(entry => entry.Key.ToString()));
        RequiredFreeBuyingPowerPercent = models.Max(entry => entry.Value.RequiredFreeBuyingPowerPercent);
        var markets = base.DefaultMarkets.ToDictionary(entry => entry.Key, entry => entry.Value);
        markets[SecurityType.Crypto] = conversionMarket;
        DefaultMarkets = markets;
    }

    /// <summary>The accounts that margin, fills, fees and funding are taken from; null: LEAN's own models, over one pooled cash book.</summary>
    public SimulatedAccounts? Accounts { get; init; }

    /// <summary>Asked of each order, and each larger quantity of one, that the venue's own rules let pass: what speaks against it, or null.</summary>
    internal Func<Security, decimal, int, string?>? Gate { get; set; }

    /// <inheritdoc />
    public override decimal RequiredFreeBuyingPowerPercent { get; }

    /// <inheritdoc />
    public override IReadOnlyDictionary<SecurityType, string> DefaultMarkets { get; }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool CanSubmitOrder(Security security, Order order, out BrokerageMessageEvent? message)
    {
        if (TryGetModel(security) is { } model)
        {
            // The venue's own forced order obeys none of its rules for customers.
            message = null;
            return Accounts?.ForcedBy(security, order) is not null
                || (model.CanSubmitOrder(security, order, out message)
                    && PassesGate(security, order.Quantity, order.Id, out message)
                    && PassesVenue(security, order.Quantity, out message));
        }

        message = new BrokerageMessageEvent(BrokerageMessageType.Warning, "NotSupported", Unmapped(security));
        return false;
    }

    /// <inheritdoc />
    public override bool CanUpdateOrder(Security security, Order order, UpdateOrderRequest request, out BrokerageMessageEvent? message)
    {
        if (TryGetModel(security) is { } model)
        {
            return model.CanUpdateOrder(security, order, request, out message)
                && (request.Quantity is not { } quantity || PassesGate(security, quantity - order.Quantity, 0, out message))
                && PassesVenue(security, (request.Quantity ?? order.Quantity) - (Accounts?.FilledOf(order) ?? 0m), out message);
        }

        message = new BrokerageMessageEvent(BrokerageMessageType.Warning, "NotSupported", Unmapped(security));
        return false;
    }

    /// <inheritdoc />
    public bool RefusesCancel(string market, int orderId) => Accounts?.RefusesCancel(market, orderId) == true;

    /// <inheritdoc />
    public override bool CanExecuteOrder(Security security, Order order) => ModelOf(security).CanExecuteOrder(security, order);

    /// <inheritdoc />
    public override decimal GetLeverage(Security security) => ModelOf(security).GetLeverage(security);

    /// <summary>A flat line: the default would subscribe to SPY.</summary>
    public override IBenchmark GetBenchmark(SecurityManager securities) => new FuncBenchmark(_ => 0m);

    /// <inheritdoc />
    public override IFillModel GetFillModel(Security security)
    {
        var model = ModelOf(security).GetFillModel(security);
        return AccountsOf(security) is { } accounts ? new AccountFillModel(model, (AccountFeeModel)GetFeeModel(security), accounts) : model;
    }

    /// <inheritdoc />
    public override IFeeModel GetFeeModel(Security security)
    {
        var model = ModelOf(security).GetFeeModel(security);
        return AccountsOf(security) is { } accounts ? new AccountFeeModel(model, accounts) : model;
    }

    /// <inheritdoc />
    public override ISlippageModel GetSlippageModel(Security security) => ModelOf(security).GetSlippageModel(security);

    /// <inheritdoc />
    public override ISettlementModel GetSettlementModel(Security security) => ModelOf(security).GetSettlementModel(security);

    /// <inheritdoc />
    public override IBuyingPowerModel GetBuyingPowerModel(Security security)
        => AccountsOf(security) is { } accounts ? new AccountBuyingPowerModel(accounts) : ModelOf(security).GetBuyingPowerModel(security);

    /// <inheritdoc />
    public override IShortableProvider GetShortableProvider(Security security) => ModelOf(security).GetShortableProvider(security);

    /// <inheritdoc />
    public override IMarginInterestRateModel GetMarginInterestRateModel(Security security)
        => AccountsOf(security) is { } accounts && security.Type == SecurityType.CryptoFuture
            ? new AccountFundingModel(accounts)
            : ModelOf(security).GetMarginInterestRateModel(security);

    private bool PassesGate(Security security, decimal quantity, int orderId, out BrokerageMessageEvent? message)
    {
        message = Gate?.Invoke(security, quantity, orderId) is { } refusal
            ? new BrokerageMessageEvent(BrokerageMessageType.Warning, "HedgeGate", refusal)
            : null;
        return message is null;
    }

    private bool PassesVenue(Security security, decimal quantity, out BrokerageMessageEvent? message)
    {
        message = Accounts?.VenueRefusal(security, quantity) is { } refusal
            ? new BrokerageMessageEvent(BrokerageMessageType.Warning, "Venue", refusal)
            : null;
        return message is null;
    }

    private SimulatedAccounts? AccountsOf(Security security) => TryGetModel(security) is null ? null : Accounts;

    private IBrokerageModel ModelOf(Security security)
        => TryGetModel(security)
            ?? (security.Subscriptions.Any() && security.Subscriptions.All(config => config.IsInternalFeed)
                ? InternalFeedModel
                : throw new InvalidOperationException(Unmapped(security)));

    private IBrokerageModel? TryGetModel(Security security)
        => Routes.Of(security) is { } route && _models.TryGetValue(route, out var model) ? model : null;

    private string Unmapped(Security security)
        => $"{security.Symbol.Value}: no venue serves the route {Routes.Of(security)?.ToString() ?? $"{security.Symbol.ID.Market}:{security.Type}"}; mapped routes are {_routeNames}.";
}
