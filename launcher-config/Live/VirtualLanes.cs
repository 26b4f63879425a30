using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using QuantConnect.Brokerages.CrossHedge.Children;

namespace CrossHedgeLean.Live;

/// <summary>
/// Lanes under a virtual clock, all in the calling thread: work is done when the clock moves or somebody asks for it, in
/// the order in which it came, or with a seed in one of the orders that threads could have taken. A lane that is at work
/// is left alone, as a thread would be.
/// </summary>
/// <param name="startUtc">The clock's start, UTC.</param>
/// <param name="seed">Picks among the lanes that have work; null: what came first goes first.</param>
public sealed class VirtualLanes(DateTime startUtc, int? seed = null) : ILanes
{
    private readonly List<VirtualLane> _lanes = [];
    private readonly VirtualTime _time = new(startUtc);
    private ulong _state = unchecked(((ulong)(seed ?? 0) * 0x9E3779B97F4A7C15UL) + 1UL);
    private long _number;

    /// <inheritdoc />
    public TimeProvider Time => _time;

    /// <summary>The clock, UTC.</summary>
    public DateTime NowUtc => _time.NowUtc;

    /// <inheritdoc />
    public ILane Open(string name)
    {
        var lane = new VirtualLane(this, name);
        _lanes.Add(lane);
        return lane;
    }

    /// <summary>Lets the clock run until the condition holds or the time is over.</summary>
    public bool WaitUntil(Func<bool> condition, TimeSpan timeout)
    {
        var until = NowUtc + timeout;
        Pump();
        while (!condition())
        {
            if (_time.NextDueUtc is not { } due || due > until)
            {
                MoveTo(until);
                return condition();
            }

            MoveTo(due);
        }

        return true;
    }

    /// <summary>Does all work that is due now.</summary>
    public void Pump()
    {
        while (Next() is { } lane)
        {
            lane.RunOne();
        }
    }

    /// <summary>Moves the clock, doing what falls due on the way.</summary>
    /// <param name="utcNow">UTC; an earlier time only pumps.</param>
    public void MoveTo(DateTime utcNow)
    {
        while (_time.NextDueUtc is { } due && due <= utcNow)
        {
            _time.FireNext();
            Pump();
        }

        _time.NowUtc = utcNow > NowUtc ? utcNow : NowUtc;
        Pump();
    }

    private VirtualLane? Next()
    {
        VirtualLane? next = null;
        var ready = 0;
        foreach (var lane in _lanes)
        {
            if (!lane.IsReady)
            {
                continue;
            }

            ready++;
            if (seed is null ? next is null || lane.FirstNumber < next.FirstNumber : Draw(ready) == 0)
            {
                next = lane;
            }
        }

        return next;
    }

    /// <summary>A number from zero below a bound: xorshift64*, by the seed alone.</summary>
    private int Draw(int bound)
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return (int)((_state * 0x2545F4914F6CDD1DUL >> 33) % (ulong)bound);
    }

    private sealed class VirtualLane(VirtualLanes lanes, string name) : ILane
    {
        private readonly Queue<(long Number, Action Work)> _work = [];
        private bool _isWorking;
        private bool _isOver;

        public int Queued => _work.Count + (_isWorking ? 1 : 0);

        public bool IsReady => !_isWorking && _work.Count > 0;

        public long FirstNumber => _work.Peek().Number;

        public void Post(Action work)
        {
            if (!_isOver)
            {
                _work.Enqueue((++lanes._number, work));
            }
        }

        public IDisposable Every(TimeSpan period, Action work)
        {
            var waits = false;
            return lanes._time.CreateTimer(
                _ =>
                {
                    if (!waits)
                    {
                        waits = true;
                        Post(() =>
                        {
                            waits = false;
                            work();
                        });
                    }
                },
                null,
                period,
                period);
        }

        public void Dispose()
        {
            _isOver = true;
            _work.Clear();
        }

        public void RunOne()
        {
            _isWorking = true;
            try
            {
                _work.Dequeue().Work();
            }
            catch (Exception error) when (error is not ProcessCutException)
            {
                QuantConnect.Logging.Log.Error(error, name);
            }
            finally
            {
                _isWorking = false;
            }
        }
    }

    /// <summary>A clock that stands until it is moved; timers of one moment fire in the order in which they were made.</summary>
    private sealed class VirtualTime(DateTime startUtc) : TimeProvider
    {
        private readonly PriorityQueue<VirtualTimer, (DateTime Due, long Number)> _timers = new();
        private long _timerNumber;

        public DateTime NowUtc { get; set; } = startUtc;

        public DateTime? NextDueUtc
        {
            get
            {
                while (_timers.TryPeek(out var timer, out var priority))
                {
                    if (timer.IsDue(priority))
                    {
                        return priority.Due;
                    }

                    _timers.Dequeue();
                }

                return null;
            }
        }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => new(NowUtc, TimeSpan.Zero);

        public override long GetTimestamp() => NowUtc.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new VirtualTimer(this, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }

        public void FireNext()
        {
            var timer = _timers.Dequeue();
            timer.Fire();
        }

        private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
        {
            private (DateTime Due, long Number) _next;
            private TimeSpan _period;
            private bool _isOver;

            public bool IsDue((DateTime Due, long Number) priority) => !_isOver && priority == _next;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                _period = period;
                Schedule(dueTime);
                return true;
            }

            public void Fire()
            {
                time.NowUtc = _next.Due > time.NowUtc ? _next.Due : time.NowUtc;
                if (_period > TimeSpan.Zero)
                {
                    Schedule(_period);
                }

                callback(state);
            }

            public void Dispose() => _isOver = true;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }

            private void Schedule(TimeSpan after)
            {
                _next = (time.NowUtc + after, ++time._timerNumber);
                time._timers.Enqueue(this, _next);
            }
        }
    }
}
