using System;
using System.Collections.Concurrent;
using System.Threading;
using QuantConnect.Logging;

namespace QuantConnect.Brokerages.CrossHedge.Children;

/// <summary>
/// All background work and all waiting of this assembly: a lane does its work in order, lanes do not wait for each other.
/// Live a lane is a thread; a simulation puts its own lanes here and decides what runs when.
/// </summary>
public interface ILanes
{
    /// <summary>The clock of the lanes.</summary>
    TimeProvider Time { get; }

    /// <summary>Opens a lane.</summary>
    /// <param name="name">For a person who looks at threads.</param>
    ILane Open(string name);

    /// <summary>Waits until something holds that lanes bring about, at most so long.</summary>
    /// <param name="condition">Cheap; asked many times.</param>
    /// <param name="timeout">Zero or positive.</param>
    /// <returns>Whether it holds.</returns>
    bool WaitUntil(Func<bool> condition, TimeSpan timeout);
}

/// <summary>Work in order. Disposing drops what is queued and returns at once; work that runs is not waited for.</summary>
public interface ILane : IDisposable
{
    /// <summary>Pieces of work that wait, the running one included.</summary>
    int Queued { get; }

    /// <summary>Queues a piece of work; never waits. Ignored after the lane's end.</summary>
    void Post(Action work);

    /// <summary>Queues a piece of work again and again, first after one period; not a second time while it still waits.</summary>
    /// <param name="period">Positive.</param>
    /// <param name="work">The work.</param>
    /// <returns>Ends it.</returns>
    IDisposable Every(TimeSpan period, Action work);
}

/// <summary>Lanes that are threads. What a piece of work throws is logged, and the lane goes on.</summary>
/// <param name="time">The clock.</param>
public sealed class ThreadLanes(TimeProvider time) : ILanes
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc />
    public TimeProvider Time => time;

    /// <inheritdoc />
    public ILane Open(string name) => new ThreadLane(name, time);

    /// <inheritdoc />
    public bool WaitUntil(Func<bool> condition, TimeSpan timeout)
    {
        var began = time.GetTimestamp();
        using var looked = new SemaphoreSlim(0);
        using var timer = time.CreateTimer(_ => Release(looked), null, LookEvery, LookEvery);
        while (!condition())
        {
            if (time.GetElapsedTime(began) >= timeout)
            {
                return false;
            }

            looked.Wait();
        }

        return true;
    }

    private static void Release(SemaphoreSlim looked)
    {
        try
        {
            looked.Release();
        }
        catch (ObjectDisposedException)
        {
            // The last tick of a timer that has ended.
        }
    }

    private sealed class ThreadLane : ILane
    {
        private readonly BlockingCollection<Action> _work = [];
        private readonly TimeProvider _time;
        private readonly string _name;
        private int _queued;

        public ThreadLane(string name, TimeProvider time)
        {
            _time = time;
            _name = name;
            new Thread(Run) { IsBackground = true, Name = name }.Start();
        }

        public int Queued => Volatile.Read(ref _queued);

        public void Post(Action work)
        {
            Interlocked.Increment(ref _queued);
            try
            {
                _work.Add(work);
            }
            catch (InvalidOperationException)
            {
                Interlocked.Decrement(ref _queued);
            }
        }

        public IDisposable Every(TimeSpan period, Action work)
        {
            var waits = 0;
            return _time.CreateTimer(
                _ =>
                {
                    if (Interlocked.Exchange(ref waits, 1) == 0)
                    {
                        Post(() =>
                        {
                            Volatile.Write(ref waits, 0);
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
            while (_work.TryTake(out _))
            {
                Interlocked.Decrement(ref _queued);
            }

            _work.CompleteAdding();
        }

        private void Run()
        {
            foreach (var work in _work.GetConsumingEnumerable())
            {
                try
                {
                    work();
                }
                catch (Exception error)
                {
                    Log.Error(error, _name);
                }

                Interlocked.Decrement(ref _queued);
            }
        }
    }
}
