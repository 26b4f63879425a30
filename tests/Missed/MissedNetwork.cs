using System;
using System.Collections.Generic;
using System.IO;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;

namespace CrossHedgeLean.Tests.Missed;

/// <summary>Between the children and the exchange: what is said to an account may be lost, said twice, or find the line cut.</summary>
/// <param name="missed">What becomes of what is said.</param>
internal sealed class MissedNetwork(MissedEvent missed)
{
    private readonly List<string> _sent = [];

    /// <summary>The orders that were sent, each by its own id; not those of the market data.</summary>
    public IReadOnlyList<string> Sent
    {
        get
        {
            lock (_sent)
            {
                return [.. _sent];
            }
        }
    }

    /// <summary>The way to an exchange through this network.</summary>
    public IPaperConnector To(IPaperConnector exchange) => new Connector(this, exchange);

    private bool IsCut(string account) => missed.IsCut(account);

    private sealed class Connector(MissedNetwork network, IPaperConnector exchange) : IPaperConnector
    {
        public IPaperLink Open(string? account, Action<PaperMessage> received)
        {
            if (account is null)
            {
                return exchange.Open(null, received);
            }

            if (network.IsCut(account))
            {
                throw new IOException("the network is down");
            }

            var line = new Line(network, account);
            line.Link = exchange.Open(account, message => network.Hear(account, message, received));
            return line;
        }
    }

    private void Hear(string account, PaperMessage message, Action<PaperMessage> received)
    {
        if (IsCut(account))
        {
            return;
        }

        foreach (var heard in missed.Heard(account, message))
        {
            received(heard);
        }
    }

    private sealed class Line(MissedNetwork network, string account) : IPaperLink
    {
        public IPaperLink? Link { get; set; }

        public bool IsOpen
        {
            get
            {
                Cut();
                return Link!.IsOpen;
            }
        }

        public void Send(PaperMessage message)
        {
            Cut();
            if (message.Kind == PaperMessageKind.Submit)
            {
                lock (network._sent)
                {
                    network._sent.Add(message.ClientId!);
                }
            }

            Link!.Send(message);
        }

        public void Dispose() => Link!.Dispose();

        private void Cut()
        {
            if (network.IsCut(account))
            {
                Link!.Dispose();
            }
        }
    }
}
