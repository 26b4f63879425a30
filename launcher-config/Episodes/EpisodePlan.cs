using System;
using System.Collections.Generic;
using CrossHedgeLean.Hedging;

namespace CrossHedgeLean.Episodes;

/// <summary>What can go wrong in an episode.</summary>
internal enum EpisodeFault
{
    /// <summary>The venue refuses an order.</summary>
    Reject,

    /// <summary>The order arrives and works; its answer does not, and nothing is heard of it for a while.</summary>
    UnknownDelivered,

    /// <summary>The order never arrives, and neither does an answer.</summary>
    UnknownLost,

    /// <summary>The book is thin: an order fills in small parts, each told late.</summary>
    PartialFill,

    /// <summary>The order fills while its cancel travels; the end is told before the fill.</summary>
    CancelRace,

    /// <summary>The venue does not cancel.</summary>
    CancelRefused,

    /// <summary>The venue takes no orders: what is sent is lost.</summary>
    TradeDown,

    /// <summary>The venue takes no cancels.</summary>
    CancelDown,

    /// <summary>Prices, executions and positions of the venue stop, and come later.</summary>
    DataDown,

    /// <summary>The venue pays out nothing.</summary>
    WithdrawDown,

    /// <summary>Everything to and from the venue takes seconds.</summary>
    Slow,

    /// <summary>The quotes of one instrument stop; nobody says so.</summary>
    StaleQuotes,

    /// <summary>Prices jump.</summary>
    Gap,

    /// <summary>The venue closes a position by force.</summary>
    Liquidation,

    /// <summary>The venue takes a part of a position at the mark and says nothing: only its position report shows it.</summary>
    AutoDeleveraging,

    /// <summary>Messages come twice.</summary>
    Duplicates,

    /// <summary>Messages overtake each other.</summary>
    Reordered,

    /// <summary>Nothing of the venue works, and its market stands still.</summary>
    TotalOutage,

    /// <summary>The venue's prices of one instrument are off, to one side.</summary>
    WrongSide,

    /// <summary>The venue refuses a share of all orders.</summary>
    RejectStorm,

    /// <summary>Orders and cancels reach the venue seconds late.</summary>
    Latency,

    /// <summary>The venue fails for good: positions vanish, of the money a share is left.</summary>
    Insolvency,

    /// <summary>Transfers of the venue travel on.</summary>
    TransferStuck,

    /// <summary>Transfers of the venue come back.</summary>
    TransferFailed,

    /// <summary>Transfers of the venue are gone.</summary>
    TransferLost,

    /// <summary>A stable coin is worth less.</summary>
    Depeg,

    /// <summary>The funding rate of a perpetual is another.</summary>
    FundingSpike,

    /// <summary>A perpetual settles funding every few seconds.</summary>
    FundingInterval,

    /// <summary>An instrument takes exits only; then the venue closes what is left, and it is gone.</summary>
    Delisting,
}

/// <summary>What an event of an episode does.</summary>
internal enum EpisodeAct
{
    /// <summary>Something goes wrong.</summary>
    Fault,

    /// <summary>The primary grows on its side.</summary>
    Raise,

    /// <summary>The primary shrinks.</summary>
    Reduce,

    /// <summary>The primary is closed.</summary>
    Close,

    /// <summary>The primary changes its side.</summary>
    Reverse,

    /// <summary>An order of a few lots, often below the minimum.</summary>
    Tiny,

    /// <summary>The group is closed by command.</summary>
    Flatten,

    /// <summary>The group is halted by command.</summary>
    Halt,

    /// <summary>The command ends.</summary>
    Resume,
}

/// <summary>One event of an episode.</summary>
/// <param name="Act">What it does.</param>
/// <param name="Tick">When, in seconds from the start; a fault waits from then on for its state.</param>
/// <param name="Group">The group, from 0.</param>
internal sealed record EpisodeEvent(EpisodeAct Act, int Tick, int Group)
{
    /// <summary>What goes wrong, of a fault.</summary>
    public EpisodeFault Fault { get; init; }

