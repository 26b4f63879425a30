using System;
using System.Collections.Generic;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Configuration;
using QuantConnect.Interfaces;
using QuantConnect.Packets;
using QuantConnect.Securities;

namespace QuantConnect.Brokerages.CrossHedge.PaperExchange;

/// <summary>Makes children for the paper exchange; its setting is <c>paper-exchange</c>, the address.</summary>
public sealed class PaperBrokerageFactory : BrokerageFactory
{
    /// <summary>The setting that holds the exchange's address.</summary>
    public const string AddressKey = "paper-exchange";

    /// <summary>Creates the factory.</summary>
    public PaperBrokerageFactory()
        : base(typeof(PaperBrokerage))
    {
    }

    /// <inheritdoc />
    public override Dictionary<string, string> BrokerageData => new()
    {
        [AddressKey] = Config.Get(AddressKey, TcpPaperConnector.DefaultAddress),
    };

    /// <inheritdoc />
    public override IBrokerageModel GetBrokerageModel(IOrderProvider orderProvider) => new DefaultBrokerageModel();

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The account or the address is missing or wrong.</exception>
    public override IBrokerage CreateBrokerage(LiveNodePacket job, IAlgorithm algorithm)
    {
        var address = job.BrokerageData.GetValueOrDefault(AddressKey, TcpPaperConnector.DefaultAddress);
        if (!TcpPaperConnector.TryParse(address, out _))
        {
            throw new ArgumentException($"{AddressKey} '{address}' is no address: write it as {TcpPaperConnector.DefaultAddress}.");
        }

        if (job.BrokerageData.GetValueOrDefault(CompositeSettings.AccountKey) is not { Length: > 0 } account)
        {
            throw new ArgumentException($"a {nameof(PaperBrokerage)} is a child of {nameof(CrossHedgeBrokerage)}: make that the live-mode-brokerage.");
        }

        return new PaperBrokerage(account, new TcpPaperConnector(address, new ThreadLanes(TimeProvider.System)), TimeProvider.System);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
    }
}
