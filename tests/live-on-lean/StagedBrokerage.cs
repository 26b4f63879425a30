using System;
using System.Collections.Generic;
using QuantConnect.Brokerages;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;
using QuantConnect.Interfaces;
using QuantConnect.Packets;
using QuantConnect.Securities;

namespace QuantConnect.CrossHedge.LiveOnLean;

/// <summary>The name under which a configuration asks for a paper child behind a network that a test has in its hands.</summary>
public abstract class StagedBrokerage : Brokerage
{
    private StagedBrokerage()
        : base("staged")
    {
    }

    /// <summary>The network.</summary>
    public static Func<IPaperConnector, IPaperConnector> Network { get; set; } = exchange => exchange;
}

/// <summary>Makes the child.</summary>
public sealed class StagedBrokerageFactory : BrokerageFactory
{
    private readonly PaperBrokerageFactory _paper = new();

    /// <summary>Creates the factory.</summary>
    public StagedBrokerageFactory()
        : base(typeof(StagedBrokerage))
    {
    }

    /// <inheritdoc />
    public override Dictionary<string, string> BrokerageData => _paper.BrokerageData;

    /// <inheritdoc />
    public override IBrokerageModel GetBrokerageModel(IOrderProvider orderProvider) => _paper.GetBrokerageModel(orderProvider);

    /// <inheritdoc />
    public override IBrokerage CreateBrokerage(LiveNodePacket job, IAlgorithm algorithm)
        => new PaperBrokerage(
            job.BrokerageData[CompositeSettings.AccountKey],
            StagedBrokerage.Network(new TcpPaperConnector(job.BrokerageData[PaperBrokerageFactory.AddressKey], new ThreadLanes(TimeProvider.System))),
            TimeProvider.System);

    /// <inheritdoc />
    public override void Dispose() => _paper.Dispose();
}