    /// <summary>Whether a fault is about the primary or its venue; else about a hedge leg.</summary>
    public bool OnPrimary { get; init; }

    /// <summary>The hedge leg, from 0, that a fault is about; a fault of an order takes any.</summary>
    public int Leg { get; init; }

    /// <summary>The state of the pair that a fault waits for.</summary>
    public PairState State { get; init; }

    /// <summary>When a fault waits no longer.</summary>
    public int Deadline { get; init; }

    /// <summary>How long a fault lasts, in seconds.</summary>
    public int Duration { get; init; }

    /// <summary>Thousandths: of the largest primary, of the position, of the price.</summary>
    public int Size { get; init; }

    /// <summary>Whether a change of the primary goes past the desk.</summary>
    public bool IsForeign { get; init; }

    /// <summary>Whether a raise from nothing, or a gap, goes down.</summary>
    public bool IsDown { get; init; }
}

/// <summary>An episode: its seed, from which venues, groups and prices follow, and what happens in it.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Ticks">How many seconds it lasts.</param>
/// <param name="Events">In the order of time.</param>
internal sealed record EpisodePlan(ulong Seed, int Ticks, IReadOnlyList<EpisodeEvent> Events)
{
    /// <summary>How long an episode lasts, in seconds: two hundred decisions at least.</summary>
    public const int Length = 232;

    /// <summary>When the last fault is over.</summary>
    public const int LastFault = 138;

    /// <summary>When primaries change again, after the book has come to rest.</summary>
    public const int SecondChanges = 168;

    /// <summary>Whether money moves between the accounts.</summary>
    public bool HasTransfers { get; init; }

    /// <summary>The episode of a seed.</summary>
    public static EpisodePlan Of(ulong seed)
    {
        var world = EpisodeWorld.Of(seed);
        var random = new EpisodeRandom(seed, 2);
        var events = new List<EpisodeEvent>();
        var faults = random.Between(5, 8);
        for (var i = 0; i < faults; i++)
        {
            // The cells in turn over the seeds, so that each comes about as often.
            var cell = EpisodeCoverage.Possible[(int)(((seed * 5UL) + (ulong)i + (ulong)random.Between(0, 1) * (ulong)(EpisodeCoverage.Possible.Count / 2)) % (ulong)EpisodeCoverage.Possible.Count)];
            AddFault(events, world, random, cell, 12 + (i * 100 / faults));
        }

        AddChanges(events, world, random, random.Between(20, 26), 2, LastFault);
        AddChanges(events, world, random, random.Between(6, 10), SecondChanges, 200);
        events.Sort(static (left, right) => left.Tick.CompareTo(right.Tick));
        return new EpisodePlan(seed, Length, Stable(events)) { HasTransfers = true };
    }

    /// <summary>List.Sort is not stable: events of one time keep a fixed order.</summary>
    private static List<EpisodeEvent> Stable(List<EpisodeEvent> events)
    {
        var sorted = new List<EpisodeEvent>(events.Count);
        foreach (var item in events)
        {
            var at = sorted.Count;
            while (at > 0 && (sorted[at - 1].Tick > item.Tick || (sorted[at - 1].Tick == item.Tick && Rank(sorted[at - 1]) > Rank(item))))
            {
                at--;
            }

            sorted.Insert(at, item);
        }

        return sorted;

        static long Rank(EpisodeEvent item)
            => ((long)item.Act * 1_000_000_000L) + ((long)item.Fault * 10_000_000L) + (item.Group * 1_000_000L) + (item.Size * 100L) + item.Leg + (item.OnPrimary ? 50 : 0);
    }

