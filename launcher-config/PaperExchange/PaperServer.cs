using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.PaperExchange;

namespace CrossHedgeLean.PaperExchange;

/// <summary>
/// Brings clients to the venues over local connections. The venues have a lane of their own, on which everything happens
/// one after another; a client that does not read is dropped and holds up nobody.
/// </summary>
internal sealed class PaperServer : IDisposable
{
    /// <summary>A client that has so many messages to read does not read any more.</summary>
    private const int MostQueued = 100_000;

    private readonly PaperVenues _venues;
    private readonly ILanes _lanes;
    private readonly ILane _lane;
    private readonly TcpListener _listener;
    private readonly IDisposable _tick;
    private readonly Lock _gate = new();
    private readonly List<Connection> _connections = [];
    private volatile bool _isOver;

    /// <summary>Opens the port and begins.</summary>
    /// <param name="venues">The venues.</param>
    /// <param name="port">On the loopback interface only; 0: any free one.</param>
    /// <param name="tick">How often the venues go on; positive.</param>
    /// <param name="lanes">Where the work is done.</param>
    /// <exception cref="SocketException">The port is in use.</exception>
    public PaperServer(PaperVenues venues, int port, TimeSpan tick, ILanes lanes)
    {
        _venues = venues;
        _lanes = lanes;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _lane = lanes.Open("venues");
        _lane.Post(Advance);
        _tick = _lane.Every(tick, Advance);
        lanes.Open("door").Post(Accept);
    }

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        _isOver = true;
        _listener.Dispose();
        _tick.Dispose();
        _lane.Dispose();
        Connection[] connections;
        lock (_gate)
        {
            connections = [.. _connections];
        }

        foreach (var connection in connections)
        {
            connection.Close();
        }
    }

    /// <summary>Does something where everything happens one after another.</summary>
    public void Post(Action act) => _lane.Post(act);

    private void Advance() => _venues.Advance(_lanes.Time.GetUtcNow().UtcDateTime);

    private void Accept()
    {
        while (!_isOver)
        {
            try
            {
                var connection = new Connection(this, _listener.AcceptTcpClient());
                lock (_gate)
                {
                    _connections.Add(connection);
                }

                connection.Start();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Over, or a client that was gone before it was let in.
            }
        }
    }

    /// <summary>One client: a lane that reads, a lane that writes.</summary>
    private sealed class Connection : IPaperClient
    {
        private readonly PaperServer _server;
        private readonly TcpClient _client;
        private readonly ILane _reader;
        private readonly ILane _writer;
        private readonly StreamWriter _out;
        private PaperSession? _session;

        public Connection(PaperServer server, TcpClient client)
        {
            _server = server;
            _client = client;
            client.NoDelay = true;
            _out = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
            _reader = server._lanes.Open("client in");
            _writer = server._lanes.Open("client out");
        }

        public void Start() => _reader.Post(Read);

        public void Push(PaperMessage message)
        {
            if (_writer.Queued > MostQueued)
            {
                Close();
                return;
            }

            _writer.Post(() =>
            {
                try
                {
                    _out.WriteLine(message.Write());
                }
                catch (Exception error) when (error is IOException or ObjectDisposedException)
                {
                    Close();
                }
            });
        }

        /// <summary>Ends it after what is queued was written; the reader notices.</summary>
        public void Close() => _writer.Post(() =>
        {
            _client.Dispose();
            _writer.Dispose();
        });

        private void Read()
        {
            try
            {
                using var reader = new StreamReader(_client.GetStream(), Encoding.UTF8);
                while (reader.ReadLine() is { } line)
                {
                    var message = PaperMessage.Read(line, out var error);
                    _server._lane.Post(() => Handle(message, error));
                }
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // The client is gone.
            }

            _server._lane.Post(() =>
            {
                if (_session is not null)
                {
                    _server._venues.Leave(_session);
                }
            });
            Close();
            lock (_server._gate)
            {
                _server._connections.Remove(this);
            }

            _reader.Dispose();
        }

        private void Handle(PaperMessage? message, string? error)
        {
            if (message is null)
            {
                Push(new PaperMessage { Kind = PaperMessageKind.Error, Text = error });
                Close();
            }
            else if (_session is not null)
            {
                _server._venues.Handle(_session, message);
            }
            else if ((_session = _server._venues.Join(this, message)) is null)
            {
                Close();
            }
        }
    }
}
