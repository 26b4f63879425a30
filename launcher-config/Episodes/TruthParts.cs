using System;
using System.Collections.Generic;
using CrossHedgeLean.Accounts;
using CrossHedgeLean.Hedging;
using CrossHedgeLean.Venues;

namespace CrossHedgeLean.Episodes;

/// <summary>Where an order really is.</summary>
internal enum TruthStage
{
    /// <summary>On its way to the venue.</summary>
    Travelling,

    /// <summary>In the venue's book.</summary>
    Open,

    /// <summary>Filled or canceled.</summary>
    Over,

    /// <summary>The venue never took it.</summary>
    Never,
}

/// <summary>An order as it really is, and what has been told of it.</summary>
internal sealed class TruthOrder(int id, TruthInstrument instrument, decimal quantity, decimal? limitPrice, bool isOurs, DateTime sentUtc)
{
    public int Id => id;

    public TruthInstrument Instrument => instrument;

    public decimal Quantity => quantity;

    public decimal? LimitPrice => limitPrice;

    /// <summary>Whether the desk sent it.</summary>
    public bool IsOurs => isOurs;

    public DateTime SentUtc => sentUtc;

    /// <summary>Whether a primary order's open quantity counts as held.</summary>
    public bool IsTogether { get; set; }

    public TruthStage Stage { get; private set; }

    /// <summary>When it ended at the venue, UTC; null: it has not.</summary>
    public DateTime? EndedUtc { get; private set; }

    public DateTime ArrivesUtc { get; set; }

    /// <summary>Goes on to another stage.</summary>
    public void Enter(TruthStage stage, DateTime utcNow)
    {
        Stage = stage;
        EndedUtc = stage is TruthStage.Over or TruthStage.Never ? utcNow : null;
    }

    /// <summary>Filled at the venue, signed.</summary>
    public decimal Filled { get; set; }

    /// <summary>What strikes it; null: nothing.</summary>
    public EpisodeFault? Fault { get; set; }

    /// <summary>Until when nothing is heard of it, UTC.</summary>
    public DateTime MutedUntilUtc { get; set; }

    /// <summary>How much later its executions are told.</summary>
    public TimeSpan LateBy { get; set; }

    /// <summary>Of a cancel that races a fill: thousandths of the rest that fill first.</summary>
    public int RaceShare { get; set; }

    /// <summary>Whether a resting order of the strategy waits to be canceled.</summary>
    public bool IsToCancel { get; set; }

    /// <summary>Its executions, in order.</summary>
    public List<TruthEvent> Events { get; } = [];

    // What has been told, by the messages that were handed over.
    public bool InBook { get; set; }

    public bool HasEnded { get; set; }

    public bool IsAnswered { get; set; }

    public bool IsUnknown { get; set; }

    public bool IsEndTold { get; set; }

    public decimal EndFilled { get; set; }

    public long EndSequence { get; set; }

    /// <summary>Executions told by a message while the order stood in the book.</summary>
    public decimal ToldFilled { get; set; }

    /// <summary>Executions that a message or a report has told.</summary>
    public decimal KnownFilled { get; set; }

    /// <summary>What may still come by what was told: worst case.</summary>
    public decimal ToldRemaining => InBook ? (IsEndTold ? EndFilled : Quantity) - ToldFilled : 0m;

    /// <summary>The same, less what a report has told already.</summary>
    public decimal KnownRemaining => InBook ? (IsEndTold ? EndFilled : Quantity) - KnownFilled : 0m;
}

/// <summary>Something that changed a position at a venue.</summary>
internal sealed class TruthEvent(long sequence, long executionId, decimal quantity, decimal coinFee, decimal price, TruthOrder? order)
{
    public long Sequence => sequence;

    public long ExecutionId => executionId;

    public decimal Quantity => quantity;

    public decimal CoinFee => coinFee;

    public decimal Price => price;

    public TruthOrder? Order => order;

    public decimal Net => quantity - coinFee;

    /// <summary>Whether a message or a report has told it.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Whether a message has told it.</summary>
    public bool IsHeard { get; set; }
}

/// <summary>An instrument at its venue.</summary>
internal sealed class TruthInstrument(Instrument instrument, TruthVenue venue, AccountPosition position, int group, int leg)
{
    private bool _isGone;

    public Instrument Instrument => instrument;

    public TruthVenue Venue => venue;

    public AccountPosition Position => position;

    /// <summary>The group, from 0.</summary>
    public int Group => group;

    /// <summary>0 the primary, from 1 the hedge legs.</summary>
    public int Leg => leg;

    public bool IsPrimary => leg == 0;

    public decimal UnitsPerContract => instrument.UnitsPerContract;

