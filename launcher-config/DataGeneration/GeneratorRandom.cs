using System.Numerics;

namespace CrossHedgeLean.DataGeneration;

/// <summary>
/// xoshiro256** (Blackman and Vigna, public domain), one independent stream per name. Only integer arithmetic and the four
/// basic operations on doubles are used, so that a seed gives the same numbers on each machine.
/// </summary>
internal sealed class GeneratorRandom
{
    private const double Unit = 1.0 / (1UL << 53);
    private const double SumOfFourScale = 1.7320508075688772; // sqrt(3): four uniforms have a variance of 4/12

    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Creates the stream <paramref name="stream"/> of <paramref name="seed"/>.</summary>
    public GeneratorRandom(long seed, string stream)
    {
        // FNV-1a over the name keeps streams apart: a venue more or less leaves the numbers of the others as they are.
        var state = 14695981039346656037UL;
        foreach (var character in stream)
        {
            state = (state ^ character) * 1099511628211UL;
        }

        state ^= unchecked((ulong)seed) * 0x9E3779B97F4A7C15UL;
        _s0 = SplitMix(ref state);
        _s1 = SplitMix(ref state);
        _s2 = SplitMix(ref state);
        _s3 = SplitMix(ref state);
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number of [0, 1).</summary>
    public double NextUnit() => (NextBits() >> 11) * Unit;

    /// <summary>
    /// A number of mean 0 and variance 1, near the normal law: the sum of four uniforms. Fat tails come from the clustering
    /// volatility and the jumps, not from here; no logarithm is needed, whose last bit differs between platforms.
    /// </summary>
    public double NextNormal()
    {
        var bits = NextBits();
        var sum = (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48);
        return ((sum / 65535.0) - 2.0) * SumOfFourScale;
    }

    /// <summary>A positive number of mean about 1 with a heavy right tail, at most 20 or so.</summary>
    public double NextSkewed()
    {
        var unit = NextUnit();
        return 0.1 + (0.38 * unit / (1.02 - unit));
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }
}
