using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using CrossHedgeLean.Venues;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Data;
using QuantConnect.Data.Market;
using QuantConnect.Interfaces;
using QuantConnect.Logging;
using QuantConnect.Packets;
using QuantConnect.Util;

namespace QuantConnect.Brokerages.CrossHedge.PaperExchange;

/// <summary>
/// The paper exchange's quotes for LEAN: <c>"data-queue-handler": ["PaperDataQueueHandler"]</c>. Each symbol is watched where
/// the child of its route trades; a connection that broke is opened again, and the others go on.
/// </summary>
public sealed class PaperDataQueueHandler : IDataQueueHandler
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly IDataAggregator _aggregator;
    private readonly ILanes _lanes;
    private readonly Func<string, IPaperConnector> _connectorOf;
    private readonly List<Source> _sources = [];
    private readonly Dictionary<Symbol, int> _subscribed = [];

    /// <summary>Creates the handler as LEAN does.</summary>
    public PaperDataQueueHandler()
        : this(
            Composer.Instance.GetExportedValueByTypeName<IDataAggregator>("AggregationManager", forceTypeNameOnExisting: false),
            new ThreadLanes(TimeProvider.System),
            null)
    {
    }

    /// <summary>Creates the handler.</summary>
    /// <param name="aggregator">Makes bars of the quotes.</param>
    /// <param name="lanes">Where the work is done.</param>
    /// <param name="connectorOf">How an address is reached; null: over the network.</param>
    public PaperDataQueueHandler(IDataAggregator aggregator, ILanes lanes, Func<string, IPaperConnector>? connectorOf)
    {
        _aggregator = aggregator;
        _lanes = lanes;
        _connectorOf = connectorOf ?? (address => new TcpPaperConnector(address, lanes));
    }

    /// <summary>Whether any source is connected.</summary>
    public bool IsConnected => _sources.Exists(source => source.IsOpen);

    /// <summary>Takes the addresses of the children that are paper exchanges.</summary>
    public void SetJob(LiveNodePacket job)
    {
        lock (_gate)
        {
            if (_sources.Count > 0)
            {
                return;
            }

            var settings = CompositeSettings.Read(job.BrokerageData, new List<string>());
            foreach (var same in settings.Children.GroupBy(AddressOf).Where(same => same.Key is not null))
            {
                _sources.Add(new Source(this, same.Key!, same.SelectMany(child => child.Routes).ToArray()));
            }

            // A child that trades at the paper exchange has its address, whatever its type is called.
            string? AddressOf(ChildSettings child)
                => job.BrokerageData.TryGetValue(CompositeSettings.KeyOf(child.Name, PaperBrokerageFactory.AddressKey), out var address) ? address : null;
        }
    }

    /// <summary>Subscribes; null if no paper exchange has the symbol, so that LEAN asks its next source.</summary>
    public IEnumerator<BaseData>? Subscribe(SubscriptionDataConfig dataConfig, EventHandler newDataAvailableHandler)
    {
        var symbol = dataConfig.Symbol;
        if (SymbolRoutes.InstrumentOf(symbol) is not { } instrument || _sources.Find(source => source.Routes.Contains(instrument.Route)) is not { } found)
        {
            return null;
        }

        var enumerator = _aggregator.Add(dataConfig, newDataAvailableHandler);
        lock (_gate)
        {
            _subscribed[symbol] = _subscribed.GetValueOrDefault(symbol) + 1;
            if (_subscribed[symbol] > 1)
            {
                return enumerator;
            }
        }

        found.Watch(instrument, symbol);
        return enumerator;
    }

    /// <inheritdoc />
    public void Unsubscribe(SubscriptionDataConfig dataConfig)
    {
        lock (_gate)
        {
            if (_subscribed.TryGetValue(dataConfig.Symbol, out var count))
            {
                _subscribed[dataConfig.Symbol] = count - 1;
            }
        }

        _aggregator.Remove(dataConfig);
    }

    /// <inheritdoc />
    public void Dispose() => _sources.ForEach(source => source.Dispose());

    private void Take(PaperMessage message, Dictionary<string, Symbol> symbols)
    {
        Symbol? symbol;
        lock (_gate)
        {
            if (message is not { Kind: PaperMessageKind.Quote, Instrument: { } instrument }
                || !symbols.TryGetValue(instrument, out symbol)
                || _subscribed.GetValueOrDefault(symbol) <= 0)
            {
                return;
            }
        }

        _aggregator.Update(new Tick(
            message.TimeUtc ?? _lanes.Time.GetUtcNow().UtcDateTime,
            symbol,
            message.BidSize ?? 0m,
            message.Bid ?? 0m,
            message.AskSize ?? 0m,
            message.Ask ?? 0m));
    }

    /// <summary>One paper exchange.</summary>
    private sealed class Source : IDisposable
    {
        private readonly PaperDataQueueHandler _handler;
        private readonly IPaperConnector _connector;
        private readonly ILane _lane;
        private readonly IDisposable _retry;
        private readonly Dictionary<string, Symbol> _symbols = [];
        private IPaperLink? _link;
        private bool _hasTold;

        public Source(PaperDataQueueHandler handler, string address, IReadOnlyList<Route> routes)
        {
            _handler = handler;
            _connector = handler._connectorOf(address);
            Routes = routes;
            _lane = handler._lanes.Open($"quotes of {address}");
            _lane.Post(Connect);
            _retry = _lane.Every(RetryEvery, Connect);
        }

        public IReadOnlyList<Route> Routes { get; }

        public bool IsOpen => _link is { IsOpen: true };

        public void Watch(InstrumentId instrument, Symbol symbol)
        {
            lock (_handler._gate)
            {
                _symbols[instrument.ToString()] = symbol;
            }

            _lane.Post(() => Ask(instrument.ToString()));
        }

        public void Dispose()
        {
            _retry.Dispose();
            _link?.Dispose();
            _lane.Dispose();
        }

        private void Connect()
        {
            if (IsOpen)
            {
                return;
            }

            try
            {
                _link?.Dispose();
                _link = _connector.Open(null, message => _handler.Take(message, _symbols));
                _hasTold = false;
                string[] instruments;
                lock (_handler._gate)
                {
                    instruments = _symbols.Keys.Order(StringComparer.Ordinal).ToArray();
                }

                foreach (var instrument in instruments)
                {
                    Ask(instrument);
                }
            }
            catch (IOException error) when (!_hasTold)
            {
                // Once; it goes on trying.
                _hasTold = true;
                Log.Error($"PaperDataQueueHandler: {error.Message}");
            }
            catch (IOException)
            {
            }
        }

        private void Ask(string instrument)
        {
            try
            {
                if (IsOpen)
                {
                    _link!.Send(new PaperMessage { Kind = PaperMessageKind.Watch, Instrument = instrument });
                }
            }
            catch (IOException)
            {
                // The next connection asks for all.
            }
        }
    }
}