    private static void AddFault(List<EpisodeEvent> events, EpisodeWorld world, EpisodeRandom random, EpisodeCell cell, int tick)
    {
        var group = world.GroupFor(cell, random);
        if (group < 0)
        {
            return;
        }

        var kind = cell.Fault;
        var isShort = kind is EpisodeFault.Liquidation or EpisodeFault.AutoDeleveraging or EpisodeFault.Gap;
        var duration = isShort ? random.Between(1, 4) : random.Between(6, 22);
        var deadline = Math.Min(tick + random.Between(18, 26), LastFault - 3);
        duration = Math.Min(duration, LastFault - deadline);
        var leg = random.Between(0, world.Groups[group].Hedges.Count - 1);
        if (EpisodeWorld.IsOfPerpetual(kind))
        {
            leg = world.PerpetualLeg(group, leg);
        }

        events.Add(new EpisodeEvent(EpisodeAct.Fault, tick, group)
        {
            Fault = kind,
            OnPrimary = cell.OnPrimary,
            Leg = leg,
            State = cell.State,
            Deadline = deadline,
            Duration = Math.Max(1, duration),
            Size = kind == EpisodeFault.Gap ? random.Between(10, 120) : random.Between(100, 1000),
            IsDown = random.Percent(50),
        });
        if (cell.State == PairState.Frozen)
        {
            // Somebody's order must be unknown: one of the primary, so that the hedge legs stay free to exit.
            events.Add(new EpisodeEvent(EpisodeAct.Fault, tick - 3, group)
            {
                Fault = random.Percent(50) ? EpisodeFault.UnknownLost : EpisodeFault.UnknownDelivered,
                OnPrimary = !cell.OnPrimary || random.Percent(60),
                State = random.Pick(PairState.Idle, PairState.Working),
                Deadline = deadline - 4,
                Duration = Math.Min(random.Between(10, 18), LastFault - deadline + 4),
                Size = random.Between(100, 600),
            });
        }
        else if (cell.State == PairState.Repairing && (cell.OnPrimary || kind is not (EpisodeFault.CancelRace or EpisodeFault.CancelRefused)))
        {
            if (random.Percent(60))
            {
                events.Add(new EpisodeEvent(EpisodeAct.Flatten, tick + 2, group));
                events.Add(new EpisodeEvent(EpisodeAct.Resume, deadline + 2, group));
            }
            else
            {
                for (var i = 0; i < world.Groups[group].Hedges.Count; i++)
                {
                    events.Add(new EpisodeEvent(EpisodeAct.Fault, tick - 2, group)
                    {
                        Fault = EpisodeFault.TradeDown,
                        Leg = i,
                        State = PairState.Idle,
                        Deadline = tick - 2,
                        Duration = Math.Min(18, LastFault - tick),
                    });
                }

                events.Add(new EpisodeEvent(EpisodeAct.Raise, tick, group) { Size = random.Between(200, 500), IsForeign = true });
            }
        }
    }

    private static void AddChanges(List<EpisodeEvent> events, EpisodeWorld world, EpisodeRandom random, int count, int from, int to)
    {
        for (var i = 0; i < count; i++)
        {
            events.Add(new EpisodeEvent(
                random.Pick(EpisodeAct.Raise, EpisodeAct.Raise, EpisodeAct.Raise, EpisodeAct.Reduce, EpisodeAct.Reduce, EpisodeAct.Close, EpisodeAct.Reverse, EpisodeAct.Tiny),
                i < world.Groups.Count ? from + i : random.Between(from, to),
                i % world.Groups.Count)
            {
                Size = random.Between(20, 700),
                IsForeign = random.Percent(30),
                IsDown = random.Percent(45),
            });
        }

        if (random.Percent(15))
        {
            var group = random.Between(0, world.Groups.Count - 1);
            var tick = random.Between(from, to - 12);
            events.Add(new EpisodeEvent(EpisodeAct.Halt, tick, group));
            events.Add(new EpisodeEvent(EpisodeAct.Resume, tick + random.Between(3, 10), group));
        }
    }
}
