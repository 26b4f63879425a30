using System;
using System.Collections.Generic;
using QuantConnect.Brokerages.CrossHedge.Journal;

namespace CrossHedgeLean.Live;

/// <summary>The simulated process ended here: nothing of it runs on, whoever drives the simulation starts the next.</summary>
/// <param name="where">For the report.</param>
internal sealed class ProcessCutException(string where) : Exception(where);

/// <summary>Where in the life of a journal a process can end.</summary>
internal enum JournalCut
{
    /// <summary>Before records are added.</summary>
    BeforeAppend,

    /// <summary>Records are added and not durable.</summary>
    AfterAppend,

    /// <summary>As they were about to become durable.</summary>
    BeforeFlush,

    /// <summary>They are durable, and nobody was told.</summary>
    AfterFlush,
}

/// <summary>
/// A journal in memory, for simulated crashes: it outlives the processes that use it, one after the other, and what was
/// not flushed when a process ended is lost. Counts what it is asked for, so that a simulation can end a process at each
/// such moment.
/// </summary>
/// <param name="identity">The journal's own.</param>
/// <param name="time">The clock.</param>
internal sealed class MemoryJournalStore(string identity, TimeProvider time) : IJournalStore
{
    private readonly List<JournalEntry> _durable = [];
    private readonly List<JournalEntry> _added = [];
    private (JournalCut Cut, int Number)? _cut;
    private long _sequence;
    private bool _isCut;

    /// <inheritdoc />
    public string Name => "memory";

    /// <inheritdoc />
    public string Identity => identity;

    /// <summary>How often records were added, over all processes.</summary>
    public int Appends { get; private set; }

    /// <summary>How often records were made durable, over all processes.</summary>
    public int Flushes { get; private set; }

    /// <summary>As of a full disk: why nothing can be made durable now; null: it can.</summary>
    public string? Failure { get; set; }

    /// <summary>All durable records.</summary>
    public IReadOnlyList<JournalEntry> Durable => _durable;

    /// <summary>Ends the process at a moment to come.</summary>
    /// <param name="cut">The moment.</param>
    /// <param name="number">Of the append or flush, counted from 1 over all processes.</param>
    public void CutAt(JournalCut cut, int number) => _cut = (cut, number);

    /// <summary>The process has ended: what was not flushed is lost, and the next process can begin.</summary>
    /// <param name="survives">Whether what was added reached the disk all the same, as it may.</param>
    public void Lose(bool survives = false)
    {
        if (survives)
        {
            _durable.AddRange(_added);
        }

        _added.Clear();
        _cut = null;
        _isCut = false;
        _sequence = _durable.Count == 0 ? 0 : _durable[^1].Sequence;
    }

    /// <inheritdoc />
    public IEnumerable<JournalEntry> Read()
    {
        // Whoever reads may add before it is done.
        foreach (var entry in _durable.ToArray())
        {
            // As from a file: nobody shares objects with the process before.
            yield return entry with { Record = JournalRecord.Read(entry.Record.Write()) };
        }
    }

    /// <inheritdoc />
    public void Append(IReadOnlyList<JournalRecord> batch)
    {
        Appends++;
        Cut(JournalCut.BeforeAppend, Appends);
        Fail();
        foreach (var record in batch)
        {
            _added.Add(new JournalEntry(++_sequence, record));
        }

        Cut(JournalCut.AfterAppend, Appends);
    }

    /// <inheritdoc />
    public void Flush()
    {
        Flushes++;
        Cut(JournalCut.BeforeFlush, Flushes);
        Fail();
        _durable.AddRange(_added);
        _added.Clear();
        Cut(JournalCut.AfterFlush, Flushes);
    }

    /// <inheritdoc />
    public long Compact(DateTime keepFromUtc)
    {
        Flush();
        var (stretches, summary) = JournalCompaction.Plan(Read(), keepFromUtc, time.GetUtcNow().UtcDateTime);
        var before = _durable.Count;
        foreach (var (first, last) in stretches)
        {
            _durable.RemoveAll(entry => entry.Sequence >= first && entry.Sequence <= last);
        }

        var removed = before - _durable.Count;
        if (summary is not null)
        {
            var at = _durable.FindIndex(entry => entry.Sequence > stretches[0].First);
            _durable.Insert(at < 0 ? _durable.Count : at, new JournalEntry(stretches[0].First, summary));
        }

        return removed;
    }

    /// <summary>A process closes it; what it did not flush is lost. One that has ended closes nothing.</summary>
    public void Dispose()
    {
        if (!_isCut)
        {
            _added.Clear();
        }
    }

    private void Fail()
    {
        if (Failure is { } failure)
        {
            _added.Clear();
            _sequence = _durable.Count == 0 ? 0 : _durable[^1].Sequence;
            throw new JournalStorageException($"the journal {Name} cannot be written ({failure}).");
        }
    }

    private void Cut(JournalCut cut, int number)
    {
        _isCut |= _cut is { } planned && planned.Cut == cut && planned.Number == number;
        if (_isCut)
        {
            throw new ProcessCutException($"{cut} {number}");
        }
    }
}
