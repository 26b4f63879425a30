using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Brokerages;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Interfaces;
using QuantConnect.Orders;

namespace CrossHedgeLean.Tests.Brokerages;

/// <summary>
/// What the composite expects of a child. Whoever writes one derives a fixture from this and says how his child is made and
/// how its venue goes on; the rules then run on it. It holds for LEAN's own brokerages too, which find an order of which
/// their venue tells through the algorithm: see <see cref="AlgorithmFor"/>.
/// </summary>
public abstract class ChildContract
{
    private Dictionary<int, Order> _orders = [];

    /// <summary>Makes a child that is not connected yet, to a venue where the account holds 100,000 USDT and nothing else.</summary>
    protected abstract IBrokerage Create();

    /// <summary>A symbol that the child trades and that has a price.</summary>
    protected abstract Symbol Symbol { get; }

    /// <summary>An order of that symbol that fills at once, and one that rests.</summary>
    protected abstract (decimal Quantity, decimal RestingLimit) Sizes { get; }

    /// <summary>Lets the venue go on until a condition holds, at most for a while.</summary>
    protected abstract bool Wait(Func<bool> condition);

    /// <summary>An algorithm that knows the orders of the running test, as the composite shows it to a child.</summary>
    /// <param name="model">The model of the child's factory.</param>
    protected IAlgorithm AlgorithmFor(IBrokerageModel model)
    {
        var algorithm = new QCAlgorithm();
        algorithm.Transactions.SetOrderProcessor(KnownOrders.Of(_orders));
        return ChildAlgorithm.Create(algorithm, model, [SymbolRoutes.Of(Symbol)!.Value]);
    }

    /// <summary>A child of the test before may still be listening: it knows the orders of its own test only.</summary>
    [SetUp]
    public void ForgetOrders() => _orders = [];

    [Test]
    public void ItConnectsAndASecondCallChangesNothing()
    {
        using var child = Create();
        child.Connect();
        child.Connect();

        Assert.That(child.IsConnected, Is.True);
    }

    [Test]
    public void ItsCashIsTheAccountsAndNoCurrencyStandsTwice()
    {
        using var child = Connected();
        var cash = child.GetCashBalance();

        Assert.That(cash.Single(balance => balance.Currency == "USDT").Amount, Is.EqualTo(100_000m));
        Assert.That(cash.Select(balance => balance.Currency), Is.Unique);
        Assert.That(child.GetAccountHoldings().Where(holding => holding.Quantity != 0m), Is.Empty);
        Assert.That(child.GetOpenOrders(), Is.Empty);
    }

    [Test]
    public void AnOrderIsSubmittedAndThenFilledAndHasABrokerId()
    {
        using var child = Connected();
        var events = Listen(child);
        var order = Market(1, Sizes.Quantity);
        Assert.That(child.PlaceOrder(order), Is.True);
        Assert.That(Wait(() => events.Exists(happened => happened.Status == OrderStatus.Filled)), Is.True);

        Assert.That(events.Select(happened => happened.Status), Is.EqualTo(new[] { OrderStatus.Submitted, OrderStatus.Filled }).Or.EqualTo(new[] { OrderStatus.Submitted, OrderStatus.PartiallyFilled, OrderStatus.Filled }));
        Assert.That(events.Select(happened => happened.OrderId), Is.All.EqualTo(1));
        Assert.That(events.Sum(happened => happened.FillQuantity), Is.EqualTo(Sizes.Quantity));
        Assert.That(events[^1].FillPrice, Is.GreaterThan(0m));
        Assert.That(order.BrokerId, Has.Count.EqualTo(1));
        Assert.That(Wait(() => child.GetAccountHoldings().Exists(holding => holding.Symbol == Symbol && holding.Quantity == Sizes.Quantity)), Is.True);
    }

    [Test]
    public void ARestingOrderIsOpenUntilItIsCanceled()
    {
        using var child = Connected();
        var events = Listen(child);
        var order = Resting(1);
        child.PlaceOrder(order);
        Assert.That(Wait(() => events.Exists(happened => happened.Status == OrderStatus.Submitted)), Is.True);
        Assert.That(Wait(() => child.GetOpenOrders().Count == 1), Is.True);
        Assert.That(child.CancelOrder(order), Is.True);

        Assert.That(Wait(() => events.Exists(happened => happened.Status == OrderStatus.Canceled)), Is.True);
        Assert.That(events.Sum(happened => happened.FillQuantity), Is.Zero);
        Assert.That(Wait(() => child.GetOpenOrders().Count == 0), Is.True);
    }

    [Test]
    public void AnOrderThatTheVenueRefusesIsInvalidOrNotTaken()
    {
        using var child = Connected();
        var events = Listen(child);
        var taken = child.PlaceOrder(Market(1, Sizes.Quantity * 1_000_000m));

        Assert.That(!taken || Wait(() => events.Exists(happened => happened.Status == OrderStatus.Invalid)), Is.True);
        Assert.That(events.Sum(happened => happened.FillQuantity), Is.Zero);
    }

    [Test]
    public void ItDoesNotCancelWhatItNeverHad()
    {
        using var child = Connected();
        var events = Listen(child);
        var taken = false;
        try
        {
            taken = child.CancelOrder(Resting(77));
        }
        catch (Exception error) when (error is not AssertionException)
        {
            // To throw is as good as to say no.
        }

        Assert.That(taken, Is.False);
        Assert.That(events, Is.Empty);
    }

    [Test]
    public void ItTellsOfNoAccountCurrencyAndChangesNoCashByItself()
    {
        using var child = Create();

        Assert.That(child.AccountInstantlyUpdated, Is.False);
    }

    [Test]
    public void ItEndsTwiceWithoutAnError()
    {
        var child = Connected();
        child.Disconnect();
        child.Disconnect();
        child.Dispose();
        child.Dispose();

        Assert.That(child.IsConnected, Is.False);
    }

    /// <summary>A market order.</summary>
    protected Order Market(int id, decimal quantity) => With(id, new MarketOrder(Symbol, quantity, DateTime.UnixEpoch));

    /// <summary>An order that rests.</summary>
    protected Order Resting(int id) => With(id, new LimitOrder(Symbol, Sizes.Quantity, Sizes.RestingLimit, DateTime.UnixEpoch));

    /// <summary>A child that is connected and knows its account: the composite sends no order to one that it has not asked for it.</summary>
    protected IBrokerage Connected()
    {
        var child = Create();
        child.Connect();
        child.GetCashBalance();
        Assert.That(Wait(() => child.IsConnected), Is.True);
        return child;
    }

    /// <summary>What the child says of orders; their status follows, as in LEAN.</summary>
    protected List<OrderEvent> Listen(IBrokerage child)
    {
        var events = new List<OrderEvent>();
        var orders = _orders;
        child.OrdersStatusChanged += (_, happened) =>
        {
            lock (events)
            {
                events.AddRange(happened);
                foreach (var orderEvent in happened)
                {
                    orders[orderEvent.OrderId].Status = orderEvent.Status;
                }
            }
        };
        return events;
    }

    private Order With(int id, Order order)
    {
        typeof(Order).GetProperty(nameof(Order.Id))!.SetValue(order, id);
        _orders[id] = order;
        return order;
    }
}
