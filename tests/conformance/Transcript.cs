using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Text;

namespace CrossHedgeLean.Conformance;

/// <summary>
/// What one run did, line by line, in the order in which it happened.
/// Step lines come in thousands: of those only the first and last few and some between are kept in full, and details never.
/// A running hash over every line, noted at every sixtieth step, tells between which two steps a difference lies.
/// </summary>
public sealed class Transcript : IDisposable
{
    private const int HashEvery = 60;
    private const int KeptEvery = 120;
    private const int KeptEveryLater = 1_440;
    private const int KeptAtTheEnds = 4;

    private readonly TextWriter? _full;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<string> _kept = [];
    private readonly Queue<string> _lastSteps = new();
    private int _steps;

    /// <param name="full">Receives every line; null when only the digest is wanted.</param>
    public Transcript(TextWriter? full = null)
    {
        _full = full;
    }

    /// <summary>Number of lines so far.</summary>
    public int Lines { get; private set; }

    /// <summary>Number of lines that say that something happened, steps not counted.</summary>
    public int Happenings { get; private set; }

    /// <summary>Adds a line that is always kept.</summary>
    public void Add(string line)
    {
        Happenings++;
        _kept.Add(Append(line));
    }

    /// <summary>Adds a line that says what happened at length: it counts in the hash, and is not kept.</summary>
    public void AddDetail(string line)
    {
        Happenings++;
        Append(line);
    }

    /// <summary>Adds the line of one time step, which is kept only now and then.</summary>
    public void AddStep(string line)
    {
        var numbered = Append(line);
        if (_steps % HashEvery == 0)
        {
            _kept.Add(Number(Lines) + " hash " + Digest()[..16]);
        }

        if (_steps < KeptAtTheEnds || _steps % (_steps < KeptEveryLater ? KeptEvery : KeptEveryLater) == 0)
        {
            _kept.Add(numbered);
        }
        else
        {
            _lastSteps.Enqueue(numbered);
            if (_lastSteps.Count > KeptAtTheEnds)
            {
                _lastSteps.Dequeue();
            }
        }

        _steps++;
    }

    /// <summary>The kept lines in order, each with its number, the last steps included.</summary>
    public IReadOnlyList<string> Kept()
    {
        var lines = new List<string>(_kept);
        lines.AddRange(_lastSteps);
        // Numbers are padded, and a hash stands right behind its line: ordinal order is the order of time.
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>The hash of every line so far.</summary>
    public string Digest() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <inheritdoc />
    public void Dispose() => _hash.Dispose();

    private string Append(string line)
    {
        Lines++;
        _hash.AppendData(Encoding.UTF8.GetBytes(line));
        _hash.AppendData("\n"u8);
        _full?.WriteLine(line);
        return Number(Lines) + "  " + line;
    }

    private static string Number(int line) => line.ToString("000000", CultureInfo.InvariantCulture);
}
