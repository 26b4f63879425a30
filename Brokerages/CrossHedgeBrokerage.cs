using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Venues;
using QuantConnect.Brokerages.CrossHedge.Children;
using QuantConnect.Brokerages.CrossHedge.Journal;
using QuantConnect.Interfaces;
using QuantConnect.Securities;

namespace QuantConnect.Brokerages.CrossHedge;

/// <summary>
/// One LEAN brokerage over many venues. Each child is a LEAN brokerage of its own, behind lanes of its own: whatever one
/// does, or does not do, the others trade on, and the algorithm is told as the health of that venue.
/// </summary>
/// <remarks>
/// Implements <see cref="IBrokerage"/> anew for the events that must know when LEAN begins to listen: what children say
/// before is kept.
/// </remarks>
public sealed partial class CrossHedgeBrokerage : Brokerage, IBrokerage, ILiveVenues
{
    /// <summary>The name under which LEAN knows it; not one that LEAN treats in a special way.</summary>
    public const string BrokerageName = "CrossHedge";

    /// <summary>How long cancels may take at the end.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly IAlgorithm _algorithm;
    private readonly CompositeSettings _settings;
    private readonly ILanes _lanes;
    private readonly List<VenueChild> _children = [];
    private readonly Dictionary<Route, VenueChild> _byRoute = [];
    private readonly OrderJournal? _journal;
    private readonly ILane _reconciler;
    private IDisposable? _reconciliation;
    private int _isDisposed;
    private bool _isConnected;

    /// <summary>Creates the composite.</summary>
    /// <param name="algorithm">The algorithm; its venue rules are asked before an order is changed.</param>
    /// <param name="settings">Checked settings.</param>
    /// <param name="children">Each child of the settings and its brokerage, not yet connected.</param>
    /// <param name="lanes">Where the work is done.</param>
    public CrossHedgeBrokerage(IAlgorithm algorithm, CompositeSettings settings, IReadOnlyDictionary<string, IBrokerage> children, ILanes lanes)
        : this(algorithm, settings, children, lanes, null)
    {
    }

    /// <param name="algorithm">The algorithm; its venue rules are asked before an order is changed.</param>
    /// <param name="settings">Checked settings.</param>
    /// <param name="children">Each child of the settings and its brokerage, not yet connected.</param>
    /// <param name="lanes">Where the work is done.</param>
    /// <param name="journal">Told every order before it leaves; null: none is kept. Ended with the composite.</param>
    internal CrossHedgeBrokerage(IAlgorithm algorithm, CompositeSettings settings, IReadOnlyDictionary<string, IBrokerage> children, ILanes lanes, OrderJournal? journal)
        : base(BrokerageName)
    {
        _journal = journal;
        if (journal is not null)
        {
            journal.Said = (code, text) => Say("journal", code, text);
        }

        _algorithm = algorithm;
        _settings = settings;
        _lanes = lanes;
        _reconciler = lanes.Open("reconciliation");
        foreach (var child in settings.Children)
        {
            var brokerage = settings.Observe ? new ObservedBrokerage(child.Name, children[child.Name], algorithm, lanes) : children[child.Name];
            var venue = new VenueChild(child, brokerage, settings, algorithm.Transactions, lanes, settings.Observe ? null : journal, CoinOf, () => CoinsOf(child))
            {
                Said = (code, text) => Say(child.Name, code, text),
                OrderIdChanged = OnOrderIdChangedEvent,
                OrderFound = OnNewBrokerageOrderNotification,
            };
            _children.Add(venue);
            foreach (var route in child.Routes)
            {
                _byRoute.Add(route, venue);
            }
        }
    }

    /// <summary>True once every required child was connected; one that goes down later changes nothing.</summary>
    public override bool IsConnected => _isConnected;

    /// <summary>Children are independent: LEAN may send from several threads.</summary>
    public override bool ConcurrencyEnabled { get; set; } = true;

    /// <inheritdoc />
    public override bool AccountInstantlyUpdated => false;

    /// <summary>None: the algorithm sets the account currency, which no single venue knows.</summary>
    public override string AccountBaseCurrency { get => null!; protected set => base.AccountBaseCurrency = value; }

    /// <summary>Connects every child, all at once; a second call only waits for those that are required.</summary>
    /// <exception cref="InvalidOperationException">Required children that did not answer in time, all of them.</exception>
    public override void Connect()
    {
        foreach (var child in _children)
        {
            child.Start();
        }

        _reconciliation ??= _reconciler.Every(_settings.PollPeriod, Reconcile);

        _lanes.WaitUntil(() => _children.TrueForAll(child => !child.Settings.IsRequired || child.Problem is null), _settings.ConnectTimeout);
        var missing = _children.Where(child => child.Settings.IsRequired && child.Problem is not null).ToArray();
        if (missing.Length > 0 && !_children.Exists(child => child.Trail.HeldAnything))
        {
            throw new InvalidOperationException(string.Join(
                Environment.NewLine,
                missing.Select(child => $"{child.Settings.Name} ({child.Settings.Brokerage}) {child.Problem}. It is required: start it, correct its settings, or set \"required\": false.")));
        }

        LookBack(missing);
        _isConnected = true;
    }

    /// <summary>Cancels what still works, unless the settings say otherwise, and ends the children; positions stay. A child that hangs is left behind.</summary>
    public override void Disconnect()
    {
        if (_isConnected && _settings.CancelOnStop)
        {
            CancelOpenOrders();
        }

        _isConnected = false;
        _reconciliation?.Dispose();
        _reconciler.Dispose();
        foreach (var child in _children)
        {
            child.Dispose();
        }

        if (_journal is { IsClosed: false })
        {
            _journal.End("stopped");
            _journal.Dispose();
            _lanes.WaitUntil(() => _journal.IsClosed, LastWords);
        }
    }

    private void CancelOpenOrders()
    {
        foreach (var order in _algorithm.Transactions.GetOpenOrders())
        {
            Find(order.Symbol)?.Cancel(order);
        }

        _lanes.WaitUntil(() => _children.TrueForAll(child => child.QueuedOrders == 0 || child.Problem is not null), LastWords);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Disconnect();
        }
    }

    private string? CoinOf(Symbol symbol)
        => symbol.SecurityType == SecurityType.Crypto && _algorithm.Securities.TryGetValue(symbol, out var security) ? (security as IBaseCurrencySymbol)?.BaseCurrency.Symbol : null;

    private string[] CoinsOf(ChildSettings child)
        => _algorithm.Securities.Values
            .Where(security => IsTraded(security) && SymbolRoutes.Of(security.Symbol) is { } route && child.Routes.Contains(route))
            .Select(security => CoinOf(security.Symbol))
            .OfType<string>()
            .Distinct()
            .ToArray();

    /// <summary>The child of a symbol; null if none trades it.</summary>
    private VenueChild? Find(Symbol symbol) => SymbolRoutes.Of(symbol) is { } route ? _byRoute.GetValueOrDefault(route) : null;
}
