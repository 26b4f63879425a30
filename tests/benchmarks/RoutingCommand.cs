using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using CrossHedgeLean.DataGeneration;
using CrossHedgeLean.Venues;
using QuantConnect;
using QuantConnect.Algorithm;
using QuantConnect.Brokerages;
using QuantConnect.Brokerages.CrossHedge;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Configuration;
using QuantConnect.Interfaces;
using QuantConnect.Orders;
using QuantConnect.Orders.Fees;
using QuantConnect.Securities;

namespace CrossHedgeLean.Benchmarks;

/// <summary>What the composite brokerage costs: orders in, order events out.</summary>
internal static class RoutingCommand
{
    private const int Orders = 20_000;
    private const int Events = 100_000;
    private const int Rounds = 15;

    private static readonly Option<string> Commit = new("--commit") { Description = "The commit measured, for the record.", Required = true };
    private static readonly Option<FileInfo> Output = new("--out") { Description = "The record to write.", Required = true };

    public static Command Create()
    {
        var command = new Command("routing", "Orders into the composite brokerage, and order events out of it, over two children.") { Commit, Output };
        command.SetAction(arguments =>
        {
            var data = Directory.CreateTempSubdirectory("crosshedge-routing-");
            DataGenerator.Generate(new GeneratorOptions { Days = 1 }, data.FullName, progress: null);
            Config.Set("data-folder", data.FullName);
            Globals.Reset();
            var rounds = Enumerable.Range(0, Rounds).Select(_ => Round()).Skip(3).ToArray();
            data.Delete(recursive: true);
            BenchmarkTools.Write(arguments.GetRequiredValue(Output), new
            {
                commit = arguments.GetRequiredValue(Commit),
                machine = BenchmarkTools.Machine,
                orders = Orders,
                events = 2 * Events,
                rounds = rounds.Length,
                medianMicrosecondsPerOrder = Median(rounds.Select(round => round.PerOrder)),
                medianEventsPerSecond = Math.Round(Median(rounds.Select(round => round.PerSecond))),
                lostOrReordered = rounds.Sum(round => round.Wrong),
            });
        });
        return command;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return Math.Round(sorted[sorted.Length / 2], 3);
    }

    private static (double PerOrder, double PerSecond, int Wrong) Round()
    {
        var algorithm = new QCAlgorithm();
        var known = new Dictionary<int, Order>();
        algorithm.Transactions.SetOrderProcessor(Known.Of(known));
        var settings = new CompositeSettings
        {
            Children =
            [
                new ChildSettings("binance", nameof(Child), [new Route("binance", InstrumentKind.LinearPerpetual)], true),
                new ChildSettings("bybit", nameof(Child), [new Route("bybit", InstrumentKind.LinearPerpetual)], true),
            ],
            CancelOnStop = false,
        };
        var children = settings.Children.ToDictionary(child => child.Name, child => new Child(child.Name));
        using var brokerage = new CrossHedgeBrokerage(algorithm, settings, children.ToDictionary(child => child.Key, child => (IBrokerage)child.Value), new ThreadLanes(TimeProvider.System));
        brokerage.Connect();
        var symbols = new[] { "binance", "bybit" }.Select(market => QuantConnect.Symbol.Create("BTCUSDT", SecurityType.CryptoFuture, market)).ToArray();
        var orders = Enumerable.Range(1, Orders).Select(id => OrderOf(id, symbols[id % 2])).ToArray();
        foreach (var order in orders)
        {
            known.Add(order.Id, order);
        }

        var begin = Stopwatch.GetTimestamp();
        foreach (var order in orders)
        {
            brokerage.PlaceOrder(order);
        }

        var perOrder = Stopwatch.GetElapsedTime(begin).TotalMicroseconds / Orders;
        SpinWait.SpinUntil(() => children.Values.Sum(child => child.Placed) == Orders);
        var wrong = 0;
        var last = new int[2];
        var heard = 0;
        ((IBrokerage)brokerage).OrdersStatusChanged += (_, events) =>
        {
            // The quantity is the event's number within its child.
            var (side, number) = (events[0].OrderId % 2, (int)events[0].FillQuantity);
            wrong += number == last[side] + 1 ? 0 : 1;
            last[side] = number;
            Interlocked.Increment(ref heard);
        };
        begin = Stopwatch.GetTimestamp();
        var threads = children.Values.Select((child, side) => new Thread(() =>
        {
            for (var number = 1; number <= Events; number++)
            {
                child.Raise(new OrderEvent(orders[side == 0 ? 1 : 0], DateTime.UnixEpoch, OrderFee.Zero) { Status = OrderStatus.PartiallyFilled, FillQuantity = number });
            }
        })).ToArray();
        foreach (var thread in threads)
        {
            thread.Start();
        }

        SpinWait.SpinUntil(() => Volatile.Read(ref heard) == 2 * Events, TimeSpan.FromSeconds(60));
        return (perOrder, heard / Stopwatch.GetElapsedTime(begin).TotalSeconds, wrong + (2 * Events) - heard);
    }

    private static Order OrderOf(int id, QuantConnect.Symbol symbol)
    {
        var order = new MarketOrder(symbol, 1m, DateTime.UnixEpoch);
        typeof(Order).GetProperty(nameof(Order.Id))!.SetValue(order, id);
        return order;
    }

    /// <summary>A child that takes every order at once.</summary>
    private sealed class Child(string name) : Brokerage(name)
    {
        private int _placed;

        public int Placed => Volatile.Read(ref _placed);

        public override bool IsConnected => true;

        public void Raise(OrderEvent happened) => OnOrderEvents([happened]);

        public override bool PlaceOrder(Order order)
        {
            Interlocked.Increment(ref _placed);
            return true;
        }

        public override bool UpdateOrder(Order order) => true;

        public override bool CancelOrder(Order order) => true;

        public override void Connect()
        {
        }

        public override void Disconnect()
        {
        }

        public override List<Order> GetOpenOrders() => [];

        public override List<Holding> GetAccountHoldings() => [];

        public override List<CashAmount> GetCashBalance() => [];
    }
}

/// <summary>Orders that LEAN knows.</summary>
internal class Known : DispatchProxy
{
    private Dictionary<int, Order> _orders = [];

    public static IOrderProcessor Of(Dictionary<int, Order> orders)
    {
        var processor = Create<IOrderProcessor, Known>();
        ((Known)(object)processor)._orders = orders;
        return processor;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        => targetMethod!.Name == nameof(IOrderProcessor.GetOrderById) ? _orders.GetValueOrDefault((int)args![0]!) : throw new NotSupportedException(targetMethod.Name);
}
