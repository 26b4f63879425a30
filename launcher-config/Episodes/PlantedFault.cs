using System;
using System.Collections.Generic;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Episodes;

/// <summary>A fault that a test plants between the venues and the desk, to show that the checker catches it.</summary>
internal enum PlantedFaultKind
{
    None,
    HedgeSentTwiceOnARepeatedEvent,
    FillAfterCancelDropped,
    DustDropped,
    UnknownResent,
    InvalidTakenAsRefused,
    ExitBlockedByMargin,
    CoinFeeIgnored,
    PrimarySoldButHedgeKept,
    PartialFillProratedTwice,
    StalePriceUsed,
    ReservationNotReleased,
    ReservationReleasedTwice,
    FailoverAndReturnAtOnce,
    FundingChargedOnAClosedPosition,
    AutoDeleveragingNotSeen,
    UnknownOrderDropsItsBatch,
    DownVenueForgotten,
    InsolventPositionKept,
    TransferPlannedTwice,
    TransferCountedAtBothEnds,
    TransferForgottenAtFailure,
}

/// <summary>
/// Stands between the venues and the desk and does one thing wrong. The checker stands on the other side of it: it knows
/// what was handed over before, and sees the orders that come out behind.
/// </summary>
internal sealed class PlantedFault : IOrderPort
{
    private const decimal DustNotional = 100m;

    private readonly PlantedFaultKind _kind;
    private readonly EpisodeVenues _venues;
    private readonly Dictionary<int, DeskOrder> _lastHedges = [];
    private readonly Dictionary<InstrumentId, decimal> _offsets = [];
    private readonly HashSet<long> _executions = [];
    private readonly List<VenueMessage> _made = [];
    private int _madeIds = 800_000_000;
    private bool _isDone;

    public PlantedFault(PlantedFaultKind kind, EpisodeVenues venues, EpisodeWorld world)
    {
        _kind = kind;
        _venues = venues;
        World = world;
        venues.Ended = End;
    }

    public EpisodeWorld World { get; }

    /// <inheritdoc />
    public int Send(in DeskOrder order)
    {
        var instrument = _venues.Find(order.Instrument.Id);
        if (!instrument.IsPrimary)
        {
            _lastHedges[instrument.Group] = order;
        }

        if (_kind == PlantedFaultKind.ExitBlockedByMargin && !instrument.IsPrimary && instrument.Position.IsPerpetual
            && Math.Sign(order.Quantity) == -Math.Sign(instrument.Known) && Math.Abs(order.Quantity) <= Math.Abs(instrument.Known))
        {
            var account = instrument.Position.Account;
            if (account.Equity - account.InitialMargin - account.OrderMargin < Math.Abs(order.Quantity) * instrument.Live.Last)
            {
                _made.Add(new OrderFailed(order.Instrument.Id, ++_madeIds, true));
                return _madeIds;
            }
        }

        return _venues.Send(order);
    }

    /// <inheritdoc />
    public void Cancel(InstrumentId instrument, int orderId)
    {
        if (orderId < 800_000_000)
        {
            _venues.Cancel(instrument, orderId);
        }
    }

    /// <inheritdoc />
    public void Query(InstrumentId instrument, int orderId) => _venues.Query(instrument, orderId);

    /// <summary>The desk's settings.</summary>
    public HedgeSettings Change(HedgeSettings settings)
        => _kind == PlantedFaultKind.FailoverAndReturnAtOnce ? settings with { ReturnAfter = TimeSpan.Zero } : settings;

    /// <summary>What the desk sees.</summary>
    public IInstrumentView View(IInstrumentView view) => _kind == PlantedFaultKind.StalePriceUsed ? new AlwaysFresh(view, _venues) : view;

    /// <summary>What the gate answers.</summary>
    public GateVerdict Change(in GateVerdict verdict, TruthInstrument primary, decimal quantity)
    {
        // A close is asked the same margin as an opening.
        return _kind == PlantedFaultKind.ExitBlockedByMargin && primary.Position.IsPerpetual
            && _venues.Ledger.Headroom(primary.Position, quantity > 0m, primary.Live.Last, 0.0005m, 0.2m) < Math.Abs(quantity)
                ? new GateVerdict(GateReason.HedgeCapacity, 0m)
                : verdict;
    }

    /// <summary>A second has passed.</summary>
    public void Step()
    {
        if (_kind != PlantedFaultKind.FundingChargedOnAClosedPosition || _isDone || _venues.NowUtc.Hour < 8)
        {
            return;
        }

        foreach (var group in _venues.Groups)
        {
            foreach (var instrument in group)
            {
                if (instrument.Position is { IsPerpetual: true, Quantity: 0m } && instrument.Sequence > 0)
                {
                    _isDone = true;
                    _venues.Ledger.Post(new FundingEntry(_venues.NowUtc, instrument.Instrument.Id, 1m, instrument.Live.Last, 0.0001m, -instrument.Live.Last * 0.0001m));
                    return;
                }
            }
        }
    }

