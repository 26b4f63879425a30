using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using CrossHedgeLean.Accounts;
using QuantConnect.Brokerages;
using QuantConnect.Brokerages.CrossHedge;
using QuantConnect.Interfaces;
using QuantConnect.Packets;
using QuantConnect.Securities;

namespace QuantConnect.CrossHedge.LiveOnLean;

/// <summary>What the composite is to LEAN and to the algorithm.</summary>
public interface ITracedBrokerage : IBrokerage, ILiveVenues;

/// <summary>
/// The composite with every call of LEAN's written down, one a line, in the file that the variable LIVE_trace names: what
/// LeanSim's live contract is held to. The questions of each step are left out.
/// </summary>
public class TracedBrokerage : DispatchProxy
{
    private static readonly HashSet<string> OfEachStep =
    [
        nameof(IBrokerage.ShouldPerformCashSync), nameof(IBrokerage.PerformCashSync), nameof(IBrokerage.PlaceOrder), nameof(IBrokerage.CancelOrder), nameof(IBrokerage.UpdateOrder),
        nameof(ILiveVenues.Reports), nameof(ILiveVenues.HealthOf), nameof(ILiveVenues.TakeEntries), nameof(ILiveVenues.TakesExitsOnly), nameof(ILiveVenues.Commanded), nameof(ILiveVenues.Doubt), nameof(ILiveVenues.Trust), nameof(ILiveVenues.Arrived), "get_" + nameof(ILiveVenues.Unexplained), "get_ConcurrencyEnabled", "get_LastSyncDateTimeUtc", "get_Name",
    ];

    private CrossHedgeBrokerage _brokerage = null!;
    private Action<string> _write = Write;

    /// <summary>Wraps the composite.</summary>
    /// <param name="brokerage">The composite.</param>
    /// <param name="write">Takes each call.</param>
    public static ITracedBrokerage Of(CrossHedgeBrokerage brokerage, Action<string> write)
    {
        var traced = Create<ITracedBrokerage, TracedBrokerage>();
        var proxy = (TracedBrokerage)(object)traced;
        (proxy._brokerage, proxy._write) = (brokerage, write);
        return traced;
    }

    /// <summary>Writes a call down.</summary>
    public static void Write(string call)
    {
        if (Environment.GetEnvironmentVariable("LIVE_trace") is { Length: > 0 } path)
        {
            File.AppendAllText(path, call + "\n");
        }
    }

    /// <inheritdoc />
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var name = targetMethod!.Name;
        if (!OfEachStep.Contains(name))
        {
            _write(name);
        }

        return targetMethod.Invoke(_brokerage, args);
    }
}

/// <summary>Makes the traced composite.</summary>
public sealed class TracedBrokerageFactory : BrokerageFactory
{
    private readonly CrossHedgeBrokerageFactory _factory = new();

    /// <summary>Creates the factory.</summary>
    public TracedBrokerageFactory()
        : base(typeof(TracedBrokerage))
    {
    }

    /// <inheritdoc />
    public override Dictionary<string, string> BrokerageData => _factory.BrokerageData;

    /// <inheritdoc />
    public override IBrokerageModel GetBrokerageModel(IOrderProvider orderProvider)
    {
        TracedBrokerage.Write(nameof(GetBrokerageModel));
        return _factory.GetBrokerageModel(orderProvider);
    }

    /// <inheritdoc />
    public override IBrokerageMessageHandler CreateBrokerageMessageHandler(IAlgorithm algorithm, AlgorithmNodePacket job, IApi api)
    {
        TracedBrokerage.Write(nameof(CreateBrokerageMessageHandler));
        return _factory.CreateBrokerageMessageHandler(algorithm, job, api);
    }

    /// <inheritdoc />
    public override IBrokerage CreateBrokerage(LiveNodePacket job, IAlgorithm algorithm)
    {
        TracedBrokerage.Write(nameof(CreateBrokerage));
        return TracedBrokerage.Of((CrossHedgeBrokerage)_factory.CreateBrokerage(job, algorithm), TracedBrokerage.Write);
    }

    /// <inheritdoc />
    public override void Dispose() => _factory.Dispose();
}
