using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using QuantConnect.Brokerages;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;
using QuantConnect.Configuration;
using QuantConnect.Interfaces;
using QuantConnect.Logging;
using QuantConnect.Orders;
using QuantConnect.Packets;
using QuantConnect.Securities;

namespace QuantConnect.CrossHedge.LiveOnLean;

/// <summary>
/// A paper child that misbehaves at set times, as in <c>"trouble": "20:error,30:disconnect,40:hang:60"</c>: seconds after it
/// connected, what it does, and for how long an order hangs in it.
/// </summary>
public sealed class TroubledBrokerage : Brokerage
{
    private readonly PaperBrokerage _paper;
    private readonly TimeProvider _time;
    private readonly List<(TimeSpan At, string What, TimeSpan For)> _plan;
    private readonly List<ITimer> _timers = [];
    private DateTimeOffset _hangsUntil = DateTimeOffset.MinValue;

    /// <summary>Creates the child.</summary>
    /// <param name="paper">What it does when it behaves.</param>
    /// <param name="plan">As in the summary.</param>
    /// <param name="time">The clock.</param>
    public TroubledBrokerage(PaperBrokerage paper, string plan, TimeProvider time)
        : base("troubled " + paper.Name)
    {
        _paper = paper;
        _time = time;
        _plan = plan.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Read).ToList();
        paper.OrdersStatusChanged += (_, events) => OnOrderEvents(events);
        paper.Message += (_, message) => OnMessage(message);
    }

    /// <inheritdoc />
    public override bool IsConnected => _paper.IsConnected;

    /// <inheritdoc />
    public override void Connect()
    {
        _paper.Connect();
        if (_timers.Count == 0)
        {
            _timers.AddRange(_plan.Select(step => _time.CreateTimer(_ => Do(step.What, step.For), null, step.At, Timeout.InfiniteTimeSpan)));
        }
    }

    /// <inheritdoc />
    public override void Disconnect()
    {
        _timers.ForEach(timer => timer.Dispose());
        _paper.Disconnect();
    }

    /// <inheritdoc />
    public override bool PlaceOrder(Order order)
    {
        var left = _hangsUntil - _time.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            Log.Trace($"TroubledBrokerage: order {order.Id} hangs for {left.TotalSeconds:0.0} s");
            using var over = new SemaphoreSlim(0);
            using var timer = _time.CreateTimer(_ => over.Release(), null, left, Timeout.InfiniteTimeSpan);
            over.Wait();
        }

        return _paper.PlaceOrder(order);
    }

    /// <inheritdoc />
    public override bool UpdateOrder(Order order) => _paper.UpdateOrder(order);

    /// <inheritdoc />
    public override bool CancelOrder(Order order) => _paper.CancelOrder(order);

    /// <inheritdoc />
    public override List<Order> GetOpenOrders() => _paper.GetOpenOrders();

    /// <inheritdoc />
    public override List<Holding> GetAccountHoldings() => _paper.GetAccountHoldings();

    /// <inheritdoc />
    public override List<CashAmount> GetCashBalance() => _paper.GetCashBalance();

    private static (TimeSpan At, string What, TimeSpan For) Read(string step)
    {
        var parts = step.Split(':');
        return (Seconds(parts[0]), parts[1], parts.Length > 2 ? Seconds(parts[2]) : TimeSpan.Zero);

        static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));
    }

    private void Do(string what, TimeSpan time)
    {
        Log.Trace($"TroubledBrokerage: {what}");
        switch (what)
        {
            case "error":
                OnMessage(new BrokerageMessageEvent(BrokerageMessageType.Error, "parse", "cannot parse a message"));
                break;
            case "disconnect":
                OnMessage(new BrokerageMessageEvent(BrokerageMessageType.Disconnect, "socket", "socket closed"));
                break;
            case "reconnect":
                OnMessage(new BrokerageMessageEvent(BrokerageMessageType.Reconnect, "socket", "socket open"));
                break;
            case "hang":
                _hangsUntil = _time.GetUtcNow() + time;
                break;
        }
    }
}

/// <summary>Makes the child.</summary>
public sealed class TroubledBrokerageFactory : BrokerageFactory
{
    private readonly PaperBrokerageFactory _paper = new();

    /// <summary>Creates the factory.</summary>
    public TroubledBrokerageFactory()
        : base(typeof(TroubledBrokerage))
    {
    }

    /// <inheritdoc />
    public override Dictionary<string, string> BrokerageData => new(_paper.BrokerageData) { ["trouble"] = Config.Get("trouble") };

    /// <inheritdoc />
    public override IBrokerageModel GetBrokerageModel(IOrderProvider orderProvider) => _paper.GetBrokerageModel(orderProvider);

    /// <inheritdoc />
    public override IBrokerage CreateBrokerage(LiveNodePacket job, IAlgorithm algorithm)
        => new TroubledBrokerage((PaperBrokerage)_paper.CreateBrokerage(job, algorithm), job.BrokerageData.TryGetValue("trouble", out var plan) ? plan : "", TimeProvider.System);

    /// <inheritdoc />
    public override void Dispose() => _paper.Dispose();
}
