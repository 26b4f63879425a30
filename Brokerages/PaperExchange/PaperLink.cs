using System;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using QuantConnect.Brokerages.CrossHedge.Children;

namespace QuantConnect.Brokerages.CrossHedge.PaperExchange;

/// <summary>A connection to the paper exchange, as a client has it.</summary>
public interface IPaperLink : IDisposable
{
    /// <summary>Whether messages can go both ways, as far as this side knows.</summary>
    bool IsOpen { get; }

    /// <summary>Sends a message.</summary>
    /// <exception cref="IOException">The connection is gone; whether the message arrived is unknown.</exception>
    void Send(PaperMessage message);
}

/// <summary>Opens links.</summary>
public interface IPaperConnector
{
    /// <summary>Opens a link and says hello.</summary>
    /// <param name="account">The account; null: market data only.</param>
    /// <param name="received">Told each message, in order, on a lane.</param>
    /// <exception cref="IOException">The exchange is not there or does not let in.</exception>
    IPaperLink Open(string? account, Action<PaperMessage> received);
}

/// <summary>Links over a local connection.</summary>
/// <param name="address">As <c>127.0.0.1:7711</c>.</param>
/// <param name="lanes">Where the reader runs.</param>
public sealed class TcpPaperConnector(string address, ILanes lanes) : IPaperConnector
{
    /// <summary>Where the paper exchange is unless the configuration says otherwise.</summary>
    public const string DefaultAddress = "127.0.0.1:7711";

    private const int TimeoutMilliseconds = 5_000;

    /// <summary>Reads an address.</summary>
    /// <returns>Whether it has a host and a port.</returns>
    public static bool TryParse(string text, out (string Host, int Port) address)
    {
        var colon = text.LastIndexOf(':');
        address = (colon > 0 ? text[..colon] : "", 0);
        if (colon <= 0 || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
        {
            return false;
        }

        address.Port = port;
        return true;
    }

    /// <inheritdoc />
    public IPaperLink Open(string? account, Action<PaperMessage> received)
    {
        if (!TryParse(address, out var parsed))
        {
            throw new IOException($"paper-exchange '{address}' is no address: write it as {DefaultAddress}");
        }

        var client = new TcpClient { NoDelay = true, SendTimeout = TimeoutMilliseconds, ReceiveTimeout = TimeoutMilliseconds };
        try
        {
            try
            {
                client.Connect(parsed.Host, parsed.Port);
            }
            catch (SocketException error)
            {
                throw new IOException($"no paper exchange answers at {address} ({error.SocketErrorCode}): start it with \"launcher-config -- exchange\", or correct paper-exchange");
            }

            var stream = client.GetStream();
            var writer = new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
            var reader = new StreamReader(stream, Encoding.UTF8);
            writer.WriteLine(new PaperMessage { Kind = PaperMessageKind.Hello, Version = PaperMessage.CurrentVersion, ProcessId = Environment.ProcessId, Account = account }.Write());
            var answer = reader.ReadLine() is { } line ? PaperMessage.Read(line, out var wrong) ?? throw new IOException($"{address} is no paper exchange: {wrong}") : null;
            if (answer is not { Kind: PaperMessageKind.Welcome })
            {
                throw new IOException(answer?.Text ?? $"the paper exchange at {address} closed the connection");
            }

            // The account follows at once: whoever opened the link knows it from the start.
            received(answer);
            if (account is not null && reader.ReadLine() is { } state && PaperMessage.Read(state, out _) is { } message)
            {
                received(message);
            }

            // From here on it may be quiet for as long as nobody waits: the brokerage itself looks at the age of what it heard.
            client.ReceiveTimeout = 0;
            return new Link(client, reader, writer, received, lanes.Open($"{account ?? "data"} from {address}"));
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private sealed class Link : IPaperLink
    {
        private readonly Lock _writing = new();
        private readonly TcpClient _client;
        private readonly StreamWriter _writer;
        private readonly ILane _lane;
        private volatile bool _isOpen = true;

        public Link(TcpClient client, StreamReader reader, StreamWriter writer, Action<PaperMessage> received, ILane lane)
        {
            _client = client;
            _writer = writer;
            _lane = lane;
            lane.Post(() => Read(reader, received));
        }

        public bool IsOpen => _isOpen;

        public void Send(PaperMessage message)
        {
            lock (_writing)
            {
                if (!_isOpen)
                {
                    throw new IOException("the connection to the paper exchange is gone");
                }

                try
                {
                    _writer.WriteLine(message.Write());
                }
                catch (ObjectDisposedException error)
                {
                    _isOpen = false;
                    throw new IOException("the connection to the paper exchange is gone", error);
                }
                catch (IOException)
                {
                    _isOpen = false;
                    throw;
                }
            }
        }

        public void Dispose()
        {
            _isOpen = false;
            _client.Dispose();
            _lane.Dispose();
        }

        private void Read(StreamReader reader, Action<PaperMessage> received)
        {
            try
            {
                while (_isOpen && reader.ReadLine() is { } line)
                {
                    if (PaperMessage.Read(line, out _) is { } message)
                    {
                        received(message);
                    }
                }
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                // The other side is gone: whoever sends or asks finds out.
            }
            finally
            {
                _isOpen = false;
            }
        }
    }
}
