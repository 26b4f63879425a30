using System.Collections.Generic;

namespace CrossHedgeLean.Conformance.Data;

/// <summary>One bar of a price walk, prices in units of the quote currency.</summary>
public readonly record struct WalkBar(decimal Open, decimal High, decimal Low, decimal Close, decimal Volume);

/// <summary>A random walk on a price grid from integer arithmetic alone: the same bars on every machine.</summary>
public sealed class PriceWalk
{
    private const int MovesPerBar = 6;

    private readonly SeededNumbers _numbers;
    private readonly decimal _tick;
    private readonly int _move;
    private readonly long _home;
    private long _price;

    /// <param name="seed">Equal seeds give equal walks.</param>
    /// <param name="price">The first price, and what the walk is drawn back to.</param>
    /// <param name="tick">The price grid.</param>
    /// <param name="move">The largest single move, in ticks; a bar is made of a few.</param>
    public PriceWalk(int seed, decimal price, decimal tick, int move)
    {
        _numbers = new SeededNumbers(seed);
        _tick = tick;
        _move = move;
        _home = (long)(price / tick);
        _price = _home;
    }

    /// <summary>The next bars.</summary>
    public IEnumerable<WalkBar> Take(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Move();
            var open = _price;
            var high = open;
            var low = open;
            for (var j = 0; j < MovesPerBar; j++)
            {
                Move();
                high = long.Max(high, _price);
                low = long.Min(low, _price);
            }

            yield return new WalkBar(open * _tick, high * _tick, low * _tick, _price * _tick, _numbers.Next(1, 90_000) / 1000m);
        }
    }

    private void Move()
    {
        _price += _numbers.Next(-_move, _move + 1);
        // A light pull keeps the walk near its first price over days.
        if (_numbers.Next(0, 50) == 0)
        {
            _price += (_home - _price) / 50;
        }
    }
}

/// <summary>Xorshift: numbers that depend on the seed alone.</summary>
public sealed class SeededNumbers
{
    private ulong _state;

    /// <param name="seed">Any number.</param>
    public SeededNumbers(int seed)
    {
        _state = ((ulong)(uint)seed + 1) * 0x9E3779B97F4A7C15UL;
    }

    /// <summary>A number from <paramref name="from"/>, below <paramref name="to"/>.</summary>
    public int Next(int from, int to)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return from + (int)(_state % (ulong)(to - from));
    }
}
