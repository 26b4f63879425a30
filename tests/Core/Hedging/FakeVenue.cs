using System;
using System.Collections.Generic;
using System.Linq;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Recording;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Tests.Core.Hedging;

/// <summary>A desk with venues that do what a test says: orders are kept, quotes and figures are set.</summary>
internal sealed class FakeVenue : IOrderPort, IDeskAccounts
{
    private readonly SortedDictionary<string, View> _views = new(StringComparer.Ordinal);
    private int _orders;
    private long _sequence;

    public FakeVenue(HedgeSettings settings, params HedgeGroup[] groups)
    {
        Now = Hedges.Noon;
        Desk = new HedgeDesk(settings, groups, instrument => _views[instrument.Id.ToString()] = new View(), this, this, expectsReports: true);
        foreach (var health in Desk.Health)
        {
            health.AssumeHealthy();
        }

        foreach (var view in _views.Values)
        {
            view.SetPrice(Now, 17_000m);
        }
    }

    public HedgeDesk Desk { get; }

    public DateTime Now { get; private set; }

    public List<(int Id, DeskOrder Order)> Sent { get; } = [];

    public List<int> Canceled { get; } = [];

    public List<int> Queried { get; } = [];

    public bool RefusesBeforeItLeaves { get; set; }

    public decimal? LowestDistance { get; set; }

    public Dictionary<string, decimal> Equity { get; } = [];

    public IReadOnlyList<string> Markets { get; init; } = ["binance", "bybit"];

    public IEnumerable<string> SentTexts => Sent.Select(sent => $"{Text.Decimal(sent.Order.Quantity)} {sent.Order.Instrument.Id.Route.Market}");

    public View ViewOf(Instrument instrument) => _views[instrument.Id.ToString()];

    public decimal LossGivenDefault(string market) => Equity.GetValueOrDefault(market);

    public int Send(in DeskOrder order)
    {
        if (RefusesBeforeItLeaves)
        {
            return 0;
        }

        Sent.Add((++_orders, order));
        return _orders;
    }

    public void Cancel(InstrumentId instrument, int orderId) => Canceled.Add(orderId);

    public void Query(InstrumentId instrument, int orderId) => Queried.Add(orderId);

    /// <summary>Somebody trades an instrument, past the desk.</summary>
    public void Trade(Instrument instrument, decimal quantity)
        => Desk.Receive(new Execution(instrument.Id, 0, 0, ++_sequence, quantity, 0m, 17_000m), Now);

    /// <summary>An order of the desk works.</summary>
    public void Accept(int orderId)
    {
        var order = Sent.Single(sent => sent.Id == orderId).Order;
        Desk.Receive(new OrderWorking(order.Instrument.Id, orderId, order.Quantity), Now);
    }

    /// <summary>An order of the desk fills whole.</summary>
    public void Fill(int orderId)
    {
        var order = Sent.Single(sent => sent.Id == orderId).Order;
        var id = order.Instrument.Id;
        _sequence++;
        Desk.Receive([new Execution(id, orderId, 0, _sequence, order.Quantity, 0m, 17_000m), new OrderOver(id, orderId, order.Quantity, _sequence)], Now);
    }

    public void Fail(int orderId, bool isDefinite)
        => Desk.Receive(new OrderFailed(Sent.Single(sent => sent.Id == orderId).Order.Instrument.Id, orderId, isDefinite), Now);

    public void SetHealth(string venue, HealthState state)
        => Desk.Receive(new HealthChanged(venue, Capability.Trade, state, state == HealthState.Healthy ? HealthReason.None : HealthReason.Announced), Now);

    /// <summary>Time passes, prices stay fresh, and the desk looks.</summary>
    public void Wait(double seconds = 1)
    {
        Now = Now.AddSeconds(seconds);
        foreach (var view in _views.Values)
        {
            view.SetPrice(Now, view.Quote.Last);
        }

        Desk.Decide(Now);
        Desk.Act(Now);
    }

    /// <summary>What is seen of an instrument.</summary>
    internal sealed class View : IInstrumentView
    {
        public Quote Quote { get; set; }

        public decimal Rate => 1m;

        public decimal TakerFee { get; set; } = 0.0005m;

        public decimal FundingPerHour { get; set; }

        public TimeSpan Latency { get; set; }

        public decimal? Distance { get; set; }

        public decimal Room { get; set; } = 1_000m;

        public void SetPrice(DateTime timeUtc, decimal price) => Quote = new Quote(timeUtc, price, 5m, price, 5m, price);

        public decimal Headroom(bool buys, decimal price, decimal distance) => Room;
    }
}
