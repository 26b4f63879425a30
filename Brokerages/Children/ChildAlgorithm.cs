using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using CrossHedgeLean.Venues;
using QuantConnect.Interfaces;
using QuantConnect.Orders;
using QuantConnect.Securities;

namespace QuantConnect.Brokerages.CrossHedge.Children;

/// <summary>
/// The algorithm as a child sees it: with the brokerage model of its own venue, by which children choose how they log in,
/// and with the orders of its own routes, because ids of two venues may be equal. Securities are found but not listed: of
/// a venue that holds nothing, LEAN's own brokerages report what the algorithm holds. All else is the algorithm's.
/// </summary>
/// <remarks>
/// Must not be sealed for <see cref="DispatchProxy"/>. A child that asks for LEAN's own class instead of the interface
/// does not work behind it.
/// </remarks>
internal class ChildAlgorithm : DispatchProxy
{
    private IAlgorithm _algorithm = null!;
    private IBrokerageModel _model = null!;
    private SecurityTransactionManager _transactions = null!;
    private ChildSecurities _securities = null!;

    /// <summary>The algorithm for a child.</summary>
    /// <param name="algorithm">The real one.</param>
    /// <param name="model">The model of the child's venue.</param>
    /// <param name="routes">What the child trades.</param>
    /// <param name="accountType">Instead of the model's; null: the model's.</param>
    public static IAlgorithm Create(IAlgorithm algorithm, IBrokerageModel model, IReadOnlyList<Route> routes, AccountType? accountType = null)
    {
        var child = Create<IAlgorithm, ChildAlgorithm>();
        var proxy = (ChildAlgorithm)(object)child;
        proxy._algorithm = algorithm;
        proxy._model = accountType is { } type && type != model.AccountType ? ChildModel.Create(model, type) : model;
        proxy._transactions = new SecurityTransactionManager(algorithm, algorithm.Securities);
        proxy._transactions.SetOrderProcessor(ChildOrders.Create(algorithm, routes));
        proxy._securities = new ChildSecurities(algorithm);
        return child;
    }

    /// <inheritdoc />
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        => targetMethod!.Name switch
        {
            "get_" + nameof(IAlgorithm.BrokerageModel) => _model,
            "get_" + nameof(IAlgorithm.Transactions) => _transactions,
            "get_" + nameof(IAlgorithm.Securities) => _securities,
            "get_" + nameof(IAlgorithm.Portfolio) => ChildPortfolio.Of(_algorithm.Portfolio, _transactions),
            _ => Call(targetMethod, _algorithm, args),
        };

    /// <summary>Calls through, and lets the error out as it was thrown.</summary>
    internal static object? Call(MethodInfo method, object target, object?[]? args)
    {
        try
        {
            return method.Invoke(target, args);
        }
        catch (TargetInvocationException error) when (error.InnerException is { } inner)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }
}

/// <summary>A brokerage model with another account type, by which children choose the venue's account and whether spot borrows.</summary>
internal class ChildModel : DispatchProxy
{
    private IBrokerageModel _model = null!;
    private AccountType _accountType;

    /// <summary>The model for a child.</summary>
    public static IBrokerageModel Create(IBrokerageModel model, AccountType accountType)
    {
        var child = Create<IBrokerageModel, ChildModel>();
        var proxy = (ChildModel)(object)child;
        (proxy._model, proxy._accountType) = (model, accountType);
        return child;
    }

    /// <inheritdoc />
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        => targetMethod!.Name == "get_" + nameof(IBrokerageModel.AccountType) ? _accountType : ChildAlgorithm.Call(targetMethod, _model, args);
}

/// <summary>Finds every security of the algorithm and lists none.</summary>
internal sealed class ChildSecurities(IAlgorithm algorithm) : SecurityManager(algorithm.TimeKeeper)
{
    /// <inheritdoc />
    public override Security this[Symbol symbol]
    {
        get => algorithm.Securities[symbol];
        set => throw new NotSupportedException($"a child does not add {symbol.Value} to the algorithm");
    }

    /// <inheritdoc />
    public override bool ContainsKey(Symbol symbol) => algorithm.Securities.ContainsKey(symbol);

    /// <inheritdoc />
    public override bool TryGetValue(Symbol symbol, out Security security) => algorithm.Securities.TryGetValue(symbol, out security);
}

/// <summary>The algorithm's portfolio with the orders of a child's own routes: some children take the orders from there.</summary>
internal static class ChildPortfolio
{
    private static readonly MethodInfo s_copy = typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!;
    private static readonly PropertyInfo s_transactions = typeof(SecurityPortfolioManager).GetProperty(nameof(SecurityPortfolioManager.Transactions))!;

    /// <summary>A portfolio over the same cash and securities. Made anew at each call, as the algorithm may change its currency.</summary>
    /// <param name="portfolio">The algorithm's.</param>
    /// <param name="transactions">The child's.</param>
    public static SecurityPortfolioManager Of(SecurityPortfolioManager portfolio, SecurityTransactionManager transactions)
    {
        var copy = (SecurityPortfolioManager)s_copy.Invoke(portfolio, null)!;
        s_transactions.SetValue(copy, transactions);
        copy.InvalidateTotalPortfolioValue();
        return copy;
    }
}

/// <summary>The orders of the algorithm that take certain routes; the processor behind it is looked up at each call, as LEAN sets it late.</summary>
internal class ChildOrders : DispatchProxy
{
    private IAlgorithm _algorithm = null!;
    private IReadOnlyList<Route> _routes = [];

    /// <summary>The orders of some routes.</summary>
    public static IOrderProcessor Create(IAlgorithm algorithm, IReadOnlyList<Route> routes)
    {
        var orders = Create<IOrderProcessor, ChildOrders>();
        var proxy = (ChildOrders)(object)orders;
        (proxy._algorithm, proxy._routes) = (algorithm, routes);
        return orders;
    }

    /// <inheritdoc />
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var transactions = _algorithm.Transactions;
        var method = targetMethod!.DeclaringType == typeof(IOrderProcessor) && targetMethod.Name == nameof(IOrderProcessor.Process)
            ? typeof(SecurityTransactionManager).GetMethod(nameof(SecurityTransactionManager.ProcessRequest))!
            : typeof(SecurityTransactionManager).GetMethod(targetMethod.Name, targetMethod.GetParameters().Select(parameter => parameter.ParameterType).ToArray()) ?? targetMethod;
        return ChildAlgorithm.Call(method, transactions, args) switch
        {
            Order order => IsOurs(order.Symbol) ? order : null,
            OrderTicket ticket => IsOurs(ticket.Symbol) ? ticket : null,
            List<Order> orders => orders.FindAll(order => IsOurs(order.Symbol)),
            IEnumerable<Order> orders => orders.Where(order => IsOurs(order.Symbol)).ToArray(),
            IEnumerable<OrderTicket> tickets => tickets.Where(ticket => IsOurs(ticket.Symbol)).ToArray(),
            var other => other,
        };
    }

    private bool IsOurs(Symbol symbol) => SymbolRoutes.Of(symbol) is { } route && _routes.Contains(route);
}