    /// <summary>A message on its way to the desk.</summary>
    public void Take(Outbound outbound, List<VenueMessage> batch)
    {
        if (_kind == PlantedFaultKind.InsolventPositionKept && outbound.Venue.FailedUtc is not null
            && (outbound.Message is PositionReport || (outbound.Message is Execution && outbound.Order is null)))
        {
            return;
        }

        switch (outbound.Message)
        {
            case Execution execution:
                Take(execution, outbound, batch);
                break;
            case PositionReport report:
                batch.Add(Take(report));
                break;
            case OrderOver over when _kind == PlantedFaultKind.FillAfterCancelDropped && outbound.Order is { } order:
                batch.Add(over with { Filled = order.ToldFilled });
                break;
            case OrderFailed { IsDefinite: false } failed when _kind == PlantedFaultKind.InvalidTakenAsRefused:
                batch.Add(failed with { IsDefinite = true });
                break;
            case OrderFailed { IsDefinite: false } when _kind == PlantedFaultKind.UnknownResent && outbound.Order is { IsOurs: true, Instrument.IsPrimary: false } order:
                batch.Add(outbound.Message);
                _venues.Send(new DeskOrder(order.Instrument.Instrument, order.Quantity, order.LimitPrice, "again"));
                break;
            case HealthChanged { Capability: Capability.Trade, State: HealthState.Down } when _kind == PlantedFaultKind.DownVenueForgotten:
                batch.Add(outbound.Message);
                foreach (var instrument in outbound.Venue.Instruments)
                {
                    batch.Add(new PositionReport(instrument.Instrument.Id, 0m, instrument.Sequence));
                }

                break;
            default:
                batch.Add(outbound.Message);
                break;
        }
    }

    /// <summary>A batch is about to be handed over.</summary>
    public void Hand(List<VenueMessage> batch)
    {
        if (_kind == PlantedFaultKind.UnknownOrderDropsItsBatch
            && batch.Exists(IsOfUnknownOrder))
        {
            batch.Clear();
        }

        batch.AddRange(_made);
        _made.Clear();
    }

    private bool IsOfUnknownOrder(VenueMessage message)
        => message switch
        {
            Execution execution => !_venues.IsOurs(execution.OrderId),
            OrderWorking working => !_venues.IsOurs(working.OrderId),
            _ => false,
        };

    private void Take(Execution execution, Outbound outbound, List<VenueMessage> batch)
    {
        var happened = outbound.Event!;
        var isRepeated = !_executions.Add(execution.ExecutionId);
        var instrument = _venues.Find(execution.Instrument);
        switch (_kind)
        {
            case PlantedFaultKind.HedgeSentTwiceOnARepeatedEvent when isRepeated && !_isDone && _lastHedges.TryGetValue(instrument.Group, out var last):
                _isDone = true;
                batch.Add(execution);
                _venues.Send(last);
                return;
            case PlantedFaultKind.FillAfterCancelDropped when outbound.Order is { HasEnded: true } or { IsEndTold: true }:
                return;
            case PlantedFaultKind.DustDropped when Math.Abs(execution.Quantity) * instrument.Live.Last < DustNotional:
                Shift(execution.Instrument, isRepeated ? 0m : -happened.Net);
                return;
            case PlantedFaultKind.CoinFeeIgnored when execution.CoinFee > 0m:
                Shift(execution.Instrument, isRepeated ? 0m : execution.CoinFee);
                batch.Add(execution with { CoinFee = 0m });
                return;
            case PlantedFaultKind.PrimarySoldButHedgeKept when instrument.IsPrimary && Math.Sign(execution.Quantity) == -Math.Sign(instrument.Known - happened.Net):
                Shift(execution.Instrument, isRepeated ? 0m : -happened.Net);
                return;
            case PlantedFaultKind.PartialFillProratedTwice when outbound.Order is { } order && Math.Abs(execution.Quantity) < Math.Abs(order.Quantity):
                var scaled = instrument.Instrument.RoundTowardZero(execution.Quantity * execution.Quantity / order.Quantity);
                Shift(execution.Instrument, isRepeated ? 0m : scaled - execution.Quantity);
                batch.Add(execution with { Quantity = scaled });
                return;
        }

        batch.Add(execution);
    }

    private PositionReport Take(PositionReport report)
    {
        var instrument = _venues.Find(report.Instrument);
        if (_kind == PlantedFaultKind.DownVenueForgotten && instrument.Venue.Told[(int)Capability.Trade] == HealthState.Down)
        {
            return report with { Quantity = 0m };
        }

        if (_kind == PlantedFaultKind.AutoDeleveragingNotSeen)
        {
            var hidden = 0m;
            foreach (var happened in instrument.Deleveraged)
            {
                hidden += happened.Sequence <= report.Sequence ? happened.Net : 0m;
            }

            return report with { Quantity = report.Quantity - hidden };
        }

        return _offsets.TryGetValue(report.Instrument, out var offset) ? report with { Quantity = report.Quantity + offset } : report;
    }

    private void Shift(InstrumentId id, decimal quantity) => _offsets[id] = _offsets.GetValueOrDefault(id) + quantity;

    private void End(TruthOrder order)
    {
        var instrument = order.Instrument;
        if (_kind == PlantedFaultKind.ReservationNotReleased && order.Filled != order.Quantity)
        {
            _venues.Ledger.Reserve(new OrderRequirement(order.Id, instrument.Instrument.Id, order.Quantity - order.Filled, instrument.Live.Last, 0m));
        }
        else if (_kind == PlantedFaultKind.ReservationReleasedTwice)
        {
            // The second release takes what another order of the account holds.
            foreach (var other in _venues.ExchangeOrders)
            {
                if (other.Id != order.Id && _venues.Find(other.Instrument.Id).Position.Account == instrument.Position.Account)
                {
                    _venues.Ledger.Release(other.Instrument.Id, other.Id);
                    return;
                }
            }
        }
    }

    private sealed class AlwaysFresh(IInstrumentView inner, EpisodeVenues venues) : IInstrumentView
    {
        public Quote Quote => inner.Quote with { TimeUtc = venues.NowUtc };

        public decimal Rate => inner.Rate;

        public decimal TakerFee => inner.TakerFee;

        public decimal FundingPerHour => inner.FundingPerHour;

        public TimeSpan Latency => inner.Latency;

        public decimal? Distance => inner.Distance;

        public decimal Headroom(bool buys, decimal price, decimal distance) => inner.Headroom(buys, price, distance);
    }
}
