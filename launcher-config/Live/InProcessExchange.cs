using System;
using System.IO;
using CrossHedgeLean.PaperExchange;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;

namespace CrossHedgeLean.Live;

/// <summary>
/// The paper exchange in this process, for runs under a virtual clock: the same venues and the same messages as over a
/// connection, each way on a lane.
/// </summary>
internal sealed class InProcessExchange : IPaperConnector
{
    private readonly PaperVenues _venues;
    private readonly ILanes _lanes;
    private readonly ILane _inbound;

    /// <summary>Opens the exchange.</summary>
    /// <param name="venues">The venues.</param>
    /// <param name="lanes">Where the work is done.</param>
    public InProcessExchange(PaperVenues venues, ILanes lanes)
    {
        _venues = venues;
        _lanes = lanes;
        _inbound = lanes.Open("venues");
    }

    /// <inheritdoc />
    public IPaperLink Open(string? account, Action<PaperMessage> received)
    {
        var link = new Link(this, _lanes.Open($"{account ?? "data"} from the exchange"), received);
        var session = _venues.Join(link, new PaperMessage { Kind = PaperMessageKind.Hello, Version = PaperMessage.CurrentVersion, Account = account });
        link.Start(session);
        return link;
    }

    private sealed class Link(InProcessExchange exchange, ILane lane, Action<PaperMessage> received) : IPaperLink, IPaperClient
    {
        private PaperSession? _session;
        private string? _refusal;
        private bool _isJoining = true;

        public bool IsOpen { get; private set; } = true;

        public void Start(PaperSession? session)
        {
            _isJoining = false;
            _session = session ?? throw new IOException(_refusal);
        }

        public void Push(PaperMessage message)
        {
            if (!_isJoining)
            {
                lane.Post(() => received(message));
                return;
            }

            // Who joins is told at once, as over a connection that waits for the first words.
            _refusal = message.Kind == PaperMessageKind.Error ? message.Text : _refusal;
            received(message);
        }

        public void Close() => IsOpen = false;

        public void Send(PaperMessage message)
        {
            if (!IsOpen)
            {
                throw new IOException("the connection to the paper exchange is gone");
            }

            // Through a line and back, so that nothing passes here that would not over a connection.
            var line = message.Write();
            exchange._inbound.Post(() => exchange._venues.Handle(_session!, PaperMessage.Read(line, out _)!));
        }

        public void Dispose()
        {
            IsOpen = false;
            lane.Dispose();
            if (_session is not null)
            {
                exchange._venues.Leave(_session);
                _session = null;
            }
        }
    }
}
