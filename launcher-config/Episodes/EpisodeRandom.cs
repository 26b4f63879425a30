using System.Numerics;

namespace CrossHedgeLean.Episodes;

/// <summary>
/// xoshiro256**, seeded by SplitMix64 (both of Blackman and Vigna, https://prng.di.unimi.it): the same numbers on each
/// machine and each runtime.
/// </summary>
internal sealed class EpisodeRandom
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    /// <summary>Creates a stream; streams of one seed with different numbers know nothing of each other.</summary>
    public EpisodeRandom(ulong seed, ulong stream)
    {
        var state = seed ^ (stream * 0xD1342543DE82EF95UL);
        _a = Mix(ref state);
        _b = Mix(ref state);
        _c = Mix(ref state);
        _d = Mix(ref state);
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_b * 5UL, 7) * 9UL;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A whole number from <paramref name="from"/> up to and including <paramref name="to"/>.</summary>
    public int Between(int from, int to) => from + (int)(Next() % (ulong)(to - from + 1));

    /// <summary>True in so many of a hundred cases.</summary>
    public bool Percent(int chance) => Between(0, 99) < chance;

    /// <summary>One of the given values.</summary>
    public T Pick<T>(params T[] values) => values[Between(0, values.Length - 1)];

    private static ulong Mix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