    /// <summary>The venue's count of what changed the position.</summary>
    public long Sequence { get; set; }

    /// <summary>The quote at the venue.</summary>
    public Quote Live { get; set; }

    /// <summary>The quote that was last seen.</summary>
    public Quote Seen { get; set; }

    /// <summary>Until when its quotes do not come, in ticks.</summary>
    public int StaleUntil { get; set; }

    /// <summary>Until when its book is thin, in ticks.</summary>
    public int ThinUntil { get; set; }

    /// <summary>What a thin book shows, in contracts.</summary>
    public decimal ThinSize { get; set; }

    /// <summary>Whether it cannot be traded any more: it was delisted, or its venue failed.</summary>
    public bool IsGone => _isGone || venue.FailedUtc is not null;

    /// <summary>How far its price stands from the underlying's, in millionths.</summary>
    public int Offset { get; set; }

    /// <summary>Half its spread, in millionths.</summary>
    public int HalfSpread { get; set; }

    /// <summary>Orders that are not over at the venue.</summary>
    public List<TruthOrder> Open { get; } = [];

    /// <summary>Orders that may still change the position, by what was told.</summary>
    public List<TruthOrder> Book { get; } = [];

    /// <summary>What happened and was not told.</summary>
    public List<TruthEvent> Untold { get; } = [];

    /// <summary>What the venue took and did not say.</summary>
    public List<TruthEvent> Deleveraged { get; } = [];

    /// <summary>The position by what was told.</summary>
    public decimal Known { get; set; }

    public long ReportedUpTo { get; set; } = long.MinValue;

    /// <summary>Until when nothing that adds is sent after a refusal that was told, UTC.</summary>
    public DateTime BackoffUntilUtc { get; set; }

    /// <summary>Until when no exit is sent after a refusal that was told, UTC.</summary>
    public DateTime ExitBackoffUntilUtc { get; set; }

    /// <summary>Ends its trading.</summary>
    public void Remove() => _isGone = true;

    // What the desk sees while the venue's data are down.
    public decimal? FrozenDistance { get; set; }

    public decimal FrozenBuyRoom { get; set; }

    public decimal FrozenSellRoom { get; set; }

    public bool IsFrozen { get; set; }
}

/// <summary>A venue: how it works now, and what of it the desk has been told.</summary>
internal sealed class TruthVenue(string market)
{
    public string Market => market;

    public List<TruthInstrument> Instruments { get; } = [];

    public List<VenueAccount> Accounts { get; } = [];

    /// <summary>Until when each capability is down, in ticks.</summary>
    public int[] DownUntil { get; } = new int[4];

    /// <summary>Whether each capability is down.</summary>
    public bool[] IsDown { get; } = new bool[4];

    /// <summary>When the last word on each capability comes, UTC.</summary>
    public DateTime[] ToldUtc { get; } = new DateTime[4];

    /// <summary>What was told of each capability.</summary>
    public HealthState[] Told { get; } = new HealthState[4];

    /// <summary>Whether a person halted it.</summary>
    public bool IsHalted { get; set; }

    /// <summary>When it failed for good, UTC; null: it has not.</summary>
    public DateTime? FailedUtc { get; set; }

    /// <summary>What is paid of a claim in the end, a fraction.</summary>
    public decimal Recovery { get; set; }

    /// <summary>When it was told that orders work again, UTC.</summary>
    public DateTime ReturnedUtc { get; set; } = DateTime.MinValue;

    public int SlowUntil { get; set; }

    public int DuplicatesUntil { get; set; }

    public int ReorderedUntil { get; set; }

    /// <summary>Milliseconds of an order to the venue, and of a message back.</summary>
    public int Latency { get; set; }

    public int NextReport { get; set; }

    public DateTime LastDueUtc { get; set; }

    /// <summary>What came while the data were down.</summary>
    public List<Outbound> Held { get; } = [];

    public decimal FrozenLoss { get; set; }

    public decimal? FrozenDistance { get; set; }

    public bool IsFrozen { get; set; }

    /// <summary>What an order may do by what was told.</summary>
    public HealthState Orders
    {
        get
        {
            var trade = Told[(int)Capability.Trade];
            var data = Told[(int)Capability.Data];
            var state = trade == HealthState.Healthy && data != HealthState.Healthy
                ? data == HealthState.Down ? HealthState.Degraded : data
                : trade;
            return IsHalted && state < HealthState.Halted ? HealthState.Halted : state;
        }
    }

    public bool Is(Capability capability) => !IsDown[(int)capability];
}

/// <summary>A message on its way to the desk.</summary>
internal sealed record Outbound(TruthVenue Venue, VenueMessage Message, bool IsData, TruthOrder? Order, TruthEvent? Event);
